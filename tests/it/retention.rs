//! Retention and erasure: every table has a period, what is past it goes, and what was erased stays so after a restore.

use std::process::{Command, Output};
use std::sync::Arc;

use domain::account::Role;
use domain::time::{Moment, SECONDS_PER_DAY, parse_day};
use luodi::db::retention::PERIODS;
use luodi::service::retention::round;
use serde_json::json;

use crate::app::{SetClock, TestApp};
use crate::database::{self, Raw};
use crate::desk::{act, asked, ok, only};

/// Days of the period of contact, and some more.
const PAST: i64 = 760;

fn begun() -> Moment {
    Moment::start_of(parse_day("2026-11-30").expect("a day")).plus_seconds(36_000)
}

async fn each() -> Vec<(TestApp, Arc<SetClock>)> {
    let mut all = Vec::new();
    for test in TestApp::each().await {
        let clock = Arc::new(SetClock::default());
        clock.set(begun());
        all.push((test.with_clock(clock.clone()).await, clock));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_has_a_period_and_every_period_a_table() {
    let test = database::sqlite().await;
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'seaql%' \
                  AND name NOT LIKE 'sqlite%' ORDER BY name";
    let named: Vec<&str> = PERIODS.iter().map(|(table, _)| *table).collect();
    assert_eq!(test.rows(tables).await, named);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_its_period_a_need_loses_its_words_and_what_is_in_work_or_was_touched_keeps_them() {
    for (test, clock) in each().await {
        let name = test.db.name;
        test.submitted("only-stored").await;
        asked(&test, "ended", &["P1"], &["T2"]).await;
        let manager = test.key("m", Role::Manager, &["T2"]).await;
        let lead = only(&test, &manager).await;
        let lost = json!({ "to": "lost", "version": lead["version"], "reason": "没有谈成" });
        ok(&act(&test, &manager, &lead, "stage", &lost).await);
        asked(&test, "in-work", &["P2"], &["T1"]).await;

        let live = "SELECT CAST(COUNT(*) AS TEXT) FROM requirement WHERE erased_at IS NULL";
        let later = |days: i64| begun().plus_seconds(days * SECONDS_PER_DAY);
        clock.set(later(400));
        let note = json!({ "kind": "phone", "text": "回访示例水泵" });
        ok(&act(&test, &manager, &lead, "notes", &note).await);
        assert_eq!(round(&test.app, "one").await.expect("a round"), 0, "{name}: nothing is past yet");

        clock.set(later(PAST));
        assert_eq!(round(&test.app, "two").await.expect("a round"), 1, "{name}: the one that was only stored");
        assert_eq!(test.db.rows(live).await, ["2"], "{name}");
        assert_eq!(round(&test.app, "three").await.expect("a round"), 0, "{name}: one process at a time");

        clock.set(later(400 + PAST));
        assert_eq!(round(&test.app, "four").await.expect("a round"), 1, "{name}: the note kept the other until now");
        assert_eq!(test.db.rows(live).await, ["1"], "{name}: a lead in work keeps what it needs");
        let words = "SELECT note FROM lead_event WHERE note LIKE '%示例水泵%'";
        assert_eq!(test.db.rows(words).await, Vec::<String>::new(), "{name}");
        let stages = "SELECT stage FROM lead ORDER BY stage";
        assert_eq!(test.db.rows(stages).await, ["lost", "registered"], "{name}: stages stay for the reports");
    }
}

fn luodi(arguments: &[&str], url: &str, ledger: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luodi"));
    command.args(arguments).current_dir("/tmp").env("LUODI_PROFILE", "test").env("DATABASE_URL", url);
    command.env("LUODI__BACKUP__ERASURE_LEDGER", ledger).output().expect("runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// An empty database of the same kind as another.
async fn elsewhere(name: &str, folder: &std::path::Path, file: &str) -> String {
    match name {
        "postgres" => database::postgres_url().await.expect("a database"),
        _ => format!("sqlite://{}?mode=rwc", folder.join(file).display()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_after_a_backup_is_erased_again_by_its_restore() {
    for test in TestApp::each().await {
        let name = test.db.name;
        let ledger = test.app.config.backup.erasure_ledger().expect("a ledger").display().to_string();
        let folder = tempfile::tempdir().expect("a folder");
        let gone = test.submitted("gone").await;
        let (kept, sent) = asked(&test, "kept", &["P1", "P2"], &["T1", "T2"]).await;
        let backup = folder.path().join("backup").display().to_string();
        let done = luodi(&["backup", &backup], &test.db.url, &ledger);
        assert!(done.status.success(), "{name}: {}", said(&done));

        assert_eq!(test.delete_with(&format!("/api/v1/requirements/{gone}"), "d1").await.status, 204);
        let numbers = [0, 1].map(|at| sent["inquiries"][at]["number"].as_str().expect("a number").to_owned());
        for (number, key) in [(&numbers[0], "d2"), (&numbers[1], "d3")] {
            let path = format!("/api/v1/requirements/{kept}/inquiries/{number}");
            assert_eq!(test.delete_with(&path, key).await.status, 204);
        }
        // Asked once more: this one is kept.
        let again = TestApp::inquiry(&["P2"], &["T1"]);
        let path = format!("/api/v1/requirements/{kept}/inquiries");
        assert_eq!(test.post_with(&path, "again", &again).await.status, 201);

        let url = elsewhere(name, folder.path(), "restored.db").await;
        let done = luodi(&["restore", &backup], &url, &ledger);
        assert!(done.status.success(), "{name}: {}", said(&done));
        assert!(said(&done).contains("erased again: 1 requirements, 1 inquiries"), "{name}: {}", said(&done));
        let restored = Raw::open(&url).await;
        let live = "SELECT reference FROM requirement WHERE company IS NOT NULL";
        assert_eq!(restored.rows(live).await, [kept.as_str()], "{name}");
        let states = "SELECT number, state FROM inquiry ORDER BY number";
        let states = restored.rows(states).await;
        for (number, is_withdrawn) in [(&numbers[0], true), (&numbers[1], false)] {
            assert_eq!(states.contains(&format!("{number}|cancelled")), is_withdrawn, "{name}: {states:?}");
        }

        // Without the ledger it refuses, unless that is meant; another service's ledger is none.
        let url = elsewhere(name, folder.path(), "second.db").await;
        let absent = folder.path().join("absent").display().to_string();
        let refused = luodi(&["restore", &backup], &url, &absent);
        assert!(!refused.status.success() && said(&refused).contains("--without-ledger"), "{name}: {}", said(&refused));
        let foreign = folder.path().join("foreign").display().to_string();
        luodi(&["backup", &folder.path().join("other").display().to_string()], &test.db.url, &foreign);
        let refused = luodi(&["restore", &backup], &url, &foreign);
        assert!(!refused.status.success() && said(&refused).contains("not the ledger"), "{name}: {}", said(&refused));
        let meant = luodi(&["restore", &backup, "--without-ledger"], &url, &absent);
        assert!(meant.status.success(), "{name}: {}", said(&meant));
        assert_eq!(Raw::open(&url).await.rows(live).await.len(), 2, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_the_ledger_missed_is_written_later() {
    let test = TestApp::sqlite().await;
    let path = test.app.config.backup.erasure_ledger().expect("a ledger");
    let reference = test.submitted("a").await;
    // A folder in the ledger's place: it cannot be written.
    std::fs::create_dir(&path).expect("a folder");
    assert_eq!(test.delete_with(&format!("/api/v1/requirements/{reference}"), "d").await.status, 204);
    std::fs::remove_dir(&path).expect("removed");
    luodi::service::erasure_ledger::reconcile(&test.app).await.expect("reconciles");
    let text = std::fs::read_to_string(&path).expect("a ledger");
    assert_eq!(text.lines().filter(|line| line.starts_with('+')).count(), 1, "{text}");
    luodi::service::erasure_ledger::reconcile(&test.app).await.expect("reconciles");
    assert_eq!(std::fs::read_to_string(&path).expect("a ledger"), text, "written once");
}
