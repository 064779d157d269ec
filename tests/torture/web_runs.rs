//! Runs of the API: one key asked for by many at once, and clients that hang up.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::Findings;
use crate::database::Raw;
use crate::fault_relay::Relay;
use crate::http;
use crate::options::Options;
use crate::scene::{Scene, Stage, canaries, drain, end, insist, notice_version, submission};

/// T11: every key is asked for by many clients at once, then once more with another body.
pub(crate) async fn stampede(options: &Options, findings: &mut Findings) {
    let keys = options.number("keys", 200);
    let crowd = options.number("crowd", 50);
    for stage in Stage::BOTH {
        let relay = Relay::healthy().await.expect("a relay");
        let Some(mut scene) = Scene::open(options, stage, &relay, 1).await else { continue };
        let server = scene.servers[0].address;
        let version: Arc<str> = notice_version(&[server], 0).await.into();
        let name = stage.name();
        let at_once = Arc::new(Semaphore::new(4));
        let mut running = JoinSet::new();
        for number in 0..keys {
            let (version, at_once) = (Arc::clone(&version), Arc::clone(&at_once));
            running.spawn(async move {
                let _turn = at_once.acquire_owned().await.expect("open");
                crowd_of_one_key(server, number, crowd, &version).await
            });
        }
        let answers = running.join_all().await;
        let alike = answers.iter().filter(|seen| seen.references.len() == 1).count();
        let told: usize = answers.iter().map(|seen| seen.told).sum();
        let replayed: usize = answers.iter().map(|seen| seen.replayed).sum();
        findings.figure(&format!("{name}: answers 201"), told, &(keys * crowd).to_string(), told == keys * crowd);
        findings.figure(&format!("{name}: keys with one reference"), alike, &keys.to_string(), alike == keys);
        let expected = keys * (crowd - 1);
        findings.figure(&format!("{name}: marked as replayed"), replayed, &expected.to_string(), replayed == expected);
        let mut refused = 0;
        for number in 0..keys {
            let other = submission(number + keys, &version).to_string();
            let answer = http::post(server, "/api/v1/requirements", &key(number), &other).await;
            refused += usize::from(answer.is_ok_and(|answer| answer.status == 422));
        }
        findings.figure(&format!("{name}: another body refused"), refused, &keys.to_string(), refused == keys);
        let rows = scene.database.rows("SELECT id FROM requirement").await.len();
        findings.figure(&format!("{name}: requirements stored"), rows, &keys.to_string(), rows == keys);
        drain(&scene.database, 0, Duration::from_secs(60)).await;
        end(&mut scene.servers, findings).await;
        canaries(&scene.setup, findings);
    }
}

fn key(number: usize) -> String {
    format!("stampede-{number}")
}

#[derive(Default)]
struct Seen {
    references: HashSet<String>,
    told: usize,
    replayed: usize,
}

async fn crowd_of_one_key(server: SocketAddr, number: usize, crowd: usize, version: &str) -> Seen {
    let body: Arc<str> = submission(number, version).to_string().into();
    let mut running = JoinSet::new();
    for _ in 0..crowd {
        let body = Arc::clone(&body);
        running.spawn(async move {
            loop {
                match http::post(server, "/api/v1/requirements", &key(number), &body).await {
                    Ok(answer) if answer.status == 201 => return answer,
                    // A twin still at work, or the server shedding load: both say to come again.
                    Ok(answer) if [409, 503].contains(&answer.status) => tokio::task::yield_now().await,
                    other => panic!("{other:?}"),
                }
            }
        });
    }
    let mut seen = Seen::default();
    for answer in running.join_all().await {
        seen.told += 1;
        seen.replayed += usize::from(answer.header("idempotency-replayed") == Some("true"));
        seen.references.insert(answer.json()["reference"].as_str().unwrap_or_default().to_owned());
    }
    seen
}

