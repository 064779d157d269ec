//! Money without a label of its own: the price of rooms, the sum of an investment, the price of land.

use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::meaning::fact::{Phrase, REACH};
use crate::reader::meaning::slot::is_of_rooms;
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::tokens::units::{Dim, Per};
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::slot::Slot;

cues! {
    PriceCues in "prices.txt" {
        before_project: CharSet,
        project: CharSet,
        fee: CharSet,
    }
}

impl Phrase<'_> {
    /// Returns whether a price is all of its clause, behind the rooms that it is for: `厂房4000方，20块封顶`; a number without a
    /// unit is one where an upper bound or a word of a price is beside it, `仓库4000平 一楼 25以内`, `含税25`.
    pub(crate) fn is_bare_price(&self, per: Per) -> bool {
        let capped = self.quantity.dim == Dim::Bare && self.is_capped();
        if !(is_of_rooms(self.quantity) || capped) || per.other || per.year || per.mu || per.hectare {
            return false;
        }
        let bounds = [Tag::AtMost, Tag::AtMostAfter, Tag::AtLeast, Tag::Approx, Tag::ApproxAfter, Tag::AllIn];
        let mut before = self.tokens[..self.at].iter().rev().skip_while(|token| token.any(&bounds));
        let open = before.next();
        let opens = open.is_none_or(|token| matches!(token.kind, TokenKind::Break(_)));
        // 能进13米挂车 15块左右, 有月台 25块以内: the label of a truck or of something had takes no money; nor does that of a
        // thing in the clause before, 10吨行车，24块以内.
        let label = self.tokens[..self.at].iter().rposition(Token::is_label);
        let parted = open.is_some_and(Token::ends_clause);
        let named = before.next().is_some_and(|token| {
            let of_thing = parted && token.tags.plain().next().is_some();
            token.is_label() && !of_thing && label.is_none_or(|at| !self.is_had(at))
                || token.other().is_some_and(|c| CUES.fee.has(c))
        });
        let closes = self.tokens.get(self.at + 1).is_none_or(|next| {
            matches!(next.kind, TokenKind::Break(c) if c != '/') || next.any(&bounds) || next.has(Tag::Anywhere)
        });
        let room = |token: &Token| {
            token.any(&[Tag::Space, Tag::SpaceArea]) || token.amount().is_some_and(|amount| amount.dim == Dim::Floor)
        };
        opens && closes && !named && self.tokens[self.at.saturating_sub(REACH * 2)..self.at].iter().any(room)
    }

    /// Returns whether a number without a unit has an upper bound or a word of a price beside it, and can be a rent.
    fn is_capped(&self) -> bool {
        let rent = self.quantity.low >= Exact::int(CHEAPEST) && self.quantity.high < Exact::int(DEAREST);
        let mut behind = self.tokens[self.at + 1..].iter();
        let capped = behind.next().is_some_and(|token| token.has(Tag::AtMostAfter))
            && behind.next().is_none_or(|token| matches!(token.kind, TokenKind::Break(_)) || token.has(Tag::AllIn));
        let priced = self.at.checked_sub(1).is_some_and(|at| self.tokens[at].has(Tag::AllIn));
        rent && !self.quantity.large && (capped || priced)
    }

    /// Returns whether a number without a unit is the rent of the rooms before it: `独院12000方，租15-17`.
    pub(crate) fn is_leased_for(&self) -> bool {
        let glued = |token: &Token| token.has(Tag::Lease) && token.end == self.tokens[self.at].start;
        let closes = self.tokens.get(self.at + 1).is_none_or(|next| {
            next.is_blank() || next.ends_clause() || next.any(&[Tag::AtMostAfter, Tag::ApproxAfter, Tag::AtLeastAfter])
        });
        let rooms = |token: &Token| token.amount().is_some_and(|amount| amount.dim == Dim::Floor);
        self.quantity.high < Exact::int(DEAREST)
            && closes
            && self.at > 0
            && glued(&self.tokens[self.at - 1])
            && self.tokens[self.at.saturating_sub(REACH * 4)..self.at].iter().any(rooms)
    }

    /// Returns whether the money adds up the parts of an investment before it: `建设投资1.4亿元，流动资金0.3亿元，合计1.7亿元`.
    pub(crate) fn is_sum(&self) -> bool {
        let sentence = self.tokens[self.at].sentence;
        let mut before = self.tokens[..self.at].iter().rev().take(REACH).take_while(|token| token.sentence == sentence);
        self.total_before() && before.any(|token| token.has(Tag::InvestPart))
    }

    /// Returns whether a price of land is spoken of before the amount per mu: `地价：希望不超过当地最低价（约28万/亩）`.
    pub(crate) fn is_priced(&self) -> bool {
        let sentence = self.tokens[self.at].sentence;
        let before = self.tokens[..self.at].iter().rev().take(REACH / 2);
        let mut before = before.take_while(|token| token.sentence == sentence && token.amount().is_none());
        before.any(|token| token.names(Slot::PRICE))
    }

    /// Returns whether a number without a unit is the price of rooms: `预算25`, `报价35以内`, `价格 1.35/天`.
    pub(crate) fn is_price_of_rooms(&self, tags: Tags, per: Per) -> bool {
        let priced = tags.names(Slot::BUDGET) || tags.names(Slot::PRICE) || per.day && tags == Tags::NONE;
        let room = |token: &Token| {
            token.any(&[Tag::Space, Tag::SpaceArea, Tag::Lease])
                || token.amount().is_some_and(|amount| amount.dim == Dim::Floor)
        };
        priced
            && !self.quantity.large
            && self.quantity.high < Exact::int(DEAREST)
            && !(per.mu || per.hectare || per.other || per.year)
            && (per.m2 || per.day || self.tokens[self.at.saturating_sub(REACH * 4)..self.at].iter().any(room))
    }

    /// Returns whether something is to be bought for the money: `500w买个小厂房`.
    pub(crate) fn is_spent(&self) -> bool {
        let clause = self.tokens[self.at].clause;
        let same = |token: &&Token| token.clause == clause;
        let mut behind = self.tokens[self.at + 1..].iter().take(4).take_while(same);
        behind.any(|token| token.has(Tag::Buy) && !token.any(&[Tag::Ignored, Tag::Existing]))
    }

    /// Returns whether the money is the size of a project: `2个亿的项目`.
    pub(crate) fn is_project(&self) -> bool {
        let clause = self.tokens[self.at].clause;
        let mut behind = self.tokens[self.at + 1..].iter().take(PLANT).take_while(|token| token.clause == clause);
        let article = self.at > 1 && self.tokens[self.at - 2].has(Tag::Filler);
        // a RMB 900m sportswear plant
        if article && behind.any(|token| token.has(Tag::Production) && !token.has(Tag::Made)) {
            return true;
        }
        let mut after = self.tokens[self.at + 1..].iter().take(4);
        let first = after.find(|token| {
            !(token.is_blank()
                || token.other().is_some_and(|c| CUES.before_project.has(c))
                || token.has(Tag::ApproxAfter))
        });
        first.is_some_and(|token| token.clause == clause && token.other().is_some_and(|c| CUES.project.has(c)))
    }
}

/// Rents in yuan per m² and month that a number without a unit can be.
const CHEAPEST: i128 = 3;
const DEAREST: i128 = 150;

/// The most tokens between an amount of money and the plant that it builds.
const PLANT: usize = 8;
