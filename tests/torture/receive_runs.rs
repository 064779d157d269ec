//! Mail that comes in while the program is killed: by LMTP from a mail server that tries again, by IMAP from a mailbox that
//! stays as it is, and both ways through a real Postfix.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mail_parser::MessageParser;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Findings;
use crate::database::Raw;
use crate::fault_relay::Relay;
use crate::imap::{Folder, serving};
use crate::options::Options;
use crate::postfix_run::Postfix;
use crate::scene::{Scene, Stage, drain, insist, notice_version, park, submission};
use crate::server::Setup;

const DOMAIN: &str = "reply.torture.example.com";
/// Inquiries that the mails are about: each side of one may write 20 letters a day.
const INQUIRIES: usize = 100;
/// Connections of the mail server at once.
const HANDS: usize = 4;
/// Longest wait for one answer, and for everything to be taken in.
const PATIENCE: Duration = Duration::from_secs(20);
const END: Duration = Duration::from_secs(3_600);

/// An inquiry that was sent, as its park sees it.
#[derive(Clone)]
struct Asked {
    inbox: String,
    alias: String,
    message_id: String,
}

/// A mail that comes in, with the word by which its effect is found.
#[derive(Clone)]
struct Mail {
    word: String,
    sender: String,
    recipient: String,
    text: String,
}

/// The program that takes mail in; killed with its value.
struct Receiver {
    setup: Setup,
    child: Child,
}

impl Receiver {
    fn start(setup: &Setup) -> Self {
        Self { child: spawn(setup), setup: setup.clone() }
    }

