//! Reads the phrase around each amount: its field, its bound and its divisors.

use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::meaning::divisors::per_of;
use crate::reader::meaning::fact::{Fact, Phrase};
use crate::reader::meaning::frames::Frame;
use crate::reader::meaning::label::label;
use crate::reader::meaning::relations::relate;
use crate::reader::meaning::slot::{Bound, Doubt};
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::quantity::Quantity;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::lexicon::Tag;
use crate::reader::words::slot::Slot;

cues! {
    FactCues in "facts.txt" {
        withdrawn: CharSet,
    }
}

/// Returns a fact for each amount, in the order of the tokens; they are written to the vector given, which must be empty.
pub(crate) fn facts(tokens: &[Token], quantities: &[Quantity], frames: &[Frame], mut all: Vec<Fact>) -> Vec<Fact> {
    let mut used = vec![false; tokens.len()];
    all.reserve(quantities.len());
    for (at, token) in tokens.iter().enumerate() {
        let Some(amount) = token.amount() else { continue };
        let quantity = &quantities[amount.number as usize];
        let mut fact =
            Phrase { tokens, quantities, frames, at, amount, quantity }.read(frames[at], &mut used, all.last());
        let label = fact.label;
        let joined = all
            .last_mut()
            .is_some_and(|before| relate(before, &mut fact, &tokens[before.token + 1..at], quantity.size));
        // The label behind a corrected amount is free for the next one.
        if let Some(free) = label.filter(|_| label != fact.label) {
            used[free] = false;
        }
        if !joined {
            all.push(fact);
        }
    }
    all
}

impl Phrase<'_> {
    fn read(&self, frame: Frame, used: &mut [bool], previous: Option<&Fact>) -> Fact {
        let label = label(self, used, previous);
        if let Some(label) = label {
            used[label] = true;
        }
        let (dim, factor, noted) = self.unit_note();
        let (bound, start, end) = self.bound();
        let per = self.quantity.per.and(self.per_before()).and(self.per_behind()).and(noted);
        let label_token = label.map(|label| &self.tokens[label]);
        let (dim, factor) = label_token.and_then(|token| self.unit_of(token)).unwrap_or((dim, factor));
        let per = label_token.map_or(per, |token| per.and(per_of(token)));
        let (slot, doubt) = self.slot(label_token, dim, per);
        // 60亩 15万以内一亩: what an upper bound per mu is for is the price.
        let dear = label.is_none() && per.mu && bound == Bound::AtMost;
        let (slot, doubt) = match doubt {
            Some((Slot::PRICE, Doubt::NoLabel)) if dear => (Some(Slot::PRICE), None),
            doubt => (slot, doubt),
        };
        let about = self.quantity.about || bound == Bound::About;
        let bound = match bound {
            Bound::Plain | Bound::About if self.quantity.more => Bound::AtLeast,
            Bound::Plain | Bound::About if about => Bound::About,
            bound => bound,
        };
        // 面积：0 states nothing; without energy or emissions a project may well be.
        let nothing = self.quantity.high.is_zero() && !matches!(slot, Some(Slot::ENERGY | Slot::EMISSION));
        let (slot, doubt) = if nothing || self.is_withdrawn() { (None, None) } else { (slot, doubt) };
        let times = |value: Exact| value.times(factor).unwrap_or(value);
        Fact {
            slot,
            doubt,
            low: times(self.quantity.low),
            high: times(self.quantity.high),
            dim,
            bound,
            vague: self.quantity.vague,
            per,
            total: label_token.is_some_and(|token| token.has(Tag::Total)) || self.total_before(),
            frame,
            token: self.at,
            start,
            end,
            label,
        }
    }

    /// Returns whether a denial right behind the amount or its thing takes it back: `20亩地不要了`; in a clause of its own it is
    /// all that the clause says: `那个才1200平，不要了。`
    fn is_withdrawn(&self) -> bool {
        let thing = |token: &&Token| token.is_blank() || token.is_bare_land() || token.any(&[Tag::Plot, Tag::Space]);
        let mut behind = self.tokens[self.at + 1..].iter().take(6).skip_while(thing).peekable();
        let apart = behind.next_if(|token| matches!(token.kind, TokenKind::Break(','))).is_some();
        behind.next().is_some_and(|token| token.has(Tag::Not))
            && behind.next().and_then(Token::other).is_some_and(|c| CUES.withdrawn.has(c))
            && !(apart && behind.next().is_some_and(|token| !token.ends_clause()))
    }
}
