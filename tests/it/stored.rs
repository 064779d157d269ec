//! Stored values of another version: listed, exported, shown, logged once, counted and named by `luodi doctor`.

use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use domain::account::{Role, Scope};
use luodi::error::{Code, Error};
use luodi::service::accounts::{self, Actor};
use luodi::service::leads;
use luodi::service::sign_in::{Visitor, sign_in};
use serde_json::json;

use crate::app::TestApp;
use crate::templates::Browser;

const PASSWORD: &str = "a sentence of twelve";

/// The program's output of one command over a test's database.
fn run(test: &TestApp, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_luodi"))
        .args(arguments)
        .current_dir(test.mails.path())
        .env("LUODI_PROFILE", "test")
        .env("DATABASE_URL", &test.db.url)
        .output()
        .expect("runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Submits a requirement, sends it to the parks of P1 and P2, and returns its reference.
async fn inquired(test: &TestApp) -> String {
    let requirement = json!({ "regions": ["331081", "330200"], "land_mu": { "min": 20, "max": 40 } });
    let body = TestApp::submission(&requirement);
    let reply = test.post_with("/api/v1/requirements", "stored-1", &body).await;
    let reference = reply.json()["reference"].as_str().expect("a reference").to_owned();
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    let sent = test.post_with(&path, "stored-2", &TestApp::inquiry(&["P1", "P2"], &["T1", "T2"])).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
    reference
}

async fn signed_in<'t>(test: &'t TestApp, email: &str) -> Browser<'t> {
    let link = accounts::invite(&test.app, email, Role::Admin, None).await.expect("a link");
    let mut browser = Browser { test, cookie: String::new() };
    browser.post(&link[link.find("/staff").expect("a path")..], &[("password", PASSWORD)]).await;
    browser
}

fn everybody() -> Actor {
    Actor { id: "nobody".into(), email: String::new(), role: Role::Admin, scope: Scope::All }
}

