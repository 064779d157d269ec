//! What is done now and then: stored answers and counted windows that have expired are swept away, and staff are told
//! of mails that have waited too long.

use super::context::Context;
use crate::db;
use crate::error::{Error, Result};

/// The longest window that anything is counted in.
const LONGEST_WINDOW_SECONDS: i64 = 2 * 86_400;

/// Removes what has expired, and opens and closes tasks about late mails; harmless to repeat.
///
/// # Errors
/// The database's.
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
