//! One change of a lead: permission, one transaction that locks the lead, and the checks that calls share.

use domain::lead::LeadState;
use domain::requirement::{FieldCode, FieldError};
use domain::time::{Moment, parse_day};
use sea_orm::DatabaseTransaction;

use crate::db;
use crate::db::TxFuture;
use crate::db::idempotency::StoredAnswer;
use crate::db::lead::LeadRow;
use crate::error::{Error, Result};
use crate::service::accounts::Actor;
use crate::service::context::App;
use crate::service::idempotency::{self, Answered, Call, Outcome};
use crate::service::lead_json;

/// Longest note, reason or message, in characters.
pub(in crate::service) const LONGEST_NOTE: usize = 2_000;

/// Carries out a change of one lead and answers the lead as it is afterwards. `touch` marks it as worked by staff.
///
/// # Errors
/// [`Error::NotFound`], also outside the scope; [`Error::Forbidden`] for observers; those of `work`.
pub(in crate::service) async fn change<F>(app: &App, actor: &Actor, call: &Call, id: &str, work: F) -> Result<Answered>
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
pub(in crate::service) fn check_live(row: &LeadRow) -> Result<()> {
    if row.lead.state == LeadState::Withdrawn { Err(Error::Gone) } else { Ok(()) }
}

pub(in crate::service) fn invalid(field: &str, code: FieldCode) -> Error {
    Error::Invalid(vec![FieldError::new(field, code)])
}

/// Checks a text that must not be blank.
pub(in crate::service) fn check_text(field: &'static str, text: &str) -> Result<String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(invalid(field, FieldCode::Missing));
    }
    check_length(field, trimmed)?;
    Ok(trimmed.to_owned())
}

pub(in crate::service) fn check_length(field: &'static str, text: &str) -> Result<()> {
    if text.chars().count() <= LONGEST_NOTE {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldError::new(field, FieldCode::TooLong).with("max", LONGEST_NOTE.to_string())]))
}

/// Parses the day on which a lead becomes due: today or later.
pub(in crate::service) fn next_day(text: Option<&str>, now: Moment) -> Result<Option<Moment>> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let bad = |code| Error::Invalid(vec![FieldError::new("next_on", code).with("value", text)]);
    let day = parse_day(text.trim()).ok_or_else(|| bad(FieldCode::BadDate))?;
    if day < now.day() {
        return Err(bad(FieldCode::DayPassed));
    }
    Ok(Some(Moment::end_of(day)))
}

/// Sets the owner of a lead that has none: the first to work it is responsible. Keys without a person own nothing.
pub(in crate::service) fn own(row: &LeadRow, actor: &Actor) -> Option<Option<String>> {
    (row.lead.owner_id.is_none() && actor.is_person()).then(|| Some(actor.id.clone()))
}

/// Returns a call of a page, which has no key of a client: each is carried out.
#[must_use]
pub fn page_call() -> Call {
    Call { path: "page".to_owned(), key: crate::ids::row_id(), body_hash: String::new() }
}
