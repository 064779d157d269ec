//! Meilisearch index. Its writes are asynchronous tasks: a change counts once its task has succeeded.

mod document;
mod filter;
mod order;
mod settings;
mod text;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use async_trait::async_trait;
use meilisearch_sdk::client::{Client, SwapIndexes};
use meilisearch_sdk::documents::DocumentsQuery;
use meilisearch_sdk::errors::{Error, ErrorCode, MeilisearchError};
use meilisearch_sdk::indexes::{Index, IndexesQuery};
use meilisearch_sdk::search::{MatchingStrategies, SearchResults, Selectors};
use meilisearch_sdk::settings::PrefixSearchSettings;
use meilisearch_sdk::task_info::TaskInfo;
use meilisearch_sdk::tasks::Task;
use tokio::sync::OnceCell;

use self::document::{Digested, FoundDoc, KEY, Keyed, key};
use self::filter::filter;
use self::settings::{has, settings};
use self::text::asked;
use super::words::terms;
use super::{
    BATCH, Digests, Doc, DocKind, Facets, Health, HitPage, IndexChange, SearchError, SearchQuery, TagCounts, TextIndex,
    tags,
};

/// Name of the service's index. It ends with the version of the settings, which rises with each change of [`settings()`] or of
/// a document's fields: a new version fills an index of its own while processes of the version before search the other one.
pub const MEILI_INDEX: &str = "listings-10";
/// Polling interval and timeout of a task: it may wait for all that were sent before it.
const POLL: Duration = Duration::from_millis(50);
const TASK_LIMIT: Duration = Duration::from_secs(300);
/// Tasks that are sent before the first is awaited. Meilisearch indexes waiting ones together: one second per turn, and half a
/// second per thousand documents (1.50.0).
const TASKS_AHEAD: usize = 50;
/// Indexes that a server may have: one per version, and those that a rebuild left behind.
const MOST_INDEXES: usize = 1_000;
/// Timeout of one HTTP request; searches have the shorter timeout of [`super::Guarded`].
const REQUEST_LIMIT: Duration = Duration::from_secs(10);
/// Fields of which values are counted.
const FACETS: &[&str] = &["kind", "tags"];

/// Client of one Meilisearch index.
pub struct Meili {
    client: Client,
    /// With the key that may only search.
    searcher: Client,
    name: String,
    /// Name of the index that this process fills in a rebuild.
    next: String,
    prepared: OnceCell<()>,
}

fn wrong(error: Error) -> SearchError {
    match error {
        Error::Meilisearch(error) => SearchError::Failed(error.to_string()),
        other => SearchError::Unavailable(other.to_string()),
    }
}

/// Applies [`REQUEST_LIMIT`] to a request.
async fn within<T>(request: impl Future<Output = Result<T, Error>> + Send) -> Result<T, SearchError> {
    tokio::time::timeout(REQUEST_LIMIT, request)
        .await
        .map_err(|_| SearchError::Unavailable("request too slow".to_owned()))?
        .map_err(wrong)
}

impl Meili {
    /// Creates a client for `http://HOST:PORT`; `name` is the index, one per deployment. No request is sent yet.
    ///
    /// # Errors
    /// [`SearchError::Failed`] where address or key is malformed.
    pub fn new(address: &str, key: Option<&str>, name: &str) -> Result<Self, SearchError> {
        let client = Client::new(address.trim_end_matches('/'), key).map_err(wrong)?;
        let (searcher, next) = (client.clone(), format!("{name}-next"));
        Ok(Self { client, searcher, name: name.to_owned(), next, prepared: OnceCell::new() })
    }

    /// Searches by a key of its own, which may do nothing else.
    ///
    /// # Errors
    /// [`SearchError::Failed`] where the key is malformed.
    pub fn searching_with(self, key: &str) -> Result<Self, SearchError> {
        let searcher = Client::new(self.client.get_host(), Some(key)).map_err(wrong)?;
        Ok(Self { searcher, ..self })
    }

    /// Rebuilds in an index of which no other process knows the name: letters and digits of `own` are added to that of the
    /// index.
    #[must_use]
    pub fn building_as(self, own: &str) -> Self {
        Self { next: format!("{}-{own}", self.name), ..self }
    }

    fn index(&self) -> Index {
        self.client.index(&self.name)
    }

