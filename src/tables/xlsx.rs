//! Parent process of an XLSX reading: checks the zip's directory, starts the child, validates and bounds its output.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use domain::import::Sheet;

use super::xlsx_child::{ChildLine, FROM_STDIN, SUBCOMMAND};
use super::{Limits, MOST_COLUMNS, NotARowFile, TableError, zip};

/// Path of the running program on Linux.
const SELF: &str = "/proc/self/exe";
/// Bytes that JSON adds to the text of one cell: the names of its variant and fields.
const BYTES_PER_CELL: u64 = 96;

pub(super) fn read(path: &Path, limits: &Limits, program: Option<&Path>) -> Result<Vec<Sheet>, TableError> {
    zip::check(File::open(path)?, limits)?;
    let mut child = start(path.as_os_str(), Stdio::null(), limits, program)?;
    collect(&mut child, limits)
}

pub(super) fn read_bytes(bytes: &[u8], limits: &Limits, program: Option<&Path>) -> Result<Vec<Sheet>, TableError> {
    zip::check(Cursor::new(bytes), limits)?;
    let mut child = start(FROM_STDIN.as_ref(), Stdio::piped(), limits, program)?;
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(mut stdin) = stdin {
                // A broken pipe means that the child ended early; its output has the reason.
                let _ = stdin.write_all(bytes);
            }
        });
        collect(&mut child, limits)
    })
}

fn start(path: &std::ffi::OsStr, stdin: Stdio, limits: &Limits, program: Option<&Path>) -> Result<Child, TableError> {
    let program = match program {
        Some(program) => program.to_owned(),
        // `/proc/self/exe` works even after an upgrade replaced the file of the running program.
        None if Path::new(SELF).exists() => SELF.into(),
        None => std::env::current_exe()?,
    };
    let memory_bytes = if crate::guard::is_out("child-memory") { u64::MAX } else { limits.memory_bytes };
    let child = Command::new(program)
        .arg(SUBCOMMAND)
        .arg(path)
        .args([limits.rows as u64, limits.text_bytes, memory_bytes, limits.time.as_secs()].map(|n| n.to_string()))
        .env_clear()
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(child)
}

/// Collects the child's rows, kills the child at its time limit, and always reaps it.
fn collect(child: &mut Child, limits: &Limits) -> Result<Vec<Sheet>, TableError> {
    let Some(stdout) = child.stdout.take() else { return Err(TableError::ChildDied) };
    let (sender, receiver) = mpsc::channel();
    let owned = *limits;
    thread::spawn(move || sender.send(sheets(stdout, &owned)));
    let answer =
        receiver.recv_timeout(limits.time).unwrap_or(Err(TableError::TimedOut { seconds: limits.time.as_secs() }));
    // Harmless after a whole answer; after any other the child must not go on.
    let _ = child.kill();
    child.wait()?;
    answer
}

fn sheets(stdout: ChildStdout, limits: &Limits) -> Result<Vec<Sheet>, TableError> {
    let overhead = (limits.rows as u64).saturating_mul(u64::from(MOST_COLUMNS)).saturating_mul(BYTES_PER_CELL);
    let mut lines = BufReader::new(stdout.take(limits.text_bytes.saturating_mul(2).saturating_add(overhead))).lines();
    let mut sheets: Vec<Sheet> = Vec::new();
    loop {
        let line = lines.next().ok_or(TableError::ChildDied)??;
        match serde_json::from_str(&line).map_err(|_| TableError::ChildDied)? {
            ChildLine::Sheet(name) => sheets.push(Sheet { name: Some(name), rows: Vec::new() }),
            ChildLine::Row(row) => sheets.last_mut().ok_or(TableError::ChildDied)?.rows.push(row),
            ChildLine::Failed { code, detail, row, column } => return Err(failure(&code, detail, row, column, limits)),
            ChildLine::End => break,
        }
    }
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) { Err(TableError::Empty) } else { Ok(sheets) }
}

fn failure(code: &str, detail: String, row: u32, column: u32, limits: &Limits) -> TableError {
    match code {
        "file_too_large" => TableError::TooLarge { limit: limits.text_bytes },
        "too_many_rows" => TableError::TooManyRows { limit: limits.rows },
        "too_many_columns" => TableError::TooManyColumns { row, column },
        "encrypted" => NotARowFile::OldOrEncrypted.into(),
        "no_visible_sheet" => TableError::NoVisibleSheet,
        _ => TableError::Damaged(detail),
    }
}
