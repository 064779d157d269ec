//! Delivery status notifications (RFC 3464): which of our mails came back, and why. What follows is `db::outbox`'s.

/// A report about one mail of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// Of the mail that came back, without angle brackets.
    pub message_id: String,
    /// The mail will not arrive; else it is only late, or has been relayed.
    pub failed: bool,
    /// RFC 3463, such as `5.1.1`; empty where the report has none.
    pub status: String,
    /// What the other side said, in one line; empty where the report has none.
    pub diagnostic: String,
}

/// Longest piece of a report that is kept.
const KEPT: usize = 300;

impl Bounce {
    /// Reads one mail; none where it is not a delivery report about a mail that it quotes.
    #[must_use]
    pub fn read(mail: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(mail);
        let (head, body) = split_head(&text)?;
        let content_type = field(head, "content-type")?;
        if !content_type.to_ascii_lowercase().starts_with("multipart/report") {
            return None;
        }
        let boundary = parameter(&content_type, "boundary")?;
        let (mut report, mut message_id) = (None, None);
        for part in parts(body, &boundary) {
            let Some((head, inner)) = split_head(part) else { continue };
            let kind = field(head, "content-type").unwrap_or_default().to_ascii_lowercase();
            if kind.starts_with("message/delivery-status") {
                report = Some(inner);
            } else if kind.starts_with("message/rfc822") || kind.starts_with("text/rfc822-headers") {
                let quoted = split_head(inner).map_or(inner, |(head, _)| head);
                message_id = field(quoted, "message-id");
            }
        }
        let report = report?;
        let message_id = message_id?.trim().trim_start_matches('<').trim_end_matches('>').to_owned();
        let action = field(report, "action").unwrap_or_default();
        Some(Self {
            message_id,
            failed: action.eq_ignore_ascii_case("failed"),
            status: kept(&field(report, "status").unwrap_or_default()),
            diagnostic: kept(&field(report, "diagnostic-code").unwrap_or_default()),
        })
    }
}

/// The mails of an mbox file (RFC 4155), or the one mail of a pipe.
pub fn mails_in(bytes: &[u8]) -> Vec<&[u8]> {
    let is_separator = |line: &[u8]| line.starts_with(b"From ");
    let mut starts = Vec::new();
    let mut at = 0;
    let mut after_blank = true;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if after_blank && is_separator(line) {
            starts.push((at, at + line.len()));
        }
        after_blank = line.trim_ascii().is_empty();
        at += line.len();
    }
    if starts.first().is_none_or(|(start, _)| *start > 0) {
        return vec![bytes];
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([bytes.len()]);
    starts.iter().zip(ends).map(|((_, begin), end)| &bytes[*begin..end]).collect()
}

/// The header and what follows the first empty line.
fn split_head(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(['\r', '\n']);
    [("\r\n\r\n", 4), ("\n\n", 2)]
        .into_iter()
        .filter_map(|(gap, length)| text.find(gap).map(|at| (at, length)))
        .min()
        .map(|(at, length)| (&text[..at], &text[at + length..]))
}

/// The first field of a name, unfolded.
fn field(head: &str, name: &str) -> Option<String> {
    let mut lines = head.lines();
    let mut value = lines.by_ref().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })?;
    for line in lines.take_while(|line| line.starts_with([' ', '\t'])) {
        value.push(' ');
        value.push_str(line.trim());
    }
    Some(value)
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|pair| {
        let (found, value) = pair.split_once('=')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn parts<'t>(body: &'t str, boundary: &str) -> Vec<&'t str> {
    let line = format!("--{boundary}");
    let mut pieces = body.split(line.as_str());
    pieces.next();
    pieces.take_while(|piece| !piece.starts_with("--")).collect()
}

fn kept(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(KEPT).collect()
}
