//! The field that an amount fills by its label, its dimension and its divisors.

use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::meaning::fact::{Phrase, REACH};
use crate::reader::meaning::label::is_signed;
use crate::reader::meaning::slot::{Doubt, money_of, money_slot, plain, rent};
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::tokens::units::{Dim, Per};
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::slot::Slot;

cues! {
    BesideCues in "beside.txt" {
        yard: CharSet,
        high: CharSet,
    }
}

/// Areas in m² that a number without a unit can be.
const SMALLEST: i128 = 100;
const LARGEST: i128 = 100_000;

/// The most tokens between the line of a form that names the thing and the one that tells its area.
const LINES: usize = 24;

/// The longest lease that a number without a unit states, years.
const LONGEST_LEASE: i128 = 40;

impl Phrase<'_> {
    /// Returns the slot of the amount by its label, dimension and divisors, or the doubt.
    pub(crate) fn slot(&self, label: Option<&Token>, dim: Dim, per: Per) -> (Option<Slot>, Option<(Slot, Doubt)>) {
        let tags = label.map_or(Tags::NONE, |token| token.tags);
        let has = |tag: Tag| tags.has(tag);
        if let Some(slot) =
            plain(tags, dim).filter(|_| matches!(dim, Dim::Mass | Dim::Length) && !per.area() && !per.other)
        {
            return (Some(slot), None);
        }
        let leased = tags.names(Slot::LEASE) && (dim == Dim::Years || dim == Dim::Bare && self.is_term(label));
        if has(Tag::TaxPart) && (dim == Dim::Money || self.quantity.large) {
            return (None, Some((Slot::TAX, Doubt::TaxPart)));
        }
        if has(Tag::Other) && !tags.names(Slot::HEADS) && !leased {
            let placed = dim == Dim::People;
            return (None, placed.then_some((Slot::HEADS, Doubt::Placed)));
        }
        let money = dim == Dim::Money || self.quantity.large && dim == Dim::Bare;
        if (money || dim == Dim::Bare) && label.is_none() && self.is_bare_price(per) {
            return (Some(Slot::RENT), None);
        }
        if money && label.is_none() && (self.is_sum() || per.mu && !per.year && self.is_priced()) {
            return (Some(if per.mu { Slot::PRICE } else { Slot::INVEST }), None);
        }
        if money {
            return money_slot(tags, per, self.quantity, self.is_project(), self.is_spent());
        }
        if dim == Dim::Bare && self.is_price_of_rooms(tags, per) {
            return rent(self.quantity, per);
        }
        let read = |slot: Slot| (Some(slot), None);
        let doubt = |slot: Slot, doubt: Doubt| (None, Some((slot, doubt)));
        match dim {
            Dim::Land if !per.area() => read(Slot::LAND),
            Dim::Floor if has(Tag::Made) || per.other => (None, None),
            Dim::Floor if plain(tags, dim).is_some() => (plain(tags, dim), None),
            Dim::Floor if tags.names(Slot::LAND) || has(Tag::Area) && self.is_of_land() => read(Slot::LAND),
            Dim::Floor if label.is_none() && self.is_of_yard() => (None, None),
            Dim::Floor if label.is_none() && self.is_beside_land() => read(Slot::LAND),
            Dim::Floor => read(Slot::FLOOR),
            Dim::Foreign => doubt(money_of(tags).unwrap_or(Slot::INVEST), Doubt::Foreign),
            Dim::Percent if tags.names(Slot::RD) => read(Slot::RD),
            Dim::Percent if has(Tag::FixedShare) => read(Slot::FIXED_SHARE),
            Dim::Energy if !per.other && !per.area() => read(Slot::ENERGY),
            Dim::Mass if per.m2 || tags.names(Slot::LOAD) && !per.other => read(Slot::LOAD),
            Dim::Mass if has(Tag::Coal) && !per.other && !per.area() => read(Slot::ENERGY),
            Dim::Mass if tags.names(Slot::EMISSION) && !per.other && !per.day && !per.area() => read(Slot::EMISSION),
            Dim::Force if per.m2 => read(Slot::LOAD),
            Dim::Pressure if tags.names(Slot::LOAD) => read(Slot::LOAD),
            Dim::Power => read(Slot::POWER),
            Dim::Watt => doubt(Slot::POWER, Doubt::Kilowatt),
            Dim::Length if tags.names(Slot::HEIGHT) || self.is_high() => read(Slot::HEIGHT),
            Dim::People if !per.other => read(Slot::HEADS),
            Dim::Count | Dim::Bare if tags.names(Slot::DESKS) => read(Slot::DESKS),
            Dim::Count if tags.names(Slot::HEADS) => read(Slot::HEADS),
            Dim::Far => read(Slot::FAR),
            Dim::Years if tags.names(Slot::LEASE) || self.is_leased() => read(Slot::LEASE),
            Dim::Bare if self.is_term(label) => read(Slot::LEASE),
            Dim::Bare if tags.names(Slot::RATIO) => read(Slot::RATIO),
            Dim::Bare if has(Tag::Area) && self.is_spacious() => read(Slot::FLOOR),
            Dim::Bare if tags.names(Slot::HEADS) => read(Slot::HEADS),
            Dim::Bare if tags.names(Slot::RENT) => rent(self.quantity, per),
            Dim::Bare if label.is_none() && self.is_leased_for() => rent(self.quantity, per),
            Dim::Bare if tags.names(Slot::POWER) => doubt(Slot::POWER, Doubt::NoUnit),
            Dim::Bare if tags.names(Slot::HEIGHT) => {
                // Storeys of 2 to 40 m exist; a number outside is in another unit.
                let sure = self.quantity.low >= Exact::int(2) && self.quantity.high <= Exact::int(40);
                if sure { read(Slot::HEIGHT) } else { doubt(Slot::HEIGHT, Doubt::NoUnit) }
            }
            dim if !per.area() && !per.other => (plain(tags, dim), None),
            _ => (None, None),
        }
    }

    /// Returns whether the last thing named is land: `该地块总面积10185平方米`; on a form it may be on a line above:
    /// `用地性质：工业用地⏎申请面积：20000平方米`.
    fn is_of_land(&self) -> bool {
        let sentence = self.tokens[self.at].sentence;
        let before = || self.tokens[..self.at].iter().rev();
        let answers = before().find(|token| !token.is_blank()).is_some_and(|token| token.other() == Some(':'));
        let reach = if answers { LINES } else { REACH };
        // ☑厂房 □土地: what an empty box denies is not what the area is of.
        let mut named = (self.at.saturating_sub(reach)..self.at).rev().filter(|&at| !self.frames[at].negated);
        let last = named.find(|&at| {
            let token = &self.tokens[at];
            (answers || token.sentence == sentence) && token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea])
        });
        last.is_some_and(|at| self.tokens[at].has(Tag::Plot))
    }

    /// Returns whether a number without a unit can be the area of rooms that the text names before it: `面积 三千到三千五`.
    pub(crate) fn is_spacious(&self) -> bool {
        let quantity = self.quantity;
        let room = |token: &Token| token.any(&[Tag::Space, Tag::SpaceArea]) && !token.has(Tag::Plot);
        let fits = quantity.low >= Exact::int(SMALLEST) && quantity.high <= Exact::int(LARGEST) && !quantity.large;
        fits && self.tokens[self.at.saturating_sub(REACH * 4)..self.at].iter().any(room)
    }

    /// Returns whether the bare word for land is beside the amount: `地20000平方米`, `3万方左右的地`.
    fn is_beside_land(&self) -> bool {
        let clause = self.tokens[self.at].clause;
        let is_land = |token: Option<&Token>| token.is_some_and(|token| token.is_bare_land() && token.clause == clause);
        let passes = |token: &&Token| {
            token.is_blank()
                || token.any(&[Tag::Approx, Tag::ApproxAfter, Tag::AtLeast, Tag::AtMost, Tag::Filler])
                || token.is_of()
        };
        let mut behind = self.tokens[self.at + 1..].iter().skip_while(passes);
        is_land(self.tokens[..self.at].iter().rev().find(|token| !passes(token)))
            // 1000平地下室 is a floor.
            || is_land(behind.next()) && behind.next().is_none_or(|next| matches!(next.kind, TokenKind::Break(_)))
    }

    /// Returns whether the area is one of a yard: `空地1500平`, `1500平空地`.
    fn is_of_yard(&self) -> bool {
        let is_yard = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| self.tokens[at].other());
            self.tokens[at].is_bare_land() && before.is_some_and(|c| CUES.yard.has(c))
        };
        let ahead = self.tokens[..self.at].iter().rposition(|token| !token.is_blank());
        let behind = (self.at + 1..self.tokens.len()).take(4).find(|&at| !self.tokens[at].is_blank());
        ahead.is_some_and(is_yard) || behind.is_some_and(|at| at + 1 < self.tokens.len() && is_yard(at + 1))
    }

    /// Returns whether the length is a height: `9米高`, `高9米`.
    fn is_high(&self) -> bool {
        let high = |token: Option<&Token>| token.and_then(Token::other).is_some_and(|c| CUES.high.has(c));
        let apart = |token: &&Token| token.is_blank();
        let mut before = self.tokens[..self.at].iter().rev().skip_while(apart);
        high(before.next()) || high(self.tokens[self.at + 1..].iter().find(|token| !token.is_blank()))
    }

    /// Returns whether years are those of a lease: `租 5 年`, `能签三年`, `3年起租`, `5-year lease`.
    fn is_leased(&self) -> bool {
        let clause = self.tokens[self.at].clause;
        let same = |token: &&Token| token.clause == clause && token.amount().is_none();
        let lease = |token: &Token| token.has(Tag::Lease) && !token.any(&[Tag::Ignored, Tag::Existing]);
        let near = self.tokens[..self.at].iter().rev().filter(|token| !token.is_blank());
        let mut before = near.take(4).take_while(same);
        let mut behind = self.tokens[self.at + 1..].iter().take(3).take_while(same);
        // 三年起租: the lease runs three years at least.
        let closes = self.tokens.get(self.at + 2).is_none_or(|token| token.is_blank() || token.ends_clause());
        let first = self
            .tokens
            .get(self.at + 1)
            .is_some_and(|token| token.has(Tag::AtLeastAfter) && (token.has(Tag::Avail) || closes));
        first
            || before.any(|token| lease(token) && !token.names(Slot::RENT) || is_signed(token))
            || behind.any(|token| lease(token) && !token.names(Slot::RENT) || is_signed(token))
            || self.is_lone_term()
    }

    /// Returns whether a number without a unit is the term of a lease behind its label: `年限：3`, but not `二是租期3年`.
    fn is_term(&self, label: Option<&Token>) -> bool {
        let before = |label: &Token| label.end <= self.tokens[self.at].start;
        let term = |label: &&Token| label.names(Slot::LEASE) && !label.has(Tag::Signing) && before(label);
        label.filter(term).is_some() && self.quantity.high <= Exact::int(LONGEST_LEASE)
    }

    /// Returns whether years are all of their piece, behind rooms: `厂房2000平，25元以内，五年`, `…, start 1 March 2027, 3 years.`
    fn is_lone_term(&self) -> bool {
        let ends = |token: &Token| matches!(token.kind, TokenKind::Break(_));
        let bounds = [Tag::AtLeast, Tag::AtMost, Tag::Approx, Tag::ApproxAfter, Tag::AtLeastAfter, Tag::Filler];
        let alone = |token: Option<&Token>| token.is_none_or(ends);
        let thing = |token: &&Token| {
            token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea])
                || token.amount().is_some_and(|amount| matches!(amount.dim, Dim::Land | Dim::Floor))
        };
        let floor = |token: &Token| !token.has(Tag::Plot) && token.amount().is_none_or(|it| it.dim == Dim::Floor);
        let before = || self.tokens[..self.at].iter().rev();
        // 达产时间 24 个月: the word before a blank tells what months are of.
        let months = self.quantity.size != Exact::int(1);
        alone(before().find(|token| !(token.any(&bounds) || months && token.is_blank())))
            && alone(self.tokens[self.at + 1..].iter().find(|token| !token.any(&bounds)))
            && before().take(REACH * 2).find(thing).is_some_and(floor)
    }
}
