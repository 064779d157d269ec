//! The page on which staff type in a lead of a call, WeChat, fair, referral or visit.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::lead::{ConsentBasis, Source};
use domain::requirement::{FIELDS, FieldError, Word};
use serde::Serialize;

use crate::error::Error;
use crate::i18n::{Locale, word};
use crate::service::typed_in::{self, TypedIn};
use crate::service::work::page_call;
use crate::web::pages::{Form, Page, PageResult, WrongField, wrong_fields};
use crate::web::view::{FieldView, FormContent, OptionView, Piece, QuestionView, ReadingView, Shown, form_fields};

#[derive(Serialize)]
struct TypedInPage {
    text: String,
    was: String,
    /// Whether the text was read: its fields are shown.
    is_read: bool,
    pieces: Vec<Piece>,
    questions: Vec<QuestionView>,
    contact: Vec<FieldView>,
    fields: Vec<FieldView>,
    more: Vec<FieldView>,
    /// The parks of the reader; empty for one who works in every park and types the code.
    parks: Vec<OptionView>,
    values: TypedValues,
    sources: Vec<OptionView>,
    bases: Vec<OptionView>,
    errors: Vec<WrongField>,
}

#[derive(Default, Serialize)]
struct TypedValues {
    park: String,
    listing: String,
    source: String,
    referrer: String,
    basis: String,
    basis_note: String,
}

/// Contact fields of the page.
const CONTACT: [&str; 4] = ["company", "contact", "phone", "email"];
/// Fields that are offered where the text does not state them.
const USUAL: [&str; 7] = ["kinds", "industry", "land_mu", "floor_m2", "investment_wan", "tax_wan", "regions"];
/// Value of the button that stores the lead.
const SAVE: &str = "save";

/// `GET /staff/leads/new`
pub(super) async fn blank(page: Page) -> PageResult {
    check_right(&page)?;
    typed_page(&page, StatusCode::OK, &mut FormContent::default(), TypedValues::default(), &[])
}

fn check_right(page: &Page) -> Result<(), crate::web::problem::Problem> {
    if page.staff()?.role.works_leads() { Ok(()) } else { Err(Error::Forbidden.into()) }
}

/// `POST /staff/leads/new`: shows what was read from the text, or stores the lead.
pub(super) async fn submit(page: Page, form: Form) -> PageResult {
    check_right(&page)?;
    let mut draft = FormContent::from_form(&form.0);
    let values = values(&form);
    if form.get("step") != SAVE {
        return typed_page(&page, StatusCode::OK, &mut draft, values, &[]);
    }
    draft.read(page.today(), page.rates());
    let errors = match draft.requirement() {
        Err(errors) => errors,
        Ok(requirement) => {
            let new = TypedIn { requirement, ..typed(&page, &draft, &values)? };
            match typed_in::create(&page.app, page.staff()?, &page_call(), new).await {
                Ok(answered) => return Ok(page.see(&format!("/staff/leads/{}?done=typed_in", id_of(&answered.body)))),
                Err(Error::Invalid(errors)) => errors,
                Err(error) => return Err(error.into()),
            }
        }
    };
    typed_page(&page, StatusCode::UNPROCESSABLE_ENTITY, &mut draft, values, &errors)
}

/// Returns the id of a lead's JSON.
fn id_of(body: &str) -> String {
    let lead: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    lead["id"].as_str().unwrap_or_default().to_owned()
}

fn values(form: &Form) -> TypedValues {
    let value = |name: &str| form.get(name).trim().to_owned();
    TypedValues {
        park: value("park"),
        listing: value("listing"),
        source: value("source"),
        referrer: value("referrer"),
        basis: value("basis"),
        basis_note: value("basis_note"),
    }
}

fn typed(page: &Page, draft: &FormContent, values: &TypedValues) -> Result<TypedIn, crate::web::problem::Problem> {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    // Of a single park there is nothing to choose.
    let only = match page.staff()?.scope.parks().as_deref() {
        Some([only]) => (*only).to_owned(),
        _ => values.park.clone(),
    };
    Ok(TypedIn {
        park: only,
        listing: given(&values.listing),
        company: draft.get("company").to_owned(),
        contact: given(draft.get("contact")),
        phone: given(draft.get("phone")),
        email: given(draft.get("email")),
        text: given(&draft.text),
        source: values.source.clone(),
        referrer: given(&values.referrer),
        basis: values.basis.clone(),
        note: values.basis_note.clone(),
        ..TypedIn::default()
    })
}

fn typed_page(
    page: &Page,
    status: StatusCode,
    draft: &mut FormContent,
    values: TypedValues,
    errors: &[FieldError],
) -> PageResult {
    let locale = page.locale;
    let (reading, corrected) = draft.read(page.today(), page.rates());
    let is_read = !draft.is_blank();
    let parsed = draft.requirement();
    let none = BTreeSet::new();
    let unread = parsed.as_ref().err().cloned().unwrap_or_default();
    let shown_errors: Vec<FieldError> = if errors.is_empty() { unread } else { errors.to_vec() };
    let requirement = parsed.ok();
    let shown = Shown {
        locale,
        draft,
        requirement: requirement.as_ref(),
        errors: &shown_errors,
        corrected: if is_read { &corrected } else { &none },
    };
    let view = ReadingView::new(locale, &draft.text, &reading, &corrected);
    let stated: Vec<&str> = FIELDS.iter().copied().filter(|name| draft.states(name)).collect();
    let more = USUAL.into_iter().filter(|name| !stated.contains(name));
    let context = TypedInPage {
        is_read,
        pieces: view.pieces,
        questions: view.questions,
        contact: form_fields(shown, CONTACT),
        more: form_fields(shown, more),
        fields: form_fields(shown, stated),
        parks: parks(page, &values.park)?,
        sources: options::<Source>(locale, "source", &values.source, &["web"]),
        bases: options::<ConsentBasis>(locale, "basis", &values.basis, &[]),
        errors: worded(locale, &shown_errors),
        text: draft.text.clone(),
        was: draft.was.clone(),
        values,
    };
    page.show_as(status, "staff/typed_in.html", context)
}

/// Words the errors; those on the consent are linked to the inputs of this page.
fn worded(locale: Locale, errors: &[FieldError]) -> Vec<WrongField> {
    let own = |error: &FieldError| {
        let field = match error.field.as_str() {
            "consent.basis" => "basis".to_owned(),
            "consent.note" => "basis_note".to_owned(),
            other => other.to_owned(),
        };
        FieldError { field, ..error.clone() }
    };
    wrong_fields(locale, &errors.iter().map(own).collect::<Vec<_>>())
}

fn parks(page: &Page, chosen: &str) -> Result<Vec<OptionView>, crate::web::problem::Problem> {
    let codes = page.staff()?.scope.parks().unwrap_or_default();
    let option = |code: &str| OptionView {
        value: code.to_owned(),
        label: page.app.inventory.park_name(code),
        checked: code == chosen,
    };
    Ok(codes.into_iter().map(option).collect())
}

fn options<T: Word>(locale: Locale, group: &str, chosen: &str, left_out: &[&str]) -> Vec<OptionView> {
    let option = |value: &str| OptionView {
        value: value.to_owned(),
        label: word(locale, group, value),
        checked: value == chosen,
    };
    T::words().into_iter().filter(|value| !left_out.contains(value)).map(option).collect()
}
