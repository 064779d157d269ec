//! The only source of time.

use domain::time::Moment;

/// Source of time; tests set their own.
pub trait Clock: Send + Sync {
    fn now(&self) -> Moment;
}

/// System clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock module")]
    fn now(&self) -> Moment {
        Moment(chrono::Utc::now().timestamp_millis())
    }
}
