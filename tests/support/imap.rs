//! An IMAP mailbox as far as polling needs it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Mailbox of a scripted server: `UIDVALIDITY`, mails by UID, and the commands that it was sent.
#[derive(Default)]
pub(crate) struct Folder {
    pub(crate) validity: u32,
    pub(crate) mails: Vec<(u32, String)>,
    pub(crate) commands: Vec<String>,
    /// Number of bodies after which the server closes.
    pub(crate) closes_after: Option<usize>,
}

/// Serves the folder to any number of clients; returns its URL.
pub(crate) async fn serving(folder: Arc<Mutex<Folder>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, Arc::clone(&folder)));
        }
    });
    format!("imap://clerk:s%40cret@127.0.0.1:{port}/INBOX")
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
