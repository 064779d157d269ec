//! The torture suite: `cargo test --release --test torture -- RUN [--name value]…`; without a run it lists them.
#![expect(clippy::print_stdout, reason = "a report is what it is for")]

mod abuse_run;
mod bare;
mod canary_run;
mod checker;
#[cfg(feature = "failpoints")]
mod clock_run;
#[cfg(feature = "failpoints")]
mod commands_run;
mod crowd;
#[path = "../support/database.rs"]
mod database;
mod disk_run;
#[path = "../browser/driver.rs"]
#[expect(dead_code, reason = "the walk uses more of it")]
mod driver;
mod durability_run;
#[cfg(feature = "failpoints")]
mod failpoint_run;
#[path = "../support/fault_proxy.rs"]
mod fault_proxy;
#[path = "../support/relay.rs"]
#[expect(dead_code, reason = "the integration tests use more of it")]
mod fault_relay;
mod http;
#[path = "../support/imap.rs"]
mod imap;
mod load_client;
mod load_run;
#[path = "../support/mailbag.rs"]
mod mailbag;
mod markup_run;
#[path = "../support/matrix.rs"]
mod matrix;
mod meili_run;
#[path = "../support/meili_stub.rs"]
#[expect(dead_code, reason = "the integration tests use more of it")]
mod meili_stub;
mod network_run;
mod options;
mod outbox_runs;
mod postfix_run;
mod receive_runs;
mod relay_runs;
mod rolling_run;
mod scene;
mod server;
mod silence_run;
mod slow_run;
mod storm;
mod web_runs;

use std::process::ExitCode;
use std::time::Instant;

use options::Options;

/// What a run has found: lines for the report, and whether every figure was reached.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    missed: Vec<String>,
    is_quiet: bool,
}

impl Findings {
    /// Only what was missed counts; nothing is printed.
    #[cfg(feature = "failpoints")]
    pub(crate) fn quiet() -> Self {
        Self { is_quiet: true, ..Self::default() }
    }

    /// Prints a figure beside the one to reach.
    pub(crate) fn figure(&mut self, what: &str, found: impl std::fmt::Display, wanted: &str, reached: bool) {
        let mark = if reached { "ok  " } else { "MISS" };
        if !self.is_quiet {
            println!("  {mark} {what}: {found} (wanted: {wanted})");
        }
        if !reached {
            self.missed.push(if self.is_quiet { format!("{what}: {found}") } else { what.to_owned() });
        }
    }

    /// Prints a figure of speed or fairness, which only the optimised program has to reach.
    pub(crate) fn speed(&mut self, what: &str, found: impl std::fmt::Display, wanted: &str, reached: bool) {
        if cfg!(debug_assertions) {
            self.note(what, format!("{found} (in a release build: {wanted})"));
        } else {
            self.figure(what, found, wanted, reached);
        }
    }

    /// Prints a figure that only informs.
    pub(crate) fn note(&self, what: &str, found: impl std::fmt::Display) {
        if !self.is_quiet {
            println!("       {what}: {found}");
        }
    }
}

