//! What an enterprise needs: the requirement, its JSON form (contract §4) and what makes one invalid.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::decimal::{Decimal, DecimalError};
use crate::industry::IndustryCode;
use crate::kind::Kind;
use crate::matching::Criterion;
use crate::region::DivisionCode;
use crate::time::parse_day;

pub use crate::vocabulary::{ParkLevel, Tenure, Use};
pub use crate::word::Word;

/// A range with one or two ends, both inclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Decimal>,
    /// The most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Decimal>,
}

/// A place to be near to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Near {
    /// Degrees east.
    pub lng: Decimal,
    /// Degrees north.
    pub lat: Decimal,
    /// Kilometres at most, on the sphere.
    pub max_km: Decimal,
}

/// What an enterprise needs. Every field may be absent; amounts of money are 万元, per year where they are yearly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Which kinds of listing; empty: [`crate::matching`] decides by the areas asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// 用途
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub site_use: Option<Use>,
    /// GB/T 4754-2017 code of any level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<IndustryCode>,
    /// Land in mu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub land_mu: Option<Range>,
    /// Floor area in m².
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor_m2: Option<Range>,
    /// Tax a year that the enterprise will contribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_wan: Option<Decimal>,
    /// Fixed-asset investment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_investment_wan: Option<Decimal>,
    /// Total investment; carried, not judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub investment_wan: Option<Decimal>,
    /// Output a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_wan: Option<Decimal>,
    /// Value added a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_added_wan: Option<Decimal>,
    /// R&D spending, % of revenue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rd_percent: Option<Decimal>,
    /// Energy a year in tonnes of coal equivalent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_tce: Option<Decimal>,
    /// Pollutants a year in tonnes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emission_t: Option<Decimal>,
    /// 容积率
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plot_ratio: Option<Decimal>,
    /// Buy or lease.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenure: Option<Tenure>,
    /// Highest land price, 万元/亩.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_wan_per_mu_max: Option<Decimal>,
    /// Highest rent, 元/㎡/月.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rent_yuan_m2_month_max: Option<Decimal>,
    /// Power in kVA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_kva: Option<Decimal>,
    /// Clear height in m.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceiling_height_m: Option<Decimal>,
    /// Floor load in t/m².
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor_load_t_m2: Option<Decimal>,
    /// Wanted divisions; any of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<DivisionCode>,
    /// A place to be near to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub near: Option<Near>,
    /// Wanted levels of the park.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub park_levels: Vec<ParkLevel>,
    /// The last day by which the site must be free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_by: Option<NaiveDate>,
    /// Most to be spent on buying land or building, in all; carried, not judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_wan: Option<Decimal>,
    /// Desks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workstations: Option<Decimal>,
    /// Jobs; carried, not judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headcount: Option<Decimal>,
    /// Divisions not wanted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude_regions: Vec<DivisionCode>,
    /// Whether the project must lie in a chemical park.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chemical: Option<bool>,
    /// Criteria that are wishes and never exclude.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prefer: Vec<Criterion>,
}

/// The names of all fields, in the order in which they are shown.
pub const FIELDS: &[&str] = &[
    "kinds",
    "use",
    "industry",
    "land_mu",
    "floor_m2",
    "tax_wan",
    "fixed_investment_wan",
    "investment_wan",
    "output_wan",
    "value_added_wan",
    "rd_percent",
    "energy_tce",
    "emission_t",
    "plot_ratio",
    "tenure",
    "price_wan_per_mu_max",
    "rent_yuan_m2_month_max",
    "power_kva",
    "ceiling_height_m",
    "floor_load_t_m2",
    "regions",
    "near",
    "park_levels",
    "available_by",
    "budget_wan",
    "workstations",
    "headcount",
    "exclude_regions",
    "chemical",
    "prefer",
];

