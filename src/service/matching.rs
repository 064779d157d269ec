//! Matching a requirement against the snapshot.

use domain::listing::Kind;
use domain::matching::{Answer, Match};
use domain::requirement::Requirement;

use super::context::Context;

/// Matches per list at most.
pub const MOST: usize = 200;
/// Matches per list by default.
pub const USUAL: usize = 20;

/// Matches a requirement against the current snapshot; stores nothing. Holds are shown and change nothing.
#[must_use]
pub fn answer(app: &Context, requirement: &Requirement, limit: usize) -> Answer {
    let today = app.clock.now().day();
    let mut answer = app.inventory.with_index(|index| index.answer(requirement, limit.min(MOST), today));
    let Answer { matched, to_confirm, near, .. } = &mut answer;
    matched.iter_mut().chain(to_confirm).chain(near).for_each(|found| show_held(app, found));
    answer
}

/// Judges one listing against a requirement; `None` where it is not published.
#[must_use]
pub fn judge(app: &Context, kind: Kind, id: &str, requirement: &Requirement) -> Option<Match> {
    let today = app.clock.now().day();
    let mut found = app.inventory.with_index(|index| index.judge(kind, id, requirement, today))?;
    show_held(app, &mut found);
    Some(found)
}

fn show_held(app: &Context, found: &mut Match) {
    let listing = &found.listing;
    if app.beside.has_holds(listing.kind, &listing.id)
        && let Some(record) = app.inventory.record(listing.kind, &listing.id)
    {
        found.held = app.beside.held(&record, app.clock.now());
    }
}
