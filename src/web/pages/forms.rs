//! Forms and queries as lists of names and values, and the guards of a form.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::Serialize;

use crate::error::Code;
use crate::ids;
use crate::service::context::App;
use crate::web::extract::{pairs_of, read_body};
use crate::web::problem::Problem;

/// Last page number of a list; it bounds the rows that are skipped.
const LAST_PAGE: usize = 10_000;
/// Hexadecimal digits of a form's idempotency key, 128 bits.
pub(super) const KEY_DIGITS: usize = 32;

/// A posted form, in its order; names may repeat.
#[derive(Clone, Debug)]
pub struct Form(pub Vec<(String, String)>);

/// A query, in its order; names may repeat.
#[derive(Clone, Debug)]
pub struct Query(pub Vec<(String, String)>);

impl FromRequest<App> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType));
        }
        let bytes = read_body(request.into_body(), app).await?;
        let pairs = std::str::from_utf8(&bytes).ok().and_then(pairs_of);
        pairs.map(Self).ok_or(Problem::new(StatusCode::BAD_REQUEST, Code::Malformed))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = pairs_of(parts.uri.query().unwrap_or_default());
        pairs.map(Self).ok_or(Problem::new(StatusCode::BAD_REQUEST, Code::Malformed))
    }
}

fn first<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
}

fn every(pairs: &[(String, String)], name: &str) -> Vec<String> {
    let filled = pairs.iter().filter(|(own, value)| own == name && !value.trim().is_empty());
    filled.map(|(_, value)| value.trim().to_owned()).collect()
}

impl Form {
    /// Returns the first value of a name; blank where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        first(&self.0, name)
    }

    /// Returns every non-blank value of a name, trimmed.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        every(&self.0, name)
    }
}

impl Query {
    /// The first value of a name; blank where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        first(&self.0, name)
    }

    /// Every filled value of a name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        every(&self.0, name)
    }

    /// Returns the page number, 1 to [`LAST_PAGE`].
    #[must_use]
    pub fn page(&self) -> usize {
        self.get("page").parse().unwrap_or(1).clamp(1, LAST_PAGE)
    }
}

/// Guards of a form: an idempotency key, the time it was shown, and a honeypot field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Guards {
    /// The idempotency key, 128 random bits.
    pub key: String,
    /// When the form was first shown, milliseconds since 1970.
    pub shown_at: String,
    /// Whether the honeypot, a field hidden from people, was filled in.
    #[serde(skip)]
    pub is_trapped: bool,
}

impl Guards {
    /// Returns guards with a fresh key.
    #[must_use]
    pub(super) fn new(app: &App) -> Self {
        Self { key: ids::reference(), shown_at: app.clock.now().0.to_string(), is_trapped: false }
    }

    /// Returns the guards posted with a form; new ones where those are malformed.
    #[must_use]
    pub(super) fn of(app: &App, form: &Form) -> Self {
        let (key, shown_at) = (form.get("key"), form.get("shown_at"));
        let is_key = key.len() == KEY_DIGITS && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_key && shown_at.parse::<i64>().is_ok() {
            Self { key: key.to_owned(), shown_at: shown_at.to_owned(), is_trapped: !form.get("website").is_empty() }
        } else {
            Self::new(app)
        }
    }
    /// Returns the same guards with a fresh key, for a refused form.
    #[must_use]
    pub(super) fn with_new_key(&self) -> Self {
        Self { key: ids::reference(), ..self.clone() }
    }
}
