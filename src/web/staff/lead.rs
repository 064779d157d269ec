//! The page of one lead: requirement, match, contact, mails, history, and the form that moves it.

use axum::http::StatusCode;
use domain::lead::{NoteKind, Stage};
use domain::matching::Match;
use domain::requirement::{FieldCode, FieldError, Word as _};
use serde::Serialize;

use super::inbox::{due, stages};
use crate::db::lead::LeadEvent;
use crate::db::letters::MailRow;
use crate::db::requirement::StoredContact;
use crate::error::{Code, Error};
use crate::i18n::{LabelledValue, Locale, field, moment, say, stored_facts, tell, word};
use crate::service::desk::LeadPage;
use crate::service::lead_json;
use crate::service::leads::{self, LeadView};
use crate::service::work::{self, MoveIn, NoteIn};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, WrongField, card, wrong_fields};
use crate::web::view::{FormContent, MatchView, OptionView, listing_url};

#[derive(Serialize)]
struct LeadContext {
    id: String,
    number: String,
    park: String,
    company: String,
    stage: String,
    due: Option<String>,
    due_code: &'static str,
    conflict: Option<Conflict>,
    errors: Vec<WrongField>,
    facts: Vec<LabelledValue>,
    text: Option<String>,
    listing: ListingLink,
    #[serde(rename = "match")]
    found: Option<MatchView>,
    history: Vec<Event>,
    contact: Vec<LabelledValue>,
    may_reveal: bool,
    next_stages: Vec<OptionView>,
    note: String,
    wrong_note: Option<String>,
    version: i64,
    mails: Vec<MailView>,
    /// Kinds of notes; empty for those who only read.
    note_kinds: Vec<OptionView>,
    new_note: String,
    answer: String,
    may_answer: bool,
    owner: String,
    others: Vec<LabelledValue>,
    instead: Vec<Instead>,
}

/// A listing of the park that fits better.
#[derive(Serialize)]
struct Instead {
    name: String,
    url: String,
    score: u32,
}

#[derive(Serialize)]
struct Conflict {
    stage: String,
    note: String,
}

#[derive(Serialize)]
struct ListingLink {
    kind: String,
    name: String,
    /// `None` for a kind of another version, which has no page.
    url: Option<String>,
}

#[derive(Serialize)]
struct Event {
    at: String,
    words: String,
    note: String,
    who: Option<String>,
}

#[derive(Serialize)]
struct MailView {
    id: String,
    recipient: String,
    code: String,
    state: String,
    attempts: String,
    error: Option<String>,
    can_resend: bool,
}

/// The form's field that holds the reason of a move.
const NOTE: &str = "note";

/// The refused input with which the page is shown again.
#[derive(Default)]
struct Tried {
    to: Option<Stage>,
    note: String,
    /// Text of a note, and of an answer to the enterprise.
    text: String,
    answer: String,
    errors: Vec<FieldError>,
    conflicts: bool,
}

/// `GET /staff/leads/{id}`
pub(super) async fn show(page: Page, Id(id): Id<String>) -> PageResult {
    lead_page(&page, &id, StatusCode::OK, Tried::default()).await
}

