//! One-time links, signing in and out.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use crate::error::{Code, Error};
use crate::i18n::say;
use crate::service::accounts;
use crate::web::extract::{Id, Network};
use crate::web::pages::{Form, Page, PageResult, Query, WrongField, session_cookie, wrong_fields};
use crate::web::problem::Problem;

/// Characters of a mistyped address that the form shows again.
const SHOWN_EMAIL: usize = 200;

#[derive(Serialize)]
struct SignIn {
    email: String,
    next: String,
    wrong: Option<String>,
}

#[derive(Serialize)]
struct Link {
    token: String,
    email: String,
    errors: Vec<WrongField>,
}

/// `GET /staff/sign-in`
pub(super) async fn form(page: Page, query: Query) -> PageResult {
    page.show("staff/sign_in.html", SignIn { email: String::new(), next: own_path(query.get("next")), wrong: None })
}

/// `POST /staff/sign-in`
pub(super) async fn submit(page: Page, Network(network): Network, form: Form) -> PageResult {
    let (email, next) = (form.get("email"), own_path(form.get("next")));
    let (status, wrong, wait) = match accounts::sign_in(&page.app, email, form.get("password"), &network).await {
        Ok(token) => return Ok(signed_in(&page, token, &next)),
        Err(Error::NotSignedIn) => (StatusCode::UNPROCESSABLE_ENTITY, page.tell("staff.sign_in_wrong"), None),
        Err(Error::TooMany(seconds)) => {
            let minutes = seconds.div_ceil(60).to_string();
            let words = say(page.locale, "staff.sign_in_wait", &[("minutes", &minutes)]);
            (StatusCode::TOO_MANY_REQUESTS, words, Some(seconds))
        }
        Err(error) => return Err(error.into()),
    };
    let context = SignIn { email: email.chars().take(SHOWN_EMAIL).collect(), next, wrong: Some(wrong) };
    let mut response = page.show_as(status, "staff/sign_in.html", context)?;
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

/// `POST /staff/sign-out`
pub(super) async fn sign_out(page: Page) -> PageResult {
    if let Some(token) = page.session() {
        accounts::sign_out(&page.app, &token).await?;
    }
    Ok(with_session(&page, page.see("/staff/sign-in"), None))
}

/// `GET /staff/link/{token}`: shows a form and uses nothing up, since mail scanners open links.
pub(super) async fn link(page: Page, Id(token): Id<String>) -> PageResult {
    let email = accounts::link_owner(&page.app, &token).await.map_err(used_up)?;
    page.show("staff/link.html", Link { token, email, errors: Vec::new() })
}

/// `POST /staff/link/{token}`: sets the password and signs in.
pub(super) async fn redeem(page: Page, Id(token): Id<String>, form: Form) -> PageResult {
    match accounts::redeem_link(&page.app, &token, form.get("password")).await {
        Ok(session) => Ok(signed_in(&page, session, "/staff")),
        Err(Error::Invalid(errors)) => {
            let email = accounts::link_owner(&page.app, &token).await.map_err(used_up)?;
            let errors = wrong_fields(page.locale, &errors);
            page.show_form(false, "staff/link.html", Link { token, email, errors })
        }
        Err(error) => Err(used_up(error)),
    }
}

fn used_up(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::new(StatusCode::NOT_FOUND, Code::LinkUsed),
        error => error.into(),
    }
}

fn signed_in(page: &Page, token: String, next: &str) -> Response {
    with_session(page, page.see(next), Some(token))
}

fn with_session(page: &Page, mut response: Response, token: Option<String>) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(&session_cookie(&page.app, token).to_string()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Where to go after signing in: a path of the staff's pages, and nothing that a browser could read as another host.
fn own_path(next: &str) -> String {
    let is_own = next == "/staff" || next.starts_with("/staff/") || next.starts_with("/staff?");
    let is_plain = next.chars().all(|c| !c.is_control() && c != '\\') && !next.contains("//");
    if is_own && is_plain && !next.starts_with("/staff/sign-") { next.to_owned() } else { "/staff".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn signing_in_leads_nowhere_but_to_staff_pages() {
        for bad in ["//evil.example", "/\\evil", "https://evil.example", "/staff//evil", "/staffx", "/staff/\r\nx", ""]
        {
            assert_eq!(own_path(bad), "/staff", "{bad}");
        }
        assert_eq!(own_path("/staff/leads/1?x=2"), "/staff/leads/1?x=2");
    }
}
