//! Holds and evidence of listings in memory, beside the snapshot: they follow a clock of their own, since neither is part of a
//! record or of matching.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::NaiveDate;
use domain::freshness::{Evidence, Precedence, precedence};
use domain::hold::{Held, SoftHold, held};
use domain::listing::Kind;
use domain::record::Record;
use domain::time::Moment;

use crate::db::evidence::EvidenceRow;
use crate::db::hold::HoldRow;
use crate::db::words::Changed;
use crate::db::{Db, DbError};

type BesideKey = (Kind, String);

/// Rows that are put under one lock: less than a millisecond.
const MOST_PUT: usize = 500;

/// Holds and evidence in memory.
#[derive(Debug)]
pub struct Beside {
    state: RwLock<BesideState>,
    /// Held while changes are read, so that they are applied in order.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct BesideState {
    /// Holds by listing and by id; ended ones are dropped with the next change of their listing.
    holds: HashMap<BesideKey, HashMap<String, SoftHold>>,
    /// The checks of each listing by kind and id, as they are stored.
    evidence: [HashMap<Box<str>, Arc<str>>; 3],
    /// Each text of `evidence` once: an import says the same of all its listings.
    checks: HashSet<Arc<str>>,
    behind: HashSet<BesideKey>,
    seq: i64,
    day: Option<NaiveDate>,
}

impl Beside {
    /// Loads the live holds and all evidence.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn load(db: &Db, now: Moment) -> Result<Self, DbError> {
        // The number first: a change committed in between is then read twice, never missed.
        let mut state = BesideState { seq: db.beside_seq().await?, day: Some(now.day()), ..BesideState::default() };
        db.live_holds(now).await?.into_iter().for_each(|row| state.put_hold(row));
        for row in db.evidence_since(0).await? {
            state.put_evidence(row);
        }
        Ok(Self { state: RwLock::new(state), turn: tokio::sync::Mutex::new(()) })
    }

    /// Nothing loaded, for commands that look up no listing.
    #[must_use]
    pub fn unloaded() -> Self {
        Self { state: RwLock::default(), turn: tokio::sync::Mutex::new(()) }
    }

    /// Applies the changes committed since the last call, one query where there are none. Returns the listings whose place in
    /// searches changed.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`]; nothing is then changed.
    pub(super) async fn follow(&self, db: &Db) -> Result<Vec<(Changed, String)>, DbError> {
        let _turn = self.turn.lock().await;
        let known = self.read().seq;
        let seq = db.beside_seq().await?;
        if known == seq {
            return Ok(Vec::new());
        }
        let (holds, evidence) = (db.holds_since(known).await?, db.evidence_since(known).await?);
        holds.into_iter().for_each(|row| self.write().put_hold(row));
        let (mut moved, mut evidence) = (Vec::new(), evidence.into_iter());
        // Requests that read have their turn in between; until the number rises, all is read again.
        while !evidence.as_slice().is_empty() {
            moved.extend(self.write().put_all(evidence.by_ref().take(MOST_PUT)));
            tokio::task::yield_now().await;
        }
        self.write().seq = seq;
        Ok(moved)
    }

    /// Returns the day before, where this call is the first on a new day.
    pub(super) fn turn_day(&self, today: NaiveDate) -> Option<NaiveDate> {
        if self.read().day == Some(today) {
            return None;
        }
        self.write().day.replace(today)
    }

    /// Returns the number of the last change that is applied.
    pub(super) fn seq(&self) -> i64 {
        self.read().seq
    }

    /// Whether anything of a listing may be held; ended holds may be among them.
    #[must_use]
    pub fn has_holds(&self, kind: Kind, id: &str) -> bool {
        let state = self.read();
        !state.holds.is_empty() && state.holds.contains_key(&(kind, id.to_owned()))
    }

    /// Returns the live holds on a listing by resource.
    #[must_use]
    pub fn held(&self, record: &Record, now: Moment) -> Vec<Held> {
        let state = self.read();
        let holds = state.holds.get(&(record.kind(), record.id().to_owned()));
        let holds: Vec<SoftHold> = holds.into_iter().flat_map(HashMap::values).copied().collect();
        held(record, &holds, now)
    }

    /// Returns the checks of a listing's facts.
    #[must_use]
    pub fn evidence(&self, kind: Kind, id: &str) -> Evidence {
        let checks = self.read().evidence[kind as usize].get(id).cloned();
        checks.map_or_else(Evidence::default, |checks| Evidence::parse(&checks))
    }

    /// Returns the listings whose park left two monthly questions unanswered.
    pub(super) fn behind(&self) -> Vec<(Kind, String)> {
        self.read().behind.iter().cloned().collect()
    }

    /// Whether the park of a listing left two monthly questions about it unanswered.
    #[must_use]
    pub fn is_behind(&self, kind: Kind, id: &str) -> bool {
        let state = self.read();
        !state.behind.is_empty() && state.behind.contains(&(kind, id.to_owned()))
    }

    /// Returns the place of a record in lists and searches.
    #[must_use]
    pub fn place(&self, record: &Record, today: NaiveDate) -> Precedence {
        precedence(record, self.is_behind(record.kind(), record.id()), today)
    }

    fn read(&self) -> RwLockReadGuard<'_, BesideState> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BesideState> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BesideState {
    /// Puts a hold, or drops one that was released. A resource of another version is not shown.
    fn put_hold(&mut self, row: HoldRow) {
        let (Some(kind), Some(resource)) = (row.kind.known(), row.resource.known()) else { return };
        let key = (kind, row.listing);
        let holds = self.holds.entry(key.clone()).or_default();
        holds.retain(|_, hold| hold.until > row.created_at);
        if row.released_at.is_some() {
            holds.remove(&row.id);
        } else {
            holds.insert(row.id, SoftHold { resource, units: row.units, until: row.expires_at });
        }
        if holds.is_empty() {
            self.holds.remove(&key);
        }
    }

    fn put_checks(&mut self, (kind, id): &BesideKey, checks: String) {
        let shared = self.checks.get(checks.as_str()).cloned().unwrap_or_else(|| checks.into());
        self.checks.insert(shared.clone());
        let former = self.evidence[*kind as usize].insert(id.as_str().into(), shared);
        // Nobody else has it: the set and this function.
        if let Some(former) = former.filter(|former| Arc::strong_count(former) == 2) {
            self.checks.remove(&former);
        }
    }

    /// Puts the evidence of some listings and returns those whose place in searches changed.
    fn put_all(&mut self, rows: impl Iterator<Item = EvidenceRow>) -> Vec<(Changed, String)> {
        rows.filter_map(|row| self.put_evidence(row)).collect()
    }

    /// Puts the evidence of a listing and returns the listing where its place in searches changed.
    fn put_evidence(&mut self, row: EvidenceRow) -> Option<(Changed, String)> {
        let key = (row.kind.known()?, row.code);
        self.put_checks(&key, row.checks);
        let is_moved = if row.is_behind { self.behind.insert(key.clone()) } else { self.behind.remove(&key) };
        is_moved.then_some((Changed::Listing(key.0), key.1))
    }
}
