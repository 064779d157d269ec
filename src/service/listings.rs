//! Listings added and changed by hand, judged as the importer judges a row, with the history of each field.

use std::sync::Arc;

use domain::account::Scope;
use domain::fault::CellReason;
use domain::import::{ImportPlan, KnownParks, Note, Settling, settle, typed};
use domain::kind::Kind;
use domain::record::{Cell, Record, Table as _};
use domain::requirement::{FieldCode, FieldError};
use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use super::accounts::Actor;
use super::context::Context;
use super::imports::may_mean;
use super::inventory::refresh;
use super::promises::{self, Review, Reviewed};
use crate::db::history::{FormerRecord, PastChange};
use crate::db::import::{StoredTable as _, digest};
use crate::db::words::{AuditAction, Changed, EditCause};
use crate::db::{self, DbError};
use crate::error::{Error, Result};

/// Listings per page of the staff's list.
pub const PER_PAGE: usize = 50;

/// A listing typed into a form.
#[derive(Clone, Debug)]
pub struct ListingDraft {
    /// The kind.
    pub kind: Kind,
    /// Its id; none for a new one.
    pub id: Option<String>,
    /// The digest of the record that the form showed; blank for a new one.
    pub version: String,
    /// Columns by name with their cells as typed.
    pub cells: Vec<(String, String)>,
}

/// Outcome of saving a draft.
#[derive(Clone, Debug)]
pub enum Saved {
    /// Stored under this id; also where nothing differs.
    Stored(String),
    /// Refused; nothing was stored.
    Wrong(Vec<Note>),
    /// Another person changed the listing since the form was shown; nothing was stored.
    Changed(Box<Divergence>),
}

/// Two versions of one listing.
#[derive(Clone, Debug)]
pub struct Divergence {
    /// The record that the form had shown, where it is still known.
    pub base: Option<Record>,
    /// The record as stored now.
    pub theirs: Record,
    /// The digest of that record.
    pub version: String,
    /// Mail address of the account that made the last change.
    pub by: String,
}

/// A listing as its form shows it.
#[derive(Clone, Debug)]
pub struct Editable {
    /// The record as stored.
    pub record: Record,
    /// Its digest.
    pub version: String,
    /// Its changes, newest first.
    pub history: Vec<PastChange>,
}

/// The filter of the staff's list of listings.
#[derive(Clone, Debug, Default)]
pub struct OwnFilter {
    /// One kind; `None` for all.
    pub kind: Option<Kind>,
    /// The stored word of a status, blank for all.
    pub status: String,
    /// Words contained in number, name or place.
    pub q: String,
}

/// Refuses accounts that may only read.
///
/// # Errors
/// [`Error::Forbidden`] for observers.
pub fn may_keep(actor: &Actor) -> Result<()> {
    if actor.role.works_leads() { Ok(()) } else { Err(Error::Forbidden) }
}

/// Returns the code of the park whose people keep a record: a park is its own.
#[must_use]
pub fn keeper(record: &Record) -> &str {
    if record.kind() == Kind::Park { record.id() } else { record.get("park_code") }
}

/// Returns the listings of the actor's scope that pass a filter, by kind and id.
#[must_use]
pub fn own(app: &Context, scope: &Scope, filter: &OwnFilter) -> Vec<Arc<Record>> {
    let words = filter.q.trim().to_lowercase();
    let says = |record: &Record, word: &str| {
        let cells = ["name", "location", "province", "city", "county"].map(|column| record.get(column));
        cells.into_iter().chain([record.id()]).any(|cell| cell.to_lowercase().contains(word))
    };
    let passes = |record: &Arc<Record>| {
        filter.kind.is_none_or(|kind| kind == record.kind())
            && (filter.status.is_empty() || record.get("status") == filter.status)
            && words.split_whitespace().all(|word| says(record, word))
    };
    in_scope(app, scope).into_iter().filter(passes).collect()
}

fn in_scope(app: &Context, scope: &Scope) -> Vec<Arc<Record>> {
    let Some(parks) = scope.parks() else { return app.inventory.records() };
    let of_park = |park: &str| {
        let own = app.inventory.record(Kind::Park, park);
        own.into_iter().chain(app.inventory.inside(park))
    };
    parks.into_iter().flat_map(of_park).collect()
}

/// Returns a listing with its history, for its form.
///
/// # Errors
/// [`Error::NotFound`], also for a listing outside the scope; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn editable(app: &Context, scope: &Scope, kind: Kind, id: &str) -> Result<Editable> {
    let record = app.db.listing(kind, id).await?.ok_or(Error::NotFound)?;
    if !scope.covers(keeper(&record)) {
        return Err(Error::NotFound);
    }
    let version = version_of(&record);
    Ok(Editable { version, history: app.db.listing_history(kind, id).await?, record })
}

/// Returns the stored record of a published listing and its changes, newest first, for its page: who made them is not told.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Unavailable`] or [`Error::Internal`].
pub async fn past(app: &Context, kind: Kind, id: &str) -> Result<(Record, Vec<PastChange>)> {
    let record = app.db.listing(kind, id).await?.ok_or(Error::NotFound)?;
    Ok((record, app.db.listing_past(kind, id).await?))
}

