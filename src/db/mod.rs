//! The database: connections, the one entry point for writes, and the queries, one file per aggregate.
//!
//! Entity types stay in here. On SQLite there is one writer connection, a pool of readers, one
//! for table scans, and a connection for schema steps where one is wanted; on PostgreSQL one pool.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::{Duration, Instant};

use sea_orm::{
    ConnectionTrait as _, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};

use crate::guard;
pub use error::DbError;
use error::is_locked;
use read::Limited;
use together::{Durability, GroupCommit};
use turns::Turns;

pub mod account;
mod ahead;
pub mod alert;
pub(crate) mod alert_fit;
pub mod assignment;
pub mod audit;
pub mod callers;
mod clock;
pub mod copy;
pub(crate) mod cursor;
pub mod delivery;
pub mod desk;
pub mod desk_view;
pub mod digest;
pub(crate) mod entity;
mod error;
pub mod evidence;
pub mod filed;
pub mod handover;
pub mod history;
pub mod hold;
pub mod idempotency;
pub mod import;
pub mod import_job;
pub mod inbox_change;
pub mod inbox_trouble;
pub mod key;
pub(crate) mod late;
pub mod lead;
pub(crate) mod lease;
pub mod ledger;
pub mod letters;
pub mod listing;
pub mod listing_report;
pub mod losses;
pub mod mail_choice;
pub mod mailbox;
mod open;
mod operate;
pub mod outbox;
mod owner;
pub mod picture;
pub mod policy;
pub mod policy_desk;
pub(crate) mod promise;
pub(crate) mod quota;
mod read;
pub mod requirement;
pub mod retention;
pub mod returned;
pub(crate) mod rows;
pub(crate) mod set_back;
pub mod shared_list;
pub mod shared_setting;
pub mod sheet_lead;
pub mod sign_in;
pub(crate) mod staged;
pub mod still_valid;
pub mod survey;
pub mod task;
mod together;
mod turns;
pub mod webhook;
pub mod words;

/// Unit of `database.least_free_mb` in bytes.
const BYTES_PER_MB: u64 = 1_000_000;
/// Pause between a writer's attempts at the lock.
const LOCK_STEP: Duration = Duration::from_millis(1);
/// Time limit of a writer's attempts at the lock.
const LOCK_LIMIT: Duration = Duration::from_secs(5);

/// Timeout of a PostgreSQL transaction; the caller may retry.
const WRITE_LIMIT: Duration = Duration::from_secs(4);
/// Timeout of a query of a few rows, for which a user waits.
const READ_LIMIT: Duration = Duration::from_secs(3);
/// Timeout of a table scan, for the snapshot, the index and exports.
const WHOLE_LIMIT: Duration = Duration::from_secs(60);
/// A boxed future that may borrow from the transaction.
pub type TxFuture<'c, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// PostgreSQL's setting of [`Durability::WithNext`], until the transaction's end.
const POSTGRES_WITH_NEXT: &str = "SET LOCAL synchronous_commit TO off";
/// A handle of the database, cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: DatabaseConnection,
    /// For schema steps; on SQLite a lazily opened connection of its own that waits for locks.
    schema: DatabaseConnection,
    /// For queries of a few rows.
    few: Limited,
    /// For table scans.
    whole: Limited,
    /// SQLite's group commit.
    together: Option<GroupCommit>,
    /// The folder of SQLite's files, and the least free bytes of its disk.
    room: Option<(PathBuf, u64)>,
}

impl Db {
    /// Returns the kind of database.
    #[must_use]
    pub fn backend(&self) -> DatabaseBackend {
        self.writer.get_database_backend()
    }

    /// Returns the connection for queries of a few rows, with [`READ_LIMIT`] as their timeout.
    pub(crate) const fn read(&self) -> &Limited {
        &self.few
    }

    /// Returns the connection for table scans, with [`WHOLE_LIMIT`] as their timeout.
    pub(crate) const fn read_whole(&self) -> &Limited {
        &self.whole
    }

    /// Returns the connection for schema steps.
    pub(crate) const fn schema(&self) -> &DatabaseConnection {
        &self.schema
    }

