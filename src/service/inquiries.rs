//! Inquiries: a requirement sent to the parks that its owner chose and consented to, and to no others.

use std::collections::{HashMap, HashSet};

use domain::inquiry::InquiryState;
use domain::lead::{EventKind, LastWord, LeadState, Source, Stage};
use domain::listing::Kind;
use domain::record::Record;
use domain::requirement::{FieldCode, FieldError};
use domain::time::Moment;
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};

use super::context::{App, Context};
use super::erasure_ledger::{self, LedgerMark};
use super::idempotency::{self, Answered, Call, Outcome};
use super::inquiry_mail::{mail, operator_mail};
use super::inventory::is_withdrawn;
use super::requirements::{Cap, InquiryView, by_reference, receipt_cap, view, within};
use super::sides::Side;
use super::{aliases, assignment, due, letters, notice, work};
use crate::db;
use crate::db::idempotency::StoredAnswer;
use crate::db::lead::{Inquiry, LeadChange, LeadRow, NewEvent, NewLead};
use crate::db::letters::NewMail;
use crate::db::requirement::{AuditLine, NewConsent, RequirementRow};
use crate::db::rows::Rows;
use crate::db::words::{AuditAction, ConsentPurpose, MailPurpose};
use crate::error::{Code, Error, Result};
use crate::i18n::{self, Locale};
use crate::ids;

/// The locale of mails to staff.
const STAFF: Locale = Locale::ZhHans;

/// Listings asked for, and the parks that may receive contact data.
#[derive(Clone, Debug)]
pub struct Send {
    /// Listing ids, in the order in which the answer lists them.
    pub listings: Vec<String>,
    /// Version of the notice that was shown.
    pub notice_version: String,
    /// Codes of the parks consented to.
    pub parks: Vec<String>,
    /// Whether the operator asks the parks without an inbox.
    pub via_operator: bool,
}

/// Most listings per call.
const MOST: usize = 50;
/// Attempts per call: a concurrent call with the same listing or key may win.
const TRIES: usize = 3;

/// One listing asked for, with the rows of its transaction.
#[derive(Clone)]
pub(super) struct PreparedInquiry {
    inquiry: Inquiry,
    lead_id: String,
    /// Code of the park that works the lead; empty for the operator.
    desk: String,
    /// Whether the lead is new with it: later listings of one park join it.
    starts_lead: bool,
    due_at: Moment,
    mail: Option<NewMail>,
    /// Absent where the operator alone receives it.
    consent: Option<NewConsent>,
}

/// A listing asked for, and the park that answers.
#[derive(Clone, Debug)]
struct WantedListing {
    record: std::sync::Arc<Record>,
    park: String,
    /// The park has no inbox, and the enterprise lets the operator ask it.
    via_operator: bool,
}

impl WantedListing {
    /// Code of the park that works the lead; empty for the operator.
    fn desk(&self) -> &str {
        if self.via_operator { "" } else { &self.park }
    }
}

/// The leads that further listings join, by the park that works them.
fn joinable(leads: &[LeadRow]) -> HashMap<String, String> {
    let may_join = |row: &&LeadRow| {
        let is_lost = matches!(row.lead.stage.known(), Some(Stage::Lost | Stage::Withdrawn));
        row.lead.is_open() || is_lost && row.lead.state == LeadState::Closed
    };
    leads.iter().filter(may_join).map(|row| (row.lead.park.clone(), row.lead.id.clone())).collect()
}

/// Makes one inquiry for each listing, all or none: consent, inquiry, lead, history, mail, audit line and stored answer in one
/// transaction. A listing that was asked for before keeps its inquiry.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Gone`]; [`Error::Refused`] with `park_not_in_consent`, `notice_outdated` or `no_inbox`;
/// [`Error::Conflict`] with `listing_withdrawn`; [`Error::Invalid`]; [`Error::Unavailable`] or [`Error::Internal`]
/// where the database fails.
pub async fn send(app: &App, call: &Call, reference: &str, send: Send) -> Result<Answered> {
    idempotency::answer(app, call, carry_out(app, call, reference, send)).await
}

