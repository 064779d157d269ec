//! Errors of a table file as a whole.

use std::{error, fmt, io};

use crate::i18n::{Locale, say};

/// Errors of a table file as a whole; sentences are in the catalogue (`import.file.*`).
#[derive(Debug)]
pub enum TableError {
    /// Reading the file, or starting the child process.
    Io(io::Error),
    /// The file, or its inflated content, exceeds a limit.
    TooLarge {
        /// Limit, bytes.
        limit: u64,
    },
    /// More rows than the limit.
    TooManyRows {
        /// Limit, rows below the header.
        limit: usize,
    },
    /// More columns than any table has.
    TooManyColumns {
        /// Spreadsheet row.
        row: u32,
        /// Column, from 1.
        column: u32,
    },
    /// No header row.
    Empty,
    /// Neither UTF-8 nor GBK.
    Undecodable {
        /// Spreadsheet row.
        row: u32,
    },
    /// A quoted cell is not closed.
    UnclosedQuote {
        /// Spreadsheet row of the cell.
        row: u32,
    },
    /// The text reads as two encodings, and its words do not tell which.
    TwoEncodings,
    /// A workbook without a visible worksheet.
    NoVisibleSheet,
    /// Another file type.
    NotARowFile(NotARowFile),
    /// Corrupt XLSX.
    Damaged(String),
    /// The child process exceeded its time limit.
    TimedOut {
        /// Limit, s.
        seconds: u64,
    },
    /// The child process ended without a result: it exceeded its memory or CPU limit.
    ChildDied,
}

/// Type of a file that is neither CSV nor XLSX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotARowFile {
    /// OLE container: Excel 97, or an encrypted workbook.
    OldOrEncrypted,
    /// HTML or XML with another extension.
    Markup,
    /// OpenDocument (ODS).
    OpenDocument,
    /// Zip archive without a workbook.
    OtherZip,
    /// Any other binary file.
    Binary,
}

impl TableError {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "unreadable_file",
            Self::TooLarge { .. } => "file_too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::Empty => "empty_file",
            Self::Undecodable { .. } => "undecodable_bytes",
            Self::UnclosedQuote { .. } => "unclosed_quote",
            Self::TwoEncodings => "two_encodings",
            Self::NoVisibleSheet => "no_visible_sheet",
            Self::NotARowFile(_) => "not_a_table",
            Self::Damaged(_) => "damaged_file",
            Self::TimedOut { .. } => "file_timeout",
            Self::ChildDied => "file_over_limits",
        }
    }
}

impl TableError {
    /// Returns the sentence in a locale.
    #[must_use]
    pub fn message(&self, locale: Locale) -> String {
        let code = if let Self::NotARowFile(found) = self { found.code() } else { self.code() };
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        say(locale, &format!("import.file.{code}"), &args)
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { limit } => vec![("limit", limit.to_string())],
            Self::TooManyRows { limit } => vec![("limit", limit.to_string())],
            Self::TooManyColumns { row, column } => {
                let limit = super::MOST_COLUMNS.to_string();
                vec![("row", row.to_string()), ("column", column.to_string()), ("limit", limit)]
            }
            Self::Undecodable { row } | Self::UnclosedQuote { row } => vec![("row", row.to_string())],
            Self::Damaged(detail) => vec![("detail", detail.clone())],
            Self::TimedOut { seconds } => vec![("seconds", seconds.to_string())],
            Self::Io(_)
            | Self::Empty
            | Self::TwoEncodings
            | Self::NoVisibleSheet
            | Self::NotARowFile(_)
            | Self::ChildDied => Vec::new(),
        }
    }
}

impl NotARowFile {
    const fn code(self) -> &'static str {
        match self {
            Self::OldOrEncrypted => "old_or_encrypted",
            Self::Markup => "markup",
            Self::OpenDocument => "open_document",
            Self::OtherZip => "other_zip",
            Self::Binary => "binary",
        }
    }
}

/// In Chinese, the language of import reports.
impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Locale::ZhHans))
    }
}

impl error::Error for TableError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for TableError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<NotARowFile> for TableError {
    fn from(found: NotARowFile) -> Self {
        Self::NotARowFile(found)
    }
}
