//! The in-memory snapshot of published listings: columns to match on, listings to show.

use std::hash::BuildHasher as _;

use chrono::NaiveDate;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::answer::{Answer, Bench, Counts, Group, Match};
use super::columns::Columns;
use super::filter::{Source, is_considered, wanted_kinds};
use super::pairs::pairs;
use super::plan::{Plan, is_narrow};
use super::rank::{Freshness, Ranked, Top};
use super::relax::Advice;
use super::row::{Codes, Figure, Row, head};
use super::scan::{Depth, Harvest, Work, scan};
use super::score::Ranking;
use crate::listing::{Kind, Listing};
use crate::requirement::Requirement;

/// Every published listing, ready to be matched.
#[derive(Clone, Debug)]
pub struct Index {
    ranking: Ranking,
    /// By slot.
    listings: Vec<Option<Listing>>,
    /// By slot, the row in the columns of its kind, or [`ODD`].
    rows: Vec<u32>,
    free: Vec<u32>,
    places: Places,
    codes: Codes,
    columns: [Columns; 3],
    /// Slots of listings that the columns cannot hold exactly; they are judged one by one.
    odd: Vec<u32>,
    /// Rows appended since the last sorting.
    unsorted: usize,
}

/// The row of a listing that the columns cannot hold.
const ODD: u32 = u32::MAX;

