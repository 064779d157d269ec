//! Mailbox files (RFC 4155).

/// Splits an mbox file into mails; input without a `From ` line is one mail.
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
