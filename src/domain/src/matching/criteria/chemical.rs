//! Chemical park: used only where the requirement has `true`; the park's `no` is short, a blank or no park `unknown`.

use crate::matching::rule::*;

pub(super) fn wanted(requirement: &Requirement) -> Option<Wanted> {
    requirement.chemical.filter(|&must| must)?;
    Some(Wanted { need: Value::Flag(true), met: flags::CHEMICAL, known: flags::CHEMICAL | flags::NOT_CHEMICAL })
}

pub(super) fn own(listing: &Listing) -> Own {
    let flag = |is_chemical| if is_chemical { flags::CHEMICAL } else { flags::NOT_CHEMICAL };
    listing.chemical_park.map(|is_chemical| (flag(is_chemical), Value::Flag(is_chemical))).unwrap_or_default()
}
