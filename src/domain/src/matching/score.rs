//! Ranking: how findings become integer points (the formulas in words: `README.md` beside this file), and the best listings.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::criteria::{CriterionSpec, TABLE};
use super::criterion::{Criterion, Formula};
use super::finding::FULL;
use crate::listing::Listing;
use crate::time::loose_day;

/// Most points of each criterion, and the version under which they are published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ranking {
    /// Changes whenever a weight changes; printed with each answer.
    pub version: String,
    /// Most points by criterion, up to 1000; a criterion that is left out keeps its default.
    pub max_points: BTreeMap<Criterion, u32>,
}

impl Default for Ranking {
    fn default() -> Self {
        Self {
            version: "2026-12".to_owned(),
            max_points: TABLE.iter().map(|row| (row.criterion, row.max_points)).collect(),
        }
    }
}

/// One line of the published ranking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RankingLine {
    pub criterion: Criterion,
    pub max_points: u32,
    /// Formula of the points; its sentence is in the catalogue.
    pub formula: Formula,
    pub legal: bool,
}

/// The largest weight that is honoured: sums of all criteria stay far inside the engine's narrow integers.
const MOST_POINTS: u32 = 1000;

impl Ranking {
    #[must_use]
    pub fn max_points(&self, criterion: Criterion) -> u32 {
        self.max_points.get(&criterion).copied().unwrap_or(criterion.spec().max_points).min(MOST_POINTS)
    }

    /// Every criterion's weight and formula, as `/api/v1/ranking` publishes them.
    #[must_use]
    pub fn lines(&self) -> Vec<RankingLine> {
        let line = |row: &CriterionSpec| RankingLine {
            criterion: row.criterion,
            max_points: self.max_points(row.criterion),
            formula: row.formula,
            legal: row.legal,
        };
        TABLE.iter().map(line).collect()
    }
}

/// `weight × fit ‰ × freshness %`, floored.
pub(super) fn points(weight: u32, fit: i64, fresh: i64) -> u32 {
    (i64::from(weight) * fit * fresh / (FULL * 100)) as u32
}

/// The freshness of a record by the age of its evidence in days: most days, %.
pub(super) const FRESHNESS: [(i64, i64); 4] = [(183, 100), (365, 97), (730, 94), (i64::MAX, 90)];
/// The freshness of a record without a date, %.
pub(super) const UNDATED: i64 = 94;

/// Returns the share of points that a record keeps at an age of its evidence in days, %.
pub(super) fn freshness(age: Option<i64>) -> i64 {
    let class = age.and_then(|age| FRESHNESS.iter().find(|(most, _)| age <= *most));
    class.map_or(UNDATED, |&(_, percent)| percent)
}

/// The day of a piece of evidence: `2026-11-24`, or the first of a month, `2026-11`.
pub(super) fn evidence_day(dated: &str) -> Option<NaiveDate> {
    let is_dated = ["2026-11-24", "2026-11"].iter().any(|form| form.len() == dated.len());
    loose_day(dated).filter(|_| is_dated)
}

/// A listing that may be listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked<'i> {
    pub(super) score: u32,
    /// Read only where scores are equal: most listings are in no cache.
    pub(super) listing: &'i Option<Listing>,
}

impl<'i> Ranked<'i> {
    /// Better is greater: by score, then by the smaller id, then by kind.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |listing: &'i Option<Listing>| listing.as_ref().map(|its| (&its.id, its.kind()));
        self.score.cmp(&other.score).then_with(|| key(other.listing).cmp(&key(self.listing)))
    }
}

/// The best listings of a group so far, best first.
#[derive(Clone, Debug)]
pub(super) struct Top<'i> {
    pub(super) limit: usize,
    pub(super) ranked: Vec<Ranked<'i>>,
}

impl<'i> Top<'i> {
    /// The least score that can still enter; above every score where nothing is listed at all.
    pub(super) fn least(&self) -> u32 {
        match self.ranked.last() {
            _ if self.limit == 0 => u32::MAX,
            Some(last) if self.ranked.len() >= self.limit => last.score,
            _ => 0,
        }
    }

    pub(super) fn offer(&mut self, ranked: Ranked<'i>) {
        // Most that tie with the last lose to it.
        let is_full = self.ranked.len() >= self.limit;
        if is_full && self.ranked.last().is_none_or(|last| ranked.cmp(last).is_lt()) {
            return;
        }
        let at = self.ranked.partition_point(|other| other.cmp(&ranked).is_gt());
        self.ranked.insert(at, ranked);
        self.ranked.truncate(self.limit);
    }
}

/// Whether a bound in ‰ of a point reaches a score at a freshness in %.
pub(super) fn reaches(bound: i64, fresh: i64, least: u32) -> bool {
    bound * fresh >= i64::from(least) * FULL * 100
}
