//! An office's leads by file: mapping, preview, rejected rows, reading twice, undo, the clock and the reports.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::account::Role;
use domain::lead::{ConsentBasis, Source};
use domain::time::{Moment, parse_day};
use luodi::service::accounts;
use luodi::service::imports::{ImportOptions, ImportReport};
use luodi::service::lead_sheets::{self, LeadOptions};
use luodi::tables::{Limits, Reader};
use serde_json::json;

use crate::app::{SetClock, TestApp};
use crate::desk::{act, ok, shown};
use crate::portal::{settled, signed_in};

/// Monday, 2026-11-30, 10:00 in China.
fn monday() -> Moment {
    Moment::start_of(parse_day("2026-11-30").expect("a day")).plus_seconds(36_000)
}

async fn each() -> Vec<TestApp> {
    let mut all = Vec::new();
    for test in TestApp::each().await {
        let clock = Arc::new(SetClock::default());
        clock.set(monday());
        all.push(test.with_clock(clock).await);
    }
    all
}

const SHEET: &str = "XX开发区在谈项目一览表,,,,,,,,,,,\n\
    项目编号,企业名称,联系人,联系电话,企业需求,用地面积（亩）,来源,同意方式,阶段,负责人,最近跟进,下次跟进\n\
    T-01,示例水泵有限公司,王工,138 0013 8000,做水泵，想找25亩左右工业用地，总投资1.2亿,25,展会,口头,洽谈,张三,谈了地价,2026-12-03\n\
    T-02,示例阀门有限公司,李工,13800138001/13800138002,,40,推荐,书面,登记,,,\n\
    T-03,示例轴承有限公司,赵工,不详,,约20,朋友,口头,面谈,王五,,\n";

fn options() -> (ImportOptions, LeadOptions) {
    let import = ImportOptions {
        file: "在谈项目.csv".to_owned(),
        by: "operator".to_owned(),
        park: Some("T2".to_owned()),
        ..ImportOptions::default()
    };
    let owners = vec![("张三".to_owned(), "officer@example.com".to_owned())];
    (import, LeadOptions { owners, ..LeadOptions::default() })
}

async fn imported(
    test: &TestApp,
    text: &str,
    change: impl FnOnce(&mut ImportOptions, &mut LeadOptions),
) -> ImportReport {
    let (mut import, mut leads) = options();
    change(&mut import, &mut leads);
    let sheets = Reader::new(Limits::upload()).read_bytes(text.as_bytes()).expect("a table");
    lead_sheets::import(&test.app, sheets, &import, &leads).await.expect("an answer")
}

fn warns(report: &ImportReport, code: &str) -> bool {
    report.warnings.iter().any(|it| it.code.to_string() == code)
}

