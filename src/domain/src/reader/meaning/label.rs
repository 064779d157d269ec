//! Labels: the word that names the field of an amount.

use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::meaning::fact::{Fact, Phrase, REACH};
use crate::reader::meaning::slot::{MONEY, is_of_rooms, plain};
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::tokens::units::Dim;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::slot::Slot;

cues! {
    LabelCues in "labels.txt" {
        had: CharSet,
        signed: CharSet,
    }
}

/// Returns whether a token is the verb for signing a lease: 签三年.
pub(crate) fn is_signed(token: &Token) -> bool {
    token.other().is_some_and(|c| CUES.signed.has(c))
}

/// The most tokens between the label behind an area and the thing that both belong to.
const THING: usize = 6;
/// Fields whose labels take no money.
const MEASURED: [Slot; 6] = [Slot::RD, Slot::ENERGY, Slot::POWER, Slot::HEIGHT, Slot::HEADS, Slot::DESKS];
/// Fields whose labels take a number without a unit.
const BARE: [Slot; 9] =
    [Slot::LEASE, Slot::RATIO, Slot::RENT, Slot::POWER, Slot::HEIGHT, Slot::DESKS, Slot::HEADS, Slot::RD, Slot::LOAD];

/// Returns the index of the word that names the field of an amount: the nearest before it, else the one directly behind
/// it, else the subject of the clause before. `used` marks the labels of earlier amounts.
pub(crate) fn label(phrase: &Phrase<'_>, used: &[bool], previous: Option<&Fact>) -> Option<usize> {
    let (before, blocked) = phrase.label_before(used);
    if blocked {
        return before;
    }
    // 产值税收？答：达产五个亿产值，…: the answer repeats which of them it is about.
    let repeated = before.filter(|&at| phrase.is_answer_to(at)).and_then(|_| phrase.label_glued());
    // 6人小团队 10个工位: what is counted is glued to the count.
    let counted = before.filter(|&at| phrase.is_parted_from(at)).and_then(|_| phrase.counted_behind());
    repeated
        .or(counted)
        .or(before)
        .or_else(|| phrase.label_behind().filter(|&at| !phrase.is_of_thing(at)))
        .or_else(|| phrase.label_inherited(used, previous))
}

/// Returns whether a token only answers the label before it: a colon, a box, 需要.
fn is_answer(token: &Token) -> bool {
    token.other().is_some_and(|c| c == ':' || !c.is_alphanumeric()) || token.any(&[Tag::Plan, Tag::Seek])
}

