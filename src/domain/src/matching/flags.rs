//! What a row is or is not, one bit each, kept as sets of rows: a whole block is asked in a few words.

use super::row::{FIGURES, Figure};
use crate::requirement::{ParkLevel, Tenure, Use, Word as _};

/// One thing that a row is or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flag(u8);

const LEVELS: u8 = ParkLevel::WORDS.len() as u8;
const TERMS: u8 = Tenure::WORDS.len() as u8;
const USES: u8 = Use::WORDS.len() as u8;

const FIRST_LEVEL: u8 = 7;
const FIRST_TERM: u8 = FIRST_LEVEL + LEVELS;
const FIRST_ALLOWED: u8 = FIRST_TERM + TERMS;
const FIRST_SILENT: u8 = FIRST_ALLOWED + USES;
const FIRST_FIGURE: u8 = FIRST_SILENT + USES;

/// How many flags there are.
pub(super) const FLAGS: usize = FIRST_FIGURE as usize + FIGURES;

const _: () = assert!(FLAGS <= u64::BITS as usize, "a row's flags fit a word");

impl Flag {
    pub(super) const CHEMICAL: Self = Self(0);
    pub(super) const NOT_CHEMICAL: Self = Self(1);
    /// A plot with control indicators.
    pub(super) const CONTROLLED: Self = Self(2);
    /// Names the industries that it admits.
    pub(super) const NAMES_INDUSTRIES: Self = Self(3);
    /// Names industries that it bans.
    pub(super) const BANS: Self = Self(4);
    /// Says when it is free.
    pub(super) const SAYS_WHEN: Self = Self(5);
    /// Has a point.
    pub(super) const HAS_POINT: Self = Self(6);

    /// Is of a level.
    pub(super) const fn level(level: ParkLevel) -> Self {
        Self(FIRST_LEVEL + level as u8)
    }

    /// Is offered on a term.
    pub(super) const fn term(term: Tenure) -> Self {
        Self(FIRST_TERM + term as u8)
    }

    /// Allows a use.
    pub(super) const fn allows(site_use: Use) -> Self {
        Self(FIRST_ALLOWED + site_use as u8)
    }

    /// Says nothing on a use.
    pub(super) const fn is_silent_on(site_use: Use) -> Self {
        Self(FIRST_SILENT + site_use as u8)
    }

    /// States a figure.
    pub(super) const fn states(figure: Figure) -> Self {
        Self(FIRST_FIGURE + figure as u8)
    }

    /// Its place among the [`FLAGS`].
    pub(super) const fn place(self) -> usize {
        self.0 as usize
    }
}

/// A set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags(u64);

impl Flags {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(u64::MAX);
    /// On which terms.
    pub(super) const TERMS: Self = Self(((1 << TERMS) - 1) << FIRST_TERM);
    /// Of which level.
    pub(super) const LEVELS: Self = Self(((1 << LEVELS) - 1) << FIRST_LEVEL);

    pub(super) const fn set(&mut self, flag: Flag, on: bool) {
        self.0 |= (on as u64) << flag.0;
    }

    pub(super) const fn has(self, flag: Flag) -> bool {
        self.at(flag.place())
    }

    /// Whether the flag at a place is set.
    pub(super) const fn at(self, place: usize) -> bool {
        self.0 >> place & 1 != 0
    }

    /// The flags of either.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The flags of both.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Its flags' places, rising.
    #[inline(always)]
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(place)
        })
    }
}

impl FromIterator<Flag> for Flags {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        let mut set = Self::NONE;
        flags.into_iter().for_each(|flag| set.set(flag, true));
        set
    }
}
