//! Requirements: read, match, submit, show, send to parks, erase.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use domain::requirement::{FieldCode, FieldError};
use domain::time::parse_day;
use serde_json::{Value, json};

use super::schema::{InquiriesIn, ProblemShape, ReadIn, RequirementIn, RequirementShape};
use super::{ApiResult, answered, answers, created, limit, located, requirement};
use crate::i18n::{Locale, worded_reading};
use crate::service::context::App;
use crate::service::requirements::{RequirementStatus, Submit};
use crate::service::{erasure, handovers, inquiries, matching, notice, requirements};
use crate::web::extract::{self, Id, JsonBody, Key, Members, Network, Params};
use crate::web::problem::Problem;
use crate::web::view::reading_of;

/// Longest text that is read, in characters.
const LONGEST_TEXT: usize = 20_000;

/// The privacy notice in force.
#[utoipa::path(get, path = "/api/v1/notice", responses((status = 200, body = answers::NoticeShape, description = "`version` and `text`")))]
pub(super) async fn show_notice(State(app): State<App>, headers: HeaderMap, params: Params) -> ApiResult {
    params.only(&[])?;
    let notice = notice::current(&app.config, extract::locale(&headers).tag());
    Ok(super::json(StatusCode::OK, &json!({ "version": notice.version, "text": notice.text })))
}

