//! Storing listings and policies, and bringing the snapshot up to date.

use domain::listing::Kind;
use domain::record::{Policies, Record};
use domain::requirement::Word as _;

use super::context::Context;
pub use super::snapshot::{Filter, Inventory, ResultPage, listings};
use crate::db::listing::ImportCounts;
use crate::db::words::{AuditAction, Changed};
use crate::db::{self, DbError};
use crate::error::Result;

/// Whether an import is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Store them.
    Store,
    /// Only count what storing them would do.
    DryRun,
}

/// Records of one table.
#[derive(Clone, Debug)]
pub enum Records {
    /// Listings of one kind.
    Listings(Kind, Vec<Record>),
    /// Policies.
    Policies(Vec<Record<Policies>>),
}

/// Timeout of the transaction: a million rows take some minutes.
const IMPORT_LIMIT: std::time::Duration = std::time::Duration::from_secs(600);

/// Stores records in one transaction and refreshes the snapshot before it returns.
///
/// # Errors
/// [`crate::error::Error`]: `Unavailable`, `Full` or `Internal`; nothing was stored.
pub async fn store(app: &Context, records: Records, keep: Keep) -> Result<ImportCounts> {
    let now = app.clock.now();
    let done = app
        .db
        .write_within::<_, NotStored, _>(IMPORT_LIMIT, move |tx| {
            Box::pin(async move {
                let (table, stored) = match &records {
                    Records::Listings(kind, records) => {
                        (Changed::Listing(*kind), db::listing::store(tx, *kind, records, now).await?)
                    }
                    Records::Policies(records) => (Changed::Policy, db::policy::store(tx, records, now).await?),
                };
                if keep == Keep::DryRun {
                    return Err(NotStored::DryRun(stored));
                }
                let detail =
                    format!("created {} updated {} unchanged {}", stored.created, stored.updated, stored.unchanged);
                db::requirement::audit(tx, "system", AuditAction::Import, table.word(), &detail, now).await?;
                Ok(stored)
            })
        })
        .await;
    match done {
        Ok(stored) => {
            refresh(app).await?;
            Ok(stored)
        }
        Err(NotStored::DryRun(stored)) => Ok(stored),
        Err(NotStored::Failed(error)) => Err(error.into()),
    }
}

/// The reason for which a transaction of [`store`] was rolled back.
enum NotStored {
    DryRun(ImportCounts),
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

/// Applies the changes committed here or by another process to the snapshot, and queues them for the text index.
///
/// # Errors
/// [`DbError::Unavailable`] or [`DbError::Other`]; the snapshot is then unchanged.
pub async fn refresh(app: &Context) -> std::result::Result<(), DbError> {
    let touched = app.inventory.follow(&app.db).await?;
    super::search::note(app, touched);
    Ok(())
}
