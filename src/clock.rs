//! The only place that asks for the time.

use domain::time::Moment;

/// Tells the time; tests set their own.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock module")]
    fn now(&self) -> Moment {
        Moment(chrono::Utc::now().timestamp_millis())
    }
}
