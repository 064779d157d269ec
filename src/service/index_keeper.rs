//! Keeper of the text index: compares it with what is published, and mends or rebuilds it under a lease.

use std::time::Duration;

use super::context::Context;
use super::search::{self, MOST_COMPARISONS, still_apart, unavailable};
use super::search_documents;
use crate::db;
use crate::error::{Code, Error, Result};
use crate::search::{IndexSide, TextIndex as _};

const JOB: &str = "text_index";
/// Lease of the process that writes a shared index, s, and the interval of its renewal.
const LEASE_SECONDS: i64 = 30;
const RENEWAL: Duration = Duration::from_secs(10);
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
    search::apply(app).await?;
    let mended = if app.text.is_as_compared(app.inventory.seq()) { 0 } else { search::catch_up(app).await? };
    if !app.text.sides().contains(&IndexSide::Remote)
        || search::differences(app, IndexSide::Remote).await?.ids.is_empty()
    {
        return Ok(IndexState::Equal(mended));
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

/// Mends the remote index until it is equal; returns the number of differences.
async fn mend(app: &Context) -> Result<usize> {
    let mut mended = 0;
    for _ in 0..MOST_COMPARISONS {
        let apart = search::differences(app, IndexSide::Remote).await?;
        if apart.ids.is_empty() {
            return Ok(mended);
        }
        mended += apart.ids.len();
        tracing::info!(documents = apart.ids.len(), "the text index is mended");
        metrics::counter!("luodi_index_mended_total").increment(apart.ids.len() as u64);
        let done = if apart.is_rebuild {
            app.text.replace(IndexSide::Remote, search_documents::documents(app).await?).await
        } else {
            let changes = search_documents::changes(app, &apart.ids.into_iter().collect()).await?;
            app.text.mend(IndexSide::Remote, &changes).await
        };
        done.map_err(|error| unavailable(&error))?;
    }
    Err(still_apart(mended))
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
