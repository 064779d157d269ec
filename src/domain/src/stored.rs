//! Stored forms that may be newer or older than this program: what it does not know is kept as it is and given back
//! unchanged.
//!
//! During a rolling update, after a rollback, and after a change of the official code lists, a database holds words, fields
//! and codes of another version.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::requirement::{Requirement, Word};

/// A stored word of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stored<T> {
    /// A word of this program's enumeration.
    Known(T),
    /// A word of another version, verbatim.
    Unknown(String),
}

impl<T: Word + PartialEq> Stored<T> {
    /// Reads a word; never fails.
    #[must_use]
    pub fn read(word: &str) -> Self {
        T::from_word(word).map_or_else(|| Self::Unknown(word.to_owned()), Self::Known)
    }

    /// Returns the value; `None` for a word of another version.
    #[must_use]
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Unknown(_) => None,
        }
    }

    /// Returns the word as it is stored.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Known(value) => value.word(),
            Self::Unknown(word) => word,
        }
    }
}

impl<T> From<T> for Stored<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: PartialEq> PartialEq<T> for Stored<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Known(value) if value == other)
    }
}

impl<T: Word + PartialEq> fmt::Display for Stored<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl<T: Word + PartialEq> Serialize for Stored<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// A part of a stored requirement that this program does not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPart {
    /// The top-level field; empty where the whole is no JSON object.
    pub field: String,
    /// The value verbatim; of a list of codes the codes that are not known.
    pub value: Value,
}

impl UnknownPart {
    /// Returns the value as text: strings bare, lists of strings joined by commas, anything else as JSON.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Array(entries) if entries.iter().all(Value::is_string) => {
                entries.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
            }
            other => other.to_string(),
        }
    }
}

/// A stored requirement: the part that this program understands, and the whole as it was stored.
///
/// Invariant: [`StoredRequirement::to_json`] equals the JSON that was read, and `known` is what
/// [`Requirement::from_json`] makes of it without the parts in [`StoredRequirement::kept`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequirement {
    known: Requirement,
    json: Value,
    kept: Vec<UnknownPart>,
}

impl StoredRequirement {
    /// Reads the text of the stored column; text that is no JSON is kept as one string.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::read(serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())))
    }

    /// Reads stored JSON; never fails.
    #[must_use]
    pub fn read(json: Value) -> Self {
        if let Ok(known) = Requirement::from_json(&json) {
            return Self { known, json, kept: Vec::new() };
        }
        let (known, kept) = match &json {
            Value::Object(fields) => understand(fields),
            other => (Requirement::default(), vec![UnknownPart { field: String::new(), value: other.clone() }]),
        };
        Self { known, json, kept }
    }

    /// Returns the part that matching and pages work with.
    #[must_use]
    pub const fn known(&self) -> &Requirement {
        &self.known
    }

    /// Returns the parts that only another version understands, in the order in which they are stored.
    #[must_use]
    pub fn kept(&self) -> &[UnknownPart] {
        &self.kept
    }

    /// Returns the JSON as it was read, unknown fields and retired codes included.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.json.clone()
    }
}

impl From<Requirement> for StoredRequirement {
    fn from(known: Requirement) -> Self {
        Self { json: known.to_json(), known, kept: Vec::new() }
    }
}

impl Serialize for StoredRequirement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

/// Divides fields into those that are understood and those that are kept.
fn understand(fields: &Map<String, Value>) -> (Requirement, Vec<UnknownPart>) {
    let (mut known, mut kept) = (Map::new(), Vec::new());
    for (field, value) in fields {
        match (alone(field, value), value) {
            (true, _) => {
                known.insert(field.clone(), value.clone());
            }
            (false, Value::Array(entries)) => {
                let one = |entry: &Value| alone(field, &Value::Array(vec![entry.clone()]));
                let (used, rest): (Vec<Value>, Vec<Value>) = entries.iter().cloned().partition(one);
                if !used.is_empty() && alone(field, &Value::Array(used.clone())) {
                    known.insert(field.clone(), Value::Array(used));
                    kept.push(UnknownPart { field: field.clone(), value: Value::Array(rest) });
                } else {
                    kept.push(UnknownPart { field: field.clone(), value: value.clone() });
                }
            }
            // Never a part of an object: a range with a third member may mean another unit.
            (false, _) => kept.push(UnknownPart { field: field.clone(), value: value.clone() }),
        }
    }
    together(known, kept)
}

