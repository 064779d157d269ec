//! `cargo bench --bench leads`: a desk with 100,000 leads: its pages under load, the search by the ending of a phone, the export
//! with its memory (see `README.md`).
#![expect(clippy::print_stdout, reason = "a report is what it is for")]

#[path = "../torture/http.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod http;
#[path = "../torture/server.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod server;

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use luodi::clock::{Clock as _, SystemClock};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, TransactionTrait as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use server::{Server, Setup};

/// Leads, unless an argument says how many.
const USUAL_LEADS: usize = 100_000;
const PARKS: usize = 200;
/// Rows per statement.
const CHUNK: usize = 500;
/// Connections that ask for pages of the desk at once.
const CLIENTS: usize = 8;
/// Time for which they ask.
const LOAD: Duration = Duration::from_secs(10);
/// Searches one after the other.
const SEARCHES: usize = 200;

fn parks() -> String {
    let rows = (0..PARKS).map(|n| format!("K{n:03},示例园区{n},省级,浙江省,宁波市,北仑区,one@example.com\n"));
    format!("code,name,level,province,city,county,inbox_email\n{}", rows.collect::<String>())
}

/// The database to fill: a file of SQLite, or the empty one that `LUODI_BENCH_DATABASE` names.
fn setup(folder: &std::path::Path) -> Setup {
    let file = format!("sqlite://{}?mode=rwc", folder.join("luodi.db").display());
    let database_url = std::env::var("LUODI_BENCH_DATABASE").unwrap_or(file);
    Setup { folder: folder.to_owned(), database_url, smtp_url: String::new(), more: Vec::new() }
}

fn run(setup: &Setup, arguments: &[&str]) -> String {
    let output = setup.command(arguments).stderr(Stdio::inherit()).output().expect("runs");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

async fn connected(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url.to_owned());
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.expect("connects")
}

/// The rows of one lead for each table, as values of an insert.
fn values(n: usize, now: i64) -> [String; 4] {
    let (id, day) = (format!("{n:032x}"), 86_400_000);
    let (park, created) = (n % PARKS, now - (n as i64 % 300) * day);
    let due = now + (n as i64 % 21 - 7) * day;
    let (stage, touched) = [("registered", false), ("contacted", true), ("negotiating", true)][n % 3];
    let number = format!("LD20260101-{n:08}");
    let (phone, company) = (format!("+86138{n:08}"), format!("示例{n}号机械"));
    let body =
        format!(r#"{{"kinds":["plot"],"land_mu":{{"min":{},"max":{}}},"industry":"3670"}}"#, 20 + n % 60, 60 + n % 60);
    let last4 = &phone[phone.len() - 4..];
    [
        format!(
            "('{id}', '{id}', 'open', '{body}', '{company}有限公司', '示例', '{phone}', 'a{n}@example.com', 'zh-Hans', {created}, '{company}', '{last4}')"
        ),
        format!(
            "('{id}', '{number}', '{id}', 'plot', 'P{}', '示例地块{}', 'K{park:03}', 'sent', {created}, {created}, '{id}')",
            n % 900,
            n % 900
        ),
        format!(
            "('{id}', '{id}', 'K{park:03}', '{stage}', 1, {created}, {created}, {due}, FALSE, '{id}', '{number}', 'open', 'web', {touched})"
        ),
        format!("('{id}', '{id}', {created}, 'received', 'registered', '')"),
    ]
}

const TABLES: [(&str, &str); 4] = [
    (
        "requirement",
        "id, reference, state, body, company, contact, phone, email, locale, created_at, company_key, phone_last4",
    ),
    (
        "inquiry",
        "id, number, requirement_id, listing_kind, listing_code, listing_name, park_code, state, created_at, updated_at, lead_id",
    ),
    (
        "lead",
        "id, inquiry_id, park_code, stage, version, created_at, updated_at, due_at, hidden, requirement_id, number, state, source, touched",
    ),
    ("lead_event", "id, lead_id, at, kind, to_stage, note"),
];

async fn fill(url: &str, leads: usize) {
    let connection = connected(url).await;
    let now = SystemClock.now().0;
    for from in (0..leads).step_by(CHUNK) {
        let rows: Vec<[String; 4]> = (from..(from + CHUNK).min(leads)).map(|n| values(n, now)).collect();
        let tx = connection.begin().await.expect("begins");
        for (at, (table, columns)) in TABLES.iter().enumerate() {
            let values = rows.iter().map(|row| row[at].as_str()).collect::<Vec<_>>().join(", ");
            tx.execute_unprepared(&format!("INSERT INTO {table} ({columns}) VALUES {values}")).await.expect("inserts");
        }
        tx.commit().await.expect("commits");
    }
    connection.execute_unprepared("ANALYZE").await.expect("analyses");
}

/// One connection that is kept open.
struct Client {
    stream: TcpStream,
    key: String,
}

impl Client {
    async fn new(server: SocketAddr, key: &str) -> Self {
        let stream = TcpStream::connect(server).await.expect("connects");
        stream.set_nodelay(true).expect("an option");
        Self { stream, key: key.to_owned() }
    }

    /// Asks for a path; returns the time and the body.
    async fn get(&mut self, path: &str) -> (Duration, String) {
        let started = Instant::now();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: bench.example.com\r\nAuthorization: Bearer {}\r\n\r\n", self.key);
        self.stream.write_all(request.as_bytes()).await.expect("writes");
        let (mut bytes, mut part) = (Vec::new(), vec![0; 64 << 10]);
        loop {
            let read = self.stream.read(&mut part).await.expect("reads");
            assert!(read > 0, "the server ended the connection");
            bytes.extend_from_slice(&part[..read]);
            let text = String::from_utf8_lossy(&bytes);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0_usize) {
                assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head} {body}");
                return (started.elapsed(), body.to_owned());
            }
        }
    }
}

