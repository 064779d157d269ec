//! Reads JSON values into typed entries, with every fault by its path.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use crate::decimal::{Decimal, DecimalError};
use crate::facility::Facility;
use crate::fault::{FieldCode, FieldError};
use crate::industry::IndustryCode;
use crate::region::DivisionCode;
use crate::shape::{LONGEST_LIST, NEAR, PLACES, Shape};
use crate::time::parse_day;
use crate::value::{Near, Range};
use crate::word::Word;

/// The smallest upper end of a range: a site has an area, so 0 is a slip.
const LEAST_MAX: &str = "0.0001";

/// Collects the errors of a requirement.
#[derive(Default)]
pub(crate) struct JsonReader {
    pub(crate) errors: Vec<FieldError>,
}

/// A value that a field holds, alone or as an entry of a list.
pub(crate) trait FromJson: Sized + PartialEq + 'static {
    /// Reads the value at a path; `None` adds at least one error, except for a range without ends.
    fn read(reader: &mut JsonReader, path: &str, value: &Value, shape: &Shape) -> Option<Self>;
}

impl JsonReader {
    fn fail<T>(&mut self, error: FieldError) -> Option<T> {
        self.errors.push(error);
        None
    }

    fn wrong_type<T>(&mut self, path: &str, expected: &str) -> Option<T> {
        self.fail(FieldError::new(path, FieldCode::WrongType).with("expected", expected))
    }

    fn number(&mut self, path: &str, value: &Value, least: Decimal, most: Decimal) -> Option<Decimal> {
        let Value::Number(number) = value else { return self.wrong_type(path, "number") };
        let text = number.to_string();
        let code = match Decimal::parse(&text) {
            Ok(parsed) if parsed.places() > PLACES => FieldCode::TooManyPlaces,
            Ok(parsed) if parsed < least || parsed > most => FieldCode::OutOfRange,
            Ok(parsed) => return Some(parsed),
            Err(DecimalError::TooManyPlaces) => FieldCode::TooManyPlaces,
            Err(DecimalError::OutOfRange) => FieldCode::OutOfRange,
            Err(DecimalError::NotANumber) => FieldCode::WrongType,
        };
        let error = FieldError::new(path, code).with("value", text).with("min", least.to_string());
        self.fail(error.with("max", most.to_string()).with("expected", "number"))
    }

    /// The members of an object; unknown names are errors, `null` equals absent.
    fn members<'v>(
        &mut self,
        path: &str,
        value: &'v Value,
        accepted: &[&str],
        expected: &str,
    ) -> Option<BTreeMap<&'v str, &'v Value>> {
        let Value::Object(object) = value else { return self.wrong_type(path, expected) };
        let mut members = BTreeMap::new();
        for (name, value) in object {
            if !accepted.contains(&name.as_str()) {
                let error = FieldError::new(format!("{path}.{name}"), FieldCode::UnknownField);
                self.errors.push(error.with("accepted", accepted.join(", ")));
            } else if !value.is_null() {
                members.insert(name.as_str(), value);
            }
        }
        Some(members)
    }

    fn text<'v>(&mut self, path: &str, value: &'v Value) -> Option<&'v str> {
        match value {
            Value::String(text) => Some(text),
            _ => self.wrong_type(path, "text"),
        }
    }

    fn parsed<T>(
        &mut self,
        path: &str,
        value: &Value,
        code: FieldCode,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(path, value)?;
        match parse(text) {
            Some(parsed) => Some(parsed),
            None => self.fail(FieldError::new(path, code).with("value", text)),
        }
    }

    /// A list without repeats, each entry read under its own path (`regions.0`).
    pub(crate) fn list<T: PartialEq>(
        &mut self,
        path: &str,
        value: &Value,
        read: impl Fn(&mut Self, &str, &Value) -> Option<T>,
    ) -> Vec<T> {
        let Value::Array(entries) = value else {
            self.wrong_type::<T>(path, "list");
            return Vec::new();
        };
        if entries.len() > LONGEST_LIST {
            self.errors.push(FieldError::new(path, FieldCode::TooMany).with("max", LONGEST_LIST.to_string()));
            return Vec::new();
        }
        let mut list = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            if let Some(read) = read(self, &format!("{path}.{at}"), entry)
                && !list.contains(&read)
            {
                list.push(read);
            }
        }
        list
    }
}

impl FromJson for Decimal {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, shape: &Shape) -> Option<Self> {
        reader.number(path, value, Self::ZERO, shape.most())
    }
}

