//! Circuit breaker: opens after consecutive failures, then lets one trial call through per pause (half-open).

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Circuit breaker; the clock is an argument, so that tests need no waiting.
#[derive(Debug)]
pub struct Breaker {
    most_failures: u32,
    pause: Duration,
    state: Mutex<BreakerState>,
}

#[derive(Debug, Default)]
struct BreakerState {
    failures: u32,
    /// Open until this moment; `None` while closed.
    until: Option<Instant>,
}

impl Breaker {
    /// Opens after `most_failures` consecutive failures and admits one trial call per `pause` from then on.
    #[must_use]
    pub fn new(most_failures: u32, pause: Duration) -> Self {
        Self { most_failures, pause, state: Mutex::default() }
    }

    /// Whether a call may be made now; in the half-open state only for the first caller.
    #[must_use]
    pub fn admits(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                // Half-open: one trial call. The next one is admitted after another pause, even if this one never
                // returns.
                state.until = Some(now + self.pause);
                true
            }
        }
    }

    /// Closes the breaker.
    pub fn succeeded(&self) {
        *self.state() = BreakerState::default();
    }

    /// Counts a failure, and opens the breaker at the limit.
    pub fn failed(&self, now: Instant) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= self.most_failures {
            state.until = Some(now + self.pause);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, BreakerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
