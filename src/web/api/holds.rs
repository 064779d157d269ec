//! Soft holds on a listing, for staff's programs, under a key.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::leads::{digits, refuse};
use super::schema::{HoldIn, HoldShape, ProblemShape};
use super::staff_call::{BareCall, StaffCall};
use super::{ApiResult, answered, answers, created};
use crate::ids;
use crate::service::context::App;
use crate::service::holds::{self, HoldForm, HoldView};
use crate::web::extract::{Bearer, Id, Params};
use crate::web::view::encode;

/// Returns the live holds on a listing, soonest end first.
#[utoipa::path(get, path = "/api/v1/listings/{id}/holds", security(("key" = [])), params(("id" = String, Path)),
    responses((status = 200, body = answers::HoldListShape, description = "`items` (Hold)"),
              (status = 401, body = ProblemShape, content_type = "application/problem+json"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn list_holds(
    State(app): State<App>,
    Bearer(actor): Bearer,
    Id(id): Id<String>,
    params: Params,
) -> ApiResult {
    params.only(&[])?;
    let found = holds::of_listing(&app, &actor, &id).await?;
    let items: Vec<Value> = found.iter().map(HoldView::json).collect();
    Ok(super::json(StatusCode::OK, &json!({ "items": items })))
}

/// Holds a part of a listing until the end of a day, at most 90 days ahead; never more than is free.
#[utoipa::path(post, path = "/api/v1/listings/{id}/holds", security(("key" = [])), request_body = HoldIn,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = HoldShape),
              (status = 403, body = ProblemShape, content_type = "application/problem+json"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 409, description = "The listing is not on offer", body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, description = "`more_than_free` of `amount` names what is free", body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn create_hold(
    State(app): State<App>,
    Id(id): Id<String>,
    StaffCall { actor, call, mut members }: StaffCall,
) -> ApiResult {
    let listing = encode(&id);
    let form = HoldForm {
        listing: id,
        resource: members.text("resource").unwrap_or_default(),
        amount: digits(&mut members, "amount").unwrap_or_default(),
        unit: members.text("unit").unwrap_or_default(),
        until: members.text("until").unwrap_or_default(),
        note: members.text("note").unwrap_or_default(),
        key: ids::reference(),
    };
    refuse(members.finish())?;
    let answer = holds::make_once(&app, &actor, &call, &form).await?;
    Ok(created(answer, |hold| format!("/api/v1/listings/{listing}/holds/{hold}")))
}

/// Releases a live hold.
#[utoipa::path(delete, path = "/api/v1/listings/{id}/holds/{hold}", security(("key" = [])),
    params(("id" = String, Path), ("hold" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Its part is free again"),
              (status = 403, body = ProblemShape, content_type = "application/problem+json"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn delete_hold(
    State(app): State<App>,
    Id((listing, hold)): Id<(String, String)>,
    BareCall(StaffCall { actor, call, members }): BareCall,
) -> ApiResult {
    refuse(members.finish())?;
    Ok(answered(holds::release_once(&app, &actor, &call, &listing, &hold).await?))
}
