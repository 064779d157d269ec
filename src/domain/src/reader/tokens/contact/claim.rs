//! Claims: stretches of the text that belong to a contact and take no part in the need.

use crate::contact::is_visible;
use crate::reader::letters::text::Text;

/// A field of the contact, by its path in a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContactField {
    Company,
    Person,
    Phone,
    Email,
    Uscc,
    Wechat,
    /// No field: the address of a page, a fax number, a credit code whose check fails.
    None,
}

/// A stretch of the text that belongs to a contact.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) field: ContactField,
    pub(crate) value: String,
}

/// The longest name in characters; it bounds the search for the start and the end of one.
pub(crate) const LONGEST_NAME: usize = 60;

/// Claims a range as a name; `None` where it is no name by its length or its characters.
pub(crate) fn name_claim(text: &Text, start: usize, end: usize, field: ContactField) -> Option<Claim> {
    let written = text.written(start, end);
    let value = written.trim().to_owned();
    let length = value.chars().count();
    let fits =
        (2..=LONGEST_NAME).contains(&length) && value.chars().all(is_visible) && value.chars().any(char::is_alphabetic);
    fits.then_some(Claim { start, end, field, value })
}

/// Returns whether a claim overlaps a range.
pub(crate) fn claimed(claims: &[Claim], start: usize, end: usize) -> bool {
    claims.iter().any(|claim| claim.start < end && start < claim.end)
}
