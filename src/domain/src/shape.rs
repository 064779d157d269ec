//! The types of a requirement's fields, with limits and units.

use crate::decimal::Decimal;
use crate::unit::Unit;
use crate::word::{Vocabulary, Word};

/// The largest amount of a field, 1e9; larger figures are slips of the unit.
pub const MOST: Decimal = Decimal::from_int(1_000_000_000);

/// Decimal places of a requirement's figures.
pub const PLACES: usize = 4;
/// Entries of a list field; the largest province has 21 prefectures.
pub const LONGEST_LIST: usize = 100;
/// Half of the earth's circumference, km, rounded up: no distance is larger.
const FARTHEST_KM: i64 = 20_100;
/// The members of a circle with their limits: degrees, degrees, km.
pub const NEAR: [(&str, i64, i64); 3] = [("lng", -180, 180), ("lat", -90, 90), ("max_km", 0, FARTHEST_KM)];

/// The type of a field with its limits. Form inputs, JSON schema, units and words follow from it.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A figure from 0 to `most`.
    Amount {
        /// Its unit.
        unit: Unit,
        /// The upper limit.
        most: Decimal,
    },
    /// `{"min","max"}`, each from 0 to `most`, at least one of them.
    Range {
        /// The unit of both ends.
        unit: Unit,
        /// The upper limit of both ends.
        most: Decimal,
    },
    /// One word of an enumeration; ordinal enumerations list their words in ascending order.
    Word(Vocabulary),
    /// Words of an enumeration or codes of a vocabulary, without repeats.
    Words(Vocabulary),
    /// Words of an enumeration, those that `refuses` accepts being a [`crate::fault::FieldCode::LegalCriterion`].
    Wishes {
        /// The criteria.
        vocabulary: Vocabulary,
        /// Whether a criterion rests on law.
        refuses: fn(&str) -> bool,
    },
    /// A GB/T 4754-2017 code of any level.
    Industry,
    /// GB/T 2260 codes, without repeats.
    Divisions,
    /// A day, `2027-03-01`.
    Day,
    /// `true` or `false`.
    Flag,
    /// `{"lng","lat","max_km"}`.
    Near,
    /// Text.
    Text {
        /// The limit in characters.
        longest: usize,
    },
}

impl Shape {
    /// Returns the members of the JSON object; empty for values without parts.
    #[must_use]
    pub const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Range { .. } => &["min", "max"],
            Self::Near => &[NEAR[0].0, NEAR[1].0, NEAR[2].0],
            _ => &[],
        }
    }

    /// Returns the unit of the figures; a circle's radius is in km, a day is relaxed by days.
    #[must_use]
    pub const fn unit(self) -> Option<Unit> {
        match self {
            Self::Amount { unit, .. } | Self::Range { unit, .. } => Some(unit),
            Self::Near => Some(Unit::Km),
            Self::Day => Some(Unit::Days),
            _ => None,
        }
    }

    /// Returns the upper limit of the figures.
    #[must_use]
    pub const fn most(self) -> Decimal {
        match self {
            Self::Amount { most, .. } | Self::Range { most, .. } => most,
            _ => MOST,
        }
    }

    /// Returns the vocabulary of the words.
    #[must_use]
    pub const fn vocabulary(self) -> Option<Vocabulary> {
        match self {
            Self::Word(vocabulary) | Self::Words(vocabulary) | Self::Wishes { vocabulary, .. } => Some(vocabulary),
            _ => None,
        }
    }
}

/// A figure up to [`MOST`].
pub(crate) const fn amount(unit: Unit) -> Shape {
    Shape::Amount { unit, most: MOST }
}

/// A figure up to a limit of its own.
pub(crate) const fn up_to(most: i64, unit: Unit) -> Shape {
    Shape::Amount { unit, most: Decimal::from_int(most) }
}

/// A share, 0 to 100 %.
pub(crate) const fn share() -> Shape {
    up_to(100, Unit::Percent)
}

/// A range with ends up to [`MOST`].
pub(crate) const fn range(unit: Unit) -> Shape {
    Shape::Range { unit, most: MOST }
}

/// Criteria that can be wishes.
pub(crate) const fn wishes<T: Word>(group: &'static str, refuses: fn(&str) -> bool) -> Shape {
    Shape::Wishes { vocabulary: Vocabulary::of::<T>(group), refuses }
}

/// Text of at most so many characters.
pub(crate) const fn phrase(longest: usize) -> Shape {
    Shape::Text { longest }
}