impl Phrase<'_> {
    /// Returns whether a colon is between a label and the amount.
    fn is_answer_to(&self, label: usize) -> bool {
        self.tokens[label + 1..self.at].iter().any(|token| token.other() == Some(':'))
    }

    /// Returns whether a blank is between a label and the amount.
    fn is_parted_from(&self, label: usize) -> bool {
        self.tokens[label + 1..self.at].iter().any(Token::is_blank)
    }

    /// Returns the index of the label of what is counted, right behind a count: `10个工位`.
    fn counted_behind(&self) -> Option<usize> {
        let behind = self.tokens.get(self.at + 1).filter(|_| self.amount.dim == Dim::Count)?;
        let glued = behind.start == self.tokens[self.at].end && behind.is_label() && !behind.has(Tag::Other);
        (glued && self.compatible(behind)).then_some(self.at + 1)
    }

    /// Returns the index of the label right behind the amount that ends its clause: `五个亿产值，`.
    fn label_glued(&self) -> Option<usize> {
        let at = self.at + 1;
        let label = self.tokens.get(at)?;
        let ends = self.tokens.get(at + 1).is_none_or(Token::ends_clause);
        let glued = label.start == self.tokens[self.at].end && label.is_label() && !label.has(Tag::Other);
        (ends && glued && self.compatible(label)).then_some(at)
    }

    /// Returns the index of the bracket that a remark between the label and the amount opens with, else that of the amount:
    /// `固定资产投资（不含厂房）1.26亿元`.
    fn before_note(&self) -> usize {
        const LONGEST: usize = 8;
        // 年产值（达产）：2.2亿元
        let colon = self.at.checked_sub(1).is_some_and(|at| self.tokens[at].other() == Some(':'));
        let end = self.at - usize::from(colon);
        let closes = end.checked_sub(1).filter(|&at| matches!(self.tokens[at].kind, TokenKind::Break(')')));
        let Some(close) = closes else { return self.at };
        let mut inside = (close.saturating_sub(LONGEST)..close).rev().map(|at| (at, &self.tokens[at]));
        let open =
            inside.find(|(_, token)| token.amount().is_some() || matches!(token.kind, TokenKind::Break('(' | '.')));
        let open = open.filter(|(_, token)| matches!(token.kind, TokenKind::Break('(')));
        // 税收（上年）：1260万元 is one of the past.
        let past = |open: &usize| self.tokens[*open..close].iter().any(|token| token.any(&[Tag::Past, Tag::Existing]));
        open.map(|(at, _)| at).filter(|open| !past(open)).unwrap_or(self.at)
    }

    /// Returns the label before the amount, and whether it ends the search even where it is none.
    fn label_before(&self, used: &[bool]) -> (Option<usize>, bool) {
        let end = self.before_note();
        let clause = self.tokens[end].clause;
        let mut near = true;
        let area = matches!(self.amount.dim, Dim::Land | Dim::Floor);
        // 恒温恒湿厂房1800㎡: the thing is nearer to its area than the label of its equipment.
        let mut thing = false;
        // 而非新征土地：需单层厂房9,000㎡: nor does the label before the colon have it.
        let mut colon = false;
        let mut each = false;
        // 用地/用房 租赁厂房20000平方米: the building is nearer than the word for land.
        let mut building = false;
        for at in (end.saturating_sub(REACH)..end).rev() {
            let token = &self.tokens[at];
            thing |= area && token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea]);
            colon |= thing && token.other() == Some(':');
            if building && token.names(Slot::LAND) && self.amount.dim == Dim::Floor {
                break;
            }
            building |= token.any(&[Tag::Space, Tag::SpaceArea]) && !token.is_label();
            if thing && (token.has(Tag::Other) || colon && token.names(Slot::LAND) && self.amount.dim == Dim::Floor) {
                break;
            }
            // 货梯两部各3吨: the count is between.
            let counted = at + 2 == self.at && self.tokens[at + 1].has(Tag::Each) && token.clause == clause;
            each |= counted && token.amount().is_some();
            if token.amount().is_some() && !counted && !(at + 1 == self.at && self.is_storey(at))
                || token.clause != clause
            {
                break;
            }
            // 带燃气 租5年: the term of a lease has its own word.
            if self.amount.dim == Dim::Years && (token.has(Tag::Lease) && !token.is_label() || is_signed(token)) {
                return (None, true);
            }
            // 年产3000万平方米瓦楞纸箱: an area of goods.
            if area && (near || !thing) && token.has(Tag::Made) {
                return (Some(at), true);
            }
            if token.is_label() && (each || !used[at]) && !(is_of_rooms(self.quantity) && self.is_had(at)) {
                // For trucks and need 5 acres: a distant label of no field never takes land.
                let far = !near && token.has(Tag::Other);
                // 卸货口 9.6米冷藏车, 恒温 80kva: nor does one across a blank take what names its own field.
                let across = token.has(Tag::Other) && self.is_parted_from(at);
                let own = far && self.has_own_field() || across && self.amount.dim == Dim::Power;
                if self.compatible(token) && !(own || (far || across) && self.is_named_behind()) {
                    return (Some(at), false);
                }
                // 研发投入500万: the label directly before claims the amount, though no field takes it.
                if near && self.claims(token) {
                    return (Some(at), true);
                }
            }
            near &= token.is_blank()
                || token.any(&[Tag::Filler, Tag::Approx, Tag::AtLeast, Tag::AtMost, Tag::PerYear, Tag::Total])
                || matches!(token.kind, TokenKind::Other(':') | TokenKind::Unit(..));
        }
        (None, false)
    }

    /// Returns whether the unit alone tells the field: land, power, money per area (`靠近高速 60万/亩以内`).
    fn has_own_field(&self) -> bool {
        let money = self.amount.dim == Dim::Money || self.amount.large;
        let per = || self.quantity.per.and(self.per_before());
        matches!(self.amount.dim, Dim::Land | Dim::Power) || money && (per().mu || per().m2)
    }

    /// Returns whether the word right behind a length is its own label: `月台可停9米6冷藏车`.
    fn is_named_behind(&self) -> bool {
        let mut behind = self.tokens[self.at + 1..].iter().filter(|token| !token.is_of());
        let dim = self.amount.dim;
        let behind = behind.next().filter(|_| matches!(dim, Dim::Length | Dim::Mass));
        behind.is_some_and(|token| plain(token.tags, dim).is_some())
    }

    /// Returns whether a label is that of a truck or of something had, and a blank parts it from a price: it takes no money.
    /// `能进13米挂车 15块左右`, `有月台 25块以内`.
    ///
    /// Nor does any other word of no field but that of a fee take a price behind a blank: `食堂 ≤12元/㎡/月`.
    pub(crate) fn is_had(&self, label: usize) -> bool {
        let token = &self.tokens[label];
        let parted = self.tokens[label + 1..self.at].iter().any(Token::is_blank);
        if parted && token.has(Tag::Other) && !token.has(Tag::Fee) {
            return true;
        }
        let had = |token: &Token| token.has(Tag::Filler) && token.end - token.start == 1 || token.has(Tag::Reach);
        let before = label.checked_sub(1).map(|at| &self.tokens[at]);
        parted
            && (token.tags.plain().next().is_some()
                || before.is_some_and(|token| had(token) || token.other().is_some_and(|c| CUES.had.has(c))))
    }

    /// Returns whether the token is the storey between a label and its amount: `层高：一层6米`.
    fn is_storey(&self, at: usize) -> bool {
        self.tokens[at]
            .amount()
            .is_some_and(|amount| amount.dim.is_other() && self.tokens[at].end == self.tokens[self.at].start)
    }

    /// Returns whether a label that takes no money keeps this amount of money from the labels before it.
    fn claims(&self, token: &Token) -> bool {
        let money = matches!(self.quantity.dim, Dim::Money | Dim::Foreign) || self.quantity.large;
        money
            && (token.names_any(&MEASURED) || token.tags.plain().next().is_some())
            && !token.names_any(&[Slot::BUDGET, Slot::PRICE])
    }

    fn label_behind(&self) -> Option<usize> {
        let mut at = self.at + 1;
        let clause = self.tokens[self.at].clause;
        // 6000平要有月台: behind a word for wanting another thing follows.
        let mut wanting = false;
        while let Some(token) = self.tokens.get(at).filter(|token| token.clause == clause && at < self.at + 6) {
            // 15块左右 佣金一个月: behind a blank a word of no field is not what a price is for.
            let blank = self.tokens[at - 1].is_blank() && (is_of_rooms(self.quantity) || self.has_own_field());
            let area = matches!(self.amount.dim, Dim::Land | Dim::Floor);
            let apart = token.has(Tag::Other) && (blank || area && (wanting || token.has(Tag::NoArea)));
            wanting |= token.any(&[Tag::Plan, Tag::Seek]);
            if token.is_label() && !apart && self.compatible(token) {
                // `30亩投资2亿`: the label belongs to the amount behind it.
                let next = self.tokens[at + 1..].iter().find(|token| {
                    !token.is_blank()
                        && !token.any(&[Tag::Approx, Tag::AtLeast, Tag::AtMost, Tag::Reach, Tag::Filler, Tag::Correct])
                        && !matches!(token.kind, TokenKind::Unit(_))
                });
                let taken = next.is_some_and(|next| {
                    (next.amount().is_some() || matches!(next.kind, TokenKind::Other(':')))
                        && next.clause == clause
                        && self.fits_next(token, next)
                });
                return (!taken).then_some(at);
            }
            let passes = token.is_blank()
                || token.any(&[Tag::Filler, Tag::ApproxAfter, Tag::AtMostAfter, Tag::AtLeastAfter, Tag::PerYear])
                || token.is_of();
            if !passes {
                return None;
            }
            at += 1;
        }
        None
    }

    /// Returns whether the label behind is one of no field, and the thing right before has the area: `保税仓4000平 恒温`.
    fn is_of_thing(&self, label: usize) -> bool {
        let area = matches!(self.amount.dim, Dim::Land | Dim::Floor);
        let mut before = self.tokens[..self.at].iter().rev().filter(|token| !token.is_blank());
        let is_thing = |token: &Token| token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea]);
        // 3,000 sqm of temperature controlled warehouse
        let behind = self.tokens[label + 1..].iter().take(THING).take_while(|token| !token.ends_clause());
        let thing = before.next().is_some_and(is_thing) || behind.into_iter().any(is_thing);
        area && thing && self.tokens[label].has(Tag::Other)
    }

    /// Returns whether the amount is said of each of the machines that the clause before counts: `行车2台，单台10吨`.
    fn is_of_each(&self) -> bool {
        let mut before = self.tokens[..self.at].iter().rev();
        let each = before.next().is_some_and(|token| token.has(Tag::Each));
        self.amount.dim == Dim::Mass && each && before.next().is_some_and(Token::ends_clause)
    }

    fn fits_next(&self, label: &Token, next: &Token) -> bool {
        // 5 吨行车 2 台: the count is no figure of the crane.
        let plain_label = label.tags.plain().next().is_some();
        next.amount().is_none_or(|amount| {
            if plain_label {
                plain(label.tags, amount.dim).is_some()
            } else {
                Phrase { at: 0, amount, ..*self }.compatible(label)
            }
        })
    }

    /// Returns the label of the clause before: `税收：2027年500万，2028年800万`, `投资方面，2亿`.
    fn label_inherited(&self, used: &[bool], previous: Option<&Fact>) -> Option<usize> {
        let token = &self.tokens[self.at];
        let mut at = self.at;
        let (mut own, mut clauses) = (true, 0);
        let each = self.is_of_each();
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
            if before.is_label() {
                // 税收方面，500万: only a label at the end of its clause is still open.
                let waits = self.tokens[at + 1..self.at]
                    .iter()
                    .take_while(|token| !token.ends_clause())
                    .filter(|token| !(token.is_blank() || token.has(Tag::Filler) || is_answer(token)))
                    .count();
                if waits > usize::from(!before.has(Tag::Other)) && !each {
                    return None;
                }
                // 是否需要行车：是，10吨.
                let own_unit = plain(before.tags, self.amount.dim).is_some()
                    || matches!(self.amount.dim, Dim::Years | Dim::Bare) && before.names(Slot::LEASE);
                // 精装修,20个人用: a label of no field is still open only to money and shares.
                let money = matches!(self.amount.dim, Dim::Money | Dim::Foreign | Dim::Percent) || self.amount.large;
                // 宿舍：要，100人 is the number of those who live there.
                let answered = self.amount.dim == Dim::People && self.is_answer_to(at);
                if before.has(Tag::Other) && !answered && (!money && !own_unit || self.has_own_field()) {
                    return None;
                }
                // 不再拿地,租仓库4500平: the area belongs to a thing of its own clause.
                let thing = self.amount.dim == Dim::Floor
                    && self.tokens[at + 1..self.at].iter().any(|token| token.any(&[Tag::Space, Tag::SpaceArea]));
                if thing {
                    return None;
                }
                // A label reaches one clause further.
                return (!own && (each || !used[at]) && self.compatible(before) && clauses <= 1).then_some(at);
            }
            if each && before.amount().is_some_and(|amount| amount.dim != Dim::Mass) {
                continue;
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

    /// Returns whether the label can name an amount of this dimension.
    fn compatible(&self, token: &Token) -> bool {
        let amount = self.amount;
        let money = amount.dim == Dim::Money || amount.large && amount.dim == Dim::Bare;
        let names = |slots: &[Slot]| token.names_any(slots);
        if token.has(Tag::Other) && !self.is_plain_count(token)
            || plain(token.tags, if money { Dim::Money } else { amount.dim }).is_some()
        {
            return true;
        }
        match amount.dim {
            _ if money => names(&MONEY),
            Dim::Foreign => names(&[Slot::TAX, Slot::FIXED, Slot::INVEST, Slot::OUTPUT, Slot::BUDGET]),
            Dim::Land => names(&[Slot::LAND]) || token.has(Tag::Area),
            Dim::Floor => names(&[Slot::LAND, Slot::FLOOR]) || token.has(Tag::Area),
            Dim::Percent => names(&[Slot::RD]) || token.has(Tag::FixedShare),
            Dim::Energy => names(&[Slot::ENERGY]),
            Dim::Mass => names(&[Slot::EMISSION, Slot::LOAD]) || token.has(Tag::Coal),
            Dim::Force | Dim::Pressure => names(&[Slot::LOAD]),
            Dim::Power | Dim::Watt => names(&[Slot::POWER]),
            Dim::Length => names(&[Slot::HEIGHT]),
            Dim::People => names(&[Slot::HEADS]),
            Dim::Years => names(&[Slot::LEASE]),
            Dim::Count => names(&[Slot::DESKS, Slot::HEADS]),
            // 二是租期3年: the number before the label counts something else.
            Dim::Bare if token.names(Slot::LEASE) && token.start > self.tokens[self.at].start => false,
            Dim::Bare if token.has(Tag::Area) && self.is_spacious() => true,
            Dim::Bare => names(&BARE) || names(&[Slot::BUDGET, Slot::PRICE]) && !self.noted(token) || self.noted(token),
            _ => false,
        }
    }

    /// Returns whether the amount is a number without a unit before the label of no field: `2600 行车加到16吨`.
    fn is_plain_count(&self, label: &Token) -> bool {
        self.amount.dim == Dim::Bare && !self.amount.large && label.start > self.tokens[self.at].end
    }

    /// Returns whether a unit in brackets behind the label makes it fit a bare number: `总投资(万元)：12000`.
    fn noted(&self, label: &Token) -> bool {
        let held = label.any(&[Tag::Acres, Tag::Hectares, Tag::Mu]) && label.end <= self.tokens[self.at].start;
        held || self.tokens[..self.at]
            .iter()
            .rev()
            .take(REACH)
            .filter(|token| !token.is_blank())
            .take(4)
            .any(|token| matches!(token.kind, TokenKind::Unit(..)) && token.start >= label.end)
    }
}
