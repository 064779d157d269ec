//! API version 1: thin handlers over the use cases; route and OpenAPI entry are declared together.

mod answers;
mod describe;
mod holds;
mod leads;
mod listings;
mod owner;
mod requirements;
mod schema;
mod staff_call;
mod webhooks;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::requirement::Requirement;
use serde::Serialize;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::schema::BearerKey;
use super::extract::Params;
use super::problem::Problem;
use crate::service::context::App;
use crate::service::idempotency::Answered;
use crate::service::matching::{MOST, USUAL};

/// Metadata of the OpenAPI document.
#[derive(OpenApi)]
#[openapi(modifiers(&BearerKey), info(
    title = "luodi",
    contact(name = "The operator that `/api/v1/notice` names"),
    license(name = "MIT", identifier = "MIT"),
    description = "What an enterprise needs, matched to parks, standard-land plots and space. Errors are RFC 9457 \
                   `application/problem+json` with a stable `code`. Within version 1 names and statuses stay: fields and calls \
                   are added, and one that is to go is marked `deprecated` for a year before."
))]
struct Document;

/// Routes with their OpenAPI document.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(requirements::show_notice))
        .routes(routes!(requirements::read_text))
        .routes(routes!(requirements::match_requirement))
        .routes(routes!(requirements::create_requirement))
        .routes(routes!(requirements::show_requirement, requirements::delete_requirement, owner::correct_requirement))
        .routes(routes!(requirements::list_requirement_matches))
        .routes(routes!(requirements::create_inquiries))
        .routes(routes!(owner::create_message))
        .routes(routes!(owner::delete_inquiry))
        .routes(routes!(owner::export_requirement))
        .routes(routes!(owner::answer_proposal))
        .routes(routes!(leads::list_leads, leads::create_lead))
        .routes(routes!(leads::show_lead))
        .routes(routes!(leads::create_note))
        .routes(routes!(leads::move_lead))
        .routes(routes!(leads::assign_lead))
        .routes(routes!(leads::reveal_lead))
        .routes(routes!(leads::reply_lead))
        .routes(routes!(leads::resend_lead))
        .routes(routes!(leads::propose_handover))
        .routes(routes!(leads::answer_handover))
        .routes(routes!(leads::list_tasks))
        .routes(routes!(leads::finish_task))
        .routes(routes!(leads::show_report))
        .routes(routes!(listings::list_listings))
        .routes(routes!(listings::show_listing))
        .routes(routes!(holds::list_holds, holds::create_hold))
        .routes(routes!(holds::delete_hold))
        .routes(routes!(webhooks::list_webhooks, webhooks::create_webhook))
        .routes(routes!(webhooks::show_webhook, webhooks::delete_webhook))
        .routes(routes!(webhooks::rotate_secret))
        .routes(routes!(webhooks::list_deliveries))
        .routes(routes!(webhooks::replay_deliveries))
        .routes(routes!(listings::search_listings))
        .routes(routes!(listings::show_ranking))
}

/// Returns the OpenAPI document, complete.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = router().into_openapi();
    describe::complete(&mut document);
    document
}

/// Result of a handler.
type ApiResult = Result<Response, Problem>;

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_string(body) {
        Ok(text) => json_text(status, text),
        Err(error) => Problem::from(crate::error::Error::Internal(error.into())).into_response(),
    }
}

fn json_text(status: StatusCode, text: String) -> Response {
    let mut response = (status, text).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Response of a writing call; a replayed one is marked by a header.
fn answered(answered: Answered) -> Response {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = if answered.body.is_empty() { status.into_response() } else { json_text(status, answered.body) };
    if answered.replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// Response of a call that made something: [`answered`] with its address in `Location`.
fn located(answered_with: Answered, location: &str) -> Response {
    let mut response = answered(answered_with);
    if response.status() == StatusCode::CREATED
        && let Ok(location) = HeaderValue::from_str(location)
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// [`located`] at the address of the `id` or `reference` in the body.
fn created(answered_with: Answered, address: impl FnOnce(&str) -> String) -> Response {
    #[derive(serde::Deserialize)]
    struct Made {
        id: Option<String>,
        reference: Option<String>,
    }
    let made = serde_json::from_str::<Made>(&answered_with.body).ok();
    match made.and_then(|made| made.id.or(made.reference)) {
        Some(id) => located(answered_with, &address(&id)),
        None => answered(answered_with),
    }
}

/// Parses the requirement of a body; errors are prefixed `requirement.`.
fn requirement(body: &Value) -> Result<Requirement, Vec<domain::requirement::FieldError>> {
    Requirement::from_json(body).map_err(|errors| {
        errors
            .into_iter()
            .map(|mut error| {
                error.field = if error.field.is_empty() {
                    "requirement".to_owned()
                } else {
                    format!("requirement.{}", error.field)
                };
                error
            })
            .collect()
    })
}

/// Most matches per list.
fn limit(params: &Params) -> Result<usize, Problem> {
    params.only(&["limit"])?;
    params.number("limit", 0..=MOST, USUAL).map_err(|error| Problem::invalid(vec![error]))
}
