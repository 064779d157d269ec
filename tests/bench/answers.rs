//! `cargo bench --bench answers`: the page of matches under load: 200 different requirements over the demo inventory, asked for by
//! several connections, as plain HTML and compressed, and each address once, so that none is kept (see `README.md`).
#![expect(clippy::print_stdout, reason = "a report is what it is for")]

#[path = "../torture/http.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod http;
#[path = "../torture/server.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod server;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use server::{Server, Setup};

/// Connections that ask at once.
const CLIENTS: usize = 8;
/// Time for which they ask, after [`WARM_UP`].
const LOAD: Duration = Duration::from_secs(15);
const WARM_UP: Duration = Duration::from_secs(2);
const REQUIREMENTS: usize = 200;

/// Prefectures of the four regions in which the samples are.
const PLACES: [u32; 10] = [330_200, 330_100, 330_400, 320_500, 320_200, 440_600, 441_900, 510_100, 120_000, 110_000];
const INDUSTRIES: [&str; 5] = ["3670", "34", "39", "27", "35"];

/// A requirement as the address of its answer; `n` is below [`REQUIREMENTS`].
fn address(n: usize) -> String {
    let (place, trade, size) = (PLACES[n % 10], INDUSTRIES[n / 10 % 5], 15 + n / 50 * 20 + n % 7);
    let need = if n.is_multiple_of(2) {
        format!("kinds=plot&use=production&land_mu.min={size}&land_mu.max={}&tax_wan={}", size + 20, size * 25)
    } else {
        format!("kinds=space&use=production&floor_m2.min={}&rent_yuan_m2_month_max={}", size * 100, 20 + n % 9)
    };
    format!("/matches?{need}&industry={trade}&regions={place}")
}

/// One connection that is kept open.
struct Client {
    stream: TcpStream,
    encoding: &'static str,
    /// The answer at hand, and the part of it that came last; kept, so that the load costs little beside the server.
    bytes: Vec<u8>,
    part: Vec<u8>,
}

impl Client {
    async fn new(server: SocketAddr, encoding: &'static str) -> Self {
        let stream = TcpStream::connect(server).await.expect("connects");
        stream.set_nodelay(true).expect("an option");
        Self { stream, encoding, bytes: Vec::new(), part: vec![0; 64 << 10] }
    }

    /// Asks for a path; returns the time and the bytes of the answer.
    async fn get(&mut self, path: &str) -> (Duration, usize) {
        let started = Instant::now();
        let encoding = self.encoding;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: bench.example.com\r\nAccept: text/html\r\nAccept-Encoding: {encoding}\r\n\r\n"
        );
        self.stream.write_all(request.as_bytes()).await.expect("writes");
        let (bytes, part) = (&mut self.bytes, &mut self.part);
        bytes.clear();
        let mut whole = None;
        while whole.is_none_or(|whole| !is_complete(bytes, whole)) {
            let read = self.stream.read(part).await.expect("reads");
            assert!(read > 0, "the server ended the connection");
            bytes.extend_from_slice(&part[..read]);
            whole = whole.or_else(|| length(bytes));
        }
        assert!(bytes.starts_with(b"HTTP/1.1 200"), "{path}: {}", String::from_utf8_lossy(&bytes[..200]));
        (started.elapsed(), bytes.len())
    }
}

/// The length of a message as its head tells it.
#[derive(Clone, Copy)]
enum Length {
    /// Of head and body.
    Bytes(usize),
    Chunked,
}

fn length(bytes: &[u8]) -> Option<Length> {
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let stated = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    Some(stated.map_or(Length::Chunked, |body| Length::Bytes(end + body)))
}

fn is_complete(bytes: &[u8], whole: Length) -> bool {
    match whole {
        Length::Bytes(length) => bytes.len() >= length,
        Length::Chunked => bytes.ends_with(b"\r\n0\r\n\r\n"),
    }
}

/// Whether an address comes again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Addresses {
    Again,
    /// Each has a parameter of its own that the page ignores.
    Once,
}

/// Answers by several connections, each through all requirements in turn.
async fn load(
    server: SocketAddr,
    encoding: &'static str,
    addresses: Addresses,
    long: Duration,
) -> Vec<(Duration, usize)> {
    let started = Instant::now();
    let clients = (0..CLIENTS).map(|client| {
        tokio::spawn(async move {
            let mut own = Client::new(server, encoding).await;
            let mut times = Vec::new();
            while started.elapsed() < long {
                let mut address = address((client * 25 + times.len()) % REQUIREMENTS);
                if addresses == Addresses::Once {
                    address += &format!("&once={client}-{}", started.elapsed().as_nanos());
                }
                times.push(own.get(&address).await);
            }
            times
        })
    });
    let mut times = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        times.extend(client.await.expect("ends"));
    }
    times
}

fn told(what: &str, mut times: Vec<(Duration, usize)>) {
    let weight = times.iter().map(|(_, bytes)| bytes).sum::<usize>() / times.len();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].0;
    let rate = times.len() as f64 / LOAD.as_secs_f64();
    println!(
        "answers, {what}: {rate:.0}/s, median {:.2?}, p99 {:.2?}, longest {:.2?}, {weight} bytes each",
        at(50),
        at(99),
        at(100)
    );
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let database_url = format!("sqlite://{}?mode=rwc", folder.path().join("luodi.db").display());
    let more = [("LUODI_PROFILE", "development"), ("LUODI__LIMITS__ENABLED", "false"), ("RUST_LOG", "warn")];
    let more = more.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let setup = Setup { folder: folder.path().to_owned(), database_url, smtp_url: String::new(), more };
    let mut server = Server::start(&setup);
    server.ready().await;
    for (addresses, words) in [(Addresses::Again, "200 addresses"), (Addresses::Once, "each address once")] {
        for encoding in ["identity", "gzip"] {
            load(server.address, encoding, addresses, WARM_UP).await;
            let times = load(server.address, encoding, addresses, LOAD).await;
            told(&format!("{words}, {encoding}"), times);
        }
    }
}
