//! The pages of reports: figures that open their rows, charts, corrections, files, unmet demand, exports, and the time to the
//! first answer that everybody sees.

use std::io::Read as _;

use axum::http::StatusCode;
use domain::account::Role;
use domain::time::{Moment, SECONDS_PER_DAY};
use luodi::service::{answer_time, ledger, reports, unmet};
use luodi::tables::Limits;
use serde_json::{Value, json};

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
        assert_eq!(
            sheets.iter().filter_map(|sheet| sheet.name.as_deref()).collect::<Vec<_>>(),
            ["指标", "台账", "到位资金"]
        );
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
        let figures = recount(&test, &report, "T2").await;
        assert_eq!(figures["signed_amount_wan"], json!(1200.5));
    }
}

/// Counts the figures of a park's report again by SQL, each by a query of its own, and returns their values by name.
pub(crate) async fn recount(test: &TestApp, report: &Value, park: &str) -> Value {
    let day = |name: &str| domain::time::parse_day(report["period"][name].as_str().expect("a day")).expect("a day");
    let (from, to) = (Moment::start_of(day("from")), Moment::end_of(day("to")));
    let within = |column: &str| format!("{column} >= {} AND {column} <= {}", from.0, to.0);
    let events = |wanted: &str| {
        format!(
            "FROM lead_event e JOIN lead l ON l.id = e.lead_id WHERE l.park_code = '{park}' AND {wanted} AND {}",
            within("e.at")
        )
    };
    let distinct = |wanted: &str| format!("SELECT CAST(COUNT(DISTINCT e.lead_id) AS TEXT) {}", events(wanted));
    let moved = |stage: &str| distinct(&format!("e.kind = 'stage' AND e.to_stage = '{stage}'"));
    let counted =
        |wanted: &str| format!("SELECT CAST(COUNT(*) AS TEXT) FROM lead WHERE park_code = '{park}' AND {wanted}");
    let end = Moment::start_of(test.app.clock.now().day()).0.min(to.0 + 1);
    let visits = "(e.to_stage IN ('visited', 'viewed') OR e.facts LIKE '%\"note\":\"visit\"%')";
    let mut wanted = vec![
        ("new", counted(&within("created_at"))),
        ("answered", counted(&within("answered_at"))),
        ("overdue", counted(&format!("due_at < {end}"))),
        ("visits", distinct(visits)),
    ];
    let stages = ["negotiating", "signed", "started", "producing", "moved_in", "shelved", "lost", "withdrawn"];
    wanted.extend(stages.map(|stage| (stage, moved(stage))));
    let all = report["figures"].as_array().expect("figures");
    let figure = |name: &str| all.iter().find(|it| it["name"] == name).expect(name)["value"].clone();
    for (name, sql) in wanted {
        assert_eq!([figure(name).to_string()], test.db.rows(&sql).await.as_slice(), "{}: {name}", test.db.name);
    }
    // Amounts: the last signature of each lead, and all that was paid in on days of the period.
    let fact = |name: &str| match test.db.name {
        "sqlite" => format!("CAST(json_extract(e.facts, '$.{name}') AS REAL)"),
        _ => format!("(e.facts::json ->> '{name}')::float8"),
    };
    let last = "e.id = (SELECT MAX(o.id) FROM lead_event o WHERE o.lead_id = e.lead_id AND o.to_stage = 'signed')";
    let signed = format!("e.to_stage = 'signed' AND {last}");
    let paid = |origin: &str| {
        let days = (day("from"), day("to"));
        let text = match test.db.name {
            "sqlite" => "json_extract(e.facts, '$.paid_on')",
            _ => "(e.facts::json ->> 'paid_on')",
        };
        format!("e.kind = 'funds' AND {text} BETWEEN '{}' AND '{}' AND e.facts LIKE '%{origin}%'", days.0, days.1)
    };
    for (name, column, rows) in [
        ("signed_amount_wan", "amount_wan", signed),
        ("funds_wan", "funds_wan", paid("")),
        ("funds_other_province_wan", "funds_wan", paid("other_province")),
        ("funds_foreign_wan", "funds_wan", paid("\"foreign\"")),
    ] {
        let sql = format!("SELECT CAST(COALESCE(SUM({}), 0) AS TEXT) {}", fact(column), events(&rows));
        let sum: f64 = test.db.rows(&sql).await[0].parse().expect("a number");
        assert!((figure(name).as_f64().expect("a number") - sum).abs() < 1e-6, "{}: {name} {sum}", test.db.name);
    }
    all.iter().map(|it| (it["name"].as_str().expect("a name").to_owned(), it["value"].clone())).collect()
}

