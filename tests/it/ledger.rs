//! The pages of reports: figures that open their rows, charts, corrections, files, unmet demand, exports, and the time to the
//! first answer that everybody sees.

use std::io::Read as _;

use axum::http::StatusCode;
use domain::account::Role;
use domain::time::{Moment, SECONDS_PER_DAY};
use luodi::service::{answer_time, ledger, reports, unmet};
use luodi::tables::Limits;
use serde_json::json;

use crate::app::TestApp;
use crate::database;
use crate::desk::{act, asked, ok, only};
use crate::people;
use crate::portal::signed_in;
use crate::tables::reader_with;
use crate::templates::select;

#[tokio::test(flavor = "multi_thread")]
async fn each_figure_opens_its_rows_and_charts_are_drawn_by_the_server() {
    for test in TestApp::each().await {
        asked(&test, "p", &["P1"], &["T2"]).await;
        let key = test.key("k", Role::Manager, &["T2"]).await;
        let lead = only(&test, &key).await;
        ok(&act(&test, &key, &lead, "reply", &json!({ "text": "欢迎来看地。" })).await);
        ok(&act(&test, &key, &lead, "stage", &json!({ "to": "assessed", "version": 1 })).await);
        let mut manager = signed_in(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        let start = manager.get("/staff/ledger").await;
        assert_eq!(start.location, "/staff/ledger/weekly");
        let page = manager.get("/staff/ledger/weekly").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let html = page.html();
        assert!(select(&html, "svg.chart rect").len() >= 7 + 4, "funnel and answers: {}", page.text);
        let link = select(&html, "dl a").first().and_then(|a| a.attr("href")).expect("a figure").to_owned();
        assert!(link.contains("/rows/new?period="), "{link}");
        let rows = manager.get(&link).await;
        let number = lead["number"].as_str().expect("a number");
        assert!(rows.text.contains(number) && rows.text.contains("示例水泵有限公司"), "{}", rows.text);
        for bar in ["funnel_registered", "answer_day", "days_registered"] {
            let rows = manager.get(&format!("/staff/ledger/weekly/rows/{bar}")).await;
            assert!(rows.status == StatusCode::OK && rows.text.contains(number), "{bar}: {}", rows.text);
        }
        for path in ["/staff/ledger/daily", "/staff/ledger/weekly/rows/none", "/staff/ledger/weekly?park=T1"] {
            assert_eq!(manager.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(manager.get("/staff/ledger/weekly?period=2026-99").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let english = manager.get("/en/staff/ledger/monthly").await;
        assert!(english.text.contains("Time to the first answer"), "{}", english.text);
        let mut other = signed_in(&test, "other@example.com", Role::Manager, Some("T1")).await;
        let rows = other.get("/staff/ledger/weekly/rows/new").await;
        assert!(!rows.text.contains(number), "{}: another park's lead", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn corrections_stand_beside_what_was_filed_and_the_workbook_has_both() {
    for test in TestApp::each().await {
        asked(&test, "p", &["P1"], &["T2"]).await;
        let mut manager = signed_in(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        test.db.execute("UPDATE lead SET created_at = 1750000000000").await;
        let path = "/staff/ledger/monthly?period=2025-06";
        assert!(!manager.get(path).await.text.contains("更正</h2>"));
        test.db.execute("UPDATE lead SET created_at = 1760000000000").await;
        let page = manager.get(path).await;
        let cells = select(&page.html(), "table.diff tbody td").len();
        assert!(page.text.contains("更正</h2>") && cells == 2, "{}: {}", test.db.name, page.text);
        let account = test.app.db.account_by_email("manager@example.com").await.expect("reads").expect("an account");
        let actor = luodi::service::accounts::Actor {
            id: account.id,
            email: account.email,
            role: Role::Manager,
            scope: domain::account::Scope::Park("T2".into()),
        };
        let (_, report) =
            ledger::report(&test.app, &actor, "monthly", Some("2025-06"), Some("T2")).await.expect("a report");
        let bytes = ledger::workbook(&test.app, &actor, &report).await.expect("a workbook");
        let sheets = reader_with(Limits::browser()).read_bytes(&bytes).expect("sheets");
        let rows = |at: usize| -> Vec<Vec<String>> {
            sheets[at].rows.iter().map(|row| row.cells.iter().map(domain::import::Raw::shown).collect()).collect()
        };
        assert_eq!(sheets.iter().filter_map(|sheet| sheet.name.as_deref()).collect::<Vec<_>>(), ["指标", "台账"]);
        assert_eq!(rows(0)[1], ["新增线索", "1", "0"]);
        assert_eq!(rows(1)[0][..4], ["编号", "企业名称", "项目需求", "意向载体"]);
        assert_eq!(rows(1)[1][1], "示例水泵有限公司");
        let sheet = zip_text(&bytes, "xl/worksheets/sheet2.xml");
        assert!(sheet.contains("state=\"frozen\""), "the header is frozen");
        assert_eq!(
            test.db.rows("SELECT action FROM audit WHERE action = 'export'").await.len(),
            1,
            "an export is logged"
        );
    }
}

/// The text of a part of a workbook.
fn zip_text(bytes: &[u8], part: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    archive.by_name(part).expect("a part").read_to_string(&mut text).expect("UTF-8");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_needs_a_manager_and_a_purpose_is_logged_and_counted_and_holds_no_contact() {
    for db in database::each().await {
        let variables = [("LUODI__LIMITS__ENABLED", "true"), ("LUODI__LIMITS__EXPORTS_PER_ACCOUNT_DAY", "2")];
        let (test, _) = people::over(db, &variables).await;
        asked(&test, "p", &["P1", "P2"], &["T1", "T2"]).await;
        let mut manager = people::Client::joined(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        let mut officer = people::Client::joined(&test, "officer@example.com", Role::Officer, Some("T2")).await;
        assert_eq!(officer.get("/staff/export").await.status, StatusCode::FORBIDDEN);
        assert_eq!(officer.post("/staff/export", &[("reason", "x")]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(officer.get("/staff/ledger/weekly/file?format=xlsx").await.status, StatusCode::FORBIDDEN);
        let blank = manager.post("/staff/export", &[("format", "csv"), ("reason", " ")]).await;
        assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = [("format", "csv"), ("reason", "周例会")];
        let file = manager.post("/staff/export", &form).await;
        assert!(file.text.starts_with("\u{feff}\"number\",\"listing_kind\""), "{}", file.text);
        assert!(file.text.contains("\"P1\"") && !file.text.contains("\"P2\""), "its own park alone: {}", file.text);
        for word in ["王工", "13800138000", "buyer@example.com"] {
            assert!(!file.text.contains(word), "{word}");
        }
        assert_eq!(
            manager.post("/staff/export", &[("park", "T1"), ("reason", "x")]).await.status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(manager.get("/staff/ledger/weekly/file?format=xlsx").await.status, StatusCode::OK);
        let third = manager.post("/staff/export", &form).await;
        assert_eq!(third.status, StatusCode::TOO_MANY_REQUESTS, "{}", test.db.name);
        let lines = test.db.rows("SELECT action FROM audit WHERE action LIKE 'export%' ORDER BY id").await;
        assert_eq!(lines, ["export", "export", "export.limit"]);
        let park = test.db.rows("SELECT subject FROM audit WHERE action = 'export' ORDER BY id").await;
        assert_eq!(park, ["*", "T2"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_to_the_first_answer_is_public_from_ten_answers_on_a_month_after_it_was_filed() {
    for db in database::each().await {
        let (test, clock) = people::over(db, &[]).await;
        let file = async |month: &str, answers: usize, hours: i64| {
            let ids: Vec<String> = (0..answers).map(|at| format!("{month}-{at}")).collect();
            let figures = json!([{ "name": "answer_hours", "value": hours, "ids": ids }]);
            let now = test.app.clock.now().0;
            let values = format!("'monthly', '{month}', 'T2', '{figures}', {now}");
            let sql = format!("INSERT INTO report (kind, period, park_code, figures, filed_at) VALUES ({values})");
            test.db.execute(&sql).await;
        };
        file("2026-10", 9, 10).await;
        let told = async || answer_time::of_park(&test.app, "T2").await.expect("an answer");
        assert_eq!(told().await, answer_time::AnswerTimes::default(), "nine answers say nothing");
        file("2026-11", 6, 5).await;
        let coming = told().await;
        let time = coming.coming.expect("shown to the manager");
        assert_eq!((coming.public, time.answers, time.hours.to_string().as_str()), (None, 15, "8"), "{}", test.db.name);
        let mut manager = people::Client::joined(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        let seen = manager.get("/staff/ledger/weekly?park=T2").await;
        assert!(seen.text.contains("起在园区页面公示"), "a month before: {}", seen.text);
        assert!(!test.get("/parks/T2").await.text.contains("首次答复"));
        clock.pass(30 * SECONDS_PER_DAY);
        assert_eq!(told().await.public.map(|it| it.answers), Some(15));
        let public = test.get("/parks/T2").await;
        assert!(public.text.contains("平均 8 小时（近一年 15 次）"), "{}", public.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unmet_demand_shows_cells_from_five_enterprises_on_and_counts_enterprises_not_needs() {
    for test in TestApp::each().await {
        let submit = async |firm: usize, key: String| {
            // Nothing offers as much land; the plots of 浙江 come near by land alone.
            let need = json!({ "kinds": ["plot"], "land_mu": { "min": 900 }, "regions": ["330000"] });
            let mut body = TestApp::submission(&need);
            body["company"] = json!(format!("示例{firm}号有限公司"));
            let reply = test.post_with("/api/v1/requirements", &key, &body).await;
            assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
        };
        for firm in 1..=4 {
            submit(firm, format!("u{firm}")).await;
        }
        submit(4, "again".into()).await;
        let actor = luodi::service::accounts::Actor {
            id: "x".into(),
            email: "x".into(),
            role: Role::Officer,
            scope: domain::account::Scope::Park("T2".into()),
        };
        let demand = async || unmet::demand(&test.app, &actor).await.expect("an answer");
        let hidden = demand().await;
        assert_eq!((hidden.cells.len(), hidden.has_hidden, hidden.unmet), (0, true, 5), "four enterprises");
        submit(5, "u5".into()).await;
        let shown = demand().await;
        assert_eq!(shown.cells.len(), 1, "{shown:?}");
        let cell = &shown.cells[0];
        assert_eq!((cell.firms, cell.key.kind, cell.key.criterion), (5, Some("plot"), "land"));
        assert_eq!(cell.key.region.map(domain::region::DivisionCode::get), Some(330_000));
        let mut officer = signed_in(&test, "o@example.com", Role::Officer, Some("T2")).await;
        let page = officer.get("/staff/unmet").await;
        assert!(page.text.contains("浙江省") && page.text.contains("<td>5</td>"), "{}: {}", test.db.name, page.text);
        assert!(!page.text.contains("示例1号"), "no enterprise is named");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_a_month_are_those_that_sql_counts() {
    for test in TestApp::each().await {
        for (at, plots) in [("a", "P1"), ("b", "P2"), ("c", "P1"), ("d", "P1"), ("e", "P1")] {
            let park = if plots == "P2" { "T1" } else { "T2" };
            asked(&test, at, &[plots], &[park]).await;
        }
        let key = test.key("k", Role::Manager, &["T2"]).await;
        let page = ok(&test.staff(&key, "GET", "/api/v1/leads", None).await);
        let leads = page["items"].as_array().expect("a list").clone();
        ok(&act(&test, &key, &leads[0], "reply", &json!({ "text": "欢迎" })).await);
        ok(&act(&test, &key, &leads[1], "notes", &json!({ "kind": "visit", "text": "来看了" })).await);
        ok(&act(&test, &key, &leads[1], "stage", &json!({ "to": "visited", "version": 1, "reason": "已看" })).await);
        let today = test.app.clock.now().day().to_string();
        let facts = json!({ "amount_wan": "1200.5", "signed_on": today });
        let signed = json!({ "to": "signed", "version": 1, "reason": "签了", "facts": facts });
        ok(&act(&test, &key, &leads[2], "stage", &signed).await);
        ok(&act(&test, &key, &leads[3], "stage", &json!({ "to": "lost", "version": 1, "reason": "地价" })).await);
        test.db.execute(&format!("UPDATE lead SET due_at = 1 WHERE id = {}", quoted(&leads[0]["id"]))).await;
        let report = ok(&test.staff(&key, "GET", "/api/v1/reports/monthly?park=T2", None).await);
        let from =
            Moment::start_of(domain::time::parse_day(report["period"]["from"].as_str().expect("a day")).expect("one"));
        let to = Moment::end_of(domain::time::parse_day(report["period"]["to"].as_str().expect("a day")).expect("one"));
        let within = |column: &str| format!("{column} >= {} AND {column} <= {}", from.0, to.0);
        let moved = |stage: &str| {
            format!(
                "SELECT CAST(COUNT(DISTINCT e.lead_id) AS TEXT) FROM lead_event e JOIN lead l ON l.id = e.lead_id \
                 WHERE l.park_code = 'T2' AND e.kind = 'stage' AND e.to_stage = '{stage}' AND {}",
                within("e.at")
            )
        };
        let counted =
            |condition: &str| format!("SELECT CAST(COUNT(*) AS TEXT) FROM lead WHERE park_code = 'T2' AND {condition}");
        let visits = format!(
            "SELECT CAST(COUNT(DISTINCT e.lead_id) AS TEXT) FROM lead_event e JOIN lead l ON l.id = e.lead_id \
             WHERE l.park_code = 'T2' AND {} AND (e.to_stage IN ('visited', 'viewed') OR e.facts LIKE '%\"note\":\"visit\"%')",
            within("e.at")
        );
        let start = Moment::start_of(test.app.clock.now().day()).0;
        for (name, sql) in [
            ("new", counted(&within("created_at"))),
            ("answered", counted(&within("answered_at"))),
            ("overdue", counted(&format!("due_at < {start}"))),
            ("visits", visits),
            ("signed", moved("signed")),
            ("lost", moved("lost")),
            ("shelved", moved("shelved")),
        ] {
            let figure =
                report["figures"].as_array().expect("figures").iter().find(|it| it["name"] == name).expect(name);
            assert_eq!([figure["value"].to_string()], test.db.rows(&sql).await.as_slice(), "{}: {name}", test.db.name);
        }
        let amount = report["figures"].as_array().expect("figures").iter().find(|it| it["name"] == "signed_amount_wan");
        assert_eq!(amount.expect("one")["value"], json!(1200.5));
    }
}

fn quoted(value: &serde_json::Value) -> String {
    format!("'{}'", value.as_str().expect("a text"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_is_filed_for_every_park_keeps_its_figures() {
    for test in TestApp::each().await {
        asked(&test, "p", &["P1"], &["T2"]).await;
        reports::file_past(&test.app).await.expect("filed");
        let filed = test.db.rows("SELECT figures FROM report ORDER BY kind").await;
        reports::file_past(&test.app).await.expect("filed once");
        assert_eq!(test.db.rows("SELECT figures FROM report ORDER BY kind").await, filed, "{}", test.db.name);
    }
}
