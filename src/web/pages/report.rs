//! Reports of a wrong listing or policy: the form, and the ticket's page with its state.

use axum::http::{HeaderValue, Method, StatusCode, header};
use domain::requirement::{FieldError, Word as _};
use serde::Serialize;

use super::context::{Page, PageResult};
use super::errors::{WrongField, wrong_fields};
use super::forms::{Form, Guards, Query};
use super::inquiry::suspicion;
use crate::db::listing_report::ReportRow;
use crate::db::words::{Changed, ReportReason, ReportState};
use crate::error::{Code, Error};
use crate::i18n::{Locale, date, moment, say, word};
use crate::service::notice;
use crate::service::wrong_reports::{self, ANSWER_WORKDAYS, NewReport};
use crate::web::extract::{Id, Network};
use crate::web::problem::Problem;
use crate::web::view::{OptionView, encode, listing_url, name_of};

/// Words of the form as typed.
#[derive(Default)]
struct Typed {
    reason: String,
    words: String,
    email: String,
}

#[derive(Serialize)]
struct ReportForm {
    title: String,
    kind: &'static str,
    id: String,
    name: String,
    listing_url: String,
    guards: Guards,
    reasons: Vec<OptionView>,
    words: String,
    email: String,
    notice_version: &'static str,
    promise: String,
    errors: Vec<WrongField>,
    wrong: WrongReport,
}

/// The sentences of the wrong fields.
#[derive(Default, Serialize)]
struct WrongReport {
    reason: Option<String>,
    words: Option<String>,
    email: Option<String>,
    consent: Option<String>,
}

/// `GET /report?kind=&id=`
pub(super) async fn form(page: Page, query: Query) -> PageResult {
    let guards = Guards::new(&page.app);
    let listing = listing(&page, query.get("kind"), query.get("id"))?;
    report_page(&page, listing, &Typed::default(), guards, &[], StatusCode::OK)
}

