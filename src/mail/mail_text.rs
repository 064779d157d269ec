//! The decoded texts of an incoming mail, and the ids of our mails in them.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};

/// Nesting of returned messages that is followed.
const DEEPEST: usize = 6;
/// Ids compared with the outbox: far more than a mail's `References` has.
const MOST_IDS: usize = 300;
/// Length of a Message-ID worth comparing, characters; ours have 32 before the `@`.
const ID_LENGTHS: std::ops::RangeInclusive<usize> = 5..=200;

/// One part with text.
pub(super) struct Section {
    /// Media type, lower case.
    pub(super) kind: String,
    /// Decoded text; lines end in LF.
    pub(super) text: String,
    /// Inside a returned message.
    pub(super) is_returned: bool,
}

/// Returns the mail with LF line ends, as mailboxes of every system are read.
pub(super) fn unix_lines(mail: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(mail.len());
    let mut bytes = mail.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                lines.push(b'\n');
            }
            other => lines.push(other),
        }
    }
    lines
}

/// Returns the parts with text, in order; those of returned messages with their headers.
pub(super) fn sections(mail: &Message<'_>) -> Vec<Section> {
    let mut found = Vec::new();
    collect(mail, false, 0, &mut found);
    found
}

fn collect(mail: &Message<'_>, is_returned: bool, depth: usize, found: &mut Vec<Section>) {
    if is_returned {
        let text = String::from_utf8_lossy(mail.raw_message()).into_owned();
        found.push(Section { kind: "message/rfc822".to_owned(), text, is_returned });
    }
    if depth == DEEPEST {
        return;
    }
    for part in &mail.parts {
        let kind = part.content_type().map_or_else(String::new, |kind| {
            format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_ascii_lowercase()
        });
        let text = match &part.body {
            PartType::Text(text) => text.to_string(),
            PartType::Html(html) => mail_parser::decoders::html::html_to_text(html),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) if !is_media(&kind) => {
                String::from_utf8_lossy(bytes).into_owned()
            }
            PartType::Message(inner) => {
                collect(inner, true, depth + 1, found);
                continue;
            }
            _ => continue,
        };
        found.push(Section { kind, text, is_returned });
    }
}

fn is_media(kind: &str) -> bool {
    ["image/", "audio/", "video/"].iter().any(|media| kind.starts_with(media))
}

/// Parses a part that holds a whole message under another media type, for its encoded parts.
pub(super) fn inner_sections(text: &str) -> Vec<Section> {
    MessageParser::default().parse(text.as_bytes()).map_or_else(Vec::new, |mail| sections(&mail))
}

/// Returns each different `local@domain` of a text in the order of appearance, encoded words decoded, at most
/// [`MOST_IDS`].
pub(super) fn ids<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        let decoded = decoded_words(text);
        let is_id = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.@".contains(c);
        for token in decoded.split(|c: char| !is_id(c)) {
            let value = token.rsplit_once('=').map_or(token, |(_, after)| after);
            for id in [token, value].map(|id| id.trim_matches('.')) {
                let is_new = id.contains('@') && ID_LENGTHS.contains(&id.len()) && !found.iter().any(|has| has == id);
                if is_new && found.len() < MOST_IDS {
                    found.push(id.to_owned());
                }
            }
        }
    }
    found
}

/// Returns the values of a header wherever a line begins with it, quoted or not, folded or not.
pub(super) fn values_of<'t>(texts: impl Iterator<Item = &'t str>, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts {
        let decoded = decoded_words(text);
        let mut lines = decoded.lines();
        while let Some(line) = lines.next() {
            let Some((has, value)) = line.split_once(':') else { continue };
            if !has.trim_matches([' ', '\t', '>', '*']).eq_ignore_ascii_case(name) {
                continue;
            }
            let folded = value.trim().is_empty().then(|| lines.next()).flatten();
            let value = folded.unwrap_or(value).trim().to_owned();
            if !value.is_empty() && !found.contains(&value) {
                found.push(value);
            }
        }
    }
    found
}

/// Decodes RFC 2047 words whose content is ASCII; others stay as they are.
fn decoded_words(text: &str) -> Cow<'_, str> {
    if !text.contains("=?") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("=?") {
        out.push_str(before);
        let mut pieces = after.splitn(4, '?');
        let word = (pieces.next(), pieces.next(), pieces.next(), pieces.next());
        match word {
            (Some(_), Some(form), Some(content), Some(end)) if end.starts_with('=') && content.len() < 200 => {
                out.push_str(&decoded_word(form, content));
                rest = &end[1..];
            }
            _ => {
                out.push_str("=?");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn decoded_word(form: &str, content: &str) -> String {
    let bytes = match form {
        "b" | "B" => BASE64.decode(content).unwrap_or_default(),
        _ => {
            let mut escaped = content.replace('_', " ").replace('%', "%25").replace('=', "%");
            escaped.retain(|c| c.is_ascii());
            percent_encoding::percent_decode_str(&escaped).collect()
        }
    };
    String::from_utf8_lossy(&bytes).into_owned()
}
