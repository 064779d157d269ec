//! Soft holds: the form, the live ones and those that have ended.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::hold::{Held, Resource};
use domain::listing::Kind;
use domain::requirement::{FieldError, Word as _};
use domain::unit::Unit;
use serde::Serialize;

use crate::error::{Code, Error};
use crate::i18n::{date, moment, quantity, tell, word};
use crate::ids;
use crate::service::holds::{self, HoldForm, HoldView, MOST_DAYS};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, Query, WrongField, wrong_fields};
use crate::web::view::{OptionView, held_lines, listing_url};

#[derive(Serialize)]
struct Holds {
    form: HoldInput,
    errors: Vec<WrongField>,
    may_hold: bool,
    /// Held parts of the listing in the form.
    held: Vec<String>,
    rows: Vec<HoldLine>,
    /// Whether those that have ended are shown.
    ended: bool,
    other_url: String,
}

/// The form as typed.
#[derive(Serialize)]
struct HoldInput {
    listing: String,
    resources: Vec<OptionView>,
    amount: String,
    units: Vec<OptionView>,
    until: String,
    earliest: String,
    latest: String,
    note: String,
    key: String,
    /// The sentence of each wrong field.
    wrong: BTreeMap<&'static str, Option<String>>,
}

#[derive(Serialize)]
struct HoldLine {
    id: String,
    name: String,
    url: Option<String>,
    park: Option<String>,
    resource: String,
    amount: String,
    until: String,
    state: Option<String>,
    note: String,
    by: String,
    made: String,
}

/// Fields of the form.
const FIELDS: [&str; 5] = ["listing", "resource", "amount", "until", "note"];
/// Days of a hold that the form proposes.
const USUAL_DAYS: u64 = 14;
/// Hexadecimal digits of a form's key.
const KEY_DIGITS: usize = 32;

/// `GET /staff/holds?listing=&ended=`
pub(super) async fn show(page: Page, query: Query) -> PageResult {
    let form = HoldForm {
        listing: query.get("listing").to_owned(),
        until: (page.today() + chrono::Days::new(USUAL_DAYS)).to_string(),
        ..HoldForm::default()
    };
    holds_page(&page, &form, &[], query.get("ended") == "yes", StatusCode::OK).await
}

/// `POST /staff/holds`
pub(super) async fn make(page: Page, form: Form) -> PageResult {
    let text = |name: &str| form.get(name).to_owned();
    let key = text("key");
    let is_key = key.len() == KEY_DIGITS && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let typed = HoldForm {
        listing: text("listing"),
        resource: text("resource"),
        amount: text("amount"),
        unit: text("unit"),
        until: text("until"),
        note: text("note"),
        key: if is_key { key } else { ids::reference() },
    };
    match holds::make(&page.app, page.staff()?, &typed).await {
        Ok(()) => Ok(page.see("/staff/holds?done=held")),
        Err(Error::Invalid(errors)) => {
            holds_page(&page, &typed, &errors, false, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Conflict(Code::ListingWithdrawn)) => {
            let code = domain::requirement::FieldCode::UnknownListing;
            let error = FieldError::new("listing", code).with("value", &typed.listing);
            holds_page(&page, &typed, &[error], false, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/holds/{id}/release`
pub(super) async fn release(page: Page, Id(id): Id<String>) -> PageResult {
    holds::release(&page.app, page.staff()?, &id).await?;
    Ok(page.see("/staff/holds?done=released"))
}

async fn holds_page(
    page: &Page,
    typed: &HoldForm,
    errors: &[FieldError],
    ended: bool,
    status: StatusCode,
) -> PageResult {
    let actor = page.staff()?;
    let found = holds::list(&page.app, actor, !ended).await?;
    let told = wrong_fields(page.locale, errors);
    let other = if ended { "/staff/holds" } else { "/staff/holds?ended=yes" };
    let context = Holds {
        may_hold: actor.role.works_leads(),
        held: held_lines(page.locale, &held(page, &typed.listing)),
        form: input(page, typed, &told),
        errors: told,
        rows: found.iter().map(|hold| line(page, hold)).collect(),
        ended,
        other_url: page.url(other),
    };
    page.show_as(status, "staff/holds.html", context)
}

/// The held parts of the listing in the form, where it is one of the actor's own.
fn held(page: &Page, id: &str) -> Vec<Held> {
    let found = [Kind::Plot, Kind::Space].into_iter().find_map(|kind| page.app.inventory.record(kind, id));
    found.map(|record| page.app.beside.held(&record, page.app.clock.now())).unwrap_or_default()
}

fn input(page: &Page, typed: &HoldForm, errors: &[WrongField]) -> HoldInput {
    let resource = |&(value, _): &(&str, Resource)| OptionView {
        value: value.to_owned(),
        label: word(page.locale, "resource", value),
        checked: typed.resource == value,
    };
    let unit = |unit: Unit| OptionView {
        value: unit.word().to_owned(),
        label: tell(page.locale, &format!("suffix.{}", unit.key())),
        checked: typed.unit == unit.word(),
    };
    let wrong = |name: &str| errors.iter().find(|error| error.field == name).map(|error| error.message.clone());
    let today = page.today();
    HoldInput {
        listing: typed.listing.clone(),
        resources: Resource::WORDS.iter().map(resource).collect(),
        amount: typed.amount.clone(),
        units: [Unit::Mu, Unit::M2, Unit::Kva, Unit::TcePerYear].map(unit).into(),
        until: typed.until.clone(),
        earliest: today.to_string(),
        latest: (today + chrono::Days::new(MOST_DAYS)).to_string(),
        note: typed.note.clone(),
        key: ids::reference(),
        wrong: FIELDS.into_iter().map(|name| (name, wrong(name))).collect(),
    }
}

fn line(page: &Page, HoldView { row, by }: &HoldView) -> HoldLine {
    let (locale, now) = (page.locale, page.app.clock.now());
    let listing = row.kind.known().and_then(|kind| page.app.inventory.listing(kind, &row.listing));
    let amount = match row.resource.known() {
        Some(resource) => quantity(locale, resource.amount(row.units), resource.unit().word()),
        None => row.units.to_string(),
    };
    let state = match row.released_at {
        Some(_) => Some(tell(locale, "hold.was_released")),
        None => (!row.is_live(now)).then(|| tell(locale, "hold.has_ended")),
    };
    HoldLine {
        id: row.id.clone(),
        url: listing.as_ref().map(|listing| listing_url(locale, listing.kind(), &listing.id)),
        name: listing.map_or_else(|| row.listing.clone(), |listing| listing.name.to_string()),
        park: row.park.as_deref().map(|park| page.app.inventory.park_name(park)),
        resource: word(locale, "resource", row.resource.word()),
        amount,
        // The moment is the first of the day after the last one.
        until: date(locale, row.expires_at.plus_seconds(-1).day()),
        state,
        note: row.note.clone(),
        by: by.clone().unwrap_or_default(),
        made: moment(locale, row.created_at),
    }
}
