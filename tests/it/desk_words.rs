//! Words on the desk: by which a lead is found, which a park keeps after it handed a lead over or lost one, and the page of
//! tasks.

use axum::http::StatusCode;
use domain::account::Role;
use luodi::service::accounts;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::desk::{act, asked, ok, only, shown};
use crate::templates::Browser;

const PASSWORD: &str = "correct horse battery staple";

/// Submits the need of a company and asks for `P1` of park `T2`; returns the reference.
async fn of_company(test: &TestApp, company: &str, need: Value) -> String {
    let mut body = TestApp::submission(&need);
    body["company"] = json!(company);
    let reply = test.post_with("/api/v1/requirements", "of", &body).await;
    let reference = ok(&reply)["reference"].as_str().expect("a reference").to_owned();
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    ok(&test.post_with(&path, "of-i", &TestApp::inquiry(&["P1"], &["T2"])).await);
    reference
}

async fn signed_in<'t>(test: &'t TestApp, email: &str, role: Role, park: Option<&str>) -> Browser<'t> {
    let link = accounts::invite(&test.app, email, role, park).await.expect("a link");
    let mut browser = Browser { test, cookie: String::new() };
    browser.post(&link[link.find("/staff").expect("a path")..], &[("password", PASSWORD)]).await;
    browser
}

