//! Properties of a listing, one bit each, kept as one set of rows per block and flag.

use super::criterion::Criterion;
use crate::facility::Facility;
use crate::requirement::{FireClass, ParkLevel, Tenure, Use, Word as _};

pub(super) type Flags = u128;

/// A run of flags, one per value of an enumeration.
#[derive(Clone, Copy)]
pub(super) struct Run {
    first: usize,
    count: usize,
}

impl Run {
    const fn after(before: Self, count: usize) -> Self {
        Self { first: before.first + before.count, count }
    }

    /// The flag of a value by its number.
    pub(super) const fn flag(self, number: usize) -> Flags {
        1 << (self.first + number)
    }

    /// All flags of the run.
    pub(super) const fn any(self) -> Flags {
        ((1 << self.count) - 1) << self.first
    }
}

pub(super) const CHEMICAL: Flags = 1;
pub(super) const NOT_CHEMICAL: Flags = 1 << 1;
/// A plot with control indicators.
pub(super) const CONTROLLED: Flags = 1 << 2;
/// A division above the counties.
pub(super) const WIDE: Flags = 1 << 3;
const SINGLE: Run = Run { first: 0, count: 4 };
pub(super) const LEVELS: Run = Run::after(SINGLE, ParkLevel::WORDS.len());
pub(super) const TERMS: Run = Run::after(LEVELS, Tenure::WORDS.len());
pub(super) const ALLOWED: Run = Run::after(TERMS, Use::WORDS.len());
pub(super) const REFUSED: Run = Run::after(ALLOWED, Use::WORDS.len());
pub(super) const FIRE_CLASSES: Run = Run::after(REFUSED, FireClass::WORDS.len());
/// Facilities that are there, and those that are not.
pub(super) const HAD: Run = Run::after(FIRE_CLASSES, Facility::MOST);
pub(super) const LACKED: Run = Run::after(HAD, Facility::MOST);

pub(super) const FLAGS: usize = LACKED.first + LACKED.count;

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

/// The codes of the facilities among some flags that say one is lacking, each with its flag.
pub(super) fn lackable(flags: Flags) -> impl Iterator<Item = (&'static str, Flags)> {
    Facility::all().map(|it| (it.code(), LACKED.flag(it.index()))).filter(move |(_, flag)| flags & flag != 0)
}

/// The words of a criterion that can be accepted besides, each with its flag.
pub(super) fn words(criterion: Criterion) -> Vec<(&'static str, Flags)> {
    match criterion {
        Criterion::Tenure => Tenure::WORDS.iter().map(|&(word, its)| (word, TERMS.flag(its as usize))).collect(),
        Criterion::Level => ParkLevel::WORDS.iter().map(|&(word, its)| (word, LEVELS.flag(its as usize))).collect(),
        _ => Vec::new(),
    }
}
