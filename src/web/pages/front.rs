//! Front page: text box and main fields, then the reading of both.

use std::collections::{BTreeMap, BTreeSet};

use domain::listing::Kind;
use domain::reader::Reading;
use domain::requirement::{FIELDS, FieldError, Requirement};
use serde::Serialize;

use super::context::{Page, PageResult};
use super::errors::{WrongField, wrong_fields};
use super::forms::{Form, Query};
use crate::i18n::{date, field, say, tell};
use crate::service::matching;
use crate::web::view::{
    CONTACT_FIELDS, FieldView, FormContent, NeedTab, Piece, QuestionView, ReadingView, Shown, form_field, form_fields,
    need_tabs,
};

/// Needs to try with one tap: land, factory, desks.
const EXAMPLES: [&str; 3] = ["home.example_land", "home.example_factory", "home.example_desks"];
/// Fields of the front door, unfolded together: 需求 (kinds and areas), 用途, 税收, 公司, 联系人, 手机号.
const OPEN: [&str; 8] = ["kinds", "land_mu", "floor_m2", "use", "tax_wan", "company", "contact", "phone"];

#[derive(Serialize)]
struct Home {
    text: String,
    fields: BTreeMap<String, FieldView>,
    fields_open: bool,
    /// Labels of what the reader finds, for the script, as JSON.
    labels: String,
    examples: Vec<String>,
    more: Vec<FieldView>,
    more_open: bool,
    errors: Vec<WrongField>,
    stock: Stock,
    /// The day of those numbers, in words.
    stock_on: String,
}

#[derive(Serialize)]
struct Stock {
    plots: usize,
    spaces: usize,
    parks: usize,
}

#[derive(Serialize)]
struct Understood {
    text: String,
    /// Reference of the stored requirement that is corrected; blank: none.
    reference: String,
    pieces: Vec<Piece>,
    needs: Vec<NeedTab>,
    need: usize,
    rates: Vec<String>,
    unread: Vec<String>,
    questions: Vec<QuestionView>,
    chips: Vec<FieldView>,
    more: Vec<FieldView>,
    more_open: bool,
    errors: Vec<WrongField>,
    counts: String,
}

fn every_field() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().copied().chain(CONTACT_FIELDS)
}

/// `GET /`
pub(super) async fn home(page: Page, query: Query) -> PageResult {
    let show = || front(&page, &FormContent::from_form(&query.0));
    // What somebody typed is not kept.
    if query.0.is_empty() { page.cached(show).await } else { show() }
}

fn front(page: &Page, draft: &FormContent) -> PageResult {
    let none = BTreeSet::new();
    let shown = Shown { locale: page.locale, draft, requirement: None, errors: &[], corrected: &none };
    let more: Vec<&str> = every_field().filter(|name| !OPEN.contains(name)).collect();
    let count = |kind| page.app.inventory.count(kind);
    let context = Home {
        text: draft.text.clone(),
        fields_open: every_field().any(|name| draft.states(name)),
        labels: labels(page),
        examples: EXAMPLES.iter().map(|key| page.tell(key)).collect(),
        fields: OPEN.iter().map(|&name| (name.to_owned(), form_field(shown, name))).collect(),
        more_open: more.iter().any(|name| draft.states(name)),
        more: form_fields(shown, more).into_iter().filter(has_something_to_fill_in).collect(),
        errors: Vec::new(),
        stock_on: say(page.locale, "home.stock_on", &[("date", &date(page.locale, page.today()))]),
        stock: Stock { plots: count(Kind::Plot), spaces: count(Kind::Space), parks: count(Kind::Park) },
    };
    page.show("home.html", context)
}

/// Returns the labels of the fields of a reading by their names in it.
fn labels(page: &Page) -> String {
    let contact = ["company", "person", "phone", "email"].map(|name| format!("contact.{name}"));
    let names = FIELDS.iter().map(|name| (*name).to_owned()).chain(contact);
    let label = |name: String| {
        let own = name.strip_prefix("contact.").unwrap_or(&name);
        let own = if own == "person" { "contact" } else { own };
        (field(page.locale, own), name)
    };
    let labels: BTreeMap<String, String> = names.map(label).map(|(label, name)| (name, label)).collect();
    serde_json::to_string(&labels).unwrap_or_default()
}

/// `POST /`: shows the reading for correction; nothing is stored.
pub(super) async fn understood(page: Page, form: Form) -> PageResult {
    let mut draft = FormContent::from_form(&form.0);
    let (reading, corrected) = draft.read(page.today(), page.rates());
    let requirement = draft.requirement();
    understood_page(&page, &draft, &reading, &corrected, requirement)
}

/// Page of the reading; wrong fields give 422 and keep the input.
pub(super) fn understood_page(
    page: &Page,
    draft: &FormContent,
    reading: &Reading,
    corrected: &BTreeSet<String>,
    requirement: Result<Requirement, Vec<FieldError>>,
) -> PageResult {
    let errors = requirement.as_ref().err().cloned().unwrap_or_default();
    let requirement = requirement.ok();
    let shown = Shown { locale: page.locale, draft, requirement: requirement.as_ref(), errors: &errors, corrected };
    let mut view = ReadingView::new(page.locale, &draft.text, reading, corrected);
    let (stated, mut blank): (Vec<&str>, Vec<&str>) = every_field().partition(|name| draft.states(name));
    // A blank field with a question is shown once, beside the question.
    for question in &mut view.questions {
        if let Some(at) = blank.iter().position(|name| *name == question.field) {
            question.input = Some(form_field(shown, blank.remove(at)));
        }
    }
    let mut more = form_fields(shown, blank);
    more.retain(has_something_to_fill_in);
    let context = Understood {
        text: draft.text.clone(),
        reference: draft.reference.clone(),
        counts: counts(page, requirement.as_ref()),
        more_open: more.iter().any(|field| field.error.is_some()),
        chips: form_fields(shown, stated),
        more,
        pieces: view.pieces,
        needs: need_tabs(page.locale, &draft.text, reading, draft.need),
        need: draft.need,
        rates: view.rates,
        unread: view.unread,
        questions: view.questions,
        errors: wrong_fields(page.locale, &errors),
    };
    page.show_form(errors.is_empty(), "read.html", context)
}

/// Preferences select among stated criteria; without any there is nothing to select.
fn has_something_to_fill_in(field: &FieldView) -> bool {
    field.input != "checks" || !field.options.is_empty()
}

/// Number of listings that match the current fields, so that each correction shows its effect.
fn counts(page: &Page, requirement: Option<&Requirement>) -> String {
    let Some(requirement) = requirement else { return tell(page.locale, "read.counts_unknown") };
    let counts = matching::answer(&page.app, requirement, 0).counts;
    let [matched, to_confirm, near] = [counts.matched, counts.to_confirm, counts.near].map(|n| n.to_string());
    say(page.locale, "read.counts", &[("matched", &matched), ("to_confirm", &to_confirm), ("near", &near)])
}
