//! Middleware of every admitted request: request id, locale, response headers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::extract::{self, Peer};
use super::problem::Problem;
use crate::error::Code;
use crate::service::context::App;
use crate::service::sign_in::near_network;

/// Request id in the log and on error pages.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

impl RequestId {
    /// Creates a unique id.
    #[must_use]
    pub fn fresh() -> Self {
        Self(crate::ids::row_id().into())
    }
}

/// The account or API key of a request, once an extractor knows it: for the log of refusals, by its id.
#[derive(Clone, Debug, Default)]
pub struct Who(Arc<std::sync::OnceLock<String>>);

impl Who {
    /// Notes the caller of a request.
    pub fn is(parts: &Parts, id: &str) {
        if let Some(Self(who)) = parts.extensions.get() {
            // The first word counts: a request has one caller.
            drop(who.set(id.to_owned()));
        }
    }
}

/// Marks a response that tells a refusal as a page.
#[derive(Clone, Copy, Debug)]
pub struct RefusedAs(pub Code);

/// Refuses an address with a NUL: no resource has one, and PostgreSQL takes none as a parameter.
pub async fn without_nul(request: Request, next: Next) -> Response {
    let has_nul = |part: Option<&str>| part.is_some_and(|part| part.contains("%00"));
    match request.uri() {
        uri if has_nul(Some(uri.path())) => Problem::new(StatusCode::NOT_FOUND, Code::NotFound).into_response(),
        uri if has_nul(uri.query()) => Problem::new(StatusCode::BAD_REQUEST, Code::Malformed).into_response(),
        _ => next.run(request).await,
    }
}

/// Refuses cross-site writes (CSRF) by `Sec-Fetch-Site`, else by `Origin`. Clients other than browsers send neither
/// header.
pub async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_own(&app, &request) {
        next.run(request).await
    } else {
        Problem::new(StatusCode::FORBIDDEN, Code::CrossSite).into_response()
    }
}

fn is_own(app: &App, request: &Request) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let own = app.config.server.base_url.trim_end_matches('/');
            let host = text("host").unwrap_or_default();
            origin == own || origin.split("://").nth(1) == Some(host)
        }
        (None, None) => true,
    }
}

/// Policy of every page that has none of its own.
pub(super) const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Outermost layer: assigns request id and locale, renders problems, sets headers on every response.
pub async fn answer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = RequestId::fresh();
    let locale = extract::locale(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let peer = request.extensions().get::<Peer>().copied();
    let network = near_network(&extract::network(peer, request.headers(), app.config.server.trusted_hops));
    let who = Who::default();
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(who.clone());
    let started = std::time::Instant::now();
    let mut response = next.run(request).await;
    let problem = response.extensions_mut().remove::<Problem>();
    let told = response.extensions_mut().remove::<RefusedAs>().map(|RefusedAs(code)| code);
    if let Some(code) = problem.as_ref().map(|problem| problem.code).or(told) {
        let account = who.0.get().map_or("-", String::as_str);
        // The network's first bits and an id: nothing of a person.
        tracing::info!(request_id = %id.0, %code, network, account, "refused");
    }
    if let Some(problem) = problem {
        response = problem.render(locale, &method, &id.0);
    }
    if SECRET.iter().any(|folder| path.contains(folder)) {
        response.extensions_mut().insert(HoldsSecret);
    }
    let status = response.status();
    metrics::counter!("luodi_requests_total", "status" => status.as_u16().to_string()).increment(1);
    metrics::histogram!("luodi_request_seconds").record(started.elapsed().as_secs_f64());
    // Paths of private pages contain their secret: only the route is logged.
    tracing::info!(request_id = %id.0, %method, path = public_part(&path), status = status.as_u16(), "request");
    dress(&app, &id, &mut response);
    response
}

/// Folders whose pages hold a token or a person's data beside words that others may have written.
const SECRET: [&str; 7] = ["/staff", "/requirements", "/tickets", "/still-valid", "/alerts", "/leads", "/shares"];

/// Marks a response of [`SECRET`].
#[derive(Clone, Copy, Debug)]
struct HoldsSecret;

/// Whether a response is compressed. Its length would tell a secret beside chosen words, guess by guess (BREACH), so that
/// pages with secrets go out as they are.
pub fn is_compressible(_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_text = kind.is_some_and(|kind| {
        ["text/", "application/json", "application/problem+json", "image/svg+xml"].iter().any(|it| kind.starts_with(it))
    });
    is_text && extensions.get::<HoldsSecret>().is_none()
}

/// Sets the security headers and the request id.
pub(super) fn dress(app: &App, id: &RequestId, response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.config.server.base_url.starts_with("https://") {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        headers.insert("x-request-id", id);
    }
}

/// Hexadecimal digits of the shortest secret in a path, a requirement's reference of 128 bits.
const SECRET_DIGITS: usize = 32;

/// Removes references and tokens, which grant access, from a path.
fn public_part(path: &str) -> String {
    let parts = path.split('/');
    parts
        .map(|part| if part.len() >= SECRET_DIGITS && part.bytes().all(|b| b.is_ascii_hexdigit()) { "…" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}
