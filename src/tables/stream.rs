//! Rows written to a file as they come: the memory does not grow with their number.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use rust_xlsxwriter::{Format as CellFormat, Workbook};

use super::write::{Format, Out, WriteError, csv_cell, put};

/// A file that is being written, with a header and text that never becomes a formula.
pub struct RowWriter(RowFile);

enum RowFile {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx { book: Box<Workbook>, text: CellFormat, row: u32, file: File },
}

impl RowWriter {
    /// Begins a file with its header.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn begin(header: &[&str], format: Format, file: File) -> Result<Self, WriteError> {
        let kind = match format {
            Format::Csv => {
                let mut buffer = BufWriter::new(file);
                buffer.write_all(b"\xef\xbb\xbf")?;
                let quoted = csv::QuoteStyle::Always;
                let terminator = csv::Terminator::CRLF;
                let writer = csv::WriterBuilder::new().quote_style(quoted).terminator(terminator).from_writer(buffer);
                RowFile::Csv(Box::new(writer))
            }
            Format::Xlsx => {
                let mut book = Workbook::new();
                // Rows go to a temporary file once the next one begins.
                book.add_worksheet_with_constant_memory()?.set_freeze_panes(1, 0)?;
                let text = CellFormat::new().set_quote_prefix().set_num_format("@");
                RowFile::Xlsx { book: Box::new(book), text, row: 0, file }
            }
        };
        let mut writer = Self(kind);
        writer.write(&header.iter().map(|name| Out::text(*name)).collect::<Vec<_>>())?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn write(&mut self, cells: &[Out]) -> Result<(), WriteError> {
        match &mut self.0 {
            RowFile::Csv(writer) => writer.write_record(cells.iter().map(csv_cell))?,
            RowFile::Xlsx { book, text, row, .. } => {
                let sheet = book.worksheet_from_index(0)?;
                for (column, cell) in (0..).zip(cells) {
                    put(sheet, *row, column, cell, text)?;
                }
                *row += 1;
            }
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn end(self) -> Result<(), WriteError> {
        match self.0 {
            RowFile::Csv(mut writer) => writer.flush()?,
            RowFile::Xlsx { mut book, file, .. } => book.save_to_writer(BufWriter::new(file))?,
        }
        Ok(())
    }
}
