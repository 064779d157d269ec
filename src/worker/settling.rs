//! Outcomes of attempts on their way into the database: one that is not settled is a double mail.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::DATABASE_PAUSE;
use crate::db::DbError;

/// Counts the outcomes that wait for the database to come back, or for room on its disk. What would be sent meanwhile
/// could not be settled either.
#[derive(Clone, Debug, Default)]
pub(super) struct Unsettled(Arc<AtomicUsize>);

/// One of them, as long as it waits.
struct Waiting(Unsettled);

impl Unsettled {
    /// Whether one waits.
    pub(super) fn any(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }

    fn one_more(&self) -> Waiting {
        self.0.fetch_add(1, Ordering::SeqCst);
        Waiting(self.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Self(Unsettled(count)) = self;
        count.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Repeats a write until it is through, however long the lease has been over: as long as nobody else has claimed the
/// mail it still counts. One that the database refuses for a reason of its own is given up with its lease.
pub(super) async fn persist<T, F>(lease: Duration, unsettled: &Unsettled, write: impl Fn() -> F) -> Option<T>
where
    F: Future<Output = Result<T, DbError>>,
{
    let started = Instant::now();
    let mut waiting = None;
    loop {
        match write().await {
            Ok(value) => return Some(value),
            Err(error @ (DbError::Unavailable(_) | DbError::Full(_))) => {
                waiting.get_or_insert_with(|| unsettled.one_more());
                tracing::warn!(%error, "an outcome cannot be settled yet");
            }
            Err(error) if started.elapsed() > lease => {
                tracing::error!(%error, "an outcome could not be settled");
                return None;
            }
            Err(error) => tracing::warn!(%error, "an outcome cannot be settled yet"),
        }
        sleep(DATABASE_PAUSE).await;
    }
}