async fn carry_out(app: &App, call: &Call, reference: &str, send: Send) -> Result<StoredAnswer> {
    let found = by_reference(app, reference).await?;
    let listings = check(app, &send)?;
    for _ in 1..TRIES {
        match attempt(app, call, &found, &listings).await {
            // The same listing or the same key at once: read again; the caller finds a replay.
            Err(Error::Conflict(Code::Conflict))
                if app.db.stored_answer(&call.path, &call.key, app.clock.now()).await?.is_none() => {}
            done => return done,
        }
    }
    attempt(app, call, &found, &listings).await
}

async fn attempt(app: &App, call: &Call, found: &RequirementRow, listings: &[WantedListing]) -> Result<StoredAnswer> {
    let now = app.clock.now();
    let existing = app.db.inquiries(&found.id).await?;
    let known = joinable(&app.db.leads_of(&found.id).await?);
    let mut leads = known.clone();
    let mut seen = HashSet::new();
    let (mut answer, mut new): (Vec<Inquiry>, Vec<PreparedInquiry>) = (Vec::new(), Vec::new());
    let mut again: Vec<Inquiry> = Vec::new();
    for asked in listings {
        let record = &asked.record;
        let same = |inquiry: &&Inquiry| inquiry.kind == record.kind() && inquiry.listing == record.id();
        if let Some(inquiry) = existing.iter().find(same) {
            let mut shown = inquiry.clone();
            if inquiry.state == InquiryState::Cancelled {
                shown.state = InquiryState::Queued.into();
            }
            again.push(inquiry.clone());
            answer.push(shown);
        } else if let Some(inquiry) = new.iter().map(|asked| &asked.inquiry).find(same) {
            answer.push(inquiry.clone());
        } else if seen.insert((record.kind(), record.id())) {
            let asked = prepare(app, found, asked, &mut leads, now)?;
            answer.push(asked.inquiry.clone());
            new.push(asked);
        }
    }
    let views: Vec<Value> = answer.into_iter().map(|inquiry| inquiry_json(&view(app, inquiry))).collect();
    let body = json!({ "inquiries": views }).to_string();
    let (outcome, reference) = (Outcome::of(call, 201, body, now), found.reference.clone());
    let own = app.clone();
    let taken_back = again.iter().filter(|inquiry| inquiry.state == InquiryState::Cancelled);
    let taken_back: Vec<String> = taken_back.map(|inquiry| inquiry.id.clone()).collect();
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                // Locked and read again: it may have been erased since.
                let found =
                    db::requirement::lock(tx, &reference).await?.filter(RequirementRow::is_live).ok_or(Error::Gone)?;
                failpoint!("inquiry.locked");
                let mut outcome = outcome;
                let leads = db::lead::of_need(tx, &found.id).await?;
                if joinable(&leads) != known {
                    // Another call made or ended a lead meanwhile: this one reads again.
                    return Err(Error::Conflict(Code::Conflict));
                }
                let started = started(&new);
                if !new.is_empty() {
                    join(&own, tx, &found, &new, now).await?;
                    confirm(&own, tx, &found, asked_parks(&new), now).await?;
                    add_rows(&mut outcome.rows, new, found.is_suspected(), now);
                }
                let stored = outcome.write(tx).await?;
                failpoint!("inquiry.rows_stored");
                if !found.is_suspected() {
                    assignment::arrived(&own, tx, &started, now).await?;
                }
                for inquiry in &again {
                    ask_again(&own, tx, &found, inquiry, now).await?;
                }
                Ok(stored)
            })
        })
        .await?;
    app.outbox.notify_waiters();
    if !taken_back.is_empty() {
        erasure_ledger::note(app, LedgerMark::Kept, taken_back).await;
    }
    Ok(stored)
}

/// Codes of the parks that are asked, each once.
pub(super) fn asked_parks(new: &[PreparedInquiry]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for asked in new {
        if !codes.contains(&asked.inquiry.park) {
            codes.push(asked.inquiry.park.clone());
        }
    }
    codes
}

