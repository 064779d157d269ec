//! Bounds of an amount: at least, at most, about.

use crate::reader::meaning::fact::Phrase;
use crate::reader::meaning::slot::Bound;
use crate::reader::tokens::token::TokenKind;
use crate::reader::words::lexicon::Tag;

impl Phrase<'_> {
    /// Returns the bound, and the range of the text with the words that set it.
    pub(crate) fn bound(&self) -> (Bound, usize, usize) {
        let token = &self.tokens[self.at];
        let (mut bound, mut start, mut end) = (Bound::Plain, token.start, token.end);
        for before in self.tokens[..self.at].iter().rev().take(6) {
            if before.clause != token.clause {
                break;
            }
            if before.has(Tag::AtMost) {
                (bound, start) = (Bound::AtMost, before.start);
                break;
            } else if before.has(Tag::AtLeast) {
                (bound, start) = (Bound::AtLeast, before.start);
                break;
            } else if before.has(Tag::Approx) && !before.has(Tag::Filler) {
                (bound, start) = (Bound::About, before.start);
            } else if !(before.is_blank()
                || before.any(&[Tag::Filler, Tag::PerYear, Tag::PerMonth, Tag::Reach])
                || matches!(before.kind, TokenKind::Unit(..) | TokenKind::Other(':')))
            {
                break;
            }
        }
        if bound == Bound::Plain {
            bound = self.bound_of_label();
        }
        for (offset, after) in self.tokens[self.at + 1..].iter().take(4).enumerate() {
            // 30+, not 2500平+200平 or 2000平+办公室.
            let plus = matches!(after.kind, TokenKind::Break('+'))
                && self.tokens.get(self.at + 2 + offset).is_none_or(|next| matches!(next.kind, TokenKind::Break(_)));
            if after.has(Tag::AtMostAfter) {
                (bound, end) = (Bound::AtMost, after.end);
            } else if after.has(Tag::AtLeastAfter) && !self.adds(self.at + 1 + offset) || plus {
                (bound, end) = (Bound::AtLeast, after.end);
            } else if after.has(Tag::ApproxAfter) {
                bound = if bound == Bound::Plain { Bound::About } else { bound };
                end = after.end;
            } else if !(after.is_blank() || self.is_bracketed_bound(self.at + 1 + offset)) {
                break;
            }
        }
        (bound, start, end)
    }

    /// Returns whether brackets open around nothing but a bound: `50 acres (min.)`, but not `15 acres (approx. 6 ha)`.
    fn is_bracketed_bound(&self, at: usize) -> bool {
        matches!(self.tokens[at].kind, TokenKind::Break('('))
            && self.tokens.get(at + 2).is_some_and(|token| matches!(token.kind, TokenKind::Break(')')))
    }

    /// Returns the bound that opens the label before the amount: `最小面积：2000平`, `Minimum building: 200,000 SF`.
    fn bound_of_label(&self) -> Bound {
        const LABEL: usize = 8;
        let clause = self.tokens[self.at].clause;
        let mut before = self.tokens[..self.at].iter().rev().filter(|token| !token.is_blank());
        if before.next().is_none_or(|token| token.other() != Some(':')) {
            return Bound::Plain;
        }
        let first = before.take(LABEL).take_while(|token| token.clause == clause && token.amount().is_none()).last();
        match first {
            Some(token) if token.has(Tag::AtLeast) => Bound::AtLeast,
            Some(token) if token.has(Tag::AtMost) => Bound::AtMost,
            _ => Bound::Plain,
        }
    }

    /// Returns whether a Latin word behind an amount adds something to it: `5,000 sqm plus a crane`, but not `5,000 sqm plus`.
    fn adds(&self, at: usize) -> bool {
        let mut behind = self.tokens[at + 1..].iter().filter(|token| !token.is_blank());
        let word = &self.tokens[at];
        word.has(Tag::Joins) && behind.next().is_some_and(|next| !next.ends_clause())
    }
}
