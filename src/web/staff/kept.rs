//! The page of a form that was typed before a session ended: a look at it, and a button that posts it.

use serde::Serialize;

use super::posts::KEPT;
use crate::i18n::{LabelledValue, field};
use crate::service::kept::{self, KeptForm};
use crate::web::pages::{OwnCookie, Page, PageResult, set_cookie};

#[derive(Serialize)]
struct KeptPage {
    /// The address to post to; `None` where nothing is kept for this account.
    action: Option<String>,
    pairs: Vec<(String, String)>,
    shown: Vec<LabelledValue>,
}

/// Fields that a person did not type.
const SILENT: [&str; 3] = ["version", "key", "shown_at"];

/// `GET /staff/kept`
pub(super) async fn show(page: Page) -> PageResult {
    let actor = page.staff()?;
    let form = match page.token(OwnCookie::Form) {
        Some(cookie) => kept::find(&page.app, actor, &cookie).await?,
        None => None,
    };
    let Some(KeptForm { path, pairs }) = form else {
        return page.show("staff/kept.html", KeptPage { action: None, pairs: Vec::new(), shown: Vec::new() });
    };
    let typed = pairs.iter().filter(|(name, value)| !SILENT.contains(&name.as_str()) && !value.trim().is_empty());
    let shown = typed.map(|(name, value)| LabelledValue {
        name: name.clone(),
        label: field(page.locale, name),
        value: value.clone(),
    });
    let (shown, action) = (shown.collect(), Some(page.url(&format!("{path}?{KEPT}"))));
    page.show("staff/kept.html", KeptPage { action, pairs, shown })
}

/// `POST /staff/kept/discard`
pub(super) async fn discard(page: Page) -> PageResult {
    page.staff()?;
    let mut response = page.see("/staff");
    if let Some(cookie) = page.token(OwnCookie::Form) {
        kept::discard(&page.app, &cookie).await?;
        set_cookie(&page.app, &mut response, OwnCookie::Form, None);
    }
    Ok(response)
}
