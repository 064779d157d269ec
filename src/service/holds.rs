//! Soft holds on a listing's land, floor, power and energy: made and released by officers of its park, ended by themselves.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use domain::decimal::Decimal;
use domain::hold::{Holdable, Resource};
use domain::listing::Kind;
use domain::record::Record;
use domain::requirement::{FieldCode, FieldError};
use domain::time::{Moment, parse_day};
use domain::unit::Unit;
use domain::word::Word as _;
use sea_orm::{DatabaseTransaction, DbErr};
use serde_json::{Value, json};

use super::accounts::Actor;
use super::context::Context;
use super::idempotency::{self, Answered, Call, Outcome};
use super::inventory::refresh;
use crate::db;
use crate::db::hold::{HoldOutcome, HoldRow, NewHold};
use crate::db::idempotency::StoredAnswer;
use crate::db::words::AuditAction;
use crate::error::{Code, Error, Result};

/// Longest hold, days.
pub const MOST_DAYS: u64 = 90;
/// Largest amount: what a sheet may hold of any figure is far below it, and its whole units fit 64 bits.
const MOST_AMOUNT: i64 = 1_000_000_000;
/// Decimal places of an amount.
const MOST_PLACES: usize = 4;
/// Longest note, in characters.
const LONGEST_NOTE: usize = 200;

/// The form of a hold, as typed.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of the form")]
pub struct HoldForm {
    pub listing: String,
    pub resource: String,
    pub amount: String,
    /// The unit of the amount; blank: the resource's own.
    pub unit: String,
    /// The last day.
    pub until: String,
    pub note: String,
    /// Id of the hold: the same form posted twice makes one.
    pub key: String,
}

/// A hold as staff see it.
#[derive(Clone, Debug)]
pub struct HoldView {
    /// The hold.
    pub row: HoldRow,
    /// Address of the account that made it; none for an account that is gone.
    pub by: Option<String>,
}

/// Returns the live holds of the actor's scope, or those that have ended.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor, live: bool) -> Result<Vec<HoldView>> {
    let (rows, emails) = app.db.holds(&actor.scope, live, app.clock.now()).await?;
    let view = |row: HoldRow| HoldView { by: emails.get(&row.account_id).cloned(), row };
    Ok(rows.into_iter().map(view).collect())
}

/// Returns the live holds on a listing of the actor's scope.
///
/// # Errors
/// [`Error::NotFound`] for a listing outside the scope; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn of_listing(app: &Context, actor: &Actor, id: &str) -> Result<Vec<HoldView>> {
    let record = own_record(app, actor, id).ok_or(Error::NotFound)?;
    let (rows, emails) = app.db.holds_on(record.kind(), record.id(), app.clock.now()).await?;
    let view = |row: HoldRow| HoldView { by: emails.get(&row.account_id).cloned(), row };
    Ok(rows.into_iter().map(view).collect())
}

/// Makes a hold for a program; the answer is the hold.
///
/// # Errors
/// [`Error::NotFound`] for a listing outside the scope, else as [`make`] and [`idempotency::answer`].
pub async fn make_once(app: &Context, actor: &Actor, call: &Call, form: &HoldForm) -> Result<Answered> {
    own_record(app, actor, form.listing.trim()).ok_or(Error::NotFound)?;
    let answered = idempotency::answer(app, call, store_once(app, actor, call, form)).await?;
    refresh(app).await?;
    Ok(answered)
}

async fn store_once(app: &Context, actor: &Actor, call: &Call, form: &HoldForm) -> Result<StoredAnswer> {
    let now = app.clock.now();
    let new = to_make(app, actor, form, now)?;
    let made = HoldView { row: new.row(now), by: Some(actor.email.clone()) };
    let outcome = Outcome::of(call, 201, made.json().to_string(), now);
    let resource = new.resource;
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let done = add(tx, new, now).await?;
                refusal(done, resource).map_or(Ok(()), |error| Err(Error::Invalid(vec![error])))?;
                outcome.write(tx).await
            })
        })
        .await
}

