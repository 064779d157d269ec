//! Industry: one of the listing's codes equals, contains or is contained in the requirement's code. A listing that
//! admits certain industries demands it; without codes it is blank.

use crate::industry::IndustryCode;
use crate::matching::rule::*;

/// Fit lost per level between two related codes, ‰.
const LEVEL_STEP: i64 = 150;

/// The industries that a listing admits; none: blank.
pub(in crate::matching) fn industries_of(listing: &Listing) -> &[IndustryCode] {
    match &listing.detail {
        Detail::Plot(plot) => &plot.industries,
        Detail::Space(space) => &space.industries,
        Detail::Park(_) => &[],
    }
}

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let codes = industries_of(case.listing);
    let offer = Value::industries(codes);
    let Some(wanted) = case.requirement.industry else {
        return (!codes.is_empty()).then(|| Finding::unstated(offer));
    };
    let need = Value::Industries(vec![wanted]);
    if codes.is_empty() {
        return Some(Finding::unknown(need));
    }
    Some(match met_fit(codes, wanted) {
        Some(fit) => Finding::met(fit, need, offer),
        None => Finding::whole(false, need, offer),
    })
}

/// The fit of codes of which one is related to the requirement's; `None` where none is.
pub(in crate::matching) fn met_fit(codes: &[IndustryCode], wanted: IndustryCode) -> Option<i64> {
    let related = codes.iter().filter(|code| code.related(wanted));
    related.map(|&code| FULL - LEVEL_STEP * levels_between(code, wanted)).max()
}

/// Levels of the classification between two related codes, 0 to 3.
fn levels_between(a: IndustryCode, b: IndustryCode) -> i64 {
    let depth = |code: IndustryCode| i64::from(code.digits().saturating_sub(1));
    (depth(a) - depth(b)).abs()
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    Some(requirement.industry.map_or(Predicate::Demand(Figure::INDUSTRIES), Predicate::Industry))
}
