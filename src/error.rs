//! Errors of use cases: stable codes and arguments, no prose; pages and API add the sentences.

use domain::requirement::FieldError;
use sea_orm::DbErr;

use crate::db::DbError;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields are wrong; nothing was stored (422).
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// A rule was met that concerns the whole call, with its stable code and the fields that met it (422).
    #[error("refused: {0} {1:?}")]
    Refused(&'static str, Vec<FieldError>),
    /// The call itself cannot be understood (400).
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// There is no such thing, or not for this person (404).
    #[error("not found")]
    NotFound,
    /// It was erased at its owner's wish (410).
    #[error("gone")]
    Gone,
    /// A concurrent change came first (409).
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// The person is not signed in (401).
    #[error("not signed in")]
    NotSignedIn,
    /// The person may not do this (403).
    #[error("forbidden")]
    Forbidden,
    /// Too often; try again after so many seconds (429).
    #[error("too many: retry after {0} s")]
    TooMany(u64),
    /// A part that is needed is out of reach; nothing was stored (503).
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Nothing more can be stored until the operator makes room; what is there can be read (503).
    #[error("full: {0}")]
    Full(String),
    /// A fault of ours (500); the text is for the log only.
    #[error(transparent)]
    Internal(anyhow::Error),
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(text) => Self::Unavailable(text),
            DbError::Full(text) => Self::Full(text),
            DbError::Conflict => Self::Conflict("conflict"),
            DbError::Other(error) => Self::Internal(error),
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        DbError::from(error).into()
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;