const RUNS: &[(&str, &str)] = &[
    ("headline", "10,000 requirements, about 35,000 mails, 50 kills, a relay that fails 30 %, on both databases"),
    ("t01", "kill storm on SQLite: --inquiries 500 --kills 5 (in full: 10000, 50)"),
    ("t02", "kill storm on PostgreSQL with two processes: as t01, --restarts of the database"),
    ("t03", "durability's order under strace: --requests 1000"),
    ("t04", "the disk of the database fills up under load, --cycles 5 --hold 30 seconds"),
    ("t05", "relay matrix: every fault at every phase, --rows 10"),
    ("t05-postfix", "the mailer against a real Postfix, --rows 10"),
    ("t06", "a relay that falls silent: --seconds 6 a phase"),
    ("t07", "desync regression: a late answer, then a refusal, --rounds 200"),
    ("t07-unguarded", "the same on a connection kept after a limit: must go red"),
    ("t08", "a Meilisearch that fails in every way: --searches 500"),
    ("t09", "clients that hang up: --posts 5000 --ordinary 1000"),
    ("t10", "slow and idle clients: --half-heads 2000 --slow-bodies 500 --idle 5000"),
    ("t11", "one key, many clients: --keys 200 --crowd 50"),
    ("t12", "claim race: 8 workers in 2 processes, --rows 4000"),
    ("t13", "the clock jumps, with --features failpoints"),
    ("t14", "the network to PostgreSQL fails: --seconds N a fault"),
    ("t15", "rolling restarts of two instances: --restarts 20 --rate 200"),
    ("t25", "markup in every field, before a real browser and a mail parser: --payloads 500"),
    ("t26", "the form as a weapon: --submits 10000 --people 200 --forged 1000"),
    ("t30", "personal data and secrets where they have no business: --rounds 50"),
    ("t33", "failpoints on SQLite, with --features failpoints: --inquiries 50 --at-once 3 --point N --action N"),
    ("t33-postgres", "the same on PostgreSQL"),
    ("t34", "mail handed over by LMTP, --kills 50 of the program, --mails 2000"),
    ("t35", "mail polled by IMAP: as t34"),
    ("t36", "both ways through a real Postfix: --mails 20"),
    ("load", "submits a second beside the bare database, and twice as many: --seconds 10 --clients 32"),
    ("l6", "outbox to a local relay, --mails 3000"),
];

