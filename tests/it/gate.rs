//! The gate before the router: what is refused, how it is told, and that nothing is done for it.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::time::Moment;
use hyper::body::Frame;
use luodi::config::Config;
use luodi::db::Db;
use luodi::mail::Mailer;
use luodi::service::context::{App, Context as AppContext};
use luodi::web::extract::Peer;
use luodi::web::gate::{Front, Gate};
use serde_json::Value;

use crate::app::{SetClock, TestApp};
use crate::database::{self, TestDb};

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

/// Two processes on one database, each with a limit of ten requests per minute.
async fn two_processes(db: TestDb, clock: &Arc<SetClock>) -> (TestApp, [(App, Gate, Front); 2]) {
    let test = TestApp::with_first_clock(db, &[], clock.clone()).await;
    let config = test.app.config.clone();
    let other = assembled(config, test.db.another().await, test.app.mailer.clone(), clock.clone()).await;
    let process = |app: App| {
        let gate = Gate::new(8).with_budget(10);
        let front = Front::new(&app, &gate);
        (app, gate, front)
    };
    let both = [process(test.app.clone()), process(other)];
    (test, both)
}

async fn assembled(config: Config, db: Db, mailer: Arc<dyn Mailer>, clock: Arc<SetClock>) -> App {
    Arc::new(AppContext::assemble(config, db, mailer, clock).await.expect("a context"))
}

/// The statuses of some requests of one address.
async fn statuses(front: &Front, address: &str, number: usize) -> Vec<u16> {
    let mut all = Vec::new();
    for _ in 0..number {
        let mut request = get("/api/v1/ranking", "*/*");
        request.extensions_mut().insert(Peer(address.parse().expect("an address")));
        all.push(front.clone().answer(request).await.status().as_u16());
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_shared_by_all_processes_within_a_second() {
    for db in database::each().await {
        let clock = Arc::new(SetClock::default());
        clock.set(Moment(1_790_000_040_000));
        let (_test, [(a, gate_a, front_a), (b, gate_b, front_b)]) = two_processes(db, &clock).await;
        let client = "[2001:db8:1:2::1]:4000";
        assert_eq!(statuses(&front_a, client, 6).await, [200; 6]);
        gate_a.share(&a).await.expect("counted");
        assert_eq!(statuses(&front_b, "[2001:db8:1:2::ffff]:4000", 6).await, [200; 6]);
        gate_b.share(&b).await.expect("counted");
        assert_eq!(statuses(&front_b, client, 1).await, [429], "twelve of ten in both together");
        assert_eq!(statuses(&front_b, "[2001:db8:1:3::1]:4000", 1).await, [200], "another client");
        assert_eq!(statuses(&front_a, client, 2).await, [200; 2], "not counted yet");
        gate_a.share(&a).await.expect("counted");
        assert_eq!(statuses(&front_a, client, 1).await, [429]);
        clock.set(Moment(1_790_000_040_000 + 30_000));
        assert_eq!(statuses(&front_a, client, 1).await, [200], "half a limit has come back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_within_its_limit_in_one_process_is_never_refused_for_the_sake_of_others() {
    let clock = Arc::new(SetClock::default());
    clock.set(Moment(1_790_000_040_000));
    let (_test, [(a, gate_a, front_a), _]) = two_processes(database::sqlite().await, &clock).await;
    for _ in 0..5 {
        assert_eq!(statuses(&front_a, "192.0.2.1:4000", 2).await, [200; 2]);
        gate_a.share(&a).await.expect("counted");
    }
}