/// The id of the lead on a listing.
async fn lead_on(test: &TestApp, listing: &str) -> String {
    let sql =
        format!("SELECT l.id FROM lead l JOIN inquiry i ON i.id = l.inquiry_id WHERE i.listing_code = '{listing}'");
    test.db.rows(&sql).await.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_with_words_of_another_version_is_listed_exported_and_shown_and_its_move_is_refused() {
    for test in TestApp::each().await {
        let reference = inquired(&test).await;
        let lead = lead_on(&test, "P1").await;
        test.db.execute(&format!("UPDATE lead SET stage = 'financed' WHERE id = '{lead}'")).await;
        test.db
            .execute(&format!("UPDATE lead_event SET kind = 'merged', to_stage = 'financed' WHERE lead_id = '{lead}'"))
            .await;
        test.db
            .execute("UPDATE inquiry SET state = 'read_by_park', listing_kind = 'dock' WHERE listing_code = 'P1'")
            .await;
        test.db.execute("UPDATE outbox SET state = 'paused' WHERE purpose = 'inquiry'").await;

        let inbox = leads::inbox(&test.app, &everybody(), None, 1).await.expect("an inbox");
        assert_eq!(inbox.rows.len(), 2, "{}", test.db.name);
        let exported = run(&test, &["export", "leads"]);
        assert_eq!(exported.lines().count(), 3, "{exported}");
        for word in ["financed", "read_by_park", "dock"] {
            assert!(exported.contains(word), "{word}: {exported}");
        }
        let mut staff = signed_in(&test, "admin@example.com").await;
        assert!(staff.get("/staff").await.text.contains("financed"));
        let page = staff.get(&format!("/staff/leads/{lead}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for word in ["financed", "merged", "dock", "paused"] {
            assert!(page.text.contains(word), "{}: {word}", test.db.name);
        }
        let moved = TestApp::advance(&test.app, &everybody(), &lead, 1, "contacted", "").await;
        assert!(matches!(moved, Err(Error::Conflict(Code::StageUnknown))), "{moved:?}");
        let answer = staff.post(&format!("/staff/leads/{lead}/stage"), &[("version", "1"), ("to", "contacted")]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert!(answer.text.contains("其他版本"), "{}", answer.text);

        let status = test.get(&format!("/api/v1/requirements/{reference}")).await.json();
        let states: Vec<_> =
            status["inquiries"].as_array().expect("a list").iter().map(|it| it["state"].as_str()).collect();
        assert!(states.contains(&Some("read_by_park")), "{status}");
        let own = test.get(&format!("/requirements/{reference}")).await;
        assert!(own.status == StatusCode::OK && own.text.contains("read_by_park"), "{}", own.text);

        let doctor = run(&test, &["doctor"]);
        for named in [
            format!("lead.stage of {lead}: \"financed\""),
            "lead_event.kind".into(),
            "inquiry.listing_kind".into(),
            "inquiry.state".into(),
            "outbox.state".into(),
        ] {
            assert!(doctor.contains(&format!("unknown: {named}")), "{named}: {doctor}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requirement_of_another_version_gives_everything_back_and_hides_no_other() {
    for test in TestApp::each().await {
        let reference = inquired(&test).await;
        test.post_with("/api/v1/requirements", "stored-3", &TestApp::submission(&json!({ "tax_wan": 500 }))).await;
        let body = json!({
            "cabin_t": 20, "regions": ["330200", "999999"], "land_mu": { "min": 20, "max": 40 }, "noise": { "db": [1] },
        });
        test.db.execute(&format!("UPDATE requirement SET body = '{body}' WHERE reference = '{reference}'")).await;
        test.db.execute(&format!("UPDATE requirement SET state = 'matched' WHERE reference = '{reference}'")).await;

        let path = format!("/api/v1/requirements/{reference}");
        let status = test.get(&path).await.json();
        assert_eq!((&status["requirement"], &status["state"]), (&body, &json!("matched")), "{}", test.db.name);
        let matches = test.get(&format!("{path}/matches")).await;
        assert_eq!(matches.status, StatusCode::OK, "{}", matches.text);
        let exported = run(&test, &["export", "requirements"]);
        assert!(
            exported.lines().count() == 3 && exported.contains("cabin_t") && exported.contains("999999"),
            "{exported}"
        );
        let lead = lead_on(&test, "P1").await;
        let mut staff = signed_in(&test, "admin@example.com").await;
        for path in [format!("/staff/leads/{lead}"), format!("/requirements/{reference}")] {
            let page = staff.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text);
            for kept in ["cabin_t", "20", "999999", "noise"] {
                assert!(page.text.contains(kept), "{}: {kept}", test.db.name);
            }
        }
        let doctor = run(&test, &["doctor"]);
        for named in
            ["requirement.body.cabin_t", "requirement.body.regions", "requirement.body.noise", "requirement.state"]
        {
            assert!(doctor.contains(&format!("unknown: {named} of ")), "{named}: {doctor}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_is_not_understood_is_exported_with_what_is_known() {
    for test in TestApp::each().await {
        test.db.execute("UPDATE listing SET kind = 'dock' WHERE code = 'P1'").await;
        test.db.execute("UPDATE listing SET record = '{\"kind\":\"plot\"' WHERE code = 'P2'").await;
        let exported = run(&test, &["export", "plots"]);
        assert_eq!(exported.lines().count(), 5, "{}: {exported}", test.db.name);
        assert!(exported.lines().any(|line| line.contains("P1") && line.contains("二类工业用地")), "{exported}");
        assert!(exported.lines().any(|line| line.contains("P2")), "{exported}");
        assert!(!run(&test, &["export", "parks"]).contains("P1"), "in one export alone");
        let doctor = run(&test, &["doctor"]);
        assert!(doctor.contains("unknown: listing.kind of P1: \"dock\""), "{doctor}");
        assert!(doctor.contains("unknown: listing.record of P2: "), "{doctor}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_a_role_of_another_version_has_no_rights_and_is_named() {
    for test in TestApp::each().await {
        let mut staff = signed_in(&test, "admin@example.com").await;
        assert_eq!(staff.get("/staff").await.status, StatusCode::OK);
        test.db.execute("UPDATE account SET role = 'auditor'").await;
        assert_eq!(staff.get("/staff").await.status, StatusCode::SEE_OTHER, "{}", test.db.name);
        let again = sign_in(&test.app, "admin@example.com", PASSWORD, &Visitor::default()).await;
        assert!(matches!(again, Err(Error::NotSignedIn)));
        assert!(run(&test, &["doctor"]).contains("unknown: account.role of "));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_of_another_version_is_shown_with_its_word() {
    let test = TestApp::sqlite().await;
    let values = "'t', 'credit_check', 'd', 1";
    test.db.execute(&format!("INSERT INTO staff_task (id, kind, detail, created_at) VALUES ({values})")).await;
    let mut staff = signed_in(&test, "admin@example.com").await;
    let page = staff.get("/staff/tasks").await;
    assert!(page.status == StatusCode::OK && page.text.contains("credit_check"), "{}", page.text);
}

/// The log as a shared buffer.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn an_unknown_value_is_logged_once_with_table_column_and_row_and_counted() {
    let test = TestApp::sqlite().await;
    inquired(&test).await;
    let lead = lead_on(&test, "P1").await;
    test.db.execute(&format!("UPDATE lead SET stage = 'financed' WHERE id = '{lead}'")).await;
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
    // One thread: both are this thread's own.
    let _metrics = metrics::set_default_local_recorder(&recorder);
    let _logging = tracing::subscriber::set_default(subscriber);
    for _ in 0..3 {
        leads::inbox(&test.app, &everybody(), None, 1).await.expect("an inbox");
    }
    let text = String::from_utf8(log.0.lock().expect("no panic").clone()).expect("UTF-8");
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(&lead)).collect();
    assert_eq!(lines.len(), 1, "{text}");
    for part in ["table=\"lead\"", "column=\"stage\"", "value=\"financed\""] {
        assert!(lines[0].contains(part), "{part}: {text}");
    }
    let counted = handle.render();
    assert!(counted.contains("luodi_stored_unknown_total{table=\"lead\",column=\"stage\"} 1"), "{counted}");
}
