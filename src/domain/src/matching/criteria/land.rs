//! Land: a plot's take within the range asked; a park's land at least its lower end, and met without one even where its own
//! figure is blank. A plot without an area is blank.

use crate::area::{Mu, UNITS_PER_MU};
use crate::matching::figure::least_land;
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
    let Some(least) = range.min else { return Finding::met(FULL, need, offer) };
    let Some(there) = there else { return Finding::unknown(need) };
    let [there, least] = [there, least].map(|land| i128::from(land.micro()));
    Finding::measured(Formula::Shortfall, there, Ends { least: Some(least), most: None }, SCALE.into(), [need, offer])
}

fn plot_land(take: Mu, range: Range) -> Finding {
    let units = |end: Decimal| i128::from(Mu::from_mu(end).units());
    let ends = Ends { least: range.min.map(units), most: range.max.map(units) };
    let (need, offer) = (Value::Range(range), Value::Number(take.ceil4()));
    Finding::measured(Formula::Middle, take.units().into(), ends, UNITS_PER_MU, [need, offer])
}

pub(super) fn predicate(requirement: &Requirement, kind: Kind) -> Option<Predicate> {
    let range = requirement.land_mu?;
    Some(match (kind, range.min) {
        (Kind::Park, None) => Predicate::Met,
        (Kind::Park, least) => Predicate::within(Magnitude::Cell(Figure::SIZE), least, None),
        (_, least) => Predicate::within(Magnitude::Take(least_land(requirement).unwrap_or_default()), least, range.max),
    })
}
