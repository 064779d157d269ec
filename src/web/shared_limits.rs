//! Rate limits over all processes: each second a process adds what it let in to the counters of the database, and refuses those who
//! are above their limit in all processes together. A client or key within its limit in one process alone is never refused here.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::time::{MILLIS_PER_SECOND, Moment};

use crate::db::DbError;
use crate::service::context::App;
use crate::service::request_counts::{self, WINDOW_SECONDS};

/// Requests per second from which they are shared; fewer stay below a limit of 600 per minute in five processes together.
const WORTH_SHARING: u32 = 2;

/// Requests that this process let in, and clients and keys above their limit in all processes.
#[derive(Debug, Default)]
pub(super) struct SharedLimits {
    let_in: Mutex<HashMap<String, (u32, u32)>>,
    /// Until when each is refused.
    above: Mutex<HashMap<String, Moment>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SharedLimits {
    /// Counts a request that was let in, under a limit per minute.
    pub(super) fn note(&self, whose: String, limit: u32) {
        locked(&self.let_in).entry(whose).or_insert((0, limit)).0 += 1;
    }

    /// Whether a client or key is above its limit.
    pub(super) fn is_above(&self, whose: &str, now: Moment) -> bool {
        let above = locked(&self.above);
        !above.is_empty() && above.get(whose).is_some_and(|until| now < *until)
    }

    /// Adds what was let in since the last call to what all processes did.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`]; the limits of this process alone hold then.
    pub(super) async fn share(&self, app: &App) -> Result<(), DbError> {
        let now = app.clock.now();
        locked(&self.above).retain(|_, until| now < *until);
        let mut let_in = std::mem::take(&mut *locked(&self.let_in));
        let_in.retain(|_, (count, _)| *count >= WORTH_SHARING);
        if let_in.is_empty() {
            return Ok(());
        }
        let limits: Vec<u32> = let_in.values().map(|(_, limit)| *limit).collect();
        let counts: Vec<(String, u32)> = let_in.into_iter().map(|(whose, (count, _))| (whose, count)).collect();
        let totals = request_counts::add(app, &counts, now).await?;
        let mut above = locked(&self.above);
        for (((whose, _), limit), total) in counts.into_iter().zip(limits).zip(totals) {
            if let Some(until) = refused_until(total, limit.into(), now) {
                above.insert(whose, until);
            }
        }
        Ok(())
    }
}

/// Returns until when requests are refused after `total` in this window: until as many would have been let in by one process,
/// whose tokens come back evenly, and at most to the window's end; `None` below that.
fn refused_until(total: i64, limit: i64, now: Moment) -> Option<Moment> {
    let window = WINDOW_SECONDS * MILLIS_PER_SECOND;
    let passed = now.0.rem_euclid(window);
    let beyond = total - limit - limit * passed / window;
    (beyond > 0).then(|| Moment(now.0 + (beyond * window / limit.max(1)).min(window - passed)))
}
