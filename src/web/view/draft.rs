//! Draft of a requirement: the raw strings of a form, merged with the reading of a text, and parsed on request.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use chrono::NaiveDate;
use domain::field::Field;
use domain::industry::{IndustryCode, industries};
use domain::rate::Rates;
use domain::reader::{self, FigureFault, Reading};
use domain::region::{DivisionCode, divisions};
use domain::requirement::{FIELDS, FieldCode, FieldError, REQUIREMENT, Requirement, field};
use domain::shape::Shape;
use domain::unit::Unit;
use serde::Serialize;
use serde_json::{Map, Number, Value};
use unicode_normalization::UnicodeNormalization as _;

use super::timed::reading_of;
use crate::i18n::{self, Locale, division};

/// The contact fields of the forms, in their order.
pub const CONTACT_FIELDS: [&str; 5] = ["company", "contact", "phone", "email", "uscc"];
/// The limit of the free text in characters; the rest is cut off.
const LONGEST_TEXT: usize = 20_000;
/// The limit of any other value in characters; the rest is cut off.
const LONGEST_VALUE: usize = 500;

/// One name and value of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormPair {
    /// The input's name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The content of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormContent {
    /// The free text.
    pub text: String,
    /// The text that the other values were read from; blank: none yet.
    pub was: String,
    /// Reference of the stored requirement that the form corrects or adds inquiries to; blank: none.
    pub reference: String,
    /// Which of the text's needs the values are of: 0 is the first.
    pub need: usize,
    values: BTreeMap<String, Vec<String>>,
}

/// Returns the names of the inputs of a field of the requirement or the contact.
fn inputs(name: &str) -> Vec<String> {
    match field(name).map_or(&[][..], |field| field.shape.parts()) {
        [] => vec![name.to_owned()],
        parts => parts.iter().map(|part| format!("{name}.{part}")).collect(),
    }
}

fn every_field() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().copied().chain(CONTACT_FIELDS)
}

impl FormContent {
    /// Reads the known inputs of a form or query; blank and unknown ones are skipped.
    #[must_use]
    pub fn from_form(form: &[(String, String)]) -> Self {
        let known: BTreeSet<String> = every_field().flat_map(inputs).collect();
        let mut draft = Self::default();
        for (name, value) in form {
            match name.as_str() {
                "text" => draft.text = cut(value, LONGEST_TEXT),
                "was" => draft.was = cut(value, LONGEST_TEXT),
                "reference" => draft.reference = cut(value, LONGEST_VALUE),
                "need" => draft.need = value.parse().unwrap_or_default(),
                _ if known.contains(name) => draft.push(name, value),
                _ => {}
            }
        }
        draft
    }

    /// Makes the draft of a reading.
    #[must_use]
    pub fn of_reading(reading: &Reading) -> Self {
        let mut draft = Self::of_requirement(&reading.requirement);
        let contact = &reading.contact;
        let phone = contact.phone.as_ref().map(|phone| phone.e164().trim_start_matches("+86").to_owned());
        for (name, value) in [
            ("company", contact.company.clone()),
            ("contact", contact.person.clone()),
            ("phone", phone),
            ("email", contact.email.as_ref().map(|mail| mail.as_str().to_owned())),
            ("uscc", contact.uscc.as_ref().map(|code| code.as_str().to_owned())),
        ] {
            draft.push(name, &value.unwrap_or_default());
        }
        draft
    }

    /// Makes the draft of the chosen need of a reading.
    fn of_need(&self, reading: &Reading) -> Self {
        let other = self.need.checked_sub(1).and_then(|at| reading.others.get(at));
        let requirement = other.map_or(&reading.requirement, |other| &other.requirement).clone();
        Self::of_reading(&Reading { requirement, contact: reading.contact.clone(), ..Reading::default() })
    }

    /// Makes the draft of a requirement.
    #[must_use]
    pub fn of_requirement(requirement: &Requirement) -> Self {
        let mut draft = Self::default();
        let Value::Object(json) = requirement.to_json() else { return draft };
        for (name, value) in &json {
            draft.push_json(name, field(name).map(|field| field.shape), value);
        }
        draft
    }

