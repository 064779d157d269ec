//! Leads, tasks and reports for staff's programs, under a key.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::lead::NoteKind;
use domain::requirement::{FieldCode, FieldError, Word as _};
use serde_json::{Value, json};

use super::schema::{
    AnswerIn, HandoverIn, LeadDetailShape, LeadShape, NoteShape, OwnerIn, ProblemShape, ReplyIn, StageIn, TaskIn,
    TypedInShape,
};
use super::staff_call::{BareCall, StaffCall};
use super::{ApiResult, answered, answers, created, requirement};
use crate::error::{Code, Error};
use crate::service::context::App;
use crate::service::desk::{self, Filters};
use crate::service::handovers::{self, Proposal};
use crate::service::promises::Review;
use crate::service::reports::{self, PeriodReport, ReportKind};
use crate::service::tasks;
use crate::service::typed_in::{self, TypedIn};
use crate::service::work::{self, MoveIn, NoteIn};
use crate::tables::{Format, Out, write_rows};
use crate::web::extract::{Bearer, Id, Members, Params};
use crate::web::problem::Problem;

/// Refuses a body with wrong fields.
pub(super) fn refuse(errors: Vec<FieldError>) -> Result<(), Problem> {
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// Returns the leads of the key's scope, soonest due first, then by number.
#[utoipa::path(get, path = "/api/v1/leads", security(("key" = [])),
    params(("bucket" = Option<String>, Query, description = "overdue, today, to_answer, new, waiting"),
           ("stage" = Option<String>, Query), ("owner" = Option<String>, Query, description = "A mail address, `me` or `none`"),
           ("q" = Option<String>, Query, description = "Company, number, listing, or the last four digits of a phone"),
           ("updated_since" = Option<String>, Query, description = "RFC 3339, or a day"),
           ("cursor" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, body = answers::LeadPageShape, description = "`items` (Lead), `next`, `counts`"),
              (status = 401, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn list_leads(State(app): State<App>, Bearer(actor): Bearer, params: Params) -> ApiResult {
    params.only(&["bucket", "stage", "owner", "q", "updated_since", "cursor"])?;
    let filters = Filters {
        bucket: params.get("bucket"),
        stage: params.get("stage"),
        owner: params.get("owner"),
        q: params.get("q"),
        updated_since: params.get("updated_since"),
        cursor: params.get("cursor"),
    };
    let page = desk::list(&app, &actor, filters).await?;
    Ok(super::json(StatusCode::OK, &desk::list_json(&app, &actor, &page)))
}

/// Returns one lead with its requirement, matches, alternatives, duplicates and timeline.
#[utoipa::path(get, path = "/api/v1/leads/{id}", security(("key" = [])), params(("id" = String, Path)),
    responses((status = 200, body = LeadDetailShape, description = "Lead with `requirement`, `matches`, `alternatives`, `duplicates`, `timeline`"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn show_lead(State(app): State<App>, Bearer(actor): Bearer, Id(id): Id<String>) -> ApiResult {
    let page = desk::show(&app, &actor, &id).await?;
    Ok(super::json(StatusCode::OK, &desk::lead_page_json(&app, &actor, &page)))
}

/// Stores a lead that staff typed in.
#[utoipa::path(post, path = "/api/v1/leads", security(("key" = [])), request_body = TypedInShape,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = LeadShape), (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn create_lead(
    State(app): State<App>,
    StaffCall { actor, call, mut members }: StaffCall,
) -> ApiResult {
    let (wanted, wrong) = match members.take("requirement") {
        Some(body) => match requirement(&body) {
            Ok(wanted) => (wanted, Vec::new()),
            Err(errors) => (Default::default(), errors),
        },
        None => (Default::default(), vec![FieldError::new("requirement", FieldCode::Missing)]),
    };
    let mut consent = members.inner("consent");
    let (basis, note) = (consent.text("basis"), consent.text("note"));
    members.absorb("consent", consent);
    let new = TypedIn {
        park: members.text("park").unwrap_or_default(),
        listing: members.text("listing"),
        company: members.text("company").unwrap_or_default(),
        contact: members.text("contact"),
        phone: members.text("phone"),
        email: members.text("email"),
        requirement: wanted,
        text: members.text("text"),
        source: members.text("source").unwrap_or_default(),
        referrer: members.text("referrer"),
        basis: basis.unwrap_or_default(),
        note: note.unwrap_or_default(),
    };
    let mut errors = members.finish();
    errors.extend(wrong);
    refuse(errors)?;
    Ok(created(typed_in::create(&app, &actor, &call, new).await?, |id| format!("/api/v1/leads/{id}")))
}

/// Adds a note; the lead does not move, and becomes due on `next_on`.
#[utoipa::path(post, path = "/api/v1/leads/{id}/notes", security(("key" = [])), request_body = NoteShape,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = LeadShape), (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn create_note(
    State(app): State<App>,
    Id(id): Id<String>,
    StaffCall { actor, call, mut members }: StaffCall,
) -> ApiResult {
    let (kind, text, next_on) = (members.text("kind"), members.text("text"), members.text("next_on"));
    let known = kind.as_deref().and_then(NoteKind::from_word);
    if known.is_none() && !members.errors.iter().any(|error| error.field == "kind") {
        let code = if kind.is_none() { FieldCode::Missing } else { FieldCode::UnknownWord };
        let error = FieldError::new("kind", code).with("value", kind.unwrap_or_default());
        members.errors.push(error.with("accepted", NoteKind::words().join(", ")));
    }
    refuse(members.finish())?;
    let new = NoteIn { kind: known.unwrap_or(NoteKind::Other), text: text.unwrap_or_default(), next_on };
    Ok(answered(work::note(&app, &actor, &call, &id, new).await?))
}

/// A number or a text of digits, as facts are written.
pub(super) fn digits(members: &mut Members, name: &'static str) -> Option<String> {
    match members.take(name)? {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text),
        _ => {
            members.errors.push(FieldError::new(name, FieldCode::WrongType).with("expected", "number"));
            None
        }
    }
}

fn move_of(mut members: Members) -> Result<MoveIn, Problem> {
    let mut facts = members.inner("facts");
    let (amount_wan, signed_on) = (digits(&mut facts, "amount_wan"), facts.text("signed_on"));
    let inner_next = facts.text("next_on");
    members.absorb("facts", facts);
    let version = match members.take("version") {
        Some(Value::Number(number)) if number.as_i64().is_some() => number.as_i64(),
        Some(_) => {
            members.errors.push(FieldError::new("version", FieldCode::WrongType).with("expected", "number"));
            None
        }
        None => {
            members.errors.push(FieldError::new("version", FieldCode::Missing));
            None
        }
    };
    let new = MoveIn {
        to: members.text("to").unwrap_or_default(),
        version: version.unwrap_or_default(),
        reason: members.text("reason").unwrap_or_default(),
        next_on: members.text("next_on").or(inner_next),
        amount_wan,
        signed_on,
    };
    refuse(members.finish())?;
    Ok(new)
}

/// Moves a lead to one of its `next_stages`.
#[utoipa::path(post, path = "/api/v1/leads/{id}/stage", security(("key" = [])), request_body = StageIn,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = LeadShape),
              (status = 409, description = "`version` is old: `current` is the lead", body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn move_lead(
    State(app): State<App>,
    Id(id): Id<String>,
    StaffCall { actor, call, members }: StaffCall,
) -> ApiResult {
    let new = move_of(members)?;
    match work::advance(&app, &actor, &call, &id, new).await {
        Err(Error::Conflict(Code::LeadChanged)) => {
            let current = desk::current(&app, &actor, &id).await?;
            Err(Problem { current: Some(current), ..Problem::new(StatusCode::CONFLICT, Code::LeadChanged) })
        }
        other => Ok(answered(other?)),
    }
}

/// Gives a lead to an owner, or to the unowned list with `null`.
#[utoipa::path(post, path = "/api/v1/leads/{id}/owner", security(("key" = [])), request_body = OwnerIn,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = LeadShape), (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn assign_lead(
    State(app): State<App>,
    Id(id): Id<String>,
    StaffCall { actor, call, mut members }: StaffCall,
) -> ApiResult {
    let owner = members.text("owner");
    refuse(members.finish())?;
    Ok(answered(work::assign(&app, &actor, &call, &id, owner.as_deref()).await?))
}

/// Returns the contact data in full; the enterprise sees the access.
#[utoipa::path(post, path = "/api/v1/leads/{id}/reveal", security(("key" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = answers::ContactShape, description = "`company`, `contact`, `phone`, `email`"),
              (status = 403, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn reveal_lead(
    State(app): State<App>,
    Id(id): Id<String>,
    BareCall(StaffCall { actor, call, members }): BareCall,
) -> ApiResult {
    refuse(members.finish())?;
    let (mut told, contact) = work::reveal(&app, &actor, &call, &id).await?;
    told.body = json!({
        "company": contact.company, "contact": contact.person, "phone": contact.phone, "email": contact.email,
    })
    .to_string();
    Ok(answered(told))
}

/// Sends the park's answer to the enterprise by mail.
#[utoipa::path(post, path = "/api/v1/leads/{id}/reply", security(("key" = [])), request_body = ReplyIn,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = LeadShape), (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn reply_lead(
    State(app): State<App>,
    Id(id): Id<String>,
    StaffCall { actor, call, mut members }: StaffCall,
) -> ApiResult {
    let (text, reviewer) = (members.text("text"), members.text("reviewer"));
    let reason = members.text("review_reason");
    refuse(members.finish())?;
    let review = Review::of(&reviewer.unwrap_or_default(), &reason.unwrap_or_default());
    let text = text.unwrap_or_default();
    Ok(answered(work::reply(&app, &actor, &call, &id, (&text, review)).await?))
}

/// Sends failed mails again, to the present inbox.
#[utoipa::path(post, path = "/api/v1/leads/{id}/resend", security(("key" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = LeadShape), (status = 409, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn resend_lead(
    State(app): State<App>,
    Id(id): Id<String>,
    BareCall(StaffCall { actor, call, members }): BareCall,
) -> ApiResult {
    refuse(members.finish())?;
    Ok(answered(work::resend(&app, &actor, &call, &id, None).await?))
}

/// Proposes to hand a lead over to another park; the enterprise is asked first.
#[utoipa::path(post, path = "/api/v1/leads/{id}/handover", security(("key" = [])), request_body = HandoverIn,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = LeadShape), (status = 409, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn propose_handover(
    State(app): State<App>,
    Id(id): Id<String>,
    StaffCall { actor, call, mut members }: StaffCall,
) -> ApiResult {
    let proposal = Proposal {
        park: members.text("park").unwrap_or_default(),
        listing: members.text("listing"),
        reason: members.text("reason").unwrap_or_default(),
    };
    refuse(members.finish())?;
    Ok(answered(handovers::propose(&app, &actor, &call, &id, proposal).await?))
}