/// The leads that begin with new inquiries, each with the park that works it.
pub(super) fn started(new: &[PreparedInquiry]) -> Vec<(String, String)> {
    let starting = new.iter().filter(|asked| asked.starts_lead);
    starting.map(|asked| (asked.lead_id.clone(), asked.desk.clone())).collect()
}

/// Queues the receipt that names the parks asked later, where the address may get another one today.
async fn confirm(
    app: &Context,
    tx: &DatabaseTransaction,
    found: &RequirementRow,
    parks: Vec<String>,
    now: Moment,
) -> Result<()> {
    let Some(contact) = &found.contact else { return Ok(()) };
    let cap: Vec<Cap> = receipt_cap(app, &contact.email).into_iter().collect();
    if within(tx, &cap, now).await? {
        db::outbox::enqueue(tx, vec![letters::receipt(app, found, &parks, true)?], now).await?;
    }
    Ok(())
}

/// Tells existing leads of the listings that join them; a lost one is opened again.
async fn join(
    app: &Context,
    tx: &DatabaseTransaction,
    found: &RequirementRow,
    new: &[PreparedInquiry],
    now: Moment,
) -> Result<()> {
    for asked in new.iter().filter(|asked| !asked.starts_lead) {
        // Read again each time: the listing before may have opened the lead.
        let leads = db::lead::of_need(tx, &found.id).await?;
        let Some(row) = leads.iter().find(|row| row.lead.id == asked.lead_id) else { continue };
        if work::reopen(app, tx, row, &asked.inquiry, now).await? {
            continue;
        }
        let facts = json!({ "listing": asked.inquiry.listing_name, "number": asked.inquiry.number, "change": "added" });
        let event = NewEvent::new(&row.lead.id, EventKind::Listing, now);
        work::enterprise_wrote(tx, &row.lead, NewEvent { facts: Some(facts), ..event }, now).await?;
    }
    Ok(())
}

/// A listing that was asked for before: an inquiry that was withdrawn is sent again, a lost lead is opened again and its park
/// told; any other stays unchanged.
async fn ask_again(
    app: &Context,
    tx: &DatabaseTransaction,
    found: &RequirementRow,
    inquiry: &Inquiry,
    now: Moment,
) -> Result<()> {
    let Some(row) = db::lead::of_inquiry(tx, inquiry).await? else { return Ok(()) };
    let row = &row;
    let Some(inbox) = app.inventory.inbox(&inquiry.park) else { return Ok(()) };
    if inquiry.state == InquiryState::Cancelled {
        let consent = consent_to(app, found, &inquiry.park, &inbox);
        let mut rows = Rows::default();
        rows.add(db::requirement::consents([consent], now));
        let due_at = due::after_move(app, &row.lead.park, Stage::Registered, now);
        rows.add(db::outbox::rows(vec![mail(app, found, inquiry, &row.lead.id, due_at)?], now));
        rows.write(tx).await?;
        db::lead::set_state(tx, &inquiry.id, InquiryState::Queued, now).await?;
        let facts = json!({ "listing": inquiry.listing_name, "number": inquiry.number, "change": "again" });
        let event = NewEvent::new(&row.lead.id, EventKind::Listing, now);
        NewEvent { facts: Some(facts), ..event }.add(tx).await?;
        let was_withdrawn = row.lead.state == LeadState::Withdrawn;
        let done = LeadChange {
            state: was_withdrawn.then_some(LeadState::Open),
            due_at: was_withdrawn.then_some(due_at),
            last_word: Some(LastWord::Enterprise),
            ..LeadChange::default()
        };
        return Ok(db::lead::change(tx, &row.lead, &done, now).await?);
    }
    if work::reopen(app, tx, row, inquiry, now).await? {
        let args = [("listing", inquiry.listing_name.as_str()), ("number", &inquiry.number)];
        let news = letters::News {
            purpose: MailPurpose::News,
            number: Some(&inquiry.number),
            subject: i18n::tell(STAFF, "mail.asked_again"),
            lines: vec![i18n::say(STAFF, "mail.asked_again_text", &args)],
            rows: Vec::new(),
            link: Some((format!("/staff/leads/{}", row.lead.id), i18n::tell(STAFF, "mail.open_lead"))),
            reply_to: aliases::alias(app, &found.reference, inquiry, Side::Enterprise),
            about: (Some(found.id.clone()), Some(inquiry.id.clone())),
        };
        db::outbox::enqueue(tx, vec![letters::news(app, news, &inbox)?], now).await?;
    }
    Ok(())
}

