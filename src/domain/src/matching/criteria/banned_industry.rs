//! Banned industry: short where a code of the listing's negative list equals or contains the requirement's code. A list
//! that bans only part of that code does not refuse it; a blank list bans nothing.

use crate::matching::rule::*;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let banned = &case.listing.banned_industries;
    let offer = Value::industries(banned);
    let Some(wanted) = case.requirement.industry else {
        return (!banned.is_empty()).then(|| Finding::unstated(offer));
    };
    let is_banned = banned.iter().any(|code| code.contains(wanted));
    Some(Finding::whole(!is_banned, Value::Industries(vec![wanted]), offer))
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    Some(requirement.industry.map_or(Predicate::Demand(Figure::BANNED), Predicate::Banned))
}
