//! Remote index behind a circuit breaker, with a local fallback.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::{
    Breaker, Digests, Doc, DocKind, Health, HitPage, IndexChange, Memory, SearchError, SearchQuery, TextIndex,
};

/// Search timeout, after which the fallback answers: a page should stay below half a second.
const SEARCH_LIMIT: Duration = Duration::from_millis(300);
/// Consecutive failures that open the breaker.
const MOST_FAILURES: u32 = 5;
/// Pause between trial calls while the breaker is open: a restart of Meilisearch takes a few seconds.
const TRIAL_INTERVAL: Duration = Duration::from_secs(10);

/// More than one document in this many apart: a rebuild is cheaper than single changes, and the fallback answers meanwhile.
const REBUILD_SHARE: usize = 4;

/// Primary index with a fallback over the same documents: searches always succeed.
///
/// The fallback has every change of this process. The primary has them while it is current; after a change that failed it is
/// compared and mended, and the fallback answers until both are equal.
pub struct Guarded {
    primary: Arc<dyn TextIndex>,
    fallback: Arc<Memory>,
    breaker: Breaker,
    /// Whether the primary had all changes of this process when it was last compared, and none failed since.
    is_current: AtomicBool,
    /// Number of changes of the fallback.
    changes: AtomicU64,
}

impl Guarded {
    /// Combines two indexes.
    #[must_use]
    pub fn new(primary: Arc<dyn TextIndex>, fallback: Arc<Memory>) -> Self {
        Self::with_breaker(primary, fallback, Breaker::new(MOST_FAILURES, TRIAL_INTERVAL))
    }

    /// Combines two indexes by a breaker of its own limits.
    #[must_use]
    pub fn with_breaker(primary: Arc<dyn TextIndex>, fallback: Arc<Memory>, breaker: Breaker) -> Self {
        Self { primary, fallback, breaker, is_current: AtomicBool::new(false), changes: AtomicU64::new(0) }
    }

    /// Fills the fallback, so that searches work before the primary is rebuilt.
    ///
    /// # Errors
    /// [`SearchError`] of the fallback.
    pub async fn warm(&self, docs: Vec<Doc>) -> Result<(), SearchError> {
        self.fallback.rebuild(docs).await
    }

    /// Kinds and ids of the fallback's documents.
    #[must_use]
    pub fn ids(&self) -> BTreeSet<(DocKind, String)> {
        self.fallback.ids()
    }

    /// Compares the primary with the fallback, and returns the changes that make them equal. The primary answers from then on
    /// where there are none.
    ///
    /// # Errors
    /// [`SearchError`] of the primary.
    pub async fn differences(&self) -> Result<Vec<IndexChange>, SearchError> {
        let before = self.changes.load(Ordering::Acquire);
        let held = self.primary.digests().await?;
        let changes = self.fallback.changes_from(&held);
        if changes.is_empty() && before == self.changes.load(Ordering::Acquire) {
            self.is_current.store(true, Ordering::Release);
        }
        Ok(changes)
    }

    /// Brings differences to the primary; many of them by a rebuild.
    ///
    /// # Errors
    /// [`SearchError`] of the primary.
    pub async fn mend(&self, differences: &[IndexChange]) -> Result<(), SearchError> {
        let docs = self.fallback.docs();
        if differences.len() * REBUILD_SHARE <= docs.len() {
            return self.primary.apply(differences).await;
        }
        self.is_current.store(false, Ordering::Release);
        self.primary.rebuild(docs).await
    }

    async fn asked(&self, query: &SearchQuery) -> Option<HitPage> {
        if !self.is_current.load(Ordering::Acquire) || !self.breaker.admits(Instant::now()) {
            return None;
        }
        let answer = tokio::time::timeout(SEARCH_LIMIT, self.primary.search(query)).await;
        match answer {
            Ok(Ok(hits)) => {
                self.breaker.succeeded();
                Some(hits)
            }
            failure => {
                self.breaker.failed(Instant::now());
                let why = failure
                    .map_or_else(|_| "too slow".to_owned(), |r| r.err().map_or_else(String::new, |e| e.to_string()));
                tracing::warn!(%why, "search falls back");
                None
            }
        }
    }
}

#[async_trait]
impl TextIndex for Guarded {
    async fn apply(&self, changes: &[IndexChange]) -> Result<(), SearchError> {
        self.fallback.apply(changes).await?;
        self.changes.fetch_add(1, Ordering::AcqRel);
        if self.is_current.load(Ordering::Acquire)
            && let Err(error) = self.primary.apply(changes).await
        {
            self.is_current.store(false, Ordering::Release);
            tracing::warn!(%error, "the index misses changes until it is compared");
        }
        Ok(())
    }

    async fn search(&self, query: &SearchQuery) -> Result<HitPage, SearchError> {
        match self.asked(query).await {
            Some(hits) => Ok(hits),
            None => Ok(HitPage { is_fallback: true, ..self.fallback.search(query).await? }),
        }
    }

    async fn rebuild(&self, docs: Vec<Doc>) -> Result<(), SearchError> {
        self.fallback.rebuild(docs.clone()).await?;
        self.primary.rebuild(docs).await?;
        self.is_current.store(true, Ordering::Release);
        Ok(())
    }

    async fn health(&self) -> Result<Health, SearchError> {
        self.primary.health().await
    }

    async fn digests(&self) -> Result<Digests, SearchError> {
        self.primary.digests().await
    }

    fn is_shared(&self) -> bool {
        self.primary.is_shared()
    }
}
