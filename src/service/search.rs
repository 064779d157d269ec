//! Full-text search over listings and policies: queries, and the index kept up to date.

use std::collections::BTreeSet;
use std::sync::{MutexGuard, PoisonError};

use domain::industry::IndustryCode;
use domain::listing::Kind;
use domain::region::DivisionCode;

use super::context::Context;
use super::search_documents::{self, listing_kind};
use crate::db::words::Changed;
use crate::error::{Error, Result};
use crate::search::{
    Differences, DocKind, HitPage, IndexSide, MeantQuery, QueryError, Rewording, SearchError, SearchQuery, TagCounts,
    TextIndex as _, WordFilter, corrected, spelled_out, understood,
};

/// A search as a reader asks for it.
#[derive(Clone, Debug, Default)]
pub struct SearchRequest {
    pub text: String,
    /// Fields whose words stay words, see [`understood`]; `yes` means all.
    pub plain: String,
    pub kinds: Vec<DocKind>,
    pub regions: Vec<DivisionCode>,
    pub industries: Vec<IndustryCode>,
    /// Facets with the values of which a result has one.
    pub having: Vec<(String, Vec<String>)>,
    pub page: u32,
    pub per_page: u32,
}

/// Results, and the understanding of the text that found them.
#[derive(Debug, Default)]
pub struct SearchAnswer {
    pub hits: HitPage,
    /// Words taken as figures, places and trades.
    pub filters: Vec<WordFilter>,
    /// Words taken for others.
    pub reworded: Vec<Rewording>,
    /// Figures that nothing fulfils, and that were left out.
    pub dropped: Vec<WordFilter>,
}

/// Value of [`SearchRequest::plain`] that leaves all words as they are.
pub const PLAIN: &str = "yes";
/// Most values of a facet that are returned: those with most results.
const MOST_VALUES: usize = 50;

/// Ways to understand a query, in the order in which they are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Try {
    /// As it is understood, with every word.
    Whole,
    /// The same with slips corrected.
    Corrected,
    /// As it is understood; the last words are let go.
    FirstWords,
    /// As it is understood without its figures, with every word.
    NoFigures,
    /// As it is understood with its trades as words; the last words are let go.
    TradesAsWords,
    /// Its figures, places and trades alone.
    Filters,
    /// All as words.
    Words,
}

/// Searches; the first understanding that finds something is the answer.
///
/// # Errors
/// [`Error`] as of [`search`]. A query past its limits, which [`SearchRequest::check`] tells, finds nothing.
pub async fn find(app: &Context, asked: &SearchRequest) -> Result<SearchAnswer> {
    let mut found = SearchAnswer::default();
    for way in Try::ALL {
        let Some(meant) = way.meant(app, asked) else { continue };
        let Ok(query) = asked.query(&meant) else { continue };
        let is_strict = matches!(way, Try::Whole | Try::Corrected | Try::NoFigures);
        let hits = search(app, &if is_strict { query.strict() } else { query }).await?;
        found = SearchAnswer { hits, filters: meant.filters, reworded: meant.reworded, dropped: meant.dropped };
        if found.hits.total > 0 {
            break;
        }
    }
    Ok(found)
}

impl Try {
    const ALL: [Self; 7] = [
        Self::Whole,
        Self::Corrected,
        Self::FirstWords,
        Self::NoFigures,
        Self::TradesAsWords,
        Self::Filters,
        Self::Words,
    ];

    /// Returns the understanding; `None` where this way adds nothing.
    fn meant(self, app: &Context, asked: &SearchRequest) -> Option<MeantQuery> {
        let text = &asked.text;
        let is_plain = asked.plain == PLAIN || text.is_empty();
        let kept: Vec<&str> = asked.plain.split(',').collect();
        let read = |text: &str, kept: &[&str]| understood(text, app.clock.now().day(), kept);
        match self {
            Self::Words => Some(MeantQuery { text: text.clone(), ..MeantQuery::default() }),
            _ if is_plain => None,
            Self::Whole | Self::FirstWords => Some(read(text, &kept)),
            Self::NoFigures => {
                let meant = read(text, &kept);
                (!meant.bounds.is_empty()).then(|| meant.without_figures())
            }
            Self::Filters => {
                let meant = read(text, &kept);
                (!meant.filters.is_empty()).then(|| MeantQuery { text: String::new(), ..meant })
            }
            Self::TradesAsWords => Some(read(text, &[kept, vec!["industry"]].concat())),
            Self::Corrected => {
                let (spelled, mut reworded) = spelled_out(text);
                let (text, slips) = corrected(&spelled)?;
                reworded.extend(slips);
                Some(MeantQuery { reworded, ..read(&text, &kept) })
            }
        }
    }
}