    /// Adds a field's JSON value as its inputs hold it.
    fn push_json(&mut self, name: &str, shape: Option<Shape>, value: &Value) {
        match (shape, value) {
            (Some(Shape::Divisions), Value::Array(codes)) => {
                let names: Vec<String> =
                    codes.iter().filter_map(|code| DivisionCode::parse(code.as_str()?)).map(place).collect();
                self.push(name, &names.join("、"));
            }
            (Some(Shape::Industry), Value::String(code)) => {
                if let Some(code) = IndustryCode::parse(code) {
                    self.push(name, &format!("{}({code})", industries().name(code)));
                }
            }
            (_, Value::Array(entries)) => {
                entries.iter().filter_map(Value::as_str).for_each(|entry| self.push(name, entry));
            }
            (_, Value::Object(parts)) => {
                parts.iter().for_each(|(part, value)| self.push(&format!("{name}.{part}"), &value.to_string()));
            }
            (_, Value::Bool(flag)) => self.push(name, if *flag { "yes" } else { "no" }),
            (_, Value::String(text)) => self.push(name, text),
            (_, value) => self.push(name, &value.to_string()),
        }
    }

    fn push(&mut self, name: &str, value: &str) {
        let value = cut(value.trim(), LONGEST_VALUE);
        if !value.is_empty() {
            self.values.entry(name.to_owned()).or_default().push(value);
        }
    }

    /// Replaces a field's value.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.remove(name);
        self.push(name, value);
    }

    /// Adds a value to a field that holds several.
    pub fn add(&mut self, name: &str, value: &str) {
        if !self.all(name).iter().any(|own| own == value) {
            self.push(name, value);
        }
    }

    /// Takes a value out of a field that holds several.
    pub fn remove(&mut self, name: &str, value: &str) {
        let mut left = self.values.remove(name).unwrap_or_default();
        left.retain(|own| own != value);
        if !left.is_empty() {
            self.values.insert(name.to_owned(), left);
        }
    }

    /// Returns the first value of an input; blank without one.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// Returns every value of an input.
    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns whether any input of a field is filled.
    #[must_use]
    pub fn states(&self, field: &str) -> bool {
        inputs(field).iter().any(|name| self.values.contains_key(name))
    }

    /// Returns whether the text and all inputs are blank.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.values.is_empty()
    }

    /// Reads the text into the fields of the chosen need. A field that equals the last reading follows the new text; an
    /// edited one keeps its value. Returns the reading and the names of the edited fields.
    pub fn read(&mut self, today: NaiveDate, rates: &Rates) -> (Reading, BTreeSet<String>) {
        let before = if self.was.trim().is_empty() {
            Self::default()
        } else {
            self.of_need(&reading_of(&self.was, today, rates))
        };
        let reading = reading_of(&self.text, today, rates);
        self.need = self.need.min(reading.others.len());
        let after = self.of_need(&reading);
        let mut corrected = BTreeSet::new();
        for field in every_field() {
            let names = inputs(field);
            let same = |a: &Self, b: &Self| names.iter().all(|name| a.all(name) == b.all(name));
            if !same(self, &before) {
                if !same(self, &after) {
                    corrected.insert(field.to_owned());
                }
                continue;
            }
            for name in &names {
                self.values.remove(name);
                if let Some(values) = after.values.get(name) {
                    self.values.insert(name.clone(), values.clone());
                }
            }
        }
        self.was.clone_from(&self.text);
        (reading, corrected)
    }

    /// Returns every input, for hidden inputs.
    #[must_use]
    pub fn pairs(&self) -> Vec<FormPair> {
        let pair = |name: &str, value: &str| FormPair { name: name.to_owned(), value: value.to_owned() };
        let mut pairs = vec![pair("text", &self.text), pair("was", &self.was)];
        pairs.extend((!self.reference.is_empty()).then(|| pair("reference", &self.reference)));
        pairs.extend((self.need > 0).then(|| pair("need", &self.need.to_string())));
        pairs.extend(self.named().map(|(name, value)| pair(name, value)));
        pairs
    }

    /// Returns every input except the contact, for hidden inputs.
    #[must_use]
    pub fn pairs_without_contact(&self) -> Vec<FormPair> {
        self.pairs().into_iter().filter(|pair| !CONTACT_FIELDS.contains(&pair.name.as_str())).collect()
    }

    fn named(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())))
    }

    /// Returns the inputs of the requirement for links. Text and contact are left out: URLs are logged and shared.
    pub fn query(&self) -> impl Iterator<Item = (&str, &str)> {
        self.named().filter(|(name, _)| !CONTACT_FIELDS.contains(name))
    }

    /// Replaces the inputs of the requirement by those of another form; text and contact stay.
    pub fn take_requirement(&mut self, other: Self) {
        self.values.retain(|name, _| CONTACT_FIELDS.contains(&name.as_str()));
        let of_requirement = other.values.into_iter().filter(|(name, _)| !CONTACT_FIELDS.contains(&name.as_str()));
        self.values.extend(of_requirement);
    }

    /// Parses the requirement.
    ///
    /// # Errors
    /// Every [`FieldError`] of the inputs and of [`Requirement::from_json`].
    pub fn requirement(&self) -> Result<Requirement, Vec<FieldError>> {
        let mut json = Map::new();
        let mut errors = Vec::new();
        for field in REQUIREMENT.iter().filter(|field| self.states(field.name)) {
            match self.value(field) {
                Ok(value) => {
                    json.insert(field.name.to_owned(), value);
                }
                Err(error) => errors.push(error),
            }
        }
        match Requirement::from_json(&Value::Object(json)) {
            Ok(requirement) if errors.is_empty() => Ok(requirement),
            Ok(_) => Err(errors),
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }

    fn value(&self, field: &Field) -> Result<Value, FieldError> {
        let name = field.name;
        match field.shape {
            Shape::Words(_) | Shape::Wishes { .. } => {
                Ok(Value::Array(self.all(name).iter().cloned().map(Value::String).collect()))
            }
            Shape::Divisions => self.places(name),
            Shape::Industry => match named_industry(self.get(name)) {
                Some(code) => Ok(Value::String(code.to_string())),
                None => Err(FieldError::new(name, FieldCode::UnknownCode).with("value", self.get(name))),
            },
            Shape::Word(_) | Shape::Day | Shape::Text { .. } => Ok(Value::String(self.get(name).to_owned())),
            Shape::Flag => Ok(Value::Bool(self.get(name) == "yes")),
            Shape::Range { .. } | Shape::Near => {
                let mut parts = Map::new();
                for part in field.shape.parts() {
                    let input = format!("{name}.{part}");
                    if !self.get(&input).is_empty() {
                        parts.insert((*part).to_owned(), number(&input, self.get(&input), field.shape.unit())?);
                    }
                }
                Ok(Value::Object(parts))
            }
            Shape::Amount { unit, .. } => number(name, self.get(name), Some(unit)),
        }
    }

    fn places(&self, field: &str) -> Result<Value, FieldError> {
        let mut codes = Vec::new();
        for entry in self.all(field).iter().flat_map(|text| place_entries(text)) {
            let found = named_places(entry);
            if found.is_empty() {
                return Err(FieldError::new(field, FieldCode::UnknownCode).with("value", entry));
            }
            codes.extend(found.into_iter().map(|code| Value::String(code.to_string())));
        }
        Ok(Value::Array(codes))
    }
}