/// Returns the digest by which a later change is noticed.
#[must_use]
pub fn version_of(record: &Record) -> String {
    digest(&serde_json::to_string(record).unwrap_or_default())
}

/// Columns that a form of this scope does not set: number and park are the identity, the park of people of a park is theirs,
/// and an inbox counts once its owner has confirmed it.
#[must_use]
pub fn is_fixed(scope: &Scope, kind: Kind, is_new: bool, column: &str) -> bool {
    let is_id = !is_new && (kind.columns()[0].name == column || column == "park_code");
    is_id || column == "inbox_email" || *scope != Scope::All && matches!(column, "park_code" | "parent_code" | "demo")
}

/// Adds or changes one listing in one transaction, with its history.
///
/// # Errors
/// [`Error::Forbidden`] for observers, and for people of a park who add a park; [`Error::NotFound`] for a listing outside
/// the scope; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]. Refused cells are [`Saved::Wrong`].
pub async fn save(app: &Context, actor: &Actor, draft: ListingDraft) -> Result<Saved> {
    save_reviewed(app, actor, draft, None).await
}

/// As [`save`], with the word of a reviewer on promises in the texts.
///
/// # Errors
/// As [`save`]. Wrong reviews and promises without a review are [`Saved::Wrong`].
pub async fn save_reviewed(
    app: &Context,
    actor: &Actor,
    draft: ListingDraft,
    review: Option<&Review>,
) -> Result<Saved> {
    may_keep(actor)?;
    if draft.kind == Kind::Park && draft.id.is_none() && actor.scope != Scope::All {
        return Err(Error::Forbidden);
    }
    let reviewed = match reviewed(app, actor, &draft, review).await {
        Ok(reviewed) => reviewed,
        Err(Error::Invalid(errors)) => return Ok(Saved::Wrong(errors.iter().map(flagged).collect())),
        Err(error) => return Err(error),
    };
    let (now, work, actor) = (app.clock.now(), draft.clone(), actor.clone());
    let saved = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let saved = store(tx, &actor, &work, now).await?;
                if let (Saved::Stored(id), Some(reviewed)) = (&saved, &reviewed) {
                    reviewed.keep_of(tx, &stored(tx, work.kind, id).await?.0, now).await?;
                }
                Ok(saved)
            })
        })
        .await?;
    if let Saved::Stored(_) = saved {
        refresh(app).await?;
    }
    match saved {
        Saved::Changed(divergence) => Ok(Saved::Changed(Box::new(with_base(app, &draft, *divergence).await?))),
        saved => Ok(saved),
    }
}

/// Checks the texts that a draft changes; those that are stored already were judged when they came.
async fn reviewed(
    app: &Context,
    actor: &Actor,
    draft: &ListingDraft,
    review: Option<&Review>,
) -> Result<Option<Reviewed>> {
    // The stored record: the published one lacks words that are held back.
    let before = match &draft.id {
        Some(id) => app.db.listing(draft.kind, id).await?,
        None => None,
    };
    let is_text = |name: &str| draft.kind.column(name).is_some_and(|column| matches!(column.cell, Cell::Text(_)));
    let is_new = |name: &str, text: &str| before.as_ref().is_none_or(|record| record.get(name) != text.trim());
    let cells = draft.cells.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let texts: Vec<(&str, &str)> = cells.filter(|(name, text)| is_text(name) && is_new(name, text)).collect();
    let typed = draft.cells.iter().find(|(name, _)| name == "park_code").map(|(_, code)| code.as_str());
    let park = match (&before, actor.scope.parks().as_deref()) {
        (Some(record), _) => keeper(record).to_owned(),
        (None, Some([only])) => (*only).to_owned(),
        (None, _) => typed.unwrap_or_default().to_owned(),
    };
    promises::check(app, actor, &park, &texts, review).await
}

/// The remark on a cell with a promise, or on the review of one.
fn flagged(error: &FieldError) -> Note {
    let arg = |wanted: &str| error.args.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
    let (column, value) = (error.field.clone(), arg("value").unwrap_or_default());
    let detail = arg("code").into_iter().collect();
    let code = match error.code {
        FieldCode::UnlawfulPromise => CellReason::UnlawfulPromise,
        FieldCode::NoReviewer => CellReason::NoReviewer,
        FieldCode::TooLong => CellReason::TooLong,
        _ => CellReason::Missing,
    };
    Note { sheet: None, row: 1, column, value, code, detail }
}

/// Adds the record that the form had shown, from the history.
async fn with_base(app: &Context, draft: &ListingDraft, divergence: Divergence) -> Result<Divergence> {
    let history = app.db.listing_history(draft.kind, divergence.theirs.id()).await?;
    let by = history.first().map(|change| change.actor.clone()).unwrap_or_default();
    let shown = history.into_iter().find(|change| change.digest.as_deref() == Some(draft.version.as_str()));
    Ok(Divergence { base: shown.and_then(|change| change.before), by, ..divergence })
}

