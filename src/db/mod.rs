//! The database: connections, the one entry point for writes, and the queries, one file per aggregate.
//!
//! Entity types stay in here. On SQLite there is one writer connection, a pool of readers, and
//! a connection for schema steps where one is wanted; on PostgreSQL one pool.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr,
    SqliteTransactionMode, SqlxError, TransactionOptions, TransactionTrait as _,
};
use secrecy::ExposeSecret as _;

use crate::{config, guard};
use read::Limited;
use together::GroupCommit;
use turns::Turns;

pub mod account;
pub mod alert;
pub(crate) mod alert_fit;
pub mod assignment;
pub mod audit;
pub mod callers;
mod clock;
pub mod copy;
pub(crate) mod cursor;
pub mod desk;
pub mod desk_view;
pub mod digest;
pub(crate) mod entity;
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
mod operate;
pub mod outbox;
mod owner;
pub mod picture;
pub mod policy;
pub(crate) mod promise;
pub(crate) mod quota;
mod read;
pub mod requirement;
pub mod retention;
pub mod returned;
pub(crate) mod rows;
pub mod shared_list;
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
/// SQLite read connections: each is a thread with its own page cache, and more than a few bring no speed.
const SQLITE_READERS: u32 = 4;

/// SQLite's busy timeout for readers, milliseconds.
const WAIT_OF_SQLITE: &str = "5000";
/// SQLite's busy timeout for the writer, milliseconds. SQLite's own back-off grows to 100 ms, within which another process
/// takes the lock again and again: [`LOCK_STEP`] retries sooner (F14).
const WAIT_OF_WRITER: &str = "1";
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
/// Timeout of a pooled connection's health check.
const HEALTH_CHECK_LIMIT: Duration = Duration::from_millis(500);
/// Time for which a returned connection is reused without a health check: under load this saves a round trip per query.
const FRESH: Duration = Duration::from_millis(500);

/// A boxed future that may borrow from the transaction.
pub type TxFuture<'c, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// The error of a read or write.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database is unreachable or busy: retry later.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// The disk is full: reads work, writes fail until there is room.
    #[error("no room left: {0}")]
    Full(String),
    /// A unique constraint was violated: a concurrent write was faster.
    #[error("conflict")]
    Conflict,
    /// Any other error: a fault of this program or of the schema.
    #[error(transparent)]
    Other(anyhow::Error),
}

impl DbError {
    /// Copies the error for another write of the same transaction.
    fn again(&self) -> Self {
        match self {
            Self::Unavailable(text) => Self::Unavailable(text.clone()),
            Self::Full(text) => Self::Full(text.clone()),
            Self::Conflict => Self::Conflict,
            Self::Other(error) => Self::Other(anyhow::anyhow!("{error:#}")),
        }
    }
}

impl From<DbErr> for DbError {
    fn from(error: DbErr) -> Self {
        use sea_orm::SqlErr;
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Conflict;
        }
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                if is_full(cause) {
                    Self::Full(error.to_string())
                } else if is_passing(cause) {
                    Self::Unavailable(error.to_string())
                } else {
                    Self::Other(error.into())
                }
            }
            _ => Self::Other(error.into()),
        }
    }
}

/// Whether the disk was full: PostgreSQL's `disk_full`, SQLite's `SQLITE_FULL`.
fn is_full(error: &SqlxError) -> bool {
    let code = error.as_database_error().and_then(sea_orm::sqlx::error::DatabaseError::code);
    code.is_some_and(|code| matches!(code.as_ref(), "53100" | "13"))
}

/// Whether the error is transient: unreachable, shutting down, busy, or a serialisation failure or deadlock.
fn is_passing(error: &SqlxError) -> bool {
    match error {
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed
        | SqlxError::BeginFailed => true,
        SqlxError::Database(error) => error.code().is_some_and(|code| {
            // PostgreSQL: lost connection, out of resources, shutting down or crashed, serialisation, deadlock, idle for
            // too long within a transaction.
            let of_postgres = ["08", "53", "57P", "40001", "40P01", "25P03"];
            let of_sqlite = primary_code(&code).is_some_and(|code| SQLITE_TRANSIENT.contains(&code));
            // An SQLSTATE has five characters, SQLite's codes are shorter.
            (code.len() == 5 && of_postgres.iter().any(|class| code.starts_with(class)))
                || (code.len() < 5 && of_sqlite)
        }),
        _ => false,
    }
}

