//! The terms of alerts: lifetimes, the counter of events, the queue of their mails.

use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use crate::db;
use crate::db::alert::Alert;
use crate::db::letters::NewMail;
use crate::error::{Error, Result};
use crate::service::context::Context;

/// Days after which an unconfirmed alert is deleted.
pub const PENDING_DAYS: i64 = 7;
/// Days after which a confirmed alert ends, unless its reader lets it go on.
pub const LIFE_DAYS: i64 = 365;
/// Days before the end in which its reader is asked.
pub const ENDING_DAYS: i64 = 28;
/// Days between two mails of an alert.
pub const PAUSE_DAYS: i64 = 7;

/// Returns the alert of a token, without any effect: mail scanners open links.
///
/// # Errors
/// [`Error::NotFound`] for an unknown token; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn show(app: &Context, token: &str) -> Result<Alert> {
    app.db.alert(token).await?.ok_or(Error::NotFound)
}

/// Queues a mail of an alert, which is erased with it.
pub(super) async fn queue(tx: &DatabaseTransaction, id: &str, mail: NewMail, now: Moment) -> Result<()> {
    db::alert::mailed(tx, id, &mail.mail.message_id).await?;
    Ok(db::outbox::enqueue(tx, vec![mail], now).await?)
}

/// Counts what happened to an alert.
pub(super) fn count(event: &'static str) {
    metrics::counter!("luodi_alert_events_total", "event" => event).increment(1);
}
