//! Words of domain codes: enumerations, columns, fields, errors, and requirements line by line.

use domain::decimal::Decimal;
use domain::import::{HeaderCode, HeaderFault, Note};
use domain::industry::IndustryCode;
use domain::record::CellReason;
use domain::region::DivisionCode;
use domain::requirement::{self, FIELDS, FieldCode, FieldError, Range, Requirement, Word as _};
use domain::shape::Shape;
use domain::stored::StoredRequirement;
use domain::unit::Unit;
use serde::Serialize;
use serde_json::Value;

use super::format::{beside_hectares, hectares};
use super::{LandUnit, Locale, Notation, catalogue, date, division_alone, grouped, has, industry, quantity, say, tell};

/// One labelled value of a requirement or listing, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelledValue {
    /// Name of the field or column.
    pub name: String,
    /// Label in words.
    pub label: String,
    /// Value in words.
    pub value: String,
}

/// Word of an enumeration (`group` is `kind`, `use`, `tenure`, `level`, `status`, `verdict`, `stage` …); an unknown
/// code is returned unchanged.
#[must_use]
pub fn word(locale: Locale, group: &str, word: &str) -> String {
    let key = format!("{group}.{word}");
    catalogue(locale).sentence(&key).unwrap_or(word).to_owned()
}

/// Label of a requirement or form field, `land_mu` or `land_mu.min`.
#[must_use]
pub fn field(locale: Locale, name: &str) -> String {
    let name = name.strip_prefix("requirement.").unwrap_or(name);
    let whole = format!("field.{name}");
    if has(&whole) {
        return tell(locale, &whole);
    }
    let first = name.split('.').next().unwrap_or_default();
    let key = format!("field.{first}");
    if has(&key) { tell(locale, &key) } else { name.to_owned() }
}

/// Label of a table column; of a figure per mu one that fits the unit of area that the reader chose.
#[must_use]
pub fn column(notation: impl Into<Notation>, name: &str) -> String {
    let Notation { locale, units } = notation.into();
    let by_area = format!("by_area.{name}");
    if matches!(units.land, LandUnit::Ha | LandUnit::M2) && has(&by_area) {
        return tell(locale, &by_area);
    }
    word(locale, "column", name)
}

/// The unit of a column in words, `万元/亩`; blank for a ratio.
#[must_use]
pub fn unit_words(locale: Locale, unit: Unit) -> String {
    unit_label(locale, unit.word())
}

/// As [`unit_words`], of any unit that [`quantity`] takes.
#[must_use]
pub fn unit_label(locale: Locale, unit: &str) -> String {
    let bare = |key: &str| tell(locale, key).replace("{n}", "").trim().to_owned();
    match unit.split_once("wan/") {
        Some((_, per)) => format!("{}{}", bare("unit.wan"), tell(locale, &format!("unit.per.{per}"))),
        None => bare(&format!("unit.{}", unit.replace('/', "_per_"))),
    }
}

/// Sentence of a field error.
#[must_use]
pub fn field_error(locale: Locale, error: &FieldError) -> String {
    if error.code == FieldCode::UnlawfulPromise {
        let arg = |wanted: &str| error.args.iter().find(|(name, _)| *name == wanted).map_or("", |(_, value)| value);
        return promise_words(locale, "error.field.unlawful_promise", arg("code"), arg("value"));
    }
    let args: Vec<(&str, String)> =
        error.args.iter().map(|(name, value)| (*name, argument(locale, name, value))).collect();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    say(locale, &format!("error.field.{}", error.code.word()), &args)
}

/// The sentence about a forbidden promise: the words, why they are forbidden, and the wording to use.
/// Returns why a promise is forbidden and the wording to use instead.
#[must_use]
pub fn promise(locale: Locale, code: &str, value: &str) -> String {
    promise_words(locale, "import.cell.promise_held", code, value)
}

fn promise_words(locale: Locale, key: &str, code: &str, value: &str) -> String {
    let (why, wording) = (tell(locale, &format!("promise.{code}.why")), tell(locale, &format!("promise.{code}.use")));
    say(locale, key, &[("value", value), ("why", &why), ("use", &wording)])
}

