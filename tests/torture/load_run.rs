//! How much is taken: submits a second beside the bare database, and what happens when twice as many come.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::Findings;
use crate::bare::Bare;
use crate::database::Raw;
use crate::fault_relay::{At, Offers, Relay};
use crate::load_client::{Seen, closed_loop, open_loop, quantile, references, shown, submits};
use crate::matrix::late;
use crate::options::Options;
use crate::scene::{Scene, Stage, canaries, end, notice_version};

/// Submits a second to reach, and their slowest hundredth.
const fn wanted(stage: Stage) -> f64 {
    match stage {
        Stage::Sqlite => 400.0,
        Stage::Postgres => 600.0,
    }
}
const P99: Duration = Duration::from_millis(150);
/// Limit of an SMTP phase: longer than a run, so that the relay holds the first mails for as long as it lasts.
const LONG_PHASE: Duration = Duration::from_secs(600);

/// L3 and L7.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let seconds = Duration::from_secs(options.number("seconds", 10) as u64);
    let clients = options.number("clients", 32);
    for stage in Stage::BOTH {
        // The first mails are held at the greeting, and the others wait: the table is that of submits alone.
        let held = |at: At, _: &crate::fault_relay::Situation| (at == At::Banner).then(|| late(LONG_PHASE));
        let relay = Relay::scripted(Offers::default(), held).await.expect("a relay");
        let patient = options.with(&[("phase-limit", LONG_PHASE.as_secs() as usize), ("lease", 660)]);
        let Some(mut scene) =
            Scene::open_with(&patient, stage, &relay, 1, &[("LUODI__SERVER__DRAIN_SECONDS", "1")]).await
        else {
            continue;
        };
        let server = scene.servers[0].address;
        let version: Arc<str> = notice_version(&[server], 0).await.into();
        let mut acknowledged = Vec::new();
        acknowledged.extend(warm_up(server, clients, &version).await);
        let Some(bare) = Bare::like(&scene.database, stage).await else { continue };
        // In turn, so that whatever else this machine does falls on all alike.
        let (mut bare_rates, mut rates, mut all) = (Vec::new(), Vec::new(), Vec::new());
        let mut overload = Overload::default();
        for round in 0..3 {
            bare_rates.push(bare.rate(seconds / 2).await);
            let seen = closed_loop(server, clients, seconds, submits(&format!("closed-{round}"), &version)).await;
            let peak = count(&seen, 201) as f64 / seconds.as_secs_f64();
            rates.push(peak);
            all.extend(seen);
            let flood = open_loop(server, 2.0 * peak, seconds, submits(&format!("flood-{round}"), &version)).await;
            overload.add(flood, peak, seconds);
        }
        bare_rates.push(bare.rate(seconds / 2).await);
        let name = stage.name();
        submit_table(name, stage, &all, (median(&mut rates), median(&mut bare_rates)), clients, findings);
        all.extend(at_the_goal(name, stage, server, seconds, &version, findings).await);
        all.extend(overload.table(name, findings));
        acknowledged.extend(references(&all));
        let lost = lost(&scene.database, &acknowledged).await;
        let what = format!("{name}: acknowledged and missing, of {}", acknowledged.len());
        findings.figure(&what, lost, "0", lost == 0);
        drop(bare);
        end(&mut scene.servers, findings).await;
        canaries(&scene.setup, findings);
    }
}

async fn warm_up(server: SocketAddr, clients: usize, version: &Arc<str>) -> Vec<String> {
    references(&closed_loop(server, clients, Duration::from_secs(1), submits("warm", version)).await)
}

fn submit_table(
    name: &str,
    stage: Stage,
    all: &[Seen],
    (rate, bare): (f64, f64),
    clients: usize,
    findings: &mut Findings,
) {
    let good: Vec<&Seen> = all.iter().filter(|seen| seen.status == 201).collect();
    let goal = wanted(stage);
    let failed = all.len() - good.len();
    findings.figure(&format!("{name}: failed of {} submits", all.len()), failed, "0", failed == 0);
    let what = format!("{name}: submits a second, closed loop, {clients} clients, median of 3");
    findings.speed(&what, format!("{rate:.0}"), &format!("≥ {goal}"), rate >= goal);
    findings.note(&format!("{name}: their times"), shown(&good));
    let p99 = quantile(&good, 990);
    findings.speed(&format!("{name}: p99, ms"), p99.as_millis(), "≤ 150", p99 <= P99);
    findings.note(&format!("{name}: bare transactions a second, median of 4"), format!("{bare:.0}"));
    let percent = rate * 100.0 / bare;
    findings.speed(&format!("{name}: of the bare transactions, %"), format!("{percent:.0}"), "≥ 50", percent >= 50.0);
}

