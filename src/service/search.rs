//! Full-text search over listings and policies: queries, and the index kept up to date.

use std::collections::BTreeSet;
use std::sync::{MutexGuard, PoisonError};

use domain::listing::Kind;

use super::context::Context;
use super::{inventory, policies};
use crate::db::words::Changed;
use crate::error::{Error, Result};
use crate::i18n::{self, Locale};
use crate::search::{
    Doc, DocKind, FigureBound, HitPage, IndexChange, LONGEST_TEXT, SearchError, SearchQuery, TextIndex as _,
    WordFilter, understood,
};

/// Splits a query's text into words and figures, which become filters; `plain` leaves all as words.
#[must_use]
pub fn words_and_figures(app: &Context, text: &str, plain: bool) -> (String, Vec<FigureBound>, Vec<WordFilter>) {
    if plain || text.chars().count() > LONGEST_TEXT {
        return (text.to_owned(), Vec::new(), Vec::new());
    }
    let found = understood(text, app.clock.now().day());
    (found.text, found.bounds, found.filters)
}

/// Returns the hits of a query; each is looked up in the snapshot or the database before it is shown.
///
/// # Errors
/// [`Error::Unavailable`] where both the index and its fallback fail, or the database does not answer.
pub async fn search(app: &Context, query: &SearchQuery) -> Result<HitPage> {
    let mut hits = app.text.search(query).await.map_err(|error| Error::Unavailable(error.to_string()))?;
    let mut published = Vec::with_capacity(hits.hits.len());
    for hit in hits.hits {
        let is_published = match listing_kind(hit.kind) {
            Some(kind) => app.inventory.record(kind, &hit.id).is_some(),
            None => app.db.policy(&hit.id).await?.is_some(),
        };
        if is_published {
            published.push(hit);
        }
    }
    hits.hits = published;
    Ok(hits)
}

const fn listing_kind(kind: DocKind) -> Option<Kind> {
    match kind {
        DocKind::Park => Some(Kind::Park),
        DocKind::Plot => Some(Kind::Plot),
        DocKind::Space => Some(Kind::Space),
        DocKind::Policy => None,
    }
}

/// Queues changes for [`apply`]; with a park its plots and spaces, which inherit its name and place.
pub(super) fn note(app: &Context, touched: Vec<(Changed, String)>) {
    let mut changes = waiting(app);
    for (table, code) in touched {
        if table == Changed::Listing(Kind::Park) {
            changes.extend(
                app.inventory.inside(&code).iter().map(|record| (record.kind().into(), record.id().to_owned())),
            );
        }
        let kind = match table {
            Changed::Listing(kind) => DocKind::from(kind),
            Changed::Policy => DocKind::Policy,
            // Its rows stand for it.
            Changed::Import => continue,
        };
        changes.insert((kind, code));
    }
}

/// Changes in flight to the index: queued again on drop unless they were applied.
struct UnderWay<'a> {
    app: &'a Context,
    ids: BTreeSet<(DocKind, String)>,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        waiting(self.app).append(&mut self.ids);
    }
}

fn waiting(app: &Context) -> MutexGuard<'_, BTreeSet<(DocKind, String)>> {
    app.text_changes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Documents that are built and written at once: some 10 ms, after which requests have their turn.
const MOST_DOCUMENTS: usize = 500;

/// Applies queued changes to the index; on an error, and where the call is cancelled, they stay queued.
///
/// # Errors
/// [`Error::Unavailable`] from the index or the database, [`Error::Internal`] from the database.
pub async fn apply(app: &Context) -> Result<()> {
    while apply_some(app).await? {
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Applies the first queued changes; false where there are none.
async fn apply_some(app: &Context) -> Result<bool> {
    let mut under_way = UnderWay { app, ids: first(&mut waiting(app)) };
    if under_way.ids.is_empty() {
        return Ok(false);
    }
    let mut changes = Vec::with_capacity(under_way.ids.len());
    for (kind, id) in &under_way.ids {
        let doc = match listing_kind(*kind) {
            Some(kind) => app.inventory.record(kind, id).and_then(|record| listing_doc(app, &record)),
            None => policies::find(app, id).await?.as_ref().map(|policy| in_english(Doc::of_policy(policy), None)),
        };
        changes.push(match doc {
            Some(doc) => IndexChange::Put(Box::new(doc)),
            None => IndexChange::Remove { kind: *kind, id: id.clone() },
        });
    }
    app.text.apply(&changes).await.map_err(|error| unavailable(&error))?;
    under_way.ids.clear();
    Ok(true)
}

/// Takes the first changes out of a queue.
fn first(queue: &mut BTreeSet<(DocKind, String)>) -> BTreeSet<(DocKind, String)> {
    let rest = queue.iter().nth(MOST_DOCUMENTS).cloned().map(|next| queue.split_off(&next));
    std::mem::replace(queue, rest.unwrap_or_default())
}

/// Fills the in-memory fallback, which answers until the index has been built.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn warm(app: &Context) -> Result<()> {
    let docs = documents(app).await?;
    app.text.warm(docs).await.map_err(|error| unavailable(&error))
}

/// Rebuilds the index.
///
/// # Errors
/// [`Error::Unavailable`] from the index or the database, [`Error::Internal`] from the database.
pub async fn rebuild(app: &Context) -> Result<()> {
    let docs = documents(app).await?;
    app.text.rebuild(docs).await.map_err(|error| unavailable(&error))
}

fn unavailable(error: &SearchError) -> Error {
    Error::Unavailable(error.to_string())
}

async fn documents(app: &Context) -> Result<Vec<Doc>> {
    let mut docs: Vec<Doc> = app.inventory.records().iter().filter_map(|record| listing_doc(app, record)).collect();
    docs.extend(policies::all(app).await?.iter().map(|policy| in_english(Doc::of_policy(policy), None)));
    Ok(docs)
}

fn listing_doc(app: &Context, record: &domain::record::Record) -> Option<Doc> {
    let park = app.inventory.listing(Kind::Park, record.get("park_code"));
    let doc = in_english(Doc::of_listing(record, park.as_ref())?, park.as_ref().map(|park| (&*park.id, &*park.name)));
    Some(Doc { place: inventory::place(app, record) as u8, ..doc })
}

/// Adds the English names of place, industries and park, by which listings are found as well.
fn in_english(mut doc: Doc, park: Option<(&str, &str)>) -> Doc {
    let own = (doc.kind == DocKind::Park).then_some((doc.id.as_str(), doc.title.as_str()));
    let park = own.or(park).map(|(code, name)| i18n::park_name(Locale::En, code, name));
    let place = doc.regions.first().map(|code| i18n::region_name(Locale::En, *code));
    let industries = doc.industries.iter().map(|code| i18n::industry(Locale::En, *code));
    let words: Vec<String> = place.into_iter().chain(park).chain(industries).collect();
    doc.also = [doc.also, words.join(" · ")].join(" · ");
    doc
}
