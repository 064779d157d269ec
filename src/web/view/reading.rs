//! Views of a reading: the text in pieces, questions, unread parts.

use std::collections::BTreeSet;

use domain::reader::{Question, Reading, Span, Unread};
use serde::Serialize;

use super::fields::FieldView;
use crate::i18n::{self, Locale, date, field, say};

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The characters of the piece.
    pub text: String,
    /// `plain`, `read`, `corrected` or `unread`.
    pub state: &'static str,
    /// The field that was read from it; blank without one.
    pub field: String,
    /// The field's label.
    pub label: String,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuestionView {
    /// The field in question.
    pub field: String,
    /// The field's label.
    pub label: String,
    /// The question in words.
    pub message: String,
    /// The input for the answer; none for a field that is filled.
    pub input: Option<FieldView>,
}

/// A reading in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadingView {
    /// The whole text.
    pub pieces: Vec<Piece>,
    /// The open questions.
    pub questions: Vec<QuestionView>,
    /// The parts of the text that no field uses.
    pub unread: Vec<String>,
    /// The rates by which foreign amounts were converted, in words.
    pub rates: Vec<String>,
}

impl ReadingView {
    /// Cuts the text at its spans; questions on fields that were edited since are dropped.
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
            unread: told(text, reading).map(|unread| unread.text.clone()).collect(),
            rates: reading.spans.iter().filter_map(|span| rate(locale, span)).collect(),
        }
    }
}

/// Returns the unread parts without the numbers of lines: they are none of the need, and would hide the words that no field
/// took.
fn told<'r>(text: &str, reading: &'r Reading) -> impl Iterator<Item = &'r Unread> {
    let characters: Vec<char> = text.chars().collect();
    reading.unread.iter().filter(move |unread| !is_line_number(&characters, unread.start, unread.end))
}

/// Numerals of lines.
const NUMERALS: &str = "一二三四五六七八九十";

/// Returns whether a part is the number that a line or an item of a list starts with: `3、`, `（二）`, `2.1 `, `①`.
fn is_line_number(text: &[char], start: usize, end: usize) -> bool {
    const LONGEST: usize = 5;
    let Some(part) = text.get(start..end).filter(|part| part.len() <= LONGEST) else { return false };
    let circled = |c: &char| matches!(c, '①'..='⑳');
    let figure = |c: &char| c.is_ascii_digit() || *c == '.' || NUMERALS.contains(*c);
    let opens = text[..start]
        .iter()
        .rev()
        .find(|c| !matches!(c, ' ' | '\u{3000}' | '(' | '（' | '['))
        .is_none_or(|&c| matches!(c, '\n' | '；' | ';' | '。'));
    let closes =
        text.get(end).is_some_and(|c| matches!(c, '、' | '.' | '．' | ')' | '）' | ']' | ' ' | '\u{3000}' | '\t'));
    part.iter().all(circled) || opens && closes && part.iter().all(figure)
}

/// Says by which rate of which day an amount was converted.
fn rate(locale: Locale, span: &Span) -> Option<String> {
    let rate = span.rate?;
    let (yuan, on) = (rate.yuan.to_string(), date(locale, rate.on));
    let label = label(locale, span.field);
    let code = rate.currency.code();
    Some(say(locale, "read.rate", &[("field", &label), ("currency", code), ("yuan", &yuan), ("on", &on)]))
}

fn message(locale: Locale, question: &Question) -> String {
    let words = i18n::question(locale, question);
    if words.is_empty() { say(locale, "read.confirm", &[("field", &label(locale, &question.field))]) } else { words }
}

/// Returns the form's name of a reader's field: `contact.phone` is `phone`, `contact.person` is `contact`.
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
    marks.extend(told(text, reading).map(|unread| (unread.start, unread.end, None)));
    // Of two overlapping spans the earlier, then the longer one is shown.
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

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::told;

    #[test]
    fn the_number_of_a_line_is_not_told_as_unread() {
        let text = "一、用地30亩\n2.1 总投资5亿元\n（三）层高8米；4、带停机坪\n①用电400kVA";
        let reading = domain::reader::read(text, NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day"));
        let numbers: Vec<&str> = reading.unread.iter().map(|unread| unread.text.as_str()).collect();
        let kept: Vec<&str> = told(text, &reading).map(|unread| unread.text.as_str()).collect();
        assert_eq!(kept, ["带停机坪"], "of {numbers:?}");
        assert!(numbers.len() > kept.len(), "{numbers:?}");
    }
}
