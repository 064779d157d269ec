//! Recording of outcomes; an outcome that is not recorded leads to a duplicate mail.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::DATABASE_PAUSE;
use crate::db::DbError;

/// Number of outcomes that wait for the database or its disk. While it is above zero nothing is sent, since no further
/// outcome could be recorded either.
#[derive(Clone, Debug, Default)]
pub(super) struct Unsettled(Arc<AtomicUsize>);

/// Guard that counts one waiting outcome.
struct Waiting(Unsettled);

impl Unsettled {
    /// Whether an outcome is waiting.
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

/// Retries a write until it succeeds, past the end of the lease: it is valid until another process claims the mail. A
/// write refused for a permanent reason is given up when the lease ends.
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
