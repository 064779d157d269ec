//! Criteria of one figure, offered ≥ needed: power, height, floor load, desks.

use crate::matching::rule::*;

pub(super) fn judge(needed: Decimal, offered: Option<Decimal>) -> Finding {
    let need = Value::Number(needed);
    let Some(offered) = offered else { return Finding::unknown(need) };
    let [asked, there] = [needed, offered].map(|figure| i128::from(figure.micro()));
    let offer = Value::Number(Decimal::ceil4(there, SCALE.into()));
    Finding::measured(Formula::Excess, there, Ends { least: Some(asked), most: None }, SCALE.into(), [need, offer])
}

pub(super) fn predicate(needed: Decimal, figure: Figure) -> Predicate {
    Predicate::within(Magnitude::Cell(figure), Some(needed), None)
}
