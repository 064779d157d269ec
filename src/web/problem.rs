//! API errors: RFC 9457 `application/problem+json` with a stable code; sentences are in the catalogue.

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::requirement::FieldError;
use serde_json::json;

use crate::error::{Code, Error};
use crate::i18n::{self, Locale};

/// `Retry-After` while the database is unavailable, s: a restart or failover takes seconds.
const RETRY_SECONDS: u64 = 5;
/// `Retry-After` while the disk is full, s: an operator has to make room.
const RETRY_FULL_SECONDS: u64 = 60;

/// An error before it is rendered; the outermost layer adds the locale and the request id.
#[derive(Clone, Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code, part of the API.
    pub code: Code,
    /// Field errors.
    pub errors: Vec<FieldError>,
    /// `Retry-After`, seconds.
    pub retry_after: Option<u64>,
    /// The resource as it is now, for a call that saw an older version.
    pub current: Option<serde_json::Value>,
}

impl Problem {
    /// Creates a problem without field errors.
    #[must_use]
    pub const fn new(status: StatusCode, code: Code) -> Self {
        Self { status, code, errors: Vec::new(), retry_after: None, current: None }
    }

    /// Creates a 422 with field errors.
    #[must_use]
    pub const fn invalid(errors: Vec<FieldError>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, code: Code::Invalid, errors, retry_after: None, current: None }
    }

    /// `title` of RFC 9457.
    pub(crate) fn title(&self, locale: Locale) -> String {
        self.of_status(locale, "title")
    }

    /// The sentence of the code, or of the status where the code has none. A failed read does not speak of saving.
    pub(crate) fn detail(&self, locale: Locale, method: &Method) -> String {
        if method.is_safe() && self.status.is_server_error() {
            return self.of_status(locale, "reading");
        }
        let own = format!("error.code.{}", self.code);
        if i18n::has(&own) { i18n::tell(locale, &own) } else { self.of_status(locale, "text") }
    }

    /// Sentence of the status, else of its class.
    fn of_status(&self, locale: Locale, group: &str) -> String {
        let own = format!("error.{group}.{}", self.status.as_u16());
        let class = format!("error.{group}.{}", if self.status.is_server_error() { 500 } else { 400 });
        i18n::tell(locale, if i18n::has(&own) { &own } else { &class })
    }

    /// The answer to a request of this method, in one language.
    #[must_use]
    pub fn render(&self, locale: Locale, method: &Method, request_id: &str) -> Response {
        let errors: Vec<_> = self
            .errors
            .iter()
            .map(|error| json!({ "field": error.field, "code": error.code, "message": i18n::field_error(locale, error) }))
            .collect();
        let mut body = json!({
            "type": "about:blank",
            "title": self.title(locale),
            "status": self.status.as_u16(),
            "code": self.code.as_str(),
            "detail": self.detail(locale, method),
            "request_id": request_id,
        });
        if !errors.is_empty() {
            body["errors"] = errors.into();
        }
        if let Some(current) = &self.current {
            body["current"] = current.clone();
        }
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, code, retry_after) = match error {
            Error::Invalid(errors) => return Self::invalid(errors),
            Error::Refused(code, errors) => return Self { code, ..Self::invalid(errors) },
            Error::Malformed(code) => (StatusCode::BAD_REQUEST, code, None),
            Error::NotFound => (StatusCode::NOT_FOUND, Code::NotFound, None),
            Error::Gone => (StatusCode::GONE, Code::Gone, None),
            Error::Conflict(code) => (StatusCode::CONFLICT, code, Some(1)),
            Error::NotSignedIn => (StatusCode::UNAUTHORIZED, Code::NotSignedIn, None),
            Error::Forbidden => (StatusCode::FORBIDDEN, Code::Forbidden, None),
            Error::TooMany(seconds) => (StatusCode::TOO_MANY_REQUESTS, Code::TooMany, Some(seconds)),
            Error::Unavailable(text) => unavailable(Code::Unavailable, &text, RETRY_SECONDS),
            Error::Full(text) => unavailable(Code::Full, &text, RETRY_FULL_SECONDS),
            Error::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "internal error");
                (StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, None)
            }
        };
        Self { status, code, errors: Vec::new(), retry_after, current: None }
    }
}

impl IntoResponse for Problem {
    /// Stores the problem as an extension of the response; [`super::layers::answer`] writes the body.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn unavailable(code: Code, text: &str, seconds: u64) -> (StatusCode, Code, Option<u64>) {
    tracing::warn!(text, %code, "unavailable");
    metrics::counter!("luodi_unavailable_total").increment(1);
    (StatusCode::SERVICE_UNAVAILABLE, code, Some(seconds))
}

/// Maps use-case errors to problems.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
