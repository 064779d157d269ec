//! Visits of enterprises and amounts paid in, as entries of a lead's history.

use domain::decimal::Decimal;
use domain::follow_up::{FundsOrigin, FundsSource, VisitOutcome};
use domain::lead::{EventKind, LastWord, NoteKind, Stage};
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::time::{Moment, parse_day};
use serde_json::json;

use super::accounts::Actor;
use super::context::App;
use super::idempotency::{Answered, Call};
use super::work;
use crate::db;
use crate::db::lead::{LeadChange, LeadRow, NewEvent};
use crate::error::{Code, Error, Result};

/// Listings of one visit at most.
const MOST_SEEN: usize = 20;

/// A visit of the enterprise.
#[derive(Clone, Debug, Default)]
pub struct VisitIn {
    /// The visitors: the first line of the note, which a withdrawal erases.
    pub who: String,
    /// Ids of the listings that were seen, each of the lead's park.
    pub listings: Vec<String>,
    /// Word of the outcome.
    pub outcome: String,
    /// The talk on the site.
    pub text: String,
    /// The day on which the lead becomes due.
    pub next_on: Option<String>,
}

/// An amount paid in.
#[derive(Clone, Debug, Default)]
pub struct FundsIn {
    /// The amount in 10,000 yuan, as a decimal; a negative one takes back what was recorded too much.
    pub amount_wan: String,
    /// The day of payment.
    pub paid_on: String,
    /// Word of the origin.
    pub origin: String,
    /// Word of the proof.
    pub source: String,
    /// Number or place of the proof; the reason of a negative amount.
    pub text: String,
}

fn invalid(field: &str, code: FieldCode, value: &str) -> FieldError {
    FieldError::new(field, code).with("value", value)
}

/// Records a visit as a note of that kind; the lead keeps its stage.
///
/// # Errors
/// As [`work::note`], besides [`Error::Invalid`] for an unknown outcome or a listing that is not of the lead's park.
pub async fn visit(app: &App, actor: &Actor, call: &Call, id: &str, new: VisitIn) -> Result<Answered> {
    work::check_right(app, actor, id).await?;
    let who = work::check_text("who", &new.who)?;
    let outcome = VisitOutcome::from_word(&new.outcome)
        .ok_or_else(|| Error::Invalid(vec![invalid("outcome", FieldCode::Missing, &new.outcome)]))?;
    let due_at = work::next_day(new.next_on.as_deref(), app.clock.now())?;
    let note = format!("{who}\n{}", new.text.trim());
    let note = work::check_text("text", &note)?;
    let by = actor.clone();
    work::change(app, actor, call, id, move |app, tx, row, now| {
        Box::pin(async move {
            work::check_live(row)?;
            let seen = seen(app, row, &new.listings)?;
            let facts = json!({
                "note": NoteKind::Visit.word(), "outcome": outcome.word(), "seen": seen.join("、"),
                "next_on": due_at.map(|at| at.day().to_string()),
            });
            let event = NewEvent::new(&row.lead.id, EventKind::Note, now);
            NewEvent { account_id: Some(&by.id), note: &note, facts: Some(facts), ..event }.add(tx).await?;
            let done = LeadChange {
                due_at: due_at.filter(|_| row.lead.is_open()),
                last_word: Some(LastWord::Ours),
                owner_id: work::own(row, &by),
                touched: true,
                ..LeadChange::default()
            };
            Ok(db::lead::change(tx, &row.lead, &done, now).await?)
        })
    })
    .await
}

/// Returns the names of listings of the lead's park.
fn seen(app: &App, row: &LeadRow, ids: &[String]) -> Result<Vec<String>> {
    let park = if row.lead.park.is_empty() { &row.inquiry.park } else { &row.lead.park };
    let name = |id: &String| {
        let record = app.inventory.find(id)?;
        let own = if record.id() == park { record.id() } else { record.get("park_code") };
        let listing = app.inventory.listing(record.kind(), id)?;
        (own == park).then(|| listing.name.to_string())
    };
    let unknown = |id: &String| Error::Invalid(vec![invalid("listings", FieldCode::UnknownListing, id)]);
    ids.iter().take(MOST_SEEN).map(|id| name(id).ok_or_else(|| unknown(id))).collect()
}

/// Records an amount paid in, with origin and proof. Only a signed lead has one.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Gone`] once withdrawn; [`Error::Invalid`] with every
/// wrong field; [`Error::Conflict`] with [`Code::NotSigned`] before the signature.
pub async fn funds(app: &App, actor: &Actor, call: &Call, id: &str, new: FundsIn) -> Result<Answered> {
    work::check_right(app, actor, id).await?;
    let facts = check_funds(&new, app.clock.now())?;
    let by = actor.clone();
    work::change(app, actor, call, id, move |_, tx, row, now| {
        Box::pin(async move {
            work::check_live(row)?;
            if !is_signed(row, &db::lead::events_of(tx, &row.lead.id).await?) {
                return Err(Error::Conflict(Code::NotSigned));
            }
            let event = NewEvent::new(&row.lead.id, EventKind::Funds, now);
            let note = new.text.trim();
            NewEvent { account_id: Some(&by.id), note, facts: Some(facts), ..event }.add(tx).await?;
            let done = LeadChange { touched: true, ..LeadChange::default() };
            Ok(db::lead::change(tx, &row.lead, &done, now).await?)
        })
    })
    .await
}

/// Whether a lead was signed: now, or before a later stage.
#[must_use]
pub fn is_signed(row: &LeadRow, events: &[crate::db::lead::LeadEvent]) -> bool {
    let signed = |event: &crate::db::lead::LeadEvent| event.to.as_ref().is_some_and(|to| *to == Stage::Signed);
    row.lead.stage == Stage::Signed || events.iter().any(signed)
}

/// The facts of an amount paid in.
fn check_funds(new: &FundsIn, now: Moment) -> Result<serde_json::Value> {
    let mut errors = Vec::new();
    let amount = Decimal::parse(new.amount_wan.trim()).ok().filter(|amount| amount.micro() != 0);
    if amount.is_none() {
        let code = if new.amount_wan.trim().is_empty() { FieldCode::Missing } else { FieldCode::WrongType };
        errors.push(invalid("funds_wan", code, &new.amount_wan).with("expected", "number"));
    }
    let day = parse_day(new.paid_on.trim()).filter(|day| *day <= now.day());
    if day.is_none() {
        let code = if new.paid_on.trim().is_empty() { FieldCode::Missing } else { FieldCode::BadDate };
        errors.push(invalid("paid_on", code, &new.paid_on));
    }
    let origin = FundsOrigin::from_word(&new.origin);
    if origin.is_none() {
        errors.push(invalid("funds_origin", FieldCode::Missing, &new.origin));
    }
    let source = FundsSource::from_word(&new.source);
    if source.is_none() {
        errors.push(invalid("funds_source", FieldCode::Missing, &new.source));
    }
    if amount.is_some_and(|amount| amount.micro() < 0) && new.text.trim().is_empty() {
        errors.push(invalid("text", FieldCode::Missing, ""));
    }
    if new.text.chars().count() > work::LONGEST_NOTE {
        errors.push(FieldError::new("text", FieldCode::TooLong).with("max", work::LONGEST_NOTE.to_string()));
    }
    match (amount, day, origin, source) {
        (Some(amount), Some(day), Some(origin), Some(source)) if errors.is_empty() => Ok(json!({
            "funds_wan": amount.to_string(), "paid_on": day.to_string(), "origin": origin.word(),
            "source": source.word(),
        })),
        _ => Err(Error::Invalid(errors)),
    }
}
