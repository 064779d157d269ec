//! Leads as investment staff work them, always within the actor's scope.

use domain::contact::masked_text;
use domain::lead::{Stage, Standing};

use super::accounts::Actor;
use super::assignment;
use super::context::{App, Context};
use super::desk::{self, LeadPage};
use super::{follow_up, lead_json};
use crate::db;
use crate::db::account::Account;
use crate::db::handover::Handover;
use crate::db::lead::LeadRow;
use crate::db::requirement::RequirementRow;
use crate::db::task::StaffTask;
use crate::db::words::{AuditAction, TaskKind};
use crate::error::{Error, Result};

/// Leads per page of the inbox.
pub const PER_PAGE: u64 = 50;
/// Last page of the list of leads: bounds the rows that the database skips.
const LAST_PAGE: u64 = 10_000;

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

/// A lead as its page shows it, with masked contact data.
pub struct LeadView {
    /// The lead and everything about it.
    pub page: LeadPage,
    /// The text it was read from, without numbers.
    pub free_text: Option<String>,
    /// Masked contact data: person, phone, mail.
    pub masked: Option<(String, String, String)>,
    /// The stages that it may be moved to.
    pub next: Vec<Stage>,
    /// Its position; `None` at a stage of another version.
    pub standing: Option<Standing>,
    /// Its hand-overs, oldest first.
    pub handovers: Vec<Handover>,
    /// The people who may own it; none for those who only read.
    pub workers: Vec<Account>,
    /// Whether it was signed.
    pub is_signed: bool,
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
    let mut page = desk::show(app, actor, id).await?;
    let sees_contact = actor.role.reveals_contacts();
    if !sees_contact {
        page.events.iter_mut().for_each(|event| event.note = masked_text(&event.note));
    }
    let sees = lead_json::sees_words(&page.row) && sees_contact && !lead_json::is_handed_over(&page.row);
    let contact = page.requirement.contact.as_ref().filter(|_| sees);
    let text = page.requirement.free_text.as_ref().filter(|_| sees);
    let mut handovers = app.db.handovers(&page.requirement.id).await?;
    handovers.retain(|handover| handover.lead_id == page.row.lead.id);
    let workers = match actor.role.works_leads() && page.row.lead.is_open() {
        true => assignment::workers(app, &page.row.lead.park).await?,
        false => Vec::new(),
    };
    Ok(LeadView {
        standing: lead_json::standing(app, &page.row),
        is_signed: follow_up::is_signed(&page.row, &page.events),
        handovers,
        workers,
        free_text: text.map(|text| masked_text(text)),
        masked: contact.map(lead_json::mask),
        next: lead_json::next(app, actor.role, &page.row),
        page,
    })
}

/// Clears a suspected requirement: shows its leads and queues its mails.
///
/// # Errors
/// [`Error::Forbidden`] for all but admins; [`Error::NotFound`] where the task is not open.
pub async fn clear(app: &App, actor: &Actor, task_id: &str) -> Result<()> {
    if actor.role != domain::account::Role::Admin {
        return Err(Error::Forbidden);
    }
    let (account, task_id) = (actor.id.clone(), task_id.to_owned());
    let (now, own) = (app.clock.now(), app.clone());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let task = db::task::close_suspected(tx, &task_id, &account, now).await?;
                let requirement = task.ok_or(Error::NotFound)?;
                if db::requirement::clear(tx, &requirement).await? {
                    db::lead::unhide(tx, &requirement, now).await?;
                    db::outbox::unpark(tx, &requirement, now).await?;
                    let leads = db::lead::of_need(tx, &requirement).await?;
                    let shown: Vec<_> = leads.into_iter().map(|row| (row.lead.id, row.lead.park)).collect();
                    assignment::arrived(&own, tx, &shown, now).await?;
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
        let returned = match task.kind == TaskKind::MailBounced || task.kind == TaskKind::InboxPaused {
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
    // The enterprise's own address is seen by a reveal alone.
    let recipient = recipient.filter(|it| !requirement.as_ref().is_some_and(|requirement| requirement.is_address(it)));
    Ok(ReturnedMail {
        park: task.park.as_deref().map(|code| app.inventory.park_name(code)).unwrap_or_default(),
        company: requirement.and_then(|it| it.contact).map(|contact| contact.company).unwrap_or_default(),
        address: recipient.unwrap_or_default(),
    })
}
