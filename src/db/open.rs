//! Opening the database: connections and their settings, and the refusal of those that lose acknowledged commits.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseBackend, DatabaseConnection};
use secrecy::ExposeSecret as _;

use super::read::Limited;
use super::together::{GroupCommit, checkpoint_of_users};
use super::turns::Turns;
use super::{BYTES_PER_MB, Db, READ_LIMIT, WHOLE_LIMIT};
use crate::{config, guard};

/// SQLite read connections: each is a thread with its own page cache, and more than a few bring no speed.
const SQLITE_READERS: u32 = 4;

/// SQLite's busy timeout for readers, milliseconds.
const WAIT_OF_SQLITE: &str = "5000";
/// SQLite's busy timeout for the writer, milliseconds. SQLite's own back-off grows to 100 ms, within which another process
/// takes the lock again and again: [`LOCK_STEP`] retries sooner (F14).
const WAIT_OF_WRITER: &str = "1";
/// SQLite connections for table scans. A scan fills the page cache of its connection: on those of users it drove out what they
/// read, and resident memory grew by 8 MiB with each connection that a sweep happened to get.
const SQLITE_SCANNERS: u32 = 4;
/// Page cache of a connection for table scans: SQLite's default, 2 MB, which a scan passes through once.
const SCAN_CACHE: &str = "-2000";
/// Page cache of any other SQLite connection: 8 MiB, the inner pages of every index at a million leads. Its default, 2 MB, reads
/// them again for each page of the desk.
const SQLITE_CACHE: &str = "-8192";
/// Rows that sqlx's SQLite thread reads ahead of their task: a page of 50 with its queries without a switch between threads
/// for each row.
const SQLITE_ROWS: usize = 512;

/// Timeout of a pooled connection's health check.
const HEALTH_CHECK_LIMIT: Duration = Duration::from_millis(500);
/// Time for which a returned connection is reused without a health check: under load this saves a round trip per query.
const FRESH: Duration = Duration::from_millis(500);

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
        let path = Path::new(sqlite_path(url));
        let parent = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = parent.unwrap_or(Path::new(".")).to_owned();
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let disk =
            rustix::fs::statvfs(folder.as_path()).with_context(|| format!("no disk for {}", folder.display()))?;
        let checkpoint = checkpoint_of_users(disk.f_bavail.saturating_mul(disk.f_frsize));
        let pool = |connections: u32, wait: &'static str, query_only: &'static str, cache: &'static str| {
            let mut options = base_options(url, settings);
            // Kept open: sqlx (0.9.0) closes a connection after 10 minutes idle and any after 30, and the next would fill its
            // page cache anew.
            options.max_connections(connections).idle_timeout(None).max_lifetime(None);
            options.map_sqlx_sqlite_opts(move |sqlite| {
                // FULL: an acknowledged commit survives a power cut (NORMAL would lose the last ones).
                sqlite
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL")
                    .pragma("busy_timeout", wait)
                    .pragma("foreign_keys", "ON")
                    .pragma("journal_size_limit", "67108864")
                    .pragma("query_only", query_only)
                    .pragma("cache_size", cache)
                    .pragma("wal_autocheckpoint", checkpoint.to_string())
                    .row_buffer_size(SQLITE_ROWS)
            });
            options
        };
        let wait_of_writer = if guard::is_out("fair-turns") { WAIT_OF_SQLITE } else { WAIT_OF_WRITER };
        let mut writing = pool(1, wait_of_writer, "OFF", SQLITE_CACHE);
        // Where the disk is full, SQLite rolls back the whole transaction by itself. sqlx (0.9.0) keeps its nesting depth,
        // so that later transactions become savepoints and are never committed: such a connection is closed (F13).
        writing.map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(is_outside_transaction(connection)))
        });
        let writer = sea_orm::Database::connect(writing).await.context("cannot open the SQLite database")?;
        let mut migrating = pool(1, WAIT_OF_SQLITE, "OFF", SQLITE_CACHE);
        migrating.connect_lazy(true);
        let readers = pool(settings.connections.min(SQLITE_READERS), WAIT_OF_SQLITE, "ON", SQLITE_CACHE);
        let reader = sea_orm::Database::connect(readers).await?;
        let mut scanners = pool(SQLITE_SCANNERS, WAIT_OF_SQLITE, "ON", SCAN_CACHE);
        // All from the start: the start loads several tables at once, and what each takes up is there from then on.
        scanners.min_connections(SQLITE_SCANNERS);
        let scanner = sea_orm::Database::connect(scanners).await?;
        let acquire_timeout = Duration::from_secs(settings.acquire_seconds);
        let together = GroupCommit::over(writer.clone(), acquire_timeout, Turns::beside(sqlite_path(url)), checkpoint);
        Ok(Self {
            schema: sea_orm::Database::connect(migrating).await?,
            room: Some((folder, settings.least_free_mb.saturating_mul(BYTES_PER_MB))),
            ..Self::over(writer, [reader, scanner], Some(together))
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
        Ok(Self::over(pool.clone(), [pool.clone(), pool], None))
    }

    fn over(
        writer: DatabaseConnection,
        [reader, scanner]: [DatabaseConnection; 2],
        together: Option<GroupCommit>,
    ) -> Self {
        let (few, whole) = (Limited { pool: reader, limit: READ_LIMIT }, Limited { pool: scanner, limit: WHOLE_LIMIT });
        let schema = writer.clone();
        Self { few, whole, writer, schema, together, room: None }
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

/// Returns the file of a SQLite URL.
pub(super) fn sqlite_path(url: &str) -> &str {
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
