//! T33: at each named point the program fails in each way, with inquiries under way; nothing may be lost, doubled or
//! left half done, and the point must have been reached.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use luodi::failpoint::POINTS;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Findings;
use crate::checker::{Acknowledged, Evidence, check};
use crate::commands_run;
use crate::fault_relay::{At, Does, Offers, Relay, Taken};
use crate::http;
use crate::options::Options;
use crate::scene::{PARKS, SLOTS, Scene, Stage, drain, end, insist, notice_version, park, submission};
use crate::server::Server;

const ACTIONS: [&str; 4] = ["error", "panic", "sleep", "abort"];
/// Every so manieth requirement is withdrawn again.
const WITHDRAWN: usize = 8;
/// The names under which the program learns what to do at which point, and where it tells that it did.
pub(crate) const ARMED: &str = "LUODI_FAILPOINTS";
const JOURNAL: &str = "LUODI_FAILPOINTS_JOURNAL";

/// All points and actions, or `--point` and `--action` by their places in the lists.
pub(crate) async fn run(options: &Options, findings: &mut Findings, stage: Stage) {
    let at_once = Arc::new(Semaphore::new(options.number("at-once", 3)));
    let mut running = JoinSet::new();
    for (place, point) in POINTS.iter().enumerate() {
        for (number, action) in ACTIONS.iter().enumerate() {
            let is_asked = |name: &str, place: usize| options.number(name, place) == place;
            // On PostgreSQL pg_dump and pg_restore do what these points are about, and rows are one statement.
            let is_there =
                stage == Stage::Sqlite || !["backup.", "restore.", "rows."].iter().any(|part| point.starts_with(part));
            if is_asked("point", place) && is_asked("action", number) && is_there {
                let case = Case { point, action, skipped: skipped(options, place, point), stage };
                // Longer than the longest sleep, so that only a death lets a lease run out.
                let (options, at_once) = (options.with(&[("lease", 12)]), Arc::clone(&at_once));
                running.spawn(async move {
                    let _turn = at_once.acquire_owned().await.expect("open");
                    case.carry_out(&options).await
                });
            }
        }
    }
    let cases = running.len();
    let mut green = 0;
    let mut kills = 0;
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok(report) => {
                kills += report.reached;
                green += usize::from(report.missed.is_empty());
                println!("  {report}");
            }
            Err(panic) => println!("  a case came to no end: {panic}"),
        }
    }
    findings.note("failures injected", kills);
    findings.figure("points and actions with I1 to I9 at 0", green, &cases.to_string(), green == cases);
}

/// How often the point is passed before it acts, so that not only the first inquiry meets it.
fn skipped(options: &Options, place: usize, point: &str) -> u64 {
    let dice = options.seed.wrapping_mul(0x9e37_79b9).rotate_left(place as u32) >> 7;
    match point.split('.').next().unwrap_or_default() {
        "db" | "rows" => dice % 30,
        "withdraw" | "erase" => dice % 3,
        "bounce" | "import" | "backup" | "restore" => 0,
        _ => dice % 8,
    }
}

struct Case {
    point: &'static str,
    action: &'static str,
    skipped: u64,
    stage: Stage,
}

/// What became of a case.
struct Report {
    case: String,
    reached: usize,
    deaths: usize,
    missed: Vec<String>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mark = if self.missed.is_empty() { "ok  " } else { "MISS" };
        write!(f, "{mark} {:<34} reached {}, deaths {}", self.case, self.reached, self.deaths)?;
        if self.missed.is_empty() { Ok(()) } else { write!(f, ": {}", self.missed.join("; ")) }
    }
}

impl Case {
    async fn carry_out(&self, options: &Options) -> Report {
        let mut findings = Findings::quiet();
        let case = format!("{} {}", self.point, self.action);
        let is_shut = Arc::new(AtomicBool::new(self.concerns("backup") || self.concerns("restore")));
        let relay = relay(Arc::clone(&is_shut)).await;
        let Some(mut scene) = Scene::open(options, self.stage, &relay, 0).await else {
            return Report { case, reached: 0, deaths: 0, missed: vec!["no database".to_owned()] };
        };
        let journal = scene.setup.folder.join("failpoints");
        let times = if ["error", "panic"].contains(&self.action) { 3 } else { 1 };
        let armed = format!("{}={}*off->{times}*return({})", self.point, self.skipped, self.action);
        scene.setup.more.push((JOURNAL.to_owned(), journal.display().to_string()));
        scene.setup.more.push((ARMED.to_owned(), armed));
        let stop = CancellationToken::new();
        let server = Server::start(&scene.setup);
        let address = server.address;
        let supervisor = tokio::spawn(supervise(server, stop.clone()));
        let (acknowledged, withdrawn) = clients(options, address).await;
        if self.concerns("import") {
            commands_run::import(&scene.setup, address, self.point, &mut findings).await;
        }
        if self.concerns("backup") || self.concerns("restore") {
            commands_run::backup_and_restore(&scene.setup, &mut findings).await;
        }
        is_shut.store(false, Ordering::SeqCst);
        let drained = drain(&scene.database, 0, Duration::from_secs(90)).await;
        findings.figure("drained", drained, "true", drained);
        if self.concerns("bounce") {
            commands_run::bounces(&scene.setup, &scene.database, &mut findings).await;
        }
        stop.cancel();
        let (server, deaths) = supervisor.await.expect("the supervisor ends");
        scene.servers.push(server);
        end(&mut scene.servers, &mut findings).await;
        let reached = lines(&journal, &format!("{} {}", self.point, self.action));
        findings.figure("the point was reached", reached, "≥ 1", reached >= 1);
        let is_command = ["import", "backup", "restore", "bounce"].iter().any(|part| self.concerns(part));
        let wanted = usize::from(self.action == "abort" && !is_command);
        // The server finishes an import whose command died, and may reach the point as well.
        let as_wanted = deaths.min(1) == wanted || self.action == "abort" && self.concerns("import");
        findings.figure("deaths of the server", deaths, &wanted.to_string(), as_wanted);
        let relay = as_forgotten(relay.taken(), &withdrawn);
        let evidence = Evidence { acknowledged: &acknowledged, relay: &relay, kills: reached, slots: SLOTS };
        check(&scene.database, &evidence, &mut findings).await;
        Report { case, reached, deaths, missed: findings.missed }
    }

