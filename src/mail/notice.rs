//! The report in a returned mail: the fields of a delivery status (RFC 3464), or the words of a server without one.

use super::mail_text::Section;

/// Words with which servers begin the copy of the returned mail, in a line that begins with dashes or is a heading.
const COPY: &[&str] = &[
    "copy of",
    "original message",
    "message follows",
    "message headers",
    "message header",
    "returned message",
    "unsent message",
    "undelivered message",
    "included below",
    "forwarded message",
    "message text follows",
    "原邮件",
    "原始邮件",
    "邮件原文",
];
/// Length of a heading, characters: a sentence that mentions the copy is longer.
const LONGEST_HEADING: usize = 80;

/// Report of a mail server about a mail.
#[derive(Default)]
pub(super) struct FailureNotice {
    /// It has the fields of a delivery status.
    pub(super) is_structured: bool,
    /// `Action`, lower case.
    pub(super) action: String,
    /// `Status`, else the first status code in the diagnostic or the text.
    pub(super) status: String,
    /// `Diagnostic-Code`, unfolded.
    pub(super) diagnostic: String,
    /// Text for people, before the copy of the returned mail.
    pub(super) text: String,
    /// The line of the text with the status or reply code; else its first line.
    pub(super) gist: String,
}

impl FailureNotice {
    pub(super) fn read(parts: &[Section], raw: &str) -> Self {
        let own = || parts.iter().filter(|part| !part.is_returned);
        let text: String = own()
            .filter(|part| part.kind.is_empty() || part.kind.starts_with("text/") && part.kind != "text/rfc822-headers")
            .map(|part| before_copy(&part.text))
            .collect::<Vec<_>>()
            .join("\n");
        let fields = own()
            .filter(|part| part.kind.ends_with("delivery-status"))
            .find_map(|part| recipient_fields(&part.text))
            // A boundary that no parser finds leaves the fields in the text.
            .or_else(|| recipient_fields(before_copy(raw)));
        let mut notice = Self { is_structured: fields.is_some(), ..fields.unwrap_or_default() };
        notice.gist = gist(&text);
        if notice.status.is_empty() || notice.status.ends_with(".0.0") {
            let found = [notice.diagnostic.as_str(), &text].into_iter().find_map(status_in);
            notice.status = found.unwrap_or(notice.status);
        }
        notice.text = text;
        notice
    }
}

/// Fields of the first failed recipient, else of the first one; `None` without a recipient's fields.
fn recipient_fields(text: &str) -> Option<FailureNotice> {
    let groups = text.split("\n\n").filter_map(|group| {
        let value = |name: &str| unfolded(group, name);
        value("final-recipient").or_else(|| value("original-recipient")).or_else(|| value("action"))?;
        let status = value("status").unwrap_or_default();
        Some(FailureNotice {
            action: value("action")
                .unwrap_or_default()
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase(),
            status: status_in(&status).unwrap_or_default(),
            diagnostic: value("diagnostic-code").unwrap_or_default(),
            ..FailureNotice::default()
        })
    });
    let all: Vec<FailureNotice> =
        groups.filter(|it| !(it.action.is_empty() && it.status.is_empty() && it.diagnostic.is_empty())).collect();
    let failed = all.iter().position(|it| it.action == "failed").unwrap_or(0);
    all.into_iter().nth(failed)
}

/// Value of a field, its continuation lines joined by blanks.
fn unfolded(group: &str, name: &str) -> Option<String> {
    let mut lines = group.lines();
    let mut value = lines.by_ref().find_map(|line| {
        let (has, value) = line.split_once(':')?;
        has.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })?;
    for line in lines.take_while(|line| line.starts_with([' ', '\t'])) {
        value.push(' ');
        value.push_str(line.trim());
    }
    Some(value)
}

fn before_copy(text: &str) -> &str {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let heading = line.trim();
        let is_short = heading.chars().count() <= LONGEST_HEADING;
        let is_heading = heading.starts_with("--") || heading.ends_with(':') || !heading.contains(". ");
        let lower = heading.to_lowercase();
        if is_short && is_heading && at > 0 && COPY.iter().any(|words| lower.contains(words)) {
            return &text[..at];
        }
        at += line.len();
    }
    text
}

/// First enhanced status code (RFC 3463), `class.subject.detail`; parts of addresses and versions are none.
fn status_in(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|token| {
        let token = token.trim_matches('.');
        let parts: Vec<&str> = token.split('.').collect();
        let [class, subject, detail] = parts[..] else { return None };
        let is_code = ["2", "4", "5"].contains(&class) && [subject, detail].iter().all(|n| (1..=3).contains(&n.len()));
        is_code.then(|| token.to_owned())
    })
}

fn gist(text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let has_reply = |line: &&str| {
        let words = line.split(|c: char| !c.is_ascii_digit());
        status_in(line).is_some() || words.into_iter().any(|word| word.len() == 3 && word.starts_with(['4', '5']))
    };
    lines().find(has_reply).or_else(|| lines().next()).unwrap_or_default().to_owned()
}
