//! Remote index behind a circuit breaker, with a local fallback.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::{Breaker, Doc, Health, HitPage, IndexChange, SearchError, SearchQuery, TextIndex};

/// Search timeout, after which the fallback answers: a page should stay below half a second.
const SEARCH_LIMIT: Duration = Duration::from_millis(300);
/// Consecutive failures that open the breaker.
const MOST_FAILURES: u32 = 5;
/// Pause between trial calls while the breaker is open: a restart of Meilisearch takes a few seconds.
const TRIAL_INTERVAL: Duration = Duration::from_secs(10);

/// Primary index with a fallback over the same documents: searches always succeed; changes go to both.
pub struct Guarded {
    primary: Arc<dyn TextIndex>,
    fallback: Arc<dyn TextIndex>,
    breaker: Breaker,
    /// Whether the primary has been rebuilt; before that the fallback answers.
    is_warm: AtomicBool,
}

impl Guarded {
    /// Combines two indexes; `fallback` must not depend on the network.
    #[must_use]
    pub fn new(primary: Arc<dyn TextIndex>, fallback: Arc<dyn TextIndex>) -> Self {
        Self {
            primary,
            fallback,
            breaker: Breaker::new(MOST_FAILURES, TRIAL_INTERVAL),
            is_warm: AtomicBool::new(false),
        }
    }

    /// Fills the fallback, so that searches work before the primary is rebuilt.
    ///
    /// # Errors
    /// [`SearchError`] of the fallback.
    pub async fn warm(&self, docs: Vec<Doc>) -> Result<(), SearchError> {
        self.fallback.rebuild(docs).await
    }

    async fn asked(&self, query: &SearchQuery) -> Option<HitPage> {
        if !self.is_warm.load(Ordering::Acquire) || !self.breaker.admits(Instant::now()) {
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
        self.primary.apply(changes).await
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
        self.is_warm.store(true, Ordering::Release);
        Ok(())
    }

    async fn health(&self) -> Result<Health, SearchError> {
        self.primary.health().await
    }
}
