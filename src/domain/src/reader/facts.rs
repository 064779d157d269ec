//! Phrases: which field an amount fills, from the words around it.

use super::exact::Exact;
pub(super) use super::frames::Frame;
use super::lexer::{Amount, Kind, Token};
use super::lexicon::{Tag, Tags};
use super::quantity::Quantity;
pub(super) use super::slot::{Bound, Doubt, Slot};
use super::slot::{money_of, money_slot, rent};
use super::units::{Dim, Per};

/// An amount with its field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    pub(super) slot: Option<Slot>,
    pub(super) doubt: Option<(Slot, Doubt)>,
    pub(super) low: Exact,
    pub(super) high: Exact,
    pub(super) dim: Dim,
    pub(super) bound: Bound,
    pub(super) vague: bool,
    pub(super) per: Per,
    pub(super) total: bool,
    pub(super) frame: Frame,
    /// Number of the amount's token.
    pub(super) token: usize,
    /// The stretch with the words that bound it.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The label's token.
    pub(super) label: Option<usize>,
}

const LABELS: Tags = Tags::of(&[
    Tag::Land,
    Tag::Area,
    Tag::Floor,
    Tag::Tax,
    Tag::Fixed,
    Tag::Invest,
    Tag::Output,
    Tag::ValueAdded,
    Tag::Rd,
    Tag::Energy,
    Tag::Emission,
    Tag::Ratio,
    Tag::Price,
    Tag::Rent,
    Tag::Budget,
    Tag::Power,
    Tag::Height,
    Tag::Load,
    Tag::Desks,
    Tag::Heads,
    Tag::Other,
    Tag::FixedShare,
]);

/// Whether a word can say what an amount is.
pub(super) fn is_label(token: &Token) -> bool {
    token.tags.meets(LABELS)
}

/// Reads every amount's phrase.
pub(super) fn facts(tokens: &[Token], quantities: &[Quantity], frames: &[Frame]) -> Vec<Fact> {
    let mut used = vec![false; tokens.len()];
    let mut all: Vec<Fact> = Vec::with_capacity(quantities.len());
    for (at, token) in tokens.iter().enumerate() {
        if let Some(amount) = token.amount() {
            let quantity = &quantities[amount.number as usize];
            let mut fact = Phrase { tokens, quantities, at, amount, quantity }.read(frames[at], &mut used, all.last());
            if let Some(before) = all.last_mut().filter(|before| is_said_again(&tokens[before.token + 1..at])) {
                say_again(before, &mut fact);
            }
            all.push(fact);
        }
    }
    all
}

/// Whether only an `or` or a bracket stands between two amounts: 30亩，厂房20000平 says two things.
fn is_said_again(between: &[Token]) -> bool {
    between.len() <= 4
        && between.iter().all(|token| {
            token.is_blank()
                || token.has(Tag::Approx)
                || matches!(token.kind, Kind::Break('(' | '/' | '=') | Kind::Other('o' | '或' | '合' | '即'))
        })
}

/// `20 mu or 13,340 sqm`, `33333平方米(50亩)`: the same land in two units.
fn say_again(before: &mut Fact, fact: &mut Fact) {
    let slots = (before.slot, fact.slot);
    if !matches!(slots, (Some(Slot::Land), Some(Slot::Floor)) | (Some(Slot::Floor), Some(Slot::Land))) {
        return;
    }
    let (land, floor) = if slots.0 == Some(Slot::Land) { (&*before, &*fact) } else { (&*fact, &*before) };
    let in_m2 = Exact::new(2000, 3).and_then(|factor| land.low.times(factor));
    let same = land.dim == Dim::Land && in_m2.is_some_and(|land| floor.low.is_within(land, 99, 101));
    if same {
        (before.slot, fact.slot) = (Some(Slot::Land), Some(Slot::Land));
    }
}

struct Phrase<'t> {
    tokens: &'t [Token],
    quantities: &'t [Quantity],
    at: usize,
    amount: Amount,
    quantity: &'t Quantity,
}

