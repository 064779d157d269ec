//! Faults of the bare libraries without our guards (UPSTREAM-HAZARDS.md). Where one of these goes red, the fault is mended
//! upstream and the guard may go. No input here ends or hangs anything: limits are small, inputs are lawful.

use std::process::Command;
use std::task::Poll;
use std::time::{Duration, Instant};

use luodi::config;
use luodi::db::Db;
use rustix::process::{Resource, Rlimit, setrlimit};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use sea_orm_migration::prelude::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::database::{self, Raw};
use crate::fault_proxy::{FaultProxy, Weather};
use crate::server::{HEAD_LIMIT, late_head};
use crate::tables::workbook;

/// F3. A `BEGIN` that is cancelled between its question and its answer stays open in the pool, and what the next
/// borrower writes is acknowledged and thrown away; a `ROLLBACK` after each return prevents it.
#[tokio::test(flavor = "multi_thread")]
async fn sqlx_alone_loses_an_acknowledged_write_after_a_cancelled_begin() {
    let Some(url) = database::postgres_url().await else { return };
    let watcher = Raw::open(&url).await;
    watcher.execute("CREATE TABLE kept (id BIGINT PRIMARY KEY)").await;
    let bare = writes_until_one_is_lost(&url, &watcher, 0, 2_000, false).await;
    assert!(bare < 2_000, "no write was lost: where that stays so, the guard may go");
    let guarded = writes_until_one_is_lost(&url, &watcher, 1_000_000, bare.max(50) * 4, true).await;
    assert_eq!(guarded, bare.max(50) * 4, "four times as many, and none is lost");
}

/// How many writes after a cancelled `BEGIN` it takes until one is acknowledged and not there; `most` where none is.
async fn writes_until_one_is_lost(url: &str, watcher: &Raw, first_id: u64, most: u64, is_guarded: bool) -> u64 {
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(1).sqlx_logging(false).test_before_acquire(false);
    if is_guarded {
        options.map_sqlx_postgres_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    use sea_orm::sqlx::Executor as _;
                    connection.execute("ROLLBACK").await?;
                    Ok(true)
                })
            })
        });
    }
    let pool = Database::connect(options).await.expect("connects");
    for at in 0..most {
        begun_and_dropped(&pool, 1 + at % 12).await;
        let id = first_id + at;
        let written = pool.execute_unprepared(&format!("INSERT INTO kept (id) VALUES ({id})")).await;
        let is_there = format!("SELECT CAST(id AS TEXT) FROM kept WHERE id = {id}");
        if written.is_ok_and(|done| done.rows_affected() == 1) && watcher.rows(&is_there).await.is_empty() {
            pool.close().await.expect("closes");
            assert!(watcher.rows(&is_there).await.is_empty(), "it does not come with the connection's end either");
            return at;
        }
    }
    most
}

/// Begins a transaction and drops it when it has been polled so often, as a client does that hangs up.
async fn begun_and_dropped(pool: &DatabaseConnection, polls: u64) {
    let mut beginning = Box::pin(pool.begin());
    let mut left = polls;
    std::future::poll_fn(|context| {
        left -= 1;
        if beginning.as_mut().poll(context).is_ready() || left == 0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// F11. The pool pings a connection that is returned, without a time limit: a half-open connection keeps its place until
/// the network reports it dead, here at the end of the test.
#[tokio::test(flavor = "multi_thread")]
async fn sqlx_alone_keeps_the_place_of_a_half_open_connection() {
    let Some(url) = database::postgres_url().await else { return };
    let (proxy, url) = FaultProxy::before_postgres(&url).await.expect("a proxy");
    let mut options = ConnectOptions::new(url.clone());
    options.max_connections(1).acquire_timeout(Duration::from_secs(1)).sqlx_logging(false).test_before_acquire(false);
    let bare = Database::connect(options).await.expect("connects");
    let settings = config::DatabaseConfig {
        url: url.into(),
        connections: 1,
        acquire_seconds: 20,
        least_free_mb: 0,
        private_network: false,
    };
    let ours = Db::connect(&settings).await.expect("connects");
    proxy.turn(Weather::Forgets);
    let asked = timeout(Duration::from_secs(1), bare.execute_unprepared("SELECT 1")).await;
    assert!(asked.is_err(), "no answer can come");
    for _ in 0..3 {
        assert!(bare.execute_unprepared("SELECT 1").await.is_err(), "the place is free: the guard may go");
    }
    ours.ping().await.expect("by a new connection");
    proxy.turn(Weather::Fair);
    let freed = async { while bare.execute_unprepared("SELECT 1").await.is_err() {} };
    timeout(Duration::from_secs(20), freed).await.expect("the reset has freed the place");
}

/// F4. `axum::serve` has no time limit on a head: one that is finished a second after our limit is answered all the same.
#[tokio::test(flavor = "multi_thread")]
async fn axum_alone_answers_a_head_that_is_finished_a_second_after_the_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    #[expect(clippy::disallowed_methods, reason = "the fault itself")]
    let serving = tokio::spawn(async move { axum::serve(listener, axum::Router::new()).await });
    let answer = late_head(address, HEAD_LIMIT).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "axum closes it, the guard may go: {answer:?}");
    serving.abort();
}

/// F5. A lawful workbook that needs more memory than its process may have ends that process: no error is returned.
#[test]
fn calamine_alone_ends_its_process_where_a_lawful_workbook_needs_more_memory_than_there_is() {
    const PATH: &str = "LUODI_TEST_WORKBOOK";
    if let Ok(path) = std::env::var(PATH) {
        limit_memory(workbook::TIGHT_MEMORY);
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).expect("a workbook");
        let _range = calamine::Reader::worksheet_range_at(&mut book, 0);
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.xlsx");
    std::fs::write(&path, workbook::large()).expect("writes");
    let name = "controls::calamine_alone_ends_its_process_where_a_lawful_workbook_needs_more_memory_than_there_is";
    let mut program = Command::new(std::env::current_exe().expect("this program"));
    // One arena: a second one would reserve addresses beforehand, and the limit would not be met.
    program.args(["--exact", name]).env(PATH, &path).env("MALLOC_ARENA_MAX", "1");
    let output = program.output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("memory allocation of"), "{}: {said}", output.status);
}

