//! HTTP: router, middleware, API and pages.

pub mod api;
mod conditional;
pub mod extract;
mod first_head;
pub mod gate;
pub mod layers;
pub mod pages;
pub mod problem;
pub mod serve;
mod shared_limits;
mod staff;
mod upload;
pub mod view;

use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate as _, SizeAbove};

use crate::error::{Code, Error};
use crate::service::context::App;
use gate::Gate;
use problem::Problem;

/// Least size worth compressing, bytes: below it a response fits one packet anyway.
const LEAST_COMPRESSED: u64 = 1_400;

/// Every route, without the admission gate ([`gate::Front`]).
pub fn router(app: &App, gate: &Gate) -> Router {
    let (api, _) = api::router().split_for_parts();
    let document = std::sync::Arc::new(api::document());
    let ready = gate.clone();
    let compressed = SizeAbove::new(LEAST_COMPRESSED).and(layers::is_compressible);
    Router::new()
        .merge(api.layer(from_fn(conditional::answer)))
        .merge(pages::router(app, staff::router(app)))
        .route("/openapi.json", get(move || std::future::ready(Json(document.as_ref().clone()))))
        .route("/livez", get(|| std::future::ready(Json(json!({ "status": "live" })))))
        .route("/readyz", get(move |State(app): State<App>| readyz(app, ready)))
        .fallback(|| std::future::ready(Problem::new(StatusCode::NOT_FOUND, Code::NotFound)))
        .method_not_allowed_fallback(|| {
            std::future::ready(Problem::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed))
        })
        .layer(from_fn_with_state(app.clone(), layers::same_origin))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal).into_response()
        }))
        .layer(from_fn(layers::without_nul))
        .layer(from_fn_with_state(app.clone(), pages::worded))
        .layer(from_fn_with_state(app.clone(), layers::answer))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(compressed))
        .with_state(app.clone())
}

/// Readiness probe. A relay or search outage leaves the process ready: mails wait in the outbox, search has a fallback.
async fn readyz(app: App, gate: Gate) -> Response {
    if gate.is_draining() {
        return Problem { retry_after: Some(1), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Draining) }
            .into_response();
    }
    match app.db.ready().await {
        Ok(()) => Json(json!({ "status": "ready" })).into_response(),
        Err(error) => Error::from(error).into_response(),
    }
}
