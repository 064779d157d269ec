//! Hand-overs (流转) of a lead to another park: proposed by staff, consented to by the enterprise, answered by the receiving
//! park. Until then owner, clock and first talk stay.

use domain::inquiry::InquiryState;
use domain::lead::{EventKind, HandoverState, LeadState, Source, Stage};
use domain::listing::Kind;
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::time::{Moment, NEVER};
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};

use super::accounts::Actor;
use super::context::{App, Context};
use super::idempotency::{self, Answered, Call, Outcome};
use super::requirements::by_reference;
use super::{assignment, due, inquiry_mail, inventory, lead_json, letters, notice, work};
use crate::db;
use crate::db::handover::Handover;
use crate::db::idempotency::StoredAnswer;
use crate::db::lead::{Inquiry, LeadChange, LeadRow, NewEvent, NewLead};
use crate::db::letters::NewMail;
use crate::db::requirement::{NewConsent, RequirementRow};
use crate::db::rows::Rows;
use crate::db::words::{AuditAction, ConsentPurpose, MailPurpose};
use crate::error::{Code, Error, Result};
use crate::i18n::{self, Locale};
use crate::ids;

/// The locale of mails.
const MAILS: Locale = Locale::ZhHans;

/// A proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Code of the park that may receive the lead.
    pub park: String,
    /// Id of the listing that is offered; the park itself where none is.
    pub listing: Option<String>,
    /// The reason, as the enterprise reads it.
    pub reason: String,
}

fn wrong(field: &str, code: FieldCode, value: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, code).with("value", value)])
}

/// Adds a step to the timeline of a lead.
async fn tell(
    tx: &DatabaseTransaction,
    app: &Context,
    lead_id: &str,
    (by, note): (Option<&str>, &str),
    (park, state): (&str, HandoverState),
    now: Moment,
) -> Result<()> {
    let facts = json!({ "handover": state.word(), "park": app.inventory.park_name(park), "park_code": park });
    let event = NewEvent::new(lead_id, EventKind::Handover, now);
    NewEvent { account_id: by, note, facts: Some(facts), ..event }.add(tx).await?;
    Ok(())
}

/// Returns the kind and id of the listing that a proposal offers.
fn offered(app: &Context, proposal: &Proposal) -> Result<(Kind, String)> {
    if proposal.park.is_empty() {
        return Err(wrong("park", FieldCode::Missing, ""));
    }
    if app.inventory.record(Kind::Park, &proposal.park).is_none() {
        return Err(wrong("park", FieldCode::UnknownCode, &proposal.park));
    }
    if app.inventory.inbox(&proposal.park).is_none() {
        return Err(wrong("park", FieldCode::NoInbox, &proposal.park));
    }
    let Some(id) = proposal.listing.as_deref().filter(|id| !id.is_empty()) else {
        return Ok((Kind::Park, proposal.park.clone()));
    };
    let unknown = || wrong("listing", FieldCode::UnknownListing, id);
    let record = app.inventory.find(id).ok_or_else(unknown)?;
    let park = if record.kind() == Kind::Park { record.id() } else { record.get("park_code") };
    if park != proposal.park || inventory::is_withdrawn(&record) {
        return Err(unknown());
    }
    Ok((record.kind(), id.to_owned()))
}

/// Proposes a hand-over; the enterprise gets one mail.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Invalid`] for an unknown park or listing, or a missing
/// reason; [`Error::Conflict`] with [`Code::HandoverOpen`] where one is open, [`Code::LeadClosed`] on a lead that is not
/// worked; [`Error::Refused`] with [`Code::AlreadyAsked`] where the park has a lead of this requirement.
pub async fn propose(app: &App, actor: &Actor, call: &Call, id: &str, proposal: Proposal) -> Result<Answered> {
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let reason = work::check_text("reason", &proposal.reason)?;
    let (kind, listing) = offered(app, &proposal)?;
    if proposal.park == row.lead.park {
        return Err(wrong("park", FieldCode::SamePark, &proposal.park));
    }
    let new = Handover {
        id: ids::row_id(),
        lead_id: id.to_owned(),
        requirement_id: row.inquiry.requirement_id.clone(),
        from: row.lead.park.clone(),
        to: proposal.park.clone(),
        listing: (kind.word().to_owned(), listing),
        reason,
        state: HandoverState::Proposed.into(),
        proposed_by: actor.id.clone(),
        created_at: app.clock.now(),
    };
    idempotency::answer(app, call, store(app, actor, call, new)).await
}

