//! Replies to reply addresses; delivery reports are read by `report`.

use mail_parser::{Address, Message, MessageParser};

use super::body;
use super::quotes::new_words;
use super::report::is_by_hand;
use super::sent_text::SentText;

/// An incoming reply as far as it is forwarded and kept: the new text, no attachments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// `From` address, lower case; unauthenticated.
    pub from: String,
    /// Message-ID; empty where absent.
    pub message_id: String,
    /// New text by line, without quotes and control characters.
    pub lines: Vec<String>,
    /// Names of attachments and inline pictures, which are not forwarded.
    pub files: Vec<String>,
}

/// Longest line, in characters; a longer one goes on in the next.
const LONGEST_LINE: usize = 2_000;
/// Most characters kept of a reply: a novel of some 100 pages.
const MOST_CHARS: usize = 200_000;

impl Incoming {
    /// Parses a mail; `None` for automatic mails (RFC 3834) and mails without new text and files: lines that clients add by
    /// themselves are no text, and an encrypted or wrapped mail is no file.
    #[must_use]
    pub fn read(mail: &[u8]) -> Option<Self> {
        Self::read_beside(mail, &[])
    }

    /// Returns the addresses that a mail was sent to, lower case: those it names, and the envelope recipient.
    #[must_use]
    pub fn recipients(mail: &[u8]) -> Vec<String> {
        MessageParser::default().parse(mail).map_or_else(Vec::new, |mail| recipients(&mail))
    }

    /// Parses a mail that may quote one of those `sent`, by which its quotation is told from answers within it.
    #[must_use]
    pub fn read_beside(mail: &[u8], sent: &[Vec<u8>]) -> Option<Self> {
        let mail = MessageParser::default().parse(mail)?;
        if is_automatic(&mail) {
            return None;
        }
        let from = mail.from()?.first()?.address()?.to_ascii_lowercase();
        let sent: Vec<SentText> = sent.iter().flat_map(|sent| SentText::read(sent)).collect();
        let (lines, files) = (new_words(&lines(&body::text(&mail)), &sent), body::files(&mail));
        let message_id = mail.message_id().unwrap_or_default().to_owned();
        let is_empty = lines.iter().all(|line| is_of_client(line)) && files.iter().all(|file| is_wrapping(file));
        (!is_empty).then_some(Self { from, message_id, lines, files })
    }
}

/// Beginnings of lines with which clients sign by themselves, lower case.
const CLIENT_LINES: &[&str] = &[
    "发自我的",
    "來自我的",
    "来自我的",
    "发送自",
    "由我的",
    "sent from my",
    "get outlook for",
    "获取 outlook",
    "sent via",
];
/// Longest such line, characters.
const CLIENT_LINE: usize = 40;

/// Whether a line holds no words of the sender.
fn is_of_client(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let is_signature = CLIENT_LINES.iter().any(|words| line.starts_with(words)) && line.chars().count() <= CLIENT_LINE;
    line.is_empty()
        || is_signature
        || line.starts_with('>')
        || line.chars().all(|c| !c.is_alphanumeric() && c.is_ascii())
}

/// Whether a file is the mail itself in a form that is not read: S/MIME's envelope, Outlook's TNEF.
fn is_wrapping(file: &str) -> bool {
    let file = file.to_ascii_lowercase();
    let names =
        ["smime.p7m", "winmail.dat", "application/pkcs7-mime", "application/x-pkcs7-mime", "application/ms-tnef"];
    names.contains(&file.as_str())
}

fn is_automatic(mail: &Message<'_>) -> bool {
    header(mail, "Auto-Submitted").is_some_and(|value| !is_by_hand(&value))
        || header(mail, "Precedence").is_some_and(|value| ["bulk", "junk", "list"].contains(&value.as_str()))
        || header(mail, "Return-Path").is_some_and(|value| value == "<>")
}

fn header(mail: &Message<'_>, name: &'static str) -> Option<String> {
    mail.header_raw(name).map(|value| value.trim().to_ascii_lowercase())
}

/// Addresses that the mail was sent to: those it names, and the envelope's as servers on the way note them.
fn recipients(mail: &Message<'_>) -> Vec<String> {
    let named = [mail.to(), mail.cc()].into_iter().flatten().flat_map(Address::iter);
    let mut to: Vec<String> = named.filter_map(|address| address.address()).map(str::to_ascii_lowercase).collect();
    let noted = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"];
    to.extend(noted.into_iter().filter_map(|name| header(mail, name)).map(|value| bare(&value).to_owned()));
    let received = mail.header_values("Received").filter_map(|value| value.as_received());
    to.extend(received.filter_map(|hop| hop.for_.as_deref()).map(|to| bare(to).to_ascii_lowercase()));
    to
}

fn bare(address: &str) -> &str {
    address.trim().trim_matches(['<', '>'])
}

/// Lines without control characters; a long one is divided, so that nothing is lost.
fn lines(text: &str) -> Vec<String> {
    let text: String = text.trim().chars().take(MOST_CHARS).collect();
    let clean = |line: &str| line.chars().filter(|c| !c.is_control()).collect::<Vec<_>>();
    let pieces = text.lines().map(clean).flat_map(|line| {
        let pieces: Vec<String> = line.chunks(LONGEST_LINE).map(|piece| piece.iter().collect()).collect();
        if pieces.is_empty() { vec![String::new()] } else { pieces }
    });
    pieces.collect()
}
