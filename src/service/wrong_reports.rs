//! Reports that a listing or policy is wrong: a ticket for the reader, a task with a deadline for the park, or for the operator
//! where it is a policy, and an outcome that both see.

use domain::contact::Mail;
use domain::freshness::How;
use domain::listing::Kind;
use domain::record::Record;
use domain::requirement::{FieldCode, FieldError};
use domain::time::{Moment, SECONDS_PER_HOUR};
use domain::word::Word as _;
use domain::workday::workdays;

use super::accounts::Actor;
use super::context::Context;
use super::inventory::refresh;
use super::{evidence, letters, notice};
use crate::db::import::StoredTable as _;
use crate::db::listing_report::{NewAnswer, ReportRow};
use crate::db::quota::Counted;
use crate::db::words::{AuditAction, Changed, ReportReason, ReportState};
use crate::db::{self, DbError};
use crate::error::{Code, Error, Result};
use crate::ids;

/// Working days within which a park answers.
pub const ANSWER_WORKDAYS: u32 = 5;
/// Longest words of a reader and of an answer, in characters.
pub const LONGEST_WORDS: usize = 1_000;

/// A report as typed.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// The kind of listing, or the policies.
    pub kind: Changed,
    /// Its id.
    pub listing: String,
    /// Word of the reason; blank where none was chosen.
    pub reason: String,
    /// The reader's own words.
    pub words: String,
    /// The reader's address; blank for none.
    pub email: String,
    /// Whether the reader consents to one mail about the outcome.
    pub consents: bool,
    /// Version of the notice that the form showed.
    pub notice_version: String,
    /// The reader's language.
    pub locale: String,
    /// Client network, for the rate limit.
    pub network: String,
    /// Reason to suspect automation: the operator looks first.
    pub suspicion: Option<&'static str>,
    /// Id of the report: the same form posted twice makes one.
    pub key: String,
}

/// Makes a report and returns the ticket's number.
///
/// # Errors
/// [`Error::NotFound`] for an unknown listing; [`Error::Invalid`] naming each wrong field; [`Error::TooMany`] beyond the rate
/// limit.
pub async fn make(app: &Context, new: NewReport) -> Result<String> {
    let subject = subject(app, new.kind, &new.listing).ok_or(Error::NotFound)?;
    let now = app.clock.now();
    let report = checked(&new, subject, now)?;
    let caps = caps(app, &new.network);
    let suspicion = new.suspicion.unwrap_or_default();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::listing_report::insert(tx, &report).await? {
                    return db::listing_report::number(tx, &report.id).await?.ok_or(Error::NotFound);
                }
                within(&caps, &db::quota::take(tx, &caps.counted, now).await?)?;
                let detail = [report.number.as_str(), suspicion].join(" ");
                db::task::reported(tx, &report.id, report.park.as_deref(), detail.trim().to_owned(), now).await?;
                let action = AuditAction::ReportMake;
                db::requirement::audit(tx, "reader", action, &report.id, &report.listing, now).await?;
                Ok(report.number)
            })
        })
        .await
}

/// The listing or policy of a report.
#[derive(Clone, Debug)]
pub struct ReportSubject {
    /// Its name or title.
    pub name: String,
    /// Code of the park that answers; blank for the operator.
    pub park: String,
}

/// Returns what a report is about; `None` where there is none, or no more.
#[must_use]
pub fn subject(app: &Context, kind: Changed, id: &str) -> Option<ReportSubject> {
    let kind = match kind {
        Changed::Listing(kind) => kind,
        Changed::Policy => return policy_subject(app, id),
        Changed::Import => return None,
    };
    let record = app.inventory.record(kind, id)?;
    let park = if kind == Kind::Park { record.id() } else { record.get("park_code") };
    let name = app.inventory.listing(kind, id).map_or_else(|| id.to_owned(), |listing| listing.name.to_string());
    Some(ReportSubject { name, park: park.to_owned() })
}

