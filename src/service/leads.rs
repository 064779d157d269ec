//! Leads as investment staff work them, always within the actor's scope.

use domain::account::Scope;
use domain::contact::Phone;
use domain::lead::{EventKind, SITE_PATH, SPACE_PATH, Stage, StageError, Standing, check_move, due_after, next_stages};
use domain::listing::{Detail, Kind, SpaceKind};
use domain::matching::Match;
use domain::requirement::{FieldCode, FieldError};
use domain::stored::StoredRequirement;

use super::accounts::Actor;
use super::context::Context;
use super::matching;
use crate::db;
use crate::db::lead::{LeadEvent, LeadRow, NewEvent, StageChange};
use crate::db::letters::MailRow;
use crate::db::requirement::{RequirementRow, StoredContact};
use crate::db::task::StaffTask;
use crate::db::words::{AccessKind, AuditAction, MailState, TaskKind};
use crate::error::{Code, Error, Result};

/// Leads per page of the inbox.
pub const PER_PAGE: u64 = 50;
/// Last page of the list of leads: bounds the rows that the database skips.
const LAST_PAGE: u64 = 10_000;
/// Digits from which a run may be a phone number: local numbers have seven.
const SHORTEST_NUMBER: usize = 7;
/// Longest note to a stage, in characters.
const LONGEST_NOTE: usize = 2_000;

/// A page of the inbox.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// Its leads, newest first.
    pub rows: Vec<LeadRow>,
    /// Its number, from 1.
    pub page: u64,
    /// Whether another follows.
    pub more: bool,
}

/// A lead as staff see it, with masked contact data.
#[derive(Clone)]
pub struct LeadView {
    /// The lead, its inquiry, the requirement's JSON, the company.
    pub row: LeadRow,
    /// Its fields, as stored.
    pub requirement: StoredRequirement,
    /// The text it was read from.
    pub free_text: Option<String>,
    /// The listing judged against it, in the present version of both.
    pub matched: Option<Match>,
    /// Masked contact data: person, phone, mail.
    pub masked: Option<(String, String, String)>,
    /// Its mails.
    pub mails: Vec<MailRow>,
    /// Its history.
    pub events: Vec<LeadEvent>,
    /// The stages that it may be moved to.
    pub next: Vec<Stage>,
}

/// Returns a page of the leads in the actor's scope.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn inbox(app: &Context, actor: &Actor, stage: Option<Stage>, page: u64) -> Result<Inbox> {
    let page = page.clamp(1, LAST_PAGE);
    let mut rows = app.db.lead_rows(&actor.scope, stage, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let more = rows.len() as u64 > PER_PAGE;
    rows.truncate(PER_PAGE as usize);
    Ok(Inbox { rows, page, more })
}

/// One lead.
///
/// # Errors
/// [`Error::NotFound`], also for a lead outside the scope; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn show(app: &Context, actor: &Actor, id: &str) -> Result<LeadView> {
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let reference = app.db.lead_reference(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let stored = app.db.requirement(&reference).await?.ok_or(Error::NotFound)?;
    let masked = stored.contact.as_ref().map(mask);
    let events = app.db.lead_events(&actor.scope, id).await?;
    let next = standing(app, &row, &events).map(next_stages).unwrap_or_default();
    let judged = |kind| matching::judge(app, kind, &row.inquiry.listing, stored.requirement.known());
    Ok(LeadView {
        matched: row.inquiry.kind.known().and_then(judged),
        mails: app.db.mails_of(&row.inquiry.id).await?,
        events,
        requirement: stored.requirement,
        free_text: stored.free_text.filter(|_| actor.role.reveals_contacts()).map(|text| mask_numbers(&text)),
        masked,
        next,
        row,
    })
}

/// Derives a lead's position from its history; `None` at a stage of another version, from which no move is known.
fn standing(app: &Context, row: &LeadRow, events: &[LeadEvent]) -> Option<Standing> {
    let history = events.iter().filter_map(|event| event.to.as_ref()?.known());
    Some(Standing::of(path(app, row), row.lead.stage.known()?, history))
}

/// The long path for land and factories, the short one for space that is let to young firms.
fn path(app: &Context, row: &LeadRow) -> &'static [Stage] {
    let listing =
        (row.inquiry.kind == Kind::Space).then(|| app.inventory.listing(Kind::Space, &row.inquiry.listing)).flatten();
    match listing.map(|listing| listing.detail) {
        Some(Detail::Space(space)) if space.kind != SpaceKind::Factory => SPACE_PATH,
        _ => SITE_PATH,
    }
}

