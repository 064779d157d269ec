//! Fire class: the building may hold what is as dangerous as the need, or more dangerous.

use crate::matching::rule::*;
use crate::requirement::FireClass;

pub(super) fn wanted(requirement: &Requirement) -> Option<Wanted> {
    let wanted = requirement.fire_class?;
    let enough = FireClass::WORDS.iter().filter(|(_, offered)| offered.allows(wanted));
    let met = enough.fold(0, |met, &(_, offered)| met | flags::FIRE_CLASSES.flag(offered as usize));
    Some(Wanted { need: Value::Word(wanted.word()), met, known: flags::FIRE_CLASSES.any() })
}

pub(super) fn own(listing: &Listing) -> Own {
    let class = if let Detail::Space(space) = &listing.detail { space.fire_class } else { None };
    class.map(|class| (flags::FIRE_CLASSES.flag(class as usize), Value::Word(class.word()))).unwrap_or_default()
}
