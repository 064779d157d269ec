//! Files as clerks keep them, imported into a database: one test per family of habits (contract §7).

mod cells;
mod columns;
mod command;
mod families;
mod odd;
mod offices;
mod resaved;
mod sheets;
mod stages;
mod undo;
mod whose;

use domain::fault::CellReason;
use domain::kind::Kind;
use luodi::db::import::StoredTable;
use luodi::service::imports::{ImportOptions, ImportReport, import};
use luodi::tables::Limits;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::app::TestApp;
use crate::database;
use crate::offices::PARKS;
use crate::tables::reader_with;

/// An inventory of two parks.
async fn stocked() -> TestApp {
    let test = TestApp::without_import(database::sqlite().await, &[]).await;
    test.import(Kind::Park, PARKS).await;
    test
}

/// Imports a file with options.
async fn with<T: StoredTable>(
    test: &TestApp,
    table: T,
    file: impl AsRef<[u8]>,
    options: ImportOptions,
) -> ImportReport {
    let sheets = reader_with(Limits::command_line()).read_bytes(file.as_ref()).expect("a table");
    let report = import(&test.app, table, sheets, options).await.expect("an answer");
    let rejected: std::collections::HashSet<_> = report.rejected.iter().map(|note| (&note.sheet, note.row)).collect();
    if report.refused.is_none() {
        assert_eq!(report.read, report.created + report.updated + report.unchanged + rejected.len(), "{report:?}");
    }
    report
}

async fn plots(test: &TestApp, file: impl AsRef<[u8]>) -> ImportReport {
    with(test, Kind::Plot, file, ImportOptions::default()).await
}

/// Some cells of a stored listing.
async fn stored<const N: usize>(test: &TestApp, kind: Kind, id: &str, columns: [&str; N]) -> [String; N] {
    let record = test.app.db.listing(kind, id).await.expect("an answer").unwrap_or_else(|| panic!("no {id}"));
    columns.map(|column| record.get(column).to_owned())
}

/// `row column code` of each rejected cell.
fn rejected(report: &ImportReport) -> Vec<String> {
    use domain::word::Word as _;
    report.rejected.iter().map(|note| format!("{} {} {}", note.row, note.column, note.code.word())).collect()
}

/// Rows, columns and values of the warnings of a code.
fn warned(report: &ImportReport, code: CellReason) -> Vec<(u32, &str, &str)> {
    let notes = report.warnings.iter().filter(|note| note.code == code);
    notes.map(|note| (note.row, note.column.as_str(), note.value.as_str())).collect()
}

/// A workbook of one sheet.
fn book(fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet()).expect("cells");
    book.save_to_buffer().expect("a workbook")
}

/// Writes rows of text from a row on.
fn write(sheet: &mut Worksheet, first: u32, rows: &[&[&str]]) -> Result<(), XlsxError> {
    for (row, cells) in (first..).zip(rows) {
        for (column, cell) in (0..).zip(*cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, *cell)?;
        }
    }
    Ok(())
}

/// A workbook whose days count from 1904, as those of old Macs do.
fn since_1904(book: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut parts = zip::ZipArchive::new(Cursor::new(book)).expect("a workbook");
    let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("XML");
        let name = part.name().expect("a name").into_owned();
        changed.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        changed.write_all(text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ").as_bytes()).expect("written");
    }
    changed.finish().expect("a workbook").into_inner()
}