fn told(label: &str, mut times: Vec<Duration>, over: Duration) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    let rate = times.len() as f64 / over.as_secs_f64();
    println!("{label}: {rate:.0}/s, median {:.2?}, p99 {:.2?}, longest {:.2?}", at(50), at(99), at(100));
}

/// Pages of the desk by several connections: of one park each, and all lists in turn.
async fn desk(server: SocketAddr, keys: &[String]) {
    let started = Instant::now();
    let clients = (0..CLIENTS).map(|client| {
        let key = keys[client % keys.len()].clone();
        tokio::spawn(async move {
            let mut client = Client::new(server, &key).await;
            let mut times = Vec::new();
            let lists = ["overdue", "today", "to_answer", "new", "waiting"];
            while started.elapsed() < LOAD {
                let list = lists[times.len() % lists.len()];
                times.push(client.get(&format!("/api/v1/leads?bucket={list}")).await.0);
            }
            times
        })
    });
    let mut times = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        times.extend(client.await.expect("ends"));
    }
    told("desk", times, started.elapsed());
}

async fn searches(server: SocketAddr, key: &str, leads: usize) {
    let (mut client, started, mut times) = (Client::new(server, key).await, Instant::now(), Vec::new());
    for n in 0..SEARCHES {
        let ending = format!("{:04}", (n * 7919) % leads.min(10_000));
        let (time, body) = client.get(&format!("/api/v1/leads?q={ending}")).await;
        assert!(body.contains("\"items\":[{"), "{ending}: {body}");
        times.push(time);
    }
    told("search by the last four digits of a phone", times, started.elapsed());
}

/// A figure of a process's memory as the kernel has it, kB.
fn memory(process: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix("kB")?.trim().parse().ok())
}

/// A command's wall time and peak memory in MB.
#[expect(
    clippy::disallowed_methods,
    reason = "the peak of a process that has ended can no longer be read: it is sampled"
)]
fn measured(command: &mut Command) -> (Duration, u64) {
    let started = Instant::now();
    let mut child =
        command.env("RUST_LOG", "warn").stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().expect("runs");
    let mut peak = 0;
    loop {
        peak = memory(child.id(), "VmHWM:").unwrap_or(peak);
        if let Some(status) = child.try_wait().expect("a state") {
            assert!(status.success(), "{status}");
            return (started.elapsed(), peak / 1_024);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = setup(folder.path());
    std::fs::write(folder.path().join("parks.csv"), parks()).expect("written");
    run(&setup, &["migrate", "up"]);
    run(&setup, &["import", "parks", "parks.csv"]);
    let started = Instant::now();
    let leads = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(USUAL_LEADS);
    fill(&setup.database_url, leads).await;
    println!("{leads} leads filled in {:.1?}", started.elapsed());
    let mut keys = vec![run(&setup, &["key", "add", "all", "--role", "admin"])];
    for n in 0..CLIENTS - 1 {
        let (name, park) = (format!("k{n}"), format!("K{n:03}"));
        keys.push(run(&setup, &["key", "add", &name, "--role", "manager", "--park", &park]));
    }
    let mut server = Server::start(&setup);
    server.ready().await;
    desk(server.address, &keys).await;
    searches(server.address, &keys[0], leads).await;
    println!(
        "resident: {} MB",
        memory(server.id().as_raw_nonzero().get().cast_unsigned(), "VmRSS:").unwrap_or_default() / 1_024
    );
    drop(server);
    let (_, idle) = measured(&mut setup.command(&["export", "parks", "--out", "parks-out.csv"]));
    for format in ["csv", "xlsx"] {
        let out = format!("leads.{format}");
        let command = &mut setup.command(&["export", "leads", "--format", format, "--out", &out]);
        let (time, peak) = measured(command);
        println!("export {format}: {time:.1?}, {} MB more than an export of the parks", peak.saturating_sub(idle));
    }
}
