//! Mails that people write to a reply address; delivery reports are `bounce`'s.

use mail_parser::MessageParser;

/// What is taken of such a mail: its text, and nothing else that it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Every address that it names as its receiver, lower case.
    pub to: Vec<String>,
    /// Who says to have written it, lower case.
    pub from: String,
    /// Its own Message-ID; empty where it has none.
    pub message_id: String,
    /// Its text, line by line, without control characters.
    pub lines: Vec<String>,
}

/// Longest text and line that are passed on, in lines and characters.
const MOST_LINES: usize = 500;
const LONGEST_LINE: usize = 2_000;

impl Incoming {
    /// Reads one mail; none where a machine wrote it (RFC 3834), or where it has no text.
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
        let message_id = mail.message_id().unwrap_or_default().to_owned();
        (!lines.is_empty()).then_some(Self { to, from, message_id, lines })
    }
}
