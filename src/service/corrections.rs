//! Calls of the enterprise after its inquiries: it corrects its requirement, writes to a park, withdraws one inquiry, and
//! takes a copy of everything that is kept.

use domain::inquiry::InquiryState;
use domain::lead::EventKind;
use domain::requirement::Requirement;
use domain::stored::StoredRequirement;
use domain::time::Moment;
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};

use super::context::{App, Context};
use super::erasure_ledger::{self, LedgerMark};
use super::idempotency::{self, Answered, Call, Outcome};
use super::requirements::{self, by_reference};
use super::sides::Side;
use super::{aliases, erasure, handovers, inquiries, letters, matching, work};
use crate::db;
use crate::db::idempotency::StoredAnswer;
use crate::db::lead::{Inquiry, LeadRow, NewEvent};
use crate::db::letters::NewMail;
use crate::db::requirement::RequirementRow;
use crate::db::words::{AuditAction, MailPurpose};
use crate::error::{Error, Result};
use crate::i18n::{self, Locale};
use crate::ids;
use crate::mail::ReplyMail;

/// The locale of mails to parks.
const STAFF: Locale = Locale::ZhHans;
/// Messages of the enterprise per inquiry per day.
const MOST_MESSAGES_PER_DAY: i64 = 20;
/// Corrections per requirement per day: each is a mail to every asked park.
const MOST_CORRECTIONS_PER_DAY: i64 = 10;

/// Corrects a requirement: asked parks see the change on their lead and by one mail. Answers the new matches.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Gone`] once erased; [`Error::TooMany`]; [`Error::Invalid`] for a text that is too long.
pub async fn correct(
    app: &App,
    call: &Call,
    reference: &str,
    requirement: Requirement,
    text: Option<String>,
) -> Result<Answered> {
    idempotency::answer(app, call, store(app, call, reference, requirement, text)).await
}

async fn store(
    app: &App,
    call: &Call,
    reference: &str,
    requirement: Requirement,
    text: Option<String>,
) -> Result<StoredAnswer> {
    let found = by_reference(app, reference).await?;
    requirements::check_text(text.as_deref())?;
    let now = app.clock.now();
    let new = StoredRequirement::from(requirement);
    let matches = matching::answer(app, new.known(), matching::USUAL);
    let body = json!({ "reference": reference, "requirement": new, "matches": matches }).to_string();
    let outcome = Outcome::about(call, 200, body, Some(&found.id), now);
    let own = app.clone();
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let locked = db::requirement::lock(tx, &found.reference).await?;
                let found = locked.filter(RequirementRow::is_live).ok_or(Error::Gone)?;
                work::count_message(tx, "correct", &found.id, MOST_CORRECTIONS_PER_DAY, now).await?;
                db::requirement::correct(tx, &found.id, &new, text.as_deref()).await?;
                let is_reworded = text.is_some() && text != found.free_text;
                if new != found.requirement || is_reworded {
                    for row in db::lead::of_need(tx, &found.id).await? {
                        tell(&own, tx, &found, &row, &new, now).await?;
                    }
                }
                db::requirement::audit(tx, "enterprise", AuditAction::RequirementCorrect, &found.id, "", now).await?;
                outcome.write(tx).await
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(stored)
}

