//! Workbooks made by hand, down to the bits of their zip, so that they can be wrong in any way.

use luodi::tables::{Format, Out, write_rows};

/// A zip of parts kept as they are; `claimed` is announced in place of each part's true size.
pub(super) fn zip(parts: &[(&str, Vec<u8>)], claimed: Option<u32>, flags: u16) -> Vec<u8> {
    let (mut bytes, mut contents) = (Vec::new(), Vec::new());
    for (name, data) in parts {
        const STORED: u16 = 0;
        let crc = crc32(data.iter().copied());
        let size = claimed.unwrap_or(data.len() as u32);
        let mut head = Vec::new();
        for field in [20, flags, STORED, 0, 0x21] {
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
        bytes.extend(data);
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

pub(super) fn parts(rows: &str) -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("[Content_Types].xml", text(TYPES)),
        ("_rels/.rels", text(RELATIONS)),
        ("xl/workbook.xml", text(BOOK)),
        ("xl/_rels/workbook.xml.rels", text(BOOK_RELATIONS)),
        ("xl/styles.xml", text(STYLES)),
        ("xl/worksheets/sheet1.xml", sheet(rows)),
    ]
}

/// A workbook of one sheet with these `<row>` elements.
pub(super) fn workbook(rows: &str) -> Vec<u8> {
    zip(&parts(rows), None, 0)
}

/// Texts of a large workbook, each as long as a cell of Excel may nearly be.
const LARGE_TEXTS: usize = 250;
const LARGE_TEXT_BYTES: usize = 32_000;
/// Less memory than a reader needs for the texts of [`large`], 8 MB.
pub(crate) const TIGHT_MEMORY: u64 = 4 << 20;

/// A lawful workbook of 8 MB of text, as our own export writes it.
pub(crate) fn large() -> Vec<u8> {
    let text = |number| vec![Out::Text(format!("{number:0>LARGE_TEXT_BYTES$}"))];
    write_rows(&["name"], (0..LARGE_TEXTS).map(text), Format::Xlsx).expect("a workbook")
}

/// A row of inline text cells.
pub(super) fn row(number: usize, cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!(r#"<c t="inlineStr"><is><t>{cell}</t></is></c>"#)).collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}
