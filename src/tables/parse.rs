//! Parsing of rows against a table's columns: accepted records and a report of rejected rows.

use std::collections::HashSet;

use domain::listing::Kind;
use domain::record::{CellError, CellReason, Header, HeaderError, Record, Table};
use serde::Serialize;

use super::{RawRow, RawTable};
use crate::i18n::{Locale, cell_error};

/// Result of parsing a file: `read` = `records` + `rejected`.
#[derive(Clone, Debug)]
pub struct Parsed<T = Kind> {
    /// Number of rows below the header.
    pub read: usize,
    /// Accepted rows in file order, with their spreadsheet rows.
    pub records: Vec<(u32, Record<T>)>,
    /// Rejected rows.
    pub rejected: Vec<Rejected>,
}

/// A rejected row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Spreadsheet row; the header is row 1.
    pub row: u32,
    /// First invalid cell.
    #[serde(flatten)]
    pub problem: CellProblem,
    /// Further invalid cells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<CellProblem>,
}

/// An invalid cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CellProblem {
    /// Column name; blank for a cell beyond the header.
    pub column: String,
    /// Cell text, cut after 200 characters.
    pub value: String,
    /// The fault.
    pub reason: CellReason,
    /// Sentence of the code.
    pub message: String,
}

/// Longest cell text in a report, in characters.
const LONGEST_VALUE: usize = 200;

impl CellProblem {
    fn new(column: &str, value: &str, reason: CellReason) -> Self {
        let mut shown: String = value.chars().take(LONGEST_VALUE).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        let error = CellError::new(column, shown, reason);
        let message = cell_error(Locale::ZhHans, &error);
        Self { column: error.column, value: error.value, reason: error.reason, message }
    }
}

/// Parses rows against a table's columns.
///
/// An id is taken by the first accepted row: a rejected row leaves it free.
///
/// # Errors
/// [`HeaderError`], one per fault of the header; no row is read then. [`crate::i18n::header_errors`] has their
/// sentences.
pub fn parse<T: Table>(kind: T, table: RawTable) -> Result<Parsed<T>, Vec<HeaderError>> {
    let header = Header::parse(kind, names(&table.header))?;
    let mut parsed = Parsed { read: table.rows.len(), records: Vec::new(), rejected: Vec::new() };
    let mut taken: HashSet<String> = HashSet::new();
    for row in table.rows {
        match record(&header, &row, &taken) {
            Ok(record) => {
                taken.insert(record.id().to_owned());
                parsed.records.push((row.row, record));
            }
            Err(mut problems) => {
                let problem = problems.remove(0);
                parsed.rejected.push(Rejected { row: row.row, problem, more: problems });
            }
        }
    }
    Ok(parsed)
}

/// Header names without trailing blank ones, which spreadsheets export.
fn names(header: &[String]) -> impl Iterator<Item = &str> {
    let filled = header.iter().rposition(|name| !name.trim().is_empty()).map_or(0, |at| at + 1);
    header[..filled].iter().map(String::as_str)
}

/// Parses one row into a record, or at least one problem.
fn record<T: Table>(header: &Header<T>, row: &RawRow, taken: &HashSet<String>) -> Result<Record<T>, Vec<CellProblem>> {
    let refused: Vec<CellProblem> =
        row.refused.iter().map(|cell| CellProblem::new(header.name(cell.cell), &cell.value, cell.reason)).collect();
    let problem = |error: &CellError| CellProblem::new(&error.column, &error.value, error.reason);
    match Record::parse(header, row.cells.iter().map(String::as_str)) {
        // A refused cell is parsed as blank; an error of that blank is a consequence, not reported again.
        Err(errors) if !refused.is_empty() => {
            let own = errors.iter().filter(|error| !error.value.is_empty()).map(problem);
            Err(refused.into_iter().chain(own).collect())
        }
        Err(errors) => Err(errors.iter().map(problem).collect()),
        Ok(_) if !refused.is_empty() => Err(refused),
        Ok(record) if taken.contains(record.id()) => {
            Err(vec![CellProblem::new(id_column(header), record.id(), CellReason::DuplicateId)])
        }
        Ok(record) => Ok(record),
    }
}

fn id_column<T: Table>(header: &Header<T>) -> &'static str {
    header.kind().columns()[0].name
}
