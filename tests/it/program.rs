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
        ("SMTP_URL", "smtps://user:word@relay.example.org"),
        ("LUODI__MAIL__FROM", "luodi <post@luodi.example.org>"),
        ("LUODI__SITE__OPERATOR", "运营方"),
        ("LUODI__SITE__CONTACT", "privacy@luodi.example.org"),
    ];
    load(&strong).expect("fit for production");
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