async fn store(tx: &DatabaseTransaction, actor: &Actor, draft: &ListingDraft, now: Moment) -> Result<Saved> {
    db::listing::lock(tx).await?;
    let before = match &draft.id {
        None => None,
        Some(id) => {
            let (record, text) = stored(tx, draft.kind, id).await?;
            if !actor.scope.covers(keeper(&record)) {
                return Err(Error::NotFound);
            }
            if digest(&text) != draft.version {
                let version = digest(&text);
                return Ok(Saved::Changed(Box::new(Divergence {
                    base: None,
                    theirs: record,
                    version,
                    by: String::new(),
                })));
            }
            Some((record, text))
        }
    };
    let plan = judged(tx, actor, draft, before.as_ref().map(|(record, _)| record)).await?;
    if !plan.rejected.is_empty() {
        return Ok(Saved::Wrong(plan.rejected));
    }
    let Some(settled) = plan.settled.into_iter().next() else {
        // A new listing that differs in nothing from a stored one has its number.
        return Ok(draft.id.clone().map_or_else(|| Saved::Wrong(vec![taken(draft)]), Saved::Stored));
    };
    if before.is_none() && settled.before.is_some() {
        return Ok(Saved::Wrong(vec![taken(draft)]));
    }
    put(tx, &settled.after, before.map(|(_, text)| text), EditCause::Edit, &actor.id, now).await?;
    Ok(Saved::Stored(settled.after.id().to_owned()))
}

/// A stored record with its JSON.
async fn stored(tx: &DatabaseTransaction, kind: Kind, id: &str) -> Result<(Record, String)> {
    let text = kind.texts(tx, &[id.to_owned()]).await?.pop().ok_or(Error::NotFound)?.1;
    Ok((serde_json::from_str(&text).map_err(|_| Error::NotFound)?, text))
}

/// Settles the cells that differ as the importer settles a row.
async fn judged(
    tx: &DatabaseTransaction,
    actor: &Actor,
    draft: &ListingDraft,
    before: Option<&Record>,
) -> Result<ImportPlan<Kind>> {
    let (kind, scope) = (draft.kind, &actor.scope);
    let is_set = |name: &str| !is_fixed(scope, kind, before.is_none(), name);
    let differs = |name: &str, text: &str| before.is_none_or(|record| record.get(name) != text.trim());
    let mut cells: Vec<(&str, &str)> = draft.cells.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    cells.retain(|(name, text)| is_set(name) && differs(name, text));
    if let Some(record) = before {
        cells.push((kind.columns()[0].name, record.number()));
        if kind != Kind::Park {
            cells.push(("park_code", record.get("park_code")));
        }
    }
    let reading = typed(kind, &cells);
    let stored: Vec<Record> = match before {
        Some(record) => vec![record.clone()],
        None => {
            let wanted = reading.keys();
            let mut codes = kind.codes(tx).await?;
            codes.retain(|code| may_mean(&wanted, code));
            let texts = kind.texts(tx, &codes).await?;
            texts.iter().filter_map(|(_, text)| serde_json::from_str(text).ok()).collect()
        }
    };
    let parks: KnownParks = Kind::Park.codes(tx).await?.into_iter().map(|code| (code.clone(), code)).collect();
    // The park of one who keeps several is in the record, or is named by the form.
    let one = scope.parks().filter(|parks| parks.len() == 1).map(|parks| parks[0]);
    let stored = stored.into_iter().map(Arc::new).collect();
    let settling = Settling { park: one, parks: Some(&parks), stored, ..Settling::of_files(kind) };
    Ok(settle(&[reading], &settling))
}

/// The fault that a listing of this number is stored already.
fn taken(draft: &ListingDraft) -> Note {
    let id = draft.kind.columns()[0].name;
    let number = draft.cells.iter().find(|(name, _)| name == id).map(|(_, text)| text.clone()).unwrap_or_default();
    Note {
        sheet: None,
        row: 1,
        column: id.to_owned(),
        value: number,
        code: CellReason::DuplicateId,
        detail: Vec::new(),
    }
}

/// Writes one record with its change log, history and audit line: the one place for changes that are no import.
pub(super) async fn put(
    tx: &DatabaseTransaction,
    after: &Record,
    before: Option<String>,
    cause: EditCause,
    actor: &str,
    now: Moment,
) -> std::result::Result<(), DbError> {
    let kind = after.kind();
    kind.put(tx, &[after], now).await?;
    db::listing::log(tx, Changed::Listing(kind), &[after.id()], now).await?;
    let former = FormerRecord { code: after.id().to_owned(), before };
    db::history::keep(tx, kind, cause, actor, vec![former], now).await?;
    let action = if cause == EditCause::Inbox { AuditAction::InboxConfirm } else { AuditAction::ListingEdit };
    db::requirement::audit(tx, actor, action, after.id(), "", now).await?;
    Ok(())
}
