//! What texts by others showed to be misread, by subject, each kind with sentences of its own.

mod amounts;
mod clauses;
mod dates;
mod forms;
mod persons;
mod places;
mod sites;
mod trades;

use chrono::NaiveDate;
use domain::reader::read;
use serde_json::Value;

fn now() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

/// Returns the whole of what a text is read as.
fn found(text: &str) -> Value {
    serde_json::to_value(read(text, now())).expect("json")
}

/// Asserts fields of what a text is read as; `null` where it states none.
fn reads(text: &str, expected: &Value) {
    let found = found(text);
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(&found["requirement"][field], value, "{field} of {text}");
    }
}

/// Asserts that a text leads to a question about a field, by its code.
fn asks(text: &str, field: &str, code: &str) {
    let questions = read(text, now()).questions;
    assert!(questions.iter().any(|it| it.field == field && it.code == code), "{questions:?} of {text}");
}

/// Returns the parts of a text that are shown as unread.
fn unread(text: &str) -> Vec<String> {
    let found = found(text);
    let parts = found["unread"].as_array().expect("a list").iter();
    parts.map(|part| part["text"].as_str().expect("a text").to_owned()).collect()
}

/// Returns the person that a text names.
fn person(text: &str) -> Value {
    found(text)["contact"]["person"].clone()
}
