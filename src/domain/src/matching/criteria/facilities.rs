//! Facilities: the listing has each one asked. One that is in both of its lists, it has.

use crate::facility::FacilitySet;
use crate::matching::rule::*;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let asked: FacilitySet = case.requirement.facilities.iter().copied().collect();
    if asked == FacilitySet::default() {
        return None;
    }
    let codes = |some: FacilitySet| some.iter().map(crate::facility::Facility::code).collect::<Vec<_>>();
    let own = case.listing.facilities;
    let (has, lacks) = (codes(asked.both(own.has)), codes(asked.both(own.lacks)));
    let need = Value::Words(codes(asked));
    let is_met = has.len() == asked.iter().count();
    let is_known = is_met || !lacks.is_empty();
    let offer = if has.is_empty() && lacks.is_empty() { Value::Nothing } else { Value::Facilities { has, lacks } };
    Some(Finding::whole(is_known.then_some(is_met), need, offer))
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let asked = &requirement.facilities;
    let all = |run: flags::Run| asked.iter().fold(0, |all, facility| all | run.flag(facility.index()));
    (!asked.is_empty()).then(|| Predicate::Every { has: all(flags::HAD), lacks: all(flags::LACKED) })
}
