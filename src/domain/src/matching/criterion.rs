//! The criteria by name, and how each may be relaxed and scored; the table is in `criteria/mod.rs`.

use serde::{Deserialize, Serialize};

/// One criterion of contract §6; the file of each in `criteria/` names the reading taken where the contract leaves room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Division.
    Region,
    /// Industries that a listing admits.
    Industry,
    /// Industries that a listing bans.
    BannedIndustry,
    /// Land or building use.
    Use,
    /// Chemical park.
    Chemical,
    /// Land.
    Land,
    /// Floor area.
    Floor,
    /// Tax per year.
    Tax,
    /// Fixed-asset investment.
    Investment,
    /// Output per year.
    Output,
    /// R&D share.
    Rd,
    /// Value added per tonne of coal equivalent.
    Energy,
    /// Value added per tonne emitted.
    Emission,
    /// Plot ratio.
    PlotRatio,
    /// Starting price or rent.
    Price,
    /// Terms.
    Tenure,
    /// Power.
    Power,
    /// Clear height.
    Height,
    /// Floor load.
    Load,
    /// Desks.
    Workstations,
    /// Distance.
    Near,
    /// Level of the park.
    Level,
    /// Day from which it is free.
    Available,
}

/// Change of the requirement by which a near listing is accepted.
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
