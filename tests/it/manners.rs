//! Manners of the API: where a thing made is read, tags of answers, pages by cursor, limits and idempotency per key.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::account::Role;
use domain::listing::Kind;
use luodi::service::{accounts, keys};
use luodi::web::extract::Peer;
use luodi::web::gate::{Front, Gate};
use serde_json::{Value, json};

use crate::app::{Reply, TestApp};
use crate::desk::{asked, ok};

fn location(reply: &Reply) -> &str {
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    reply.headers["location"].to_str().expect("ASCII")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_is_found_at_its_location_also_in_a_replay() {
    for test in TestApp::each().await {
        let name = test.db.name;
        let body = TestApp::submission(&json!({ "kinds": ["plot"] }));
        for _ in 0..2 {
            let made = test.post_with("/api/v1/requirements", "r", &body).await;
            let found = test.get(location(&made)).await;
            assert_eq!(ok(&found)["reference"], made.json()["reference"], "{name}");
        }
        let reference = test.submitted("s").await;
        let own = format!("/api/v1/requirements/{reference}");
        let sent = test.post_with(&format!("{own}/inquiries"), "i", &TestApp::inquiry(&["P1"], &["T2"])).await;
        assert_eq!(location(&sent), own, "{name}");
        let key = test.key("m", Role::Manager, &["T2"]).await;
        let lead = json!({ "park": "T2", "company": "示例水泵有限公司", "requirement": {}, "source": "fair",
            "consent": { "basis": "oral" } });
        let made = test.staff(&key, "POST", "/api/v1/leads", Some(&lead)).await;
        let found = test.staff(&key, "GET", location(&made), None).await;
        assert_eq!(ok(&found)["number"], made.json()["number"], "{name}");
        let until = test.app.clock.now().day().to_string();
        let hold = json!({ "resource": "area", "amount": 25, "until": until });
        let made = test.staff(&key, "POST", "/api/v1/listings/P1/holds", Some(&hold)).await;
        let gone = test.staff(&key, "DELETE", location(&made), None).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{name}");
    }
}

async fn with_tag(test: &TestApp, path: &str, tag: &str) -> Reply {
    test.send(Request::get(path).header("if-none-match", tag).body(Body::empty()).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_the_client_has_is_304_until_it_changes() {
    let test = TestApp::sqlite().await;
    for path in ["/api/v1/listings?kind=plot", "/api/v1/listings/P1", "/api/v1/ranking", "/api/v1/notice"] {
        let first = test.get(path).await;
        let tag = first.headers["etag"].to_str().expect("ASCII").to_owned();
        assert_eq!(first.headers["cache-control"], "no-cache", "{path}");
        for named in [tag.as_str(), tag.trim_start_matches("W/"), &format!("\"x\", {tag}"), "*"] {
            let same = with_tag(&test, path, named).await;
            assert_eq!((same.status, same.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path} {named}");
            assert_eq!(same.headers["etag"], tag.as_str(), "{path}");
        }
        let other = with_tag(&test, path, "\"x\"").await;
        assert_eq!((other.status, other.text), (StatusCode::OK, first.text), "{path}");
    }
    let before = test.get("/api/v1/listings/P1").await.headers["etag"].to_str().expect("ASCII").to_owned();
    test.import(Kind::Plot, "plot_no,province,city,county,area_mu,park_code\nP1,浙江省,台州市,温岭市,26,T2\n").await;
    let changed = with_tag(&test, "/api/v1/listings/P1", &before).await;
    assert_eq!(changed.status, StatusCode::OK, "another version has another tag");
    let key = test.key("m", Role::Manager, &["T2"]).await;
    asked(&test, "e", &["P1"], &["T2"]).await;
    let leads = test.staff(&key, "GET", "/api/v1/leads", None).await;
    assert_eq!(leads.headers["cache-control"], "no-store", "a cache keeps nobody's leads");
    assert!(leads.headers.contains_key("etag"));
    assert!(!test.get("/api/v1/listings/none").await.headers.contains_key("etag"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_by_cursor_hold_each_listing_once_though_others_come_and_go() {
    for test in TestApp::each().await {
        let name = test.db.name;
        let mut seen = Vec::new();
        let mut path = "/api/v1/listings?per_page=2".to_owned();
        let mut pages = 0;
        loop {
            let page = ok(&test.get(&path).await);
            let ids =
                page["items"].as_array().expect("a list").iter().map(|it| it["id"].as_str().expect("an id").to_owned());
            seen.extend(ids);
            pages += 1;
            if pages == 1 {
                // One before all pages and one behind them: numbered pages would repeat P2.
                test.import(
                    Kind::Plot,
                    "plot_no,province,city,county,area_mu,park_code,status\n\
                    P0,浙江省,台州市,温岭市,25,T2,available\nP8,浙江省,台州市,温岭市,25,T2,available\n",
                )
                .await;
            }
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/listings?per_page=2&cursor={next}");
        }
        assert_eq!(seen, ["P1", "P2", "P3", "P8", "T1", "T2", "T3", "P4"], "{name}: P4 is sold, so it is last");
        let wrong = test.get("/api/v1/listings?cursor=none").await;
        assert_eq!((wrong.status.as_u16(), wrong.json()["errors"][0]["field"].clone()), (422, json!("cursor")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_keys_of_one_person_have_idempotency_keys_of_their_own() {
    for test in TestApp::each().await {
        accounts::invite(&test.app, "m@example.com", Role::Manager, Some("T2")).await.expect("a link");
        let mut numbers = Vec::new();
        for name in ["one", "two", "one again"] {
            let key = match name {
                "one again" => numbers.first().map(|(key, _): &(String, Value)| key.clone()).expect("a key"),
                name => keys::add(&test.app, name, Role::Manager, &["T2".to_owned()], Some("m@example.com"))
                    .await
                    .expect("a key"),
            };
            let lead = json!({ "park": "T2", "company": "示例水泵有限公司", "requirement": {}, "source": "fair",
                "consent": { "basis": "oral" } });
            let made = test.staff_once(&key, "POST", "/api/v1/leads", Some(&lead), "same").await;
            numbers.push((key, ok(&made)["number"].clone()));
        }
        assert_ne!(numbers[0].1, numbers[1].1, "{}: another key, another call", test.db.name);
        assert_eq!(numbers[0].1, numbers[2].1, "{}: the same key, the same answer", test.db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_has_a_limit_of_its_own_and_each_answer_tells_what_is_left() {
    let test = TestApp::sqlite().await;
    let front = Front::new(&test.app, &Gate::new(8).with_budget(2).with_key_budget(3));
    let (one, two) = (test.key("one", Role::Admin, &[]).await, test.key("two", Role::Admin, &[]).await);
    let ask = async |key: Option<&str>| {
        let mut request = Request::get("/api/v1/tasks");
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let mut request = request.body(Body::empty()).expect("a request");
        request.extensions_mut().insert(Peer("192.0.2.1:4000".parse().expect("an address")));
        let answer = front.clone().answer(request).await;
        let header = |name: &str| answer.headers()[name].to_str().expect("ASCII").to_owned();
        (answer.status().as_u16(), header("ratelimit-policy"), header("ratelimit"))
    };
    let told = |status, policy: &str, left: &str| (status, policy.to_owned(), left.to_owned());
    // The first call of a key counts on its network, where it is not known yet.
    assert_eq!(ask(Some(&one)).await, told(200, "\"network\";q=2;w=60", "\"network\";r=1;t=30"));
    for (status, left) in [(200, "r=2;t=20"), (200, "r=1;t=40"), (200, "r=0;t=60"), (429, "r=0;t=60")] {
        assert_eq!(ask(Some(&one)).await, told(status, "\"key\";q=3;w=60", &format!("\"key\";{left}")));
    }
    assert_eq!(ask(Some("luodi_made_up")).await.0, 401, "a made-up key counts on its network");
    assert_eq!(ask(Some("luodi_another")).await, told(429, "\"network\";q=2;w=60", "\"network\";r=0;t=60"));
    assert_eq!(ask(Some(&two)).await.0, 429, "not known yet");
    keys::caller(&test.app, &two).await.expect("known");
    assert_eq!(ask(Some(&two)).await, told(200, "\"key\";q=3;w=60", "\"key\";r=2;t=20"), "beside the other key");
    keys::revoke(&test.app, "one").await.expect("revoked");
    assert_eq!(ask(None).await.0, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_is_no_utf_8_names_nothing_and_is_refused_in_words() {
    let test = TestApp::sqlite().await;
    let key = test.key("m", Role::Admin, &[]).await;
    for (method, path) in [
        ("GET", "/api/v1/listings/%FF"),
        ("GET", "/api/v1/reports/%FF"),
        ("POST", "/api/v1/requirements/a/inquiries/%FF/messages"),
        ("DELETE", "/api/v1/requirements/%FF/inquiries/b"),
        ("POST", "/api/v1/requirements/%FF/handovers/b"),
        ("DELETE", "/api/v1/listings/P1/holds/%FF"),
        ("GET", "/plots/%FF"),
    ] {
        let reply = test.staff(&key, method, path, None).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{method} {path}: {}", reply.text);
        if path.starts_with("/api/") {
            assert_eq!(reply.json()["code"], "not_found", "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_that_there_is_not_is_refused_and_not_passed_over() {
    let test = TestApp::sqlite().await;
    let reply = test.get("/api/v1/listings/P1?kind=field").await;
    assert_eq!((reply.status.as_u16(), reply.json()["errors"][0]["field"].clone()), (422, json!("kind")));
}
