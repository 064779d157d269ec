//! Meaning: the properties of a token by the words before it (frames), and the field of an amount (facts). Knows no
//! requirement.

pub(super) mod fact;
pub(super) mod facts;
pub(super) mod frames;
pub(super) mod label;
pub(super) mod slot;