    /// The one entry point for writes: runs `work` in one transaction (SQLite: `BEGIN IMMEDIATE`, shared with other waiting
    /// writes, each in a savepoint), in a task of its own, so that a client that disconnects cannot cancel it half way. `Ok`
    /// means committed.
    ///
    /// # Errors
    /// The error of `work`, or any [`DbError`]; nothing was stored.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> TxFuture<'c, T, E> + Send + 'static,
    {
        self.commit(WRITE_LIMIT, Durability::AtOnce, work).await
    }

    /// As [`Db::write`], without a flush to disk of its own, see [`Durability::WithNext`].
    ///
    /// # Errors
    /// As [`Db::write`].
    pub(crate) async fn write_with_next<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> TxFuture<'c, T, E> + Send + 'static,
    {
        self.commit(WRITE_LIMIT, Durability::WithNext, work).await
    }

    /// As [`Db::write`] with another timeout, which holds on PostgreSQL alone: SQLite has no network to lose.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_within<T, E, F>(&self, limit: Duration, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> TxFuture<'c, T, E> + Send + 'static,
    {
        self.commit(limit, Durability::AtOnce, work).await
    }

    async fn commit<T, E, F>(&self, limit: Duration, durability: Durability, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> TxFuture<'c, T, E> + Send + 'static,
    {
        if let Some(together) = &self.together {
            return together.write(durability, work).await;
        }
        let writer = self.writer.clone();
        let whole = async move {
            failpoint!("db.begin", Err(DbError::Unavailable("failpoint".to_owned()).into()));
            let transaction = begin(&writer, None).await.map_err(DbError::from)?;
            failpoint!("db.begun", Err(DbError::Unavailable("failpoint".to_owned()).into()));
            if durability == Durability::WithNext {
                transaction.execute_unprepared(POSTGRES_WITH_NEXT).await.map_err(DbError::from)?;
            }
            match work(&transaction).await {
                Ok(value) => {
                    failpoint!("db.commit", Err(DbError::Unavailable("failpoint".to_owned()).into()));
                    transaction.commit().await.map_err(DbError::from)?;
                    failpoint!("db.committed", Err(DbError::Unavailable("failpoint".to_owned()).into()));
                    Ok(value)
                }
                Err(error) => {
                    // A failed statement may already have rolled back (disk full): the first error is the one to return.
                    if let Err(rollback) = transaction.rollback().await {
                        tracing::debug!(%rollback, "rollback after an error");
                    }
                    Err(error)
                }
            }
        };
        let task = tokio::spawn(async move {
            // A transaction cancelled by the timeout was rolled back or committed; the caller cannot tell and retries.
            let late = |_| Err(DbError::Unavailable("no answer in time".to_owned()).into());
            tokio::time::timeout(limit, whole).await.unwrap_or_else(late)
        });
        task.await.unwrap_or_else(|panic| Err(DbError::Other(anyhow::anyhow!("a write panicked: {panic}")).into()))
    }

    /// Lets other processes have their turn at SQLite's one lock, between two of many transactions.
    pub(crate) async fn give_way(&self) {
        if let Some(together) = &self.together {
            together.give_way().await;
        }
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] where it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        Ok(self.few.within(self.few.pool.ping()).await?)
    }

    /// Checks that the database answers and that the disk of a SQLite file has room.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], or [`DbError::Full`] below `database.least_free_mb`.
    pub async fn ready(&self) -> Result<(), DbError> {
        self.ping().await?;
        let Some((folder, least)) = &self.room else { return Ok(()) };
        let disk = rustix::fs::statvfs(folder.as_path()).map_err(|error| DbError::Unavailable(error.to_string()))?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free < *least {
            return Err(DbError::Full(format!("{} MB free, {} wanted", free / BYTES_PER_MB, least / BYTES_PER_MB)));
        }
        Ok(())
    }
}

/// Begins a write transaction. SQLite takes the lock at once: upgrading a read later would fail where another is faster.
async fn begin(writer: &DatabaseConnection, turns: Option<&Turns>) -> Result<DatabaseTransaction, DbErr> {
    if writer.get_database_backend() != DatabaseBackend::Sqlite || guard::is_out("begin-immediate") {
        return writer.begin().await;
    }
    let (since, mut waiting) = (Instant::now(), None);
    loop {
        let mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        match writer.begin_with_options(options).await {
            Err(error) if is_locked(&error) && since.elapsed() < LOCK_LIMIT => {
                waiting = waiting.or_else(|| turns.map(Turns::wait));
                tokio::time::sleep(LOCK_STEP).await;
            }
            begun => return begun,
        }
    }
}
