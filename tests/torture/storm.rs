//! The kill storm: clients that insist, a relay that fails, processes that are killed, and one question: is all of it true?

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use tokio::task::JoinSet;

use crate::Findings;
use crate::checker::{Acknowledged, Evidence, check};
use crate::database::restart_postgres;
use crate::fault_relay::{At, Does, Offers, Relay, Taken};
use crate::matrix::late;
use crate::options::Options;
use crate::scene::{
    PARKS, PHASE_LIMIT, SLOTS, Scene, Stage, canaries, drain, end, insist, notice_version, park, server_errors,
    submission,
};
use crate::server::Server;

/// Reply addresses, and an envelope sender for each mail.
const OWN_ADDRESSES: &[(&str, &str)] = &[
    ("LUODI__MAIL__ALIAS_DOMAIN", "reply.torture.example.com"),
    ("LUODI__MAIL__BOUNCE_DOMAIN", "bounce.torture.example.com"),
];

/// T01 and T02.
pub(crate) async fn run(options: &Options, findings: &mut Findings, stage: Stage) {
    let inquiries = options.number("inquiries", 500);
    let kills = options.number("kills", 5);
    let faults = Arc::new(AtomicBool::new(true));
    let relay = failing_relay(options.seed, Arc::clone(&faults)).await;
    let processes = if stage == Stage::Sqlite { 1 } else { 2 };
    let Some(mut scene) = Scene::open_with(options, stage, &relay, processes, OWN_ADDRESSES).await else { return };
    let servers = &mut scene.servers;
    let addresses: Arc<[SocketAddr]> = servers.iter().map(|server| server.address).collect();
    let started = Instant::now();
    let clients = tokio::spawn(clients(options.seed, inquiries, addresses));
    let restarts = if stage == Stage::Sqlite { 0 } else { options.number("restarts", kills / 5) };
    let comebacks = kill_again_and_again(options.seed, kills, restarts, servers).await;
    let acknowledged = clients.await.expect("the clients end");
    findings.note("submitting took, s", format!("{:.0}", started.elapsed().as_secs_f64()));
    let database = &scene.database;
    // Most of the mail has to go through the failing relay.
    let mails = acknowledged.iter().map(|told| told.numbers.len() + 1).sum::<usize>();
    drain(database, mails / 10, Duration::from_secs(3_600)).await;
    findings.note("nine tenths of the mail were through after, s", format!("{:.0}", started.elapsed().as_secs_f64()));
    faults.store(false, Ordering::SeqCst);
    let faultless = Instant::now();
    let drained = drain(database, 0, Duration::from_secs(600)).await;
    let seconds = faultless.elapsed().as_secs_f64();
    findings.figure("drained after the last fault, s", format!("{seconds:.0}"), "≤ 600", drained);
    end(servers, findings).await;
    let all = acknowledged.len() == inquiries && acknowledged.iter().all(|told| !told.numbers.is_empty());
    findings.figure("requirements acknowledged with inquiries", acknowledged.len(), &inquiries.to_string(), all);
    let taken = relay.taken();
    let evidence = Evidence { acknowledged: &acknowledged, relay: &taken, kills: comebacks.len(), slots: SLOTS };
    check(database, &evidence, findings).await;
    let shared = shared_senders(&taken);
    findings.figure("mails that share an envelope sender", shared, "0", shared == 0);
    comeback_figure(comebacks, findings);
    let broken = server_errors();
    findings.figure("answers 500", broken, "0", broken == 0);
    canaries(&scene.setup, findings);
}

