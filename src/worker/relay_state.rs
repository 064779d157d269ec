//! Whether the relay takes us at all: what concerns the relay pauses every mail and fails none.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::time::Moment;

use super::retry::{RetryTable, after};

/// One relay's standing in this process.
#[derive(Debug, Default)]
pub(super) struct RelayState {
    standing: Mutex<RelayStanding>,
}

#[derive(Debug, Default, Clone, Copy)]
struct RelayStanding {
    failures: u32,
    paused_until: Option<Moment>,
}

impl RelayState {
    /// Until when nothing is to be tried.
    pub(super) fn paused_until(&self, now: Moment) -> Option<Moment> {
        self.lock().paused_until.filter(|&until| until > now)
    }

    /// After a pause one mail goes ahead of the others.
    pub(super) fn is_on_trial(&self) -> bool {
        self.lock().failures > 0
    }

    /// Another refusal; returns when to ask again. Refusals of mails that were under way together count once.
    pub(super) fn refused(&self, retry: RetryTable, now: Moment) -> Moment {
        let mut standing = self.lock();
        if let Some(until) = standing.paused_until.filter(|&until| until > now) {
            return until;
        }
        standing.failures = standing.failures.saturating_add(1);
        let until = after(now, retry.relay_pause(standing.failures));
        standing.paused_until = Some(until);
        until
    }

    /// The relay dealt with a mail, whatever it said about it.
    pub(super) fn served(&self) {
        *self.lock() = RelayStanding::default();
    }

    fn lock(&self) -> MutexGuard<'_, RelayStanding> {
        // Both fields are plain values: a panic elsewhere leaves them whole.
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
