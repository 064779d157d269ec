//! Land: a plot's take within the range asked; a park's land at least its lower end, and met without one even where its own
//! figure is blank. A plot without an area is blank.

use crate::area::{Mu, UNITS_PER_MU};
use crate::matching::figure::{land, steps};
use crate::matching::rule::*;
use crate::requirement::Range;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let range = case.requirement.land_mu?;
    let need = Value::Range(range);
    match &case.listing.detail {
        Detail::Space(_) => None,
        Detail::Park(park) => Some(park_land(park.available_land_mu, range)),
        Detail::Plot(_) => Some(case.take.map_or_else(|| Finding::unknown(need), |take| plot_land(take, range))),
    }
}

fn park_land(there: Option<Decimal>, range: Range) -> Finding {
    let (need, offer) = (Value::Range(range), there.map_or(Value::Nothing, Value::Number));
    match (range.min, there) {
        (Some(_), None) => Finding::unknown(need),
        (Some(min), Some(there)) if there < min => {
            Finding::short(short_fit(there.micro().into(), min.micro().into()), need, offer).by(difference(min, there))
        }
        _ => Finding::met(FULL, need, offer),
    }
}

fn plot_land(take: Mu, range: Range) -> Finding {
    let (need, offer) = (Value::Range(range), Value::Number(take.ceil4()));
    let units = |end: Decimal| i128::from(Mu::from_mu(end).units());
    let there = i128::from(take.units());
    match (range.min.map(units), range.max.map(units)) {
        (Some(min), _) if there < min => {
            Finding::short(short_fit(there, min), need, offer).by(Decimal::ceil4(min - there, UNITS_PER_MU))
        }
        (_, Some(max)) if there > max => {
            Finding::short(short_fit(max, there), need, offer).by(Decimal::ceil4(there - max, UNITS_PER_MU))
        }
        (min, max) => Finding::met(met_fit(there, min, max), need, offer),
    }
}

/// The fit of a take inside the range: less the further it is from the middle (two ends) or from its one end.
pub(in crate::matching) fn met_fit(there: i128, min: Option<i128>, max: Option<i128>) -> i64 {
    let off = match (min, max) {
        (Some(min), Some(max)) => permille((2 * there - min - max).abs(), max - min),
        (Some(min), None) => permille(there - min, there),
        (None, Some(max)) => permille(max - there, max),
        (None, None) => 0,
    };
    FULL - SHORT * off / FULL
}

pub(super) fn predicate(requirement: &Requirement, kind: Kind) -> Option<Predicate> {
    let range = requirement.land_mu?;
    let narrow = |end: fn(Decimal) -> Option<u64>| match (range.min.map(end), range.max.map(end)) {
        (Some(None), _) | (_, Some(None)) => None,
        (least, most) => Some((least.flatten(), most.flatten())),
    };
    Some(match (kind, range.min) {
        (Kind::Park, None) => Predicate::Met,
        (Kind::Park, Some(min)) => {
            steps(min).map_or(Predicate::Judge, |least| Predicate::AtLeast { figure: Figure::SIZE, least })
        }
        _ => narrow(land).map_or(Predicate::Judge, |(least, most)| Predicate::Land {
            least_land: least.unwrap_or_default(),
            least,
            most,
        }),
    })
}
