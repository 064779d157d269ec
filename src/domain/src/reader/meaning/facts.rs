//! Reads the phrase around each amount: its field, its bound and its divisors.

use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::meaning::fact::{Fact, Phrase, REACH};
use crate::reader::meaning::frames::Frame;
use crate::reader::meaning::label::label;
use crate::reader::meaning::slot::{Bound, Doubt, is_of_rooms, money_of, money_slot, plain, rent};
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::quantity::Quantity;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::tokens::units::{Dim, Per};
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::slot::Slot;

cues! {
    FactCues in "facts.txt" {
        again: CharSet,
        converted: CharSet,
        conversion: CharSet,
        yard: CharSet,
        withdrawn: CharSet,
        high: CharSet,
        before_project: CharSet,
        project: CharSet,
        signed: CharSet,
        fee: CharSet,
    }
}

/// Returns a fact for each amount, in the order of the tokens.
pub(crate) fn facts(tokens: &[Token], quantities: &[Quantity], frames: &[Frame]) -> Vec<Fact> {
    let mut used = vec![false; tokens.len()];
    let mut all: Vec<Fact> = Vec::with_capacity(quantities.len());
    for (at, token) in tokens.iter().enumerate() {
        if let Some(amount) = token.amount() {
            let quantity = &quantities[amount.number as usize];
            let mut fact = Phrase { tokens, quantities, at, amount, quantity }.read(frames[at], &mut used, all.last());
            if let Some(before) = all.last_mut() {
                let between = &tokens[before.token + 1..at];
                if is_said_again(between) {
                    say_again(before, &mut fact);
                }
                // 净高从6米改为7米: the new amount is of the same field.
                if fact.slot.is_none() && fact.dim == before.dim && is_corrected(between) {
                    (fact.slot, fact.label) = (before.slot, before.label);
                }
                if is_converted(between) {
                    convert(before, &mut fact);
                }
                if is_other_end(before, &fact, between) && take_other_end(before, &fact, quantity.size) {
                    continue;
                }
            }
            all.push(fact);
        }
    }
    all
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

/// The most tokens between the line of a form that names the thing and the one that tells its area.
const LINES: usize = 24;

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

    /// Returns dimension, factor and divisors of the unit in brackets before a bare number.
    fn unit_note(&self) -> (Dim, Exact, Per) {
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
    fn unit_of(&self, label: &Token) -> Option<(Dim, Exact)> {
        let bare = self.quantity.dim == Dim::Bare && !self.quantity.large;
        let factor = match () {
            () if label.has(Tag::Acres) => Exact::new(60_702_846_336, 10_000_000_000),
            () if label.has(Tag::Hectares) => Exact::new(15, 1),
            () => None,
        };
        factor.filter(|_| bare).map(|factor| (Dim::Land, factor))
    }

    /// Returns the divisors before the amount in its clause: 亩均, 每平, 每月.
    fn per_before(&self) -> Per {
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
    fn per_behind(&self) -> Per {
        let bounds = [Tag::AtMostAfter, Tag::ApproxAfter, Tag::AtLeastAfter];
        let mut behind = self.tokens[self.at + 1..].iter().take(3);
        let money = self.quantity.dim == Dim::Money || self.quantity.large && self.quantity.dim == Dim::Bare;
        let bounded = money && behind.next().is_some_and(|token| token.any(&bounds));
        let next = behind.find(|token| !token.is_blank()).filter(|_| bounded);
        next.map_or(Per::NONE, per_of)
    }

    fn total_before(&self) -> bool {
        let clause = self.tokens[self.at].clause;
        let mut before = self.tokens[..self.at]
            .iter()
            .rev()
            .take(6)
            .take_while(|token| token.clause == clause && token.amount().is_none());
        before.any(|token| token.has(Tag::Total))
    }

    /// Returns the bound, and the range of the text with the words that set it.
    fn bound(&self) -> (Bound, usize, usize) {
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

    /// Returns whether a price in yuan is all of its clause, behind the rooms that it is for: `厂房4000方，20块封顶`.
    fn is_bare_price(&self, per: Per) -> bool {
        if !is_of_rooms(self.quantity) || per.other || per.year || per.mu || per.hectare {
            return false;
        }
        let bounds = [Tag::AtMost, Tag::AtMostAfter, Tag::AtLeast, Tag::Approx, Tag::ApproxAfter];
        let mut before = self.tokens[..self.at].iter().rev().skip_while(|token| token.any(&bounds));
        let opens = before.next().is_none_or(|token| matches!(token.kind, TokenKind::Break(_)));
        // 能进13米挂车 15块左右, 有月台 25块以内: the label of a truck or of something had takes no money.
        let label = self.tokens[..self.at].iter().rposition(Token::is_label);
        let named = before.next().is_some_and(|token| {
            token.is_label() && label.is_none_or(|at| !self.is_had(at))
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

    /// Returns the slot of the amount by its label, dimension and divisors, or the doubt.
    fn slot(&self, label: Option<&Token>, dim: Dim, per: Per) -> (Option<Slot>, Option<(Slot, Doubt)>) {
        let tags = label.map_or(Tags::NONE, |token| token.tags);
        let has = |tag: Tag| tags.has(tag);
        if let Some(slot) =
            plain(tags, dim).filter(|_| matches!(dim, Dim::Mass | Dim::Length) && !per.area() && !per.other)
        {
            return (Some(slot), None);
        }
        let leased = dim == Dim::Years && tags.names(Slot::LEASE);
        if has(Tag::TaxPart) && (dim == Dim::Money || self.quantity.large) {
            return (None, Some((Slot::TAX, Doubt::TaxPart)));
        }
        if has(Tag::Other) && !tags.names(Slot::HEADS) && !leased {
            let placed = dim == Dim::People;
            return (None, placed.then_some((Slot::HEADS, Doubt::Placed)));
        }
        let money = dim == Dim::Money || self.quantity.large && dim == Dim::Bare;
        if money && label.is_none() && self.is_bare_price(per) {
            return (Some(Slot::RENT), None);
        }
        if money && label.is_none() && (self.is_sum() || per.mu && self.is_priced()) {
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
            Dim::Bare if tags.names(Slot::RATIO) => read(Slot::RATIO),
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
        before()
            .take(reach)
            .take_while(|token| answers || token.sentence == sentence)
            .find(|token| token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea]))
            .is_some_and(|token| token.has(Tag::Plot))
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

    /// Returns whether a denial right behind the amount or its thing takes it back: `20亩地不要了`.
    fn is_withdrawn(&self) -> bool {
        let thing = |token: &&Token| token.is_blank() || token.is_bare_land() || token.any(&[Tag::Plot, Tag::Space]);
        let mut behind = self.tokens[self.at + 1..].iter().take(6).skip_while(thing);
        behind.next().is_some_and(|token| token.has(Tag::Not))
            && behind.next().and_then(Token::other).is_some_and(|c| CUES.withdrawn.has(c))
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
        let signed = |token: &Token| token.other().is_some_and(|c| CUES.signed.has(c));
        let near = self.tokens[..self.at].iter().rev().filter(|token| !token.is_blank());
        let mut before = near.take(4).take_while(same);
        let mut behind = self.tokens[self.at + 1..].iter().take(3).take_while(same);
        // 三年起租: the lease runs three years at least.
        let first =
            self.tokens.get(self.at + 1).is_some_and(|token| token.has(Tag::AtLeastAfter) && token.has(Tag::Avail));
        first
            || before.any(|token| lease(token) && !token.names(Slot::RENT) || signed(token))
            || behind.any(|token| lease(token) && !token.names(Slot::RENT))
    }

    /// Returns whether a number without a unit is the rent of the rooms before it: `独院12000方，租15-17`.
    fn is_leased_for(&self) -> bool {
        const DEAREST: i128 = 100;
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
    fn is_sum(&self) -> bool {
        let sentence = self.tokens[self.at].sentence;
        let mut before = self.tokens[..self.at].iter().rev().take(REACH).take_while(|token| token.sentence == sentence);
        self.total_before() && before.any(|token| token.has(Tag::InvestPart))
    }

    /// Returns whether a price of land is spoken of before the amount per mu: `地价：希望不超过当地最低价（约28万/亩）`.
    fn is_priced(&self) -> bool {
        let sentence = self.tokens[self.at].sentence;
        let before = self.tokens[..self.at].iter().rev().take(REACH / 2);
        let mut before = before.take_while(|token| token.sentence == sentence && token.amount().is_none());
        before.any(|token| token.names(Slot::PRICE))
    }

    /// Returns whether a number without a unit is the price of rooms: `预算25`, `报价35以内`, `价格 1.35/天`.
    fn is_price_of_rooms(&self, tags: Tags, per: Per) -> bool {
        const DEAREST: i128 = 150;
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
    fn is_spent(&self) -> bool {
        let clause = self.tokens[self.at].clause;
        let same = |token: &&Token| token.clause == clause;
        let mut behind = self.tokens[self.at + 1..].iter().take(4).take_while(same);
        behind.any(|token| token.has(Tag::Buy) && !token.any(&[Tag::Ignored, Tag::Existing]))
    }

    /// Returns whether the money is the size of a project: `2个亿的项目`.
    fn is_project(&self) -> bool {
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

/// The most tokens between an amount of money and the plant that it builds.
const PLANT: usize = 8;

const DIVIDED: Tags =
    Tags::of(&[Tag::PerMu, Tag::PerHa, Tag::PerM2, Tag::PerYear, Tag::PerMonth, Tag::PerDay, Tag::PerDesk]);

fn per_of(token: &Token) -> Per {
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
