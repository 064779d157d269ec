//! Region: the listing's division equals a wanted one or is inside one. A listing known only to a division that contains
//! a wanted one is `unknown`, even where other wanted divisions do not contain it.

use crate::matching::nearness::{Nearness, fit_of};
use crate::matching::place::{covers, extent};
use crate::matching::rule::*;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let wanted = &case.requirement.regions;
    if wanted.is_empty() {
        return None;
    }
    let need = Value::Regions(wanted.clone());
    let Some(own) = case.listing.division else { return Some(Finding::unknown(need)) };
    let is_met = wanted.iter().any(|&outer| covers(outer, own));
    let may_be = wanted.iter().any(|&inner| covers(own, inner));
    let offer = Value::Region(own);
    if is_met || may_be {
        return Some(Finding::whole(is_met.then_some(true), need, offer));
    }
    let extents: Vec<_> = wanted.iter().map(|code| extent(code.get())).collect();
    Some(Finding::short(fit_of(own.get(), &extents), need, offer))
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let extents: Vec<_> = requirement.regions.iter().map(|code| extent(code.get())).collect();
    (!extents.is_empty()).then(|| Predicate::Regions(extents.clone(), Nearness::new(&extents)))
}
