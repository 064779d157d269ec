//! What is acknowledged is stored, whole, whatever a client or a schema step does.

use std::time::Duration;

use axum::http::StatusCode;
use domain::account::{Role, Scope};
use luodi::clock::{Clock as _, SystemClock};
use luodi::config;
use luodi::db::outbox::LeaseRequest;
use luodi::db::{Db, DbError};
use luodi::error::Error;
use luodi::service::accounts::Actor;
use luodi::service::leads;
use migrations::{Migrator, MigratorTrait as _};
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::app::TestApp;
use crate::database;
use crate::mailbag::queue;

/// T09, small: calls dropped at a random moment leave all of their rows or none, and poison no connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_hangs_up_leaves_all_or_nothing() {
    for test in TestApp::each().await {
        let body = TestApp::submission(&json!({ "land_mu": { "min": 20 } }));
        for at in 0..200_u64 {
            let key = format!("cut{at}");
            let call = test.post_with("/api/v1/requirements", &key, &body);
            let _cut = tokio::time::timeout(Duration::from_micros(at * 37 % 3000), call).await;
        }
        // What was detached ends by itself; every later write must be there.
        for at in 0..50 {
            let reply = test.post_with("/api/v1/requirements", &format!("after{at}"), &body).await;
            assert_eq!(reply.status, StatusCode::CREATED);
            let reference = reply.json()["reference"].as_str().expect("a reference").to_owned();
            let found = format!("SELECT reference FROM requirement WHERE reference = '{reference}'");
            assert_eq!(test.db.rows(&found).await.len(), 1, "{}: acknowledged and there", test.db.name);
        }
        let parts = |table: &str| {
            format!(
                "SELECT r.reference FROM requirement r LEFT JOIN {table} p ON p.requirement_id = r.id WHERE p.id IS NULL"
            )
        };
        for table in ["consent", "outbox"] {
            assert!(test.db.rows(&parts(table)).await.is_empty(), "{}: {table} of every requirement", test.db.name);
        }
        let answers = test.db.rows("SELECT key FROM idempotency").await.len();
        assert_eq!(test.db.rows("SELECT reference FROM requirement").await.len(), answers);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_postgres_holds_up_is_refused_in_time() {
    let Some(db) = database::postgres().await else { return };
    let test = TestApp::over(db, &[]).await;
    let admin = Actor { id: "a".into(), email: "a@example.com".into(), role: Role::Admin, scope: Scope::All };
    test.db.execute("BEGIN; LOCK TABLE lead IN ACCESS EXCLUSIVE MODE").await;
    let look = leads::inbox(&test.app, &admin, None, 1);
    let held_up = tokio::time::timeout(Duration::from_secs(20), look).await.expect("an answer");
    assert!(matches!(held_up, Err(Error::Unavailable(_))));
    test.db.execute("ROLLBACK").await;
    assert!(leads::inbox(&test.app, &admin, None, 1).await.is_ok(), "well again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_fails_half_way_changes_nothing() {
    for db in database::each().await {
        let names: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        let at = names.iter().position(|name| name == "m09_import_stages").expect("the step");
        Migrator::down(&db.raw, Some((names.len() - at) as u32)).await.expect("down");
        // The step's table is in the way.
        db.execute("CREATE TABLE import_staged (id TEXT PRIMARY KEY)").await;
        assert!(Migrator::up(&db.raw, None).await.is_err(), "{}", db.name);
        let state = db.raw.execute_unprepared("SELECT state FROM import").await;
        assert!(state.is_err(), "{}: the first column of the failed step is not there", db.name);
        db.execute("DROP TABLE import_staged").await;
        Migrator::up(&db.raw, None).await.expect("up once the way is free");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_goes_down_and_up_again() {
    for db in database::each().await {
        let steps = Migrator::migrations().len() as u32;
        Migrator::down(&db.raw, Some(steps)).await.expect("down");
        Migrator::up(&db.raw, None).await.expect("up");
        assert!(db.rows("SELECT id FROM lead").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_read_and_then_write_take_turns() {
    for test in database::each().await {
        let now = SystemClock.now();
        for row in 0..60 {
            queue(&test, &format!("row{row:03}"), "park@example.com", now).await;
        }
        let mut running = tokio::task::JoinSet::new();
        for db in [test.another().await, test.another().await] {
            running.spawn(async move {
                let claim = LeaseRequest { at_most: 1, lease_seconds: 600, newest_first: false, takes_over: true };
                let mut claimed = 0;
                for _ in 0..60 {
                    claimed += db.claim(claim, now).await.expect("has its turn").len();
                }
                claimed
            });
        }
        let claimed: usize = running.join_all().await.into_iter().sum();
        assert_eq!(claimed, 60, "{}: each once", test.name);
    }
}

/// F14. SQLite by itself looks for a lock in steps that grow to a tenth of a second, past each moment in which it is free.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_has_its_turn_in_the_first_moment_that_another_process_leaves() {
    // Held until SQLite's own steps are of 25 ms, and free between two of them.
    const HELD: Duration = Duration::from_millis(115);
    const FREE: Duration = Duration::from_millis(8);
    const WRITES: usize = 5;
    let test = database::sqlite().await;
    let mut moments = 0;
    for write in 0..WRITES {
        test.execute("BEGIN IMMEDIATE").await;
        let db = test.db.clone();
        let mut writing = tokio::spawn(async move {
            let insert = format!("INSERT INTO quota (name, window_start, used) VALUES ('{write}', 0, 0)");
            db.write(|tx| Box::pin(async move { Ok::<_, DbError>(tx.execute_unprepared(&insert).await.map(drop)?) }))
                .await
        });
        let written = loop {
            // Ended under the lock it had its turn before that was taken again, and late.
            let late = tokio::time::timeout(HELD, &mut writing).await;
            test.execute("COMMIT").await;
            if let Ok(written) = late {
                break written;
            }
            moments += 1;
            if let Ok(written) = tokio::time::timeout(FREE, &mut writing).await {
                break written;
            }
            test.execute("BEGIN IMMEDIATE").await;
        };
        written.expect("ends").expect("has its turn");
    }
    // A few may be missed where the machine itself is busy; SQLite alone misses four of five.
    assert!((WRITES..=2 * WRITES).contains(&moments), "{WRITES} writes took {moments} moments");
}

/// F14. A work of many transactions cannot see who waits for SQLite's lock, unless it is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_waits_for_another_process_says_so_until_it_has_its_turn() {
    let test = database::sqlite().await;
    let file = test.url.trim_start_matches("sqlite://").split('?').next().expect("a path").to_owned() + "-turn";
    let is_awaited = || {
        let Ok(file) = std::fs::File::open(&file) else { return false };
        rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_err()
    };
    test.execute("BEGIN IMMEDIATE").await;
    assert!(!is_awaited());
    let db = test.db.clone();
    const INSERT: &str = "INSERT INTO quota (name, window_start, used) VALUES ('waits', 0, 0)";
    let writing = tokio::spawn(async move {
        db.write(|tx| Box::pin(async move { Ok::<_, DbError>(tx.execute_unprepared(INSERT).await.map(drop)?) })).await
    });
    let said = async {
        while !is_awaited() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), said).await.expect("says so");
    test.execute("COMMIT").await;
    writing.await.expect("ends").expect("has its turn");
    assert!(!is_awaited());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_step_waits_for_the_write_of_another_process() {
    let test = database::sqlite().await;
    test.execute("BEGIN IMMEDIATE").await;
    let db = test.db.clone();
    let mut stepping = tokio::spawn(async move { db.migrate_down().await });
    let early = tokio::time::timeout(Duration::from_millis(50), &mut stepping).await;
    assert!(early.is_err(), "did not wait: {early:?}");
    test.execute("COMMIT").await;
    stepping.await.expect("ends").expect("steps down");
    test.db.migrate().await.expect("and up again");
}

/// A14: a server that goes down is a passing fault, to be answered 503, whatever it says of itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_connection_is_ended_may_come_again() {
    let Some(postgres) = database::postgres().await else { return };
    let ended: Result<(), DbError> = postgres
        .db
        .write(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("SELECT pg_terminate_backend(pg_backend_pid())").await?;
                Ok(())
            })
        })
        .await;
    assert!(matches!(ended, Err(DbError::Unavailable(_))), "{ended:?}");
    let next: Result<(), DbError> =
        postgres.db.write(|tx| Box::pin(async move { Ok(tx.execute_unprepared("SELECT 1").await.map(drop)?) })).await;
    assert!(next.is_ok(), "{next:?}");
}

/// A11, F13. SQLite rolls back by itself where it finds no room: whoever is told so afterwards is told the truth.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_after_the_disk_was_full_is_there() {
    let test = database::sqlite().await;
    let write = async |sql: &'static str, stays: bool| -> Result<(), DbError> {
        let db = test.db.clone();
        db.write(move |tx| {
            Box::pin(async move {
                tx.execute_unprepared(sql).await?;
                if stays { Ok(()) } else { Err(DbError::Unavailable("changed its mind".into())) }
            })
        })
        .await
    };
    write("PRAGMA max_page_count = 1", true).await.expect("as full as it is now");
    let full = write("INSERT INTO quota (name, window_start, used) VALUES (hex(zeroblob(100000)), 0, 0)", true).await;
    assert!(matches!(full, Err(DbError::Full(_))), "{full:?}");
    // There is room again, and one write is taken back before the next.
    write("PRAGMA max_page_count = 1000000", false).await.expect_err("as it says");
    write("INSERT INTO quota (name, window_start, used) VALUES ('kept', 0, 0)", true).await.expect("acknowledged");
    assert_eq!(test.rows("SELECT name FROM quota").await, ["kept"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_with_little_room_is_not_ready_and_is_read_all_the_same() {
    let test = database::sqlite().await;
    let more_than_any_disk = config::DatabaseConfig { least_free_mb: u64::MAX, ..database::settings(&test.url) };
    let db = Db::connect(&more_than_any_disk).await.expect("connects");
    assert!(matches!(db.ready().await, Err(DbError::Full(_))));
    db.ping().await.expect("answers");
    test.db.ready().await.expect("needs no room");
}

/// Writes that wait are committed together on SQLite: one that fails, or panics, takes nothing false into the answers.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_write_is_told_is_what_is_there() {
    for test in database::each().await {
        let mut running = tokio::task::JoinSet::new();
        for number in 0..240 {
            let db = test.db.clone();
            running.spawn(async move {
                let done: Result<(), DbError> = db
                    .write(move |tx| {
                        Box::pin(async move {
                            // Two in a row share their name: the later one meets the rule that a name is taken once.
                            let name = if number % 10 == 1 { number - 1 } else { number };
                            let insert =
                                format!("INSERT INTO quota (name, window_start, used) VALUES ('{name}', 0, {number})");
                            tx.execute_unprepared(&insert).await?;
                            assert!(number % 60 != 59, "panics on purpose");
                            if number % 3 == 0 { Err(DbError::Unavailable("changed its mind".into())) } else { Ok(()) }
                        })
                    })
                    .await;
                (number, done.is_ok())
            });
        }
        let told = running.join_all().await;
        let mut kept: Vec<String> =
            told.into_iter().filter(|(_, is_kept)| *is_kept).map(|(number, _)| number.to_string()).collect();
        kept.sort_unstable();
        let mut there = test.rows("SELECT CAST(used AS TEXT) FROM quota").await;
        there.sort_unstable();
        assert_eq!(there, kept, "{}", test.name);
        assert!(kept.len() > 60, "{}: most have their way", test.name);
    }
}