    fn concerns(&self, part: &str) -> bool {
        self.point.split('.').next() == Some(part)
    }
}

/// Refuses for a while every mail that it is offered, until it is opened.
async fn relay(is_shut: Arc<AtomicBool>) -> Relay {
    let script = move |at: At, _: &crate::fault_relay::Situation| {
        (at == At::Rcpt && is_shut.load(Ordering::SeqCst)).then_some(Does::Says("451 4.2.1 later"))
    };
    Relay::scripted(Offers::default(), script).await.expect("a relay")
}

/// Starts the process again whenever it has died; from the second death on with nothing armed.
async fn supervise(mut server: Server, stop: CancellationToken) -> (Server, usize) {
    let mut deaths = 0;
    let mut look = tokio::time::interval(Duration::from_millis(20));
    while !stop.is_cancelled() {
        look.tick().await;
        if let Some(is_death) = server.ended() {
            // Another process of another case may have been faster with the port: that is no death.
            deaths += usize::from(is_death);
            if deaths > 1 {
                server.forget(ARMED);
            }
            server.start_again();
        }
    }
    // What died at the last moment is up again before it is told to end.
    server.ready().await;
    (server, deaths)
}

/// What clients were told, and the addresses of those that withdrew.
async fn clients(options: &Options, server: SocketAddr) -> (Vec<Acknowledged>, Vec<String>) {
    let inquiries = options.number("inquiries", 50);
    let mut running = JoinSet::new();
    let turns = Arc::new(Semaphore::new(8));
    for number in 0..inquiries {
        let turns = Arc::clone(&turns);
        running.spawn(async move {
            let _turn = turns.acquire_owned().await.expect("open");
            (number, inquire(number, server).await)
        });
    }
    let mut told = Vec::new();
    let mut withdrawn = Vec::new();
    for (number, acknowledged) in running.join_all().await {
        if number % WITHDRAWN == 0 {
            withdrawn.push(format!("client-{number}@example.com"));
        }
        told.push(acknowledged);
    }
    (told, withdrawn)
}

async fn inquire(number: usize, server: SocketAddr) -> Acknowledged {
    let version = notice_version(&[server], 0).await;
    let submission = submission(number, &version);
    let answer = insist(&[server], "requirements", Some((&format!("req-{number}"), &submission)), 0).await;
    let reference = answer["reference"].as_str().unwrap_or_default().to_owned();
    let parks: Vec<_> = (0..1 + number % 2).map(|step| park((number + step * 37) % PARKS)).collect();
    let send = json!({ "listings": parks, "consent": { "notice_version": version, "parks": parks } });
    let path = format!("requirements/{reference}/inquiries");
    let answer = insist(&[server], &path, Some((&format!("inq-{number}"), &send)), 0).await;
    let numbers = answer["inquiries"].as_array().into_iter().flatten();
    let numbers = numbers.filter_map(|inquiry| inquiry["number"].as_str().map(str::to_owned)).collect();
    if number.is_multiple_of(WITHDRAWN) {
        withdraw(&reference, number, server).await;
    }
    Acknowledged { reference, numbers }
}

/// Repeats the call under its key until it is told 204: a 410 would say that an answer was lost.
async fn withdraw(reference: &str, number: usize, server: SocketAddr) {
    let path = format!("/api/v1/requirements/{reference}");
    loop {
        match http::delete(server, &path, &format!("del-{number}")).await {
            Ok(answer) if answer.status == 204 => return,
            Ok(answer) if ![409, 429, 500, 503].contains(&answer.status) => {
                panic!("{path}: {} {}", answer.status, answer.body)
            }
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// The receipts of those that withdrew as the database remembers them: without the address.
fn as_forgotten(mut taken: Vec<Taken>, withdrawn: &[String]) -> Vec<Taken> {
    for mail in &mut taken {
        if withdrawn.contains(&mail.recipient) {
            mail.recipient.clear();
        }
    }
    taken
}

fn lines(file: &Path, line: &str) -> usize {
    std::fs::read_to_string(file).unwrap_or_default().lines().filter(|found| *found == line).count()
}
