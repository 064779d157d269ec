//! CSV reading: the separator told by content, in the encodings of [`super::encoding`].

use domain::import::{Raw, RawRow, Sheet};

use super::encoding::decode;
use super::guard::unguarded;
use super::{Limits, MOST_COLUMNS, TableError};

/// Noncharacters appended as an extra row: if the parser does not return them as a row, a quoted cell was not closed.
const SENTINEL: &str = "\u{fdd0}end\u{fdd1}";
/// Separators, the usual one first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// Records by which the separator is told: titles and header among them.
const SAMPLED: usize = 12;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, TableError> {
    let text = decode(bytes).map_err(|failure| failure.into_error(rows_in))?;
    let (text, named) = named_separator(&text);
    let rows = rows(text, named.unwrap_or_else(|| separator(text)), limits)?;
    if rows.is_empty() { Err(TableError::Empty) } else { Ok(vec![Sheet { name: None, rows }]) }
}

/// The separator that a first line `sep=;` names, as spreadsheet programs write it; the line is no row.
fn named_separator(text: &str) -> (&str, Option<u8>) {
    let line = text.lines().next().unwrap_or_default();
    let named = line.trim_matches('"').strip_prefix("sep=").and_then(|rest| rest.bytes().next());
    let named = named.filter(|separator| SEPARATORS.contains(separator));
    if named.is_none() {
        return (text, None);
    }
    let rest = &text[line.len()..];
    (rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest), named)
}

/// The separator under which the first records have the most cells. Their number alone would not tell: under a wrong separator
/// the line breaks inside quoted cells make more records.
fn separator(text: &str) -> u8 {
    let score = |separator: &u8| {
        let records = reader(text, *separator).into_records().take(SAMPLED).filter_map(Result::ok);
        records.map(|record| record.len()).filter(|width| *width > 1).sum::<usize>()
    };
    // The first of equals: `max_by_key` would take the last.
    SEPARATORS.iter().rev().max_by_key(|separator| score(separator)).copied().unwrap_or(b',')
}

/// Spreadsheet row in which a text ends.
fn rows_in(text: &str) -> u32 {
    let mut reader = reader(text, SEPARATORS[0]);
    let mut row = csv::StringRecord::new();
    let mut rows = blank_lines(text.as_bytes(), 0);
    while matches!(reader.read_record(&mut row), Ok(true)) {
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        rows += 1 + blank_lines(text.as_bytes(), end);
    }
    // A text that ends with a line break ends in the next row.
    if text.is_empty() || text.ends_with(['\n', '\r']) { rows + 1 } else { rows }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes())
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

fn rows(text: &str, separator: u8, limits: &Limits) -> Result<Vec<RawRow>, TableError> {
    let closed = format!("{text}\n{SENTINEL}");
    let mut reader = reader(&closed, separator);
    let mut rows: Vec<RawRow> = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut row = blank_lines(closed.as_bytes(), 0);
    loop {
        let more = reader.read_record(&mut record).map_err(|error| TableError::Damaged(error.to_string()))?;
        row += 1;
        if !more {
            // The sentinel became part of the previous row.
            return Err(TableError::UnclosedQuote { row: rows.last().map_or(1, |row| row.number) });
        }
        if record.len() == 1 && &record[0] == SENTINEL {
            return Ok(rows);
        }
        // `rows` includes the header here.
        if rows.len() > limits.rows {
            return Err(TableError::TooManyRows { limit: limits.rows });
        }
        let cells = cells(&record, row)?;
        if !cells.iter().all(Raw::is_blank) {
            rows.push(RawRow { number: row, hidden: false, cells });
        }
        row += blank_lines(closed.as_bytes(), usize::try_from(reader.position().byte()).unwrap_or(usize::MAX));
    }
}

/// Cells of a record; blank ones beyond [`MOST_COLUMNS`] are dropped, since spreadsheets export them.
fn cells(record: &csv::StringRecord, row: u32) -> Result<Vec<Raw>, TableError> {
    match record.iter().skip(MOST_COLUMNS as usize).position(|cell| !cell.trim().is_empty()) {
        Some(at) => {
            Err(TableError::TooManyColumns { row, column: MOST_COLUMNS + u32::try_from(at).unwrap_or(u32::MAX) + 1 })
        }
        None => Ok(record.iter().take(MOST_COLUMNS as usize).map(raw).collect()),
    }
}

fn raw(cell: &str) -> Raw {
    match unguarded(cell) {
        "" => Raw::Blank,
        text if text.len() == cell.len() => Raw::Text(formula_text(text).unwrap_or(text).to_owned()),
        text => Raw::Text(text.to_owned()),
    }
}

/// The text of `="007"`, by which programs keep digits as text in a CSV.
fn formula_text(cell: &str) -> Option<&str> {
    cell.strip_prefix("=\"")?.strip_suffix('"').filter(|text| !text.contains('"'))
}
