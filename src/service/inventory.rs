//! Bringing the snapshot up to date.

use domain::listing::{RecordType, Status};
use domain::record::Record;
use domain::requirement::Word as _;

use super::context::Context;
pub use super::snapshot::{Filter, Inventory, ResultPage, listings};
use crate::db::DbError;

/// Applies the changes committed here or by another process to the snapshot, and queues them for the text index.
///
/// # Errors
/// [`DbError::Unavailable`] or [`DbError::Other`]; the snapshot is then unchanged.
pub async fn refresh(app: &Context) -> std::result::Result<(), DbError> {
    let touched = app.inventory.follow(&app.db).await?;
    super::search::note(app, touched);
    Ok(())
}

/// Whether a listing can no longer be asked for.
pub(super) fn is_withdrawn(record: &Record) -> bool {
    RecordType::from_word(record.get("record_type")) == Some(RecordType::Deal)
        || matches!(Status::from_word(record.get("status")), Some(Status::Sold | Status::Off))
}
