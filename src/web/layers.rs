//! What happens to every request: an id, a place among those in work, its language, and headers on every answer.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::Semaphore;

use super::extract;
use super::problem::Problem;
use crate::service::context::App;

/// The id by which a request is found in the log.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

/// Places for requests in work; above them load is shed before a body is read.
#[derive(Clone, Debug)]
pub struct Gate {
    places: Arc<Semaphore>,
    draining: Arc<AtomicBool>,
    /// Requests a network has left; none: it is not counted.
    budget: Option<Arc<DefaultKeyedRateLimiter<String>>>,
}

impl Gate {
    /// A gate of so many places.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), draining: Arc::new(AtomicBool::new(false)), budget: None }
    }

    /// The same gate, which lets each network pass so many requests a minute.
    #[must_use]
    pub fn with_budget(self, a_minute: u32) -> Self {
        let quota = NonZeroU32::new(a_minute).map(Quota::per_minute);
        Self { budget: quota.map(|quota| Arc::new(RateLimiter::keyed(quota))), ..self }
    }

    /// Forgets networks that have their whole budget again.
    pub fn forget_idle(&self) {
        if let Some(budget) = &self.budget {
            budget.retain_recent();
        }
    }

    fn has_budget(&self, network: &str) -> bool {
        self.budget.as_ref().is_none_or(|budget| budget.check_key(&network.to_owned()).is_ok())
    }

    /// From now on `/readyz` says no.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether the process is about to end.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }
}

/// Sheds load: 429 for a network that asks too often, 503 where no place is free, both with `Retry-After`.
pub async fn admit(State((app, gate)): State<(App, Gate)>, request: Request, next: Next) -> Response {
    // Whether it lives is asked of a busy server too.
    if request.uri().path() == "/livez" || request.uri().path() == "/readyz" {
        return next.run(request).await;
    }
    let hops = app.config.server.trusted_hops;
    let network = extract::network(request.extensions().get::<extract::Peer>().copied(), request.headers(), hops);
    if !gate.has_budget(&network) {
        return Problem { retry_after: Some(10), ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many") }
            .into_response();
    }
    let Ok(_place) = gate.places.try_acquire() else {
        metrics::counter!("luodi_shed_total").increment(1);
        return Problem { retry_after: Some(1), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded") }
            .into_response();
    };
    next.run(request).await
}

/// Refuses writes that another site made a browser send: `Sec-Fetch-Site` first, then `Origin`. Clients that are no
/// browsers send neither.
pub async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_own(&app, &request) {
        next.run(request).await
    } else {
        Problem::new(StatusCode::FORBIDDEN, "cross_site").into_response()
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

const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// The outermost layer: gives the request its id and language, words what went wrong, and puts headers on every answer.
pub async fn answer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = RequestId(crate::ids::row_id().into());
    let locale = extract::locale(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(id.clone());
    let started = std::time::Instant::now();
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.render(locale, &id.0);
    }
    let status = response.status();
    metrics::counter!("luodi_requests_total", "status" => status.as_u16().to_string()).increment(1);
    metrics::histogram!("luodi_request_seconds").record(started.elapsed().as_secs_f64());
    // Paths of private pages hold their key: only what the path is for is logged.
    tracing::info!(request_id = %id.0, %method, path = public_part(&path), status = status.as_u16(), "request");
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
    response
}

/// A path without the references and tokens that open private pages.
fn public_part(path: &str) -> String {
    let parts = path.split('/');
    parts
        .map(|part| if part.len() >= 32 && part.bytes().all(|b| b.is_ascii_hexdigit()) { "…" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}
