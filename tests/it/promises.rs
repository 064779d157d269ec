//! Promises that the law forbids: flagged in replies and texts of listings with explanation and wording, let pass by a named
//! reviewer with a reason.

use axum::http::StatusCode;
use domain::account::Role;
use domain::promise::codes;
use luodi::i18n::{Locale, catalogue};
use luodi::service::accounts;
use serde_json::json;

use crate::app::TestApp;
use crate::desk::{act, asked, ok, only};
use crate::portal::signed_in;

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
