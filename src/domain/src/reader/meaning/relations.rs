//! Relations between two neighbouring amounts: the same one again, corrected, converted, or the other end of a range.

use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::meaning::fact::Fact;
use crate::reader::meaning::slot::{Bound, Doubt};
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::tokens::units::Dim;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::slot::Slot;

cues! {
    RelationCues in "relations.txt" {
        again: CharSet,
        converted: CharSet,
        conversion: CharSet,
    }
}

/// Joins an amount with the one before it, `between` being the tokens between them; returns whether the one before took it in
/// as its other end, `size` being the size of its unit.
pub(crate) fn relate(before: &mut Fact, fact: &mut Fact, between: &[Token], size: Exact) -> bool {
    if is_said_again(between) {
        say_again(before, fact);
    }
    // 净高从6米改为7米: the new amount is of the same field; 投资从3亿加到4亿税收一年2800万: a label behind it is the next one's.
    let ahead = fact.label.is_some_and(|label| label > fact.token) && before.slot.is_some();
    if (fact.slot.is_none() || ahead) && fact.dim == before.dim && is_corrected(between) {
        (fact.slot, fact.label) = (before.slot, before.label);
    }
    if is_converted(between) {
        convert(before, fact);
    }
    is_other_end(before, fact, between) && take_other_end(before, fact, size)
}

/// Returns whether only an `or` or a bracket separates two amounts; 30亩，厂房20000平 are two facts.
fn is_said_again(between: &[Token]) -> bool {
    between.len() <= 4
        && between.iter().all(|token| {
            token.is_blank()
                || token.has(Tag::Approx)
                || matches!(token.kind, TokenKind::Break('(' | '/' | '='))
                || token.other().is_some_and(|c| CUES.again.has(c))
        })
}

/// Returns whether only a word for a correction is between two amounts.
fn is_corrected(between: &[Token]) -> bool {
    between.iter().any(|token| token.has(Tag::Correct))
        && between.iter().all(|token| token.is_blank() || token.any(&[Tag::Correct, Tag::Filler]))
}

/// Returns whether the tokens between two amounts make the second the first one in yuan.
fn is_converted(between: &[Token]) -> bool {
    let is = |token: &Token, set: &CharSet| match token.kind {
        TokenKind::Other(c) | TokenKind::Break(c) => set.has(c),
        _ => false,
    };
    between.len() <= 6
        && between.iter().any(|token| is(token, &CUES.conversion))
        && between.iter().all(|token| is(token, &CUES.converted) || token.any(&[Tag::Approx, Tag::Filler]))
}

/// Lets an amount in yuan take the field of the same amount in another currency: 3000万美元，折合人民币2.1亿元.
fn convert(before: &mut Fact, fact: &mut Fact) {
    let Some((slot, Doubt::Foreign)) = before.doubt else { return };
    if fact.dim == Dim::Money && (fact.slot.is_none() || fact.slot == Some(slot)) {
        (fact.slot, fact.doubt, before.doubt) = (Some(slot), None, None);
    }
}

/// Marks both amounts as land where they are the same area in two units: `20 mu or 13,340 sqm`, `33333平方米(50亩)`.
fn say_again(before: &mut Fact, fact: &mut Fact) {
    let slots = (before.slot, fact.slot);
    if !matches!(slots, (Some(Slot::LAND), Some(Slot::FLOOR)) | (Some(Slot::FLOOR), Some(Slot::LAND))) {
        return;
    }
    let (land, floor) = if slots.0 == Some(Slot::LAND) { (&*before, &*fact) } else { (&*fact, &*before) };
    let in_m2 = Exact::new(2000, 3).and_then(|factor| land.low.times(factor));
    let same = land.dim == Dim::Land && in_m2.is_some_and(|land| floor.low.is_within(land, 99, 101));
    if same {
        (before.slot, fact.slot) = (Some(Slot::LAND), Some(Slot::LAND));
    }
}

/// Returns whether a number without a unit is the other end of the range that an amount right behind it closes:
/// `min 4,000 / max 6,500 sqm`.
fn is_other_end(before: &Fact, fact: &Fact, between: &[Token]) -> bool {
    let bounds =
        matches!((before.bound, fact.bound), (Bound::AtLeast, Bound::AtMost) | (Bound::AtMost, Bound::AtLeast));
    let passes = |token: &Token| {
        token.is_blank()
            || token.any(&[Tag::AtLeast, Tag::AtMost, Tag::AtLeastAfter, Tag::AtMostAfter, Tag::Filler])
            || matches!(token.kind, TokenKind::Break('/' | ',' | '、' | '-' | '~') | TokenKind::Other(':'))
    };
    let single = before.low == before.high && fact.low == fact.high;
    bounds
        && single
        && before.slot.is_none()
        && before.dim == Dim::Bare
        && fact.slot.is_some_and(Slot::is_range)
        && between.iter().all(passes)
}

/// Makes two ends of a range one amount; `false` where the lower is not below the upper.
fn take_other_end(before: &mut Fact, fact: &Fact, size: Exact) -> bool {
    let Some(other) = before.low.times(size) else { return false };
    let (low, high) = if before.bound == Bound::AtLeast { (other, fact.low) } else { (fact.low, other) };
    if low >= high {
        return false;
    }
    *before = Fact { low, high, bound: Bound::Plain, start: before.start, ..*fact };
    true
}
