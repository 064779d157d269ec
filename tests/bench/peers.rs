//! The same rows in databases.

/// Runs the peers.
pub(crate) fn run(_rows: usize) {}
