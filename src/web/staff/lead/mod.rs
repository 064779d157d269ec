//! The page of one lead, and the forms that work it.

mod answers;
mod moves;
mod view;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::lead::{NoteKind, Stage};
use domain::requirement::{FieldCode, FieldError, Word as _};

use crate::error::{Code, Error};
use crate::service::follow_up::{self, FundsIn, VisitIn};
use crate::service::handovers::{self, Proposal};
use crate::service::idempotency::Answered;
use crate::service::leads;
use crate::service::promises::Review;
use crate::service::work::{self, MoveIn, NoteIn, page_call};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, Query};
use view::Tried;

pub(super) use view::{contact_facts, note_kinds};

/// `GET /staff/leads/{id}`; `answer` and `other` name a template of the answer and the listing that it offers.
pub(super) async fn show(page: Page, Id(id): Id<String>, query: Query) -> PageResult {
    let view = leads::show(&page.app, page.staff()?, &id).await?;
    let draft = answers::draft(&page, &view, query.get("answer"), query.get("other"));
    let values = draft.into_iter().map(|text| ("answer-text".to_owned(), text)).collect();
    let tried = Tried { values, ..Tried::default() };
    page.show("staff/lead.html", view::context(&page, &view, &tried)?)
}

/// Shows the page again with what was typed into a form that was refused.
async fn again(page: &Page, id: &str, (form, typed): (&'static str, &Form), errors: Vec<FieldError>) -> PageResult {
    refused(page, id, StatusCode::UNPROCESSABLE_ENTITY, of_form(form, typed, errors)).await
}

async fn refused(page: &Page, id: &str, status: StatusCode, tried: Tried) -> PageResult {
    let view = leads::show(&page.app, page.staff()?, id).await?;
    page.show_as(status, "staff/lead.html", view::context(page, &view, &tried)?)
}

/// Keeps what was typed under the names that the page's inputs have, form by form.
fn of_form(form: &'static str, typed: &Form, errors: Vec<FieldError>) -> Tried {
    let values: BTreeMap<String, String> =
        typed.0.iter().map(|(name, value)| (format!("{form}-{name}"), value.clone())).collect();
    Tried { form, values, listings: typed.all("listings"), errors, conflict: None }
}

/// Leads back to the page, or shows it again with the errors of the form.
async fn answer(
    page: &Page,
    id: &str,
    typed: (&'static str, &Form),
    (result, done): (Result<Answered, Error>, &str),
) -> PageResult {
    match result {
        Ok(_) => Ok(page.see(&format!("/staff/leads/{id}?done={done}"))),
        Err(Error::Invalid(errors) | Error::Refused(_, errors)) if !errors.is_empty() => {
            again(page, id, typed, errors).await
        }
        Err(error) => Err(error.into()),
    }
}

fn given(form: &Form, name: &str) -> Option<String> {
    Some(form.get(name).trim().to_owned()).filter(|text| !text.is_empty())
}

/// The forms that move a lead, by the word that each sends.
const MOVES: [&str; 5] = ["stage", "shelve", "end", "jump", "reopen"];

/// `POST /staff/leads/{id}/stage`
pub(super) async fn advance(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let actor = page.staff()?;
    work::check_right(&page.app, actor, &id).await?;
    let name = MOVES.into_iter().find(|name| *name == form.get("form")).unwrap_or("stage");
    let Some(stage) = Stage::from_word(form.get("to")) else {
        return again(&page, &id, (name, &form), vec![FieldError::new("to", FieldCode::Missing)]).await;
    };
    let new = MoveIn {
        to: stage.word().to_owned(),
        version: form.get("version").parse().unwrap_or(-1),
        reason: form.get("note").to_owned(),
        next_on: given(&form, "next_on"),
        amount_wan: given(&form, "amount_wan"),
        signed_on: given(&form, "signed_on"),
    };
    match work::advance(&page.app, actor, &page_call(), &id, new).await {
        Err(Error::Conflict(Code::LeadChanged)) => {
            let mut tried = of_form(name, &form, Vec::new());
            tried.conflict = Some(stage);
            refused(&page, &id, StatusCode::CONFLICT, tried).await
        }
        Err(Error::Invalid(errors)) => again(&page, &id, (name, &form), named(errors)).await,
        other => answer(&page, &id, (name, &form), (other, "moved")).await,
    }
}

/// Names the fields of a move as its forms do.
fn named(errors: Vec<FieldError>) -> Vec<FieldError> {
    let field = |name: String| match name.as_str() {
        "reason" => "note".to_owned(),
        other => other.strip_prefix("facts.").unwrap_or(other).to_owned(),
    };
    errors.into_iter().map(|error| FieldError { field: field(error.field), ..error }).collect()
}

/// `POST /staff/leads/{id}/notes`
pub(super) async fn add_note(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let kind = NoteKind::from_word(form.get("kind")).unwrap_or(NoteKind::Other);
    let new = NoteIn { kind, text: form.get("text").to_owned(), next_on: given(&form, "next_on") };
    let done = work::note(&page.app, page.staff()?, &page_call(), &id, new).await;
    answer(&page, &id, ("note", &form), (done, "noted")).await
}

/// `POST /staff/leads/{id}/reply`
pub(super) async fn reply(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let review = Review::of(form.get("reviewer"), form.get("review_reason"));
    let words = (form.get("text"), review);
    let done = work::reply(&page.app, page.staff()?, &page_call(), &id, words).await;
    answer(&page, &id, ("answer", &form), (done, "replied")).await
}

/// `POST /staff/leads/{id}/resend`
pub(super) async fn resend(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    work::resend(&page.app, page.staff()?, &page_call(), &id, Some(form.get("mail"))).await?;
    Ok(page.see(&format!("/staff/leads/{id}?done=resent")))
}

/// `POST /staff/leads/{id}/owner`: a blank address makes the lead unowned.
pub(super) async fn assign(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let done = work::assign(&page.app, page.staff()?, &page_call(), &id, given(&form, "owner").as_deref()).await;
    answer(&page, &id, ("owner", &form), (done, "assigned")).await
}

/// `POST /staff/leads/{id}/visits`
pub(super) async fn visit(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let new = VisitIn {
        who: form.get("who").to_owned(),
        listings: form.all("listings"),
        outcome: form.get("outcome").to_owned(),
        text: form.get("text").to_owned(),
        next_on: given(&form, "next_on"),
    };
    let done = follow_up::visit(&page.app, page.staff()?, &page_call(), &id, new).await;
    answer(&page, &id, ("visit", &form), (done, "visited")).await
}

/// `POST /staff/leads/{id}/funds`
pub(super) async fn funds(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let new = FundsIn {
        amount_wan: form.get("funds_wan").to_owned(),
        paid_on: form.get("paid_on").to_owned(),
        origin: form.get("funds_origin").to_owned(),
        source: form.get("funds_source").to_owned(),
        text: form.get("text").to_owned(),
    };
    let done = follow_up::funds(&page.app, page.staff()?, &page_call(), &id, new).await;
    answer(&page, &id, ("funds", &form), (done, "funded")).await
}

/// `POST /staff/leads/{id}/handover`
pub(super) async fn propose(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let actor = page.staff()?;
    work::check_right(&page.app, actor, &id).await?;
    let proposal = Proposal {
        park: form.get("park").trim().to_owned(),
        listing: given(&form, "listing"),
        reason: form.get("reason").to_owned(),
    };
    let done = handovers::propose(&page.app, actor, &page_call(), &id, proposal).await;
    answer(&page, &id, ("handover", &form), (done, "proposed")).await
}