/// What is wrong with one field: a stable code and its arguments; the words are the catalogue's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where, `land_mu.min`.
    pub field: String,
    /// What: `unknown_field`, `wrong_type`, `out_of_range`, `too_many_places`, `min_above_max`, `unknown_code`,
    /// `unknown_word`, `bad_date`, `legal_criterion`, `too_many`, and the forms' own codes.
    pub code: &'static str,
    /// Named arguments of the sentence, such as `value` or `accepted`.
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    /// An error without arguments.
    #[must_use]
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code, args: Vec::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// The largest amount that a field takes; above it there is a slip of the unit.
const MOST: Decimal = Decimal::from_int(1_000_000_000);
/// More places than this are refused in a requirement.
const PLACES: usize = 4;
/// The longest list that a field takes.
const LONGEST: usize = 100;

impl Requirement {
    /// Reads a requirement from its JSON form; `null` equals absent.
    ///
    /// # Errors
    /// Every wrong field, not only the first, each with its path relative to the requirement.
    pub fn from_json(json: &Value) -> Result<Self, Vec<FieldError>> {
        let Value::Object(object) = json else {
            return Err(vec![FieldError::new("", "wrong_type").with("expected", "object")]);
        };
        let mut reader = FieldReader { errors: Vec::new() };
        let mut it = Self::default();
        for (name, value) in object {
            if value.is_null() && FIELDS.contains(&name.as_str()) {
                continue;
            }
            it.read_field(name, value, &mut reader);
        }
        if reader.errors.is_empty() { Ok(it) } else { Err(reader.errors) }
    }

    fn read_field(&mut self, name: &str, value: &Value, reader: &mut FieldReader) {
        match name {
            "kinds" => self.kinds = reader.words(name, value),
            "use" => self.site_use = reader.word(name, value),
            "industry" => self.industry = reader.code(name, value, IndustryCode::parse),
            "land_mu" => self.land_mu = reader.range(name, value),
            "floor_m2" => self.floor_m2 = reader.range(name, value),
            "regions" => self.regions = reader.codes(name, value),
            "exclude_regions" => self.exclude_regions = reader.codes(name, value),
            "near" => self.near = reader.near(name, value),
            "park_levels" => self.park_levels = reader.words(name, value),
            "available_by" => self.available_by = reader.day(name, value),
            "chemical" => self.chemical = reader.flag(name, value),
            "tenure" => self.tenure = reader.word(name, value),
            "prefer" => self.prefer = reader.preferences(name, value),
            "rd_percent" => self.rd_percent = reader.amount(name, value, Decimal::from_int(100)),
            _ => match self.amount_mut(name) {
                Some(slot) => *slot = reader.amount(name, value, MOST),
                None => reader.errors.push(FieldError::new(name, "unknown_field").with("accepted", FIELDS.join(", "))),
            },
        }
    }

    /// The slot of a field that holds one number; `None` for other fields.
    #[must_use]
    pub fn amount_mut(&mut self, name: &str) -> Option<&mut Option<Decimal>> {
        Some(match name {
            "tax_wan" => &mut self.tax_wan,
            "fixed_investment_wan" => &mut self.fixed_investment_wan,
            "investment_wan" => &mut self.investment_wan,
            "output_wan" => &mut self.output_wan,
            "value_added_wan" => &mut self.value_added_wan,
            "rd_percent" => &mut self.rd_percent,
            "energy_tce" => &mut self.energy_tce,
            "emission_t" => &mut self.emission_t,
            "plot_ratio" => &mut self.plot_ratio,
            "price_wan_per_mu_max" => &mut self.price_wan_per_mu_max,
            "rent_yuan_m2_month_max" => &mut self.rent_yuan_m2_month_max,
            "power_kva" => &mut self.power_kva,
            "ceiling_height_m" => &mut self.ceiling_height_m,
            "floor_load_t_m2" => &mut self.floor_load_t_m2,
            "budget_wan" => &mut self.budget_wan,
            "workstations" => &mut self.workstations,
            "headcount" => &mut self.headcount,
            _ => return None,
        })
    }

    /// The JSON form, which [`Requirement::from_json`] reads back unchanged.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Requirement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Self::from_json(&json).map_err(|errors| serde::de::Error::custom(format!("{errors:?}")))
    }
}

/// Reads JSON values into fields and gathers what is wrong with them.
struct FieldReader {
    errors: Vec<FieldError>,
}

