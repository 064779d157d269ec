//! Table files, CSV and XLSX: from bytes to records of `domain::record` and back. No database access.
//!
//! XLSX is read by a child process with limits of its own on memory and time ([`xlsx_child`]): a reader that runs out of
//! memory ends its process (tests/UPSTREAM-HAZARDS.md F5).

mod book;
mod csv_file;
mod encoding;
mod error;
mod guard;
mod stream;
mod write;
mod xlsx;
mod xlsx_cells;
pub mod xlsx_child;
mod xlsx_format;
mod xlsx_marks;
mod zip;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::import::Sheet;

pub use book::{BookSheet, rejected_rows, template, write_book, write_ledger};
pub use error::{NotARowFile, TableError};
pub use stream::RowWriter;
pub use write::{Format, Out, WriteError, write, write_rows};

/// Widest table that is read; the widest product table has 49 columns.
pub const MOST_COLUMNS: u32 = 64;

/// Resource limits of reading one file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Rows below the header.
    pub rows: usize,
    /// Size of the file, bytes.
    pub file_bytes: u64,
    /// Inflated size of an XLSX, bytes.
    pub inflated_bytes: u64,
    /// Total text of all cells, bytes.
    pub text_bytes: u64,
    /// Memory of the child process above its start size, bytes.
    pub memory_bytes: u64,
    /// Wall-clock and CPU time of the child process.
    pub time: Duration,
}

impl Limits {
    /// Limits of uploads: about 32 MB in this process, a result within 5 s.
    #[must_use]
    pub const fn upload() -> Self {
        Self {
            rows: 10_000,
            file_bytes: 8 << 20,
            inflated_bytes: 64 << 20,
            text_bytes: 16 << 20,
            memory_bytes: 192 << 20,
            time: Duration::from_secs(4),
        }
    }

    /// Limits of files that clerks import in the browser: a park's inventory many times over, a result within 30 s.
    #[must_use]
    pub const fn browser() -> Self {
        Self {
            rows: 100_000,
            file_bytes: 20 << 20,
            inflated_bytes: 256 << 20,
            text_bytes: 96 << 20,
            memory_bytes: 512 << 20,
            time: Duration::from_secs(30),
        }
    }

    /// Limits of files named on the command line.
    #[must_use]
    pub const fn command_line() -> Self {
        Self {
            rows: 1_048_575,
            file_bytes: 512 << 20,
            inflated_bytes: 4 << 30,
            text_bytes: 2 << 30,
            memory_bytes: 1 << 30,
            time: Duration::from_secs(120),
        }
    }
}

/// Reader of table files, with limits.
#[derive(Clone, Debug)]
pub struct Reader {
    limits: Limits,
    program: Option<PathBuf>,
}

impl Reader {
    /// Creates a reader whose child process is the running program with [`xlsx_child::SUBCOMMAND`].
    #[must_use]
    pub const fn new(limits: Limits) -> Self {
        Self { limits, program: None }
    }

    /// Sets another program for the child process (test programs are not `luodi`).
    #[must_use]
    pub fn with_program(self, program: PathBuf) -> Self {
        Self { program: Some(program), ..self }
    }

    /// Reads a file; the type is detected by content, not by extension. Blocks, for XLSX at most [`Limits::time`].
    ///
    /// # Errors
    /// [`TableError`] where the file as a whole is unreadable. Invalid cells are left to [`domain::import`].
    pub fn read(&self, path: &Path) -> Result<Vec<Sheet>, TableError> {
        let file = File::open(path)?;
        if file.metadata()?.len() > self.limits.file_bytes {
            return Err(TableError::TooLarge { limit: self.limits.file_bytes });
        }
        let mut start = Vec::new();
        file.take(512).read_to_end(&mut start)?;
        match sniff(&start)? {
            Content::Zip => xlsx::read(path, &self.limits, self.program.as_deref()),
            Content::Text => csv_file::read(&std::fs::read(path)?, &self.limits),
        }
    }

    /// Reads bytes in memory (standard input, an upload).
    ///
    /// # Errors
    /// [`TableError`], see [`Self::read`].
    pub fn read_bytes(&self, bytes: &[u8]) -> Result<Vec<Sheet>, TableError> {
        if bytes.len() as u64 > self.limits.file_bytes {
            return Err(TableError::TooLarge { limit: self.limits.file_bytes });
        }
        match sniff(&bytes[..bytes.len().min(512)])? {
            Content::Zip => xlsx::read_bytes(bytes, &self.limits, self.program.as_deref()),
            Content::Text => csv_file::read(bytes, &self.limits),
        }
    }
}

enum Content {
    Zip,
    Text,
}

/// Detects the file type by its first bytes.
fn sniff(start: &[u8]) -> Result<Content, TableError> {
    if start.is_empty() {
        return Err(TableError::Empty);
    }
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        if start.windows(30).any(|part| part == b"application/vnd.oasis.opendocu") {
            return Err(NotARowFile::OpenDocument.into());
        }
        return Ok(Content::Zip);
    }
    // Excel 97 workbooks and encrypted XLSX files are both OLE containers.
    if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(NotARowFile::OldOrEncrypted.into());
    }
    if encoding::is_utf16(start) {
        return Ok(Content::Text);
    }
    let text = start.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    if text.first() == Some(&b'<') {
        return Err(NotARowFile::Markup.into());
    }
    if start.contains(&0) || start.starts_with(b"%PDF") {
        return Err(NotARowFile::Binary.into());
    }
    Ok(Content::Text)
}
