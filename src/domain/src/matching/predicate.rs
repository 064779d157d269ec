//! Predicates: a criterion of one requirement in the form in which columns are searched by it.

use super::figure::{Figure, LAND_PER_MU, LAND_PER_STEP};
use super::flags;
use crate::industry::IndustryCode;

/// One criterion as a predicate on columns. Figures are ten-thousandths, land is land units.
#[derive(Clone, Debug)]
pub(super) enum Predicate {
    /// Met by every row.
    Met,
    /// Stated by the listing and not by the requirement: open where the cell is not blank.
    Demand(Figure),
    /// Met by rows with one of `met`, open for rows with none of `known`, short for others.
    Flags { met: flags::Flags, known: flags::Flags },
    /// Met by rows with all of `has`, short for rows with one of `lacks`, open for others. No row has a flag and lacks its
    /// counterpart.
    Every { has: flags::Flags, lacks: flags::Flags },
    /// A figure from a limit on; a blank cell is open.
    AtLeast { figure: Figure, least: u64 },
    /// A figure up to a limit; a blank cell is open.
    AtMost { figure: Figure, most: u64 },
    /// A threshold up to a limit; a blank cell is open on controlled plots and else unused.
    Threshold { figure: Figure, most: u64 },
    /// A threshold per mu times the take, up to an amount; blank cells as for [`Predicate::Threshold`].
    PerMu { figure: Figure, most: u64, least_land: u64 },
    /// A plot's take, which depends on the least land asked, between two ends.
    Land { least_land: u64, least: Option<u64>, most: Option<u64> },
    /// Some floor between two ends.
    Floor { least: u64, most: u64 },
    /// A division in one of these extents.
    Regions(Vec<Extent>),
    /// One of the listing's industries is related to this one.
    Industry(IndustryCode),
    /// None of the listing's banned industries contains this one.
    Banned(IndustryCode),
    /// The criterion's own judge decides, listing by listing.
    Judge,
}

/// The codes of a division and all that it contains: the first, and how many follow.
pub(super) type Extent = (u32, u32);

impl Predicate {
    /// The rank in which predicates are tried: sets of rows first, then single cells, products and lists last.
    pub(super) const fn cost(&self) -> u8 {
        match self {
            Self::Met | Self::Demand(_) | Self::Flags { .. } | Self::Every { .. } => 0,
            Self::Land { .. } | Self::Floor { .. } => 1,
            Self::Regions(_) => 2,
            Self::AtLeast { .. } | Self::AtMost { .. } => 3,
            Self::Threshold { .. } => 4,
            Self::PerMu { .. } => 5,
            Self::Industry(_) | Self::Banned(_) => 6,
            Self::Judge => 7,
        }
    }

    /// Whether met rows differ in fit by their cells.
    pub(super) const fn is_graded(&self) -> bool {
        matches!(self, Self::Land { .. } | Self::AtLeast { .. } | Self::AtMost { .. })
    }

    /// The same predicate with its limits moved by a gap in ten-thousandths, or a little more; `None` where gaps do
    /// not narrow the rows.
    pub(super) fn eased(&self, gap: u64) -> Option<Self> {
        Some(match *self {
            Self::AtLeast { figure, least } => Self::AtLeast { figure, least: least.saturating_sub(gap) },
            Self::AtMost { figure, most } => Self::AtMost { figure, most: most.saturating_add(gap) },
            // A limit is rounded down.
            Self::Threshold { figure, most } => Self::Threshold { figure, most: most.saturating_add(gap + 1) },
            Self::PerMu { figure, most, least_land } => {
                let most = most.saturating_add(gap.saturating_mul(LAND_PER_MU));
                Self::PerMu { figure, most, least_land }
            }
            Self::Land { least_land, least, most } => {
                let gap = gap.saturating_mul(LAND_PER_STEP);
                let (least, most) = (least.map(|it| it.saturating_sub(gap)), most.map(|it| it.saturating_add(gap)));
                Self::Land { least_land, least, most }
            }
            _ => return None,
        })
    }
}
