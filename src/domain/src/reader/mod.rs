//! Free text to a requirement: normalise, lexer, quantity, phrase, assemble. No model, no network, one answer a text.

mod assemble;
mod fields;
mod letters;
mod meaning;
mod tokens;
mod words;

use chrono::NaiveDate;
use serde::Serialize;

pub use assemble::print::print;
use fields::{need, trade};
use letters::text;
use meaning::{facts, frames};
use tokens::{contact, lexer};
use words::dictionary;
use words::lexicon::{Tag, Tags};

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
    pub field: &'static str,
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
    /// Stable code; its sentence is in the catalogue (`question.*`).
    pub code: &'static str,
}

/// Reads a text; `now` anchors relative dates.
#[must_use]
pub fn read(text: &str, now: NaiveDate) -> Reading {
    let text = text::Text::new(text);
    let lookup = dictionary::Lookup::new(&text);
    let (contact, claims, bad_uscc) = contact::contact(&text, &lookup);
    let (tokens, quantities) = lexer::tokens(&text, &lookup, &claims, now);
    let frames = frames::frames(&text, &tokens, now);
    let facts = facts::facts(&tokens, &quantities, &frames);
    let phrases = trade::phrases(&lookup);
    let words = lexer::Words::new(&tokens);
    let real_from = words.having(Tags::of(&[Tag::Real])).next_back().unwrap_or(0);
    let view = need::View {
        text: &text,
        tokens: &tokens,
        words: &words,
        quantities: &quantities,
        frames: &frames,
        facts: &facts,
        phrases: &phrases,
        real_from,
    };
    assemble::assemble(view, contact, &claims, bad_uscc, now)
}
