//! A reading as the page echoes it: the text in pieces, questions, what was not used.

use std::collections::BTreeSet;

use domain::reader::{Question, Reading};
use serde::Serialize;

use super::fields::FieldView;
use crate::i18n::{self, Locale, field, say};

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The piece.
    pub text: String,
    /// `plain`, `read`, `corrected` or `unread`.
    pub state: &'static str,
    /// The field that it was read into.
    pub field: String,
    /// That field's label.
    pub label: String,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuestionView {
    /// The field that it is about.
    pub field: String,
    /// Its label.
    pub label: String,
    /// The question.
    pub message: String,
    /// Where to answer it, where the field is still blank.
    pub input: Option<FieldView>,
}

/// A reading in the reader's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadingView {
    /// The text from end to end.
    pub pieces: Vec<Piece>,
    /// What is asked.
    pub questions: Vec<QuestionView>,
    /// What was not used.
    pub unread: Vec<String>,
}

impl ReadingView {
    /// Cuts the text at its spans; a question whose field was corrected since is settled.
    #[must_use]
    pub fn new(locale: Locale, text: &str, reading: &Reading, corrected: &BTreeSet<String>) -> Self {
        let questions = reading.questions.iter().filter(|question| !corrected.contains(form_name(&question.field)));
        Self {
            pieces: pieces(locale, text, reading, corrected),
            questions: questions
                .map(|question| QuestionView {
                    field: form_name(&question.field).to_owned(),
                    label: label(locale, &question.field),
                    message: message(locale, question),
                    input: None,
                })
                .collect(),
            unread: reading.unread.iter().map(|unread| unread.text.clone()).collect(),
        }
    }
}

fn message(locale: Locale, question: &Question) -> String {
    let words = i18n::question(locale, question);
    if words.is_empty() { say(locale, "read.confirm", &[("field", &label(locale, &question.field))]) } else { words }
}

/// The form's name of a reader's field: `contact.phone` is `phone`, `contact.person` is `contact`.
fn form_name(field: &str) -> &str {
    match field.strip_prefix("contact.") {
        Some("person") => "contact",
        Some("phones") => "phone",
        Some(name) => name,
        None => field.split('.').next().unwrap_or(field),
    }
}

fn label(locale: Locale, name: &str) -> String {
    field(locale, name.strip_prefix("contact.").unwrap_or(name))
}

fn pieces(locale: Locale, text: &str, reading: &Reading, corrected: &BTreeSet<String>) -> Vec<Piece> {
    let characters: Vec<char> = text.chars().collect();
    let mut marks: Vec<(usize, usize, Option<&str>)> =
        reading.spans.iter().map(|span| (span.start, span.end, Some(span.field))).collect();
    marks.extend(reading.unread.iter().map(|unread| (unread.start, unread.end, None)));
    // Of two that overlap, the one that begins first and reaches farther is shown.
    marks.sort_by_key(|&(start, end, field)| (start, std::cmp::Reverse(end), field.is_none()));
    let mut pieces = Vec::new();
    let mut at = 0;
    let piece = |from: usize, to: usize| characters[from..to].iter().collect::<String>();
    let plain = |text: String| Piece { text, state: "plain", field: String::new(), label: String::new() };
    for (start, end, field) in marks {
        let end = end.min(characters.len());
        if start < at || start >= end {
            continue;
        }
        if start > at {
            pieces.push(plain(piece(at, start)));
        }
        let name = field.map_or("", form_name);
        let state = match field {
            None => "unread",
            Some(_) if corrected.contains(name) => "corrected",
            Some(_) => "read",
        };
        let label = field.map_or_else(String::new, |field| label(locale, field));
        pieces.push(Piece { text: piece(start, end), state, field: name.to_owned(), label });
        at = end;
    }
    if at < characters.len() {
        pieces.push(plain(piece(at, characters.len())));
    }
    pieces
}