/// An argument in words: the expected type has a sentence of its own, a list of names may be empty.
fn argument(locale: Locale, name: &str, value: &str) -> String {
    match name {
        "expected" => word(locale, "error.expected", &value.replace(' ', "_")),
        "unit" => word(locale, "suffix", value),
        "accepted" if value.is_empty() => tell(locale, "format.none"),
        _ => value.to_owned(),
    }
}

/// Returns the sentence of a remark on an imported cell.
#[must_use]
pub fn import_note(locale: Locale, note: &Note) -> String {
    if let (CellReason::UnlawfulPromise, Some(code)) = (note.code, note.detail.first()) {
        return promise_words(locale, "import.cell.unlawful_promise", code, &note.value);
    }
    if note.code == CellReason::PromiseHeld {
        let held = note.detail.chunks_exact(2).map(|it| promise(locale, &it[0], &it[1]));
        return held.collect::<Vec<_>>().join(" ");
    }
    let names = note.detail.join(&tell(locale, "format.list"));
    let is_new_value = matches!(
        note.code,
        CellReason::Converted | CellReason::Normalised | CellReason::Renamed | CellReason::SeveralParks
    );
    let detail = match (is_new_value, names.is_empty()) {
        (true, _) => names,
        (false, true) => String::new(),
        (false, false) => say(locale, "import.cell.near", &[("names", &names)]),
    };
    say(locale, &format!("import.cell.{}", note.code.word()), &[("value", &note.value), ("detail", &detail)])
}

/// Returns the sentence of a refused header: every fault, with the nearest names.
#[must_use]
pub fn header_faults(locale: Locale, kind: &str, faults: &[HeaderFault]) -> String {
    let list = tell(locale, "format.list");
    let sentence = |fault: &HeaderFault| {
        let names = fault.nearest.join(&list);
        let nearest = match fault.code {
            HeaderCode::Missing => names,
            _ if names.is_empty() => String::new(),
            _ => say(locale, "import.header.nearest", &[("names", &names)]),
        };
        say(locale, &format!("import.header.{}", fault.code.word()), &[("name", &fault.name), ("nearest", &nearest)])
    };
    let faults = faults.iter().map(sentence).collect::<Vec<_>>().join(&list);
    say(locale, "import.header.refused", &[("faults", &faults), ("kind", kind)])
}

/// All fields of a requirement in display order. Never contact data.
#[must_use]
pub fn requirement_facts(notation: impl Into<Notation>, requirement: &Requirement) -> Vec<LabelledValue> {
    let notation = notation.into();
    let Value::Object(json) = requirement.to_json() else { return Vec::new() };
    FIELDS
        .iter()
        .filter_map(|&name| {
            let value = requirement_value(notation, name, json.get(name)?);
            Some(LabelledValue { name: name.to_owned(), label: field(notation.locale, name), value })
        })
        .collect()
}

/// Returns everything that a stored requirement states: the known fields in words, then those of another version by name
/// and value.
#[must_use]
pub fn stored_facts(locale: Locale, stored: &StoredRequirement) -> Vec<LabelledValue> {
    let kept = stored.kept().iter().map(|kept| LabelledValue {
        name: kept.field.clone(),
        label: field(locale, &kept.field),
        value: kept.text(),
    });
    requirement_facts(locale, stored.known()).into_iter().chain(kept).collect()
}

/// Returns a requirement in one short line: area, industry or use, amounts, region (`30–50 亩·汽车零部件·1.2 亿元`).
#[must_use]
pub fn need(locale: Locale, stored: &StoredRequirement) -> String {
    const SHOWN: [&[&str]; 5] = [
        &["land_mu", "floor_m2", "workstations"],
        &["industry", "use"],
        &["investment_wan", "fixed_investment_wan"],
        &["tax_wan"],
        &["regions"],
    ];
    let facts = stored_facts(locale, stored);
    let first = |names: &&[&str]| names.iter().find_map(|name| facts.iter().find(|fact| fact.name == *name));
    let values: Vec<&str> = SHOWN.iter().filter_map(first).map(|fact| fact.value.as_str()).collect();
    if values.is_empty() {
        return facts.first().map_or_else(String::new, |fact| fact.value.clone());
    }
    values.join("·")
}

