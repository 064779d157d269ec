//! Verdict of one criterion on one listing: gap, fit and both sides as pages show them.

use chrono::NaiveDate;
use serde::Serialize;

use super::criterion::Formula;
use super::figure::cut;
use crate::area::Mu;
use crate::decimal::{Decimal, SCALE};
use crate::industry::IndustryCode;
use crate::listing::{Detail, Listing, Plot};
use crate::region::DivisionCode;
use crate::requirement::{Range, Requirement};

/// Verdict of a criterion on a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Stated and fulfilled.
    Met,
    /// Stated by the requirement, blank in the listing's record.
    Unknown,
    /// Demanded by the listing, not stated by the requirement.
    Unstated,
    /// Stated and not fulfilled.
    Short,
}

/// One side of a criterion, as pages format it and the API prints it: a number, a word, a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Blank; `null`.
    #[default]
    Nothing,
    /// A figure in the criterion's unit; rounded up at the fourth place.
    Number(Decimal),
    Range(Range),
    Word(&'static str),
    Words(Vec<&'static str>),
    /// Of the facilities asked, those that are there and those that are not; the record is silent on the others.
    Facilities {
        /// Codes.
        has: Vec<&'static str>,
        /// Codes.
        lacks: Vec<&'static str>,
    },
    /// Text of the record, unchanged.
    Text(String),
    /// A division; its name is in [`crate::region::divisions`].
    Region(DivisionCode),
    Regions(Vec<DivisionCode>),
    /// Industries; their names are in [`crate::industry::industries`].
    Industries(Vec<IndustryCode>),
    Date(NaiveDate),
    Flag(bool),
}

impl Value {
    pub(super) fn industries(codes: &[IndustryCode]) -> Self {
        if codes.is_empty() { Self::Nothing } else { Self::Industries(codes.to_vec()) }
    }
}

/// The full fit of a criterion, ‰ of its points.
pub(super) const FULL: i64 = 1000;
/// The fit of a blank record, ‰.
pub(super) const SILENT: i64 = 300;
/// The largest fit of a shortfall, ‰; a met figure loses at most as much.
pub(super) const SHORT: i64 = 400;
/// The most fit that excess costs, ‰.
const EXCESS: i64 = 200;

/// A verdict with its reasons.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) need: Value,
    pub(super) offer: Value,
    pub(super) gap: Option<Decimal>,
    /// ‰ of the criterion's points, before freshness.
    pub(super) fit: i64,
}

impl Finding {
    fn new(verdict: Verdict, fit: i64, need: Value, offer: Value) -> Self {
        Self { verdict, need, offer, gap: None, fit: fit.clamp(0, FULL) }
    }

    pub(super) fn met(fit: i64, need: Value, offer: Value) -> Self {
        Self::new(Verdict::Met, fit, need, offer)
    }

    pub(super) fn unknown(need: Value) -> Self {
        Self::new(Verdict::Unknown, SILENT, need, Value::Nothing)
    }

    pub(super) fn unstated(offer: Value) -> Self {
        Self::new(Verdict::Unstated, 0, Value::Nothing, offer)
    }

    /// All points or none; `None` where the record is silent.
    pub(super) fn whole(is_met: impl Into<Option<bool>>, need: Value, offer: Value) -> Self {
        match is_met.into() {
            Some(true) => Self::met(FULL, need, offer),
            Some(false) => Self::short(0, need, offer),
            None => Self { offer, ..Self::unknown(need) },
        }
    }

    /// A shortfall without a figure.
    pub(super) fn short(fit: i64, need: Value, offer: Value) -> Self {
        Self::new(Verdict::Short, fit, need, offer)
    }

    /// A figure against the ends asked, both in `per_unit` parts of the unit, with the fit of a formula; need and offer.
    pub(super) fn measured(formula: Formula, there: i128, ends: Ends, per_unit: i128, sides: [Value; 2]) -> Self {
        let [need, offer] = sides;
        let (fit, (part, asked)) = (ends.fit(formula, there, per_unit), ends.sides(there));
        if part < asked {
            return Self { gap: Some(ends.gap(there, per_unit)), ..Self::short(fit, need, offer) };
        }
        Self::met(fit, need, offer)
    }
}

/// The ends between which a figure is asked, each where present.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) least: Option<i128>,
    pub(super) most: Option<i128>,
}

impl Ends {
    /// The smaller and the larger side of a comparison: what is there and what is asked, or the most and what is there.
    fn sides(self, there: i128) -> (i128, i128) {
        match self.least {
            Some(least) if there < least => (there, least),
            _ => (self.most.unwrap_or(there), there),
        }
    }

