//! Runs of the outbox inside this process: claims and throughput.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use luodi::clock::{Clock as _, SystemClock};
use luodi::db::outbox::LeaseRequest;
use luodi::worker::retry::RetryTable;
use luodi::worker::{Pace, Worker};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Findings;
use crate::database::{TestDb, each};
use crate::fault_relay::Relay;
use crate::mailbag::queue;
use crate::matrix::mailer;
use crate::options::Options;

async fn fill(test: &TestDb, rows: usize) {
    test.execute("BEGIN").await;
    for number in 0..rows {
        queue(test, &format!("m{number:06}"), &format!("park{}@example.com", number % 50), SystemClock.now()).await;
    }
    test.execute("COMMIT").await;
}

/// T12.
pub(crate) async fn claim_race(options: &Options, findings: &mut Findings) {
    let rows = options.number("rows", 4_000);
    for test in each().await {
        fill(&test, rows).await;
        let processes = [Arc::new(test.another().await), Arc::new(test.another().await)];
        let started = Instant::now();
        let mut workers = JoinSet::new();
        for number in 0..8 {
            let db = Arc::clone(&processes[number % 2]);
            workers.spawn(async move {
                let claim = LeaseRequest { at_most: 4, lease_seconds: 600, newest_first: true, takes_over: true };
                let mut ids = Vec::new();
                loop {
                    let claimed = db.claim(claim, SystemClock.now()).await.expect("claims");
                    // On PostgreSQL a claim finds nothing while others hold what it looked at: ask whether more is due.
                    let due = db.next_due().await.expect("asks");
                    if claimed.is_empty() && due.is_none_or(|due| due > SystemClock.now()) {
                        return ids;
                    }
                    ids.extend(claimed.into_iter().map(|row| row.id));
                }
            });
        }
        let shares = workers.join_all().await;
        let seconds = started.elapsed().as_secs_f64();
        let all = shares.concat();
        let distinct = all.iter().collect::<HashSet<_>>().len();
        let least = shares.iter().map(Vec::len).min().unwrap_or(0);
        let name = test.name;
        let once = all.len() == rows && distinct == rows;
        findings.figure(
            &format!("{name}: claims, distinct"),
            format!("{}, {distinct}", all.len()),
            &format!("{rows}, {rows}"),
            once,
        );
        let percent = least as f64 * 100.0 / rows as f64;
        findings.speed(&format!("{name}: least worker's share, %"), format!("{percent:.1}"), "≥ 2", percent >= 2.0);
        let rate = rows as f64 / seconds;
        findings.speed(&format!("{name}: claims a second"), format!("{rate:.0}"), "≥ 1000", rate >= 1_000.0);
    }
}

/// L6, in the clear.
pub(crate) async fn throughput(options: &Options, findings: &mut Findings) {
    let mails = options.number("mails", 3_000);
    for test in each().await {
        fill(&test, mails).await;
        let relay = Relay::healthy().await.expect("a relay");
        let pace = Pace {
            slots: options.number("slots", 4),
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(1),
            retry: RetryTable { longest: Duration::from_secs(1) },
            drain: Duration::from_secs(5),
        };
        let worker = Worker {
            db: test.db.clone(),
            mailer: Arc::new(mailer(&relay.url(), Duration::from_secs(10))),
            clock: Arc::new(SystemClock),
            envelope_from: "bounce@luodi.example.com".to_owned(),
            pace,
            wake: Arc::new(Notify::new()),
        };
        let stop = CancellationToken::new();
        let started = Instant::now();
        let running = tokio::spawn(worker.run(stop.clone()));
        let mut look = tokio::time::interval(Duration::from_millis(20));
        let waiting = "SELECT CAST(COUNT(*) AS TEXT) FROM outbox WHERE state = 'queued'";
        while test.rows(waiting).await != ["0"] {
            look.tick().await;
        }
        let rate = mails as f64 / started.elapsed().as_secs_f64();
        stop.cancel();
        running.await.expect("without a panic");
        let taken = relay.accepted().len();
        findings.figure(&format!("{}: mails at the relay", test.name), taken, &mails.to_string(), taken == mails);
        findings.speed(&format!("{}: mails a second", test.name), format!("{rate:.0}"), "≥ 100", rate >= 100.0);
        findings.note("most conversations at once", relay.most_open());
    }
}
