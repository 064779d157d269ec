//! Errors of a table file as a whole.

use std::io;

/// Errors of a table file as a whole; sentences are in the catalogue (`file_error`).
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Reading the file, or starting the child process.
    #[error("文件无法读取")]
    Io(#[from] io::Error),
    /// The file, or its inflated content, exceeds a limit.
    #[error("文件过大:展开后超过 {limit} 字节")]
    TooLarge {
        /// Limit, bytes.
        limit: u64,
    },
    /// More rows than the limit.
    #[error("行数过多:最多 {limit} 行")]
    TooManyRows {
        /// Limit, rows below the header.
        limit: usize,
    },
    /// More columns than any table has.
    #[error("列数过多:第 {row} 行有第 {column} 列,最多 {} 列", crate::tables::MOST_COLUMNS)]
    TooManyColumns {
        /// Spreadsheet row.
        row: u32,
        /// Column, from 1.
        column: u32,
    },
    /// No header row.
    #[error("文件是空的:没有表头")]
    Empty,
    /// Neither UTF-8 nor GBK.
    #[error("第 {row} 行含有无法解码的字节:请另存为 UTF-8 或 GBK 的 CSV")]
    Undecodable {
        /// Spreadsheet row.
        row: u32,
    },
    /// A quoted cell is not closed.
    #[error("第 {row} 行的引号没有结束")]
    UnclosedQuote {
        /// Spreadsheet row of the cell.
        row: u32,
    },
    /// A header cell contains a formula.
    #[error("表头的第 {column} 列是公式:表头必须是文字")]
    FormulaInHeader {
        /// Column, from 1.
        column: u32,
    },
    /// Another file type.
    #[error(transparent)]
    NotARowFile(#[from] NotARowFile),
    /// Corrupt XLSX.
    #[error("XLSX 已损坏或格式不正确:{0}")]
    Damaged(String),
    /// The child process exceeded its time limit.
    #[error("文件过大或格式不正确:{seconds} 秒内没有读完")]
    TimedOut {
        /// Limit, s.
        seconds: u64,
    },
    /// The child process ended without a result: it exceeded its memory or CPU limit.
    #[error("文件过大或格式不正确:读取它超出了内存或时间限额")]
    ChildDied,
}

/// Type of a file that is neither CSV nor XLSX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARowFile {
    /// OLE container: Excel 97, or an encrypted workbook.
    #[error("这是旧版 .xls 或加密的工作簿:请去掉密码,另存为 .xlsx 或 CSV")]
    OldOrEncrypted,
    /// HTML or XML with another extension.
    #[error("这是网页或 XML,不是表格:请用 Excel 打开后另存为 .xlsx 或 CSV")]
    Markup,
    /// OpenDocument (ODS).
    #[error("这是 OpenDocument 文件:请另存为 .xlsx 或 CSV")]
    OpenDocument,
    /// UTF-16 text.
    #[error("这是 UTF-16 文本:请另存为 UTF-8 CSV")]
    Utf16,
    /// Zip archive without a workbook.
    #[error("这个压缩包不是 XLSX 工作簿")]
    OtherZip,
    /// Any other binary file.
    #[error("这不是 CSV 或 XLSX 文件")]
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
            Self::FormulaInHeader { .. } => "formula_in_header",
            Self::NotARowFile(_) => "not_a_table",
            Self::Damaged(_) => "damaged_file",
            Self::TimedOut { .. } => "file_timeout",
            Self::ChildDied => "file_over_limits",
        }
    }
}