impl From<anyhow::Error> for DbError {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// The moment from which a committed write survives a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durability {
    /// Its own commit: nothing acknowledged is lost.
    AtOnce,
    /// The commit of the next write that is durable at once: both databases write one log in order, so that flushing it
    /// carries what was committed before. For steps that mean nothing, or are repeated, without that later write.
    WithNext,
}

/// PostgreSQL's setting of [`Durability::WithNext`], until the transaction's end.
const POSTGRES_WITH_NEXT: &str = "SET LOCAL synchronous_commit TO off";
/// Page cache of a SQLite connection: 8 MiB, the inner pages of every index at a million leads. Its default, 2 MB, reads
/// them again for each page of the desk.
const SQLITE_CACHE: &str = "-8192";
/// Rows that sqlx's SQLite thread reads ahead of their task: a page of 50 with its queries without a switch between threads
/// for each row.
const SQLITE_ROWS: usize = 512;

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
    /// Connects by the URL's scheme. Creates the folder of a SQLite file.
    ///
    /// # Errors
    /// An [`anyhow::Error`] where the database cannot be reached, or is configured to lose acknowledged commits.
    pub async fn connect(settings: &config::DatabaseConfig) -> anyhow::Result<Self> {
        let url = settings.url.expose_secret();
        let db = if url.starts_with("sqlite:") {
            Self::connect_sqlite(url, settings).await?
        } else {
            Self::connect_postgres(url, settings).await?
        };
        db.refuse_lossy().await?;
        Ok(db)
    }

    async fn connect_sqlite(url: &str, settings: &config::DatabaseConfig) -> anyhow::Result<Self> {
        let path = std::path::Path::new(sqlite_path(url));
        let parent = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = parent.unwrap_or(std::path::Path::new(".")).to_owned();
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let pool = |connections: u32, wait: &'static str, query_only: &'static str| {
            let mut options = base_options(url, settings);
            options.max_connections(connections).map_sqlx_sqlite_opts(move |sqlite| {
                // FULL: an acknowledged commit survives a power cut (NORMAL would lose the last ones).
                sqlite
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .pragma("busy_timeout", wait)
                    .pragma("foreign_keys", "ON")
                    .pragma("journal_size_limit", "67108864")
                    .pragma("query_only", query_only)
                    .pragma("cache_size", SQLITE_CACHE)
                    .row_buffer_size(SQLITE_ROWS)
            });
            options
        };
        let wait_of_writer = if guard::is_out("fair-turns") { WAIT_OF_SQLITE } else { WAIT_OF_WRITER };
        let mut writing = pool(1, wait_of_writer, "OFF");
        // Where the disk is full, SQLite rolls back the whole transaction by itself. sqlx (0.9.0) keeps its nesting depth,
        // so that later transactions become savepoints and are never committed: such a connection is closed (F13).
        writing.map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(is_outside_transaction(connection)))
        });
        let writer = sea_orm::Database::connect(writing).await.context("cannot open the SQLite database")?;
        let mut migrating = pool(1, WAIT_OF_SQLITE, "OFF");
        migrating.connect_lazy(true);
        let readers = pool(settings.connections.min(SQLITE_READERS), WAIT_OF_SQLITE, "ON");
        let reader = sea_orm::Database::connect(readers).await?;
        let acquire_timeout = Duration::from_secs(settings.acquire_seconds);
        let together = GroupCommit::over(writer.clone(), acquire_timeout, Turns::beside(sqlite_path(url)));
        Ok(Self {
            schema: sea_orm::Database::connect(migrating).await?,
            room: Some((folder, settings.least_free_mb.saturating_mul(BYTES_PER_MB))),
            ..Self::over(writer, &reader, Some(together))
        })
    }

    async fn connect_postgres(url: &str, settings: &config::DatabaseConfig) -> anyhow::Result<Self> {
        let mut options = base_options(url, settings);
        options
            .max_connections(settings.connections)
            .map_sqlx_postgres_opts(|postgres| {
                // No warnings: the cleaning ROLLBACK usually finds no transaction, and each would log one.
                postgres.options([("idle_in_transaction_session_timeout", "5s"), ("client_min_messages", "error")])
            })
            // A cancelled BEGIN leaves its transaction open, and the next borrower's write would be rolled back with it
            // (sqlx 0.9.0, UPSTREAM-HAZARDS.md F3). Also, the pool's health check of a returned connection has no
            // timeout: each half-open connection would occupy its place for a quarter of an hour (F11).
            .map_sqlx_postgres_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(clean(connection))))
            // An idle connection may have become half-open.
            .map_sqlx_postgres_before_acquire(|connection, seen| {
                Box::pin(async move { if seen.idle_for < FRESH { Ok(true) } else { clean(connection).await } })
            });
        let pool = sea_orm::Database::connect(options).await.context("cannot reach PostgreSQL")?;
        Ok(Self::over(pool.clone(), &pool, None))
    }

    fn over(writer: DatabaseConnection, reader: &DatabaseConnection, together: Option<GroupCommit>) -> Self {
        let limited = |limit| Limited { pool: reader.clone(), limit };
        let schema = writer.clone();
        Self { few: limited(READ_LIMIT), whole: limited(WHOLE_LIMIT), writer, schema, together, room: None }
    }

    async fn refuse_lossy(&self) -> anyhow::Result<()> {
        if self.backend() != DatabaseBackend::Postgres {
            return Ok(());
        }
        for setting in ["synchronous_commit", "fsync"] {
            let row = self
                .few
                .query_one_raw(sea_orm::Statement::from_string(DatabaseBackend::Postgres, format!("SHOW {setting}")))
                .await?;
            let value: String = row.context("SHOW gave no row")?.try_get_by_index(0)?;
            anyhow::ensure!(value != "off", "PostgreSQL's {setting} is off: acknowledged inquiries could be lost");
        }
        Ok(())
    }

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

