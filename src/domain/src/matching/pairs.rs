//! Changes of two criteria, for requirements to which no single change opens anything.

use std::collections::BTreeMap;

use super::answer::{Change, Half, Judged, Match, Pair};
use super::columns::flags_of;
use super::criteria::industries_of;
use super::criterion::{Criterion, Relaxing};
use super::finding::Value;
use super::flags::words;
use super::place::{extent, holds, region_value};
use crate::decimal::Decimal;
use crate::listing::Listing;

/// The most pairs that an answer lists.
const MOST_PAIRS: usize = 5;
/// Weight of one more accepted value; figures weigh their share of the figure asked.
const VALUE_WEIGHT: f64 = 1.0;
/// Divisor of a gap of days: gaps of all criteria are compared as shares.
const DAYS_PER_YEAR: f64 = 365.0;

/// A listing with exactly two shortfalls, both of which can be accepted.
struct Candidate<'l> {
    listing: &'l Listing,
    changes: [Half; 2],
    weight: f64,
}

/// The best two-criterion changes: for each two criteria the one that asks least of the enterprise, as a share of the
/// figure asked (one more accepted value counts like a whole), with how many listings it opens; least first.
pub(super) fn pairs<'l>(judged: impl Iterator<Item = (&'l Listing, Match)>) -> Vec<Pair> {
    let candidates: Vec<Candidate<'_>> = judged.filter_map(|(listing, found)| candidate(listing, &found)).collect();
    let mut best: BTreeMap<_, &Candidate<'_>> = BTreeMap::new();
    for candidate in &candidates {
        let kept = best.entry(candidate.changes.each_ref().map(Half::key)).or_insert(candidate);
        if candidate.order(kept).is_lt() {
            *kept = candidate;
        }
    }
    let mut best: Vec<&Candidate<'_>> = best.into_values().collect();
    best.sort_by(|a, b| a.order(b));
    best.truncate(MOST_PAIRS);
    let opens = |changes: &[Half; 2]| candidates.iter().filter(|other| other.is_opened_by(changes)).count();
    best.into_iter().map(|best| Pair { changes: best.changes.clone(), opens: opens(&best.changes) }).collect()
}

fn candidate<'l>(listing: &'l Listing, found: &Match) -> Option<Candidate<'l>> {
    let short: Vec<&Judged> = found.shortfalls().collect();
    let is_relaxable = |short: &Judged| short.criterion.spec().relaxing != Relaxing::Never;
    let [first, second] = short[..] else { return None };
    let weight =
        |short: &Judged| short.gap.map_or(VALUE_WEIGHT, |gap| gap.to_f64() / asked(&short.need).max(f64::EPSILON));
    if !is_relaxable(first) || !is_relaxable(second) {
        return None;
    }
    let changes = [half(listing, first)?, half(listing, second)?];
    Some(Candidate { listing, changes, weight: weight(first) + weight(second) })
}

/// The change that makes up for a shortfall; `None` where it takes several.
fn half(listing: &Listing, short: &Judged) -> Option<Half> {
    let value = || match short.criterion.spec().relaxing {
        Relaxing::Drop => short.only_lacking().map(str::to_owned),
        _ => values(listing, short.criterion).into_iter().next(),
    };
    let change = if let Some(gap) = short.gap { Change::By(gap) } else { Change::Accept(value()?) };
    Some(Half { criterion: short.criterion, unit: short.unit, change })
}

/// The values of which one is to be accepted for a listing.
fn values(listing: &Listing, criterion: Criterion) -> Vec<String> {
    match criterion {
        Criterion::Region => listing.division.iter().map(|own| region_value(own.get()).to_string()).collect(),
        Criterion::Industry => industries_of(listing).iter().map(|code| code.division().to_string()).collect(),
        _ => {
            let flags = flags_of(listing);
            let own = words(criterion).into_iter().filter(|(_, flag)| flags & flag != 0);
            own.map(|(word, _)| word.to_owned()).collect()
        }
    }
}

/// The figure asked, to weigh a gap by: a number, an end of a range, a year of days.
fn asked(need: &Value) -> f64 {
    match need {
        Value::Number(number) => number.to_f64().max(1.0),
        Value::Range(range) => range.min.or(range.max).map_or(1.0, Decimal::to_f64).max(1.0),
        _ => DAYS_PER_YEAR,
    }
}

impl Candidate<'_> {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let by_weight = self.weight.total_cmp(&other.weight);
        by_weight.then_with(|| self.listing.id.as_bytes().cmp(other.listing.id.as_bytes()))
    }

    fn is_opened_by(&self, changes: &[Half; 2]) -> bool {
        changes.iter().zip(&self.changes).all(|(change, own)| change.makes_up_for(own, self.listing))
    }
}

impl Half {
    fn key(&self) -> (Criterion, Option<&'static str>) {
        (self.criterion, self.unit)
    }

    /// Whether this change also makes up for another listing's shortfall.
    fn makes_up_for(&self, other: &Self, listing: &Listing) -> bool {
        self.key() == other.key()
            && match (&self.change, &other.change) {
                (Change::By(gap), Change::By(theirs)) => theirs <= gap,
                (Change::Accept(value), Change::Accept(theirs)) if self.criterion.spec().relaxing == Relaxing::Drop => {
                    value == theirs
                }
                (Change::Accept(value), Change::Accept(_)) => accepts(self.criterion, value, listing),
                _ => false,
            }
    }
}

/// Whether an accepted value makes up for a listing's shortfall.
fn accepts(criterion: Criterion, value: &str, listing: &Listing) -> bool {
    match criterion {
        Criterion::Region => {
            let outer = value.parse().map(extent);
            listing.division.is_some_and(|own| outer.is_ok_and(|outer| holds(outer, own.get())))
        }
        Criterion::Industry => {
            let outer = crate::industry::IndustryCode::parse(value);
            outer.is_some_and(|outer| industries_of(listing).iter().any(|&code| outer.contains(code)))
        }
        _ => values(listing, criterion).iter().any(|own| own == value),
    }
}
