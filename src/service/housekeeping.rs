//! Periodic work: expired stored answers and rate-limit windows are deleted, and tasks about late mails are kept current.

use domain::time::SECONDS_PER_DAY;

use super::context::Context;
use crate::db;
use crate::error::{Error, Result};

/// The longest window of any rate limit is a day; twice that is kept.
const LONGEST_WINDOW_SECONDS: i64 = 2 * SECONDS_PER_DAY;

/// Days after which a job is deleted; what it imported stays.
const KEPT_JOBS_DAYS: i64 = 30;
/// Ended sessions, shared links and used-up links are kept for a week, as traces of an incident.
const ENDED_SECONDS: i64 = 7 * SECONDS_PER_DAY;
/// Settled deliveries of webhooks are kept for a month, for the page that shows them and queues them again.
const DELIVERY_SECONDS: i64 = 30 * SECONDS_PER_DAY;
/// A browser that has not signed in for half a year is forgotten.
const BROWSER_SECONDS: i64 = 183 * SECONDS_PER_DAY;

/// Deletes expired rows, brings forward what a clock set back has left ahead of it, and opens and closes tasks about late
/// mails; idempotent.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn sweep(app: &Context) -> Result<()> {
    let now = app.clock.now();
    super::import_jobs::recover(app).await?;
    super::sealed::seal_stored(app).await?;
    super::webhooks::seal_stored(app).await?;
    super::alerts::sweep(app).await?;
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::set_back::mend(tx, now).await?;
                let answers = db::idempotency::sweep(tx, now).await?;
                let windows = db::quota::sweep(tx, now.plus_seconds(-LONGEST_WINDOW_SECONDS)).await?;
                let (ended, forgotten) = (now.plus_seconds(-ENDED_SECONDS), now.plus_seconds(-BROWSER_SECONDS));
                db::sign_in::sweep(tx, ended, forgotten).await?;
                db::shared_list::sweep(tx, ended).await?;
                db::delivery::sweep(tx, now.plus_seconds(-DELIVERY_SECONDS)).await?;
                let late = db::late::note(tx, now).await?;
                let (day_ago, month_ago) =
                    (now.plus_seconds(-SECONDS_PER_DAY), now.plus_seconds(-KEPT_JOBS_DAYS * SECONDS_PER_DAY));
                let files = db::import_job::sweep(tx, day_ago, month_ago, now).await?;
                tracing::debug!(answers, windows, late, files, "swept");
                Ok(())
            })
        })
        .await
}
