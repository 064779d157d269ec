//! The policy library (政策): reading, neighbours in the list, related policies, and those that apply to a requirement.

use std::sync::{Arc, PoisonError, RwLock};

use domain::policy::{ApplicablePolicy, PolicyTie, applicable, is_in_force, related};
use domain::record::{Policies, Record};
use domain::region::{DivisionCode, divisions};
use domain::requirement::Requirement;

use super::context::Context;
use super::published::published;
use crate::db::{Db, DbError};
use crate::error::{Error, Result};

/// Related policies that a page shows.
const MOST_RELATED: usize = 5;
/// Policies that an answer shows.
const MOST_APPLICABLE: usize = 4;

/// All policies in memory, newest first; [`PolicyShelf::follow`] keeps them current.
#[derive(Debug, Default)]
pub struct PolicyShelf(RwLock<(PolicyStamp, Arc<[Record<Policies>]>)>);

/// Count and times of the stored policies, and count of promises that a reviewer let pass: another value means other policies.
pub(super) type PolicyStamp = Option<(i64, i64, i64, u64)>;

impl PolicyShelf {
    /// Returns the policies, newest first, then by id.
    #[must_use]
    pub fn all(&self) -> Arc<[Record<Policies>]> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Returns the stamp of the policies in memory.
    pub(super) fn stamp(&self) -> PolicyStamp {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Reads the policies again where they have changed.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn follow(&self, db: &Db) -> std::result::Result<(), DbError> {
        let (count, newest, sum) = db.policy_stamp().await?;
        let stamp = Some((count, newest, sum, db.count_passed().await?));
        if self.stamp() == stamp {
            return Ok(());
        }
        let mut policies = published(db, db.policies().await?).await?.records;
        policies.sort_by_key(|policy| (std::cmp::Reverse(policy.day("issued_on")), policy.id().to_owned()));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = (stamp, policies.into());
        Ok(())
    }
}

/// Filter of the library.
#[derive(Clone, Debug, Default)]
pub struct PolicyFilter {
    /// Only policies that apply there: to the place, to what is above it, or to a part of it.
    pub region: Option<DivisionCode>,
    /// Only of this kind; blank for all.
    pub kind: String,
    /// Also those whose validity has ended.
    pub with_past: bool,
}

impl PolicyFilter {
    fn takes(&self, policy: &Record<Policies>, today: chrono::NaiveDate) -> bool {
        let is_there = |wanted: DivisionCode| {
            DivisionCode::parse(policy.get("region_code"))
                .is_none_or(|own| divisions().covers(own, wanted) || divisions().covers(wanted, own))
        };
        self.region.is_none_or(is_there)
            && (self.kind.is_empty() || self.kind == policy.get("kind"))
            && (self.with_past || is_in_force(policy, today))
    }
}

/// Returns the policies of a filter, newest first.
#[must_use]
pub fn list(app: &Context, filter: &PolicyFilter) -> Vec<Record<Policies>> {
    let today = app.clock.now().day();
    app.policies.all().iter().filter(|policy| filter.takes(policy, today)).cloned().collect()
}

/// Returns the kinds in use, in the order of the library.
#[must_use]
pub fn kinds(app: &Context) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for policy in &*app.policies.all() {
        let kind = policy.get("kind");
        if !kind.is_empty() && !kinds.iter().any(|known| known == kind) {
            kinds.push(kind.to_owned());
        }
    }
    kinds
}

/// A policy with its neighbours in the library and the related ones.
#[derive(Debug)]
pub struct PolicyInLibrary {
    /// The policy.
    pub policy: Record<Policies>,
    /// The next newer policy of the same kind.
    pub newer: Option<Record<Policies>>,
    /// The next older policy of the same kind.
    pub older: Option<Record<Policies>>,
    /// Related policies with their reasons, at most five.
    pub related: Vec<(Record<Policies>, Vec<PolicyTie>)>,
}

/// Returns one policy with the next ones of its kind and the related ones.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(app: &Context, id: &str) -> Result<PolicyInLibrary> {
    let (all, today) = (app.policies.all(), app.clock.now().day());
    let policy = all.iter().find(|policy| policy.id() == id).ok_or(Error::NotFound)?;
    let of_kind: Vec<_> = all.iter().filter(|other| other.get("kind") == policy.get("kind")).collect();
    let at = of_kind.iter().position(|other| other.id() == id).unwrap_or_default();
    let neighbour = |at: Option<usize>| at.and_then(|at| of_kind.get(at)).map(|policy| (*policy).clone());
    let beside = related(policy, &all, today).into_iter().take(MOST_RELATED);
    Ok(PolicyInLibrary {
        policy: policy.clone(),
        newer: neighbour(at.checked_sub(1)),
        older: neighbour(at.checked_add(1)),
        related: beside.map(|(other, ties)| (other.clone(), ties)).collect(),
    })
}

/// Calls `shown` with each policy that may apply to a requirement, at most four.
pub fn for_requirement<T>(
    app: &Context,
    requirement: &Requirement,
    shown: impl Fn(&ApplicablePolicy<'_>) -> T,
) -> Vec<T> {
    let all = app.policies.all();
    let found = applicable(requirement, &all, app.clock.now().day());
    found.iter().take(MOST_APPLICABLE).map(shown).collect()
}

/// Returns one policy as the public sees it; `None` where there is none of this id.
///
/// # Errors
/// [`DbError::Unavailable`] or [`DbError::Other`].
pub(super) async fn find(app: &Context, id: &str) -> std::result::Result<Option<Record<Policies>>, DbError> {
    let stored = app.db.policy(id).await?.into_iter().collect();
    Ok(published(&app.db, stored).await?.records.pop())
}

/// Returns every policy as the public sees it, by id.
///
/// # Errors
/// [`DbError::Unavailable`] or [`DbError::Other`].
pub(super) async fn all(app: &Context) -> std::result::Result<Vec<Record<Policies>>, DbError> {
    Ok(published(&app.db, app.db.policies().await?).await?.records)
}
