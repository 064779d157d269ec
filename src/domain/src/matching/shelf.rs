//! The listings of one kind with their columns; a listing's place is its row.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::bits::BLOCK;
use super::columns::{Columns, Row, SortKey};
use crate::listing::Listing;

/// Sorts listings without a row behind all others.
const UNSORTED: SortKey = [u32::MAX; 4];

/// Changes after which rows are sorted again, besides a quarter of all rows: amortised O(1) rows per change.
const CHANGES_PER_SORT: usize = 4096;

/// The listings of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    /// By row.
    listings: Vec<Option<Listing>>,
    pub(super) columns: Columns,
    /// Rows by id; the listings themselves hold the keys.
    rows: HashTable<u32>,
    hasher: DefaultHashBuilder,
    free: Vec<u32>,
    /// Rows of listings that the columns cannot hold exactly; they are judged one by one.
    odd: Vec<u32>,
    changes: usize,
}

impl Shelf {
    /// A shelf of these listings, sorted; of two with one id the later one stays.
    pub(super) fn build(listings: Vec<Listing>) -> Self {
        let count = listings.len();
        let (rows, places) = (HashTable::with_capacity(count), Vec::with_capacity(count));
        let mut shelf = Self { rows, listings: places, ..Self::default() };
        for listing in listings {
            shelf.place(listing);
        }
        shelf.sort();
        shelf
    }

    /// Sorts all rows, so that blocks are decided alike.
    fn sort(&mut self) {
        let mut listings = std::mem::take(&mut self.listings);
        (self.columns, self.changes) = Default::default();
        (self.free, self.odd) = Default::default();
        let rows: Vec<Option<Row>> = listings.iter().map(|place| self.row_of(place.as_ref()?)).collect();
        let places = (0..).zip(&listings).filter(|(_, place)| place.is_some());
        let key = |at: u32| rows[at as usize].as_ref().map_or(UNSORTED, Row::sort_key);
        let mut order: Vec<(SortKey, u32)> = places.map(|(at, _)| (key(at), at)).collect();
        order.sort_unstable();
        self.listings.reserve_exact(order.len());
        let mut moved = vec![0; listings.len()];
        for (to, (_, from)) in order.into_iter().enumerate() {
            moved[from as usize] = to as u32;
            self.listings.push(listings[from as usize].take());
            self.store(to, rows[from as usize].as_ref());
        }
        self.rows.iter_mut().for_each(|at| *at = moved[*at as usize]);
    }

    /// The row of an offered listing that its columns can hold.
    fn row_of(&mut self, listing: &Listing) -> Option<Row> {
        if listing.is_offered() { self.columns.row(listing) } else { None }
    }

    /// Gives a listing its place; one of the same id keeps it.
    fn place(&mut self, listing: Listing) -> usize {
        let hash = self.hasher.hash_one(&*listing.id);
        let old = self.find(&listing.id);
        let at = old.or_else(|| self.free.pop()).unwrap_or(self.listings.len() as u32);
        if at as usize == self.listings.len() {
            self.listings.push(None);
        }
        self.listings[at as usize] = Some(listing);
        if old.is_none() {
            let rehash =
                |&at: &u32| self.listings[at as usize].as_ref().map_or(0, |other| self.hasher.hash_one(&*other.id));
            self.rows.insert_unique(hash, at, rehash);
        }
        at as usize
    }

    fn store(&mut self, at: usize, row: Option<&Row>) {
        self.columns.set(at, row);
        self.odd.retain(|&odd| odd as usize != at);
        if row.is_none() && self.listings[at].as_ref().is_some_and(Listing::is_offered) {
            self.odd.push(at as u32);
        }
    }

    pub(super) fn put(&mut self, listing: Listing) {
        let row = self.row_of(&listing);
        let at = self.place(listing);
        self.store(at, row.as_ref());
        self.sort_when_worn();
    }

    pub(super) fn remove(&mut self, id: &str) {
        let is_it = |&at: &u32| self.listings[at as usize].as_ref().is_some_and(|it| *it.id == *id);
        let Ok(entry) = self.rows.find_entry(self.hasher.hash_one(id), is_it) else { return };
        let at = entry.remove().0;
        self.listings[at as usize] = None;
        self.store(at as usize, None);
        self.free.push(at);
        self.sort_when_worn();
    }

    fn sort_when_worn(&mut self) {
        self.changes += 1;
        if self.changes > CHANGES_PER_SORT + self.len() / 4 {
            self.sort();
        }
    }

    fn find(&self, id: &str) -> Option<u32> {
        let is_it = |&at: &u32| self.listings[at as usize].as_ref().is_some_and(|it| *it.id == *id);
        self.rows.find(self.hasher.hash_one(id), is_it).copied()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Listing> {
        self.listing(self.find(id)? as usize)
    }

    /// The listing of a row.
    pub(super) fn listing(&self, row: usize) -> Option<&Listing> {
        self.listings[row].as_ref()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Listing> {
        self.listings.iter().flatten()
    }

    /// The offered listings that the columns cannot hold.
    pub(super) fn odd(&self) -> impl Iterator<Item = &Option<Listing>> {
        self.odd.iter().map(|&at| &self.listings[at as usize])
    }

    /// The listings of a block, by their place in it.
    pub(super) fn block(&self, number: usize) -> &[Option<Listing>] {
        &self.listings[number * BLOCK..]
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Bytes held besides the listings.
    pub(super) fn bytes(&self) -> usize {
        self.columns.bytes() + self.rows.allocation_size()
    }
}