/// Returns what the subject of an inquiry's mail tells: industry or use, area, tax per year, as far as they are stated
/// (`汽车零部件及配件制造｜30–60亩｜年税1000万`).
#[must_use]
pub fn headline(locale: Locale, stored: &StoredRequirement) -> String {
    let facts = requirement_facts(locale, stored.known());
    let first = |names: &[&str]| names.iter().find_map(|name| facts.iter().find(|fact| fact.name == *name));
    // The code in brackets is for forms.
    let trade =
        first(&["industry", "use"]).map(|fact| fact.value.split(['(', '（']).next().unwrap_or_default().to_owned());
    let area = first(&["land_mu", "floor_m2", "workstations"]).map(|fact| fact.value.replace(' ', ""));
    let tax = stored.known().tax_wan.map(|tax| say(locale, "mail.headline_tax", &[("value", &tax.to_string())]));
    [trade, area, tax].into_iter().flatten().collect::<Vec<_>>().join("｜")
}

/// Returns one field's value in words, from its JSON form.
#[must_use]
pub fn requirement_value(notation: impl Into<Notation>, name: &str, value: &Value) -> String {
    let notation = notation.into();
    let locale = notation.locale;
    let Some(shape) = requirement::field(name).map(|field| field.shape) else { return value.to_string() };
    let unit = shape.unit().unwrap_or(Unit::Ratio).word();
    match value {
        Value::Array(entries) => {
            let words: Vec<String> = entries.iter().map(|entry| entry_in_words(locale, shape, entry)).collect();
            words.join(&tell(locale, "format.list"))
        }
        Value::Object(near) if matches!(shape, Shape::Near) => {
            let part = |part: &str| near.get(part).map(ToString::to_string).unwrap_or_default();
            say(locale, "format.near", &[("lng", &part("lng")), ("lat", &part("lat")), ("km", &part("max_km"))])
        }
        Value::Object(_) => range(notation, value, unit),
        Value::Number(number) => amount(notation, &number.to_string(), unit),
        Value::Bool(flag) => tell(locale, if *flag { "format.yes" } else { "format.no" }),
        Value::String(_) | Value::Null => entry_in_words(locale, shape, value),
    }
}

fn entry_in_words(locale: Locale, shape: Shape, entry: &Value) -> String {
    let Value::String(text) = entry else { return entry.to_string() };
    let known = match shape {
        Shape::Divisions => DivisionCode::parse(text).map(|code| division_alone(locale, code)),
        Shape::Industry => IndustryCode::parse(text).map(|code| industry(locale, code)),
        Shape::Day => domain::time::parse_day(text).map(|day| date(locale, day)),
        _ => shape.vocabulary().map(|vocabulary| word(locale, vocabulary.group, text)),
    };
    known.unwrap_or_else(|| text.clone())
}

fn amount(notation: Notation, digits: &str, unit: &str) -> String {
    Decimal::parse(digits).map_or_else(|_| digits.to_owned(), |number| quantity(notation, number, unit))
}

fn range(notation: Notation, value: &Value, unit: &str) -> String {
    let end = |name: &str| value.get(name).and_then(|end| Decimal::parse(&end.to_string()).ok());
    range_in_words(notation, Range { min: end("min"), max: end("max") }, unit)
}

/// Range with its unit: `30–50 亩`, `至少 30 亩`, `至多 50 亩`.
#[must_use]
pub fn range_in_words(notation: impl Into<Notation>, range: Range, unit: &str) -> String {
    let notation = notation.into();
    let locale = notation.locale;
    let between = |min: &str, max: &str| say(locale, "format.between", &[("min", min), ("max", max)]);
    match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => quantity(notation, min, unit),
        (Some(min), Some(max)) if unit == "mu" && locale == Locale::En && notation.units.land == LandUnit::Usual => {
            let mu = say(locale, "unit.mu", &[("n", &between(&grouped(min), &grouped(max)))]);
            beside_hectares(locale, &between(&hectares(min), &hectares(max)), &mu)
        }
        (Some(min), Some(max)) => {
            between(&grouped(notation.units.converted(min, unit).0), &quantity(notation, max, unit))
        }
        (Some(min), None) => say(locale, "format.at_least", &[("min", &quantity(notation, min, unit))]),
        (None, Some(max)) => say(locale, "format.at_most", &[("max", &quantity(notation, max, unit))]),
        (None, None) => tell(locale, "format.silent"),
    }
}
