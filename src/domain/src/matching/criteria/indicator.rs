//! Control indicators: a plot's thresholds, those per mu at its take, against the requirement's commitments. Value added per
//! unit used is blank without both numbers.

use crate::area::{Mu, UNITS_PER_MU};
use crate::decimal::SCALE;
use crate::listing::Plot;
use crate::matching::figure::{LAND_PER_MU, land, steps};
use crate::matching::rule::*;

/// One control indicator.
pub(in crate::matching) struct Indicator {
    pub(in crate::matching) figure: Figure,
    pub(in crate::matching) threshold: fn(&Plot) -> Option<Decimal>,
    pub(in crate::matching) offered: fn(&Requirement) -> Option<Decimal>,
    pub(super) basis: Basis,
}

/// The quantity that a threshold bounds.
pub(in crate::matching) enum Basis {
    /// The amount offered per mu of the take.
    PerMu,
    /// The figure offered, unchanged.
    Plain,
    /// Value added per unit of the amount used.
    PerUsed,
}

/// A requirement's commitment.
enum Commitment {
    Figure(Ratio),
    /// Value added per nothing used.
    Unbounded,
}

/// A threshold per mu times an area.
pub(in crate::matching) fn at_land(per_mu: Decimal, land: Mu) -> Ratio {
    Ratio { over: i128::from(per_mu.micro()) * i128::from(land.units()), under: UNITS_PER_MU * i128::from(SCALE) }
}

fn plain(figure: Decimal) -> Ratio {
    Ratio { over: figure.micro().into(), under: SCALE.into() }
}

impl Indicator {
    fn commitment(&self, requirement: &Requirement) -> Option<Commitment> {
        let offered = (self.offered)(requirement)?;
        Some(match (&self.basis, offered) {
            (Basis::PerMu | Basis::Plain, _) => Commitment::Figure(plain(offered)),
            (Basis::PerUsed, Decimal::ZERO) => requirement.value_added_wan.map(|_| Commitment::Unbounded)?,
            (Basis::PerUsed, used) => {
                let added = requirement.value_added_wan?;
                Commitment::Figure(Ratio { over: added.micro().into(), under: used.micro().into() })
            }
        })
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
        let need = if let Commitment::Figure(ratio) = committed { number(ratio) } else { Value::Nothing };
        match (required, committed) {
            (None, _) => plot.is_controlled().then(|| Finding::unknown(need)),
            (Some(None), _) => Some(Finding::unknown(need)),
            (Some(Some(required)), Commitment::Unbounded) => Some(Finding::met(FULL, need, number(required))),
            (Some(Some(required)), Commitment::Figure(committed)) => Some(compared(required, committed, need)),
        }
    }

    pub(super) fn predicate(&self, requirement: &Requirement) -> Option<Predicate> {
        let figure = self.figure;
        let Some(commitment) = self.commitment(requirement) else { return Some(Predicate::Demand(figure)) };
        let per_mu = || {
            let least_land = requirement.land_mu.and_then(|range| range.min).map_or(Some(0), land)?;
            let most = steps((self.offered)(requirement)?)? * LAND_PER_MU;
            Some(Predicate::PerMu { figure, most, least_land })
        };
        let predicate = match (&self.basis, commitment) {
            (Basis::PerMu, _) => per_mu(),
            (_, Commitment::Unbounded) => Some(Predicate::Threshold { figure, most: u64::MAX }),
            (_, Commitment::Figure(Ratio { over, under })) => {
                let most = over.checked_mul(10_000).and_then(|over| u64::try_from(over / under).ok());
                most.map(|most| Predicate::Threshold { figure, most })
            }
        };
        Some(predicate.unwrap_or(Predicate::Judge))
    }
}

fn compared(required: Ratio, committed: Ratio, need: Value) -> Finding {
    let offer = Value::Number(required.ceil4());
    // A record may hold any figure that its columns take; past i128 nothing is fulfilled anyway.
    let (there, asked) = (committed.over * required.under, required.over.saturating_mul(committed.under));
    if there >= asked {
        return Finding::met(FULL, need, offer);
    }
    let gap = Decimal::ceil4(asked - there, required.under * committed.under);
    Finding::short(short_fit(there, asked), need, offer).by(gap)
}
