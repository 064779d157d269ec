//! Gauges of what waits: mails that have not left, leads past their day, published listings.

use domain::time::{MILLIS_PER_SECOND, Moment};
use metrics::gauge;

use super::context::Context;
use crate::error::Result;

/// Sets the gauges from the database.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] or [`crate::error::Error::Internal`].
pub async fn publish(app: &Context) -> Result<()> {
    let now = app.clock.now();
    let (unsent, oldest) = app.db.unsent_mails().await?;
    for (state, count) in unsent {
        gauge!("luodi_mails", "state" => state.word()).set(as_float(count));
    }
    let age = oldest.map_or(0, |oldest| (now.0 - oldest.0).max(0) / MILLIS_PER_SECOND);
    gauge!("luodi_mail_oldest_queued_seconds").set(as_float(age.unsigned_abs()));
    let overdue = app.db.overdue_leads(Moment::start_of(now.day())).await?;
    gauge!("luodi_leads_overdue").set(as_float(overdue));
    let webhooks = app.db.webhook_counts(None).await?;
    gauge!("luodi_webhook_events", "state" => "queued").set(as_float(webhooks.queued));
    gauge!("luodi_webhook_events", "state" => "held").set(as_float(webhooks.held));
    let behind = app.db.listing_seq().await? - app.inventory.seq();
    gauge!("luodi_snapshot_changes_behind").set(as_float(behind.max(0).unsigned_abs()));
    gauge!("luodi_listings").set(as_float(app.inventory.len() as u64));
    Ok(())
}

/// Gauges are floats; counts of rows are exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts of rows are below 2^53")]
pub(super) const fn as_float(count: u64) -> f64 {
    count as f64
}
