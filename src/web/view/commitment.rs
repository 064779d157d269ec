//! A plot's control indicators: beside the average of its park and the reference of the policies, and the check of one's own
//! figures against them.

use domain::decimal::{Decimal, SCALE};
use domain::listing::Kind;
use domain::matching::{CommitmentCheck, CommitmentLine};
use domain::record::{Record, Table as _};
use domain::requirement::Word as _;
use domain::unit::Unit;
use serde::Serialize;

use super::listing::INDICATORS;
use super::verdict::verdict_code;
use crate::i18n::{
    LabelledValue, Locale, Notation, hundredths, quantity, quantity_near, quantity_up, say, spoken_down, tell, word,
};

/// One line of the commitment check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is what its name says, in words")]
pub struct CheckLineView {
    pub code: &'static str,
    pub label: String,
    pub verdict: String,
    pub required: String,
    pub offered: String,
    pub margin: String,
}

/// The commitment check in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckView {
    /// The land of the calculation.
    pub take: Option<String>,
    /// The tax needed per year.
    pub tax_needed: Option<String>,
    /// The range of land for which the figures suffice.
    pub land: String,
    /// One line per indicator.
    pub lines: Vec<CheckLineView>,
}

/// A control indicator with the figures that it is read beside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndicatorView {
    /// The name of its column.
    pub name: String,
    /// The label.
    pub label: String,
    /// The plot's own figure.
    pub value: String,
    /// The average of its park.
    pub average: Option<String>,
    /// A published target, with its year and source.
    pub reference: Option<String>,
}

/// The target of tax per mu, 万元, in the policy on development zones of Zhejiang: for comparison, never a reason to refuse.
const REFERENCE_TAX: i64 = 42;
/// The year of that target.
const REFERENCE_YEAR: &str = "2025";
/// Plots from which an average is one.
const LEAST_PLOTS: usize = 2;

/// Returns indicators with the averages of the plots of their park, the plot itself among them.
#[must_use]
pub fn indicators<'r>(
    notation: Notation,
    own: Vec<LabelledValue>,
    park: &(impl Iterator<Item = &'r Record> + Clone),
) -> Vec<IndicatorView> {
    let view = |fact: LabelledValue| IndicatorView {
        average: average(notation, &fact.name, park.clone()),
        reference: (fact.name == "tax_wan_mu").then(|| reference(notation)),
        name: fact.name,
        label: fact.label,
        value: fact.value,
    };
    own.into_iter().filter(|fact| INDICATORS.contains(&fact.name.as_str())).map(view).collect()
}

fn average<'r>(notation: Notation, name: &str, park: impl Iterator<Item = &'r Record>) -> Option<String> {
    let unit = Kind::Plot.column(name)?.unit()?;
    let plots = park.filter(|record| record.kind() == Kind::Plot);
    let figures: Vec<i64> = plots.filter_map(|record| record.decimal(name)).map(Decimal::micro).collect();
    if figures.len() < LEAST_PLOTS {
        return None;
    }
    let sum: i128 = figures.iter().map(|&micro| i128::from(micro)).sum();
    let mean = Decimal::ceil4(sum, figures.len() as i128 * i128::from(SCALE));
    let args = [("n", figures.len().to_string()), ("value", quantity_near(notation, mean, unit.word()))];
    Some(say(notation.locale, "listing.park_average", &[("n", &args[0].1), ("value", &args[1].1)]))
}

fn reference(notation: Notation) -> String {
    let value = quantity(notation, Decimal::from_int(REFERENCE_TAX), Unit::WanPerMu.word());
    say(notation.locale, "listing.tax_reference", &[("value", &value), ("year", REFERENCE_YEAR)])
}

/// Returns the commitment check in words: what is demanded rounded up, what passes rounded down.
#[must_use]
pub fn check(notation: Notation, check: &CommitmentCheck) -> CheckView {
    let locale = notation.locale;
    let mu = |land: Decimal| quantity_near(notation, land, "mu");
    let land = match check.smallest_mu.zip(check.largest_mu) {
        Some((smallest, largest)) => {
            say(locale, "listing.land_passes", &[("smallest", &mu(smallest)), ("largest", &mu(passing(largest)))])
        }
        None => tell(locale, "listing.land_fails"),
    };
    let tax = |amount| say(locale, "listing.tax_needed", &[("amount", &quantity_up(locale, amount, "wan"))]);
    CheckView {
        take: check.take_mu.map(|take| say(locale, "listing.take", &[("take", &mu(take))])),
        tax_needed: check.tax_needed_wan.map(tax),
        land,
        lines: check.lines.iter().map(|line| check_line(locale, line)).collect(),
    }
}

/// Hundredths that surely pass.
fn passing(largest: Decimal) -> Decimal {
    let near = hundredths(largest);
    if near > largest { Decimal::from_micro(near.micro() - SCALE / 100) } else { near }
}

fn check_line(locale: Locale, line: &CommitmentLine) -> CheckLineView {
    let unit = match line.unit {
        Some("points") => "percent",
        Some(unit) => unit,
        None => "ratio",
    };
    let silence = |key: &str| tell(locale, key);
    let code = verdict_code(line.verdict);
    CheckLineView {
        code,
        label: word(locale, "criterion", line.criterion.id()),
        verdict: tell(locale, &format!("verdict.{code}")),
        required: line.required.map_or_else(|| silence("format.silent"), |it| required(locale, it, unit)),
        offered: line.offered.map_or_else(|| silence("format.unfilled"), |it| quantity_near(locale, it, unit)),
        margin: line
            .margin
            .map_or_else(|| "–".to_owned(), |it| quantity(locale, spoken_down(it), line.unit.unwrap_or("ratio"))),
    }
}

/// Totals of a year or a project are rounded up; quotients and shares are the indicator itself.
fn required(locale: Locale, figure: Decimal, unit: &str) -> String {
    match unit {
        "wan" | "wan/year" => quantity_up(locale, figure, unit),
        _ => quantity_near(locale, figure, unit),
    }
}
