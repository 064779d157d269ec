//! Available: free by the day asked. A reserved listing is blank at every date.

use crate::listing::Status;
use crate::matching::figure::{STEPS_PER_DAY, day_number};
use crate::matching::rule::*;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let by = case.requirement.available_by?;
    let need = Value::Date(by);
    Some(match (case.listing.status, case.listing.available_from) {
        (Some(Status::Reserved), _) => Finding { offer: Value::Word("reserved"), ..Finding::unknown(need) },
        (Some(Status::Available), None) => Finding::met(FULL, need, Value::Word("available")),
        (_, None) => Finding::unknown(need),
        (_, Some(from)) if from <= by => Finding::met(FULL, need, Value::Date(from)),
        (_, Some(from)) => {
            let late = (from - by).num_days();
            Finding::short_by(Decimal::from_int(late), SHORT - late, need, Value::Date(from))
        }
    })
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let by = u64::try_from(day_number(requirement.available_by?)).unwrap_or_default();
    Some(Predicate::at_most(Magnitude::Cell(Figure::AVAILABLE), by * u64::from(STEPS_PER_DAY)))
}
