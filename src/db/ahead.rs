//! Moments beyond which a stored time shows that the clock was set back since it was written.

use domain::time::{Moment, SECONDS_PER_HOUR};

use crate::config::LONGEST_LEASE_SECONDS;

/// Clocks of processes may differ by this much: what is farther ahead was written before a clock was set back.
const SKEW_SECONDS: i64 = 60;
/// No retry of a mail reaches further ahead: the longest is 4 h 48 min.
const FARTHEST_SECONDS: i64 = 12 * SECONDS_PER_HOUR;
/// The same for deliveries: a receiver may ask for a pause of a day.
const FARTHEST_DELIVERY_SECONDS: i64 = 25 * SECONDS_PER_HOUR;
/// Where such a time is moved to: longer than a lease between two renewals, so that a holder that lives renews it before.
const PATIENCE_SECONDS: i64 = 900;

/// Moments beyond which a stored time was written by a clock that has been set back since, ms since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ahead {
    pub(super) now: i64,
    /// Of times at which something happened.
    pub(super) of_now: i64,
    pub(super) of_leases: i64,
    pub(super) of_retries: i64,
    pub(super) of_deliveries: i64,
    /// Where a lease or a retry is moved to.
    pub(super) patience: i64,
}

impl Ahead {
    pub(super) fn new(now: Moment) -> Self {
        let then = |seconds| now.plus_seconds(seconds).0;
        Self {
            now: now.0,
            of_now: then(SKEW_SECONDS),
            of_leases: then(LONGEST_LEASE_SECONDS as i64),
            of_retries: then(FARTHEST_SECONDS),
            of_deliveries: then(FARTHEST_DELIVERY_SECONDS),
            patience: then(PATIENCE_SECONDS),
        }
    }
}
