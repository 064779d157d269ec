//! The program as it starts: which settings it takes, and that it outlives whoever reads its log.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

use luodi::config::Config;

fn load(variables: &[(&str, &str)]) -> anyhow::Result<Config> {
    let variables: Vec<_> = variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Config::from_variables(&variables)
}

fn refusal(variables: &[(&str, &str)]) -> String {
    format!("{:#}", load(variables).expect_err("refused"))
}

#[test]
fn a_wrong_setting_is_refused_by_name() {
    for (key, value, named) in [
        ("LUODI__SERVER__LISTN", "127.0.0.1:1", "listn"),
        ("LUODI__MAIL__SLOTS", "0", "mail.slots"),
        ("DATABASE_URL", "mysql://localhost", "DATABASE_URL"),
        ("LUODI_PROFILE", "staging", "staging"),
    ] {
        let said = refusal(&[(key, value)]);
        assert!(said.contains(named), "{key}: {said}");
    }
}

/// What `.cargo/config.toml` says goes into the program when its heap is compiled; without it it keeps more at rest.
#[test]
fn the_heap_is_compiled_with_our_settings() {
    let text = std::fs::read_to_string(".cargo/config.toml").expect("a file");
    let set: toml::Table = text.parse().expect("TOML");
    let settings = set["env"]["JEMALLOC_SYS_WITH_MALLOC_CONF"].as_str().expect("text");
    let program = std::fs::read(env!("CARGO_BIN_EXE_luodi")).expect("the program");
    assert!(program.windows(settings.len()).any(|piece| piece == settings.as_bytes()));
}

#[test]
fn production_names_every_weak_setting_at_once_and_starts_with_strong_ones() {
    let said = refusal(&[("LUODI_PROFILE", "production")]);
    for named in ["server.base_url", "SMTP_URL", "mail.from", "site.operator"] {
        assert!(said.contains(named), "{named}: {said}");
    }
    let strong = [
        ("LUODI_PROFILE", "production"),
        ("LUODI__SERVER__BASE_URL", "https://luodi.example.org"),
        ("LUODI__SERVER__TRUSTED_HOPS", "1"),
        ("SMTP_URL", "smtps://user:word@relay.example.org"),
        ("LUODI__MAIL__FROM", "luodi <post@luodi.example.org>"),
        ("LUODI__SITE__OPERATOR", "运营方"),
        ("LUODI__SITE__CONTACT", "privacy@luodi.example.org"),
    ];
    load(&strong).expect("fit for production");
}

/// A configuration that is fit for production, with some variables besides.
fn in_production(more: &[(&str, &str)]) -> anyhow::Result<Config> {
    let mut all = vec![
        ("LUODI_PROFILE", "production"),
        ("LUODI__SERVER__BASE_URL", "https://luodi.example.org"),
        ("SMTP_URL", "smtps://user:word@relay.example.org"),
        ("LUODI__MAIL__FROM", "luodi <post@luodi.example.org>"),
        ("LUODI__SITE__OPERATOR", "运营方"),
        ("LUODI__SITE__CONTACT", "privacy@luodi.example.org"),
    ];
    all.extend(more);
    load(&all)
}

#[test]
fn production_behind_a_proxy_must_count_it_or_say_that_there_is_none() {
    let said = format!("{:#}", in_production(&[]).expect_err("refused"));
    assert!(said.contains("server.trusted_hops") && said.contains("server.no_proxy"), "{said}");
    in_production(&[("LUODI__SERVER__TRUSTED_HOPS", "1")]).expect("one proxy");
    in_production(&[("LUODI__SERVER__NO_PROXY", "true")]).expect("none, as said");
}