/// No label is looked for further away than this.
const REACH: usize = 24;

impl Phrase<'_> {
    fn read(&self, frame: Frame, used: &mut [bool], previous: Option<&Fact>) -> Fact {
        let label = self.label(used, previous);
        if let Some(label) = label {
            used[label] = true;
        }
        let (dim, factor, noted) = self.unit_note();
        let per = self.quantity.per.and(self.per_before()).and(noted);
        let (bound, start, end) = self.bound();
        let label_token = label.map(|label| &self.tokens[label]);
        let per = label_token.map_or(per, |token| per.and(per_of(token)));
        let (slot, doubt) = self.slot(label_token, dim, per);
        let about = self.quantity.about || bound == Bound::About;
        let bound = match bound {
            Bound::Plain | Bound::About if self.quantity.more => Bound::AtLeast,
            Bound::Plain | Bound::About if about => Bound::About,
            bound => bound,
        };
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

    /// The word that says what the amount is: the nearest before it, else the one right behind it, else what the
    /// clause before was about.
    fn label(&self, used: &[bool], previous: Option<&Fact>) -> Option<usize> {
        let (before, blocked) = self.label_before(used);
        if blocked {
            return before;
        }
        before.or_else(|| self.label_behind()).or_else(|| self.label_inherited(used, previous))
    }

    fn label_before(&self, used: &[bool]) -> (Option<usize>, bool) {
        let clause = self.tokens[self.at].clause;
        let mut near = true;
        let area = matches!(self.amount.dim, Dim::Land | Dim::Floor);
        // 恒温恒湿厂房1800㎡: the thing stands nearer to its area than what it is like.
        let mut thing = false;
        for at in (self.at.saturating_sub(REACH)..self.at).rev() {
            let token = &self.tokens[at];
            thing |= area && token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea]);
            if thing && token.has(Tag::Other) {
                break;
            }
            if token.amount().is_some() && !(at + 1 == self.at && self.is_storey(at)) || token.clause != clause {
                break;
            }
            // 年产3000万平方米瓦楞纸箱: so much is made.
            if area && near && token.has(Tag::Made) {
                return (Some(at), true);
            }
            if is_label(token) && !used[at] {
                // For trucks and need 5 acres: land is never what some other word measures from afar.
                if self.compatible(token) && (near || self.amount.dim != Dim::Land || !token.has(Tag::Other)) {
                    return (Some(at), false);
                }
                // 研发投入500万: the word right before claims the amount though no field takes it.
                if near && self.claims(token) {
                    return (Some(at), true);
                }
            }
            near &= token.is_blank()
                || token.any(&[Tag::Filler, Tag::Approx, Tag::AtLeast, Tag::AtMost, Tag::PerYear, Tag::Total])
                || matches!(token.kind, Kind::Other(':') | Kind::Unit(..));
        }
        (None, false)
    }

    /// `层高：一层6米`: which storey, between the label and its amount.
    fn is_storey(&self, at: usize) -> bool {
        self.tokens[at]
            .amount()
            .is_some_and(|amount| amount.dim == Dim::Other && self.tokens[at].end == self.tokens[self.at].start)
    }

    /// Whether a word takes away amounts of this dimension from the labels before it.
    fn claims(&self, token: &Token) -> bool {
        let money = matches!(self.quantity.dim, Dim::Money | Dim::Foreign) || self.quantity.large;
        money
            && token.any(&[Tag::Rd, Tag::Energy, Tag::Power, Tag::Height, Tag::Heads, Tag::Desks])
            && !token.any(&[Tag::Budget, Tag::Price])
    }

    fn label_behind(&self) -> Option<usize> {
        let mut at = self.at + 1;
        let clause = self.tokens[self.at].clause;
        while let Some(token) = self.tokens.get(at).filter(|token| token.clause == clause && at < self.at + 6) {
            if is_label(token) && self.compatible(token) {
                // `30亩投资2亿`: that word belongs to the amount behind it.
                let next = self.tokens[at + 1..].iter().find(|token| {
                    !token.is_blank() && !token.any(&[Tag::Approx, Tag::AtLeast, Tag::AtMost, Tag::Reach, Tag::Filler])
                });
                let taken = next.is_some_and(|next| {
                    (next.amount().is_some() || matches!(next.kind, Kind::Other(':')))
                        && next.clause == clause
                        && self.fits_next(token, next)
                });
                return (!taken).then_some(at);
            }
            let passes = token.is_blank()
                || token.any(&[Tag::Filler, Tag::ApproxAfter, Tag::AtMostAfter, Tag::AtLeastAfter, Tag::PerYear])
                || matches!(token.kind, Kind::Other('的'));
            if !passes {
                return None;
            }
            at += 1;
        }
        None
    }

    fn fits_next(&self, label: &Token, next: &Token) -> bool {
        next.amount().is_none_or(|amount| Phrase { at: 0, amount, ..*self }.compatible(label))
    }

    /// `税收：2027年500万，2028年800万`; `投资方面，2亿`.
    fn label_inherited(&self, used: &[bool], previous: Option<&Fact>) -> Option<usize> {
        let token = &self.tokens[self.at];
        let mut at = self.at;
        let (mut own, mut clauses) = (true, 0);
        while at > 0 && self.at - at < REACH {
            at -= 1;
            let before = &self.tokens[at];
            if before.sentence != token.sentence {
                return None;
            }
            own &= before.clause == token.clause;
            if before.ends_clause() {
                clauses += 1;
            }
            if is_label(before) {
                // 税收方面，500万: only a label that its clause ends with waits for an amount.
                let waits = self.tokens[at + 1..self.at]
                    .iter()
                    .take_while(|token| !token.ends_clause())
                    .filter(|token| !token.is_blank())
                    .count();
                if waits > usize::from(!before.has(Tag::Other)) {
                    return None;
                }
                // 精装修,20个人用: only money and shares wait for such a word.
                let money = matches!(self.amount.dim, Dim::Money | Dim::Foreign | Dim::Percent) || self.amount.large;
                if before.has(Tag::Other) && !money {
                    return None;
                }
                // 不再拿地,租仓库4500平: the amount has a thing of its own.
                let thing = self.amount.dim == Dim::Floor
                    && self.tokens[at + 1..self.at].iter().any(|token| token.any(&[Tag::Space, Tag::SpaceArea]));
                if thing {
                    return None;
                }
                // Another subject in between ends the reach of the one before.
                return (!own && !used[at] && self.compatible(before) && clauses <= 1).then_some(at);
            }
            if before.amount().is_some() {
                let fact = previous.filter(|fact| fact.token == at)?;
                let same = self.tokens[at]
                    .amount()
                    .is_some_and(|amount| amount.dim == self.amount.dim || amount.large && self.amount.large);
                let money = matches!(self.amount.dim, Dim::Money) || self.amount.large;
                return fact.label.filter(|_| same && money && fact.slot.is_some());
            }
        }
        None
    }

    fn compatible(&self, token: &Token) -> bool {
        let amount = self.amount;
        let money = amount.dim == Dim::Money || amount.large && amount.dim == Dim::Bare;
        let has = |tags: &[Tag]| token.any(tags);
        if token.has(Tag::Other) {
            return true;
        }
        match amount.dim {
            _ if money => has(&[
                Tag::Tax,
                Tag::Fixed,
                Tag::Invest,
                Tag::Output,
                Tag::ValueAdded,
                Tag::Price,
                Tag::Rent,
                Tag::Budget,
            ]),
            Dim::Foreign => has(&[Tag::Tax, Tag::Fixed, Tag::Invest, Tag::Output, Tag::Budget]),
            Dim::Land => has(&[Tag::Land, Tag::Area]),
            Dim::Floor => has(&[Tag::Land, Tag::Area, Tag::Floor]),
            Dim::Percent => has(&[Tag::Rd, Tag::FixedShare]),
            Dim::Energy => has(&[Tag::Energy]),
            Dim::Mass => has(&[Tag::Emission, Tag::Load, Tag::Coal]),
            Dim::Force | Dim::Pressure => has(&[Tag::Load]),
            Dim::Power | Dim::Watt => has(&[Tag::Power]),
            Dim::Length => has(&[Tag::Height]),
            Dim::People => has(&[Tag::Heads]),
            Dim::Count => has(&[Tag::Desks, Tag::Heads]),
            Dim::Bare => {
                has(&[Tag::Ratio, Tag::Rent, Tag::Power, Tag::Height, Tag::Desks, Tag::Heads])
                    || self.noted(token)
                    || has(&[Tag::Rd, Tag::Load])
            }
            _ => false,
        }
    }

    /// Whether the unit in brackets behind a label makes it fit: `总投资(万元)：12000`.
    fn noted(&self, label: &Token) -> bool {
        self.tokens[..self.at]
            .iter()
            .rev()
            .take(4)
            .any(|token| matches!(token.kind, Kind::Unit(..)) && token.start >= label.end)
    }

    fn unit_note(&self) -> (Dim, Exact, Per) {
        let own = (self.quantity.dim, Exact::int(1), Per::NONE);
        if self.quantity.dim != Dim::Bare || self.quantity.large {
            return own;
        }
        let clause = self.tokens[self.at].clause;
        for token in self.tokens[..self.at].iter().rev().take(4) {
            match token.kind {
                Kind::Unit(number) if token.clause == clause => {
                    let unit = &self.quantities[number as usize];
                    return (unit.dim, unit.low, unit.per);
                }
                Kind::Amount(_) => break,
                _ => {}
            }
        }
        own
    }

    /// 亩均, 每平, 每月 before the amount in its clause.
    fn per_before(&self) -> Per {
        let clause = self.tokens[self.at].clause;
        let before = self.tokens[..self.at].iter().rev().take(REACH);
        before
            .take_while(|token| token.clause == clause && token.amount().is_none())
            .fold(Per::NONE, |per, token| per.and(per_of(token)))
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

    /// The words that bound the amount, and the stretch with them.
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
                || matches!(before.kind, Kind::Unit(..) | Kind::Other(':')))
            {
                break;
            }
        }
        for (offset, after) in self.tokens[self.at + 1..].iter().take(4).enumerate() {
            // 30+, not 2500平+200平 or 2000平+办公室.
            let plus = matches!(after.kind, Kind::Break('+'))
                && self.tokens.get(self.at + 2 + offset).is_none_or(|next| matches!(next.kind, Kind::Break(_)));
            if after.has(Tag::AtMostAfter) {
                (bound, end) = (Bound::AtMost, after.end);
            } else if after.has(Tag::AtLeastAfter) || plus {
                (bound, end) = (Bound::AtLeast, after.end);
            } else if after.has(Tag::ApproxAfter) {
                bound = if bound == Bound::Plain { Bound::About } else { bound };
                end = after.end;
            } else if !after.is_blank() {
                break;
            }
        }
        (bound, start, end)
    }

    fn slot(&self, label: Option<&Token>, dim: Dim, per: Per) -> (Option<Slot>, Option<(Slot, Doubt)>) {
        let has = |tag: Tag| label.is_some_and(|token| token.has(tag));
        if has(Tag::Other) && !label.is_some_and(|token| token.any(&[Tag::Heads])) {
            let placed = dim == Dim::People;
            return (None, placed.then_some((Slot::Heads, Doubt::Placed)));
        }
        let money = dim == Dim::Money || self.quantity.large && dim == Dim::Bare;
        if money {
            return money_slot(&has, per, self.quantity, self.is_project(), self.is_spent());
        }
        let read = |slot: Slot| (Some(slot), None);
        let doubt = |slot: Slot, doubt: Doubt| (None, Some((slot, doubt)));
        match dim {
            Dim::Land if !per.area() => read(Slot::Land),
            Dim::Floor if has(Tag::Made) || per.other => (None, None),
            Dim::Floor if has(Tag::Land) || has(Tag::Area) && self.is_of_land() => read(Slot::Land),
            Dim::Floor => read(Slot::Floor),
            Dim::Foreign => doubt(money_of(&has).unwrap_or(Slot::Invest), Doubt::Foreign),
            Dim::Percent if has(Tag::Rd) => read(Slot::Rd),
            Dim::Percent if has(Tag::FixedShare) => read(Slot::FixedShare),
            Dim::Energy if !per.other && !per.area() => read(Slot::Energy),
            Dim::Mass if per.m2 || has(Tag::Load) && !per.other => read(Slot::Load),
            Dim::Mass if has(Tag::Coal) && !per.other && !per.area() => read(Slot::Energy),
            Dim::Mass if has(Tag::Emission) && !per.other && !per.day && !per.area() => read(Slot::Emission),
            Dim::Force if per.m2 => read(Slot::Load),
            Dim::Pressure if has(Tag::Load) => read(Slot::Load),
            Dim::Power => read(Slot::Power),
            Dim::Watt => doubt(Slot::Power, Doubt::Kilowatt),
            Dim::Length if has(Tag::Height) || self.is_high() => read(Slot::Height),
            Dim::People if !per.other => read(Slot::Heads),
            Dim::Count | Dim::Bare if has(Tag::Desks) => read(Slot::Desks),
            Dim::Count if has(Tag::Heads) => read(Slot::Heads),
            Dim::Far => read(Slot::Far),
            Dim::Bare if has(Tag::Ratio) => read(Slot::Ratio),
            Dim::Bare if has(Tag::Heads) => read(Slot::Heads),
            Dim::Bare if has(Tag::Rent) => rent(self.quantity, per),
            Dim::Bare if has(Tag::Power) => doubt(Slot::Power, Doubt::NoUnit),
            Dim::Bare if has(Tag::Height) => {
                let sure = self.quantity.low >= Exact::int(2) && self.quantity.high <= Exact::int(40);
                if sure { read(Slot::Height) } else { doubt(Slot::Height, Doubt::NoUnit) }
            }
            _ => (None, None),
        }
    }

    /// `该地块总面积10185平方米`: the thing that was named last is land.
    fn is_of_land(&self) -> bool {
        let sentence = self.tokens[self.at].sentence;
        let mut before = self.tokens[..self.at].iter().rev().take(REACH).take_while(|token| token.sentence == sentence);
        before
            .find(|token| token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea]))
            .is_some_and(|token| token.has(Tag::Plot))
    }

    /// `9米高`, `高9米`.
    fn is_high(&self) -> bool {
        let near = |token: Option<&Token>| token.is_some_and(|token| matches!(token.kind, Kind::Other('高')));
        near(self.tokens.get(self.at + 1)) || near(self.at.checked_sub(1).and_then(|at| self.tokens.get(at)))
    }

    /// `500w买个小厂房`, `800万以内的厂房`: money for which something is to be bought.
    fn is_spent(&self) -> bool {
        let clause = self.tokens[self.at].clause;
        let same = |token: &&Token| token.clause == clause;
        let mut behind = self.tokens[self.at + 1..].iter().take(4).take_while(same);
        behind.any(|token| token.has(Tag::Buy) && !token.any(&[Tag::Ignored, Tag::Existing]))
    }

    /// `2个亿的项目`.
    fn is_project(&self) -> bool {
        let mut after = self.tokens[self.at + 1..].iter().take(4);
        let clause = self.tokens[self.at].clause;
        let first = after.find(|token| {
            !(token.is_blank() || matches!(token.kind, Kind::Other('的' | '元' | '级')) || token.has(Tag::ApproxAfter))
        });
        first.is_some_and(|token| token.clause == clause && matches!(token.kind, Kind::Other('项')))
    }
}

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
