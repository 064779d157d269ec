//! Files of rows: what is read, what is refused and how it is named, what is written.

mod hostile;
mod inventory;
mod reading;
pub(crate) mod workbook;
mod writing;
mod xlsx;

use std::path::PathBuf;

use luodi::tables::{Limits, Parsed, RawTable, Reader, TableError, parse};

use domain::record::Table;

/// A reader whose child is the program under test.
fn reader() -> Reader {
    reader_with(Limits::upload())
}

fn reader_with(limits: Limits) -> Reader {
    Reader::new(limits).with_program(PathBuf::from(env!("CARGO_BIN_EXE_luodi")))
}

fn read(bytes: impl AsRef<[u8]>) -> Result<RawTable, TableError> {
    reader().read_bytes(bytes.as_ref())
}

fn parsed<T: Table>(kind: T, bytes: impl AsRef<[u8]>) -> Parsed<T> {
    let table = read(bytes).expect("a table");
    parse(kind, table).expect("a header")
}

/// `row column reason` of each rejected row.
fn reasons<T>(parsed: &Parsed<T>) -> Vec<String> {
    parsed.rejected.iter().map(|r| format!("{} {} {}", r.row, r.problem.column, r.problem.reason)).collect()
}
