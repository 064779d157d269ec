//! Digests of working mornings, and the lines that changed listings leave on their leads: background work that several
//! processes share, each piece done once.

use chrono::{NaiveTime, Timelike as _};
use domain::account::Role;
use domain::lead::EventKind;
use domain::listing::Status;
use domain::requirement::Word as _;
use domain::stored::StoredRequirement;
use domain::time::{Moment, SECONDS_PER_DAY};
use domain::workday::workdays;
use serde_json::json;

use super::accounts::{self, Actor};
use super::context::{App, Context};
use super::{due, inventory, letters, wishes};
use crate::db;
use crate::db::account::Account;
use crate::db::lead::{LeadChange, LeadRow, NewEvent};
use crate::db::letters::NewMail;
use crate::db::words::MailPurpose;
use crate::error::{Error, Result};
use crate::i18n::{self, Locale};

/// The locale of digests.
const STAFF: Locale = Locale::ZhHans;
/// Hour and minute of digests in China.
const MORNING: (u32, u32) = (8, 30);
/// Leads that a run looks at; those due longest come first.
const MOST_LEADS: u64 = 20_000;
/// Leads that a digest lists; the desk shows the rest.
const MOST_LISTED: usize = 50;
/// Working days overdue from which a manager is told.
const MANAGER_DAYS: u32 = 2;
/// Working days overdue from which an admin is told.
const ADMIN_DAYS: u32 = 3;
/// Requirements whose search keys are filled per run.
const FILLED: u64 = 500;

/// Fills columns that a program of an earlier version left blank.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn fill(app: &Context) -> Result<()> {
    app.db
        .write::<_, Error, _>(|tx| {
            Box::pin(async move {
                db::lead::fill(tx).await?;
                db::requirement::fill(tx, FILLED).await?;
                Ok(())
            })
        })
        .await
}

