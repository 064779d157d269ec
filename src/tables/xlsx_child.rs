//! Child process that reads one XLSX under rlimits and prints its rows as JSON lines; nothing else runs in it.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, Read, Seek, Write};
use std::process::ExitCode;

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use domain::record::CellReason;
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use super::MOST_COLUMNS;

/// Hidden first argument that starts `luodi` as this child.
pub const SUBCOMMAND: &str = "read-xlsx-cells";
/// Path argument for standard input.
pub const FROM_STDIN: &str = "-";
/// Longest report of a formula, in characters.
const LONGEST_REPORT: usize = 200;

/// One line of the child's output. The last one is `Failed` or `End`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ChildLine {
    /// A row that is not blank.
    Row { row: u32, cells: Vec<String>, refused: Vec<(usize, String, CellReason)> },
    /// Last line of an unreadable file.
    Failed { code: String, detail: String, row: u32, column: u32 },
    /// Last line of a complete file.
    End,
}

struct Failure {
    code: &'static str,
    detail: String,
    row: u32,
    column: u32,
}

impl Failure {
    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), row: 0, column: 0 }
    }
}

impl From<XlsxError> for Failure {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => Self::new("encrypted", ""),
            other => Self::new("damaged", other.to_string()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new("damaged", error.to_string())
    }
}

/// Runs as the child where the program was started with [`SUBCOMMAND`]; called by `main` before any runtime or thread.
#[must_use]
pub fn run_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != SUBCOMMAND {
        return None;
    }
    let path = arguments.next()?;
    let numbers: Vec<u64> = arguments.filter_map(|argument| argument.to_str()?.parse().ok()).collect();
    let [rows, text_bytes, memory_bytes, seconds] = numbers[..] else { return Some(ExitCode::FAILURE) };
    if limit(memory_bytes, seconds).is_err() {
        return Some(ExitCode::FAILURE);
    }
    let mut out = Output { out: BufWriter::new(io::stdout().lock()), rows, text_bytes, header_seen: false };
    let result = if path == FROM_STDIN {
        read_stdin().and_then(|bytes| rows_of(Cursor::new(bytes), &mut out))
    } else {
        File::open(path).map_err(Failure::from).and_then(|file| rows_of(BufReader::new(file), &mut out))
    };
    let last = match result {
        Ok(()) => ChildLine::End,
        Err(Failure { code, detail, row, column }) => ChildLine::Failed { code: code.to_owned(), detail, row, column },
    };
    let done = out.line(&last).and_then(|()| Ok(out.out.flush()?));
    Some(if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sets rlimits: address space above the current one in bytes, processor time in seconds, no core file, for it would hold
/// personal data.
fn limit(memory_bytes: u64, seconds: u64) -> io::Result<()> {
    let set = |resource, most| setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    set(Resource::As, memory_bytes.saturating_add(virtual_bytes()))?;
    set(Resource::Cpu, seconds.max(1))?;
    set(Resource::Core, 0)?;
    Ok(())
}

/// Address space in use, in bytes, code and libraries included as in the limit; 0 where the system does not report it.
fn virtual_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmSize:")?.trim().strip_suffix("kB")?.trim().parse().ok());
    kilobytes.unwrap_or(0_u64) << 10
}

/// Unbounded here: the parent sends no more than `Limits::file_bytes`, and the memory limit holds.
fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

struct Output<W: Write> {
    out: BufWriter<W>,
    /// Rows left below the header.
    rows: u64,
    /// Bytes of text left.
    text_bytes: u64,
    header_seen: bool,
}

impl<W: Write> Output<W> {
    fn line(&mut self, line: &ChildLine) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.out, line).map_err(io::Error::from)?;
        self.out.write_all(b"\n")?;
        Ok(())
    }

    fn row(&mut self, row: SheetRow) -> Result<(), Failure> {
        if row.is_blank() {
            return Ok(());
        }
        let length: usize = row.cells.iter().map(String::len).sum();
        self.text_bytes =
            self.text_bytes.checked_sub(length as u64).ok_or_else(|| Failure::new("file_too_large", ""))?;
        if self.header_seen {
            self.rows = self.rows.checked_sub(1).ok_or_else(|| Failure::new("too_many_rows", ""))?;
        }
        self.header_seen = true;
        self.line(&ChildLine::Row { row: row.number + 1, cells: row.cells, refused: row.refused })
    }
}

/// The row being collected; its number counts from 0.
#[derive(Default)]
struct SheetRow {
    number: u32,
    cells: Vec<String>,
    refused: Vec<(usize, String, CellReason)>,
}

impl SheetRow {
    fn is_blank(&self) -> bool {
        self.refused.is_empty() && self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    fn put(&mut self, at: usize, text: String) {
        if self.cells.len() <= at {
            self.cells.resize(at + 1, String::new());
        }
        self.cells[at] = text;
    }
}

/// Prints the rows of the first visible worksheet as they stream in.
fn rows_of<R: Read + Seek, W: Write>(file: R, out: &mut Output<W>) -> Result<(), Failure> {
    let mut book: Xlsx<R> = Xlsx::new(file)?;
    let name = book
        .sheets_metadata()
        .iter()
        .find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .ok_or_else(|| Failure::new("damaged", "没有可见的工作表"))?;
    let mut cells = book.worksheet_cells_reader(&name)?;
    let mut row = SheetRow::default();
    while let Some(cell) = cells.next_cell_with_formula()? {
        let (number, column) = cell.pos;
        if column >= MOST_COLUMNS {
            if cell.value == DataRef::Empty && cell.formula.is_none() {
                continue;
            }
            return Err(Failure { row: number + 1, column: column + 1, ..Failure::new("too_many_columns", "") });
        }
        if number < row.number {
            return Err(Failure::new("damaged", "行的次序颠倒"));
        }
        if number > row.number {
            out.row(std::mem::replace(&mut row, SheetRow { number, ..SheetRow::default() }))?;
        }
        let at = column as usize;
        if let Some(formula) = cell.formula {
            row.refused.push((at, short(&format!("={formula}")), CellReason::Formula));
        } else if let DataRef::Error(error) = &cell.value {
            row.refused.push((at, error.to_string(), CellReason::CellError));
        } else {
            row.put(at, text(&cell.value));
        }
    }
    out.row(row)
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST_REPORT).collect()
}

/// Formats a cell as a spreadsheet shows it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(int) => int.to_string(),
        DataRef::Float(float) => number(*float),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => day(*moment),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// Formats a float with the fifteen significant digits that a spreadsheet shows, so that 0.1 + 0.2 is 0.3.
pub(super) fn number(float: f64) -> String {
    format!("{float:.14e}").parse::<f64>().unwrap_or(float).to_string()
}

fn day(moment: ExcelDateTime) -> String {
    if moment.is_duration() {
        return number(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") }
}