/// Caps this process at its present address space and so many bytes more.
fn limit_memory(more: u64) {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:")).expect("a size");
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().expect("a number");
    let most = Some((kilobytes << 10) + more);
    setrlimit(Resource::As, Rlimit { current: most, maximum: most }).expect("a limit");
}

struct HalfStep;

impl MigrationName for HalfStep {
    fn name(&self) -> &str {
        "m_half"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for HalfStep {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        manager.get_connection().execute_unprepared("CREATE TABLE half (id TEXT)").await?;
        Err(sea_orm::DbErr::Custom("half way".to_owned()))
    }
}

struct HalfMigrator;

#[async_trait::async_trait]
impl MigratorTrait for HalfMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(HalfStep)]
    }
}

/// F6. A step that does not ask for a transaction has none on SQLite.
#[tokio::test]
async fn sea_orm_alone_leaves_half_a_step_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("half.db").display());
    let bare = Database::connect(url).await.expect("connects");
    assert!(HalfMigrator::up(&bare, None).await.is_err());
    let half = bare.execute_unprepared("SELECT id FROM half").await;
    assert!(half.is_ok(), "the step was taken back: the guard may go");
}

/// F13. Where SQLite finds no room it rolls back by itself, sqlx goes on counting the transaction, and begins the next one
/// as a savepoint: one that is taken back leaves SQLite in a transaction that nobody ends, and nothing is committed.
#[tokio::test]
async fn sqlx_alone_commits_nothing_once_sqlite_has_rolled_back_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("full.db").display());
    let mut options = ConnectOptions::new(url.clone());
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("journal_mode", "WAL"));
    let pool = Database::connect(options).await.expect("connects");
    pool.execute_unprepared("CREATE TABLE kept (bytes BLOB); PRAGMA max_page_count = 1")
        .await
        .expect("as full as it is");
    let transaction = pool.begin().await.expect("begins");
    transaction.execute_unprepared("INSERT INTO kept VALUES (zeroblob(100000))").await.expect_err("no room");
    transaction.rollback().await.expect_err("SQLite has rolled back already");
    pool.execute_unprepared("PRAGMA max_page_count = 1000000").await.expect("room again");
    let transaction = pool.begin().await.expect("begins");
    transaction.rollback().await.expect("taken back");
    let transaction = pool.begin().await.expect("begins");
    transaction.execute_unprepared("INSERT INTO kept VALUES ('acknowledged')").await.expect("inserts");
    transaction.commit().await.expect("commits, it says");
    let watcher = Raw::open(&url).await;
    let kept = watcher.rows("SELECT bytes FROM kept").await;
    assert!(kept.is_empty(), "it is there: where that stays so, the guard may go");
}

/// F7. SQLite's own `BEGIN` reads first and fails at once when it turns to writing after somebody else has written; it
/// does not wait its turn, however long it may.
#[tokio::test(flavor = "multi_thread")]
async fn a_deferred_begin_fails_at_once_where_an_immediate_one_waits() {
    let test = database::sqlite().await;
    test.execute("CREATE TABLE tally (n BIGINT); INSERT INTO tally VALUES (0)").await;
    let other = || async {
        let mut options = ConnectOptions::new(test.url.clone());
        options.max_connections(1).map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("busy_timeout", "5000"));
        Database::connect(options).await.expect("connects")
    };
    let (one, two) = (other().await, other().await);
    let deferred = one.begin().await.expect("begins");
    deferred.execute_unprepared("SELECT n FROM tally").await.expect("reads");
    two.execute_unprepared("UPDATE tally SET n = n + 1").await.expect("writes");
    let asked = Instant::now();
    let refused = deferred.execute_unprepared("UPDATE tally SET n = n + 1").await;
    assert!(refused.is_err() && asked.elapsed() < Duration::from_secs(2), "it waits now: the guard may go");
    deferred.rollback().await.expect("ends");

    let immediate = || TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let first = one.begin_with_options(immediate()).await.expect("begins");
    let second = tokio::spawn(async move {
        let second = two.begin_with_options(immediate()).await.expect("has its turn");
        second.execute_unprepared("UPDATE tally SET n = n + 1").await.expect("writes");
        second.commit().await.expect("commits");
    });
    first.execute_unprepared("UPDATE tally SET n = n + 1").await.expect("writes");
    first.commit().await.expect("commits");
    second.await.expect("without a panic");
    assert_eq!(test.rows("SELECT CAST(n AS TEXT) FROM tally").await, ["3"]);
}