/// 30 % of mails fail: 6 % 421 at connect, 12 % 451 at RCPT, 5 % cut in the body, 4 % taken without an answer, 3 % answered too late.
async fn failing_relay(seed: u64, faults: Arc<AtomicBool>) -> Relay {
    let dice = Mutex::new(StdRng::seed_from_u64(seed ^ 0xfa17));
    let script = move |at: At, _: &crate::fault_relay::Situation| {
        if !faults.load(Ordering::SeqCst) {
            return None;
        }
        let percent = dice.lock().expect("no panic").random_range(0..100);
        match at {
            At::Banner if percent < 6 => Some(Does::SaysAndCloses("421 4.3.2 too busy")),
            At::Rcpt if percent < 12 => Some(Does::Says("451 4.2.1 later")),
            At::Body if percent < 5 => Some(Does::Drops),
            At::Dot if percent < 4 => Some(Does::TakesAndDrops),
            At::Dot if percent < 7 => Some(late(PHASE_LIMIT)),
            _ => None,
        }
    };
    Relay::scripted(Offers::default(), script).await.expect("a relay")
}

/// 32 clients that repeat each post under its key until they are told 201.
async fn clients(seed: u64, inquiries: usize, servers: Arc<[SocketAddr]>) -> Vec<Acknowledged> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut running = JoinSet::new();
    for _ in 0..32 {
        let (next, servers) = (Arc::clone(&next), Arc::clone(&servers));
        running.spawn(async move {
            let mut told = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::SeqCst);
                if number >= inquiries {
                    return told;
                }
                told.push(inquire(seed, number, &servers).await);
            }
        });
    }
    running.join_all().await.concat()
}

pub(crate) async fn inquire(seed: u64, number: usize, servers: &[SocketAddr]) -> Acknowledged {
    let mut dice = StdRng::seed_from_u64(seed ^ (number as u64) << 20);
    let version = notice_version(servers, number).await;
    let submission = submission(number, &version);
    let key = format!("req-{seed}-{number}");
    let answer = insist(servers, "requirements", Some((&key, &submission)), number).await;
    let reference = answer["reference"].as_str().unwrap_or_default().to_owned();
    let first = dice.random_range(0..PARKS);
    let parks: Vec<_> = (0..dice.random_range(1..=4)).map(|step| park((first + step * 37) % PARKS)).collect();
    let send = json!({ "listings": parks, "consent": { "notice_version": version, "parks": parks } });
    let key = format!("inq-{seed}-{number}");
    let path = format!("requirements/{reference}/inquiries");
    let answer = insist(servers, &path, Some((&key, &send)), number).await;
    let numbers = answer["inquiries"].as_array().into_iter().flatten();
    let numbers = numbers.filter_map(|inquiry| inquiry["number"].as_str().map(str::to_owned)).collect();
    Acknowledged { reference, numbers }
}

/// Mails whose envelope sender is that of another one, or none of their own (VERP).
fn shared_senders(taken: &[Taken]) -> usize {
    let mut owners: HashMap<&str, &Option<String>> = HashMap::new();
    let mut shared = 0;
    for mail in taken.iter().filter(|mail| mail.accepted) {
        let owner = owners.entry(mail.sender.as_str()).or_insert(&mail.message_id);
        shared += usize::from(*owner != &mail.message_id || !mail.sender.contains("bounce+"));
    }
    shared
}

/// SIGKILL after 0.3 to 4 s, again and again, the processes in turn; how long each took to serve again.
async fn kill_again_and_again(seed: u64, kills: usize, restarts: usize, servers: &mut [Server]) -> Vec<Duration> {
    let mut dice = StdRng::seed_from_u64(seed ^ 0x9111);
    let mut comebacks = Vec::new();
    for kill in 0..kills {
        tokio::time::sleep(Duration::from_millis(dice.random_range(300..4_000))).await;
        if restarts > 0 && kill % kills.div_ceil(restarts) == 0 {
            restart_postgres();
        }
        let place = kill % servers.len();
        servers[place].kill_and_restart();
        comebacks.push(servers[place].ready().await);
    }
    comebacks
}

fn comeback_figure(mut comebacks: Vec<Duration>, findings: &mut Findings) {
    comebacks.sort_unstable();
    let Some(p95) = comebacks.get(comebacks.len().saturating_sub(1) * 95 / 100) else { return };
    let seconds = p95.as_secs_f64();
    findings.speed("restart to the first 200, p95, s", format!("{seconds:.2}"), "≤ 1.0", seconds <= 1.0);
}
