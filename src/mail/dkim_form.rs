//! Canonical forms of DKIM (RFC 6376 §3.4), relaxed for header and body.

/// Header fields of a mail, in order: lower-case name, and the whole field with its folds but without the last CRLF.
pub(super) fn fields(mail: &[u8]) -> impl DoubleEndedIterator<Item = (String, &[u8])> {
    let head = &mail[..head_length(mail)];
    let mut found: Vec<(String, &[u8])> = Vec::new();
    let mut start = 0;
    while start < head.len() {
        let mut end = start;
        loop {
            end = line_end(head, end);
            if !matches!(head.get(end), Some(b' ' | b'\t')) {
                break;
            }
        }
        let field = head[start..end].strip_suffix(b"\r\n").unwrap_or(&head[start..end]);
        let name = field.split(|&b| b == b':').next().unwrap_or_default();
        found.push((String::from_utf8_lossy(name).trim().to_ascii_lowercase(), field));
        start = end;
    }
    found.into_iter()
}

/// Relaxed form of one field, without CRLF (§3.4.2).
pub(super) fn relaxed_field(field: &[u8]) -> Vec<u8> {
    let colon = field.iter().position(|&b| b == b':').unwrap_or(field.len());
    let (name, value) = field.split_at(colon);
    let value: Vec<u8> = value.iter().skip(1).copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let mut relaxed = name.trim_ascii().to_ascii_lowercase();
    relaxed.push(b':');
    relaxed.extend(single_spaced(&value).trim_ascii());
    relaxed
}

/// Hash input of the header fields named in `h=`: each name takes the lowest field not yet taken (§5.4.2).
pub(super) fn header_hash_input(mail: &[u8], names: &[&str]) -> Vec<u8> {
    let mut left: Vec<(String, &[u8])> = fields(mail).collect();
    let mut input = Vec::new();
    for name in names {
        if let Some(at) = left.iter().rposition(|(has, _)| has.eq_ignore_ascii_case(name.trim())) {
            let (_, field) = left.remove(at);
            input.extend(relaxed_field(field));
            input.extend(b"\r\n");
        }
    }
    input
}

/// Relaxed form of the body (§3.4.4): runs of blanks are one space, none at line ends, no empty lines at the end.
pub(super) fn body_hash_input(mail: &[u8]) -> Vec<u8> {
    let start = (head_length(mail) + 2).min(mail.len());
    let body = &mail[start..];
    let mut relaxed = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        let end = line_end(body, at);
        let line = body[at..end].strip_suffix(b"\r\n").unwrap_or(&body[at..end]);
        relaxed.extend(single_spaced(line).trim_ascii_end());
        relaxed.extend(b"\r\n");
        at = end;
    }
    while relaxed.ends_with(b"\r\n\r\n") || relaxed == b"\r\n" {
        relaxed.truncate(relaxed.len() - 2);
    }
    relaxed
}

/// Value of a tag of a signature, without blanks.
pub(super) fn tag(field: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(field);
    let (_, list) = text.split_once(':')?;
    let value = list.split(';').find_map(|pair| {
        let (found, value) = pair.split_once('=')?;
        (found.trim() == name).then_some(value)
    })?;
    Some(value.chars().filter(|c| !c.is_whitespace()).collect())
}

/// Length of the head with the CRLF of its last field.
fn head_length(mail: &[u8]) -> usize {
    mail.windows(4).position(|four| four == b"\r\n\r\n").map_or(mail.len(), |at| at + 2)
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].windows(2).position(|two| two == b"\r\n").map_or(bytes.len(), |at| from + at + 2)
}

fn single_spaced(line: &[u8]) -> Vec<u8> {
    let mut spaced = Vec::with_capacity(line.len());
    for &byte in line {
        match byte {
            b' ' | b'\t' if spaced.last() == Some(&b' ') => {}
            b' ' | b'\t' => spaced.push(b' '),
            other => spaced.push(other),
        }
    }
    spaced
}
