//! Available: free by the day asked. A reserved listing is blank at every date.

use chrono::Datelike as _;

use crate::listing::Status;
use crate::matching::figure::day_number;
use crate::matching::rule::*;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let by = case.requirement.available_by?;
    let need = Value::Date(by);
    Some(match (case.listing.status, case.listing.available_from) {
        (Some(Status::Reserved), _) => Finding { offer: Value::Word("reserved"), ..Finding::unknown(need) },
        (Some(Status::Available), None) => Finding::met(FULL, need, Value::Word("available")),
        (_, None) => Finding::unknown(need),
        (_, Some(from)) => {
            let [there, most] = [from, by].map(|day| i128::from(day.num_days_from_ce()));
            let ends = Ends { least: None, most: Some(most) };
            Finding::measured(Formula::Days, there, ends, 1, [need, Value::Date(from)])
        }
    })
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let by = Decimal::from_int(day_number(requirement.available_by?));
    Some(Predicate::within(Magnitude::Cell(Figure::AVAILABLE), None, Some(by)))
}
