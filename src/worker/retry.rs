//! Retry schedule: after 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, then every 4 h for five days.

use std::time::Duration;

use domain::time::{Moment, SECONDS_PER_DAY};
use sha2::{Digest as _, Sha256};

/// Delays after the first, second, … failed attempt, s.
const STEPS: [u64; 7] = [30, 120, 600, 1_800, 3_600, 7_200, 14_400];
/// Least delay after an ambiguous attempt, s: the relay may still be delivering, and an early retry would duplicate the
/// mail.
const AMBIGUOUS_AT_LEAST: u64 = 600;
/// RFC 5321 §4.5.4.1 recommends giving up after four to five days.
const GIVE_UP_SECONDS: i64 = 5 * SECONDS_PER_DAY;
/// Jitter of ±20 %, so that mails that failed together are not retried together.
const JITTER_PERCENT: u64 = 20;
/// Longest pause of a relay that refuses everything, minutes.
const LONGEST_PAUSE_MINUTES: u64 = 30;
/// Least delay, even where the configured cap is zero.
const SHORTEST: Duration = Duration::from_millis(200);

/// Retry schedule with the configured cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryTable {
    /// Longest delay, after ambiguous attempts too.
    pub longest: Duration,
}

impl RetryTable {
    /// Returns the time of the next attempt after `attempts` failures; `None` once five days are over.
    #[must_use]
    pub fn next(&self, row: &str, attempts: i64, ambiguous: bool, created_at: Moment, now: Moment) -> Option<Moment> {
        if now >= created_at.plus_seconds(GIVE_UP_SECONDS) {
            return None;
        }
        let place = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX).min(STEPS.len() - 1);
        let base = if ambiguous { STEPS[place].max(AMBIGUOUS_AT_LEAST) } else { STEPS[place] };
        let span = 2 * JITTER_PERCENT + 1;
        let percent = 100 - JITTER_PERCENT + spread(row, attempts) % span;
        let floor = if ambiguous { AMBIGUOUS_AT_LEAST * 1_000 } else { 0 };
        // Seconds × percent × 10 are milliseconds.
        let wait = Duration::from_millis((base * 10 * percent).max(floor));
        Some(after(now, wait.min(self.longest).max(SHORTEST)))
    }

    /// Pause of the relay after consecutive refusals: 1 min, doubling to 30 min.
    #[must_use]
    pub fn relay_pause(&self, failures: u32) -> Duration {
        let minutes = 1_u64.checked_shl(failures.saturating_sub(1)).unwrap_or(u64::MAX).min(LONGEST_PAUSE_MINUTES);
        Duration::from_secs(minutes * 60).min(self.longest).max(SHORTEST)
    }
}

pub(super) fn after(now: Moment, wait: Duration) -> Moment {
    Moment(now.0.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
}

/// Deterministic jitter by hash, so that a delay can be reproduced.
fn spread(row: &str, attempts: i64) -> u64 {
    let hash = Sha256::new().chain_update(row).chain_update(attempts.to_be_bytes()).finalize();
    hash.iter().take(4).fold(0, |number, &byte| number << 8 | u64::from(byte))
}