fn mask(contact: &StoredContact) -> (String, String, String) {
    let phone = Phone::parse(&contact.phone).map(|phone| phone.masked()).unwrap_or_default();
    let email = domain::contact::Mail::parse(&contact.email).map(|mail| mail.masked()).unwrap_or_default();
    let first: String = contact.person.chars().take(1).collect();
    (format!("{first}**"), phone, email)
}

/// Masks phone numbers and addresses in the free text.
fn mask_numbers(text: &str) -> String {
    let reading = domain::reader::read(text, chrono::NaiveDate::default());
    let mut characters: Vec<char> = text.chars().collect();
    for span in reading.spans.iter().filter(|span| span.field.starts_with("contact.")) {
        for slot in characters.iter_mut().take(span.end).skip(span.start) {
            *slot = '*';
        }
    }
    // Beyond what the reader recognises: long runs of digits, with spaces, dots and hyphens between them.
    let mut at = 0;
    while at < characters.len() {
        let joined = |c: char| c.is_numeric() || matches!(c, ' ' | '-' | '.');
        let end = at + characters[at..].iter().take_while(|&&c| joined(c)).count();
        if characters[at..end].iter().filter(|c| c.is_numeric()).count() >= SHORTEST_NUMBER {
            characters[at..end].fill('*');
        }
        at = end.max(at + 1);
    }
    characters.into_iter().collect()
}

/// Moves a lead that still has the version that was seen; history is written in the same transaction.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Invalid`] where `to` cannot be reached or `note` is
/// missing or too long; [`Error::Conflict`] with [`Code::LeadChanged`] for an old version and [`Code::StageUnknown`] at a
/// stage of another version of the service.
pub async fn advance(app: &Context, actor: &Actor, id: &str, version: i64, to: Stage, note: &str) -> Result<()> {
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    if row.lead.version != version {
        return Err(Error::Conflict(Code::LeadChanged));
    }
    let from = check_advance(app, actor, &row, to, note).await?;
    if note.chars().count() > LONGEST_NOTE {
        let error = FieldError::new("note", FieldCode::TooLong).with("max", LONGEST_NOTE.to_string());
        return Err(Error::Invalid(vec![error]));
    }
    let now = app.clock.now();
    let change = StageChange {
        lead_id: id.to_owned(),
        version,
        from,
        to,
        account_id: actor.id.clone(),
        note: note.trim().to_owned(),
        due_at: due_after(to, now),
        answered: row.lead.answered_at.is_none() && to.is_answer(),
    };
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::lead::advance(tx, &change, now).await? {
                    return Err(Error::Conflict(Code::LeadChanged));
                }
                let detail = format!("{} -> {}", change.from.word(), change.to.word());
                db::requirement::audit(tx, &change.account_id, AuditAction::LeadAdvance, &change.lead_id, &detail, now)
                    .await?;
                Ok(())
            })
        })
        .await
}

/// Checks a move against the history and returns the present stage.
///
/// # Errors
/// Those of [`advance`] on stage and reason; [`Error::Conflict`] with [`Code::LeadChanged`] where another move was
/// committed since `row` was read, which the history may show already.
async fn check_advance(app: &Context, actor: &Actor, row: &LeadRow, to: Stage, note: &str) -> Result<Stage> {
    let id = row.lead.id.as_str();
    let events = app.db.lead_events(&actor.scope, id).await?;
    let standing = standing(app, row, &events).ok_or(Error::Conflict(Code::StageUnknown))?;
    let Err(error) = check_move(standing, to, note) else { return Ok(standing.stage) };
    let present = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    if present.lead.version != row.lead.version {
        return Err(Error::Conflict(Code::LeadChanged));
    }
    Err(Error::Invalid(vec![match error {
        StageError::NoWay => FieldError::new("to", FieldCode::NoWay),
        StageError::ReasonMissing => FieldError::new("note", FieldCode::Missing),
    }]))
}

/// Returns the contact data in full; the access is recorded in the transaction that reads them, and shown to the enterprise.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers and without a live consent that names the lead's park;
/// [`Error::Gone`] once erased.
pub async fn reveal(app: &Context, actor: &Actor, id: &str) -> Result<StoredContact> {
    if !actor.role.reveals_contacts() {
        return Err(Error::Forbidden);
    }
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let reference = app.db.lead_reference(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let (account, lead_id) = (actor.id.clone(), id.to_owned());
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let stored = db::requirement::find(tx, &reference).await?.ok_or(Error::NotFound)?;
                let contact = stored.contact.ok_or(Error::Gone)?;
                if !db::requirement::may_provide(tx, &stored.id, &row.lead.park).await? {
                    return Err(Error::Forbidden);
                }
                db::requirement::record_access(tx, &stored.id, &account, &row.lead.park, AccessKind::Contact, now)
                    .await?;
                let event = NewEvent { account_id: Some(&account), ..NewEvent::new(&lead_id, EventKind::Reveal, now) };
                event.add(tx).await?;
                db::requirement::audit(tx, &account, AuditAction::ContactReveal, &lead_id, "", now).await?;
                Ok(contact)
            })
        })
        .await
}