    /// Waits for a task; returns its error, or `None` on success.
    async fn ended(&self, task: TaskInfo) -> Result<Option<MeilisearchError>, SearchError> {
        let id = task.get_task_uid();
        let late = || SearchError::Unavailable(format!("task {id} not done in time"));
        let wait = self.client.wait_for_task(task, Some(POLL), Some(TASK_LIMIT));
        match tokio::time::timeout(TASK_LIMIT, wait).await.map_err(|_| late())?.map_err(wrong)? {
            Task::Succeeded { .. } => Ok(None),
            Task::Failed { content } => Ok(Some(content.error)),
            Task::Enqueued { .. } | Task::Processing { .. } => Err(late()),
        }
    }

    /// Waits for a task; the error code `but` counts as success.
    async fn done(&self, task: TaskInfo, but: Option<ErrorCode>) -> Result<(), SearchError> {
        match self.ended(task).await? {
            Some(error) if but.as_ref() != Some(&error.error_code) => Err(SearchError::Failed(error.to_string())),
            _ => Ok(()),
        }
    }

    /// Creates an index with its settings. Equal settings are not sent: Meilisearch would index all documents again, ten
    /// seconds per 100,000 (1.50.0).
    async fn make(&self, name: &str) -> Result<(), SearchError> {
        let created = within(self.client.create_index(name, Some(KEY))).await?;
        self.done(created, Some(ErrorCode::IndexAlreadyExists)).await?;
        let (index, wanted) = (self.client.index(name), settings());
        if !has(&within(index.get_settings()).await?, &wanted) {
            self.done(within(index.set_settings(&wanted)).await?, None).await?;
        }
        // Words are asked for whole, and their beginnings are words of their own.
        if within(index.get_prefix_search()).await? != PrefixSearchSettings::Disabled {
            self.done(within(index.set_prefix_search(PrefixSearchSettings::Disabled)).await?, None).await?;
        }
        Ok(())
    }

    async fn prepare(&self) -> Result<(), SearchError> {
        self.prepared.get_or_try_init(|| self.make(&self.name)).await?;
        Ok(())
    }

    /// Sends documents by batches, of which [`TASKS_AHEAD`] wait at the server while the next one is made.
    async fn put(&self, index: &Index, docs: &[&Doc]) -> Result<(), SearchError> {
        let mut waiting = VecDeque::new();
        for batch in docs.chunks(BATCH) {
            if waiting.len() == TASKS_AHEAD
                && let Some(task) = waiting.pop_front()
            {
                self.done(task, None).await?;
            }
            let batch: Vec<Keyed> = batch.iter().map(|doc| Keyed::new(doc)).collect();
            waiting.push_back(within(index.add_or_replace(&batch, Some(KEY))).await?);
        }
        for task in waiting {
            self.done(task, None).await?;
        }
        Ok(())
    }

    /// Deletes what rebuilds of processes that ended left behind; the caller's lease keeps every other one away.
    async fn drop_leftovers(&self) -> Result<(), SearchError> {
        let mut all = IndexesQuery::new(&self.client);
        all.with_limit(MOST_INDEXES);
        let begun = format!("{}-", self.name);
        for index in within(self.client.list_all_indexes_with(&all)).await?.results {
            if index.uid.starts_with(&begun) {
                self.drop_index(&index.uid).await?;
            }
        }
        Ok(())
    }

    async fn count(&self, name: &str) -> Result<usize, SearchError> {
        let stats = async {
            match self.client.index(name).get_stats().await {
                Ok(stats) => Ok(stats.number_of_documents),
                // A healthy server without the index yet.
                Err(Error::Meilisearch(error)) if error.error_code == ErrorCode::IndexNotFound => Ok(0),
                Err(error) => Err(error),
            }
        };
        within(stats).await
    }

    /// Searches documents with all words that pass a filter.
    async fn part(
        &self,
        words: &str,
        filter: Option<&str>,
        offset: usize,
        limit: usize,
        facets: &[&str],
    ) -> Result<FoundPart, SearchError> {
        let index = self.searcher.index(&self.name);
        let mut search = index.search();
        search
            .with_query(words)
            .with_offset(offset)
            .with_limit(limit)
            .with_attributes_to_retrieve(Selectors::Some(&FoundDoc::FIELDS))
            .with_matching_strategy(MatchingStrategies::ALL);
        if let Some(filter) = filter {
            search.with_filter(filter);
        }
        if !facets.is_empty() {
            search.with_facets(Selectors::Some(facets));
        }
        Ok(FoundPart::new(within(search.execute::<FoundDoc>()).await?))
    }

    async fn drop_index(&self, name: &str) -> Result<(), SearchError> {
        self.done(within(self.client.delete_index(name)).await?, Some(ErrorCode::IndexNotFound)).await
    }
}

/// Documents of a search, with the number of all that it found.
#[derive(Default)]
struct FoundPart {
    total: u64,
    facets: Facets,
    hits: Vec<FoundDoc>,
}

