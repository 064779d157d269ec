//! Requirements: submitted, and shown to their owner.

use chrono::NaiveDate;
use domain::contact::{Mail, Phone, visible_name};
use domain::inquiry::InquiryState;
use domain::lead::Stage;
use domain::listing::Kind;
use domain::matching::Answer;
use domain::requirement::{FieldCode, FieldError, Requirement};
use domain::stored::{Stored, StoredRequirement};
use domain::time::{Moment, SECONDS_PER_DAY, SECONDS_PER_HOUR};
use domain::uscc::Uscc;
use sea_orm::DatabaseTransaction;
use serde::Serialize;
use serde_json::json;

use super::context::Context;
use super::idempotency::{self, Answered, Call, Outcome};
use super::{letters, matching, notice};
use crate::db;
use crate::db::handover::Handover;
use crate::db::inbox_trouble::PausedInbox;
use crate::db::lead::LeadRow;
use crate::db::letters::NewMail;
use crate::db::quota::Counted;
use crate::db::requirement::{AuditLine, NewConsent, RequirementRow, StoredContact};
use crate::db::rows::Rows;
use crate::db::words::{AccessKind, AuditAction, ConsentPurpose, MailPurpose, RequirementState};
use crate::error::{Error, Result};
use crate::ids;

/// A submission before its contact data are parsed.
#[derive(Clone)]
#[expect(missing_docs, reason = "the fields of contract §3")]
pub struct Submit {
    pub requirement: Requirement,
    pub company: String,
    pub contact: String,
    pub phone: String,
    pub email: String,
    pub text: Option<String>,
    pub uscc: Option<String>,
    pub locale: String,
    pub notice_version: String,
    /// Client network, for rate limits; `None` where none apply.
    pub network: Option<String>,
    /// Reason to suspect automation: the requirement is stored, and no mail leaves before staff have cleared it.
    pub suspicion: Option<&'static str>,
}

/// The owner's view of a requirement.
#[derive(Clone, Debug)]
pub struct RequirementStatus {
    /// The reference.
    pub reference: String,
    /// Its state; a suspected requirement reads as open to its owner.
    pub state: Stored<RequirementState>,
    /// Its fields, as stored.
    pub requirement: StoredRequirement,
    /// Its inquiries, oldest first.
    pub inquiries: Vec<InquiryView>,
    /// Recorded views of its contact data.
    pub accesses: Vec<AccessView>,
    /// Hand-overs of its leads, oldest first.
    pub handovers: Vec<Handover>,
    /// Whether the latest submission or inquiry was confirmed by mail.
    pub has_receipt: bool,
    /// Time of the submission.
    pub created_at: Moment,
}

/// The owner's view of an inquiry.
#[derive(Clone, Debug)]
pub struct InquiryView {
    /// Its number, as printed in mails.
    pub number: String,
    /// The listing's id.
    pub listing: String,
    /// Its name.
    pub listing_name: String,
    /// Its kind.
    pub kind: Stored<Kind>,
    /// The park's code.
    pub park: String,
    /// The park's name.
    pub park_name: String,
    /// State of its mail.
    pub state: Stored<InquiryState>,
    /// Time of acceptance.
    pub created_at: Moment,
    /// Time at which the mail server accepted its mail.
    pub sent_at: Option<Moment>,
    /// The park's inbox refused the mail, or takes none at present.
    pub is_refused: bool,
    /// The lead that the park makes of it.
    pub lead: Option<Progress>,
}

/// The owner's view of a lead.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The day by which the park has to act; `None` once it is not worked any more.
    pub due_on: Option<NaiveDate>,
    /// Time of the park's first answer.
    pub answered_at: Option<Moment>,
    /// Its stage.
    pub stage: Stored<Stage>,
    /// Mail address of its owner, where the park tells enterprises.
    pub owner: Option<String>,
}

/// One look at contact data.
#[derive(Clone, Debug)]
pub struct AccessView {
    /// When.
    pub at: Moment,
    /// The park's code; `None` for the platform's own people.
    pub park: Option<String>,
    /// The park's name; the operator's for its own people.
    pub park_name: String,
    /// The part of the contact data that was shown.
    pub what: Stored<AccessKind>,
}

/// JSON body of the answer to a submission.
#[derive(Serialize)]
struct Accepted<'a> {
    reference: &'a str,
    status_url: &'a str,
    matches: &'a Answer,
}

/// Longest names and texts, in characters.
const LONGEST_NAME: usize = 100;
const LONGEST_TEXT: usize = 20_000;

/// Stores a requirement with its consent, receipt, audit line and stored answer in one transaction.
///
/// # Errors
/// [`Error::Invalid`] with every wrong field; [`Error::Refused`] with `notice_outdated`; [`Error::TooMany`] beyond a rate
/// limit; [`Error::Unavailable`] or [`Error::Internal`] where the database fails. Nothing is then stored.
pub async fn submit(app: &Context, call: &Call, submit: Submit) -> Result<Answered> {
    idempotency::answer(app, call, carry_out(app, call, submit)).await
}

