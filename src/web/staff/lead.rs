//! The page of one lead: requirement, match, contact, mails, history, and the form that moves it.

use axum::http::StatusCode;
use domain::lead::Stage;
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::stored::Stored;
use serde::Serialize;

use super::inbox::{due, stages};
use crate::db::lead::LeadEvent;
use crate::db::letters::MailRow;
use crate::db::requirement::StoredContact;
use crate::db::words::MailState;
use crate::error::{Code, Error};
use crate::i18n::{LabelledValue, field, moment, say, stored_facts, tell, word};
use crate::service::leads::{self, LeadView};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, WrongField, card, wrong_fields};
use crate::web::view::{FormContent, MatchView, OptionView, listing_url};

#[derive(Serialize)]
struct LeadPage {
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
    revealed: bool,
    may_reveal: bool,
    next_stages: Vec<OptionView>,
    note: String,
    wrong_note: Option<String>,
    version: i64,
    mails: Vec<MailView>,
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
    errors: Vec<FieldError>,
    conflicts: bool,
    contact: Option<StoredContact>,
}

/// `GET /staff/leads/{id}`
pub(super) async fn show(page: Page, Id(id): Id<String>) -> PageResult {
    lead_page(&page, &id, StatusCode::OK, Tried::default()).await
}

/// `POST /staff/leads/{id}/reveal`: contact data in full, in this response only; the access is recorded.
pub(super) async fn reveal(page: Page, Id(id): Id<String>) -> PageResult {
    let contact = leads::reveal(&page.app, page.staff()?, &id).await?;
    lead_page(&page, &id, StatusCode::OK, Tried { contact: Some(contact), ..Tried::default() }).await
}

/// `POST /staff/leads/{id}/stage`
pub(super) async fn advance(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let actor = page.staff()?;
    let (to, note) = (Stage::from_word(form.get("to")), form.get(NOTE).to_owned());
    let version = form.get("version").parse().unwrap_or(-1);
    let Some(stage) = to else {
        let errors = vec![FieldError::new("to", FieldCode::Missing)];
        return lead_page(&page, &id, StatusCode::UNPROCESSABLE_ENTITY, Tried { note, errors, ..Tried::default() })
            .await;
    };
    match leads::advance(&page.app, actor, &id, version, stage, &note).await {
        Ok(()) => Ok(page.see(&format!("/staff/leads/{id}?done=moved"))),
        Err(Error::Invalid(errors)) => {
            lead_page(&page, &id, StatusCode::UNPROCESSABLE_ENTITY, Tried { to, note, errors, ..Tried::default() })
                .await
        }
        Err(Error::Conflict(Code::LeadChanged)) => {
            lead_page(&page, &id, StatusCode::CONFLICT, Tried { to, note, conflicts: true, ..Tried::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/leads/{id}/resend`
pub(super) async fn resend(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    leads::resend(&page.app, page.staff()?, &id, form.get("mail")).await?;
    Ok(page.see(&format!("/staff/leads/{id}?done=resent")))
}

async fn lead_page(page: &Page, id: &str, status: StatusCode, tried: Tried) -> PageResult {
    let view = leads::show(&page.app, page.staff()?, id).await?;
    page.show_as(status, "staff/lead.html", context(page, &view, tried)?)
}

fn context(page: &Page, view: &LeadView, tried: Tried) -> Result<LeadPage, crate::web::problem::Problem> {
    let (locale, actor, row) = (page.locale, page.staff()?, &view.row);
    let inquiry = &row.inquiry;
    let (due, due_code) = due(locale, &row.lead.stage, row.lead.due_at, page.app.clock.now());
    let draft = FormContent::of_requirement(view.requirement.known());
    let note_errors: Vec<FieldError> = tried.errors.iter().filter(|error| error.field == NOTE).cloned().collect();
    let conflict = tried
        .to
        .filter(|_| tried.conflicts)
        .map(|to| Conflict { stage: word(locale, "stage", to.word()), note: tried.note.clone() });
    let may_work = actor.role.works_leads();
    Ok(LeadPage {
        id: row.lead.id.clone(),
        number: inquiry.number.clone(),
        park: page.app.inventory.park_name(&row.lead.park),
        company: row.company.clone().unwrap_or_else(|| tell(locale, "staff.no_company")),
        stage: word(locale, "stage", row.lead.stage.word()),
        due,
        due_code,
        conflict,
        errors: wrong_fields(locale, &tried.errors),
        facts: stored_facts(locale, &view.requirement),
        text: view.free_text.clone(),
        listing: ListingLink {
            kind: word(locale, "kind", inquiry.kind.word()),
            name: inquiry.listing_name.clone(),
            url: inquiry.kind.known().map(|kind| listing_url(locale, kind, &inquiry.listing)),
        },
        found: view.matched.as_ref().map(|found| card(page, &draft, found)),
        history: view.events.iter().rev().map(|event| event_view(page, event)).collect(),
        contact: contact(page, view, tried.contact.as_ref()),
        revealed: tried.contact.is_some(),
        may_reveal: actor.role.reveals_contacts() && view.masked.is_some(),
        next_stages: if may_work { stages(locale, view.next.iter().copied(), tried.to) } else { Vec::new() },
        wrong_note: note_errors.first().map(|error| crate::i18n::field_error(locale, error)),
        note: tried.note,
        version: row.lead.version,
        mails: mails(page, &view.mails, may_work),
    })
}

fn contact(page: &Page, view: &LeadView, full: Option<&StoredContact>) -> Vec<LabelledValue> {
    let fact = |name: &str, value: &str| LabelledValue {
        name: name.to_owned(),
        label: field(page.locale, name),
        value: value.to_owned(),
    };
    match (full, &view.masked) {
        (Some(contact), _) => {
            // People here dial without the country's prefix.
            let phone = contact.phone.strip_prefix("+86").unwrap_or(&contact.phone);
            let mut facts = vec![fact("contact", &contact.person), fact("phone", phone), fact("email", &contact.email)];
            facts.extend(contact.uscc.as_deref().map(|code| fact("uscc", code)));
            facts
        }
        (None, Some((person, phone, email))) => {
            vec![fact("contact", person), fact("phone", phone), fact("email", email)]
        }
        (None, None) => Vec::new(),
    }
}

fn event_view(page: &Page, event: &LeadEvent) -> Event {
    let stage = |stage: &Option<Stored<Stage>>| {
        stage.as_ref().map_or_else(String::new, |it| word(page.locale, "stage", it.word()))
    };
    let (from, to) = (stage(&event.from), stage(&event.to));
    Event {
        at: moment(page.locale, event.at),
        words: match &event.kind {
            Stored::Known(kind) => say(page.locale, &format!("event.{}", kind.word()), &[("from", &from), ("to", &to)]),
            Stored::Unknown(word) => say(page.locale, "event.other", &[("kind", word)]),
        },
        note: event.note.clone(),
        who: event.by.clone(),
    }
}

fn mails(page: &Page, mails: &[MailRow], may_work: bool) -> Vec<MailView> {
    let last = mails.len().saturating_sub(1);
    let view = |(at, mail): (usize, &MailRow)| MailView {
        id: mail.id.clone(),
        recipient: mail.recipient.clone(),
        state: word(page.locale, "mail_state", mail.state.word()),
        attempts: say(page.locale, "staff.attempts", &[("n", &mail.attempts.to_string())]),
        error: mail.last_error.clone(),
        // Only the newest one: an older one was sent again already.
        can_resend: may_work && at == last && mail.state == MailState::Failed,
        code: mail.state.word().to_owned(),
    };
    mails.iter().enumerate().map(view).collect()
}
