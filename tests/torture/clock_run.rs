//! The wall clock jumps while inquiries are under way, over sessions and over the retention's period (T13); time that has passed
//! is measured by the monotonic clock, which no jump touches.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio_util::sync::CancellationToken;

use crate::Findings;
use crate::checker::{Acknowledged, Evidence, check, doubles};
use crate::fault_relay::{At, Does, Offers, Relay};
use crate::http;
use crate::options::Options;
use crate::scene::{SLOTS, Scene, Stage, drain, end, insist, notice_version, submission};
use crate::server::Server;
use crate::storm::inquire;

/// Names the file that holds the shift of the program's clock, ms.
const CLOCK: &str = "LUODI_FAILPOINTS_CLOCK";
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Ten seconds before 29 February 2028 and before the year 2027 begin in China, ms since 1970.
const LEAP_DAY: i64 = 1_835_366_390_000;
const YEAR_END: i64 = 1_798_732_790_000;
/// Submissions before the clock moves on, and those after.
const OLD: usize = 10;
const YOUNG: usize = 5;

/// T13.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    for stage in Stage::BOTH {
        println!("       {}", stage.name());
        let relay = sometimes_later(options.seed).await;
        let Some((mut scene, clock)) = started(options, stage, &relay).await else { continue };
        let acknowledged = jumps(options, &scene, &clock).await;
        come_to_rest(&mut scene, &clock, findings).await;
        let taken = relay.taken();
        let evidence = Evidence { acknowledged: &acknowledged, relay: &taken, kills: 0, slots: SLOTS };
        check(&scene.database, &evidence, findings).await;
        let twice = doubles(&taken);
        findings.figure("mails doubled", twice, "0", twice == 0);
        sessions(&scene, &clock, findings).await;
        end(&mut scene.servers, findings).await;
        // In a scene of its own: there must be nothing of another time that is due, too.
        let Some((mut scene, clock)) = started(options, stage, &relay).await else { continue };
        retention(&mut scene, &clock, findings).await;
        end(&mut scene.servers, findings).await;
    }
}

/// A scene whose processes have a clock that can be moved.
async fn started(options: &Options, stage: Stage, relay: &Relay) -> Option<(Scene, ProgramClock)> {
    let mut scene = Scene::open(options, stage, relay, 0).await?;
    let clock = ProgramClock(scene.setup.folder.join("clock"));
    clock.shift(0);
    scene.setup.more.push((CLOCK.to_owned(), clock.0.display().to_string()));
    let processes = if stage == Stage::Sqlite { 1 } else { 2 };
    scene.servers = (0..processes).map(|_| Server::start(&scene.setup)).collect();
    ready(&mut scene).await;
    Some((scene, clock))
}

/// The clock of the program's processes.
struct ProgramClock(PathBuf);

impl ProgramClock {
    fn shift(&self, by: i64) {
        // In place at once: a process that reads half of it would jump elsewhere.
        let next = self.0.with_extension("next");
        std::fs::write(&next, by.to_string()).expect("writes");
        std::fs::rename(&next, &self.0).expect("moves");
    }

    fn set(&self, to: i64) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as i64;
        self.shift(to - now);
    }
}

/// Three of ten mails are asked for later, none is in doubt: a double would be the clock's.
async fn sometimes_later(seed: u64) -> Relay {
    let dice = Mutex::new(StdRng::seed_from_u64(seed ^ 0xc10c));
    let script = move |at: At, _: &crate::fault_relay::Situation| {
        let is_late = at == At::Rcpt && dice.lock().expect("no panic").random_range(0..10) < 3;
        is_late.then_some(Does::Says("451 4.2.1 later"))
    };
    Relay::scripted(Offers::default(), script).await.expect("a relay")
}

async fn ready(scene: &mut Scene) {
    for server in &mut scene.servers {
        server.ready().await;
    }
}

fn addresses(scene: &Scene) -> Arc<[SocketAddr]> {
    scene.servers.iter().map(|server| server.address).collect()
}

/// Inquiries one after the other while the clock jumps; returns what clients were told.
async fn jumps(options: &Options, scene: &Scene, clock: &ProgramClock) -> Vec<Acknowledged> {
    let stop = CancellationToken::new();
    let (addresses, ended, seed) = (addresses(scene), stop.clone(), options.seed);
    let client = tokio::spawn(async move {
        let mut told = Vec::new();
        while !ended.is_cancelled() {
            told.push(inquire(seed, told.len(), &addresses).await);
        }
        told
    });
    let pause = async || tokio::time::sleep(Duration::from_secs(3)).await;
    pause().await;
    for by in [HOUR, 0, DAY, 0, -HOUR, 0, -DAY, 0] {
        clock.shift(by);
        pause().await;
    }
    for to in [LEAP_DAY, YEAR_END] {
        clock.set(to);
        tokio::time::sleep(Duration::from_secs(14)).await;
    }
    clock.shift(0);
    pause().await;
    stop.cancel();
    client.await.expect("the client ends")
}

