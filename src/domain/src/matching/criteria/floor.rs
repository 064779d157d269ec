//! Floor: the range asked overlaps the range on offer, which goes from a space's smallest part to its free area. Where
//! the smallest part is larger than the free area, the range on offer is empty: short.

use crate::matching::figure::steps;
use crate::matching::rule::*;
use crate::requirement::Range;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let (space, range) = (case.space()?, case.requirement.floor_m2?);
    let need = Value::Range(range);
    let Some(there) = space.available_m2 else { return Some(Finding::unknown(need)) };
    let offer = Value::Range(Range { min: space.min_lettable_m2, max: Some(there) });
    let least = space.min_lettable_m2.unwrap_or_default().max(range.min.unwrap_or_default());
    let most = range.max.map_or(there, |max| max.min(there));
    Some(Finding::compared(most.micro().into(), least.micro().into(), SCALE.into(), FULL, need, offer))
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let range = requirement.floor_m2?;
    let (least, most) = (range.min.map_or(Some(0), steps), range.max.map_or(Some(u64::MAX), steps));
    let ends = least.zip(most);
    Some(ends.map_or(Predicate::Judge, |(least, most)| Predicate::Floor { least, most }))
}