/// Puts a line on the open leads of each listing that changed since the last run. Its position in the change log moves in
/// the same transaction, so that several processes write each line once.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn follow_listings(app: &App) -> Result<()> {
    let seen = app.db.followed(db::cursor::LEADS).await?;
    if seen.is_some_and(|seen| seen >= app.inventory.seq()) {
        return Ok(());
    }
    let (own, now) = (app.clone(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                for (kind, code) in db::cursor::take(tx, own.inventory.seq()).await? {
                    let change = change_of(&own, kind, &code);
                    for row in db::lead::open_on(tx, kind, &code).await? {
                        line(tx, &row, &code, change, now).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}

async fn line(tx: &sea_orm::DatabaseTransaction, row: &LeadRow, code: &str, change: &str, now: Moment) -> Result<()> {
    let Some(inquiry) = row.inquiries.iter().find(|inquiry| inquiry.listing == code) else { return Ok(()) };
    let facts = json!({ "listing": inquiry.listing_name, "number": inquiry.number, "change": change });
    let event = NewEvent::new(&row.lead.id, EventKind::Listing, now);
    NewEvent { facts: Some(facts), ..event }.add(tx).await?;
    Ok(db::lead::change(tx, &row.lead, &LeadChange::default(), now).await?)
}

/// Returns the word of a listing's change: its status where that takes it off the market, else `changed`.
fn change_of(app: &Context, kind: domain::listing::Kind, code: &str) -> &'static str {
    let Some(record) = app.inventory.record(kind, code) else { return Status::Off.word() };
    match Status::from_word(record.get("status")) {
        Some(status @ (Status::Sold | Status::Off | Status::Reserved)) => status.word(),
        _ if inventory::is_withdrawn(&record) => Status::Sold.word(),
        _ => "changed",
    }
}

/// Returns the moment of a day's digest where it has come: of a working day, at 8:30 or later.
fn morning(now: Moment) -> Option<Moment> {
    let china = now.in_china();
    let time = NaiveTime::from_hms_opt(MORNING.0, MORNING.1, 0)?;
    let is_due = workdays().is_working(now.day()) && china.time() >= time;
    let seconds = i64::from(time.num_seconds_from_midnight());
    is_due.then(|| Moment::start_of(now.day()).plus_seconds(seconds))
}

/// Queues the digest of this morning for every person who has not got it yet; a restart or another process sends none twice.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; those queued before remain.
pub async fn send(app: &App) -> Result<()> {
    let now = app.clock.now();
    let Some(at) = morning(now).filter(|_| app.config.desk.digest) else { return Ok(()) };
    let day = now.day().to_string();
    let waiting = app.db.accounts_without_digest(&day).await?;
    // An account of later than 8:30 begins with the next morning.
    let people: Vec<(Account, Actor)> = waiting
        .into_iter()
        .filter(|account| account.created_at < at)
        .filter_map(|account| accounts::actor(app, account.clone()).map(|actor| (account, actor)))
        .filter(|(_, actor)| actor.role.works_leads() && actor.is_person())
        .collect();
    if people.is_empty() {
        return Ok(());
    }
    let leads = app.db.due_leads(now, MOST_LEADS).await?;
    let since = now.plus_seconds(-SECONDS_PER_DAY);
    let changed = app.db.listing_changes_since(since).await?;
    for (account, actor) in &people {
        let mail = match wishes::link_if_wanted(app, &actor.email, MailPurpose::Digest).await? {
            Some(stop) => digest(app, (actor, &stop), &people, &leads, &changed, now)?,
            None => None,
        };
        mark(app, account, &day, mail, now).await?;
    }
    app.outbox.notify_waiters();
    Ok(())
}

async fn mark(app: &App, account: &Account, day: &str, mail: Option<NewMail>, now: Moment) -> Result<()> {
    let (id, day) = (account.id.clone(), day.to_owned());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if db::digest::mark(tx, &id, &day, now).await? {
                    db::outbox::enqueue(tx, mail.into_iter().collect(), now).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Whether a person is told of a due lead: its owner at once, a manager one working day after, an admin after two; a lead
/// without an owner concerns the managers of its park at once, and the admins where there is none.
fn concerns(actor: &Actor, everybody: &[(Account, Actor)], row: &LeadRow, overdue: u32) -> bool {
    if row.lead.owner_id.as_deref() == Some(actor.id.as_str()) {
        return true;
    }
    let manages = |actor: &Actor| actor.role == Role::Manager && actor.scope.covers(&row.lead.park);
    let is_unowned = row.lead.owner_id.is_none();
    match actor.role {
        Role::Manager => manages(actor) && (is_unowned || overdue >= MANAGER_DAYS),
        Role::Admin => {
            let is_orphan = is_unowned && !everybody.iter().any(|(_, other)| manages(other));
            is_orphan || overdue >= ADMIN_DAYS
        }
        Role::Officer | Role::Observer => false,
    }
}

/// A change of a listing on a lead: its owner, number, listing and the word of the change.
type ListingLine = (LeadRow, String, String);

fn digest(
    app: &Context,
    (actor, stop_url): (&Actor, &str),
    everybody: &[(Account, Actor)],
    leads: &[LeadRow],
    changed: &[ListingLine],
    now: Moment,
) -> Result<Option<NewMail>> {
    let today = now.day();
    let mut own: Vec<(u32, &LeadRow)> = leads
        .iter()
        .map(|row| (due::days_overdue(row.lead.due_at, today), row))
        .filter(|(days, row)| concerns(actor, everybody, row, *days))
        .collect();
    own.sort_by_key(|(_, row)| row.lead.due_at);
    let is_own = |(row, ..): &&ListingLine| row.lead.owner_id.as_deref() == Some(actor.id.as_str());
    let listings: Vec<&ListingLine> = changed.iter().filter(is_own).collect();
    if own.is_empty() && listings.is_empty() {
        return Ok(None);
    }
    let overdue = own.iter().filter(|(_, row)| row.lead.due_at.day() < today).count();
    let due_today = own.len() - overdue;
    let mut rows: Vec<String> = own.iter().take(MOST_LISTED).map(|(days, row)| digest_line(row, *days, now)).collect();
    if let Some(more) = own.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
        rows.push(i18n::say(STAFF, "mail.digest_more", &[("n", &more.to_string())]));
    }
    rows.extend(listings.into_iter().take(MOST_LISTED).map(|(row, listing, change)| {
        let change = i18n::word(STAFF, "listing_change", change);
        let args = [("number", row.inquiry.number.as_str()), ("listing", listing), ("change", &change)];
        i18n::say(STAFF, "mail.digest_listing", &args)
    }));
    let (overdue, due_today) = (overdue.to_string(), due_today.to_string());
    let news = letters::News {
        purpose: MailPurpose::Digest,
        number: None,
        subject: i18n::say(STAFF, "mail.digest", &[("overdue", &overdue), ("today", &due_today)]),
        lines: vec![i18n::tell(STAFF, "mail.digest_text")],
        rows,
        link: Some(("/staff".to_owned(), i18n::tell(STAFF, "mail.open_desk"))),
        reply_to: None,
        about: (None, None),
    };
    letters::optional_news(app, news, &actor.email, stop_url).map(Some)
}

/// Returns the line of a lead: without the company's name, since a digest outlives a withdrawal in the reader's mailbox.
fn digest_line(row: &LeadRow, days: u32, now: Moment) -> String {
    let need = i18n::need(STAFF, &StoredRequirement::parse(&row.requirement));
    let stage = i18n::word(STAFF, "stage", row.lead.stage.word());
    let days = days.to_string();
    let args = [
        ("days", days.as_str()),
        ("number", &row.inquiry.number),
        ("need", &need),
        ("stage", &stage),
        ("owner", row.owner.as_deref().unwrap_or("—")),
    ];
    let is_overdue = row.lead.due_at.day() < now.day();
    i18n::say(STAFF, if is_overdue { "mail.digest_overdue" } else { "mail.digest_today" }, &args)
}

#[cfg(test)]
mod tests {
    use domain::time::{Moment, parse_day};

    use super::morning;

    #[test]
    fn digests_are_of_working_mornings_from_half_past_eight() {
        let at =
            |day, hours: f64| Moment(Moment::start_of(parse_day(day).expect("a day")).0 + (hours * 3_600_000.0) as i64);
        assert!(morning(at("2026-11-30", 8.4)).is_none(), "too early");
        assert_eq!(morning(at("2026-11-30", 8.5)), Some(at("2026-11-30", 8.5)));
        assert!(morning(at("2026-11-30", 15.0)).is_some(), "later, after a restart");
        assert!(morning(at("2026-11-29", 9.0)).is_none(), "a Sunday");
        assert!(morning(at("2025-10-08", 9.0)).is_none(), "a holiday");
        assert!(morning(at("2025-10-11", 9.0)).is_some(), "a Saturday on which work is done");
    }
}
