//! Matching a requirement against the snapshot.

use std::time::Instant;

use domain::listing::Kind;
use domain::matching::{Answer, Criterion, ListLimits, Match};
use domain::requirement::Requirement;

use super::context::Context;

/// Matches per list at most.
pub const MOST: usize = 200;
/// Matches per list by default.
pub const USUAL: usize = 20;

/// Matches per list that an order or a filter of a page looks at.
pub const MOST_SIFTED: usize = 5_000;

/// Matches a requirement against the current snapshot; stores nothing. Holds are shown and change nothing.
#[must_use]
pub fn answer(app: &Context, requirement: &Requirement, limits: impl Into<ListLimits>) -> Answer {
    answer_within(app, requirement, limits.into().at_most(MOST))
}

/// Matches a requirement for an order or a filter of a page, up to [`MOST_SIFTED`] per list.
#[must_use]
pub fn answer_to_sift(app: &Context, requirement: &Requirement) -> Answer {
    answer_within(app, requirement, MOST_SIFTED.into())
}

/// Returns the number of parks to be confirmed whose record is silent on their land; 0 where no land is asked for, or only
/// as a wish.
#[must_use]
pub fn parks_without_land(app: &Context, requirement: &Requirement) -> usize {
    let is_asked = requirement.land_mu.is_some() && !requirement.prefer.contains(&Criterion::Land);
    if is_asked { app.inventory.with_index(|index| index.parks_without_land(requirement)) } else { 0 }
}

fn answer_within(app: &Context, requirement: &Requirement, limits: ListLimits) -> Answer {
    let (today, started) = (app.clock.now().day(), Instant::now());
    let mut answer = app.inventory.with_index(|index| index.answer(requirement, limits, today));
    metrics::histogram!("luodi_match_seconds").record(started.elapsed().as_secs_f64());
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
