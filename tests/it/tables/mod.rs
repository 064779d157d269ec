//! Files of rows: what is read, what is refused and how it is named, what is written.

mod hostile;
mod inventory;
mod reading;
pub(crate) mod workbook;
mod writing;
mod xlsx;

use std::path::PathBuf;

use domain::import::{ImportPlan, RawRow, Sheet};
use domain::record::Record;
use luodi::db::import::StoredTable;
use luodi::service::imports::settle_alone;
use luodi::tables::{Limits, Reader, TableError};

/// A reader whose child is the program under test.
fn reader() -> Reader {
    reader_with(Limits::upload())
}

pub(crate) fn reader_with(limits: Limits) -> Reader {
    Reader::new(limits).with_program(PathBuf::from(env!("CARGO_BIN_EXE_luodi")))
}

/// The first sheet of a file.
fn read(bytes: impl AsRef<[u8]>) -> Result<Sheet, TableError> {
    reader().read_bytes(bytes.as_ref()).map(|mut sheets| sheets.swap_remove(0))
}

/// The cells of a row as they are shown.
fn shown(row: &RawRow) -> Vec<String> {
    row.cells.iter().map(domain::import::Raw::shown).collect()
}

fn plan<T: StoredTable>(table: T, bytes: impl AsRef<[u8]>) -> ImportPlan<T> {
    let sheets = reader_with(Limits::command_line()).read_bytes(bytes.as_ref()).expect("a table");
    settle_alone(table, sheets).expect("a header")
}

fn records<T: StoredTable>(plan: &ImportPlan<T>) -> Vec<Record<T>> {
    plan.settled.iter().map(|settled| settled.after.clone()).collect()
}

/// `row column code` of each rejected cell.
fn reasons<T>(plan: &ImportPlan<T>) -> Vec<String> {
    use domain::word::Word as _;
    plan.rejected.iter().map(|note| format!("{} {} {}", note.row, note.column, note.code.word())).collect()
}