/// The slots of listings, found by kind and id; the listings themselves hold the keys.
#[derive(Clone, Debug, Default)]
struct Places {
    slots: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Places {
    fn hash(&self, kind: Kind, id: &str) -> u64 {
        self.hasher.hash_one((kind as u8, id))
    }

    fn find(&self, kind: Kind, id: &str, listings: &[Option<Listing>]) -> Option<u32> {
        self.slots.find(self.hash(kind, id), |&slot| is_that(listings, slot, kind, id)).copied()
    }

    fn insert(&mut self, slot: u32, kind: Kind, id: &str, listings: &[Option<Listing>]) {
        let hash = |slot: &u32| {
            listings[*slot as usize].as_ref().map_or(0, |it| self.hasher.hash_one((it.kind() as u8, &*it.id)))
        };
        self.slots.insert_unique(self.hasher.hash_one((kind as u8, id)), slot, hash);
    }

    fn remove(&mut self, kind: Kind, id: &str, listings: &[Option<Listing>]) -> Option<u32> {
        let hash = self.hash(kind, id);
        let entry = self.slots.find_entry(hash, |&slot| is_that(listings, slot, kind, id)).ok()?;
        Some(entry.remove().0)
    }
}

fn is_that(listings: &[Option<Listing>], slot: u32, kind: Kind, id: &str) -> bool {
    listings[slot as usize].as_ref().is_some_and(|listing| listing.kind() == kind && *listing.id == *id)
}

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
            F::Rate,
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
            rows: Vec::new(),
            free: Vec::new(),
            places: Places { slots: HashTable::with_capacity(listings.len()), ..Places::default() },
            codes: Codes::new(),
            columns: Default::default(),
            odd: Vec::new(),
            unsorted: 0,
        };
        for listing in listings {
            let slot = index.listings.len() as u32;
            match index.places.find(listing.kind(), &listing.id, &index.listings) {
                Some(slot) => index.listings[slot as usize] = Some(listing),
                None => {
                    index.places.insert(slot, listing.kind(), &listing.id, &index.listings);
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
        self.rows = vec![ODD; self.listings.len()];
        let mut rows: [Vec<(u32, Row)>; 3] = Default::default();
        for (slot, listing) in self.listings.iter().enumerate() {
            let Some(listing) = listing else { continue };
            match Row::of(listing, &mut self.codes) {
                Some(row) => rows[listing.kind() as usize].push((slot as u32, row)),
                None => self.odd.push(slot as u32),
            }
        }
        for (kind, rows) in Kind::ALL.into_iter().zip(rows) {
            // Keys and places alone are sorted: rows are an order of magnitude larger.
            let keys = rows.iter().enumerate().map(|(at, (_, row))| (row.sort_key(), at as u32));
            let mut order: Vec<(u64, u32)> = keys.collect();
            order.sort_unstable();
            let columns = &mut self.columns[kind as usize];
            columns.reserve(rows.len(), figures(kind));
            for (number, (_, at)) in order.into_iter().enumerate() {
                let (slot, row) = &rows[at as usize];
                columns.push(row, *slot, figures(kind));
                self.rows[*slot as usize] = number as u32;
            }
        }
    }

    /// A new or changed listing.
    pub fn put(&mut self, listing: Listing) {
        let kind = listing.kind();
        let row = Row::of(&listing, &mut self.codes);
        let old = self.places.find(kind, &listing.id, &self.listings);
        let slot = old.or_else(|| self.free.pop()).unwrap_or(self.listings.len() as u32);
        let columns = &mut self.columns[kind as usize];
        let at = match (old.map(|slot| self.rows[slot as usize]).filter(|&row| row != ODD), row) {
            (Some(at), Some(row)) => {
                columns.set(at as usize, &row, figures(kind));
                at
            }
            (Some(at), None) => {
                columns.clear(at as usize);
                ODD
            }
            (None, Some(row)) => {
                columns.push(&row, slot, figures(kind));
                self.unsorted += 1;
                columns.len() as u32 - 1
            }
            (None, None) => ODD,
        };
        self.odd.retain(|&odd| odd != slot);
        if at == ODD {
            self.odd.push(slot);
        }
        if slot as usize == self.listings.len() {
            self.listings.push(None);
            self.rows.push(ODD);
        }
        self.rows[slot as usize] = at;
        if old.is_none() {
            self.places.insert(slot, kind, &listing.id, &self.listings);
        }
        self.listings[slot as usize] = Some(listing);
        self.sort_when_worn();
    }

    /// Takes a listing out.
    pub fn remove(&mut self, kind: Kind, id: &str) {
        let Some(slot) = self.places.remove(kind, id, &self.listings) else { return };
        match self.rows[slot as usize] {
            ODD => self.odd.retain(|&odd| odd != slot),
            row => self.columns[kind as usize].clear(row as usize),
        }
        self.listings[slot as usize] = None;
        self.free.push(slot);
        self.unsorted += 1;
        self.sort_when_worn();
    }

    /// Sorts anew once a good part of the rows lies out of order: amortised, a change costs a few rows' work.
    fn sort_when_worn(&mut self) {
        if self.unsorted > 4096 + self.len() / 4 {
            self.sort();
        }
    }

    /// A listing by kind and id.
    #[must_use]
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Listing> {
        self.listings[self.places.find(kind, id, &self.listings)? as usize].as_ref()
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
        self.places.slots.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.slots.is_empty()
    }

    /// The ranking in force.
    #[must_use]
    pub fn ranking(&self) -> &Ranking {
        &self.ranking
    }

    /// Bytes that the index holds besides the listings themselves.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(Columns::bytes).sum::<usize>()
            + self.rows.capacity() * size_of::<u32>()
            + self.places.slots.allocation_size()
    }

    /// One listing against one requirement, whether or not the requirement would consider it.
    #[must_use]
    pub fn judge(&self, kind: Kind, id: &str, requirement: &Requirement, today: NaiveDate) -> Option<Match> {
        Some(Bench::new(requirement, &self.ranking, today).judge(self.get(kind, id)?))
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

    /// What [`Index::top`] and [`Index::answer`] cost.
    #[must_use]
    pub fn work(&self, requirement: &Requirement, limit: usize, today: NaiveDate) -> [Work; 2] {
        [Depth::Matched, Depth::Whole].map(|depth| self.harvest(requirement, limit, today, depth).work)
    }

    fn matches(&self, top: &Top, requirement: &Requirement, today: NaiveDate) -> Vec<Match> {
        let listings = top.rows.iter().filter_map(|row| self.listings[row.slot as usize].as_ref());
        let bench = Bench::new(requirement, &self.ranking, today);
        listings.map(|listing| bench.judge(listing)).collect()
    }

    fn harvest(&self, requirement: &Requirement, limit: usize, today: NaiveDate, depth: Depth) -> Harvest {
        let [confirm, near] = [limit; 2].map(|limit| Top::new(if depth == Depth::Matched { 0 } else { limit }));
        let mut harvest = Harvest {
            counts: Counts::default(),
            tops: [Top::new(limit), confirm, near],
            advice: Advice::default(),
            freshness: Freshness::on(today),
            two_short: Vec::new(),
            work: Work::default(),
        };
        let bench = Bench::new(requirement, &self.ranking, today);
        if !is_narrow(requirement) {
            (0..self.listings.len() as u32).for_each(|slot| self.harvest_one(slot, requirement, &bench, &mut harvest));
            return harvest;
        }
        for kind in wanted_kinds(requirement) {
            let plan = Plan::new(requirement, kind, &self.ranking, &self.codes);
            let columns = &self.columns[kind as usize];
            scan(&plan, Source { columns, codes: &self.codes, listings: &self.listings }, depth, &mut harvest);
        }
        self.odd.iter().for_each(|&slot| self.harvest_one(slot, requirement, &bench, &mut harvest));
        harvest
    }

    /// Judges one listing in full and gathers what comes of it.
    fn harvest_one(&self, slot: u32, requirement: &Requirement, bench: &Bench<'_>, harvest: &mut Harvest) {
        let Some(listing) = &self.listings[slot as usize] else { return };
        if !is_considered(listing, requirement) {
            return;
        }
        harvest.counts.considered += 1;
        let judged = bench.judge(listing);
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
        let ranked = Ranked { score: judged.score, kind: listing.kind(), slot, head: head(&listing.id) };
        harvest.tops[group as usize].offer(ranked, &self.listings);
    }

    fn pairs(&self, requirement: &Requirement, today: NaiveDate) -> Vec<super::answer::Pair> {
        let slots = self.harvest(requirement, 0, today, Depth::Pairs).two_short;
        let listings = slots.iter().filter_map(|&slot| self.listings[slot as usize].as_ref());
        let bench = Bench::new(requirement, &self.ranking, today);
        pairs(listings.map(|listing| (listing, bench.judge(listing))))
    }
}
