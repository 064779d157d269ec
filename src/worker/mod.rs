//! Outbox worker: claim under a short lease, send outside any transaction, record the outcome. `service` decides which
//! mails are queued.

pub mod bounces;
mod clock_watch;
pub mod intake;
pub mod lmtp;
pub mod mailbox;
mod mails;
mod relay_state;
pub mod retry;
mod settling;
pub mod webhook_http;
pub mod webhooks;

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

/// Pause after a database error, so that an outage is not answered with a busy loop.
const DATABASE_PAUSE: Duration = Duration::from_secs(1);

/// Concurrency, leases and retries of the worker.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Concurrent SMTP conversations.
    pub slots: usize,
    /// Lease on a claimed mail.
    pub lease: Duration,
    /// Polling interval when no event wakes the worker.
    pub poll: Duration,
    /// Retry schedule.
    pub retry: RetryTable,
    /// Time for attempts in progress to end after a stop.
    pub drain: Duration,
}

impl Pace {
    /// Reads the `[mail]` section; `drain` is the time for attempts in progress after a stop.
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

/// Delivers the outbox until it is stopped. Any number of processes may run one.
#[derive(Clone)]
pub struct Worker {
    pub db: Db,
    pub mailer: Arc<dyn Mailer>,
    pub clock: Arc<dyn Clock>,
    /// Envelope sender, where bounces are sent.
    pub envelope_from: String,
    pub pace: Pace,
    /// Notified after a commit that queued a mail; without a notification the worker polls.
    pub wake: Arc<Notify>,
}

impl Worker {
    /// Runs until `stop`, then drains attempts in progress.
    pub async fn run(self, stop: CancellationToken) {
        mails::work(&self, &stop).await;
    }

    /// Makes due what a clock set back has left waiting; `false` where the database could not be written.
    async fn bring_forward(&self, now: Moment) -> bool {
        let moved = self.db.bring_forward(now).await;
        if let Err(error) = &moved {
            tracing::warn!(%error, "mails of a time ahead cannot be brought forward");
        }
        moved.is_ok()
    }

    /// Waits until a mail is due, the worker is notified, or the stop. `woken` was registered before the claim that
    /// found nothing, so that no notification is lost.
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
