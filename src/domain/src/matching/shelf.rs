//! The listings of one kind with their columns; a listing's place is its row.

use std::sync::Arc;

use hashbrown::HashMap;

use super::bits::BLOCK;
use super::columns::{Columns, sort_key};
use crate::listing::Listing;

/// Changes after which rows are sorted again, besides a quarter of all rows: amortised O(1) rows per change.
const CHANGES_PER_SORT: usize = 4096;

#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    /// By row; rows of removed listings stay blank until the next sort.
    listings: Vec<Option<Listing>>,
    pub(super) columns: Columns,
    rows: HashMap<Arc<str>, u32>,
    changes: usize,
}

impl Shelf {
    /// A shelf of these listings, sorted; of two with one id the later one stays.
    pub(super) fn build(listings: Vec<Listing>) -> Self {
        let mut shelf = Self { rows: HashMap::with_capacity(listings.len()), ..Self::default() };
        for listing in listings {
            shelf.place(listing);
        }
        shelf.sort();
        shelf
    }

    /// Sorts all rows, so that blocks are decided alike.
    fn sort(&mut self) {
        (self.columns, self.changes) = Default::default();
        let mut listings: Vec<Listing> = std::mem::take(&mut self.listings).into_iter().flatten().collect();
        listings.sort_by_cached_key(sort_key);
        self.listings.reserve_exact(listings.len());
        for (at, listing) in listings.into_iter().enumerate() {
            self.rows.insert(listing.id.clone(), at as u32);
            self.columns.set(at, &listing);
            self.listings.push(Some(listing));
        }
    }

    /// Gives a listing its place; one of the same id keeps it.
    fn place(&mut self, listing: Listing) -> usize {
        let at = *self.rows.entry(listing.id.clone()).or_insert(self.listings.len() as u32) as usize;
        if at == self.listings.len() {
            self.listings.push(None);
        }
        self.listings[at] = Some(listing);
        at
    }

    pub(super) fn put(&mut self, listing: Listing) {
        let at = self.place(listing);
        self.listings[at].iter().for_each(|listing| self.columns.set(at, listing));
        self.sort_when_worn();
    }

    pub(super) fn remove(&mut self, id: &str) {
        let Some(at) = self.rows.remove(id) else { return };
        self.listings[at as usize] = None;
        self.columns.blocks[at as usize / BLOCK].offered.set(at as usize % BLOCK, false);
        self.sort_when_worn();
    }

    fn sort_when_worn(&mut self) {
        self.changes += 1;
        if self.changes > CHANGES_PER_SORT + self.rows.len() / 4 {
            self.sort();
        }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Listing> {
        self.listings[*self.rows.get(id)? as usize].as_ref()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Listing> {
        self.listings.iter().flatten()
    }

    pub(super) fn block(&self, number: usize) -> &[Option<Listing>] {
        &self.listings[number * BLOCK..]
    }
}
