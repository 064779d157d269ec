//! Counts of the desk's lists, kept for a moment where a scope has many leads.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::account::Scope;
use domain::time::Moment;

use crate::db::Db;
use crate::db::desk::{DeskCounts, DeskQuery};
use crate::error::Result;

/// Open leads from which counts are kept: counting 5,000 takes a few milliseconds.
const MANY: i64 = 5_000;
/// Time for which counts are kept, s.
const KEPT_SECONDS: i64 = 2;
/// Entries of the cache at most.
const MOST_KEPT: usize = 1_000;

/// Counts of scopes with so many leads that counting each time would cost more than the page: kept for [`KEPT_SECONDS`].
#[derive(Debug, Default)]
pub struct CountCache(Mutex<HashMap<String, (Moment, DeskCounts)>>);

impl CountCache {
    /// Returns fresh counts, or those of at most [`KEPT_SECONDS`] ago where there are more than [`MANY`] open leads.
    pub(super) async fn counts(&self, db: &Db, scope: &Scope, query: &DeskQuery, now: Moment) -> Result<DeskCounts> {
        let filters = (&query.stage, &query.owner, &query.q, &query.updated_since);
        let key = format!("{scope:?} {filters:?} {}", now.day());
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some((at, counts)) = kept
            && at.plus_seconds(KEPT_SECONDS) > now
        {
            return Ok(counts);
        }
        if let Some((_, counts)) = kept {
            // Other requests go on with the old counts while this one counts.
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), (now, counts));
        }
        let counts = db.desk_counts(scope, query, now).await?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_KEPT {
            all.clear();
        }
        if counts.open > MANY {
            all.insert(key, (now, counts));
        }
        Ok(counts)
    }
}
