//! Why a file of rows cannot be read as a whole.

use std::io;

/// Why a file of rows cannot be read as a whole; the sentence is for whoever chose the file.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The disk or the child's start.
    #[error("文件无法读取")]
    Io(#[from] io::Error),
    /// More bytes than allowed, as a file or inflated.
    #[error("文件过大:展开后超过 {limit} 字节")]
    TooLarge {
        /// Bytes.
        limit: u64,
    },
    /// More rows than allowed.
    #[error("行数过多:最多 {limit} 行")]
    TooManyRows {
        /// Rows below the header.
        limit: usize,
    },
    /// A cell far to the right of any table.
    #[error("列数过多:第 {row} 行有第 {column} 列,最多 {} 列", crate::tables::MOST_COLUMNS)]
    TooManyColumns {
        /// Spreadsheet row.
        row: u32,
        /// Column, from 1.
        column: u32,
    },
    /// No header.
    #[error("文件是空的:没有表头")]
    Empty,
    /// Bytes that are neither UTF-8 nor GBK.
    #[error("第 {row} 行含有无法解码的字节:请另存为 UTF-8 或 GBK 的 CSV")]
    Undecodable {
        /// Spreadsheet row.
        row: u32,
    },
    /// A quoted cell that never ends.
    #[error("第 {row} 行的引号没有结束")]
    UnclosedQuote {
        /// Spreadsheet row where the cell begins.
        row: u32,
    },
    /// A formula in the header.
    #[error("表头的第 {column} 列是公式:表头必须是文字")]
    FormulaInHeader {
        /// Column, from 1.
        column: u32,
    },
    /// Some other sort of file.
    #[error(transparent)]
    NotARowFile(#[from] NotARowFile),
    /// An XLSX whose insides do not hang together.
    #[error("XLSX 已损坏或格式不正确:{0}")]
    Damaged(String),
    /// The child took too long.
    #[error("文件过大或格式不正确:{seconds} 秒内没有读完")]
    TimedOut {
        /// The limit.
        seconds: u64,
    },
    /// The child ended without an answer: it met its memory or processor limit.
    #[error("文件过大或格式不正确:读取它超出了内存或时间限额")]
    ChildDied,
}

/// What a file is instead of CSV or XLSX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARowFile {
    /// An OLE container.
    #[error("这是旧版 .xls 或加密的工作簿:请去掉密码,另存为 .xlsx 或 CSV")]
    OldOrEncrypted,
    /// HTML or XML under another name.
    #[error("这是网页或 XML,不是表格:请用 Excel 打开后另存为 .xlsx 或 CSV")]
    Markup,
    /// ODS and its kin.
    #[error("这是 OpenDocument 文件:请另存为 .xlsx 或 CSV")]
    OpenDocument,
    /// UTF-16 text.
    #[error("这是 UTF-16 文本:请另存为 UTF-8 CSV")]
    Utf16,
    /// A zip that holds no workbook.
    #[error("这个压缩包不是 XLSX 工作簿")]
    OtherZip,
    /// Anything else that is not text.
    #[error("这不是 CSV 或 XLSX 文件")]
    Binary,
}

impl TableError {
    /// A stable code.
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