async fn carry_out(app: &Context, call: &Call, submit: Submit) -> Result<db::idempotency::StoredAnswer> {
    let now = app.clock.now();
    let new = Prepared::of(app, &submit, now)?;
    let answer = matching::answer(app, new.requirement.requirement.known(), matching::USUAL);
    let reference = &new.requirement.reference;
    let status_url = letters::status_url(app, reference);
    let accepted = Accepted { reference, status_url: &status_url, matches: &answer };
    let body = serde_json::to_string(&accepted).map_err(anyhow::Error::from)?;
    let mut outcome = Outcome::of(call, 201, body, now);
    new.add_rows(app, &mut outcome.rows, now);
    let stored = app.db.write::<_, Error, _>(move |tx| Box::pin(new.write(tx, outcome, now))).await?;
    app.outbox.notify_waiters();
    Ok(stored)
}

/// A checked requirement that is not stored yet, with its receipt and its rate limits.
pub(super) struct Prepared {
    pub(super) requirement: RequirementRow,
    receipt: NewMail,
    caps: Vec<Cap>,
    suspicion: Option<&'static str>,
}

impl Prepared {
    /// Checks a submission; nothing is stored.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every wrong field of the contact; [`Error::Refused`] with [`Code::NoticeOutdated`].
    pub(super) fn of(app: &Context, submit: &Submit, now: Moment) -> Result<Self> {
        let (requirement, receipt) = prepare(app, submit, now)?;
        let caps = caps(app, submit, &requirement);
        Ok(Self { requirement, receipt, caps, suspicion: submit.suspicion })
    }

    /// Names in the receipt the parks that are asked at once.
    pub(super) fn sent_to(&mut self, app: &Context, parks: &[String]) -> Result<()> {
        self.receipt = letters::receipt(app, &self.requirement, parks, false)?;
        Ok(())
    }

    /// Adds the rows of the requirement, of the consent to handle it, of the audit line, and of a task where it looks
    /// automated.
    pub(super) fn add_rows(&self, app: &Context, rows: &mut Rows, now: Moment) {
        let new = &self.requirement;
        let consent = NewConsent {
            requirement_id: new.id.clone(),
            purpose: ConsentPurpose::Handle,
            receiver: "luodi".to_owned(),
            receiver_name: app.config.site.operator.clone(),
            receiver_contact: app.config.site.contact.clone(),
            data_kinds: "company,contact,phone,email,requirement",
            notice_version: notice::VERSION.to_owned(),
            notice_hash: notice::hash().to_owned(),
        };
        let action = AuditAction::RequirementSubmit;
        let line = AuditLine { actor: "enterprise", action, subject: &new.id, detail: "" };
        rows.add(db::requirement::row(new));
        rows.add(db::requirement::consents([consent], now));
        rows.add(db::requirement::audit_lines([line], now));
        if let Some(why) = self.suspicion {
            rows.add(db::task::suspected(&new.id, why, now));
        }
    }

    /// Counts the submission against its rate limits and writes `outcome`, with the receipt where its address may get one.
    ///
    /// # Errors
    /// [`Error::TooMany`] beyond a limit; [`Error::Conflict`] where a concurrent call with the same key was faster;
    /// [`Error::Unavailable`] or [`Error::Internal`] where the database fails. The transaction must then be rolled
    /// back.
    pub(super) async fn write(
        self,
        tx: &DatabaseTransaction,
        mut outcome: Outcome,
        now: Moment,
    ) -> Result<db::idempotency::StoredAnswer> {
        if within(tx, &self.caps, now).await? {
            outcome.rows.add(db::outbox::rows(vec![self.receipt], now));
        }
        failpoint!("submit.counted");
        let stored = outcome.write(tx).await?;
        failpoint!("submit.rows_stored");
        Ok(stored)
    }
}

/// A rate limit on submissions.
pub(super) struct Cap {
    counted: Counted,
    most: i64,
    beyond: Beyond,
}

impl Cap {
    /// `value` is stored as its hash.
    fn of(kind: &str, value: &str, seconds: i64, most: i64, beyond: Beyond) -> Self {
        let name = format!("{kind}:{}", ids::sha256_hex(value.as_bytes()));
        Self { counted: Counted { name, seconds }, most, beyond }
    }
}

/// Consequence of exceeding a rate limit.
enum Beyond {
    Refused,
    /// Stored without a receipt, so that the form cannot flood a stranger's inbox.
    NoReceipt,
}

