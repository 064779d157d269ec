//! Workbooks made by hand, down to the bits of their zip, so that they can be wrong in any way.

/// One part of a zip.
pub(super) enum Part {
    /// Kept as it is.
    Stored(Vec<u8>),
    /// `before`, then a byte so many times, then `after`, deflated some thousandfold.
    Repeated { before: &'static str, byte: u8, times: usize, after: &'static str },
}

/// A zip; `claimed` stands in for the parts' true sizes where it is given.
pub(super) fn zip(parts: &[(&str, Part)], claimed: Option<u32>, flags: u16) -> Vec<u8> {
    let (mut bytes, mut contents) = (Vec::new(), Vec::new());
    for (name, part) in parts {
        let (method, data, size, crc) = match part {
            Part::Stored(data) => (0_u16, data.clone(), data.len(), crc32(data.iter().copied())),
            Part::Repeated { before, byte, times, after } => {
                // Nobody lives to check the sum.
                (8, deflated(before, *byte, *times, after), before.len() + times + after.len(), 0)
            }
        };
        let size = claimed.unwrap_or(size as u32);
        let mut head = Vec::new();
        for field in [20, flags, method, 0, 0x21] {
            head.extend(u16::to_le_bytes(field));
        }
        for field in [crc, data.len() as u32, size] {
            head.extend(field.to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        let start = bytes.len() as u32;
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&head);
        bytes.extend(name.as_bytes());
        bytes.extend(&data);
        contents.extend(b"PK\x01\x02\x14\0");
        contents.extend(&head);
        contents.extend([0; 10]);
        contents.extend(start.to_le_bytes());
        contents.extend(name.as_bytes());
    }
    let start = bytes.len() as u32;
    bytes.extend(&contents);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([(parts.len() as u16).to_le_bytes(); 2].concat());
    bytes.extend((contents.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn crc32(bytes: impl Iterator<Item = u8>) -> u32 {
    let table: Vec<u32> = (0..256)
        .map(|n| (0..8).fold(n, |c: u32, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 }))
        .collect();
    !bytes.fold(!0, |crc, byte| table[((crc ^ u32::from(byte)) & 255) as usize] ^ (crc >> 8))
}

/// One deflate block with the fixed code (RFC 1951, 3.2.6): literals, then runs of 258 at distance 1.
fn deflated(before: &str, byte: u8, times: usize, after: &str) -> Vec<u8> {
    let (mut bits, mut out, mut held) = (0_u32, Vec::new(), 0);
    let mut put = |value: u32, length: u32| {
        bits |= value << held;
        held += length;
        while held >= 8 {
            out.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    };
    let code = |value: u32, length: u32| (value.reverse_bits() >> (32 - length), length);
    let literal = |byte: u8| match u32::from(byte) {
        byte @ 0..=143 => code(0x30 + byte, 8),
        byte => code(0x190 + byte - 144, 9),
    };
    put(0b011, 3);
    let runs = (times - 1) / 258;
    for byte in before.bytes().chain(std::iter::repeat_n(byte, times - runs * 258)) {
        let (value, length) = literal(byte);
        put(value, length);
    }
    for _ in 0..runs {
        let (value, length) = code(0b1100_0101, 8);
        put(value, length);
        put(0, 5);
    }
    for byte in after.bytes() {
        let (value, length) = literal(byte);
        put(value, length);
    }
    put(0, 7);
    put(0, 7);
    out
}

const TYPES: &str =
    r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="甲" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Style 1 is a date, style 2 a moment.
const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;

fn sheet(rows: &str) -> Vec<u8> {
    format!(r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#).into_bytes()
}

pub(super) fn parts(rows: &str) -> Vec<(&'static str, Part)> {
    let text = |text: &str| Part::Stored(text.as_bytes().to_vec());
    vec![
        ("[Content_Types].xml", text(TYPES)),
        ("_rels/.rels", text(RELATIONS)),
        ("xl/workbook.xml", text(BOOK)),
        ("xl/_rels/workbook.xml.rels", text(BOOK_RELATIONS)),
        ("xl/styles.xml", text(STYLES)),
        ("xl/worksheets/sheet1.xml", Part::Stored(sheet(rows))),
    ]
}

/// A workbook of one sheet with these `<row>` elements.
pub(super) fn workbook(rows: &str) -> Vec<u8> {
    zip(&parts(rows), None, 0)
}

/// Two cells at the ends of the sheet: legal, and a rectangle that no machine holds.
pub(crate) fn two_cells() -> Vec<u8> {
    workbook(r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#)
}

/// A row of inline text cells.
pub(super) fn row(number: usize, cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!(r#"<c t="inlineStr"><is><t>{cell}</t></is></c>"#)).collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}
