//! T04: the disk under the database fills up under load, stays full and is freed, again and again. What was acknowledged
//! is there, what was not says when to come again, reads go on, and with the room the service is back.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::Findings;
use crate::checker::{Acknowledged, Evidence, check};
use crate::crowd::Crowd;
use crate::database::{Raw, postgres_url};
use crate::fault_relay::Relay;
use crate::http;
use crate::load_client::{Seen, open_loop, references, submits};
use crate::options::Options;
use crate::scene::{SLOTS, Scene, Stage, canaries, drain, end, notice_version, submission};

/// Set where mounts are the run's own.
const OWN_MOUNTS: &str = "LUODI_TORTURE_OWN_MOUNTS";
/// Submits a second, besides those of clients that insist.
const RATE: f64 = 90.0;
/// From one cycle's free disk to the next one's full: a submit takes 12 KB, and all cycles together must not fill it.
const OPEN: Duration = Duration::from_millis(1_500);
const BACK: Duration = Duration::from_secs(2);

pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    if std::env::var_os(OWN_MOUNTS).is_none() {
        return run_with_own_mounts(options, findings);
    }
    for (stage, megabytes) in [(Stage::Sqlite, 24), (Stage::Postgres, 64)] {
        let disk = Disk::mount(megabytes);
        let Some(url) = database_on(&disk, stage).await else { continue };
        println!("{}:", stage.name());
        fill_again_and_again(options, &disk, url, findings).await;
    }
}

/// The same run once more, in a namespace whose mounts end with it.
fn run_with_own_mounts(options: &Options, findings: &mut Findings) {
    let unshare = ["--mount", "--propagation", "private", "--"];
    let is_allowed = Command::new("unshare").args(unshare).arg("true").status().is_ok_and(|status| status.success());
    if !is_allowed {
        findings.note("t04", "SKIPPED: no mounts are allowed here");
        return;
    }
    let mut command = Command::new("unshare");
    command.args(unshare).arg(std::env::current_exe().expect("this program")).arg("t04").args(options.arguments());
    command.env(OWN_MOUNTS, "1").env("TORTURE_SEED", options.seed.to_string());
    let is_green = command.status().expect("runs").success();
    findings.figure("with mounts of its own", if is_green { "green" } else { "red" }, "green", is_green);
}

/// A small disk, and the file that fills it.
struct Disk {
    folder: TempDir,
}

impl Disk {
    fn mount(megabytes: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let size = format!("size={megabytes}m");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).status();
        assert!(mount.is_ok_and(|status| status.success()), "cannot mount a small disk");
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    fn fill(&self) {
        let mut ballast = File::create(self.ballast()).expect("a file");
        let zeros = [0; 4_096];
        let full = std::iter::from_fn(|| Some(ballast.write_all(&zeros))).find_map(Result::err);
        assert_eq!(full.map(|error| error.kind()), Some(ErrorKind::StorageFull));
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).expect("removes");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a server that is being killed may still have files open. The namespace ends all the same.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

/// The URL of an empty database that lies on the disk; none where PostgreSQL is not installed.
async fn database_on(disk: &Disk, stage: Stage) -> Option<String> {
    if stage == Stage::Sqlite {
        return Some(format!("sqlite://{}?mode=rwc", disk.path().join("luodi.db").display()));
    }
    let (elsewhere, url) = (postgres_url().await?, postgres_url().await?);
    let chown = Command::new("chown").arg("postgres").arg(disk.path()).status();
    assert!(chown.is_ok_and(|status| status.success()), "cannot give the disk to PostgreSQL");
    let name = url.split('?').next().and_then(|path| path.rsplit('/').next()).expect("a name");
    let admin = Raw::open(&elsewhere).await;
    admin.execute(&format!("CREATE TABLESPACE small LOCATION '{}'", disk.path().display())).await;
    admin.execute(&format!("ALTER DATABASE {name} SET TABLESPACE small")).await;
    Some(url)
}

async fn fill_again_and_again(options: &Options, disk: &Disk, url: String, findings: &mut Findings) {
    let cycles = options.number("cycles", 5);
    let hold = Duration::from_secs(options.number("hold", 30) as u64);
    let relay = Relay::healthy().await.expect("a relay");
    let least_free = [("LUODI__DATABASE__LEAST_FREE_MB", "2")];
    let mut scene = Scene::over(options, url, &relay, &least_free).await;
    let address = scene.servers[0].address;
    let version = notice_version(&[address], 0).await;
    let mut crowd = Crowd::of(1, address, Duration::from_millis(100));
    let time = (OPEN + hold) * u32::try_from(cycles).expect("few") + OPEN;
    let load = tokio::spawn(open_loop(address, RATE, time, submits("load", &version)));
    let mut probes = Vec::new();
    for cycle in 1..=cycles {
        tokio::time::sleep(OPEN).await;
        disk.fill();
        tokio::time::sleep(hold).await;
        while_full(address, scene.database.is_sqlite(), findings).await;
        disk.free();
        let (took, probe) = crowd.healed().await;
        probes.push(probe);
        let seconds = format!("{:.2}", took.as_secs_f64());
        findings.figure(&format!("cycle {cycle}: back after the room, s"), seconds, "≤ 2", took <= BACK);
        let status = http::get(address, "/readyz").await.map_or(0, |answer| answer.status);
        findings.figure("/readyz with room", status, "200", status == 200);
    }
    let seen = load.await.expect("the load ends");
    probes.extend(crowd.end().await);
    let alone = |reference| Acknowledged { reference, numbers: Vec::new() };
    probes.extend(references(&seen).into_iter().map(alone));
    refusals(&seen, &crowd, findings);
    let drained = drain(&scene.database, 0, Duration::from_secs(60)).await;
    findings.figure("drained", drained, "true", drained);
    end(&mut scene.servers, findings).await;
    // What was sent when the room ended could not be settled until its lease was over: it goes twice, explained.
    let evidence = Evidence { acknowledged: &probes, relay: &relay.taken(), kills: cycles, slots: SLOTS };
    check(&scene.database, &evidence, findings).await;
    canaries(&scene.setup, findings);
}

/// A full disk is no reason not to read; that nothing can be stored is said to whoever routes requests.
async fn while_full(server: SocketAddr, is_sqlite: bool, findings: &mut Findings) {
    let wants = submission(0, "")["requirement"].to_string();
    let reads = [
        http::get(server, "/").await,
        http::get(server, "/api/v1/notice").await,
        http::get(server, "/api/v1/listings/T0001").await,
        http::post(server, "/api/v1/matches", "none", &wants).await,
    ];
    let answered = reads.iter().flatten().filter(|answer| answer.status == 200).count();
    findings.figure("reads while full", format!("{answered} of 4"), "4 of 4", answered == reads.len());
    if is_sqlite {
        let status = http::get(server, "/readyz").await.map_or(0, |answer| answer.status);
        findings.figure("/readyz while full", status, "503", status == 503);
    }
}

fn refusals(seen: &[Seen], crowd: &Crowd, findings: &mut Findings) {
    let of = |wanted: &dyn Fn(u16, bool) -> bool| {
        seen.iter().filter(|seen| seen.status != 201 && wanted(seen.status, seen.says_when)).count()
            + crowd.refusals(wanted)
    };
    let well = of(&|status, says_when| status == 503 && says_when);
    let all = of(&|_, _| true);
    let told = format!("{well} of {all}");
    findings.figure("refusals of 503 with Retry-After", told, "all, and some", well == all && all > 0);
    findings.note("submits at a fixed rate", seen.len());
    findings.note("of them acknowledged", seen.iter().filter(|seen| seen.status == 201).count());
}
