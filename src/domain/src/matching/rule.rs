//! The vocabulary of `criteria/`: one import for each of its files.

pub(super) use super::criterion::Formula;
pub(super) use super::figure::Figure;
pub(super) use super::finding::{Case, Ends, FULL, Finding, Ratio, SHORT, Value, permille, short_fit};
pub(super) use super::flags;
pub(super) use super::predicate::{Magnitude, Own, Predicate, Wanted};
pub(super) use crate::decimal::{Decimal, SCALE};
pub(super) use crate::listing::{Detail, Kind, Listing};
pub(super) use crate::requirement::{Requirement, Word};