/// Sends a failed mail again to the park's present inbox: a new row with a new Message-ID.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Conflict`] with [`Code::MailNotFailed`];
/// [`Error::Refused`] with [`Code::NoInbox`].
pub async fn resend(app: &Context, actor: &Actor, id: &str, mail_id: &str) -> Result<()> {
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let mails = app.db.mails_of(&row.inquiry.id).await?;
    let failed = mails.iter().find(|mail| mail.id == mail_id).ok_or(Error::NotFound)?;
    if failed.state != MailState::Failed || mails.last().is_some_and(|last| last.id != failed.id) {
        return Err(Error::Conflict(Code::MailNotFailed));
    }
    let reference = app.db.lead_reference(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let stored = app.db.requirement(&reference).await?.ok_or(Error::NotFound)?;
    let again = super::inquiries::again(app, &stored, &row, failed)?;
    let (account, lead_id, inquiry_id, mail_id) =
        (actor.id.clone(), id.to_owned(), row.inquiry.id.clone(), mail_id.to_owned());
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::outbox::enqueue(tx, vec![again], now).await?;
                db::task::finish(tx, &mail_id, &account, now).await?;
                db::lead::set_state(tx, &inquiry_id, domain::inquiry::InquiryState::Queued, now).await?;
                let event = NewEvent { account_id: Some(&account), ..NewEvent::new(&lead_id, EventKind::Resend, now) };
                event.add(tx).await?;
                Ok(())
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(())
}

/// Clears a suspected requirement: shows its leads and queues its mails.
///
/// # Errors
/// [`Error::Forbidden`] for all but admins; [`Error::NotFound`] where the task is not open.
pub async fn clear(app: &Context, actor: &Actor, task_id: &str) -> Result<()> {
    if actor.role != domain::account::Role::Admin {
        return Err(Error::Forbidden);
    }
    let (account, task_id) = (actor.id.clone(), task_id.to_owned());
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let task = db::task::close_suspected(tx, &task_id, &account, now).await?;
                let requirement = task.ok_or(Error::NotFound)?;
                if db::requirement::clear(tx, &requirement).await? {
                    let inquiries = db::lead::of_requirement(tx, &requirement).await?;
                    let ids: Vec<String> = inquiries.into_iter().map(|inquiry| inquiry.id).collect();
                    db::lead::hide(tx, &ids, false).await?;
                    db::outbox::unpark(tx, &requirement, now).await?;
                }
                db::requirement::audit(tx, &account, AuditAction::RequirementClear, &requirement, "", now).await?;
                Ok(())
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(())
}

/// A task, and where a person has to judge it the requirement in question.
pub struct Task {
    /// The task.
    pub task: StaffTask,
    /// A requirement suspected of automation; this page must not show its contact data.
    pub suspected: Option<RequirementRow>,
    /// Of a mail that came back.
    pub returned: Option<ReturnedMail>,
}

/// The sides of a mail that came back; a part that was erased is empty.
pub struct ReturnedMail {
    /// Name of the park.
    pub park: String,
    /// Name of the enterprise.
    pub company: String,
    /// The address that refused.
    pub address: String,
}

/// Open tasks of the actor's parks.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn tasks(app: &Context, actor: &Actor) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for task in app.db.open_tasks(&actor.scope).await? {
        let suspected = match &task.requirement_id {
            Some(id) if task.kind == TaskKind::Suspected => app.db.requirement_of(id).await?,
            _ => None,
        };
        let returned = match task.kind == TaskKind::MailBounced {
            true => Some(returned(app, &task).await?),
            false => None,
        };
        tasks.push(Task { task, suspected, returned });
    }
    Ok(tasks)
}

async fn returned(app: &Context, task: &StaffTask) -> Result<ReturnedMail> {
    let requirement = match &task.requirement_id {
        Some(id) => app.db.requirement_of(id).await?,
        None => None,
    };
    let recipient = match &task.outbox_id {
        Some(id) => app.db.recipient_of(id).await?,
        None => None,
    };
    Ok(ReturnedMail {
        park: task.park.as_deref().map(|code| app.inventory.park_name(code)).unwrap_or_default(),
        company: requirement.and_then(|it| it.contact).map(|contact| contact.company).unwrap_or_default(),
        address: recipient.unwrap_or_default(),
    })
}

/// Every lead that a scope sees, oldest first, for export.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn all(app: &Context, scope: &Scope) -> Result<Vec<LeadRow>> {
    Ok(app.db.all_leads(scope).await?)
}
