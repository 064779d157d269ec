//! Periodic work: expired stored answers and rate-limit windows are deleted, and tasks about late mails are kept current.

use domain::time::SECONDS_PER_DAY;

use super::context::Context;
use crate::db;
use crate::error::{Error, Result};

/// The longest window of any rate limit is a day; twice that is kept.
const LONGEST_WINDOW_SECONDS: i64 = 2 * SECONDS_PER_DAY;

/// Deletes expired rows, and opens and closes tasks about late mails; idempotent.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn sweep(app: &Context) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let answers = db::idempotency::sweep(tx, now).await?;
                let windows = db::quota::sweep(tx, now.plus_seconds(-LONGEST_WINDOW_SECONDS)).await?;
                let late = db::late::note(tx, now).await?;
                tracing::debug!(answers, windows, late, "swept");
                Ok(())
            })
        })
        .await
}
