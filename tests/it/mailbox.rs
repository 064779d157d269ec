//! Mail polled from an IMAP mailbox: each mail once, whatever ends in between, and the mailbox stays as it is.

use std::sync::{Arc, Mutex};

use luodi::mail::MailboxUrl;
use luodi::worker::mailbox::poll;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::app::TestApp;
use crate::database;

/// Mailbox of a scripted server: `UIDVALIDITY`, mails by UID, and the commands that it was sent.
#[derive(Default)]
struct Folder {
    validity: u32,
    mails: Vec<(u32, String)>,
    commands: Vec<String>,
    /// Number of bodies after which the server closes.
    closes_after: Option<usize>,
}

async fn serving(folder: Arc<Mutex<Folder>>) -> MailboxUrl {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, Arc::clone(&folder)));
        }
    });
    MailboxUrl::parse(&format!("imap://clerk:s%40cret@127.0.0.1:{port}/INBOX")).expect("a mailbox")
}

async fn converse(stream: TcpStream, folder: Arc<Mutex<Folder>>) -> Option<()> {
    let mut line = BufReader::new(stream);
    line.get_mut().write_all(b"* OK ready\r\n").await.ok()?;
    let mut bodies = 0;
    loop {
        let mut command = String::new();
        line.read_line(&mut command).await.ok().filter(|read| *read > 0)?;
        let (tag, rest) = command.trim_end().split_once(' ')?;
        let reply = {
            let mut folder = folder.lock().expect("a folder");
            folder.commands.push(rest.to_owned());
            if rest.contains("BODY.PEEK[]") {
                bodies += 1;
                if folder.closes_after.is_some_and(|most| bodies > most) {
                    return None;
                }
            }
            answer(&folder, rest)
        };
        line.get_mut().write_all(format!("{reply}{tag} OK done\r\n").as_bytes()).await.ok()?;
    }
}

fn answer(folder: &Folder, command: &str) -> String {
    if command.starts_with("EXAMINE") {
        return format!("* {} EXISTS\r\n* OK [UIDVALIDITY {}] valid\r\n", folder.mails.len(), folder.validity);
    }
    if command.starts_with("UID SEARCH") {
        // As servers do: the newest mail is named even where its UID is below the range.
        let from: u32 = command.rsplit(' ').next().and_then(|range| range.split(':').next()?.parse().ok()).unwrap_or(1);
        let newest = folder.mails.last().map(|(uid, _)| *uid);
        let found = folder.mails.iter().map(|(uid, _)| *uid).filter(|uid| *uid >= from || Some(*uid) == newest);
        return format!("* SEARCH {}\r\n", found.map(|uid| uid.to_string()).collect::<Vec<_>>().join(" "));
    }
    let Some(rest) = command.strip_prefix("UID FETCH ") else { return String::new() };
    let uid: u32 = rest.split(' ').next().and_then(|uid| uid.parse().ok()).unwrap_or(0);
    let Some((_, mail)) = folder.mails.iter().find(|(known, _)| *known == uid) else { return String::new() };
    if rest.contains("RFC822.SIZE") {
        return format!("* 1 FETCH (UID {uid} RFC822.SIZE {})\r\n", mail.len());
    }
    format!("* 1 FETCH (UID {uid} BODY[] {{{}}}\r\n{mail})\r\n", mail.len())
}

/// A mail that opens a task of its own.
fn odd_mail(at: u32) -> (u32, String) {
    (at, format!("Return-Path: <>\r\nFrom: x@example.com\r\nSubject: odd {at}\r\n\r\nhello {at}\r\n"))
}

async fn tasks(test: &TestApp) -> usize {
    test.db.rows("SELECT id FROM staff_task").await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mail_is_taken_in_once_also_after_a_cut_and_nothing_in_the_mailbox_changes() {
    for db in database::each().await {
        let test = TestApp::over(db, &[]).await;
        let mails = (1..=5).map(odd_mail).collect();
        let folder = Arc::new(Mutex::new(Folder { validity: 7, mails, closes_after: Some(2), ..Folder::default() }));
        let mailbox = serving(Arc::clone(&folder)).await;
        assert!(poll(&test.app, &mailbox).await.is_err(), "cut after two");
        assert_eq!(tasks(&test).await, 2, "{}", test.db.name);
        folder.lock().expect("a folder").closes_after = None;
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 3);
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 0, "nothing new");
        folder.lock().expect("a folder").mails.push(odd_mail(6));
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 1);
        assert_eq!(tasks(&test).await, 6);
        folder.lock().expect("a folder").validity = 8;
        assert_eq!(poll(&test.app, &mailbox).await.expect("polls"), 6, "numbered anew: read again");
        assert_eq!(tasks(&test).await, 6, "and nothing is taken in twice");
        let commands = folder.lock().expect("a folder").commands.clone();
        assert!(commands.iter().any(|command| command.starts_with("LOGIN \"clerk\" \"s@cret\"")), "{commands:?}");
        let changes = ["SELECT", "STORE", "EXPUNGE", "BODY["];
        assert!(!commands.iter().any(|command| changes.iter().any(|word| command.contains(word))), "{commands:?}");
    }
}

#[test]
fn a_mailbox_without_tls_is_of_this_machine_alone_and_no_password_is_shown() {
    for url in ["imap://a:b@mail.example.com", "imaps://mail.example.com", "smtp://a:b@127.0.0.1", "imaps://a@x", "x"] {
        assert!(MailboxUrl::parse(url).is_err(), "{url}");
    }
    let mailbox = MailboxUrl::parse("imaps://a%40example.com:s3cret@mail.example.com/luodi").expect("a mailbox");
    assert_eq!((mailbox.port, mailbox.folder.as_str()), (993, "luodi"));
    assert!(!format!("{mailbox:?}{}", mailbox.name()).contains("s3cret"));
}
