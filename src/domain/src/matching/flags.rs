//! Properties of a listing, one bit each, kept as one set of rows per block and flag.

use super::criterion::Criterion;
use crate::requirement::{ParkLevel, Tenure, Use, Word as _};

/// A set of flags.
pub(super) type Flags = u32;

const LEVELS: usize = ParkLevel::WORDS.len();
const TERMS: usize = Tenure::WORDS.len();
const USES: usize = Use::WORDS.len();

const FIRST_LEVEL: usize = 4;
const FIRST_TERM: usize = FIRST_LEVEL + LEVELS;
const FIRST_ALLOWED: usize = FIRST_TERM + TERMS;
const FIRST_REFUSED: usize = FIRST_ALLOWED + USES;

/// Number of flags.
pub(super) const FLAGS: usize = FIRST_REFUSED + USES;

const _: () = assert!(FLAGS <= Flags::BITS as usize, "a row's flags fit a word");

pub(super) const CHEMICAL: Flags = 1;
pub(super) const NOT_CHEMICAL: Flags = 1 << 1;
/// A plot with control indicators.
pub(super) const CONTROLLED: Flags = 1 << 2;
/// A division above the counties.
pub(super) const WIDE: Flags = 1 << 3;
/// Any terms.
pub(super) const ANY_TERM: Flags = ((1 << TERMS) - 1) << FIRST_TERM;
/// Any level.
pub(super) const ANY_LEVEL: Flags = ((1 << LEVELS) - 1) << FIRST_LEVEL;

pub(super) const fn level(level: ParkLevel) -> Flags {
    1 << (FIRST_LEVEL + level as usize)
}

pub(super) const fn term(term: Tenure) -> Flags {
    1 << (FIRST_TERM + term as usize)
}

pub(super) const fn allows(site_use: Use) -> Flags {
    1 << (FIRST_ALLOWED + site_use as usize)
}

pub(super) const fn refuses(site_use: Use) -> Flags {
    1 << (FIRST_REFUSED + site_use as usize)
}

/// The words of a criterion that can be accepted besides, each with its flag.
pub(super) fn words(criterion: Criterion) -> Vec<(&'static str, Flags)> {
    match criterion {
        Criterion::Tenure => Tenure::WORDS.iter().map(|&(word, its)| (word, term(its))).collect(),
        Criterion::Level => ParkLevel::WORDS.iter().map(|&(word, its)| (word, level(its))).collect(),
        _ => Vec::new(),
    }
}
