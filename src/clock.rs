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
        Moment(chrono::Utc::now().timestamp_millis() + shift())
    }
}

/// Milliseconds by which the clock is wrong: what the file named by the variable holds, for runs that move the clock (T13).
#[cfg(feature = "failpoints")]
fn shift() -> i64 {
    let Some(file) = std::env::var_os("LUODI_FAILPOINTS_CLOCK") else { return 0 };
    std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or_default()
}

#[cfg(not(feature = "failpoints"))]
const fn shift() -> i64 {
    0
}
