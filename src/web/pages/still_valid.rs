//! The page behind the monthly question to a park: opening it has no effect, its button confirms what is unchanged.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::record::Record;
use serde::Serialize;

use super::context::{Page, PageResult};
use super::forms::Form;
use crate::error::{Code, Error};
use crate::i18n::{LabelledValue, date, moment};
use crate::service::still_valid::{self, ParkQuestionView};
use crate::web::extract::Id;
use crate::web::problem::Problem;
use crate::web::view::{CheckedFact, checked_facts, facts, listing_url, name_of};

#[derive(Serialize)]
struct StillValid {
    token: String,
    park: String,
    until: String,
    answered: Option<String>,
    listings: Vec<AskedRow>,
}

/// One listing of the question.
#[derive(Serialize)]
struct AskedRow {
    key: String,
    name: String,
    url: String,
    facts: Vec<LabelledValue>,
    checked: Vec<CheckedFact>,
}

/// `GET /still-valid/{token}`
pub(super) async fn show(page: Page, Id(token): Id<String>) -> PageResult {
    let view = still_valid::question(&page.app, &token).await.map_err(ended)?;
    page.show("still_valid.html", context(&page, token, &view))
}

/// `POST /still-valid/{token}`
pub(super) async fn confirm(page: Page, Id(token): Id<String>, form: Form) -> PageResult {
    still_valid::confirm(&page.app, &token, &form.all("listings")).await.map_err(ended)?;
    Ok(page.see(&format!("/still-valid/{token}?done=confirmed")))
}

fn ended(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::new(StatusCode::NOT_FOUND, Code::LinkUsed),
        error => error.into(),
    }
}

fn context(page: &Page, token: String, view: &ParkQuestionView) -> StillValid {
    StillValid {
        token,
        park: page.park_name(&view.question.park),
        until: date(page.locale, view.question.expires_at.day()),
        answered: view.question.answered_at.map(|at| moment(page.locale, at)),
        listings: view.records.iter().map(|record| row(page, record)).collect(),
    }
}

/// Returns a listing with the values of its key facts.
fn row(page: &Page, record: &Arc<Record>) -> AskedRow {
    let (kind, id) = (record.kind(), record.id());
    let is_key = |fact: &LabelledValue| {
        let column = domain::record::columns(kind).iter().find(|column| column.name == fact.name);
        fact.name == "area" || column.is_some_and(|column| column.fact.is_some())
    };
    let told = facts(page.locale, record);
    let listing = page.app.inventory.listing(kind, id);
    AskedRow {
        key: format!("{}:{id}", kind.word()),
        name: listing.map_or_else(|| id.to_owned(), |listing| name_of(page.locale, &listing)),
        url: listing_url(page.locale, kind, id),
        facts: told.facts.into_iter().chain(told.indicators).filter(is_key).collect(),
        checked: checked_facts(page.locale, record, &page.app.beside.evidence(kind, id), page.today()),
    }
}
