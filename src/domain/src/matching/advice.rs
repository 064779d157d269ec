//! Advice: the near listings that one change of one criterion opens, and changes of two criteria where none does.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use super::answer::{Change, Half, Judged, Match, Pair, Relaxation, Step};
use super::bits::{BLOCK, Bits};
use super::criteria::words_of;
use super::criterion::Criterion;
use super::finding::Value;
use super::flags::words;
use super::place::{PER_PREFECTURE, PREFECTURES, prefecture_place, province, region_value};
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::listing::Listing;

/// The most steps that a relaxation lists.
pub const MOST_STEPS: usize = 20;
/// The most pairs that an answer lists.
const MOST_PAIRS: usize = 5;
/// Weight of one more accepted value; figures weigh their share of the figure asked.
const VALUE_WEIGHT: f64 = 1.0;
/// Divisor of a gap of days: gaps of all criteria are compared as shares.
const DAYS_PER_YEAR: f64 = 365.0;

/// The smallest distinct gaps, and how many listings have each.
#[derive(Clone, Debug, Default)]
pub(super) struct Gaps(BTreeMap<Decimal, usize>);

impl Gaps {
    /// The largest gap that can still matter; `None` while all do.
    pub(super) fn most(&self) -> Option<Decimal> {
        self.0.last_key_value().filter(|_| self.0.len() == MOST_STEPS).map(|(&gap, _)| gap)
    }

    pub(super) fn count(&mut self, gap: Decimal) {
        *self.0.entry(gap).or_default() += 1;
        if self.0.len() > MOST_STEPS {
            self.0.pop_last();
        }
    }

    /// Steps with how many listings each opens, cumulated.
    fn steps(&self) -> Vec<Step> {
        let cumulated = self.0.iter().scan(0, |opens, (&gap, count)| {
            *opens += count;
            Some(Step { change: Change::By(gap), opens: *opens })
        });
        cumulated.collect()
    }
}

/// Near listings by the change that opens them.
#[derive(Clone, Debug, Default)]
pub(super) struct Advice {
    pub(super) gaps: BTreeMap<(Criterion, &'static str), Gaps>,
    /// By the prefecture to accept, as [`PREFECTURES`] has them; empty before the first.
    prefectures: Vec<usize>,
    /// By the code of the division to accept, where it is in no prefecture.
    others: HashMap<u32, usize>,
    /// By the two-digit division, or section where listings name a whole one.
    industries: HashMap<IndustryCode, usize>,
    sections: HashMap<char, usize>,
    words: BTreeMap<Criterion, BTreeMap<&'static str, usize>>,
}

impl Advice {
    /// Counts the rows of a block that are short on region alone.
    pub(super) fn count_regions(&mut self, rows: Bits, divisions: &[u32; BLOCK]) {
        let known: &[(u32, bool)] = &PREFECTURES;
        self.prefectures.resize(known.len(), 0);
        rows.each(|at| match prefecture_place(divisions[at]) {
            place if known[place].1 => self.prefectures[place] += 1,
            _ => *self.others.entry(divisions[at]).or_default() += 1,
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
        *self.words.entry(criterion).or_default().entry(word).or_default() += listings;
    }

    /// The relaxations: figures first, then values, each in the order of the table.
    pub(super) fn relaxations(&self) -> Vec<Relaxation> {
        let relaxation = |criterion, unit, steps| Relaxation { criterion, unit, steps };
        let figures =
            self.gaps.iter().map(|(&(criterion, unit), gaps)| relaxation(criterion, Some(unit), gaps.steps()));
        let words = self.words.iter().map(|(&criterion, words)| (criterion, most_first(words.clone())));
        let mut values: BTreeMap<Criterion, Vec<Step>> = words.collect();
        values.insert(Criterion::Region, self.region_steps());
        values.insert(Criterion::Industry, self.industry_steps());
        let values = values.into_iter().map(|(criterion, steps)| relaxation(criterion, None, steps));
        figures.chain(values).filter(|relaxation| !relaxation.steps.is_empty()).collect()
    }

    /// A province is a value where listings state no more than their province; accepted, it opens its prefectures' too.
    fn region_steps(&self) -> Vec<Step> {
        let counted = PREFECTURES.iter().zip(&self.prefectures).filter(|&(_, &count)| count > 0);
        let prefectures = counted.map(|(&(number, _), &count)| (number * PER_PREFECTURE, count));
        let regions = || prefectures.clone().chain(self.others.iter().map(|(&own, &count)| (own, count)));
        let mut provinces: HashMap<u32, usize> = HashMap::new();
        regions().for_each(|(own, count)| *provinces.entry(province(own)).or_default() += count);
        most_first(regions().map(|(own, count)| (own, *provinces.get(&own).unwrap_or(&count))))
    }

    fn industry_steps(&self) -> Vec<Step> {
        let opens =
            |value: IndustryCode, count| if value.digits() == 0 { self.sections[&value.section()] } else { count };
        most_first(self.industries.iter().map(|(&value, &count)| (value.to_string(), opens(value, count))))
    }
}

/// The values that open most, at most [`MOST_STEPS`], then by their text, which values sort as.
fn most_first<T: ToString + Ord>(values: impl IntoIterator<Item = (T, usize)>) -> Vec<Step> {
    let mut values: Vec<_> = values.into_iter().filter(|&(_, opens)| opens > 0).collect();
    let order = |(a, opens): &(T, usize), (b, than): &(T, usize)| than.cmp(opens).then_with(|| a.cmp(b));
    if values.len() > MOST_STEPS {
        values.select_nth_unstable_by(MOST_STEPS, order);
        values.truncate(MOST_STEPS);
    }
    values.sort_unstable_by(order);
    values.into_iter().map(|(value, opens)| Step { change: Change::Accept(value.to_string()), opens }).collect()
}

/// A listing with exactly two shortfalls, both of which can be accepted.
struct Candidate<'l> {
    listing: &'l Listing,
    changes: [Half; 2],
    /// By change, the values of which any makes up for the shortfall.
    values: [Vec<String>; 2],
    weight: f64,
}

/// The best two-criterion changes: for each two criteria the one that asks least of the enterprise, as a share of the
/// figure asked (one more accepted value counts like a whole), with how many listings it opens; least first.
pub(super) fn pairs<'l>(judged: impl Iterator<Item = (&'l Listing, Match)>) -> Vec<Pair> {
    let mut candidates: Vec<_> = judged.filter_map(|(listing, found)| candidate(listing, &found)).collect();
    candidates.sort_by(Candidate::order);
    let mut seen = HashSet::new();
    let mut is_first = |it: &Candidate<'_>| seen.insert(it.changes.each_ref().map(|half| (half.criterion, half.unit)));
    let best = candidates.iter().filter(|it| is_first(it)).take(MOST_PAIRS);
    let opens = |changes: &[Half; 2]| candidates.iter().filter(|other| other.is_opened_by(changes)).count();
    best.map(|best| Pair { changes: best.changes.clone(), opens: opens(&best.changes) }).collect()
}

