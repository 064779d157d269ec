//! The draft: a reading while its fields are filled.

use serde_json::Value;

use crate::rate::Rates;
use crate::reader::fields::questions::question;
use crate::reader::fields::reading::{Reading, Span};
use crate::reader::fields::view::View;

/// A reading while its fields are filled.
pub(crate) struct Draft<'t> {
    pub(crate) view: View<'t>,
    pub(crate) reading: Reading,
    pub(crate) this_year: i32,
    pub(crate) rates: &'t Rates,
    /// Indices of the tokens that correct what is before them, ascending.
    pub(crate) corrections: Vec<usize>,
    /// Whether an existing building is to be rented or bought.
    pub(crate) standing: bool,
    /// Whether rooms are an alternative to the land that is asked for.
    pub(crate) choice: bool,
    /// Ranges of the folded text that spans cover.
    pub(crate) covered: Vec<(usize, usize)>,
}

impl Draft<'_> {
    /// Records the value that a field took from a range of the folded text.
    pub(crate) fn span(&mut self, field: &'static str, start: usize, end: usize, value: Value) {
        let text = self.view.text;
        let (from, to) = text.place(start, end);
        self.covered.push((start, end));
        self.reading.spans.push(Span { field, start: from, end: to, text: text.original(from, to), value, rate: None });
    }

    /// Raises a question, once for each field and code.
    pub(crate) fn ask(&mut self, field: &str, code: &'static str) {
        if !self.reading.questions.iter().any(|known| known.field == field && known.code == code) {
            self.reading.questions.push(question(field, code));
        }
    }
}
