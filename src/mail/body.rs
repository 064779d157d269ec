//! Text of an incoming mail in its own charset and structure, and the names of its files.

use std::borrow::Cow;

use encoding_rs::GB18030;
use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders as _, PartType};

/// Wider than any line or table row that a person writes: HTML is not wrapped again.
const WIDTH: usize = 2_000;

/// Returns the text of all text parts in order; the HTML where the plain part is blank.
pub(super) fn text(mail: &Message<'_>) -> String {
    let plain = joined(mail, &mail.text_body);
    if plain.trim().is_empty() { joined(mail, &mail.html_body) } else { plain }
}

fn joined(mail: &Message<'_>, parts: &[u32]) -> String {
    let texts = parts.iter().filter_map(|&at| mail.parts.get(at as usize)).filter_map(|part| text_of(mail, part));
    texts.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn text_of<'m>(mail: &'m Message<'_>, part: &'m MessagePart<'_>) -> Option<Cow<'m, str>> {
    let decoded = match &part.body {
        PartType::Text(text) => guessed(mail, part).map_or(Cow::Borrowed(text.as_ref()), Cow::Owned),
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

/// Text of an HTML part: paragraphs, lists, cells of tables and line breaks kept, quotations marked with `>`.
fn text_of_html(html: &str) -> String {
    let settings = html2text::config::plain_no_decorate().no_table_borders().no_link_wrapping().allow_width_overflow();
    settings.string_from_read(html.as_bytes(), WIDTH).unwrap_or_default()
}

/// Returns the names of attachments and inline pictures in order; a nameless one is its media type.
pub(super) fn files(mail: &Message<'_>) -> Vec<String> {
    let is_text = |part: &MessagePart<'_>| matches!(part.body, PartType::Text(_) | PartType::Html(_));
    let shown = |at: usize| mail.text_body.iter().chain(&mail.html_body).any(|&shown| shown as usize == at);
    let parts = mail.parts.iter().enumerate().filter(|(at, part)| !(is_text(part) && shown(*at)));
    parts.filter(|(_, part)| !matches!(part.body, PartType::Multipart(_))).map(|(_, part)| name(part)).collect()
}

fn name(part: &MessagePart<'_>) -> String {
    let kind = part.content_type().map(|kind| match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()),
        None => kind.ctype().to_owned(),
    });
    let name = part.attachment_name().map(str::to_owned).or(kind).unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).collect()
}
