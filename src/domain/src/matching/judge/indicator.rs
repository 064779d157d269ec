//! A plot's control indicators: what the plot demands, against what the requirement commits to.

use super::{Case, FULL, Finding, Value, short_fit};
use crate::area::{Mu, UNITS_PER_MU};
use crate::decimal::{Decimal, SCALE};

/// An exact fraction, not negative; the denominator is positive.
#[derive(Clone, Copy, Debug)]
pub(in crate::matching) struct Ratio {
    pub(in crate::matching) over: i128,
    pub(in crate::matching) under: i128,
}

impl Ratio {
    pub(in crate::matching) fn ceil4(self) -> Decimal {
        Decimal::ceil4(self.over, self.under)
    }
}

/// A threshold against a commitment, where both are there.
///
/// `required` is what the plot demands, `None` where it is blank; `offered` what the requirement commits to in the
/// same fraction's denominator, or `Unbounded` where a divisor is zero.
fn judged(case: &Case<'_>, threshold: Option<Required>, offered: Option<Offered>) -> Option<Finding> {
    let plot = case.plot()?;
    let Some(offered) = offered else {
        return threshold.map(|required| Finding::unstated(required.value()));
    };
    let need = offered.value();
    match threshold {
        None => plot.is_controlled().then(|| Finding::unknown(need)),
        // The threshold is there, the land that it is for is not.
        Some(Required::NoLand) => Some(Finding::unknown(need)),
        Some(Required::Figure(required)) => {
            let offer = Value::Number(required.ceil4());
            let Offered::Figure(committed) = offered else { return Some(Finding::met(FULL, need, offer)) };
            // A record may hold any figure that its columns take; past i128 nothing is fulfilled anyway.
            let (there, asked) = (committed.over * required.under, required.over.saturating_mul(committed.under));
            Some(if there >= asked {
                Finding::met(FULL, need, offer)
            } else {
                Finding::short(short_fit(there, asked), need, offer)
                    .by(Decimal::ceil4(asked - there, required.under * committed.under))
            })
        }
    }
}

/// What a plot demands.
enum Required {
    Figure(Ratio),
    /// A threshold per mu of a plot whose area is blank.
    NoLand,
}

impl Required {
    fn value(&self) -> Value {
        match self {
            Self::Figure(ratio) => Value::Number(ratio.ceil4()),
            Self::NoLand => Value::Nothing,
        }
    }

    /// A figure as it stands.
    fn plain(threshold: Decimal) -> Self {
        Self::Figure(plain(threshold))
    }

    /// A threshold per mu times the take.
    fn at_take(per_mu: Decimal, take: Option<Mu>) -> Self {
        match take {
            None => Self::NoLand,
            Some(take) => Self::Figure(at_land(per_mu, take)),
        }
    }
}

/// A threshold per mu times an area.
pub(in crate::matching) fn at_land(per_mu: Decimal, land: Mu) -> Ratio {
    Ratio { over: i128::from(per_mu.micro()) * i128::from(land.units()), under: UNITS_PER_MU * i128::from(SCALE) }
}

const fn plain(figure: Decimal) -> Ratio {
    Ratio { over: figure.micro() as i128, under: SCALE as i128 }
}

/// What a requirement commits to.
enum Offered {
    Figure(Ratio),
    /// Value added per nothing used.
    Unbounded,
}

impl Offered {
    fn plain(figure: Decimal) -> Self {
        Self::Figure(plain(figure))
    }

    fn per(figure: Option<Decimal>, used: Option<Decimal>) -> Option<Self> {
        let (figure, used) = figure.zip(used)?;
        Some(if used == Decimal::ZERO {
            Self::Unbounded
        } else {
            Self::Figure(Ratio { over: figure.micro().into(), under: used.micro().into() })
        })
    }

    fn value(&self) -> Value {
        match self {
            Self::Figure(ratio) => Value::Number(ratio.ceil4()),
            Self::Unbounded => Value::Nothing,
        }
    }
}

pub(in crate::matching) fn tax(case: &Case<'_>) -> Option<Finding> {
    let required = case.plot()?.tax_wan_mu.map(|per_mu| Required::at_take(per_mu, case.take));
    judged(case, required, case.requirement.tax_wan.map(Offered::plain))
}

pub(in crate::matching) fn investment(case: &Case<'_>) -> Option<Finding> {
    let required = case.plot()?.invest_intensity_wan_mu.map(|per_mu| Required::at_take(per_mu, case.take));
    judged(case, required, case.requirement.fixed_investment_wan.map(Offered::plain))
}

pub(in crate::matching) fn output(case: &Case<'_>) -> Option<Finding> {
    let required = case.plot()?.output_wan_mu.map(|per_mu| Required::at_take(per_mu, case.take));
    judged(case, required, case.requirement.output_wan.map(Offered::plain))
}

pub(in crate::matching) fn rd(case: &Case<'_>) -> Option<Finding> {
    judged(case, case.plot()?.rd_pct.map(Required::plain), case.requirement.rd_percent.map(Offered::plain))
}

pub(in crate::matching) fn energy(case: &Case<'_>) -> Option<Finding> {
    let offered = Offered::per(case.requirement.value_added_wan, case.requirement.energy_tce);
    judged(case, case.plot()?.energy_va_wan_tce.map(Required::plain), offered)
}

pub(in crate::matching) fn emission(case: &Case<'_>) -> Option<Finding> {
    let offered = Offered::per(case.requirement.value_added_wan, case.requirement.emission_t);
    judged(case, case.plot()?.emission_va_wan_t.map(Required::plain), offered)
}
