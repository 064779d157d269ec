//! Delivery loop: claim mails as slots become free, send outside any transaction, record the outcome.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::time::Moment;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::clock_watch::ClockWatch;
use super::relay_state::RelayState;
use super::settling::{Unsettled, persist};
use super::{DATABASE_PAUSE, Worker, until};
use crate::db::outbox::{Attempt, Claimed, DeliveryOutcome, LeaseRequest};
use crate::db::words::AttemptOutcome;
use crate::mail::{Built, SendOutcome};

/// Panics of the mailer per mail before it is given up: a third one is unlikely to be transient.
const MOST_PANICS: u64 = 3;
/// Renewals within one lease: two may fail before it ends.
const RENEWALS_PER_LEASE: u32 = 3;
/// Prefix that marks such attempts among ambiguous ones.
const PANICKED: &str = "panicked: ";

pub(super) async fn work(worker: &Worker, stop: &CancellationToken) {
    let relay = Arc::new(RelayState::default());
    let unsettled = Unsettled::default();
    let give_up = CancellationToken::new();
    let mut running = JoinSet::new();
    let mut newest_first = true;
    let mut watch = ClockWatch::new(worker.clock.now());
    // The clock may have been set back while no process ran.
    let mut may_wait_for_the_clock = true;
    while !stop.is_cancelled() {
        while running.try_join_next().is_some() {}
        let now = worker.clock.now();
        let takes_over = watch.is_steady_for(worker.pace.lease, now);
        if std::mem::take(&mut may_wait_for_the_clock) || watch.has_jumped_now() {
            may_wait_for_the_clock = !worker.bring_forward(now).await;
        }
        if let Some(until_then) = relay.paused_until(now) {
            rest(&mut running, stop, until(until_then, now)).await;
            continue;
        }
        if unsettled.any() {
            rest(&mut running, stop, DATABASE_PAUSE).await;
            continue;
        }
        let slots = if relay.is_on_trial() { 1 } else { worker.pace.slots };
        let free = slots.saturating_sub(running.len());
        if free == 0 {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = running.join_next() => {}
            }
            continue;
        }
        let mut woken = pin!(worker.wake.notified());
        woken.as_mut().enable();
        let claim =
            LeaseRequest { at_most: free as u64, lease_seconds: lease_seconds(worker), newest_first, takes_over };
        // Oldest and newest alternate, so that a backlog does not delay fresh mails.
        newest_first = !newest_first;
        let claimed = match worker.db.claim(claim, now).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::warn!(%error, "mails cannot be claimed");
                rest(&mut running, stop, DATABASE_PAUSE).await;
                continue;
            }
        };
        // The supervisor restarts the loop.
        failpoint!("claim.committed", ());
        if claimed.is_empty() {
            // An attempt that ended may have scheduled an earlier retry.
            tokio::select! {
                () = worker.idle(woken, stop) => {}
                Some(_) = running.join_next() => {}
            }
            continue;
        }
        if stop.is_cancelled() {
            let now = worker.clock.now();
            if let Err(error) = worker.db.release(claimed, now).await {
                tracing::warn!(%error, "claimed mails stay leased until their lease ends");
            }
            break;
        }
        for row in claimed {
            running.spawn(attempt(worker.clone(), Arc::clone(&relay), unsettled.clone(), row, give_up.clone()));
        }
    }
    drain(worker, running, &give_up).await;
}

/// Waits while attempts continue.
async fn rest(running: &mut JoinSet<()>, stop: &CancellationToken, pause: Duration) {
    let ended = async {
        // `join_next` on an empty set returns at once.
        if running.join_next().await.is_none() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(pause) => {}
        () = ended => {}
    }
}

/// Waits for attempts to end; the rest are recorded as ambiguous.
async fn drain(worker: &Worker, mut running: JoinSet<()>, give_up: &CancellationToken) {
    let all = async { while running.join_next().await.is_some() {} };
    if tokio::time::timeout(worker.pace.drain, all).await.is_err() {
        give_up.cancel();
        while running.join_next().await.is_some() {}
    }
}

async fn attempt(
    worker: Worker,
    relay: Arc<RelayState>,
    unsettled: Unsettled,
    row: Claimed,
    give_up: CancellationToken,
) {
    failpoint!("attempt.begun", ());
    let outcome = match built(&worker, &row) {
        Ok(mail) => give_up_on_panics(&worker, &row, send(&worker, &row, mail, &give_up).await).await,
        Err(text) => SendOutcome::CannotBuild { text },
    };
    let now = worker.clock.now();
    let (verdict, attempt) = judge(&worker, &relay, &row, &outcome, now);
    metrics::counter!("luodi_mail_attempts_total", "outcome" => attempt.outcome.word()).increment(1);
    metrics::gauge!("luodi_mail_relay_paused").set(if relay.is_on_trial() { 1.0 } else { 0.0 });
    match &outcome {
        SendOutcome::Sent { .. } => tracing::info!(row = row.id, attempts = row.attempts, "mail sent"),
        SendOutcome::RelayPaused { .. } => {
            tracing::error!(detail = attempt.detail, "the relay refuses us: mail is paused");
        }
        _ => tracing::warn!(row = row.id, outcome = attempt.outcome.word(), detail = attempt.detail, "mail not sent"),
    }
    failpoint!("attempt.ended", ());
    let settled =
        persist(worker.pace.lease, &unsettled, || worker.db.settle(&row, verdict, attempt.clone(), now)).await;
    failpoint!("settle.committed", ());
    if settled == Some(false) {
        tracing::warn!(
            row = row.id,
            outcome = attempt.outcome.word(),
            "the mail was no longer ours when it was settled"
        );
    }
}

