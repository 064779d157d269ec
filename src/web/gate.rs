//! Admission control before the router: rate limit per client IP and load shedding, before a body is read.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use domain::time::MILLIS_PER_SECOND;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{Semaphore, SemaphorePermit};
use tower::ServiceExt as _;

use super::layers::{self, RequestId};
use super::problem::Problem;
use super::{extract, pages};
use crate::config;
use crate::error::Code;
use crate::service::context::App;

/// `Retry-After` of a client over its rate limit, s: tokens return evenly over a minute, a sixth of them by then.
const RETRY_SECONDS: u64 = 10;

/// Semaphore of concurrent requests; above it load is shed before a body is read.
#[derive(Clone, Debug)]
pub struct Gate {
    places: Arc<Semaphore>,
    draining: Arc<AtomicBool>,
    /// Token bucket per client IP; `None` without a rate limit.
    budget: Option<Arc<DefaultKeyedRateLimiter<String>>>,
    refused: Arc<RefusalLog>,
}

/// Refusals since the last log line, and the second of that line.
#[derive(Debug, Default)]
struct RefusalLog {
    count: AtomicU64,
    told: AtomicU64,
}

impl Gate {
    /// Creates a gate for `places` concurrent requests.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            draining: Arc::default(),
            budget: None,
            refused: Arc::default(),
        }
    }

    /// Adds a rate limit of `per_minute` requests per client IP per minute.
    #[must_use]
    pub fn with_budget(self, per_minute: u32) -> Self {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        Self { budget: quota.map(|quota| Arc::new(RateLimiter::keyed(quota))), ..self }
    }

    /// Drops the token buckets that are full again, to bound memory.
    pub fn forget_idle(&self) {
        if let Some(budget) = &self.budget {
            budget.retain_recent();
        }
    }

    fn has_budget(&self, network: impl FnOnce() -> String) -> bool {
        self.budget.as_ref().is_none_or(|budget| budget.check_key(&network()).is_ok())
    }

    /// Makes `/readyz` fail from now on.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether the process is shutting down.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// Logs refusals at most once per second: one line per refusal would amplify an overload.
    fn tell(&self, app: &App, problem: &Problem) {
        let refused = self.refused.count.fetch_add(1, Ordering::Relaxed) + 1;
        let second = (app.clock.now().0 / MILLIS_PER_SECOND).unsigned_abs();
        if self.refused.told.swap(second, Ordering::Relaxed) != second {
            tracing::warn!(code = %problem.code, refused, "requests are refused; since the start so many");
        }
    }
}

/// The router behind its gate.
#[derive(Clone)]
pub struct Front {
    app: App,
    gate: Gate,
    router: Router,
}

impl Front {
    /// Builds the router of an app behind a gate.
    #[must_use]
    pub fn new(app: &App, gate: &Gate) -> Self {
        Self { app: app.clone(), gate: gate.clone(), router: super::router(app, gate) }
    }

    pub(super) const fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(super) fn settings(&self) -> &config::ServerConfig {
        &self.app.config.server
    }

    /// Returns the router's response, or 429 above the rate limit, or 503 where no place is free; both with
    /// `Retry-After`.
    pub async fn answer(self, request: Request) -> Response {
        match self.admit(&request) {
            Ok(_place) => self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {}),
            Err(problem) => self.refuse(request, &problem),
        }
    }

    /// Acquires a place; `None` for probes, which need none.
    fn admit(&self, request: &Request) -> Result<Option<SemaphorePermit<'_>>, Problem> {
        // A busy server must still answer its liveness probe, or an orchestrator kills it.
        if matches!(request.uri().path(), "/livez" | "/readyz") {
            return Ok(None);
        }
        let peer = request.extensions().get::<extract::Peer>().copied();
        let hops = self.settings().trusted_hops;
        if !self.gate.has_budget(|| extract::network(peer, request.headers(), hops)) {
            return Err(Problem {
                retry_after: Some(RETRY_SECONDS),
                ..Problem::new(StatusCode::TOO_MANY_REQUESTS, Code::TooMany)
            });
        }
        self.gate.places.try_acquire().map(Some).map_err(|_| {
            metrics::counter!("luodi_shed_total").increment(1);
            Problem { retry_after: Some(1), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Overloaded) }
        })
    }

    fn refuse(&self, request: Request, problem: &Problem) -> Response {
        self.gate.tell(&self.app, problem);
        metrics::counter!("luodi_requests_total", "status" => problem.status.as_str().to_owned()).increment(1);
        let (mut parts, _unread) = request.into_parts();
        let id = RequestId::fresh();
        parts.extensions.insert(id.clone());
        let mut response = pages::problem_page(&self.app, &parts, problem)
            .unwrap_or_else(|| problem.render(extract::locale(&parts.headers), &parts.method, &id.0));
        layers::dress(&self.app, &id, &mut response);
        response
    }
}
