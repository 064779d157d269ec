//! Bringing the snapshot up to date, and lists of what it holds.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::listing::{RecordType, Status};
use domain::record::Record;
use domain::requirement::Word as _;

use super::context::Context;
pub use super::lists::{Filter, ListCursor, ResultPage};
use super::policies::PolicyStamp;
pub use super::snapshot::{Inventory, listings};
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
    let moved = beside?;
    app.inventory.mark_behind(moved.iter().filter_map(|(table, id)| match table {
        Changed::Listing(kind) => Some((*kind, id.clone(), app.beside.is_behind(*kind, id))),
        Changed::Policy | Changed::Import => None,
    }));
    super::search::note(app, moved);
    let today = app.clock.now().day();
    if let Some(before) = app.beside.turn_day(today) {
        let moved = app.inventory.passed_between(before, today);
        super::search::note(app, moved.into_iter().map(|(kind, id)| (Changed::Listing(kind), id)).collect());
    }
    Ok(())
}

/// The edition of what is published: a page that shows nothing else is the same while it is. Holds end with a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    inventory: (i64, u64),
    beside: i64,
    policies: PolicyStamp,
    day: NaiveDate,
}

/// Returns the edition of this moment. Each of its numbers rises under the lock of what it counts, so that a page rendered
/// after this call is never older than the edition.
#[must_use]
pub fn edition(app: &Context) -> Edition {
    Edition {
        inventory: app.inventory.edition(),
        beside: app.beside.seq(),
        policies: app.policies.stamp(),
        day: app.clock.now().day(),
    }
}

/// Returns a page of listings, what is past or long unanswered behind all others.
#[must_use]
pub fn list(app: &Context, filter: &Filter) -> ResultPage<Arc<Record>> {
    app.inventory.list(filter, app.clock.now().day())
}

/// Whether a listing can no longer be asked for.
pub(super) fn is_withdrawn(record: &Record) -> bool {
    RecordType::from_word(record.get("record_type")) == Some(RecordType::Deal)
        || matches!(Status::from_word(record.get("status")), Some(Status::Sold | Status::Off))
}
