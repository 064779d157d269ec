//! Floor: the range asked overlaps the range on offer, which goes from a space's smallest part to its free area. Where
//! the smallest part is larger than the free area, the range on offer is empty: short.

use crate::matching::rule::*;
use crate::requirement::Range;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let (Detail::Space(space), range) = (&case.listing.detail, case.requirement.floor_m2?) else { return None };
    let need = Value::Range(range);
    let Some(there) = space.available_m2 else { return Some(Finding::unknown(need)) };
    let offer = Value::Range(Range { min: space.min_lettable_m2, max: Some(there) });
    let least = space.min_lettable_m2.unwrap_or_default().max(range.min.unwrap_or_default());
    let most = range.max.map_or(there, |max| max.min(there));
    let ends = Ends { least: Some(least.micro().into()), most: None };
    Some(Finding::measured(Formula::Shortfall, most.micro().into(), ends, SCALE.into(), [need, offer]))
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let range = requirement.floor_m2?;
    let ends = Magnitude::Cell(Figure::SIZE).ends(range.min, range.max);
    Some(ends.map_or(Predicate::Judge, Predicate::Floor))
}
