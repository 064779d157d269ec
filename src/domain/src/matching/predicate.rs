//! Predicates: a criterion of one requirement in the form in which columns are searched by it.

use super::figure::{Figure, LAND_PER_MU, LAND_PER_STEP};
use super::flags;
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
    Within {
        magnitude: Magnitude,
        least: Option<u64>,
        most: Option<u64>,
    },
    /// Some floor between two ends, ten-thousandths.
    Floor {
        least: u64,
        most: u64,
    },
    /// A division in one of these extents.
    Regions(Vec<Extent>),
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
    PerMu(Figure, u64),
    /// A plot's take, land units; it depends on the least land asked.
    Take(u64),
}

impl Magnitude {
    /// Its units per ten-thousandth.
    pub(super) const fn scale(self) -> u64 {
        match self {
            Self::Cell(_) | Self::Threshold(_) => 1,
            Self::PerMu(..) => LAND_PER_MU,
            Self::Take(_) => LAND_PER_STEP,
        }
    }
}

/// The codes of a division and all that it contains: the first, and how many follow.
pub(super) type Extent = (u32, u32);

impl Predicate {
    /// A cell from a limit on.
    pub(super) const fn at_least(figure: Figure, least: u64) -> Self {
        Self::Within { magnitude: Magnitude::Cell(figure), least: Some(least), most: None }
    }

    /// A magnitude up to a limit.
    pub(super) const fn at_most(magnitude: Magnitude, most: u64) -> Self {
        Self::Within { magnitude, least: None, most: Some(most) }
    }

    /// The rank in which predicates are tried: sets of rows first, then single cells, products and lists last.
    pub(super) const fn cost(&self) -> u8 {
        match self {
            Self::Met | Self::Demand(_) | Self::Flags { .. } | Self::Every { .. } => 0,
            Self::Within { magnitude: Magnitude::Take(_), .. } | Self::Floor { .. } => 1,
            Self::Regions(_) => 2,
            Self::Within { magnitude: Magnitude::Cell(_), .. } => 3,
            Self::Within { magnitude: Magnitude::Threshold(_), .. } => 4,
            Self::Within { magnitude: Magnitude::PerMu(..), .. } => 5,
            Self::Industry(_) | Self::Banned(_) => 6,
            Self::Judge => 7,
        }
    }

    /// Whether met rows differ in fit by their cells.
    pub(super) const fn is_graded(&self) -> bool {
        matches!(self, Self::Within { magnitude: Magnitude::Cell(_) | Magnitude::Take(_), .. })
    }
}
