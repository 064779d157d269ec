//! Free text to a requirement: normalise, lexer, quantity, phrase, assemble. No model, no network, one answer a text.

use chrono::NaiveDate;
use serde::Serialize;

use crate::contact::Contact;
use crate::requirement::Requirement;

/// What was understood of a text, what was not, and what is to be asked (contract §5).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reading {
    /// The draft.
    pub requirement: Requirement,
    /// Who asks.
    pub contact: Contact,
    /// The pieces understood, by their place in the text.
    pub spans: Vec<Span>,
    /// Numbers that no field took, by their place in the text.
    pub unread: Vec<Unread>,
    /// What is doubtful or lacking.
    pub questions: Vec<Question>,
}

/// A piece of the text that a field was read from. `start` and `end` count Unicode scalar values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Span {
    /// A field of the requirement or `contact.` and a field of the contact.
    pub field: String,
    /// Of the first character.
    pub start: usize,
    /// After the last character.
    pub end: usize,
    /// The piece itself.
    pub text: String,
    /// What it gave.
    pub value: serde_json::Value,
}

/// A piece of the text that was seen and not understood. `start` and `end` count Unicode scalar values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Of the first character.
    pub start: usize,
    /// After the last character.
    pub end: usize,
    /// The piece itself.
    pub text: String,
}

/// Something to ask the writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The field that it is about.
    pub field: String,
    /// Which question; the words follow from it.
    pub code: &'static str,
    /// The question in Chinese.
    pub message: String,
}

/// Reads a text; `now` anchors relative dates.
#[must_use]
pub fn read(text: &str, now: NaiveDate) -> Reading {
    let _ = (text, now);
    Reading::default()
}