/// The rate limit on receipts to one address; `None` where limits are off.
pub(super) fn receipt_cap(app: &Context, email: &str) -> Option<Cap> {
    let limits = &app.config.limits;
    let most = limits.receipts_per_address_day;
    limits.enabled.then(|| Cap::of("receipt", email, SECONDS_PER_DAY, most, Beyond::NoReceipt))
}

/// Counts a submission. Returns whether its address may get a receipt.
///
/// # Errors
/// [`Error::TooMany`] with the seconds after which to retry: the window's length, at most 3,600.
pub(super) async fn within(tx: &DatabaseTransaction, caps: &[Cap], now: Moment) -> Result<bool> {
    let counted: Vec<Counted> = caps.iter().map(|cap| cap.counted.clone()).collect();
    let used = db::quota::take(tx, &counted, now).await?;
    let mut may_receive = true;
    for cap in caps.iter().zip(used).filter(|(cap, used)| *used > cap.most).map(|(cap, _)| cap) {
        match cap.beyond {
            Beyond::Refused => return Err(Error::TooMany(cap.counted.seconds.min(SECONDS_PER_HOUR).unsigned_abs())),
            Beyond::NoReceipt => may_receive = false,
        }
    }
    Ok(may_receive)
}

fn caps(app: &Context, submit: &Submit, new: &RequirementRow) -> Vec<Cap> {
    let limits = &app.config.limits;
    if !limits.enabled {
        return Vec::new();
    }
    let mut caps = Vec::new();
    if let Some(network) = &submit.network {
        caps.push(Cap::of("submit:net", network, SECONDS_PER_HOUR, limits.submits_per_network_hour, Beyond::Refused));
    }
    if let Some(contact) = &new.contact {
        caps.push(Cap::of(
            "submit:phone",
            &contact.phone,
            SECONDS_PER_DAY,
            limits.submits_per_phone_day,
            Beyond::Refused,
        ));
        caps.extend(receipt_cap(app, &contact.email));
    }
    caps
}

fn prepare(app: &Context, submit: &Submit, now: Moment) -> Result<(RequirementRow, NewMail)> {
    let contact = check_contact(submit)?;
    notice::check(&submit.notice_version)?;
    let state = if submit.suspicion.is_some() { RequirementState::Suspected } else { RequirementState::Open };
    let new = RequirementRow {
        id: ids::row_id(),
        reference: ids::reference(),
        requirement: submit.requirement.clone().into(),
        free_text: submit.text.clone().filter(|text| !text.trim().is_empty()),
        contact: Some(contact),
        locale: submit.locale.clone(),
        created_at: now,
        erased_at: None,
        state: state.into(),
    };
    let receipt = letters::receipt(app, &new, &[], false)?;
    Ok((new, receipt))
}

