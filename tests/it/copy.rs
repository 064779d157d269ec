//! A whole database copied into another one of either kind.

use luodi::db::copy::{CopiedTable, copy};
use luodi::db::retention::PERIODS;

use crate::app::TestApp;
use crate::database::{self, TestDb};
use crate::desk::asked;

/// A service with inventory, requirements, leads, mails sent and waiting, keys and an audit.
async fn lived_in(db: TestDb) -> TestApp {
    let test = TestApp::over(db, &[]).await;
    asked(&test, "sent", &["P1", "P2"], &["T1", "T2"]).await;
    test.deliver().await;
    let (gone, _) = asked(&test, "gone", &["P2"], &["T1"]).await;
    assert_eq!(test.delete_with(&format!("/api/v1/requirements/{gone}"), "d").await.status, 204);
    asked(&test, "waits", &["P1"], &["T2"]).await;
    test.key("k", domain::account::Role::Officer, &["T2"]).await;
    luodi::service::audit::seal(&test.app).await.expect("sealed");
    test
}

async fn copied(from: &TestDb, to: &TestDb) -> anyhow::Result<Vec<CopiedTable>> {
    let mut told = Vec::new();
    copy(&from.db, &to.db, |table| told.push(table.clone())).await?;
    Ok(told)
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_in_a_database_of_the_other_kind_and_the_service_goes_on_there() {
    let Some(postgres) = database::postgres().await else { return };
    let test = lived_in(database::sqlite().await).await;
    let told = copied(&test.db, &postgres).await.expect("copied");
    let mut tables: Vec<&str> = told.iter().map(|done| done.table.as_str()).collect();
    tables.sort_unstable();
    // Leases belong to processes.
    let all: Vec<&str> = PERIODS.iter().map(|(table, _)| *table).filter(|table| *table != "job_lease").collect();
    assert_eq!(tables, all);
    let rows = |table: &str| told.iter().find(|done| done.table == table).map_or(0, |done| done.rows);
    assert!(rows("outbox") > 2 && rows("lead") == 4 && rows("audit_seal") > 0, "{told:?}");

    let there = TestApp::without_import(postgres, &[]).await;
    assert_eq!(there.app.inventory.len(), test.app.inventory.len());
    let before = luodi::service::audit::verify(&test.app, None).await.expect("verifies");
    let after = luodi::service::audit::verify(&there.app, None).await.expect("verifies");
    assert_eq!(format!("{before:?}"), format!("{after:?}"), "the chain of the audit holds");
    there.deliver().await;
    let waiting = there.app.db.waiting_mails().await.expect("counted");
    assert_eq!(waiting, 0, "what waited leaves from there");

    // And back: a province that becomes a county again.
    let back = database::sqlite().await;
    copied(&there.db, &back).await.expect("copied back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_was_stopped_is_taken_up_again_and_one_into_a_used_database_is_refused() {
    let Some(postgres) = database::postgres().await else { return };
    let test = lived_in(database::sqlite().await).await;
    // It stops in the middle: the table of leads is not there.
    postgres.execute("ALTER TABLE lead RENAME TO elsewhere").await;
    let stopped = copied(&test.db, &postgres).await.expect_err("stopped");
    assert!(format!("{stopped:#}").contains("lead"), "{stopped:#}");
    postgres.execute("ALTER TABLE elsewhere RENAME TO lead").await;
    let told = copied(&test.db, &postgres).await.expect("taken up again");
    let equal: Vec<&str> =
        told.iter().filter(|done| done.was_equal && done.rows > 0).map(|done| &*done.table).collect();
    assert!(equal.contains(&"requirement") && !equal.contains(&"lead"), "{equal:?}");

    let refused = copied(&test.db, &postgres).await.expect_err("refused");
    assert!(format!("{refused:#}").contains("already"), "{refused:#}");
    let other = lived_in(database::sqlite().await).await;
    let refused = copied(&test.db, &other.db).await.expect_err("refused");
    assert!(format!("{refused:#}").contains("already"), "{refused:#}");
}
