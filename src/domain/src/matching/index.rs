//! The in-memory snapshot of published listings: columns to match on, listings to show.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::answer::{Answer, Counts, Group, Match, judge};
use super::columns::{Codes, Columns, Figure, Row};
use super::filter::{Source, is_considered, wanted_kinds};
use super::pairs::pairs;
use super::plan::{Plan, is_narrow};
use super::rank::{Freshness, Ranked, Top};
use super::relax::Advice;
use super::scan::{Depth, Harvest, scan};
use super::score::Ranking;
use crate::listing::{Kind, Listing};
use crate::requirement::Requirement;

/// Every published listing, ready to be matched.
#[derive(Clone, Debug)]
pub struct Index {
    ranking: Ranking,
    listings: Vec<Option<Listing>>,
    free: Vec<u32>,
    places: HashMap<(Kind, Arc<str>), Place>,
    codes: Codes,
    columns: [Columns; 3],
    /// Slots of listings that the columns cannot hold exactly; they are judged one by one.
    odd: Vec<u32>,
    /// Rows appended since the last sorting.
    unsorted: usize,
}

/// Where a listing is: its slot, and its row unless it is odd.
#[derive(Clone, Copy, Debug)]
struct Place {
    slot: u32,
    row: u32,
}

const ODD: u32 = u32::MAX;

/// The figures that a kind's columns hold.
const fn figures(kind: Kind) -> &'static [Figure] {
    use Figure as F;
    match kind {
        Kind::Plot => &[
            F::Size,
            F::Part,
            F::Tax,
            F::Investment,
            F::Output,
            F::Rd,
            F::Energy,
            F::Emission,
            F::FarMin,
            F::FarMax,
            F::Price,
            F::UnitPrice,
            F::Power,
        ],
        Kind::Space => &[F::Size, F::Part, F::UnitPrice, F::Power, F::Height, F::Load, F::Desks],
        Kind::Park => &[F::Size],
    }
}

impl Index {
    /// An index of these listings; of two with one kind and id the later one stays.
    #[must_use]
    pub fn build(listings: Vec<Listing>, ranking: Ranking) -> Self {
        let mut index = Self {
            ranking,
            listings: Vec::with_capacity(listings.len()),
            free: Vec::new(),
            places: HashMap::with_capacity(listings.len()),
            codes: Codes::new(),
            columns: Default::default(),
            odd: Vec::new(),
            unsorted: 0,
        };
        for listing in listings {
            let key = (listing.kind(), listing.id.clone());
            let slot = index.listings.len() as u32;
            match index.places.get(&key) {
                Some(place) => index.listings[place.slot as usize] = Some(listing),
                None => {
                    index.places.insert(key, Place { slot, row: ODD });
                    index.listings.push(Some(listing));
                }
            }
        }
        index.sort();
        index
    }

    /// Lays all rows anew, by kind, place and size, so that blocks have narrow zones.
    fn sort(&mut self) {
        (self.codes, self.columns, self.odd, self.unsorted) = (Codes::new(), Default::default(), Vec::new(), 0);
        let mut rows: [Vec<(u64, u32, Row)>; 3] = Default::default();
        for (slot, listing) in self.listings.iter().enumerate() {
            let Some(listing) = listing else { continue };
            match Row::of(listing, &mut self.codes) {
                Some(row) => {
                    rows[listing.kind() as usize].push((row.sort_key(), slot as u32, row));
                }
                None => self.odd.push(slot as u32),
            }
        }
        for (kind, mut rows) in Kind::ALL.into_iter().zip(rows) {
            rows.sort_unstable_by_key(|&(by, slot, _)| (by, slot));
            for (at, (_, slot, row)) in rows.iter().enumerate() {
                self.columns[kind as usize].push(row, *slot, figures(kind));
                self.set_row(*slot, at as u32);
            }
        }
    }

    fn set_row(&mut self, slot: u32, row: u32) {
        if let Some(listing) = &self.listings[slot as usize]
            && let Some(place) = self.places.get_mut(&(listing.kind(), listing.id.clone()))
        {
            place.row = row;
        }
    }

    /// A new or changed listing.
    pub fn put(&mut self, listing: Listing) {
        let key = (listing.kind(), listing.id.clone());
        let row = Row::of(&listing, &mut self.codes);
        let columns = &mut self.columns[listing.kind() as usize];
        let old = self.places.get(&key).copied();
        let slot = old.map(|place| place.slot).or_else(|| self.free.pop()).unwrap_or(self.listings.len() as u32);
        let at = match (old.map(|place| place.row).filter(|&row| row != ODD), row) {
            (Some(at), Some(row)) => {
                columns.set(at as usize, &row);
                at
            }
            (Some(at), None) => {
                columns.clear(at as usize);
                ODD
            }
            (None, Some(row)) => {
                columns.push(&row, slot, figures(key.0));
                self.unsorted += 1;
                columns.len() as u32 - 1
            }
            (None, None) => ODD,
        };
        self.odd.retain(|&odd| odd != slot);
        if at == ODD {
            self.odd.push(slot);
        }
        match self.listings.get_mut(slot as usize) {
            Some(place) => *place = Some(listing),
            None => self.listings.push(Some(listing)),
        }
        self.places.insert(key, Place { slot, row: at });
        self.sort_when_worn();
    }

    /// Takes a listing out.
    pub fn remove(&mut self, kind: Kind, id: &str) {
        let Some(place) = self.places.remove(&(kind, Arc::from(id))) else { return };
        if place.row == ODD {
            self.odd.retain(|&odd| odd != place.slot);
        } else {
            self.columns[kind as usize].clear(place.row as usize);
        }
        self.listings[place.slot as usize] = None;
        self.free.push(place.slot);
        self.unsorted += 1;
        self.sort_when_worn();
    }

