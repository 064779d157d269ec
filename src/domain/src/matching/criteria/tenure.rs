//! Tenure: offered on the wanted terms. A plot without terms is sold; a space is sold where it has a price and let where it
//! has a rent, else blank.

use crate::matching::rule::*;
use crate::requirement::Tenure;

pub(super) fn wanted(requirement: &Requirement) -> Option<Wanted> {
    let term = requirement.tenure?;
    Some(Wanted { need: Value::Word(term.word()), met: flags::TERMS.flag(term as usize), known: flags::TERMS.any() })
}

pub(super) fn own(listing: &Listing) -> Own {
    let terms = match &listing.detail {
        Detail::Plot(plot) if plot.tenure.is_empty() => vec![Tenure::Buy],
        Detail::Plot(plot) => plot.tenure.clone(),
        Detail::Space(space) if space.tenure.is_empty() => {
            let buy = space.price_yuan_m2.map(|_| Tenure::Buy);
            let lease = space.rent_yuan_m2_month.map(|_| Tenure::Lease);
            buy.into_iter().chain(lease).collect()
        }
        Detail::Space(space) => space.tenure.clone(),
        Detail::Park(_) => Vec::new(),
    };
    let words = terms.iter().map(|term| term.word()).collect();
    let offer = if terms.is_empty() { Value::Nothing } else { Value::Words(words) };
    (terms.into_iter().fold(0, |all, term| all | flags::TERMS.flag(term as usize)), offer)
}
