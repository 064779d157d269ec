//! Restores that die half way: nothing that a process could send from is ever there.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use luodi::clock::{Clock as _, SystemClock};
use luodi::db::Db;

use crate::app::TestApp;
use crate::database::{self, Raw};
use crate::mailbag::queue;

fn luodi(arguments: &[&str], url: &str, path: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luodi"));
    command.args(arguments).current_dir("/tmp").env("LUODI_PROFILE", "test").env("DATABASE_URL", url);
    let ledger = std::env::temp_dir().join("luodi-test-erasures");
    command.env("PATH", path).env("LUODI__BACKUP__ERASURE_LEDGER", ledger).output().expect("runs")
}

/// A `pg_restore` that does what the real one does, or a part of it, and something besides.
fn stand_in(folder: &Path, does: &str) -> String {
    let file = folder.join("pg_restore");
    let path = std::env::var("PATH").expect("a path");
    std::fs::write(&file, format!("#!/bin/sh\nreal() {{ PATH='{path}' pg_restore \"$@\"; }}\n{does}\n"))
        .expect("writes");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    format!("{}:{path}", folder.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_restore_that_dies_leaves_nothing_and_one_that_ends_sends_nothing() {
    let Some(db) = database::postgres().await else { return };
    queue(&db, "waits", "park@example.com", SystemClock.now()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup").display().to_string();
    let path = std::env::var("PATH").expect("a path");
    let done = luodi(&["backup", &backup], &db.url, &path);
    assert!(done.status.success(), "{done:?}");

    let url = database::postgres_url().await.expect("another database");
    let there = Raw::open(&url).await;
    for dies in [
        // Killed between the last of the script and the hold.
        "real \"$@\"\nkill -9 $PPID",
        // Killed in the middle.
        "real \"$@\" | head -c 9000\nkill -9 $PPID",
        // The script breaks off.
        "real \"$@\" | head -c 9000\nexit 1",
    ] {
        let dead = luodi(&["restore", &backup], &url, &stand_in(folder.path(), dies));
        assert!(!dead.status.success(), "{dies}: {dead:?}");
        let tables = there.rows("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'").await;
        assert_eq!(tables, Vec::<String>::new(), "{dies}");
    }
    // That this one finds an empty database says that none of those was committed later either.
    let done = luodi(&["restore", &backup], &url, &path);
    assert!(done.status.success(), "{done:?}");
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), "restored; 1 mails are held");
    assert_eq!(there.rows("SELECT id, state FROM outbox").await, ["waits|held"]);
    assert!(!luodi(&["restore", &backup], &url, &path).status.success(), "never over a database that holds something");
    assert_eq!(there.rows("SELECT id, state FROM outbox").await, ["waits|held"]);
}

/// Reverts steps until one would delete something.
async fn step_with_losses(db: &luodi::db::Db) -> (String, Vec<luodi::db::losses::Loss>) {
    loop {
        let (step, losses) = db.losses_of_last_step().await.expect("an answer").expect("a step");
        if !losses.is_empty() {
            return (step, losses);
        }
        db.migrate_down().await.expect("reverted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reverting_a_step_names_the_rows_that_it_would_delete_and_looking_deletes_none() {
    for test in TestApp::each().await {
        test.db.execute("INSERT INTO mailbox_position (name, validity, last_uid) VALUES ('INBOX', 1, 7)").await;
        let (step, losses) = step_with_losses(&test.app.db).await;
        let told: Vec<String> = losses.iter().map(|loss| format!("{loss} {}", loss.rows)).collect();
        assert_eq!((step.as_str(), told.join(",").as_str()), ("m12_mail", "mailbox_position 1"), "{}", test.db.name);
        assert_eq!(test.db.rows("SELECT name FROM mailbox_position").await, ["INBOX"], "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_overwrites_no_other_and_is_its_owners_alone_from_the_first_byte() {
    for db in database::each().await {
        queue(&db, "waits", "park@example.com", SystemClock.now()).await;
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join("backup");
        let settings = database::settings(&db.url);
        let file = Db::backup(&settings, &dir).await.expect("a backup");
        let first = std::fs::read(&file).expect("its bytes");
        let again = Db::backup(&settings, &dir).await.expect_err("refused");
        assert!(again.to_string().contains("exists already"), "{}: {again}", db.name);
        assert_eq!(std::fs::read(&file).expect("its bytes"), first, "{}", db.name);
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", db.name);
        assert_eq!(std::fs::read_dir(&dir).expect("a folder").count(), 1, "{}: no unfinished file", db.name);
    }
}