/// A run with the numbers that it is carried out with.
type Sized = (&'static str, &'static [(&'static str, usize)]);

/// Runs one after the other: the small ones of every push, and those of a release in full, its faults (with
/// `.ci/faults`, which adds those of a build with failpoints) and its data and security (with `.ci/data`).
const TIERS: &[(&str, &[Sized])] = &[("p", EVERY_PUSH), ("n1", FAULTS), ("n2", DATA)];

const EVERY_PUSH: &[Sized] = &[
    ("t01", &[("inquiries", 150), ("kills", 3)]),
    ("t02", &[("inquiries", 150), ("kills", 4), ("restarts", 2)]),
    ("t03", &[("requests", 100)]),
    ("t05", &[("rows", 2)]),
    ("t05-postfix", &[("rows", 3)]),
    ("t07", &[("rounds", 60)]),
    ("t08", &[("searches", 30)]),
    ("t09", &[("posts", 600), ("ordinary", 100)]),
    ("t11", &[("keys", 20)]),
    ("t12", &[("rows", 1_000)]),
    ("t26", &[("submits", 400), ("people", 50), ("forged", 100)]),
    ("t30", &[("rounds", 5)]),
    ("t34", &[("mails", 200), ("kills", 4)]),
    ("t35", &[("mails", 200), ("kills", 4)]),
    ("t36", &[("mails", 4)]),
];

const FAULTS: &[Sized] = &[
    ("headline", &[]),
    ("t04", &[]),
    ("t05", &[]),
    ("t05-postfix", &[]),
    ("t06", &[]),
    ("t07", &[]),
    ("t10", &[]),
    ("t14", &[]),
    ("t15", &[]),
    ("t34", &[]),
    ("t35", &[]),
    ("t36", &[]),
];

const DATA: &[Sized] = &[
    ("t03", &[]),
    ("t08", &[]),
    ("t09", &[]),
    ("t11", &[]),
    ("t12", &[]),
    ("t25", &[]),
    ("t26", &[("submits", 20_000)]),
    ("t30", &[]),
    ("load", &[]),
    ("l6", &[]),
];

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--nocapture");
    let Some(run) = arguments.next() else {
        println!("p: the small tier of every push; n1 and n2: the tiers of a release");
        for (name, about) in RUNS {
            println!("{name}: {about}");
        }
        return ExitCode::SUCCESS;
    };
    let options = match Options::read(arguments) {
        Ok(options) => options,
        Err(error) => {
            println!("{error}");
            return ExitCode::from(2);
        }
    };
    let red = if let Some((_, runs)) = TIERS.iter().find(|(name, _)| *name == run) {
        carry_out_all(&run, runs, &options).await
    } else if RUNS.iter().any(|(name, _)| *name == run) {
        carry_out(&run, &options).await
    } else {
        println!("no run is called {run}");
        return ExitCode::from(2);
    };
    if red.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A tier, and which of its runs are red.
async fn carry_out_all(tier: &str, runs: &[Sized], options: &Options) -> Vec<String> {
    let mut red = Vec::new();
    for &(run, numbers) in runs {
        if !carry_out(run, &options.with(numbers)).await.is_empty() {
            red.push(run.to_owned());
        }
    }
    println!("{tier}: {} of {} GREEN {}", runs.len() - red.len(), runs.len(), red.join(", "));
    red
}

/// One run with its report; what it missed.
async fn carry_out(run: &str, options: &Options) -> Vec<String> {
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    println!("{run} seed {} ({build} build)", options.seed);
    let started = Instant::now();
    let mut findings = Findings::default();
    let found = &mut findings;
    match run {
        "headline" => {
            let full = options.with(&[("inquiries", 10_000), ("kills", 50), ("restarts", 10)]);
            for stage in scene::Stage::BOTH {
                println!("{}:", stage.name());
                storm::run(&full, found, stage).await;
            }
        }
        "t01" => storm::run(options, found, scene::Stage::Sqlite).await,
        "t02" => storm::run(options, found, scene::Stage::Postgres).await,
        "t03" => durability_run::run(options, found).await,
        "t04" => disk_run::run(options, found).await,
        "t05" => relay_runs::matrix(options, found).await,
        "t05-postfix" => postfix_run::run(options, found).await,
        "t06" => silence_run::run(options, found).await,
        "t07" => relay_runs::desync(options, found, relay_runs::Guard::On).await,
        "t07-unguarded" => relay_runs::desync(options, found, relay_runs::Guard::Off).await,
        "t08" => meili_run::run(options, found).await,
        "t09" => web_runs::hang_ups(options, found).await,
        "t10" => slow_run::run(options, found).await,
        "t11" => web_runs::stampede(options, found).await,
        "t12" => outbox_runs::claim_race(options, found).await,
        "t14" => network_run::run(options, found).await,
        "t15" => rolling_run::run(options, found).await,
        "t25" => markup_run::run(options, found).await,
        "t26" => abuse_run::run(options, found).await,
        "t30" => canary_run::run(options, found).await,
        #[cfg(feature = "failpoints")]
        "t13" => clock_run::run(options, found).await,
        #[cfg(feature = "failpoints")]
        "t33" => failpoint_run::run(options, found, scene::Stage::Sqlite).await,
        #[cfg(feature = "failpoints")]
        "t33-postgres" => failpoint_run::run(options, found, scene::Stage::Postgres).await,
        #[cfg(not(feature = "failpoints"))]
        "t13" | "t33" | "t33-postgres" => {
            found.missed.push("this build has no failpoints: --features failpoints".to_owned())
        }
        "t34" => receive_runs::lmtp(options, found).await,
        "t35" => receive_runs::imap(options, found).await,
        "t36" => receive_runs::postfix(options, found).await,
        "load" => load_run::run(options, found).await,
        "l6" => outbox_runs::throughput(options, found).await,
        other => findings.missed.push(format!("{other} is listed and not there")),
    }
    println!("{run} took {:.1} s", started.elapsed().as_secs_f64());
    match findings.missed.as_slice() {
        [] => println!("{run} GREEN"),
        missed => println!("{run} RED: {}", missed.join("; ")),
    }
    findings.missed
}
