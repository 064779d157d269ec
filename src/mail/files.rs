//! File mailer for development: one `.eml` file per mail, synced to disk before the mail counts as sent.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mail_parser::{MessageParser, PartType};

use super::{Built, Mailer, Phase, SendOutcome};

/// Bytes read per file for the list: enough for the head.
const LONGEST_HEAD: u64 = 16 * 1024;

/// Writes one file per mail; the name is derived from the Message-ID, so that a retry replaces the file.
#[derive(Debug, Clone)]
pub struct FileMailer {
    dir: PathBuf,
}

/// A file in the list of the development page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMail {
    /// File name, ending in `.eml`.
    pub name: String,
    pub bytes: u64,
    pub stored_at: DateTime<Utc>,
    /// Decoded subject; empty where absent.
    pub subject: String,
    pub recipients: Vec<String>,
}

/// A mail as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedMail {
    /// Decoded; empty where absent, as every other header here.
    pub subject: String,
    pub from: String,
    pub to: String,
    /// As written.
    pub date: String,
    pub plain: String,
    pub html: Option<String>,
    /// All header fields, unfolded and not decoded.
    pub headers: Vec<(String, String)>,
    pub source: String,
}

impl FileMailer {
    /// Creates a mailer; the folder is created with the first mail.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Lists the mails, newest first; empty where the folder does not exist yet.
    ///
    /// # Errors
    /// [`io::Error`] where the folder cannot be read.
    pub fn list(&self) -> io::Result<Vec<StoredMail>> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut mails = Vec::new();
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if is_mail_name(&name) {
                let about = entry.metadata()?;
                let stored_at = about.modified().unwrap_or(SystemTime::UNIX_EPOCH).into();
                let (subject, recipients) = head_of(&entry.path())?;
                mails.push(StoredMail { name, bytes: about.len(), stored_at, subject, recipients });
            }
        }
        mails.sort_by(|a, b| b.stored_at.cmp(&a.stored_at).then_with(|| b.name.cmp(&a.name)));
        Ok(mails)
    }

    /// Reads and decodes one listed mail.
    ///
    /// # Errors
    /// [`io::Error`] where `name` is not a file name of this mailer, or the file cannot be read as a mail.
    pub fn open(&self, name: &str) -> io::Result<OpenedMail> {
        if !is_mail_name(name) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let bytes = fs::read(self.dir.join(name))?;
        let mail = MessageParser::default().parse(&bytes).ok_or(io::ErrorKind::InvalidData)?;
        let headers: Vec<(String, String)> =
            mail.headers_raw().map(|(name, value)| (name.into(), unfolded(value))).collect();
        let has_html = mail.html_bodies().any(|part| matches!(part.body, PartType::Html(_)));
        Ok(OpenedMail {
            subject: mail.subject().unwrap_or_default().to_owned(),
            from: written(mail.from()),
            to: written(mail.to()),
            date: headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("date"))
                .map(|(_, value)| value.clone())
                .unwrap_or_default(),
            plain: mail.body_text(0).unwrap_or_default().into_owned(),
            html: has_html.then(|| mail.body_html(0)).flatten().map(Cow::into_owned),
            source: String::from_utf8_lossy(&bytes).into_owned(),
            headers,
        })
    }
}

#[async_trait]
impl Mailer for FileMailer {
    async fn send(&self, mail: &Built) -> SendOutcome {
        let (dir, mail) = (self.dir.clone(), mail.clone());
        let written = tokio::task::spawn_blocking(move || store(&dir, &mail)).await;
        match written {
            Ok(Ok(name)) => SendOutcome::Sent { reply: name },
            Ok(Err(error)) => SendOutcome::Transient { phase: Phase::Store, code: None, text: error.to_string() },
            Err(error) => SendOutcome::Transient { phase: Phase::Store, code: None, text: error.to_string() },
        }
    }

    async fn check(&self) -> Result<String, SendOutcome> {
        let made = fs::create_dir_all(&self.dir);
        made.map_err(|error| SendOutcome::Transient { phase: Phase::Store, code: None, text: error.to_string() })?;
        Ok(format!("none: mails are files in {}", self.dir.display()))
    }
}

fn unfolded(value: &str) -> String {
    value.split("\r\n").map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// Addresses with their names, as a mail reader shows them.
fn written(addresses: Option<&mail_parser::Address<'_>>) -> String {
    let one = |it: &mail_parser::Addr<'_>| match (it.name(), it.address().unwrap_or_default()) {
        (Some(name), address) => format!("{name} <{address}>"),
        (None, address) => address.to_owned(),
    };
    addresses.into_iter().flat_map(mail_parser::Address::iter).map(one).collect::<Vec<_>>().join(", ")
}

/// Parses subject and recipients from the head.
fn head_of(file: &Path) -> io::Result<(String, Vec<String>)> {
    let mut head = Vec::new();
    File::open(file)?.take(LONGEST_HEAD).read_to_end(&mut head)?;
    let Some(mail) = MessageParser::default().parse_headers(&head) else { return Ok(Default::default()) };
    let named = mail.to().into_iter().flat_map(mail_parser::Address::iter);
    let recipients = named.filter_map(|address| address.address()).map(str::to_owned).collect();
    Ok((mail.subject().unwrap_or_default().to_owned(), recipients))
}

fn store(dir: &Path, mail: &Built) -> io::Result<String> {
    fs::create_dir_all(dir)?;
    let name = file_name(&mail.message_id);
    let unfinished = dir.join(format!(".{name}.part"));
    let mut file = File::create(&unfinished)?;
    file.write_all(&mail.bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, dir.join(&name))?;
    // A rename is durable only after fsync of its folder.
    File::open(dir)?.sync_all()?;
    Ok(name)
}

/// File name of a Message-ID; characters with a meaning in file systems or URLs become `_`.
fn file_name(message_id: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '@') { c } else { '_' };
    let stem: String = message_id.chars().map(safe).collect();
    format!("{}.eml", stem.trim_start_matches('.'))
}

fn is_mail_name(name: &str) -> bool {
    let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'@' | b'_');
    name.ends_with(".eml") && !name.starts_with('.') && name.bytes().all(safe)
}
