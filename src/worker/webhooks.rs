//! Delivery of webhooks: claim under a lease, send outside any transaction, settle. One delivery per webhook at a time, so that
//! a slow receiver delays itself alone, and in the order of each lead's events.

use std::pin::pin;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::DATABASE_PAUSE;
use super::clock_watch::ClockWatch;
use super::webhook_http::WebhookClient;
use crate::db::delivery::{ClaimedDelivery, DeliveryVerdict};
use crate::service::context::App;
use crate::service::webhooks::delivery::{judge, outgoing};

/// Concurrent deliveries of this process, each to another webhook.
const SLOTS: usize = 4;
/// Lease on a webhook, s: twice the longest attempt. A killed process's delivery is free this long after its claim.
const LEASE_SECONDS: i64 = 60;
/// Polling interval: the longest delay of an event where no commit wakes the worker.
const POLL: Duration = Duration::from_secs(1);

/// Delivers until the stop; attempts in progress end by their own time limit. Any number of processes may run one.
pub async fn work(app: App, client: WebhookClient, stop: CancellationToken) {
    let mut running = JoinSet::new();
    let mut watch = ClockWatch::new(app.clock.now());
    while !stop.is_cancelled() {
        let mut woken = pin!(app.outbox.notified());
        woken.as_mut().enable();
        while running.try_join_next().is_some() {}
        let free = SLOTS.saturating_sub(running.len());
        let pause = match claim(&app, free, &mut watch).await {
            Ok(claimed) => {
                let is_idle = claimed.is_empty();
                for delivery in claimed {
                    running.spawn(attempt(app.clone(), client.clone(), delivery));
                }
                if !is_idle && running.len() < SLOTS {
                    continue;
                }
                POLL
            }
            Err(error) => {
                tracing::warn!(%error, "webhooks cannot be claimed");
                DATABASE_PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = woken => {}
            () = tokio::time::sleep(pause) => {}
            Some(_) = running.join_next() => {}
        }
    }
    while running.join_next().await.is_some() {}
}

async fn claim(app: &App, free: usize, watch: &mut ClockWatch) -> Result<Vec<ClaimedDelivery>, crate::db::DbError> {
    let now = app.clock.now();
    let takes_over = watch.is_steady_for(Duration::from_secs(LEASE_SECONDS as u64), now);
    if free == 0 {
        return Ok(Vec::new());
    }
    app.db.claim_deliveries(free as u64, LEASE_SECONDS, takes_over, now).await
}

/// Tries what is due now once, each delivery after the other; returns their number.
///
/// # Errors
/// [`crate::db::DbError::Unavailable`] or [`crate::db::DbError::Other`].
pub async fn round(app: &App, client: &WebhookClient) -> Result<usize, crate::db::DbError> {
    let claimed = claim(app, SLOTS, &mut ClockWatch::new(app.clock.now())).await?;
    let tried = claimed.len();
    for delivery in claimed {
        attempt(app.clone(), client.clone(), delivery).await;
    }
    Ok(tried)
}

async fn attempt(app: App, client: WebhookClient, claimed: ClaimedDelivery) {
    let answer = match outgoing(&app, &claimed, app.clock.now()) {
        Ok(request) => client.send(request).await,
        Err(error) => {
            tracing::error!(%error, "a webhook's message cannot be built");
            Err("cannot_build".to_owned())
        }
    };
    let now = app.clock.now();
    let (verdict, free_at) = judge(&claimed, answer, now);
    let told = match &verdict {
        DeliveryVerdict::Delivered => "delivered",
        DeliveryVerdict::Later(..) => "later",
        DeliveryVerdict::Held(_) => "held",
    };
    metrics::counter!("luodi_webhook_attempts_total", "outcome" => told).increment(1);
    let (event, webhook) = (&claimed.delivery.event_id, &claimed.webhook.id);
    match app.db.settle_delivery(&claimed, verdict, free_at, now).await {
        Ok(true) => tracing::info!(event, webhook, told, attempts = claimed.delivery.attempts, "webhook"),
        Ok(false) => tracing::warn!(event, webhook, told, "the lease of a webhook was lost: its event comes once more"),
        // The lease runs out, and the event is delivered once more: at least once.
        Err(error) => tracing::warn!(%error, event, webhook, told, "a webhook was not settled"),
    }
}
