//! Chemical park: used only where the requirement has `true`; the park's `no` is short, a blank or no park `unknown`.

use crate::matching::rule::*;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    case.requirement.chemical.filter(|&must| must)?;
    let need = Value::Flag(true);
    Some(match case.listing.chemical_park {
        None => Finding::unknown(need),
        Some(is_chemical) => Finding::whole(is_chemical, need, Value::Flag(is_chemical)),
    })
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let met = flags::CHEMICAL;
    (requirement.chemical == Some(true)).then_some(Predicate::Flags { met, known: met | flags::NOT_CHEMICAL })
}
