//! The mailer against a real Postfix on loopback, with a configuration and a queue of its own.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use luodi::mail::{Built, Mailer as _, PhaseLimits, RelayUrl, SmtpMailer};
use tempfile::TempDir;

use crate::Findings;
use crate::mailbag::letter;
use crate::matrix::class;
use crate::options::Options;

const CERTIFICATE: &str = "/etc/ssl/certs/ssl-cert-snakeoil.pem";

pub(crate) struct Postfix {
    folder: TempDir,
    pub(crate) port: u16,
}

impl Postfix {
    /// None where Postfix is not installed or cannot be started.
    fn start() -> Option<Self> {
        Self::with("")
    }

    /// The same with further lines of its configuration.
    pub(crate) fn with(more: &str) -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("luodi-postfix").tempdir_in("/tmp").ok()?;
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).ok()?.port();
        let postfix = Self { folder, port };
        // Postfix drops its rights and still has to get at its own folders.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(postfix.path(), open).ok()?;
        for (name, owner) in [("queue", "root"), ("data", "postfix")] {
            let folder = postfix.path().join(name);
            std::fs::create_dir(&folder).ok()?;
            Command::new("chown").arg(owner).arg(&folder).status().ok().filter(std::process::ExitStatus::success)?;
        }
        std::fs::write(postfix.path().join("main.cf"), main_cf(postfix.path()) + more).ok()?;
        std::fs::write(postfix.path().join("master.cf"), master_cf(port)).ok()?;
        postfix.control("start").then_some(postfix)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn control(&self, order: &str) -> bool {
        let done = Command::new("postfix").arg("-c").arg(self.path()).arg(order).output();
        done.is_ok_and(|output| output.status.success())
    }

    /// Message-IDs that its log shows as delivered.
    pub(crate) fn delivered(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.path().join("log")).unwrap_or_default();
        let queue_id = |line: &str| line.split("]: ").nth(1).and_then(|rest| rest.split(':').next()).map(str::to_owned);
        let sent: Vec<_> = log.lines().filter(|line| line.contains("status=sent")).filter_map(queue_id).collect();
        let about = log.lines().filter(|line| line.contains("message-id=<"));
        let named = about.filter(|line| queue_id(line).is_some_and(|id| sent.contains(&id)));
        named.filter_map(|line| line.split_once("message-id=<")?.1.strip_suffix('>').map(str::to_owned)).collect()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.control("stop");
    }
}

fn main_cf(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = /tmp
myhostname = relay.example.com
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
default_transport = discard
alias_maps =
alias_database =
message_size_limit = 40000
smtpd_tls_cert_file = {CERTIFICATE}
smtpd_tls_key_file = /etc/ssl/private/ssl-cert-snakeoil.key
smtpd_tls_security_level = may
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ nobody@example.com = 550 5.1.1 no such user }}, \
{{ busy@example.com = 451 4.2.1 later }} }}, permit_mynetworks, reject
"
    )
}

fn master_cf(port: u16) -> String {
    let mut services = format!("127.0.0.1:{port} inet n - n - - smtpd\n");
    for service in [
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "tlsmgr unix - - n 1000? 1 tlsmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce",
        "defer unix - - n - 0 bounce",
        "trace unix - - n - 0 bounce",
        "proxymap unix - - n - - proxymap",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "discard unix - - n - - discard",
        "lmtp unix - - n - - lmtp",
        "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache",
        "postlog unix-dgram n - n - 1 postlogd",
    ] {
        services.push_str(service);
        services.push('\n');
    }
    services
}

fn mail(local: &str, number: usize) -> Built {
    let mut letter = letter();
    letter.to.address = format!("{local}@example.com");
    letter.message_id = format!("{local}-{number}@luodi.example.com");
    if local == "large" {
        letter.text = "大".repeat(40_000);
    }
    letter.build(None).expect("builds")
}

fn mailer(url: &str, root: Option<&[u8]>) -> SmtpMailer {
    let url = RelayUrl::parse(url).expect("a URL");
    let limits = PhaseLimits::capped(Duration::from_secs(10));
    SmtpMailer::new(url, "luodi.example.com", limits, root).expect("a mailer")
}

/// T05 against the real thing.
pub(crate) async fn run(options: &Options, findings: &mut Findings) {
    let Some(postfix) = Postfix::start() else {
        println!("SKIPPED: Postfix is not installed or cannot be started here");
        return;
    };
    let rows = options.number("rows", 10);
    let port = postfix.port;
    let plain = mailer(&format!("smtp://127.0.0.1:{port}"), None);
    for (local, wanted) in [("park", "sent"), ("nobody", "permanent"), ("busy", "transient"), ("large", "permanent")] {
        let mut right = 0;
        for number in 0..rows {
            let outcome = plain.send(&mail(local, number)).await;
            if class(&outcome) == wanted {
                right += 1;
            } else {
                println!("  {local}: {outcome:?}");
            }
        }
        findings.figure(&format!("{local} is {wanted}"), right, &rows.to_string(), right == rows);
    }
    let unknown = mailer(&format!("smtp://localhost:{port}?tls=required"), None).send(&mail("self-signed", 0)).await;
    let paused = class(&unknown) == "relay_paused";
    findings.figure("a certificate that nobody vouches for", class(&unknown), "relay_paused", paused);
    secured(&postfix, findings).await;
    let mut look = tokio::time::interval(Duration::from_millis(100));
    let wanted = rows + 1;
    let in_log = async {
        while postfix.delivered().len() < wanted {
            look.tick().await;
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(10), in_log).await;
    let delivered = postfix.delivered();
    let honest = delivered.iter().all(|id| id.starts_with("park-") || id.starts_with("trusted-"));
    let all = delivered.len() == wanted && honest;
    findings.figure("delivered by Postfix, and none else", delivered.len(), &wanted.to_string(), all);
}

/// STARTTLS with a certificate that we were told to trust; it names this machine.
async fn secured(postfix: &Postfix, findings: &mut Findings) {
    let root = std::fs::read(CERTIFICATE).unwrap_or_default();
    let name = Command::new("openssl").args(["x509", "-noout", "-ext", "subjectAltName", "-in", CERTIFICATE]).output();
    let text = name.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let host = text.split("DNS:").nth(1).and_then(|rest| rest.split([',', '\n']).next()).unwrap_or("localhost").trim();
    let outcome =
        mailer(&format!("smtp://{host}:{}?tls=required", postfix.port), Some(&root)).send(&mail("trusted", 0)).await;
    findings.figure("STARTTLS with a trusted certificate", class(&outcome), "sent", class(&outcome) == "sent");
    if class(&outcome) != "sent" {
        println!("  {host}: {outcome:?}");
    }
}
