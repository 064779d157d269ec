//! The filled cells of a record. A million records are in memory, each with some forty cells: columns are numbers, and the texts
//! of a record are one.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;
use std::sync::{LazyLock, PoisonError, RwLock};

use hashbrown::HashMap;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::column::Table;
use crate::fields::Policies;
use crate::kind::Kind;

/// Texts by column, in the order of the columns' names.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Cells {
    filled: Vec<Filled>,
    /// The texts, one behind the other.
    texts: String,
}

/// A filled cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Filled {
    column: ColumnNumber,
    /// The end of its text, in bytes; it begins where the cell before ends.
    end: u32,
}

/// The number of a column's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ColumnNumber(u16);

/// The names of all columns of this version, sorted.
static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut names: Vec<&str> =
        Kind::ALL.into_iter().flat_map(Table::columns).chain(Policies.columns()).map(|column| column.name).collect();
    names.sort_unstable();
    names.dedup();
    names
});
/// The numbers of [`NAMES`].
static NUMBERS: LazyLock<HashMap<&'static str, u16>> =
    LazyLock::new(|| NAMES.iter().enumerate().map(|(at, name)| (*name, at as u16)).collect());
/// Names of columns of other versions, numbered behind [`NAMES`]: as many as those versions have, kept for good.
static OTHER_NAMES: RwLock<Vec<&'static str>> = RwLock::new(Vec::new());

/// Cells and bytes of texts that most records do not exceed, for a record that is read.
const USUAL_CELLS: usize = 48;
const USUAL_BYTES: usize = 1_024;

impl ColumnNumber {
    /// Returns the number of a name, which a name of another version gets here.
    fn of(name: &str) -> Self {
        if let Some(&at) = NUMBERS.get(name) {
            return Self(at);
        }
        let mut others = OTHER_NAMES.write().unwrap_or_else(PoisonError::into_inner);
        let at = others.iter().position(|other| *other == name).unwrap_or_else(|| {
            others.push(Box::leak(name.into()));
            others.len() - 1
        });
        Self((NAMES.len() + at) as u16)
    }

    /// Returns the number of a name that has one.
    fn known(name: &str) -> Option<Self> {
        if let Some(&at) = NUMBERS.get(name) {
            return Some(Self(at));
        }
        let others = OTHER_NAMES.read().unwrap_or_else(PoisonError::into_inner);
        others.iter().position(|other| *other == name).map(|at| Self((NAMES.len() + at) as u16))
    }

    fn name(self) -> &'static str {
        let at = usize::from(self.0);
        NAMES
            .get(at)
            .copied()
            .unwrap_or_else(|| OTHER_NAMES.read().unwrap_or_else(PoisonError::into_inner)[at - NAMES.len()])
    }

    /// Compares by name: columns of this version, of which there are `own`, by their numbers, which are in that order.
    fn by_name(self, other: Self, own: usize) -> Ordering {
        let are_own = usize::from(self.0.max(other.0)) < own;
        if are_own { self.0.cmp(&other.0) } else { self.name().cmp(other.name()) }
    }
}

impl Cells {
    pub(crate) const fn new() -> Self {
        Self { filled: Vec::new(), texts: String::new() }
    }

    /// Returns where a column's cell is, or belongs: behind the last one where it comes after it, as in a stored record.
    fn place(&self, column: ColumnNumber) -> Result<usize, usize> {
        let own = NAMES.len();
        match self.filled.last() {
            Some(last) if last.column.by_name(column, own).is_ge() => {
                self.filled.binary_search_by(|cell| cell.column.by_name(column, own))
            }
            _ => Err(self.filled.len()),
        }
    }

    /// The bytes of the text at a place; of the place behind the last cell, none.
    fn bytes(&self, at: usize) -> Range<usize> {
        let start = at.checked_sub(1).map_or(0, |before| self.filled[before].end as usize);
        start..self.filled.get(at).map_or(start, |cell| cell.end as usize)
    }

    /// Returns a text; blank for none.
    pub(crate) fn get(&self, column: &str) -> &str {
        let at = ColumnNumber::known(column).and_then(|column| self.place(column).ok());
        at.map_or("", |at| &self.texts[self.bytes(at)])
    }

    /// Sets a text; a blank one removes the cell.
    pub(crate) fn set(&mut self, column: &str, text: &str) {
        let column = ColumnNumber::of(column);
        match self.place(column) {
            Ok(at) => {
                self.replace(at, text);
                if text.is_empty() {
                    self.filled.remove(at);
                }
            }
            Err(_) if text.is_empty() => {}
            Err(at) => self.insert(at, column, text),
        }
    }

    fn insert(&mut self, at: usize, column: ColumnNumber, text: &str) {
        if at == self.filled.len() {
            self.texts.push_str(text);
            self.filled.push(Filled { column, end: self.texts.len() as u32 });
            return;
        }
        let end = self.bytes(at).start as u32;
        self.filled.insert(at, Filled { column, end });
        self.replace(at, text);
    }

    /// Replaces the text at a place, and moves the ends of those behind it.
    fn replace(&mut self, at: usize, text: &str) {
        let bytes = self.bytes(at);
        let (before, after) = (bytes.len() as u32, text.len() as u32);
        self.texts.replace_range(bytes, text);
        self.filled[at..].iter_mut().for_each(|cell| cell.end = cell.end - before + after);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.filled.iter().enumerate().map(|(at, cell)| (cell.column.name(), &self.texts[self.bytes(at)]))
    }
}

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Cells {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(CellsVisitor)
    }
}

struct CellsVisitor;

impl<'de> Visitor<'de> for CellsVisitor {
    type Value = Cells;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts by column")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cells, A::Error> {
        let mut cells = Cells { filled: Vec::with_capacity(USUAL_CELLS), texts: String::with_capacity(USUAL_BYTES) };
        // A blank text that another version stored stays, so that the record is written as it was read.
        while let Some((name, text)) = map.next_entry::<Cow<'de, str>, Cow<'de, str>>()? {
            let column = ColumnNumber::of(&name);
            match cells.place(column) {
                Ok(at) => cells.replace(at, &text),
                Err(at) => cells.insert(at, column, &text),
            }
        }
        cells.filled.shrink_to_fit();
        cells.texts.shrink_to_fit();
        Ok(cells)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::{prop, proptest};

    use super::Cells;

    proptest! {
        #[test]
        fn cells_are_a_sorted_map_of_texts_and_are_stored_as_one(
            steps in prop::collection::vec(("area_mu|plot_no|name|of_another_version", "[a-z]{0,2}"), 0..20)
        ) {
            let (mut cells, mut map) = (Cells::new(), BTreeMap::new());
            for (name, text) in steps {
                cells.set(&name, &text);
                map.insert(name, text);
            }
            map.retain(|_, text| !text.is_empty());
            let stored = serde_json::to_string(&cells).expect("JSON");
            assert_eq!(stored, serde_json::to_string(&map).expect("JSON"));
            assert_eq!(serde_json::from_str::<Cells>(&stored).expect("cells"), cells);
            assert!(map.iter().all(|(name, text)| cells.get(name) == text));
        }
    }
}