/// Releases a live hold on a listing for a program.
///
/// # Errors
/// [`Error::NotFound`] for one that has ended, is on another listing or outside the scope, else as [`release`] and
/// [`idempotency::answer`].
pub async fn release_once(app: &Context, actor: &Actor, call: &Call, listing: &str, id: &str) -> Result<Answered> {
    let record = own_record(app, actor, listing).ok_or(Error::NotFound)?;
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let now = app.clock.now();
    let outcome = Outcome::of(call, 204, String::new(), now);
    let (id, actor) = (id.to_owned(), actor.clone());
    let work = app.db.write::<_, Error, _>(move |tx| {
        Box::pin(async move {
            let released = end(tx, &actor, &id, now).await?;
            if released.kind != record.kind() || released.listing != record.id() {
                return Err(Error::NotFound);
            }
            outcome.write(tx).await
        })
    });
    let answered = idempotency::answer(app, call, work).await?;
    refresh(app).await?;
    Ok(answered)
}

/// A plot or space of the actor's scope.
fn own_record(app: &Context, actor: &Actor, id: &str) -> Option<Arc<Record>> {
    let mut found = [Kind::Plot, Kind::Space].into_iter().filter_map(|kind| app.inventory.record(kind, id));
    // A listing of another park is not there, so that its holds cannot be guessed.
    found.find(|record| actor.scope.covers(record.get("park_code")))
}

impl HoldView {
    /// Returns the hold as programs of staff see it.
    #[must_use]
    pub fn json(&self) -> Value {
        let row = &self.row;
        let resource = row.resource.known();
        json!({
            "id": row.id,
            "listing": { "id": row.listing, "kind": row.kind.word() },
            "resource": row.resource.word(),
            "amount": resource.map(|resource| resource.amount(row.units)),
            "unit": resource.map(|resource| resource.unit().word()),
            // The moment is the first of the day after the last one.
            "until": row.expires_at.plus_seconds(-1).day().to_string(),
            "note": row.note,
            "by": self.by,
            "made_at": row.created_at.rfc3339(),
        })
    }
}

/// Makes a hold.
///
/// # Errors
/// [`Error::Forbidden`] for observers; [`Error::Invalid`] naming each wrong field, also a listing outside the scope and an
/// amount above what is free; [`Error::Conflict`] with [`Code::ListingWithdrawn`].
pub async fn make(app: &Context, actor: &Actor, form: &HoldForm) -> Result<()> {
    let now = app.clock.now();
    let new = to_make(app, actor, form, now)?;
    let resource = new.resource;
    let outcome = app.db.write::<_, Error, _>(move |tx| Box::pin(async move { Ok(add(tx, new, now).await?) })).await?;
    refresh(app).await?;
    refusal(outcome, resource).map_or(Ok(()), |error| Err(Error::Invalid(vec![error])))
}

/// The hold of a form by one who may make it, on a listing that is offered.
fn to_make(app: &Context, actor: &Actor, form: &HoldForm, now: Moment) -> Result<NewHold> {
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let (record, new) = checked(app, actor, form, now)?;
    let is_offered = app.inventory.listing(record.kind(), record.id()).is_some_and(|listing| listing.is_offered());
    if is_offered { Ok(new) } else { Err(Error::Conflict(Code::ListingWithdrawn)) }
}

async fn add(tx: &DatabaseTransaction, new: NewHold, now: Moment) -> std::result::Result<HoldOutcome, DbErr> {
    let (id, account) = (new.id.clone(), new.account_id.clone());
    let detail = format!("{} {} {}", new.listing, new.resource, new.units);
    let outcome = db::hold::make(tx, new, now).await?;
    if outcome == HoldOutcome::Made {
        db::requirement::audit(tx, &account, AuditAction::HoldMake, &id, &detail, now).await?;
    }
    Ok(outcome)
}

/// Returns the error of a hold that was not made.
fn refusal(outcome: HoldOutcome, resource: Resource) -> Option<FieldError> {
    let figure = |units| resource.amount(units).to_string();
    match outcome {
        HoldOutcome::Made | HoldOutcome::Repeated => None,
        HoldOutcome::NoListing => Some(FieldError::new("listing", FieldCode::UnknownListing).with("value", "")),
        HoldOutcome::NotStated => Some(FieldError::new("resource", FieldCode::NotStated)),
        HoldOutcome::OutOfRange(Holdable { capacity, least }) if capacity == least => {
            Some(of_amount(FieldCode::WholeOnly, resource).with("max", figure(capacity)))
        }
        HoldOutcome::OutOfRange(Holdable { capacity, least }) => {
            Some(of_amount(FieldCode::OutOfRange, resource).with("min", figure(least)).with("max", figure(capacity)))
        }
        HoldOutcome::MoreThanFree(free) => {
            Some(of_amount(FieldCode::MoreThanFree, resource).with("free", figure(free)))
        }
    }
}

fn of_amount(code: FieldCode, resource: Resource) -> FieldError {
    FieldError::new("amount", code).with("unit", resource.unit().key())
}

