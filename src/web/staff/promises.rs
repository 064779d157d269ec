//! Texts whose promises are held back, for the reviewer who lets them pass.

use axum::http::StatusCode;
use domain::requirement::{FieldError, Word as _};
use serde::Serialize;

use super::listings::base;
use crate::error::Error;
use crate::i18n::{column, promise, word};
use crate::service::held_texts::{self, HeldText, TextReview};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, WrongField, wrong_fields};
use crate::web::view::{encode, listing_url, local_url};

#[derive(Serialize)]
struct PromisesPage {
    texts: Vec<HeldView>,
    /// Whether the reader may let a text pass.
    may_pass: bool,
    errors: Vec<WrongField>,
}

#[derive(Serialize)]
struct HeldView {
    name: String,
    kind: String,
    /// The form in which the words are changed; none for policies, which come by file alone.
    url: Option<String>,
    public_url: String,
    park: Option<String>,
    label: String,
    parts: Vec<TextPart>,
    advice: Vec<String>,
    action: String,
    digest: String,
    /// Whether a review of it was just refused.
    is_tried: bool,
}

/// A part of a text, held back or not.
#[derive(Serialize)]
struct TextPart {
    text: String,
    is_held: bool,
}

/// `GET /staff/promises`
pub(super) async fn show(page: Page) -> PageResult {
    promises_page(&page, "", &[]).await
}

/// `POST /staff/promises/{kind}/{id}`
pub(super) async fn pass(page: Page, Id((kind, id)): Id<(String, String)>, form: Form) -> PageResult {
    let given = TextReview { digest: form.get("digest").to_owned(), reason: form.get("review_reason").to_owned() };
    match held_texts::pass(&page.app, page.staff()?, &kind, &id, given).await {
        Ok(()) => Ok(page.see("/staff/promises?done=passed")),
        Err(Error::Invalid(errors)) => promises_page(&page, form.get("digest"), &errors).await,
        Err(error) => Err(error.into()),
    }
}

async fn promises_page(page: &Page, tried: &str, errors: &[FieldError]) -> PageResult {
    let actor = page.staff()?;
    let found = held_texts::list(&page.app, actor).await?;
    let context = PromisesPage {
        texts: found.iter().map(|text| view(page, tried, text)).collect(),
        may_pass: actor.role.decides_leads(),
        errors: wrong_fields(page.locale, errors),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page.show_as(status, "staff/promises.html", context)
}

fn view(page: &Page, tried: &str, held: &HeldText) -> HeldView {
    let kind = held.table.kind();
    let encoded = encode(&held.id);
    let advice = held.promises.iter().map(|it| promise(page.locale, it.code, &it.text));
    HeldView {
        name: held.name.clone(),
        kind: match kind {
            Some(kind) => word(page.locale, "kind", kind.word()),
            None => page.tell("search.policy"),
        },
        url: kind.map(|kind| page.url(&base(kind, &held.id))),
        public_url: match kind {
            Some(kind) => listing_url(page.locale, kind, &held.id),
            None => local_url(page.locale, &format!("/policies/{encoded}")),
        },
        park: Some(held.park.as_str()).filter(|park| !park.is_empty()).map(|park| page.park_name(park)),
        label: column(page.locale, held.label),
        parts: parts(held),
        advice: advice.collect(),
        action: page.url(&format!("/staff/promises/{}/{encoded}", held.table.word())),
        is_tried: held.digest == tried,
        digest: held.digest.clone(),
    }
}

/// The text with its promises marked.
fn parts(held: &HeldText) -> Vec<TextPart> {
    let characters: Vec<char> = held.text.chars().collect();
    let mut parts = Vec::new();
    let mut from = 0;
    for promise in &held.promises {
        parts.push(TextPart { text: characters[from..promise.start].iter().collect(), is_held: false });
        parts.push(TextPart { text: promise.text.clone(), is_held: true });
        from = promise.end;
    }
    parts.push(TextPart { text: characters[from..].iter().collect(), is_held: false });
    parts
}
