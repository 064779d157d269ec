//! Matching a requirement against the snapshot.

use domain::listing::Kind;
use domain::matching::{Answer, Match};
use domain::requirement::Requirement;

use super::context::Context;

/// Matches per list at most.
pub const MOST: usize = 200;
/// Matches per list by default.
pub const USUAL: usize = 20;

/// Matches a requirement against the current snapshot; stores nothing.
#[must_use]
pub fn answer(app: &Context, requirement: &Requirement, limit: usize) -> Answer {
    let today = app.clock.now().day();
    app.inventory.with_index(|index| index.answer(requirement, limit.min(MOST), today))
}

/// Judges one listing against a requirement; `None` where it is not published.
#[must_use]
pub fn judge(app: &Context, kind: Kind, id: &str, requirement: &Requirement) -> Option<Match> {
    let today = app.clock.now().day();
    app.inventory.with_index(|index| index.judge(kind, id, requirement, today))
}
