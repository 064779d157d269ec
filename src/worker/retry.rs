//! When a failed attempt is repeated: after 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, then every 4 h for five days.

use std::time::Duration;

use domain::time::Moment;
use sha2::{Digest as _, Sha256};

/// Waits after the first, second, … failed attempt, seconds.
const STEPS: [u64; 7] = [30, 120, 600, 1_800, 3_600, 7_200, 14_400];
/// A relay may still be delivering what it did not answer for.
const AMBIGUOUS_AT_LEAST: u64 = 600;
/// RFC 5321 §4.5.4.1 asks for four to five days.
const GIVE_UP_SECONDS: i64 = 5 * 86_400;
/// Each wait is up to a fifth shorter or longer, so that what failed together does not come back together.
const JITTER_PERCENT: u64 = 20;
/// Even a cap of zero leaves the relay some air.
const SHORTEST: Duration = Duration::from_millis(200);

/// The retry steps, none longer than the configured cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryTable {
    /// Caps every wait, those after ambiguous attempts too.
    pub longest: Duration,
}

impl RetryTable {
    /// When the row is tried again after its `attempts`-th attempt failed; none once five days are over.
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
        let wait = Duration::from_millis((base * 10 * percent).max(floor));
        Some(after(now, wait.min(self.longest).max(SHORTEST)))
    }

    /// When a relay that refuses us as a whole is tried again after `failures` in a row: 1 min, doubling to 30 min.
    #[must_use]
    pub fn relay_pause(&self, failures: u32) -> Duration {
        let minutes = 1_u64.checked_shl(failures.saturating_sub(1)).unwrap_or(u64::MAX).min(30);
        Duration::from_secs(minutes * 60).min(self.longest).max(SHORTEST)
    }
}

pub(super) fn after(now: Moment, wait: Duration) -> Moment {
    Moment(now.0.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
}

/// Evenly spread and the same every time, so that a wait can be explained afterwards.
fn spread(row: &str, attempts: i64) -> u64 {
    let hash = Sha256::new().chain_update(row).chain_update(attempts.to_be_bytes()).finalize();
    hash.iter().take(4).fold(0, |number, &byte| number << 8 | u64::from(byte))
}
