//! The reading: what was understood of a text, what was not, and what is to be asked (contract §5).

use serde::Serialize;

use crate::contact::Contact;
use crate::rate::Rate;
use crate::requirement::Requirement;

/// The result of reading a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reading {
    /// The draft of a requirement.
    pub requirement: Requirement,
    /// The contact of the writer.
    pub contact: Contact,
    /// The ranges that fields were read from, in the order of the text.
    pub spans: Vec<Span>,
    /// Ranges that no field took, numbers and whole clauses, in the order of the text.
    pub unread: Vec<Unread>,
    /// Questions about what is doubtful or missing.
    pub questions: Vec<Question>,
    /// The further needs of the text, in its order.
    pub others: Vec<Other>,
}

/// A further need of a text. `start` and `end` count Unicode scalar values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Other {
    /// The draft of its requirement, with what is said once for all needs.
    pub requirement: Requirement,
    /// Position of the first character of its part of the text.
    pub start: usize,
    /// Position behind the last character.
    pub end: usize,
}

/// A range of the text that a field was read from. `start` and `end` count Unicode scalar values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Span {
    /// A field of the requirement, or `contact.` and a field of the contact.
    pub field: &'static str,
    /// Position of the first character.
    pub start: usize,
    /// Position behind the last character.
    pub end: usize,
    /// The text of the range.
    pub text: String,
    /// The value that the field took from it; null where it led to a question.
    pub value: serde_json::Value,
    /// The rate by which an amount in a foreign currency was converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
}

/// A number or a clause that no field took. `start` and `end` count Unicode scalar values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Position of the first character.
    pub start: usize,
    /// Position behind the last character.
    pub end: usize,
    /// The text of the range.
    pub text: String,
}

/// A question to the writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The field that it is about.
    pub field: String,
    /// The stable code of the question.
    pub code: &'static str,
}
