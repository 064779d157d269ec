//! One-time links, signing in and out.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::visitor::From;
use crate::error::{Code, Error};
use crate::service::accounts;
use crate::service::sign_in::{self, Opened, SignIn};
use crate::web::extract::Id;
use crate::web::pages::{Form, OwnCookie, Page, PageResult, Query, WrongField, set_cookie, wrong_fields};
use crate::web::problem::Problem;
use crate::web::view::address;

/// Characters of a mistyped address that the form shows again.
const SHOWN_EMAIL: usize = 200;

#[derive(Serialize)]
struct SignInForm {
    email: String,
    next: String,
    wrong: Option<String>,
}

#[derive(Serialize)]
struct SecondStep {
    ticket: String,
    next: String,
    errors: Vec<WrongField>,
}

#[derive(Serialize)]
struct Link {
    token: String,
    email: String,
    errors: Vec<WrongField>,
}

/// `GET /staff/sign-in`
pub(super) async fn form(page: Page, query: Query) -> PageResult {
    page.show("staff/sign_in.html", SignInForm { email: String::new(), next: own_path(query.get("next")), wrong: None })
}

/// `POST /staff/sign-in`
pub(super) async fn submit(page: Page, From(visitor): From, form: Form) -> PageResult {
    let (email, next) = (form.get("email"), own_path(form.get("next")));
    match sign_in::sign_in(&page.app, email, form.get("password"), &visitor).await {
        Ok(SignIn::Open(opened)) => signed_in(&page, opened, &next).await,
        Ok(SignIn::SecondStep(ticket)) => page.show("staff/code.html", SecondStep { ticket, next, errors: Vec::new() }),
        Err(error) => {
            let (status, wrong, wait) = refusal(&page, error)?;
            let context = SignInForm { email: email.chars().take(SHOWN_EMAIL).collect(), next, wrong: Some(wrong) };
            refused(&page, status, wait, "staff/sign_in.html", context)
        }
    }
}

/// `POST /staff/sign-in/code`
pub(super) async fn code(page: Page, From(visitor): From, form: Form) -> PageResult {
    let (ticket, next) = (form.get("ticket").to_owned(), own_path(form.get("next")));
    match sign_in::second_step(&page.app, &ticket, form.get("code"), &visitor).await {
        Ok(opened) => signed_in(&page, opened, &next).await,
        Err(Error::Invalid(errors)) => {
            let errors = wrong_fields(page.locale, &errors);
            page.show_form(false, "staff/code.html", SecondStep { ticket, next, errors })
        }
        // The ticket has run out: the password is asked for again.
        Err(Error::NotFound) => Ok(page.see(&address("/staff/sign-in", [("next", next.as_str())].into_iter()))),
        Err(error) => {
            let (status, wrong, wait) = refusal(&page, error)?;
            refused(
                &page,
                status,
                wait,
                "staff/sign_in.html",
                SignInForm { email: String::new(), next, wrong: Some(wrong) },
            )
        }
    }
}

/// Status, sentence and seconds to wait of a refused sign-in.
fn refusal(page: &Page, error: Error) -> Result<(StatusCode, String, Option<u64>), Problem> {
    match error {
        Error::NotSignedIn => Ok((StatusCode::UNPROCESSABLE_ENTITY, page.tell("staff.sign_in_wrong"), None)),
        Error::TooMany(seconds) => {
            Ok((StatusCode::TOO_MANY_REQUESTS, page.tell("staff.sign_in_unlock"), Some(seconds)))
        }
        error => Err(error.into()),
    }
}

fn refused(page: &Page, status: StatusCode, wait: Option<u64>, template: &str, context: SignInForm) -> PageResult {
    let mut response = page.show_as(status, template, context)?;
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
    let mut response = page.see("/staff/sign-in");
    set_cookie(&page.app, &mut response, OwnCookie::Session, None);
    // What pages of staff left in the browser; the language and the known browser are cookies and stay.
    response
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// `GET /staff/link/{token}`: shows a form and uses nothing up, since mail scanners open links.
pub(super) async fn link(page: Page, Id(token): Id<String>) -> PageResult {
    let email = accounts::link_owner(&page.app, &token).await.map_err(used_up)?;
    page.show("staff/link.html", Link { token, email, errors: Vec::new() })
}

/// `POST /staff/link/{token}`: sets the password and signs in.
pub(super) async fn redeem(page: Page, Id(token): Id<String>, form: Form) -> PageResult {
    match accounts::redeem_link(&page.app, &token, form.get("password")).await {
        Ok(session) => signed_in(&page, Opened { session, browser: None }, "/staff").await,
        Err(Error::Invalid(errors)) => {
            let email = accounts::link_owner(&page.app, &token).await.map_err(used_up)?;
            let errors = wrong_fields(page.locale, &errors);
            page.show_form(false, "staff/link.html", Link { token, email, errors })
        }
        Err(error) => Err(used_up(error)),
    }
}

pub(super) fn used_up(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::new(StatusCode::NOT_FOUND, Code::LinkUsed),
        error => error.into(),
    }
}

/// Answers with the new session; the one that the browser had until now ends.
async fn signed_in(page: &Page, opened: Opened, next: &str) -> PageResult {
    if let Some(former) = page.session() {
        accounts::sign_out(&page.app, &former).await?;
    }
    let mut response = page.see(next);
    set_cookie(&page.app, &mut response, OwnCookie::Session, Some(opened.session));
    if opened.browser.is_some() {
        set_cookie(&page.app, &mut response, OwnCookie::Browser, opened.browser);
    }
    Ok(response)
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
