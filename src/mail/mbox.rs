//! Mailbox files (RFC 4155).

use std::borrow::Cow;

/// Splits an mbox file into mails; input without a `From ` line at its beginning is one mail. Lines that the file's writer
/// protected (`>From `) are as they were.
pub fn mails_in(bytes: &[u8]) -> Vec<Cow<'_, [u8]>> {
    let mut starts = Vec::new();
    let mut at = 0;
    let mut after_blank = true;
    let mut lines = bytes.split_inclusive(|&byte| byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        if after_blank && line.starts_with(b"From ") && lines.peek().is_some_and(|next| is_field(next)) {
            starts.push((at, at + line.len()));
        }
        after_blank = line.trim_ascii().is_empty();
        at += line.len();
    }
    if starts.first().is_none_or(|(start, _)| *start > 0) {
        return vec![Cow::Borrowed(bytes)];
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([bytes.len()]);
    starts.iter().zip(ends).map(|((_, begin), end)| unprotected(&bytes[*begin..end])).collect()
}

/// Whether a line is a header field (RFC 5322 §2.2): one follows a separator, and none a sentence that begins with the word.
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().position(|&byte| byte == b':').map_or(&line[..0], |at| &line[..at]);
    !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
}

fn unprotected(mail: &[u8]) -> Cow<'_, [u8]> {
    let is_protected = |line: &[u8]| {
        let text = line.iter().position(|&byte| byte != b'>').map_or(line, |at| &line[at..]);
        line.starts_with(b">") && text.starts_with(b"From ")
    };
    let mut lines = mail.split_inclusive(|&byte| byte == b'\n');
    if !lines.clone().any(is_protected) {
        return Cow::Borrowed(mail);
    }
    Cow::Owned(lines.by_ref().flat_map(|line| if is_protected(line) { &line[1..] } else { line }).copied().collect())
}
