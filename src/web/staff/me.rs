//! One's own account: password, sessions, second factor.

use axum::http::StatusCode;
use domain::requirement::FieldError;
use serde::Serialize;

use super::assignment::typed_absence;
use crate::error::Error;
use crate::i18n::moment;
use crate::ids;
use crate::service::{assignment, own};
use crate::web::pages::{Form, Page, PageResult, WrongField, wrong_fields};
use crate::web::view::qr;

#[derive(Serialize)]
struct MePage {
    errors: Vec<WrongField>,
    sessions: Vec<SessionView>,
    has_factor: bool,
    /// Whether the account gets new leads, and so may be absent.
    works: bool,
    absence: Option<OwnAbsence>,
}

/// Days on which the reader gets no new leads.
#[derive(Serialize)]
struct OwnAbsence {
    from: String,
    until: String,
}

#[derive(Serialize)]
struct SessionView {
    id: String,
    browser: Option<String>,
    network: Option<String>,
    began: String,
    seen: String,
    is_present: bool,
}

#[derive(Serialize)]
struct FactorPage {
    errors: Vec<WrongField>,
    is_on: bool,
    is_owed: bool,
    /// The secret in groups of four, and its QR code.
    secret: Option<String>,
    qr: String,
    /// Shown once, after the first right code.
    codes: Vec<String>,
}

/// `GET /staff/me`
pub(super) async fn show(page: Page) -> PageResult {
    me_page(&page, StatusCode::OK, &[]).await
}

async fn me_page(page: &Page, status: StatusCode, errors: &[FieldError]) -> PageResult {
    let actor = page.staff()?;
    let present = ids::token_hash(&page.session().unwrap_or_default());
    let sessions = own::sessions(&page.app, actor).await?.into_iter().map(|session| SessionView {
        began: moment(page.locale, session.created_at),
        seen: moment(page.locale, session.seen_at),
        is_present: session.hash == present,
        id: session.hash,
        browser: session.browser,
        network: session.network,
    });
    let has_factor = own::factor(&page.app, actor).await?.is_on;
    let errors = wrong_fields(page.locale, errors);
    let absent = assignment::own_absence(&page.app, actor).await?;
    let context = MePage {
        errors,
        sessions: sessions.collect(),
        has_factor,
        works: actor.role.works_leads(),
        absence: absent.map(|it| OwnAbsence { from: it.from.to_string(), until: it.until.to_string() }),
    };
    page.show_as(status, "staff/me.html", context)
}

/// `POST /staff/me/absence`: blank days end it.
pub(super) async fn absence(page: Page, form: Form) -> PageResult {
    let actor = page.staff()?;
    match assignment::set_absence(&page.app, actor, &actor.id, typed_absence(&form)).await {
        Ok(()) => Ok(page.see("/staff/me?done=absence")),
        Err(Error::Invalid(errors)) => me_page(&page, StatusCode::UNPROCESSABLE_ENTITY, &errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/me/password`
pub(super) async fn password(page: Page, form: Form) -> PageResult {
    let session = page.session().unwrap_or_default();
    let (current, new) = (form.get("current"), form.get("password"));
    match own::change_password(&page.app, page.staff()?, &session, current, new).await {
        Ok(()) => Ok(page.see("/staff/me?done=password")),
        Err(Error::Invalid(errors)) => me_page(&page, StatusCode::UNPROCESSABLE_ENTITY, &errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/me/sessions`: ends the session of the field `session`, or every other one.
pub(super) async fn end_sessions(page: Page, form: Form) -> PageResult {
    let session = page.session().unwrap_or_default();
    let which = Some(form.get("session").to_owned()).filter(|which| !which.is_empty());
    match own::end_sessions(&page.app, page.staff()?, &session, (form.get("current"), which)).await {
        Ok(_) => Ok(page.see("/staff/me?done=ended")),
        Err(Error::Invalid(errors)) => me_page(&page, StatusCode::UNPROCESSABLE_ENTITY, &errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `GET /staff/me/factor`
pub(super) async fn factor(page: Page) -> PageResult {
    factor_page(&page, StatusCode::OK, &[], Vec::new()).await
}

async fn factor_page(page: &Page, status: StatusCode, errors: &[FieldError], codes: Vec<String>) -> PageResult {
    let state = own::factor(&page.app, page.staff()?).await?;
    let (secret, address) = state.proposed.map_or((None, String::new()), |(secret, address)| {
        let groups: Vec<&str> =
            secret.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        (Some(groups.join(" ")), address)
    });
    let context = FactorPage {
        errors: wrong_fields(page.locale, errors),
        is_on: state.is_on,
        is_owed: state.is_owed,
        qr: if address.is_empty() { String::new() } else { qr(&address) },
        secret,
        codes,
    };
    page.show_as(status, "staff/factor.html", context)
}

/// `POST /staff/me/factor`
pub(super) async fn propose(page: Page, form: Form) -> PageResult {
    match own::propose_factor(&page.app, page.staff()?, form.get("current")).await {
        Ok(()) => Ok(page.see("/staff/me/factor")),
        Err(Error::Invalid(errors)) => factor_page(&page, StatusCode::UNPROCESSABLE_ENTITY, &errors, Vec::new()).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/me/factor/confirm`: the recovery codes are in this answer alone.
pub(super) async fn confirm(page: Page, form: Form) -> PageResult {
    match own::confirm_factor(&page.app, page.staff()?, form.get("code")).await {
        Ok(codes) => factor_page(&page, StatusCode::OK, &[], codes).await,
        Err(Error::Invalid(errors)) => factor_page(&page, StatusCode::UNPROCESSABLE_ENTITY, &errors, Vec::new()).await,
        // Set up already, in another window or by a second click.
        Err(Error::NotFound) => Ok(page.see("/staff/me/factor")),
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/me/factor/remove`
pub(super) async fn remove(page: Page, form: Form) -> PageResult {
    match own::remove_factor(&page.app, page.staff()?, form.get("current")).await {
        Ok(()) => Ok(page.see("/staff/me?done=factor_off")),
        Err(Error::Invalid(errors)) => factor_page(&page, StatusCode::UNPROCESSABLE_ENTITY, &errors, Vec::new()).await,
        Err(error) => Err(error.into()),
    }
}
