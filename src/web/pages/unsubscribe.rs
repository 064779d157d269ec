//! The page behind the link that stops a kind of mail: opening it has no effect, its button or a mail client's POST has.

use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::Serialize;

use super::context::{Page, PageResult};
use super::forms::Form;
use crate::db::mail_choice::MailChoice;
use crate::i18n::word;
use crate::service::context::App;
use crate::service::wishes;
use crate::web::extract::{Id, read_body};
use crate::web::problem::Problem;

#[derive(Serialize)]
struct Unsubscribe {
    token: String,
    address: String,
    kind: String,
    is_off: bool,
}

/// Whether the mail is wanted again. A mail client posts `List-Unsubscribe=One-Click` as either media type of a form (RFC 8058
/// §3.2).
pub(super) struct Wish(bool);

impl FromRequest<App> for Wish {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data")) {
            read_body(request.into_body(), app).await?;
            return Ok(Self(false));
        }
        Ok(Self(Form::from_request(request, app).await?.get("again") == "yes"))
    }
}

/// `GET /unsubscribe/{token}`
pub(super) async fn show(page: Page, Id(token): Id<String>) -> PageResult {
    let choice = wishes::show(&page.app, &token).await?;
    answer(&page, choice)
}

/// `POST /unsubscribe/{token}`: answered without a redirect, which mail clients do not follow (RFC 8058 §3.1).
pub(super) async fn choose(page: Page, Id(token): Id<String>, Wish(wants): Wish) -> PageResult {
    let choice = wishes::choose(&page.app, &token, wants).await?;
    answer(&page, choice)
}

fn answer(page: &Page, choice: MailChoice) -> PageResult {
    let kind = choice.kind.map_or("other", |kind| kind.word());
    let context = Unsubscribe {
        kind: word(page.locale, "mail_kind", kind),
        is_off: choice.off_at.is_some(),
        token: choice.token,
        address: choice.address,
    };
    page.show("unsubscribe.html", context)
}
