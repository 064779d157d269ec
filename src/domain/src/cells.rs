//! The filled cells of a record. A hundred thousand records are in memory, each with some twenty cells: names of columns are
//! shared, and texts take no room beyond their bytes.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::column::Table;
use crate::fields::Policies;
use crate::kind::Kind;

/// Texts by column, in the order of the columns' names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cells(Vec<(Cow<'static, str>, Box<str>)>);

/// The names of all columns.
static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    Kind::ALL.into_iter().flat_map(Table::columns).chain(Policies.columns()).map(|column| column.name).collect()
});

/// A name, shared where it is a column's; a column of another version has its own.
fn shared(name: &str) -> Cow<'static, str> {
    NAMES.get(name).map_or_else(|| Cow::Owned(name.to_owned()), |known| Cow::Borrowed(*known))
}

impl Cells {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    fn place(&self, column: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(name, _)| name.as_ref().cmp(column))
    }

    /// Returns a text; blank for none.
    pub(crate) fn get(&self, column: &str) -> &str {
        self.place(column).map_or("", |at| &self.0[at].1)
    }

    /// Sets a text; a blank one removes the cell.
    pub(crate) fn set(&mut self, column: &str, text: &str) {
        match self.place(column) {
            Ok(at) if text.is_empty() => drop(self.0.remove(at)),
            Ok(at) => self.0[at].1 = text.into(),
            Err(_) if text.is_empty() => {}
            Err(at) => self.0.insert(at, (shared(column), text.into())),
        }
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
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
        let mut cells = Cells::new();
        // A blank text that another version stored stays, so that the record is written as it was read.
        while let Some((name, text)) = map.next_entry::<Cow<'de, str>, Box<str>>()? {
            match cells.place(&name) {
                Ok(at) => cells.0[at].1 = text,
                Err(at) => cells.0.insert(at, (shared(&name), text)),
            }
        }
        cells.0.shrink_to_fit();
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
