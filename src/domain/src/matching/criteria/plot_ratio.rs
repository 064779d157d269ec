//! Plot ratio: within the plot's ends, each where present. Short has no gap and no relaxation.

use crate::matching::rule::*;
use crate::requirement::Range;

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let (plot, wanted) = (case.plot()?, case.requirement.plot_ratio?);
    let need = Value::Number(wanted);
    if plot.far_min.is_none() && plot.far_max.is_none() {
        return Some(Finding::unknown(need));
    }
    let offer = Value::Range(Range { min: plot.far_min, max: plot.far_max });
    let fits = plot.far_min.is_none_or(|least| least <= wanted) && plot.far_max.is_none_or(|most| wanted <= most);
    Some(Finding::whole(fits, need, offer))
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    requirement.plot_ratio.map(|_| Predicate::Judge)
}
