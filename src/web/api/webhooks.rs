//! Webhooks, for staff's programs, under a key.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::leads::refuse;
use super::schema::{ProblemShape, ReplayIn, SecretIn, WebhookIn};
use super::staff_call::{BareCall, StaffCall};
use super::{ApiResult, answered, answers, created};
use crate::service::context::App;
use crate::service::webhooks::{self, WebhookForm, WebhookView};
use crate::web::extract::{Bearer, Id, Params};

/// Returns the webhooks of the key's parks, oldest first.
#[utoipa::path(get, path = "/api/v1/webhooks", security(("key" = [])),
    responses((status = 200, body = answers::WebhookListShape, description = "`items` (Webhook)"),
              (status = 401, body = ProblemShape, content_type = "application/problem+json"),
              (status = 403, description = "Managers and admins alone keep webhooks", body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn list_webhooks(State(app): State<App>, Bearer(actor): Bearer, params: Params) -> ApiResult {
    params.only(&[])?;
    let found = webhooks::list(&app, &actor).await?;
    let items: Vec<Value> = found.iter().map(WebhookView::json).collect();
    Ok(super::json(StatusCode::OK, &json!({ "items": items })))
}

/// Makes a webhook: an `https` address that gets each event of a park's leads (or of all parks') as JSON, signed as Standard
/// Webhooks 1.0 says, or as a message of a robot of 企业微信, 钉钉 or 飞书. Each event arrives at least once, those of one lead in
/// their order; `webhook-id` is the same in each attempt. An attempt that is not answered by 2xx within seconds is repeated nine
/// times over a day, then held until it is queued again. Leads of an imported sheet are no events.
#[utoipa::path(post, path = "/api/v1/webhooks", security(("key" = [])), request_body = WebhookIn,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = answers::NewWebhookShape, description = "`secret` is shown once: a replay of the call has it no more"),
              (status = 403, description = "Managers and admins alone keep webhooks", body = ProblemShape, content_type = "application/problem+json"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn create_webhook(
    State(app): State<App>,
    StaffCall { actor, call, mut members }: StaffCall,
) -> ApiResult {
    let form = WebhookForm {
        park: members.text("park").unwrap_or_default(),
        address: members.text("address").unwrap_or_default(),
        format: members.text("format").unwrap_or_default(),
        events: members.texts("events"),
        secret: members.text("secret").unwrap_or_default(),
    };
    refuse(members.finish())?;
    Ok(created(webhooks::add(&app, &actor, &call, &form).await?, |id| format!("/api/v1/webhooks/{id}")))
}

/// Returns one webhook.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", security(("key" = [])), params(("id" = String, Path)),
    responses((status = 200, body = answers::WebhookShape, description = "The webhook, without its secret"),
              (status = 403, body = ProblemShape, content_type = "application/problem+json"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn show_webhook(
    State(app): State<App>,
    Bearer(actor): Bearer,
    Id(id): Id<String>,
    params: Params,
) -> ApiResult {
    params.only(&[])?;
    Ok(super::json(StatusCode::OK, &webhooks::show(&app, &actor, &id).await?.json()))
}

/// Removes a webhook with all that waits for it.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", security(("key" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Nothing more is delivered"),
              (status = 403, body = ProblemShape, content_type = "application/problem+json"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn delete_webhook(
    State(app): State<App>,
    Id(id): Id<String>,
    BareCall(StaffCall { actor, call, members }): BareCall,
) -> ApiResult {
    refuse(members.finish())?;
    Ok(answered(webhooks::remove(&app, &actor, &call, &id).await?))
}

/// Gives a webhook a new secret; for a day both sign. A robot gets the secret that its vendor gave.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/secret", security(("key" = [])), request_body = Option<SecretIn>,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = answers::NewSecretShape, description = "`secret` is shown once: a replay of the call has it no more"),
              (status = 403, body = ProblemShape, content_type = "application/problem+json"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 409, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn rotate_secret(
    State(app): State<App>,
    Id(id): Id<String>,
    BareCall(StaffCall { actor, call, mut members }): BareCall,
) -> ApiResult {
    let secret = members.text("secret").unwrap_or_default();
    refuse(members.finish())?;
    Ok(answered(webhooks::rotate(&app, &actor, &call, &id, &secret).await?))
}

/// Returns the latest hundred deliveries of a webhook, newest first.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", security(("key" = [])),
    params(("id" = String, Path), ("state" = Option<String>, Query, description = "queued, delivered or held")),
    responses((status = 200, body = answers::DeliveryListShape, description = "`items` (Delivery)"),
              (status = 403, body = ProblemShape, content_type = "application/problem+json"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn list_deliveries(
    State(app): State<App>,
    Bearer(actor): Bearer,
    Id(id): Id<String>,
    params: Params,
) -> ApiResult {
    params.only(&["state"])?;
    let found = webhooks::deliveries(&app, &actor, &id, params.get("state")).await?;
    let items: Vec<Value> = found.iter().map(webhooks::delivery_json).collect();
    Ok(super::json(StatusCode::OK, &json!({ "items": items })))
}

/// Queues a settled event again, or all that are held.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/replay", security(("key" = [])), request_body = Option<ReplayIn>,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = answers::ReplayedShape, description = "`queued`: how many"),
              (status = 403, body = ProblemShape, content_type = "application/problem+json"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn replay_deliveries(
    State(app): State<App>,
    Id(id): Id<String>,
    BareCall(StaffCall { actor, call, mut members }): BareCall,
) -> ApiResult {
    let event = members.text("event_id");
    refuse(members.finish())?;
    Ok(answered(webhooks::replay(&app, &actor, &call, &id, event.as_deref()).await?))
}
