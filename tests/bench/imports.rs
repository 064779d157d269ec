//! `cargo bench --bench imports`: files of 10,000 and 100,000 rows imported by the program, beside the bare transactions of
//! the same rows and beside the requests of a running server (see `README.md`).
#![expect(clippy::print_stdout, reason = "a report is what it is for")]

#[path = "../support/database.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod database;
#[path = "../torture/http.rs"]
mod http;
#[path = "../torture/server.rs"]
#[expect(dead_code, reason = "the torture suite uses more of it")]
mod server;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseConnection, Statement, TransactionTrait as _, Value};
use serde_json::json;

use server::{Server, Setup};

const SMALL: usize = 10_000;
const LARGE: usize = 100_000;
const PARKS: usize = 300;
/// Pause of each client between two requests: some 150 requests per second from three clients.
const PAUSE: Duration = Duration::from_millis(20);

/// A file of plots as a district's office keeps it: half of the columns, units and words of the field in some cells.
fn plots(rows: usize, price: usize) -> String {
    let mut file =
        "地块编号,所属园区,省份,城市,区县,面积（亩）,土地用途,行业代码,起始价（万元）,亩均税收,亩均产值,投资强度,\
        研发投入占比,容积率下限,容积率上限,建筑密度上限,供电能力,可用时间,状态,租售方式,位置,公告日期\n"
            .to_owned();
    for n in 0..rows {
        let (rd, status) = (["2.5", "3", "3.5%"][n % 3], ["available", "可供", "预留"][n % 3]);
        let _ = writeln!(
            file,
            "试-{n:06},K{:03},浙江省,宁波市,北仑区,{},工业用地,36,{},{},{},{},{rd},1.0,2.5,60,{},2027-0{}-01,{status},出让,\
             示例路{n}号,2026-05-01",
            n % PARKS,
            10 + n % 190,
            price + n % 8_000,
            15 + n % 45,
            300 + n % 600,
            300 + n % 300,
            200 + n % 2_800,
            1 + n % 9,
        );
    }
    file
}

fn parks() -> String {
    let rows = (0..PARKS).map(|n| format!("K{n:03},示例园区{n},省级,浙江省,宁波市,北仑区,one@example.com\n"));
    format!("code,name,level,province,city,county,inbox_email\n{}", rows.collect::<String>())
}

fn setup(folder: &std::path::Path) -> Setup {
    Setup {
        folder: folder.to_owned(),
        database_url: format!("sqlite://{}?mode=rwc", folder.join("luodi.db").display()),
        smtp_url: String::new(),
        more: Vec::new(),
    }
}

/// A command's wall time and peak memory in MB, its output thrown away.
#[expect(
    clippy::disallowed_methods,
    reason = "the peak of a process that has ended can no longer be read: it is sampled"
)]
fn measured(command: &mut Command) -> (Duration, u64) {
    let started = Instant::now();
    command.env("RUST_LOG", "warn").stdout(Stdio::null()).stderr(Stdio::inherit());
    let mut child = command.spawn().expect("runs");
    let mut peak = 0;
    loop {
        peak = peak_of(child.id()).unwrap_or(peak);
        if let Some(status) = child.try_wait().expect("a state") {
            assert!(status.code() == Some(0), "{status}");
            return (started.elapsed(), peak / 1_024);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Peak resident memory of a process, kB.
fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok())
}

/// The same rows as the program stored them, inserted in bare transactions of 500 into a database of the same settings.
async fn bare(setup: &Setup) -> Duration {
    let stored = connected(&setup.database_url).await;
    let sql = "SELECT kind, code, name, park_code, record FROM listing WHERE kind = 'plot'";
    let rows = stored.query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, sql)).await.expect("rows");
    let cell = |row: &sea_orm::QueryResult, at| Value::from(row.try_get_by_index::<Option<String>>(at).expect("text"));
    let rows: Vec<Vec<Value>> = rows.iter().map(|row| (0..5).map(|at| cell(row, at)).collect()).collect();
    let bare = connected(&format!("sqlite://{}?mode=rwc", setup.folder.join("bare.db").display())).await;
    let table =
        "CREATE TABLE listing (kind TEXT, code TEXT, name TEXT, park_code TEXT, record TEXT, PRIMARY KEY (kind, code))";
    bare.execute_unprepared(table).await.expect("a table");
    let started = Instant::now();
    for chunk in rows.chunks(500) {
        let values = vec!["(?, ?, ?, ?, ?)"; chunk.len()].join(", ");
        let sql = format!("INSERT INTO listing VALUES {values}");
        let tx = bare.begin().await.expect("begins");
        let statement = Statement::from_sql_and_values(DatabaseBackend::Sqlite, sql, chunk.concat());
        tx.execute_raw(statement).await.expect("inserts");
        tx.commit().await.expect("commits");
    }
    started.elapsed()
}

