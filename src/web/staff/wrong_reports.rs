//! Reports of wrong listings as staff answer them.

use axum::http::StatusCode;
use domain::requirement::{FieldError, Word as _};
use serde::Serialize;

use crate::db::listing_report::ReportRow;
use crate::db::words::ReportState;
use crate::error::Error;
use crate::i18n::{date, moment, say, word};
use crate::service::wrong_reports::{self, LONGEST_WORDS};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, Query, WrongField, subject_url, wrong_fields};
use crate::web::view::OptionView;

#[derive(Serialize)]
struct Reports {
    rows: Vec<ReportLine>,
    /// Whether the answered ones are shown.
    answered: bool,
    other_url: String,
}

#[derive(Serialize)]
struct ReportLine {
    url: String,
    number: String,
    name: String,
    listing_url: Option<String>,
    park: Option<String>,
    reason: String,
    words: String,
    made: String,
    is_open: bool,
    due: String,
    due_code: &'static str,
    state: String,
    answer: String,
}

#[derive(Serialize)]
struct ReportPage {
    report: ReportLine,
    ticket_url: String,
    has_address: bool,
    may_answer: bool,
    outcomes: Vec<OptionView>,
    answer: String,
    longest: usize,
    errors: Vec<WrongField>,
    wrong: Option<String>,
}

/// `GET /staff/reports?answered=`
pub(super) async fn list(page: Page, query: Query) -> PageResult {
    let answered = query.get("answered") == "yes";
    let found = wrong_reports::list(&page.app, page.staff()?, !answered).await?;
    let other = if answered { "/staff/reports" } else { "/staff/reports?answered=yes" };
    let rows = found.iter().map(|report| line(&page, report)).collect();
    page.show("staff/reports.html", Reports { rows, answered, other_url: page.url(other) })
}

/// `GET /staff/reports/{id}`
pub(super) async fn show(page: Page, Id(id): Id<String>) -> PageResult {
    report_page(&page, &id, ("", ""), &[]).await
}

/// `POST /staff/reports/{id}`
pub(super) async fn answer(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let (outcome, words) = (form.get("outcome"), form.get("answer"));
    match wrong_reports::answer(&page.app, page.staff()?, &id, outcome, words).await {
        Ok(()) => Ok(page.see(&format!("/staff/reports/{id}?done=answered"))),
        Err(Error::Invalid(errors)) => report_page(&page, &id, (outcome, words), &errors).await,
        Err(error) => Err(error.into()),
    }
}

async fn report_page(page: &Page, id: &str, (outcome, words): (&str, &str), errors: &[FieldError]) -> PageResult {
    let actor = page.staff()?;
    let report = wrong_reports::show(&page.app, actor, id).await?;
    let option = |&(value, _): &(&str, ReportState)| OptionView {
        value: value.to_owned(),
        label: word(page.locale, "report_state", value),
        checked: outcome == value,
    };
    let outcomes = ReportState::WORDS.iter().filter(|(_, state)| *state != ReportState::Open);
    let told = wrong_fields(page.locale, errors);
    let context = ReportPage {
        report: line(page, &report),
        ticket_url: page.url(&format!("/tickets/{}", report.number)),
        has_address: report.email.is_some(),
        may_answer: actor.role.works_leads() && report.state == ReportState::Open,
        outcomes: outcomes.map(option).collect(),
        answer: words.to_owned(),
        longest: LONGEST_WORDS,
        wrong: told.iter().find(|error| error.field == "answer").map(|error| error.message.clone()),
        errors: told,
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page.show_as(status, "staff/report.html", context)
}

fn line(page: &Page, report: &ReportRow) -> ReportLine {
    let (locale, today) = (page.locale, page.today());
    let is_open = report.state == ReportState::Open;
    let is_overdue = is_open && report.due_on < today;
    let day = date(locale, report.due_on);
    let due = say(locale, if is_overdue { "staff.overdue" } else { "staff.due" }, &[("date", &day)]);
    ReportLine {
        url: page.url(&format!("/staff/reports/{}", report.id)),
        number: report.number.clone(),
        name: report.listing_name.clone(),
        listing_url: subject_url(page, report),
        park: report.park.as_deref().map(|park| page.app.inventory.park_name(park)),
        reason: word(locale, "report_reason", report.reason.word()),
        words: report.words.clone(),
        made: moment(locale, report.created_at),
        is_open,
        due,
        due_code: match report.due_on {
            _ if is_overdue => "overdue",
            day if day == today => "soon",
            _ => "later",
        },
        state: word(locale, "report_state", report.state.word()),
        answer: report.answer.clone(),
    }
}
