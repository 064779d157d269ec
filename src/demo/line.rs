//! Lines of the samples' small tables, by the names of their columns.

use std::collections::HashMap;

/// A line of a compiled-in table.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(HashMap<String, String>);

impl Line {
    /// Returns all lines of a table.
    pub(super) fn all(table: &str) -> Vec<Self> {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let names = reader.headers().cloned().unwrap_or_default();
        let named =
            |cells: csv::StringRecord| names.iter().zip(&cells).map(|(n, c)| (n.to_owned(), c.to_owned())).collect();
        reader.records().filter_map(Result::ok).map(|cells| Self(named(cells))).collect()
    }

    /// Returns a cell; blank where the table has no such column.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Returns a cell as a number; 0 where it is none.
    pub(super) fn number(&self, name: &str) -> f64 {
        self.get(name).parse().unwrap_or_default()
    }

    /// Returns one of a cell's alternatives (`60|90|120`); equal turns give equal ones.
    pub(super) fn one_of(&self, name: &str, turn: usize) -> &str {
        let cell = self.get(name);
        cell.split('|').nth(turn % (cell.matches('|').count() + 1)).unwrap_or_default()
    }

    /// Returns whether a list holds a word.
    pub(super) fn lists(&self, name: &str, word: &str) -> bool {
        self.get(name).split(';').any(|listed| listed == word)
    }
}
