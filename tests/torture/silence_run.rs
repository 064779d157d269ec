//! A relay that replies only after the limit of a phase: submits are not slowed, and new mail does not wait behind old.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Findings;
use crate::fault_relay::{At, Offers, Relay, Situation};
use crate::http;
use crate::matrix::late;
use crate::options::Options;
use crate::scene::{SLOTS, Scene, Stage, canaries, drain, end, notice_version, submission};

const PHASES: [At; 7] = [At::Connect, At::Ehlo, At::Mail, At::Rcpt, At::Data, At::Body, At::Dot];

/// A submit's number, when it was answered, and how long that took.
type Submit = (usize, Instant, Duration);

/// T06.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let seconds = options.number("seconds", 6);
    let limit = options.number("phase-limit", 2);
    let silent: Arc<Mutex<Option<At>>> = Arc::default();
    let now_silent = Arc::clone(&silent);
    let late = late(Duration::from_secs(limit as u64));
    let script = move |at: At, _: &Situation| (*now_silent.lock().expect("no panic") == Some(at)).then(|| late.clone());
    let relay = Relay::scripted(Offers::default(), script).await.expect("a relay");
    let Some(mut scene) = Scene::open(options, Stage::Sqlite, &relay, 1).await else { return };
    let server = scene.servers[0].address;
    let version: Arc<str> = notice_version(&[server], 0).await.into();
    let ended = CancellationToken::new();
    let watch = tokio::spawn(most_connected(relay.address().port(), ended.clone()));
    let mut next = 0;
    let mut submits = async |seconds: usize| {
        let mut running = JoinSet::new();
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        for _ in 0..seconds * 20 {
            ticks.tick().await;
            running.spawn(submit(server, next, Arc::clone(&version)));
            next += 1;
        }
        running.join_all().await
    };
    // In turn, so that whatever else this machine does falls on both alike.
    let (mut before, mut during) = (Vec::new(), Vec::new());
    for phase in PHASES {
        before.extend(submits(seconds).await);
        *silent.lock().expect("no panic") = Some(phase);
        during.extend(submits(seconds).await);
        *silent.lock().expect("no panic") = None;
    }
    let after = submits(seconds).await;
    let drained = drain(&scene.database, 0, Duration::from_secs(300)).await;
    ended.cancel();
    findings.figure("drained after the silence", drained, "true", drained);

    findings.note("submits before, during, after", format!("{}, {}, {}", before.len(), during.len(), after.len()));
    let (before, silence) = (p99(latencies(&before)), p99(latencies(&during)));
    // A tenth of a few milliseconds is below what this machine can tell apart.
    let bound = (before * 11 / 10).max(before + Duration::from_millis(20));
    findings.speed(
        "submit p99 in the silence",
        ms(silence),
        &format!("≤ {} (before: {})", ms(bound), ms(before)),
        silence <= bound,
    );
    let taken: HashMap<_, _> = relay.taken().into_iter().rev().map(|mail| (mail.recipient, mail.at)).collect();
    let delay = |(number, at, _): &Submit| {
        taken
            .get(&format!("client-{number}@example.com"))
            .map_or(Duration::MAX, |then| then.saturating_duration_since(*at))
    };
    let fresh = p99(after.iter().map(delay).collect());
    findings.figure(
        "a new mail's way, p99, once the relay speaks",
        ms(fresh),
        "≤ 5000 ms",
        fresh <= Duration::from_secs(5),
    );
    let hold = relay.longest_hold();
    let bound = Duration::from_secs(limit as u64 + 5);
    findings.figure("a silent conversation was held", ms(hold), &format!("≤ {}", ms(bound)), hold <= bound);
    let open = watch.await.expect("without a panic");
    findings.figure("conversations at once", open, &format!("≤ {SLOTS}"), open <= SLOTS);
    end(&mut scene.servers, findings).await;
    canaries(&scene.setup, findings);
}

/// The most connections to a port of this machine that were established at once, as the kernel lists them.
async fn most_connected(port: u16, ended: CancellationToken) -> usize {
    let remote = format!("0100007F:{port:04X} 01 ");
    let mut most = 0;
    let mut look = tokio::time::interval(Duration::from_millis(20));
    while !ended.is_cancelled() {
        look.tick().await;
        let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
        most = most.max(sockets.lines().filter(|line| line.contains(&remote)).count());
    }
    most
}

async fn submit(server: std::net::SocketAddr, number: usize, version: Arc<str>) -> Submit {
    let body = submission(number, &version).to_string();
    let began = Instant::now();
    let answer = http::post(server, "/api/v1/requirements", &format!("silence-{number}"), &body).await;
    assert!(answer.is_ok_and(|answer| answer.status == 201), "submit {number} was not acknowledged");
    (number, Instant::now(), began.elapsed())
}

fn latencies(submits: &[Submit]) -> Vec<Duration> {
    submits.iter().map(|(_, _, took)| *took).collect()
}

fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) * 99 / 100).copied().unwrap_or(Duration::MAX)
}

fn ms(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}
