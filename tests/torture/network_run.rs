//! T14, small: the network between the program and PostgreSQL fails; clients are told 503 and nothing worse, and once it
//! is well again so is the service.

use std::time::Duration;

use crate::Findings;
use crate::checker::{Evidence, check};
use crate::crowd::Crowd;
use crate::fault_proxy::{FaultProxy, Weather};
use crate::fault_relay::Relay;
use crate::options::Options;
use crate::scene::{SLOTS, Scene, Stage, canaries, drain, end};
use crate::server::{Server, Setup};

const CLIENTS: usize = 6;
const HEALED: Duration = Duration::from_secs(5);

pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let relay = Relay::healthy().await.expect("a relay");
    let Some(mut scene) = Scene::open(options, Stage::Postgres, &relay, 0).await else { return };
    let (proxy, url) = FaultProxy::before_postgres(&scene.setup.database_url).await.expect("a proxy");
    let mut server = Server::start(&Setup { database_url: url, ..scene.setup.clone() });
    server.ready().await;
    let address = server.address;
    scene.servers.push(server);
    let mut crowd = Crowd::of(CLIENTS, address, Duration::ZERO);
    let seconds = |number: usize| Duration::from_secs(options.number("seconds", number) as u64);
    let faults = [
        ("200 ms more", Weather::Delays(Duration::from_millis(200)), seconds(4)),
        ("1 % lost", Weather::Loses { percent: 1 }, seconds(4)),
        ("all reset", Weather::Resets, seconds(2)),
        ("a byte in 5 ms", Weather::Trickles(Duration::from_millis(5)), seconds(4)),
        ("mute", Weather::Mute, seconds(8)),
        // Connections opened before stay half-open to the end of the run; new ones work from the first moment.
        ("half open", Weather::Forgets, Duration::ZERO),
    ];
    let mut probes = Vec::new();
    for (name, weather, time) in faults {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let told = crowd.refusals(|_, _| true);
        proxy.turn(weather);
        tokio::time::sleep(time).await;
        if weather != Weather::Forgets {
            proxy.turn(Weather::Fair);
        }
        let (took, probe) = crowd.healed().await;
        probes.push(probe);
        let figure = format!("{:.1} s", took.as_secs_f64());
        findings.figure(&format!("{name}: well again after"), figure, "≤ 5 s", took <= HEALED);
        findings.note("refusals meanwhile", crowd.refusals(|_, _| true) - told);
    }
    probes.extend(crowd.end().await);
    findings.note("connections cut", proxy.cut());
    findings.note("503 with Retry-After", crowd.refusals(|status, has| status == 503 && has));
    findings.note("409: the first of two is still at work", crowd.refusals(|status, has| status == 409 && has));
    findings.note("no answer within 10 s", crowd.refusals(|status, _| status == 0));
    let worse = crowd.refusals(|status, has| status != 0 && !(has && [409, 503].contains(&status)));
    findings.figure("other refusals", worse, "0", worse == 0);
    let drained = drain(&scene.database, 0, Duration::from_secs(60)).await;
    findings.figure("drained", drained, "true", drained);
    end(&mut scene.servers, findings).await;
    // A write of the worker that was cut may have been settled and not known to be: its mail goes twice, explained.
    let evidence = Evidence { acknowledged: &probes, relay: &relay.taken(), kills: proxy.cut(), slots: SLOTS };
    check(&scene.database, &evidence, findings).await;
    canaries(&scene.setup, findings);
}
