//! Which listings are considered at all.

use crate::listing::{Kind, Listing};
use crate::region::divisions;
use crate::requirement::Requirement;

/// The kinds that a requirement wants: those it names, else those that its areas speak of.
#[must_use]
pub fn wanted_kinds(requirement: &Requirement) -> Vec<Kind> {
    if !requirement.kinds.is_empty() {
        return requirement.kinds.clone();
    }
    match (requirement.land_mu.is_some(), requirement.floor_m2.is_some()) {
        (true, false) => vec![Kind::Plot, Kind::Park],
        (false, true) => vec![Kind::Space],
        _ => Kind::ALL.to_vec(),
    }
}

/// Whether a listing is judged: offered, of a wanted kind, and not known to lie in an excluded division.
#[must_use]
pub fn is_considered(listing: &Listing, requirement: &Requirement) -> bool {
    listing.is_offered()
        && wanted_kinds(requirement).contains(&listing.kind())
        && !listing
            .division
            .is_some_and(|own| requirement.exclude_regions.iter().any(|&outer| divisions().covers(outer, own)))
}