async fn store(app: &App, actor: &Actor, call: &Call, new: Handover) -> Result<StoredAnswer> {
    let (own, actor, call) = (app.clone(), actor.clone(), call.clone());
    let now = app.clock.now();
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let row = db::lead::locked(tx, &actor.scope, &new.lead_id).await?.ok_or(Error::NotFound)?;
                check_open(tx, &row, &new).await?;
                let found = db::requirement::lock_of(tx, &new.requirement_id).await?.ok_or(Error::NotFound)?;
                db::handover::add(tx, &new).await?;
                let by = (Some(actor.id.as_str()), new.reason.as_str());
                tell(tx, &own, &row.lead.id, by, (&new.to, HandoverState::Proposed), now).await?;
                let done = LeadChange { touched: true, ..LeadChange::default() };
                db::lead::change(tx, &row.lead, &done, now).await?;
                let mails: Vec<NewMail> = proposal_mail(&own, &found, &row, &new)?.into_iter().collect();
                db::outbox::enqueue(tx, mails, now).await?;
                db::requirement::audit(tx, &actor.id, AuditAction::LeadHandover, &row.lead.id, &new.to, now).await?;
                answer_lead(&own, tx, &actor, &call, &row.lead.id, now).await
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(stored)
}

async fn check_open(tx: &DatabaseTransaction, row: &LeadRow, new: &Handover) -> Result<()> {
    if row.lead.state == LeadState::Withdrawn {
        return Err(Error::Gone);
    }
    if !row.lead.is_open() {
        return Err(Error::Conflict(Code::LeadClosed));
    }
    let before = db::handover::of_lead(tx, &row.lead.id).await?;
    if before.iter().any(|it| it.state.known().is_some_and(HandoverState::is_open)) {
        return Err(Error::Conflict(Code::HandoverOpen));
    }
    let leads = db::lead::of_need(tx, &new.requirement_id).await?;
    let has = |row: &LeadRow| row.lead.park == new.to && row.lead.state != LeadState::Withdrawn;
    if leads.iter().any(has) {
        let error = FieldError::new("park", FieldCode::AlreadyAsked).with("value", &new.to);
        return Err(Error::Refused(Code::AlreadyAsked, vec![error]));
    }
    Ok(())
}

async fn answer_lead(
    app: &App,
    tx: &DatabaseTransaction,
    actor: &Actor,
    call: &Call,
    id: &str,
    now: Moment,
) -> Result<StoredAnswer> {
    let after = db::lead::locked(tx, &actor.scope, id).await?.ok_or(Error::NotFound)?;
    let body = lead_json::lead(app, actor.role, &after).to_string();
    Outcome::about(call, 200, body, Some(id), now).write(tx).await
}

/// Builds the mail that asks the enterprise; `None` where it has no mail address.
fn proposal_mail(app: &Context, found: &RequirementRow, row: &LeadRow, new: &Handover) -> Result<Option<NewMail>> {
    let Some(contact) = found.contact.as_ref().filter(|contact| !contact.email.is_empty()) else { return Ok(None) };
    let (from, to) = (app.inventory.park_name(&row.inquiry.park), app.inventory.park_name(&new.to));
    let args = [("from", from.as_str()), ("to", &to), ("reason", &new.reason)];
    let news = letters::News {
        purpose: MailPurpose::Handover,
        number: Some(&row.inquiry.number),
        subject: i18n::tell(MAILS, "mail.handover"),
        lines: vec![i18n::say(MAILS, "mail.handover_text", &args), i18n::say(MAILS, "mail.handover_consent", &args)],
        rows: Vec::new(),
        link: Some((format!("/requirements/{}", found.reference), i18n::tell(MAILS, "mail.open_requirement"))),
        reply_to: None,
        about: (Some(found.id.clone()), Some(row.inquiry.id.clone())),
    };
    letters::news(app, news, &contact.email).map(Some)
}