fn built(worker: &Worker, row: &Claimed) -> Result<Built, String> {
    let missing = |what: &str| format!("the row has no {what}");
    Ok(Built {
        recipient: row.recipient.clone().ok_or_else(|| missing("recipient"))?,
        envelope_from: row.envelope_from.clone().unwrap_or_else(|| worker.envelope_from.clone()),
        message_id: row.message_id.clone().ok_or_else(|| missing("Message-ID"))?,
        bytes: row.payload.clone().ok_or_else(|| missing("bytes"))?,
    })
}

/// Gives up a mail that panics the mailer repeatedly, and opens a task.
async fn give_up_on_panics(worker: &Worker, row: &Claimed, outcome: SendOutcome) -> SendOutcome {
    let SendOutcome::Ambiguous { phase, text } = &outcome else { return outcome };
    let Some(panic) = text.strip_prefix(PANICKED) else { return outcome };
    match worker.db.attempts_like(&row.id, &format!("{phase}: {PANICKED}")).await {
        Ok(earlier) if earlier + 1 >= MOST_PANICS => SendOutcome::CannotBuild { text: panic.to_owned() },
        Ok(_) => outcome,
        Err(error) => {
            tracing::warn!(%error, "earlier panics cannot be counted");
            outcome
        }
    }
}

/// Sends in a separate task, so that a panic becomes an outcome. The lease is renewed while the conversation runs, so that a
/// killed process's mails are free soon after its last renewal, however long a phase may take.
async fn send(worker: &Worker, row: &Claimed, mail: Built, give_up: &CancellationToken) -> SendOutcome {
    let mailer = Arc::clone(&worker.mailer);
    let mut sending = JoinSet::new();
    sending.spawn(async move { mailer.send(&mail).await });
    let unknown = |text: &str| SendOutcome::Ambiguous { phase: crate::mail::Phase::Dot, text: text.to_owned() };
    // 90 % of the lease: the outcome must be recorded while the lease is valid.
    let ours = worker.pace.lease.mul_f64(0.9);
    let mut ends = Instant::now() + ours;
    let pause = worker.pace.lease / RENEWALS_PER_LEASE;
    let mut renewals = tokio::time::interval_at(Instant::now() + pause, pause);
    loop {
        tokio::select! {
            ended = sending.join_next() => return match ended {
                Some(Ok(outcome)) => outcome,
                Some(Err(error)) => unknown(&format!("{PANICKED}{error}")),
                None => unknown("nothing was begun"),
            },
            () = tokio::time::sleep_until(ends) => return unknown("the lease ran out"),
            () = give_up.cancelled() => return unknown("the process stopped"),
            _ = renewals.tick() => {
                let begun = Instant::now();
                match worker.db.renew(row, lease_seconds(worker), worker.clock.now()).await {
                    Ok(true) => ends = begun + ours,
                    Ok(false) => tracing::debug!(row = row.id, "the lease is not renewed: the mail is no longer ours"),
                    Err(error) => tracing::warn!(%error, "a lease cannot be renewed"),
                }
            }
        }
    }
}

fn lease_seconds(worker: &Worker) -> i64 {
    i64::try_from(worker.pace.lease.as_secs()).unwrap_or(i64::MAX)
}

fn judge(
    worker: &Worker,
    relay: &RelayState,
    row: &Claimed,
    outcome: &SendOutcome,
    now: Moment,
) -> (DeliveryOutcome, Attempt) {
    let retry = worker.pace.retry;
    let later = |ambiguous: bool| match retry.next(&row.id, row.attempts, ambiguous, row.created_at, now) {
        Some(at) => DeliveryOutcome::Later { at, uncounted: false },
        None => DeliveryOutcome::Failed,
    };
    let (verdict, word) = match outcome {
        SendOutcome::Sent { .. } => (DeliveryOutcome::Sent, AttemptOutcome::Sent),
        SendOutcome::Transient { .. } => (later(false), AttemptOutcome::Transient),
        SendOutcome::Ambiguous { .. } => (later(true), AttemptOutcome::Ambiguous),
        SendOutcome::Permanent { .. } => (DeliveryOutcome::Failed, AttemptOutcome::Permanent),
        SendOutcome::CannotBuild { .. } => (DeliveryOutcome::Failed, AttemptOutcome::CannotBuild),
        SendOutcome::RelayPaused { .. } => {
            let at = relay.refused(retry, now);
            (DeliveryOutcome::Later { at, uncounted: true }, AttemptOutcome::RelayPaused)
        }
    };
    let answered = match outcome {
        SendOutcome::Sent { .. } | SendOutcome::Permanent { .. } => true,
        SendOutcome::Transient { code, .. } => code.is_some(),
        _ => false,
    };
    if answered {
        relay.served();
    }
    (verdict, Attempt { outcome: word, detail: outcome.detail() })
}
