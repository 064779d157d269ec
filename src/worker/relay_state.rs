//! Circuit breaker of the relay: a refusal that concerns the relay pauses all mails and fails none.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::time::Moment;

use super::retry::{RetryTable, after};

/// State of the relay, per process.
#[derive(Debug, Default)]
pub(super) struct RelayState {
    standing: Mutex<RelayStanding>,
}

#[derive(Debug, Default, Clone, Copy)]
struct RelayStanding {
    failures: u32,
    /// Ends early where the clock is set back behind its beginning, so that it is never longer than it was meant.
    pause: Option<(Moment, Moment)>,
}

impl RelayStanding {
    fn paused_until(self, now: Moment) -> Option<Moment> {
        self.pause.filter(|&(from, until)| from <= now && now < until).map(|(_, until)| until)
    }
}

impl RelayState {
    /// End of the pause that `now` is in.
    pub(super) fn paused_until(&self, now: Moment) -> Option<Moment> {
        self.lock().paused_until(now)
    }

    /// Half-open: after a pause a single mail is tried first.
    pub(super) fn is_on_trial(&self) -> bool {
        self.lock().failures > 0
    }

    /// Counts a refusal and returns the end of the pause; refusals of mails in flight together count once.
    pub(super) fn refused(&self, retry: RetryTable, now: Moment) -> Moment {
        let mut standing = self.lock();
        if let Some(until) = standing.paused_until(now) {
            return until;
        }
        standing.failures = standing.failures.saturating_add(1);
        let until = after(now, retry.relay_pause(standing.failures));
        standing.pause = Some((now, until));
        until
    }

    /// Closes the breaker: the relay handled a mail, accepted or not.
    pub(super) fn served(&self) {
        *self.lock() = RelayStanding::default();
    }

    fn lock(&self) -> MutexGuard<'_, RelayStanding> {
        // Both fields are plain values, consistent even if another thread panicked.
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
