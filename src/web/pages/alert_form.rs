//! The small form 「有合适的通知我」 of an answer: address and consent, beside the requirement alone.

use axum::http::{Method, StatusCode};
use domain::requirement::FieldError;
use serde::Serialize;

use super::context::Page;
use super::errors::{WrongField, wrong_fields};
use super::forms::{Form, Guards};
use crate::error::Code;
use crate::service::notice;
use crate::web::problem::Problem;
use crate::web::view::{FormContent, FormPair};

/// The form as typed, with its errors.
#[derive(Clone, Debug, Default)]
pub(super) struct AlertInput {
    pub(super) email: String,
    pub(super) consents: bool,
    pub(super) guards: Option<Guards>,
    pub(super) errors: Vec<FieldError>,
    /// Whether a rate limit was reached.
    pub(super) is_limited: bool,
}

/// The form as its template draws it.
#[derive(Serialize)]
pub(super) struct AlertForm {
    email: String,
    consents: bool,
    guards: Guards,
    notice_version: &'static str,
    /// The draft without the contact data.
    pairs: Vec<FormPair>,
    /// The sentences of the wrong fields.
    wrong_email: Option<String>,
    wrong_consent: Option<String>,
    wrong_need: Option<String>,
}

impl AlertInput {
    /// Reads the form as posted.
    pub(super) fn of(page: &Page, form: &Form) -> Self {
        Self {
            email: form.get("alert_email").trim().to_owned(),
            consents: form.get("alert_consent") == "yes",
            guards: Some(Guards::of(&page.app, form)),
            ..Self::default()
        }
    }

    /// Whether something is to be told before it is sent again.
    pub(super) fn is_right(&self) -> bool {
        self.errors.is_empty() && !self.is_limited
    }

    /// The errors for the summary of the page.
    pub(super) fn told(&self, page: &Page) -> Vec<WrongField> {
        let mut told = wrong_fields(page.locale, &self.errors);
        if self.is_limited {
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, Code::TooMany);
            let message = problem.detail(page.locale, &Method::POST);
            told.push(WrongField { field: "alert_email".to_owned(), label: page.tell("alert.title"), message });
        }
        told
    }

    /// Returns the form for a page.
    pub(super) fn form(&self, page: &Page, draft: &FormContent) -> AlertForm {
        let told = self.told(page);
        let wrong = |name: &str| told.iter().find(|error| error.field == name).map(|error| error.message.clone());
        AlertForm {
            wrong_email: wrong("alert_email"),
            wrong_consent: wrong("alert_consent"),
            wrong_need: wrong("alert_need"),
            email: self.email.clone(),
            consents: self.consents,
            guards: self.guards.as_ref().map_or_else(|| Guards::new(&page.app), Guards::with_new_key),
            notice_version: notice::VERSION,
            pairs: draft.pairs_without_contact(),
        }
    }
}