async fn connected(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url.to_owned());
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("journal_mode", "WAL").pragma("synchronous", "FULL"));
    sea_orm::Database::connect(options).await.expect("connects")
}

fn export(setup: &Setup) -> Vec<u8> {
    setup.command(&["export", "plots"]).stderr(Stdio::inherit()).output().expect("runs").stdout
}

/// 10,000 rows by the command line: imported, changed, repeated, taken back.
async fn small(folder: &std::path::Path) {
    let setup = setup(folder);
    let files = [("parks.csv", parks()), ("first.csv", plots(SMALL, 500)), ("second.csv", plots(SMALL, 900))];
    for (name, text) in &files {
        std::fs::write(folder.join(name), text).expect("written");
    }
    measured(&mut setup.command(&["import", "parks", "parks.csv"]));
    let (_, idle) = measured(&mut setup.command(&["import", "list"]));
    let (created, peak) = measured(&mut setup.command(&["import", "plots", "first.csv"]));
    let bare = bare(&setup).await;
    let ratio = created.as_secs_f64() / bare.as_secs_f64();
    println!("{SMALL} rows: created in {created:.2?} (bare {bare:.2?}, ratio {ratio:.1}), {} MB more", peak - idle);
    let before = export(&setup);
    let (preview, peak) = measured(&mut setup.command(&["import", "plots", "second.csv", "--dry-run"]));
    println!("{SMALL} rows: previewed in {preview:.2?}, {} MB more", peak - idle);
    let (updated, peak) = measured(&mut setup.command(&["import", "plots", "second.csv"]));
    println!("{SMALL} rows: updated in {updated:.2?}, {} MB more", peak - idle);
    let updating = newest(&setup);
    let (again, peak) = measured(&mut setup.command(&["import", "plots", "second.csv"]));
    println!("{SMALL} rows: repeated unchanged in {again:.2?}, {} MB more", peak - idle);
    let (undone, _) = measured(&mut setup.command(&["import", "undo", &updating]));
    println!("{SMALL} rows: undone in {undone:.2?}, export restored to the byte: {}", export(&setup) == before);
}

/// The same file through the page of files: from the upload until the preview stands, by the page's own refreshes.
async fn preview(folder: &std::path::Path) {
    let setup = setup(folder);
    for (name, text) in [("parks.csv", parks()), ("first.csv", one_park(500))] {
        std::fs::write(folder.join(name), text).expect("written");
    }
    measured(&mut setup.command(&["import", "parks", "parks.csv"]));
    measured(&mut setup.command(&["import", "plots", "first.csv"]));
    let invited = setup.command(&["user", "add", "clerk@example.com", "--role", "officer", "--park", "K000"]).output();
    let invited = String::from_utf8(invited.expect("runs").stdout).expect("text");
    let link = invited.split_whitespace().find_map(|word| word.find("/staff").map(|at| &word[at..])).expect("a link");
    let mut server = Server::start(&setup);
    server.ready().await;
    let signed_in = page(&server, "POST", link, ("", FORM), "password=a+sentence+of+twelve").await;
    let cookie = signed_in.header("set-cookie").and_then(|it| it.split(';').next()).expect("a cookie").to_owned();
    let (idle, file) = (peak_of_server(&server), one_park(900));
    let part =
        |name: &str, value: &str| format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{value}\r\n");
    let file = part("file", &format!("; filename=\"second.csv\"\r\nContent-Type: text/csv\r\n\r\n{file}"));
    let body = format!("{}{file}--{EDGE}--\r\n", part("kind", "\r\n\r\nplot"));
    let started = Instant::now();
    let multipart = format!("multipart/form-data; boundary={EDGE}");
    let sent = page(&server, "POST", "/staff/imports", (&cookie, &multipart), &body).await;
    let job = sent.header("location").expect("a job").to_owned();
    let seen = loop {
        let seen = page(&server, "GET", &job, (&cookie, FORM), "").await;
        let again =
            seen.body.split_once("http-equiv=\"refresh\" content=\"").and_then(|(_, rest)| rest.split_once('"'));
        let Some((seconds, _)) = again else { break seen };
        tokio::time::sleep(Duration::from_secs(seconds.parse().expect("seconds"))).await;
    };
    let (time, more) = (started.elapsed(), peak_of_server(&server).saturating_sub(idle));
    assert!(seen.body.contains("job-ready"), "{}", seen.body);
    println!("{SMALL} rows: preview in the browser after {time:.2?}, {more} MB more in the server");
}

