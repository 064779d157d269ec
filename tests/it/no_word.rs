//! Nothing of a firm is left after its withdrawal: in no column of any table, in no file of the index, in no line of the log of
//! the real program.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use luodi::service::notice;
use mail_parser::MessageParser;
use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseConnection, QueryResult, Statement};
use serde_json::{Value, json};

use crate::database::{self, Raw};

/// Words of the firm of these tests.
pub(crate) const FIRM: [&str; 4] = ["示例水泵", "王工", "13800138000", "buyer@example.com"];

/// Every column of every table with its type, as the database names them.
async fn columns(db: &DatabaseConnection) -> Vec<[String; 3]> {
    let sql = match db.get_database_backend() {
        DatabaseBackend::Sqlite => {
            "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
        }
        _ => {
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = 'public'"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect(sql);
    let text = |row: &QueryResult, at: usize| row.try_get_by_index::<String>(at).expect("text");
    rows.iter().map(|row| [0, 1, 2].map(|at| text(row, at))).collect()
}

/// The words of bytes; of a mail also those that its encodings hide.
fn decoded(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    let parsed = MessageParser::default().parse(bytes).filter(|_| text.contains("MIME-Version"));
    if let Some(mail) = parsed {
        let bodies = (0..).map_while(|at| mail.body_text(at)).take(8).map(std::borrow::Cow::into_owned);
        let all: Vec<String> = bodies.collect();
        text = [text, mail.subject().unwrap_or_default().to_owned(), all.join("\n")].join("\n");
    }
    text
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks_exact(2).map(|pair| std::str::from_utf8(pair).expect("hexadecimal"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
}

/// Columns that hold one of the words, with it: every table, every column of text or bytes.
pub(crate) async fn words_left(db: &DatabaseConnection, words: &[&str]) -> Vec<String> {
    let mut left = Vec::new();
    let mut seen = 0;
    for [table, column, kind] in columns(db).await {
        let kind = kind.to_lowercase();
        let is_bytes = kind.contains("blob") || kind.contains("bytea");
        if !is_bytes && !["text", "char", "json"].iter().any(|part| kind.contains(part)) {
            continue;
        }
        seen += 1;
        let cell = match (is_bytes, db.get_database_backend()) {
            (false, _) => format!("CAST(\"{column}\" AS TEXT)"),
            (true, DatabaseBackend::Sqlite) => format!("hex(\"{column}\")"),
            (true, _) => format!("encode(\"{column}\", 'hex')"),
        };
        let sql = format!("SELECT {cell} FROM \"{table}\" WHERE \"{column}\" IS NOT NULL");
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), &sql)).await.expect(&sql);
        for row in rows {
            let text = row.try_get_by_index::<String>(0).expect("text");
            let text = if is_bytes { decoded(&bytes_of(&text)) } else { text };
            let held = words.iter().filter(|word| text.contains(**word));
            left.extend(held.map(|word| format!("{table}.{column} keeps {word}: {text}")));
        }
    }
    assert!(seen > 100, "{seen} columns of text");
    left
}

/// A running program with its folder's log.
struct Served {
    child: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn command(folder: &Path, url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luodi"));
    command.current_dir(folder).env("LUODI_PROFILE", "test").env("DATABASE_URL", url);
    command.env("LUODI__SEARCH__DIR", folder.join("index")).env("LUODI__MAIL__DIR", folder.join("mails"));
    command.env("RUST_LOG", "info,luodi=trace,tower_http=trace,sqlx=debug").stdin(Stdio::null());
    command
}

/// Runs a command of the program and returns what it prints.
fn run(folder: &Path, url: &str, args: &[&str]) -> String {
    let output = command(folder, url).args(args).output().expect("runs");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Starts the server; its log goes to a file.
fn serve(folder: &Path, url: &str) -> Served {
    let log = std::fs::File::create(folder.join("log")).expect("a log");
    let mut command = command(folder, url);
    let child = command.arg("serve").env("LUODI__SERVER__LISTEN", "127.0.0.1:0").stderr(log).spawn().expect("starts");
    let mut served = Served { child, address: String::new() };
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while served.address.is_empty() {
        let text = std::fs::read_to_string(folder.join("log")).expect("a log");
        let told = text.split("\"address\":\"").nth(1).and_then(|rest| rest.split_once('"'));
        served.address = told.map(|(address, _)| address.to_owned()).unwrap_or_default();
        assert!(std::time::Instant::now() < patience, "not up: {text}");
        std::thread::yield_now();
    }
    served
}

impl Served {
    /// One request; the answer's status and body.
    fn ask(&self, method: &str, path: &str, key: &str, body: Option<&Value>) -> (String, Value) {
        let text = body.map(Value::to_string).unwrap_or_default();
        let bearer = if key.is_empty() { String::new() } else { format!("Authorization: Bearer {key}\r\n") };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: luodi\r\nConnection: close\r\nContent-Type: application/json\r\n{bearer}\
             Idempotency-Key: {}\r\nContent-Length: {}\r\n\r\n",
            luodi::ids::row_id(),
            text.len()
        );
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        stream.write_all(format!("{head}{text}").as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.chars().skip(9).take(3).collect();
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    fn done(&self, method: &str, path: &str, key: &str, body: &Value) -> Value {
        let (status, answer) = self.ask(method, path, key, Some(body));
        assert!(status.starts_with('2'), "{method} {path}: {status} {answer}");
        answer
    }
}

/// Files below a folder that hold one of the words, with it.
fn files_with(folder: &Path, words: &[&str], seen: &mut usize) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with(&path, words, seen));
            continue;
        }
        *seen += 1;
        let text = decoded(&std::fs::read(&path).expect("a file"));
        let held = words.iter().filter(|word| text.contains(**word));
        found.extend(held.map(|word| format!("{} keeps {word}", path.display())));
    }
    found
}

