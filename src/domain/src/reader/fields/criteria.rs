//! Criteria by the fields that state them, and their names in lists of wishes.

use crate::matching::{Criterion, TABLE};
use crate::reader::letters::text::Text;
use crate::reader::words::field_words::wishes;
use crate::requirement::Word as _;

/// Criteria that no wish beside a field makes soft: law, and thresholds that two fields state together.
const NEVER_SOFT: [Criterion; 3] = [Criterion::Chemical, Criterion::Energy, Criterion::Emission];

/// Returns the criterion that a field states.
pub(crate) fn of_field(field: &str) -> Option<Criterion> {
    // Kinds are needs like uses, though nobody only wishes for either.
    let field = if field == "kinds" { "use" } else { field };
    let row = TABLE.iter().find(|row| row.fields.contains(&field))?;
    (!NEVER_SOFT.contains(&row.criterion)).then_some(row.criterion)
}

/// Returns the name of a criterion in a list of wishes; empty for a criterion that cannot be a wish.
pub(crate) fn name(criterion: Criterion) -> &'static str {
    let names = wishes().find(|(id, _)| *id == criterion.id()).map(|(_, names)| names);
    names.and_then(|names| names.first().copied()).unwrap_or_default()
}

/// Returns the criterion whose name starts at a position, with the end of the name.
pub(crate) fn named_at(text: &Text, at: usize) -> Option<(Criterion, usize)> {
    wishes().find_map(|(id, names)| {
        let name = names.iter().find(|name| text.goes_on(at, name))?;
        Some((Criterion::from_word(id)?, at + name.chars().count()))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::matching::TABLE;
    use crate::reader::words::field_words::wishes;

    #[test]
    fn every_criterion_but_law_has_a_name_in_lists_of_wishes() {
        let named: BTreeSet<&str> = wishes().map(|(id, _)| id).collect();
        let wanted: BTreeSet<&str> = TABLE.iter().filter(|row| !row.legal).map(|row| row.id).collect();
        let odd: Vec<_> = named.symmetric_difference(&wanted).collect();
        assert_eq!(odd, Vec::<&&str>::new(), "config/data/reader/fields.txt: `wish` of these criteria");
    }
}
