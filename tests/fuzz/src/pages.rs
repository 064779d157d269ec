//! Requests to the whole service over the demo inventory, in a database that is removed. No input is answered with 500.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use luodi::config::Config;
use luodi::web::gate::Gate;
use luodi::{demo, lifecycle, web};
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// Bytes that no URI may hold; the others stay as they are, `%` too.
const FOREIGN: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// Paths that take a query.
const QUERIED: [&str; 9] =
    ["/", "/matches", "/inquiry", "/plots", "/spaces", "/search", "/policies", "/api/v1/listings", "/api/v1/search"];
/// Paths that take a token, a number or a cursor at their end.
const NAMED: [&str; 7] = [
    "/requirements/",
    "/alerts/",
    "/shared/",
    "/tickets/",
    "/plots/",
    "/api/v1/requirements/",
    "/api/v1/listings?cursor=",
];
/// Paths that take a form, and those of the API that take JSON.
const FORMS: [&str; 4] = ["/", "/matches", "/report", "/lost"];
const CALLS: [&str; 3] = ["/api/v1/read", "/api/v1/matches", "/api/v1/requirements"];

/// Number of the forms so far: each has an idempotency key of its own.
static NUMBER: AtomicU64 = AtomicU64::new(0);

struct Service {
    runtime: Runtime,
    router: Router,
    _folder: TempDir,
}

static SERVICE: LazyLock<Service> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let variables = [
        ("LUODI_PROFILE", "test".to_owned()),
        ("DATABASE_URL", format!("sqlite://{}?mode=rwc", file("luodi.db"))),
        ("LUODI__BACKUP__ERASURE_LEDGER", file("erasures")),
        ("LUODI__SEARCH__DIR", file("index")),
        ("LUODI__LIMITS__ENABLED", "false".to_owned()),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let router = runtime.block_on(async {
        let app =
            lifecycle::start(Config::from_variables(&variables).expect("a configuration")).await.expect("a service");
        demo::load(&app).await.expect("the demo inventory");
        web::router(&app, &Gate::new(64))
    });
    Service { runtime, router, _folder: folder }
});

fn ask(request: Request<Body>) {
    let about = format!("{} {}", request.method(), request.uri());
    SERVICE.runtime.block_on(async {
        let answer = SERVICE.router.clone().oneshot(request).await.expect("infallible");
        assert_ne!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{about}");
        to_bytes(answer.into_body(), usize::MAX).await.expect("a whole answer");
    });
}

/// Splits a choice off an input.
fn chosen<'a>(data: &'a [u8], among: &[&'static str]) -> Option<(&'static str, &'a [u8])> {
    let (first, rest) = data.split_first()?;
    Some((among[usize::from(*first) % among.len()], rest))
}

fn get(address: &str) {
    if let Ok(request) = Request::get(address).body(Body::empty()) {
        ask(request);
    }
}

/// A form of a page, or the JSON of the API.
pub(crate) fn form(data: &[u8]) {
    let is_call = data.get(1) == Some(&b'{');
    let among: &[&str] = if is_call { &CALLS } else { &FORMS };
    let Some((path, body)) = chosen(data, among) else { return };
    let kind = if is_call { "application/json" } else { "application/x-www-form-urlencoded" };
    let once = NUMBER.fetch_add(1, Ordering::Relaxed).to_string();
    let request = Request::post(path).header("content-type", kind).header("idempotency-key", once);
    ask(request.body(Body::from(body.to_vec())).expect("a request"));
}

/// Filters and pages of lists, searches and matches.
pub(crate) fn filter(data: &[u8]) {
    if let Some((path, query)) = chosen(data, &QUERIED) {
        get(&format!("{path}?{}", percent_encode(query, FOREIGN)));
    }
}

/// Tokens, numbers and cursors.
pub(crate) fn cursor(data: &[u8]) {
    if let Some((path, token)) = chosen(data, &NAMED) {
        get(&format!("{path}{}", percent_encode(token, FOREIGN)));
    }
}
