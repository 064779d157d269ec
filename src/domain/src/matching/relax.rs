//! Advice: what accepting one change would open, from the near listings and their gaps.

use std::collections::BTreeMap;

use super::answer::{Change, Judged, Relaxation, Step};
use super::criterion::Criterion;
use super::judge::building::terms;
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::listing::{Detail, Listing};
use crate::region::{DivisionCode, divisions};
use crate::requirement::Word as _;

/// The most steps that a relaxation lists.
const MOST_STEPS: usize = 20;

/// Gathers near listings and says what one change would open.
#[derive(Default)]
pub(super) struct Advice {
    /// How many listings lack so much, by criterion and unit.
    gaps: BTreeMap<(Criterion, &'static str), BTreeMap<Decimal, usize>>,
    /// Divisions of the listings short on region alone.
    regions: BTreeMap<DivisionCode, usize>,
    /// Code lists of the listings short on industry alone.
    industries: BTreeMap<Vec<IndustryCode>, usize>,
    /// Words of the listings short on another step criterion alone.
    words: BTreeMap<(Criterion, &'static str), usize>,
}

impl Advice {
    /// Counts one near listing, short on this criterion alone.
    pub(super) fn count(&mut self, listing: &Listing, short: &Judged) {
        match (short.criterion, short.gap.zip(short.unit)) {
            (criterion, Some((gap, unit))) => {
                *self.gaps.entry((criterion, unit)).or_default().entry(gap).or_default() += 1;
            }
            (Criterion::Region, None) => {
                if let Some(division) = listing.division {
                    *self.regions.entry(division).or_default() += 1;
                }
            }
            (Criterion::Industry, None) => {
                let codes = match &listing.detail {
                    Detail::Plot(plot) => &plot.industries,
                    Detail::Space(space) => &space.industries,
                    Detail::Park(_) => return,
                };
                *self.industries.entry(codes.clone()).or_default() += 1;
            }
            (criterion, None) => {
                for word in words(listing, criterion) {
                    *self.words.entry((criterion, word)).or_default() += 1;
                }
            }
        }
    }

    /// The relaxations: figures first, then values, each in the order of the table.
    pub(super) fn relaxations(&self) -> Vec<Relaxation> {
        let figures = self.gaps.iter().map(|(&(criterion, unit), gaps)| Relaxation {
            criterion,
            unit: Some(unit),
            steps: rising(gaps),
        });
        let mut steps: BTreeMap<Criterion, Vec<Step>> = BTreeMap::new();
        steps.insert(Criterion::Region, region_steps(&self.regions));
        steps.insert(Criterion::Industry, industry_steps(&self.industries));
        for (&(criterion, word), &opens) in &self.words {
            steps.entry(criterion).or_default().push(accept(word.to_owned(), opens));
        }
        let values = steps.into_iter().map(|(criterion, mut steps)| {
            steps.sort_by(|a, b| b.opens.cmp(&a.opens).then_with(|| a.change.cmp(&b.change)));
            steps.truncate(MOST_STEPS);
            Relaxation { criterion, unit: None, steps }
        });
        figures.chain(values.filter(|relaxation| !relaxation.steps.is_empty())).collect()
    }
}

fn accept(value: String, opens: usize) -> Step {
    Step { change: Change::Accept(value), opens }
}

/// The smallest gaps with how many listings each opens, cumulated.
fn rising(gaps: &BTreeMap<Decimal, usize>) -> Vec<Step> {
    let cumulated = gaps.iter().scan(0, |opens, (&gap, &count)| {
        *opens += count;
        Some(Step { change: Change::By(gap), opens: *opens })
    });
    cumulated.take(MOST_STEPS).collect()
}

/// The division to accept for a listing: its prefecture, or its own where it has none.
fn region_value(own: DivisionCode) -> DivisionCode {
    divisions().prefecture(own).unwrap_or(own)
}

fn region_steps(regions: &BTreeMap<DivisionCode, usize>) -> Vec<Step> {
    let mut opens: BTreeMap<DivisionCode, usize> = regions.keys().map(|&own| (region_value(own), 0)).collect();
    for (&own, &count) in regions {
        for outer in divisions().upwards(own) {
            if let Some(total) = opens.get_mut(&outer.code) {
                *total += count;
            }
        }
    }
    opens.into_iter().map(|(value, opens)| accept(value.to_string(), opens)).collect()
}

fn industry_steps(lists: &BTreeMap<Vec<IndustryCode>, usize>) -> Vec<Step> {
    let mut opens: BTreeMap<IndustryCode, usize> = lists.keys().flatten().map(|code| (code.division(), 0)).collect();
    for (codes, &count) in lists {
        for (value, total) in &mut opens {
            if codes.iter().any(|&code| value.contains(code)) {
                *total += count;
            }
        }
    }
    opens.into_iter().map(|(value, opens)| accept(value.to_string(), opens)).collect()
}

/// The words to accept for a listing.
fn words(listing: &Listing, criterion: Criterion) -> Vec<&'static str> {
    match criterion {
        Criterion::Tenure => terms(listing).iter().map(|term| term.word()).collect(),
        Criterion::Level => listing.level.iter().map(|level| level.word()).collect(),
        _ => Vec::new(),
    }
}