/// The page of tasks with its addresses as a browser reads them.
async fn tasks(browser: &mut Browser<'_>) -> String {
    browser.get("/staff/tasks").await.text.replace("&#x2f;", "/")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_found_by_core_name_in_any_order_by_listing_in_any_case_and_by_phone() {
    for test in TestApp::each().await {
        of_company(&test, "样例机电（常州）有限公司", json!({ "kinds": ["plot"] })).await;
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let number = only(&test, &key).await["number"].as_str().expect("a number").to_owned();
        let found = async |q: &str| {
            let path = format!("/api/v1/leads?q={}", luodi::web::view::encode(q));
            ok(&test.staff(&key, "GET", &path, None).await)["items"].as_array().map(Vec::len)
        };
        for q in ["样例机电", "樣例機電", "常州樣例機電有限責任公司", "常州市样例机电有限公司", "样例机电(常州)"]
        {
            assert_eq!(found(q).await, Some(1), "{}: {q}", test.db.name);
        }
        for q in ["p1", "P1", &number.to_lowercase(), &number[number.len() - 4..], "8000", "138 0013 8000"] {
            assert_eq!(found(q).await, Some(1), "{}: {q}", test.db.name);
        }
        for q in ["9999", "示例水泵", "%", "138 0013 8001"] {
            assert_eq!(found(q).await, Some(0), "{}: {q}", test.db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spellings_of_one_firm_are_shown_as_doubles() {
    let test = TestApp::sqlite().await;
    of_company(&test, "样例机电（常州）有限公司", json!({ "kinds": ["plot"] })).await;
    let key = test.key("k", Role::Officer, &["T2"]).await;
    let lead = only(&test, &key).await;
    let body = json!({ "park": "T2", "company": "常州市样例机电有限责任公司", "requirement": {}, "source": "fair",
        "consent": { "basis": "oral" } });
    let other = ok(&test.staff(&key, "POST", "/api/v1/leads", Some(&body)).await);
    let seen = shown(&test, &key, &lead).await;
    assert_eq!(seen["duplicates"][0]["id"], other["id"], "{seen}");
    assert_eq!(seen["duplicates"][0]["because"], json!(["company"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_without_a_next_day_names_none() {
    let test = TestApp::sqlite().await;
    asked(&test, "n", &["P1"], &["T2"]).await;
    let key = test.key("k", Role::Officer, &["T2"]).await;
    let lead = only(&test, &key).await;
    ok(&act(&test, &key, &lead, "notes", &json!({ "kind": "phone", "text": "没人接" })).await);
    let seen = shown(&test, &key, &lead).await;
    let text = seen["timeline"].as_array().and_then(|all| all.last()).expect("a line")["text"].clone();
    assert!(text.as_str().is_some_and(|text| text.contains("没人接") && !text.contains("null")), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_inquiry_leaves_its_park_no_word_of_the_need_and_the_erasure_no_capacity() {
    for test in TestApp::each().await {
        let need = json!({ "kinds": ["plot"], "land_mu": { "min": 20, "max": 40 }, "capacity": "年产墨麒水泵80万套" });
        let reference = of_company(&test, "示例水泵有限公司", need.clone()).await;
        let key = test.key("k", Role::Officer, &["T2"]).await;
        let lead = only(&test, &key).await;
        let path = format!("/api/v1/requirements/{reference}");
        ok(&test.put_with(&path, "put", &json!({ "requirement": need, "text": "要二十亩" })).await);
        let number = lead["number"].as_str().expect("a number");
        let gone = test.delete_with(&format!("{path}/inquiries/{number}"), "one").await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
        let left = shown(&test, &key, &lead).await;
        assert_eq!((left["state"].as_str(), &left["number"]), (Some("withdrawn"), &lead["number"]));
        assert_eq!((left["need"].as_str(), &left["matches"]), (Some(""), &json!([])), "{left}");
        assert!(!left.to_string().contains("墨麒"), "{left}");
        assert_eq!(left["listings"][0]["id"], "P1");
        assert_eq!(test.delete_with(&path, "all").await.status, StatusCode::NO_CONTENT);
        for sql in ["SELECT body FROM requirement", "SELECT body FROM idempotency", "SELECT note FROM lead_event"] {
            assert!(!test.texts(sql).await.contains("墨麒"), "{}: {sql}", test.db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_of_the_text_alone_reaches_the_park() {
    let test = TestApp::sqlite().await;
    let need = json!({ "kinds": ["plot"] });
    let reference = of_company(&test, "示例水泵有限公司", need.clone()).await;
    let path = format!("/api/v1/requirements/{reference}");
    for (key, mails) in [("1", 1), ("2", 1)] {
        ok(&test.put_with(&path, key, &json!({ "requirement": need, "text": "靠近码头更好" })).await);
        let news = test.db.rows("SELECT id FROM outbox WHERE purpose = 'news'").await;
        assert_eq!(news.len(), mails, "the same again is no change");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_tasks_takes_over_a_lead_and_throws_out_what_is_not_real() {
    let test = TestApp::sqlite().await;
    let (reference, _) = asked(&test, "h", &["P1"], &["T2"]).await;
    let from = test.key("f", Role::Officer, &["T2"]).await;
    let lead = only(&test, &from).await;
    ok(&act(&test, &from, &lead, "handover", &json!({ "park": "T1", "reason": "我方无地" })).await);
    let old = shown(&test, &from, &lead).await;
    assert!(old["contact"].is_object(), "until then the lead stays: {old}");
    let own = test.get(&format!("/api/v1/requirements/{reference}")).await.json();
    let offer = own["handovers"][0]["id"].as_str().expect("an id");
    let word = json!({ "accept": true, "consent": { "notice_version": luodi::service::notice::VERSION } });
    ok(&test.post_with(&format!("/api/v1/requirements/{reference}/handovers/{offer}"), "c", &word).await);
    let mut officer = signed_in(&test, "one@example.com", Role::Officer, Some("T1")).await;
    let accept = format!("/staff/handovers/{}/accept", lead["id"].as_str().expect("an id"));
    let page = tasks(&mut officer).await;
    assert!(page.contains(&accept) && page.contains("我方无地"), "{page}");
    assert!(!page.contains("示例水泵"), "named once the park has accepted");
    assert_eq!(officer.post(&accept, &[]).await.location, "/staff/tasks");
    assert!(!tasks(&mut officer).await.contains(&accept));
    let old = shown(&test, &from, &lead).await;
    assert_eq!((old["state"].as_str(), &old["contact"]), (Some("closed"), &Value::Null), "{old}");

    let fake = test.submitted("fake").await;
    test.db
        .execute(&format!(
            "INSERT INTO staff_task (id, kind, requirement_id, detail, created_at) \
             SELECT 'fake', 'suspected', id, 'trap', 1 FROM requirement WHERE reference = '{fake}'"
        ))
        .await;
    test.db
        .execute("INSERT INTO staff_task (id, kind, park_code, detail, created_at) VALUES ('u', 'mail_unclear', 'T1', '', 1)")
        .await;
    let mut admin = signed_in(&test, "admin@example.com", Role::Admin, None).await;
    let page = tasks(&mut admin).await;
    for action in ["fake/clear", "fake/reject", "u/done"] {
        assert!(page.contains(&format!("/staff/tasks/{action}")), "{action}: {page}");
    }
    assert_eq!(officer.post("/staff/tasks/fake/reject", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(officer.post("/staff/tasks/u/done", &[]).await.location, "/staff/tasks");
    assert_eq!(admin.post("/staff/tasks/fake/reject", &[]).await.location, "/staff/tasks");
    assert_eq!(test.get(&format!("/api/v1/requirements/{fake}")).await.status, StatusCode::GONE);
    assert!(!tasks(&mut admin).await.contains("/staff/tasks/"), "nothing is left");
}
