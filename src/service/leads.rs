//! Leads as investment staff work them, always through somebody's scope.

use domain::account::Scope;
use domain::contact::Phone;
use domain::lead::{SITE_PATH, SPACE_PATH, Stage, StageError, Standing, check_move, due_after, next_stages};
use domain::listing::{Detail, Kind, SpaceKind};
use domain::matching::Match;
use domain::requirement::{FieldCode, FieldError, Requirement};

use super::accounts::Actor;
use super::context::Context;
use super::matching;
use super::requirements::SUSPECTED;
use crate::db;
use crate::db::lead::{LeadEvent, LeadRow, NewEvent, StageChange};
use crate::db::letters::{MailRow, StaffTask};
use crate::db::requirement::{StoredContact, StoredRequirement};
use crate::error::{Error, Result};

/// Leads a page of the inbox shows.
pub const PER_PAGE: u64 = 50;

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

/// A lead as staff see it: contact data masked.
#[derive(Clone)]
pub struct LeadView {
    /// The lead, its inquiry, the requirement's JSON, the company.
    pub row: LeadRow,
    /// What is needed.
    pub requirement: Requirement,
    /// The text it was read from.
    pub free_text: Option<String>,
    /// The listing judged against it, as both stand now.
    pub matched: Option<Match>,
    /// Who asks, masked: person, phone, mail.
    pub masked: Option<(String, String, String)>,
    /// Its mails.
    pub mails: Vec<MailRow>,
    /// Its history.
    pub events: Vec<LeadEvent>,
    /// Where it may be moved.
    pub next: Vec<Stage>,
}

/// A page of leads that the actor may see.
///
/// # Errors
/// The database's.
pub async fn inbox(app: &Context, actor: &Actor, stage: Option<Stage>, page: u64) -> Result<Inbox> {
    let page = page.clamp(1, 10_000);
    let mut rows = app.db.lead_rows(&actor.scope, stage, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let more = rows.len() as u64 > PER_PAGE;
    rows.truncate(PER_PAGE as usize);
    Ok(Inbox { rows, page, more })
}

/// One lead.
///
/// # Errors
/// Not found, also where it is another park's.
pub async fn show(app: &Context, actor: &Actor, id: &str) -> Result<LeadView> {
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let reference = app.db.lead_reference(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let stored = app.db.requirement(&reference).await?.ok_or(Error::NotFound)?;
    let masked = stored.contact.as_ref().map(mask);
    let events = app.db.lead_events(&actor.scope, id).await?;
    let next = next_stages(standing(app, &row, &events));
    Ok(LeadView {
        matched: matching::judge(app, row.inquiry.kind, &row.inquiry.listing, &stored.requirement),
        mails: app.db.mails_of(&row.inquiry.id).await?,
        events,
        requirement: stored.requirement,
        free_text: stored.free_text.filter(|_| actor.role.reveals_contacts()).map(|text| mask_numbers(&text)),
        masked,
        next,
        row,
    })
}

/// Where a lead stands, by its history.
fn standing(app: &Context, row: &LeadRow, events: &[LeadEvent]) -> Standing {
    Standing::of(path(app, row), row.lead.stage, events.iter().filter_map(|event| event.to))
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

/// People write their telephone number into the text: long runs of digits and addresses are masked there too.
fn mask_numbers(text: &str) -> String {
    let reading = domain::reader::read(text, chrono::NaiveDate::default());
    let mut characters: Vec<char> = text.chars().collect();
    for span in reading.spans.iter().filter(|span| span.field.starts_with("contact.")) {
        for slot in characters.iter_mut().take(span.end).skip(span.start) {
            *slot = '*';
        }
    }
    // Whatever the reader did not take for a number: seven digits and more, however they are joined.
    let mut at = 0;
    while at < characters.len() {
        let joined = |c: char| c.is_numeric() || matches!(c, ' ' | '-' | '.');
        let end = at + characters[at..].iter().take_while(|&&c| joined(c)).count();
        if characters[at..end].iter().filter(|c| c.is_numeric()).count() >= 7 {
            characters[at..end].fill('*');
        }
        at = end.max(at + 1);
    }
    characters.into_iter().collect()
}

/// Moves a lead that still has the version that was seen; history is written in the same transaction.
///
/// # Errors
/// Not found; forbidden for observers; `to` no way there; `note` missing where the step needs a reason; conflict
/// `lead_changed` where somebody was faster.
pub async fn advance(app: &Context, actor: &Actor, id: &str, version: i64, to: Stage, note: &str) -> Result<()> {
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    if row.lead.version != version {
        return Err(Error::Conflict("lead_changed"));
    }
    // Read with the version seen or later: where it is later, the move comes too late anyway.
    let events = app.db.lead_events(&actor.scope, id).await?;
    check_move(standing(app, &row, &events), to, note).map_err(|error| {
        Error::Invalid(vec![match error {
            StageError::NoWay => FieldError::new("to", FieldCode::NoWay),
            StageError::ReasonMissing => FieldError::new("note", FieldCode::Missing),
        }])
    })?;
    if note.chars().count() > 2000 {
        return Err(Error::Invalid(vec![FieldError::new("note", FieldCode::TooLong).with("max", "2000")]));
    }
    let now = app.clock.now();
    let change = StageChange {
        lead_id: id.to_owned(),
        version,
        from: row.lead.stage,
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
                    return Err(Error::Conflict("lead_changed"));
                }
                let detail = format!("{} -> {}", change.from.word(), change.to.word());
                db::requirement::audit(tx, &change.account_id, "lead.advance", &change.lead_id, &detail, now).await?;
                Ok(())
            })
        })
        .await
}

