//! Paragraphs of `text/plain; format=flowed` (RFC 3676), which a client wraps at soft line breaks.

use mail_parser::{MessagePart, MimeHeaders as _};

/// Signature separator: a fixed line although it ends in a blank (RFC 3676 §4.3).
const SEPARATOR: &str = "-- ";

/// Returns the text of a flowed part with its soft line breaks joined; `None` where the part is not flowed.
pub(super) fn joined(part: &MessagePart<'_>, text: &str) -> Option<String> {
    let attribute = |name: &str| part.content_type().and_then(|kind| kind.attribute(name));
    let has = |name: &str, value: &str| attribute(name).is_some_and(|has| has.trim().eq_ignore_ascii_case(value));
    has("format", "flowed").then(|| unwrapped(text, has("delsp", "yes")))
}

/// Invisible character before a mark that is the sender's own.
const NO_MARK: char = '\u{2060}';

/// A line without its quote marks and the blank that protects its beginning (§4.4).
struct FlowedLine<'t> {
    depth: usize,
    text: &'t str,
}

impl<'t> FlowedLine<'t> {
    fn read(line: &'t str) -> Self {
        let text = line.trim_start_matches('>');
        Self { depth: line.len() - text.len(), text: text.strip_prefix(' ').unwrap_or(text) }
    }

    /// Whether the paragraph goes on in the next line.
    fn is_soft(&self) -> bool {
        self.text.ends_with(' ') && self.text != SEPARATOR
    }
}

/// Joins soft line breaks; `delsp` removes the blank before each. Quoted lines keep one mark per level.
fn unwrapped(text: &str, delsp: bool) -> String {
    let (mut out, mut lines) = (String::with_capacity(text.len()), text.lines().map(FlowedLine::read).peekable());
    while let Some(first) = lines.next() {
        match first.depth {
            0 if first.text.starts_with('>') => out.push(NO_MARK),
            0 => {}
            depth => out += &format!("{} ", ">".repeat(depth)),
        }
        let mut line = first;
        // A change of the quote depth ends a paragraph (§4.5), as does the separator of a signature.
        while line.is_soft()
            && let Some(next) = lines.next_if(|next| next.depth == line.depth && next.text != SEPARATOR)
        {
            out += if delsp { &line.text[..line.text.len() - 1] } else { line.text };
            line = next;
        }
        out += if line.is_soft() { line.text.trim_end_matches(' ') } else { line.text };
        out.push('\n');
    }
    out
}
