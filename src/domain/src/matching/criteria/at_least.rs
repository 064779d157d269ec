//! Criteria of one figure, offered ≥ needed: power, height, floor load, desks.

use crate::matching::figure::steps;
use crate::matching::rule::*;

/// The most fit that excess costs, ‰.
const EXCESS: i64 = 200;

pub(super) fn judge(needed: Decimal, offered: Option<Decimal>) -> Finding {
    let need = Value::Number(needed);
    let Some(offered) = offered else { return Finding::unknown(need) };
    let [asked, there] = [needed, offered].map(|figure| i128::from(figure.micro()));
    let offer = Value::Number(Decimal::ceil4(there, SCALE.into()));
    Finding::compared(there, asked, SCALE.into(), met_fit(there, asked), need, offer)
}

/// The fit of a figure that is enough: less the greater the excess.
pub(in crate::matching) fn met_fit(there: i128, asked: i128) -> i64 {
    FULL - EXCESS * permille(there - asked, there) / FULL
}

pub(super) fn predicate(needed: Decimal, figure: Figure) -> Predicate {
    steps(needed).map_or(Predicate::Judge, |least| Predicate::at_least(figure, least))
}
