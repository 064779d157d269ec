//! The other direction: stored requirements, and which of them a new or changed listing fits.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::answer::{Group, judge};
use super::filter::is_considered;
use super::score::Ranking;
use crate::listing::Listing;
use crate::requirement::Requirement;

/// A stored requirement that a listing fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The requirement's key.
    pub key: Arc<str>,
    /// [`Group::Matched`] or [`Group::ToConfirm`].
    pub group: Group,
}

/// Stored requirements, by the caller's key.
#[derive(Clone, Debug, Default)]
pub struct ReverseIndex {
    requirements: BTreeMap<Arc<str>, Requirement>,
}

impl ReverseIndex {
    /// Nothing stored.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A new or changed requirement.
    pub fn put(&mut self, key: Arc<str>, requirement: Requirement) {
        self.requirements.insert(key, requirement);
    }

    /// Takes a requirement out.
    pub fn remove(&mut self, key: &str) {
        self.requirements.remove(key);
    }

    /// How many requirements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.requirements.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// The requirements for which a listing is matched or to be confirmed, by key.
    #[must_use]
    pub fn fits(&self, listing: &Listing) -> Vec<Fit> {
        let fit = |(key, requirement): (&Arc<str>, &Requirement)| {
            let group = group(listing, requirement);
            matches!(group, Group::Matched | Group::ToConfirm).then(|| Fit { key: key.clone(), group })
        };
        self.requirements.iter().filter_map(fit).collect()
    }

    /// The requirements that a listing fits better than it did: matched and not matched before, or to be confirmed
    /// and not listed before.
    #[must_use]
    pub fn newly_fits(&self, before: Option<&Listing>, after: &Listing) -> Vec<Fit> {
        let mut fits = self.fits(after);
        if let Some(before) = before {
            fits.retain(|fit| fit.group < group(before, &self.requirements[&fit.key]));
        }
        fits
    }
}

/// Where a listing stands for a requirement; the same verdicts as forward.
fn group(listing: &Listing, requirement: &Requirement) -> Group {
    if !is_considered(listing, requirement) {
        return Group::Out;
    }
    // Points do not move a verdict, so neither ranking nor day matters here.
    judge(listing, requirement, &Ranking::default(), NaiveDate::default()).group()
}