/// Reads free text into a draft requirement.
#[utoipa::path(post, path = "/api/v1/read", request_body = ReadIn,
    responses((status = 200, body = answers::ReadingShape, description = "What was understood, what was not, what is to be asked"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn read_text(State(app): State<App>, JsonBody(body): JsonBody) -> ApiResult {
    let mut members = Members::of(body)?;
    let text = members.text("text");
    let now = members.text("now");
    let day = now.as_deref().map(parse_day);
    if text.is_none() && members.errors.is_empty() {
        members.errors.push(FieldError::new("text", FieldCode::Missing));
    }
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        members.errors.push(FieldError::new("text", FieldCode::TooLong).with("max", LONGEST_TEXT.to_string()));
    }
    if day == Some(None) {
        members.errors.push(FieldError::new("now", FieldCode::BadDate).with("value", now.unwrap_or_default()));
    }
    let errors = members.finish();
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let today = app.clock.now().day();
    let reading = reading_of(&text.unwrap_or_default(), day.flatten().unwrap_or(today), &app.config.reading.rates.0);
    Ok(super::json(StatusCode::OK, &worded_reading(Locale::ZhHans, &reading)))
}

/// Matches a requirement; nothing is stored.
#[utoipa::path(post, path = "/api/v1/matches", request_body = RequirementShape,
    params(("limit" = Option<usize>, Query, description = "Matches a list, at most 200")),
    responses((status = 200, body = answers::AnswerShape, description = "The answer"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn match_requirement(State(app): State<App>, params: Params, JsonBody(body): JsonBody) -> ApiResult {
    let limit = limit(&params)?;
    let requirement = requirement(&body).map_err(Problem::invalid)?;
    Ok(super::json(StatusCode::OK, &matching::answer(&app, &requirement, limit)))
}

/// Submits a requirement with its owner's contact and consent.
#[utoipa::path(post, path = "/api/v1/requirements", request_body = RequirementIn,
    params(("Idempotency-Key" = String, Header, description = "1 to 64 visible ASCII characters")),
    responses((status = 201, body = answers::SubmittedShape, description = "`reference`, `status_url`, `matches`"),
              (status = 400, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn create_requirement(
    State(app): State<App>,
    Network(network): Network,
    key: Key,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> ApiResult {
    let call = key.call(&body);
    let submit = submission(body, extract::locale(&headers).tag(), network)?;
    let answer = requirements::submit(&app, &call, submit).await?;
    Ok(created(answer, |reference| format!("/api/v1/requirements/{reference}")))
}

/// Parses a submission; the error has one entry per wrong field.
fn submission(body: Value, locale: &str, network: String) -> Result<Submit, Problem> {
    let mut members = Members::of(body)?;
    let (wanted, mut errors) = match members.take("requirement") {
        Some(body) => match requirement(&body) {
            Ok(wanted) => (wanted, Vec::new()),
            Err(errors) => (Default::default(), errors),
        },
        None => (Default::default(), vec![FieldError::new("requirement", FieldCode::Missing)]),
    };
    let mut consent = members.inner("consent");
    let notice_version = consent.text("notice_version");
    if notice_version.is_none() {
        errors.push(FieldError::new("consent.notice_version", FieldCode::Missing));
    }
    members.absorb("consent", consent);
    let submit = Submit {
        requirement: wanted,
        company: members.text("company").unwrap_or_default(),
        contact: members.text("contact").unwrap_or_default(),
        phone: members.text("phone").unwrap_or_default(),
        email: members.text("email").unwrap_or_default(),
        text: members.text("text"),
        uscc: members.text("uscc"),
        locale: locale.to_owned(),
        notice_version: notice_version.unwrap_or_default(),
        network: Some(network),
        suspicion: None,
    };
    let mut found = members.finish();
    if let Err(crate::error::Error::Invalid(wrong)) = requirements::check_contact(&submit) {
        // The field already has an error of its type.
        errors.extend(wrong.into_iter().filter(|error| !found.iter().any(|named| named.field == error.field)));
    }
    found.extend(errors);
    if found.is_empty() { Ok(submit) } else { Err(Problem::invalid(found)) }
}

/// A requirement as its owner sees it.
#[utoipa::path(get, path = "/api/v1/requirements/{reference}", params(("reference" = String, Path)),
    responses((status = 200, body = answers::RequirementStateShape, description = "State, requirement, inquiries, accesses"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 410, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn show_requirement(State(app): State<App>, Id(reference): Id<String>) -> ApiResult {
    let status = requirements::status(&app, &reference).await?;
    Ok(super::json(StatusCode::OK, &status_json(&app, &status)))
}

fn status_json(app: &App, status: &RequirementStatus) -> Value {
    json!({
        "reference": status.reference,
        "state": status.state,
        "created_at": status.created_at.rfc3339(),
        "requirement": status.requirement,
        "inquiries": status.inquiries.iter().map(inquiries::inquiry_json).collect::<Vec<_>>(),
        "accesses": status.accesses.iter().map(requirements::access_json).collect::<Vec<_>>(),
        "handovers": status.handovers.iter().map(|it| handovers::handover_json(app, it)).collect::<Vec<_>>(),
    })
}

/// Matches a stored requirement against the present inventory.
#[utoipa::path(get, path = "/api/v1/requirements/{reference}/matches",
    params(("reference" = String, Path), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = answers::AnswerShape, description = "The answer"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn list_requirement_matches(
    State(app): State<App>,
    Id(reference): Id<String>,
    params: Params,
) -> ApiResult {
    let limit = limit(&params)?;
    let found = requirements::by_reference(&app, &reference).await?;
    Ok(super::json(StatusCode::OK, &matching::answer(&app, found.requirement.known(), limit)))
}

/// Sends a requirement to the parks of the listings asked for, each consented to.
#[utoipa::path(post, path = "/api/v1/requirements/{reference}/inquiries", request_body = InquiriesIn,
    params(("reference" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = answers::InquiriesShape, description = "One inquiry a listing, in the order asked"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn create_inquiries(
    State(app): State<App>,
    Id(reference): Id<String>,
    key: Key,
    JsonBody(body): JsonBody,
) -> ApiResult {
    let call = key.call(&body);
    let mut members = Members::of(body)?;
    let mut consent = members.inner("consent");
    let (notice_version, parks) = (consent.text("notice_version"), consent.texts("parks"));
    if notice_version.is_none() {
        consent.errors.push(FieldError::new("notice_version", FieldCode::Missing));
    }
    members.absorb("consent", consent);
    let listings = members.texts("listings");
    let via_operator = members.option_flag("via_operator");
    let errors = members.finish();
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    let send = inquiries::Send { listings, notice_version: notice_version.unwrap_or_default(), parks, via_operator };
    let answer = inquiries::send(&app, &call, &reference, send).await?;
    Ok(located(answer, &format!("/api/v1/requirements/{reference}")))
}

/// Withdraws and erases a requirement.
#[utoipa::path(delete, path = "/api/v1/requirements/{reference}",
    params(("reference" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 204, description = "Unsent mail is cancelled, contact data are erased"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 410, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn delete_requirement(
    State(app): State<App>,
    Id(reference): Id<String>,
    key: Key,
    request: Request,
) -> ApiResult {
    // DELETE has no body, but one that was sent must be read, so that the connection can be reused.
    extract::read_body(request.into_body(), &app).await?;
    let call = key.call(&Value::Null);
    Ok(answered(erasure::erase(&app, &call, &reference).await?))
}
