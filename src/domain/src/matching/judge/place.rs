//! Where and when: region, chemical park, distance, level, day.

use super::{Case, FULL, Finding, SHORT, Value};
use crate::decimal::Decimal;
use crate::geo::{Point, distance_km};
use crate::listing::Status;
use crate::matching::plan::covers;
use crate::requirement::Word as _;

pub(in crate::matching) fn region(case: &Case<'_>) -> Option<Finding> {
    let wanted = &case.requirement.regions;
    if wanted.is_empty() {
        return None;
    }
    let need = Value::Regions(wanted.clone());
    let Some(own) = case.listing.division else { return Some(Finding::unknown(need)) };
    let offer = Value::Region(own);
    Some(if wanted.iter().any(|&outer| covers(outer, own)) {
        Finding::met(FULL, need, offer)
    } else if wanted.iter().any(|&inner| covers(own, inner)) {
        Finding { offer, ..Finding::unknown(need) }
    } else {
        Finding::short(0, need, offer)
    })
}

pub(in crate::matching) fn chemical(case: &Case<'_>) -> Option<Finding> {
    case.requirement.chemical.filter(|&must| must)?;
    let need = Value::Flag(true);
    Some(match case.listing.chemical_park {
        None => Finding::unknown(need),
        Some(true) => Finding::met(FULL, need, Value::Flag(true)),
        Some(false) => Finding::short(0, need, Value::Flag(false)),
    })
}

/// A distance in whole metres, for points only.
pub(in crate::matching) fn metres(km: f64) -> i128 {
    (km * 1000.0).round() as i128
}

pub(in crate::matching) fn near(case: &Case<'_>) -> Option<Finding> {
    let near = case.requirement.near?;
    let need = Value::Number(near.max_km);
    let Some(point) = case.listing.point else { return Some(Finding::unknown(need)) };
    let most = near.max_km.to_f64();
    let distance = distance_km(Point { lng: near.lng.to_f64(), lat: near.lat.to_f64() }, point);
    let offer = Value::Number(ceil4(distance));
    Some(if distance <= most {
        let away = super::permille(metres(distance), metres(most));
        Finding::met(FULL - SHORT * away / FULL, need, offer)
    } else {
        Finding::short(super::short_fit(metres(most), metres(distance)), need, offer).by(ceil4(distance - most))
    })
}

/// Kilometres rounded up at the fourth place.
fn ceil4(km: f64) -> Decimal {
    Decimal::from_micro((km * 10_000.0).ceil() as i64 * 100)
}

pub(in crate::matching) fn level(case: &Case<'_>) -> Option<Finding> {
    let wanted = &case.requirement.park_levels;
    if wanted.is_empty() {
        return None;
    }
    let need = Value::Words(wanted.iter().map(|level| level.word()).collect());
    let Some(level) = case.listing.level else { return Some(Finding::unknown(need)) };
    let offer = Value::Word(level.word());
    Some(if wanted.contains(&level) { Finding::met(FULL, need, offer) } else { Finding::short(0, need, offer) })
}

pub(in crate::matching) fn available(case: &Case<'_>) -> Option<Finding> {
    let by = case.requirement.available_by?;
    let need = Value::Date(by);
    Some(match (case.listing.status, case.listing.available_from) {
        (Some(Status::Reserved), _) => Finding { offer: Value::Word("reserved"), ..Finding::unknown(need) },
        (Some(Status::Available), None) => Finding::met(FULL, need, Value::Word("available")),
        (_, None) => Finding::unknown(need),
        (_, Some(from)) if from <= by => Finding::met(FULL, need, Value::Date(from)),
        (_, Some(from)) => {
            let late = (from - by).num_days();
            Finding::short(SHORT - late, need, Value::Date(from)).by(Decimal::from_int(late))
        }
    })
}
