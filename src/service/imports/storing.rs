//! Parts of storing an import and of taking one back.

use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use crate::db::import::Import;
use crate::db::words::AuditAction;
use crate::db::{self, DbError};
use crate::error;

/// Rows that are stored or taken back in one transaction; more are staged, so that no other write waits.
pub(super) const MOST_AT_ONCE: usize = 500;
/// Times that a file is judged while others change its rows, before the import gives up.
pub(super) const MOST_JUDGED: usize = 5;

/// The reason for which the transaction of an import was rolled back.
pub(super) enum NotStored {
    /// Another write changed a row since it was judged.
    Stale,
    Failed(DbError),
}

impl From<DbError> for NotStored {
    fn from(error: DbError) -> Self {
        Self::Failed(error)
    }
}

impl From<sea_orm::DbErr> for NotStored {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Failed(error.into())
    }
}

/// The outcome of a transaction that may have come too late.
pub(super) fn unless_stale<R>(done: Result<R, NotStored>) -> error::Result<Option<R>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(NotStored::Stale) => Ok(None),
        Err(NotStored::Failed(error)) => Err(error.into()),
    }
}

/// Runs work of some seconds on a thread of its own.
pub(super) async fn off_thread<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> error::Result<R> {
    tokio::task::spawn_blocking(work).await.map_err(|panic| DbError::Other(panic.into()).into())
}

/// The audit line of an import.
pub(super) async fn audit(tx: &DatabaseTransaction, import: &Import, now: Moment) -> Result<(), sea_orm::DbErr> {
    let detail = format!("{} created {} updated {}", import.id, import.counts["created"], import.counts["updated"]);
    db::requirement::audit(tx, &import.by, AuditAction::Import, &import.kind, &detail, now).await
}