fn candidate<'l>(listing: &'l Listing, found: &Match) -> Option<Candidate<'l>> {
    let short: Vec<&Judged> = found.shortfalls().collect();
    let [first, second] = short[..] else { return None };
    let values = [first, second].map(|short| values(listing, short));
    let changes = [half(first, &values[0])?, half(second, &values[1])?];
    Some(Candidate { listing, changes, values, weight: weight(first) + weight(second) })
}

/// The change that makes up for a shortfall; `None` where none does, or where it takes several.
fn half(short: &Judged, values: &[String]) -> Option<Half> {
    let change = short.gap.map(Change::By).or_else(|| values.first().cloned().map(Change::Accept))?;
    Some(Half { criterion: short.criterion, unit: short.unit, change })
}

/// The values of which any makes up for a shortfall, the narrowest first.
fn values(listing: &Listing, short: &Judged) -> Vec<String> {
    match (short.criterion, &short.offer) {
        (Criterion::Region, &Value::Region(own)) => {
            [region_value(own.get()), province(own.get())].map(|code| code.to_string()).into()
        }
        (Criterion::Industry, Value::Industries(codes)) => {
            let sections = codes.iter().map(|code| code.section().to_string());
            codes.iter().map(|code| code.division().to_string()).chain(sections).collect()
        }
        (Criterion::Facilities, Value::Facilities { lacks, .. }) if lacks.len() == 1 => vec![lacks[0].to_owned()],
        (criterion, _) => {
            let flags = words_of(listing);
            let own = words(criterion).into_iter().filter(|(_, flag)| flags & flag != 0);
            own.map(|(word, _)| word.to_owned()).collect()
        }
    }
}

/// Returns the weight of a shortfall: its gap as a share of the figure asked, a number, an end of a range or a year of days.
fn weight(short: &Judged) -> f64 {
    let asked = match &short.need {
        Value::Number(number) => number.to_f64(),
        Value::Range(range) => range.min.or(range.max).map_or(1.0, Decimal::to_f64),
        _ => DAYS_PER_YEAR,
    };
    short.gap.map_or(VALUE_WEIGHT, |gap| gap.to_f64() / asked.max(1.0))
}

impl Candidate<'_> {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let by_weight = self.weight.total_cmp(&other.weight);
        by_weight.then_with(|| self.listing.id.as_bytes().cmp(other.listing.id.as_bytes()))
    }

    fn is_opened_by(&self, changes: &[Half; 2]) -> bool {
        let opens = |(change, (own, values)): (&Half, (&Half, &Vec<String>))| match (&change.change, &own.change) {
            _ if (change.criterion, change.unit) != (own.criterion, own.unit) => false,
            (Change::By(gap), Change::By(theirs)) => theirs <= gap,
            (Change::Accept(value), _) => values.contains(value),
            _ => false,
        };
        changes.iter().zip(self.changes.iter().zip(&self.values)).all(opens)
    }
}