fn quoted(value: &Value) -> String {
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

/// Records an amount paid in: amount, day, origin, number of the proof.
async fn pays(client: &mut people::Client<'_>, path: &str, [amount, day, origin, text]: [&str; 4]) {
    let form = [
        ("funds_wan", amount),
        ("paid_on", day),
        ("funds_origin", origin),
        ("funds_source", "bank_receipt"),
        ("text", text),
    ];
    assert_eq!(client.post(path, &form).await.status, StatusCode::SEE_OTHER, "{amount} {day}");
}

#[tokio::test(flavor = "multi_thread")]
async fn money_paid_in_is_in_the_monthly_bulletin_by_its_day_and_origin_with_its_leads_and_the_workbook_has_each_proof()
{
    for db in database::each().await {
        let (test, clock) = people::over(db, &[]).await;
        asked(&test, "p", &["P1"], &["T2"]).await;
        let key = test.key("k", Role::Manager, &["T2"]).await;
        let lead = only(&test, &key).await;
        let facts = json!({ "amount_wan": "1000", "signed_on": "2026-12-03" });
        let signed = json!({ "to": "signed", "version": 1, "reason": "签了", "facts": facts });
        ok(&act(&test, &key, &lead, "stage", &signed).await);
        let mut manager = people::Client::joined(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        let path = format!("/staff/leads/{}/funds", lead["id"].as_str().expect("an id"));
        pays(&mut manager, &path, ["300.25", "2026-12-03", "foreign", "回单一"]).await;
        pays(&mut manager, &path, ["100", "2026-12-02", "province", ""]).await;
        pays(&mut manager, &path, ["-0.25", "2026-12-03", "foreign", "回单一多记"]).await;
        let monthly = |month: &str| format!("/api/v1/reports/monthly?park=T2&month={month}");
        let report = ok(&test.staff(&key, "GET", &monthly("2026-12"), None).await);
        let figures = recount(&test, &report, "T2").await;
        assert_eq!((&figures["funds_wan"], &figures["funds_foreign_wan"]), (&json!(400), &json!(300)), "{report}");
        assert_eq!(figures["funds_other_province_wan"], json!(0));
        let figure = report["figures"].as_array().expect("figures").iter().find(|it| it["name"] == "funds_wan");
        let figure = figure.expect("one");
        assert_eq!((&figure["ids"], &figure["label"]), (&json!([lead["id"]]), &json!("到位资金（万元）")));
        let weekly = ok(&test.staff(&key, "GET", "/api/v1/reports/weekly?park=T2", None).await);
        assert!(!weekly.to_string().contains("funds_wan"), "the bulletin of the month has it");
        // Money of December that is recorded in January stands beside what was filed.
        clock.pass(33 * SECONDS_PER_DAY);
        let mut manager = people::Client::new(&test, "203.0.113.7");
        manager.sign_in("manager@example.com", people::PASSWORD).await;
        reports::file_past(&test.app).await.expect("filed");
        let filed = ok(&test.staff(&key, "GET", &monthly("2026-12"), None).await);
        pays(&mut manager, &path, ["50", "2026-12-31", "other_province", ""]).await;
        pays(&mut manager, &path, ["7", "2027-01-04", "province", ""]).await;
        let late = ok(&test.staff(&key, "GET", &monthly("2026-12"), None).await);
        assert_eq!(late["figures"], filed["figures"], "{}", test.db.name);
        let corrected: Vec<_> = late["corrections"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| (&it["name"], &it["filed"], &it["value"]))
            .collect();
        assert_eq!(
            corrected,
            [
                (&json!("funds_wan"), &json!(400), &json!(450)),
                (&json!("funds_other_province_wan"), &json!(0), &json!(50)),
            ]
        );
        let january = ok(&test.staff(&key, "GET", &monthly("2027-01"), None).await);
        assert_eq!(recount(&test, &january, "T2").await["funds_wan"], json!(7));
        let actor = luodi::service::accounts::Actor {
            id: test.db.rows("SELECT id FROM account WHERE email = 'manager@example.com'").await.remove(0),
            email: "manager@example.com".into(),
            role: Role::Manager,
            scope: domain::account::Scope::Park("T2".into()),
        };
        let (_, report) = ledger::report(&test.app, &actor, "monthly", Some("2026-12"), Some("T2")).await.expect("one");
        let (_, rows) = report.table();
        let row = rows.iter().find(|row| row[0] == "funds_wan").expect("a row of the CSV");
        assert_eq!(
            row[1..],
            ["到位资金（万元）".to_owned(), "400".to_owned(), lead["id"].as_str().expect("an id").to_owned()]
        );
        let bytes = ledger::workbook(&test.app, &actor, &report).await.expect("a workbook");
        let sheets = reader_with(Limits::browser()).read_bytes(&bytes).expect("sheets");
        assert_eq!(sheets[2].name.as_deref(), Some("到位资金"));
        let lines: Vec<Vec<String>> =
            sheets[2].rows.iter().map(|row| row.cells.iter().map(domain::import::Raw::shown).collect()).collect();
        assert_eq!(lines[0][2..7], ["到位金额（万元）", "到账日期", "资金来源", "凭证", "凭证编号或说明"]);
        assert_eq!(lines[1][2..7], ["300.25", "2026-12-03", "境外", "银行回单", "回单一"]);
        assert_eq!(lines.len(), 5, "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_an_earlier_version_filed_without_a_figure_keeps_its_own_figures_and_shifts_none() {
    for db in database::each().await {
        let (test, clock) = people::over(db, &[]).await;
        asked(&test, "p", &["P1", "P2"], &["T1", "T2"]).await;
        clock.pass(33 * SECONDS_PER_DAY);
        // As filed by a version that knew two figures, in another order.
        let old = json!([{ "name": "lost", "value": 3, "ids": ["x"] }, { "name": "new", "value": 9, "ids": ["y"] }]);
        let values = format!("'monthly', '2026-12', 'T1', '{old}', 1");
        test.db
            .execute(&format!("INSERT INTO report (kind, period, park_code, figures, filed_at) VALUES ({values})"))
            .await;
        let key = test.key("k", Role::Admin, &[]).await;
        let report = ok(&test.staff(&key, "GET", "/api/v1/reports/monthly?month=2026-12", None).await);
        let value = |name: &str| {
            report["figures"].as_array().expect("figures").iter().find(|it| it["name"] == name).expect(name)["value"]
                .clone()
        };
        assert_eq!((value("new"), value("lost"), value("funds_wan")), (json!(10), json!(3), json!(0)), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_that_were_put_off_for_months_are_a_figure_and_what_was_overdue_then_is_never_corrected() {
    for db in database::each().await {
        let (test, clock) = people::over(db, &[]).await;
        asked(&test, "p", &["P1"], &["T2"]).await;
        asked(&test, "q", &["P1"], &["T2"]).await;
        let key = test.key("k", Role::Manager, &["T2"]).await;
        let page = ok(&test.staff(&key, "GET", "/api/v1/leads", None).await);
        let leads = page["items"].as_array().expect("a list").clone();
        let far = json!({ "kind": "phone", "text": "以后再说", "next_on": "2099-01-05" });
        ok(&act(&test, &key, &leads[0], "notes", &far).await);
        let report = ok(&test.staff(&key, "GET", "/api/v1/reports/weekly?park=T2", None).await);
        let ids = |report: &Value, name: &str| {
            let all = report["figures"].as_array().expect("figures").clone();
            all.into_iter().find(|it| it["name"] == name).expect(name)["ids"].clone()
        };
        assert_eq!(ids(&report, "put_off"), json!([leads[0]["id"]]), "{report}");
        clock.pass(33 * SECONDS_PER_DAY);
        let path = "/api/v1/reports/monthly?month=2026-12&park=T2";
        let filed = ok(&test.staff(&key, "GET", path, None).await);
        assert_eq!(ids(&filed, "overdue"), json!([leads[1]["id"]]));
        for lead in &leads {
            ok(&act(&test, &key, lead, "notes", &json!({ "kind": "phone", "text": "x", "next_on": "2027-01-06" }))
                .await);
        }
        let later = ok(&test.staff(&key, "GET", path, None).await);
        assert_eq!((&later["figures"], &later["corrections"]), (&filed["figures"], &json!([])), "{}", test.db.name);
    }
}
