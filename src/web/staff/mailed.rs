//! Links that anybody may ask for by mail: a new password, and a browser that becomes known. Opening one does nothing, since
//! mail scanners open links; its use is a post.

use serde::Serialize;

use super::sign_in::used_up;
use super::visitor::From;
use crate::db::words::TokenPurpose;
use crate::error::Error;
use crate::service::sign_in;
use crate::web::extract::Id;
use crate::web::pages::{Form, OwnCookie, Page, PageResult, WrongField, set_cookie, wrong_fields};

#[derive(Serialize)]
struct MailedLink {
    token: String,
    email: String,
    errors: Vec<WrongField>,
}

/// `GET /staff/forgot`
pub(super) async fn forgot(page: Page) -> PageResult {
    page.show("staff/forgot.html", ())
}

/// `POST /staff/forgot`: the answer is the same for an address without an account.
pub(super) async fn ask(page: Page, From(visitor): From, form: Form) -> PageResult {
    sign_in::forgot(&page.app, form.get("email"), &visitor).await?;
    Ok(page.see("/staff/sign-in?done=asked"))
}

/// `GET /staff/reset/{token}`
pub(super) async fn reset_form(page: Page, Id(token): Id<String>) -> PageResult {
    let email = sign_in::mailed_owner(&page.app, TokenPurpose::Reset, &token).await.map_err(used_up)?;
    page.show("staff/reset.html", MailedLink { token, email, errors: Vec::new() })
}

/// `POST /staff/reset/{token}`
pub(super) async fn reset(page: Page, Id(token): Id<String>, form: Form) -> PageResult {
    match sign_in::reset(&page.app, &token, form.get("password")).await {
        Ok(cookie) => {
            let mut response = page.see("/staff/sign-in?done=reset");
            set_cookie(&page.app, &mut response, OwnCookie::Browser, Some(cookie));
            Ok(response)
        }
        Err(Error::Invalid(errors)) => {
            let email = sign_in::mailed_owner(&page.app, TokenPurpose::Reset, &token).await.map_err(used_up)?;
            let errors = wrong_fields(page.locale, &errors);
            page.show_form(false, "staff/reset.html", MailedLink { token, email, errors })
        }
        Err(error) => Err(used_up(error)),
    }
}

/// `GET /staff/unlock/{token}`
pub(super) async fn unlock_form(page: Page, Id(token): Id<String>) -> PageResult {
    let email = sign_in::mailed_owner(&page.app, TokenPurpose::Unlock, &token).await.map_err(used_up)?;
    page.show("staff/unlock.html", MailedLink { token, email, errors: Vec::new() })
}

/// `POST /staff/unlock/{token}`
pub(super) async fn unlock(page: Page, Id(token): Id<String>) -> PageResult {
    let cookie = sign_in::unlock(&page.app, &token).await.map_err(used_up)?;
    let mut response = page.see("/staff/sign-in?done=known");
    set_cookie(&page.app, &mut response, OwnCookie::Browser, Some(cookie));
    Ok(response)
}