const FORM: &str = "application/x-www-form-urlencoded";
const EDGE: &str = "luodi-bench-boundary";

/// The rows of [`plots`] as one park has them.
fn one_park(price: usize) -> String {
    let mut parks = (0..PARKS).map(|n| format!(",K{n:03},"));
    parks.by_ref().fold(plots(SMALL, price), |file, park| file.replace(&park, ",K000,"))
}

/// Asks for a page of staff.
async fn page(server: &Server, method: &str, path: &str, (cookie, kind): (&str, &str), body: &str) -> http::Answer {
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: bench.example.com\r\nConnection: close\r\nAccept: text/html\r\n\
         Sec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let answer = http::call(server.address, &request).await.expect("an answer");
    assert!(matches!(answer.status, 200 | 303), "{path}: {} {}", answer.status, answer.body);
    answer
}

/// Peak resident memory of the server, MB.
fn peak_of_server(server: &Server) -> u64 {
    peak_of(server.id().as_raw_nonzero().get().unsigned_abs()).unwrap_or_default() / 1_024
}

/// 10,000 rows on each database: changed, added and taken back, the export compared to the byte.
async fn undo() {
    for db in database::each().await {
        let folder = tempfile::tempdir().expect("a folder");
        let setup = Setup { database_url: db.url.clone(), ..setup(folder.path()) };
        let first = plots(SMALL / 2, 500);
        for (name, text) in [("parks.csv", &parks()), ("first.csv", &first), ("second.csv", &plots(SMALL, 900))] {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        measured(&mut setup.command(&["import", "parks", "parks.csv"]));
        measured(&mut setup.command(&["import", "plots", "first.csv"]));
        let before = export(&setup);
        let (imported, _) = measured(&mut setup.command(&["import", "plots", "second.csv"]));
        let changed = export(&setup);
        assert_ne!(before, changed);
        let (undone, _) = measured(&mut setup.command(&["import", "undo", &newest(&setup)]));
        let restored = export(&setup) == before;
        println!(
            "{SMALL} rows on {}: imported in {imported:.2?}, undone in {undone:.2?}, export restored: {restored}",
            db.name
        );
        assert!(restored, "{}", db.name);
    }
}

/// The id of the newest import.
fn newest(setup: &Setup) -> String {
    let list = setup.command(&["import", "list"]).output().expect("runs").stdout;
    let list: serde_json::Value = serde_json::from_slice(&list).expect("JSON");
    list["imports"][0]["id"].as_str().expect("an id").to_owned()
}

/// Requests of one kind until the stop; their times.
async fn client(server: SocketAddr, kind: &'static str, version: String, stop: Arc<AtomicBool>) -> Vec<Duration> {
    let (mut times, mut number) = (Vec::new(), 0_usize);
    let requirement = json!({ "kinds": ["plot"], "land_mu": { "min": 30, "max": 50 }, "regions": ["330000"] });
    while !stop.load(Ordering::SeqCst) {
        number += 1;
        let started = Instant::now();
        let answer = match kind {
            "page" => http::get(server, &format!("/api/v1/listings?kind=plot&page={}", 1 + number % 5)).await,
            "match" => http::post(server, "/api/v1/matches", "", &requirement.to_string()).await,
            _ => {
                let body = json!({ "requirement": requirement, "company": format!("示例公司{number}"), "contact": "示例",
                    "phone": "138 0013 8000", "email": format!("client-{number}@example.com"),
                    "consent": { "notice_version": version } });
                let key = format!("{version}-{number}-{}", started.elapsed().as_nanos());
                http::post(server, "/api/v1/requirements", &key, &body.to_string()).await
            }
        };
        let answer = answer.expect("an answer");
        assert!(matches!(answer.status, 200 | 201), "{kind}: {} {}", answer.status, answer.body);
        times.push(started.elapsed());
        tokio::time::sleep(PAUSE).await;
    }
    times
}

/// The times of three clients while `work` runs.
async fn beside<T>(
    server: SocketAddr,
    version: &str,
    work: impl Future<Output = T>,
) -> (T, Vec<(&'static str, Vec<Duration>)>) {
    let stop = Arc::new(AtomicBool::new(false));
    let clients = ["page", "match", "submit"].map(|kind| {
        let (version, stop) = (version.to_owned(), Arc::clone(&stop));
        (kind, tokio::spawn(client(server, kind, version, stop)))
    });
    let done = work.await;
    stop.store(true, Ordering::SeqCst);
    let mut times = Vec::new();
    for (kind, client) in clients {
        times.push((kind, client.await.expect("ends")));
    }
    (done, times)
}

fn told(label: &str, times: Vec<(&'static str, Vec<Duration>)>) {
    for (kind, mut times) in times {
        times.sort_unstable();
        let at =
            |percent: usize| times.get((times.len() * percent / 100).min(times.len() - 1)).copied().unwrap_or_default();
        let (middle, late, last) = (at(50), at(99), at(100));
        println!(
            "{label} {kind:7} {:5} requests: median {middle:.1?}, p99 {late:.1?}, longest {last:.1?}",
            times.len()
        );
    }
}

/// 100,000 rows by the command line beside a running server.
async fn large(folder: &std::path::Path) {
    let setup = setup(folder);
    std::fs::write(folder.join("parks.csv"), parks()).expect("written");
    std::fs::write(folder.join("large.csv"), plots(LARGE, 500)).expect("written");
    measured(&mut setup.command(&["import", "parks", "parks.csv"]));
    let mut server = Server::start(&setup);
    server.ready().await;
    let address = server.address;
    let notice = http::get(address, "/api/v1/notice").await.expect("an answer").json();
    let version = notice["version"].as_str().expect("a version").to_owned();
    let ((), quiet) = beside(address, &version, tokio::time::sleep(Duration::from_secs(5))).await;
    told("alone ", quiet);
    let command = setup.command(&["import", "plots", "large.csv"]);
    let ((imported, peak, seen), times) = beside(address, &version, seen_by(address, command)).await;
    println!("{LARGE} rows: imported in {imported:.2?}, {peak} MB at most, seen by the server after {seen:.2?}");
    told("beside", times);
}

/// The time until a command has ended, its peak memory, and the time until the server shows its rows.
async fn seen_by(server: SocketAddr, mut command: Command) -> (Duration, u64, Duration) {
    let started = Instant::now();
    let (imported, peak) = tokio::task::spawn_blocking(move || measured(&mut command)).await.expect("ends");
    loop {
        let page = http::get(server, "/api/v1/listings?kind=plot&per_page=1").await.expect("an answer").json();
        if page["total"] == LARGE {
            return (imported, peak, started.elapsed());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for part in ["small", "preview", "undo", "large"] {
        let asked = std::env::args().nth(1).filter(|argument| argument != "--bench");
        let folder = tempfile::tempdir().expect("a folder");
        match part {
            _ if asked.as_deref().is_some_and(|asked| asked != part) => {}
            "small" => small(folder.path()).await,
            "preview" => preview(folder.path()).await,
            "undo" => undo().await,
            _ => large(folder.path()).await,
        }
    }
}