#[test]
fn production_refuses_an_unencrypted_connection_to_another_machine() {
    for (name, url, is_taken) in [
        ("DATABASE_URL", "postgres://luodi:word@db.example.org/luodi", false),
        ("DATABASE_URL", "postgres://luodi:word@db.example.org/luodi?sslmode=prefer", false),
        ("DATABASE_URL", "postgres://luodi:word@db.example.org/luodi?sslmode=verify-full", true),
        ("DATABASE_URL", "postgres://luodi:word@localhost:5433/luodi", true),
        ("DATABASE_URL", "postgres://luodi:word@[::1]:5433/luodi", true),
        ("DATABASE_URL", "postgres:///luodi?host=/run/postgresql", true),
        ("DATABASE_URL", "sqlite://var/luodi.db?mode=rwc", true),
        ("MEILI_URL", "http://search.example.org:7700", false),
        ("MEILI_URL", "http://127.0.0.1:7700", true),
        ("MEILI_URL", "https://search.example.org", true),
    ] {
        let done =
            in_production(&[("LUODI__SERVER__TRUSTED_HOPS", "1"), ("MEILI_SEARCH_KEY", "searches"), (name, url)]);
        assert_eq!(done.is_ok(), is_taken, "{url}: {done:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_production_a_process_with_other_shared_settings_is_refused_by_name_until_they_are_adopted() {
    let folder = tempfile::tempdir().expect("a folder");
    let in_folder = |name: &str| folder.path().join(name).display().to_string();
    let (database, index) = (format!("sqlite://{}?mode=rwc", in_folder("luodi.db")), in_folder("index"));
    let with = |more: &[(&str, &str)]| {
        let own = [("LUODI__SERVER__TRUSTED_HOPS", "1"), ("DATABASE_URL", &*database), ("LUODI__SEARCH__DIR", &*index)];
        in_production(&[&own[..], more].concat()).expect("a configuration")
    };
    let start = async |config: &Config| luodi::lifecycle::start(config.clone()).await.map(drop);
    let (first, other) = (with(&[]), with(&[("LUODI__MAIL__ALIAS_DOMAIN", "reply.example.org")]));
    start(&first).await.expect("the first");
    start(&with(&[("LUODI__MAIL__SLOTS", "2")])).await.expect("differs in what is its own");
    let said = format!("{:#}", start(&other).await.expect_err("refused"));
    assert!(said.starts_with("mail.alias_domain: ") && said.contains("luodi config adopt"), "{said}");
    let db = luodi::db::Db::connect(&other.database).await.expect("connects");
    db.adopt_settings(&other.shared).await.expect("adopts");
    start(&other).await.expect("adopted");
    start(&first).await.expect_err("the former settings");
}

#[test]
fn production_searches_meilisearch_by_a_key_that_does_not_write() {
    let with = |key: &str| {
        let keys = [("MEILI_KEY", "writes"), ("MEILI_SEARCH_KEY", key), ("MEILI_URL", "http://127.0.0.1:7700")];
        in_production(&[&[("LUODI__SERVER__TRUSTED_HOPS", "1")], &keys[..]].concat())
    };
    with("searches").expect("two keys");
    for key in ["", "writes"] {
        let said = format!("{:#}", with(key).expect_err("refused"));
        assert!(said.contains("MEILI_SEARCH_KEY"), "{said}");
    }
}

#[test]
fn a_secret_comes_from_its_file_and_values_lose_blanks_at_their_ends() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "smtp://user:word@127.0.0.1:25\n").expect("written");
    let path = file.path().display().to_string();
    let config = load(&[("SMTP_URL_FILE", &path), ("LUODI__SITE__PHONE", " 0574 1234 ")]).expect("a configuration");
    assert_eq!(secrecy::ExposeSecret::expose_secret(&config.mail.smtp_url), "smtp://user:word@127.0.0.1:25");
    assert_eq!(config.site.phone, "0574 1234");
    let dkim = load(&[("LUODI__MAIL__DKIM_KEY_FILE", "/etc/dkim.pem")]).expect("a configuration");
    assert_eq!(dkim.mail.dkim_key_file, "/etc/dkim.pem", "a key that names a file itself");
    for (variables, named) in [
        ([("SMTP_URL", "smtp://localhost"), ("SMTP_URL_FILE", path.as_str())], "SMTP_URL_FILE"),
        ([("LUODI_PROFILE", "test"), ("MEILI_KEY_FILE", "/absent/key")], "MEILI_KEY_FILE"),
    ] {
        let said = refusal(&variables);
        assert!(said.contains(named) && !said.contains("word"), "{said}");
    }
}

/// A server of its own, ended with the value.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.kill().expect("kills");
        self.0.wait().expect("ends");
    }
}

fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connects");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: luodi\r\nConnection: close\r\n\r\n").expect("asks");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn a_log_that_nobody_reads_any_more_breaks_no_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let child = Command::new(env!("CARGO_BIN_EXE_luodi"))
        .arg("serve")
        .current_dir(folder.path())
        .env("LUODI_PROFILE", "test")
        .env("LUODI__SERVER__LISTEN", "127.0.0.1:0")
        .env("DATABASE_URL", format!("sqlite://{}?mode=rwc", folder.path().join("luodi.db").display()))
        .env("RUST_LOG", "info,luodi=trace,tower_http=trace")
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut served = Served(child);
    let mut log = BufReader::new(served.0.stderr.take().expect("a log"));
    let address = loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).expect("a line") > 0, "the server ended");
        if let Some(address) = line.split("\"address\":\"").nth(1) {
            break address.split('"').next().expect("an address").parse().expect("an address");
        }
    };
    drop(log);
    for path in ["/livez", "/nowhere", "/readyz"].repeat(3) {
        let status = get(address, path).chars().skip(9).take(3).collect::<String>();
        assert_eq!(status, if path == "/nowhere" { "404" } else { "200" }, "{path}");
    }
}

