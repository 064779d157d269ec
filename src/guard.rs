//! Removable guards: a control run disables them one at a time, to prove that a test fails without each; never in a
//! release build.

#[cfg(all(feature = "unguarded", not(debug_assertions)))]
compile_error!("guards stay where they are in a release build");

/// Whether the control run disabled this guard (`LUODI_UNGUARDED`).
#[cfg(feature = "unguarded")]
pub(crate) fn is_out(guard: &str) -> bool {
    std::env::var("LUODI_UNGUARDED").is_ok_and(|out| out == guard)
}

/// Guards are always active without the feature.
#[cfg(not(feature = "unguarded"))]
pub(crate) const fn is_out(_: &str) -> bool {
    false
}
