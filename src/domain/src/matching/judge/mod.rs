//! One listing judged against one requirement by one criterion: verdict, gap and fit, in words that pages can show.

pub(super) mod building;
pub(super) mod indicator;
pub(super) mod land;
pub(super) mod place;

use chrono::NaiveDate;
use serde::Serialize;

use crate::area::Mu;
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::listing::{Detail, Listing, Plot, Space};
use crate::region::DivisionCode;
use crate::requirement::{Range, Requirement};

/// What a criterion says of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Stated and fulfilled.
    Met,
    /// Stated by the requirement; the listing's record is silent.
    Unknown,
    /// Demanded by the listing; the requirement is silent.
    Unstated,
    /// Stated and not fulfilled.
    Short,
}

/// One side of a criterion, as pages format it and the API prints it: a number, a word, a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Silence; `null`.
    Nothing,
    /// A figure in the criterion's unit; rounded up at the fourth place.
    Number(Decimal),
    /// Two ends, or one.
    Range(Range),
    /// A word of an enumeration.
    Word(&'static str),
    /// Words of an enumeration.
    Words(Vec<&'static str>),
    /// As the record has it.
    Text(String),
    /// A division; its name is in [`crate::region::divisions`].
    Region(DivisionCode),
    /// Divisions.
    Regions(Vec<DivisionCode>),
    /// Industries; their names are in [`crate::industry::industries`].
    Industries(Vec<IndustryCode>),
    /// A day.
    Date(NaiveDate),
    /// yes or no.
    Flag(bool),
}

impl Value {
    pub(super) fn number(number: Option<Decimal>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }

    pub(super) fn industries(codes: &[IndustryCode]) -> Self {
        if codes.is_empty() { Self::Nothing } else { Self::Industries(codes.to_vec()) }
    }
}

/// The full fit of a criterion, in ‰ of its points.
pub(super) const FULL: i64 = 1000;
/// The fit of a listing whose record is silent, ‰.
pub(super) const SILENT: i64 = 300;
/// The most that a shortfall leaves, ‰.
pub(super) const SHORT: i64 = 400;

/// A verdict with its reasons.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) need: Value,
    pub(super) offer: Value,
    pub(super) gap: Option<Decimal>,
    /// ‰ of the criterion's points, before staleness.
    pub(super) fit: i64,
}

impl Finding {
    fn new(verdict: Verdict, fit: i64, need: Value, offer: Value) -> Self {
        Self { verdict, need, offer, gap: None, fit: fit.clamp(0, FULL) }
    }

    fn met(fit: i64, need: Value, offer: Value) -> Self {
        Self::new(Verdict::Met, fit, need, offer)
    }

    fn unknown(need: Value) -> Self {
        Self::new(Verdict::Unknown, SILENT, need, Value::Nothing)
    }

    fn unstated(offer: Value) -> Self {
        Self::new(Verdict::Unstated, 0, Value::Nothing, offer)
    }

    fn short(fit: i64, need: Value, offer: Value) -> Self {
        Self::new(Verdict::Short, fit, need, offer)
    }

    fn by(mut self, gap: Decimal) -> Self {
        self.gap = Some(gap);
        self
    }
}

/// One listing and one requirement, with what several criteria share.
pub(super) struct Case<'a> {
    pub(super) requirement: &'a Requirement,
    pub(super) listing: &'a Listing,
    /// The land that a plot would supply.
    pub(super) take: Option<Mu>,
}

impl<'a> Case<'a> {
    pub(super) fn new(requirement: &'a Requirement, listing: &'a Listing) -> Self {
        let take = match &listing.detail {
            Detail::Plot(plot) => plot.take(requirement.land_mu.and_then(|range| range.min)),
            _ => None,
        };
        Self { requirement, listing, take }
    }

    fn plot(&self) -> Option<&'a Plot> {
        match &self.listing.detail {
            Detail::Plot(plot) => Some(plot),
            _ => None,
        }
    }

    fn space(&self) -> Option<&'a Space> {
        match &self.listing.detail {
            Detail::Space(space) => Some(space),
            _ => None,
        }
    }
}

impl Plot {
    /// The land that the plot would supply to a need of at least `least` mu: the whole, unless a smaller part is sold
    /// and will do.
    #[must_use]
    pub fn take(&self, least: Option<Decimal>) -> Option<Mu> {
        let area = self.area?;
        let Some(part) = self.min_divisible else { return Some(area) };
        let smallest = least.map_or(part, |least| part.max(Mu::from_mu(least)));
        Some(smallest.min(area))
    }

    /// Whether the plot has control indicators, and so is silent on its blank ones.
    #[must_use]
    pub fn is_controlled(&self) -> bool {
        let indicators = [
            self.invest_intensity_wan_mu,
            self.tax_wan_mu,
            self.output_wan_mu,
            self.rd_pct,
            self.energy_va_wan_tce,
            self.emission_va_wan_t,
        ];
        self.standard_land || indicators.iter().any(Option::is_some)
    }
}

/// `part` of `whole` in ‰, floored, between 0 and 1000; nothing of nothing is nothing.
pub(super) fn permille(part: i128, whole: i128) -> i64 {
    if part <= 0 {
        return 0;
    }
    if part >= whole {
        return FULL;
    }
    // The narrow columns' figures divide as machine words.
    match (u64::try_from(part * i128::from(FULL)), u64::try_from(whole)) {
        (Ok(scaled), Ok(whole)) => (scaled / whole) as i64,
        _ => (part * i128::from(FULL) / whole) as i64,
    }
}

/// The fit of a shortfall: [`SHORT`] times the share of the figure asked that is there.
pub(super) fn short_fit(there: i128, asked: i128) -> i64 {
    SHORT * permille(there, asked) / FULL
}
