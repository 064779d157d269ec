//! Imports of many rows, stored in stages: whole or not at all wherever their process ends, and beside other writes.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use domain::freshness::KeyFact;
use domain::kind::Kind;
use luodi::clock::{Clock as _, SystemClock};
use luodi::service::imports::{recover, undo};

use super::undo::{each, export};
use super::{plots, stored};
use crate::app::{SetClock, TestApp};
use crate::database;
use crate::offices::PARKS;

/// More than one transaction takes.
const ROWS: usize = 1_200;
/// As many as a process needs some time for.
const MANY: usize = 6_000;

fn file(rows: usize, area: &str) -> String {
    let rows: String = (1..=rows).map(|n| format!("P-{n},A,浙江省,{area},示例路{n}号\n")).collect();
    format!("plot_no,park_code,province,area_mu,location\n{rows}")
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rows_are_stored_seen_at_once_and_taken_back_to_the_byte() {
    for test in each().await {
        plots(&test, file(ROWS / 2, "10")).await;
        let before = export(&test).await;
        let report = plots(&test, file(ROWS, "20")).await;
        assert_eq!((report.created, report.updated), (ROWS / 2, ROWS / 2), "{}", test.db.name);
        for id in ["P-1", &format!("P-{ROWS}")] {
            let page = test.get(&format!("/api/v1/listings/{id}")).await;
            assert_eq!(page.status, 200, "{}: {}", test.db.name, page.text);
            assert_eq!(stored(&test, Kind::Plot, id, ["area_mu"]).await, ["20"]);
        }
        let listed = test.get("/api/v1/listings?kind=plot&per_page=1").await.json();
        assert_eq!(listed["total"], ROWS, "{listed}");
        assert!(test.db.rows("SELECT code FROM import_staged").await.is_empty());
        let undone = undo(&test.app, &report.import.expect("an import"), "operator").await.expect("an answer");
        assert_eq!((undone.restored, undone.removed), (ROWS / 2, ROWS / 2));
        assert_eq!(export(&test).await, before);
        assert_eq!(test.get("/api/v1/listings?kind=plot&per_page=1").await.json()["total"], ROWS / 2);
    }
}

/// The import that checked a plot's area last.
fn checked_by(test: &TestApp, id: &str) -> Option<String> {
    test.app.beside.evidence(Kind::Plot, id).last(KeyFact::Area).map(|check| check.reference.clone())
}

/// An inventory whose day is set, and its clock.
async fn each_dated() -> Vec<(TestApp, Arc<SetClock>)> {
    let mut all = Vec::new();
    for db in database::each().await {
        let clock = Arc::new(SetClock::default());
        clock.set(SystemClock.now());
        let test = TestApp::with_first_clock(db, &[], clock.clone()).await;
        test.import(Kind::Park, PARKS).await;
        all.push((test, clock));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rows_are_checked_changed_or_not_until_their_import_is_taken_back() {
    for (test, clock) in each_dated().await {
        let first = plots(&test, file(ROWS, "10")).await;
        clock.set(clock.now().plus_seconds(24 * 3_600));
        let again = plots(&test, file(ROWS + 1, "10")).await;
        assert_eq!((again.unchanged, again.created), (ROWS, 1), "{}", test.db.name);
        for taken_back in [again, first] {
            for id in ["P-1", &format!("P-{ROWS}")] {
                assert_eq!(checked_by(&test, id), taken_back.import, "{}: {id}", test.db.name);
            }
            let id = taken_back.import.expect("an import");
            assert!(undo(&test.app, &id, "operator").await.expect("an answer").refused.is_none());
        }
        assert_eq!(checked_by(&test, "P-1"), None);
        assert!(test.db.rows("SELECT code FROM evidence_staged").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_repeated_on_the_same_day_writes_evidence_of_what_is_new_alone() {
    for (test, clock) in each_dated().await {
        let first = plots(&test, file(ROWS, "10")).await;
        let written = async || test.db.rows("SELECT CAST(MAX(seq) AS TEXT) FROM evidence").await;
        let before = written().await;
        let again = plots(&test, file(ROWS, "10")).await;
        assert_eq!((again.unchanged, written().await), (ROWS, before), "{}", test.db.name);
        let partly = plots(&test, file(ROWS, "10").replace("P-1,A,浙江省,10", "P-1,A,浙江省,11")).await;
        assert_eq!(
            (checked_by(&test, "P-1"), checked_by(&test, "P-2")),
            (partly.import, first.import),
            "{}",
            test.db.name
        );
        clock.set(clock.now().plus_seconds(24 * 3_600));
        let next_day = plots(&test, file(ROWS, "11")).await;
        assert_eq!((checked_by(&test, "P-2"), next_day.updated), (next_day.import, ROWS - 1), "{}", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_imports_of_the_same_rows_the_later_one_is_judged_against_the_earlier() {
    for test in each().await {
        let (one, other) = tokio::join!(plots(&test, file(ROWS, "11")), plots(&test, file(ROWS, "12")));
        let mut counts = [(one.created, one.updated), (other.created, other.updated)];
        counts.sort_unstable();
        assert_eq!(counts, [(0, ROWS), (ROWS, 0)], "{}", test.db.name);
        let later = if one.updated > 0 { &one } else { &other };
        let area = stored(&test, Kind::Plot, "P-1", ["area_mu"]).await;
        assert!(
            test.app.db.listings_of(Kind::Plot).await.expect("records").iter().all(|it| it.get("area_mu") == area[0])
        );
        undo(&test.app, later.import.as_deref().expect("an import"), "operator").await.expect("an answer");
        assert_ne!(stored(&test, Kind::Plot, "P-1", ["area_mu"]).await, area);
    }
}

/// A command over the test's database.
fn command(test: &TestApp, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luodi"));
    command.args(arguments).current_dir(test.mails.path());
    command.env("LUODI_PROFILE", "test").env("DATABASE_URL", &test.db.url);
    command
}

/// The output of a command that succeeds.
fn said(test: &TestApp, arguments: &[&str]) -> String {
    let output = command(test, arguments).output().expect("runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A process that imports many rows into the test's database.
fn importing(test: &TestApp, area: &str) -> Child {
    std::fs::write(test.mails.path().join("many.csv"), file(MANY, area)).expect("written");
    let mut import = command(test, &["import", "plots", "many.csv"]);
    import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("runs")
}

/// Kills an import (SIGKILL) once it is in a state and some of its rows are staged or applied.
async fn killed_while(test: &TestApp, state: &str, area: &str) -> String {
    let mut child = importing(test, area);
    let rows = if state == "staging" { "import_staged" } else { "import_row" };
    let begun = format!(
        "SELECT id FROM import WHERE state = '{state}'
            AND EXISTS (SELECT 1 FROM {rows} WHERE {rows}.import_id = import.id)"
    );
    let id = loop {
        if let [id] = &test.db.rows(&begun).await[..] {
            break id.clone();
        }
        assert!(child.try_wait().expect("a state").is_none(), "{}: ended before it was {state}", test.db.name);
    };
    child.kill().expect("killed");
    child.wait().expect("ended");
    id
}

async fn count(test: &TestApp, area: &str) -> usize {
    let records = test.app.db.listings_of(Kind::Plot).await.expect("records");
    records.iter().filter(|record| record.get("area_mu") == area).count()
}

async fn state_of(test: &TestApp, id: &str) -> String {
    let imports = test.app.db.imports().await.expect("a list");
    imports.into_iter().find(|import| import.id == id).expect("listed").state
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_killed_before_it_is_decided_leaves_nothing_and_the_next_start_says_so() {
    for test in each().await {
        plots(&test, file(10, "10")).await;
        let before = export(&test).await;
        let id = killed_while(&test, "staging", "20").await;
        assert_eq!(export(&test).await, before, "{}", test.db.name);
        let listed: serde_json::Value = serde_json::from_str(&said(&test, &["import", "list"])).expect("JSON");
        assert_eq!(
            (&listed["imports"][0]["id"], &listed["imports"][0]["state"]),
            (&id.clone().into(), &"interrupted".into())
        );
        assert!(said(&test, &["doctor"]).contains(&format!("import: {id} of many.csv is interrupted")));
        assert_eq!((export(&test).await, state_of(&test, &id).await), (before, "interrupted".to_owned()));
        assert!(test.db.rows("SELECT code FROM import_staged").await.is_empty());
        let refused = undo(&test.app, &id, "operator").await.expect("an answer").refused.expect("refused");
        assert_eq!(refused.code, "unfinished_import");
        assert_eq!(plots(&test, file(MANY, "20")).await.created, MANY - 10, "the next one is free");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_killed_after_it_was_decided_is_there_as_a_whole_and_is_brought_to_its_end() {
    for test in each().await {
        plots(&test, file(10, "10")).await;
        let id = killed_while(&test, "applying", "20").await;
        assert_eq!(count(&test, "20").await, MANY, "{}: before any other process came", test.db.name);
        // A change by hand of a row that waits to be applied comes after the import.
        let waiting = test.db.rows("SELECT code FROM import_staged ORDER BY no DESC LIMIT 1").await;
        let changed = plots(&test, format!("plot_no,province,status\n{},浙江省,sold\n", waiting[0])).await;
        assert_eq!((changed.updated, changed.changes[0].column), (1, "status"));
        recover(&test.app.db, SystemClock.now()).await.expect("recovered");
        assert_eq!((count(&test, "20").await, state_of(&test, &id).await), (MANY, "done".to_owned()));
        assert_eq!(stored(&test, Kind::Plot, &waiting[0], ["area_mu", "status"]).await, ["20", "sold"]);
        let checked = format!("SELECT code FROM evidence WHERE checks LIKE '%{id}%'");
        assert_eq!(test.db.rows(&checked).await.len(), MANY);
        assert!(test.db.rows("SELECT code FROM import_staged").await.is_empty());
        let refused = undo(&test.app, &id, "operator").await.expect("an answer").refused.expect("refused");
        assert_eq!((refused.code, refused.ids), ("changed_since", waiting));
        undo(&test.app, &changed.import.expect("an import"), "operator").await.expect("an answer");
        let undone = undo(&test.app, &id, "operator").await.expect("an answer");
        assert_eq!((undone.restored, undone.removed), (10, MANY - 10));
        assert_eq!((count(&test, "10").await, count(&test, "20").await), (10, 0));
        assert!(test.db.rows(&checked).await.is_empty());
    }
}
