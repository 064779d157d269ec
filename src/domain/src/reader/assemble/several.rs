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
pub(crate) fn several(findings: &Findings, places: &[Part], now: NaiveDate, rates: &Rates) -> Reading {
    let view = findings.view();
    let original = view.text.chars_as_written();
    let words = view.having(&[Tag::Second, Tag::First]).map(|at| (view.tokens[at].start, view.tokens[at].end));
    let words: Vec<Part> = words.map(|(start, end)| view.text.place(start, end)).collect();
    let mut readings = places.iter().enumerate().map(|(at, _)| {
        let hidden = places.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| part);
        let mut shown = ShownNeed::new(original, hidden.chain(&words));
        let mut reading = one(&Findings::new(std::mem::take(&mut shown.text), now), now, rates);
        shown.translate(&mut reading);
        reading
    });
    let mut first = readings.next().unwrap_or_default();
    first.contact = findings.contact.clone();
    for (reading, &part) in readings.zip(&places[1..]) {
        join(&mut first, reading, part);
    }
    first.unread.extend(words.iter().filter_map(|&word| numbered(original, word)));
    first.spans.sort_by_key(|span| (span.start, span.end));
    first.unread.sort_by_key(|unread| unread.start);
    as_written(&mut first, original);
    if !are_of_parties(&view) {
        share_industry(&mut first);
    }
    first
}

/// Takes each text from the original: a range around a hidden part was read with line feeds in its place.
fn as_written(reading: &mut Reading, original: &[char]) {
    let written = |start: usize, end: usize| original[start..end].iter().collect();
    reading.spans.iter_mut().for_each(|span| span.text = written(span.start, span.end));
    reading.unread.iter_mut().for_each(|unread| unread.text = written(unread.start, unread.end));
}

/// A text without its hidden ranges: each part of a long text is read without the others, so that the work stays linear.
struct ShownNeed {
    text: Vec<char>,
    /// The position in the original of each character, and the end of the original.
    from: Vec<usize>,
}

/// The most line feeds in the place of a hidden range.
const BLANK: usize = 2;

impl ShownNeed {
    /// Writes line feeds in the place of the hidden ranges.
    fn new<'p>(original: &[char], hidden: impl Iterator<Item = &'p Part>) -> Self {
        let mut is_shown = vec![true; original.len()];
        hidden.for_each(|&(start, end)| is_shown[start..end].fill(false));
        let (mut text, mut from) = (Vec::new(), Vec::new());
        let mut blank = 0;
        for (at, (&c, shown)) in original.iter().zip(is_shown).enumerate() {
            blank = if shown { 0 } else { blank + 1 };
            if blank <= BLANK {
                text.push(if shown { c } else { '\n' });
                from.push(at);
            }
        }
        from.push(original.len());
        Self { text, from }
    }

    /// Maps a reading of the text to the original.
    fn translate(&self, reading: &mut Reading) {
        let place = |start: &mut usize, end: &mut usize| {
            *end = if *end > *start { self.from[*end - 1] + 1 } else { self.from[*start] };
            *start = self.from[*start];
        };
        reading.spans.iter_mut().for_each(|span| place(&mut span.start, &mut span.end));
        reading.unread.iter_mut().for_each(|unread| place(&mut unread.start, &mut unread.end));
    }
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