/// Records the receiving park's word on a hand-over.
#[utoipa::path(post, path = "/api/v1/leads/{id}/handover/answer", security(("key" = [])), request_body = AnswerIn,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = LeadShape), (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn answer_handover(
    State(app): State<App>,
    Id(id): Id<String>,
    StaffCall { actor, call, mut members }: StaffCall,
) -> ApiResult {
    let accepts = members.flag("accept");
    refuse(members.finish())?;
    Ok(answered(handovers::answer(&app, &actor, &call, &id, accepts).await?))
}

/// Returns the open tasks of the key's parks.
#[utoipa::path(get, path = "/api/v1/tasks", security(("key" = [])),
    responses((status = 200, body = answers::TaskListShape, description = "`items`: `id`, `kind`, `at`, `lead`, `park`, `company`, `address`, `reason`, `todo`")))]
pub(super) async fn list_tasks(State(app): State<App>, Bearer(actor): Bearer, params: Params) -> ApiResult {
    params.only(&[])?;
    Ok(super::json(StatusCode::OK, &tasks::list(&app, &actor).await?))
}

/// Closes a task; a suspected requirement is cleared, or erased with `reject`.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/done", security(("key" = [])), request_body = Option<TaskIn>,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = answers::TaskDoneShape, description = "`id`, `done_at`"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn finish_task(
    State(app): State<App>,
    Id(id): Id<String>,
    BareCall(StaffCall { actor, call, mut members }): BareCall,
) -> ApiResult {
    let action = members.text("action");
    refuse(members.finish())?;
    Ok(answered(tasks::done(&app, &actor, &call, &id, action.as_deref()).await?))
}

