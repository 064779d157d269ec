//! Form fields as templates draw them: label, input, options, typed value and error.

use std::collections::BTreeSet;

use domain::matching::TABLE;
use domain::region::DivisionCode;
use domain::requirement::{self, FieldError, Requirement};
use domain::shape::Shape;
use domain::unit::Unit;
use domain::word::Vocabulary;
use serde::Serialize;

use super::draft::{FormContent, named_industry, named_places, place_entries};
use crate::i18n::{Locale, division, field, field_error, has, has_chinese, industry, requirement_value, tell, word};

/// One choice of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionView {
    /// The value that the form posts.
    pub value: String,
    /// The label.
    pub label: String,
    /// Whether the option is selected.
    pub checked: bool,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// The name in forms and JSON.
    pub name: String,
    /// The label.
    pub label: String,
    /// The hint below the label.
    pub hint: Option<String>,
    /// The error message.
    pub error: Option<String>,
    /// `range`, `number`, `select`, `checks`, `near`, or a type of `<input>`.
    pub input: &'static str,
    /// The unit behind the input.
    pub unit: Option<String>,
    /// The typed value.
    pub value: String,
    /// The lower end of a range; the longitude of a place.
    pub min: String,
    /// The upper end of a range; the latitude of a place.
    pub max: String,
    /// The options of selects and checkboxes.
    pub options: Vec<OptionView>,
    /// The value in words; blank without one.
    pub words: String,
    /// The value in words where it was typed with a unit of its own.
    pub understood: Option<String>,
    /// Whether it was edited after the text was read.
    pub corrected: bool,
    /// The `autocomplete` token.
    pub autocomplete: Option<&'static str>,
}

/// The content of a form: the draft, its parsed requirement and its errors.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The page's locale.
    pub locale: Locale,
    /// The typed values.
    pub draft: &'a FormContent,
    /// The parsed requirement; none for an invalid draft.
    pub requirement: Option<&'a Requirement>,
    /// The errors, by path.
    pub errors: &'a [FieldError],
    /// Names of the fields that were edited after the text was read.
    pub corrected: &'a BTreeSet<String>,
}

/// Returns the views of several fields.
#[must_use]
pub fn form_fields<'n>(shown: Shown<'_>, names: impl IntoIterator<Item = &'n str>) -> Vec<FieldView> {
    names.into_iter().map(|name| form_field(shown, name)).collect()
}

/// Returns the view of one field.
#[must_use]
pub fn form_field(shown: Shown<'_>, name: &str) -> FieldView {
    let Shown { locale, draft, .. } = shown;
    let input = input(name);
    let (low, high) = if input == "near" { ("lng", "lat") } else { ("min", "max") };
    let value = if input == "near" { draft.get("near.max_km") } else { draft.get(name) };
    let (min, max) = (draft.get(&format!("{name}.{low}")), draft.get(&format!("{name}.{high}")));
    let words = words(shown, name);
    let figure = matches!(input, "number" | "range" | "near");
    let error = shown.errors.iter().find(|error| concerns(error, name)).map(|error| field_error(locale, error));
    let is_understood = figure && error.is_none() && [value, min, max].into_iter().any(has_unit);
    FieldView {
        name: name.to_owned(),
        label: field(locale, name),
        hint: has(&format!("hint.{name}")).then(|| tell(locale, &format!("hint.{name}"))),
        error,
        input,
        unit: shape(name).and_then(suffix).map(|unit| tell(locale, &format!("suffix.{}", unit.key()))),
        value: if input == "near" { value.to_owned() } else { typed_in(locale, draft, name) },
        min: min.to_owned(),
        max: max.to_owned(),
        options: options(locale, draft, name),
        understood: is_understood.then(|| words.clone()),
        words,
        corrected: shown.corrected.contains(name),
        autocomplete: contact(name).1,
    }
}

/// Returns the typed places or industry of a field in a page's language; what the visitor typed otherwise stays.
fn typed_in(locale: Locale, draft: &FormContent, name: &str) -> String {
    let typed = draft.get(name);
    if locale == Locale::ZhHans || !has_chinese(typed) {
        return typed.to_owned();
    }
    let place = |code: DivisionCode| format!("{} ({code})", division(locale, code));
    match requirement::field(name).map(|field| field.shape) {
        Some(Shape::Divisions) => {
            let found: Vec<_> = place_entries(typed).into_iter().map(named_places).collect();
            let names: Vec<String> = found.iter().flatten().map(|&code| place(code)).collect();
            if found.iter().any(Vec::is_empty) { typed.to_owned() } else { names.join(", ") }
        }
        Some(Shape::Industry) => named_industry(typed).map_or_else(|| typed.to_owned(), |code| industry(locale, code)),
        _ => typed.to_owned(),
    }
}

