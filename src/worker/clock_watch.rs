//! Jumps of the wall clock, by which leases end that their holders are about to renew.

use std::time::{Duration, Instant};

use domain::time::Moment;

/// A wall clock that moves by so much more or less than the monotonic clock has jumped; a correction by NTP is smaller.
const JUMP: Duration = Duration::from_secs(5);

/// Compares the wall clock with the monotonic clock, which no jump touches.
#[derive(Debug)]
pub(super) struct ClockWatch {
    seen: (Moment, Instant),
    jumped: Option<Instant>,
}

impl ClockWatch {
    pub(super) fn new(now: Moment) -> Self {
        Self { seen: (now, Instant::now()), jumped: None }
    }

    /// Looks at both clocks and tells whether the wall clock has been steady for one lease: only then has a lease ended because
    /// its holder is gone. A holder that lives has renewed its lease by then.
    pub(super) fn is_steady_for(&mut self, lease: Duration, now: Moment) -> bool {
        self.looked(lease, now, Instant::now())
    }

    /// Whether the last look found a jump.
    pub(super) fn has_jumped_now(&self) -> bool {
        self.jumped == Some(self.seen.1)
    }

    fn looked(&mut self, lease: Duration, now: Moment, at: Instant) -> bool {
        let (wall, monotonic) = (now.0 - self.seen.0.0, at.duration_since(self.seen.1));
        let difference = wall - i64::try_from(monotonic.as_millis()).unwrap_or(i64::MAX);
        if difference.unsigned_abs() > JUMP.as_millis() as u64 {
            tracing::warn!(
                difference,
                "the clock has jumped by so many milliseconds: leases that ended are left alone for a while"
            );
            self.jumped = Some(at);
        }
        self.seen = (now, at);
        self.jumped.is_none_or(|jumped| at.duration_since(jumped) >= lease)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    #[test]
    fn a_jump_of_the_clock_either_way_spares_leases_for_one_lease() {
        for jump in [86_400, 3_600, -3_600, -86_400] {
            let start = Moment(1_800_000_000_000);
            let mut watch = ClockWatch::new(start);
            let begun = watch.seen.1;
            let mut look = |passed: i64, shift: i64| {
                let at = begun + Duration::from_secs(passed as u64);
                watch.looked(LEASE, start.plus_seconds(passed + shift), at)
            };
            assert!(look(300, 0), "{jump}");
            assert!(look(301, 4), "a correction of seconds is no jump");
            assert!(!look(302, jump), "{jump}");
            assert!(watch.has_jumped_now(), "{jump}");
            let mut look = |passed: i64, shift: i64| {
                let at = begun + Duration::from_secs(passed as u64);
                watch.looked(LEASE, start.plus_seconds(passed + shift), at)
            };
            assert!(!look(361, jump), "{jump}");
            assert!(look(362, jump), "{jump}");
            assert!(!look(363, 0), "the way back is a jump, too");
        }
    }
}
