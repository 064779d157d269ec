//! Advice: what accepting one change would open, from the near listings and their gaps.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Change, Judged, Relaxation, Step};
use super::criterion::{Criterion, Relaxing};
use super::judge::building::terms;
use super::plan::upwards;
use super::row::{division_number, prefecture_number};
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::listing::{Detail, Listing};
use crate::region::{DivisionCode, divisions};
use crate::requirement::Word as _;

/// The most steps that a relaxation lists.
const MOST_STEPS: usize = 20;

/// The smallest distinct gaps, in ten-thousandths, and how many listings have each.
#[derive(Clone, Debug, Default)]
pub(super) struct Gaps {
    smallest: Vec<(i128, usize)>,
}

impl Gaps {
    /// The largest gap that can still matter.
    pub(super) fn most(&self) -> i128 {
        match self.smallest.last() {
            Some(&(gap, _)) if self.smallest.len() == MOST_STEPS => gap,
            _ => i128::MAX,
        }
    }

    /// Counts so many listings with a gap.
    pub(super) fn count(&mut self, gap: i128, listings: usize) {
        if gap > self.most() {
            return;
        }
        match self.smallest.binary_search_by_key(&gap, |&(gap, _)| gap) {
            Ok(at) => self.smallest[at].1 += listings,
            Err(at) => {
                self.smallest.insert(at, (gap, listings));
                self.smallest.truncate(MOST_STEPS);
            }
        }
    }

    /// Adds what others were counted: whatever one of the two has dropped lies above twenty of its own.
    fn merge(&mut self, other: &Self) {
        other.smallest.iter().for_each(|&(gap, listings)| self.count(gap, listings));
    }

    /// Steps with how many listings each opens, cumulated.
    fn steps(&self) -> Vec<Step> {
        let cumulated = self.smallest.iter().scan(0, |opens, &(gap, count)| {
            *opens += count;
            let micro = i64::try_from(gap.saturating_mul(100)).unwrap_or(i64::MAX);
            Some(Step { change: Change::By(Decimal::from_micro(micro)), opens: *opens })
        });
        cumulated.collect()
    }
}

