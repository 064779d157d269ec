//! The monthly question 「仍然有效吗?」 to each park's inbox, and its answer: one mail per park, one button for all that is
//! unchanged.

use std::sync::Arc;

use chrono::{NaiveDate, Timelike as _};
use domain::freshness::{Checker, FactAge, How, checked_on, stated_facts};
use domain::listing::Kind;
use domain::record::Record;
use domain::time::{Moment, SECONDS_PER_DAY};
use domain::word::Word as _;
use domain::workday::workdays;

use super::context::Context;
use super::inventory::refresh;
use super::{evidence, letters, wishes};
use crate::db;
use crate::db::letters::NewMail;
use crate::db::still_valid::ParkQuestion;
use crate::db::words::{AuditAction, MailPurpose};
use crate::error::{Error, Result};
use crate::ids;

/// Days for which a listing is left alone after it was first stored, and a park after it was asked.
const PAUSE_DAYS: i64 = 28;
/// Lifetime of a mail's link: until the question after it at the latest.
const LINK_DAYS: i64 = 35;
/// Days for an answer to the second question, before its listings go behind the others.
const ANSWER_DAYS: i64 = 14;
/// Unanswered questions after which a listing goes behind the others.
const MOST_UNANSWERED: i64 = 2;
/// Hours in China at which mails of this kind are queued: staff are at work.
const HOURS: std::ops::Range<u32> = 9..17;
/// Lease of the job: one process at a time, another one takes over after a crash.
const LEASE_SECONDS: i64 = 600;
/// Parks asked in one round, so that a round ends within its lease.
const MOST_PER_ROUND: usize = 50;
/// Months of names and letters: `2026-11`.
const MONTH: &str = "%Y-%m";

/// A question as the park sees it.
#[derive(Clone, Debug)]
pub struct ParkQuestionView {
    /// The question.
    pub question: ParkQuestion,
    /// Its listings that are still published.
    pub records: Vec<Arc<Record>>,
}

/// Asks the parks whose turn it is, and sets the listings behind whose parks left two questions unanswered. Returns the number of
/// mails queued; none outside working hours and while another process does the same.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; the parks asked before stay asked.
pub async fn round(app: &Context, holder: &str) -> Result<usize> {
    let now = app.clock.now();
    if !app.config.mail.ask_parks || !is_office_hour(now) || !take_lease(app, holder, now).await? {
        return Ok(0);
    }
    set_behind(app, now).await?;
    let mut asked = 0;
    for park in parks_to_ask(app, now.day()) {
        if asked == MOST_PER_ROUND {
            break;
        }
        asked += usize::from(ask(app, &park, now).await?);
    }
    if asked > 0 {
        app.outbox.notify_waiters();
    }
    refresh(app).await?;
    Ok(asked)
}

fn is_office_hour(now: Moment) -> bool {
    workdays().is_working(now.day()) && HOURS.contains(&now.in_china().hour())
}

async fn take_lease(app: &Context, holder: &str, now: Moment) -> Result<bool> {
    let holder = holder.to_owned();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::lease::take(tx, "still_valid", &holder, LEASE_SECONDS, now).await?) })
        })
        .await
}

async fn set_behind(app: &Context, now: Moment) -> Result<()> {
    let before = now.plus_seconds(-ANSWER_DAYS * SECONDS_PER_DAY);
    let count = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::evidence::set_behind(tx, MOST_UNANSWERED, before).await?) })
        })
        .await?;
    if count > 0 {
        tracing::info!(count, "listings whose parks left two questions unanswered");
    }
    Ok(())
}

/// The parks with an inbox and a listing whose facts are no longer fresh.
fn parks_to_ask(app: &Context, today: NaiveDate) -> Vec<String> {
    let records = app.inventory.records();
    let parks = records.iter().filter(|record| record.kind() == Kind::Park).map(|park| park.id().to_owned());
    parks.filter(|park| app.inventory.inbox(park).is_some() && !due(app, park, today).is_empty()).collect()
}

/// A park's published listings, itself among them, whose facts are no longer fresh. Samples and what is past are left out.
fn due(app: &Context, park: &str, today: NaiveDate) -> Vec<Arc<Record>> {
    let itself = app.inventory.record(Kind::Park, park);
    let all = itself.into_iter().chain(app.inventory.inside(park));
    all.filter(|record| is_due(app, record, today)).collect()
}

