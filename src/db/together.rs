//! SQLite's group commit: waiting writes share one transaction, each in a savepoint, and thereby one fsync.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, TransactionTrait as _};
use tokio::sync::{mpsc, oneshot};

use super::turns::Turns;
use super::{DbError, TxFuture, begin};

/// Writes per commit: enough that fsync is not the bottleneck, few enough that the first is answered soon.
const MOST_PER_COMMIT: usize = 32;
/// Capacity of the queue; a further write waits for a place, at most as long as for a connection.
const QUEUE_CAPACITY: usize = 64;

/// Pages of SQLite's log from which a commit in bulk copies them into the database: SQLite's own default, 4 MB.
const CHECKPOINT_OF_BULK: u32 = 1_000;
/// The same for a commit for which a client waits: a checkpoint of an import's pages would take 50 ms of it.
const CHECKPOINT_OF_USERS: u32 = 4_000;
/// Free bytes of a disk below which the log stays short: on a small disk that fills up, a log of 16 MB would keep the room
/// that its own checkpoint needs.
const SMALL_DISK: u64 = 1 << 30;

/// Returns the pages of the log from which a commit for which a client waits makes a checkpoint, on a disk with `free` bytes.
pub(super) const fn checkpoint_of_users(free: u64) -> u32 {
    if free < SMALL_DISK { CHECKPOINT_OF_BULK } else { CHECKPOINT_OF_USERS }
}

/// The moment from which a committed write survives a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Durability {
    /// Its own commit: nothing acknowledged is lost.
    AtOnce,
    /// The commit of the next write that is durable at once: both databases write one log in order, so that flushing it
    /// carries what was committed before. For steps that mean nothing, or are repeated, without that later write.
    WithNext,
}

/// The queue of the one SQLite writer.
#[derive(Clone, Debug)]
pub(super) struct GroupCommit {
    queue: mpsc::Sender<Box<dyn Job>>,
    acquire_timeout: Duration,
    turns: Turns,
}

impl GroupCommit {
    /// Spawns the writer's task, which ends with the last clone. `checkpoint` is that of [`checkpoint_of_users`].
    pub(super) fn over(writer: DatabaseConnection, acquire_timeout: Duration, turns: Turns, checkpoint: u32) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_CAPACITY);
        let is_synced = Arc::new(AtomicBool::new(true));
        let writer = Writer { connection: writer, turns: turns.clone(), is_synced, checkpoint };
        tokio::spawn(serve(writer, waiting));
        Self { queue, acquire_timeout, turns }
    }

    /// Returns once no other process waits for the lock.
    pub(super) async fn give_way(&self) {
        self.turns.give_way().await;
    }

    /// Runs a write and returns its result after the commit.
    pub(super) async fn write<T, E, F>(&self, durability: Durability, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> TxFuture<'c, T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(TypedJob { durability, work: Some(work), result: None, reply });
        match tokio::time::timeout(self.acquire_timeout, self.queue.send(job)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(DbError::Unavailable("the writer has ended".to_owned()).into()),
            Err(_) => return Err(DbError::Unavailable("too many writes are waiting".to_owned()).into()),
        }
        answer.await.unwrap_or_else(|_| Err(DbError::Other(anyhow::anyhow!("a write panicked")).into()))
    }
}

/// Settings of commits for which a client waits: checkpoints come late, so that an import beside them does its own.
fn of_users(checkpoint: u32) -> String {
    format!("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {checkpoint}")
}

/// Settings of commits in bulk, which are flushed with the next commit for which a client waits.
fn of_bulk() -> String {
    format!("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = {CHECKPOINT_OF_BULK}")
}

/// A write with erased types.
#[async_trait]
trait Job: Send {
    fn durability(&self) -> Durability;

    /// Runs within a transaction; returns whether to keep its changes.
    async fn run(&mut self, tx: &DatabaseTransaction) -> bool;

    /// Sends the result, or the error with which the transaction was lost.
    fn respond(self: Box<Self>, lost: Option<DbError>);
}

/// A write with its types, and the channel on which its caller waits.
struct TypedJob<T, E, F> {
    durability: Durability,
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

#[async_trait]
impl<T, E, F> Job for TypedJob<T, E, F>
where
    T: Send,
    E: From<DbError> + Send,
    F: for<'c> FnOnce(&'c DatabaseTransaction) -> TxFuture<'c, T, E> + Send,
{
    fn durability(&self) -> Durability {
        self.durability
    }

    async fn run(&mut self, tx: &DatabaseTransaction) -> bool {
        let Some(work) = self.work.take() else { return false };
        let result = work(tx).await;
        let is_kept = result.is_ok();
        self.result = Some(result);
        is_kept
    }

    fn respond(self: Box<Self>, lost: Option<DbError>) {
        let result = match (self.result, lost) {
            // Its own error is more specific than that of the transaction.
            (Some(Err(error)), _) => Err(error),
            (_, Some(lost)) => Err(lost.into()),
            (Some(done), None) => done,
            (None, None) => Err(DbError::Unavailable("not begun".to_owned()).into()),
        };
        // The caller may have been cancelled.
        let _ = self.reply.send(result);
    }
}

/// The one writing connection.
#[derive(Clone)]
struct Writer {
    connection: DatabaseConnection,
    turns: Turns,
    /// Whether `synchronous` is known to be `FULL`, with which connections are opened.
    is_synced: Arc<AtomicBool>,
    /// Pages of the log from which a commit for which a client waits makes a checkpoint.
    checkpoint: u32,
}