/// Tells the park of a lead what the requirement is now.
async fn tell(
    app: &Context,
    tx: &DatabaseTransaction,
    found: &RequirementRow,
    row: &LeadRow,
    new: &StoredRequirement,
    now: Moment,
) -> Result<()> {
    let live = |inquiry: &&Inquiry| inquiry.state != InquiryState::Cancelled;
    let Some(inquiry) = row.inquiries.iter().find(live) else { return Ok(()) };
    let need = i18n::need(STAFF, new);
    let facts = json!({ "change": "corrected", "number": inquiry.number, "listing": inquiry.listing_name });
    let event = NewEvent::new(&row.lead.id, EventKind::Listing, now);
    let event = NewEvent { note: &need, facts: Some(facts), ..event };
    work::enterprise_wrote(tx, &row.lead, event, now).await?;
    let has_gone = row.lead.state == domain::lead::LeadState::Withdrawn;
    let Some(inbox) = app.inventory.inbox(&row.lead.park).filter(|_| !has_gone) else { return Ok(()) };
    let args = [("number", inquiry.number.as_str()), ("need", &need)];
    let rows = i18n::stored_facts(STAFF, new).into_iter().map(|fact| format!("{}：{}", fact.label, fact.value));
    let news = letters::News {
        purpose: MailPurpose::News,
        number: Some(&inquiry.number),
        subject: i18n::tell(STAFF, "mail.corrected"),
        lines: vec![i18n::say(STAFF, "mail.corrected_text", &args)],
        rows: rows.collect(),
        link: Some((format!("/staff/leads/{}", row.lead.id), i18n::tell(STAFF, "mail.open_lead"))),
        reply_to: aliases::alias(app, &found.reference, inquiry, Side::Enterprise),
        about: (Some(found.id.clone()), Some(inquiry.id.clone())),
    };
    let mail = NewMail { is_parked: found.is_suspected(), ..letters::news(app, news, &inbox)? };
    Ok(db::outbox::enqueue(tx, vec![mail], now).await?)
}

/// Returns the inquiry of a requirement by its number.
async fn numbered(app: &Context, found: &RequirementRow, number: &str) -> Result<Inquiry> {
    let all = app.db.inquiries(&found.id).await?;
    all.into_iter().find(|inquiry| inquiry.number == number).ok_or(Error::NotFound)
}

/// Sends a message of the enterprise to the park of an inquiry, through its alias; the lead has to be answered.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Gone`] once the requirement was erased or the inquiry withdrawn; [`Error::Invalid`] for a
/// blank or too long text; [`Error::Refused`] with [`Code::NoInbox`](crate::error::Code::NoInbox); [`Error::TooMany`].
pub async fn message(app: &App, call: &Call, reference: &str, number: &str, text: &str) -> Result<Answered> {
    let text = work::check_text("text", text)?;
    idempotency::answer(app, call, send(app, call, reference, number, text)).await
}

async fn send(app: &App, call: &Call, reference: &str, number: &str, text: String) -> Result<StoredAnswer> {
    let found = by_reference(app, reference).await?;
    let inquiry = numbered(app, &found, number).await?;
    if inquiry.state == InquiryState::Cancelled {
        return Err(Error::Gone);
    }
    let contact = found.contact.clone().ok_or(Error::Gone)?;
    let to = match inquiry.state == InquiryState::WithOperator {
        true => Some(app.config.site.contact.clone()),
        false => app.inventory.inbox(&inquiry.park),
    };
    let to = to.ok_or(Error::Refused(crate::error::Code::NoInbox, Vec::new()))?;
    let alias = aliases::alias(app, reference, &inquiry, Side::Enterprise);
    let words = ReplyMail {
        number: inquiry.number.clone(),
        listing_name: inquiry.listing_name.clone(),
        sender: contact.company,
        lines: text.lines().map(str::to_owned).collect(),
        more_lines: String::new(),
        files: Vec::new(),
        page_url: letters::desk_url(app),
        has_reply_address: alias.is_some(),
        in_english: false,
    };
    let thread = app.db.thread_of(&inquiry.id, &to).await?;
    let mail = letters::reply(app, &words, &to, alias, (&ids::row_id(), thread))?;
    let now = app.clock.now();
    let new = NewMail {
        purpose: MailPurpose::Reply,
        is_parked: found.is_suspected(),
        requirement_id: Some(found.id.clone()),
        inquiry_id: Some(inquiry.id.clone()),
        resend_of: None,
        mail,
    };
    let body = json!({ "number": inquiry.number, "at": now.rfc3339() }).to_string();
    let outcome = Outcome::of(call, 201, body, now);
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let locked = db::requirement::lock(tx, &found.reference).await?;
                locked.filter(RequirementRow::is_live).ok_or(Error::Gone)?;
                work::count_message(tx, "message", &inquiry.id, MOST_MESSAGES_PER_DAY, now).await?;
                db::outbox::enqueue(tx, vec![new], now).await?;
                if let Some(row) = db::lead::of_inquiry(tx, &inquiry).await? {
                    let event = NewEvent::new(&row.lead.id, EventKind::MailIn, now);
                    work::enterprise_wrote(tx, &row.lead, NewEvent { note: &text, ..event }, now).await?;
                }
                db::requirement::audit(tx, "enterprise", AuditAction::InquiryReply, &inquiry.id, "", now).await?;
                outcome.write(tx).await
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(stored)
}

