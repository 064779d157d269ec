//! The in-memory snapshot of published listings: columns to match on, listings to show.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::advice::{Advice, pairs};
use super::answer::{Answer, Counts, Group, ListLimits, Match};
use super::figure::day_number;
use super::judge::{Judge, group_without_shortfall, is_considered, wants};
use super::plan::Plan;
use super::scan::Harvest;
use super::score::{Ranking, Top};
use super::shelf::Shelf;
use crate::listing::{Detail, Kind, Listing};
use crate::requirement::Requirement;

/// Every published listing, ready to be matched.
#[derive(Clone, Debug)]
pub struct Index {
    ranking: Ranking,
    shelves: [Shelf; 3],
}

impl Index {
    /// An index of these listings; of two with one kind and id the later one stays.
    #[must_use]
    pub fn build(listings: Vec<Listing>, ranking: Ranking) -> Self {
        let mut kinds: [Vec<Listing>; 3] = Default::default();
        for listing in listings {
            kinds[listing.kind() as usize].push(listing);
        }
        Self { ranking, shelves: kinds.map(Shelf::build) }
    }

    pub fn put(&mut self, listing: Listing) {
        self.shelves[listing.kind() as usize].put(listing);
    }

    pub fn remove(&mut self, kind: Kind, id: &str) {
        self.shelves[kind as usize].remove(id);
    }

    #[must_use]
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Listing> {
        self.shelves[kind as usize].get(id)
    }

    /// Every listing, in no stable order.
    pub fn iter(&self) -> impl Iterator<Item = &Listing> {
        self.shelves.iter().flat_map(Shelf::iter)
    }

    #[must_use]
    pub fn ranking(&self) -> &Ranking {
        &self.ranking
    }

    /// One listing against one requirement, whether or not the requirement would consider it.
    #[must_use]
    pub fn judge(&self, kind: Kind, id: &str, requirement: &Requirement, today: NaiveDate) -> Option<Match> {
        Some(Judge { requirement, ranking: &self.ranking, today }.judge(self.get(kind, id)?))
    }

    /// The considered listings among these, judged: those with more than one shortfall left out, best first.
    #[must_use]
    pub fn ranked(&self, ids: &[(Kind, &str)], requirement: &Requirement, today: NaiveDate) -> Vec<Match> {
        let judge = Judge { requirement, ranking: &self.ranking, today };
        let listings = ids.iter().filter_map(|(kind, id)| self.get(*kind, id));
        let considered = listings.filter(|listing| is_considered(listing, requirement));
        let mut found: Vec<Match> = considered.map(|listing| judge.judge(listing)).collect();
        found.retain(|it| it.group() != Group::Out);
        found.sort_by_cached_key(|it| (it.group(), Reverse(it.score), it.listing.id.clone()));
        found
    }

    /// The number of parks to be confirmed whose record is silent on their land.
    #[must_use]
    pub fn parks_without_land(&self, requirement: &Requirement) -> usize {
        let is_silent = |it: &&Listing| matches!(&it.detail, Detail::Park(park) if park.available_land_mu.is_none());
        let is_open = |it: &&Listing| {
            is_considered(it, requirement) && group_without_shortfall(it, requirement) == Some(Group::ToConfirm)
        };
        self.shelves[Kind::Park as usize].iter().filter(is_silent).filter(is_open).count()
    }

    /// The whole answer; `limits` bound its lists, `today` is for the freshness of records.
    #[must_use]
    pub fn answer(&self, requirement: &Requirement, limits: impl Into<ListLimits>, today: NaiveDate) -> Answer {
        let ListLimits { matched, to_confirm, near } = limits.into();
        let judge = Judge { requirement, ranking: &self.ranking, today };
        let mut harvest = Harvest {
            counts: Counts::default(),
            tops: [matched, to_confirm, near].map(|limit| Top { limit, ranked: Vec::new() }),
            advice: Advice::default(),
            today: day_number(today),
        };
        for &kind in Kind::ALL.iter().filter(|&&kind| wants(requirement, kind)) {
            harvest.scan(&Plan::new(judge, kind, &self.shelves[kind as usize]));
        }
        let Harvest { counts, tops, advice, .. } = harvest;
        let relaxations = advice.relaxations();
        let nothing_opens = relaxations.is_empty() && counts.matched + counts.to_confirm == 0;
        let considered = || self.iter().filter(|listing| is_considered(listing, requirement));
        let judged = || considered().map(|listing| (listing, judge.judge(listing)));
        let pairs = if nothing_opens { pairs(judged()) } else { Vec::new() };
        let matches =
            |top: Top<'_>| top.ranked.iter().filter_map(|ranked| Some(judge.judge(ranked.listing.as_ref()?))).collect();
        let [matched, to_confirm, near] = tops.map(matches);
        Answer { version: self.ranking.version.clone(), counts, matched, to_confirm, near, relaxations, pairs }
    }
}
