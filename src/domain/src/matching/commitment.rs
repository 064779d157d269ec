//! Commitment check (标准地对赌预检): each control indicator of a plot against what a requirement commits to.

use serde::Serialize;

use super::criteria::{Basis, Rule, TABLE, at_land};
use super::criterion::Criterion;
use super::finding::{Case, Value, Verdict};
use crate::area::{Mu, UNITS_PER_MU};
use crate::decimal::{Decimal, SCALE};
use crate::listing::{Detail, Listing, Plot};
use crate::requirement::Requirement;

/// One control indicator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommitmentLine {
    pub criterion: Criterion,
    /// Met, short, unknown or unstated.
    pub verdict: Verdict,
    /// The unit of the three figures.
    pub unit: Option<&'static str>,
    /// The plot's demand for this take; rounded up.
    pub required: Option<Decimal>,
    /// The requirement's commitment; rounded up.
    pub offered: Option<Decimal>,
    /// Commitment minus demand; negative where short, never rounded in the enterprise's favour.
    pub margin: Option<Decimal>,
}

/// All of a plot's control indicators against one requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommitmentCheck {
    /// The land that the plot would supply, mu.
    pub take_mu: Option<Decimal>,
    /// Every indicator that the plot demands or the requirement states.
    pub lines: Vec<CommitmentLine>,
    /// The tax needed for this take, 万元 per year; none without a threshold.
    pub tax_needed_wan: Option<Decimal>,
    /// The smallest land that passes every stated indicator, mu; none where no part does, or the area is blank.
    pub smallest_mu: Option<Decimal>,
    /// The largest land that passes every stated indicator, mu.
    pub largest_mu: Option<Decimal>,
}

/// Checks a requirement's commitments against a plot; `None` for parks and spaces.
///
/// The land that passes is between the smallest part that the plot sells and its whole, at the requirement's fixed
/// amounts; indicators that either side leaves open bound nothing.
#[must_use]
pub fn check_commitment(plot: &Listing, requirement: &Requirement) -> Option<CommitmentCheck> {
    let Detail::Plot(detail) = &plot.detail else { return None };
    let case = Case::new(requirement, plot);
    let indicators = TABLE.iter().filter(|spec| matches!(spec.rule, Rule::Indicator(_)));
    let lines: Vec<CommitmentLine> = indicators.filter_map(|spec| line(&case, spec.criterion)).collect();
    let passes = passing(detail, requirement, &lines);
    Some(CommitmentCheck {
        take_mu: case.take.map(Mu::ceil4),
        tax_needed_wan: detail.tax_wan_mu.zip(case.take).map(|(per_mu, take)| at_land(per_mu, take).ceil4()),
        smallest_mu: passes.map(|(smallest, _)| smallest.ceil4()),
        largest_mu: passes
            .map(|(_, largest)| if Some(largest) == detail.area { largest.ceil4() } else { floor4(largest) }),
        lines,
    })
}

/// Returns the fields of a requirement that a plot's stated indicators are compared with, and the land asked for; none
/// where it states no indicator.
#[must_use]
pub fn commitment_fields(plot: &Plot) -> Vec<&'static str> {
    let stated = TABLE.iter().filter(|spec| match &spec.rule {
        Rule::Indicator(indicator) => (indicator.threshold)(plot).is_some(),
        _ => false,
    });
    let mut fields: Vec<&'static str> = Vec::new();
    for field in stated.flat_map(|spec| spec.fields.iter().copied()) {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    if !fields.is_empty() {
        fields.insert(0, Criterion::Land.spec().fields[0]);
    }
    fields
}

fn line(case: &Case<'_>, criterion: Criterion) -> Option<CommitmentLine> {
    let finding = criterion.spec().judge(case)?;
    let figure = |value: &Value| if let Value::Number(number) = value { Some(*number) } else { None };
    let (required, offered) = (figure(&finding.offer), figure(&finding.need));
    let margin = match finding.gap {
        Some(gap) => Some(Decimal::from_micro(-gap.micro())),
        None => required
            .zip(offered)
            .map(|(required, offered)| Decimal::from_micro(offered.micro().saturating_sub(required.micro()).max(0))),
    };
    let unit = criterion.unit(crate::listing::Kind::Plot);
    Some(CommitmentLine { criterion, verdict: finding.verdict, unit, required, offered, margin })
}

/// The smallest and the largest land on which every stated indicator is met.
fn passing(plot: &Plot, requirement: &Requirement, lines: &[CommitmentLine]) -> Option<(Mu, Mu)> {
    let area = plot.area?;
    let smallest = plot.min_divisible.map_or(area, |part| part.min(area));
    let mut largest = area;
    for line in lines {
        let Rule::Indicator(indicator) = &line.criterion.spec().rule else { continue };
        let sides = (indicator.threshold)(plot).zip((indicator.offered)(requirement));
        match sides {
            Some((per_mu, offered)) if indicator.basis == Basis::PerMu => {
                largest = most_land(per_mu, offered).map_or(largest, |most| most.min(largest));
            }
            _ if line.verdict == Verdict::Short => return None,
            _ => {}
        }
    }
    (smallest <= largest).then_some((smallest, largest))
}

/// The most land that an amount carries at a threshold per mu; `None` where the threshold is nothing.
fn most_land(per_mu: Decimal, offered: Decimal) -> Option<Mu> {
    let units = i128::from(offered.micro()) * UNITS_PER_MU / i128::from(per_mu.micro()).max(1);
    (per_mu > Decimal::ZERO).then(|| Mu::from_units(i64::try_from(units).unwrap_or(i64::MAX)))
}

/// Mu, rounded down at the fourth place: never more than passes.
fn floor4(land: Mu) -> Decimal {
    let step = (UNITS_PER_MU / 10_000) as i64;
    Decimal::from_micro(land.units() / step * (SCALE / 10_000))
}
