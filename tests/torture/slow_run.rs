//! Clients that are slow or do nothing at all: those who ask in earnest must not notice.

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Findings;
use crate::fault_relay::Relay;
use crate::load_client::{Requests, Seen, open_loop, quantile, shown};
use crate::options::Options;
use crate::scene::{Scene, Stage, canaries, end};

/// What a connection does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing.
    Idle,
    /// Half a head.
    HalfHead,
    /// A body, one byte a second.
    SlowBody,
}

impl Kind {
    /// By when the server must have closed the connection: its limit and a second. The client leaves a second later.
    const fn closed_by(self) -> Duration {
        Duration::from_secs(match self {
            Self::Idle | Self::HalfHead => 11,
            Self::SlowBody => 16,
        })
    }
}

/// Within how long they all come: they are together for longer, and none waits in the kernel unknown to the server.
const COMING: Duration = Duration::from_secs(3);

/// How often the process is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// T10. The cap on connections is raised, so that what is held does not queue up before it.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let seconds = Duration::from_secs(options.number("seconds", 15) as u64);
    let kinds = [
        (Kind::HalfHead, options.number("half-heads", 2_000)),
        (Kind::SlowBody, options.number("slow-bodies", 500)),
        (Kind::Idle, options.number("idle", 5_000)),
    ];
    let relay = Relay::healthy().await.expect("a relay");
    let roomy = [("LUODI__SERVER__MAX_CONNECTIONS", "12000"), ("LUODI__SERVER__MAX_REQUESTS", "2000")];
    let Some(mut scene) = Scene::open_with(options, Stage::Sqlite, &relay, 1, &roomy).await else { return };
    let server = scene.servers[0].address;
    let look: Arc<Requests> =
        Arc::new(|_| b"GET /api/v1/listings?kind=park&page=2 HTTP/1.1\r\nHost: a.example.com\r\n\r\n".to_vec());
    open_loop(server, 100.0, Duration::from_secs(2), Arc::clone(&look)).await;
    let id = scene.servers[0].id().as_raw_nonzero().get();
    // Watched before too: the looks should weigh on both times alike.
    let watch = Watch::over(id);
    let before = open_loop(server, 100.0, seconds, Arc::clone(&look)).await;
    watch.most();
    let (files, memory) = (open_files(id), resident_kib(id));
    let watch = Watch::over(id);
    let crowd = tokio::task::spawn_blocking(move || {
        // A thread of its own: those in earnest should wait for the server, not for the crowd's turn in this program.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(crowd(server, kinds))
    });
    let during = open_loop(server, 100.0, seconds, look).await;
    let (most_files, most_memory) = watch.most();
    let ended = crowd.await.expect("without a panic");
    findings.note("connections held at once, at most", most_files - files);
    for (kind, name) in [(Kind::Idle, "idle"), (Kind::HalfHead, "half heads"), (Kind::SlowBody, "slow bodies")] {
        let of_kind: Vec<_> = ended.iter().filter(|end| end.kind == kind).collect();
        let slowest = of_kind.iter().map(|end| end.after).max().unwrap_or_default();
        let limit = kind.closed_by();
        let (in_time, wanted) = (slowest <= limit, format!("≤ {} s", limit.as_secs()));
        findings.figure(&format!("{} {name} closed after", of_kind.len()), secs(slowest), &wanted, in_time);
        if kind == Kind::SlowBody {
            let told = of_kind.iter().filter(|end| end.status == Some(408)).count();
            findings.figure("slow bodies told 408", told, &of_kind.len().to_string(), told == of_kind.len());
        }
    }
    table(&before, &during, findings);
    let grown = most_memory.saturating_sub(memory) / 1024;
    findings.figure("memory grown, MiB", grown, "≤ 100", grown <= 100);
    let mut left = open_files(id);
    for _ in 0..20 {
        if left.abs_diff(files) <= 5 {
            break;
        }
        tokio::time::sleep(LOOK).await;
        left = open_files(id);
    }
    let back = left.abs_diff(files) <= 5;
    findings.figure("open files before and after", format!("{files}, {left}"), "± 5", back);
    end(&mut scene.servers, findings).await;
    canaries(&scene.setup, findings);
}

