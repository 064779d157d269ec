//! The reading of a text that states several needs: each part is read with what is outside of all parts.

use chrono::NaiveDate;

use crate::rate::Rates;
use crate::reader::assemble::pipeline::Findings;
use crate::reader::assemble::single::one;
use crate::reader::fields::needs::{Part, are_of_parties};
use crate::reader::fields::reading::{Other, Reading, Unread};
use crate::reader::words::lexicon::Tag;

/// Reads every part, a range of the original each, and joins the readings: the first one with the further ones as its
/// others.
pub(crate) fn several(findings: &Findings, text: &str, places: &[Part], now: NaiveDate, rates: &Rates) -> Reading {
    let view = findings.view();
    let original: Vec<char> = text.chars().collect();
    let words = view.having(&[Tag::Second, Tag::First]).map(|at| (view.tokens[at].start, view.tokens[at].end));
    let words: Vec<Part> = words.map(|(start, end)| view.text.place(start, end)).collect();
    let mut readings = places.iter().enumerate().map(|(at, _)| {
        let hidden = places.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| part);
        one(&Findings::new(&without(&original, hidden.chain(&words)), now), now, rates)
    });
    let mut first = readings.next().unwrap_or_default();
    first.contact = findings.contact.clone();
    for (reading, &part) in readings.zip(&places[1..]) {
        join(&mut first, reading, part);
    }
    first.unread.extend(words.iter().filter_map(|&word| numbered(&original, word)));
    first.spans.sort_by_key(|span| (span.start, span.end));
    first.unread.sort_by_key(|unread| unread.start);
    as_written(&mut first, &original);
    if !are_of_parties(&view) {
        share_industry(&mut first);
    }
    first
}

/// Takes each text from the original: a range around a hidden part was read with blank lines in its place.
fn as_written(reading: &mut Reading, original: &[char]) {
    let written = |start: usize, end: usize| original[start..end].iter().collect();
    reading.spans.iter_mut().for_each(|span| span.text = written(span.start, span.end));
    reading.unread.iter_mut().for_each(|unread| unread.text = written(unread.start, unread.end));
}

/// Returns the text with blank lines in the place of the hidden ranges, so that positions stay.
fn without<'p>(original: &[char], hidden: impl Iterator<Item = &'p Part>) -> String {
    let mut shown = original.to_vec();
    for &(start, end) in hidden {
        shown[start..end].fill('\n');
    }
    shown.into_iter().collect()
}

/// Adds the reading of a further part: its requirement, and what it took and left from its own part. A range that begins or
/// ends outside of the part counts too: each figure and clause of the part is in one of them.
fn join(first: &mut Reading, reading: Reading, (start, end): Part) {
    first.spans.extend(reading.spans.into_iter().filter(|span| span.start < end && start < span.end));
    first.unread.extend(reading.unread.into_iter().filter(|unread| unread.start < end && start < unread.end));
    for question in reading.questions {
        if !first.questions.contains(&question) {
            first.questions.push(question);
        }
    }
    first.others.push(Other { requirement: reading.requirement, start, end });
}

/// Returns the range of a word that tells needs apart as unread, if it holds a figure: every number is accounted for.
fn numbered(original: &[char], (start, end): Part) -> Option<Unread> {
    let word = &original[start..end];
    let figure = word.iter().any(|c| c.is_numeric() && !('\u{4e00}'..='\u{9fff}').contains(c));
    figure.then(|| Unread { start, end, text: word.iter().collect() })
}

/// Gives the industry that is said once to every need.
fn share_industry(first: &mut Reading) {
    let all = || first.others.iter().map(|other| other.requirement.industry).chain([first.requirement.industry]);
    let Some(said) = all().flatten().next().filter(|said| all().flatten().all(|other| other == *said)) else { return };
    first.requirement.industry = Some(said);
    first.others.iter_mut().for_each(|other| other.requirement.industry = Some(said));
}
