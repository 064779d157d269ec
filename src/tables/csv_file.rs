//! CSV reading: UTF-8 with or without BOM, or GBK as written by Excel in China.

use std::borrow::Cow;

use super::guard::unguarded;
use super::{Limits, MOST_COLUMNS, RawRow, RawTable, TableError};

/// Noncharacters appended as an extra row: if the parser does not return them as a row, a quoted cell was not closed.
const SENTINEL: &str = "\u{fdd0}end\u{fdd1}";

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<RawTable, TableError> {
    let text = decode(bytes)?;
    let mut rows = rows(&text, limits)?.into_iter();
    let header = rows.next().ok_or(TableError::Empty)?.cells;
    let rows = rows
        .map(|row| RawRow { cells: row.cells.iter().map(|cell| unguarded(cell).to_owned()).collect(), ..row })
        .collect();
    Ok(RawTable { header, rows })
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TableError> {
    let (bytes, marked) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    let undecodable = |valid: &str| TableError::Undecodable { row: rows_in(valid) };
    let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
    if marked || looks_like_utf8(bytes) {
        return Err(undecodable(&valid));
    }
    match encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text),
        None => Err(undecodable(&gbk_prefix(bytes))),
    }
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

/// Text before the first byte that is not GBK.
fn gbk_prefix(bytes: &[u8]) -> String {
    let mut decoder = encoding_rs::GBK.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
    let _ = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    text
}

/// Spreadsheet row in which a text ends.
fn rows_in(text: &str) -> u32 {
    let mut reader = reader(text);
    let mut row = csv::StringRecord::new();
    let mut rows = blank_lines(text.as_bytes(), 0);
    while matches!(reader.read_record(&mut row), Ok(true)) {
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        rows += 1 + blank_lines(text.as_bytes(), end);
    }
    // A text that ends with a line break ends in the next row.
    if text.is_empty() || text.ends_with(['\n', '\r']) { rows + 1 } else { rows }
}

fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes())
}

/// Blank lines between two records: spreadsheets count them as rows, the parser skips them.
fn blank_lines(bytes: &[u8], at: usize) -> u32 {
    let mut at = at;
    // After a record that ended in CRLF the position is before its LF.
    if at > 0 && bytes.get(at) == Some(&b'\n') && bytes[at - 1] == b'\r' {
        at += 1;
    }
    let mut lines = 0;
    while let Some(byte @ (b'\r' | b'\n')) = bytes.get(at) {
        at += if *byte == b'\r' && bytes.get(at + 1) == Some(&b'\n') { 2 } else { 1 };
        lines += 1;
    }
    lines
}

fn rows(text: &str, limits: &Limits) -> Result<Vec<RawRow>, TableError> {
    let closed = format!("{text}\n{SENTINEL}");
    let mut reader = reader(&closed);
    let mut rows: Vec<RawRow> = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut row = blank_lines(closed.as_bytes(), 0);
    loop {
        let more = reader.read_record(&mut record).map_err(|error| TableError::Damaged(error.to_string()))?;
        row += 1;
        if !more {
            // The sentinel became part of the previous row.
            return Err(TableError::UnclosedQuote { row: rows.last().map_or(1, |row| row.row) });
        }
        if record.len() == 1 && &record[0] == SENTINEL {
            return Ok(rows);
        }
        // `rows` includes the header here.
        if rows.len() > limits.rows {
            return Err(TableError::TooManyRows { limit: limits.rows });
        }
        rows.push(RawRow { row, cells: cells(&record, row)?, refused: Vec::new() });
        row += blank_lines(closed.as_bytes(), usize::try_from(reader.position().byte()).unwrap_or(usize::MAX));
    }
}

/// Cells of a record; blank ones beyond [`MOST_COLUMNS`] are dropped, since spreadsheets export them.
fn cells(record: &csv::StringRecord, row: u32) -> Result<Vec<String>, TableError> {
    match record.iter().skip(MOST_COLUMNS as usize).position(|cell| !cell.trim().is_empty()) {
        Some(at) => {
            Err(TableError::TooManyColumns { row, column: MOST_COLUMNS + u32::try_from(at).unwrap_or(u32::MAX) + 1 })
        }
        None => Ok(record.iter().take(MOST_COLUMNS as usize).map(str::to_owned).collect()),
    }
}