/// The first inquiries of a requirement that is not stored yet, one for each listing.
///
/// # Errors
/// Those of [`send`] on its listings, parks and notice.
pub(super) fn first(app: &Context, new: &RequirementRow, send: &Send, now: Moment) -> Result<Vec<PreparedInquiry>> {
    let mut seen = HashSet::new();
    let mut listings = check(app, send)?;
    listings.retain(|asked| seen.insert((asked.record.kind(), asked.record.id().to_owned())));
    let mut leads = HashMap::new();
    listings.iter().map(|asked| prepare(app, new, asked, &mut leads, now)).collect()
}

/// Adds the rows of consents, inquiries, leads, their first lines of history, audit lines and mails; hidden and parked
/// where staff have to look first.
pub(super) fn add_rows(rows: &mut Rows, new: Vec<PreparedInquiry>, is_suspected: bool, now: Moment) {
    let lines = new.iter().map(|asked| AuditLine {
        actor: "enterprise",
        action: AuditAction::InquirySend,
        subject: &asked.inquiry.id,
        detail: &asked.inquiry.park,
    });
    let consents: Vec<NewConsent> = new.iter().filter_map(|asked| asked.consent.clone()).collect();
    if !consents.is_empty() {
        rows.add(db::requirement::consents(consents, now));
    }
    rows.add(db::lead::inquiry_rows(new.iter().map(|asked| (&asked.inquiry, asked.lead_id.as_str()))));
    let lead = |asked: &PreparedInquiry| NewLead {
        id: asked.lead_id.clone(),
        inquiry: asked.inquiry.clone(),
        park: asked.desk.clone(),
        source: Source::Web,
        basis: None,
        basis_note: None,
        referrer: None,
        owner_id: None,
        stage: Stage::Registered,
        due_at: asked.due_at,
        is_hidden: is_suspected,
    };
    let leads: Vec<NewLead> = new.iter().filter(|asked| asked.starts_lead).map(lead).collect();
    if !leads.is_empty() {
        db::lead::add_leads(rows, &leads, None);
    }
    rows.add(db::requirement::audit_lines(lines, now));
    let mails = new.into_iter().filter_map(|asked| asked.mail);
    let mails: Vec<NewMail> = mails.map(|mail| NewMail { is_parked: is_suspected, ..mail }).collect();
    if !mails.is_empty() {
        rows.add(db::outbox::rows(mails, now));
    }
}

