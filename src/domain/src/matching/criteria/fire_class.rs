//! Fire class: the building may hold what is as dangerous as the need, or more dangerous.

use crate::matching::rule::*;
use crate::requirement::FireClass;

pub(super) fn wanted(requirement: &Requirement) -> Option<Wanted> {
    let wanted = requirement.fire_class?;
    let enough = FireClass::WORDS.iter().filter(|(_, offered)| offered.allows(wanted));
    let met = enough.fold(0, |met, &(_, offered)| met | flags::fire_class(offered));
    Some(Wanted { need: Value::Word(wanted.word()), met, known: flags::ANY_FIRE_CLASS })
}

pub(super) fn own(listing: &Listing) -> Own {
    let class = if let Detail::Space(space) = &listing.detail { space.fire_class } else { None };
    class.map(|class| (flags::fire_class(class), Value::Word(class.word()))).unwrap_or_default()
}