impl SearchRequest {
    /// Checks the limits.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn check(&self) -> std::result::Result<(), QueryError> {
        self.query(&MeantQuery { text: self.text.clone(), ..MeantQuery::default() }).map(|_| ())
    }

    fn query(&self, meant: &MeantQuery) -> std::result::Result<SearchQuery, QueryError> {
        let regions = if self.regions.is_empty() { &meant.regions } else { &self.regions };
        let query = SearchQuery::new(&meant.text, self.page, self.per_page)?
            .only(self.kinds.clone(), regions.clone(), self.industries.clone())?
            .within(meant.bounds.clone())
            .for_trades(&meant.trades);
        self.having.iter().try_fold(query, |query, (facet, values)| query.having(facet, values))
    }
}

/// Keeps the values of each facet with most results.
fn trim(counts: &mut TagCounts) {
    for values in counts.values_mut().filter(|values| values.len() > MOST_VALUES) {
        let mut numbers: Vec<u64> = values.values().copied().collect();
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        values.retain(|_, number| *number >= numbers[MOST_VALUES - 1]);
    }
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
    trim(&mut hits.facets.tags);
    Ok(hits)
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

/// Documents that are written at once, in which searches see them: a commit costs as much as a thousand documents.
const MOST_AT_ONCE: usize = 10_000;

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
    let changes = search_documents::changes(app, &under_way.ids).await?;
    app.text.apply(&changes).await.map_err(|error| unavailable(&error))?;
    under_way.ids.clear();
    Ok(true)
}

/// Takes the first changes out of a queue.
fn first(queue: &mut BTreeSet<(DocKind, String)>) -> BTreeSet<(DocKind, String)> {
    let rest = queue.iter().nth(MOST_AT_ONCE).cloned().map(|next| queue.split_off(&next));
    std::mem::replace(queue, rest.unwrap_or_default())
}

/// Comparisons in a row: each mends what has changed during the one before.
pub(super) const MOST_COMPARISONS: u32 = 5;

/// Brings the index of this machine to what is published; returns the number of documents that were apart.
///
/// # Errors
/// [`Error::Unavailable`] from the index or the database, [`Error::Internal`] from the database.
pub async fn catch_up(app: &Context) -> Result<usize> {
    catch_up_within(app, usize::MAX).await
}

/// [`catch_up`], unless more documents than `most` are apart: they are then left as they are.
///
/// # Errors
/// As of [`catch_up`].
pub async fn catch_up_within(app: &Context, most: usize) -> Result<usize> {
    let mut mended = 0;
    for _ in 0..MOST_COMPARISONS {
        let apart = differences(app, IndexSide::Local).await?.ids;
        if apart.is_empty() || apart.len() > most {
            return Ok(mended);
        }
        mended += apart.len();
        waiting(app).extend(apart);
        apply(app).await?;
    }
    Err(still_apart(mended))
}

pub(super) fn still_apart(mended: usize) -> Error {
    Error::Unavailable(format!("the text index still differs after {mended} documents were mended"))
}

/// Compares an index with what is published.
///
/// # Errors
/// [`Error::Unavailable`] from the index or the database, [`Error::Internal`] from the database.
pub(super) async fn differences(app: &Context, side: IndexSide) -> Result<Differences> {
    let (changes, seq) = (app.text.changes(), app.inventory.seq());
    let (wanted, held) = tokio::join!(search_documents::digests(app), app.text.held(side));
    let (wanted, held) = (wanted?, held.map_err(|error| unavailable(&error))?);
    let apart = app.text.differences(side, &wanted, &held, changes).map_err(|error| unavailable(&error))?;
    if side == IndexSide::Local && app.text.is_current(side) {
        app.text.note_compared(seq);
    }
    Ok(apart)
}

/// Replaces every document of the index.
///
/// # Errors
/// [`Error::Unavailable`] from the index or the database, [`Error::Internal`] from the database.
pub async fn rebuild(app: &Context) -> Result<()> {
    let docs = search_documents::documents(app).await?;
    app.text.rebuild(docs).await.map_err(|error| unavailable(&error))
}

pub(super) fn unavailable(error: &SearchError) -> Error {
    Error::Unavailable(error.to_string())
}