/// T09: posts cut at a random byte or up to 50 ms after the last, then ordinary ones.
pub(crate) async fn hang_ups(options: &Options, findings: &mut Findings) {
    let posts = options.number("posts", 5_000);
    let ordinary = options.number("ordinary", 1_000);
    for stage in Stage::BOTH {
        let relay = Relay::healthy().await.expect("a relay");
        let Some(mut scene) = Scene::open(options, stage, &relay, 1).await else { continue };
        let server = scene.servers[0].address;
        let version: Arc<str> = notice_version(&[server], 0).await.into();
        let name = stage.name();
        let seed = options.seed;
        in_parallel(posts, Arc::clone(&version), move |number, version| async move {
            hang_up(server, seed, number, &version).await;
        })
        .await;
        let torn = torn_submissions(&scene.database).await;
        findings.figure(&format!("{name}: submissions torn in two"), torn, "0", torn == 0);
        let stored = scene.database.rows("SELECT id FROM requirement").await.len();
        findings.note(&format!("{name}: of {posts} abandoned posts were stored"), stored);
        let told = in_parallel(ordinary, version, move |number, version| async move {
            let body = submission(number, &version);
            let answer = insist(&[server], "requirements", Some((&format!("ordinary-{number}"), &body)), 0).await;
            answer["reference"].as_str().unwrap_or_default().to_owned()
        })
        .await;
        let there: HashSet<_> = scene.database.rows("SELECT reference FROM requirement").await.into_iter().collect();
        let kept = told.iter().filter(|reference| there.contains(*reference)).count();
        let wanted = ordinary.to_string();
        findings.figure(&format!("{name}: ordinary posts acknowledged and there"), kept, &wanted, kept == ordinary);
        if stage == Stage::Postgres {
            // A transaction between two of its statements is idle for a moment; a poisoned one stays so.
            let idle = "SELECT CAST(pid AS TEXT) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' \
                        AND state_change < clock_timestamp() - interval '1 second'";
            let poisoned = scene.database.rows(idle).await.len();
            findings.figure(&format!("{name}: connections left in a transaction"), poisoned, "0", poisoned == 0);
        }
        drain(&scene.database, 0, Duration::from_secs(120)).await;
        end(&mut scene.servers, findings).await;
        canaries(&scene.setup, findings);
    }
}

async fn in_parallel<T, F, W>(count: usize, version: Arc<str>, work: W) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
    W: Fn(usize, Arc<str>) -> F,
{
    let at_once = Arc::new(Semaphore::new(64));
    let mut running = JoinSet::new();
    for number in 0..count {
        let (turn, task) = (Arc::clone(&at_once), work(number, Arc::clone(&version)));
        running.spawn(async move {
            let _turn = turn.acquire_owned().await.expect("open");
            task.await
        });
    }
    running.join_all().await
}

async fn hang_up(server: SocketAddr, seed: u64, number: usize, version: &str) {
    let mut dice = StdRng::seed_from_u64(seed ^ (number as u64) << 20);
    let body = submission(number, version).to_string();
    let request = http::request("POST", "/api/v1/requirements", Some(&format!("hang-up-{number}")), &body);
    let Ok(mut stream) = TcpStream::connect(server).await else { return };
    if dice.random_bool(0.5) {
        let end = dice.random_range(0..request.len());
        let _ = stream.write_all(&request.as_bytes()[..end]).await;
    } else {
        let _ = stream.write_all(request.as_bytes()).await;
        tokio::time::sleep(Duration::from_micros(dice.random_range(0..50_000))).await;
    }
    if dice.random_bool(0.5) {
        // With a linger of zero the close is RST.
        let _ = stream.set_zero_linger();
    }
}

/// Requirements that lack what their transaction writes with them, and stored answers without their requirement.
async fn torn_submissions(database: &Raw) -> usize {
    let lacking = "SELECT r.id FROM requirement r WHERE
        NOT EXISTS (SELECT 1 FROM consent c WHERE c.requirement_id = r.id)
        OR NOT EXISTS (SELECT 1 FROM audit a WHERE a.subject = r.id)
        OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.requirement_id = r.id AND o.purpose = 'receipt')";
    let counts = database
        .rows("SELECT CAST(COUNT(*) AS TEXT) FROM requirement UNION ALL SELECT CAST(COUNT(*) AS TEXT) FROM idempotency")
        .await;
    let odd = counts.iter().collect::<HashSet<_>>().len().saturating_sub(1);
    let by_kind: HashMap<&str, usize> = [("lacking", database.rows(lacking).await.len()), ("odd", odd)].into();
    by_kind.values().sum()
}