impl FromJson for Range {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, shape: &Shape) -> Option<Self> {
        let members = reader.members(path, value, shape.parts(), "range")?;
        let mut end = |name: &str| {
            let value = members.get(name)?;
            Decimal::read(reader, &format!("{path}.{name}"), value, shape)
        };
        let range = Self { min: end("min"), max: end("max") };
        match range {
            Self { min: None, max: None } => None,
            Self { min: Some(min), max: Some(max) } if min > max => reader.fail(
                FieldError::new(format!("{path}.min"), FieldCode::MinAboveMax)
                    .with("min", min.to_string())
                    .with("max", max.to_string()),
            ),
            Self { max: Some(Decimal::ZERO), .. } => reader.fail(
                FieldError::new(format!("{path}.max"), FieldCode::OutOfRange)
                    .with("value", "0")
                    .with("min", LEAST_MAX)
                    .with("max", shape.most().to_string()),
            ),
            range => Some(range),
        }
    }
}

impl FromJson for Near {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, shape: &Shape) -> Option<Self> {
        let members = reader.members(path, value, shape.parts(), "near")?;
        let mut part = |(name, least, most): (&str, i64, i64)| {
            let path = format!("{path}.{name}");
            match members.get(name) {
                Some(value) => reader.number(&path, value, Decimal::from_int(least), Decimal::from_int(most)),
                None => reader.fail(FieldError::new(path, FieldCode::Missing)),
            }
        };
        let [lng, lat, max_km] = NEAR.map(&mut part);
        Some(Self { lng: lng?, lat: lat?, max_km: max_km? })
    }
}

impl<T: Word + PartialEq> FromJson for T {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, shape: &Shape) -> Option<Self> {
        let text = reader.text(path, value)?;
        let Some(word) = T::from_word(text) else {
            let error = FieldError::new(path, FieldCode::UnknownWord).with("value", text);
            return reader.fail(error.with("accepted", T::words().join(", ")));
        };
        match shape {
            Shape::Wishes { refuses, .. } if refuses(text) => {
                reader.fail(FieldError::new(path, FieldCode::LegalCriterion).with("value", text))
            }
            _ => Some(word),
        }
    }
}

impl FromJson for IndustryCode {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, _: &Shape) -> Option<Self> {
        reader.parsed(path, value, FieldCode::UnknownCode, Self::parse)
    }
}

impl FromJson for Facility {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, _: &Shape) -> Option<Self> {
        let text = reader.text(path, value)?;
        Self::parse(text).or_else(|| {
            let error = FieldError::new(path, FieldCode::UnknownWord).with("value", text);
            reader.fail(error.with("accepted", Self::VOCABULARY.words().join(", ")))
        })
    }
}

impl FromJson for DivisionCode {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, _: &Shape) -> Option<Self> {
        reader.parsed(path, value, FieldCode::UnknownCode, Self::parse)
    }
}

impl FromJson for NaiveDate {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, _: &Shape) -> Option<Self> {
        reader.parsed(path, value, FieldCode::BadDate, parse_day)
    }
}

impl FromJson for bool {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, _: &Shape) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            _ => reader.wrong_type(path, "true or false"),
        }
    }
}

impl FromJson for String {
    fn read(reader: &mut JsonReader, path: &str, value: &Value, shape: &Shape) -> Option<Self> {
        let text = reader.text(path, value)?;
        match shape {
            Shape::Text { longest } if text.chars().count() > *longest => {
                reader.fail(FieldError::new(path, FieldCode::TooLong).with("max", longest.to_string()))
            }
            _ => Some(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{FromJson as _, JsonReader};
    use crate::fault::FieldCode;
    use crate::shape::Shape;

    #[test]
    fn text_has_a_limit_in_characters() {
        let mut reader = JsonReader::default();
        let shape = Shape::Text { longest: 3 };
        assert_eq!(String::read(&mut reader, "capacity", &json!("三百吨"), &shape), Some("三百吨".to_owned()));
        assert_eq!(String::read(&mut reader, "capacity", &json!("三千百吨"), &shape), None);
        assert_eq!(String::read(&mut reader, "capacity", &json!(3), &shape), None);
        let codes: Vec<FieldCode> = reader.errors.into_iter().map(|error| error.code).collect();
        assert_eq!(codes, [FieldCode::TooLong, FieldCode::WrongType]);
    }
}
