//! Forms of an enterprise's private page after sending: correction, message to a park, withdrawal of one inquiry, copy of all
//! data.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::context::{Page, PageResult};
use super::forms::Form;
use super::front::understood_page;
use super::requirement::{RefusedForm, RefusedMessage, status_page};
use crate::error::Error;
use crate::i18n::{Locale, field_error, say};
use crate::service::work::page_call;
use crate::service::{corrections, requirements};
use crate::web::extract::Id;
use crate::web::view::FormContent;

fn back(page: &Page, reference: &str, done: &str) -> Response {
    page.see(&format!("/requirements/{}?done={done}", page.handle(reference)))
}

/// `POST /requirements/{reference}/correct`: stores the need of the form; asked parks see the change.
pub(super) async fn correct(page: Page, Id(named): Id<String>, form: Form) -> PageResult {
    let reference = page.reference_of(&named)?;
    let mut draft = FormContent::from_form(&form.0);
    let (reading, corrected) = draft.read(page.today(), page.rates());
    match draft.requirement() {
        Err(wrong) => understood_page(&page, &draft, &reading, &corrected, Err(wrong)),
        Ok(requirement) => {
            let text = Some(draft.text.clone()).filter(|text| !text.trim().is_empty());
            corrections::correct(&page.app, &page_call(), &reference, requirement, text).await?;
            Ok(back(&page, &reference, "corrected"))
        }
    }
}

/// `POST /requirements/{reference}/inquiries/{number}/message`
pub(super) async fn message(page: Page, Id((named, number)): Id<(String, String)>, form: Form) -> PageResult {
    let reference = page.reference_of(&named)?;
    let text = with_visit(form.get("text"), form.get("visit_on"));
    match corrections::message(&page.app, &page_call(), &reference, &number, &text).await {
        Ok(_) => Ok(back(&page, &reference, "messaged")),
        Err(Error::Invalid(faults)) => {
            let status = requirements::status(&page.app, &reference).await?;
            let fault = faults.first().map(|fault| field_error(page.locale, fault)).unwrap_or_default();
            let message = Some(RefusedMessage { number, text: form.get("text").to_owned(), fault });
            page.show_form(
                false,
                "requirement.html",
                status_page(&page, &status, RefusedForm { message, ..RefusedForm::default() }),
            )
        }
        Err(error) => Err(error.into()),
    }
}

/// Adds the proposed day of a visit to a message, in the language of the park's staff.
fn with_visit(text: &str, day: &str) -> String {
    match domain::time::parse_day(day) {
        Some(day) => {
            let day = crate::i18n::date(Locale::ZhHans, day);
            format!("{text}\n{}", say(Locale::ZhHans, "requirement.visit_line", &[("day", &day)])).trim().to_owned()
        }
        None => text.to_owned(),
    }
}

/// `POST /requirements/{reference}/inquiries/{number}/withdraw`
pub(super) async fn withdraw(page: Page, Id((named, number)): Id<(String, String)>) -> PageResult {
    let reference = page.reference_of(&named)?;
    corrections::withdraw(&page.app, &page_call(), &reference, &number).await?;
    Ok(back(&page, &reference, "withdrawn"))
}

/// `GET /requirements/{reference}/export`: everything that is kept, as a file.
pub(super) async fn export(page: Page, Id(named): Id<String>) -> PageResult {
    let reference = page.reference_of(&named)?;
    let kept = corrections::export(&page.app, &reference).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"luodi.json\""),
    ];
    let text = serde_json::to_string_pretty(&kept).map_err(|error| Error::Internal(error.into()))?;
    Ok((headers, text).into_response())
}
