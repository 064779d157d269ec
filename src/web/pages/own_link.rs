//! The link of a requirement in a browser: its reference goes into a cookie, and the address shows a handle, which opens nothing
//! without the cookie. History and a proxy's log have the reference once at most, from the link itself.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::time::SECONDS_PER_DAY;

use super::context::Page;
use crate::error::Code;
use crate::ids::sha256_hex;
use crate::web::problem::Problem;
use crate::web::view::encode;

/// First character of a handle; no reference has it.
const MARK: char = '~';
/// Hexadecimal digits of a handle, of the reference's hash: two requirements of one browser do not share them.
const DIGITS: usize = 16;
/// Days for which a browser keeps the reference.
const KEPT_DAYS: i64 = 180;

fn digits(reference: &str) -> String {
    sha256_hex(reference.as_bytes())[..DIGITS].to_owned()
}

impl Page {
    /// Returns the reference that an address names by itself or by its handle.
    ///
    /// # Errors
    /// [`Problem`] 404 for a handle whose cookie this browser does not have.
    pub(super) fn reference_of(&self, named: &str) -> Result<String, Problem> {
        let Some(digits) = named.strip_prefix(MARK) else { return Ok(named.to_owned()) };
        let kept = self.own_reference(digits).filter(|reference| self::digits(reference) == digits);
        kept.ok_or(Problem::new(StatusCode::NOT_FOUND, Code::NotFound))
    }

    /// Returns how addresses name a requirement: by its handle where this browser has its cookie, else by its reference.
    pub(super) fn handle(&self, reference: &str) -> String {
        let digits = digits(reference);
        let is_kept = self.own_reference(&digits).is_some_and(|kept| kept == reference);
        if is_kept { format!("{MARK}{digits}") } else { encode(reference) }
    }

    /// Redirects to the private page of a requirement; a browser gets the cookie and the handle. A program, which says nothing of
    /// navigation and may keep no cookie, is sent to the reference.
    pub(super) fn see_own(&self, reference: &str) -> Response {
        if !self.is_navigation {
            return self.see(&format!("/requirements/{}", encode(reference)));
        }
        let digits = digits(reference);
        let query = if self.query().is_empty() { String::new() } else { format!("?{}", self.query()) };
        let mut response = self.see(&format!("/requirements/{MARK}{digits}{query}"));
        let cookie = Cookie::build((self.own_cookie(&digits), reference.to_owned()))
            .path("/")
            .http_only(true)
            .secure(self.is_secure())
            .same_site(SameSite::Lax)
            .build();
        let text = format!("{cookie}; Max-Age={}", KEPT_DAYS * SECONDS_PER_DAY);
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }

    fn own_reference(&self, digits: &str) -> Option<String> {
        self.cookie(&self.own_cookie(digits)).map(str::to_owned)
    }

    fn own_cookie(&self, digits: &str) -> String {
        // As `OwnCookie::name`: browsers accept the prefix over HTTPS only.
        if self.is_secure() { format!("__Host-luodi-own-{digits}") } else { format!("luodi_own_{digits}") }
    }
}
