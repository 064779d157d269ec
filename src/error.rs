//! Errors of use cases: stable codes and arguments, no prose; pages and API add the sentences.

use domain::requirement::{FieldCode, FieldError};
use sea_orm::DbErr;

use crate::db::DbError;

/// The stable code of a problem, as the API prints it; its words are the catalogue's (`error.code.*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The body did not arrive in time.
    BodyTimeout,
    /// A concurrent write was faster.
    Conflict,
    /// A form posted from another site.
    CrossSite,
    /// The account must set up its second factor first.
    FactorMissing,
    /// The process is stopping.
    Draining,
    /// A field occurs twice.
    DuplicateField,
    /// The caller may not do this.
    Forbidden,
    /// The disk of the database is full.
    Full,
    /// The requirement was erased by its owner.
    Gone,
    /// A call with the same key takes too long.
    IdempotencyInProgress,
    /// The key is not 1 to 64 visible ASCII characters.
    IdempotencyKeyMalformed,
    /// The header `Idempotency-Key` is missing.
    IdempotencyKeyMissing,
    /// The key was used with another body.
    IdempotencyMismatch,
    /// A fault of the service.
    Internal,
    /// Fields are invalid; each is named.
    Invalid,
    /// The lead has a newer version.
    LeadChanged,
    /// A one-time link that was used or has expired.
    LinkUsed,
    /// The listing was sold or withdrawn.
    ListingWithdrawn,
    /// The mail has not failed, or was sent again already.
    MailNotFailed,
    /// The request cannot be parsed.
    Malformed,
    /// The body is not valid JSON.
    MalformedJson,
    /// The path does not take this method.
    MethodNotAllowed,
    /// The park has no inbox for inquiries.
    NoInbox,
    /// No such resource, or none in the caller's scope.
    NotFound,
    /// The caller is not signed in.
    NotSignedIn,
    /// The consent names an old version of the notice.
    NoticeOutdated,
    /// Too many requests in work.
    Overloaded,
    /// The consent does not name the park.
    ParkNotInConsent,
    /// The lead is at a stage of another version of the service.
    StageUnknown,
    /// The body exceeds the limit.
    TooLarge,
    /// A rate limit was reached.
    TooMany,
    /// A dependency is unreachable.
    Unavailable,
    /// The address has as many alerts as it may have.
    AlertsFull,
    /// The park has a lead of this requirement.
    AlreadyAsked,
    /// The hand-over was answered before.
    HandoverDecided,
    /// A hand-over of the lead waits for an answer.
    HandoverOpen,
    /// The lead is not worked any more.
    LeadClosed,
    /// The enterprise has no mail address.
    NoAddress,
    /// The lead was not signed yet.
    NotSigned,
    /// A key of this name exists.
    NameTaken,
    /// The content type is not accepted here.
    UnsupportedMediaType,
}

impl Code {
    /// Returns the code as it is printed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BodyTimeout => "body_timeout",
            Self::Conflict => "conflict",
            Self::CrossSite => "cross_site",
            Self::FactorMissing => "factor_missing",
            Self::Draining => "draining",
            Self::DuplicateField => "duplicate_field",
            Self::Forbidden => "forbidden",
            Self::Full => "full",
            Self::Gone => "gone",
            Self::IdempotencyInProgress => "idempotency_in_progress",
            Self::IdempotencyKeyMalformed => "idempotency_key_malformed",
            Self::IdempotencyKeyMissing => "idempotency_key_missing",
            Self::IdempotencyMismatch => "idempotency_mismatch",
            Self::Internal => "internal",
            Self::Invalid => "invalid",
            Self::LeadChanged => "lead_changed",
            Self::LinkUsed => "link_used",
            Self::ListingWithdrawn => "listing_withdrawn",
            Self::MailNotFailed => "mail_not_failed",
            Self::Malformed => "malformed",
            Self::MalformedJson => "malformed_json",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::NoInbox => "no_inbox",
            Self::NotFound => "not_found",
            Self::NotSignedIn => "not_signed_in",
            Self::NoticeOutdated => "notice_outdated",
            Self::Overloaded => "overloaded",
            Self::ParkNotInConsent => "park_not_in_consent",
            Self::StageUnknown => "stage_unknown",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::Unavailable => "unavailable",
            Self::AlertsFull => "alerts_full",
            Self::AlreadyAsked => "already_asked",
            Self::HandoverDecided => "handover_decided",
            Self::HandoverOpen => "handover_open",
            Self::LeadClosed => "lead_closed",
            Self::NoAddress => "no_address",
            Self::NotSigned => "not_signed",
            Self::NameTaken => "name_taken",
            Self::UnsupportedMediaType => "unsupported_media_type",
        }
    }
}

impl From<FieldCode> for Code {
    /// Returns the code of a call that a field error refuses: the field error's own where it has one, else
    /// [`Code::Invalid`].
    fn from(code: FieldCode) -> Self {
        match code {
            FieldCode::DuplicateField => Self::DuplicateField,
            FieldCode::NoInbox => Self::NoInbox,
            FieldCode::NoticeOutdated => Self::NoticeOutdated,
            FieldCode::ParkNotInConsent => Self::ParkNotInConsent,
            _ => Self::Invalid,
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The error of a use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields are wrong; nothing was stored (422).
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// A rule on the whole call was violated: its code, and the fields concerned (422).
    #[error("refused: {0} {1:?}")]
    Refused(Code, Vec<FieldError>),
    /// The call cannot be parsed (400).
    #[error("malformed: {0}")]
    Malformed(Code),
    /// No such resource, or none in the caller's scope (404).
    #[error("not found")]
    NotFound,
    /// The requirement was erased by its owner (410).
    #[error("gone")]
    Gone,
    /// A concurrent change came first, or the state forbids the call (409).
    #[error("conflict: {0}")]
    Conflict(Code),
    /// The caller is not signed in (401).
    #[error("not signed in")]
    NotSignedIn,
    /// The caller may not do this (403).
    #[error("forbidden")]
    Forbidden,
    /// A rate limit was reached; seconds until the next try (429).
    #[error("too many: retry after {0} s")]
    TooMany(u64),
    /// A dependency is unreachable; nothing was stored (503).
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The disk of the database is full: reads work, nothing was stored (503).
    #[error("full: {0}")]
    Full(String),
    /// A fault of the service (500); the text is for the log only.
    #[error(transparent)]
    Internal(anyhow::Error),
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(text) => Self::Unavailable(text),
            DbError::Full(text) => Self::Full(text),
            DbError::Conflict => Self::Conflict(Code::Conflict),
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
