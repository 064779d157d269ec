//! Abolished and renamed divisions with their successors: `config/data/division_changes.csv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Division, DivisionCode, divisions};

/// The successors of abolished divisions, by old name and old code.
#[derive(Debug)]
pub struct Succession {
    by_name: HashMap<String, Vec<DivisionCode>>,
    by_code: HashMap<String, DivisionCode>,
}

static TABLE: LazyLock<Succession> =
    LazyLock::new(|| Succession::parse(include_str!("../../../../config/data/division_changes.csv")));

/// Returns the table of successions.
#[must_use]
pub fn succession() -> &'static Succession {
    &TABLE
}

impl Succession {
    fn parse(table: &str) -> Self {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let (mut by_name, mut by_code) = (HashMap::<String, Vec<DivisionCode>>::new(), HashMap::new());
        for row in reader.records().filter_map(Result::ok) {
            let cell = |at: usize| row.get(at).unwrap_or_default();
            let (old_code, old_name) = (cell(2), cell(3));
            // A successor that was itself abolished later is resolved by the row that abolished it.
            let Some(new) = DivisionCode::parse(cell(4)) else { continue };
            if old_name.is_empty() {
                continue;
            }
            if old_code != cell(4) {
                by_code.insert(old_code.to_owned(), new);
            }
            by_name.entry(old_name.to_owned()).or_default().push(new);
        }
        Self { by_name, by_code }
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
