//! Moves of a lead from stage to stage.

use domain::account::Role;
use domain::lead::{EventKind, LastWord, LeadState, Stage, StageError, check_move};
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::time::{Moment, parse_day};
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};

use super::change::{change, check_length, check_live, invalid, next_day, own};
use crate::db;
use crate::db::lead::{Inquiry, LeadChange, LeadRow, NewEvent};
use crate::db::words::AuditAction;
use crate::error::{Code, Error, Result};
use crate::service::accounts::Actor;
use crate::service::context::{App, Context};
use crate::service::idempotency::{Answered, Call};
use crate::service::{due, lead_json};

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

/// Reopens a lost or withdrawn lead whose enterprise asks again: at the stage that was left.
pub(in crate::service) async fn reopen(
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
