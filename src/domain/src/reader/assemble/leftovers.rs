//! Leftovers: tokens with numbers that no span covers, and clauses without a span.

use crate::reader::assemble::clauses::unread_clauses;
use crate::reader::fields::draft::Draft;
use crate::reader::fields::reading::{Reading, Unread};
use crate::reader::letters::character::Classes;
use crate::reader::letters::text::Text;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::lexicon::{Tag, Tags};

/// A range of the original that is unread.
type UnreadRange = (usize, usize);

/// Tags of words that mean a number without a digit.
const PHASES: Tags = Tags::of(&[Tag::PhaseOne, Tag::PhaseLater]);

/// Adds the unread ranges and sorts everything by its position.
pub(crate) fn finish(mut draft: Draft<'_>) -> Reading {
    draft.covered.sort_unstable();
    let mut until = 0;
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for &(start, end) in &draft.covered {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    let text = draft.view.text;
    let mut left: Vec<UnreadRange> = Vec::new();
    let mut gaps = merged.iter().peekable();
    let mut figure = text.find(0, Classes::FIGURE);
    for token in draft.view.tokens {
        if figure < token.start {
            figure = text.find(token.start, Classes::FIGURE);
        }
        let numeric = match token.kind {
            TokenKind::Amount(_) | TokenKind::Date(_) => true,
            _ if figure >= token.end => token.tags.meets(PHASES),
            TokenKind::Claimed | TokenKind::Other(_) => true,
            TokenKind::Word | TokenKind::Trade | TokenKind::Place(_) => {
                has_digit(text, token) || token.tags.meets(PHASES)
            }
            _ => false,
        };
        if !numeric {
            continue;
        }
        while gaps.next_if(|gap| gap.1 <= token.start).is_some() {}
        let covered = gaps.peek().is_some_and(|gap| gap.0 <= token.start && token.end <= gap.1);
        if covered || token.end <= until {
            continue;
        }
        // A currency between two amounts is part of both tokens; it is reported once.
        let start = with_sign(text, token).max(std::mem::replace(&mut until, token.end));
        left.push(text.place(start, token.end));
    }
    whole_clauses(&draft, &merged, &mut left);
    left.sort_by_key(|&(start, _)| start);
    let units = exponents(&mut draft, &left);
    left.extend(units.iter().chain(&text.marks));
    left.sort_by_key(|&(start, _)| start);
    draft.reading.unread =
        left.into_iter().map(|(start, end)| Unread { start, end, text: text.original(start, end) }).collect();
    draft.reading.spans.sort_by_key(|span| (span.start, span.end));
    draft.reading
}

/// Returns the start of a token with the minus sign before it: `-18℃`.
fn with_sign(text: &Text, token: &Token) -> usize {
    let minus = text.before(token.start) == '-' && token.amount().is_some();
    let alone = || token.start < 2 || !text.at(token.start - 2).is_alphanumeric();
    token.start - usize::from(minus && alone())
}

/// Lets the figure behind a unit with an exponent take the unit in, `（m²）：3500`, so that no digit is without a span; returns
/// the others, apart from those in `left`, which is sorted.
fn exponents(draft: &mut Draft<'_>, left: &[UnreadRange]) -> Vec<UnreadRange> {
    let text = draft.view.text;
    let mut units = Vec::new();
    for token in draft.view.tokens.iter().filter(|token| matches!(token.kind, TokenKind::Unit(_))) {
        let (from, to) = text.place(token.start, token.end);
        let written = text.original(from, to);
        if !written.chars().any(char::is_numeric) {
            continue;
        }
        let covers = |start: usize, end: usize| start <= from && to <= end;
        let spans = &mut draft.reading.spans;
        let near = left[..left.partition_point(|&(start, _)| start <= from)].iter().rev().take(ALIKE);
        let known = spans.iter().any(|it| covers(it.start, it.end)) || near.into_iter().any(|it| covers(it.0, it.1));
        let span = spans.iter_mut().find(|span| (to..to + NEAR).contains(&span.start));
        match span.filter(|_| !known) {
            Some(span) => (span.start, span.text) = (from, text.original(from, span.end)),
            None if !known => units.push((from, to)),
            None => {}
        }
    }
    units
}

/// The most unread ranges that overlap: the number and the clause that it starts or ends in.
const ALIKE: usize = 4;

/// The most characters between a unit in brackets and its figure.
const NEAR: usize = 8;

/// Replaces the numbers of clauses that no field took anything from by the clauses.
fn whole_clauses(draft: &Draft<'_>, covered: &[(usize, usize)], left: &mut Vec<UnreadRange>) {
    let text = draft.view.text;
    let mut places = unread_clauses(text, draft.view.tokens, covered);
    places.iter_mut().for_each(|place| *place = text.place(place.0, place.1));
    left.retain(|&(start, end)| {
        let at = places.partition_point(|&(_, until)| until <= start);
        !places.get(at).is_some_and(|place| place.0 <= start && end <= place.1)
    });
    left.extend(places);
}

fn has_digit(text: &Text, token: &Token) -> bool {
    text.chars[token.start..token.end].iter().any(char::is_ascii_digit)
}
