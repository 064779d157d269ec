//! Replies to reply aliases; delivery reports are parsed by `bounce`.

use mail_parser::MessageParser;

use super::quotes::new_words;

/// Parts of an incoming reply that are forwarded: the text only, no attachments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Recipients, lower case.
    pub to: Vec<String>,
    /// `From` address, lower case; unauthenticated.
    pub from: String,
    /// Message-ID; empty where absent.
    pub message_id: String,
    /// New text by line, without quotes and control characters.
    pub lines: Vec<String>,
}

/// Most lines forwarded, and most characters per line.
const MOST_LINES: usize = 500;
const LONGEST_LINE: usize = 2_000;

impl Incoming {
    /// Parses a mail; `None` for automatic mails (RFC 3834) and mails without new text.
    #[must_use]
    pub fn read(mail: &[u8]) -> Option<Self> {
        let mail = MessageParser::default().parse(mail)?;
        let header = |name: &'static str| mail.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
        let is_automatic = header("Auto-Submitted").is_some_and(|value| value != "no")
            || header("Precedence").is_some_and(|value| ["bulk", "junk", "list"].contains(&value.as_str()))
            || header("Return-Path").is_some_and(|value| value == "<>");
        if is_automatic {
            return None;
        }
        let named = [mail.to(), mail.cc()].into_iter().flatten().flat_map(mail_parser::Address::iter);
        let mut to: Vec<String> = named.filter_map(|address| address.address()).map(str::to_ascii_lowercase).collect();
        to.extend(["Delivered-To", "X-Original-To"].into_iter().filter_map(header));
        let from = mail.from()?.first()?.address()?.to_ascii_lowercase();
        let text = mail.body_text(0)?;
        let clean = |line: &str| line.chars().filter(|c| !c.is_control()).take(LONGEST_LINE).collect::<String>();
        let lines: Vec<String> = text.trim().lines().take(MOST_LINES).map(clean).collect();
        let lines = new_words(&lines);
        let message_id = mail.message_id().unwrap_or_default().to_owned();
        (!lines.is_empty()).then_some(Self { to, from, message_id, lines })
    }
}
