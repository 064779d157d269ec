//! The form's fields as templates draw them: label, input, options, what was typed and what is wrong with it.

use std::collections::BTreeSet;

use domain::listing::Kind;
use domain::matching::{Criterion, TABLE};
use domain::requirement::{FieldError, ParkLevel, Requirement, Tenure, Use, Word};
use serde::Serialize;

use super::draft::Draft;
use crate::i18n::{Locale, field, field_error, has, requirement_value, tell, word};

/// One choice of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionView {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub checked: bool,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// How to fill it in.
    pub hint: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// `range`, `number`, `select`, `checks`, `near`, or a type of `<input>`.
    pub input: &'static str,
    /// The unit behind it.
    pub unit: Option<String>,
    /// What was typed.
    pub value: String,
    /// The lower end of a range; the longitude of a place.
    pub min: String,
    /// The upper end of a range; the latitude of a place.
    pub max: String,
    /// Its choices.
    pub options: Vec<OptionView>,
    /// The value in words, where there is one.
    pub words: String,
    /// Whether it was changed by hand after the text was read.
    pub corrected: bool,
    /// The `autocomplete` token.
    pub autocomplete: Option<&'static str>,
}

/// What a form shows: the draft, what was parsed of it, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The reader's locale.
    pub locale: Locale,
    /// What was typed.
    pub draft: &'a Draft,
    /// What it states, where it is valid.
    pub requirement: Option<&'a Requirement>,
    /// What is wrong.
    pub errors: &'a [FieldError],
    /// Which fields were changed by hand.
    pub corrected: &'a BTreeSet<String>,
}

/// Several fields.
#[must_use]
pub fn form_fields<'n>(shown: Shown<'_>, names: impl IntoIterator<Item = &'n str>) -> Vec<FieldView> {
    names.into_iter().map(|name| form_field(shown, name)).collect()
}

/// One field.
#[must_use]
pub fn form_field(shown: Shown<'_>, name: &str) -> FieldView {
    let Shown { locale, draft, .. } = shown;
    let input = input(name);
    let (low, high) = if input == "near" { ("lng", "lat") } else { ("min", "max") };
    let value = if input == "near" { draft.get("near.max_km") } else { draft.get(name) };
    FieldView {
        name: name.to_owned(),
        label: field(locale, name),
        hint: has(&format!("hint.{name}")).then(|| tell(locale, &format!("hint.{name}"))),
        error: shown.errors.iter().find(|error| concerns(error, name)).map(|error| field_error(locale, error)),
        input,
        unit: suffix(name).map(|unit| tell(locale, &format!("suffix.{unit}"))),
        value: value.to_owned(),
        min: draft.get(&format!("{name}.{low}")).to_owned(),
        max: draft.get(&format!("{name}.{high}")).to_owned(),
        options: options(locale, draft, name),
        words: words(shown, name),
        corrected: shown.corrected.contains(name),
        autocomplete: autocomplete(name),
    }
}

fn concerns(error: &FieldError, name: &str) -> bool {
    let path = error.field.strip_prefix("requirement.").unwrap_or(&error.field);
    path == name || path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

fn input(name: &str) -> &'static str {
    match name {
        "land_mu" | "floor_m2" => "range",
        "kinds" | "park_levels" | "prefer" => "checks",
        "use" | "tenure" | "chemical" => "select",
        "near" => "near",
        "available_by" => "date",
        "phone" => "tel",
        "email" => "email",
        "industry" | "regions" | "exclude_regions" | "company" | "contact" | "uscc" => "text",
        _ => "number",
    }
}

fn suffix(name: &str) -> Option<&'static str> {
    Some(match name {
        "land_mu" => "mu",
        "floor_m2" => "m2",
        "tax_wan" | "output_wan" | "value_added_wan" => "wan_per_year",
        "fixed_investment_wan" | "investment_wan" | "budget_wan" => "wan",
        "rd_percent" => "percent",
        "energy_tce" => "tce_per_year",
        "emission_t" => "t_per_year",
        "price_wan_per_mu_max" => "wan_per_mu",
        "rent_yuan_m2_month_max" => "yuan_per_m2_per_month",
        "power_kva" => "kVA",
        "ceiling_height_m" => "m",
        "floor_load_t_m2" => "t_per_m2",
        "workstations" => "desks",
        "headcount" => "people",
        _ => return None,
    })
}

fn autocomplete(name: &str) -> Option<&'static str> {
    Some(match name {
        "company" => "organization",
        "contact" => "name",
        "phone" => "tel",
        "email" => "email",
        _ => return None,
    })
}

fn options(locale: Locale, draft: &Draft, name: &str) -> Vec<OptionView> {
    match name {
        "kinds" => choices::<Kind>(locale, draft, name, "kind"),
        "use" => choices::<Use>(locale, draft, name, "use"),
        "tenure" => choices::<Tenure>(locale, draft, name, "tenure"),
        "park_levels" => choices::<ParkLevel>(locale, draft, name, "level"),
        "chemical" => vec![option(draft, name, "yes", tell(locale, "format.yes"))],
        "prefer" => wishes(locale, draft),
        _ => Vec::new(),
    }
}

/// The criteria that may be made wishes: those that the draft states, and whatever it already calls one.
fn wishes(locale: Locale, draft: &Draft) -> Vec<OptionView> {
    let may_be = TABLE.iter().filter(|row| !row.legal && row.fields.iter().any(|field| draft.states(field)));
    let stated: Vec<&str> = may_be.map(|row| row.id).collect();
    let options = choices::<Criterion>(locale, draft, "prefer", "criterion").into_iter();
    options.filter(|option| option.checked || stated.contains(&option.value.as_str())).collect()
}

fn choices<T: Word>(locale: Locale, draft: &Draft, name: &str, group: &str) -> Vec<OptionView> {
    T::WORDS.iter().map(|(value, _)| option(draft, name, value, word(locale, group, value))).collect()
}

fn option(draft: &Draft, name: &str, value: &str, label: String) -> OptionView {
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
        None => draft.all(name).join(&tell(locale, "format.list")),
    }
}
