//! Changes for the text index: claimed in batches, applied, settled together.

use std::pin::pin;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Change, DATABASE_PAUSE, Indexer, Worker, persist};
use crate::db::outbox::{Attempt, Claim, Claimed, Queue, Verdict};

const BATCH: u64 = 500;
/// An index out of reach is asked again soon: it serves people who wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

pub(super) async fn work(worker: &Worker, stop: &CancellationToken) {
    let Some(indexer) = &worker.indexer else { return };
    while !stop.is_cancelled() {
        let mut woken = pin!(worker.wake.notified());
        woken.as_mut().enable();
        let claim = Claim {
            queue: Queue::Index,
            at_most: BATCH,
            lease_seconds: i64::try_from(worker.pace.lease.as_secs()).unwrap_or(i64::MAX),
            newest_first: false,
        };
        match worker.db.claim(claim, worker.clock.now()).await {
            Ok(rows) if rows.is_empty() => {
                worker.idle(Queue::Index, woken, stop).await;
            }
            Ok(rows) => apply(worker, indexer.as_ref(), rows).await,
            Err(error) => {
                tracing::warn!(%error, "index changes cannot be claimed");
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(DATABASE_PAUSE) => {}
                }
            }
        }
    }
}

async fn apply(worker: &Worker, indexer: &dyn Indexer, rows: Vec<Claimed>) {
    let mut changes: Vec<_> = rows.iter().map(change).collect();
    changes.sort_by(|a, b| (&a.purpose, &a.document).cmp(&(&b.purpose, &b.document)));
    changes.dedup();
    let ours = worker.pace.lease.mul_f64(0.9);
    let applied = tokio::time::timeout(ours, indexer.apply(&changes))
        .await
        .unwrap_or_else(|_| Err(anyhow::anyhow!("the lease ran out")));
    let now = worker.clock.now();
    match applied {
        Ok(()) => {
            persist(worker.pace.lease, || worker.db.settle_sent(rows.clone(), now)).await;
        }
        Err(error) => {
            tracing::warn!(%error, rows = rows.len(), "the text index was not told");
            let mut retry = worker.pace.retry;
            retry.longest = retry.longest.min(LONGEST_WAIT);
            for row in rows {
                let attempt = Attempt { outcome: "transient", detail: format!("{error:#}") };
                let verdict = match retry.next(&row.id, row.attempts, false, row.created_at, now) {
                    Some(at) => Verdict::Later { at, uncounted: false },
                    None => Verdict::Failed,
                };
                persist(worker.pace.lease, || worker.db.settle(&row, verdict, attempt.clone(), now)).await;
            }
        }
    }
}

fn change(row: &Claimed) -> Change {
    let document = String::from_utf8_lossy(row.payload.as_deref().unwrap_or_default()).into_owned();
    Change { purpose: row.purpose.clone(), document }
}
