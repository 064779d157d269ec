//! Meilisearch index. Its writes are asynchronous tasks: a change counts once its task has succeeded.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use meilisearch_sdk::client::{Client, SwapIndexes};
use meilisearch_sdk::documents::DocumentsQuery;
use meilisearch_sdk::errors::{Error, ErrorCode, MeilisearchError};
use meilisearch_sdk::indexes::{Index, IndexesQuery};
use meilisearch_sdk::search::{MatchingStrategies, Selectors};
use meilisearch_sdk::settings::{PaginationSetting, Settings, TypoToleranceSettings};
use meilisearch_sdk::task_info::TaskInfo;
use meilisearch_sdk::tasks::Task;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

use super::filter::{filter, named, trades};
use super::meili_text::{asked, beginnings, searched};
use super::query::{LAST_PAGE, LONGEST_PAGE};
use super::words::{Term, highlight, terms};
use super::{
    BATCH, Digests, Doc, DocKind, Facets, Health, Hit, HitPage, IndexChange, SearchError, SearchQuery, TagCounts,
    TextIndex, tags,
};

/// Name of the service's index. It ends with the version of the settings, which rises with each change of [`settings`] or of
/// a document's fields: a new version fills an index of its own while processes of the version before search the other one.
pub const MEILI_INDEX: &str = "listings-6";
/// Polling interval and timeout of a task.
const POLL: Duration = Duration::from_millis(50);
const TASK_LIMIT: Duration = Duration::from_secs(30);
/// Tasks that are sent before the first is awaited: Meilisearch indexes waiting batches together.
const TASKS_AHEAD: usize = 10;
/// Indexes that a server may have: one per version, and those that a rebuild left behind.
const MOST_INDEXES: usize = 1_000;
/// Timeout of one HTTP request; searches have the shorter timeout of [`super::Guarded`].
const REQUEST_LIMIT: Duration = Duration::from_secs(10);
const KEY: &str = "key";
/// Most counted values: divisions, industries and the rest of the tags.
const MOST_FACET_VALUES: usize = 6_000;
/// Fields of which values are counted.
const FACETS: &[&str] = &["kind", "province", "tags"];
/// The last place in the order of results, see [`Doc::place`].
const LAST_PLACE: u8 = 2;

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

/// Document with an ASCII primary key: Meilisearch ids allow no Chinese.
#[derive(Serialize)]
struct Keyed {
    key: String,
    province: Option<String>,
    /// Kind as a number, by which equally good hits are sorted.
    order: u8,
    /// `Doc::digest` in hexadecimal: JSON numbers are exact up to 53 bits alone.
    digest: String,
    /// Searched texts, see [`super::meili_text`]; those of the document are shown.
    searched_title: String,
    searched_body: String,
    searched_also: String,
    searched_beginnings: String,
    #[serde(flatten)]
    doc: Doc,
}

/// Fields of a document that a comparison reads.
#[derive(Deserialize)]
struct Digested {
    kind: DocKind,
    id: String,
    #[serde(default)]
    digest: String,
}

/// A document as a search returns it.
#[derive(Deserialize)]
struct FoundDoc {
    kind: DocKind,
    id: String,
    title: String,
    body: String,
}

impl Keyed {
    fn new(doc: &Doc) -> Self {
        let province = doc.province().map(|code| code.to_string());
        Self {
            key: key(doc.kind, &doc.id),
            province,
            order: doc.kind as u8,
            digest: format!("{:016x}", doc.digest),
            searched_title: searched(&doc.title),
            searched_body: searched(&doc.body),
            searched_also: searched(&doc.also),
            searched_beginnings: beginnings([&doc.title, &doc.body, &doc.also]),
            doc: doc.clone(),
        }
    }
}

/// Bytes of a document's key: 128 bits make a collision impossible in practice, and any id becomes a key of the letters
/// that Meilisearch permits.
const KEY_BYTES: usize = 16;

