//! Inquiries: a requirement sent to the parks that its owner chose and consented to, and to no others.

use std::collections::HashSet;

use domain::inquiry::InquiryState;
use domain::lead::{Stage, due_after};
use domain::listing::{Kind, RecordType, Status};
use domain::record::Record;
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::time::Moment;
use serde_json::{Value, json};

use super::context::Context;
use super::idempotency::{self, Answered, Call, Outcome};
use super::requirements::{InquiryView, by_reference, view};
use super::sides::Side;
use super::{letters, notice, replies};
use crate::db;
use crate::db::idempotency::StoredAnswer;
use crate::db::lead::{Inquiry, LeadRow};
use crate::db::letters::{MailRow, NewMail};
use crate::db::requirement::{AuditLine, NewConsent, RequirementRow};
use crate::db::rows::Rows;
use crate::db::words::{AuditAction, ConsentPurpose};
use crate::error::{Code, Error, Result};
use crate::ids;

/// Listings asked for, and the parks that may receive contact data.
#[derive(Clone, Debug)]
pub struct Send {
    /// Listing ids, in the order in which the answer lists them.
    pub listings: Vec<String>,
    /// Version of the notice that was shown.
    pub notice_version: String,
    /// Codes of the parks consented to.
    pub parks: Vec<String>,
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
    mail: NewMail,
    consent: NewConsent,
}

/// Makes one inquiry for each listing, all or none: consent, inquiry, lead, history, mail, audit line and stored answer in one
/// transaction. A listing that was asked for before keeps its inquiry.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Gone`]; [`Error::Refused`] with `park_not_in_consent`, `notice_outdated` or `no_inbox`;
/// [`Error::Conflict`] with `listing_withdrawn`; [`Error::Invalid`]; [`Error::Unavailable`] or [`Error::Internal`]
/// where the database fails.
pub async fn send(app: &Context, call: &Call, reference: &str, send: Send) -> Result<Answered> {
    idempotency::answer(app, call, carry_out(app, call, reference, send)).await
}