/// Whether a field is understood without the others.
fn alone(field: &str, value: &Value) -> bool {
    let only = Map::from_iter([(field.to_owned(), value.clone())]);
    Requirement::from_json(&Value::Object(only)).is_ok()
}

/// Parses fields that are each understood; one that contradicts another is kept and not used.
fn together(mut known: Map<String, Value>, mut kept: Vec<UnknownPart>) -> (Requirement, Vec<UnknownPart>) {
    loop {
        let errors = match Requirement::from_json(&Value::Object(known.clone())) {
            Ok(requirement) => return (requirement, kept),
            Err(errors) => errors,
        };
        let at_fault =
            errors.iter().filter_map(|error| error.field.split('.').next()).find(|it| known.contains_key(*it));
        let Some(field) = at_fault.map(str::to_owned).or_else(|| known.keys().next().cloned()) else {
            return (Requirement::default(), kept);
        };
        if let Some(value) = known.remove(&field) {
            kept.push(UnknownPart { field, value });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::{Stored, StoredRequirement};
    use crate::lead::Stage;
    use crate::requirement::Requirement;

    #[test]
    fn an_unknown_word_is_no_value_and_stays_as_it_is() {
        let stage = Stored::<Stage>::read("financed");
        assert_eq!((stage.known(), stage.word()), (None, "financed"));
        assert_eq!(Stored::<Stage>::read("visited"), Stored::Known(Stage::Visited));
        assert!(stage != Stage::Visited && Stored::<Stage>::read("visited") == Stage::Visited);
        assert_eq!(serde_json::to_value(&stage).expect("JSON"), json!("financed"));
    }

    #[test]
    fn what_is_not_understood_is_kept_and_the_rest_is_used() {
        let json = json!({
            "regions": ["330200", "999999"], "cabin_t": 20, "land_mu": { "min": 20, "max": 40 },
            "floor_m2": { "min": 1, "unit": "ha" }, "industry": "0000", "tax_wan": 500,
        });
        let stored = StoredRequirement::read(json.clone());
        let used = json!({ "regions": ["330200"], "land_mu": { "min": 20, "max": 40 }, "tax_wan": 500 });
        assert_eq!(stored.known(), &Requirement::from_json(&used).expect("a requirement"));
        let mut kept: Vec<_> = stored.kept().iter().map(|kept| format!("{} {}", kept.field, kept.text())).collect();
        kept.sort();
        assert_eq!(kept, ["cabin_t 20", "floor_m2 {\"min\":1,\"unit\":\"ha\"}", "industry 0000", "regions 999999"]);
        assert_eq!(stored.to_json(), json);
    }

    #[test]
    fn text_that_is_no_requirement_at_all_is_kept() {
        for text in ["[1]", "null", "{\"land_mu\"", ""] {
            let stored = StoredRequirement::parse(text);
            assert_eq!((stored.known(), stored.kept().len()), (&Requirement::default(), 1), "{text}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[a-z0-9]{0,6}".prop_map(Value::from),
            prop::sample::select(vec!["330200", "36", "plot", "buy", "production", "2027-03-01"]).prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("min|max|lng|lat|max_km|[a-z]{1,4}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn field() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => prop::sample::select(crate::requirement::FIELDS.to_vec()).prop_map(str::to_owned),
            1 => "[a-z_]{1,8}",
        ]
    }

    proptest! {
        #[test]
        fn any_object_comes_back_unchanged(fields in prop::collection::btree_map(field(), any_json(), 0..12)) {
            let whole = Value::Object(fields.into_iter().collect());
            let stored = StoredRequirement::parse(&whole.to_string());
            prop_assert_eq!(stored.to_json(), whole.clone());
            prop_assert_eq!(serde_json::to_value(&stored).expect("JSON"), whole.clone());
            // Nothing vanishes: each field is used whole, or named among the kept ones.
            let used = stored.known().to_json();
            for (field, value) in whole.as_object().expect("an object") {
                let is_kept = stored.kept().iter().any(|kept| kept.field == *field);
                // `null` equals absent, in a range's ends too.
                let has_no_part = |object: &Map<String, Value>| object.values().all(Value::is_null);
                let is_silent = value.is_null() || *value == json!([]) || value.as_object().is_some_and(has_no_part);
                prop_assert!(is_kept || is_silent || used.get(field).is_some(), "{} of {}", field, whole);
            }
        }
    }
}
