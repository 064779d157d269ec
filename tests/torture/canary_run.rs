//! Personal data and secrets where they have no business: logs, refusals, metrics, the text index, the process list.

use std::collections::HashSet;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Findings;
use crate::database::PASSWORD;
use crate::fault_relay::{At, Does, Offers, Relay};
use crate::http;
use crate::options::Options;
use crate::scene::{Scene, Stage, drain, end, notice_version, park};
use crate::server::Setup;

const COMPANY: &str = "金丝雀探测企业";
const PERSON: &str = "金丝雀探测人";
const PHONE: &str = "13800131234";
const EMAIL: &str = "canary-probe@example.com";
const WORDS: &str = "金丝雀原文";
const SECRET: &str = "canary-relay-password";

/// Where the program panics in a build with failpoints: while it receives, while it writes, before it answers.
#[cfg(feature = "failpoints")]
const PANICS: &str = "accept.in_turn=2*return(panic);submit.rows_stored=1*off->2*return(panic);\
                      inquiry.rows_stored=2*return(panic);accept.answering=5*off->2*return(panic)";

/// T30.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let rounds = options.number("rounds", 50);
    for stage in Stage::BOTH {
        // Some mail fails in each way, so that what is logged of failures is seen.
        let script = |at: At, it: &crate::fault_relay::Situation| {
            let to_enterprise = it.recipient.as_ref().is_some_and(|to| to.contains("canary"));
            match at {
                At::Rcpt if to_enterprise => Some(Does::Says("550 5.1.1 no such user")),
                At::Dot => Some(Does::Says("451 4.3.0 later")),
                _ => None,
            }
        };
        let relay = Relay::scripted(Offers { auth: true, ..Offers::default() }, script).await.expect("a relay");
        let metrics = free_address();
        let url = format!("smtp://luodi:{SECRET}@{}", relay.address());
        let more = [("LUODI__METRICS__LISTEN", metrics.to_string()), ("SMTP_URL", url)];
        // Only a build with failpoints can be made to panic half way through somebody's data.
        #[cfg(feature = "failpoints")]
        let more = more.into_iter().chain([(crate::failpoint_run::ARMED, PANICS.to_owned())]).collect::<Vec<_>>();
        let more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let Some(mut scene) = Scene::open_with(options, stage, &relay, 1, &more).await else { continue };
        let (refusals, references) = talk(scene.servers[0].address, rounds).await;
        drain(&scene.database, rounds, Duration::from_secs(3)).await;
        let processes = called_with_during_a_backup(&scene.setup).await;
        let numbers = http::get(metrics, "/metrics").await.map(|answer| answer.body).unwrap_or_default();
        end(&mut scene.servers, findings).await;
        let log = std::fs::read(scene.setup.log()).unwrap_or_default();
        let panics = String::from_utf8_lossy(&log).matches("panicked at").count();
        findings.note(&format!("{}: panics in the log", stage.name()), panics);
        let places: [(&str, Vec<u8>); 5] = [
            ("the log", log),
            ("refusals", refusals.into_bytes()),
            ("metrics", numbers.into_bytes()),
            ("the text index", files(&scene.setup.folder.join("index"))),
            ("the process list", processes),
        ];
        for (place, bytes) in places {
            let found = canaries_in(&bytes, &references);
            let what = format!("{}: canaries in {place} ({} KiB)", stage.name(), bytes.len().div_ceil(1024));
            findings.figure(&what, found, "0, in more than nothing", found == 0 && !bytes.is_empty());
        }
    }
}

