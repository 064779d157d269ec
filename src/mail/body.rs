//! Text of an incoming mail in its own charset and structure, and the names of its files.

use std::borrow::Cow;

use encoding_rs::GB18030;
use mail_parser::decoders::html::html_to_text;
use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders as _, PartType};

use super::flowed;

/// Wider than any line or table row that a person writes: HTML is not wrapped again.
const WIDTH: usize = 2_000;
/// Open elements of an HTML part that are followed; a thread of twenty answers has some eighty.
const DEEPEST: usize = 150;
/// Longest HTML part that is followed, bytes.
const LONGEST_HTML: usize = 4 * 1024 * 1024;
/// Longest name of an element, characters.
const LONGEST_TAG: usize = 12;
/// Elements whose end may be left out, or that have none.
const UNCLOSED: &[&str] = &[
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup", "br", "hr", "img",
    "input", "meta", "link", "col", "wbr", "base", "area", "o", "html", "body", "head",
];

/// Returns the text of all text parts in order; the HTML where the plain part is blank.
pub(super) fn text(mail: &Message<'_>) -> String {
    let text = plain(mail);
    if text.trim().is_empty() { html(mail) } else { text }
}

/// Returns the text of the plain parts.
pub(super) fn plain(mail: &Message<'_>) -> String {
    joined(mail, &mail.text_body)
}

/// Returns the HTML parts as text.
pub(super) fn html(mail: &Message<'_>) -> String {
    joined(mail, &mail.html_body)
}

fn joined(mail: &Message<'_>, parts: &[u32]) -> String {
    let texts = parts.iter().filter_map(|&at| mail.parts.get(at as usize)).filter_map(|part| text_of(mail, part));
    texts.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn text_of<'m>(mail: &'m Message<'_>, part: &'m MessagePart<'_>) -> Option<Cow<'m, str>> {
    let decoded = match &part.body {
        PartType::Text(text) => {
            let text = guessed(mail, part).map_or(Cow::Borrowed(text.as_ref()), Cow::Owned);
            flowed::joined(part, &text).map_or(text, Cow::Owned)
        }
        PartType::Html(html) => Cow::Owned(text_of_html(&guessed(mail, part).unwrap_or_else(|| html.to_string()))),
        _ => return None,
    };
    Some(decoded)
}

/// The text read as GB18030, the superset of GBK and GB 2312, where the part names no charset and is not UTF-8: clients in
/// China that leave the charset out write in the system's encoding.
fn guessed(mail: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    if part.content_type().is_some_and(|kind| kind.attribute("charset").is_some()) {
        return None;
    }
    let raw = mail.raw_message().get(part.offset_body as usize..part.offset_end as usize)?;
    let bytes = match part.encoding {
        Encoding::None => Cow::Borrowed(raw),
        Encoding::Base64 => Cow::Owned(base64_decode(raw)?),
        Encoding::QuotedPrintable => Cow::Owned(quoted_printable_decode(raw)?),
    };
    std::str::from_utf8(&bytes).is_err().then(|| GB18030.decode_without_bom_handling(&bytes).0.into_owned())
}

/// Text of an HTML part: paragraphs, lists, cells of tables and line breaks kept, quotations marked with `>`. One that is deeper
/// or longer than people write is read without its structure: html2text's time grows with the square of the depth (20,000
/// nested quotations, 240 kB: more than a minute).
fn text_of_html(html: &str) -> String {
    if html.len() > LONGEST_HTML || depth(html) > DEEPEST {
        return html_to_text(html);
    }
    let structured = || {
        let settings =
            html2text::config::plain_no_decorate().no_table_borders().no_link_wrapping().allow_width_overflow();
        settings.string_from_read(html.as_bytes(), WIDTH).ok()
    };
    // html2text 0.17 panics at some numbers (`<ol start=9223372036854775807>`): the mail would be read again and again.
    std::panic::catch_unwind(structured).ok().flatten().unwrap_or_else(|| html_to_text(html))
}

/// Greatest number of open elements, those that end by themselves left out.
fn depth(html: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        let (is_end, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).take(LONGEST_TAG).collect();
        if name.is_empty() || UNCLOSED.contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        open = if is_end { open.saturating_sub(1) } else { open + 1 };
        deepest = deepest.max(open);
    }
    deepest
}

/// Returns the names of attachments and inline pictures in order; a nameless one is its media type. A signature of the mail is
/// no file.
pub(super) fn files(mail: &Message<'_>) -> Vec<String> {
    let is_text = |part: &MessagePart<'_>| matches!(part.body, PartType::Text(_) | PartType::Html(_));
    let shown = |at: usize| mail.text_body.iter().chain(&mail.html_body).any(|&shown| shown as usize == at);
    let is_file = |(at, part): &(usize, &MessagePart<'_>)| !(is_signature(part) || is_text(part) && shown(*at));
    let parts = mail.parts.iter().enumerate().filter(is_file);
    parts.filter(|(_, part)| !matches!(part.body, PartType::Multipart(_))).map(|(_, part)| name(part)).collect()
}

/// Whether a part is the signature of a signed mail (RFC 8551, RFC 3156).
fn is_signature(part: &MessagePart<'_>) -> bool {
    let subtype = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default().to_ascii_lowercase();
    ["pkcs7-signature", "x-pkcs7-signature", "pgp-signature"].contains(&subtype.as_str())
}

fn name(part: &MessagePart<'_>) -> String {
    let kind = part.content_type().map(|kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()),
        None => kind.ctype().to_owned(),
    });
    let name = part.attachment_name().map(str::to_owned).or(kind).unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).collect()
}