impl Writer {
    /// Sets `synchronous` for the next transaction; in WAL mode `NORMAL` commits without fsync.
    async fn sync_for(&self, durability: Durability) -> Result<(), DbError> {
        if durability == Durability::WithNext {
            if self.is_synced.swap(false, Ordering::Relaxed) {
                self.connection.execute_unprepared(&of_bulk()).await?;
            }
        } else if !self.is_synced.load(Ordering::Relaxed) {
            self.connection.execute_unprepared(&of_users(self.checkpoint)).await?;
            self.is_synced.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

async fn serve(writer: Writer, mut waiting: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = waiting.recv().await {
        let mut jobs = vec![first];
        while jobs.len() < MOST_PER_COMMIT
            && let Ok(next) = waiting.try_recv()
        {
            jobs.push(next);
        }
        let writer = writer.clone();
        // In a task of its own: a panic ends this transaction and not the writer.
        let panicked = tokio::spawn(async move { commit_together(&writer, jobs).await }).await;
        if let Err(error) = panicked {
            tracing::error!(%error, "a write panicked");
        }
    }
}

async fn commit_together(writer: &Writer, mut jobs: Vec<Box<dyn Job>>) {
    let lost = carry_out(writer, &mut jobs).await.err();
    for job in jobs {
        job.respond(lost.as_ref().map(DbError::again));
    }
}

/// Runs the writes and commits; `Ok` means that each one's own result holds.
async fn carry_out(writer: &Writer, jobs: &mut [Box<dyn Job>]) -> Result<(), DbError> {
    failpoint!("db.begin", Err(DbError::Unavailable("failpoint".to_owned())));
    let is_synced = jobs.iter().any(|job| job.durability() == Durability::AtOnce);
    writer.sync_for(if is_synced { Durability::AtOnce } else { Durability::WithNext }).await?;
    let transaction = begin(&writer.connection, Some(&writer.turns)).await?;
    failpoint!("db.begun", Err(DbError::Unavailable("failpoint".to_owned())));
    let is_kept = match jobs {
        [alone] => alone.run(&transaction).await,
        all => {
            let mut any = false;
            for job in all {
                any |= in_savepoint(&transaction, job.as_mut()).await?;
            }
            any
        }
    };
    if !is_kept {
        // A failed statement may already have rolled back (disk full): the job's own error is the one to report.
        if let Err(rollback) = transaction.rollback().await {
            tracing::debug!(%rollback, "rollback after an error");
        }
        return Ok(());
    }
    failpoint!("db.commit", Err(DbError::Unavailable("failpoint".to_owned())));
    transaction.commit().await?;
    failpoint!("db.committed", Err(DbError::Unavailable("failpoint".to_owned())));
    Ok(())
}

/// Runs one of several jobs under a savepoint, so that its writes can be rolled back alone. Returns whether they are
/// kept.
///
/// # Errors
/// [`DbError::Unavailable`] where SQLite has rolled back the whole transaction (disk full, an I/O error): the savepoint
/// is gone with it, and no job of the transaction may be acknowledged.
async fn in_savepoint(transaction: &DatabaseTransaction, job: &mut dyn Job) -> Result<bool, DbError> {
    let savepoint = transaction.begin().await?;
    let is_kept = job.run(&savepoint).await;
    let ended = if is_kept { savepoint.commit().await } else { savepoint.rollback().await };
    // A fault of this savepoint is transient for the other jobs: they succeed when they are run again.
    ended.map_err(|error| DbError::Unavailable(format!("rolled back with another write: {error}")))?;
    Ok(is_kept)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection};

    use super::super::turns::Turns;
    use super::{CHECKPOINT_OF_BULK, CHECKPOINT_OF_USERS, Durability, GroupCommit, checkpoint_of_users};
    use crate::db::DbError;

    const NORMAL: i64 = 1;
    const FULL: i64 = 2;

    async fn writer(file: &str) -> DatabaseConnection {
        let mut options = ConnectOptions::new(format!("sqlite://{file}?mode=rwc"));
        options.max_connections(1).map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("journal_mode", "WAL"));
        sea_orm::Database::connect(options).await.expect("opens")
    }

    #[test]
    fn a_small_disk_has_a_short_log() {
        assert_eq!(checkpoint_of_users(24 << 20), CHECKPOINT_OF_BULK);
        assert_eq!(checkpoint_of_users(50 << 30), CHECKPOINT_OF_USERS);
    }

    #[tokio::test]
    async fn a_write_after_one_that_was_not_flushed_is_flushed_before_it_is_acknowledged() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("luodi.db").display().to_string();
        let queue =
            GroupCommit::over(writer(&file).await, Duration::from_secs(5), Turns::beside(&file), CHECKPOINT_OF_BULK);
        let mode = |durability| {
            queue.write::<i64, DbError, _>(durability, |tx| {
                Box::pin(async move {
                    let row = tx.query_one_raw(sea_orm::Statement::from_string(
                        sea_orm::DatabaseBackend::Sqlite,
                        "PRAGMA synchronous",
                    ));
                    Ok(row.await?.expect("a row").try_get_by_index(0)?)
                })
            })
        };
        for (durability, expected) in [
            (Durability::AtOnce, FULL),
            (Durability::WithNext, NORMAL),
            (Durability::WithNext, NORMAL),
            (Durability::AtOnce, FULL),
            (Durability::AtOnce, FULL),
        ] {
            assert_eq!(mode(durability).await.expect("writes"), expected, "{durability:?}");
        }
    }
}
