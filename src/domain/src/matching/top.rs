//! The best listings of a group, and the freshness of records by the day of their evidence.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::figure::{BLANK, STEPS_PER_DAY, day_number};
use super::finding::FULL;
use super::score::{FRESHNESS, UNDATED};
use crate::listing::Listing;

/// A listing that may be listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked<'i> {
    pub(super) score: u32,
    /// Of its id.
    pub(super) head: u64,
    /// Read only where heads are equal: most listings are in no cache.
    pub(super) listing: &'i Option<Listing>,
}

impl Ranked<'_> {
    /// Better is greater: by score, then by the smaller id, then by kind.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |it: &Self| it.listing.as_ref().map(|listing| (listing.id.clone(), listing.kind()));
        let by_head = self.score.cmp(&other.score).then(other.head.cmp(&self.head));
        by_head.then_with(|| key(other).cmp(&key(self)))
    }
}

/// The best listings of a group so far, best first.
#[derive(Clone, Debug)]
pub(super) struct Top<'i> {
    limit: usize,
    pub(super) ranked: Vec<Ranked<'i>>,
}

impl<'i> Top<'i> {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, ranked: Vec::new() }
    }

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

/// The freshness of cells of [`super::figure::Figure::DATED`] on one day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Freshness {
    /// The oldest cells of the classes of [`FRESHNESS`].
    oldest: [u32; FRESHNESS.len()],
}

impl Freshness {
    pub(super) fn on(today: NaiveDate) -> Self {
        let oldest = |(age, _): (i64, i64)| {
            let day = u32::try_from(day_number(today).saturating_sub(age)).unwrap_or_default();
            day.saturating_mul(STEPS_PER_DAY)
        };
        Self { oldest: FRESHNESS.map(oldest) }
    }

    /// The oldest cell of evidence with a freshness that is enough; [`BLANK`] where none is.
    pub(super) fn oldest(self, is_enough: impl Fn(i64) -> bool) -> u32 {
        FRESHNESS.iter().rposition(|&(_, keeps)| is_enough(keeps)).map_or(BLANK, |at| self.oldest[at])
    }

    /// Freshness, %.
    pub(super) fn of(self, dated: u32) -> i64 {
        let class = self.oldest.iter().position(|&oldest| dated >= oldest);
        if dated == BLANK { UNDATED } else { class.map_or(UNDATED, |at| FRESHNESS[at].1) }
    }
}

/// Whether a bound in ‰ of a point reaches a score at a freshness in %.
pub(super) fn reaches(bound: i64, fresh: i64, least: u32) -> bool {
    bound * fresh >= i64::from(least) * FULL * 100
}
