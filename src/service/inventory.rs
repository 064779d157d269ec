//! Bringing the snapshot up to date.

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
