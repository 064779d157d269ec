//! The reading of a text that states several needs: each part is read with what is outside of all parts.

use chrono::NaiveDate;

use crate::reader::assemble::pipeline::Findings;
use crate::reader::assemble::single::one;
use crate::reader::fields::needs::Part;
use crate::reader::fields::reading::{Other, Reading, Unread};
use crate::reader::words::lexicon::Tag;

/// Reads every part, a range of the original each, and joins the readings: the first one with the further ones as its
/// others.
pub(crate) fn several(findings: &Findings, text: &str, places: &[Part], now: NaiveDate) -> Reading {
    let view = findings.view();
    let original: Vec<char> = text.chars().collect();
    let words = view.having(&[Tag::Second, Tag::First]).map(|at| (view.tokens[at].start, view.tokens[at].end));
    let words: Vec<Part> = words.map(|(start, end)| view.text.place(start, end)).collect();
    let mut readings = places.iter().enumerate().map(|(at, _)| {
        let hidden = places.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| part);
        one(&Findings::new(&without(&original, hidden.chain(&words)), now), now)
    });
    let mut first = readings.next().unwrap_or_default();
    first.contact = findings.contact.clone();
    for (reading, &part) in readings.zip(&places[1..]) {
        join(&mut first, reading, part);
    }
    first.unread.extend(words.iter().filter_map(|&word| numbered(&original, word)));
    let lost = lost_figures(&original, &first);
    first.unread.extend(lost);
    first.spans.sort_by_key(|span| (span.start, span.end));
    first.unread.sort_by_key(|unread| unread.start);
    share_industry(&mut first);
    first
}

/// Returns the text with blank lines in the place of the hidden ranges, so that positions stay.
fn without<'p>(original: &[char], hidden: impl Iterator<Item = &'p Part>) -> String {
    let mut shown = original.to_vec();
    for &(start, end) in hidden {
        shown[start..end].fill('\n');
    }
    shown.into_iter().collect()
}

/// Adds the reading of a further part: what it took and left from its own part, and its requirement.
fn join(first: &mut Reading, reading: Reading, (start, end): Part) {
    first.spans.extend(reading.spans.into_iter().filter(|span| start <= span.start && span.end <= end));
    first.unread.extend(reading.unread.into_iter().filter(|unread| start <= unread.start && unread.end <= end));
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

/// Returns the figures that no part's reading holds, each as unread: a range across two parts belongs to neither.
fn lost_figures(original: &[char], reading: &Reading) -> Vec<Unread> {
    let mut left: Vec<bool> =
        original.iter().map(|c| c.is_numeric() && !('\u{4e00}'..='\u{9fff}').contains(c)).collect();
    let spans = reading.spans.iter().map(|span| (span.start, span.end));
    for (start, end) in spans.chain(reading.unread.iter().map(|unread| (unread.start, unread.end))) {
        left[start..end].fill(false);
    }
    let mut at = 0;
    let runs = left.chunk_by(|one, next| one == next).filter_map(|run| {
        let start = at;
        at += run.len();
        run[0].then(|| Unread { start, end: at, text: original[start..at].iter().collect() })
    });
    runs.collect()
}

/// Gives the industry that is said once to every need.
fn share_industry(first: &mut Reading) {
    let all = || first.others.iter().map(|other| other.requirement.industry).chain([first.requirement.industry]);
    let Some(said) = all().flatten().next().filter(|said| all().flatten().all(|other| other == *said)) else { return };
    first.requirement.industry = Some(said);
    first.others.iter_mut().for_each(|other| other.requirement.industry = Some(said));
}