async fn counts(test: &TestApp) -> String {
    let mut counts = Vec::new();
    for table in ["lead", "inquiry", "requirement", "consent", "lead_event", "sheet_lead"] {
        counts.push(test.db.rows(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await.remove(0));
    }
    counts.join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_becomes_leads_with_owner_stage_note_and_next_date_and_reading_it_twice_changes_nothing() {
    for test in each().await {
        let name = test.db.name;
        accounts::invite(&test.app, "officer@example.com", Role::Officer, Some("T2")).await.expect("a link");
        let before = counts(&test).await;
        let preview = imported(&test, SHEET, |import, _| import.dry_run = true).await;
        assert_eq!((preview.read, preview.created, preview.header_row), (3, 2, Some(2)), "{name}: {preview:?}");
        assert_eq!(counts(&test).await, before, "a preview stores nothing");
        let report = imported(&test, SHEET, |_, _| {}).await;
        let wrong: Vec<_> =
            report.rejected.iter().map(|it| (it.row, it.column.as_str(), it.code.to_string())).collect();
        assert_eq!(
            wrong,
            [
                (5, "land_mu", "approximate".to_owned()),
                (5, "source", "unknown_word".to_owned()),
                (5, "stage", "unknown_word".to_owned()),
            ],
            "{name}"
        );
        assert!(report.rejected[1].reason.contains(" / "), "both languages: {}", report.rejected[1].reason);
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let page = ok(&test.staff(&key, "GET", "/api/v1/leads", None).await);
        let leads = page["items"].as_array().expect("a list");
        assert_eq!(leads.len(), 2, "{name}: {page}");
        let pump = leads.iter().find(|lead| lead["company"] == "示例水泵有限公司").expect("the first");
        let valve = leads.iter().find(|lead| lead["company"] == "示例阀门有限公司").expect("the second");
        assert_eq!(
            [&pump["stage"], &pump["owner"], &pump["due_on"], &pump["source"], &pump["state"]],
            [
                &json!("negotiating"),
                &json!("officer@example.com"),
                &json!("2026-12-03"),
                &json!("fair"),
                &json!("open")
            ],
            "{name}"
        );
        assert_eq!(
            [&valve["due_on"], &valve["owner"]],
            [&json!("2026-12-01"), &json!(null)],
            "the clock of contract §8"
        );
        let full = shown(&test, &key, pump).await;
        assert_eq!(full["requirement"]["land_mu"], json!({ "min": 25, "max": 25 }), "{full}");
        assert_eq!(full["requirement"]["investment_wan"], json!(12000), "the reader's part");
        let revealed = ok(&act(&test, &key, valve, "reveal", &json!({})).await);
        assert_eq!(revealed["phone"], "+8613800138001", "the first of two");
        let timeline = full["timeline"].to_string();
        assert!(timeline.contains("谈了地价"), "{timeline}");
        let after = counts(&test).await;
        let again = imported(&test, SHEET, |_, _| {}).await;
        assert_eq!(
            (again.created, again.unchanged, warns(&again, "known_differs")),
            (0, 2, false),
            "{name}: {again:?}"
        );
        let counted = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(counted(&counts(&test).await)[..2], counted(&after)[..2], "no second lead");
        let changed = SHEET.replace("谈了地价", "谈了厂房");
        let again = imported(&test, &changed, |_, _| {}).await;
        assert_eq!((again.created, again.unchanged), (0, 2));
        assert!(warns(&again, "known_differs"), "{:?}", again.warnings);
        // A row without a number is known by company and project, in any spelling of the name.
        let bare = "企业名称,项目名称,来源,同意方式\n示例齿轮（浙江）有限公司,一期,展会,口头\n";
        assert_eq!(imported(&test, bare, |_, _| {}).await.created, 1);
        let spelt =
            "企业名称,项目名称,来源,同意方式\n示例齿轮(浙江)有限公司,一期,展会,口头\n示例齿轮有限公司,二期,展会,口头\n";
        let report = imported(&test, spelt, |_, _| {}).await;
        assert_eq!((report.created, report.unchanged), (1, 1), "{name}: {report:?}");
        assert!(warns(&report, "same_enterprise"), "{report:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_refused_by_cell_and_words_for_silent_rows_hold_for_the_file() {
    for test in each().await {
        accounts::invite(&test.app, "officer@example.com", Role::Officer, Some("T1")).await.expect("a link");
        let codes = async |text: &str| {
            let report = imported(&test, text, |_, leads| {
                (leads.source, leads.basis) = (Some(Source::Fair), Some(ConsentBasis::Oral));
            })
            .await;
            let told = report.rejected.iter().map(|it| format!("{} {}", it.column, it.code));
            told.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(codes("企业名称\n示例公司\n").await, "", "source and basis are those of the file");
        for (text, want) in [
            ("企业名称,电话\n示例一公司,123\n", "phone bad_phone"),
            ("企业名称,园区代码\n示例二公司,T1\n", "park_code other_park"),
            ("企业名称,意向地块\n示例三公司,P2\n", "listing unknown_listing"),
            ("企业名称,负责人\n示例四公司,officer@example.com\n", "owner unknown_owner"),
            ("企业名称,阶段\n示例五公司,已入驻\n", "stage stage_off_path"),
            ("企业名称,阶段\n示例六公司,搁置\n", "next_on missing"),
            ("企业名称,登记日期\n示例七公司,2026-12-01\n", "registered_on day_ahead"),
            ("企业名称,信用代码\n示例八公司,91350100M000100Y4Z\n", "uscc bad_uscc"),
            ("编号,企业名称\nX1,示例九公司\nX1,示例十公司\n", "number duplicate_id"),
            ("编号,企业名称\nX2,\n", "company missing"),
        ] {
            assert_eq!(codes(text).await, want, "{}: {text}", test.db.name);
        }
        let silent = imported(&test, "企业名称\n示例十一公司\n", |_, _| {}).await;
        assert_eq!(silent.rejected.len(), 2, "neither source nor basis: {silent:?}");
        let unknown = imported(&test, "企业,联系手机号码\n示例公司,13800138000\n", |_, _| {}).await;
        let refused = unknown.refused.expect("a header that is refused");
        assert_eq!((refused.code, refused.columns[0].as_str()), ("unknown_column", "联系手机号码"), "{refused:?}");
        assert!(refused.reason.contains("phone"), "the nearest name: {}", refused.reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_leads_is_undone_as_a_whole_unless_somebody_has_worked_one() {
    for test in each().await {
        accounts::invite(&test.app, "officer@example.com", Role::Officer, Some("T2")).await.expect("a link");
        let before = counts(&test).await;
        let id = imported(&test, SHEET, |_, _| {}).await.import.expect("stored");
        let undone = lead_sheets::undo(&test.app, &id, "operator").await.expect("an answer");
        assert_eq!((undone.removed, undone.refused.is_none()), (2, true), "{}: {undone:?}", test.db.name);
        assert_eq!(counts(&test).await, before, "nothing is left");
        let again = lead_sheets::undo(&test.app, &id, "operator").await.expect("an answer");
        assert_eq!(again.refused.map(|it| it.code), Some("undone_before"));
        let id = imported(&test, SHEET, |_, _| {}).await.import.expect("stored again");
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let page = ok(&test.staff(&key, "GET", "/api/v1/leads", None).await);
        let lead = page["items"][0].clone();
        ok(&act(&test, &key, &lead, "notes", &json!({ "kind": "phone", "text": "约了周五" })).await);
        let stands = counts(&test).await;
        let refused = lead_sheets::undo(&test.app, &id, "operator").await.expect("an answer").refused.expect("refused");
        assert_eq!(refused.code, "leads_worked");
        assert_eq!(refused.ids, [lead["number"].as_str().expect("a number")]);
        assert_eq!(counts(&test).await, stands, "nothing was undone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_leads_count_in_reports_on_the_days_that_the_file_names() {
    for test in each().await {
        let sheet = "编号,企业名称,来源,同意方式,阶段,登记日期,首次答复日期,签约日期,签约金额（万元）\n\
            A1,示例一公司,展会,口头,签约,2026-10-08,2026-10-09,2026-11-20,12000\n\
            A2,示例二公司,展会,口头,考察,2026-11-23,,,\n";
        let report = imported(&test, sheet, |_, _| {}).await;
        assert_eq!(report.created, 2, "{report:?}");
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let value = async |month: &str, name: &str| {
            let path = format!("/api/v1/reports/monthly?month={month}&park=T2");
            let report = ok(&test.staff(&key, "GET", &path, None).await);
            let figures = report["figures"].as_array().expect("figures").clone();
            figures.iter().find(|it| it["name"] == name).expect("one")["value"].to_string()
        };
        for (month, name, want) in [
            ("2026-10", "new", "1"),
            ("2026-10", "answered", "1"),
            ("2026-10", "answer_hours", "24"),
            ("2026-11", "new", "1"),
            ("2026-11", "signed", "1"),
            ("2026-11", "signed_amount_wan", "12000"),
            ("2026-11", "visits", "0"),
        ] {
            assert_eq!(value(month, name).await, want, "{}: {month} {name}", test.db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_imports_leads_in_the_browser_and_an_officer_neither_uploads_nor_sees_them() {
    for test in TestApp::each().await {
        let mut manager = signed_in(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        let mut officer = signed_in(&test, "officer@example.com", Role::Officer, Some("T2")).await;
        let sheet = SHEET.replace("2026-12-03", "").replace("2026-12", "2026-11");
        let list = officer.get("/staff/imports").await;
        assert!(!list.text.contains("value=\"lead\""), "officers are not offered leads");
        let refused = officer.upload("/staff/imports", &[("kind", "lead")], ("a.csv", sheet.as_bytes())).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let sent = manager.upload("/staff/imports", &[("kind", "lead")], ("a.csv", sheet.as_bytes())).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let job = sent.location;
        let page = settled(&mut manager, &job).await;
        assert!(page.text.contains("name=\"owners\""), "{}", page.text);
        assert_eq!(officer.get(&job).await.status, StatusCode::FORBIDDEN);
        let choices = [("owners", "张三=officer@example.com"), ("source", ""), ("basis", "")];
        manager.post(&format!("{job}/choose"), &choices).await;
        let page = settled(&mut manager, &job).await;
        assert!(page.text.contains("<strong>2</strong>") && page.text.contains("rejected"), "{}", page.text);
        let kept = test.db.rows("SELECT report FROM import_job").await.join(" ");
        assert!(!kept.contains("不详") && !kept.contains("13800138001"), "no words of people in the findings: {kept}");
        let book = manager.get(&format!("{job}/rejected")).await;
        assert_eq!(book.status, StatusCode::OK);
        manager.post(&format!("{job}/apply"), &[("rows", "good")]).await;
        settled(&mut manager, &job).await;
        assert_eq!(test.db.rows("SELECT CAST(COUNT(*) AS TEXT) FROM lead").await, ["2"], "{}", test.db.name);
        let list = manager.get("/staff/imports").await;
        assert!(list.text.contains("读取 3 行：新增 2"), "{}", list.text);
        let import = test.db.rows("SELECT id FROM import WHERE kind = 'lead'").await.remove(0);
        assert_eq!(officer.post(&format!("/staff/imports/{import}/undo"), &[]).await.status, StatusCode::FORBIDDEN);
        let undone = manager.post(&format!("/staff/imports/{import}/undo"), &[]).await;
        assert!(undone.status == StatusCode::OK && undone.text.contains("移除 2"), "{}", undone.text);
        assert_eq!(test.db.rows("SELECT CAST(COUNT(*) AS TEXT) FROM lead").await, ["0"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_lead_of_a_file_leaves_no_word_and_does_not_come_back() {
    for test in each().await {
        let sheet = "企业名称,联系人,电话,来源,同意方式,最近跟进\n示例秘密公司,钱工,13800138009,展会,口头,密谈\n";
        imported(&test, sheet, |_, _| {}).await;
        let reference = test.db.rows("SELECT reference FROM requirement").await.remove(0);
        let gone = test.delete_with(&format!("/api/v1/requirements/{reference}"), "gone").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
        let all = test.texts("SELECT * FROM requirement").await
            + &test.texts("SELECT * FROM lead_event").await
            + &test.texts("SELECT * FROM sheet_lead").await;
        for word in ["示例秘密", "钱工", "13800138009", "密谈"] {
            assert!(!all.contains(word), "{}: {word}", test.db.name);
        }
        let again = imported(&test, sheet, |_, _| {}).await;
        assert_eq!((again.created, again.unchanged), (0, 1));
        assert!(warns(&again, "withdrawn_since"), "{again:?}");
    }
}
