//! Predicates: a criterion of one requirement in the form in which columns are searched by it.

use super::figure::{Figure, LAND_PER_MU, STEPS, steps};
use super::finding::{Ends, Value};
use super::flags;
use super::nearness::Nearness;
use super::place::Extent;
use crate::decimal::Decimal;
use crate::industry::IndustryCode;

/// One criterion as a predicate on columns.
#[derive(Clone, Debug)]
pub(super) enum Predicate {
    Met,
    /// Stated by the listing and not by the requirement: open where the cell is not blank.
    Demand(Figure),
    /// Met by rows with one of `met`, open for rows with none of `known`, short for others.
    Flags {
        met: flags::Flags,
        known: flags::Flags,
    },
    /// Met by rows with all of `has`, short for rows with one of `lacks`, open for others. No row has a flag and lacks its
    /// counterpart.
    Every {
        has: flags::Flags,
        lacks: flags::Flags,
    },
    /// A magnitude between two ends, each where present; a blank one is open, a blank threshold unused on plots without
    /// control indicators.
    Within(Magnitude, Ends),
    /// Some floor between two ends, ten-thousandths.
    Floor(Ends),
    /// A division in one of these extents, with what others keep by their distance.
    Regions(Vec<Extent>, Nearness),
    /// One of the listing's industries is related to this one.
    Industry(IndustryCode),
    /// None of the listing's banned industries contains this one.
    Banned(IndustryCode),
    /// The criterion's own judge decides, listing by listing.
    Judge,
}

/// A quantity of a row that follows from its cells.
#[derive(Clone, Copy, Debug)]
pub(super) enum Magnitude {
    /// Ten-thousandths.
    Cell(Figure),
    /// A plot's threshold, ten-thousandths; limits of it are rounded down.
    Threshold(Figure),
    /// A threshold per mu times the take, which depends on the least land asked, in land units.
    PerMu(Figure, i128),
    /// A plot's take, land units; it depends on the least land asked.
    Take(i128),
}

impl Magnitude {
    /// Its parts per unit of the criterion's gap.
    pub(super) const fn per_unit(self) -> i128 {
        match self {
            Self::Cell(_) | Self::Threshold(_) => STEPS as i128,
            Self::PerMu(..) => STEPS as i128 * LAND_PER_MU,
            Self::Take(_) => LAND_PER_MU,
        }
    }

    /// Ends in its parts; `None` where one is no whole number of ten-thousandths.
    pub(super) fn ends(self, least: Option<Decimal>, most: Option<Decimal>) -> Option<Ends> {
        let parts = |end: Decimal| Some(i128::from(steps(end)?) * self.per_unit() / i128::from(STEPS));
        let ends = Ends { least: least.and_then(parts), most: most.and_then(parts) };
        let is_exact = ends.least.is_some() == least.is_some() && ends.most.is_some() == most.is_some();
        is_exact.then_some(ends)
    }
}

/// The words that are enough, and those of which any is an answer, as flags.
pub(super) struct Wanted {
    pub(super) need: Value,
    pub(super) met: flags::Flags,
    pub(super) known: flags::Flags,
}

/// The words of a listing as flags, and as pages show them.
pub(super) type Own = (flags::Flags, Value);

impl Predicate {
    /// A magnitude between two ends.
    pub(super) fn within(magnitude: Magnitude, least: Option<Decimal>, most: Option<Decimal>) -> Self {
        magnitude.ends(least, most).map_or(Self::Judge, |ends| Self::Within(magnitude, ends))
    }

    /// The rank in which predicates are tried: sets of rows first, then single cells, products and lists last.
    pub(super) const fn cost(&self) -> u8 {
        match self {
            Self::Met | Self::Demand(_) | Self::Flags { .. } | Self::Every { .. } => 0,
            Self::Within(Magnitude::Take(_), _) | Self::Floor(_) => 1,
            Self::Regions(..) => 2,
            Self::Within(Magnitude::Cell(_), _) => 3,
            Self::Within(Magnitude::Threshold(_), _) => 4,
            Self::Within(Magnitude::PerMu(..), _) => 5,
            Self::Industry(_) | Self::Banned(_) => 6,
            Self::Judge => 7,
        }
    }
}
