//! Guards that a control run takes out one at a time, to show that a test goes red without them; never in a release build.

#[cfg(all(feature = "unguarded", not(debug_assertions)))]
compile_error!("guards stay where they are in a release build");

/// Whether the control run has taken this guard out (`LUODI_UNGUARDED`).
#[cfg(feature = "unguarded")]
pub(crate) fn is_out(guard: &str) -> bool {
    std::env::var("LUODI_UNGUARDED").is_ok_and(|out| out == guard)
}

/// Every guard is in its place.
#[cfg(not(feature = "unguarded"))]
pub(crate) const fn is_out(_: &str) -> bool {
    false
}
