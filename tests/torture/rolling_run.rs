//! Rolling restarts of two instances behind a balancer: nobody may notice.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Findings;
use crate::checker::doubles;
use crate::fault_relay::Relay;
use crate::http;
use crate::options::Options;
use crate::scene::{Scene, Stage, canaries, drain, end, notice_version, submission};

/// T15.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let restarts = options.number("restarts", 20);
    let rate = options.number("rate", 200);
    for stage in Stage::BOTH {
        let relay = Relay::healthy().await.expect("a relay");
        let Some(mut scene) = Scene::open(options, stage, &relay, 2).await else { continue };
        let addresses = [scene.servers[0].address, scene.servers[1].address];
        let version: Arc<str> = notice_version(&addresses, 0).await.into();
        let balancer = balance(addresses).await;
        let stop = CancellationToken::new();
        let load = tokio::spawn(load(balancer, rate, version, stop.clone()));
        let mut slowest = Duration::ZERO;
        let mut well = true;
        for restart in 0..restarts {
            let server = &mut scene.servers[restart % 2];
            let idle = hangers_on(server.address).await;
            let (status, time) = server.terminate().await;
            drop(idle);
            (slowest, well) = (slowest.max(time), well && status.success());
            server.start_again();
            server.ready().await;
        }
        stop.cancel();
        let (asked, failed) = load.await.expect("without a panic");
        let name = stage.name();
        findings.figure(&format!("{name}: failed of {asked} requests"), failed.len(), "0", failed.is_empty());
        for failure in failed.iter().take(5) {
            println!("  {failure}");
        }
        let in_time = well && slowest < Duration::from_secs(30);
        let shown = format!("{:.1} s, all exit 0: {well}", slowest.as_secs_f64());
        findings.figure(
            &format!("{name}: slowest end, with 100 idle and 10 stalled connections"),
            shown,
            "≤ 30 s",
            in_time,
        );
        drain(&scene.database, 0, Duration::from_secs(60)).await;
        let twice = doubles(&relay.taken());
        findings.figure(&format!("{name}: mails doubled"), twice, "0", twice == 0);
        end(&mut scene.servers, findings).await;
        canaries(&scene.setup, findings);
    }
}

/// Takes connections and hands each to the next instance that takes it, as a proxy in front would.
async fn balance(backends: [SocketAddr; 2]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let next = AtomicUsize::new(0);
        while let Ok((mut client, _)) = listener.accept().await {
            let first = next.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                for turn in 0..backends.len() {
                    if let Ok(mut server) = TcpStream::connect(backends[(first + turn) % backends.len()]).await {
                        // Either side's end is the end of both.
                        let _ = copy_bidirectional(&mut client, &mut server).await;
                        return;
                    }
                }
            });
        }
    });
    address
}

/// Connections that do nothing, and some that stop in the middle of a head.
async fn hangers_on(server: SocketAddr) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for number in 0..110 {
        let Ok(mut stream) = TcpStream::connect(server).await else { continue };
        if number < 10 {
            let _ = stream.write_all(b"POST /api/v1/matches HTTP/1.1\r\nHost: a").await;
        }
        held.push(stream);
    }
    held
}

async fn load(server: SocketAddr, rate: usize, version: Arc<str>, stop: CancellationToken) -> (usize, Vec<String>) {
    let started = Instant::now();
    let mut running = JoinSet::new();
    let mut failed = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs_f64(1.0 / rate as f64));
    let mut asked = 0;
    while !stop.is_cancelled() {
        ticks.tick().await;
        running.spawn(ask(server, asked, Arc::clone(&version)));
        asked += 1;
        while let Some(done) = running.try_join_next() {
            failed.extend(done.expect("without a panic").err());
        }
    }
    let rest = running.join_all().await;
    failed.extend(rest.into_iter().filter_map(Result::err));
    println!("       {asked} requests in {:.0} s", started.elapsed().as_secs_f64());
    (asked, failed)
}

/// One try, as an impatient person makes it: nine look, the tenth submits.
async fn ask(server: SocketAddr, number: usize, version: Arc<str>) -> Result<(), String> {
    let answer = if number.is_multiple_of(10) {
        let body = submission(number, &version).to_string();
        http::post(server, "/api/v1/requirements", &format!("rolling-{number}"), &body).await
    } else {
        http::get(server, "/api/v1/listings?kind=park&page=2").await
    };
    match answer {
        Ok(answer) if answer.status < 300 => Ok(()),
        Ok(answer) => Err(format!("{number}: {} {}", answer.status, answer.body)),
        Err(error) => Err(format!("{number}: {error}")),
    }
}
