//! Control indicators: a plot's thresholds, those per mu at its take, against the requirement's commitments. Value added per
//! unit used is blank without both numbers.

use crate::area::{Mu, UNITS_PER_MU};
use crate::listing::Plot;
use crate::matching::figure::{STEPS, least_land};
use crate::matching::rule::*;

pub(in crate::matching) struct Indicator {
    pub(in crate::matching) threshold: fn(&Plot) -> Option<Decimal>,
    pub(in crate::matching) offered: fn(&Requirement) -> Option<Decimal>,
    pub(in crate::matching) basis: Basis,
}

/// The quantity that a threshold bounds.
#[derive(PartialEq, Eq)]
pub(in crate::matching) enum Basis {
    /// The amount offered per mu of the take.
    PerMu,
    /// The figure offered, unchanged.
    Plain,
    /// Value added per unit of the amount used.
    PerUsed,
}

pub(in crate::matching) fn at_land(per_mu: Decimal, land: Mu) -> Ratio {
    Ratio { over: i128::from(per_mu.micro()) * i128::from(land.units()), under: UNITS_PER_MU * i128::from(SCALE) }
}

fn plain(figure: Decimal) -> Ratio {
    Ratio { over: figure.micro().into(), under: SCALE.into() }
}

impl Indicator {
    /// The requirement's commitment; over zero where nothing is used, which no threshold exceeds.
    fn commitment(&self, requirement: &Requirement) -> Option<Ratio> {
        let offered = (self.offered)(requirement)?;
        if self.basis != Basis::PerUsed {
            return Some(plain(offered));
        }
        Some(Ratio { over: requirement.value_added_wan?.micro().into(), under: offered.micro().into() })
    }

    /// The figure that a plot demands at a take; `None` where it is per mu and the area is blank.
    fn required(&self, threshold: Decimal, take: Option<Mu>) -> Option<Ratio> {
        match self.basis {
            Basis::PerMu => take.map(|take| at_land(threshold, take)),
            Basis::Plain | Basis::PerUsed => Some(plain(threshold)),
        }
    }

    pub(super) fn judge(&self, case: &Case<'_>) -> Option<Finding> {
        let plot = case.plot()?;
        let required = (self.threshold)(plot).map(|threshold| self.required(threshold, case.take));
        let number = |ratio: Ratio| Value::Number(ratio.ceil4());
        let Some(committed) = self.commitment(case.requirement) else {
            return required.map(|required| Finding::unstated(required.map_or(Value::Nothing, number)));
        };
        let need = if committed.under == 0 { Value::Nothing } else { number(committed) };
        match required {
            None => plot.is_controlled().then(|| Finding::unknown(need)),
            Some(None) => Some(Finding::unknown(need)),
            Some(Some(required)) => {
                // A record may hold any figure that its columns take; past i128 nothing is fulfilled anyway.
                let asked = required.over.saturating_mul(committed.under);
                let (there, per_unit) = (committed.over * required.under, required.under * committed.under);
                let ends = Ends { least: Some(asked), most: None };
                Some(Finding::measured(Formula::Shortfall, there, ends, per_unit, [need, number(required)]))
            }
        }
    }

    pub(super) fn predicate(&self, requirement: &Requirement, figure: Figure) -> Option<Predicate> {
        let Some(committed) = self.commitment(requirement) else { return Some(Predicate::Demand(figure)) };
        let predicate = if self.basis == Basis::PerMu {
            let magnitude = least_land(requirement).map(|least| Magnitude::PerMu(figure, least));
            magnitude.map(|magnitude| Predicate::within(magnitude, None, (self.offered)(requirement)))
        } else {
            let most = committed.over.checked_mul(STEPS.into()).and_then(|over| over.checked_div(committed.under));
            most.map(|most| Predicate::Within(Magnitude::Threshold(figure), Ends { least: None, most: Some(most) }))
        };
        Some(predicate.unwrap_or(Predicate::Judge))
    }
}
