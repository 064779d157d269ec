//! Codes of the questions that a reading can raise; their sentences are in the catalogue (`question.*`).

use crate::reader::fields::reading::Question;

/// Codes with a sentence; any other code is shown as a request to confirm its field.
const CODES: &[&str] = &[
    "per_mu_without_area",
    "range_in_single",
    "upper_bound_in_single",
    "several_values",
    "second_site",
    "second_use",
    "kilowatts",
    "no_unit",
    "foreign_currency",
    "unclear_amount",
    "rent_in_all",
    "jobs_placed",
    "tax_part",
    "vague_number",
    "out_of_range",
    "ambiguous_place",
    "chemical_park",
    "both_tenures",
    "unclear_date",
    "distance_from",
    "bad_uscc",
    "areas_added",
    "renamed",
    "no_coordinates",
];

/// The question of a code about a field.
pub(crate) fn question(field: &str, code: &'static str) -> Question {
    Question { field: field.to_owned(), code }
}

impl Question {
    /// Every code with a sentence, for tests of the catalogue.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        CODES.iter().copied()
    }
}
