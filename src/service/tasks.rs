//! Tasks: whom they concern, what happened and what to do, in words; closed by their cause or by a member of staff.

use domain::account::Role;
use domain::requirement::{FieldCode, FieldError};
use domain::stored::StoredRequirement;
use serde_json::{Value, json};

use super::accounts::Actor;
use super::context::{App, Context};
use super::idempotency::{self, Answered, Call, Outcome};
use super::{erasure, leads};
use crate::db;
use crate::db::handover::Handover;
use crate::db::idempotency::StoredAnswer;
use crate::db::requirement::RequirementRow;
use crate::db::task::StaffTask;
use crate::db::words::{AuditAction, TaskKind};
use crate::error::{Error, Result};
use crate::i18n::{self, Locale};

/// The locale of texts for staff.
const STAFF: Locale = Locale::ZhHans;
/// Hand-overs that a list shows at most.
const MOST_OFFERS: u64 = 200;

/// Returns the open tasks of the actor's parks as JSON, newest first, hand-overs to them first.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor) -> Result<Value> {
    let mut items: Vec<Value> = offers(app, actor).await?.iter().map(|offer| offered(app, offer)).collect();
    for task in app.db.open_tasks(&actor.scope).await? {
        items.push(task_json(app, actor, &task).await?);
    }
    Ok(json!({ "items": items }))
}

/// A hand-over that waits for the word of a park.
pub struct OfferedLead {
    /// The hand-over.
    pub handover: Handover,
    /// The need alone: the enterprise is named once the park has accepted.
    pub requirement: StoredRequirement,
}

/// Returns the hand-overs that wait for the word of one of the actor's parks, oldest first.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn offers(app: &Context, actor: &Actor) -> Result<Vec<OfferedLead>> {
    let mut found = Vec::new();
    for handover in app.db.offers(&actor.scope, MOST_OFFERS).await? {
        if let Some(need) = app.db.requirement_of(&handover.requirement_id).await? {
            found.push(OfferedLead { handover, requirement: need.requirement });
        }
    }
    Ok(found)
}

fn offered(app: &Context, offer: &OfferedLead) -> Value {
    let words = i18n::need(STAFF, &offer.requirement);
    let offer = &offer.handover;
    json!({
        "id": offer.id,
        "kind": "handover",
        "at": offer.created_at.rfc3339(),
        "lead": offer.lead_id,
        "number": null,
        "park": offer.to,
        // Named once the park has accepted.
        "company": null,
        "address": null,
        "reason": format!("{}｜{}｜{words}", app.inventory.park_name(&offer.from), offer.reason),
        "todo": i18n::tell(STAFF, "todo.handover"),
    })
}

async fn task_json(app: &Context, actor: &Actor, task: &StaffTask) -> Result<Value> {
    let need = match &task.requirement_id {
        Some(id) => app.db.requirement_of(id).await?,
        None => None,
    };
    let address = match &task.outbox_id {
        Some(id) => app.db.recipient_of(id).await?,
        None => None,
    };
    let number = match (&task.inquiry_id, &need) {
        (Some(id), Some(need)) => {
            app.db.inquiries(&need.id).await?.into_iter().find(|own| own.id == *id).map(|own| own.number)
        }
        _ => None,
    };
    // The enterprise's own address is seen by a reveal alone.
    let is_enterprises = |address: &String| need.as_ref().is_some_and(|need| need.is_address(address));
    let address = address.filter(|address| !is_enterprises(address));
    let company = need.as_ref().and_then(|need| need.contact.as_ref()).map(|contact| contact.company.clone());
    let kind = task.kind.word();
    Ok(json!({
        "id": task.id,
        "kind": kind,
        "at": task.created_at.rfc3339(),
        "lead": task.lead_id,
        "number": number,
        "park": task.park,
        "company": company,
        "address": address,
        "reason": reason(actor, task, need.as_ref().map(|need| (&need.requirement, need.free_text.as_deref()))),
        "todo": todo(app, STAFF, task).await?,
    }))
}

/// Returns in words what is to be done about a task.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn todo(app: &Context, locale: Locale, task: &StaffTask) -> Result<String> {
    let failed = match &task.park {
        Some(park) => app.db.failed_mails(park).await?,
        None => 1,
    };
    Ok(match task.kind.known() {
        Some(_) => i18n::say(locale, &format!("todo.{}", task.kind.word()), &[("n", &failed.max(1).to_string())]),
        None => i18n::tell(locale, "todo.other"),
    })
}

