//! Level: the park's level is one of those wanted.

use crate::matching::rule::*;

pub(super) fn wanted(requirement: &Requirement) -> Option<Wanted> {
    let levels = &requirement.park_levels;
    let met = levels.iter().fold(0, |met, &level| met | flags::LEVELS.flag(level as usize));
    let need = Value::Words(levels.iter().map(|level| level.word()).collect());
    (met != 0).then_some(Wanted { need, met, known: flags::LEVELS.any() })
}

pub(super) fn own(listing: &Listing) -> Own {
    listing.level.map(|level| (flags::LEVELS.flag(level as usize), Value::Word(level.word()))).unwrap_or_default()
}
