//! Reverse matching: the stored requirements that a new or changed listing fits.

use std::collections::HashMap;
use std::sync::Arc;

use super::answer::Group;
use super::criteria::{allows, industries_of};
use super::criterion::Criterion;
use super::judge::{group_without_shortfall, is_considered};
use super::place::covers;
use crate::listing::Listing;
use crate::requirement::Requirement;

/// A stored requirement that a listing fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    pub key: Arc<str>,
    /// [`Group::Matched`] or [`Group::ToConfirm`].
    pub group: Group,
}

/// Stored requirements, by the caller's key.
#[derive(Clone, Debug, Default)]
pub struct ReverseIndex(HashMap<Arc<str>, Requirement>);

impl ReverseIndex {
    pub fn put(&mut self, key: Arc<str>, requirement: Requirement) {
        self.0.insert(key, requirement);
    }

    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// The requirements for which a listing is matched or to be confirmed, by key.
    #[must_use]
    pub fn fits(&self, listing: &Listing) -> Vec<Fit> {
        let fit = |(key, requirement): (&Arc<str>, &Requirement)| {
            Some(Fit { group: group(listing, requirement)?, key: key.clone() })
        };
        let mut fits: Vec<Fit> = self.0.iter().filter_map(fit).collect();
        fits.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        fits
    }

    /// The requirements that a listing fits better than it did: matched and not matched before, or to be confirmed
    /// and not listed before.
    #[must_use]
    pub fn newly_fits(&self, before: Option<&Listing>, after: &Listing) -> Vec<Fit> {
        let mut fits = self.fits(after);
        if let Some(before) = before {
            let was = |key: &str| self.0.get(key).and_then(|requirement| group(before, requirement));
            fits.retain(|fit| was(&fit.key).is_none_or(|was| fit.group < was));
        }
        fits
    }
}

/// The quick half of the judge, which rules most requirements out: region, industry and use.
fn may_fit(listing: &Listing, requirement: &Requirement) -> bool {
    let is_wish = |criterion| requirement.prefer.contains(&criterion);
    let (regions, codes) = (&requirement.regions, industries_of(listing));
    let is_near = |own| regions.iter().any(|&wanted| covers(wanted, own) || covers(own, wanted));
    let admits = |wanted| codes.is_empty() || codes.iter().any(|code| code.related(wanted));
    (regions.is_empty() || is_wish(Criterion::Region) || listing.division.is_none_or(is_near))
        && (is_wish(Criterion::Industry) || requirement.industry.is_none_or(admits))
        && requirement.site_use.is_none_or(|need| allows(listing)(need) != Some(false))
}

/// The group of a listing that fits a requirement; the same verdicts as forward.
fn group(listing: &Listing, requirement: &Requirement) -> Option<Group> {
    let may_fit = is_considered(listing, requirement) && may_fit(listing, requirement);
    may_fit.then(|| group_without_shortfall(listing, requirement))?
}