#[test]
fn a_program_that_takes_mail_in_waits_for_its_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("data");
    std::fs::write(&place, "no folder").expect("writes");
    let child = Command::new(env!("CARGO_BIN_EXE_luodi"))
        .arg("receive")
        .current_dir(folder.path())
        .env("LUODI_PROFILE", "test")
        .env("LUODI__RECEIVE__LMTP", "127.0.0.1:0")
        .env("DATABASE_URL", format!("sqlite://{}?mode=rwc", place.join("luodi.db").display()))
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut receiver = Served(child);
    let mut log = BufReader::new(receiver.0.stderr.take().expect("a log"));
    let mut wait_for = |words: &str| loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).expect("a line") > 0, "it ended before: {words}");
        if line.contains(words) {
            return;
        }
    };
    wait_for("the database cannot be reached yet");
    std::fs::remove_file(&place).expect("removes");
    wait_for("ready");
}

#[cfg(not(any(feature = "failpoints", feature = "unguarded")))]
#[test]
fn a_build_without_the_test_features_holds_no_failpoint_and_no_way_past_a_guard() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_luodi")).expect("the program");
    let holds = |word: &str| program.windows(word.len()).any(|window| window == word.as_bytes());
    assert!(holds("DATABASE_URL"), "names of variables are found where there are some");
    assert!(!holds("LUODI_FAILPOINTS") && !holds("LUODI_UNGUARDED"));
}

#[tokio::test]
async fn a_relays_certificate_authority_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let no_pem = folder.path().join("ca.pem");
    std::fs::write(&no_pem, "no certificate").expect("writes");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("luodi.db").display());
    for file in ["/nowhere/ca.pem".to_owned(), no_pem.display().to_string()] {
        let variables = [
            ("LUODI_PROFILE", "test"),
            ("DATABASE_URL", url.as_str()),
            ("SMTP_URL", "smtps://relay.example.com"),
            ("LUODI__MAIL__CA_FILE", file.as_str()),
        ];
        let config = load(&variables).expect("a configuration");
        let Err(error) = luodi::service::context::Context::connect_without_index(config).await else {
            panic!("{file} was taken");
        };
        assert!(format!("{error:#}").contains("mail.ca_file"), "{error:#}");
    }
}

/// The log has who was refused what and from where, without an address of anybody.
#[test]
fn a_refusal_is_logged_with_its_network_and_account_and_without_an_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("luodi.db").display());
    let command = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_luodi"));
        command.args(arguments).current_dir(folder.path()).env("LUODI_PROFILE", "test").env("DATABASE_URL", &url);
        command.env("LUODI__SERVER__LISTEN", "127.0.0.1:0").env("LUODI__SERVER__TRUSTED_HOPS", "1");
        command
    };
    assert!(command(&["migrate", "up"]).output().expect("runs").status.success());
    let made = command(&["key", "add", "refused", "--role", "admin"]).output().expect("runs");
    let made = String::from_utf8(made.stdout).expect("text");
    let key = made.split_whitespace().find(|word| word.starts_with("luodi_")).expect("a key").to_owned();
    let mut served = Served(command(&["serve"]).stderr(Stdio::piped()).spawn().expect("starts"));
    let mut log = BufReader::new(served.0.stderr.take().expect("a log")).lines().map(|line| line.expect("a line"));
    let ready = log.find(|line| line.contains("\"address\":\"")).expect("ready");
    let address = ready.split("\"address\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an address");
    for (path, head) in [
        ("/api/v1/leads/none", format!("Authorization: Bearer {key}\r\n")),
        ("/staff/nothing", "Accept: text/html\r\n".to_owned()),
    ] {
        let mut stream = TcpStream::connect(address).expect("connects");
        let head = format!("{head}X-Forwarded-For: 203.0.113.77\r\nConnection: close");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: luodi\r\n{head}\r\n\r\n").expect("asks");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let line = log.find(|line| line.contains("\"refused\"")).expect("a line");
        assert!(line.contains("\"network\":\"203.0.113.0/24\"") && line.contains("\"code\":\"not_found\""), "{line}");
        assert_eq!(line.contains("\"account\":\"-\""), path.starts_with("/staff"), "{line}");
        assert!(!line.contains("203.0.113.77") && !line.contains(&key), "{line}");
    }
}
