//! The desk: lists of leads, and one lead with everything about it.

use std::collections::HashMap;

use domain::account::Scope;
use domain::contact::{Mail, masked_text};
use domain::lead::{Bucket, Stage};
use domain::listing::Kind;
use domain::matching::{Group, Match};
use domain::record::Record;
use domain::requirement::{FieldCode, FieldError, Requirement, Word as _};
use domain::time::{Moment, parse_day};
use serde_json::{Value, json};

use super::accounts::Actor;
use super::context::Context;
use super::{lead_json, matching};
use crate::db::desk::{DeskCounts, DeskQuery, Duplicate, LastLine, OwnerFilter, Search, is_phone_ending};
use crate::db::lead::{LeadEvent, LeadRow};
use crate::db::letters::MailRow;
use crate::db::requirement::{RequirementRow, StoredContact};
use crate::db::words::MailState;
use crate::error::{Error, Result};

/// Leads per page.
pub const PER_PAGE: u64 = 50;
/// Listings offered instead, at most.
const MOST_ALTERNATIVES: usize = 5;
/// Listings with the same four digits beyond which these are no ending of a phone: every number holds a year.
const MOST_LISTINGS: usize = 200;
/// Longest search text, in characters.
const LONGEST_Q: usize = 100;

/// Filters as a caller wrote them; blank equals absent.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the parameters of contract §8")]
pub struct Filters<'a> {
    pub bucket: Option<&'a str>,
    pub stage: Option<&'a str>,
    pub owner: Option<&'a str>,
    pub q: Option<&'a str>,
    pub updated_since: Option<&'a str>,
    pub cursor: Option<&'a str>,
}

/// A page of the desk.
#[derive(Clone, Debug)]
pub struct DeskPage {
    /// Its leads, soonest due first, then by number.
    pub rows: Vec<LeadRow>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The numbers of leads in each list that the filters select.
    pub counts: DeskCounts,
}

/// One lead with everything about it.
pub struct LeadPage {
    /// The lead.
    pub row: LeadRow,
    /// Its requirement.
    pub requirement: RequirementRow,
    /// Its listings, judged now.
    pub matches: Vec<Match>,
    /// Listings of the same park that fit better.
    pub alternatives: Vec<Match>,
    /// Leads of the same enterprise.
    pub duplicates: Vec<Duplicate>,
    /// Its history, oldest first.
    pub events: Vec<LeadEvent>,
    /// Mails about its inquiries, oldest first.
    pub mails: Vec<MailRow>,
    /// Ids of the failed mails that can be sent again: the newest of each inquiry.
    pub failed: Vec<String>,
}

fn wrong(field: &str, code: FieldCode, value: &str) -> FieldError {
    FieldError::new(field, code).with("value", value)
}

