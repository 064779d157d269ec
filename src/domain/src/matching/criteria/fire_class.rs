//! Fire class: the building may hold what is as dangerous as the need, or more dangerous.

use crate::matching::rule::*;
use crate::requirement::FireClass;

/// The class of a listing's building.
pub(in crate::matching) fn fire_class_of(listing: &Listing) -> Option<FireClass> {
    if let Detail::Space(space) = &listing.detail { space.fire_class } else { None }
}

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let wanted = case.requirement.fire_class?;
    let need = Value::Word(wanted.word());
    let Some(offered) = fire_class_of(case.listing) else { return Some(Finding::unknown(need)) };
    Some(Finding::whole(offered.allows(wanted), need, Value::Word(offered.word())))
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let wanted = requirement.fire_class?;
    let enough = FireClass::WORDS.iter().filter(|(_, offered)| offered.allows(wanted));
    let met = enough.fold(0, |met, &(_, offered)| met | flags::fire_class(offered));
    Some(Predicate::Flags { met, known: flags::ANY_FIRE_CLASS })
}
