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
        (None, _) => Finding::met(FULL, need, offer),
        (Some(min), Some(there)) => {
            Finding::compared(there.micro().into(), min.micro().into(), SCALE.into(), FULL, need, offer)
        }
    }
}

fn plot_land(take: Mu, range: Range) -> Finding {
    let (need, offer) = (Value::Range(range), Value::Number(take.ceil4()));
    let units = |end: Decimal| i128::from(Mu::from_mu(end).units());
    let there = i128::from(take.units());
    let (min, max) = (range.min.map(units), range.max.map(units));
    let (enough, asked) = match max {
        Some(max) if there > max => (max, there),
        _ => (there, min.unwrap_or_default()),
    };
    Finding::compared(enough, asked, UNITS_PER_MU, met_fit(there, min, max), need, offer)
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
    if kind == Kind::Park {
        let at_least = |min| steps(min).map_or(Predicate::Judge, |least| Predicate::at_least(Figure::SIZE, least));
        return Some(range.min.map_or(Predicate::Met, at_least));
    }
    let (least, most) = (range.min.map(land), range.max.map(land));
    let fits = least != Some(None) && most != Some(None);
    let (least, most) = (least.flatten(), most.flatten());
    let magnitude = Magnitude::Take(least.unwrap_or_default());
    Some(if fits { Predicate::Within { magnitude, least, most } } else { Predicate::Judge })
}