fn is_due(app: &Context, record: &Record, today: NaiveDate) -> bool {
    let checked = || checked_on(record, &app.beside.evidence(record.kind(), record.id()));
    record.yes_no("demo") != Some(true)
        && !stated_facts(record).is_empty()
        && !domain::freshness::is_past(record, today)
        && checked().is_none_or(|on| FactAge::of(on, today) != FactAge::Fresh)
}

/// Asks one park; `false` where it was asked less than [`PAUSE_DAYS`] ago, or nothing of it has been here for as long.
async fn ask(app: &Context, park: &str, now: Moment) -> Result<bool> {
    let pause = now.plus_seconds(-PAUSE_DAYS * SECONDS_PER_DAY);
    let month = now.day().format(MONTH).to_string();
    let last = app.db.last_park_question(park).await?;
    if last.is_some_and(|last| last.asked_at > pause || last.month == month) {
        return Ok(false);
    }
    let known = app.db.listed_before(park, pause).await?;
    let is_known =
        |record: &Arc<Record>| known.iter().any(|(kind, code)| kind == record.kind().word() && code == record.id());
    let records: Vec<Arc<Record>> = due(app, park, now.day()).into_iter().filter(is_known).collect();
    let Some(inbox) = app.inventory.inbox(park).filter(|_| !records.is_empty()) else { return Ok(false) };
    let Some(stop) = wishes::link_if_wanted(app, &inbox, MailPurpose::StillValid).await? else { return Ok(false) };
    let token = ids::token();
    let question = ParkQuestion {
        id: ids::row_id(),
        park: park.to_owned(),
        month,
        token: ids::token_hash(&token),
        listings: records.iter().map(|record| (record.kind().word().to_owned(), record.id().to_owned())).collect(),
        asked_at: now,
        expires_at: now.plus_seconds(LINK_DAYS * SECONDS_PER_DAY),
        answered_at: None,
    };
    let mail = letters::still_valid(app, (&app.inventory.park_name(park), records.len()), &token, &inbox, &stop)?;
    store(app, question, mail, now).await
}

/// Stores the question, the count of its listings and the mail in one transaction.
async fn store(app: &Context, question: ParkQuestion, mail: NewMail, now: Moment) -> Result<bool> {
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::still_valid::ask(tx, &question).await? {
                    return Ok(false);
                }
                for kind in Kind::ALL {
                    let of_kind = question.listings.iter().filter(|(word, _)| word == kind.word());
                    db::evidence::ask(tx, kind, of_kind.map(|(_, code)| code.clone()).collect(), now).await?;
                }
                db::outbox::enqueue(tx, vec![mail], now).await?;
                Ok(true)
            })
        })
        .await
}

/// Returns the question of a link, without any effect: mail scanners open links.
///
/// # Errors
/// [`Error::NotFound`] for an unknown or expired link; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn question(app: &Context, token: &str) -> Result<ParkQuestionView> {
    let found = app.db.park_question(&ids::token_hash(token), app.clock.now()).await?.ok_or(Error::NotFound)?;
    let record = |(kind, code): &(String, String)| app.inventory.record(Kind::from_word(kind)?, code);
    Ok(ParkQuestionView { records: found.listings.iter().filter_map(record).collect(), question: found })
}

/// Confirms the chosen listings of a question; the others stay as they were. Returns the number confirmed.
///
/// # Errors
/// [`Error::NotFound`] for an unknown or expired link; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn confirm(app: &Context, token: &str, chosen: &[String]) -> Result<usize> {
    let ParkQuestionView { question, records } = question(app, token).await?;
    let key = |record: &Arc<Record>| format!("{}:{}", record.kind().word(), record.id());
    let records: Vec<Arc<Record>> = records.into_iter().filter(|record| chosen.contains(&key(record))).collect();
    let (count, now) = (records.len(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let facts = records.iter().map(AsRef::as_ref);
                let side = (How::Confirmed, Checker::Park, question.id.as_str());
                evidence::confirmed(tx, facts, side, now).await?;
                db::still_valid::answer(tx, &question.id, now).await?;
                let detail = format!("{count} of {}", question.listings.len());
                let action = AuditAction::EvidenceConfirm;
                db::requirement::audit(tx, "park", action, &question.park, &detail, now).await?;
                Ok(())
            })
        })
        .await?;
    refresh(app).await?;
    Ok(count)
}
