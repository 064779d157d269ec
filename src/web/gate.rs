//! The gate before the router: whoever asks too often, or finds no place, is refused before anything is done for him.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{Semaphore, SemaphorePermit};
use tower::ServiceExt as _;

use super::layers::{self, RequestId};
use super::problem::Problem;
use super::{extract, pages};
use crate::config;
use crate::service::context::App;

/// Places for requests in work; above them load is shed before a body is read.
#[derive(Clone, Debug)]
pub struct Gate {
    places: Arc<Semaphore>,
    draining: Arc<AtomicBool>,
    /// Requests a network has left; none: it is not counted.
    budget: Option<Arc<DefaultKeyedRateLimiter<String>>>,
    refused: Arc<RefusalLog>,
}

/// How many were refused, and in which second of the clock that was last told.
#[derive(Debug, Default)]
struct RefusalLog {
    count: AtomicU64,
    told: AtomicU64,
}

impl Gate {
    /// A gate of so many places.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            draining: Arc::default(),
            budget: None,
            refused: Arc::default(),
        }
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

    fn has_budget(&self, network: impl FnOnce() -> String) -> bool {
        self.budget.as_ref().is_none_or(|budget| budget.check_key(&network()).is_ok())
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

    /// Tells the log of a refusal, once a second: a crowd must not be answered with a line each.
    fn tell(&self, app: &App, problem: &Problem) {
        let refused = self.refused.count.fetch_add(1, Ordering::Relaxed) + 1;
        let second = app.clock.now().0.unsigned_abs() / 1_000;
        if self.refused.told.swap(second, Ordering::Relaxed) != second {
            tracing::warn!(code = problem.code, refused, "requests are refused; since the start so many");
        }
    }
}

/// Everything that is served, behind its gate.
#[derive(Clone)]
pub struct Front {
    app: App,
    gate: Gate,
    router: Router,
}

impl Front {
    /// The router of an app behind a gate.
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

    /// The router's answer, or a refusal: 429 for a network that asks too often, 503 where no place is free, both with
    /// `Retry-After`.
    pub async fn answer(self, request: Request) -> Response {
        match self.admit(&request) {
            Ok(_place) => self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {}),
            Err(problem) => self.refuse(request, &problem),
        }
    }

    /// A place for a request; none where it needs none.
    fn admit(&self, request: &Request) -> Result<Option<SemaphorePermit<'_>>, Problem> {
        // Whether it lives is asked of a busy server too.
        if matches!(request.uri().path(), "/livez" | "/readyz") {
            return Ok(None);
        }
        let peer = request.extensions().get::<extract::Peer>().copied();
        let hops = self.settings().trusted_hops;
        if !self.gate.has_budget(|| extract::network(peer, request.headers(), hops)) {
            return Err(Problem { retry_after: Some(10), ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many") });
        }
        self.gate.places.try_acquire().map(Some).map_err(|_| {
            metrics::counter!("luodi_shed_total").increment(1);
            Problem { retry_after: Some(1), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded") }
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