/// Shows the contact data in full; the look is recorded, for the enterprise too, in the transaction that reads them.
///
/// # Errors
/// Not found; forbidden for observers and without a live consent naming the lead's park; gone, once erased.
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
                db::requirement::record_access(tx, &stored.id, &account, &row.lead.park, "contact", now).await?;
                let event = NewEvent { account_id: Some(&account), ..NewEvent::new(&lead_id, "reveal", now) };
                event.add(tx).await?;
                db::requirement::audit(tx, &account, "contact.reveal", &lead_id, "", now).await?;
                Ok(contact)
            })
        })
        .await
}

/// Sends a failed mail again to the park's inbox as it stands now: a new row with a new Message-ID.
///
/// # Errors
/// Not found; forbidden for observers; conflict `mail_not_failed`; `no_inbox`.
pub async fn resend(app: &Context, actor: &Actor, id: &str, mail_id: &str) -> Result<()> {
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let mails = app.db.mails_of(&row.inquiry.id).await?;
    let failed = mails.iter().find(|mail| mail.id == mail_id).ok_or(Error::NotFound)?;
    if failed.state != "failed" || mails.last().is_some_and(|last| last.id != failed.id) {
        return Err(Error::Conflict("mail_not_failed"));
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
                db::letters::enqueue(tx, vec![again], now).await?;
                db::letters::finish_tasks(tx, &mail_id, &account, now).await?;
                db::lead::set_state(tx, &inquiry_id, domain::inquiry::InquiryState::Queued, now).await?;
                let event = NewEvent { account_id: Some(&account), ..NewEvent::new(&lead_id, "resend", now) };
                event.add(tx).await?;
                Ok(())
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(())
}

/// Clears a suspected requirement: its leads are shown and its mails go.
///
/// # Errors
/// Forbidden for all but admins; not found where the task is not open.
pub async fn clear(app: &Context, actor: &Actor, task_id: &str) -> Result<()> {
    if actor.role != domain::account::Role::Admin {
        return Err(Error::Forbidden);
    }
    let (account, task_id) = (actor.id.clone(), task_id.to_owned());
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let task = db::letters::close_task(tx, &task_id, SUSPECTED, &account, now).await?;
                let requirement = task.ok_or(Error::NotFound)?;
                if db::requirement::clear(tx, &requirement).await? {
                    let inquiries = db::lead::of_requirement(tx, &requirement).await?;
                    let ids: Vec<String> = inquiries.into_iter().map(|inquiry| inquiry.id).collect();
                    db::lead::hide(tx, &ids, false).await?;
                    db::letters::unpark(tx, &requirement, now).await?;
                }
                db::requirement::audit(tx, &account, "requirement.clear", &requirement, "", now).await?;
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
    /// What looks automated; its contact data are not for this page.
    pub suspected: Option<StoredRequirement>,
}

/// Open tasks of the actor's parks.
///
/// # Errors
/// The database's.
pub async fn tasks(app: &Context, actor: &Actor) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for task in app.db.open_tasks(&actor.scope).await? {
        let suspected = match &task.requirement_id {
            Some(id) if task.kind == SUSPECTED => app.db.requirement_of(id).await?,
            _ => None,
        };
        tasks.push(Task { task, suspected });
    }
    Ok(tasks)
}

/// Every lead that a scope sees, oldest first, for export.
///
/// # Errors
/// The database's.
pub async fn all(app: &Context, scope: &Scope) -> Result<Vec<LeadRow>> {
    Ok(app.db.all_leads(scope).await?)
}