/// Returns a hand-over as the enterprise's page and API show it.
#[must_use]
pub fn handover_json(app: &Context, it: &Handover) -> Value {
    json!({
        "id": it.id,
        "from": it.from,
        "from_name": app.inventory.park_name(&it.from),
        "to": it.to,
        "to_name": app.inventory.park_name(&it.to),
        "listing": it.listing.1,
        "reason": it.reason,
        "state": it.state.word(),
    })
}

/// Records the enterprise's word on a proposal: with its consent, which names the receiving park, the park is asked.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Gone`] once erased; [`Error::Refused`] with `notice_outdated`; [`Error::Conflict`] with
/// [`Code::HandoverDecided`] where it was answered before.
pub async fn consent(
    app: &App,
    call: &Call,
    reference: &str,
    id: &str,
    accepts: bool,
    notice_version: &str,
) -> Result<Answered> {
    by_reference(app, reference).await?;
    if accepts {
        notice::check(notice_version)?;
    }
    let (own, call_, reference, id) = (app.clone(), call.clone(), reference.to_owned(), id.to_owned());
    let now = app.clock.now();
    let work = async {
        app.db.write::<_, Error, _>(move |tx| Box::pin(consent_in(own, tx, call_, reference, id, accepts, now))).await
    };
    idempotency::answer(app, call, work).await
}

async fn consent_in(
    app: App,
    tx: &DatabaseTransaction,
    call: Call,
    reference: String,
    id: String,
    accepts: bool,
    now: Moment,
) -> Result<StoredAnswer> {
    let found = db::requirement::lock(tx, &reference).await?.filter(RequirementRow::is_live).ok_or(Error::Gone)?;
    let all = db::handover::of_need(tx, &found.id).await?;
    let mut offer = all.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if offer.state != HandoverState::Proposed {
        return Err(Error::Conflict(Code::HandoverDecided));
    }
    let state = if accepts { HandoverState::Consented } else { HandoverState::Refused };
    db::handover::set_state(tx, &id, state, None, now).await?;
    if accepts {
        let consent = NewConsent {
            requirement_id: found.id.clone(),
            purpose: ConsentPurpose::Provide,
            receiver: offer.to.clone(),
            receiver_name: app.inventory.park_name(&offer.to),
            receiver_contact: app.inventory.inbox(&offer.to).unwrap_or_default(),
            data_kinds: "company,contact,phone,email,requirement",
            notice_version: notice::VERSION.to_owned(),
            notice_hash: notice::hash().to_owned(),
        };
        let mut rows = Rows::default();
        rows.add(db::requirement::consents([consent], now));
        rows.write(tx).await?;
    }
    let leads = db::lead::of_need(tx, &found.id).await?;
    let lead = leads.iter().find(|row| row.lead.id == offer.lead_id).ok_or(Error::NotFound)?;
    tell(tx, &app, &lead.lead.id, (None, ""), (&offer.to, state), now).await?;
    db::lead::change(tx, &lead.lead, &LeadChange::default(), now).await?;
    offer.state = state.into();
    let body = handover_json(&app, &offer).to_string();
    Outcome::about(&call, 200, body, Some(&found.id), now).write(tx).await
}

/// Records the receiving park's word on a hand-over to which the enterprise has consented. An accepted one makes a new
/// inquiry with number, mail and lead there, with the history copied; the first lead closes. Answers the new lead, or the
/// first one where it is declined.
///
/// # Errors
/// [`Error::NotFound`] where no hand-over of this lead waits for a park of the scope; [`Error::Forbidden`] for observers.
pub async fn answer(app: &App, actor: &Actor, call: &Call, lead_id: &str, accepts: bool) -> Result<Answered> {
    let (own, by, call_, id) = (app.clone(), actor.clone(), call.clone(), lead_id.to_owned());
    let now = app.clock.now();
    let is_known = app.db.offered(&actor.scope, lead_id).await?.is_some();
    if is_known && !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let work = async {
        app.db.write::<_, Error, _>(move |tx| Box::pin(answer_in(own, tx, by, call_, id, accepts, now))).await
    };
    let answered = idempotency::answer(app, call, work).await?;
    app.outbox.notify_waiters();
    Ok(answered)
}