/// A quarter of an hour after the clock is right again nothing waits.
async fn come_to_rest(scene: &mut Scene, clock: &ProgramClock, findings: &mut Findings) {
    clock.shift(16 * MINUTE);
    let drained = drain(&scene.database, 0, Duration::from_secs(180)).await;
    findings.figure("drained a quarter of an hour after the clock was right again", drained, "true", drained);
    clock.shift(0);
}

/// Idle for half an hour, older than twelve hours, or begun in the future: a session has ended.
async fn sessions(scene: &Scene, clock: &ProgramClock, findings: &mut Findings) {
    let output = scene.setup.command(&["user", "add", "staff@example.com", "--role", "admin"]).output().expect("runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let link = printed.split_whitespace().find_map(|word| Some(word[word.find("/staff/link/")?..].to_owned()));
    let server = scene.servers[0].address;
    let cookie = sign_in(server, &link.expect("a link"), "password=a+sentence+of+twelve").await;
    let mut lived = 0;
    for minutes in (0..=12 * 60 + 25).step_by(25) {
        clock.shift(minutes * MINUTE);
        if !is_signed_in(server, &cookie).await {
            break;
        }
        lived = minutes;
    }
    findings.figure("a session in use lives, minutes", lived, "700 to 720", (695..720).contains(&lived));
    for (what, by, lives) in [
        ("29 minutes unused", 29 * MINUTE, true),
        ("31 minutes unused", 31 * MINUTE, false),
        ("begun tomorrow", -DAY, false),
    ] {
        clock.shift(0);
        let cookie = sign_in(server, "/staff/sign-in", "email=staff%40example.com&password=a+sentence+of+twelve").await;
        clock.shift(by);
        let found = is_signed_in(server, &cookie).await;
        findings.figure(&format!("a session {what} lives"), found, &lives.to_string(), found == lives);
    }
    clock.shift(0);
}

async fn sign_in(server: SocketAddr, path: &str, form: &str) -> String {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: torture.example.com\r\nConnection: close\r\nAccept: text/html\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let answer = http::call(server, &request).await.expect("an answer");
    let cookie = answer.header("set-cookie").unwrap_or_else(|| panic!("{path}: {} {}", answer.status, answer.body));
    cookie.split(';').next().unwrap_or_default().to_owned()
}

async fn is_signed_in(server: SocketAddr, cookie: &str) -> bool {
    let request = format!(
        "GET /staff HTTP/1.1\r\nHost: torture.example.com\r\nConnection: close\r\nAccept: text/html\r\nCookie: {cookie}\r\n\r\n"
    );
    http::call(server, &request).await.expect("an answer").status == 200
}

/// At two years and a half month the requirements of today are due, and those of the month after are not.
async fn retention(scene: &mut Scene, clock: &ProgramClock, findings: &mut Findings) {
    let addresses = addresses(scene);
    let mut references = Vec::new();
    for (number, by) in (0..OLD + YOUNG).map(|number| (number, if number < OLD { 0 } else { 30 * DAY })) {
        if number == OLD {
            // A mail that leaves later is contact, too.
            drain(&scene.database, 0, Duration::from_secs(60)).await;
        }
        clock.shift(by);
        let body = submission(1_000_000 + number, &notice_version(&addresses, 0).await);
        let answer = insist(&addresses, "requirements", Some((&format!("kept-{number}"), &body)), 0).await;
        references.push(answer["reference"].as_str().unwrap_or_default().to_owned());
    }
    drain(&scene.database, 0, Duration::from_secs(60)).await;
    clock.shift(745 * DAY);
    for server in &mut scene.servers {
        server.kill_and_restart();
    }
    ready(scene).await;
    let mut kept = Vec::new();
    for _ in 0..200 {
        let rows = scene.database.rows("SELECT reference FROM requirement WHERE phone IS NOT NULL").await;
        kept = references.iter().map(|reference| rows.contains(reference)).collect::<Vec<_>>();
        if kept[..OLD].iter().all(|is_kept| !is_kept) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let gone = kept[..OLD].iter().filter(|is_kept| !**is_kept).count();
    findings.figure("requirements past 24 months that were erased", gone, &OLD.to_string(), gone == OLD);
    let young = kept[OLD..].iter().filter(|is_kept| **is_kept).count();
    findings.figure("younger ones that stay", young, &YOUNG.to_string(), young == YOUNG);
    clock.shift(0);
}