fn policy_subject(app: &Context, id: &str) -> Option<ReportSubject> {
    let all = app.policies.all();
    let policy = all.iter().find(|policy| policy.id() == id)?;
    Some(ReportSubject { name: policy.get("title").to_owned(), park: String::new() })
}

/// The rate limit of reports per client network.
struct ReportCaps {
    counted: Vec<Counted>,
    most: i64,
}

fn caps(app: &Context, network: &str) -> ReportCaps {
    let limits = &app.config.limits;
    let name = format!("report:net:{}", ids::sha256_hex(network.as_bytes()));
    let counted = limits.enabled.then_some(Counted { name, seconds: SECONDS_PER_HOUR });
    ReportCaps { counted: counted.into_iter().collect(), most: limits.reports_per_network_hour }
}

fn within(caps: &ReportCaps, used: &[i64]) -> Result<()> {
    let is_beyond = used.iter().any(|used| *used > caps.most);
    if is_beyond { Err(Error::TooMany(SECONDS_PER_HOUR.unsigned_abs())) } else { Ok(()) }
}

/// Checks a report; nothing is stored.
fn checked(new: &NewReport, subject: ReportSubject, now: Moment) -> Result<ReportRow> {
    let mut errors = Vec::new();
    let reason = ReportReason::from_word(&new.reason).filter(|reason| reason.concerns(new.kind));
    if reason.is_none() {
        errors.push(FieldError::new("reason", FieldCode::Missing));
    }
    if let Err(error) = check_words("words", &new.words, reason == Some(ReportReason::Other)) {
        errors.push(error);
    }
    let email = match new.email.trim() {
        "" => None,
        typed => match Mail::parse(typed) {
            Some(mail) => Some(mail.as_str().to_owned()),
            None => {
                errors.push(FieldError::new("email", FieldCode::BadMail));
                None
            }
        },
    };
    if !new.email.trim().is_empty() && new.notice_version != notice::VERSION {
        errors.push(FieldError::new("consent", FieldCode::NoticeOutdated));
    } else if !new.email.trim().is_empty() && !new.consents {
        errors.push(FieldError::new("consent", FieldCode::ConsentMissing));
    }
    let Some(reason) = reason.filter(|_| errors.is_empty()) else { return Err(Error::Invalid(errors)) };
    Ok(ReportRow {
        id: new.key.clone(),
        number: ids::ticket_number(now),
        kind: new.kind.into(),
        listing: new.listing.clone(),
        listing_name: subject.name,
        park: Some(subject.park).filter(|park| !park.is_empty() && new.suspicion.is_none()),
        reason: reason.into(),
        words: new.words.trim().to_owned(),
        notice_version: email.as_ref().map(|_| notice::VERSION.to_owned()),
        email,
        locale: new.locale.clone(),
        state: ReportState::Open.into(),
        due_on: workdays().after(now.day(), ANSWER_WORKDAYS),
        answer: String::new(),
        answered_at: None,
        message_id: None,
        created_at: now,
    })
}

fn check_words(field: &str, words: &str, is_required: bool) -> std::result::Result<(), FieldError> {
    if words.chars().count() > LONGEST_WORDS {
        return Err(FieldError::new(field, FieldCode::TooLong).with("max", LONGEST_WORDS.to_string()));
    }
    let is_missing = is_required && words.trim().is_empty();
    if is_missing { Err(FieldError::new(field, FieldCode::Missing)) } else { Ok(()) }
}

/// Returns the report of a ticket's number, which holds 40 random bits.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn ticket(app: &Context, number: &str) -> Result<ReportRow> {
    app.db.report(number).await?.ok_or(Error::NotFound)
}

/// Erases the reader's address from a report, and from the mail about its outcome, which is cancelled where it has not left.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn forget(app: &Context, number: &str) -> Result<()> {
    let report = ticket(app, number).await?;
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::listing_report::forget(tx, &report.id).await?;
                if let Some(message_id) = &report.message_id {
                    db::outbox::forget(tx, message_id, now).await?;
                }
                db::requirement::audit(tx, "reader", AuditAction::ReportForget, &report.id, "", now).await?;
                Ok(())
            })
        })
        .await
}

