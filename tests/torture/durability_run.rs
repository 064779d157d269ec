//! Durability's order: what a commit wrote is on the disk before anybody is told 201, as the kernel saw it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::Findings;
use crate::database::Raw;
use crate::fault_relay::{At, Offers, Relay};
use crate::matrix::late;
use crate::options::Options;
use crate::scene::{Scene, Stage, canaries, end, insist, notice_version, submission};

/// Limit of an SMTP phase: longer than a run, so that the relay holds the first mails for as long as it lasts.
const LONG_PHASE: Duration = Duration::from_secs(600);

/// T03.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let requests = options.number("requests", 1_000);
    for stage in Stage::BOTH {
        // No mail is sent, so that no commit but those of the submits is seen.
        let held = |at: At, _: &crate::fault_relay::Situation| (at == At::Banner).then(|| late(LONG_PHASE));
        let relay = Relay::scripted(Offers::default(), held).await.expect("a relay");
        let patient = options.with(&[("phase-limit", LONG_PHASE.as_secs() as usize), ("lease", 660)]);
        let Some(mut scene) =
            Scene::open_with(&patient, stage, &relay, 1, &[("LUODI__SERVER__DRAIN_SECONDS", "1")]).await
        else {
            continue;
        };
        match stage {
            Stage::Sqlite => sqlite(&scene, requests, findings).await,
            Stage::Postgres => postgres(&scene, requests, findings).await,
        }
        end(&mut scene.servers, findings).await;
        canaries(&scene.setup, findings);
    }
}

async fn submit_in_turn(scene: &Scene, requests: usize, keys: &str) {
    let servers = [scene.servers[0].address];
    let version = notice_version(&servers, 0).await;
    for number in 0..requests {
        let key = format!("{keys}-{number}");
        insist(&servers, "requirements", Some((&key, &submission(number, &version))), 0).await;
    }
}

async fn sqlite(scene: &Scene, requests: usize, findings: &mut Findings) {
    // The four mails that are held have been claimed after these.
    submit_in_turn(scene, 8, "before").await;
    let file = scene.setup.folder.join("strace");
    let Some(mut trace) = attach(scene.servers[0].id(), &file).await else {
        findings.note("sqlite", "SKIPPED: strace is not installed");
        return;
    };
    submit_in_turn(scene, requests, "durable").await;
    kill_process(Pid::from_child(&trace), Signal::INT).expect("signals");
    trace.wait().expect("ends");
    let seen = Order::read(&std::fs::read_to_string(&file).expect("a trace"));
    let in_order = format!("{} of {}", seen.in_order, seen.told);
    let well = seen.told == requests && seen.in_order == requests;
    findings.figure("sqlite: 201 told after the log's fdatasync", in_order, &format!("{requests} of {requests}"), well);
    findings.figure("sqlite: syncs of the log", seen.syncs, &format!("≥ {requests}"), seen.syncs >= requests);
}

/// Traces a process and all its threads.
async fn attach(id: Pid, file: &Path) -> Option<Child> {
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", "32", "-e", "trace=fsync,fdatasync,write,writev,sendto,sendmsg", "-o"]);
    command.arg(file).args(["-p", &id.as_raw_nonzero().to_string()]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = format!("/proc/{}/status", id.as_raw_nonzero());
    let mut look = tokio::time::interval(Duration::from_millis(20));
    let traced = async {
        while std::fs::read_to_string(&status).is_ok_and(|text| text.contains("TracerPid:\t0\n")) {
            look.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), traced).await.expect("strace attaches");
    Some(child)
}

/// What a trace of requests one after the other says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Order {
    syncs: usize,
    told: usize,
    in_order: usize,
}

impl Order {
    /// Calls of two threads may overlap: then strace writes `<unfinished ...>` and later `resumed`, and a sync counts
    /// from its return on.
    fn read(trace: &str) -> Self {
        let mut order = Self::default();
        let mut begun: Vec<&str> = Vec::new();
        let mut synced = false;
        for line in trace.lines() {
            let thread = line.split_ascii_whitespace().next().unwrap_or_default();
            let is_sync = line.contains("sync(") && line.contains("-wal>");
            if is_sync && line.contains("<unfinished") {
                begun.push(thread);
            }
            let resumed = line.contains("sync resumed>") && begun.contains(&thread);
            if resumed {
                begun.retain(|other| *other != thread);
            }
            if (is_sync || resumed) && line.ends_with("= 0") {
                order.syncs += 1;
                synced = true;
            }
            if line.contains("\"HTTP/1.1 201") {
                order.told += 1;
                order.in_order += usize::from(synced);
                synced = false;
            }
        }
        order
    }
}

async fn postgres(scene: &Scene, requests: usize, findings: &mut Findings) {
    for setting in ["synchronous_commit", "fsync"] {
        let value = scene.database.rows(&format!("SHOW {setting}")).await.concat();
        findings.figure(&format!("postgres: {setting}"), &value, "on", value == "on");
    }
    let syncs = async |database: &Raw| {
        let rows = database.rows("SELECT CAST(wal_sync AS TEXT) FROM pg_stat_wal").await;
        rows.concat().parse::<usize>().unwrap_or_default()
    };
    let before = syncs(&scene.database).await;
    submit_in_turn(scene, requests, "durable").await;
    // A backend tells of its syncs when it has been idle for a moment, at the latest when it ends.
    let mut look = tokio::time::interval(Duration::from_millis(200));
    let mut found = 0;
    for _ in 0..25 {
        look.tick().await;
        found = syncs(&scene.database).await - before;
        if found >= requests {
            break;
        }
    }
    findings.figure("postgres: syncs of the log", found, &format!("≥ {requests}"), found >= requests);
}
