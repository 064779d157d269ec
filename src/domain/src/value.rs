//! Values of a requirement that have parts.

use serde::Serialize;

use crate::decimal::Decimal;

/// A range with one or two ends, both inclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The lower end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Decimal>,
    /// The upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Decimal>,
}

/// A circle around a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Near {
    /// Degrees east.
    pub lng: Decimal,
    /// Degrees north.
    pub lat: Decimal,
    /// The radius on the sphere, km.
    pub max_km: Decimal,
}
