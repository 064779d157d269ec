//! The guard of every post below `/staff`: the form's token, and keeping what was typed where the session has ended.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::error::{Code, Error};
use crate::service::accounts;
use crate::service::context::App;
use crate::service::kept::{self, KeptForm};
use crate::web::extract::{pairs_of, read_body};
use crate::web::pages::{FORM_TOKEN, OwnCookie, Page, set_cookie};
use crate::web::problem::Problem;
use crate::web::view::address;

/// Posts that need no session: each brings a secret of its own.
const OPEN: [&str; 5] = ["/staff/sign-in", "/staff/link", "/staff/forgot", "/staff/reset", "/staff/unlock"];
/// Posts that are not kept: passwords and codes are typed again.
const NOT_KEPT: [&str; 3] = ["/staff/me", "/staff/sign-out", "/staff/kept"];
/// Parameter of a kept form that is posted again.
pub(super) const KEPT: &str = "kept=1";

/// Lets a post through that was made by a form of this session.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let page = Page::unsigned(&parts, &app);
    let (path, is_form) = (page.path().to_owned(), is_form(&parts));
    let Some(session) = page.session().filter(|_| !begins(&path, &OPEN)) else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    // Files are read by their own handler, as they come.
    let (typed, body) = match is_form {
        false => (Vec::new(), body),
        true => match read_body(body, &app).await {
            Ok(bytes) => (std::str::from_utf8(&bytes).ok().and_then(pairs_of).unwrap_or_default(), Body::from(bytes)),
            Err(problem) => return problem.into_response(),
        },
    };
    match accounts::session(&app, &session).await {
        Ok(_) if !is_shown_here(&parts, &typed, &accounts::form_token(&session)) => {
            Problem::new(StatusCode::FORBIDDEN, Code::CrossSite).into_response()
        }
        Ok(_) => {
            let is_kept = parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == KEPT));
            let mut response = next.run(Request::from_parts(parts, body)).await;
            if is_kept && response.status().is_redirection() {
                forget(&app, &page, &mut response).await;
            }
            response
        }
        Err(Error::NotSignedIn) if is_form && !begins(&path, &NOT_KEPT) => keep(&app, &page, &session, typed).await,
        Err(Error::NotSignedIn) => Error::NotSignedIn.into_response(),
        Err(error) => error.into_response(),
    }
}

fn begins(path: &str, folders: &[&str]) -> bool {
    folders.iter().any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

fn is_form(parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

/// Whether the post has the form's token, or a browser vouches that it comes from a page of this site: the headers were
/// judged by [`crate::web::layers::same_origin`], which lets a request without any pass.
fn is_shown_here(parts: &Parts, typed: &[(String, String)], token: &str) -> bool {
    let in_query = pairs_of(parts.uri.query().unwrap_or_default()).unwrap_or_default();
    let given = typed.iter().chain(&in_query).find(|(name, _)| name == FORM_TOKEN).map(|(_, value)| value.as_str());
    let vouched = ["sec-fetch-site", "origin"].iter().any(|name| parts.headers.contains_key(*name));
    given.map_or(vouched, |given| given == token)
}

/// Keeps a form whose session has ended, and asks its sender to sign in.
async fn keep(app: &App, page: &Page, session: &str, mut pairs: Vec<(String, String)>) -> Response {
    let owner = match kept::former_owner(app, session).await {
        Ok(owner) => owner,
        Err(error) => return error.into_response(),
    };
    let Some(owner) = owner else { return Error::NotSignedIn.into_response() };
    pairs.retain(|(name, _)| name != FORM_TOKEN);
    let form = KeptForm { path: page.path().to_owned(), pairs };
    match kept::keep(app, owner, &form).await {
        Ok(cookie) => {
            let mut response = page.see(&address("/staff/sign-in", [("next", "/staff/kept")].into_iter()));
            set_cookie(app, &mut response, OwnCookie::Form, Some(cookie));
            response
        }
        Err(error) => error.into_response(),
    }
}

/// Deletes a kept form that was posted again.
async fn forget(app: &App, page: &Page, response: &mut Response) {
    let Some(cookie) = page.token(OwnCookie::Form) else { return };
    // It runs out by itself where this fails.
    if let Err(error) = kept::discard(app, &cookie).await {
        tracing::warn!(%error, "a kept form was not deleted");
    }
    set_cookie(app, response, OwnCookie::Form, None);
}
