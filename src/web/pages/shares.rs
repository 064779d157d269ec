//! Shared links of a shortlist: made from a comparison, shown to readers, ended by their maker.

use axum::http::StatusCode;
use serde::Serialize;

use super::brief::{BriefView, brief};
use super::context::{Page, PageResult};
use super::forms::Form;
use super::shortlist::{MOST, Shortlist};
use super::units;
use crate::i18n::{date, say};
use crate::service::shares;
use crate::web::extract::{Id, Network, pairs_of};
use crate::web::view::{FormContent, address, qr};

#[derive(Serialize)]
struct SharedPage {
    /// None after its end.
    brief: Option<BriefView>,
    until: String,
    /// The comparison with the requirement, to go on from.
    compare: String,
}

#[derive(Serialize)]
struct OwnShare {
    is_live: bool,
    link: String,
    until: String,
    end: String,
    back: String,
    qr: String,
}

/// `GET /shares`: the form is on the comparison.
pub(super) async fn back(page: Page) -> PageResult {
    Ok(page.see("/compare"))
}

/// `POST /shares`: stores ids and requirement, without text or contact.
pub(super) async fn make(page: Page, Network(network): Network, form: Form) -> PageResult {
    let draft = FormContent::from_form(&form.0);
    let ids = form.all("ids");
    if ids.is_empty() {
        return Ok(page.see("/compare"));
    }
    let chosen = ids.iter().take(MOST).map(|id| ("ids", id.as_str()));
    let units = page.units_asked();
    let units = units.iter().map(|names| (units::PARAMETER, names.as_str()));
    let query = address("", chosen.chain(draft.query()).chain(units));
    let maker = shares::make(&page.app, query, &network).await?;
    Ok(page.see(&format!("/shares/{maker}?done=shared")))
}

/// `GET /shares/{token}`: the maker's page.
pub(super) async fn own(page: Page, Id(token): Id<String>) -> PageResult {
    let shared = shares::of_maker(&page.app, &token).await?;
    let link = page.public_url(&format!("/shared/{}", shares::readers_token(&token)));
    let context = OwnShare {
        is_live: shared.is_live(page.app.clock.now()),
        until: say(page.locale, "share.until", &[("day", &date(page.locale, shared.expires_at.day()))]),
        end: page.url(&format!("/shares/{token}/end")),
        back: page.url(&format!("/compare{}", shared.query)),
        qr: qr(&link),
        link,
    };
    page.show("share.html", context)
}

/// `POST /shares/{token}/end`
pub(super) async fn end(page: Page, Id(token): Id<String>) -> PageResult {
    shares::end(&page.app, &token).await?;
    Ok(page.see(&format!("/shares/{token}?done=share_ended")))
}

/// `GET /shared/{token}`: 410 after its end.
pub(super) async fn read(mut page: Page, Id(token): Id<String>) -> PageResult {
    let shared = shares::of_reader(&page.app, &token).await?;
    let is_live = shared.is_live(page.app.clock.now());
    let pairs = pairs_of(shared.query.trim_start_matches('?')).unwrap_or_default();
    // Its maker's units, unless the reader has chosen others.
    if let Some(names) = units::asked(shared.query.trim_start_matches('?')).filter(|_| page.units_asked().is_none()) {
        page.units = page.units.with(names);
    }
    let list = Shortlist::of(&page, &pairs);
    let own = page.public_url(&format!("/shared/{token}"));
    let context = SharedPage {
        brief: if is_live { Some(brief(&page, &list, &own).await?) } else { None },
        until: say(page.locale, "share.until", &[("day", &date(page.locale, shared.expires_at.day()))]),
        compare: page.url(&format!("/compare{}", shared.query)),
    };
    page.show_as(if is_live { StatusCode::OK } else { StatusCode::GONE }, "shared.html", context)
}