/// `POST /staff/leads/{id}/stage`
pub(super) async fn advance(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let actor = page.staff()?;
    work::check_right(&page.app, actor, &id).await?;
    let (to, note) = (Stage::from_word(form.get("to")), form.get(NOTE).to_owned());
    let version = form.get("version").parse().unwrap_or(-1);
    let Some(stage) = to else {
        let errors = vec![FieldError::new("to", FieldCode::Missing)];
        return lead_page(&page, &id, StatusCode::UNPROCESSABLE_ENTITY, Tried { note, errors, ..Tried::default() })
            .await;
    };
    let given = |name: &str| Some(form.get(name).trim().to_owned()).filter(|text| !text.is_empty());
    let new = MoveIn {
        to: stage.word().to_owned(),
        version,
        reason: note.clone(),
        next_on: given("next_on"),
        amount_wan: given("amount_wan"),
        signed_on: given("signed_on"),
    };
    match work::advance(&page.app, actor, &work::page_call(), &id, new).await {
        Ok(_) => Ok(page.see(&format!("/staff/leads/{id}?done=moved"))),
        Err(Error::Invalid(errors)) => {
            let errors = of_form(errors);
            lead_page(&page, &id, StatusCode::UNPROCESSABLE_ENTITY, Tried { to, note, errors, ..Tried::default() })
                .await
        }
        Err(Error::Conflict(Code::LeadChanged)) => {
            lead_page(&page, &id, StatusCode::CONFLICT, Tried { to, note, conflicts: true, ..Tried::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Names the fields as the form has them.
fn of_form(errors: Vec<FieldError>) -> Vec<FieldError> {
    let field = |name: String| match name.as_str() {
        "reason" => NOTE.to_owned(),
        other => other.strip_prefix("facts.").unwrap_or(other).to_owned(),
    };
    errors.into_iter().map(|error| FieldError { field: field(error.field), ..error }).collect()
}

/// `POST /staff/leads/{id}/notes`
pub(super) async fn add_note(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let kind = NoteKind::from_word(form.get("kind")).unwrap_or(NoteKind::Other);
    let text = form.get("text").to_owned();
    let next_on = Some(form.get("next_on").to_owned()).filter(|day| !day.is_empty());
    let new = NoteIn { kind, text: text.clone(), next_on };
    match work::note(&page.app, page.staff()?, &work::page_call(), &id, new).await {
        Ok(_) => Ok(page.see(&format!("/staff/leads/{id}?done=noted"))),
        Err(Error::Invalid(errors)) => {
            lead_page(&page, &id, StatusCode::UNPROCESSABLE_ENTITY, Tried { text, errors, ..Tried::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/leads/{id}/reply`
pub(super) async fn reply(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let answer = form.get("text").to_owned();
    match work::reply(&page.app, page.staff()?, &work::page_call(), &id, &answer).await {
        Ok(_) => Ok(page.see(&format!("/staff/leads/{id}?done=replied"))),
        Err(Error::Invalid(errors)) => {
            lead_page(&page, &id, StatusCode::UNPROCESSABLE_ENTITY, Tried { answer, errors, ..Tried::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/leads/{id}/resend`
pub(super) async fn resend(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    work::resend(&page.app, page.staff()?, &work::page_call(), &id, Some(form.get("mail"))).await?;
    Ok(page.see(&format!("/staff/leads/{id}?done=resent")))
}

async fn lead_page(page: &Page, id: &str, status: StatusCode, tried: Tried) -> PageResult {
    let view = leads::show(&page.app, page.staff()?, id).await?;
    page.show_as(status, "staff/lead.html", context(page, &view, tried)?)
}

fn context(page: &Page, view: &LeadView, tried: Tried) -> Result<LeadContext, crate::web::problem::Problem> {
    let (locale, actor, row) = (page.locale, page.staff()?, &view.page.row);
    let inquiry = &row.inquiry;
    let (due, due_code) = due(locale, &row.lead, page.app.clock.now());
    let draft = FormContent::of_requirement(view.page.requirement.requirement.known());
    let note_errors: Vec<FieldError> = tried.errors.iter().filter(|error| error.field == NOTE).cloned().collect();
    let conflict = tried
        .to
        .filter(|_| tried.conflicts)
        .map(|to| Conflict { stage: word(locale, "stage", to.word()), note: tried.note.clone() });
    let may_work = actor.role.works_leads();
    Ok(LeadContext {
        id: row.lead.id.clone(),
        number: inquiry.number.clone(),
        park: page.app.inventory.park_name(&row.lead.park),
        company: row.company.clone().unwrap_or_else(|| tell(locale, "staff.no_company")),
        stage: word(locale, "stage", row.lead.stage.word()),
        due,
        due_code,
        conflict,
        errors: wrong_fields(locale, &tried.errors),
        facts: stored_facts(locale, &view.page.requirement.requirement),
        text: view.free_text.clone(),
        listing: ListingLink {
            kind: word(locale, "kind", inquiry.kind.word()),
            name: inquiry.listing_name.clone(),
            url: inquiry.kind.known().map(|kind| listing_url(locale, kind, &inquiry.listing)),
        },
        found: view.page.matches.first().map(|found| card(page, &draft, found)),
        history: view.page.events.iter().rev().map(|event| event_view(page, event)).collect(),
        contact: contact(page, view),
        may_reveal: actor.role.reveals_contacts() && view.masked.is_some(),
        next_stages: if may_work { stages(locale, view.next.iter().copied(), tried.to) } else { Vec::new() },
        wrong_note: note_errors.first().map(|error| crate::i18n::field_error(locale, error)),
        note: tried.note,
        version: row.lead.version,
        mails: mails(page, &view.page, may_work),
        note_kinds: if may_work { note_kinds(locale) } else { Vec::new() },
        new_note: tried.text,
        answer: tried.answer,
        may_answer: may_work && view.masked.as_ref().is_some_and(|(_, _, email)| !email.is_empty()),
        owner: row.owner.clone().unwrap_or_else(|| tell(locale, "staff.unowned")),
        others: duplicates(page, &view.page),
        instead: view.page.alternatives.iter().map(|it| instead(locale, it)).collect(),
    })
}

fn note_kinds(locale: Locale) -> Vec<OptionView> {
    let option =
        |kind: &str| OptionView { value: kind.to_owned(), label: word(locale, "note_kind", kind), checked: false };
    NoteKind::words().into_iter().map(option).collect()
}

/// Leads of the same enterprise, with the equal parts.
fn duplicates(page: &Page, lead: &LeadPage) -> Vec<LabelledValue> {
    let part = |name: &&str| field(page.locale, name);
    let one = |it: &crate::db::desk::Duplicate| LabelledValue {
        name: it.row.lead.id.clone(),
        label: it.row.inquiry.number.clone(),
        value: it.because.iter().map(part).collect::<Vec<_>>().join("、"),
    };
    lead.duplicates.iter().map(one).collect()
}

fn instead(locale: Locale, it: &Match) -> Instead {
    Instead {
        name: it.listing.name.to_string(),
        url: listing_url(locale, it.listing.kind, &it.listing.id),
        score: it.score,
    }
}

fn fact(locale: Locale, name: &str, value: &str) -> LabelledValue {
    LabelledValue { name: name.to_owned(), label: field(locale, name), value: value.to_owned() }
}

/// Contact data in full, line by line.
pub(super) fn contact_facts(locale: Locale, contact: &StoredContact) -> Vec<LabelledValue> {
    // People here dial without the country's prefix.
    let phone = contact.phone.strip_prefix("+86").unwrap_or(&contact.phone);
    let all = [("contact", contact.person.as_str()), ("phone", phone), ("email", &contact.email)];
    let uscc = contact.uscc.as_deref().map(|code| ("uscc", code));
    all.into_iter().chain(uscc).map(|(name, value)| fact(locale, name, value)).collect()
}

fn contact(page: &Page, view: &LeadView) -> Vec<LabelledValue> {
    let masked =
        view.masked.iter().flat_map(|(person, phone, email)| [("contact", person), ("phone", phone), ("email", email)]);
    masked.map(|(name, value)| fact(page.locale, name, value)).collect()
}

fn event_view(page: &Page, event: &LeadEvent) -> Event {
    Event {
        at: moment(page.locale, event.at),
        words: lead_json::event_text(page.locale, event),
        note: event.note.clone(),
        who: event.by.clone(),
    }
}

fn mails(page: &Page, lead: &LeadPage, may_work: bool) -> Vec<MailView> {
    let view = |mail: &MailRow| MailView {
        id: mail.id.clone(),
        recipient: mail.recipient.clone(),
        state: word(page.locale, "mail_state", mail.state.word()),
        attempts: say(page.locale, "staff.attempts", &[("n", &mail.attempts.to_string())]),
        error: mail.last_error.clone(),
        can_resend: may_work && lead.failed.contains(&mail.id),
        code: mail.state.word().to_owned(),
    };
    lead.mails.iter().map(view).collect()
}