/// Cuts a list of places at commas, and at blanks where they part names: an English name or one with its code may hold some.
pub(super) fn place_entries(text: &str) -> Vec<&str> {
    let parts = text.split(['、', ',', '，', ';', '；']);
    let is_one = |part: &str| bracketed(part).is_some() || !i18n::divisions_named(part).is_empty();
    let cut = |part| if is_one(part) { vec![part] } else { part.split([' ', '\u{3000}']).collect::<Vec<&str>>() };
    parts.flat_map(cut).map(str::trim).filter(|entry| !entry.is_empty()).collect()
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Returns a division's name, with its code where several divisions have the name.
pub(super) fn place(code: DivisionCode) -> String {
    let name = division(Locale::ZhHans, code);
    if divisions().named(&name).count() == 1 { name } else { format!("{name}({code})") }
}

/// Returns the text in the last brackets: `110105` of `朝阳区(110105)`.
fn bracketed(text: &str) -> Option<&str> {
    let inner = text.trim_end().strip_suffix([')', ')'])?;
    inner.rsplit(['(', '(']).next()
}

/// Returns the divisions of an entry: a code, a name, a name without its 市, or a place that the reader knows.
#[must_use]
pub fn named_places(entry: &str) -> Vec<DivisionCode> {
    if entry.trim().is_empty() {
        return Vec::new();
    }
    if let Some(code) = bracketed(entry).and_then(DivisionCode::understood).or_else(|| DivisionCode::understood(entry))
    {
        return vec![code];
    }
    let named: Vec<_> = divisions().named(entry).map(|row| row.code).collect();
    if let [only] = named[..] {
        return vec![only];
    }
    if let [only] = i18n::divisions_named(entry)[..] {
        return vec![only];
    }
    let read = reader::read_place(entry);
    if !read.is_empty() {
        return read;
    }
    for suffix in ["省", "市", "区", "县"] {
        let named: Vec<_> = divisions().named(&format!("{entry}{suffix}")).map(|row| row.code).collect();
        if let [only] = named[..] {
            return vec![only];
        }
    }
    Vec::new()
}

/// Returns the industry of an entry: a code, a name of the classification, or a product that the reader knows.
#[must_use]
pub fn named_industry(entry: &str) -> Option<IndustryCode> {
    let upper = entry.trim().to_uppercase();
    bracketed(&upper)
        .and_then(IndustryCode::parse)
        .or_else(|| IndustryCode::parse(&upper))
        .or_else(|| industries().all().iter().find(|row| row.name == entry.trim()).map(|row| row.code))
        .or_else(|| i18n::industry_named(entry))
        .or_else(|| reader::read_trade(entry))
}

/// Parses a typed figure as the reader reads it: with separators, and with a unit of its own that converts to that of the field.
fn number(field: &str, typed: &str, of: Option<Unit>) -> Result<Value, FieldError> {
    let wrong = || FieldError::new(field, FieldCode::WrongType).with("expected", "number");
    let text: String = typed.nfkc().filter(|c| !matches!(c, ',' | ' ' | '_')).collect();
    // A bare number goes on as it was typed, so that too many places and signs are told.
    if let Some(number) = json_number(&text) {
        return Ok(Value::Number(number));
    }
    match reader::read_figure(typed, of.unwrap_or(Unit::Ratio)) {
        Ok(value) => Number::from_str(&value.to_string()).map(Value::Number).map_err(|_| wrong()),
        Err(FigureFault::NoNumber) => Err(wrong()),
        Err(FigureFault::Unit(unit)) => {
            Err(FieldError::new(field, FieldCode::UnknownUnit).with("value", typed).with("unit", unit))
        }
    }
}

/// Parses a bare number; JSON numbers have digits on both sides of the point: `.5` and `5.` are none.
fn json_number(text: &str) -> Option<Number> {
    let number = text.strip_prefix('+').unwrap_or(text);
    let number = if number.starts_with('.') { format!("0{number}") } else { number.trim_end_matches('.').to_owned() };
    Number::from_str(&number).ok()
}

#[cfg(test)]
mod tests {
    use super::{field, number, place};
    use domain::region::DivisionCode;
    use domain::unit::Unit;

    fn unit(input: &str) -> Option<Unit> {
        field(input.split('.').next()?)?.shape.unit()
    }

    #[test]
    fn numbers_are_taken_as_people_type_them() {
        for (field, typed, taken) in [
            ("tax_wan", "１，０００", "1000"),
            ("investment_wan", "1.2亿", "12000"),
            ("investment_wan", "1.2 亿元", "12000"),
            ("tax_wan", "500万元", "500"),
            ("tax_wan", "15000元", "1.5"),
            ("land_mu.min", "30亩", "30"),
            ("power_kva", "3,000 kVA", "3000"),
            ("plot_ratio", ".5", "0.5"),
            ("investment_wan", "5千万", "5000"),
            ("land_mu.min", "3公顷", "45"),
            ("power_kva", "2MVA", "2000"),
            ("floor_m2.min", "1.5万", "15000"),
            ("rent_yuan_m2_month_max", "2元/天", "60"),
            ("investment_wan", "200 million", "20000"),
            ("near.max_km", "30公里", "30"),
        ] {
            assert_eq!(number(field, typed, unit(field)).map(|it| it.to_string()), Ok(taken.to_owned()), "{typed}");
        }
        for typed in ["很多", "", "30-50", "1.2.3", "NaN"] {
            assert!(number("tax_wan", typed, unit("tax_wan")).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_place_is_shown_so_that_it_reads_back() {
        for code in ["330200", "110105", "330000", "419001"].map(|it| DivisionCode::parse(it).expect("known")) {
            assert_eq!(super::named_places(&place(code)), [code]);
        }
    }
}
