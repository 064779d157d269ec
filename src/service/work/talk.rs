//! Words on a lead: notes of staff, answers to the enterprise, and what it wrote itself.

use domain::lead::{EventKind, LastWord, NoteKind, Stage};
use domain::requirement::Word as _;
use domain::time::{Moment, SECONDS_PER_DAY, SECONDS_PER_HOUR};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::change::{change, check_live, check_right, check_text, next_day, own};
use super::contact::consented;
use crate::db;
use crate::db::lead::{Lead, LeadChange, LeadRow, NewEvent};
use crate::db::letters::NewMail;
use crate::db::quota::Counted;
use crate::db::words::{AuditAction, MailPurpose};
use crate::error::{Code, Error, Result};
use crate::mail::ReplyMail;
use crate::service::accounts::Actor;
use crate::service::context::{App, Context};
use crate::service::idempotency::{Answered, Call};
use crate::service::promises::{self, Review};
use crate::service::sides::Side;
use crate::service::{aliases, due, letters};

/// Replies of staff per inquiry per day.
const MOST_REPLIES_PER_DAY: i64 = 50;

/// A note.
#[derive(Clone, Debug)]
pub struct NoteIn {
    /// Its kind.
    pub kind: NoteKind,
    /// Its text.
    pub text: String,
    /// The day on which the lead becomes due.
    pub next_on: Option<String>,
}

/// Adds a note; the lead keeps its stage, and becomes due on `next_on` where given.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Gone`] once withdrawn; [`Error::Invalid`] for a blank
/// or too long text or a day that has passed.
pub async fn note(app: &App, actor: &Actor, call: &Call, id: &str, new: NoteIn) -> Result<Answered> {
    check_right(app, actor, id).await?;
    let text = check_text("text", &new.text)?;
    let due_at = next_day(new.next_on.as_deref(), app.clock.now())?;
    let by = actor.clone();
    change(app, actor, call, id, move |_, tx, row, now| {
        Box::pin(async move {
            check_live(row)?;
            let next_on = due_at.map(|at| at.day().to_string());
            let facts = json!({ "note": new.kind.word(), "next_on": next_on });
            let event = NewEvent::new(&row.lead.id, EventKind::Note, now);
            NewEvent { account_id: Some(&by.id), note: &text, facts: Some(facts), ..event }.add(tx).await?;
            let done = LeadChange {
                due_at: due_at.filter(|_| row.lead.is_open()),
                last_word: new.kind.last_word(),
                owner_id: own(row, &by),
                touched: true,
                ..LeadChange::default()
            };
            Ok(db::lead::change(tx, &row.lead, &done, now).await?)
        })
    })
    .await
}

/// Changes a lead whose park has answered the enterprise: by page, API, or mail through its alias. It is the one place that
/// answers the clock.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub(in crate::service) async fn answered_by(
    app: &Context,
    tx: &DatabaseTransaction,
    row: &LeadRow,
    (by, text): (Option<&str>, &str),
    now: Moment,
) -> Result<()> {
    let event = NewEvent::new(&row.lead.id, EventKind::MailOut, now);
    NewEvent { account_id: by, note: text, ..event }.add(tx).await?;
    let is_early = row.lead.stage == Stage::Registered || row.lead.stage == Stage::Assessed;
    let starts_clock = row.lead.answered_at.is_none() && row.lead.is_open() && is_early;
    let done = LeadChange {
        due_at: starts_clock.then(|| due::after_answer(app, &row.lead.park, now)),
        last_word: Some(LastWord::Ours),
        answered: true,
        touched: true,
        ..LeadChange::default()
    };
    Ok(db::lead::change(tx, &row.lead, &done, now).await?)
}

/// Changes a lead whose enterprise has written: a message, a mail through its alias, a correction.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub(in crate::service) async fn enterprise_wrote(
    tx: &DatabaseTransaction,
    lead: &Lead,
    event: NewEvent<'_>,
    now: Moment,
) -> Result<()> {
    event.add(tx).await?;
    let done = LeadChange { last_word: Some(LastWord::Enterprise), ..LeadChange::default() };
    Ok(db::lead::change(tx, lead, &done, now).await?)
}

/// Counts a message about an inquiry against a limit per day.
pub(in crate::service) async fn count_message(
    tx: &DatabaseTransaction,
    kind: &str,
    inquiry_id: &str,
    most: i64,
    now: Moment,
) -> Result<()> {
    let counted = Counted { name: format!("{kind}:{inquiry_id}"), seconds: SECONDS_PER_DAY };
    let used = db::quota::take(tx, &[counted], now).await?;
    if used.into_iter().any(|used| used > most) {
        return Err(Error::TooMany(SECONDS_PER_HOUR.unsigned_abs()));
    }
    Ok(())
}

/// Sends the park's answer to the enterprise by mail, with the word of a reviewer on promises in its text.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers and without a live consent; [`Error::Gone`] once withdrawn;
/// [`Error::Invalid`] for a blank or too long text and as [`promises::check`]; [`Error::Refused`] with [`Code::NoAddress`] where
/// the enterprise has no mail address; [`Error::TooMany`].
pub async fn reply(
    app: &App,
    actor: &Actor,
    call: &Call,
    id: &str,
    (text, review): (&str, Option<Review>),
) -> Result<Answered> {
    check_right(app, actor, id).await?;
    let text = check_text("text", text)?;
    let park = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?.lead.park;
    let reviewed = promises::check(app, actor, &park, &[("text", &text)], review.as_ref()).await?;
    let by = actor.clone();
    change(app, actor, call, id, move |app, tx, row, now| {
        Box::pin(async move {
            let (requirement, contact) = consented(tx, row).await?;
            if contact.email.is_empty() {
                return Err(Error::Refused(Code::NoAddress, Vec::new()));
            }
            count_message(tx, "answer", &row.inquiry.id, MOST_REPLIES_PER_DAY, now).await?;
            let inquiry = &row.inquiry;
            let alias = aliases::alias(app, &requirement.reference, inquiry, Side::Park);
            let words = ReplyMail {
                number: inquiry.number.clone(),
                listing_name: inquiry.listing_name.clone(),
                sender: app.inventory.park_name(&inquiry.park),
                lines: text.lines().map(str::to_owned).collect(),
                more_lines: String::new(),
                files: Vec::new(),
                page_url: letters::status_url(app, &requirement.reference),
                has_reply_address: alias.is_some(),
                in_english: letters::reads_english(&requirement),
            };
            let thread = app.db.thread_of(&inquiry.id, &contact.email).await?;
            let mail = letters::reply(app, &words, &contact.email, alias, (&crate::ids::row_id(), thread))?;
            let new = NewMail {
                purpose: MailPurpose::Reply,
                is_parked: requirement.is_suspected(),
                requirement_id: Some(requirement.id.clone()),
                inquiry_id: Some(inquiry.id.clone()),
                resend_of: None,
                mail,
            };
            db::outbox::enqueue(tx, vec![new], now).await?;
            answered_by(app, tx, row, (Some(&by.id), &text), now).await?;
            if let Some(owner) = own(row, &by) {
                let done = LeadChange { owner_id: Some(owner), ..LeadChange::default() };
                db::lead::change(tx, &row.lead, &done, now).await?;
            }
            if let Some(reviewed) = &reviewed {
                reviewed.keep(tx, &row.lead.id, now).await?;
            }
            Ok(db::requirement::audit(tx, &by.id, AuditAction::InquiryReply, &inquiry.id, "", now).await?)
        })
    })
    .await
}
