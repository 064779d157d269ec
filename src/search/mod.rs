//! Words over published listings and policies: one trait, three indexes behind it. No personal data ever comes here.
//!
//! An index is never the truth: what it finds is read again, with its visibility, before it is shown.

mod breaker;
mod doc;
mod embedded;
mod filter;
mod fold;
mod guarded;
mod meili;
mod memory;
mod query;
mod words;

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::Serialize;

pub use breaker::Breaker;
pub use doc::{Doc, DocKind};
pub use embedded::Embedded;
pub use guarded::Guarded;
pub use meili::Meili;
pub use memory::Memory;
pub use query::{LAST_PAGE, LONGEST_PAGE, LONGEST_TEXT, MOST_FILTERS, QueryError, SearchQuery};

/// An index of words.
///
/// Every call may be repeated: applying a change twice leaves what applying it once leaves.
#[async_trait]
pub trait TextIndex: Send + Sync {
    /// Takes in changes, in order, and returns once a search sees them all; on an error none or some are in.
    async fn apply(&self, changes: &[IndexChange]) -> Result<(), SearchError>;

    /// One page of what has the query's words and fits its filters.
    async fn search(&self, query: &SearchQuery) -> Result<HitPage, SearchError>;

    /// Replaces everything; a search meanwhile sees the old or the new, never a part.
    async fn rebuild(&self, docs: Vec<Doc>) -> Result<(), SearchError>;

    /// Whether the index answers, and how much it holds.
    async fn health(&self) -> Result<Health, SearchError>;
}

/// One change to an index.
#[derive(Clone, Debug)]
pub enum IndexChange {
    /// A new or changed thing.
    Put(Box<Doc>),
    /// Something that is published no more.
    Remove {
        /// What it was.
        kind: DocKind,
        /// Its id.
        id: String,
    },
}

/// The state of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// How many things it holds.
    pub docs: u64,
}

/// One page of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HitPage {
    /// Best first, then by id.
    pub hits: Vec<Hit>,
    /// Counts over everything found, not the page alone.
    pub facets: Facets,
    /// How many were found.
    pub total: u64,
    /// The index proper was out of reach: a plainer one answered.
    pub is_fallback: bool,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Its id.
    pub id: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: DocKind,
    /// Its title as it is.
    #[serde(rename = "name")]
    pub title: String,
    /// The title, or the place in the text where the words stand: escaped for HTML, words in `<em>`.
    pub highlight: String,
}

/// Counts by kind and by province.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// By kind.
    #[serde(rename = "type")]
    pub kinds: BTreeMap<DocKind, u64>,
    /// By the province's six-digit code.
    #[serde(rename = "province")]
    pub provinces: BTreeMap<String, u64>,
}

/// Why an index did not do what was asked. Nothing of it is the asker's fault: a [`SearchQuery`] is valid by its making.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Not reached, or not in time.
    #[error("search index out of reach: {0}")]
    Unavailable(String),
    /// Reached, and it refused or failed.
    #[error("search index failed: {0}")]
    Failed(String),
}

/// The most documents that one commit or request carries.
const BATCH: usize = 1_000;
