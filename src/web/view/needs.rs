//! The needs of a text, one tab each.

use domain::reader::Reading;
use serde::Serialize;

use crate::i18n::{Locale, say};

/// A tab: one need of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeedTab {
    /// 0 is the first.
    pub at: usize,
    /// Its name with the part of the text that it was read from.
    pub words: String,
    /// Whether the page shows this one.
    pub current: bool,
}

/// The most characters of the part of the text on a tab.
const LONGEST: usize = 24;

/// Returns a tab for each need of a text with several; none for a text with one.
#[must_use]
pub fn need_tabs(locale: Locale, text: &str, reading: &Reading, current: usize) -> Vec<NeedTab> {
    if reading.others.is_empty() {
        return Vec::new();
    }
    let first_end = reading.others.first().map_or(0, |other| other.start);
    let parts = std::iter::once((0, first_end)).chain(reading.others.iter().map(|other| (other.start, other.end)));
    let tab = |(at, (start, end)): (usize, (usize, usize))| {
        let part: String = text.chars().skip(start).take(end.saturating_sub(start).min(LONGEST)).collect();
        let number = (at + 1).to_string();
        let words = say(locale, "read.need", &[("number", &number), ("part", part.trim())]);
        NeedTab { at, words, current: at == current }
    };
    parts.enumerate().map(tab).collect()
}