/// `POST /report`
pub(super) async fn submit(page: Page, Network(network): Network, form: Form) -> PageResult {
    let (kind, id, name) = listing(&page, form.get("kind"), form.get("id"))?;
    let guards = Guards::of(&page.app, &form);
    let text = |name: &str| form.get(name).to_owned();
    let typed = Typed { reason: text("reason"), words: text("words"), email: text("email") };
    let new = NewReport {
        kind,
        listing: id.clone(),
        reason: typed.reason.clone(),
        words: typed.words.clone(),
        email: typed.email.clone(),
        consents: form.get("consent") == "yes",
        notice_version: text("notice_version"),
        locale: page.locale.tag().to_owned(),
        network,
        suspicion: suspicion(&page, &guards),
        key: guards.key.clone(),
    };
    match wrong_reports::make(&page.app, new).await {
        Ok(number) => Ok(page.see(&format!("/tickets/{number}"))),
        Err(Error::Invalid(errors)) => {
            let guards = guards.with_new_key();
            report_page(&page, (kind, id, name), &typed, guards, &errors, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(Error::TooMany(seconds)) => {
            let mut response =
                report_page(&page, (kind, id, name), &typed, guards, &[], StatusCode::TOO_MANY_REQUESTS)?;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the kind, id and name of the listing that a form is about.
fn listing(page: &Page, kind: &str, id: &str) -> Result<(Changed, String, String), Problem> {
    let absent = || Problem::new(StatusCode::NOT_FOUND, Code::NotFound);
    let table = Changed::from_word(kind).ok_or_else(absent)?;
    let subject = wrong_reports::subject(&page.app, table, id).ok_or_else(absent)?;
    let listing = table.kind().and_then(|kind| page.app.inventory.listing(kind, id));
    let name = listing.map_or(subject.name, |listing| name_of(page.locale, &listing));
    Ok((table, id.to_owned(), name))
}

/// Address of the page that a report is about; `None` where there is no such page any more.
pub(crate) fn subject_url(page: &Page, report: &ReportRow) -> Option<String> {
    let table = report.kind.known()?;
    wrong_reports::subject(&page.app, table, &report.listing)?;
    Some(url_of(page, table, &report.listing))
}

fn url_of(page: &Page, table: Changed, id: &str) -> String {
    match table.kind() {
        Some(kind) => listing_url(page.locale, kind, id),
        None => page.url(&format!("/policies/{}", encode(id))),
    }
}

/// The keys of title and promise.
fn words_of(table: Changed) -> (&'static str, &'static str) {
    match table {
        Changed::Policy => ("policy_report.title", "policy_report.promise"),
        _ => ("wrong_report.title", "wrong_report.promise"),
    }
}

fn report_page(
    page: &Page,
    (kind, id, name): (Changed, String, String),
    typed: &Typed,
    guards: Guards,
    errors: &[FieldError],
    status: StatusCode,
) -> PageResult {
    let reason = |&(word_of, _): &(&str, ReportReason)| OptionView {
        value: word_of.to_owned(),
        label: word(page.locale, "report_reason", word_of),
        checked: typed.reason == word_of,
    };
    let (title, promise) = words_of(kind);
    let mut told = wrong_fields(page.locale, errors);
    // Labelled as on the form: other reasons are those of moves.
    for error in told.iter_mut().filter(|error| error.field == "reason") {
        error.label = page.tell("wrong_report.reason");
    }
    let wrong = |name: &str| told.iter().find(|error| error.field == name).map(|error| error.message.clone());
    let wrong = WrongReport {
        reason: wrong("reason"),
        words: wrong("words"),
        email: wrong("email"),
        consent: wrong("consent"),
    };
    if status == StatusCode::TOO_MANY_REQUESTS {
        let problem = Problem::new(status, Code::TooMany);
        let message = problem.detail(page.locale, &Method::POST);
        told.push(WrongField { field: "words".to_owned(), label: page.tell(title), message });
    }
    let context = ReportForm {
        title: page.tell(title),
        kind: kind.word(),
        listing_url: url_of(page, kind, &id),
        id,
        name,
        guards,
        reasons: ReportReason::WORDS.iter().filter(|(_, it)| it.concerns(kind)).map(reason).collect(),
        words: typed.words.clone(),
        email: typed.email.clone(),
        notice_version: notice::VERSION,
        promise: say(page.locale, promise, &[("days", &ANSWER_WORKDAYS.to_string())]),
        errors: told,
        wrong,
    };
    page.show_as(status, "report.html", context)
}

#[derive(Serialize)]
struct Ticket {
    number: String,
    name: String,
    listing_url: Option<String>,
    reason: String,
    made: String,
    /// Waits for its answer.
    is_open: bool,
    state: String,
    code: String,
    due: String,
    is_overdue: bool,
    answer: String,
    answered: Option<String>,
    /// An address is stored with it, or in the mail about it.
    has_address: bool,
}

/// `GET /tickets/{number}`: shows no words of the reader and no address.
pub(super) async fn ticket(page: Page, Id(number): Id<String>) -> PageResult {
    let report = wrong_reports::ticket(&page.app, &number).await?;
    page.show("ticket.html", ticket_view(&page, report))
}

/// Name at the time of the report; in English that of the listing as it is now.
fn reported_name(page: &Page, report: &ReportRow) -> String {
    let kind = report.kind.known().and_then(Changed::kind).filter(|_| page.locale == Locale::En);
    let listing = kind.and_then(|kind| page.app.inventory.listing(kind, &report.listing));
    listing.map_or_else(|| report.listing_name.clone(), |listing| name_of(page.locale, &listing))
}

fn ticket_view(page: &Page, report: ReportRow) -> Ticket {
    let locale = page.locale;
    let is_open = report.state == ReportState::Open;
    Ticket {
        listing_url: subject_url(page, &report),
        name: reported_name(page, &report),
        reason: word(locale, "report_reason", report.reason.word()),
        made: moment(locale, report.created_at),
        is_open,
        state: word(locale, "report_state", report.state.word()),
        code: report.state.word().to_owned(),
        due: date(locale, report.due_on),
        is_overdue: is_open && report.due_on < page.today(),
        answer: report.answer,
        answered: report.answered_at.map(|at| moment(locale, at)),
        has_address: report.email.is_some() || report.message_id.is_some(),
        number: report.number,
    }
}

/// `POST /tickets/{number}/forget`
pub(super) async fn forget(page: Page, Id(number): Id<String>) -> PageResult {
    wrong_reports::forget(&page.app, &number).await?;
    Ok(page.see(&format!("/tickets/{number}?done=forgotten")))
}
