//! Work on a lead: notes, stages, owner, replies. Each call is one transaction that locks the lead, checks, changes, writes
//! history and stores the answer.

use std::sync::{Arc, OnceLock};

use domain::account::Role;
use domain::lead::{EventKind, LastWord, LeadState, NoteKind, Stage, StageError, check_move};
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::time::{Moment, SECONDS_PER_DAY, SECONDS_PER_HOUR, parse_day};
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};

use super::accounts::Actor;
use super::context::{App, Context};
use super::idempotency::{self, Answered, Call, Outcome};
use super::promises::{self, Review};
use super::sides::Side;
use super::{aliases, due, lead_json, letters, looks, owners};
use crate::db;
use crate::db::TxFuture;
use crate::db::idempotency::StoredAnswer;
use crate::db::lead::{Inquiry, Lead, LeadChange, LeadRow, NewEvent};
use crate::db::letters::NewMail;
use crate::db::quota::Counted;
use crate::db::requirement::StoredContact;
use crate::db::words::{AccessKind, AuditAction, MailPurpose, MailState};
use crate::error::{Code, Error, Result};
use crate::mail::ReplyMail;

/// Longest note, reason or message, in characters.
pub(super) const LONGEST_NOTE: usize = 2_000;
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

/// A move.
#[derive(Clone, Debug, Default)]
pub struct MoveIn {
    /// Word of the stage.
    pub to: String,
    /// The version that was seen.
    pub version: i64,
    /// The reason, or a note.
    pub reason: String,
    /// Of a shelved lead: the day on which it becomes due.
    pub next_on: Option<String>,
    /// Of a signature: the amount in 10,000 yuan, as a decimal.
    pub amount_wan: Option<String>,
    /// Of a signature: the day.
    pub signed_on: Option<String>,
}

/// Carries out a change of one lead and answers the lead as it is afterwards. `touch` marks it as worked by staff.
///
/// # Errors
/// [`Error::NotFound`], also outside the scope; [`Error::Forbidden`] for observers; those of `work`.
pub(super) async fn change<F>(app: &App, actor: &Actor, call: &Call, id: &str, work: F) -> Result<Answered>
where
    F: for<'c> FnOnce(&'c App, &'c DatabaseTransaction, &'c LeadRow, Moment) -> TxFuture<'c, (), Error>
        + Send
        + 'static,
{
    check_right(app, actor, id).await?;
    idempotency::answer(app, call, carry_out(app, actor, call, id, work)).await
}

/// Refuses an actor who does not work leads, before anything of the call is judged.
///
/// # Errors
/// [`Error::NotFound`] for a lead outside the scope, which is not admitted to exist; [`Error::Forbidden`] for observers.
pub async fn check_right(app: &App, actor: &Actor, id: &str) -> Result<()> {
    if actor.role.works_leads() {
        return Ok(());
    }
    app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    Err(Error::Forbidden)
}

async fn carry_out<F>(app: &App, actor: &Actor, call: &Call, id: &str, work: F) -> Result<StoredAnswer>
where
    F: for<'c> FnOnce(&'c App, &'c DatabaseTransaction, &'c LeadRow, Moment) -> TxFuture<'c, (), Error>
        + Send
        + 'static,
{
    let (own, actor, call, id) = (app.clone(), actor.clone(), call.clone(), id.to_owned());
    let now = app.clock.now();
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let row = db::lead::locked(tx, &actor.scope, &id).await?.ok_or(Error::NotFound)?;
                work(&own, tx, &row, now).await?;
                let after = db::lead::locked(tx, &actor.scope, &id).await?.ok_or(Error::NotFound)?;
                let body = lead_json::lead(&own, actor.role, &after).to_string();
                Outcome::about(&call, 200, body, Some(&id), now).write(tx).await
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(stored)
}

/// Refuses work on a lead that the enterprise has withdrawn.
pub(super) fn check_live(row: &LeadRow) -> Result<()> {
    if row.lead.state == LeadState::Withdrawn { Err(Error::Gone) } else { Ok(()) }
}

fn invalid(field: &str, code: FieldCode) -> Error {
    Error::Invalid(vec![FieldError::new(field, code)])
}

