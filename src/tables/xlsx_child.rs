//! Child process that reads one XLSX under rlimits and prints its rows as JSON lines; nothing else runs in it.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, Read, Seek, Write};
use std::process::ExitCode;

use calamine::{Reader as _, Xlsx, XlsxError};
use domain::import::RawRow;
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use super::xlsx_cells::{self, RowSink};
use super::xlsx_marks::{self, Marks};

/// Hidden first argument that starts `luodi` as this child.
pub const SUBCOMMAND: &str = "read-xlsx-cells";
/// Path argument for standard input.
pub const FROM_STDIN: &str = "-";
/// One line of the child's output. The last one is `Failed` or `End`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ChildLine {
    /// A worksheet begins.
    Sheet(String),
    /// A row that is not blank.
    Row(RawRow),
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
    let done = if path == FROM_STDIN {
        read_stdin().and_then(|bytes| print_rows(|| Ok(Cursor::new(&bytes)), io::stdout().lock(), rows, text_bytes))
    } else {
        print_rows(|| File::open(&path).map(BufReader::new), io::stdout().lock(), rows, text_bytes)
    };
    Some(if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the rows of a workbook, of which there may be `rows` below the header with so many bytes of text, as JSON lines. The
/// last one tells whether they are all.
///
/// # Errors
/// [`io::Error`] where they cannot be printed.
pub fn print_rows<R: Read + Seek>(
    open: impl Fn() -> io::Result<R>,
    out: impl Write,
    rows: u64,
    text_bytes: u64,
) -> io::Result<()> {
    // The limit is of rows below the header.
    let mut out = Output { out: BufWriter::new(out), rows: rows.saturating_add(1), text_bytes };
    let last = match rows_of(open, &mut out) {
        Ok(()) => ChildLine::End,
        Err(Failure { code, detail, row, column }) => ChildLine::Failed { code: code.to_owned(), detail, row, column },
    };
    out.line(&last).map_err(|failure| io::Error::other(failure.detail))?;
    out.out.flush()
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
fn read_stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

struct Output<W: Write> {
    out: BufWriter<W>,
    /// Rows left, the header among them.
    rows: u64,
    /// Bytes of text left.
    text_bytes: u64,
}

impl<W: Write> Output<W> {
    fn line(&mut self, line: &ChildLine) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.out, line).map_err(io::Error::from)?;
        self.out.write_all(b"\n")?;
        Ok(())
    }
}

impl<W: Write> RowSink for Output<W> {
    type Error = Failure;

    fn sheet(&mut self, name: &str) -> Result<(), Failure> {
        self.line(&ChildLine::Sheet(name.to_owned()))
    }

    fn row(&mut self, row: RawRow) -> Result<(), Failure> {
        let length: usize = row.cells.iter().map(|cell| cell.shown().len()).sum();
        self.text_bytes =
            self.text_bytes.checked_sub(length as u64).ok_or_else(|| Failure::new("file_too_large", ""))?;
        self.rows = self.rows.checked_sub(1).ok_or_else(|| Failure::new("too_many_rows", ""))?;
        self.line(&ChildLine::Row(row))
    }

    fn too_wide(row: u32, column: u32) -> Failure {
        Failure { row, column, ..Failure::new("too_many_columns", "") }
    }

    fn damaged(detail: &'static str) -> Failure {
        Failure::new("damaged", detail)
    }
}

/// Prints the rows of every visible worksheet as they stream in.
fn rows_of<R: Read + Seek, W: Write>(open: impl Fn() -> io::Result<R>, out: &mut Output<W>) -> Result<(), Failure> {
    // The workbook first: it tells a damaged or encrypted file by its name.
    let mut book: Xlsx<R> = Xlsx::new(open()?)?;
    let marks = xlsx_marks::read(open()?).map_err(|error| Failure::new("damaged", error.to_string()))?;
    let names = xlsx_cells::visible(&book);
    if names.is_empty() {
        return Err(Failure::new("no_visible_sheet", ""));
    }
    let none = Marks::default();
    names.iter().try_for_each(|name| xlsx_cells::read(&mut book, name, marks.get(name).unwrap_or(&none), out))
}