/// Parses the filters.
///
/// # Errors
/// [`Error::Invalid`] with every wrong filter.
async fn query(app: &Context, actor: &Actor, filters: Filters<'_>) -> Result<DeskQuery> {
    let mut errors = Vec::new();
    let mut query = DeskQuery::default();
    if let Some(word) = filters.bucket {
        query.bucket = Bucket::from_word(word);
        if query.bucket.is_none() {
            errors.push(wrong("bucket", FieldCode::UnknownWord, word).with("accepted", Bucket::words().join(", ")));
        }
    }
    if let Some(word) = filters.stage {
        query.stage = Stage::WORDS.iter().find(|(known, _)| *known == word).map(|(_, stage)| *stage);
        if query.stage.is_none() {
            errors.push(wrong("stage", FieldCode::UnknownWord, word).with("accepted", Stage::words().join(", ")));
        }
    }
    if let Some(text) = filters.updated_since {
        query.updated_since = since(text);
        if query.updated_since.is_none() {
            errors.push(wrong("updated_since", FieldCode::BadDate, text));
        }
    }
    if let Some(text) = filters.q {
        if text.chars().count() > LONGEST_Q {
            errors.push(FieldError::new("q", FieldCode::TooLong).with("max", LONGEST_Q.to_string()));
        }
        if errors.is_empty() && !text.trim().is_empty() {
            query.q = Some(search(app, &actor.scope, text.trim()).await?);
        }
    }
    if let Some(text) = filters.cursor {
        query.after = parse_cursor(text);
        if query.after.is_none() {
            errors.push(wrong("cursor", FieldCode::UnknownCode, text));
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    query.owner = match filters.owner {
        None => None,
        Some("none") => Some(OwnerFilter::Unowned),
        Some("me") => Some(OwnerFilter::Account(actor.id.clone())),
        // An unknown address owns no lead.
        Some(email) => {
            let found = app.db.account_by_email(&email.trim().to_lowercase()).await?;
            Some(OwnerFilter::Account(found.map_or_else(String::new, |account| account.id)))
        }
    };
    Ok(query)
}

/// Returns the way in which a text is looked for: four digits by indexes, and inside all names and numbers only where these
/// find nothing, or more listings than a phone's ending would.
async fn search(app: &Context, scope: &Scope, text: &str) -> Result<Search> {
    let within = Search::Within(text.to_owned());
    if !is_phone_ending(text) {
        return Ok(within);
    }
    let has = |record: &Record| record.id().contains(text) || record.get("name").contains(text);
    let listings = app.inventory.ids_where(has, MOST_LISTINGS + 1);
    if listings.len() > MOST_LISTINGS {
        return Ok(within);
    }
    let digits = Search::Digits { digits: text.to_owned(), listings };
    Ok(if app.db.finds(scope, &digits).await? { digits } else { within })
}

/// Parses a moment of RFC 3339, or a day in China.
fn since(text: &str) -> Option<Moment> {
    if let Some(day) = parse_day(text) {
        return Some(Moment::start_of(day));
    }
    // In a query an unescaped `+` of the offset arrives as a blank.
    let text = text.replace(' ', "+");
    chrono::DateTime::parse_from_rfc3339(&text).ok().map(|at| Moment(at.timestamp_millis()))
}

fn cursor(row: &LeadRow) -> String {
    format!("{}.{}", row.lead.due_at.0, row.inquiry.number)
}

fn parse_cursor(text: &str) -> Option<(Moment, String)> {
    let (due, number) = text.split_once('.')?;
    Some((Moment(due.parse().ok()?), number.to_owned()))
}

/// Returns the last words of leads that [`list`] found, by lead: the newest note, mail in or mail out. Phones and addresses
/// are masked for roles that see no contact data.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn last_lines(app: &Context, actor: &Actor, rows: &[LeadRow]) -> Result<HashMap<String, LastLine>> {
    let ids: Vec<&str> = rows.iter().map(|row| row.lead.id.as_str()).collect();
    let mut lines = app.db.last_lines(&ids).await?;
    if !actor.role.reveals_contacts() {
        lines.values_mut().for_each(|line| line.note = masked_text(&line.note));
    }
    Ok(lines)
}

/// Returns a page of the leads in the actor's scope.
///
/// # Errors
/// [`Error::Invalid`] with every wrong filter; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor, filters: Filters<'_>) -> Result<DeskPage> {
    let query = query(app, actor, filters).await?;
    let now = app.clock.now();
    let mut rows = app.db.desk(&actor.scope, &query, now, PER_PAGE).await?;
    let more = rows.len() as u64 > PER_PAGE;
    rows.truncate(usize::try_from(PER_PAGE).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(cursor);
    let counts = app.counts.counts(&app.db, &actor.scope, &query, now).await?;
    Ok(DeskPage { rows, next, counts })
}

/// Returns a lead as it is now, as JSON.
///
/// # Errors
/// [`Error::NotFound`], also for a lead outside the scope.
pub async fn current(app: &Context, actor: &Actor, id: &str) -> Result<Value> {
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    Ok(lead_json::lead(app, actor.role, &row))
}

/// Returns a page as JSON.
#[must_use]
pub fn list_json(app: &Context, actor: &Actor, page: &DeskPage) -> Value {
    let DeskCounts { overdue, today, to_answer, new, waiting, open } = page.counts;
    let mut body = json!({
        "items": page.rows.iter().map(|row| lead_json::lead(app, actor.role, row)).collect::<Vec<_>>(),
        "counts": {
            "overdue": overdue, "today": today, "to_answer": to_answer, "new": new, "waiting": waiting, "open": open,
        },
    });
    if let Some(next) = &page.next {
        body["next"] = json!(next);
    }
    body
}

/// Returns one lead.
///
/// # Errors
/// [`Error::NotFound`], also for a lead outside the scope; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn show(app: &Context, actor: &Actor, id: &str) -> Result<LeadPage> {
    let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    let mut requirement = app.db.requirement_of(&row.inquiry.requirement_id).await?.ok_or(Error::NotFound)?;
    let sees = lead_json::sees_words(&row);
    if !sees {
        // The consent to this park has ended, also where the requirement lives on and is corrected.
        requirement = RequirementRow { requirement: Requirement::default().into(), free_text: None, ..requirement };
    }
    let duplicates = match requirement.contact.as_ref().filter(|_| sees) {
        None => Vec::new(),
        Some(contact) => {
            let mut found = app.db.duplicates(&actor.scope, &requirement.id, contact).await?;
            found.retain(|it| it.row.lead.id != row.lead.id);
            found
        }
    };
    let known = requirement.requirement.known();
    let judged =
        |inquiry: &crate::db::lead::Inquiry| matching::judge(app, inquiry.kind.known()?, &inquiry.listing, known);
    let matches: Vec<Match> = row.inquiries.iter().filter(|_| sees).filter_map(judged).collect();
    let (mut mails, mut failed) = (Vec::new(), Vec::new());
    for inquiry in &row.inquiries {
        let own = app.db.mails_of(&inquiry.id).await?;
        failed.extend(own.last().filter(|mail| mail.state == MailState::Failed).map(|mail| mail.id.clone()));
        mails.extend(own);
    }
    mask_recipients(&mut mails, requirement.contact.as_ref());
    Ok(LeadPage {
        alternatives: if sees { alternatives(app, &row, known, &matches) } else { Vec::new() },
        events: app.db.lead_events(&actor.scope, id).await?,
        duplicates,
        matches,
        mails,
        failed,
        requirement,
        row,
    })
}