    /// The least and the most cell between them.
    #[inline(always)]
    pub(super) fn cells(self) -> [u32; 2] {
        [self.least.unwrap_or(0), self.most.unwrap_or(i128::MAX)].map(cut)
    }

    /// The gap of a figure that is outside, rounded up at the fourth place.
    pub(super) fn gap(self, there: i128, per_unit: i128) -> Decimal {
        let (part, asked) = self.sides(there);
        Decimal::ceil4(asked - part, per_unit)
    }

    /// The ends that a gap and the next ten-thousandth are added to, for limits may be rounded down.
    pub(super) fn widened(self, gap: Decimal, per_unit: i128) -> Self {
        let by = i128::from(gap.micro() + 100) * per_unit / i128::from(SCALE);
        Self { least: self.least.map(|least| least - by), most: self.most.map(|most| most + by) }
    }

    /// The figure that loses nothing by a formula, and how far from it all is lost that a met one can; `None` for formulas
    /// without one.
    pub(super) fn best(self, formula: Formula) -> Option<(i128, i128)> {
        match (formula, self.least, self.most) {
            (Formula::Headroom, _, Some(most)) => Some((0, most)),
            (Formula::Middle, None, Some(most)) => Some((most, most)),
            (Formula::Middle, Some(least), Some(most)) => Some((i128::midpoint(least, most), (most - least) / 2)),
            _ => None,
        }
    }

    /// The fit of a figure by a formula, ‰ (in words: `README.md` beside this file).
    #[inline]
    pub(super) fn fit(self, formula: Formula, there: i128, per_unit: i128) -> i64 {
        let (part, asked) = self.sides(there);
        if part < asked {
            let late = || i64::try_from((asked - part) / per_unit).unwrap_or(SHORT);
            return if formula == Formula::Days { (SHORT - late()).max(0) } else { short_fit(part, asked) };
        }
        let (most_lost, lost) = match (formula, self.least, self.most) {
            (Formula::Middle, Some(least), Some(most)) => {
                (SHORT, permille((2 * there - least - most).abs(), most - least))
            }
            (Formula::Middle, Some(least), None) => (SHORT, permille(there - least, there)),
            (Formula::Middle, None, Some(most)) => (SHORT, permille(most - there, most)),
            (Formula::Headroom, _, Some(most)) => (SHORT, permille(there, most)),
            (Formula::Excess, Some(least), _) => (EXCESS, permille(there - least, there)),
            _ => (0, 0),
        };
        FULL - most_lost * lost / FULL
    }
}

/// One listing and one requirement, with the take that several criteria share.
pub(super) struct Case<'a> {
    pub(super) requirement: &'a Requirement,
    pub(super) listing: &'a Listing,
    /// The land that a plot would supply.
    pub(super) take: Option<Mu>,
}

impl<'a> Case<'a> {
    pub(super) fn new(requirement: &'a Requirement, listing: &'a Listing) -> Self {
        let case = Self { requirement, listing, take: None };
        let take = case.plot().and_then(|plot| plot.take(requirement.land_mu.and_then(|range| range.min)));
        Self { take, ..case }
    }

    pub(super) fn plot(&self) -> Option<&'a Plot> {
        if let Detail::Plot(plot) = &self.listing.detail { Some(plot) } else { None }
    }
}

/// An exact fraction, not negative; the denominator is positive where it is divided by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ratio {
    pub(super) over: i128,
    pub(super) under: i128,
}

impl Ratio {
    pub(super) fn ceil4(self) -> Decimal {
        Decimal::ceil4(self.over, self.under)
    }
}

/// `part` of `whole` in ‰, floored, between 0 and 1000; 0 of 0 is 0.
pub(super) fn permille(part: i128, whole: i128) -> i64 {
    if part <= 0 {
        return 0;
    }
    if part >= whole {
        return FULL;
    }
    // Most figures fit machine words, which divide many times faster.
    match (u64::try_from(part * i128::from(FULL)), u64::try_from(whole)) {
        (Ok(scaled), Ok(whole)) => (scaled / whole) as i64,
        _ => (part * i128::from(FULL) / whole) as i64,
    }
}

/// The fit of a shortfall: [`SHORT`] times the share of the figure asked that is there.
pub(super) fn short_fit(there: i128, asked: i128) -> i64 {
    SHORT * permille(there, asked) / FULL
}
