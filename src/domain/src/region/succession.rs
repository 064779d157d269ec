//! Abolished and renamed divisions with their successors: `config/data/division_changes.csv` and, for the years before it,
//! `division_changes_earlier.csv`.

use std::sync::LazyLock;

use hashbrown::HashMap;

use super::{Division, DivisionCode, divisions};

/// The successors of abolished divisions, by old name and old code.
#[derive(Debug)]
pub struct Succession {
    by_name: HashMap<String, Vec<DivisionCode>>,
    by_code: HashMap<String, DivisionCode>,
}

static TABLE: LazyLock<Succession> = LazyLock::new(|| {
    let mut table = Succession { by_name: HashMap::new(), by_code: HashMap::new() };
    table.read(include_str!("../../../../config/data/division_changes_earlier.csv"));
    table.read(include_str!("../../../../config/data/division_changes.csv"));
    table
});

/// Returns the table of successions.
#[must_use]
pub fn succession() -> &'static Succession {
    &TABLE
}

impl Succession {
    fn read(&mut self, table: &str) {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        for row in reader.records().filter_map(Result::ok) {
            let cell = |at: usize| row.get(at).unwrap_or_default();
            let (old_code, old_name) = (cell(2), cell(3));
            // A successor that was itself abolished later is resolved by the row that abolished it.
            let Some(new) = DivisionCode::parse(cell(4)) else { continue };
            if old_name.is_empty() {
                continue;
            }
            if old_code != cell(4) {
                self.by_code.insert(old_code.to_owned(), new);
            }
            self.by_name.entry(old_name.to_owned()).or_default().push(new);
        }
    }

    /// Returns the successors of an old name inside `outer`; without `outer`, those of every division of that name.
    pub fn of_name(&self, name: &str, outer: Option<DivisionCode>) -> impl Iterator<Item = &'static Division> {
        let codes = self.by_name.get(name).into_iter().flatten();
        codes
            .filter(move |code| outer.is_none_or(|outer| divisions().covers(outer, **code)))
            .filter_map(|code| divisions().get(*code))
    }

    /// Returns every old name with its successors, in no order.
    pub fn names(&self) -> impl Iterator<Item = (&str, &[DivisionCode])> {
        self.by_name.iter().map(|(name, codes)| (name.as_str(), codes.as_slice()))
    }

    /// Returns the successor of an old code.
    #[must_use]
    pub fn of_code(&self, code: &str) -> Option<DivisionCode> {
        self.by_code.get(code).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DivisionCode, divisions};
    use super::succession;

    #[test]
    fn divisions_of_earlier_years_have_one_successor_inside_their_province() {
        let file = include_str!("../../../../config/data/division_changes_earlier.csv");
        let mut rows = csv::Reader::from_reader(file.as_bytes());
        for row in rows.records().map(|row| row.expect("a row")) {
            let (old, name, new) = (&row[2], &row[3], DivisionCode::parse(&row[4]).expect("a code"));
            let division = divisions().get(new).expect("a division of today");
            assert_eq!(division.name, row[5]);
            assert!(!divisions().all().iter().any(|row| row.name == *name), "{name} is a name of today");
            if !old.is_empty() && *old != row[4] {
                assert!(DivisionCode::parse(old).is_none(), "{old} is a division of today");
                assert_eq!(succession().of_code(old), Some(new));
                // 万县 and its neighbours were in Sichuan.
                assert!(
                    old[..2] == row[4][..2] || (&old[..2], &row[4][..2]) == ("51", "50"),
                    "{name}: in the same province"
                );
            }
            let named: Vec<_> = succession().of_name(name, None).map(|division| division.code).collect();
            assert_eq!(named, [new], "{name}");
        }
    }
}
