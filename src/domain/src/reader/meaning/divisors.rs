//! Divisors and totals around an amount: 亩均, 每平每月, the unit in brackets before it, 合计.

use crate::reader::meaning::fact::{Phrase, REACH};
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::tokens::units::{Dim, Per};
use crate::reader::words::lexicon::{Tag, Tags};

impl Phrase<'_> {
    /// Returns dimension, factor and divisors of the unit in brackets before a bare number.
    pub(crate) fn unit_note(&self) -> (Dim, Exact, Per) {
        let own = (self.quantity.dim, Exact::int(1), Per::NONE);
        if self.quantity.dim != Dim::Bare || self.quantity.large {
            return own;
        }
        let clause = self.tokens[self.at].clause;
        for token in self.tokens[..self.at].iter().rev().take(REACH).filter(|token| !token.is_blank()).take(4) {
            match token.kind {
                TokenKind::Unit(number) if token.clause == clause => {
                    let unit = &self.quantities[number as usize];
                    return (unit.dim, unit.low, unit.per);
                }
                TokenKind::Amount(_) => break,
                _ => {}
            }
        }
        own
    }

    /// Returns dimension and factor of the unit that the label of a bare number holds: `Minimum acres: 25`.
    pub(crate) fn unit_of(&self, label: &Token) -> Option<(Dim, Exact)> {
        let bare = self.quantity.dim == Dim::Bare && !self.quantity.large;
        let factor = match () {
            () if label.has(Tag::Acres) => Exact::new(60_702_846_336, 10_000_000_000),
            () if label.has(Tag::Hectares) => Exact::new(15, 1),
            () if label.has(Tag::Mu) => Some(Exact::int(1)),
            () => None,
        };
        factor.filter(|_| bare).map(|factor| (Dim::Land, factor))
    }

    /// Returns the divisors before the amount in its clause: 亩均, 每平, 每月.
    pub(crate) fn per_before(&self) -> Per {
        let clause = self.tokens[self.at].clause;
        let before = (self.at.saturating_sub(REACH)..self.at).rev();
        before
            .take_while(|&at| self.tokens[at].clause == clause && self.tokens[at].amount().is_none())
            .filter(|&at| !self.is_behind_bound(at))
            .fold(Per::NONE, |per, at| per.and(per_of(&self.tokens[at])))
    }

    /// Returns whether a divisor belongs to the bounded amount before it: 地价18万以内一亩 厂房租金10元.
    fn is_behind_bound(&self, at: usize) -> bool {
        let bounds = [Tag::AtMostAfter, Tag::ApproxAfter, Tag::AtLeastAfter];
        let mut before = self.tokens[..at].iter().rev();
        before.next().is_some_and(|token| token.any(&bounds))
            && before.next().and_then(Token::amount).is_some_and(|amount| amount.dim == Dim::Money || amount.large)
    }

    /// Returns the divisor behind the bound of an amount of money: `1块以内一天`.
    pub(crate) fn per_behind(&self) -> Per {
        let bounds = [Tag::AtMostAfter, Tag::ApproxAfter, Tag::AtLeastAfter];
        let mut behind = self.tokens[self.at + 1..].iter().take(3);
        let money = self.quantity.dim == Dim::Money || self.quantity.large && self.quantity.dim == Dim::Bare;
        let bounded = money && behind.next().is_some_and(|token| token.any(&bounds));
        let next = behind.find(|token| !token.is_blank()).filter(|_| bounded);
        next.map_or(Per::NONE, per_of)
    }

    pub(crate) fn total_before(&self) -> bool {
        let clause = self.tokens[self.at].clause;
        let mut before = self.tokens[..self.at]
            .iter()
            .rev()
            .take(6)
            .take_while(|token| token.clause == clause && token.amount().is_none());
        before.any(|token| token.has(Tag::Total))
    }
}

const DIVIDED: Tags =
    Tags::of(&[Tag::PerMu, Tag::PerHa, Tag::PerM2, Tag::PerYear, Tag::PerMonth, Tag::PerDay, Tag::PerDesk]);

pub(crate) fn per_of(token: &Token) -> Per {
    if !token.tags.meets(DIVIDED) {
        return Per::NONE;
    }
    Per {
        mu: token.has(Tag::PerMu),
        hectare: token.has(Tag::PerHa),
        m2: token.has(Tag::PerM2),
        year: token.has(Tag::PerYear),
        month: token.has(Tag::PerMonth),
        day: token.has(Tag::PerDay),
        other: token.has(Tag::PerDesk),
    }
}