    /// Starts it again where it ended by itself, as its supervisor does.
    fn revive(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
            self.child = spawn(&self.setup);
        }
    }

    fn kill_and_restart(&mut self) {
        self.child.kill().expect("kills");
        self.child.wait().expect("ends");
        self.child = spawn(&self.setup);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(setup: &Setup) -> Child {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(setup.log()).expect("a log");
    let errors = log.try_clone().expect("a file");
    let mut command = setup.command(&["receive"]);
    command.stdin(Stdio::null()).stdout(log).stderr(errors).spawn().expect("the program starts")
}

/// Requirements with one inquiry each, whose mails the relay has.
async fn ask(options: &Options, scene: &Scene, relay: &Relay, count: usize) -> Vec<Asked> {
    let servers: Vec<SocketAddr> = scene.servers.iter().map(|server| server.address).collect();
    let version = notice_version(&servers, 0).await;
    for number in 0..count {
        let key = format!("req-{}-{number}", options.seed);
        let answer = insist(&servers, "requirements", Some((&key, &submission(number, &version))), number).await;
        let path = format!("requirements/{}/inquiries", answer["reference"].as_str().unwrap_or_default());
        let parks = [park(number)];
        let send = json!({ "listings": parks, "consent": { "notice_version": version, "parks": parks } });
        insist(&servers, &path, Some((&format!("inq-{}-{number}", options.seed), &send)), number).await;
    }
    drain(&scene.database, 0, Duration::from_secs(600)).await;
    relay.accepted().iter().filter_map(|taken| asked(&taken.recipient, &taken.bytes)).collect()
}

fn asked(inbox: &str, bytes: &[u8]) -> Option<Asked> {
    let mail = MessageParser::default().parse(bytes)?;
    let alias = mail.reply_to()?.first()?.address()?.to_owned();
    let is_inquiry = mail.header_raw("X-Luodi-Kind").is_some_and(|kind| kind.trim() == "inquiry");
    is_inquiry.then(|| Asked {
        inbox: inbox.to_owned(),
        alias,
        message_id: mail.message_id().unwrap_or_default().to_owned(),
    })
}

/// Letters of parks, delays, bounces and mails that nobody can place, each with a word of its own.
fn mails(count: usize, asked: &[Asked]) -> Vec<Mail> {
    (0..count).map(|number| mail(number, &asked[number % asked.len()], number < asked.len())).collect()
}

fn mail(number: usize, about: &Asked, is_first: bool) -> Mail {
    let word = format!("word{number:05}end");
    let bounce = |action: &str, status: &str| {
        format!(
            "From: MAILER-DAEMON@mx.example.com\r\nTo: <{}>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: \
             multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: \
             rfc822; {}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {word}\r\n\r\n--b\r\nContent-Type: \
             text/rfc822-headers\r\n\r\nMessage-ID: <{}>\r\n\r\n--b--\r\n",
            about.alias, about.inbox, about.message_id
        )
    };
    let (sender, text) = match number % 10 {
        0 if is_first => (String::new(), bounce("failed", "5.1.1")),
        0..3 => (String::new(), bounce("delayed", "4.4.1")),
        3 => (
            String::new(),
            format!("From: x@example.com\r\nTo: <{}>\r\nSubject: {word}\r\n\r\nnothing of ours\r\n", about.alias),
        ),
        _ => (
            about.inbox.clone(),
            format!(
                "From: <{}>\r\nTo: <{}>\r\nMessage-ID: <{word}@example.com>\r\nSubject: Re\r\nContent-Type: text/plain; \
                 charset=utf-8\r\n\r\n可供地，{word}。\r\n..\r\n",
                about.inbox, about.alias
            ),
        ),
    };
    Mail { word, sender, recipient: about.alias.clone(), text }
}

/// Counts the effect of each mail: once each, no more and no less.
async fn count(database: &Raw, mails: &[Mail], findings: &mut Findings) {
    let queries = [
        "SELECT note FROM lead_event WHERE kind = 'mail_out' OR kind = 'mail_in' OR kind = 'reply' OR note <> ''",
        "SELECT detail FROM outbox_attempt WHERE outcome IN ('bounced', 'delayed')",
        "SELECT detail FROM staff_task WHERE kind = 'mail_unclear'",
    ];
    let mut found: HashMap<String, usize> = HashMap::new();
    for query in queries {
        for row in database.rows(query).await {
            let word =
                row.split("word").nth(1).and_then(|rest| rest.split("end").next()).map(|n| format!("word{n}end"));
            *found.entry(word.unwrap_or_default()).or_default() += 1;
        }
    }
    let times = |mail: &Mail| found.get(&mail.word).copied().unwrap_or(0);
    let lost: Vec<&Mail> = mails.iter().filter(|mail| times(mail) == 0).collect();
    let twice = mails.iter().filter(|mail| times(mail) > 1).count();
    for mail in lost.iter().take(3) {
        findings.note("lost", &mail.text);
    }
    findings.figure("mails taken in", mails.len() - lost.len(), &mails.len().to_string(), lost.is_empty());
    findings.figure("mails lost", lost.len(), "0", lost.is_empty());
    findings.figure("mails taken in twice", twice, "0", twice == 0);
    let letters = mails.iter().filter(|mail| !mail.sender.is_empty()).count();
    let replies = database.rows("SELECT id FROM outbox WHERE purpose = 'reply'").await.len();
    findings.figure("letters that go on, each once", replies, &letters.to_string(), replies == letters);
}

async fn scene(options: &Options, relay: &Relay, more: &[(&str, &str)]) -> Option<Scene> {
    let mut all = vec![("LUODI__MAIL__ALIAS_DOMAIN", DOMAIN)];
    all.extend(more);
    Scene::open_with(options, Stage::Sqlite, relay, 1, &all).await
}

/// T34: a mail server that tries each mail until it is answered 250, and a program that is killed meanwhile.
pub(crate) async fn lmtp(options: &Options, findings: &mut Findings) {
    let (wanted, kills) = (options.number("mails", 2_000), options.number("kills", 50));
    let relay = Relay::healthy().await.expect("a relay");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let Some(scene) = scene(options, &relay, &[("LUODI__RECEIVE__LMTP", &format!("127.0.0.1:{port}"))]).await else {
        return;
    };
    let all = mails(wanted, &ask(options, &scene, &relay, INQUIRIES).await);
    let mut receiver = Receiver::start(&scene.setup);
    let (next, taken, tries) =
        (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let shared: Arc<[Mail]> = all.clone().into();
    let mut hands = JoinSet::new();
    for _ in 0..HANDS {
        let (next, taken, tries, shared) =
            (Arc::clone(&next), Arc::clone(&taken), Arc::clone(&tries), Arc::clone(&shared));
        hands.spawn(async move {
            while let Some(mail) = shared.get(next.fetch_add(1, Ordering::SeqCst)) {
                while hand_over(port, mail).await.is_none() {
                    tries.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                taken.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    let done = kill_along(options.seed, kills, wanted, &mut receiver, || async { taken.load(Ordering::SeqCst) });
    let killed = timeout(END, async { tokio::join!(done, hands.join_all()).0 }).await.unwrap_or(0);
    findings.figure("kills while mail came in", killed, &kills.to_string(), killed == kills);
    findings.note("deliveries tried again", tries.load(Ordering::SeqCst));
    count(&scene.database, &all, findings).await;
}

/// Kills the program after each share of the mails, at any moment of the next ones; returns the number of kills.
async fn kill_along<F: Future<Output = usize>>(
    seed: u64,
    kills: usize,
    mails: usize,
    receiver: &mut Receiver,
    taken: impl Fn() -> F,
) -> usize {
    let mut dice = StdRng::seed_from_u64(seed ^ 0x11fe);
    let mut look = tokio::time::interval(Duration::from_millis(5));
    for kill in 0..kills {
        while taken().await < (kill + 1) * mails / (kills + 2) {
            receiver.revive();
            look.tick().await;
        }
        tokio::time::sleep(Duration::from_millis(dice.random_range(0..40))).await;
        receiver.kill_and_restart();
    }
    kills
}

/// One transaction; none without the answer 250 at its end.
async fn hand_over(port: u16, mail: &Mail) -> Option<()> {
    timeout(PATIENCE, converse(port, mail)).await.ok()?
}

async fn converse(port: u16, mail: &Mail) -> Option<()> {
    let mut line = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.ok()?);
    answered(&mut line, "220").await?;
    let steps = [
        ("LHLO mx.example.com".to_owned(), "250"),
        (format!("MAIL FROM:<{}>", mail.sender), "250"),
        (format!("RCPT TO:<{}>", mail.recipient), "250"),
        ("DATA".to_owned(), "354"),
        (format!("{}.", mail.text), "250"),
    ];
    for (text, wanted) in steps {
        line.get_mut().write_all(format!("{text}\r\n").as_bytes()).await.ok()?;
        answered(&mut line, wanted).await?;
    }
    Some(())
}

async fn answered(line: &mut BufReader<TcpStream>, wanted: &str) -> Option<()> {
    loop {
        let mut reply = String::new();
        line.read_line(&mut reply).await.ok().filter(|read| *read > 0)?;
        if reply.as_bytes().get(3) != Some(&b'-') {
            return reply.starts_with(wanted).then_some(());
        }
    }
}

/// T35: a mailbox that is read by a program that is killed again and again.
pub(crate) async fn imap(options: &Options, findings: &mut Findings) {
    let (wanted, kills) = (options.number("mails", 2_000), options.number("kills", 50));
    let relay = Relay::healthy().await.expect("a relay");
    let folder = Arc::new(Mutex::new(Folder { validity: 7, ..Folder::default() }));
    let url = serving(Arc::clone(&folder)).await;
    let more = [("LUODI__RECEIVE__IMAP_URL", url.as_str()), ("LUODI__RECEIVE__POLL_SECONDS", "1")];
    let Some(scene) = scene(options, &relay, &more).await else { return };
    let all = mails(wanted, &ask(options, &scene, &relay, INQUIRIES).await);
    let with_path =
        |mail: &Mail| format!("Return-Path: <{}>\r\n{}", mail.sender, mail.text.replace("\r\n..\r\n", "\r\n.\r\n"));
    let numbered = all.iter().enumerate().map(|(at, mail)| (at as u32 + 1, with_path(mail)));
    folder.lock().expect("a folder").mails = numbered.collect();
    let mut receiver = Receiver::start(&scene.setup);
    let done = async || read_so_far(&scene.database).await;
    let killed = timeout(END, kill_along(options.seed, kills, wanted, &mut receiver, done)).await.unwrap_or(0);
    findings.figure("kills while the mailbox was read", killed, &kills.to_string(), killed == kills);
    let rest = async {
        while read_so_far(&scene.database).await < wanted {
            receiver.revive();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    findings.figure(
        "read to its end",
        timeout(END, rest).await.is_ok(),
        "true",
        read_so_far(&scene.database).await == wanted,
    );
    count(&scene.database, &all, findings).await;
    let changes = ["SELECT", "STORE", "EXPUNGE", "BODY["];
    let commands = std::mem::take(&mut folder.lock().expect("a folder").commands);
    let changing = commands.iter().filter(|command| changes.iter().any(|word| command.contains(word))).count();
    findings.figure("commands that change the mailbox", changing, "0", changing == 0);
}

/// UID of the last mail whose position is stored.
async fn read_so_far(database: &Raw) -> usize {
    let rows = database.rows("SELECT CAST(last_uid AS TEXT) FROM mailbox_position").await;
    rows.first().and_then(|uid| uid.parse().ok()).unwrap_or(0)
}

/// T36: our mail leaves through a real Postfix, and letters come in through it by LMTP.
pub(crate) async fn postfix(options: &Options, findings: &mut Findings) {
    let wanted = options.number("mails", 20);
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let route = format!(
        "relay_domains = {DOMAIN}\nrelay_transport = lmtp:inet:127.0.0.1:{port}\nlmtp_destination_recipient_limit = 1\n\
         queue_run_delay = 2s\nminimal_backoff_time = 2s\nmaximal_backoff_time = 5s\n"
    );
    let Some(postfix) = Postfix::with(&route) else {
        println!("SKIPPED: Postfix is not installed or cannot be started here");
        return;
    };
    let relay = Relay::healthy().await.expect("a relay");
    let smtp = format!("smtp://127.0.0.1:{}", postfix.port);
    let more = [("SMTP_URL", smtp.as_str()), ("LUODI__RECEIVE__LMTP", &format!("127.0.0.1:{port}"))];
    let Some(scene) = scene(options, &relay, &more).await else { return };
    ask(options, &scene, &relay, wanted).await;
    let asked = asked_by_database(&scene.database).await;
    let sent = scene.database.rows("SELECT id FROM outbox WHERE purpose = 'inquiry' AND state = 'sent'").await.len();
    findings.figure("inquiries that left through Postfix", sent, &wanted.to_string(), sent == wanted);
    let _receiver = Receiver::start(&scene.setup);
    let listens = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let is_up = timeout(PATIENCE, listens).await.is_ok();
    findings.figure("the program listens", is_up, "true", is_up);
    let all: Vec<Mail> = asked.iter().enumerate().map(|(at, asked)| mail(at * 10 + 4, asked, false)).collect();
    let mut taken = 0;
    for mail in &all {
        taken += usize::from(timeout(PATIENCE, submit(postfix.port, mail)).await == Ok(Some(())));
    }
    findings.figure("letters that Postfix takes", taken, &wanted.to_string(), taken == wanted);
    let arrived = "SELECT id FROM outbox WHERE purpose = 'reply' AND state = 'sent'";
    let wait = async {
        while scene.database.rows(arrived).await.len() < wanted {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let _ = timeout(Duration::from_secs(60), wait).await;
    count(&scene.database, &all, findings).await;
    let back = scene.database.rows(arrived).await.len();
    findings.figure("replies that left through Postfix again", back, &wanted.to_string(), back == wanted);
}

/// The inquiries with their reply addresses, out of the stored mails.
async fn asked_by_database(database: &Raw) -> Vec<Asked> {
    let rows = database.rows("SELECT recipient, hex(payload) FROM outbox WHERE purpose = 'inquiry'").await;
    let bytes = |hex: &str| {
        let pairs = hex.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
        pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect::<Vec<u8>>()
    };
    rows.iter().filter_map(|row| row.split_once('|').and_then(|(inbox, hex)| asked(inbox, &bytes(hex)))).collect()
}

/// Sends a letter as a park's mail program does.
async fn submit(port: u16, mail: &Mail) -> Option<()> {
    let mut line = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.ok()?);
    answered(&mut line, "220").await?;
    let steps = [
        ("EHLO park.example.com".to_owned(), "250"),
        (format!("MAIL FROM:<{}>", mail.sender), "250"),
        (format!("RCPT TO:<{}>", mail.recipient), "250"),
        ("DATA".to_owned(), "354"),
        (format!("{}.", mail.text), "250"),
    ];
    for (text, wanted) in steps {
        line.get_mut().write_all(format!("{text}\r\n").as_bytes()).await.ok()?;
        answered(&mut line, wanted).await?;
    }
    Some(())
}
