//! Changes of two criteria, for requirements that no single change opens anything to.

use std::collections::BTreeMap;

use super::answer::{Change, Half, Judged, Match, Pair};
use super::criterion::Criterion;
use super::judge::Value;
use super::plan::covers;
use super::relax::{industries_of, is_relaxable, region_value, words};
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::listing::Listing;
use crate::region::DivisionCode;

/// The most pairs that an answer lists.
const MOST_PAIRS: usize = 5;
/// What accepting another value weighs beside figures, which weigh their share of what was asked.
const VALUE_WEIGHT: f64 = 1.0;

/// One shortfall of a listing with two, in the form that changes are compared in.
#[derive(Clone, Debug)]
struct Shortfall {
    criterion: Criterion,
    unit: Option<&'static str>,
    /// The gap, or the values of which one is to be accepted.
    gap: Option<Decimal>,
    values: Vec<String>,
    weight: f64,
}

/// A listing with exactly two shortfalls, both of which can be accepted.
struct Candidate<'l> {
    listing: &'l Listing,
    shortfalls: [Shortfall; 2],
}

/// The best two-criterion changes: for each two criteria the one that asks least of the enterprise, as a share of
/// what it asked (accepting another value counts like a whole), with how many listings it opens; least first.
pub(super) fn pairs<'l>(judged: impl Iterator<Item = (&'l Listing, Match)>) -> Vec<Pair> {
    let candidates: Vec<Candidate<'_>> = judged.filter_map(|(listing, found)| candidate(listing, &found)).collect();
    type Key = [(Criterion, Option<&'static str>); 2];
    let mut best: BTreeMap<Key, &Candidate<'_>> = BTreeMap::new();
    for candidate in &candidates {
        let key = candidate.key();
        let lighter = best.get(&key).is_none_or(|best| candidate.order(best).is_lt());
        if lighter {
            best.insert(key, candidate);
        }
    }
    let mut best: Vec<&Candidate<'_>> = best.into_values().collect();
    best.sort_by(|a, b| a.order(b));
    best.truncate(MOST_PAIRS);
    best.into_iter().map(|best| best.pair(&candidates)).collect()
}

fn candidate<'l>(listing: &'l Listing, found: &Match) -> Option<Candidate<'l>> {
    let short: Vec<&Judged> = found.shortfalls().collect();
    match short[..] {
        [first, second] if is_relaxable(first.criterion) && is_relaxable(second.criterion) => {
            Some(Candidate { listing, shortfalls: [shortfall(listing, first), shortfall(listing, second)] })
        }
        _ => None,
    }
}

fn shortfall(listing: &Listing, short: &Judged) -> Shortfall {
    let values = match (short.gap, short.criterion) {
        (Some(_), _) => Vec::new(),
        (None, Criterion::Region) => listing.division.map(|own| region_value(own).to_string()).into_iter().collect(),
        (None, Criterion::Industry) => industries_of(listing).iter().map(|code| code.division().to_string()).collect(),
        (None, criterion) => words(listing, criterion).into_iter().map(str::to_owned).collect(),
    };
    let weight = short.gap.map_or(VALUE_WEIGHT, |gap| gap.to_f64() / asked(&short.need).max(f64::EPSILON));
    Shortfall { criterion: short.criterion, unit: short.unit, gap: short.gap, values, weight }
}

/// What was asked, to weigh a gap by: a number, an end of a range, a year of days.
fn asked(need: &Value) -> f64 {
    match need {
        Value::Number(number) => number.to_f64().max(1.0),
        Value::Range(range) => range.min.or(range.max).map_or(1.0, Decimal::to_f64).max(1.0),
        _ => 365.0,
    }
}

impl Candidate<'_> {
    fn key(&self) -> [(Criterion, Option<&'static str>); 2] {
        self.shortfalls.each_ref().map(|short| (short.criterion, short.unit))
    }

    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let weight = |candidate: &Self| candidate.shortfalls.iter().map(|short| short.weight).sum::<f64>();
        let by_weight = weight(self).total_cmp(&weight(other));
        by_weight.then_with(|| self.listing.id.as_bytes().cmp(other.listing.id.as_bytes()))
    }

    fn pair(&self, all: &[Candidate<'_>]) -> Pair {
        let opens = |other: &&Candidate<'_>| {
            let [first, second] = &self.shortfalls;
            let [theirs, others] = &other.shortfalls;
            first.opens(theirs, other.listing) && second.opens(others, other.listing)
        };
        Pair { changes: self.shortfalls.each_ref().map(Shortfall::half), opens: all.iter().filter(opens).count() }
    }
}

impl Shortfall {
    fn half(&self) -> Half {
        let change = match self.gap {
            Some(gap) => Change::By(gap),
            None => Change::Accept(self.values.first().cloned().unwrap_or_default()),
        };
        Half { criterion: self.criterion, unit: self.unit, change }
    }

    /// Whether this change also makes up for another listing's shortfall.
    fn opens(&self, other: &Self, listing: &Listing) -> bool {
        if (self.criterion, self.unit) != (other.criterion, other.unit) {
            return false;
        }
        match (self.half().change, other.gap) {
            (Change::By(gap), Some(theirs)) => theirs <= gap,
            (Change::Accept(value), None) if self.criterion == Criterion::Region => {
                let outer = DivisionCode::parse(&value);
                outer.zip(listing.division).is_some_and(|(outer, own)| covers(outer, own))
            }
            (Change::Accept(value), None) if self.criterion == Criterion::Industry => {
                let outer = IndustryCode::parse(&value);
                outer.is_some_and(|outer| industries_of(listing).iter().any(|&code| outer.contains(code)))
            }
            (Change::Accept(value), None) => other.values.contains(&value),
            _ => false,
        }
    }
}
