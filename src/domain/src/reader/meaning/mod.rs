//! Meaning: the properties of a token by the words before it (frames), and the field of an amount (facts). Knows no
//! requirement.

pub(super) mod bounds;
pub(super) mod divisors;
pub(super) mod fact;
pub(super) mod facts;
pub(super) mod field;
pub(super) mod frames;
pub(super) mod label;
pub(super) mod prices;
pub(super) mod relations;
pub(super) mod slot;
