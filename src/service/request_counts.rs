//! Requests of clients and keys, counted over all processes of a database.

use domain::time::Moment;

use super::context::Context;
use crate::db::DbError;
use crate::db::quota::{self, Counted};
use crate::ids;

/// Seconds of the windows in which requests are counted.
pub const WINDOW_SECONDS: i64 = 60;

/// Adds requests that this process let in, by whose they are; returns what all processes let in of the same in this window,
/// in the same order.
///
/// # Errors
/// [`DbError::Unavailable`] or [`DbError::Other`]; nothing is then added.
pub async fn add(app: &Context, counts: &[(String, u32)], now: Moment) -> Result<Vec<i64>, DbError> {
    // No address or key is stored: its hash is.
    let name = |whose: &str| format!("requests:{}", ids::sha256_hex(whose.as_bytes()));
    let counted: Vec<(Counted, i64)> = counts
        .iter()
        .map(|(whose, count)| (Counted { name: name(whose), seconds: WINDOW_SECONDS }, i64::from(*count)))
        .collect();
    app.db
        .write_with_next::<_, DbError, _>(move |tx| Box::pin(async move { Ok(quota::add(tx, &counted, now).await?) }))
        .await
}