/// Withdraws one inquiry: its unsent mail is cancelled, its park told where it was served, and the consent to that park
/// ends with its last inquiry.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Gone`] once erased or withdrawn.
pub async fn withdraw(app: &App, call: &Call, reference: &str, number: &str) -> Result<Answered> {
    idempotency::answer(app, call, take_back(app, call, reference, number)).await
}

async fn take_back(app: &App, call: &Call, reference: &str, number: &str) -> Result<StoredAnswer> {
    let found = by_reference(app, reference).await?;
    let inquiry = numbered(app, &found, number).await?;
    if inquiry.state == InquiryState::Cancelled {
        return Err(Error::Gone);
    }
    let now = app.clock.now();
    let id = inquiry.id.clone();
    let inbox = app.inventory.inbox(&inquiry.park);
    let farewell =
        |inbox: &String| letters::withdrawal(app, &inquiry.number, &inquiry.listing_name, inbox, &inquiry.id);
    let farewell = inbox.as_ref().map(farewell).transpose()?;
    let outcome = Outcome::of(call, 204, String::new(), now);
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let locked = db::requirement::lock(tx, &found.reference).await?;
                locked.filter(RequirementRow::is_live).ok_or(Error::Gone)?;
                let served = erasure::hide_inquiry(tx, &inquiry, now).await?;
                let mails: Vec<NewMail> = farewell.filter(|_| served).into_iter().collect();
                db::outbox::enqueue(tx, mails, now).await?;
                db::requirement::audit(tx, "enterprise", AuditAction::InquiryWithdraw, &inquiry.id, "", now).await?;
                outcome.write(tx).await
            })
        })
        .await?;
    app.outbox.notify_waiters();
    erasure_ledger::note(app, LedgerMark::Erased, vec![id]).await;
    Ok(stored)
}

/// Returns everything that is kept of a requirement, for its owner.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Gone`] once erased.
pub async fn export(app: &Context, reference: &str) -> Result<Value> {
    let found = by_reference(app, reference).await?;
    let status = requirements::status(app, reference).await?;
    let contact = found.contact.as_ref();
    let mails = app.db.mails_of_need(&found.id).await?;
    let mail = |(purpose, row): &(String, crate::db::letters::MailRow)| {
        json!({
            "purpose": purpose, "recipient": row.recipient, "state": row.state.word(),
            "at": row.created_at.rfc3339(), "settled_at": row.settled_at.map(Moment::rfc3339),
        })
    };
    let mut messages = Vec::new();
    for row in app.db.leads_of(&found.id).await? {
        messages.extend(app.db.lead_events(&domain::account::Scope::All, &row.lead.id).await?.iter().filter_map(
            |it| {
                let kind = it.kind.known().filter(|kind| matches!(kind, EventKind::MailIn | EventKind::MailOut))?;
                let kind = domain::requirement::Word::word(kind);
                Some(json!({ "at": it.at.rfc3339(), "number": row.inquiry.number, "kind": kind, "text": it.note }))
            },
        ));
    }
    Ok(json!({
        "reference": found.reference,
        "created_at": found.created_at.rfc3339(),
        "locale": found.locale,
        "company": contact.map(|it| &it.company),
        "contact": contact.map(|it| &it.person),
        "phone": contact.map(|it| &it.phone),
        "email": contact.map(|it| &it.email),
        "uscc": contact.and_then(|it| it.uscc.as_ref()),
        "text": found.free_text,
        "requirement": found.requirement,
        "consents": db::requirement::consents_of(app.db.read(), &found.id).await?,
        "inquiries": status.inquiries.iter().map(inquiries::inquiry_json).collect::<Vec<_>>(),
        "accesses": status.accesses.iter().map(requirements::access_json).collect::<Vec<_>>(),
        "handovers": status.handovers.iter().map(|it| handovers::handover_json(app, it)).collect::<Vec<_>>(),
        "messages": messages,
        "mails": mails.iter().map(mail).collect::<Vec<_>>(),
    }))
}