/// Checks a text that must not be blank.
pub(super) fn check_text(field: &'static str, text: &str) -> Result<String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(invalid(field, FieldCode::Missing));
    }
    check_length(field, trimmed)?;
    Ok(trimmed.to_owned())
}

fn check_length(field: &'static str, text: &str) -> Result<()> {
    if text.chars().count() <= LONGEST_NOTE {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldError::new(field, FieldCode::TooLong).with("max", LONGEST_NOTE.to_string())]))
}

/// Parses the day on which a lead becomes due: today or later.
pub(super) fn next_day(text: Option<&str>, now: Moment) -> Result<Option<Moment>> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let bad = |code| Error::Invalid(vec![FieldError::new("next_on", code).with("value", text)]);
    let day = parse_day(text.trim()).ok_or_else(|| bad(FieldCode::BadDate))?;
    if day < now.day() {
        return Err(bad(FieldCode::DayPassed));
    }
    Ok(Some(Moment::end_of(day)))
}

/// Sets the owner of a lead that has none: the first to work it is responsible. Keys without a person own nothing.
pub(super) fn own(row: &LeadRow, actor: &Actor) -> Option<Option<String>> {
    (row.lead.owner_id.is_none() && actor.is_person()).then(|| Some(actor.id.clone()))
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

/// Moves a lead that still has the version that was seen.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Gone`] once withdrawn; [`Error::Invalid`] where `to` is
/// none of the role's next stages, or reason, day or facts are missing or wrong; [`Error::Conflict`] with
/// [`Code::LeadChanged`] for an old version, [`Code::StageUnknown`] at a stage of another version of the service.
pub async fn advance(app: &App, actor: &Actor, call: &Call, id: &str, new: MoveIn) -> Result<Answered> {
    let by = actor.clone();
    change(app, actor, call, id, move |app, tx, row, now| {
        Box::pin(async move {
            let (to, due_at, facts) = check_advance(app, by.role, row, &new, now)?;
            let from = row.lead.stage.known();
            let event = NewEvent::new(&row.lead.id, EventKind::Stage, now);
            let note = new.reason.trim();
            NewEvent { account_id: Some(&by.id), from, to: Some(to), note, facts, ..event }.add(tx).await?;
            let is_end = to.is_final();
            let done = LeadChange {
                stage: Some(to),
                state: Some(if is_end { LeadState::Closed } else { LeadState::Open }),
                due_at: Some(due_at),
                answered: to.is_answer(),
                owner_id: own(row, &by),
                touched: true,
                ..LeadChange::default()
            };
            db::lead::change(tx, &row.lead, &done, now).await?;
            let detail = format!("{} -> {}", from.map_or("", Stage::word), to.word());
            Ok(db::requirement::audit(tx, &by.id, AuditAction::LeadAdvance, &row.lead.id, &detail, now).await?)
        })
    })
    .await
}

/// Checks a move; returns the stage, the due time after it, and its facts.
fn check_advance(
    app: &Context,
    role: Role,
    row: &LeadRow,
    new: &MoveIn,
    now: Moment,
) -> Result<(Stage, Moment, Option<Value>)> {
    check_live(row)?;
    if row.lead.version != new.version {
        return Err(Error::Conflict(Code::LeadChanged));
    }
    let standing = lead_json::standing(app, row).ok_or(Error::Conflict(Code::StageUnknown))?;
    let no_way = || Error::Invalid(vec![FieldError::new("to", FieldCode::NoWay).with("value", &new.to)]);
    if new.to.is_empty() {
        return Err(invalid("to", FieldCode::Missing));
    }
    let to = Stage::WORDS.iter().find(|(word, _)| *word == new.to).map(|(_, stage)| *stage).ok_or_else(no_way)?;
    if !lead_json::next(app, role, row).contains(&to) {
        return Err(no_way());
    }
    match check_move(standing, role, to, &new.reason) {
        Ok(()) => {}
        Err(StageError::NoWay) => return Err(no_way()),
        Err(StageError::ReasonMissing) => return Err(invalid("reason", FieldCode::Missing)),
    }
    check_length("reason", new.reason.trim())?;
    let next = next_day(new.next_on.as_deref(), now)?;
    if to == Stage::Shelved && next.is_none() {
        return Err(invalid("next_on", FieldCode::Missing));
    }
    let due_at = if to.is_final() {
        domain::time::NEVER
    } else {
        next.unwrap_or_else(|| due::after_move(app, &row.lead.park, to, now))
    };
    Ok((to, due_at, facts_of(app, row, to, new, next, now)?))
}

/// Checks the facts of a move: amount and day of a signature, the day of a shelved lead.
fn facts_of(
    app: &Context,
    row: &LeadRow,
    to: Stage,
    new: &MoveIn,
    next: Option<Moment>,
    now: Moment,
) -> Result<Option<Value>> {
    if to != Stage::Signed {
        return Ok(next.map(|at| json!({ "next_on": at.day().to_string() })));
    }
    let is_site = lead_json::path(app, row) == domain::lead::SITE_PATH;
    let mut errors = Vec::new();
    let mut fail = |field: &str, code| errors.push(FieldError::new(field, code));
    let amount = new.amount_wan.as_deref().map(domain::decimal::Decimal::parse);
    match &amount {
        None if is_site => fail("facts.amount_wan", FieldCode::Missing),
        Some(Err(_)) => fail("facts.amount_wan", FieldCode::WrongType),
        Some(Ok(amount)) if amount.micro() < 0 => fail("facts.amount_wan", FieldCode::OutOfRange),
        _ => {}
    }
    let day = new.signed_on.as_deref().map(parse_day);
    match day {
        None if is_site => fail("facts.signed_on", FieldCode::Missing),
        Some(None) => fail("facts.signed_on", FieldCode::BadDate),
        Some(Some(day)) if day > now.day() => fail("facts.signed_on", FieldCode::OutOfRange),
        _ => {}
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let amount = amount.and_then(std::result::Result::ok).map(|amount| amount.to_string());
    Ok(Some(json!({ "amount_wan": amount, "signed_on": day.flatten().map(|day| day.to_string()) })))
}

/// Gives a lead to an owner, or to the unowned list.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Gone`] once withdrawn; [`Error::Invalid`] with
/// [`FieldCode::UnknownCode`] where the address is of no enabled account that works this park's leads.
pub async fn assign(app: &App, actor: &Actor, call: &Call, id: &str, owner: Option<&str>) -> Result<Answered> {
    let account = match owner.map(str::trim).filter(|email| !email.is_empty()) {
        None => None,
        Some(email) => {
            let unknown =
                || Error::Invalid(vec![FieldError::new("owner", FieldCode::UnknownCode).with("value", email)]);
            let found = app.db.account_by_email(&email.to_lowercase()).await?.filter(|account| !account.disabled);
            let found = found.ok_or_else(unknown)?;
            let works = super::accounts::actor(app, found.clone()).filter(|owner| owner.role.works_leads());
            let works = works.ok_or_else(unknown)?;
            let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
            if !works.scope.covers(&row.lead.park) {
                return Err(unknown());
            }
            Some(found)
        }
    };
    let by = actor.clone();
    change(app, actor, call, id, move |app, tx, row, now| {
        Box::pin(async move {
            check_live(row)?;
            owners::hand_on(app, tx, row, (account.as_ref(), Some(&by.id)), now).await
        })
    })
    .await
}

/// Changes a lead whose park has answered the enterprise: by page, API, or mail through its alias. It is the one place that
/// answers the clock.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub(super) async fn answered_by(
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
pub(super) async fn enterprise_wrote(
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
pub(super) async fn count_message(
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

/// Sends the park's answer to the enterprise by mail.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers and without a live consent; [`Error::Gone`] once withdrawn;
/// [`Error::Invalid`] for a blank or too long text; [`Error::Refused`] with [`Code::NoAddress`] where the enterprise has no
/// mail address; [`Error::TooMany`].
pub async fn reply(app: &App, actor: &Actor, call: &Call, id: &str, text: &str) -> Result<Answered> {
    reply_reviewed(app, actor, call, id, (text, None)).await
}

/// As [`reply`], with the word of a reviewer on promises in the text.
///
/// # Errors
/// As [`reply`]; [`Error::Invalid`] as [`promises::check`].
pub async fn reply_reviewed(
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
            let words = ReplyMail {
                number: inquiry.number.clone(),
                listing_name: inquiry.listing_name.clone(),
                sender: app.inventory.park_name(&inquiry.park),
                lines: text.lines().map(str::to_owned).collect(),
                more_lines: String::new(),
                files: Vec::new(),
                page_url: letters::status_url(app, &requirement.reference),
            };
            let alias = aliases::alias(app, &requirement.reference, inquiry, Side::Park);
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

/// Returns requirement and contact of a lead whose park may have them: inside the transaction that uses them.
///
/// # Errors
/// [`Error::Gone`] once withdrawn or erased; [`Error::Forbidden`] without a live consent that names the park, and on a lead
/// that another park has taken over.
async fn consented(
    tx: &DatabaseTransaction,
    row: &LeadRow,
) -> Result<(crate::db::requirement::RequirementRow, StoredContact)> {
    check_live(row)?;
    let found = db::requirement::lock_of(tx, &row.inquiry.requirement_id).await?.ok_or(Error::NotFound)?;
    let contact = found.contact.clone().ok_or(Error::Gone)?;
    // The operator handles every requirement by the consent with which it was submitted.
    let may = row.lead.park.is_empty() || db::requirement::may_provide(tx, &found.id, &row.lead.park).await?;
    if lead_json::is_handed_over(row) || !may {
        return Err(Error::Forbidden);
    }
    Ok((found, contact))
}

/// Returns the contact data in full. The access is recorded in the transaction that reads them, once per hour and person,
/// and shown to the enterprise with the park of the looker, or as one of the operator.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers and without a live consent that names the lead's park;
/// [`Error::Gone`] once withdrawn; [`Error::TooMany`] past the looks of the day.
pub async fn reveal(app: &App, actor: &Actor, call: &Call, id: &str) -> Result<(Answered, StoredContact)> {
    if !actor.role.reveals_contacts() {
        app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
        return Err(Error::Forbidden);
    }
    let shown = Arc::new(OnceLock::new());
    let answered = idempotency::answer(app, call, look(app, actor, call, id, shown.clone())).await?;
    // The stored answer holds no contact data: a repeated call reads them again, and only while the consent lives.
    let contact = match shown.get() {
        Some(contact) => contact.clone(),
        None => contact_of(app, actor, id).await?,
    };
    Ok((answered, contact))
}

async fn contact_of(app: &App, actor: &Actor, id: &str) -> Result<StoredContact> {
    let (scope, id) = (actor.scope.clone(), id.to_owned());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let row = db::lead::locked(tx, &scope, &id).await?.ok_or(Error::NotFound)?;
                Ok(consented(tx, &row).await?.1)
            })
        })
        .await
}

async fn look(
    app: &App,
    actor: &Actor,
    call: &Call,
    id: &str,
    shown: Arc<OnceLock<StoredContact>>,
) -> Result<StoredAnswer> {
    app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    looks::take(app, actor, looks::DayLimit::Reveals).await?;
    let (by, id, call) = (actor.clone(), id.to_owned(), call.clone());
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let row = db::lead::locked(tx, &by.scope, &id).await?.ok_or(Error::NotFound)?;
                let (found, contact) = consented(tx, &row).await?;
                record_look(tx, &by, &row, &found.id, now).await?;
                shown.get_or_init(|| contact);
                Outcome::about(&call, 200, "{}".to_owned(), Some(&id), now).write(tx).await
            })
        })
        .await
}

