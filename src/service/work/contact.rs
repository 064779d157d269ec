//! Contact data in full: under a live consent, and recorded.

use std::sync::{Arc, OnceLock};

use domain::account::Role;
use domain::lead::EventKind;
use domain::time::{Moment, SECONDS_PER_HOUR};
use sea_orm::DatabaseTransaction;

use super::change::check_live;
use crate::db;
use crate::db::idempotency::StoredAnswer;
use crate::db::lead::{LeadChange, LeadRow, NewEvent};
use crate::db::requirement::{RequirementRow, StoredContact};
use crate::db::words::{AccessKind, AuditAction};
use crate::error::{Error, Result};
use crate::service::accounts::Actor;
use crate::service::context::App;
use crate::service::idempotency::{self, Answered, Call, Outcome};
use crate::service::{lead_json, looks};

/// Returns requirement and contact of a lead whose park may have them: inside the transaction that uses them.
///
/// # Errors
/// [`Error::Gone`] once withdrawn or erased; [`Error::Forbidden`] without a live consent that names the park, and on a lead
/// that another park has taken over.
pub(super) async fn consented(tx: &DatabaseTransaction, row: &LeadRow) -> Result<(RequirementRow, StoredContact)> {
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
