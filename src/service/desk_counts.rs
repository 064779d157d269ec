//! Counts of the desk's lists, kept for a moment where a scope has many leads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::account::Scope;
use domain::time::Moment;

use crate::db::Db;
use crate::db::desk::{DeskCounts, DeskQuery};
use crate::error::Result;

/// Open leads from which counts are kept: counting 5,000 takes a few milliseconds.
const MANY: i64 = 5_000;
/// Time for which counts are kept, s.
const KEPT_SECONDS: i64 = 2;
/// Age up to which counts are given while new ones are counted, s. Older ones are not: after a pause they may be of yesterday.
const STALE_SECONDS: i64 = 4;
/// Entries of the cache at most.
const MOST_KEPT: usize = 1_000;

/// Counts of scopes with more than [`MANY`] open leads, kept for [`KEPT_SECONDS`]. One task behind the answers counts again, so
/// that requests of a busy desk do not wait for it.
#[derive(Clone, Debug, Default)]
pub struct CountCache(Arc<Mutex<HashMap<String, KeptCounts>>>);

#[derive(Clone, Copy, Debug)]
struct KeptCounts {
    at: Moment,
    counts: DeskCounts,
    is_counted_again: bool,
}

impl CountCache {
    /// Returns fresh counts, or those of at most [`STALE_SECONDS`] ago where there are more than [`MANY`] open leads.
    pub(super) async fn counts(&self, db: &Db, scope: &Scope, query: &DeskQuery, now: Moment) -> Result<DeskCounts> {
        let filters = (&query.stage, &query.owner, &query.q, &query.updated_since);
        let key = format!("{scope:?} {filters:?} {}", now.day());
        let Some((counts, is_due)) = self.kept(&key, now) else {
            return self.counted(db, scope, query, now, key).await;
        };
        if is_due {
            let (cache, db, scope, query) = (self.clone(), db.clone(), scope.clone(), query.clone());
            // Where it fails, the counts grow too old and a request counts, and is told why.
            tokio::spawn(async move { cache.counted(&db, &scope, &query, now, key).await });
        }
        Ok(counts)
    }

    /// Returns kept counts, with true where the caller counts again.
    fn kept(&self, key: &str, now: Moment) -> Option<(DeskCounts, bool)> {
        let mut all = self.all();
        // A clock that went back must not keep counts until it has caught up.
        let kept = all.get_mut(key).filter(|kept| kept.at <= now && kept.at.plus_seconds(STALE_SECONDS) > now)?;
        let is_due = kept.at.plus_seconds(KEPT_SECONDS) <= now && !kept.is_counted_again;
        kept.is_counted_again |= is_due;
        Some((kept.counts, is_due))
    }

    async fn counted(&self, db: &Db, scope: &Scope, query: &DeskQuery, now: Moment, key: String) -> Result<DeskCounts> {
        let counts = db.desk_counts(scope, query, now).await?;
        let mut all = self.all();
        if all.len() >= MOST_KEPT {
            all.clear();
        }
        if counts.open > MANY {
            all.insert(key, KeptCounts { at: now, counts, is_counted_again: false });
        } else {
            all.remove(&key);
        }
        Ok(counts)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, KeptCounts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_counted_again_once_behind_answers_and_old_ones_are_not_given() {
        let (cache, began) = (CountCache::default(), Moment(1_000_000));
        let counts = DeskCounts { open: MANY + 1, ..DeskCounts::default() };
        cache.all().insert("all".to_owned(), KeptCounts { at: began, counts, is_counted_again: false });
        let due_after = |seconds| cache.kept("all", began.plus_seconds(seconds)).map(|(_, is_due)| is_due);
        assert_eq!(due_after(KEPT_SECONDS - 1), Some(false), "fresh");
        assert_eq!(due_after(KEPT_SECONDS), Some(true), "one request counts again");
        assert_eq!(due_after(KEPT_SECONDS), Some(false), "the next does not");
        assert_eq!(due_after(-1), None, "the clock went back");
        assert_eq!(due_after(STALE_SECONDS), None, "too old, also where counting failed");
    }
}