/// Returns the reports of the actor's scope, open or answered.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor, open: bool) -> Result<Vec<ReportRow>> {
    Ok(app.db.reports(&actor.scope, open).await?)
}

/// Returns the number of open reports of the actor's scope whose deadline has passed.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn count_overdue(app: &Context, actor: &Actor) -> Result<usize> {
    let today = app.clock.now().day();
    Ok(list(app, actor, true).await?.iter().filter(|report| report.due_on < today).count())
}

/// Returns one report of the actor's scope.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn show(app: &Context, actor: &Actor, id: &str) -> Result<ReportRow> {
    app.db.report_by_id(&actor.scope, id).await?.ok_or(Error::NotFound)
}

/// Answers a report: its task closes, the reader gets one mail where an address was given, a withdrawn listing is taken off, and
/// one that was looked at counts as checked.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Invalid`] without an outcome, or without the reason for
/// leaving the listing as it is; [`Error::Conflict`] where it was answered before.
pub async fn answer(app: &Context, actor: &Actor, id: &str, outcome: &str, words: &str) -> Result<()> {
    let report = show(app, actor, id).await?;
    if !actor.role.works_leads() {
        return Err(Error::Forbidden);
    }
    let state = ReportState::from_word(outcome).filter(|state| *state != ReportState::Open);
    let Some(state) = state else {
        return Err(Error::Invalid(vec![FieldError::new("outcome", FieldCode::Missing)]));
    };
    check_words("answer", words, state == ReportState::Kept).map_err(|error| Error::Invalid(vec![error]))?;
    let now = app.clock.now();
    let mail = match &report.email {
        Some(address) => Some(letters::report_answer(app, &report, address)?),
        None => None,
    };
    let answer = NewAnswer {
        id: report.id.clone(),
        state,
        words: words.trim().to_owned(),
        account_id: actor.id.clone(),
        message_id: mail.as_ref().map(|mail| mail.mail.message_id.clone()),
    };
    let about = report.kind.known();
    let record = about.and_then(Changed::kind).and_then(|kind| app.inventory.record(kind, &report.listing));
    let actor = actor.clone();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::listing_report::answer(tx, &answer, now).await? {
                    return Err(Error::Conflict(Code::Conflict));
                }
                db::task::close_reported(tx, &answer.id, &actor.id, now).await?;
                if let Some(record) = &record {
                    act(tx, record, state, &actor, &answer.id, now).await?;
                }
                if (about, state) == (Some(Changed::Policy), ReportState::Withdrawn) {
                    db::policy::withdraw(tx, &report.listing, now).await?;
                    db::listing::log(tx, Changed::Policy, &[&*report.listing], now).await?;
                }
                db::outbox::enqueue(tx, mail.into_iter().collect(), now).await?;
                let action = AuditAction::ReportAnswer;
                db::requirement::audit(tx, &actor.id, action, &answer.id, state.word(), now).await?;
                Ok(())
            })
        })
        .await?;
    app.outbox.notify_waiters();
    refresh(app).await?;
    Ok(())
}

/// Carries an outcome out on the listing.
async fn act(
    tx: &sea_orm::DatabaseTransaction,
    record: &Record,
    state: ReportState,
    actor: &Actor,
    report: &str,
    now: Moment,
) -> std::result::Result<(), DbError> {
    if state != ReportState::Withdrawn {
        let side = (How::Report, evidence::side_of(actor), report);
        return Ok(evidence::confirmed(tx, [record], side, now).await?);
    }
    let mut withdrawn = record.clone();
    withdrawn.set("status", "off");
    record.kind().put(tx, &[&withdrawn], now).await?;
    db::listing::log(tx, Changed::Listing(record.kind()), &[record.id()], now).await?;
    Ok(evidence::edited(tx, Some(record), &withdrawn, actor, now).await?)
}
