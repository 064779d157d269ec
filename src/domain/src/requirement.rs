//! The requirement of an enterprise in its JSON form (contract §4). Its fields are the table in `fields.rs`.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::decimal::Decimal;
use crate::field::Field;
use crate::json::JsonReader;

pub use crate::fault::{FieldCode, FieldError};
pub use crate::fields::{FIELDS, REQUIREMENT, Requirement};
pub use crate::value::{Near, Range};
pub use crate::vocabulary::{FireClass, ParkLevel, Tenure, Use};
pub use crate::word::Word;

/// Returns the row of a field by its JSON name.
#[must_use]
pub fn field(name: &str) -> Option<&'static Field> {
    REQUIREMENT.iter().find(|field| field.name == name)
}

impl Requirement {
    /// Reads a requirement from its JSON form; `null` equals absent.
    ///
    /// # Errors
    /// A [`FieldError`] for each fault, with its path relative to the requirement.
    pub fn from_json(json: &Value) -> Result<Self, Vec<FieldError>> {
        let Value::Object(object) = json else {
            return Err(vec![FieldError::new("", FieldCode::WrongType).with("expected", "object")]);
        };
        let mut reader = JsonReader::default();
        let mut it = Self::default();
        for (name, value) in object {
            match field(name).zip(it.slot(name)) {
                Some(_) if value.is_null() => {}
                Some((field, slot)) => slot.read(&mut reader, field, value),
                None => {
                    let error = FieldError::new(name, FieldCode::UnknownField);
                    reader.errors.push(error.with("accepted", FIELDS.join(", ")));
                }
            }
        }
        if reader.errors.is_empty() { Ok(it) } else { Err(reader.errors) }
    }

    /// Returns the figure of a field that holds one; `None` where it is absent, and for other fields.
    #[must_use]
    pub fn amount(&self, name: &str) -> Option<Decimal> {
        *self.value(name)?.any().downcast_ref::<Option<Decimal>>()?
    }

    /// Returns the range of a field that holds one; `None` where it is absent, and for other fields.
    #[must_use]
    pub fn range(&self, name: &str) -> Option<Range> {
        *self.value(name)?.any().downcast_ref::<Option<Range>>()?
    }

    /// Returns the slot of a field that holds one figure; `None` for other fields.
    #[must_use]
    pub fn amount_mut(&mut self, name: &str) -> Option<&mut Option<Decimal>> {
        self.slot(name)?.any_mut().downcast_mut()
    }

    /// Returns the JSON form, which [`Requirement::from_json`] reads back unchanged.
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{FieldCode, Requirement};

    fn codes(json: &Value) -> Vec<(String, FieldCode)> {
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
            ("available_by", FieldCode::BadDate),
            ("floor_m2.min", FieldCode::OutOfRange),
            ("industry", FieldCode::UnknownCode),
            ("land_mu.min", FieldCode::MinAboveMax),
            ("near.lat", FieldCode::OutOfRange),
            ("near.max_km", FieldCode::Missing),
            ("prefer.0", FieldCode::LegalCriterion),
            ("tax_wan", FieldCode::TooManyPlaces),
            ("tax_wn", FieldCode::UnknownField),
            ("use", FieldCode::UnknownWord),
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
