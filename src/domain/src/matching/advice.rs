//! Advice: the near listings that one change of one criterion opens, and changes of two criteria where none does.

use std::collections::BTreeMap;

use super::answer::{Change, Half, Judged, Match, Pair, Relaxation, Step};
use super::bits::{BLOCK, Bits};
use super::columns::flags_of;
use super::criteria::industries_of;
use super::criterion::{Criterion, Relaxing};
use super::finding::Value;
use super::flags::words;
use super::place::{PER_PREFECTURE, PREFECTURE_NUMBERS, PREFECTURES, extent, holds, prefecture_number, region_value};
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::listing::Listing;

/// The most steps that a relaxation lists.
const MOST_STEPS: usize = 20;
/// The most pairs that an answer lists.
const MOST_PAIRS: usize = 5;
/// Weight of one more accepted value; figures weigh their share of the figure asked.
const VALUE_WEIGHT: f64 = 1.0;
/// Divisor of a gap of days: gaps of all criteria are compared as shares.
const DAYS_PER_YEAR: f64 = 365.0;

/// The smallest distinct gaps, and how many listings have each.
#[derive(Clone, Debug, Default)]
pub(super) struct Gaps(Vec<(Decimal, usize)>);

impl Gaps {
    /// The largest gap that can still matter; `None` while all do.
    pub(super) fn most(&self) -> Option<Decimal> {
        self.0.get(MOST_STEPS - 1).map(|&(most, _)| most)
    }

    pub(super) fn count(&mut self, gap: Decimal) {
        match self.0.binary_search_by_key(&gap, |&(gap, _)| gap) {
            Ok(at) => self.0[at].1 += 1,
            Err(MOST_STEPS) => {}
            Err(at) => {
                self.0.insert(at, (gap, 1));
                self.0.truncate(MOST_STEPS);
            }
        }
    }

    /// Steps with how many listings each opens, cumulated.
    fn steps(&self) -> Vec<Step> {
        let cumulated = self.0.iter().scan(0, |opens, &(gap, count)| {
            *opens += count;
            Some(Step { change: Change::By(gap), opens: *opens })
        });
        cumulated.collect()
    }
}

/// Near listings by the change that opens them.
#[derive(Clone, Debug, Default)]
pub(super) struct Advice {
    gaps: BTreeMap<(Criterion, &'static str), Gaps>,
    /// By the first four digits of the prefecture to accept; empty before the first.
    prefectures: Vec<u32>,
    /// By the code of the division to accept, where it is in no prefecture.
    others: BTreeMap<u32, u32>,
    /// By the two-digit division, or section where listings name a whole one.
    industries: BTreeMap<IndustryCode, usize>,
    sections: BTreeMap<char, usize>,
    words: BTreeMap<Criterion, BTreeMap<&'static str, usize>>,
}

impl Advice {
    pub(super) fn gaps(&mut self, criterion: Criterion, unit: &'static str) -> &mut Gaps {
        self.gaps.entry((criterion, unit)).or_default()
    }

    /// Counts the rows of a block that are short on region alone.
    pub(super) fn count_regions(&mut self, rows: Bits, divisions: &[u32; BLOCK]) {
        let known: &[bool; PREFECTURE_NUMBERS] = &PREFECTURES;
        self.prefectures.resize(PREFECTURE_NUMBERS, 0);
        rows.each(|at| {
            let number = prefecture_number(divisions[at]) as usize;
            if known[number] {
                self.prefectures[number] += 1;
            } else {
                *self.others.entry(divisions[at]).or_default() += 1;
            }
        });
    }

    /// Counts a listing short on industry alone: once per division and section of its codes.
    pub(super) fn count_industries(&mut self, codes: &[IndustryCode]) {
        let mut values: Vec<IndustryCode> = codes.iter().map(|code| code.division()).collect();
        values.sort_unstable();
        values.dedup();
        values.iter().for_each(|&value| *self.industries.entry(value).or_default() += 1);
        values.dedup_by_key(|value| value.section());
        values.iter().for_each(|value| *self.sections.entry(value.section()).or_default() += 1);
    }

    /// Counts listings short on a criterion alone that have a word.
    pub(super) fn count_word(&mut self, criterion: Criterion, word: &'static str, listings: usize) {
        if listings > 0 {
            *self.words.entry(criterion).or_default().entry(word).or_default() += listings;
        }
    }

    /// The relaxations: figures first, then values, each in the order of the table.
    pub(super) fn relaxations(&self) -> Vec<Relaxation> {
        let figures = self.gaps.iter().map(|(&(criterion, unit), gaps)| Relaxation {
            criterion,
            unit: Some(unit),
            steps: gaps.steps(),
        });
        let words = self.words.iter().map(|(&criterion, words)| (criterion, most_first(words.clone())));
        let mut steps: BTreeMap<Criterion, Vec<Step>> = words.collect();
        steps.insert(Criterion::Region, self.region_steps());
        steps.insert(Criterion::Industry, self.industry_steps());
        let values = steps.into_iter().map(|(criterion, steps)| Relaxation { criterion, unit: None, steps });
        figures.chain(values).filter(|relaxation| !relaxation.steps.is_empty()).collect()
    }

    /// A province is a value where listings state no more than their province; accepted, it opens its prefectures' too.
    fn region_steps(&self) -> Vec<Step> {
        let prefectures = (0..).zip(&self.prefectures).filter(|&(_, &count)| count > 0);
        let mut regions = self.others.clone();
        regions.extend(prefectures.map(|(number, &count)| (number * PER_PREFECTURE, count)));
        let opens = |&outer: &u32| {
            let (first, more) = extent(outer);
            (outer, regions.range(first..=first + more).map(|(_, &count)| count as usize).sum())
        };
        most_first(regions.keys().map(opens))
    }

    fn industry_steps(&self) -> Vec<Step> {
        let opens =
            |value: IndustryCode, count| if value.digits() == 0 { self.sections[&value.section()] } else { count };
        most_first(self.industries.iter().map(|(&value, &count)| (value.to_string(), opens(value, count))))
    }
}

/// The values that open most, at most [`MOST_STEPS`], then by their text, which values sort as.
fn most_first<T: ToString + Ord>(values: impl IntoIterator<Item = (T, usize)>) -> Vec<Step> {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_unstable_by(|(a, opens), (b, than)| than.cmp(opens).then_with(|| a.cmp(b)));
    values.truncate(MOST_STEPS);
    values.into_iter().map(|(value, opens)| Step { change: Change::Accept(value.to_string()), opens }).collect()
}

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
