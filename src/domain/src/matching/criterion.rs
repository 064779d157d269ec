//! The table of criteria.

use serde::{Deserialize, Serialize};

use crate::requirement::Word;

/// One criterion of contract §6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    Region,
    Industry,
    BannedIndustry,
    Use,
    Chemical,
    Land,
    Floor,
    Tax,
    Investment,
    Output,
    Rd,
    Energy,
    Emission,
    PlotRatio,
    Price,
    Tenure,
    Power,
    Height,
    Load,
    Workstations,
    Near,
    Level,
    Available,
}

impl Word for Criterion {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("region", Self::Region),
        ("industry", Self::Industry),
        ("banned_industry", Self::BannedIndustry),
        ("use", Self::Use),
        ("chemical", Self::Chemical),
        ("land", Self::Land),
        ("floor", Self::Floor),
        ("tax", Self::Tax),
        ("investment", Self::Investment),
        ("output", Self::Output),
        ("rd", Self::Rd),
        ("energy", Self::Energy),
        ("emission", Self::Emission),
        ("plot_ratio", Self::PlotRatio),
        ("price", Self::Price),
        ("tenure", Self::Tenure),
        ("power", Self::Power),
        ("height", Self::Height),
        ("load", Self::Load),
        ("workstations", Self::Workstations),
        ("near", Self::Near),
        ("level", Self::Level),
        ("available", Self::Available),
    ];
}

impl Criterion {
    /// Its stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(id, _)| id)
    }

    /// Whether it rests on law: never a wish, never relaxed.
    #[must_use]
    pub const fn is_legal(self) -> bool {
        matches!(self, Self::BannedIndustry | Self::Use | Self::Chemical)
    }
}
