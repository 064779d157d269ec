//! Meilisearch index. Its writes are asynchronous tasks: a change counts once its task has succeeded.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use meilisearch_sdk::client::{Client, SwapIndexes};
use meilisearch_sdk::errors::{Error, ErrorCode, MeilisearchError};
use meilisearch_sdk::indexes::Index;
use meilisearch_sdk::search::{MatchingStrategies, Selectors};
use meilisearch_sdk::settings::{LocalizedAttributes, PaginationSetting, Settings};
use meilisearch_sdk::task_info::TaskInfo;
use meilisearch_sdk::tasks::Task;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

use super::filter::filter;
use super::fold::Folded;
use super::query::{LAST_PAGE, LONGEST_PAGE};
use super::words::{STOP_WORDS, terms};
use super::{
    BATCH, Doc, DocKind, Facets, Health, Hit, HitPage, IndexChange, SearchError, SearchQuery, TagCounts, TextIndex,
    tags,
};

/// Name of the service's index. It ends with the version of the settings, which rises with each change of [`settings`] or of
/// a document's fields: a new version fills an index of its own while processes of the version before search the other one.
pub const MEILI_INDEX: &str = "listings-2";
/// Polling interval and timeout of a task.
const POLL: Duration = Duration::from_millis(50);
const TASK_LIMIT: Duration = Duration::from_secs(30);
/// Timeout of one HTTP request; searches have the shorter timeout of [`super::Guarded`].
const REQUEST_LIMIT: Duration = Duration::from_secs(10);
const KEY: &str = "key";
/// Most counted values: divisions, industries and the rest of the tags.
const MOST_FACET_VALUES: usize = 6_000;

/// Client of one Meilisearch index.
pub struct Meili {
    client: Client,
    name: String,
    prepared: OnceCell<()>,
}

/// Document with an ASCII primary key: Meilisearch ids allow no Chinese.
#[derive(Serialize, Deserialize)]
struct Keyed {
    key: String,
    province: Option<String>,
    /// Kind as a number, by which equally good hits are sorted.
    #[serde(default)]
    order: u8,
    #[serde(flatten)]
    doc: Doc,
}

impl Keyed {
    fn new(doc: &Doc) -> Self {
        let province = doc.province().map(|code| code.to_string());
        Self { key: key(doc.kind, &doc.id), province, order: doc.kind as u8, doc: doc.clone() }
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
        Ok(Self { client, name: name.to_owned(), prepared: OnceCell::new() })
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
        for batch in docs.chunks(BATCH) {
            self.done(within(index.add_or_replace(batch, Some(KEY))).await?, None).await?;
        }
        Ok(())
    }

    async fn drop_index(&self, name: &str) -> Result<(), SearchError> {
        self.done(within(self.client.delete_index(name)).await?, Some(ErrorCode::IndexNotFound)).await
    }
}

fn settings() -> Settings {
    Settings::new()
        .with_searchable_attributes(["names", "title", "body", "also"])
        .with_filterable_attributes(["kind", "province", "regions", "industries", "demo", "figures", "tags"])
        .with_sortable_attributes(["date", "place", "order"])
        // Meilisearch's own rules, with the place before all that weigh relevance.
        .with_ranking_rules(["words", "place:asc", "typo", "proximity", "attribute", "sort", "exactness", "order:asc"])
        .with_stop_words(STOP_WORDS)
        .with_max_values_per_facet(MOST_FACET_VALUES)
        .with_pagination(PaginationSetting { max_total_hits: (LAST_PAGE * LONGEST_PAGE) as usize })
        // Without a locale Meilisearch's language detection takes short Chinese texts for Japanese.
        .with_localized_attributes([LocalizedAttributes {
            locales: vec!["cmn".to_owned()],
            attribute_patterns: vec!["*".to_owned()],
        }])
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
        let index = self.index();
        let strategy = if query.is_strict { MatchingStrategies::ALL } else { MatchingStrategies::LAST };
        let (filter, text) = (filter(query), Folded::new(&query.text).text);
        let mut search = index.search();
        search
            .with_query(&text)
            .with_page(query.page as usize)
            .with_hits_per_page(query.per_page as usize)
            .with_facets(Selectors::Some(&["kind", "province", "tags"]))
            .with_matching_strategy(strategy)
            .with_locales(&["cmn"]);
        if let Some(filter) = &filter {
            search.with_filter(filter);
        }
        let found = within(search.execute::<Keyed>()).await?;
        let counts =
            |name: &str| found.facet_distribution.as_ref().and_then(|facets| facets.get(name)).into_iter().flatten();
        let kinds = counts("kind").filter_map(|(word, n)| Some((DocKind::from_word(word)?, *n as u64)));
        let mut tags = TagCounts::new();
        counts("tags").filter(|(_, n)| **n > 0).for_each(|(tag, n)| tags::count(&mut tags, tag, *n as u64));
        Ok(HitPage {
            total: found.total_hits.unwrap_or(found.hits.len()) as u64,
            facets: Facets {
                kinds: kinds.filter(|(_, n)| *n > 0).collect(),
                provinces: counts("province")
                    .filter(|(_, n)| **n > 0)
                    .map(|(code, n)| (code.clone(), *n as u64))
                    .collect(),
                tags,
            },
            hits: found.hits.iter().map(|hit| Hit::new(&hit.result.doc, &terms)).collect(),
            is_fallback: false,
        })
    }

    async fn rebuild(&self, docs: Vec<Doc>) -> Result<(), SearchError> {
        self.prepare().await?;
        let next = format!("{}-next", self.name);
        self.drop_index(&next).await?;
        self.make(&next).await?;
        let docs: Vec<Keyed> = docs.iter().map(Keyed::new).collect();
        self.put(&self.client.index(&next), &docs).await?;
        let swap = SwapIndexes { indexes: (self.name.clone(), next.clone()), rename: None };
        self.done(within(self.client.swap_indexes([&swap])).await?, None).await?;
        self.drop_index(&next).await
    }

    async fn health(&self) -> Result<Health, SearchError> {
        let stats = async {
            match self.index().get_stats().await {
                Ok(stats) => Ok(stats.number_of_documents),
                // A healthy server without the index yet.
                Err(Error::Meilisearch(error)) if error.error_code == ErrorCode::IndexNotFound => Ok(0),
                Err(error) => Err(error),
            }
        };
        within(stats).await.map(|docs| Health { docs: docs as u64 })
    }
}