/// Returns whether a typed figure is more than its digits: `5千万`, `3公顷`.
fn has_unit(typed: &str) -> bool {
    typed.chars().any(|c| c.is_alphabetic() || c == '/')
}

fn concerns(error: &FieldError, name: &str) -> bool {
    let path = error.field.strip_prefix("requirement.").unwrap_or(&error.field);
    path == name || path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

/// Returns the input of a field: of its type, for contact fields of their meaning.
fn input(name: &str) -> &'static str {
    match shape(name) {
        Some(Shape::Range { .. }) => "range",
        Some(Shape::Amount { .. }) => "number",
        Some(Shape::Words(_) | Shape::Wishes { .. }) => "checks",
        Some(Shape::Word(_) | Shape::Flag) => "select",
        Some(Shape::Near) => "near",
        Some(Shape::Day) => "date",
        Some(Shape::Industry | Shape::Divisions | Shape::Text { .. }) => "text",
        None => contact(name).0,
    }
}

fn shape(name: &str) -> Option<Shape> {
    requirement::field(name).map(|field| field.shape)
}

/// Returns the unit behind a figure; ratios have none, and a circle's parts carry their labels.
fn suffix(shape: Shape) -> Option<Unit> {
    match shape {
        Shape::Amount { unit, .. } | Shape::Range { unit, .. } => (unit != Unit::Ratio).then_some(unit),
        _ => None,
    }
}

/// Returns the type of `<input>` and the `autocomplete` token of a contact field.
fn contact(name: &str) -> (&'static str, Option<&'static str>) {
    match name {
        "company" => ("text", Some("organization")),
        "contact" => ("text", Some("name")),
        "phone" => ("tel", Some("tel")),
        "email" => ("email", Some("email")),
        _ => ("text", None),
    }
}

fn options(locale: Locale, draft: &FormContent, name: &str) -> Vec<OptionView> {
    match shape(name) {
        Some(Shape::Words(vocabulary) | Shape::Word(vocabulary)) => choices(locale, draft, name, vocabulary),
        Some(Shape::Flag) => vec![option(draft, name, "yes", tell(locale, "format.yes"))],
        Some(Shape::Wishes { vocabulary, .. }) => wishes(locale, draft, name, vocabulary),
        _ => Vec::new(),
    }
}

/// Returns the criteria that may be wishes: those that the draft states, and those that it already names.
fn wishes(locale: Locale, draft: &FormContent, name: &str, vocabulary: Vocabulary) -> Vec<OptionView> {
    let may_be = TABLE.iter().filter(|row| !row.legal && row.fields.iter().any(|field| draft.states(field)));
    let stated: Vec<&str> = may_be.map(|row| row.id).collect();
    let options = choices(locale, draft, name, vocabulary).into_iter();
    options.filter(|option| option.checked || stated.contains(&option.value.as_str())).collect()
}

fn choices(locale: Locale, draft: &FormContent, name: &str, vocabulary: Vocabulary) -> Vec<OptionView> {
    let choice = |value| option(draft, name, value, word(locale, vocabulary.group, value));
    vocabulary.words().into_iter().map(choice).collect()
}

fn option(draft: &FormContent, name: &str, value: &str, label: String) -> OptionView {
    OptionView { value: value.to_owned(), label, checked: draft.all(name).iter().any(|own| own == value) }
}

fn words(shown: Shown<'_>, name: &str) -> String {
    let Shown { locale, draft, requirement, .. } = shown;
    let stated = requirement.map(Requirement::to_json).and_then(|json| json.get(name).cloned());
    match stated {
        Some(value) => requirement_value(locale, name, &value),
        None if input(name) == "range" => {
            format!("{}–{}", draft.get(&format!("{name}.min")), draft.get(&format!("{name}.max")))
        }
        None => {
            let separator = tell(locale, "format.list");
            // A wrong field beside it is no reason to lose the words of a choice.
            let chosen = options(locale, draft, name).into_iter().filter(|option| option.checked);
            let (chosen, typed) = (chosen.map(|option| option.label).collect::<Vec<_>>(), draft.all(name));
            if chosen.len() == typed.len() { chosen.join(&separator) } else { typed.join(&separator) }
        }
    }
}
