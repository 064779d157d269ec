//! Reverse matching: the stored requirements that a new or changed listing fits.

use std::collections::HashMap;
use std::sync::Arc;

use super::answer::Group;
use super::criteria::{allows, industries_of};
use super::criterion::Criterion;
use super::judge::{group_without_shortfall, is_considered, wanted_kinds};
use super::place::{extent, holds};
use super::predicate::Extent;
use crate::industry::IndustryCode;
use crate::listing::{Kind, Listing};
use crate::requirement::{Requirement, Use, Word as _};

/// A stored requirement that a listing fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    pub key: Arc<str>,
    /// [`Group::Matched`] or [`Group::ToConfirm`].
    pub group: Group,
}

/// Stored requirements, by the caller's key.
///
/// A sketch of each rules most of them out for a listing; the exact judge decides on the others.
#[derive(Clone, Debug, Default)]
pub struct ReverseIndex {
    stored: Vec<(Arc<str>, Requirement)>,
    /// By place.
    sketches: Vec<Sketch>,
    places: HashMap<Arc<str>, u32>,
}

/// The musts of a requirement that rule out most listings.
#[derive(Clone, Debug)]
struct Sketch {
    /// Bits of the wanted kinds, and of the uses that are enough.
    kinds: u8,
    uses: u8,
    /// Must be admitted.
    industry: Option<IndustryCode>,
    /// Empty for any.
    regions: Vec<Extent>,
}

const ANY_USE: u8 = u8::MAX;

impl Sketch {
    fn of(requirement: &Requirement) -> Self {
        let is_must = |criterion| !requirement.prefer.contains(&criterion);
        let regions = is_must(Criterion::Region).then_some(&requirement.regions);
        Self {
            kinds: wanted_kinds(requirement).into_iter().fold(0, |bits, kind| bits | 1 << kind as u8),
            uses: requirement.site_use.map_or(ANY_USE, |need| 1 << need as u8),
            industry: requirement.industry.filter(|_| is_must(Criterion::Industry)),
            regions: regions.into_iter().flatten().map(|code| extent(code.get())).collect(),
        }
    }

    /// Whether no must of the sketch is short for a listing that allows some uses.
    fn may_fit(&self, listing: &Listing, uses: u8) -> bool {
        let is_near = |own: u32| {
            self.regions.is_empty()
                || self.regions.iter().any(|&wanted| holds(wanted, own) || holds(extent(own), wanted.0))
        };
        let codes = industries_of(listing);
        let admits = |wanted| codes.is_empty() || codes.iter().any(|code| code.related(wanted));
        self.kinds & 1 << listing.kind() as u8 != 0
            && self.uses & uses != 0
            && listing.division.is_none_or(|own| is_near(own.get()))
            && self.industry.is_none_or(admits)
    }
}

/// Bits of the uses that a listing allows, or may allow.
fn uses_of(listing: &Listing) -> u8 {
    let allows = allows(listing);
    let uses = Use::WORDS.iter().filter(|&&(_, need)| allows(need) != Some(false));
    if listing.kind() == Kind::Park { ANY_USE } else { uses.fold(0, |bits, &(_, need)| bits | 1 << need as u8) }
}

impl ReverseIndex {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn put(&mut self, key: Arc<str>, requirement: Requirement) {
        self.remove(&key);
        self.places.insert(key.clone(), self.stored.len() as u32);
        self.sketches.push(Sketch::of(&requirement));
        self.stored.push((key, requirement));
    }

    pub fn remove(&mut self, key: &str) {
        let Some(at) = self.places.remove(key).map(|at| at as usize) else { return };
        self.stored.swap_remove(at);
        self.sketches.swap_remove(at);
        if let Some((moved, _)) = self.stored.get(at) {
            self.places.insert(moved.clone(), at as u32);
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.stored.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// The requirements for which a listing is matched or to be confirmed, by key.
    #[must_use]
    pub fn fits(&self, listing: &Listing) -> Vec<Fit> {
        let uses = uses_of(listing);
        let open = self.stored.iter().zip(&self.sketches).filter(|(_, sketch)| sketch.may_fit(listing, uses));
        let fit = |((key, requirement), _): (&(Arc<str>, Requirement), _)| {
            Some(Fit { key: key.clone(), group: group(listing, requirement)? })
        };
        let mut fits: Vec<Fit> = open.filter_map(fit).collect();
        fits.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        fits
    }

    /// The requirements that a listing fits better than it did: matched and not matched before, or to be confirmed
    /// and not listed before.
    #[must_use]
    pub fn newly_fits(&self, before: Option<&Listing>, after: &Listing) -> Vec<Fit> {
        let mut fits = self.fits(after);
        if let Some(before) = before {
            let was = |key: &str| self.places.get(key).and_then(|&at| group(before, &self.stored[at as usize].1));
            fits.retain(|fit| was(&fit.key).is_none_or(|was| fit.group < was));
        }
        fits
    }
}

/// The group of a listing that fits a requirement; the same verdicts as forward.
fn group(listing: &Listing, requirement: &Requirement) -> Option<Group> {
    is_considered(listing, requirement).then(|| group_without_shortfall(listing, requirement))?
}