/// Returns the cause in words: the kind of the task with its detail; of a suspected requirement what it states.
fn reason(actor: &Actor, task: &StaffTask, need: Option<(&StoredRequirement, Option<&str>)>) -> String {
    let group = task.detail.split(' ').find_map(|word| {
        let key = format!("bounce.{word}");
        i18n::has(&key).then(|| i18n::tell(STAFF, &key))
    });
    let what = match task.kind.known() {
        Some(_) => i18n::tell(STAFF, &format!("task.{}", task.kind.word())),
        None => i18n::say(STAFF, "task.other", &[("kind", task.kind.word())]),
    };
    let detail = match (task.kind == TaskKind::Suspected, need) {
        (true, Some((requirement, text))) => {
            let shown = text.filter(|_| actor.role == Role::Admin).map(domain::contact::masked_text);
            format!("{} {}", i18n::need(STAFF, requirement), shown.unwrap_or_default())
        }
        _ => task.detail.clone(),
    };
    let parts = [Some(what), group, Some(detail.trim().to_owned())];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("：")
}

/// Closes a task. A suspected requirement is cleared, or with `reject` erased as not real.
///
/// # Errors
/// [`Error::NotFound`] where no such task is open in the scope; [`Error::Forbidden`] for observers; [`Error::Invalid`] for
/// an unknown action.
pub async fn done(app: &App, actor: &Actor, call: &Call, id: &str, action: Option<&str>) -> Result<Answered> {
    if !actor.role.works_leads() {
        app.db.open_task(&actor.scope, id).await?.ok_or(Error::NotFound)?;
        return Err(Error::Forbidden);
    }
    let rejects = match action {
        None | Some("done" | "clear") => false,
        Some("reject") => true,
        Some(other) => {
            let error = FieldError::new("action", FieldCode::UnknownWord).with("value", other);
            return Err(Error::Invalid(vec![error.with("accepted", "done, clear, reject")]));
        }
    };
    idempotency::answer(app, call, close(app, actor, call, id, rejects)).await
}

async fn close(app: &App, actor: &Actor, call: &Call, id: &str, rejects: bool) -> Result<StoredAnswer> {
    let task = app.db.open_task(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    if task.kind == TaskKind::ListingReported {
        // The reader waits for an outcome, which closes the task.
        let error = FieldError::new("action", FieldCode::UnknownWord).with("value", "done");
        let error = error.with("accepted", format!("/staff/reports/{id}"));
        return Err(Error::Invalid(vec![error]));
    }
    let now = app.clock.now();
    if task.kind == TaskKind::Suspected {
        if actor.role != Role::Admin {
            return Err(Error::Forbidden);
        }
        match (&task.requirement_id, rejects) {
            (Some(requirement), true) => reject(app, requirement).await?,
            _ => leads::clear(app, actor, id).await?,
        }
    }
    let outcome = Outcome::of(call, 200, json!({ "id": id, "done_at": now.rfc3339() }).to_string(), now);
    let (by, id, is_suspected) = (actor.id.clone(), id.to_owned(), task.kind == TaskKind::Suspected);
    let paused = match &task.outbox_id {
        Some(mail) if task.kind == TaskKind::InboxPaused => app.db.recipient_of(mail).await?,
        _ => None,
    };
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::task::done(tx, &id, &by, now).await? && !is_suspected {
                    return Err(Error::NotFound);
                }
                if let Some(address) = &paused {
                    db::inbox_trouble::lift(tx, address).await?;
                }
                db::requirement::audit(tx, &by, AuditAction::TaskDone, &id, "", now).await?;
                outcome.write(tx).await
            })
        })
        .await?;
    // A pause may have ended.
    app.outbox.notify_waiters();
    Ok(stored)
}

/// Erases a requirement that a person found to be not real.
async fn reject(app: &App, requirement_id: &str) -> Result<()> {
    let Some(found) = app.db.requirement_of(requirement_id).await?.filter(RequirementRow::is_live) else {
        return Ok(());
    };
    erasure::erase(app, &super::work::page_call(), &found.reference).await.map(|_| ())
}