/// How much longer than a closed loop the open one is: in ten seconds a single standstill of the database, a third of a
/// second long, would be the whole of the last hundredth.
const OPEN_LOOPS: u32 = 6;

/// At the rate to reach, by the clock and not by the answers.
async fn at_the_goal(
    name: &str,
    stage: Stage,
    server: SocketAddr,
    seconds: Duration,
    version: &Arc<str>,
    findings: &mut Findings,
) -> Vec<Seen> {
    let goal = wanted(stage);
    let seen = open_loop(server, goal, seconds * OPEN_LOOPS, submits("goal", version)).await;
    let good: Vec<&Seen> = seen.iter().filter(|seen| seen.status == 201).collect();
    let told = format!("{} of {}, {}", good.len(), seen.len(), shown(&good));
    let reached = good.len() == seen.len() && quantile(&good, 990) <= P99;
    findings.speed(&format!("{name}: open loop at {goal} a second"), told, "all, p99 ≤ 150 ms", reached);
    seen
}

/// What becomes of twice as many as can be taken.
#[derive(Default)]
struct Overload {
    seen: Vec<Seen>,
    /// Asked a second, and taken in % of the peak just before, by round.
    asked: Vec<f64>,
    goodput: Vec<f64>,
}

impl Overload {
    fn add(&mut self, flood: Vec<Seen>, peak: f64, time: Duration) {
        self.asked.push(flood.len() as f64 / time.as_secs_f64());
        self.goodput.push(count(&flood, 201) as f64 / time.as_secs_f64() * 100.0 / peak);
        self.seen.extend(flood);
    }

    fn table(mut self, name: &str, findings: &mut Findings) -> Vec<Seen> {
        let rounds = self.goodput.iter().map(|percent| format!("{percent:.0}")).collect::<Vec<_>>().join(", ");
        let (asked, percent) = (median(&mut self.asked), median(&mut self.goodput));
        let what =
            format!("{name}: goodput at twice saturation ({asked:.0} a second), % of the peak, median of {rounds}");
        findings.speed(&what, format!("{percent:.0}"), "≥ 80", percent >= 80.0);
        let good: Vec<&Seen> = self.seen.iter().filter(|seen| seen.status == 201).collect();
        findings.note(&format!("{name}: taken then, times"), shown(&good));
        let shed: Vec<&Seen> = self.seen.iter().filter(|seen| seen.status == 503).collect();
        findings.note(&format!("{name}: refused with 503"), format!("{}, {}", shed.len(), shown(&shed)));
        let refusal = quantile(&shed, 500);
        let what = format!("{name}: a refusal takes, median, ms");
        findings.speed(&what, refusal.as_millis(), "≤ 50", refusal <= Duration::from_millis(50));
        let other = self.seen.len() - good.len() - shed.len();
        findings.figure(&format!("{name}: answers other than 201 and 503"), other, "0", other == 0);
        self.seen
    }
}

fn count(seen: &[Seen], status: u16) -> usize {
    seen.iter().filter(|seen| seen.status == status).count()
}

fn median(rates: &mut [f64]) -> f64 {
    rates.sort_unstable_by(f64::total_cmp);
    let middle = rates.len() / 2;
    if rates.len().is_multiple_of(2) { (rates[middle - 1] + rates[middle]) / 2.0 } else { rates[middle] }
}

async fn lost(database: &Raw, acknowledged: &[String]) -> usize {
    let there: HashSet<_> = database.rows("SELECT reference FROM requirement").await.into_iter().collect();
    acknowledged.iter().filter(|reference| !there.contains(*reference)).count()
}