/// Records a look, once per hour and person: for the enterprise, on the timeline and in the audit.
async fn record_look(
    tx: &DatabaseTransaction,
    by: &Actor,
    row: &LeadRow,
    requirement_id: &str,
    now: Moment,
) -> Result<()> {
    let hour_ago = now.plus_seconds(-SECONDS_PER_HOUR);
    if db::requirement::has_looked(tx, requirement_id, &by.id, hour_ago).await? {
        return Ok(());
    }
    // Of the looker, not of the lead: an admin's look is the platform's.
    let park = if by.role == Role::Admin { "" } else { &row.lead.park };
    db::requirement::record_access(tx, requirement_id, &by.id, park, AccessKind::Contact, now).await?;
    let event = NewEvent::new(&row.lead.id, EventKind::Reveal, now);
    NewEvent { account_id: Some(&by.id), ..event }.add(tx).await?;
    let done = LeadChange { touched: true, ..LeadChange::default() };
    db::lead::change(tx, &row.lead, &done, now).await?;
    Ok(db::requirement::audit(tx, &by.id, AuditAction::ContactReveal, &row.lead.id, "", now).await?)
}

/// Sends the failed mails of a lead's inquiries again to the park's present inbox, each with a new Message-ID; `mail` names
/// one of them.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Gone`] once withdrawn; [`Error::Conflict`] with
/// [`Code::MailNotFailed`] where none has failed; [`Error::Refused`] with [`Code::NoInbox`].
pub async fn resend(app: &App, actor: &Actor, call: &Call, id: &str, mail: Option<&str>) -> Result<Answered> {
    let by = actor.clone();
    let mail = mail.map(str::to_owned);
    change(app, actor, call, id, move |app, tx, row, now| {
        Box::pin(async move {
            let (found, _) = consented(tx, row).await?;
            let mut sent = 0;
            for inquiry in &row.inquiries {
                let mails = db::outbox::mails_in(tx, &inquiry.id).await?;
                if let Some(wanted) = &mail
                    && !mails.iter().any(|it| it.id == *wanted)
                {
                    continue;
                }
                // Only the newest one: an older one was sent again already.
                let Some(failed) = mails.last().filter(|it| it.state == MailState::Failed) else { continue };
                if mail.as_ref().is_some_and(|wanted| *wanted != failed.id) {
                    continue;
                }
                let again = super::inquiry_mail::again(app, &found, row, inquiry, failed)?;
                // A person has looked: the inbox gets another chance.
                db::inbox_trouble::lift(tx, &again.mail.recipient).await?;
                db::task::finish_paused(tx, &inquiry.park, &by.id, now).await?;
                db::outbox::enqueue(tx, vec![again], now).await?;
                db::task::finish(tx, &failed.id, &by.id, now).await?;
                db::lead::set_state(tx, &inquiry.id, domain::inquiry::InquiryState::Queued, now).await?;
                let event = NewEvent::new(&row.lead.id, EventKind::Resend, now);
                let facts = Some(json!({ "number": inquiry.number }));
                NewEvent { account_id: Some(&by.id), facts, ..event }.add(tx).await?;
                sent += 1;
            }
            if sent == 0 {
                return Err(Error::Conflict(Code::MailNotFailed));
            }
            let done = LeadChange { touched: true, ..LeadChange::default() };
            Ok(db::lead::change(tx, &row.lead, &done, now).await?)
        })
    })
    .await
}

