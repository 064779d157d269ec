//! The gate before the router: what is refused, how it is told, and that nothing is done for it.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::Response;
use hyper::body::Frame;
use luodi::web::extract::Peer;
use luodi::web::gate::{Front, Gate};
use serde_json::Value;

use crate::app::TestApp;

const PATH: &str = "/api/v1/requirements";

/// A body of which nothing ever comes.
struct Endless;

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// A submit whose body never comes.
fn endless() -> Request {
    let body = Body::new(Endless);
    let head = Request::post(PATH).header("idempotency-key", "endless").header("content-type", "application/json");
    head.body(body).expect("a request")
}

fn get(path: &str, accept: &str) -> Request {
    Request::get(path).header("accept", accept).body(Body::empty()).expect("a request")
}

/// What a server of one place answers while that place is taken.
async fn beside_a_held_place(request: Request) -> (Response, TestApp) {
    let test = TestApp::sqlite().await;
    let front = Front::new(&test.app, &Gate::new(1));
    let answer = tokio::select! {
        biased;
        held = front.clone().answer(endless()) => panic!("{held:?}"),
        answer = front.clone().answer(request) => answer,
    };
    (answer, test)
}

async fn text_of(answer: Response) -> String {
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn without_a_place_a_program_is_told_at_once_and_its_body_is_not_read() {
    let (answer, _test) = beside_a_held_place(endless()).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("retry-after"), "1");
    assert_eq!(header("content-type"), "application/problem+json");
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("content-security-policy").contains("default-src 'none'"));
    let id = header("x-request-id");
    let body: Value = serde_json::from_str(&text_of(answer).await).expect("JSON");
    assert_eq!((&body["code"], &body["request_id"]), (&"overloaded".into(), &id.into()));
}

#[tokio::test]
async fn without_a_place_a_browser_sees_a_page() {
    let (answer, _test) = beside_a_held_place(get("/en/plots", "text/html")).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()[header::RETRY_AFTER], "1");
    let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();
    let page = text_of(answer).await;
    assert!(page.contains("<html") && page.contains("lang=\"en\"") && page.contains(&id), "{page}");
}

#[tokio::test]
async fn without_a_place_it_still_says_that_it_lives() {
    for path in ["/livez", "/readyz"] {
        let (answer, _test) = beside_a_held_place(get(path, "*/*")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn a_place_is_free_again_once_its_request_is_answered() {
    let test = TestApp::sqlite().await;
    let front = Front::new(&test.app, &Gate::new(1));
    for _ in 0..3 {
        assert_eq!(front.clone().answer(get("/api/v1/ranking", "*/*")).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_network_beyond_its_budget_is_told_when_to_ask_again_and_others_are_served() {
    let test = TestApp::sqlite().await;
    let front = Front::new(&test.app, &Gate::new(8).with_budget(2));
    let ask = async |address: &str| {
        let mut request = get("/api/v1/ranking", "*/*");
        request.extensions_mut().insert(Peer(address.parse().expect("an address")));
        front.clone().answer(request).await
    };
    for expected in [StatusCode::OK, StatusCode::OK, StatusCode::TOO_MANY_REQUESTS] {
        assert_eq!(ask("192.0.2.1:4000").await.status(), expected);
    }
    let refused = ask("192.0.2.1:4001").await;
    assert_eq!(refused.headers()[header::RETRY_AFTER], "10");
    assert!(text_of(refused).await.contains("too_many"));
    assert_eq!(ask("192.0.2.2:4000").await.status(), StatusCode::OK);
}
