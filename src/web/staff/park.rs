//! A park's own page: inbox, service phone, failed mails; and the page on which a new inbox is confirmed.

use axum::http::StatusCode;
use domain::account::Scope;
use domain::kind::Kind;
use domain::record::Table as _;
use serde::Serialize;

use super::listings::base;
use super::tasks::bounce_advice;
use crate::error::{Code, Error};
use crate::i18n::{field_error, import_note, moment, say};
use crate::service::listings::{self, ListingDraft, Saved};
use crate::service::parks;
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult};
use crate::web::problem::Problem;
use crate::web::view::encode;

#[derive(Serialize)]
struct ParkPage {
    name: String,
    base: String,
    listing_url: String,
    inbox: String,
    waiting: Option<String>,
    typed_inbox: String,
    inbox_error: Option<String>,
    phone: String,
    phone_error: Option<String>,
    version: String,
    failed: Option<String>,
    /// The inbox takes no mail: since when and why.
    paused: Option<String>,
    may_keep: bool,
}

#[derive(Serialize)]
struct ConfirmPage {
    token: String,
    park: String,
    address: String,
    is_done: bool,
}

/// The refused input with which the page is shown again.
#[derive(Default)]
struct Refused {
    inbox: Option<(String, String)>,
    phone: Option<(String, String)>,
}

/// `GET /staff/park`: the park of people of one; an admin chooses among the parks.
pub(super) async fn own(page: Page) -> PageResult {
    match &page.staff()?.scope {
        Scope::Park(park) => Ok(page.see(&format!("/staff/parks/{}", encode(park)))),
        Scope::All | Scope::Parks(_) | Scope::Industries(_) => Ok(page.see("/staff/listings?kind=park")),
    }
}

/// `GET /staff/parks/{code}`
pub(super) async fn show(page: Page, Id(code): Id<String>) -> PageResult {
    park_page(&page, &code, StatusCode::OK, Refused::default()).await
}

async fn park_page(page: &Page, code: &str, status: StatusCode, refused: Refused) -> PageResult {
    let actor = page.staff()?;
    let park = parks::show(&page.app, actor, code).await?;
    let waiting = park.waiting.map(|change| {
        let until = moment(page.locale, change.expires_at);
        say(page.locale, "staff.park.waiting", &[("address", &change.address), ("until", &until)])
    });
    let (typed_inbox, inbox_error) = refused.inbox.unzip();
    let (typed_phone, phone_error) = refused.phone.unzip();
    let failed = park.failed.len();
    let paused = park.paused.map(|paused| {
        let since = moment(page.locale, paused.since);
        let words = say(page.locale, "staff.park.paused", &[("address", &paused.address), ("since", &since)]);
        format!("{words} {}", bounce_advice(page.locale, &paused.reason).unwrap_or_default())
    });
    let context = ParkPage {
        name: park.record.get("name").to_owned(),
        base: page.url(&format!("/staff/parks/{}", encode(code))),
        listing_url: page.url(&base(Kind::Park, code)),
        inbox: park.record.get("inbox_email").to_owned(),
        waiting,
        typed_inbox: typed_inbox.unwrap_or_default(),
        inbox_error,
        phone: typed_phone.unwrap_or_else(|| park.record.get("service_phone").to_owned()),
        phone_error,
        version: park.version,
        failed: (failed > 0).then(|| say(page.locale, "staff.park.failed", &[("n", &failed.to_string())])),
        paused,
        may_keep: listings::may_keep(actor).is_ok(),
    };
    page.show_as(status, "staff/park.html", context)
}

/// `POST /staff/parks/{code}/inbox`
pub(super) async fn ask_inbox(page: Page, Id(code): Id<String>, form: Form) -> PageResult {
    let address = form.get("inbox_email");
    match parks::ask_inbox(&page.app, page.staff()?, &code, address).await {
        Ok(()) => Ok(page.see(&format!("/staff/parks/{}?done=inbox", encode(&code)))),
        Err(Error::Invalid(errors)) => {
            let words = errors.first().map(|error| field_error(page.locale, error)).unwrap_or_default();
            let refused = Refused { inbox: Some((address.to_owned(), words)), ..Refused::default() };
            park_page(&page, &code, StatusCode::UNPROCESSABLE_ENTITY, refused).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/parks/{code}/phone`
pub(super) async fn set_phone(page: Page, Id(code): Id<String>, form: Form) -> PageResult {
    let phone = form.get("service_phone").trim().to_owned();
    let column = Kind::Park.column("service_phone").map_or("", |column| column.name);
    let draft = ListingDraft {
        kind: Kind::Park,
        id: Some(code.clone()),
        version: form.get("version").to_owned(),
        cells: vec![(column.to_owned(), phone.clone())],
    };
    let (status, words) = match listings::save(&page.app, page.staff()?, draft).await? {
        Saved::Stored(_) => return Ok(page.see(&format!("/staff/parks/{}?done=saved", encode(&code)))),
        Saved::Wrong(faults) => {
            let fault = faults.first().map(|note| import_note(page.locale, note));
            (StatusCode::UNPROCESSABLE_ENTITY, fault.unwrap_or_default())
        }
        Saved::Changed(found) => {
            let theirs = found.theirs.get("service_phone").to_owned();
            (StatusCode::CONFLICT, say(page.locale, "staff.park.phone_changed", &[("phone", &theirs)]))
        }
    };
    park_page(&page, &code, status, Refused { phone: Some((phone, words)), ..Refused::default() }).await
}

/// `POST /staff/parks/{code}/resend`
pub(super) async fn resend(page: Page, Id(code): Id<String>) -> PageResult {
    parks::resend_failed(&page.app, page.staff()?, &code).await?;
    Ok(page.see(&format!("/staff/parks/{}?done=resent", encode(&code))))
}

/// `GET /staff/inbox/{token}`: shows a button and uses nothing up, since mail scanners open links.
pub(super) async fn confirm_form(page: Page, Id(token): Id<String>) -> PageResult {
    let change = parks::asked_inbox(&page.app, &token).await.map_err(used_up)?;
    let park = page.app.inventory.park_name(&change.park);
    page.show("staff/inbox_confirm.html", ConfirmPage { token, park, address: change.address, is_done: false })
}

/// `POST /staff/inbox/{token}`
pub(super) async fn confirm(page: Page, Id(token): Id<String>) -> PageResult {
    let change = parks::asked_inbox(&page.app, &token).await.map_err(used_up)?;
    parks::confirm_inbox(&page.app, &token).await.map_err(used_up)?;
    let park = page.app.inventory.park_name(&change.park);
    let context = ConfirmPage { token: String::new(), park, address: change.address, is_done: true };
    page.show("staff/inbox_confirm.html", context)
}

fn used_up(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::new(StatusCode::NOT_FOUND, Code::LinkUsed),
        error => error.into(),
    }
}