fn key(kind: DocKind, id: &str) -> String {
    let digest = Sha256::digest(format!("{} {id}", kind.word()));
    digest.iter().take(KEY_BYTES).map(|byte| format!("{byte:02x}")).collect()
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

    /// Creates an index with its settings; an existing one is kept.
    async fn make(&self, name: &str) -> Result<(), SearchError> {
        let created = within(self.client.create_index(name, Some(KEY))).await?;
        self.done(created, Some(ErrorCode::IndexAlreadyExists)).await?;
        let settings = settings();
        self.done(within(self.client.index(name).set_settings(&settings)).await?, None).await
    }

    async fn prepare(&self) -> Result<(), SearchError> {
        self.prepared.get_or_try_init(|| self.make(&self.name)).await?;
        Ok(())
    }

    async fn put(&self, index: &Index, docs: &[Keyed]) -> Result<(), SearchError> {
        let batches: Vec<&[Keyed]> = docs.chunks(BATCH).collect();
        for ahead in batches.chunks(TASKS_AHEAD) {
            let mut tasks = Vec::with_capacity(ahead.len());
            for batch in ahead {
                tasks.push(within(index.add_or_replace(batch, Some(KEY))).await?);
            }
            for task in tasks {
                self.done(task, None).await?;
            }
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
            .with_attributes_to_retrieve(Selectors::Some(&["kind", "id", "title", "body"]))
            .with_matching_strategy(MatchingStrategies::ALL);
        if let Some(filter) = filter {
            search.with_filter(filter);
        }
        if !facets.is_empty() {
            search.with_facets(Selectors::Some(facets));
        }
        let found = within(search.execute::<FoundDoc>()).await?;
        let counts =
            |name: &str| found.facet_distribution.as_ref().and_then(|facets| facets.get(name)).into_iter().flatten();
        let kinds = counts("kind").filter_map(|(word, n)| Some((DocKind::from_word(word)?, *n as u64)));
        let mut tags = TagCounts::new();
        counts("tags").filter(|(_, n)| **n > 0).for_each(|(tag, n)| tags::count(&mut tags, tag, *n as u64));
        Ok(FoundPart {
            total: found.estimated_total_hits.unwrap_or(found.hits.len()) as u64,
            facets: Facets {
                kinds: kinds.filter(|(_, n)| *n > 0).collect(),
                provinces: counts("province")
                    .filter(|(_, n)| **n > 0)
                    .map(|(code, n)| (code.clone(), *n as u64))
                    .collect(),
                tags,
            },
            hits: found.hits.into_iter().map(|hit| hit.result).collect(),
        })
    }

    /// Returns filters that part the results by what Meilisearch does not weigh, in the order of the parts: in each place a name
    /// that is the whole query, then trades by their weights. None where that makes no difference.
    async fn parts(&self, query: &SearchQuery, words: &str) -> Result<Vec<String>, SearchError> {
        let is_named = named(&query.text);
        let mut weights: Vec<u8> = query.trades.iter().map(|(_, weight)| *weight).collect();
        weights.sort_unstable_by(|a, b| b.cmp(a));
        weights.dedup();
        let has_name = !query.text.is_empty() && {
            let filter =
                [filter(query), Some(is_named.clone())].into_iter().flatten().collect::<Vec<_>>().join(" AND ");
            self.part(words, Some(&filter), 0, 0, &[]).await?.total > 0
        };
        if !has_name && weights.len() < 2 {
            return Ok(Vec::new());
        }
        let of_weight = |weight: u8| trades(query, |own| own == weight);
        let heavier = |weight: u8| trades(query, |own| own > weight).map(|heavier| format!("NOT {heavier}"));
        let mut parts = Vec::new();
        for place in 0..=LAST_PLACE {
            let place = format!("place = {place}");
            if has_name {
                parts.push(format!("{place} AND {is_named}"));
            }
            let rest = if has_name { format!("{place} AND NOT {is_named}") } else { place };
            let by_weight = weights.iter().map(|&weight| {
                [Some(rest.clone()), of_weight(weight), heavier(weight)]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" AND ")
            });
            let before = parts.len();
            parts.extend(by_weight);
            if parts.len() == before {
                parts.push(rest);
            }
        }
        Ok(parts)
    }

    /// Returns the page of a query from its parts, one after the other.
    async fn in_order(
        &self,
        query: &SearchQuery,
        words: &str,
        parts: Vec<String>,
    ) -> Result<Vec<FoundDoc>, SearchError> {
        let filter = filter(query);
        let (mut skipped, mut hits) = (query.offset(), Vec::new());
        for part in parts {
            let left = query.per_page as usize - hits.len();
            if left == 0 {
                break;
            }
            let filter = filter.iter().chain([&part]).cloned().collect::<Vec<_>>().join(" AND ");
            let found = self.part(words, Some(&filter), skipped, left, &[]).await?;
            skipped = skipped.saturating_sub(found.total as usize);
            hits.extend(found.hits);
        }
        Ok(hits)
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

impl FoundDoc {
    fn told(self, terms: &[Term]) -> Hit {
        Hit { highlight: highlight(&self.title, &self.body, terms), id: self.id, kind: self.kind, title: self.title }
    }
}

fn settings() -> Settings {
    Settings::new()
        .with_searchable_attributes(["searched_title", "searched_also", "searched_body", "searched_beginnings"])
        .with_filterable_attributes([
            "kind",
            "province",
            "regions",
            "industries",
            "demo",
            "figures",
            "tags",
            "names",
            "place",
        ])
        .with_ranking_rules(["words", "place:asc", "proximity", "attribute", "exactness", "order:asc", "id:asc"])
        // Words are stopped and corrected before either engine is asked.
        .with_typo_tolerance(TypoToleranceSettings { enabled: Some(false), ..TypoToleranceSettings::default() })
        .with_max_values_per_facet(MOST_FACET_VALUES)
        .with_pagination(PaginationSetting { max_total_hits: (LAST_PAGE * LONGEST_PAGE) as usize })
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
        let docs: Vec<Keyed> = last.values().flatten().map(|doc| Keyed::new(doc)).collect();
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
        let docs: Vec<Keyed> = docs.iter().map(Keyed::new).collect();
        self.put(&self.client.index(next), &docs).await?;
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
            query.with_fields(["kind", "id", "digest"]).with_limit(BATCH).with_offset(read);
            let page = within(query.execute::<Digested>()).await?.results;
            read += page.len();
            let is_last = page.len() < BATCH;
            held.extend(
                page.into_iter().map(|doc| ((doc.kind, doc.id), u64::from_str_radix(&doc.digest, 16).unwrap_or(0))),
            );
            if is_last {
                return Ok(held);
            }
        }
    }

    fn is_shared(&self) -> bool {
        true
    }
}
