//! Words of the fields that hold amounts, from `config/data/reader/fields.txt`: labels, printed forms, names of wishes.

use crate::reader::letters::rules::cues;
use crate::reader::words::lists::TermTable;

cues! {
    FieldWords in "fields.txt" {
        label: TermTable,
        print: TermTable,
        wish: TermTable,
    }
}

/// Returns the labels of amounts, each with the tags of its line.
pub(crate) fn labels() -> impl Iterator<Item = (&'static str, &'static str)> {
    CUES.label.0.iter().flat_map(|(tags, words)| words.iter().map(|&word| (*tags, word)))
}

/// Returns the printed label of a field and its unit, which is empty for a ratio.
pub(crate) fn printed(field: &str) -> Option<(&'static str, &'static str)> {
    let (_, terms) = CUES.print.0.iter().find(|(known, _)| *known == field)?;
    Some((terms.first()?, terms.get(1).copied().unwrap_or_default()))
}

/// Returns every criterion's id with its names in a list of wishes.
pub(crate) fn wishes() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    CUES.wish.0.iter().map(|(criterion, names)| (*criterion, names.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::{labels, printed};
    use crate::reader::words::slot::Slot;

    #[test]
    fn every_field_that_holds_an_amount_has_a_label_and_a_printed_form() {
        let labelled: Vec<&str> = labels().filter_map(|(tags, _)| tags.split(' ').next()).collect();
        for field in Slot::ranges().chain(Slot::singles()).map(Slot::field) {
            assert!(labelled.contains(&field), "config/data/reader/fields.txt: no `label {field}`");
            assert!(printed(field).is_some(), "config/data/reader/fields.txt: no `print {field}`");
        }
    }
}
