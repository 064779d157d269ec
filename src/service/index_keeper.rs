//! Keeper of the text index: compares it with the documents of this process, and mends or rebuilds it under a lease.

use std::time::Duration;

use super::context::Context;
use super::search::{self, unavailable};
use crate::db;
use crate::error::{Code, Error, Result};

const JOB: &str = "text_index";
/// Lease of the process that writes a shared index, s, and the interval of its renewal.
const LEASE_SECONDS: i64 = 30;
const RENEWAL: Duration = Duration::from_secs(10);
/// Comparisons in a row: each mends what has changed during the one before.
const MOST_COMPARISONS: u32 = 5;

/// Outcome of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexState {
    /// Index and database are equal, after so many differences were mended.
    Equal(usize),
    /// They differ, and another process mends them.
    MendedElsewhere,
}

/// Compares the text index with the database and mends it. An index that several processes share is written by the one that
/// holds the lease; the others compare again later.
///
/// # Errors
/// [`Error::Unavailable`] from the index or the database; [`Error::Conflict`] where the lease was lost on the way.
pub async fn keep(app: &Context, holder: &str) -> Result<IndexState> {
    search::note_missing(app);
    search::apply(app).await?;
    if app.text.differences().await.map_err(|error| unavailable(&error))?.is_empty() {
        return Ok(IndexState::Equal(0));
    }
    alone(app, holder, mend(app)).await.map(|mended| mended.map_or(IndexState::MendedElsewhere, IndexState::Equal))
}

/// Rebuilds the text index from every document; `false` where another process writes it.
///
/// # Errors
/// As of [`keep`].
pub async fn rebuild(app: &Context, holder: &str) -> Result<bool> {
    Ok(alone(app, holder, search::rebuild(app)).await?.is_some())
}

/// Does work under the lease of a shared index; `None` where another process holds it. The work ends where the lease is lost.
async fn alone<T>(app: &Context, holder: &str, work: impl Future<Output = Result<T>>) -> Result<Option<T>> {
    use crate::search::TextIndex as _;
    if !app.text.is_shared() {
        return work.await.map(Some);
    }
    if !take_lease(app, holder).await? {
        return Ok(None);
    }
    let done = tokio::select! {
        done = work => done,
        () = lost(app, holder) => Err(Error::Conflict(Code::Conflict)),
    };
    give_up_lease(app, holder).await?;
    done.map(Some)
}

/// Renews the lease until it is lost.
async fn lost(app: &Context, holder: &str) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        match take_lease(app, holder).await {
            Ok(true) => {}
            Ok(false) => return,
            // The lease outlives two renewals; a database that stays away ends the work of every process.
            Err(error) => tracing::warn!(%error, "the lease of the text index was not renewed"),
        }
    }
}

/// Mends until both are equal; returns the number of differences.
async fn mend(app: &Context) -> Result<usize> {
    let mut mended = 0;
    for _ in 0..MOST_COMPARISONS {
        let apart = app.text.differences().await.map_err(|error| unavailable(&error))?;
        if apart.is_empty() {
            return Ok(mended);
        }
        tracing::info!(documents = apart.len(), "the text index is mended");
        metrics::counter!("luodi_index_mended_total").increment(apart.len() as u64);
        app.text.mend(&apart).await.map_err(|error| unavailable(&error))?;
        mended += apart.len();
    }
    Err(Error::Unavailable(format!("the text index still differs after {mended} documents were mended")))
}

async fn take_lease(app: &Context, holder: &str) -> Result<bool> {
    let (holder, now) = (holder.to_owned(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::lease::take(tx, JOB, &holder, LEASE_SECONDS, now).await?) })
        })
        .await
}

async fn give_up_lease(app: &Context, holder: &str) -> Result<()> {
    let holder = holder.to_owned();
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::lease::give_up(tx, JOB, &holder).await?) }))
        .await
}
