//! A search server that fails in every way: searches are answered all the same, and once it is well it holds what we hold.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Findings;
use crate::fault_relay::Relay;
use crate::load_client::{Requests, Seen, closed_loop_of, quantile, shown};
use crate::meili_stub::{MeiliStub, Mood};
use crate::options::Options;
use crate::scene::{PARKS, Scene, Stage, canaries, end, park};

const FAULTS: [Mood; 5] = [Mood::Down, Mood::Slow, Mood::Broken, Mood::FailsLater, Mood::FindsGhosts];
/// The breaker asks again after ten seconds; a rebuild that failed is tried again after five.
const HEALS: Duration = Duration::from_secs(60);

/// T08.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let searches = options.number("searches", 500);
    let stub = MeiliStub::start().await;
    let relay = Relay::healthy().await.expect("a relay");
    let url = format!("http://{}", stub.address);
    let Some(mut scene) = Scene::open_with(options, Stage::Sqlite, &relay, 1, &[("MEILI_URL", &url)]).await else {
        return;
    };
    let server = scene.servers[0].address;
    await_index(&stub, "测试园区", findings, "built").await;
    for (turn, mood) in FAULTS.into_iter().enumerate() {
        await_breaker(server, &stub).await;
        stub.set(mood);
        let name = format!("{mood:?}");
        let seen = ask(server, searches).await;
        tabulate(&name, &seen, findings);
        // A change meanwhile must not be lost.
        let word = format!("改名{turn}园区");
        rename(&scene, &word).await;
        // By now it has been tried to tell the index, more than once.
        let mut ticks = tokio::time::interval(Duration::from_millis(1_500));
        ticks.tick().await;
        ticks.tick().await;
        let fresh = closed_loop_of(server, 1, 1, request("改名")).await;
        findings.note(&format!("{name}: a search right after a change"), fresh.first().map_or(0, |seen| seen.status));
        stub.set(Mood::Well);
        await_index(&stub, &word, findings, &name).await;
    }
    end(&mut scene.servers, findings).await;
    canaries(&scene.setup, findings);
}

fn request(words: &str) -> Arc<Requests> {
    let words: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
    Arc::new(move |_| format!("GET /api/v1/search?q={words} HTTP/1.1\r\nHost: a.example.com\r\n\r\n").into_bytes())
}

async fn ask(server: SocketAddr, searches: usize) -> Vec<Seen> {
    closed_loop_of(server, 1, searches, request("园区")).await
}

fn tabulate(name: &str, seen: &[Seen], findings: &mut Findings) {
    let well = seen.iter().filter(|seen| seen.status == 200).count();
    findings.figure(&format!("{name}: searches answered 200"), well, &seen.len().to_string(), well == seen.len());
    let later: Vec<&Seen> = seen.iter().skip(5).collect();
    let p99 = quantile(&later, 990);
    let what = format!("{name}: p99 from the sixth on");
    findings.figure(&what, shown(&later), "≤ 400 ms", p99 <= Duration::from_millis(400));
    let ghosts = seen.iter().filter(|seen| seen.body.contains("ghost")).count();
    findings.figure(&format!("{name}: hits that are not published"), ghosts, "0", ghosts == 0);
}

/// Waits until searches reach the stub again.
async fn await_breaker(server: SocketAddr, stub: &MeiliStub) {
    stub.searches();
    let mut look = tokio::time::interval(Duration::from_millis(250));
    for _ in 0..120 {
        look.tick().await;
        ask(server, 1).await;
        if stub.searches() > 0 {
            return;
        }
    }
}

async fn rename(scene: &Scene, word: &str) {
    let mut csv = "code,name,level,province,inbox_email\n".to_owned();
    for number in 0..PARKS {
        let code = park(number);
        csv.push_str(&format!("{code},{word}{number},省级,浙江省,inbox-{number}@example.com\n"));
    }
    let file = scene.setup.folder.join("renamed.csv");
    std::fs::write(&file, csv).expect("writes");
    let output = scene.setup.command(&["import", "parks", &file.display().to_string()]).output().expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Waits until the stub holds every park under this name, and nothing else.
async fn await_index(stub: &MeiliStub, word: &str, findings: &mut Findings, after: &str) {
    let wanted: Vec<String> = {
        let mut all: Vec<_> = (0..PARKS).map(|number| format!("{} {word}{number}", park(number))).collect();
        all.sort_unstable();
        all
    };
    let started = Instant::now();
    let mut look = tokio::time::interval(Duration::from_millis(200));
    while stub.titles() != wanted && started.elapsed() < HEALS {
        look.tick().await;
    }
    let held = stub.titles();
    let apart = wanted.iter().filter(|title| !held.contains(title)).count()
        + held.iter().filter(|title| !wanted.contains(title)).count();
    let seconds = started.elapsed().as_secs_f64();
    let what = format!("{after}: index and database apart, after {seconds:.1} s");
    findings.figure(&what, apart, "0 within 60 s", apart == 0);
}
