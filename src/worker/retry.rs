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

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn wait(table: RetryTable, row: &str, attempts: i64, ambiguous: bool) -> i64 {
        table.next(row, attempts, ambiguous, Moment(0), Moment(0)).map_or(-1, |at| at.0)
    }

    #[test]
    fn waits_follow_the_table_within_a_fifth() {
        let table = RetryTable { longest: DAY };
        for (attempts, seconds) in (1..).zip([30, 120, 600, 1_800, 3_600, 7_200, 14_400, 14_400, 14_400]) {
            let waits: Vec<_> = (0..200).map(|row| wait(table, &format!("row{row}"), attempts, false)).collect();
            let (least, most) = (waits.iter().min().copied(), waits.iter().max().copied());
            assert!(waits.iter().all(|&ms| ms >= seconds * 800 && ms <= seconds * 1_200), "{least:?} {most:?}");
            assert!(least < Some(seconds * 850) && most > Some(seconds * 1_150), "{least:?} {most:?}");
        }
    }

    #[test]
    fn an_ambiguous_attempt_waits_ten_minutes_at_least() {
        let table = RetryTable { longest: DAY };
        assert!((0..200).all(|row| wait(table, &format!("row{row}"), 1, true) >= 600_000));
        assert!(wait(table, "row", 6, true) >= 7_200 * 800);
    }

    #[test]
    fn the_cap_holds_for_every_wait() {
        let table = RetryTable { longest: Duration::from_secs(1) };
        assert!((1..20).all(|attempts| wait(table, "row", attempts, false) == 1_000));
        assert_eq!(wait(table, "row", 1, true), 1_000);
        assert_eq!(table.relay_pause(9), Duration::from_secs(1));
        assert_eq!(wait(RetryTable { longest: Duration::ZERO }, "row", 1, false), 200);
    }

    #[test]
    fn after_five_days_attempts_end() {
        let table = RetryTable { longest: DAY };
        let five_days = Moment(GIVE_UP_SECONDS * 1_000);
        assert_eq!(table.next("row", 30, false, Moment(0), five_days), None);
        assert!(table.next("row", 30, true, Moment(1), five_days).is_some());
    }

    #[test]
    fn a_relay_that_refuses_us_is_asked_ever_more_rarely() {
        let table = RetryTable { longest: DAY };
        let minutes: Vec<_> = [1, 2, 5, 6, 200].iter().map(|&n| table.relay_pause(n).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 2, 16, 30, 30]);
    }
}
