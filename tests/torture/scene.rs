//! The scene of a run: a folder, a database, imported parks, processes of the real program, and how clients talk to it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Findings;
use crate::database::{Raw, postgres_url};
use crate::fault_relay::Relay;
use crate::http;
use crate::options::Options;
use crate::server::{Server, Setup};

/// Limit of each SMTP phase where a run asks for no other.
pub(crate) const PHASE_LIMIT: Duration = Duration::from_secs(2);

pub(crate) const PARKS: usize = 200;
pub(crate) const SLOTS: usize = 4;
/// A phone, a person and a company that must not turn up in any log.
const CANARIES: [&str; 3] = ["13800138000", "金丝雀联系人", "金丝雀企业"];

/// On which database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Sqlite,
    Postgres,
}

impl Stage {
    pub(crate) const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub(crate) fn name(self) -> &'static str {
        if self == Self::Sqlite { "sqlite" } else { "postgres" }
    }
}

pub(crate) struct Scene {
    pub(crate) setup: Setup,
    pub(crate) database: Raw,
    pub(crate) servers: Vec<Server>,
    _folder: TempDir,
}

impl Scene {
    /// Everything up and serving; none where the database is not to be had.
    pub(crate) async fn open(options: &Options, stage: Stage, relay: &Relay, processes: usize) -> Option<Self> {
        Self::open_with(options, stage, relay, processes, &[]).await
    }

    /// The same with further configuration, which wins over the usual.
    pub(crate) async fn open_with(
        options: &Options,
        stage: Stage,
        relay: &Relay,
        processes: usize,
        more: &[(&str, &str)],
    ) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let database_url = match stage {
            Stage::Sqlite => format!("sqlite://{}?mode=rwc", folder.path().join("luodi.db").display()),
            Stage::Postgres => postgres_url().await?,
        };
        Some(Self::within(folder, options, database_url, relay, processes, more).await)
    }

    /// The same over a database that lies elsewhere and is empty.
    pub(crate) async fn over(options: &Options, database_url: String, relay: &Relay, more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::within(folder, options, database_url, relay, 1, more).await
    }

    async fn within(
        folder: TempDir,
        options: &Options,
        database_url: String,
        relay: &Relay,
        processes: usize,
        more: &[(&str, &str)],
    ) -> Self {
        let setup = Setup {
            folder: folder.path().to_owned(),
            database_url: database_url.clone(),
            smtp_url: relay.url(),
            more: pace(options).into_iter().chain(more.iter().map(owned)).collect(),
        };
        import_parks(&setup);
        let mut servers: Vec<_> = (0..processes).map(|_| Server::start(&setup)).collect();
        for server in &mut servers {
            server.ready().await;
        }
        Self { database: Raw::open(&database_url).await, setup, servers, _folder: folder }
    }
}

fn owned((name, value): &(&str, &str)) -> (String, String) {
    ((*name).to_owned(), (*value).to_owned())
}

fn pace(options: &Options) -> Vec<(String, String)> {
    let number = |name: &str, usual: usize| options.number(name, usual).to_string();
    vec![
        ("LUODI__MAIL__RETRY_MAX_SECONDS".to_owned(), number("retry-max", 1)),
        ("LUODI__MAIL__PHASE_LIMIT_SECONDS".to_owned(), number("phase-limit", PHASE_LIMIT.as_secs() as usize)),
        ("LUODI__MAIL__LEASE_SECONDS".to_owned(), number("lease", 10)),
        ("LUODI__MAIL__SLOTS".to_owned(), SLOTS.to_string()),
    ]
}

pub(crate) fn park(number: usize) -> String {
    format!("T{number:04}")
}

fn import_parks(setup: &Setup) {
    let mut csv = "code,name,level,province,inbox_email\n".to_owned();
    for number in 0..PARKS {
        let code = park(number);
        csv.push_str(&format!("{code},测试园区{number},省级,浙江省,inbox-{number}@example.com\n"));
    }
    let file = setup.folder.join("parks.csv");
    std::fs::write(&file, csv).expect("writes");
    let file = file.display().to_string();
    let steps: [&[&str]; 2] = [&["migrate", "up"], &["import", "parks", &file]];
    for step in steps {
        let output = setup.command(step).output().expect("runs");
        assert!(output.status.success(), "{step:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The notice in force.
pub(crate) async fn notice_version(servers: &[SocketAddr], first: usize) -> String {
    insist(servers, "notice", None, first).await["version"].as_str().unwrap_or_default().to_owned()
}

/// A submission, different for every number, whose personal data are canaries.
pub(crate) fn submission(number: usize, notice_version: &str) -> Value {
    json!({
        "requirement": { "kinds": ["park"], "land_mu": { "min": 30, "max": 50 }, "regions": ["330000"] },
        "company": format!("{}{number}", CANARIES[2]),
        "contact": CANARIES[1],
        "phone": CANARIES[0],
        "email": format!("client-{number}@example.com"),
        "consent": { "notice_version": notice_version },
    })
}

static SERVER_ERRORS: AtomicUsize = AtomicUsize::new(0);

/// How often [`insist`] was answered 500 since it was last asked.
pub(crate) fn server_errors() -> usize {
    SERVER_ERRORS.swap(0, Ordering::Relaxed)
}

/// Repeats a call until it is answered well. A refusal would be a mistake of this client.
pub(crate) async fn insist(servers: &[SocketAddr], path: &str, post: Option<(&str, &Value)>, first: usize) -> Value {
    let path = format!("/api/v1/{path}");
    for attempt in first.. {
        let server = servers[attempt % servers.len()];
        let answer = match post {
            Some((key, body)) => http::post(server, &path, key, &body.to_string()).await,
            None => http::get(server, &path).await,
        };
        match answer {
            Ok(answer) if answer.status == 201 || (post.is_none() && answer.status == 200) => return answer.json(),
            Ok(answer) if [409, 429, 503].contains(&answer.status) => {}
            Ok(answer) if answer.status == 500 => {
                SERVER_ERRORS.fetch_add(1, Ordering::Relaxed);
            }
            Ok(answer) => panic!("{path}: {} {}", answer.status, answer.body),
            Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Value::Null
}

/// Waits until no more than `left` mails are queued.
pub(crate) async fn drain(database: &Raw, left: usize, limit: Duration) -> bool {
    let waiting = "SELECT CAST(COUNT(*) AS TEXT) FROM outbox WHERE state = 'queued'";
    let empty = async {
        let mut look = tokio::time::interval(Duration::from_millis(500));
        while database.rows(waiting).await[0].parse::<usize>().is_ok_and(|queued| queued > left) {
            look.tick().await;
        }
    };
    tokio::time::timeout(limit, empty).await.is_ok()
}

/// Ends every process as an operator would.
pub(crate) async fn end(servers: &mut [Server], findings: &mut Findings) {
    for server in servers {
        let (status, time) = server.terminate().await;
        let well = status.success() && time < Duration::from_secs(30);
        findings.figure("end on SIGTERM", format!("{status}, {:.1} s", time.as_secs_f64()), "exit 0, ≤ 30 s", well);
    }
}

/// T30 for this run.
pub(crate) fn canaries(setup: &Setup, findings: &mut Findings) {
    let log = std::fs::read_to_string(setup.log()).unwrap_or_default();
    let total: usize = CANARIES.iter().map(|canary| log.matches(canary).count()).sum();
    findings.figure("personal data in the logs", total, "0", total == 0);
}
