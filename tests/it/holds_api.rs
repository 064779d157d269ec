//! Soft holds by programs of staff: made, listed and released under a listing, as on the pages.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::Days;
use domain::account::Role;
use futures_util::StreamExt as _;
use futures_util::stream::iter;
use http_body_util::BodyExt as _;
use luodi::web::gate::Gate;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::app::TestApp;
use crate::holds::each;

const PATH: &str = "/api/v1/listings/H1/holds";
/// Requests at once.
const REQUESTS: usize = 1_000;

fn hold(test: &TestApp, resource: &str, amount: f64) -> Value {
    let until = test.app.clock.now().day() + Days::new(7);
    json!({ "resource": resource, "amount": amount, "until": until })
}

/// Sends until the server is not busy, under one idempotency key.
async fn made(router: &Router, key: &str, once: &str, body: &Value) -> (StatusCode, Value) {
    loop {
        let request = Request::post(PATH).header("authorization", format!("Bearer {key}"));
        let request = request.header("idempotency-key", once).header("content-type", "application/json");
        let request = request.body(Body::from(body.to_string())).expect("a request");
        let reply = router.clone().oneshot(request).await.expect("an answer");
        let status = reply.status();
        if status != StatusCode::SERVICE_UNAVAILABLE {
            let bytes = reply.into_body().collect().await.expect("a body").to_bytes();
            return (status, serde_json::from_slice(&bytes).expect("JSON"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_calls_at_once_never_hold_more_than_is_there_and_fill_it() {
    for test in each().await {
        let name = test.db.name;
        let key = test.key("crm", Role::Officer, &["T2"]).await;
        let router = luodi::web::router(&test.app, &Gate::new(REQUESTS));
        let calls = (0..REQUESTS).map(|at| {
            let (resource, amount) = if at % 4 < 2 { ("area", 1.5) } else { ("power", 30.0) };
            let body = hold(&test, resource, amount);
            let (router, key) = (&router, &key);
            async move { made(router, key, &format!("once-{at}"), &body).await }
        });
        let replies: Vec<(StatusCode, Value)> = iter(calls).buffer_unordered(REQUESTS).collect().await;
        let count = |status| replies.iter().filter(|reply| reply.0 == status).count();
        // 33 × 1.5 of 50 mu, 16 × 30 of 500 kVA.
        assert_eq!((count(StatusCode::CREATED), count(StatusCode::UNPROCESSABLE_ENTITY)), (49, 951), "{name}");
        let mut refused = replies.iter().filter(|reply| reply.0 == StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.all(|(_, body)| body["errors"][0]["code"] == "more_than_free"), "{name}");
        let held = test.db.rows("SELECT resource FROM soft_hold ORDER BY resource").await;
        assert_eq!(held, [vec!["area"; 33], vec!["power"; 16]].concat(), "{name}");
        let items = test.staff(&key, "GET", PATH, None).await.json()["items"].as_array().expect("a list").len();
        assert_eq!(items, 49, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_is_made_once_listed_and_released() {
    for test in each().await {
        let key = test.key("crm", Role::Officer, &["T2"]).await;
        let mut body = hold(&test, "area", 0.0);
        (body["amount"], body["unit"], body["note"]) = (json!("1000"), json!("m2"), json!("示例"));
        let first = test.staff_once(&key, "POST", PATH, Some(&body), "one").await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
        let made = first.json();
        assert_eq!((&made["amount"], &made["unit"], &made["until"]), (&json!(1.5), &json!("mu"), &body["until"]));
        assert_eq!(made["listing"], json!({ "id": "H1", "kind": "plot" }));
        let again = test.staff_once(&key, "POST", PATH, Some(&body), "one").await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, made.clone()));
        assert_eq!(again.headers["idempotency-replayed"], "true");
        body["amount"] = json!(2);
        let other = test.staff_once(&key, "POST", PATH, Some(&body), "one").await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "the key is used up");
        let listed = test.staff(&key, "GET", PATH, None).await.json();
        assert_eq!(listed["items"], json!([made]));
        let shown = test.post("/api/v1/matches", &json!({ "kinds": ["plot"], "land_mu": { "min": 20 } })).await.text;
        assert!(shown.contains("\"held\""), "{shown}");
        let own = format!("{PATH}/{}", made["id"].as_str().expect("an id"));
        let elsewhere = own.replace("H1", "H2");
        assert_eq!(test.staff(&key, "DELETE", &elsewhere, None).await.status, StatusCode::NOT_FOUND, "of H1");
        assert_eq!(test.staff_once(&key, "DELETE", &own, None, "end").await.status, StatusCode::NO_CONTENT);
        assert_eq!(test.staff_once(&key, "DELETE", &own, None, "end").await.status, StatusCode::NO_CONTENT, "a replay");
        assert_eq!(test.staff(&key, "DELETE", &own, None).await.status, StatusCode::NOT_FOUND, "it has ended");
        assert_eq!(test.staff(&key, "GET", PATH, None).await.json()["items"], json!([]));
        let lines = test.db.rows("SELECT action FROM audit WHERE action LIKE 'hold%' ORDER BY action").await;
        assert_eq!(lines.len(), 2, "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_scopes_are_those_of_the_pages_and_wrong_fields_are_named() {
    for test in each().await {
        let body = hold(&test, "area", 5.0);
        let sent = async |key: &str, path: &str, body: &Value| test.staff(key, "POST", path, Some(body)).await;
        let officer = test.key("two", Role::Officer, &["T2"]).await;
        let stranger = test.key("one", Role::Officer, &["T1"]).await;
        let observer = test.key("see", Role::Observer, &["T2"]).await;
        assert_eq!(sent(&stranger, PATH, &body).await.status, StatusCode::NOT_FOUND);
        assert_eq!(test.staff(&stranger, "GET", PATH, None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(sent(&observer, PATH, &body).await.status, StatusCode::FORBIDDEN);
        assert_eq!(test.staff(&observer, "GET", PATH, None).await.status, StatusCode::OK);
        assert_eq!(sent("luodi_none", PATH, &body).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(sent(&officer, "/api/v1/listings/T2/holds", &body).await.status, StatusCode::NOT_FOUND, "a park");
        for (change, field, code) in [
            (json!({ "resource": "floor" }), "resource", "not_stated"),
            (json!({ "resource": null }), "resource", "missing"),
            (json!({ "amount": "ten" }), "amount", "wrong_type"),
            (json!({ "amount": 51 }), "amount", "out_of_range"),
            (json!({ "until": "2020-01-01" }), "until", "out_of_range"),
            (json!({ "extra": 1 }), "extra", "unknown_field"),
        ] {
            let mut wrong = body.clone();
            wrong.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
            let reply = sent(&officer, PATH, &wrong).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{change}");
            let error = &reply.json()["errors"][0];
            assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)), "{change}");
        }
        test.import(domain::listing::Kind::Plot, "plot_no,province,park_code,status\nH1,浙江省,T2,sold\n").await;
        let sold = sent(&officer, PATH, &body).await;
        assert_eq!((sold.status, &sold.json()["code"]), (StatusCode::CONFLICT, &json!("listing_withdrawn")));
    }
}
