//! Level: the park's level is one of those wanted.

use crate::matching::rule::*;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let wanted = &case.requirement.park_levels;
    if wanted.is_empty() {
        return None;
    }
    let need = Value::Words(wanted.iter().map(|level| level.word()).collect());
    let Some(level) = case.listing.level else { return Some(Finding::unknown(need)) };
    Some(Finding::whole(wanted.contains(&level), need, Value::Word(level.word())))
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let met = requirement.park_levels.iter().fold(0, |met, &level| met | flags::level(level));
    (met != 0).then_some(Predicate::Flags { met, known: flags::ANY_LEVEL })
}
