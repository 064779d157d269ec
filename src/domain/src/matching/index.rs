//! The in-memory snapshot of published listings.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::answer::{Answer, Counts, Group, Match, judge};
use super::filter::is_considered;
use super::relax::Advice;
use super::score::Ranking;
use crate::listing::{Kind, Listing};
use crate::requirement::Requirement;

/// Every published listing, ready to be matched.
#[derive(Clone, Debug)]
pub struct Index {
    ranking: Ranking,
    listings: Vec<Listing>,
    by_id: HashMap<(Kind, Arc<str>), usize>,
}

impl Index {
    /// An index of these listings; of two with one kind and id the later one stays.
    #[must_use]
    pub fn build(listings: Vec<Listing>, ranking: Ranking) -> Self {
        let mut index = Self { ranking, listings: Vec::with_capacity(listings.len()), by_id: HashMap::new() };
        for listing in listings {
            index.put(listing);
        }
        index
    }

    /// A new or changed listing.
    pub fn put(&mut self, listing: Listing) {
        let key = (listing.kind(), listing.id.clone());
        match self.by_id.get(&key) {
            Some(&at) => self.listings[at] = listing,
            None => {
                self.by_id.insert(key, self.listings.len());
                self.listings.push(listing);
            }
        }
    }

    /// Takes a listing out.
    pub fn remove(&mut self, kind: Kind, id: &str) {
        let Some(at) = self.by_id.remove(&(kind, Arc::from(id))) else { return };
        self.listings.swap_remove(at);
        if let Some(moved) = self.listings.get(at) {
            self.by_id.insert((moved.kind(), moved.id.clone()), at);
        }
    }

    /// A listing by kind and id.
    #[must_use]
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Listing> {
        self.by_id.get(&(kind, Arc::from(id))).map(|&at| &self.listings[at])
    }

    /// A listing by id alone: a plot, else a space, else a park.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Listing> {
        Kind::ALL.iter().find_map(|&kind| self.get(kind, id))
    }

    /// How many listings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.listings.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listings.is_empty()
    }

    /// The ranking in force.
    #[must_use]
    pub fn ranking(&self) -> &Ranking {
        &self.ranking
    }

    /// One listing against one requirement, whether or not the requirement would consider it.
    #[must_use]
    pub fn judge(&self, kind: Kind, id: &str, requirement: &Requirement, today: NaiveDate) -> Option<Match> {
        Some(judge(self.get(kind, id)?, requirement, &self.ranking, today))
    }

    /// The whole answer; `limit` bounds each list, `today` is for the freshness of records.
    #[must_use]
    pub fn answer(&self, requirement: &Requirement, limit: usize, today: NaiveDate) -> Answer {
        let mut counts = Counts::default();
        let mut groups: [Vec<Match>; 3] = Default::default();
        let mut advice = Advice::default();
        for listing in self.listings.iter().filter(|listing| is_considered(listing, requirement)) {
            counts.considered += 1;
            let judged = judge(listing, requirement, &self.ranking, today);
            let group = judged.group();
            if group == Group::Near
                && let Some(short) = judged.shortfalls().next()
            {
                advice.count(listing, short);
            }
            if group != Group::Out {
                groups[group as usize].push(judged);
            }
        }
        [counts.matched, counts.to_confirm, counts.near] = [0, 1, 2].map(|at| groups[at].len());
        let [matched, to_confirm, near] = groups.map(|group| best(group, limit));
        Answer {
            version: self.ranking.version.clone(),
            counts,
            matched,
            to_confirm,
            near,
            relaxations: advice.relaxations(),
            pairs: Vec::new(),
        }
    }
}

/// Highest score first, then id by bytes, then kind; the first `limit`.
fn best(mut group: Vec<Match>, limit: usize) -> Vec<Match> {
    group.sort_by(|a, b| {
        b.score
            .cmp(&a.score)
            .then_with(|| a.listing.id.as_bytes().cmp(b.listing.id.as_bytes()))
            .then_with(|| a.listing.kind.cmp(&b.listing.kind))
    });
    group.truncate(limit);
    group
}