/// Gathers near listings and says what one change would open.
#[derive(Clone, Debug, Default)]
pub(super) struct Advice {
    gaps: BTreeMap<(Criterion, &'static str), Gaps>,
    /// By the number of the division to accept, the listings short on region alone; empty until there is one.
    regions: Vec<usize>,
    industries: IndustrySteps,
    /// Words of the listings short on another step criterion alone.
    words: BTreeMap<(Criterion, &'static str), usize>,
}

impl Advice {
    fn gaps(&mut self, criterion: Criterion, unit: &'static str) -> &mut Gaps {
        self.gaps.entry((criterion, unit)).or_default()
    }

    /// Adds the gaps of one criterion and unit.
    pub(super) fn add_gaps(&mut self, criterion: Criterion, unit: &'static str, gaps: &Gaps) {
        self.gaps(criterion, unit).merge(gaps);
    }

    /// Counts listings short on region alone, by the number of their division.
    pub(super) fn count_region(&mut self, number: u16, listings: usize) {
        if self.regions.is_empty() {
            self.regions = vec![0; divisions().all().len() + 1];
        }
        self.regions[usize::from(prefecture_number(number))] += listings;
    }

    pub(super) fn count_industries(&mut self, codes: impl IntoIterator<Item = IndustryCode>) {
        self.industries.count(codes);
    }

    /// Counts listings short on a criterion alone that have a word.
    pub(super) fn count_word(&mut self, criterion: Criterion, word: &'static str, listings: usize) {
        if listings > 0 {
            *self.words.entry((criterion, word)).or_default() += listings;
        }
    }

    /// Counts one near listing, short on this criterion alone.
    pub(super) fn count(&mut self, listing: &Listing, short: &Judged) {
        match (short.criterion, short.gap.zip(short.unit)) {
            (criterion, Some((gap, unit))) => self.gaps(criterion, unit).count(i128::from(gap.micro() / 100), 1),
            (Criterion::Region, None) => {
                if let Some(division) = listing.division {
                    self.count_region(division_number(division), 1);
                }
            }
            (Criterion::Industry, None) => self.count_industries(industries_of(listing).iter().copied()),
            (criterion, None) => {
                for word in words(listing, criterion) {
                    self.count_word(criterion, word, 1);
                }
            }
        }
    }

    /// The relaxations: figures first, then values, each in the order of the table.
    pub(super) fn relaxations(&self) -> Vec<Relaxation> {
        let figures = self
            .gaps
            .iter()
            .filter(|(_, gaps)| !gaps.smallest.is_empty())
            .map(|(&(criterion, unit), gaps)| Relaxation { criterion, unit: Some(unit), steps: gaps.steps() });
        let mut words: BTreeMap<Criterion, Vec<(&str, usize)>> = BTreeMap::new();
        for (&(criterion, word), &opens) in &self.words {
            words.entry(criterion).or_default().push((word, opens));
        }
        let mut steps: BTreeMap<Criterion, Vec<Step>> =
            words.into_iter().map(|(criterion, words)| (criterion, most_first(words, |&word| word))).collect();
        steps.insert(Criterion::Region, region_steps(&self.regions));
        steps.insert(Criterion::Industry, self.industries.steps());
        let values = steps.into_iter().map(|(criterion, steps)| Relaxation { criterion, unit: None, steps });
        figures.chain(values.filter(|relaxation| !relaxation.steps.is_empty())).collect()
    }
}

/// The values that open most, at most twenty, then by their text; `order` sorts values as their texts would.
fn most_first<T: ToString, K: Ord>(mut values: Vec<(T, usize)>, order: impl Fn(&T) -> K) -> Vec<Step> {
    let key = |(value, opens): &(T, usize)| (std::cmp::Reverse(*opens), order(value));
    if values.len() > MOST_STEPS {
        values.select_nth_unstable_by_key(MOST_STEPS, key);
        values.truncate(MOST_STEPS);
    }
    values.sort_unstable_by_key(key);
    values.iter().map(|(value, opens)| Step { change: Change::Accept(value.to_string()), opens: *opens }).collect()
}

/// The division to accept for a listing: its prefecture, or its own where it has none.
pub(super) fn region_value(own: DivisionCode) -> DivisionCode {
    divisions().prefecture(own).unwrap_or(own)
}

/// A province is a value where listings say no more than their province; accepted, it opens its prefectures' too.
fn region_steps(regions: &[usize]) -> Vec<Step> {
    let all = divisions().all();
    let counted = || regions.iter().enumerate().filter(|(_, count)| **count > 0);
    let mut values: Vec<(u16, usize)> = counted().map(|(number, &count)| (number as u16, count)).collect();
    for (number, &count) in counted() {
        for above in upwards(number as u16).skip(1) {
            if let Ok(at) = values.binary_search_by_key(&above, |&(number, _)| number) {
                values[at].1 += count;
            }
        }
    }
    most_first(
        values.into_iter().map(|(number, opens)| (all[usize::from(number) - 1].code, opens)).collect(),
        |&code| code,
    )
}

/// Two-digit divisions run to 97.
const DIVISIONS: usize = 100;
const SECTIONS: usize = 26;

/// How many listings have a code in each two-digit division, and in each section that a listing names as a whole.
#[derive(Clone, Debug)]
struct IndustrySteps {
    divisions: [usize; DIVISIONS],
    sections: [usize; SECTIONS],
    /// Sections and divisions seen, to print them.
    seen: BTreeSet<IndustryCode>,
}

impl Default for IndustrySteps {
    fn default() -> Self {
        Self { divisions: [0; DIVISIONS], sections: [0; SECTIONS], seen: BTreeSet::new() }
    }
}

impl IndustrySteps {
    fn count(&mut self, codes: impl IntoIterator<Item = IndustryCode>) {
        let (mut divisions, mut sections) = (0_u128, 0_u32);
        for code in codes {
            let value = code.division();
            sections |= 1 << section_number(value);
            let new = match value.digits() {
                0 => true,
                _ => {
                    divisions |= 1 << value.number();
                    self.divisions[usize::from(value.number())] == 0
                }
            };
            if new {
                self.seen.insert(value);
            }
        }
        bits(divisions).for_each(|at| self.divisions[at] += 1);
        bits(sections.into()).for_each(|at| self.sections[at] += 1);
    }

    fn steps(&self) -> Vec<Step> {
        let opens = |value: &IndustryCode| match value.digits() {
            0 => self.sections[section_number(*value)],
            _ => self.divisions[usize::from(value.number())],
        };
        // Digits before letters.
        most_first(self.seen.iter().map(|value| (*value, opens(value))).collect(), |value| {
            (value.digits() == 0, value.number(), value.section())
        })
    }
}

fn section_number(code: IndustryCode) -> usize {
    (code.section() as usize).saturating_sub('A' as usize)
}

/// The positions of the bits that are set.
fn bits(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(at)
    })
}

pub(super) fn industries_of(listing: &Listing) -> &[IndustryCode] {
    match &listing.detail {
        Detail::Plot(plot) => &plot.industries,
        Detail::Space(space) => &space.industries,
        Detail::Park(_) => &[],
    }
}

/// The words to accept for a listing.
pub(super) fn words(listing: &Listing, criterion: Criterion) -> Vec<&'static str> {
    match criterion {
        Criterion::Tenure => terms(listing).iter().map(|term| term.word()).collect(),
        Criterion::Level => listing.level.iter().map(|level| level.word()).collect(),
        _ => Vec::new(),
    }
}

/// Whether a criterion's shortfall can be accepted at all.
pub(super) fn is_relaxable(criterion: Criterion) -> bool {
    criterion.row().relaxing != Relaxing::Never
}