/// Checks a form and returns the listing with the hold to be made.
fn checked(app: &Context, actor: &Actor, form: &HoldForm, now: Moment) -> Result<(Arc<Record>, NewHold)> {
    let mut errors = Vec::new();
    let id = form.listing.trim();
    let record = own_record(app, actor, id);
    if record.is_none() {
        let code = if id.is_empty() { FieldCode::Missing } else { FieldCode::UnknownListing };
        errors.push(FieldError::new("listing", code).with("value", id));
    }
    let resource = Resource::from_word(&form.resource);
    let fits = |it: &Resource| record.as_ref().is_none_or(|record| Resource::of(record.kind()).contains(it));
    let resource = resource.filter(fits);
    if resource.is_none() {
        let code = if form.resource.is_empty() { FieldCode::Missing } else { FieldCode::NotStated };
        errors.push(FieldError::new("resource", code));
    }
    let units = resource.and_then(|resource| units(form, resource).map_err(|error| errors.push(error)).ok());
    let until = until(&form.until, now.day()).map_err(|error| errors.push(error)).ok();
    if form.note.chars().count() > LONGEST_NOTE {
        errors.push(FieldError::new("note", FieldCode::TooLong).with("max", LONGEST_NOTE.to_string()));
    }
    match (record, resource, units, until) {
        (Some(record), Some(resource), Some(units), Some(until)) if errors.is_empty() => {
            let new = NewHold {
                id: form.key.clone(),
                kind: record.kind(),
                listing: record.id().to_owned(),
                resource,
                units,
                note: form.note.trim().to_owned(),
                account_id: actor.id.clone(),
                expires_at: until,
            };
            Ok((record, new))
        }
        _ => Err(Error::Invalid(errors)),
    }
}

/// Reads an amount into whole units of its resource.
fn units(form: &HoldForm, resource: Resource) -> std::result::Result<i64, FieldError> {
    let typed = form.amount.trim();
    let wrong = |code| FieldError::new("amount", code);
    if typed.is_empty() {
        return Err(wrong(FieldCode::Missing));
    }
    let amount = Decimal::parse(typed).map_err(|_| wrong(FieldCode::WrongType).with("expected", "number"))?;
    if amount.places() > MOST_PLACES {
        return Err(wrong(FieldCode::TooManyPlaces));
    }
    if amount <= Decimal::ZERO || amount > Decimal::from_int(MOST_AMOUNT) {
        return Err(wrong(FieldCode::OutOfRange).with("min", "0.0001").with("max", MOST_AMOUNT.to_string()));
    }
    let unit = Unit::from_word(&form.unit).unwrap_or_else(|| resource.unit());
    resource.units(amount, unit).ok_or_else(|| wrong(FieldCode::WrongType).with("expected", "number"))
}

/// Reads the last day, of which the end is the end of the hold.
fn until(typed: &str, today: NaiveDate) -> std::result::Result<Moment, FieldError> {
    let wrong = |code| FieldError::new("until", code);
    if typed.trim().is_empty() {
        return Err(wrong(FieldCode::Missing));
    }
    let day = parse_day(typed.trim()).ok_or_else(|| wrong(FieldCode::BadDate).with("value", typed))?;
    let last = today.checked_add_days(Days::new(MOST_DAYS)).unwrap_or(today);
    if day < today || day > last {
        return Err(wrong(FieldCode::OutOfRange).with("min", today.to_string()).with("max", last.to_string()));
    }
    Ok(Moment::start_of(day.succ_opt().unwrap_or(day)))
}

/// Releases a live hold.
///
/// # Errors
/// [`Error::Forbidden`] for observers; [`Error::NotFound`] for one that has ended or is outside the scope.
pub async fn release(app: &Context, actor: &Actor, id: &str) -> Result<()> {
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let (now, id, actor) = (app.clock.now(), id.to_owned(), actor.clone());
    app.db.write::<_, Error, _>(move |tx| Box::pin(async move { end(tx, &actor, &id, now).await.map(drop) })).await?;
    refresh(app).await?;
    Ok(())
}

async fn end(tx: &DatabaseTransaction, actor: &Actor, id: &str, now: Moment) -> Result<HoldRow> {
    let released = db::hold::release(tx, &actor.scope, id, &actor.id, now).await?.ok_or(Error::NotFound)?;
    db::requirement::audit(tx, &actor.id, AuditAction::HoldRelease, id, &released.listing, now).await?;
    Ok(released)
}