    /// Sorts anew once a good part of the rows lies out of order: amortised, a change costs a few rows' work.
    fn sort_when_worn(&mut self) {
        if self.unsorted > 4096 + self.places.len() / 4 {
            self.sort();
        }
    }

    /// A listing by kind and id.
    #[must_use]
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Listing> {
        let place = self.places.get(&(kind, Arc::from(id)))?;
        self.listings[place.slot as usize].as_ref()
    }

    /// A listing by id alone: a plot, else a space, else a park.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Listing> {
        Kind::ALL.iter().find_map(|&kind| self.get(kind, id))
    }

    /// Every listing, in no order that lasts.
    pub fn iter(&self) -> impl Iterator<Item = &Listing> {
        self.listings.iter().flatten()
    }

    /// How many listings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The ranking in force.
    #[must_use]
    pub fn ranking(&self) -> &Ranking {
        &self.ranking
    }

    /// Bytes that the index holds besides the listings themselves.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let place = size_of::<((Kind, Arc<str>), Place)>() + 1;
        // The map keeps up to an eighth of its places free.
        let places = (self.places.capacity() * 8 / 7).next_power_of_two() * place;
        self.columns.iter().map(Columns::bytes).sum::<usize>() + places
    }

    /// One listing against one requirement, whether or not the requirement would consider it.
    #[must_use]
    pub fn judge(&self, kind: Kind, id: &str, requirement: &Requirement, today: NaiveDate) -> Option<Match> {
        Some(judge(self.get(kind, id)?, requirement, &self.ranking, today))
    }

    /// The whole answer; `limit` bounds each list, `today` is for the freshness of records.
    #[must_use]
    pub fn answer(&self, requirement: &Requirement, limit: usize, today: NaiveDate) -> Answer {
        let harvest = self.harvest(requirement, limit, today, Depth::Whole);
        let counts = harvest.counts;
        let relaxations = harvest.advice.relaxations();
        let nothing_opens = relaxations.is_empty() && counts.matched + counts.to_confirm == 0;
        let pairs = if nothing_opens { self.pairs(requirement, today) } else { Vec::new() };
        let [matched, to_confirm, near] = harvest.tops.map(|top| self.matches(&top, requirement, today));
        Answer { version: self.ranking.version.clone(), counts, matched, to_confirm, near, relaxations, pairs }
    }

    /// The best of the matched alone, without counts and advice.
    #[must_use]
    pub fn top(&self, requirement: &Requirement, limit: usize, today: NaiveDate) -> Vec<Match> {
        let [matched, ..] = self.harvest(requirement, limit, today, Depth::Matched).tops;
        self.matches(&matched, requirement, today)
    }

    fn matches(&self, top: &Top, requirement: &Requirement, today: NaiveDate) -> Vec<Match> {
        let listings = top.rows.iter().filter_map(|row| self.listings[row.slot as usize].as_ref());
        listings.map(|listing| judge(listing, requirement, &self.ranking, today)).collect()
    }

    fn harvest(&self, requirement: &Requirement, limit: usize, today: NaiveDate, depth: Depth) -> Harvest {
        let [confirm, near] = [limit; 2].map(|limit| Top::new(if depth == Depth::Matched { 0 } else { limit }));
        let mut harvest = Harvest {
            counts: Counts::default(),
            tops: [Top::new(limit), confirm, near],
            advice: Advice::default(),
            freshness: Freshness::on(today),
            two_short: Vec::new(),
        };
        if !is_narrow(requirement) {
            (0..self.listings.len() as u32).for_each(|slot| self.harvest_one(slot, requirement, today, &mut harvest));
            return harvest;
        }
        for kind in wanted_kinds(requirement) {
            let plan = Plan::new(requirement, kind, &self.ranking, &self.codes);
            let columns = &self.columns[kind as usize];
            scan(&plan, Source { columns, codes: &self.codes, listings: &self.listings }, depth, &mut harvest);
        }
        self.odd.iter().for_each(|&slot| self.harvest_one(slot, requirement, today, &mut harvest));
        harvest
    }

    /// Judges one listing in full and gathers what comes of it.
    fn harvest_one(&self, slot: u32, requirement: &Requirement, today: NaiveDate, harvest: &mut Harvest) {
        let Some(listing) = &self.listings[slot as usize] else { return };
        if !is_considered(listing, requirement) {
            return;
        }
        harvest.counts.considered += 1;
        let judged = judge(listing, requirement, &self.ranking, today);
        let group = judged.group();
        match group {
            Group::Matched => harvest.counts.matched += 1,
            Group::ToConfirm => harvest.counts.to_confirm += 1,
            Group::Near => {
                harvest.counts.near += 1;
                if let Some(short) = judged.shortfalls().next() {
                    harvest.advice.count(listing, short);
                }
            }
            Group::Out => {
                harvest.two_short.push(slot);
                return;
            }
        }
        let ranked = Ranked { score: judged.score, kind: listing.kind(), slot };
        harvest.tops[group as usize].offer(ranked, &self.listings);
    }

    fn pairs(&self, requirement: &Requirement, today: NaiveDate) -> Vec<super::answer::Pair> {
        let slots = self.harvest(requirement, 0, today, Depth::Pairs).two_short;
        let listings = slots.iter().filter_map(|&slot| self.listings[slot as usize].as_ref());
        pairs(listings.map(|listing| (listing, judge(listing, requirement, &self.ranking, today))))
    }
}
