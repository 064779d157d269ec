//! Calls of the enterprise after its inquiries: corrections, messages, withdrawals, its copy, its word on a hand-over.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use domain::requirement::{FieldCode, FieldError};
use serde_json::Value;

use super::schema::{ConsentIn, CorrectionIn, MessageIn, ProblemShape};
use super::{ApiResult, answered, answers, located, requirement};
use crate::service::context::App;
use crate::service::{corrections, handovers};
use crate::web::extract::{self, Id, JsonBody, Key, Members};
use crate::web::problem::Problem;

/// Corrects a requirement; asked parks see the change.
#[utoipa::path(put, path = "/api/v1/requirements/{reference}", request_body = CorrectionIn,
    params(("reference" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = answers::CorrectedShape, description = "`reference`, `requirement`, `matches`"),
              (status = 410, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn correct_requirement(
    State(app): State<App>,
    Id(reference): Id<String>,
    key: Key,
    JsonBody(body): JsonBody,
) -> ApiResult {
    let call = key.call(&body);
    let mut members = Members::of(body)?;
    let (wanted, wrong) = match members.take("requirement") {
        Some(body) => match requirement(&body) {
            Ok(wanted) => (wanted, Vec::new()),
            Err(errors) => (Default::default(), errors),
        },
        None => (Default::default(), vec![FieldError::new("requirement", FieldCode::Missing)]),
    };
    let text = members.text("text");
    let mut errors = members.finish();
    errors.extend(wrong);
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    Ok(answered(corrections::correct(&app, &call, &reference, wanted, text).await?))
}

/// Sends a message to the park of an inquiry.
#[utoipa::path(post, path = "/api/v1/requirements/{reference}/inquiries/{number}/messages", request_body = MessageIn,
    params(("reference" = String, Path), ("number" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = answers::SentMessageShape, description = "`number`, `at`"),
              (status = 410, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn create_message(
    State(app): State<App>,
    Id((reference, number)): Id<(String, String)>,
    key: Key,
    JsonBody(body): JsonBody,
) -> ApiResult {
    let call = key.call(&body);
    let mut members = Members::of(body)?;
    let text = members.text("text");
    let errors = members.finish();
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let text = text.unwrap_or_default();
    let answer = corrections::message(&app, &call, &reference, &number, &text).await?;
    Ok(located(answer, &format!("/api/v1/requirements/{reference}")))
}

/// Withdraws one inquiry.
#[utoipa::path(delete, path = "/api/v1/requirements/{reference}/inquiries/{number}",
    params(("reference" = String, Path), ("number" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Unsent mail is cancelled; the park is told where it was served"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 410, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn delete_inquiry(
    State(app): State<App>,
    Id((reference, number)): Id<(String, String)>,
    key: Key,
    request: Request,
) -> ApiResult {
    // A body that was sent must be read, so that the connection can be reused.
    extract::read_body(request.into_body(), &app).await?;
    let call = key.call(&Value::Null);
    Ok(answered(corrections::withdraw(&app, &call, &reference, &number).await?))
}

/// Returns everything that is kept of a requirement.
#[utoipa::path(get, path = "/api/v1/requirements/{reference}/export", params(("reference" = String, Path)),
    responses((status = 200, body = answers::RequirementExportShape, description = "Requirement, contact, consents, inquiries, accesses, messages, mails"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 410, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn export_requirement(State(app): State<App>, Id(reference): Id<String>) -> ApiResult {
    Ok(super::json(StatusCode::OK, &corrections::export(&app, &reference).await?))
}

/// Records the enterprise's word on a hand-over.
#[utoipa::path(post, path = "/api/v1/requirements/{reference}/handovers/{id}", request_body = ConsentIn,
    params(("reference" = String, Path), ("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = answers::ProposalShape, description = "The hand-over"),
              (status = 409, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn answer_proposal(
    State(app): State<App>,
    Id((reference, id)): Id<(String, String)>,
    key: Key,
    JsonBody(body): JsonBody,
) -> ApiResult {
    let call = key.call(&body);
    let mut members = Members::of(body)?;
    let accepts = members.flag("accept");
    let mut consent = members.inner("consent");
    let notice = consent.text("notice_version");
    if notice.is_none() && accepts {
        consent.errors.push(FieldError::new("notice_version", FieldCode::Missing));
    }
    members.absorb("consent", consent);
    let errors = members.finish();
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let notice = notice.unwrap_or_default();
    Ok(answered(handovers::consent(&app, &call, &reference, &id, accepts, &notice).await?))
}
