//! T14, small: the network between the program and PostgreSQL fails; clients are told 503 and nothing worse, and once it
//! is well again so is the service.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::Findings;
use crate::checker::{Acknowledged, Evidence, check};
use crate::fault_proxy::{FaultProxy, Weather};
use crate::fault_relay::Relay;
use crate::http;
use crate::options::Options;
use crate::scene::{SLOTS, Scene, Stage, canaries, drain, end, notice_version, park, submission};
use crate::server::{Server, Setup};

const CLIENTS: usize = 6;
const HEALED: Duration = Duration::from_secs(5);

/// Every answer that was no success, by status, and those that never came.
#[derive(Default)]
struct Answers(Mutex<Vec<(u16, bool)>>);

impl Answers {
    fn note(&self, status: u16, has_retry_after: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((status, has_retry_after));
    }

    fn of(&self, wanted: impl Fn(u16, bool) -> bool) -> usize {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.iter().filter(|&&(status, has_retry_after)| wanted(status, has_retry_after)).count()
    }
}

pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let relay = Relay::healthy().await.expect("a relay");
    let Some(mut scene) = Scene::open(options, Stage::Postgres, &relay, 0).await else { return };
    let (proxy, url) = FaultProxy::before_postgres(&scene.setup.database_url).await.expect("a proxy");
    let mut server = Server::start(&Setup { database_url: url, ..scene.setup.clone() });
    server.ready().await;
    let address = server.address;
    scene.servers.push(server);
    let (stop, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(Answers::default()));
    let next = Arc::new(AtomicUsize::new(0));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (stop, answers, next) = (Arc::clone(&stop), Arc::clone(&answers), Arc::clone(&next));
        clients.spawn(async move {
            let mut told = Vec::new();
            while !stop.load(Ordering::SeqCst) {
                told.push(inquire(next.fetch_add(1, Ordering::SeqCst), address, &answers).await);
            }
            told
        });
    }
    let seconds = |number: usize| Duration::from_secs(options.number("seconds", number) as u64);
    let faults = [
        ("200 ms more", Weather::Delays(Duration::from_millis(200)), seconds(4)),
        ("1 % lost", Weather::Loses { percent: 1 }, seconds(4)),
        ("all reset", Weather::Resets, seconds(2)),
        ("a byte in 5 ms", Weather::Trickles(Duration::from_millis(5)), seconds(4)),
        ("mute", Weather::Mute, seconds(8)),
        // What was open stays dead for ever: it is well again from the first moment on.
        ("half open for ever", Weather::Forgets, Duration::ZERO),
    ];
    let mut probes = Vec::new();
    for (name, weather, time) in faults {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let told = answers.of(|_, _| true);
        proxy.turn(weather);
        tokio::time::sleep(time).await;
        if weather != Weather::Forgets {
            proxy.turn(Weather::Fair);
        }
        let (took, probe) = healed(address, next.fetch_add(1, Ordering::SeqCst)).await;
        probes.push(probe);
        let figure = format!("{:.1} s", took.as_secs_f64());
        findings.figure(&format!("{name}: well again after"), figure, "≤ 5 s", took <= HEALED);
        findings.note("refusals meanwhile", answers.of(|_, _| true) - told);
    }
    stop.store(true, Ordering::SeqCst);
    probes.extend(clients.join_all().await.concat());
    findings.note("connections cut", proxy.cut());
    findings.note("503 with Retry-After", answers.of(|status, has| status == 503 && has));
    findings.note("409: the first of two is still at work", answers.of(|status, has| status == 409 && has));
    findings.note("no answer within 10 s", answers.of(|status, _| status == 0));
    let worse = answers.of(|status, has| status != 0 && !(has && [409, 503].contains(&status)));
    findings.figure("other refusals", worse, "0", worse == 0);
    let drained = drain(&scene.database, 0, Duration::from_secs(60)).await;
    findings.figure("drained", drained, "true", drained);
    end(&mut scene.servers, findings).await;
    // A write of the worker that was cut may have been settled and not known to be: its mail goes twice, explained.
    let evidence = Evidence { acknowledged: &probes, relay: &relay.taken(), kills: proxy.cut(), slots: SLOTS };
    check(&scene.database, &evidence, findings).await;
    canaries(&scene.setup, findings);
}

/// How long until somebody who comes now has a requirement acknowledged.
async fn healed(server: SocketAddr, number: usize) -> (Duration, Acknowledged) {
    let started = Instant::now();
    let body = submission(number, &notice_version(&[server], 0).await).to_string();
    let path = "/api/v1/requirements";
    let answer = insist(server, path, &format!("probe-{number}"), &body, &Answers::default()).await;
    let reference = answer["reference"].as_str().unwrap_or_default().to_owned();
    (started.elapsed(), Acknowledged { reference, numbers: Vec::new() })
}

async fn inquire(number: usize, server: SocketAddr, answers: &Answers) -> Acknowledged {
    let version = notice_version(&[server], 0).await;
    let body = submission(number, &version).to_string();
    let answer = insist(server, "/api/v1/requirements", &format!("req-{number}"), &body, answers).await;
    let reference = answer["reference"].as_str().unwrap_or_default().to_owned();
    let parks = [park(number % crate::scene::PARKS)];
    let send = json!({ "listings": parks, "consent": { "notice_version": version, "parks": parks } }).to_string();
    let path = format!("/api/v1/requirements/{reference}/inquiries");
    let answer = insist(server, &path, &format!("inq-{number}"), &send, answers).await;
    let numbers = answer["inquiries"].as_array().into_iter().flatten();
    let numbers = numbers.filter_map(|inquiry| inquiry["number"].as_str().map(str::to_owned)).collect();
    Acknowledged { reference, numbers }
}

async fn insist(server: SocketAddr, path: &str, key: &str, body: &str, answers: &Answers) -> serde_json::Value {
    loop {
        match http::post(server, path, key, body).await {
            Ok(answer) if answer.status == 201 => return answer.json(),
            Ok(answer) => answers.note(answer.status, answer.header("retry-after").is_some()),
            Err(_) => answers.note(0, false),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