const PARKS: &str = "code,name,level,province,inbox_email\nT2,示例二号园区,国家级,浙江省,two@example.com\n";
const PLOTS: &str = "plot_no,province,area_mu,land_use,park_code,status\nP1,浙江省,25,二类工业用地,T2,available\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_firm_leaves_no_word_in_database_index_and_log_of_the_program() {
    let mut urls = vec![None];
    urls.extend(database::postgres_url().await.map(Some));
    for url in urls {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("data").join("luodi.db");
        std::fs::create_dir(folder.path().join("data")).expect("a folder");
        let url = url.unwrap_or_else(|| format!("sqlite://{}?mode=rwc", file.display()));
        for (name, table) in [("parks", PARKS), ("plots", PLOTS)] {
            std::fs::write(folder.path().join(name), table).expect("written");
            run(folder.path(), &url, &["migrate", "up"]);
            run(folder.path(), &url, &["import", name, name]);
        }
        let printed = run(folder.path(), &url, &["key", "add", "m", "--role", "manager", "--park", "T2"]);
        let key = printed.split_whitespace().last().expect("a key").to_owned();
        let served = serve(folder.path(), &url);
        let consent = json!({ "notice_version": notice::VERSION });
        let body = json!({ "requirement": { "kinds": ["plot"], "land_mu": { "min": 20 }, "capacity": "示例水泵年产80万套" },
            "company": "示例水泵有限公司", "contact": "王工", "phone": "13800138000", "email": "buyer@example.com",
            "text": "示例水泵王工找地，电话13800138000", "consent": consent });
        let sent = served.done("POST", "/api/v1/requirements", "", &body);
        let own = format!("/api/v1/requirements/{}", sent["reference"].as_str().expect("a reference"));
        let listings = json!({ "listings": ["P1"], "consent": { "notice_version": notice::VERSION, "parks": ["T2"] } });
        let asked = served.done("POST", &format!("{own}/inquiries"), "", &listings);
        let number = asked["inquiries"][0]["number"].as_str().expect("a number").to_owned();
        let leads = served.ask("GET", "/api/v1/leads?q=8000", &key, None).1;
        let lead = format!("/api/v1/leads/{}", leads["items"][0]["id"].as_str().expect("a lead"));
        served.done("POST", &format!("{lead}/reveal"), &key, &json!({}));
        let note = json!({ "kind": "phone", "text": "示例水泵王工 13800138000 再等等" });
        served.done("POST", &format!("{lead}/notes"), &key, &note);
        served.done("POST", &format!("{lead}/reply"), &key, &json!({ "text": "示例水泵王工您好" }));
        let message = json!({ "text": "我是示例水泵王工，13800138000" });
        served.done("POST", &format!("{own}/inquiries/{number}/messages"), "", &message);
        let today = served.ask("GET", &lead, &key, None).1["created_at"].as_str().expect("a time")[..10].to_owned();
        let facts = json!({ "amount_wan": 500, "signed_on": today });
        let signed = json!({ "to": "signed", "version": 1, "reason": "示例水泵谈定", "facts": facts });
        served.done("POST", &format!("{lead}/stage"), &key, &signed);
        // A mistake of staff and of the enterprise is told in the answer alone.
        served.ask("POST", "/api/v1/requirements", "", Some(&json!({ "company": "示例水泵", "phone": "王工" })));
        served.ask("GET", &format!("/api/v1/leads?q={}", luodi::web::view::encode(FIRM[0])), &key, None);
        let raw = Raw::open(&url).await;
        assert!(!words_left(raw.connection(), &FIRM).await.is_empty(), "the search finds what is there");
        let report = served.ask("GET", "/api/v1/reports/monthly", &key, None).1;
        assert_eq!(served.ask("DELETE", &own, "", None).0, "204");
        assert_eq!(served.ask("GET", "/api/v1/reports/monthly", &key, None).1["figures"], report["figures"]);
        assert_eq!(served.ask("GET", &lead, &key, None).1["state"], "withdrawn");
        // What waits in the outbox goes out first.
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while !raw.rows("SELECT id FROM outbox WHERE state = 'queued'").await.is_empty() {
            assert!(std::time::Instant::now() < patience, "mails are still waiting");
            tokio::task::yield_now().await;
        }
        assert_eq!(words_left(raw.connection(), &FIRM).await, Vec::<String>::new(), "{url}");
        let mut seen = 0;
        assert_eq!(files_with(&folder.path().join("index"), &FIRM, &mut seen), Vec::<String>::new());
        assert!(seen > 3, "{seen} files of the index");
        let log = std::fs::read_to_string(folder.path().join("log")).expect("a log");
        assert!(log.lines().count() > 20, "{log}");
        let in_addresses = luodi::web::view::encode(FIRM[0]);
        for word in FIRM.into_iter().chain([in_addresses.as_str()]) {
            assert!(!log.contains(word), "the log keeps {word}: {log}");
        }
    }
}
