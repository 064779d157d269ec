//! What makes load: clients that keep their connection, in a closed loop or at a fixed rate, and what they saw.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::http;
use crate::scene::submission;

/// An answer as load sees it.
#[derive(Debug)]
pub(crate) struct Seen {
    /// 0: no answer.
    pub(crate) status: u16,
    pub(crate) body: String,
    /// Whether it says when to ask again.
    pub(crate) says_when: bool,
    /// From when it was due, not from when it was sent: a stall counts for all that had to wait for it.
    pub(crate) took: Duration,
}

/// An answer that came.
struct Told {
    status: u16,
    says_when: bool,
    body: String,
}

/// Writes the bytes of the so many-th request.
pub(crate) type Requests = dyn Fn(usize) -> Vec<u8> + Send + Sync;

/// Sends one request over a connection that stays open.
async fn exchange(stream: &mut TcpStream, request: &[u8]) -> io::Result<Told> {
    stream.write_all(request).await?;
    let mut bytes = Vec::with_capacity(16 * 1024);
    let (mut end_of_head, mut length, mut says_when) = (None, 0, false);
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if end_of_head.is_none()
            && let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n")
        {
            let head = String::from_utf8_lossy(&bytes[..at]).to_ascii_lowercase();
            let value = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            length = value.and_then(|value| value.trim().parse().ok()).unwrap_or(0);
            says_when = head.lines().any(|line| line.starts_with("retry-after:"));
            end_of_head = Some(at + 4);
        }
        if let Some(at) = end_of_head.filter(|at| bytes.len() >= at + length) {
            let status = bytes.get(9..12).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok());
            let status = status.ok_or(io::ErrorKind::InvalidData)?;
            return Ok(Told { status, says_when, body: String::from_utf8_lossy(&bytes[at..]).into_owned() });
        }
    }
}

/// The bytes of submits under keys of their own. They are cut from one, so that making them takes next to nothing of
/// the machine that is measured.
pub(crate) fn submits(keys: &str, version: &str) -> Arc<Requests> {
    // As many digits in all of them.
    const FIRST: usize = 10_000_000;
    let first = FIRST.to_string();
    let body = submission(FIRST, version).to_string();
    let request = http::request("POST", "/api/v1/requirements", Some(&format!("{keys}-{first}")), &body);
    let request = request.replace("Connection: close\r\n", "");
    Arc::new(move |number| request.replace(&first, &(FIRST + number).to_string()).into_bytes())
}

/// What those that were answered 201 were told.
pub(crate) fn references(seen: &[Seen]) -> Vec<String> {
    let told = seen.iter().filter(|seen| seen.status == 201);
    let reference = |seen: &Seen| {
        let (_, rest) = seen.body.split_once("\"reference\":\"")?;
        rest.split_once('"').map(|(reference, _)| reference.to_owned())
    };
    told.map(|seen| reference(seen).unwrap_or_default()).collect()
}

/// So many clients, each of which asks again as soon as it is answered, for so long. A closed loop: it slows down with
/// the server.
pub(crate) async fn closed_loop(
    server: SocketAddr,
    clients: usize,
    time: Duration,
    requests: Arc<Requests>,
) -> Vec<Seen> {
    let started = Instant::now();
    loops(server, clients, requests, move |_| started.elapsed() < time).await
}

/// The same for so many requests.
pub(crate) async fn closed_loop_of(
    server: SocketAddr,
    clients: usize,
    count: usize,
    requests: Arc<Requests>,
) -> Vec<Seen> {
    loops(server, clients, requests, move |number| number < count).await
}

async fn loops(
    server: SocketAddr,
    clients: usize,
    requests: Arc<Requests>,
    goes_on: impl Fn(usize) -> bool + Clone + Send + 'static,
) -> Vec<Seen> {
    let mut running = JoinSet::new();
    for client in 0..clients {
        let (requests, goes_on) = (Arc::clone(&requests), goes_on.clone());
        running.spawn(async move {
            let mut seen: Vec<Seen> = Vec::new();
            let mut stream = None;
            let mut number = client;
            while goes_on(number) {
                seen.push(ask(server, &mut stream, &requests(number), Instant::now()).await);
                number += clients;
            }
            seen
        });
    }
    running.join_all().await.into_iter().flatten().collect()
}

async fn ask(server: SocketAddr, stream: &mut Option<TcpStream>, request: &[u8], due: Instant) -> Seen {
    let conversation = async {
        // An idle connection may have been closed meanwhile: as browsers do, it is then tried once more on a new one.
        if let Some(open) = stream
            && let Ok(answer) = exchange(open, request).await
        {
            return Ok(answer);
        }
        let fresh = TcpStream::connect(server).await?;
        fresh.set_nodelay(true)?;
        exchange(stream.insert(fresh), request).await
    };
    let answer = tokio::time::timeout(Duration::from_secs(10), conversation).await;
    let took = due.elapsed();
    match answer {
        Ok(Ok(Told { status, says_when, body })) => Seen { status, body, says_when, took },
        Ok(Err(_)) | Err(_) => {
            *stream = None;
            Seen { status: 0, body: String::new(), says_when: false, took }
        }
    }
}

/// So many requests a second, whatever becomes of them: an open loop, as the public is one.
pub(crate) async fn open_loop(server: SocketAddr, rate: f64, time: Duration, requests: Arc<Requests>) -> Vec<Seen> {
    let idle: Arc<Mutex<Vec<TcpStream>>> = Arc::default();
    let mut running = JoinSet::new();
    let mut seen = Vec::new();
    let started = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    let mut sent = 0;
    while started.elapsed() < time {
        ticks.tick().await;
        while (sent as f64) < started.elapsed().as_secs_f64() * rate {
            let due = started + Duration::from_secs_f64(sent as f64 / rate);
            let (idle, request) = (Arc::clone(&idle), requests(sent));
            running.spawn(async move {
                let mut stream = lock(&idle).pop();
                let seen = ask(server, &mut stream, &request, due).await;
                lock(&idle).extend(stream);
                seen
            });
            sent += 1;
        }
        while let Some(done) = running.try_join_next() {
            seen.push(done.expect("without a panic"));
        }
    }
    seen.extend(running.join_all().await);
    seen
}

fn lock(idle: &Mutex<Vec<TcpStream>>) -> std::sync::MutexGuard<'_, Vec<TcpStream>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The so many-th of a thousand, by time.
pub(crate) fn quantile(seen: &[&Seen], per_mille: usize) -> Duration {
    let mut times: Vec<Duration> = seen.iter().map(|one| one.took).collect();
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) * per_mille / 1_000).copied().unwrap_or_default()
}

/// `p50, p99, p99.9` in milliseconds.
pub(crate) fn shown(seen: &[&Seen]) -> String {
    let ms = |per_mille| quantile(seen, per_mille).as_secs_f64() * 1_000.0;
    format!("p50 {:.1}, p99 {:.1}, p99.9 {:.1} ms", ms(500), ms(990), ms(999))
}