/// Masks the enterprise's address, which only a reveal shows; those of parks stay.
fn mask_recipients(mails: &mut [MailRow], contact: Option<&StoredContact>) {
    for mail in mails {
        if contact.is_some_and(|contact| contact.email.eq_ignore_ascii_case(&mail.recipient)) {
            mail.recipient = Mail::parse(&mail.recipient).map(|mail| mail.masked()).unwrap_or_default();
        }
    }
}

/// Returns the listings of the lead's park that fit better than the best of its own that are still offered.
fn alternatives(app: &Context, row: &LeadRow, known: &Requirement, matches: &[Match]) -> Vec<Match> {
    let park = if row.lead.park.is_empty() { &row.inquiry.park } else { &row.lead.park };
    let inside = app.inventory.inside(park);
    let own: Vec<(Kind, &str)> = inside.iter().map(|record| (record.kind(), record.id())).collect();
    let today = app.clock.now().day();
    let ranked = app.inventory.with_index(|index| index.ranked(&own, known, today));
    let key = |it: &Match| (it.group(), std::cmp::Reverse(it.score));
    let is_asked = |it: &Match| matches.iter().any(|own| own.listing.id == it.listing.id);
    let is_offered = |it: &&Match| {
        let listing = app.inventory.listing(it.listing.kind, &it.listing.id);
        listing.is_some_and(|listing| listing.is_offered())
    };
    let best = matches.iter().filter(is_offered).map(key).min();
    let better = |it: &Match| it.group() != Group::Out && best.is_none_or(|best| key(it) < best);
    ranked.into_iter().filter(|it| !is_asked(it) && better(it)).take(MOST_ALTERNATIVES).collect()
}

/// Returns a lead and everything about it as JSON.
#[must_use]
pub fn lead_page_json(app: &Context, actor: &Actor, page: &LeadPage) -> Value {
    let mut body = lead_json::lead(app, actor.role, &page.row);
    let sees = lead_json::sees_words(&page.row);
    let sees_contact = sees && actor.role.reveals_contacts() && !lead_json::is_handed_over(&page.row);
    let contact = page.requirement.contact.as_ref().filter(|_| sees_contact);
    body["requirement"] = json!(page.requirement.requirement);
    body["text"] =
        json!(page.requirement.free_text.as_ref().filter(|_| contact.is_some()).map(|text| masked_text(text)));
    body["contact"] = json!(contact.map(|contact| {
        let (person, phone, email) = lead_json::mask(contact);
        json!({ "contact": person, "phone": phone, "email": email })
    }));
    body["matches"] = json!(page.matches);
    body["alternatives"] = json!(page.alternatives);
    body["duplicates"] = page.duplicates.iter().map(|it| duplicate(&actor.scope, it)).collect();
    body["timeline"] = lead_json::timeline(actor.role, &page.events, &page.mails).into();
    body
}

/// Another park's lead is named without its id.
fn duplicate(scope: &Scope, it: &Duplicate) -> Value {
    let lead = &it.row.lead;
    let mut body = json!({ "number": it.row.inquiry.number, "park": lead.park, "because": it.because });
    if scope.covers(&lead.park) {
        body["id"] = json!(lead.id);
    }
    body
}
