//! Properties of a listing, one bit each, kept as one set of rows per block and flag.

use super::criterion::Criterion;
use crate::facility::Facility;
use crate::requirement::{FireClass, ParkLevel, Tenure, Use, Word as _};

pub(super) type Flags = u128;

const LEVELS: usize = ParkLevel::WORDS.len();
const TERMS: usize = Tenure::WORDS.len();
const USES: usize = Use::WORDS.len();
const FIRE_CLASSES: usize = FireClass::WORDS.len();

const FIRST_LEVEL: usize = 4;
const FIRST_TERM: usize = FIRST_LEVEL + LEVELS;
const FIRST_ALLOWED: usize = FIRST_TERM + TERMS;
const FIRST_REFUSED: usize = FIRST_ALLOWED + USES;
const FIRST_FIRE_CLASS: usize = FIRST_REFUSED + USES;
const FIRST_HAD: usize = FIRST_FIRE_CLASS + FIRE_CLASSES;
const FIRST_LACKED: usize = FIRST_HAD + Facility::MOST;

pub(super) const FLAGS: usize = FIRST_LACKED + Facility::MOST;

const _: () = assert!(FLAGS <= Flags::BITS as usize, "a row's flags fit a word");

/// The places of a set's flags.
#[inline(always)]
pub(super) fn each(flags: Flags) -> impl Iterator<Item = usize> {
    let mut left = flags;
    std::iter::from_fn(move || {
        let place = (left != 0).then_some(left.trailing_zeros() as usize);
        left &= left.wrapping_sub(1);
        place
    })
}

pub(super) const CHEMICAL: Flags = 1;
pub(super) const NOT_CHEMICAL: Flags = 1 << 1;
/// A plot with control indicators.
pub(super) const CONTROLLED: Flags = 1 << 2;
/// A division above the counties.
pub(super) const WIDE: Flags = 1 << 3;
pub(super) const ANY_TERM: Flags = ((1 << TERMS) - 1) << FIRST_TERM;
pub(super) const ANY_LEVEL: Flags = ((1 << LEVELS) - 1) << FIRST_LEVEL;

/// Any class of fire hazard.
pub(super) const ANY_FIRE_CLASS: Flags = ((1 << FIRE_CLASSES) - 1) << FIRST_FIRE_CLASS;

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

pub(super) const fn fire_class(class: FireClass) -> Flags {
    1 << (FIRST_FIRE_CLASS + class as usize)
}

pub(super) const fn has(facility: Facility) -> Flags {
    1 << (FIRST_HAD + facility.index())
}

pub(super) const fn lacks(facility: Facility) -> Flags {
    1 << (FIRST_LACKED + facility.index())
}

/// The codes of the facilities among some flags that say one is lacking, each with its flag.
pub(super) fn lackable(flags: Flags) -> impl Iterator<Item = (&'static str, Flags)> {
    Facility::all().map(|it| (it.code(), lacks(it))).filter(move |(_, flag)| flags & flag != 0)
}

/// The words of a criterion that can be accepted besides, each with its flag.
pub(super) fn words(criterion: Criterion) -> Vec<(&'static str, Flags)> {
    match criterion {
        Criterion::Tenure => Tenure::WORDS.iter().map(|&(word, its)| (word, term(its))).collect(),
        Criterion::Level => ParkLevel::WORDS.iter().map(|&(word, its)| (word, level(its))).collect(),
        _ => Vec::new(),
    }
}