/// Parses the contact data.
///
/// # Errors
/// Every wrong field with its code: `missing`, `not_visible`, `bad_phone`, `bad_mail`, the codes of [`Uscc`],
/// `too_long`.
pub fn check_contact(submit: &Submit) -> Result<StoredContact> {
    let mut errors = Vec::new();
    let mut name = |field: &str, value: &str| {
        let code = match visible_name(value, LONGEST_NAME) {
            Some(name) => return name.to_owned(),
            None if value.trim().is_empty() => FieldCode::Missing,
            None if value.chars().count() > LONGEST_NAME => FieldCode::TooLong,
            None => FieldCode::NotVisible,
        };
        errors.push(FieldError::new(field, code).with("max", LONGEST_NAME.to_string()));
        String::new()
    };
    let (company, person) = (name("company", &submit.company), name("contact", &submit.contact));
    let mut fail = |field: &str, value: &str, code: FieldCode| {
        errors.push(FieldError::new(field, if value.trim().is_empty() { FieldCode::Missing } else { code }));
    };
    let phone = Phone::parse(&submit.phone).or_else(|| Phone::split_glued(&submit.phone)?.into_iter().next());
    if phone.is_none() {
        fail("phone", &submit.phone, FieldCode::BadPhone);
    }
    let email = Mail::parse(submit.email.trim());
    if email.is_none() {
        fail("email", &submit.email, FieldCode::BadMail);
    }
    let uscc = match submit.uscc.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(Uscc::parse) {
        Some(Err(error)) => {
            fail("uscc", "x", error.code());
            None
        }
        Some(Ok(uscc)) => Some(uscc.as_str().to_owned()),
        None => None,
    };
    if submit.text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        errors.push(FieldError::new("text", FieldCode::TooLong).with("max", LONGEST_TEXT.to_string()));
    }
    match (phone, email) {
        (Some(phone), Some(email)) if errors.is_empty() => Ok(StoredContact {
            company,
            person,
            phone: phone.e164().to_owned(),
            email: email.as_str().to_owned(),
            uscc,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Checks the length of a requirement's text.
///
/// # Errors
/// [`Error::Invalid`] with [`FieldCode::TooLong`].
pub(super) fn check_text(text: Option<&str>) -> Result<()> {
    if text.is_none_or(|text| text.chars().count() <= LONGEST_TEXT) {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldError::new("text", FieldCode::TooLong).with("max", LONGEST_TEXT.to_string())]))
}

/// Returns an access as the API's JSON.
#[must_use]
pub fn access_json(access: &AccessView) -> serde_json::Value {
    json!({ "at": access.at.rfc3339(), "park": access.park, "park_name": access.park_name, "what": access.what })
}

/// Returns the requirement of a reference.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Gone`] once erased.
pub async fn by_reference(app: &Context, reference: &str) -> Result<RequirementRow> {
    let found = app.db.requirement(reference).await?.ok_or(Error::NotFound)?;
    if found.is_live() { Ok(found) } else { Err(Error::Gone) }
}

/// Returns the owner's view of a requirement.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Gone`] once erased.
pub async fn status(app: &Context, reference: &str) -> Result<RequirementStatus> {
    let found = by_reference(app, reference).await?;
    let inquiries = app.db.inquiries(&found.id).await?;
    let accesses = app.db.accesses(&found.id).await?;
    let leads = app.db.leads_of(&found.id).await?;
    let paused = app.db.paused_inboxes().await?;
    let has_receipt = has_receipt(app, &found, &inquiries).await?;
    Ok(RequirementStatus {
        has_receipt,
        reference: found.reference,
        state: match found.state {
            Stored::Known(_) => RequirementState::Open.into(),
            unknown => unknown,
        },
        requirement: found.requirement,
        inquiries: inquiries.into_iter().map(|inquiry| with_progress(app, inquiry, &leads, &paused)).collect(),
        accesses: accesses.into_iter().map(|row| access(app, row)).collect(),
        handovers: app.db.handovers(&found.id).await?,
        created_at: found.created_at,
    })
}

/// Whether the latest submission or inquiry was confirmed by mail; the address may have had its receipts of the day.
async fn has_receipt(app: &Context, found: &RequirementRow, inquiries: &[db::lead::Inquiry]) -> Result<bool> {
    if inquiries.iter().any(|inquiry| inquiry.state == InquiryState::TypedIn) {
        return Ok(true);
    }
    let latest = inquiries.iter().map(|inquiry| inquiry.created_at).chain([found.created_at]).max();
    let mails = app.db.mails_of_need(&found.id).await?;
    let receipts = mails.iter().filter(|(purpose, _)| purpose == MailPurpose::Receipt.word());
    Ok(receipts.map(|(_, mail)| mail.created_at).max() >= latest)
}

fn access(app: &Context, row: db::requirement::AccessRow) -> AccessView {
    let is_platform = row.park.is_empty();
    AccessView {
        at: row.at,
        park_name: if is_platform { app.config.site.operator.clone() } else { app.inventory.park_name(&row.park) },
        park: Some(row.park).filter(|_| !is_platform),
        what: row.what,
    }
}

/// Returns the owner's view of an inquiry and of its lead.
fn with_progress(app: &Context, inquiry: db::lead::Inquiry, leads: &[LeadRow], paused: &[PausedInbox]) -> InquiryView {
    let of_inquiry = |row: &&LeadRow| row.inquiries.iter().any(|own| own.id == inquiry.id);
    let lead = leads.iter().find(of_inquiry).map(|row| Progress {
        due_on: row.lead.is_open().then(|| row.lead.due_at.day()),
        answered_at: row.lead.answered_at,
        stage: row.lead.stage.clone(),
        owner: row.owner.clone().filter(|owner| owner.contains('@') && shows_owner(app, &inquiry.park)),
    });
    let inbox = app.inventory.inbox(&inquiry.park);
    let waits = inquiry.state == InquiryState::Queued && paused.iter().any(|it| Some(&it.address) == inbox.as_ref());
    InquiryView { lead, is_refused: waits || inquiry.state == InquiryState::Failed, ..view(app, inquiry) }
}

fn shows_owner(app: &Context, park: &str) -> bool {
    app.inventory.record(Kind::Park, park).is_some_and(|record| record.yes_no("shows_owner") == Some(true))
}

/// Returns the owner's view of an inquiry.
pub(super) fn view(app: &Context, inquiry: db::lead::Inquiry) -> InquiryView {
    InquiryView {
        number: inquiry.number,
        listing: inquiry.listing,
        listing_name: inquiry.listing_name,
        kind: inquiry.kind,
        park_name: app.inventory.park_name(&inquiry.park),
        park: inquiry.park,
        sent_at: (inquiry.state == InquiryState::Sent).then_some(inquiry.updated_at),
        state: inquiry.state,
        created_at: inquiry.created_at,
        is_refused: false,
        lead: None,
    }
}
