//! The text index of a process: the embedded one, and Meilisearch before it where it is configured.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::{Breaker, Digests, Doc, DocKind, Health, HitPage, IndexChange, SearchError, SearchQuery, TextIndex};

/// Search timeout of a remote index, after which the local one answers: a page should stay below half a second.
const SEARCH_LIMIT: Duration = Duration::from_millis(300);
/// Consecutive failures that open the breaker.
const MOST_FAILURES: u32 = 5;
/// Pause between trial calls while the breaker is open: a restart of Meilisearch takes a few seconds.
const TRIAL_INTERVAL: Duration = Duration::from_secs(10);
/// More than one document in this many apart: a rebuild is cheaper than single changes.
const REBUILD_SHARE: usize = 4;

/// A local index, and a remote one before it where there is one.
///
/// The local index has every change of this process. The remote one has them while it is current; after a change that failed it
/// is compared and mended, and the local one answers until both are equal.
pub struct Guarded {
    local: Compared,
    remote: Option<Compared>,
    breaker: Breaker,
    /// Number of changes.
    changes: AtomicU64,
    /// Generation of the local index, and number of the inventory's last change, when the two were last found equal.
    compared: Mutex<Option<(u64, i64)>>,
}

/// An index, with whether it had all documents when it was last compared, and missed no change since.
struct Compared {
    index: Arc<dyn TextIndex>,
    is_current: AtomicBool,
}

/// One of the indexes of a [`Guarded`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexSide {
    /// On this machine.
    Local,
    /// Meilisearch.
    Remote,
}

/// Documents by which an index differs from what it should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Documents that are missing, other or no longer published.
    pub ids: Vec<(DocKind, String)>,
    /// Whether all documents in one turn cost less than these one by one.
    pub is_rebuild: bool,
}

impl Compared {
    fn new(index: Arc<dyn TextIndex>) -> Self {
        Self { index, is_current: AtomicBool::new(false) }
    }

    fn is_current(&self) -> bool {
        self.is_current.load(Ordering::Acquire)
    }

    fn set_current(&self, is_current: bool) {
        self.is_current.store(is_current, Ordering::Release);
    }
}

impl Guarded {
    /// Returns a local index alone.
    #[must_use]
    pub fn alone(local: Arc<dyn TextIndex>) -> Self {
        Self::with_breaker(None, local, Breaker::new(MOST_FAILURES, TRIAL_INTERVAL))
    }

    /// Combines a remote index with a local one.
    #[must_use]
    pub fn new(remote: Arc<dyn TextIndex>, local: Arc<dyn TextIndex>) -> Self {
        Self::with_breaker(Some(remote), local, Breaker::new(MOST_FAILURES, TRIAL_INTERVAL))
    }

    /// Combines two indexes by a breaker of its own limits.
    #[must_use]
    pub fn with_breaker(remote: Option<Arc<dyn TextIndex>>, local: Arc<dyn TextIndex>, breaker: Breaker) -> Self {
        let (local, remote) = (Compared::new(local), remote.map(Compared::new));
        Self { local, remote, breaker, changes: AtomicU64::new(0), compared: Mutex::default() }
    }

    /// Returns the sides that there are, the local one first.
    #[must_use]
    pub fn sides(&self) -> Vec<IndexSide> {
        [IndexSide::Local].into_iter().chain(self.remote.is_some().then_some(IndexSide::Remote)).collect()
    }

    /// Number of changes so far; taken before the documents of a comparison are.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Whether the local index was found equal to the inventory as it is now, and neither of them has changed since: after
    /// change number `seq` of the inventory.
    #[must_use]
    pub fn is_as_compared(&self, seq: i64) -> bool {
        let known = *self.compared.lock().unwrap_or_else(PoisonError::into_inner);
        self.local.is_current() && known.is_some() && known == self.local.index.generation().map(|it| (it, seq))
    }