/// Returns the listings asked for, each with its park.
///
/// # Errors
/// Those of [`send`] that need no database.
fn check(app: &Context, send: &Send) -> Result<Vec<WantedListing>> {
    if send.listings.is_empty() {
        return Err(Error::Invalid(vec![FieldError::new("listings", FieldCode::Missing)]));
    }
    if send.listings.len() > MOST {
        return Err(Error::Invalid(vec![
            FieldError::new("listings", FieldCode::TooMany).with("max", MOST.to_string()),
        ]));
    }
    notice::check(&send.notice_version)?;
    let mut listings = Vec::new();
    let mut errors = Vec::new();
    for (at, id) in send.listings.iter().enumerate() {
        match app.inventory.find(id) {
            Some(record) => listings.push(record),
            None => errors.push(FieldError::new(format!("listings.{at}"), FieldCode::UnknownListing).with("value", id)),
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let mut asked = Vec::new();
    for (at, record) in listings.into_iter().enumerate() {
        // The first listing that cannot be asked for decides the error of the whole call.
        if is_withdrawn(&record) && errors.is_empty() {
            return Err(Error::Conflict(Code::ListingWithdrawn));
        }
        let park = if record.kind() == Kind::Park { record.id() } else { record.get("park_code") }.to_owned();
        let via_operator = send.via_operator && app.inventory.inbox(&park).is_none();
        match refusal(app, send, &park).filter(|_| !via_operator) {
            Some(code) => errors.push(FieldError::new(format!("listings.{at}"), code).with("value", &park)),
            None => asked.push(WantedListing { record, park, via_operator }),
        }
    }
    match errors.first() {
        Some(error) => Err(Error::Refused(error.code.into(), errors)),
        None => Ok(asked),
    }
}

/// The listings among these that can no longer be asked for: sold, taken off, or the record of a past deal.
#[must_use]
pub fn withdrawn(app: &Context, listings: &[String]) -> Vec<std::sync::Arc<Record>> {
    let records = listings.iter().filter_map(|id| app.inventory.find(id));
    records.filter(|record| is_withdrawn(record)).collect()
}

/// Returns the code of the reason that a park cannot be sent an inquiry.
fn refusal(app: &Context, send: &Send, park: &str) -> Option<FieldCode> {
    if !park.is_empty() && !send.parks.iter().any(|consented| consented == park) {
        Some(FieldCode::ParkNotInConsent)
    } else {
        app.inventory.inbox(park).is_none().then_some(FieldCode::NoInbox)
    }
}

fn prepare(
    app: &Context,
    found: &RequirementRow,
    asked: &WantedListing,
    leads: &mut HashMap<String, String>,
    now: Moment,
) -> Result<PreparedInquiry> {
    let record = &asked.record;
    let listing = app.inventory.listing(record.kind(), record.id());
    let state = if asked.via_operator { InquiryState::WithOperator } else { InquiryState::Queued };
    let inquiry = Inquiry {
        id: ids::row_id(),
        number: ids::inquiry_number(now),
        requirement_id: found.id.clone(),
        kind: record.kind().into(),
        listing: record.id().to_owned(),
        listing_name: listing.map_or_else(|| record.id().to_owned(), |listing| listing.name.to_string()),
        park: asked.park.clone(),
        state: state.into(),
        created_at: now,
        updated_at: now,
    };
    let desk = asked.desk().to_owned();
    let starts_lead = !leads.contains_key(&desk);
    let lead_id = leads.entry(desk.clone()).or_insert_with(ids::row_id).clone();
    let due_at = due::after_move(app, &desk, Stage::Registered, now);
    let (mail, consent) = if asked.via_operator {
        (operator_mail(app, found, &inquiry, &lead_id)?, None)
    } else {
        let inbox = app.inventory.inbox(&asked.park).ok_or(Error::Refused(Code::NoInbox, Vec::new()))?;
        let consent = consent_to(app, found, &asked.park, &inbox);
        (Some(mail(app, found, &inquiry, &lead_id, due_at)?), Some(consent))
    };
    Ok(PreparedInquiry { inquiry, lead_id, desk, starts_lead, due_at, mail, consent })
}

fn consent_to(app: &Context, found: &RequirementRow, park: &str, inbox: &str) -> NewConsent {
    NewConsent {
        requirement_id: found.id.clone(),
        purpose: ConsentPurpose::Provide,
        receiver: park.to_owned(),
        receiver_name: app.inventory.park_name(park),
        receiver_contact: inbox.to_owned(),
        data_kinds: "company,contact,phone,email,requirement",
        notice_version: notice::VERSION.to_owned(),
        notice_hash: notice::hash().to_owned(),
    }
}

/// Returns an inquiry as the API's JSON.
#[must_use]
pub fn inquiry_json(inquiry: &InquiryView) -> Value {
    let mut body = json!({
        "number": inquiry.number,
        "listing": inquiry.listing,
        "kind": inquiry.kind.word(),
        "park": inquiry.park,
        "park_name": inquiry.park_name,
        "state": inquiry.state.word(),
    });
    if inquiry.state == InquiryState::Sent {
        body["sent_at"] = json!(inquiry.sent_at.unwrap_or(inquiry.created_at).rfc3339());
    }
    if inquiry.is_refused {
        body["note"] = json!("inbox_refuses");
    }
    if let Some(lead) = &inquiry.lead {
        body["due_on"] = json!(lead.due_on.map(|day| day.to_string()));
        body["answered_at"] = json!(lead.answered_at.map(Moment::rfc3339));
        body["stage"] = json!(lead.stage.word());
    }
    body
}