/// Returns the weekly or monthly report, as JSON, CSV or XLSX by `Accept`.
#[utoipa::path(get, path = "/api/v1/reports/{kind}", security(("key" = [])),
    params(("kind" = String, Path, description = "weekly or monthly"),
           ("week" = Option<String>, Query, description = "2026-W48; the present week where absent"),
           ("month" = Option<String>, Query, description = "2026-11; the present month where absent"),
           ("park" = Option<String>, Query)),
    responses((status = 200, body = answers::ReportShape, description = "`period`, `figures`, `corrections`"),
              (status = 404, body = ProblemShape, content_type = "application/problem+json"),
              (status = 422, body = ProblemShape, content_type = "application/problem+json")))]
pub(super) async fn show_report(
    State(app): State<App>,
    Bearer(actor): Bearer,
    Id(kind): Id<String>,
    headers: HeaderMap,
    params: Params,
) -> ApiResult {
    let kind = match kind.as_str() {
        "weekly" => ReportKind::Weekly,
        "monthly" => ReportKind::Monthly,
        _ => return Err(Error::NotFound.into()),
    };
    params.only(&[kind.parameter(), "park"])?;
    let report = reports::report(&app, &actor, kind, params.get(kind.parameter()), params.get("park")).await?;
    match wanted(&headers) {
        None => Ok(super::json(StatusCode::OK, &report.json())),
        Some(format) => file(&report, format),
    }
}

/// Returns the file format that the client accepts; `None` for JSON.
fn wanted(headers: &HeaderMap) -> Option<Format> {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |format: &Format| {
        let kind = format.media_type().split(';').next().unwrap_or_default();
        accept.split(',').any(|part| part.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind))
    };
    [Format::Csv, Format::Xlsx].into_iter().find(accepts)
}

fn file(report: &PeriodReport, format: Format) -> ApiResult {
    let (header, rows) = report.table();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = rows
        .into_iter()
        .map(|[name, label, value, ids]| vec![Out::text(name), Out::text(label), Out::number(value), Out::text(ids)]);
    let bytes = write_rows(&header, rows, format).map_err(|error| Error::Internal(error.into()))?;
    let mut response: Response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    let ending = if format == Format::Csv { "csv" } else { "xlsx" };
    let name = format!("attachment; filename=\"report-{}.{ending}\"", report.name());
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
