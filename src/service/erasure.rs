//! Erasure of a requirement or of one inquiry: unsent mail is cancelled, words go, and leads become tombstones.

use domain::inquiry::InquiryState;
use domain::lead::{EventKind, LeadState};
use domain::time::{Moment, NEVER};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::context::Context;
use super::erasure_ledger::{self, LedgerMark};
use super::idempotency::{self, Answered, Call, Outcome};
use super::requirements::by_reference;
use super::{letters, work};
use crate::db;
use crate::db::lead::{Inquiry, LeadChange, LeadRow, NewEvent};
use crate::db::requirement::RequirementRow;
use crate::db::words::AuditAction;
use crate::error::{Error, Result};

/// Erases a requirement at the enterprise's word, and tells the parks that were served, in one transaction.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Gone`] once erased.
pub async fn erase(app: &Context, call: &Call, reference: &str) -> Result<Answered> {
    idempotency::answer(app, call, carry_out(app, call, reference)).await
}

async fn carry_out(app: &Context, call: &Call, reference: &str) -> Result<db::idempotency::StoredAnswer> {
    let found = by_reference(app, reference).await?;
    let id = found.id.clone();
    let now = app.clock.now();
    let mut farewells = Vec::new();
    for inquiry in app.db.inquiries(&found.id).await? {
        if let Some(inbox) = app.inventory.inbox(&inquiry.park) {
            farewells.push(letters::withdrawal(app, &inquiry.number, &inquiry.listing_name, &inbox, &inquiry.id)?);
        }
    }
    let call = call.clone();
    let reference = reference.to_owned();
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                // Locked and read again: another erasure or an inquiry may have committed since.
                let found =
                    db::requirement::lock(tx, &reference).await?.filter(RequirementRow::is_live).ok_or(Error::Gone)?;
                let stored = Outcome::of(&call, 204, String::new(), now).write(tx).await?;
                let served = hide(tx, &found, "enterprise", now).await?;
                farewells.retain(|mail| mail.inquiry_id.as_ref().is_some_and(|id| served.contains(id)));
                db::outbox::enqueue(tx, farewells, now).await?;
                failpoint!("erase.farewells_queued");
                Ok(stored)
            })
        })
        .await?;
    app.outbox.notify_waiters();
    erasure_ledger::note(app, LedgerMark::Erased, vec![id]).await;
    Ok(stored)
}

/// Erases a live requirement within a transaction; `by` is the side that the audit names. Returns the ids of the inquiries
/// whose mail had left, or was leaving.
pub(super) async fn hide(
    tx: &DatabaseTransaction,
    found: &RequirementRow,
    by: &str,
    now: Moment,
) -> Result<Vec<String>> {
    let served = db::outbox::withdraw(tx, &found.id, now).await?;
    let inquiries = db::lead::of_requirement(tx, &found.id).await?;
    for inquiry in inquiries.iter().filter(|inquiry| !served.contains(&inquiry.id)) {
        db::lead::set_state(tx, &inquiry.id, InquiryState::Cancelled, now).await?;
    }
    for row in db::lead::of_need(tx, &found.id).await? {
        bury(tx, &row, None, now).await?;
    }
    failpoint!("erase.hidden");
    db::handover::forget(tx, &found.id, now).await?;
    db::task::finish_need(tx, &found.id, now).await?;
    for inquiry in &inquiries {
        db::task::finish_inquiry(tx, &inquiry.id, now).await?;
    }
    db::idempotency::forget(tx, std::slice::from_ref(&found.id)).await?;
    db::requirement::erase(tx, &found.id, now).await?;
    db::requirement::audit(tx, by, AuditAction::RequirementErase, &found.id, "", now).await?;
    Ok(served)
}

/// Withdraws one inquiry within a transaction: its unsent mail is cancelled, and its lead ends where no other inquiry of it is
/// left. Returns whether its mail had left, or was leaving.
pub(super) async fn hide_inquiry(tx: &DatabaseTransaction, inquiry: &Inquiry, now: Moment) -> Result<bool> {
    let served = db::outbox::withdraw_inquiry(tx, &inquiry.id, now).await?;
    db::lead::set_state(tx, &inquiry.id, InquiryState::Cancelled, now).await?;
    db::task::finish_inquiry(tx, &inquiry.id, now).await?;
    let Some(row) = db::lead::of_inquiry(tx, inquiry).await? else { return Ok(served) };
    let is_left = row.inquiries.iter().any(|own| own.state != InquiryState::Cancelled);
    if is_left {
        let event = NewEvent::new(&row.lead.id, EventKind::Withdrawal, now);
        let facts = json!({ "number": inquiry.number });
        work::enterprise_wrote(tx, &row.lead, NewEvent { facts: Some(facts), ..event }, now).await?;
    } else {
        db::requirement::withdraw_consent(tx, &inquiry.requirement_id, &row.lead.park, now).await?;
        bury(tx, &row, Some(&inquiry.number), now).await?;
    }
    Ok(served)
}

/// Leaves a tombstone of a lead that the enterprise withdrew: number, park, listings, stages with days and amounts stay, words
/// go. `number` names the one inquiry that was withdrawn.
async fn bury(tx: &DatabaseTransaction, row: &LeadRow, number: Option<&str>, now: Moment) -> Result<()> {
    let ids = std::slice::from_ref(&row.lead.id);
    db::lead::forget_words(tx, ids).await?;
    db::idempotency::forget(tx, ids).await?;
    let facts = json!({ "number": number.unwrap_or_default() });
    let event = NewEvent::new(&row.lead.id, EventKind::Withdrawal, now);
    NewEvent { facts: Some(facts), ..event }.add(tx).await?;
    let done = LeadChange { state: Some(LeadState::Withdrawn), due_at: Some(NEVER), ..LeadChange::default() };
    Ok(db::lead::change(tx, &row.lead, &done, now).await?)
}