async fn answer_in(
    app: App,
    tx: &DatabaseTransaction,
    by: Actor,
    call: Call,
    lead_id: String,
    accepts: bool,
    now: Moment,
) -> Result<StoredAnswer> {
    let offers = db::handover::of_lead(tx, &lead_id).await?;
    let is_asked = |it: &&Handover| it.state == HandoverState::Consented && by.scope.covers(&it.to);
    let offer = offers.iter().find(is_asked).ok_or(Error::NotFound)?;
    if !by.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let found = db::requirement::lock_of(tx, &offer.requirement_id).await?.ok_or(Error::NotFound)?;
    let leads = db::lead::of_need(tx, &offer.requirement_id).await?;
    let first = leads.into_iter().find(|row| row.lead.id == lead_id).ok_or(Error::NotFound)?;
    let state = if accepts { HandoverState::Accepted } else { HandoverState::Declined };
    let shown = if accepts { receive(&app, tx, &found, &first, offer, &by, now).await? } else { first.clone() };
    db::handover::set_state(tx, &offer.id, state, accepts.then_some(shown.lead.id.as_str()), now).await?;
    tell(tx, &app, &lead_id, (Some(&by.id), ""), (&offer.to, state), now).await?;
    let closes = LeadChange { state: Some(LeadState::Closed), due_at: Some(NEVER), ..LeadChange::default() };
    let done = if accepts { closes } else { LeadChange::default() };
    db::lead::change(tx, &first.lead, &done, now).await?;
    if !accepts {
        // The consent was for this hand-over alone.
        db::requirement::withdraw_consent(tx, &found.id, &offer.to, now).await?;
    }
    db::requirement::audit(tx, &by.id, AuditAction::LeadHandover, &lead_id, state.word(), now).await?;
    let body = lead_json::lead(&app, by.role, &shown).to_string();
    Outcome::about(&call, 200, body, Some(&shown.lead.id), now).write(tx).await
}

/// Makes the receiving park's inquiry, mail and lead.
async fn receive(
    app: &App,
    tx: &DatabaseTransaction,
    found: &RequirementRow,
    first: &LeadRow,
    offer: &Handover,
    by: &Actor,
    now: Moment,
) -> Result<LeadRow> {
    let kind = Kind::WORDS.iter().find(|(word, _)| *word == offer.listing.0).map_or(Kind::Park, |(_, kind)| *kind);
    let listing = app.inventory.listing(kind, &offer.listing.1);
    let inquiry = Inquiry {
        id: ids::row_id(),
        number: ids::inquiry_number(now),
        requirement_id: found.id.clone(),
        kind: kind.into(),
        listing: offer.listing.1.clone(),
        listing_name: listing.map_or_else(|| offer.listing.1.clone(), |listing| listing.name.to_string()),
        park: offer.to.clone(),
        state: InquiryState::Queued.into(),
        created_at: now,
        updated_at: now,
    };
    let new = NewLead {
        id: ids::row_id(),
        park: offer.to.clone(),
        source: first.lead.source.known().unwrap_or(Source::Other),
        basis: None,
        basis_note: None,
        referrer: None,
        owner_id: by.is_person().then(|| by.id.clone()),
        stage: Stage::Registered,
        due_at: due::after_move(app, &offer.to, Stage::Registered, now),
        is_hidden: false,
        inquiry,
    };
    let mail = inquiry_mail::mail(app, found, &new.inquiry, &new.id, new.due_at)?;
    let mut rows = Rows::default();
    rows.add(db::lead::inquiry_rows([(&new.inquiry, new.id.as_str())]));
    db::lead::add_leads(&mut rows, std::slice::from_ref(&new), Some(&by.id));
    rows.add(db::outbox::rows(vec![mail], now));
    rows.write(tx).await?;
    db::lead::copy_history(tx, &first.lead.id, &new.id).await?;
    tell(tx, app, &new.id, (Some(&by.id), ""), (&offer.from, HandoverState::Accepted), now).await?;
    assignment::arrived(app, tx, &[(new.id.clone(), offer.to.clone())], now).await?;
    let leads = db::lead::of_need(tx, &found.id).await?;
    leads.into_iter().find(|row| row.lead.id == new.id).ok_or(Error::NotFound)
}
