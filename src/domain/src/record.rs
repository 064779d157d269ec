//! Rows of listings and policies, read against the columns of their table (contract §7).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::cells::Cells;
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::kind::Kind;
use crate::time::parse_day;
use crate::word::Word;

pub use crate::column::{Cell, Column, Table};
pub use crate::fault::CellReason;
pub use crate::fields::{Policies, columns};

/// One accepted row: its kind and its filled cells in canonical form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record<T = Kind> {
    kind: T,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    cells: Cells,
}

impl<T: Table> Record<T> {
    /// Returns a record without any cell.
    #[must_use]
    pub const fn blank(kind: T) -> Self {
        Self { kind, id: None, cells: Cells::new() }
    }

    /// Returns a record of cells in canonical form; blank ones are left out.
    pub fn of_cells<'c>(kind: T, cells: impl IntoIterator<Item = (&'c str, &'c str)>) -> Self {
        let mut record = Self::blank(kind);
        cells.into_iter().for_each(|(column, text)| record.set(column, text));
        record
    }

    /// Sets a cell, in canonical form; a blank text clears it.
    pub fn set(&mut self, column: &str, text: &str) {
        self.cells.set(column, text);
    }

    /// Gives the record an id that differs from its number, which another park uses.
    pub fn set_id(&mut self, id: String) {
        self.id = Some(id);
    }

    /// Returns the kind of listing, or [`Policies`].
    #[must_use]
    pub const fn kind(&self) -> T {
        self.kind
    }

    /// Returns the id: the number, or `PARK/NUMBER` where another park used the number first.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_else(|| self.number())
    }

    /// Returns the cell of the first column: `plot_no`, `space_no`, `code` or `policy_id`.
    #[must_use]
    pub fn number(&self) -> &str {
        self.get(self.kind.columns()[0].name)
    }

    /// Returns a cell in canonical form; blank where the source is silent.
    #[must_use]
    pub fn get(&self, column: &str) -> &str {
        self.cells.get(column)
    }

    /// Returns the filled cells with their columns, by the columns' names.
    pub fn filled(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.cells.iter()
    }

    /// Returns all cells in the order of the table's columns, blanks included, for export.
    pub fn row(&self) -> impl Iterator<Item = &str> {
        self.kind.columns().iter().map(|column| self.get(column.name))
    }

    /// A number.
    #[must_use]
    pub fn decimal(&self, column: &str) -> Option<Decimal> {
        Decimal::parse(self.get(column)).ok()
    }

    /// A coordinate.
    #[must_use]
    pub fn float(&self, column: &str) -> Option<f64> {
        self.get(column).parse().ok()
    }

    /// A day.
    #[must_use]
    pub fn day(&self, column: &str) -> Option<NaiveDate> {
        parse_day(self.get(column))
    }

    /// yes or no; `None` for a blank cell.
    #[must_use]
    pub fn yes_no(&self, column: &str) -> Option<bool> {
        match self.get(column) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// Industry codes.
    #[must_use]
    pub fn codes(&self, column: &str) -> Vec<IndustryCode> {
        self.get(column).split(';').filter_map(IndustryCode::parse).collect()
    }

    /// Words of an enumeration.
    #[must_use]
    pub fn words<W: Word>(&self, column: &str) -> Vec<W> {
        self.get(column).split(';').filter_map(W::from_word).collect()
    }
}
