//! Full-text search over published listings and policies: one trait, three implementations. No personal data.
//!
//! The database is the source of truth: hits are read again, with their visibility, before they are shown.

mod aliases;
mod also;
mod breaker;
mod columns;
mod doc;
mod embedded;
mod figures;
mod fold;
mod guarded;
mod meili;
mod memory;
mod pinyin;
mod query;
mod respelled;
mod suggest;
mod tags;
mod understood;
mod vocabulary;
mod words;

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::Serialize;

pub use breaker::Breaker;
pub use doc::{Doc, DocKind};
pub use embedded::Embedded;
pub use figures::{DocFigures, FIGURES, FigureBound};
pub use guarded::{Differences, Guarded, IndexSide};
pub use meili::{MEILI_INDEX, Meili};
pub use memory::Memory;
pub use query::{LAST_PAGE, LONGEST_PAGE, LONGEST_TEXT, MOST_FILTERS, QueryError, SearchQuery};
pub use respelled::{Rewording, corrected, spelled_out};
pub use suggest::{Completion, complete};
pub use tags::{FACETS, TagCounts};
pub use understood::{MeantQuery, WordFilter, understood};

/// A full-text index.
///
/// Every operation is idempotent: a change may be applied twice.
#[async_trait]
pub trait TextIndex: Send + Sync {
    /// Applies changes in order; returns once they are visible to searches. On an error a prefix of them may be
    /// applied.
    async fn apply(&self, changes: &[IndexChange]) -> Result<(), SearchError>;

    /// Returns one page of documents that match text and filters.
    async fn search(&self, query: &SearchQuery) -> Result<HitPage, SearchError>;

    /// Replaces all documents atomically: a concurrent search sees the old set or the new one.
    async fn rebuild(&self, docs: Vec<Doc>) -> Result<(), SearchError>;

    /// Returns the number of documents, if the index is reachable.
    async fn health(&self) -> Result<Health, SearchError>;

    /// Returns the documents that the index holds.
    async fn digests(&self) -> Result<Digests, SearchError>;

    /// Returns a number that is another one after each change of the index, by whichever process; `None` where only a comparison
    /// tells.
    fn generation(&self) -> Option<u64> {
        None
    }

    /// Whether other processes write the same index.
    fn is_shared(&self) -> bool {
        false
    }
}

/// Documents by kind and id, each with its `Doc::digest`.
pub type Digests = BTreeMap<(DocKind, String), u64>;

/// Change of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexChange {
    /// Inserts or replaces a document.
    Put(Box<Doc>),
    /// Removes a document that is no longer published.
    Remove { kind: DocKind, id: String },
}

/// State of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Number of documents.
    pub docs: u64,
}

/// One page of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HitPage {
    /// By their place, then best first; equal scores by kind and id.
    pub hits: Vec<Hit>,
    /// Counts over all results, not only this page.
    pub facets: Facets,
    /// Number of all results.
    pub total: u64,
    /// Whether the fallback answered because the primary was unreachable.
    pub is_fallback: bool,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: DocKind,
    /// Title without markup.
    #[serde(rename = "name")]
    pub title: String,
    /// Title or body snippet, HTML-escaped, matches in `<em>`.
    pub highlight: String,
}

/// Counts by kind, by province and by tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    #[serde(rename = "type")]
    pub kinds: BTreeMap<DocKind, u64>,
    /// Key: six-digit province code.
    #[serde(rename = "province")]
    pub provinces: BTreeMap<String, u64>,
    /// The further facets, see [`FACETS`].
    #[serde(flatten)]
    pub tags: TagCounts,
}

/// Errors of an index. A [`SearchQuery`] is valid by construction, so none is the client's fault.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Unreachable, or timed out.
    #[error("search index out of reach: {0}")]
    Unavailable(String),
    /// Reached, but refused or failed.
    #[error("search index failed: {0}")]
    Failed(String),
}

/// Most documents per commit or request: bounds the memory of a rebuild.
const BATCH: usize = 1_000;
