//! The encoding of a text file: UTF-8, UTF-16, GB18030 (GBK) or Big5, told apart by content.

use std::borrow::Cow;

use encoding_rs::{BIG5, Encoding, GB18030, UTF_16BE, UTF_16LE};

use super::TableError;

/// Share of common characters above which a decoding is text of its language, in percent.
const LIKELY_PERCENT: usize = 75;
/// By how many percent the likelier decoding must lead, where both are possible.
const LEAD_PERCENT: usize = 20;

/// A text that cannot be decoded, with what comes before the first bad byte.
pub(super) enum Undecoded {
    /// Bytes of no encoding.
    Undecodable(String),
    /// Text in either of two encodings.
    Ambiguous,
}

impl Undecoded {
    pub(super) fn into_error(self, rows_in: impl Fn(&str) -> u32) -> TableError {
        match self {
            Self::Undecodable(valid) => TableError::Undecodable { row: rows_in(&valid) },
            Self::Ambiguous => TableError::TwoEncodings,
        }
    }
}

/// Decodes a file's bytes.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Undecoded> {
    if let Some(text) = utf16(bytes) {
        return text;
    }
    let (bytes, is_marked) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    if is_marked || looks_like_utf8(bytes) {
        return Err(Undecoded::Undecodable(String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()));
    }
    let decoded = |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes);
    match (decoded(GB18030), decoded(BIG5)) {
        (Some(text), None) | (None, Some(text)) => Ok(text),
        (None, None) => Err(Undecoded::Undecodable(valid_prefix(bytes))),
        (Some(simplified), Some(traditional)) => likelier(bytes, simplified, traditional),
    }
}

/// UTF-16 with its mark, or without one where the bytes read as such a table.
fn utf16(bytes: &[u8]) -> Option<Result<Cow<'_, str>, Undecoded>> {
    let (text, malformed) = utf16_of(bytes)?.decode_with_bom_removal(bytes);
    Some(if malformed { Err(Undecoded::Undecodable(String::new())) } else { Ok(text) })
}

/// Returns whether a file's first bytes are UTF-16 text.
pub(super) fn is_utf16(start: &[u8]) -> bool {
    utf16_of(start).is_some()
}

fn utf16_of(bytes: &[u8]) -> Option<&'static Encoding> {
    // Names and separators of ASCII have a zero byte each, which no other text has.
    let start = &bytes[..bytes.len().min(UTF16_SAMPLE) & !1];
    match bytes {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ if !start.contains(&0) => None,
        _ => [(UTF_16LE, u16::from_le_bytes as fn([u8; 2]) -> u16), (UTF_16BE, u16::from_be_bytes)]
            .into_iter()
            .find(|(_, unit)| is_table_of(start.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]))))
            .map(|(encoding, _)| encoding),
    }
}

/// Bytes by which UTF-16 is told.
const UTF16_SAMPLE: usize = 512;

/// Whether UTF-16 units are ASCII text, Chinese and full-width characters, with a separator or line break among them.
fn is_table_of(units: impl Iterator<Item = u16>) -> bool {
    let (mut all, mut usual, mut separators) = (0_usize, 0_usize, 0_usize);
    for unit in units {
        all += 1;
        usual += usize::from(
            matches!(unit, 0x09..=0x0d | 0x20..=0x7e | 0x3000..=0x303f | 0x4e00..=0x9fff | 0xff00..=0xffef),
        );
        separators += usize::from(matches!(unit, 0x09 | 0x0a | 0x0d | 0x2c | 0x3b));
    }
    separators > 0 && usual * 10 >= all * 9
}

/// Whether text is UTF-8 with a few invalid bytes rather than GBK, whose byte pairs are rarely valid UTF-8.
fn looks_like_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 4 * broken
}

/// Text before the first byte that is not GB18030.
fn valid_prefix(bytes: &[u8]) -> String {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
    let _ = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    text
}

/// The decoding whose characters are the common ones of its standard: nearly all of any real text is, and of bytes read
/// in the other encoding at most about two thirds.
fn likelier<'b>(bytes: &[u8], simplified: Cow<'b, str>, traditional: Cow<'b, str>) -> Result<Cow<'b, str>, Undecoded> {
    let gb = common_percent(bytes, |lead, trail| (0xb0..=0xd7).contains(&lead) && trail >= 0xa1);
    let big5 = common_percent(bytes, |lead, _| (0xa4..=0xc6).contains(&lead));
    match (gb, big5) {
        (gb, big5) if gb >= LIKELY_PERCENT && gb >= big5 + LEAD_PERCENT => Ok(simplified),
        (gb, big5) if big5 >= LIKELY_PERCENT && big5 >= gb + LEAD_PERCENT => Ok(traditional),
        _ => by_words(simplified, traditional),
    }
}

/// Percentage of the double-byte characters that `is_common`, punctuation aside (leads below 0xa4).
fn common_percent(bytes: &[u8], is_common: impl Fn(u8, u8) -> bool) -> usize {
    let (mut all, mut common, mut at) = (0_usize, 0_usize, 0);
    while let Some(&lead) = bytes.get(at) {
        let trail = bytes.get(at + 1).copied().unwrap_or_default();
        if lead < 0x81 {
            at += 1;
            continue;
        }
        if !(0xa1..0xa4).contains(&lead) {
            all += 1;
            common += usize::from(is_common(lead, trail));
        }
        at += 2;
    }
    (common * 100).checked_div(all).unwrap_or_default()
}

/// Decides by names that only one decoding has: divisions and columns.
fn by_words<'b>(simplified: Cow<'b, str>, traditional: Cow<'b, str>) -> Result<Cow<'b, str>, Undecoded> {
    let known = |text: &str| {
        let cells = text.split([',', ';', '\t', '\n', '\r', '"']).map(str::trim).filter(|cell| !cell.is_ascii());
        cells.take(200).filter(|cell| domain::import::is_known_word(cell)).count()
    };
    match (known(&simplified), known(&traditional)) {
        (0, 0) => Err(Undecoded::Ambiguous),
        (gb, big5) if gb > big5 => Ok(simplified),
        (gb, big5) if big5 > gb => Ok(traditional),
        _ => Err(Undecoded::Ambiguous),
    }
}

#[cfg(test)]
mod tests {
    use super::{Undecoded, decode};

    fn text(bytes: &[u8]) -> Option<String> {
        decode(bytes).ok().map(std::borrow::Cow::into_owned)
    }

    #[test]
    fn each_encoding_is_told_by_its_content() {
        let simplified = "地块编号,省份,城市\r\nP-1,浙江省,宁波市\r\n";
        let traditional = "地塊編號,省份,城市\r\nP-1,浙江省,寧波市\r\n";
        let bare: Vec<u8> = simplified.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&bare).as_deref(), Some(simplified));
        let utf16: Vec<u8> = simplified.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(simplified.as_bytes()).as_deref(), Some(simplified));
        assert_eq!(text(&[&[0xff, 0xfe], utf16.as_slice()].concat()).as_deref(), Some(simplified));
        assert_eq!(text(&encoding_rs::GBK.encode(simplified).0).as_deref(), Some(simplified));
        assert_eq!(text(&encoding_rs::BIG5.encode(traditional).0).as_deref(), Some(traditional));
    }

    #[test]
    fn two_characters_that_read_as_two_encodings_are_refused() {
        // Common characters of both standards and names of nothing.
        assert!(matches!(decode(b"plot_no,name\nP-1,\xb0\xa1\xb0\xa2\n"), Err(Undecoded::Ambiguous)));
    }
}
