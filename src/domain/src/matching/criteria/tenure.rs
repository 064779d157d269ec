//! Tenure: offered on the wanted terms. A plot without terms is sold; a space is sold where it has a price and let where it
//! has a rent, else blank.

use crate::matching::rule::*;
use crate::requirement::Tenure;

/// The terms on which a listing is offered; empty is blank.
pub(in crate::matching) fn terms(listing: &Listing) -> Vec<Tenure> {
    match &listing.detail {
        Detail::Plot(plot) if plot.tenure.is_empty() => vec![Tenure::Buy],
        Detail::Plot(plot) => plot.tenure.clone(),
        Detail::Space(space) if space.tenure.is_empty() => {
            let buy = space.price_yuan_m2.map(|_| Tenure::Buy);
            let lease = space.rent_yuan_m2_month.map(|_| Tenure::Lease);
            buy.into_iter().chain(lease).collect()
        }
        Detail::Space(space) => space.tenure.clone(),
        Detail::Park(_) => Vec::new(),
    }
}

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let wanted = case.requirement.tenure?;
    let need = Value::Word(wanted.word());
    let terms = terms(case.listing);
    if terms.is_empty() {
        return Some(Finding::unknown(need));
    }
    let offer = Value::Words(terms.iter().map(|term| term.word()).collect());
    Some(Finding::whole(terms.contains(&wanted), need, offer))
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    requirement.tenure.map(|term| Predicate::Flags { met: flags::term(term), known: flags::ANY_TERM })
}
