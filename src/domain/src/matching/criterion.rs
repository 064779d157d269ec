//! The criteria by name, from the table in `table.rs`, and how each may be relaxed and scored.

use serde::Serialize;

use super::table::criteria;
use crate::word::{Word as _, words};

macro_rules! enumeration {
    ($($(#[$doc:meta])* $criterion:ident $id:literal $kinds:ident legal:$legal:literal $units:expr, $relaxing:ident
        $max:literal $formula:ident [$($field:literal)*] $rule:expr;)*) => {
        words! {
            /// One criterion of contract §6; its word is the stable id.
            pub enum Criterion in "criterion" {
                $($(#[$doc])* $criterion $id,)*
            }
        }

        impl Criterion {
            /// Returns the stable id.
            #[must_use]
            pub const fn id(self) -> &'static str {
                Self::WORDS[self as usize].0
            }

            /// Returns whether it rests on law: never a wish, never relaxed.
            #[must_use]
            pub const fn is_legal(self) -> bool {
                [$($legal),*][self as usize]
            }
        }
    };
}

criteria!(enumeration);

/// Change of the requirement by which a near listing is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relaxing {
    /// By the gap of a figure.
    Gap,
    /// By one more accepted word or code.
    Step,
    /// By one entry of the list asked for fewer.
    Drop,
    /// Not at all: law, or no figure to give.
    Never,
}

/// Formula of a criterion's points; its id names a sentence of the catalogue (`README.md` beside this file).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// All or nothing.
    Whole,
    /// All points in a division asked for, elsewhere fewer the further away.
    Nearness,
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
