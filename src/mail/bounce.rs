//! Delivery status notifications (RFC 3464): the Message-ID that bounced and the reason.

/// Report about one mail sent by this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// Message-ID of the bounced mail, without angle brackets.
    pub message_id: String,
    /// Permanent failure; `false` for a delay or a relayed mail.
    pub failed: bool,
    /// Enhanced status code (RFC 3463), for example `5.1.1`; empty where absent.
    pub status: String,
    /// `Diagnostic-Code`, in one line; empty where absent.
    pub diagnostic: String,
}

/// Longest diagnostic kept, in characters.
const KEPT: usize = 300;

impl Bounce {
    /// Parses a mail; `None` where it is not a delivery report that names the original Message-ID.
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

/// Splits an mbox file (RFC 4155) into mails; input without a `From ` line is one mail.
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

/// Splits at the first empty line into head and body.
fn split_head(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(['\r', '\n']);
    [("\r\n\r\n", 4), ("\n\n", 2)]
        .into_iter()
        .filter_map(|(gap, length)| text.find(gap).map(|at| (at, length)))
        .min()
        .map(|(at, length)| (&text[..at], &text[at + length..]))
}

/// First header field of a name, unfolded.
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