/// Rolls back the open transaction of a returned connection; a connection that does not answer in time is closed.
async fn clean(connection: &mut sea_orm::sqlx::PgConnection) -> Result<bool, sea_orm::sqlx::Error> {
    use sea_orm::sqlx::Executor as _;
    match tokio::time::timeout(HEALTH_CHECK_LIMIT, connection.execute("ROLLBACK")).await {
        Ok(done) => done.map(|_| true),
        Err(_) => Err(sea_orm::sqlx::Error::PoolTimedOut),
    }
}

/// Returns whether sqlx counts a connection as outside a transaction, once its queued commands have run.
async fn is_outside_transaction(
    connection: &mut sea_orm::sqlx::SqliteConnection,
) -> Result<bool, sea_orm::sqlx::Error> {
    use sea_orm::sqlx::{Connection as _, Executor as _};
    if guard::is_out("rolled-back") {
        return Ok(true);
    }
    connection.execute("SELECT 1").await?;
    Ok(!connection.is_in_transaction())
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

/// `SQLITE_BUSY`: another connection holds the lock.
const SQLITE_BUSY: u32 = 5;
/// `SQLITE_BUSY`, `SQLITE_LOCKED`, `SQLITE_IOERR` and `SQLITE_CANTOPEN`.
const SQLITE_TRANSIENT: [u32; 4] = [SQLITE_BUSY, 6, 10, 14];

/// Returns SQLite's primary result code, the low byte of an extended one.
fn primary_code(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// Returns whether the error is `SQLITE_BUSY` or one of its extended codes.
fn is_locked(error: &DbErr) -> bool {
    let DbErr::Query(RuntimeErr::SqlxError(cause)) = error else { return false };
    let code = cause.as_database_error().and_then(sea_orm::sqlx::error::DatabaseError::code);
    code.and_then(|code| primary_code(&code)) == Some(SQLITE_BUSY)
}

/// Returns the file of a SQLite URL.
fn sqlite_path(url: &str) -> &str {
    url.trim_start_matches("sqlite:").trim_start_matches("//").split('?').next().unwrap_or_default()
}

fn base_options(url: &str, settings: &config::DatabaseConfig) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .acquire_timeout(Duration::from_secs(settings.acquire_seconds))
        .sqlx_logging(false)
        .test_before_acquire(false);
    options
}
