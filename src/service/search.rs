//! Full-text search over listings and policies: queries, and the index kept up to date.

use std::collections::BTreeSet;
use std::sync::{MutexGuard, PoisonError};

use domain::industry::IndustryCode;
use domain::listing::Kind;
use domain::region::DivisionCode;

use super::context::Context;
use super::{inventory, policies};
use crate::db::words::Changed;
use crate::error::{Error, Result};
use crate::i18n::{self, Locale};
use crate::search::{
    Doc, DocKind, HitPage, IndexChange, MeantQuery, QueryError, Rewording, SearchError, SearchQuery, TagCounts,
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

/// Queues the documents that are published and missing, and those that are no longer published.
pub(super) fn note_missing(app: &Context) {
    let held = app.text.ids();
    let records = app.inventory.records();
    let listings = records.iter().map(|record| (DocKind::from(record.kind()), record.id().to_owned()));
    let policies = app.policies.all();
    let policies = policies.iter().map(|policy| (DocKind::Policy, policy.id().to_owned()));
    let known: BTreeSet<(DocKind, String)> = listings.chain(policies).collect();
    let apart: Vec<_> = known.symmetric_difference(&held).cloned().collect();
    if !apart.is_empty() {
        waiting(app).extend(apart);
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

pub(super) fn unavailable(error: &SearchError) -> Error {
    Error::Unavailable(error.to_string())
}

/// Returns the documents of everything that is published.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn documents(app: &Context) -> Result<Vec<Doc>> {
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
    let own = (doc.kind == DocKind::Park).then(|| (doc.id.clone(), doc.title.clone()));
    let english = |code: &str, name: &str| i18n::park_name(Locale::En, code, name);
    if let Some((code, name)) = &own {
        doc.add_name(i18n::without_chinese(&english(code, name)));
    }
    let own = own.as_ref().map(|(code, name)| (code.as_str(), name.as_str()));
    let park = own.or(park).map(|(code, name)| english(code, name));
    let place = doc.regions.first().map(|code| i18n::region_name(Locale::En, *code));
    let industries = doc.industries.iter().map(|code| i18n::industry(Locale::En, *code));
    let words: Vec<String> = place.into_iter().chain(park).chain(industries).collect();
    doc.also = [doc.also, words.join(" · ")].join(" · ");
    doc
}