/// What every process of the machine was called with while a backup was made, as everybody there can see.
async fn called_with_during_a_backup(setup: &Setup) -> Vec<u8> {
    let mut command = setup.command(&["backup", &setup.folder.join("backup").display().to_string()]);
    let backup = tokio::task::spawn_blocking(move || command.output().expect("runs"));
    let mut seen = HashSet::new();
    let mut look = tokio::time::interval(Duration::from_millis(1));
    while !backup.is_finished() {
        look.tick().await;
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        seen.extend(processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok()));
    }
    let output = backup.await.expect("without a panic");
    assert!(output.status.success(), "backup: {}", String::from_utf8_lossy(&output.stderr));
    let program = env!("CARGO_BIN_EXE_luodi").as_bytes();
    assert!(seen.iter().any(|line| line.starts_with(program)), "the program was not seen");
    seen.into_iter().flatten().chain(output.stdout).chain(output.stderr).collect()
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port")
}

/// Submits, inquiries, refusals of all sorts and erasures; the refusals' bodies, and the references of what was stored.
async fn talk(server: SocketAddr, rounds: usize) -> (String, Vec<String>) {
    let version = notice_version(&[server], 0).await;
    let good = json!({
        "requirement": { "kinds": ["park"], "land_mu": { "min": 30, "max": 50 } },
        "company": COMPANY, "contact": PERSON, "phone": PHONE, "email": EMAIL, "text": WORDS,
        "consent": { "notice_version": version },
    });
    let (mut refusals, mut references) = (String::new(), Vec::new());
    for round in 0..rounds {
        let key = format!("good-{round}");
        let answer = taken(server, "requirements", &key, &good, &mut refusals).await;
        let reference = answer.json()["reference"].as_str().expect("a reference").to_owned();
        let to = json!({ "listings": [park(round)], "consent": { "notice_version": version, "parks": [park(round)] } });
        let path = format!("requirements/{reference}/inquiries");
        taken(server, &path, &format!("send-{round}"), &to, &mut refusals).await;
        for bad in refused(&good) {
            refusals.push_str(&post(server, "requirements", &format!("bad-{round}"), &bad).await.body);
        }
        // A refusal may name a listing or a code that does not exist; whom it concerns it may not.
        let elsewhere = json!({ "listings": ["nowhere"], "consent": to["consent"] });
        refusals.push_str(&post(server, &path, &format!("bad-{round}"), &elsewhere).await.body);
        refusals
            .push_str(&post(server, "requirements", &format!("good-{round}"), &json!({ "company": PHONE })).await.body);
        references.push(reference);
    }
    (refusals, references)
}

/// Asks until it is taken; an answer of 500 after a panic is one more place to look.
async fn taken(server: SocketAddr, path: &str, key: &str, body: &Value, refusals: &mut String) -> http::Answer {
    loop {
        let answer = post(server, path, key, body).await;
        if answer.status == 201 {
            return answer;
        }
        assert_eq!(answer.status, 500, "{}", answer.body);
        refusals.push_str(&answer.body);
    }
}

async fn post(server: SocketAddr, path: &str, key: &str, body: &Value) -> http::Answer {
    http::post(server, &format!("/api/v1/{path}"), key, &body.to_string()).await.expect("an answer")
}

/// The good submission with one thing wrong at a time.
fn refused(good: &Value) -> Vec<Value> {
    let wrong = [
        ("email", json!(format!("{EMAIL}@@"))),
        ("phone", json!(format!("{PHONE}{PHONE}9"))),
        ("company", json!(COMPANY.repeat(40))),
        ("contact", json!(format!("{PERSON}\u{0}"))),
        ("uscc", json!(EMAIL)),
        ("consent", json!({ "notice_version": PHONE })),
        ("phone", json!({ "number": PHONE })),
    ];
    let with = |(field, value): (&str, Value)| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    wrong.into_iter().map(with).collect()
}

fn files(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        bytes.extend(if path.is_dir() { files(&path) } else { std::fs::read(path).unwrap_or_default() });
    }
    bytes
}

fn canaries_in(bytes: &[u8], references: &[String]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let fixed = [COMPANY, PERSON, PHONE, EMAIL, WORDS, SECRET, PASSWORD];
    fixed.into_iter().chain(references.iter().map(String::as_str)).map(|canary| text.matches(canary).count()).sum()
}
