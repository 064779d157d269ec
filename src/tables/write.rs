//! Writing of CSV and XLSX; text never becomes a formula, and records round-trip.

use domain::record::{Cell, Record, Table};
use rust_xlsxwriter::{Format as CellFormat, Workbook, Worksheet, XlsxError};

use super::guard::guarded;
use super::xlsx_cells::digits;

/// File format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// UTF-8 with BOM (for Chinese in Excel), every cell quoted, text guarded (see `guard.rs`).
    Csv,
    /// One worksheet; text cells are typed as text.
    Xlsx,
}

impl Format {
    /// Parses `csv` or `xlsx`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// Media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A cell to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// Untrusted text.
    Text(String),
    /// Digits of a number; blank where absent.
    Number(String),
}

impl Out {
    /// Creates a text cell.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Creates a number cell; a value that is not a number becomes text.
    pub fn number(number: impl Into<String>) -> Self {
        Self::Number(number.into())
    }
}

/// Errors of writing a file.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("CSV: {0}")]
    Csv(#[from] csv::Error),
    /// More rows or text than a worksheet can hold.
    #[error("XLSX: {0}")]
    Xlsx(#[from] XlsxError),
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
}

/// Writes records with every column of their table; [`super::Reader`] and [`domain::import`] read them back unchanged.
///
/// # Errors
/// [`WriteError::Csv`], [`WriteError::Xlsx`].
pub fn write<'r, T: Table + 'r>(
    kind: T,
    records: impl IntoIterator<Item = &'r Record<T>>,
    format: Format,
) -> Result<Vec<u8>, WriteError> {
    let columns = kind.columns();
    let header: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let rows = records.into_iter().map(|record| {
        let cells = columns.iter().zip(record.row());
        cells
            .map(|(column, cell)| match column.cell {
                Cell::Decimal(_) | Cell::Degrees(_) => Out::Number(cell.to_owned()),
                _ => Out::Text(cell.to_owned()),
            })
            .collect()
    });
    write_rows(&header, rows, format)
}

/// Writes rows under a header.
///
/// # Errors
/// [`WriteError::Csv`], [`WriteError::Xlsx`].
pub fn write_rows(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<Out>>,
    format: Format,
) -> Result<Vec<u8>, WriteError> {
    match format {
        Format::Csv => csv_bytes(header, rows),
        Format::Xlsx => xlsx_bytes(header, rows),
    }
}

fn csv_bytes(header: &[&str], rows: impl IntoIterator<Item = Vec<Out>>) -> Result<Vec<u8>, WriteError> {
    let bytes = b"\xef\xbb\xbf".to_vec();
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(bytes);
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.iter().map(csv_cell))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

/// The text of a cell in CSV.
pub(super) fn csv_cell(cell: &Out) -> String {
    match cell {
        Out::Number(digits) if is_number(digits) => digits.clone(),
        Out::Number(text) | Out::Text(text) => guarded(text),
    }
}

/// Whether a text is digits with at most a minus and a point; with a plus sign or exponent it may be a phone number or
/// a code.
fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.')) && text.parse::<f64>().is_ok()
}

fn xlsx_bytes(header: &[&str], rows: impl IntoIterator<Item = Vec<Out>>) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    // The text format keeps ids and dates as they are when a cell is edited, the quote prefix what looks like a formula.
    let text = CellFormat::new().set_quote_prefix().set_num_format("@");
    for (column, name) in (0..).zip(header) {
        sheet.write_string_with_format(0, column, *name, &text)?;
    }
    for (row, cells) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            put(sheet, row, column, &cell, &text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(book.save_to_buffer()?)
}

pub(super) fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Out,
    text: &CellFormat,
) -> Result<(), XlsxError> {
    let is_number = matches!(cell, Out::Number(_));
    match cell {
        Out::Text(cell) | Out::Number(cell) if cell.is_empty() => {}
        Out::Number(cell) | Out::Text(cell) => {
            // A number that f64 cannot represent digit by digit is written as text.
            match cell.parse::<f64>().ok().filter(|float| float.is_finite() && digits(*float) == *cell) {
                Some(float) if is_number => sheet.write_number(row, column, float)?,
                _ => sheet.write_string_with_format(row, column, cell, text)?,
            };
        }
    }
    Ok(())
}