async fn carry_out(app: &Context, call: &Call, reference: &str, send: Send) -> Result<StoredAnswer> {
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

async fn attempt(
    app: &Context,
    call: &Call,
    found: &RequirementRow,
    listings: &[(std::sync::Arc<Record>, String)],
) -> Result<StoredAnswer> {
    let now = app.clock.now();
    let existing = app.db.inquiries(&found.id).await?;
    let mut seen = HashSet::new();
    let (mut answer, mut new): (Vec<Inquiry>, Vec<PreparedInquiry>) = (Vec::new(), Vec::new());
    for (record, park) in listings {
        let same = |inquiry: &&Inquiry| inquiry.kind == record.kind() && inquiry.listing == record.id();
        if let Some(inquiry) = existing.iter().find(same).or_else(|| new.iter().map(|asked| &asked.inquiry).find(same))
        {
            answer.push(inquiry.clone());
        } else if seen.insert((record.kind(), record.id())) {
            let asked = prepare(app, found, record, park, now)?;
            answer.push(asked.inquiry.clone());
            new.push(asked);
        }
    }
    let body =
        json!({ "inquiries": answer.into_iter().map(|inquiry| inquiry_json(&view(app, inquiry))).collect::<Vec<_>>() })
            .to_string();
    let (outcome, reference) = (Outcome::of(call, 201, body, now), found.reference.clone());
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                // Locked and read again: it may have been erased since.
                let found =
                    db::requirement::lock(tx, &reference).await?.filter(RequirementRow::is_live).ok_or(Error::Gone)?;
                failpoint!("inquiry.locked");
                let mut outcome = outcome;
                if !new.is_empty() {
                    add_rows(&mut outcome.rows, new, found.is_suspected(), now);
                }
                let stored = outcome.write(tx).await?;
                failpoint!("inquiry.rows_stored");
                Ok(stored)
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(stored)
}

/// The first inquiries of a requirement that is not stored yet, one for each listing.
///
/// # Errors
/// Those of [`send`] on its listings, parks and notice.
pub(super) fn first(app: &Context, new: &RequirementRow, send: &Send, now: Moment) -> Result<Vec<PreparedInquiry>> {
    let mut seen = HashSet::new();
    let mut listings = check(app, send)?;
    listings.retain(|(record, _)| seen.insert((record.kind(), record.id().to_owned())));
    listings.iter().map(|(record, park)| prepare(app, new, record, park, now)).collect()
}

/// Adds the rows of consents, inquiries, leads, their first lines of history, audit lines and mails; hidden and parked
/// where staff have to look first.
pub(super) fn add_rows(rows: &mut Rows, new: Vec<PreparedInquiry>, is_suspected: bool, now: Moment) {
    let pairs: Vec<_> = new.iter().map(|asked| (&asked.inquiry, asked.lead_id.as_str())).collect();
    let lines = new.iter().map(|asked| AuditLine {
        actor: "enterprise",
        action: AuditAction::InquirySend,
        subject: &asked.inquiry.id,
        detail: &asked.inquiry.park,
    });
    rows.add(db::requirement::consents(new.iter().map(|asked| asked.consent.clone()), now));
    db::lead::add_new(rows, &pairs, due_after(Stage::Registered, now), is_suspected);
    rows.add(db::requirement::audit_lines(lines, now));
    let mails = new.into_iter().map(|asked| NewMail { is_parked: is_suspected, ..asked.mail });
    rows.add(db::outbox::rows(mails.collect(), now));
}

/// Returns the listings asked for, each with its park.
///
/// # Errors
/// Those of [`send`] that need no database.
fn check(app: &Context, send: &Send) -> Result<Vec<(std::sync::Arc<Record>, String)>> {
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
        match refusal(app, send, &park) {
            Some(code) => errors.push(FieldError::new(format!("listings.{at}"), code).with("value", &park)),
            None => asked.push((record, park)),
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

fn is_withdrawn(record: &Record) -> bool {
    RecordType::from_word(record.get("record_type")) == Some(RecordType::Deal)
        || matches!(Status::from_word(record.get("status")), Some(Status::Sold | Status::Off))
}

/// Returns the code of the reason that a park cannot be sent an inquiry.
fn refusal(app: &Context, send: &Send, park: &str) -> Option<FieldCode> {
    if !park.is_empty() && !send.parks.iter().any(|consented| consented == park) {
        Some(FieldCode::ParkNotInConsent)
    } else {
        app.inventory.inbox(park).is_none().then_some(FieldCode::NoInbox)
    }
}

fn prepare(app: &Context, found: &RequirementRow, record: &Record, park: &str, now: Moment) -> Result<PreparedInquiry> {
    let contact = found.contact.as_ref().ok_or(Error::Gone)?;
    let inbox = app.inventory.inbox(park).ok_or(Error::Refused(Code::NoInbox, Vec::new()))?;
    let listing = app.inventory.listing(record.kind(), record.id());
    let inquiry = Inquiry {
        id: ids::row_id(),
        number: ids::inquiry_number(now),
        requirement_id: found.id.clone(),
        kind: record.kind().into(),
        listing: record.id().to_owned(),
        listing_name: listing.map_or_else(|| record.id().to_owned(), |listing| listing.name.to_string()),
        park: park.to_owned(),
        state: InquiryState::Queued.into(),
        created_at: now,
    };
    let lead_id = ids::row_id();
    let masked_phone = domain::contact::Phone::parse(&contact.phone).map(|phone| phone.masked()).unwrap_or_default();
    let facts = letters::InquiryFacts {
        number: &inquiry.number,
        lead_id: &lead_id,
        reply_to: replies::alias(app, &found.reference, &inquiry, Side::Enterprise),
        listing_name: &inquiry.listing_name,
        requirement: &found.requirement,
        company: &contact.company,
        masked_phone: &masked_phone,
    };
    let mail = letters::inquiry(app, &facts, &inbox, (&found.id, &inquiry.id))?;
    let consent = NewConsent {
        requirement_id: found.id.clone(),
        purpose: ConsentPurpose::Provide,
        receiver: park.to_owned(),
        receiver_name: app.inventory.park_name(park),
        receiver_contact: inbox,
        data_kinds: "company,contact,phone,email,requirement",
        notice_version: notice::VERSION.to_owned(),
        notice_hash: notice::hash().to_owned(),
    };
    Ok(PreparedInquiry { inquiry, lead_id, mail, consent })
}

/// Returns an inquiry as the API's JSON.
#[must_use]
pub fn inquiry_json(inquiry: &InquiryView) -> Value {
    json!({
        "number": inquiry.number,
        "listing": inquiry.listing,
        "kind": inquiry.kind.word(),
        "park": inquiry.park,
        "park_name": inquiry.park_name,
        "state": inquiry.state.word(),
    })
}

/// Builds the mail of an inquiry again, for the park's present inbox.
pub(super) fn again(app: &Context, found: &RequirementRow, row: &LeadRow, failed: &MailRow) -> Result<NewMail> {
    let contact = found.contact.as_ref().ok_or(Error::Gone)?;
    let inbox = app.inventory.inbox(&row.lead.park).ok_or(Error::Refused(Code::NoInbox, Vec::new()))?;
    let masked_phone = domain::contact::Phone::parse(&contact.phone).map(|phone| phone.masked()).unwrap_or_default();
    let facts = letters::InquiryFacts {
        number: &row.inquiry.number,
        lead_id: &row.lead.id,
        reply_to: replies::alias(app, &found.reference, &row.inquiry, Side::Enterprise),
        listing_name: &row.inquiry.listing_name,
        requirement: &found.requirement,
        company: &contact.company,
        masked_phone: &masked_phone,
    };
    let mail = letters::inquiry(app, &facts, &inbox, (&found.id, &row.inquiry.id))?;
    Ok(NewMail { resend_of: Some(failed.id.clone()), ..mail })
}