    /// Remembers that the local index is equal to the inventory after its change number `seq`.
    pub fn note_compared(&self, seq: i64) {
        let now = self.local.index.generation().map(|generation| (generation, seq));
        *self.compared.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Whether a side has all documents, as far as is known.
    #[must_use]
    pub fn is_current(&self, side: IndexSide) -> bool {
        self.side(side).is_ok_and(Compared::is_current)
    }

    /// Returns the digests of the documents that a side holds.
    ///
    /// # Errors
    /// [`SearchError`] of the index; [`SearchError::Failed`] where there is no such side.
    pub async fn held(&self, side: IndexSide) -> Result<Digests, SearchError> {
        self.side(side)?.index.digests().await
    }

    /// Compares the documents that a side holds with those that it should hold, both read after so many `changes`. It counts as
    /// current from then on where they are equal and no change came meanwhile.
    ///
    /// # Errors
    /// [`SearchError::Failed`] where there is no such side.
    pub fn differences(
        &self,
        side: IndexSide,
        wanted: &Digests,
        held: &Digests,
        changes: u64,
    ) -> Result<Differences, SearchError> {
        let side = self.side(side)?;
        let ids = if wanted == held { Vec::new() } else { apart(wanted, held) };
        if ids.is_empty() && changes == self.changes() {
            side.set_current(true);
        }
        Ok(Differences { is_rebuild: ids.len() * REBUILD_SHARE > wanted.len(), ids })
    }

    /// Brings changes to one side, which its differences ask for.
    ///
    /// # Errors
    /// [`SearchError`] of the index; [`SearchError::Failed`] where there is no such side.
    pub async fn mend(&self, side: IndexSide, changes: &[IndexChange]) -> Result<(), SearchError> {
        self.side(side)?.index.apply(changes).await
    }

    /// Replaces all documents of one side.
    ///
    /// # Errors
    /// [`SearchError`] of the index; [`SearchError::Failed`] where there is no such side.
    pub async fn replace(&self, side: IndexSide, docs: Vec<Doc>) -> Result<(), SearchError> {
        let side = self.side(side)?;
        side.set_current(false);
        side.index.rebuild(docs).await
    }

    fn side(&self, side: IndexSide) -> Result<&Compared, SearchError> {
        let remote = || self.remote.as_ref().ok_or_else(|| SearchError::Failed("there is no remote index".to_owned()));
        match side {
            IndexSide::Local => Ok(&self.local),
            IndexSide::Remote => remote(),
        }
    }

    async fn asked(&self, query: &SearchQuery) -> Option<HitPage> {
        let remote = self.remote.as_ref().filter(|remote| remote.is_current())?;
        if !self.breaker.admits(Instant::now()) {
            return None;
        }
        let answer = tokio::time::timeout(SEARCH_LIMIT, remote.index.search(query)).await;
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

/// The documents of which two sets do not have the same digest.
fn apart(wanted: &Digests, held: &Digests) -> Vec<(DocKind, String)> {
    let apart = wanted.iter().filter(|(key, digest)| held.get(*key) != Some(*digest)).map(|(key, _)| key);
    let gone = held.keys().filter(|key| !wanted.contains_key(*key));
    apart.chain(gone).cloned().collect()
}

#[async_trait]
impl TextIndex for Guarded {
    async fn apply(&self, changes: &[IndexChange]) -> Result<(), SearchError> {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.local.index.apply(changes).await.inspect_err(|_| self.local.set_current(false))?;
        if let Some(remote) = self.remote.as_ref().filter(|remote| remote.is_current())
            && let Err(error) = remote.index.apply(changes).await
        {
            remote.set_current(false);
            tracing::warn!(%error, "the index misses changes until it is compared");
        }
        Ok(())
    }

    async fn search(&self, query: &SearchQuery) -> Result<HitPage, SearchError> {
        if let Some(hits) = self.asked(query).await {
            return Ok(hits);
        }
        let is_fallback = self.remote.is_some() || !self.local.is_current();
        Ok(HitPage { is_fallback, ..self.local.index.search(query).await? })
    }

    async fn rebuild(&self, docs: Vec<Doc>) -> Result<(), SearchError> {
        let sides = [&self.local].into_iter().chain(&self.remote);
        for side in sides {
            side.index.rebuild(docs.clone()).await?;
            side.set_current(true);
        }
        Ok(())
    }

    async fn health(&self) -> Result<Health, SearchError> {
        self.remote.as_ref().unwrap_or(&self.local).index.health().await
    }

    async fn digests(&self) -> Result<Digests, SearchError> {
        self.remote.as_ref().unwrap_or(&self.local).index.digests().await
    }

    fn is_shared(&self) -> bool {
        self.remote.as_ref().is_some_and(|remote| remote.index.is_shared())
    }
}
