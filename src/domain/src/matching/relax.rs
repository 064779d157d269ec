//! Advice: the near listings that one change of one criterion opens.

use std::collections::BTreeMap;

use super::answer::{Change, Judged, Relaxation, Step};
use super::columns::flags_of;
use super::criteria::industries_of;
use super::criterion::Criterion;
use super::flags::words;
use super::place::{extent, prefecture, prefectures};
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::listing::Listing;

/// The most steps that a relaxation lists.
const MOST_STEPS: usize = 20;
/// Millionths per ten-thousandth.
const MICRO_PER_STEP: i64 = 100;

/// The smallest distinct gaps, and how many listings have each.
#[derive(Clone, Debug, Default)]
pub(super) struct Gaps(Vec<(Decimal, usize)>);

impl Gaps {
    /// The largest gap that can still matter, ten-thousandths; `None` while all do.
    pub(super) fn most(&self) -> Option<u64> {
        let (most, _) = self.0.last().filter(|_| self.0.len() == MOST_STEPS)?;
        u64::try_from(most.micro() / MICRO_PER_STEP).ok()
    }

    /// Counts a listing with a gap.
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
    /// By the place of the prefecture to accept; empty before the first.
    prefectures: Vec<usize>,
    /// By the code of the division to accept, where it is none.
    regions: BTreeMap<u32, usize>,
    /// By the two-digit division, or section where listings name a whole one.
    industries: BTreeMap<IndustryCode, usize>,
    sections: BTreeMap<char, usize>,
    words: BTreeMap<(Criterion, &'static str), usize>,
}

impl Advice {
    pub(super) fn gaps(&mut self, criterion: Criterion, unit: &'static str) -> &mut Gaps {
        self.gaps.entry((criterion, unit)).or_default()
    }

    /// Counts a listing short on region alone, by its division.
    #[inline]
    pub(super) fn count_region(&mut self, own: u32) {
        if self.prefectures.is_empty() {
            self.prefectures.resize(prefectures().len(), 0);
        }
        match prefecture(own) {
            Some(place) => self.prefectures[place] += 1,
            None => *self.regions.entry(own).or_default() += 1,
        }
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
            *self.words.entry((criterion, word)).or_default() += listings;
        }
    }

    /// Counts one near listing, short on this alone.
    pub(super) fn count(&mut self, listing: &Listing, short: &Judged) {
        let criterion = short.criterion;
        match (criterion, short.gap.zip(criterion.unit(listing.kind()))) {
            (_, Some((gap, unit))) => self.gaps(criterion, unit).count(gap),
            (Criterion::Facilities, None) => {
                short.only_lacking().iter().for_each(|code| self.count_word(criterion, code, 1));
            }
            (Criterion::Region, None) => {
                listing.division.iter().for_each(|own| self.count_region(own.get()));
            }
            (Criterion::Industry, None) => self.count_industries(industries_of(listing)),
            (_, None) => {
                let flags = flags_of(listing);
                words(criterion).iter().for_each(|&(word, flag)| {
                    self.count_word(criterion, word, usize::from(flags & flag != 0));
                });
            }
        }
    }

    /// The relaxations: figures first, then values, each in the order of the table.
    pub(super) fn relaxations(&self) -> Vec<Relaxation> {
        let figures = self.gaps.iter().map(|(&(criterion, unit), gaps)| Relaxation {
            criterion,
            unit: Some(unit),
            steps: gaps.steps(),
        });
        let mut words: BTreeMap<Criterion, Vec<(&str, usize)>> = BTreeMap::new();
        for (&(criterion, word), &opens) in &self.words {
            words.entry(criterion).or_default().push((word, opens));
        }
        let mut steps: BTreeMap<Criterion, Vec<Step>> =
            words.into_iter().map(|(criterion, words)| (criterion, most_first(words))).collect();
        steps.insert(Criterion::Region, self.region_steps());
        steps.insert(Criterion::Industry, self.industry_steps());
        let values = steps.into_iter().map(|(criterion, steps)| Relaxation { criterion, unit: None, steps });
        figures.chain(values).filter(|relaxation| !relaxation.steps.is_empty()).collect()
    }

    /// A province is a value where listings state no more than their province; accepted, it opens its prefectures' too.
    fn region_steps(&self) -> Vec<Step> {
        let counts = prefectures().iter().zip(&self.prefectures).filter(|&(_, &count)| count > 0);
        let mut regions = self.regions.clone();
        regions.extend(counts);
        let opens = |(&outer, &count): (&u32, &usize)| match extent(outer) {
            (_, 0) => (outer, count),
            (first, more) => (outer, regions.range(first..=first + more).map(|(_, count)| count).sum()),
        };
        most_first(regions.iter().map(opens).collect())
    }

    fn industry_steps(&self) -> Vec<Step> {
        let opens =
            |value: IndustryCode, count| if value.digits() == 0 { self.sections[&value.section()] } else { count };
        most_first(self.industries.iter().map(|(&value, &count)| (value.to_string(), opens(value, count))).collect())
    }
}

/// The values that open most, at most [`MOST_STEPS`], then by their text, which values sort as.
fn most_first<T: ToString + Ord + Clone>(mut values: Vec<(T, usize)>) -> Vec<Step> {
    values.sort_unstable_by(|(a, opens), (b, than)| than.cmp(opens).then_with(|| a.cmp(b)));
    values.truncate(MOST_STEPS);
    values.into_iter().map(|(value, opens)| Step { change: Change::Accept(value.to_string()), opens }).collect()
}
