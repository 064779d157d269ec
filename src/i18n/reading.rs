//! Readings of free text with the sentences of their questions, as the API and `luodi read` print them.

use domain::contact::Contact;
use domain::reader::{Other, Question, Reading, Span, Unread};
use domain::requirement::Requirement;
use serde::Serialize;

use super::{Locale, has, tell};

/// A [`Reading`] whose questions have a `message` (contract §5).
#[derive(Debug, Serialize)]
pub struct WordedReading<'r> {
    requirement: &'r Requirement,
    contact: &'r Contact,
    spans: &'r [Span],
    unread: &'r [Unread],
    questions: Vec<WordedQuestion<'r>>,
    others: &'r [Other],
}

#[derive(Debug, Serialize)]
struct WordedQuestion<'r> {
    field: &'r str,
    code: &'static str,
    message: String,
}

/// Sentence of a question; empty for a code that only asks to confirm the field.
#[must_use]
pub fn question(locale: Locale, question: &Question) -> String {
    let key = format!("question.{}", question.code);
    if has(&key) { tell(locale, &key) } else { String::new() }
}

/// Adds the sentences to a reading.
#[must_use]
pub fn worded_reading(locale: Locale, reading: &Reading) -> WordedReading<'_> {
    let Reading { requirement, contact, spans, unread, questions, others } = reading;
    let worded = |it: &'_ Question| question(locale, it);
    let questions =
        questions.iter().map(|it| WordedQuestion { field: &it.field, code: it.code, message: worded(it) }).collect();
    WordedReading { requirement, contact, spans, unread, questions, others }
}
