//! Answering a requirement from the snapshot.

use domain::listing::Kind;
use domain::matching::{Answer, Match};
use domain::requirement::Requirement;

use super::context::Context;

/// The greatest number of matches a list shows.
pub const MOST: usize = 200;
/// How many it shows unless asked.
pub const USUAL: usize = 20;

/// The answer to a requirement, over the inventory as it stands; nothing is stored.
#[must_use]
pub fn answer(app: &Context, requirement: &Requirement, limit: usize) -> Answer {
    let today = app.clock.now().day();
    app.inventory.with_index(|index| index.answer(requirement, limit.min(MOST), today))
}

/// One listing against a requirement.
#[must_use]
pub fn judge(app: &Context, kind: Kind, id: &str, requirement: &Requirement) -> Option<Match> {
    let today = app.clock.now().day();
    app.inventory.with_index(|index| index.judge(kind, id, requirement, today))
}
