//! Near: great-circle distance, the one criterion that needs floats: the sphere has no exact distances.

use crate::geo::{Point, distance_km};
use crate::matching::rule::*;

/// A distance in whole metres, for points only.
fn metres(km: f64) -> i128 {
    (km * 1000.0).round() as i128
}

/// Kilometres rounded up at the fourth place.
fn ceil4(km: f64) -> Decimal {
    Decimal::from_micro((km * 10_000.0).ceil() as i64 * 100)
}

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let near = case.requirement.near?;
    let need = Value::Number(near.max_km);
    let Some(point) = case.listing.point else { return Some(Finding::unknown(need)) };
    let most = near.max_km.to_f64();
    let distance = distance_km(Point { lng: near.lng.to_f64(), lat: near.lat.to_f64() }, point);
    let offer = Value::Number(ceil4(distance));
    Some(if distance <= most {
        Finding::met(FULL - SHORT * permille(metres(distance), metres(most)) / FULL, need, offer)
    } else {
        let fit = short_fit(metres(most), metres(distance));
        Finding { gap: Some(ceil4(distance - most)), ..Finding::short(fit, need, offer) }
    })
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    requirement.near.map(|_| Predicate::Judge)
}
