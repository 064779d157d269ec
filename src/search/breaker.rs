//! A circuit breaker: after failures in a row it spares a sick neighbour, then lets one call try again.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A circuit breaker; the clock comes in as an argument.
#[derive(Debug)]
pub struct Breaker {
    most_failures: u32,
    rest: Duration,
    state: Mutex<BreakerState>,
}

#[derive(Debug, Default)]
struct BreakerState {
    failures: u32,
    /// Until when nothing is let through; it is open while this is set.
    until: Option<Instant>,
}

impl Breaker {
    /// Opens after `most_failures` in a row and lets one call through each `rest` from then on.
    #[must_use]
    pub fn new(most_failures: u32, rest: Duration) -> Self {
        Self { most_failures, rest, state: Mutex::default() }
    }

    /// Whether a call may be made now.
    #[must_use]
    pub fn admits(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                // One call tries; others rest on, and so does everybody should that call never come back.
                state.until = Some(now + self.rest);
                true
            }
        }
    }

    /// A call came back well.
    pub fn succeeded(&self) {
        *self.state() = BreakerState::default();
    }

    /// A call failed.
    pub fn failed(&self, now: Instant) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= self.most_failures {
            state.until = Some(now + self.rest);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, BreakerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
