//! The criteria by name, and how each may be relaxed and scored; the table is in `criteria/mod.rs`.

use serde::{Deserialize, Serialize};

/// One criterion of contract §6; each variant names the reading taken where the contract leaves room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// The listing's division is one of the wanted ones or lies below it. A listing known only to a division that
    /// lies above one of the wanted ones is `unknown`, whatever else is wanted besides.
    Region,
    /// One of the listing's codes equals, contains or is contained in the requirement's. A listing that admits
    /// certain industries demands it; without codes it is silent.
    Industry,
    /// No code on the listing's own negative list equals or contains the requirement's; a list that only bans part
    /// of what the requirement names does not refuse it. A blank list bans nothing: `met` where an industry is stated.
    BannedIndustry,
    /// The land or building use allows the need ([`crate::land_use`]).
    Use,
    /// Used only where the requirement says true; the park's `no` is short, a blank or no park `unknown`.
    Chemical,
    /// A plot's take lies in `land_mu`; a park has at least its `min`, and is met without one even where its own
    /// figure is blank. A plot without an area is silent.
    Land,
    /// Some area from `min_lettable_m2` to `available_m2` lies in `floor_m2`. Where the smallest part is larger than
    /// what is left there is no such area: short.
    Floor,
    /// Tax a year against the plot's threshold at the take.
    Tax,
    /// Fixed-asset investment against the plot's threshold at the take.
    Investment,
    /// Output a year against the plot's threshold at the take.
    Output,
    /// R&D share against the plot's threshold.
    Rd,
    /// Value added per tonne of coal equivalent. Without both numbers the requirement is silent.
    Energy,
    /// Value added per tonne emitted. Without both numbers the requirement is silent.
    Emission,
    /// Plot ratio within the plot's ends, each where present. Short has no gap and no relaxation.
    PlotRatio,
    /// A plot's starting price a mu, a space's rent; each maximum judges its own kind. A plot whose area is blank or
    /// zero has its price by the square metre, else none.
    Price,
    /// Offered on the wanted terms. A plot without terms is sold; a space is sold where it has a price and let where
    /// it has a rent, else silent.
    Tenure,
    /// Power.
    Power,
    /// Clear height.
    Height,
    /// Floor load.
    Load,
    /// Desks.
    Workstations,
    /// Great-circle distance. The one criterion that needs floats: the sphere has no exact distances.
    Near,
    /// The park's level.
    Level,
    /// Free by the day asked. A listing on reserve is silent, whatever its date.
    Available,
}

/// How the requirement changes when a near listing is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relaxing {
    /// By the gap of a figure.
    Gap,
    /// By one more accepted word or code.
    Step,
    /// Not at all: law, or no figure to give.
    Never,
}

/// Formula of a criterion's points; its id names a sentence of the catalogue (`README.md` beside this file).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// All or nothing.
    Whole,
    /// Fewer points the greater the distance of the two codes.
    CodeDistance,
    /// Fewer points the further from the middle of the range asked.
    Middle,
    /// Fewer points for the part of the figure asked that is missing.
    Shortfall,
    /// More points the further below the highest price asked.
    Headroom,
    /// Fewer points for excess over the need.
    Excess,
    /// Fewer points the further away.
    Distance,
    /// Fewer points per day of delay.
    Days,
}
