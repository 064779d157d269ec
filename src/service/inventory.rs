//! Bringing the snapshot up to date, and lists of what it holds.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::freshness::{Precedence, precedence};
use domain::listing::{RecordType, Status};
use domain::record::Record;
use domain::requirement::Word as _;

use super::context::Context;
pub use super::snapshot::{Filter, Inventory, ListCursor, ResultPage, listings};
use crate::db::DbError;
use crate::db::words::Changed;

/// Applies the changes committed here or by another process to the snapshot and to what is beside it, and queues them for the
/// text index. On a new day the listings that became past are queued too.
///
/// # Errors
/// [`DbError::Unavailable`] or [`DbError::Other`]; what could not be read is then unchanged.
pub async fn refresh(app: &Context) -> std::result::Result<(), DbError> {
    let touched = app.inventory.follow(&app.db).await?;
    // After the snapshot: a document is built from both.
    let beside = app.beside.follow(&app.db).await;
    app.policies.follow(&app.db).await?;
    super::search::note(app, touched);
    super::search::note(app, beside?);
    let today = app.clock.now().day();
    if let Some(before) = app.beside.turn_day(today) {
        super::search::note(app, moved(app, before, today));
    }
    Ok(())
}

/// The listings whose place differs between two days.
fn moved(app: &Context, before: NaiveDate, today: NaiveDate) -> Vec<(Changed, String)> {
    let is_moved = |record: &&Arc<Record>| place_on(app, record, before) != place_on(app, record, today);
    let records = app.inventory.records();
    records.iter().filter(is_moved).map(|it| (Changed::Listing(it.kind()), it.id().to_owned())).collect()
}

/// Returns the place of a record in lists and searches.
#[must_use]
pub fn place(app: &Context, record: &Record) -> Precedence {
    place_on(app, record, app.clock.now().day())
}

fn place_on(app: &Context, record: &Record, day: NaiveDate) -> Precedence {
    precedence(record, app.beside.is_behind(record.kind(), record.id()), day)
}

/// Returns a page of listings, what is past or long unanswered behind all others.
#[must_use]
pub fn list(app: &Context, filter: &Filter) -> ResultPage<Arc<Record>> {
    let today = app.clock.now().day();
    app.inventory.list(filter, |record| place_on(app, record, today))
}

/// Whether a listing can no longer be asked for.
pub(super) fn is_withdrawn(record: &Record) -> bool {
    RecordType::from_word(record.get("record_type")) == Some(RecordType::Deal)
        || matches!(Status::from_word(record.get("status")), Some(Status::Sold | Status::Off))
}
