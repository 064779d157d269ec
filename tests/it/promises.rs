//! Promises that the law forbids: flagged in replies and texts of listings with explanation and wording, held back in those of
//! imported files, let pass by a named reviewer with a reason.

use axum::http::StatusCode;
use domain::account::Role;
use domain::fault::CellReason;
use domain::kind::Kind;
use domain::promise::codes;
use domain::record::Policies;
use luodi::db::import::StoredTable;
use luodi::i18n::{Locale, catalogue};
use luodi::service::imports::{ImportOptions, ImportReport, import};
use luodi::service::{accounts, search};
use luodi::tables::Limits;
use serde_json::json;

use crate::app::{Reply, TestApp};
use crate::desk::{act, asked, ok, only};
use crate::portal::signed_in;
use crate::tables::reader_with;
use crate::templates::{Seen, encoded, select};

#[test]
fn every_code_has_its_explanation_and_wording_in_both_locales() {
    for code in codes() {
        for locale in [Locale::ZhHans, Locale::En] {
            for part in ["why", "use"] {
                let key = format!("promise.{code}.{part}");
                assert!(catalogue(locale).sentence(&key).is_some(), "{key}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_with_a_promise_is_refused_with_the_wording_to_use_and_goes_with_a_named_reviewer() {
    for test in TestApp::each().await {
        asked(&test, "p", &["P1"], &["T2"]).await;
        for (email, role, park) in [
            ("officer@example.com", Role::Officer, Some("T2")),
            ("manager@example.com", Role::Manager, Some("T2")),
            ("far@example.com", Role::Manager, Some("T1")),
        ] {
            accounts::invite(&test.app, email, role, park).await.expect("a link");
        }
        let parks = vec!["T2".to_owned()];
        let key = luodi::service::keys::add(&test.app, "own", Role::Officer, &parks, Some("officer@example.com"));
        let key = key.await.expect("a key");
        let lead = only(&test, &key).await;
        let text = "贵司可享受税收返还。";
        let refused = act(&test, &key, &lead, "reply", &json!({ "text": text })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let error = &refused.json()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!("text"), &json!("unlawful_promise")));
        let words = error["message"].as_str().expect("a message");
        assert!(words.contains("税收返还") && words.contains("公平竞争审查条例"), "{words}");
        assert_eq!(test.db.rows("SELECT purpose FROM outbox WHERE purpose = 'reply'").await.len(), 0);
        for (reviewer, reason, field) in [
            ("manager@example.com", "", "review_reason"),
            ("officer@example.com", "有省里文件", "reviewer"),
            ("far@example.com", "有省里文件", "reviewer"),
            ("nobody@example.com", "有省里文件", "reviewer"),
        ] {
            let body = json!({ "text": text, "reviewer": reviewer, "review_reason": reason });
            let refused = act(&test, &key, &lead, "reply", &body).await;
            assert_eq!(refused.json()["errors"][0]["field"], json!(field), "{reviewer}: {}", refused.text);
        }
        let body = json!({ "text": text, "reviewer": "manager@example.com", "review_reason": "省里文件规定" });
        ok(&act(&test, &key, &lead, "reply", &body).await);
        assert_eq!(test.db.rows("SELECT purpose FROM outbox WHERE purpose = 'reply'").await.len(), 1);
        assert_eq!(test.db.rows("SELECT codes FROM promise_review").await, ["tax_return"], "{}", test.db.name);
        assert_eq!(test.db.rows("SELECT action FROM audit WHERE action = 'promise.review'").await.len(), 1);
        ok(&act(&test, &key, &lead, "reply", &json!({ "text": "研发费用加计扣除按国家规定办理。" })).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_refused_answer_asks_for_the_reviewer() {
    let test = TestApp::sqlite().await;
    asked(&test, "p", &["P1"], &["T2"]).await;
    accounts::invite(&test.app, "manager@example.com", Role::Manager, Some("T2")).await.expect("a link");
    let mut officer = signed_in(&test, "officer@example.com", Role::Officer, Some("T2")).await;
    let lead = test.db.rows("SELECT id FROM lead").await.remove(0);
    let path = format!("/staff/leads/{lead}/reply");
    let refused = officer.post(&path, &[("text", "贵司可享受税收返还。")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("name=\"reviewer\"") && refused.text.contains("name=\"review_reason\""));
    let fields =
        [("text", "贵司可享受税收返还。"), ("reviewer", "manager@example.com"), ("review_reason", "省里文件规定")];
    assert_eq!(officer.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_with_a_promise_is_not_saved_until_another_manager_lets_it_pass() {
    for test in TestApp::each().await {
        let mut officer = signed_in(&test, "officer@example.com", Role::Officer, Some("T2")).await;
        accounts::invite(&test.app, "manager@example.com", Role::Manager, Some("T2")).await.expect("a link");
        let new = |location: &'static str| {
            vec![("plot_no", "N1"), ("province", "浙江省"), ("location", location), ("as", "available")]
        };
        let refused = officer.post("/staff/listings/plot", &new("高速口旁，零地价")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains("name=\"reviewer\"") && refused.text.contains("招拍挂"), "{}", refused.text);
        assert!(test.app.db.listing(domain::listing::Kind::Plot, "N1").await.expect("reads").is_none());
        let mut pairs = new("高速口旁，零地价");
        pairs.extend([("reviewer", "officer@example.com"), ("review_reason", "有依据")]);
        let own = officer.post("/staff/listings/plot", &pairs).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody reviews his own words");
        let mut pairs = new("高速口旁，零地价");
        pairs.extend([("reviewer", "manager@example.com"), ("review_reason", "历史地名，不是承诺")]);
        let saved = officer.post("/staff/listings/plot", &pairs).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}: {}", test.db.name, saved.text);
        assert_eq!(test.db.rows("SELECT subject FROM promise_review").await, ["N1"]);
        let plain =
            officer.post("/staff/listings/plot", &[("plot_no", "N2"), ("province", "浙江省"), ("as", "off")]).await;
        assert_eq!(plain.status, StatusCode::SEE_OTHER, "{}", plain.text);
    }
}

/// Imports a file as an account, with its report.
async fn imported<T: StoredTable>(test: &TestApp, table: T, csv: &str, by: &str) -> ImportReport {
    let sheets = reader_with(Limits::upload()).read_bytes(csv.as_bytes()).expect("a table");
    let options = ImportOptions { by: by.to_owned(), ..ImportOptions::default() };
    let report = import(&test.app, table, sheets, options).await.expect("stored");
    assert!(report.rejected.is_empty() && report.refused.is_none(), "{report:?}");
    report
}

const HELD_PLOT: &str = "plot_no,park_code,province,location\nH1,T2,浙江省,高速口旁，零地价供应\n";

/// The digest by which the page of held texts names a text.
fn digest(page: &Seen) -> String {
    let input = "input[name=digest]";
    select(&page.html(), input).first().and_then(|it| it.attr("value")).expect("a text").to_owned()
}

/// The ids of the hits of a search.
fn ids(found: &Reply) -> Vec<String> {
    let hits = found.json()["hits"].as_array().expect("hits").clone();
    hits.iter().map(|hit| hit["id"].as_str().expect("an id").to_owned()).collect()
}

/// Whether everybody sees words of the plot: on its page, in the list and by search.
async fn is_public(test: &TestApp, words: &str) -> [bool; 3] {
    search::apply(&test.app).await.expect("indexed");
    let page = test.get("/plots/H1").await;
    let listing = test.get("/api/v1/listings/H1").await;
    let hits = test.get(&encoded(&format!("/api/v1/search?q={words}"))).await;
    assert_eq!([page.status, listing.status, hits.status], [StatusCode::OK; 3], "{}", listing.text);
    [page.text.contains(words), listing.text.contains(words), ids(&hits).contains(&"H1".to_owned())]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_promise_is_stored_and_warned_of_and_its_words_alone_are_held_back_until_a_manager_lets_them_pass()
{
    for test in TestApp::each().await {
        let mut officer = signed_in(&test, "officer@example.com", Role::Officer, Some("T2")).await;
        let mut manager = signed_in(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        let mut far = signed_in(&test, "far@example.com", Role::Manager, Some("T1")).await;
        let report = imported(&test, Kind::Plot, HELD_PLOT, "operator").await;
        assert_eq!((report.created, report.warnings[0].code), (1, CellReason::PromiseHeld));
        assert!(report.warnings[0].reason.contains("零地价") && report.warnings[0].reason.contains("招拍挂"));
        assert_eq!(is_public(&test, "零地价").await, [false; 3], "{}", test.db.name);
        assert!(test.get("/plots/H1").await.text.contains("高速口旁，〔…〕供应"), "the rest is published");
        // An export gives the row back as it came.
        let stored = test.app.db.listing(Kind::Plot, "H1").await.expect("reads").expect("a plot");
        assert_eq!(stored.get("location"), "高速口旁，零地价供应");
        let tasks = officer.get("/staff/tasks").await;
        assert!(tasks.text.contains("隐去了 1 个载体"), "{}", tasks.text);
        assert!(officer.get("/staff/listings/plot/H1").await.text.contains("零地价"));
        let page = manager.get("/staff/promises").await;
        assert!(page.text.contains("<mark>零地价</mark>") && page.text.contains("招拍挂"), "{}", page.text);
        assert!(!far.get("/staff/promises").await.text.contains("H1"), "another park's");
        let path = "/staff/promises/plot/H1";
        let digest = digest(&page);
        let form = [("digest", digest.as_str()), ("review_reason", "地名，不是承诺")];
        assert_eq!(officer.post(path, &form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(far.post(path, &form).await.status, StatusCode::NOT_FOUND);
        let blank = manager.post(path, &[("digest", digest.as_str()), ("review_reason", " ")]).await;
        assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
        let other = manager.post(path, &[("digest", "x"), ("review_reason", "地名")]).await;
        assert_eq!(other.status, StatusCode::CONFLICT, "not the text that was shown");
        assert_eq!(is_public(&test, "零地价").await, [false; 3]);
        assert_eq!(manager.post(path, &form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(is_public(&test, "零地价").await, [true; 3], "{}", test.db.name);
        let kept = test.db.rows("SELECT codes || ' ' || reason || ' ' || author FROM promise_review").await;
        assert_eq!(kept, ["land_price 地名，不是承诺 operator"]);
        assert!(!manager.get("/staff/tasks").await.text.contains("隐去了"), "done with the last text");
        // The same file again changes nothing; other words wait for a review of their own.
        assert_eq!(imported(&test, Kind::Plot, HELD_PLOT, "operator").await.unchanged, 1);
        assert_eq!(is_public(&test, "零地价").await, [true; 3]);
        imported(&test, Kind::Plot, &HELD_PLOT.replace("供应", "供地"), "operator").await;
        assert_eq!(is_public(&test, "零地价").await, [false; 3], "{}", test.db.name);
        let other = luodi::service::snapshot::Inventory::load(
            &test.app.db,
            test.app.inventory.with_index(|it| it.ranking().clone()),
        );
        let other = other.await.expect("loads");
        assert_eq!(other.held(), [(Kind::Plot, "H1".to_owned())], "another process holds the same");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_lets_words_pass_that_came_by_an_own_file_and_an_edit_publishes_what_it_rewrites() {
    for test in TestApp::each().await {
        let mut manager = signed_in(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        let id = test.app.db.account_by_email("manager@example.com").await.expect("reads").expect("an account").id;
        imported(&test, Kind::Plot, HELD_PLOT, &id).await;
        let page = manager.get("/staff/promises").await;
        let digest = digest(&page);
        let form = [("digest", digest.as_str()), ("review_reason", "有依据")];
        let own = manager.post("/staff/promises/plot/H1", &form).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", own.text);
        let form = manager.get("/staff/listings/plot/H1").await;
        let version = select(&form.html(), "input[name=version]")[0].attr("value").expect("a version").to_owned();
        let words = [("version", version.as_str()), ("location", "高速口旁，招拍挂供应")];
        assert_eq!(manager.post("/staff/listings/plot/H1", &words).await.status, StatusCode::SEE_OTHER);
        assert!(test.get("/plots/H1").await.text.contains("招拍挂供应"), "{}", test.db.name);
        assert!(manager.get("/staff/promises").await.text.contains("没有隐去的文字"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_with_a_promise_is_held_back_until_an_admin_lets_it_pass_and_one_that_forbids_it_is_not() {
    for test in TestApp::each().await {
        let mut admin = signed_in(&test, "admin@example.com", Role::Admin, None).await;
        let mut manager = signed_in(&test, "manager@example.com", Role::Manager, Some("T2")).await;
        let csv = "policy_id,title,summary\nH1,招商办法,对落户企业税收返还三年\nH2,清理通知,严禁以税收返还方式招商\n";
        let report = imported(&test, Policies, csv, "operator").await;
        assert_eq!(report.warnings.iter().map(|it| it.row).collect::<Vec<_>>(), [2], "{report:?}");
        let hidden = test.get("/policies/H1").await;
        assert!(hidden.text.contains("对落户企业〔…〕三年") && !hidden.text.contains("税收返还"), "{}", hidden.text);
        assert!(test.get("/policies/H2").await.text.contains("严禁以税收返还方式招商"));
        search::apply(&test.app).await.expect("indexed");
        let hits = ids(&test.get(&encoded("/api/v1/search?q=税收返还")).await);
        assert!(hits.contains(&"H2".to_owned()) && !hits.contains(&"H1".to_owned()), "{hits:?}");
        assert!(!manager.get("/staff/promises").await.text.contains("H1"), "policies are the platform's");
        let digest = digest(&admin.get("/staff/promises").await);
        let form = [("digest", digest.as_str()), ("review_reason", "国务院文件")];
        assert_eq!(manager.post("/staff/promises/policy/H1", &form).await.status, StatusCode::NOT_FOUND);
        assert_eq!(admin.post("/staff/promises/policy/H1", &form).await.status, StatusCode::SEE_OTHER);
        assert!(test.get("/policies/H1").await.text.contains("对落户企业税收返还三年"), "{}", test.db.name);
    }
}
