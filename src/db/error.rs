//! Errors of the database, and which of them pass.

use sea_orm::{DbErr, RuntimeErr, SqlxError};

/// The error of a read or write.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database is unreachable or busy: retry later.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// The disk is full: reads work, writes fail until there is room.
    #[error("no room left: {0}")]
    Full(String),
    /// A unique constraint was violated: a concurrent write was faster.
    #[error("conflict")]
    Conflict,
    /// Any other error: a fault of this program or of the schema.
    #[error(transparent)]
    Other(anyhow::Error),
}

impl DbError {
    /// Copies the error for another write of the same transaction.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::Unavailable(text) => Self::Unavailable(text.clone()),
            Self::Full(text) => Self::Full(text.clone()),
            Self::Conflict => Self::Conflict,
            Self::Other(error) => Self::Other(anyhow::anyhow!("{error:#}")),
        }
    }
}

impl From<DbErr> for DbError {
    fn from(error: DbErr) -> Self {
        use sea_orm::SqlErr;
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Conflict;
        }
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                if is_full(cause) {
                    Self::Full(error.to_string())
                } else if is_passing(cause) {
                    Self::Unavailable(error.to_string())
                } else {
                    Self::Other(error.into())
                }
            }
            _ => Self::Other(error.into()),
        }
    }
}

/// Whether the disk was full: PostgreSQL's `disk_full`, SQLite's `SQLITE_FULL`.
fn is_full(error: &SqlxError) -> bool {
    let code = error.as_database_error().and_then(sea_orm::sqlx::error::DatabaseError::code);
    code.is_some_and(|code| matches!(code.as_ref(), "53100" | "13"))
}

/// Whether the error is transient: unreachable, shutting down, busy, or a serialisation failure or deadlock.
fn is_passing(error: &SqlxError) -> bool {
    match error {
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed
        | SqlxError::BeginFailed => true,
        SqlxError::Database(error) => error.code().is_some_and(|code| {
            // PostgreSQL: lost connection, out of resources, shutting down or crashed, serialisation, deadlock, idle for
            // too long within a transaction.
            let of_postgres = ["08", "53", "57P", "40001", "40P01", "25P03"];
            let of_sqlite = primary_code(&code).is_some_and(|code| SQLITE_TRANSIENT.contains(&code));
            // An SQLSTATE has five characters, SQLite's codes are shorter.
            (code.len() == 5 && of_postgres.iter().any(|class| code.starts_with(class)))
                || (code.len() < 5 && of_sqlite)
        }),
        _ => false,
    }
}

impl From<anyhow::Error> for DbError {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// `SQLITE_BUSY`: another connection holds the lock.
const SQLITE_BUSY: u32 = 5;
/// `SQLITE_BUSY`, `SQLITE_LOCKED`, `SQLITE_IOERR` and `SQLITE_CANTOPEN`.
const SQLITE_TRANSIENT: [u32; 4] = [SQLITE_BUSY, 6, 10, 14];

/// Returns SQLite's primary result code, the low byte of an extended one.
fn primary_code(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// Returns whether the error is `SQLITE_BUSY` or one of its extended codes.
pub(super) fn is_locked(error: &DbErr) -> bool {
    let DbErr::Query(RuntimeErr::SqlxError(cause)) = error else { return false };
    let code = cause.as_database_error().and_then(sea_orm::sqlx::error::DatabaseError::code);
    code.and_then(|code| primary_code(&code)) == Some(SQLITE_BUSY)
}