impl FoundPart {
    /// The estimated total ends at the deepest page, the counts of values do not: each document has one kind.
    fn new(found: SearchResults<FoundDoc>) -> Self {
        let facets = found.facet_distribution.as_ref().map(counted).unwrap_or_default();
        let counted = facets.kinds.values().sum();
        let estimated = found.estimated_total_hits.unwrap_or(found.hits.len()) as u64;
        Self { total: estimated.max(counted), facets, hits: found.hits.into_iter().map(|hit| hit.result).collect() }
    }
}

/// Returns the counts of values; those of provinces are among the tags.
fn counted(distribution: &HashMap<String, HashMap<String, usize>>) -> Facets {
    let counts = |name: &str| distribution.get(name).into_iter().flatten().filter(|(_, n)| **n > 0);
    let kinds = counts("kind").filter_map(|(word, n)| Some((DocKind::from_word(word)?, *n as u64)));
    let mut tags = TagCounts::new();
    counts("tags").for_each(|(tag, n)| tags::count(&mut tags, tag, *n as u64));
    Facets { kinds: kinds.collect(), provinces: tags::provinces(&tags), tags }
}

#[async_trait]
impl TextIndex for Meili {
    async fn apply(&self, changes: &[IndexChange]) -> Result<(), SearchError> {
        self.prepare().await?;
        // The last change of a document wins.
        let mut last: HashMap<String, Option<&Doc>> = HashMap::new();
        for change in changes {
            match change {
                IndexChange::Put(doc) => last.insert(key(doc.kind, &doc.id), Some(doc)),
                IndexChange::Remove { kind, id } => last.insert(key(*kind, id), None),
            };
        }
        let docs: Vec<&Doc> = last.values().copied().flatten().collect();
        let gone: Vec<&String> = last.iter().filter(|(_, doc)| doc.is_none()).map(|(key, _)| key).collect();
        self.put(&self.index(), &docs).await?;
        for batch in gone.chunks(BATCH) {
            self.done(within(self.index().delete_documents(batch)).await?, None).await?;
        }
        Ok(())
    }

    async fn search(&self, query: &SearchQuery) -> Result<HitPage, SearchError> {
        let terms = terms(&query.text);
        if terms.is_empty() && !query.text.is_empty() {
            return Ok(HitPage::default());
        }
        let filter = filter(query);
        let mut found = FoundPart::default();
        let mut words = String::new();
        for count in (query.fewest_words(terms.len())..=terms.len()).rev() {
            words = asked(&terms[..count]);
            found = self.part(&words, filter.as_deref(), query.offset(), query.per_page as usize, FACETS).await?;
            if found.total > 0 {
                break;
            }
        }
        let parts = if found.total > 0 { self.parts(query, &words).await? } else { Vec::new() };
        if parts.len() > 1 {
            found.hits = self.in_order(query, &words, parts).await?;
        }
        Ok(HitPage {
            total: found.total,
            facets: found.facets,
            hits: found.hits.into_iter().map(|hit| hit.told(&terms)).collect(),
            is_fallback: false,
        })
    }

    async fn rebuild(&self, docs: Vec<Doc>) -> Result<(), SearchError> {
        self.prepare().await?;
        self.drop_leftovers().await?;
        let next = &self.next;
        self.make(next).await?;
        self.put(&self.client.index(next), &docs.iter().collect::<Vec<_>>()).await?;
        let held = self.count(next).await?;
        if held != docs.len() {
            return Err(SearchError::Failed(format!("{next} has {held} of {} documents and is not used", docs.len())));
        }
        let swap = SwapIndexes { indexes: (self.name.clone(), next.clone()), rename: None };
        self.done(within(self.client.swap_indexes([&swap])).await?, None).await?;
        self.drop_index(next).await
    }

    async fn health(&self) -> Result<Health, SearchError> {
        self.count(&self.name).await.map(|docs| Health { docs: docs as u64 })
    }

    async fn digests(&self) -> Result<Digests, SearchError> {
        self.prepare().await?;
        let index = self.index();
        let mut held = Digests::new();
        let mut read = 0;
        loop {
            let mut query = DocumentsQuery::new(&index);
            query.with_fields(Digested::FIELDS).with_limit(BATCH).with_offset(read);
            let page = within(query.execute::<Digested>()).await?.results;
            read += page.len();
            let is_last = page.len() < BATCH;
            held.extend(page.into_iter().map(Digested::entry));
            if is_last {
                return Ok(held);
            }
        }
    }

    fn is_shared(&self) -> bool {
        true
    }
}
