//! Admission control before the router: rate limit per client IP and load shedding, before a body is read.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use domain::time::{MILLIS_PER_SECOND, Moment};
use governor::middleware::StateInformationMiddleware;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{Semaphore, SemaphorePermit};
use tower::ServiceExt as _;

use super::layers::{self, RequestId};
use super::problem::Problem;
use super::shared_limits::SharedLimits;
use super::{extract, pages};
use crate::db::DbError;
use crate::error::Code;
use crate::service::context::App;
use crate::{config, ids};

/// `Retry-After` of a client over its rate limit, s: tokens return evenly over a minute, a sixth of them by then.
const RETRY_SECONDS: u64 = 10;

/// Seconds of the limits' period.
const PERIOD_SECONDS: u32 = 60;

/// Token buckets by key.
type Buckets = Arc<DefaultKeyedRateLimiter<String, StateInformationMiddleware>>;

/// A rate limit and what is left of it, for `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
#[derive(Clone, Copy, Debug)]
struct LimitLeft {
    policy: &'static str,
    limit: u32,
    left: u32,
}

impl LimitLeft {
    /// Sets both headers. `t` is the time after which the whole limit is there again, s: it comes back evenly.
    fn tell(self, response: &mut Response) {
        let Self { policy, limit, left } = self;
        let until = u64::from(limit - left.min(limit)) * u64::from(PERIOD_SECONDS);
        let until = until.div_ceil(u64::from(limit.max(1)));
        let told = [
            ("ratelimit-policy", format!("\"{policy}\";q={limit};w={PERIOD_SECONDS}")),
            ("ratelimit", format!("\"{policy}\";r={left};t={until}")),
        ];
        for (name, value) in told {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
    }
}

/// Semaphore of concurrent requests; above it load is shed before a body is read.
#[derive(Clone, Debug)]
pub struct Gate {
    places: Arc<Semaphore>,
    draining: Arc<AtomicBool>,
    /// Token bucket per client IP; `None` without a rate limit.
    budget: Option<Buckets>,
    /// Token bucket per API key.
    of_keys: Option<Buckets>,
    /// The same limits over all processes.
    shared: Arc<SharedLimits>,
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
            of_keys: None,
            shared: Arc::default(),
            refused: Arc::default(),
        }
    }

    /// Adds a rate limit of `per_minute` requests per client IP per minute.
    #[must_use]
    pub fn with_budget(self, per_minute: u32) -> Self {
        Self { budget: buckets(per_minute), ..self }
    }

    /// Adds a rate limit of `per_minute` requests per API key per minute, instead of that of its client IP.
    #[must_use]
    pub fn with_key_budget(self, per_minute: u32) -> Self {
        Self { of_keys: buckets(per_minute), ..self }
    }

    /// Drops the token buckets that are full again, to bound memory.
    pub fn forget_idle(&self) {
        for buckets in [&self.budget, &self.of_keys].into_iter().flatten() {
            buckets.retain_recent();
        }
    }

    /// Counts the requests that were let in since the last call with those of the other processes.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`]; the limits of this process alone hold then.
    pub async fn share(&self, app: &App) -> Result<(), DbError> {
        self.shared.share(app).await
    }

    /// Counts a request on the limit of its key where that was let in before, else on that of its client IP. Returns what is
    /// left, or the limit that is used up, here or in all processes together.
    fn count(
        &self,
        key: Option<String>,
        network: impl FnOnce() -> String,
        now: Moment,
    ) -> Result<Option<LimitLeft>, LimitLeft> {
        let (policy, buckets, whose) = match (key, &self.of_keys) {
            (Some(key), Some(buckets)) => ("key", buckets, key),
            _ => match &self.budget {
                Some(buckets) => ("network", buckets, network()),
                None => return Ok(None),
            },
        };
        let everywhere = format!("{policy} {whose}");
        match buckets.check_key(&whose) {
            Ok(state) => {
                let limit = state.quota().burst_size().get();
                if self.shared.is_above(&everywhere, now) {
                    return Err(LimitLeft { policy, limit, left: 0 });
                }
                self.shared.note(everywhere, limit);
                Ok(Some(LimitLeft { policy, limit, left: state.remaining_burst_capacity() }))
            }
            Err(until) => Err(LimitLeft { policy, limit: until.quota().burst_size().get(), left: 0 }),
        }
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

/// Token buckets of a limit; `None` for 0.
fn buckets(per_minute: u32) -> Option<Buckets> {
    let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
    Some(Arc::new(RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>()))
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
        // A busy server must still answer its liveness probe, or an orchestrator kills it.
        if matches!(request.uri().path(), "/livez" | "/readyz") {
            return self.pass(request).await;
        }
        let is_api = request.uri().path().starts_with("/api/");
        let limit = match self.count(&request) {
            Ok(limit) => limit.filter(|_| is_api),
            Err(limit) => {
                let mut response = self.refuse(request, &used_up());
                limit.tell(&mut response);
                return response;
            }
        };
        let mut response = match self.place() {
            Ok(_place) => self.pass(request).await,
            Err(problem) => self.refuse(request, &problem),
        };
        if let Some(limit) = limit {
            limit.tell(&mut response);
        }
        response
    }

    async fn pass(&self, request: Request) -> Response {
        self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {})
    }

    fn count(&self, request: &Request) -> Result<Option<LimitLeft>, LimitLeft> {
        let peer = request.extensions().get::<extract::Peer>().copied();
        let hops = self.settings().trusted_hops;
        let key = extract::bearer_key(request.headers()).map(ids::token_hash);
        let key = key.filter(|hash| self.app.known_keys.has(hash));
        self.gate.count(key, || extract::network(peer, request.headers(), hops), self.app.clock.now())
    }

    /// Acquires a place.
    fn place(&self) -> Result<SemaphorePermit<'_>, Problem> {
        self.gate.places.try_acquire().map_err(|_| {
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

fn used_up() -> Problem {
    Problem { retry_after: Some(RETRY_SECONDS), ..Problem::new(StatusCode::TOO_MANY_REQUESTS, Code::TooMany) }
}