fn table(before: &[Seen], during: &[Seen], findings: &mut Findings) {
    let (before, all) = (good(before), during.len());
    let during = good(during);
    findings.figure("asked in earnest and answered", during.len(), &all.to_string(), during.len() == all);
    findings.note("times before", shown(&before));
    findings.note("times during", shown(&during));
    // Twice a few milliseconds is below what this machine can tell apart.
    let bound = (quantile(&before, 990) * 2).max(Duration::from_millis(40));
    let p99 = quantile(&during, 990);
    findings.speed("p99 during, ms", p99.as_millis(), &format!("≤ {}", bound.as_millis()), p99 <= bound);
}

fn good(seen: &[Seen]) -> Vec<&Seen> {
    seen.iter().filter(|seen| seen.status == 200).collect()
}

/// How a connection came to its end.
struct End {
    kind: Kind,
    after: Duration,
    status: Option<u16>,
}

async fn crowd(server: SocketAddr, kinds: [(Kind, usize); 3]) -> Vec<End> {
    let mut running = JoinSet::new();
    let started = tokio::time::Instant::now();
    let all: usize = kinds.iter().map(|(_, count)| count).sum();
    let each = kinds.into_iter().flat_map(|(kind, count)| std::iter::repeat_n(kind, count));
    for (at, kind) in each.enumerate() {
        let comes = started + COMING.mul_f64(at as f64 / all as f64);
        running.spawn(async move {
            tokio::time::sleep_until(comes).await;
            hold(server, kind).await
        });
    }
    running.join_all().await.into_iter().flatten().collect()
}

/// Holds a connection until the server closes it, at most one second beyond the server's limit.
async fn hold(server: SocketAddr, kind: Kind) -> Option<End> {
    let mut stream = TcpStream::connect(server).await.ok()?;
    let began = Instant::now();
    let start: &[u8] = match kind {
        Kind::Idle => b"",
        Kind::HalfHead => b"POST /api/v1/matches HTTP/1.1\r\nHost: a",
        Kind::SlowBody => {
            b"POST /api/v1/matches HTTP/1.1\r\nHost: a.example.com\r\nContent-Type: application/json\r\n\
              Content-Length: 1000\r\n\r\n{"
        }
    };
    stream.write_all(start).await.ok()?;
    let (mut reader, mut writer) = stream.into_split();
    let feeding = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(1));
        while kind == Kind::SlowBody && writer.write_all(b" ").await.is_ok() {
            ticks.tick().await;
        }
        // The connection's other half stays open for as long as it is read.
        std::future::pending::<()>().await;
    });
    let mut answer = Vec::new();
    // An error ends it too.
    let _ = tokio::time::timeout(kind.closed_by() + Duration::from_secs(1), reader.read_to_end(&mut answer)).await;
    feeding.abort();
    let status = answer.get(9..12).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok());
    Some(End { kind, after: began.elapsed(), status })
}

/// Looks at a process on a thread of its own: a look at thousands of files takes milliseconds, which would be added to
/// the times of whoever asks on the same thread.
struct Watch {
    ends: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<(usize, usize)>,
}

impl Watch {
    fn over(id: i32) -> Self {
        let (ends, end) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut most = (0, 0);
            while end.recv_timeout(LOOK) == Err(mpsc::RecvTimeoutError::Timeout) {
                most = (open_files(id).max(most.0), resident_kib(id).max(most.1));
            }
            most
        });
        Self { ends, thread }
    }

    /// Ends the looks: open files and resident KiB, at most.
    fn most(self) -> (usize, usize) {
        drop(self.ends);
        self.thread.join().expect("without a panic")
    }
}

fn open_files(id: i32) -> usize {
    std::fs::read_dir(format!("/proc/{id}/fd")).map_or(0, Iterator::count)
}

fn resident_kib(id: i32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_ascii_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn secs(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