impl FieldReader {
    fn fail<T>(&mut self, error: FieldError) -> Option<T> {
        self.errors.push(error);
        None
    }

    fn number(&mut self, field: &str, value: &Value, least: Decimal, most: Decimal) -> Option<Decimal> {
        let Value::Number(number) = value else {
            return self.fail(FieldError::new(field, "wrong_type").with("expected", "number"));
        };
        let text = number.to_string();
        let code = match Decimal::parse(&text) {
            Ok(parsed) if parsed.places() > PLACES => "too_many_places",
            Ok(parsed) if parsed < least || parsed > most => "out_of_range",
            Ok(parsed) => return Some(parsed),
            Err(DecimalError::TooManyPlaces) => "too_many_places",
            Err(DecimalError::OutOfRange) => "out_of_range",
            Err(DecimalError::NotANumber) => "wrong_type",
        };
        let error = FieldError::new(field, code)
            .with("value", text)
            .with("min", least.to_string())
            .with("max", most.to_string());
        self.fail(error.with("expected", "number"))
    }

    fn amount(&mut self, field: &str, value: &Value, most: Decimal) -> Option<Decimal> {
        self.number(field, value, Decimal::ZERO, most)
    }

    fn members<'v>(
        &mut self,
        field: &str,
        value: &'v Value,
        accepted: &[&str],
    ) -> Option<BTreeMap<&'v str, &'v Value>> {
        let Value::Object(object) = value else {
            return self.fail(FieldError::new(field, "wrong_type").with("expected", "object"));
        };
        let mut members = BTreeMap::new();
        for (name, value) in object {
            if !accepted.contains(&name.as_str()) {
                self.errors.push(
                    FieldError::new(format!("{field}.{name}"), "unknown_field").with("accepted", accepted.join(", ")),
                );
            } else if !value.is_null() {
                members.insert(name.as_str(), value);
            }
        }
        Some(members)
    }

    fn range(&mut self, field: &str, value: &Value) -> Option<Range> {
        let members = self.members(field, value, &["min", "max"])?;
        let mut end =
            |name: &str| members.get(name).and_then(|value| self.amount(&format!("{field}.{name}"), value, MOST));
        let range = Range { min: end("min"), max: end("max") };
        match range {
            Range { min: None, max: None } => None,
            Range { min: Some(min), max: Some(max) } if min > max => self.fail(
                FieldError::new(format!("{field}.min"), "min_above_max")
                    .with("min", min.to_string())
                    .with("max", max.to_string()),
            ),
            // Nothing has no area: a requirement for at most 0 is a slip.
            Range { max: Some(Decimal::ZERO), .. } => self.fail(
                FieldError::new(format!("{field}.max"), "out_of_range")
                    .with("value", "0")
                    .with("min", "0.0001")
                    .with("max", MOST.to_string()),
            ),
            range => Some(range),
        }
    }

    fn near(&mut self, field: &str, value: &Value) -> Option<Near> {
        let members = self.members(field, value, &["lng", "lat", "max_km"])?;
        let mut part = |name: &str, least: i64, most: i64| match members.get(name) {
            Some(value) => {
                self.number(&format!("{field}.{name}"), value, Decimal::from_int(least), Decimal::from_int(most))
            }
            None => self.fail(FieldError::new(format!("{field}.{name}"), "missing")),
        };
        let (lng, lat, max_km) = (part("lng", -180, 180), part("lat", -90, 90), part("max_km", 0, 20_100));
        Some(Near { lng: lng?, lat: lat?, max_km: max_km? })
    }

    fn text<'v>(&mut self, field: &str, value: &'v Value) -> Option<&'v str> {
        match value {
            Value::String(text) => Some(text),
            _ => self.fail(FieldError::new(field, "wrong_type").with("expected", "text")),
        }
    }

    fn word<T: Word>(&mut self, field: &str, value: &Value) -> Option<T> {
        let text = self.text(field, value)?;
        match T::from_word(text) {
            Some(word) => Some(word),
            None => {
                let accepted: Vec<&str> = T::WORDS.iter().map(|(word, _)| *word).collect();
                self.fail(
                    FieldError::new(field, "unknown_word").with("value", text).with("accepted", accepted.join(", ")),
                )
            }
        }
    }

    fn code<T>(&mut self, field: &str, value: &Value, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(field, value)?;
        match parse(text) {
            Some(code) => Some(code),
            None => self.fail(FieldError::new(field, "unknown_code").with("value", text)),
        }
    }

    /// A list without repeats, each entry read by `read` under its own path (`regions.0`).
    fn list<T: PartialEq>(
        &mut self,
        field: &str,
        value: &Value,
        read: impl Fn(&mut Self, &str, &Value) -> Option<T>,
    ) -> Vec<T> {
        let Value::Array(entries) = value else {
            self.errors.push(FieldError::new(field, "wrong_type").with("expected", "list"));
            return Vec::new();
        };
        if entries.len() > LONGEST {
            self.errors.push(FieldError::new(field, "too_many").with("max", LONGEST.to_string()));
            return Vec::new();
        }
        let mut list = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            if let Some(read) = read(self, &format!("{field}.{at}"), entry)
                && !list.contains(&read)
            {
                list.push(read);
            }
        }
        list
    }

    fn words<T: Word + PartialEq>(&mut self, field: &str, value: &Value) -> Vec<T> {
        self.list(field, value, Self::word)
    }

    fn codes(&mut self, field: &str, value: &Value) -> Vec<DivisionCode> {
        self.list(field, value, |reader, field, value| reader.code(field, value, DivisionCode::parse))
    }

    fn preferences(&mut self, field: &str, value: &Value) -> Vec<Criterion> {
        self.list(field, value, |reader, field, value| {
            let criterion: Criterion = reader.word(field, value)?;
            if criterion.is_legal() {
                return reader.fail(FieldError::new(field, "legal_criterion").with("value", criterion.id()));
            }
            Some(criterion)
        })
    }

    fn day(&mut self, field: &str, value: &Value) -> Option<NaiveDate> {
        let text = self.text(field, value)?;
        match parse_day(text) {
            Some(day) => Some(day),
            None => self.fail(FieldError::new(field, "bad_date").with("value", text)),
        }
    }

    fn flag(&mut self, field: &str, value: &Value) -> Option<bool> {
        match value {
            Value::Bool(flag) => Some(*flag),
            _ => self.fail(FieldError::new(field, "wrong_type").with("expected", "true or false")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Requirement;

    fn codes(json: &Value) -> Vec<(String, &'static str)> {
        Requirement::from_json(json).expect_err("invalid").into_iter().map(|e| (e.field, e.code)).collect()
    }

    #[test]
    fn every_wrong_field_is_named_with_its_code() {
        let json: Value = serde_json::from_str(
            r#"{"land_mu":{"min":50,"max":30},"tax_wan":1.00001,"tax_wn":1,"use":"farm","industry":"9999",
                "prefer":["use"],"available_by":"2027-13-01","floor_m2":{"min":-1},"near":{"lng":1,"lat":91}}"#,
        )
        .expect("json");
        let mut found = codes(&json);
        found.sort();
        let expected = [
            ("available_by", "bad_date"),
            ("floor_m2.min", "out_of_range"),
            ("industry", "unknown_code"),
            ("land_mu.min", "min_above_max"),
            ("near.lat", "out_of_range"),
            ("near.max_km", "missing"),
            ("prefer.0", "legal_criterion"),
            ("tax_wan", "too_many_places"),
            ("tax_wn", "unknown_field"),
            ("use", "unknown_word"),
        ];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn null_equals_absent_and_json_reads_back_unchanged() {
        let json =
            json!({"use": null, "land_mu": {"min": 30, "max": null}, "regions": ["330000"], "prefer": ["price"]});
        let read = Requirement::from_json(&json).expect("valid");
        assert_eq!(read.to_json(), json!({"land_mu": {"min": 30}, "prefer": ["price"], "regions": ["330000"]}));
        assert_eq!(Requirement::from_json(&read.to_json()), Ok(read));
    }
}