/// Returns a call of a page, which has no key of a client: each is carried out.
#[must_use]
pub fn page_call() -> Call {
    Call { path: "page".to_owned(), key: crate::ids::row_id(), body_hash: String::new() }
}

/// Reopens a lost or withdrawn lead whose enterprise asks again: at the stage that was left.
pub(super) async fn reopen(
    app: &Context,
    tx: &DatabaseTransaction,
    row: &LeadRow,
    inquiry: &Inquiry,
    now: Moment,
) -> Result<bool> {
    let is_lost = row.lead.stage == Stage::Lost || row.lead.stage == Stage::Withdrawn;
    let Some(standing) = lead_json::standing(app, row).filter(|_| is_lost && row.lead.state == LeadState::Closed)
    else {
        return Ok(false);
    };
    let facts = json!({ "listing": inquiry.listing_name, "number": inquiry.number, "change": "again" });
    let event = NewEvent::new(&row.lead.id, EventKind::Listing, now);
    NewEvent { facts: Some(facts), ..event }.add(tx).await?;
    let event = NewEvent::new(&row.lead.id, EventKind::Stage, now);
    NewEvent { from: row.lead.stage.known(), to: Some(standing.stood), ..event }.add(tx).await?;
    let done = LeadChange {
        stage: Some(standing.stood),
        state: Some(LeadState::Open),
        due_at: Some(due::after_move(app, &row.lead.park, Stage::Registered, now)),
        last_word: Some(LastWord::Enterprise),
        ..LeadChange::default()
    };
    db::lead::change(tx, &row.lead, &done, now).await?;
    Ok(true)
}
