//! The outbox at work: claim under a short lease, carry out outside any transaction, settle; what is queued is decided in `service`.

pub mod bounces;
mod mails;
mod relay_state;
pub mod retry;
mod settling;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::time::Moment;
use tokio::sync::{Notify, futures::Notified};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config;
use crate::db::{Db, DbError};
use crate::mail::Mailer;
use retry::RetryTable;

/// How long a database that does not answer is left alone.
const DATABASE_PAUSE: Duration = Duration::from_secs(1);

/// What governs the worker.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Mails in work at once.
    pub slots: usize,
    /// How long a claimed row is ours.
    pub lease: Duration,
    /// How often the outbox is looked at when nothing wakes the worker.
    pub poll: Duration,
    /// When a failed attempt is repeated.
    pub retry: RetryTable,
    /// How long attempts that were begun may take to end after a stop.
    pub drain: Duration,
}

impl Pace {
    /// From the `[mail]` section; attempts that were begun may take `drain` to end.
    #[must_use]
    pub fn new(settings: &config::MailConfig, drain: Duration) -> Self {
        Self {
            slots: settings.slots,
            lease: Duration::from_secs(settings.lease_seconds),
            poll: Duration::from_secs(settings.poll_seconds),
            retry: RetryTable { longest: Duration::from_secs(settings.retry_max_seconds) },
            drain,
        }
    }
}

/// Works the outbox until it is told to stop. Any number of equal processes may do so at once.
#[derive(Clone)]
pub struct Worker {
    /// Where the outbox is.
    pub db: Db,
    /// What sends.
    pub mailer: Arc<dyn Mailer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who is told where bounces go.
    pub envelope_from: String,
    /// Slots, leases and retries.
    pub pace: Pace,
    /// Rung after a commit that queued something; without it the worker looks every few seconds.
    pub wake: Arc<Notify>,
}

impl Worker {
    /// Works until `stop`, then lets attempts that were begun end.
    pub async fn run(self, stop: CancellationToken) {
        mails::work(&self, &stop).await;
    }

    /// Waits until a row falls due, the worker is woken, or the stop comes. `woken` has listened since before the claim
    /// that found nothing, so that no ring is missed.
    async fn idle(&self, woken: Pin<&mut Notified<'_>>, stop: &CancellationToken) {
        let now = self.clock.now();
        let due = tokio::time::timeout(self.pace.poll, self.db.next_due()).await;
        let pause = match due.unwrap_or_else(|_| Err(DbError::Unavailable("no answer in time".to_owned()))) {
            Ok(Some(due)) => until(due, now).min(self.pace.poll),
            Ok(None) => self.pace.poll,
            Err(error) => {
                tracing::warn!(%error, "the outbox cannot be read");
                DATABASE_PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = woken => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

fn until(moment: Moment, now: Moment) -> Duration {
    Duration::from_millis(u64::try_from(moment.0 - now.0).unwrap_or(0))
}
