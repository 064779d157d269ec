//! The API from outside: what is answered to good, bad, repeated and withdrawn calls.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::app::{Reply, TestApp};

const REQUIREMENTS: &str = "/api/v1/requirements";

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_and_body_give_the_same_answer_and_another_body_is_refused() {
    for test in TestApp::each().await {
        let body = TestApp::submission(&json!({ "land_mu": { "min": 20 } }));
        let first = test.post_with(REQUIREMENTS, "k", &body).await;
        let again = test.post_with(REQUIREMENTS, "k", &body).await;
        assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED));
        assert_eq!(first.text, again.text);
        assert_eq!(
            again.headers.get("idempotency-replayed").map(axum::http::HeaderValue::as_bytes),
            Some(&b"true"[..])
        );
        assert!(first.headers.get("idempotency-replayed").is_none());
        let other = test.post_with(REQUIREMENTS, "k", &TestApp::submission(&json!({ "land_mu": { "min": 21 } }))).await;
        assert_eq!((other.status, other.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_mismatch"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_twins_make_one_requirement() {
    for test in TestApp::each().await {
        let body = TestApp::submission(&json!({}));
        let twins = (0..50).map(|_| test.post_with(REQUIREMENTS, "twins", &body));
        let mut replies = Vec::new();
        for twin in twins {
            replies.push(twin);
        }
        let replies = futures_join(replies).await;
        assert!(replies.iter().all(|reply| reply.status == StatusCode::CREATED && reply.text == replies[0].text));
        assert_eq!(test.db.rows("SELECT reference FROM requirement").await.len(), 1);
        assert_eq!(test.db.rows("SELECT recipient FROM outbox").await.len(), 1);
    }
}

/// Runs futures at once on this task.
async fn futures_join<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut done = true;
        for (future, output) in &mut waiting {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *output = Some(value),
                    std::task::Poll::Pending => done = false,
                }
            }
        }
        if done { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, output)| output).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writing_call_needs_a_key_and_a_refusal_does_not_use_it_up() {
    let test = TestApp::sqlite().await;
    let body = TestApp::submission(&json!({}));
    assert_eq!(test.post(REQUIREMENTS, &body).await.code(), "idempotency_key_missing");
    for key in ["", "with blank", "键", &"x".repeat(65)] {
        let reply = test.post_with(REQUIREMENTS, key, &body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{key}");
    }
    let mut wrong = body.clone();
    wrong["phone"] = "123".into();
    assert_eq!(test.post_with(REQUIREMENTS, "k", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(test.post_with(REQUIREMENTS, "k", &body).await.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_named_and_nothing_is_stored() {
    let test = TestApp::sqlite().await;
    let body = json!({
        "requirement": { "land_mu": { "min": 50, "max": 30 }, "tax_wan": -1, "roof": true },
        "company": "\u{202e}示例", "contact": "", "phone": "12", "email": "a@b", "uscc": "91350100M000100YZ4",
        "consent": {}, "role": "admin",
    });
    let reply = test.post_with(REQUIREMENTS, "k", &body).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reply.headers["content-type"], "application/problem+json");
    let problem = reply.json();
    assert!(problem["request_id"].is_string());
    let mut found: Vec<String> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| format!("{} {}", e["field"].as_str().unwrap_or_default(), e["code"].as_str().unwrap_or_default()))
        .collect();
    found.sort();
    insta::assert_json_snapshot!(found, @r#"
    [
      "company not_visible",
      "consent.notice_version missing",
      "contact missing",
      "email bad_mail",
      "phone bad_phone",
      "requirement.land_mu.min min_above_max",
      "requirement.roof unknown_field",
      "requirement.tax_wan out_of_range",
      "role unknown_field",
      "uscc uscc_character"
    ]
    "#);
    assert!(
        problem["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .all(|e| !e["message"].as_str().unwrap_or_default().is_empty())
    );
    assert!(test.db.rows("SELECT id FROM requirement").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_large_and_foreign_bodies_are_refused_by_their_status() {
    let test = TestApp::sqlite().await;
    let matches = "/api/v1/matches";
    for (body, status, code) in [
        ("{", StatusCode::BAD_REQUEST, "malformed_json"),
        (r#"{"tax_wan":1,"tax_wan":2}"#, StatusCode::BAD_REQUEST, "duplicate_field"),
        (r#"{"land_mu":{"min":1,"min":2}}"#, StatusCode::BAD_REQUEST, "duplicate_field"),
        (r#"[]"#, StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        (r#"{"tax_wan":1e308}"#, StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        (r#"{"tax_wan":null}"#, StatusCode::OK, ""),
    ] {
        let reply = test.post_text(matches, None, body).await;
        assert_eq!((reply.status, reply.json()["code"].as_str().unwrap_or_default()), (status, code), "{body}");
    }
    let large = test.post_text(matches, None, &" ".repeat(300_000)).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let form = Request::post(matches).header("content-type", "text/plain").body(Body::from("{}")).expect("a request");
    assert_eq!(test.send(form).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(test.post_text("/api/v1/matches?limit=201", None, "{}").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    assert_eq!(test.post_text(matches, None, &deep).await.status, StatusCode::BAD_REQUEST);
}

/// Field and code of everything that is wrong.
fn named(reply: &Reply) -> Value {
    let errors = reply.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.into_iter().map(|error| json!([error["field"], error["code"]])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_the_wrong_type_is_named_by_its_place() {
    let test = TestApp::sqlite().await;
    let path = format!("{REQUIREMENTS}/{}/inquiries", test.submitted("s").await);
    let version = luodi::service::notice::VERSION;
    let body = json!({ "listings": ["P1", 1], "consent": { "notice_version": version, "parks": [null, "T2"] } });
    let wrong = json!([["consent.parks.0", "wrong_type"], ["listings.1", "wrong_type"]]);
    assert_eq!(named(&test.post_with(&path, "i", &body).await), wrong);
    let no_list = json!({ "listings": "P1", "consent": { "notice_version": version, "parks": [] } });
    assert_eq!(named(&test.post_with(&path, "j", &no_list).await), json!([["listings", "wrong_type"]]));
}

/// Bodies with everything wrong that an endpoint may say something about.
fn wrong_bodies() -> Vec<Value> {
    let requirement = json!({
        "x": 1, "kinds": ["farm", 1], "use": "play", "industry": "99999", "land_mu": { "min": 5, "max": 3, "x": 1 },
        "tax_wan": "much", "output_wan": 1.23456, "rd_percent": 101, "tenure": 1, "regions": ["1"], "near": { "lng": 999 },
        "available_by": "soon", "chemical": "yes", "prefer": ["use", "x"], "park_levels": vec!["国家级"; 101],
    });
    let consent = json!({ "x": 1, "notice_version": 1, "parks": 1 });
    let mut whole = json!({
        "x": 1, "text": "长".repeat(20_001), "now": "soon", "requirement": requirement, "consent": consent,
        "company": "长".repeat(101), "contact": 1, "phone": "1", "email": "1", "uscc": "1", "listings": [1],
    });
    whole.as_object_mut().expect("an object").extend(requirement.as_object().expect("an object").clone());
    let consented = json!({ "notice_version": luodi::service::notice::VERSION, "parks": ["T1"] });
    let ask = |listings: Vec<&str>| json!({ "listings": listings, "consent": consented });
    let parts = [json!({}), json!([]), json!({ "consent": 1, "requirement": 1, "listings": 1, "text": 1 })];
    let asks = [ask(vec![]), ask(vec!["none"]), ask(vec!["P1"; 51]), ask(vec!["P1", "P3"])];
    [whole].into_iter().chain(parts).chain(asks).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_shows_a_placeholder() {
    let test = TestApp::sqlite().await;
    let own = format!("{REQUIREMENTS}/{}", test.submitted("s").await);
    let mut asked: Vec<(String, String, String)> = Vec::new();
    for path in ["/api/v1/read", "/api/v1/matches", REQUIREMENTS, &format!("{own}/inquiries")] {
        let bodies = wrong_bodies().into_iter().map(|body| body.to_string());
        let texts = ["{", r#"{"a":1,"a":2}"#].map(str::to_owned);
        asked.extend(bodies.chain(texts).map(|body| ("POST".to_owned(), path.to_owned(), body)));
    }
    for path in [
        "/api/v1/notice?x=1".to_owned(),
        format!("{own}/matches?limit=1000&x=1"),
        format!("{own}/matches?limit=1000"),
        "/api/v1/listings?x=1".to_owned(),
        "/api/v1/listings?kind=farm&region=1&industry=x&page=0&per_page=x".to_owned(),
        format!("/api/v1/listings?q={}", "x".repeat(201)),
        "/api/v1/listings/none".to_owned(),
        "/api/v1/search?kind=farm&region=1&industry=x&page=0&per_page=x".to_owned(),
        format!("/api/v1/search?q={}", "x".repeat(2000)),
        "/api/v1/nothing".to_owned(),
    ] {
        asked.push(("GET".to_owned(), path, String::new()));
    }
    asked.push(("DELETE".to_owned(), format!("{REQUIREMENTS}/none"), String::new()));
    for language in ["zh", "en"] {
        for (method, path, body) in &asked {
            let request = Request::builder().method(method.as_str()).uri(path).header("accept-language", language);
            let request = request.header("idempotency-key", "k").header("content-type", "application/json");
            let reply = test.send(request.body(Body::from(body.clone())).expect("a request")).await;
            let problem = reply.json();
            let messages = problem["errors"].as_array().cloned().unwrap_or_default().into_iter();
            let said = messages.map(|error| error["message"].clone()).chain([problem["detail"].clone()]);
            for sentence in said.filter_map(|it| it.as_str().map(str::to_owned)) {
                assert!(!sentence.contains('{') && !sentence.is_empty(), "{method} {path}: {sentence}");
            }
            assert!(reply.status != StatusCode::INTERNAL_SERVER_ERROR, "{method} {path}: {}", reply.text);
        }
    }
    let unknown = test.post("/api/v1/read", &json!({ "text": "厂房", "x": 1 })).await.json();
    let message = unknown["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.contains("text, now"), "the accepted names are said: {message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_did_wrong_is_told_in_words_that_fit_programs() {
    let test = TestApp::sqlite().await;
    let send = |kind: &str, key: Option<&str>, body: &str| {
        let mut request = Request::post(REQUIREMENTS).header("content-type", kind).header("accept-language", "en");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        test.send(request.body(Body::from(body.to_owned())).expect("a request"))
    };
    for (kind, key, body, status, said) in [
        ("application/json", Some("k"), "{", 400, "JSON"),
        ("application/json", Some("k"), r#"{"a":1,"a":2}"#, 400, "twice"),
        ("text/plain", Some("k"), "{}", 415, "application/json"),
        ("application/json", None, "{}", 400, "Idempotency-Key"),
        ("application/json", Some("two words"), "{}", 400, "Idempotency-Key"),
    ] {
        let reply = send(kind, key, body).await;
        let detail = reply.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert_eq!(reply.status.as_u16(), status, "{body}");
        assert!(detail.contains(said) && !detail.contains("go back"), "{body}: {detail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_routers_own_404_and_405_are_problems_too() {
    let test = TestApp::sqlite().await;
    for (reply, status) in [
        (test.get("/api/v1/nothing").await, StatusCode::NOT_FOUND),
        (test.get("/api/v1/requirements/0123").await, StatusCode::NOT_FOUND),
        (test.get("/api/v1/listings/none").await, StatusCode::NOT_FOUND),
        (test.delete_with("/api/v1/notice", "k").await, StatusCode::METHOD_NOT_ALLOWED),
    ] {
        assert_eq!(
            (reply.status, &reply.headers["content-type"]),
            (status, &"application/problem+json".parse().expect("a value"))
        );
        assert!(reply.json()["request_id"].is_string());
        for header in ["content-security-policy", "x-content-type-options", "referrer-policy"] {
            assert!(reply.headers.contains_key(header), "{header}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn inquiries_go_only_to_parks_with_an_inbox_that_were_consented_to() {
    let test = TestApp::sqlite().await;
    let path = format!("{REQUIREMENTS}/{}/inquiries", test.submitted("s").await);
    let mut post = 0;
    let mut ask = async |body: Value| {
        post += 1;
        test.post_with(&path, &format!("i{post}"), &body).await
    };
    for (listings, parks, code, wrong) in [
        (&["P1", "P2"][..], &["T1"][..], "park_not_in_consent", json!([["listings.0", "park_not_in_consent"]])),
        (&["P3"], &["T3"], "no_inbox", json!([["listings.0", "no_inbox"]])),
        (
            &["P2", "P3", "P1"],
            &["T1", "T3"],
            "no_inbox",
            json!([["listings.1", "no_inbox"], ["listings.2", "park_not_in_consent"]]),
        ),
    ] {
        let refused = ask(TestApp::inquiry(listings, parks)).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, code));
        assert_eq!(named(&refused), wrong, "each listing is named");
    }
    assert_eq!(ask(TestApp::inquiry(&["P4"], &["T2"])).await.code(), "listing_withdrawn");
    assert_eq!(ask(TestApp::inquiry(&["P9"], &["T2"])).await.json()["errors"][0]["code"], "unknown_listing");
    let mut outdated = TestApp::inquiry(&["P1"], &["T2"]);
    outdated["consent"]["notice_version"] = "1999-01-01".into();
    assert_eq!(ask(outdated).await.code(), "notice_outdated");
    assert!(test.db.rows("SELECT number FROM inquiry").await.is_empty(), "all or none");

    let sent = ask(TestApp::inquiry(&["P2", "T2"], &["T1", "T2"])).await.json();
    let listed = |reply: &Value| -> Vec<String> {
        reply["inquiries"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|i| format!("{} {}", i["listing"], i["park"]))
            .collect()
    };
    assert_eq!(listed(&sent), [r#""P2" "T1""#, r#""T2" "T2""#], "in the order asked");
    let again = ask(TestApp::inquiry(&["T2", "P1"], &["T1", "T2"])).await.json();
    assert_eq!(again["inquiries"][0], sent["inquiries"][1], "the same listing asked again returns its inquiry");
    assert_eq!(test.db.rows("SELECT number FROM inquiry").await.len(), 3);
    assert_eq!(
        test.db.rows("SELECT receiver FROM consent WHERE purpose = 'provide' ORDER BY receiver").await,
        ["T1", "T2"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_cancels_unsent_mail_removes_contact_data_and_is_gone_afterwards() {
    for test in TestApp::each().await {
        let reference = test.submitted("s").await;
        let path = format!("{REQUIREMENTS}/{reference}");
        test.post_with(&format!("{path}/inquiries"), "i", &TestApp::inquiry(&["P1", "P2"], &["T1", "T2"])).await;
        let correction = json!({ "requirement": { "kinds": ["plot"], "land_mu": { "min": 21 } } });
        let corrected = test.put_with(&path, "c", &correction).await;
        assert_eq!(corrected.status, StatusCode::OK, "{}", corrected.text);
        let erased = test.delete_with(&path, "d").await;
        assert_eq!(erased.status, StatusCode::NO_CONTENT);
        let repeated = test.put_with(&path, "c", &correction).await;
        assert_eq!(repeated.status, StatusCode::GONE, "its stored answer is erased too: {}", repeated.text);
        let again = test.delete_with(&path, "d").await;
        assert_eq!(again.status, StatusCode::NO_CONTENT);
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert_eq!(test.delete_with(&path, "d2").await.status, StatusCode::GONE);
        assert_eq!(test.get(&path).await.status, StatusCode::GONE);
        assert_eq!(test.get(&format!("{path}/matches")).await.status, StatusCode::GONE);
        test.deliver().await;
        assert!(test.letters().is_empty(), "nothing leaves after the withdrawal");
        let left = "SELECT coalesce(phone, '') || coalesce(company, '') || coalesce(email, '') || coalesce(contact, '') FROM requirement";
        assert_eq!(test.db.rows(left).await, [""]);
        assert_eq!(test.db.rows("SELECT DISTINCT state FROM inquiry").await, ["cancelled"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sold_plot_is_gone_from_the_very_next_answer() {
    for test in TestApp::each().await {
        let need = json!({ "kinds": ["plot"], "regions": ["331081"] });
        let considered = |reply: Value| reply["counts"]["considered"].clone();
        assert_eq!(considered(test.post("/api/v1/matches", &need).await.json()), 3);
        test.import(domain::listing::Kind::Plot, "plot_no,province,status\nP1,浙江省,sold\n").await;
        assert_eq!(considered(test.post("/api/v1/matches", &need).await.json()), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn listings_are_paged_filtered_and_say_whether_they_can_be_asked() {
    let test = TestApp::sqlite().await;
    let page = test.get("/api/v1/listings?kind=plot&region=331081&per_page=2").await.json();
    assert_eq!(
        (&page["total"], &page["pages"], page["items"].as_array().map(Vec::len)),
        (&json!(3), &json!(2), Some(2))
    );
    let listing = test.get("/api/v1/listings/P3").await.json();
    assert_eq!(listing["inquiry"], json!({ "possible": false, "code": "no_inbox" }));
    assert_eq!(test.get("/api/v1/listings/T1").await.json()["record"].get("inbox_email"), None);
    for (query, status) in
        [("kind=farm", 422), ("region=1", 422), ("page=0", 422), ("size=3", 422), ("kind=plot&kind=park", 400)]
    {
        assert_eq!(test.get(&format!("/api/v1/listings?{query}")).await.status.as_u16(), status, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_openapi_document_holds_every_call() {
    let test = TestApp::sqlite().await;
    let document = test.get("/openapi.json").await.json();
    let mut calls: Vec<String> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().expect("an item").keys().map(move |method| format!("{method} {path}"))
        })
        .collect();
    calls.sort();
    insta::assert_json_snapshot!(calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_another_site_made_a_browser_send_is_refused() {
    let test = TestApp::sqlite().await;
    for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example.com")] {
        let request = Request::post("/api/v1/matches").header("content-type", "application/json").header(header, value);
        assert_eq!(
            test.send(request.body(Body::from("{}")).expect("a request")).await.status,
            StatusCode::FORBIDDEN,
            "{header}"
        );
    }
}
