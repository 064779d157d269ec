//! Words that name a thing: kinds of listing, uses, tenure, trade, levels of parks.

use std::sync::LazyLock;

use crate::listing::Kind;
use crate::reader::fields::trade::Phrase;
use crate::reader::letters::text::Text;
use crate::reader::meaning::facts::{Fact, Frame, Slot};
use crate::reader::tokens::lexer::{Kind as TokenKind, Token, Words};
use crate::reader::tokens::quantity::Quantity;
use crate::reader::words::endings::Endings;
use crate::reader::words::lexicon::{Tag, Tags};
use crate::requirement::{ParkLevel, Tenure, Use};

/// What was named, with the tokens that name it.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(crate) kinds: Vec<(Kind, usize)>,
    pub(crate) uses: Vec<(Use, usize)>,
    pub(crate) tenure: Option<(Tenure, usize)>,
    /// Both, or a choice left open.
    pub(crate) either: Option<usize>,
    pub(crate) levels: Vec<(ParkLevel, usize)>,
    pub(crate) chemical: Option<usize>,
    /// Said outright, as forms do.
    pub(crate) chemical_said: Option<(bool, usize)>,
}

pub(crate) struct View<'t> {
    pub(crate) text: &'t Text,
    pub(crate) tokens: &'t [Token],
    pub(crate) words: &'t Words,
    pub(crate) quantities: &'t [Quantity],
    pub(crate) frames: &'t [Frame],
    pub(crate) facts: &'t [Fact],
    pub(crate) phrases: &'t [Phrase],
    /// Tokens before this one are not the real need.
    pub(crate) real_from: usize,
}

/// What words tell that name a kind of listing, a tenure or a park for chemicals.
const THINGS: Tags = Tags::of(&[
    Tag::Named,
    Tag::Plot,
    Tag::Space,
    Tag::SpaceArea,
    Tag::Park,
    Tag::OnlyLease,
    Tag::OnlyBuy,
    Tag::Either,
    Tag::Lease,
    Tag::Buy,
    Tag::Chemical,
    Tag::ChemicalYes,
    Tag::ChemicalNo,
]);

/// What words tell that name a level of parks.
const LEVELS: Tags = Tags::of(&[Tag::National, Tag::Provincial, Tag::Municipal, Tag::CountyLevel]);

/// What words tell that name a use.
const USES: Tags = Tags::of(&[Tag::Production, Tag::Research, Tag::Warehouse, Tag::Office, Tag::Incubation]);

/// What stands before the use that a site is said to have.
static USE_LABELS: LazyLock<Endings> = LazyLock::new(|| {
    let labels =
        ["类型:", "用途:", "用途是", "用途为", "用途 ", "用于", "用来", "用作", "作为", "use:", "used for ", "用途"];
    Endings::new(labels.into_iter())
});

/// What stands before a use that only comes with another.
static ACCESSORIES: LazyLock<Endings> =
    LazyLock::new(|| Endings::new(["带", "配", "配有", "配备", "配套", "附带", "带有"].into_iter()));

impl<'t> View<'t> {
    /// The numbers of the tokens that have one of the tags.
    pub(crate) fn having(&self, tags: &[Tag]) -> impl DoubleEndedIterator<Item = usize> + use<'t> {
        self.words.having(Tags::of(tags))
    }

    /// Whether a token speaks of the need: not denied, not of what is there already, not of a second site.
    pub(crate) fn speaks(&self, at: usize) -> bool {
        let frame = self.frames[at];
        at >= self.real_from && !(frame.negated || frame.existing || frame.past || frame.second)
    }

    /// The tokens of a token's clause.
    fn clause(&self, at: usize) -> std::ops::Range<usize> {
        let clause = self.tokens[at].clause;
        let start = self.tokens[..at].iter().rposition(|token| token.clause != clause).map_or(0, |before| before + 1);
        let end =
            self.tokens[at..].iter().position(|token| token.clause != clause).map_or(self.tokens.len(), |n| at + n);
        // Clauses without an end do not make the work quadratic.
        start.max(at.saturating_sub(40))..end.min(at + 40)
    }

    pub(crate) fn clause_has(&self, at: usize, tags: &[Tag]) -> bool {
        self.tokens[self.clause(at)].iter().any(|token| token.any(tags))
    }

    fn has_fact(&self, slot: Slot) -> bool {
        self.facts.iter().any(|fact| fact.slot == Some(slot) && wanted(fact) && fact.token >= self.real_from)
    }

    /// Everything that is named.
    pub(crate) fn named(&self) -> Named {
        let mut it = Named::default();
        let land = self.has_fact(Slot::Land)
            || self.having(&[Tag::Plot]).any(|at| !self.tokens[at].has(Tag::Named) && self.speaks(at));
        let land_facts = self.facts.iter().filter(|fact| fact.slot == Some(Slot::Land));
        let mut by_the_mu = land_facts.map(|fact| fact.token).find(|&at| self.is_land_by_the_mu(at));
        for at in self.words.having(THINGS.and(LEVELS)) {
            by_the_mu.take_if(|first| *first < at).into_iter().for_each(|first| add(&mut it, Kind::Plot, first));
            let token = &self.tokens[at];
            if token.tags.meets(LEVELS) {
                self.levels(at, &mut it);
            }
            if token.tags.meets(THINGS) {
                self.kinds(at, land, &mut it);
                self.tenure(at, &mut it);
                if token.any(&[Tag::ChemicalYes, Tag::ChemicalNo]) {
                    it.chemical_said = Some((token.has(Tag::ChemicalYes), at));
                }
                if token.has(Tag::Chemical) && self.speaks(at) && it.chemical.is_none() {
                    it.chemical = Some(at);
                }
            }
        }
        by_the_mu.into_iter().for_each(|first| add(&mut it, Kind::Plot, first));
        it.uses = self.uses();
        if it.kinds.is_empty() && self.has_fact(Slot::Floor) {
            self.same_again(&mut it);
        }
        it
    }

    /// 现有厂房不够用,想再租5000平: what there is already says what is wanted again.
    fn same_again(&self, it: &mut Named) {
        let existing = |&at: &usize| self.frames[at].existing && at >= self.real_from;
        let Some(at) = self.having(&[Tag::Space]).find(existing) else { return };
        add(it, Kind::Space, at);
        if it.uses.is_empty() {
            it.uses.extend(self.use_at(at).map(|(found, _)| (found, at)));
        }
    }

    fn kinds(&self, at: usize, land: bool, it: &mut Named) {
        let token = &self.tokens[at];
        if !self.speaks(at) || self.is_dropped(at) {
            return;
        }
        let mut add = |kind: Kind| add(it, kind, at);
        if token.has(Tag::Named) {
            let named = [(Tag::Plot, Kind::Plot), (Tag::Space, Kind::Space), (Tag::Park, Kind::Park)];
            named.into_iter().filter(|(tag, _)| token.has(*tag)).for_each(|(_, kind)| add(kind));
            return;
        }
        if token.has(Tag::Plot) {
            add(Kind::Plot);
        } else if self.is_space(at) && self.is_sought_space(at, land) {
            add(Kind::Space);
        } else if token.has(Tag::Park) && self.is_sought_park(at) {
            add(Kind::Park);
        }
    }

    /// `土地不要了`.
    fn is_dropped(&self, at: usize) -> bool {
        let next = self.tokens.get(at + 1).filter(|next| next.has(Tag::Not) && next.clause == self.tokens[at].clause);
        next.is_some_and(|next| matches!(self.text.at(next.end), '了' | ',' | '。' | '，'))
    }

    /// A word for buildings, or for rooms with an area beside it.
    fn is_space(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        token.has(Tag::Space) || token.has(Tag::SpaceArea) && self.has_area_near(at)
    }

    /// `10亩地`, `30亩左右的地`, `地30亩`.
    fn is_land_by_the_mu(&self, at: usize) -> bool {
        if !self.speaks(at) {
            return false;
        }
        let bare = |token: &Token| matches!(token.kind, TokenKind::Other('地'));
        let passes = |token: &&Token| {
            token.clause == self.tokens[at].clause
                && !bare(token)
                && (token.any(&[
                    Tag::ApproxAfter,
                    Tag::Approx,
                    Tag::Filler,
                    Tag::AtLeast,
                    Tag::AtMost,
                    Tag::AtLeastAfter,
                ]) || token.has(Tag::AtMostAfter)
                    || token.is_blank()
                    || matches!(token.kind, TokenKind::Other('的')))
        };
        let next =
            |token: Option<&Token>| token.is_some_and(|token| bare(token) && token.clause == self.tokens[at].clause);
        // 地要120亩, 20亩左右的地.
        next(self.tokens[..at].iter().rev().find(|token| !passes(token)))
            || next(self.tokens[at + 1..].iter().find(|token| !passes(token)))
    }

    /// A building that is asked for, not one to be put up on the land that is asked for.
    fn is_sought_space(&self, at: usize, land: bool) -> bool {
        let clause = self.clause(at);
        let before = &self.tokens[clause.start..at];
        let built = before.iter().any(|token| token.has(Tag::Build));
        let leased = self.clause_has(at, &[Tag::Lease]);
        if !land {
            return !built || leased;
        }
        let or = before.iter().any(|token| self.text.at(token.start) == '或' || token.has(Tag::Either));
        leased && !built || or || self.is_bought(at) || self.tokens[at].has(Tag::Incubation)
    }

    /// 求购厂房: the building stands, and is bought.
    pub(crate) fn is_bought(&self, at: usize) -> bool {
        let clause = self.clause(at);
        let before = &self.tokens[clause.start..at];
        let bought = before.iter().rev().take(4).any(|token| token.has(Tag::Buy) && !token.has(Tag::Land));
        bought && self.speaks(at) && !self.clause_has(at, &[Tag::Plot, Tag::Build])
    }

    fn has_area_near(&self, at: usize) -> bool {
        let clause = self.tokens[at].clause;
        let near = clause.saturating_sub(1)..=clause + 1;
        let from = self.facts.partition_point(|fact| fact.token + 40 < at);
        let mut floors = self.facts[from..].iter().take(40).filter(|fact| fact.slot == Some(Slot::Floor));
        floors.any(|fact| {
            near.contains(&self.tokens[fact.token].clause)
                && self.tokens[fact.token].sentence == self.tokens[at].sentence
        })
    }

    /// `找个园区`, `入驻产业园`: the park itself is looked for, not something in it.
    fn is_sought_park(&self, at: usize) -> bool {
        let clause = self.clause(at);
        let token = &self.tokens[at];
        let seek = self.tokens[clause.start..at].iter().any(|token| token.has(Tag::Seek));
        let next = self.text.at(token.end);
        let inside = matches!(next, '里' | '内' | '的' | '附' | '周' | '政' | '门' | '旁');
        let thing = self.tokens[clause].iter().any(|token| token.any(&[Tag::Plot, Tag::Space, Tag::Lease]))
            || self.is_first_of_pair(at);
        let named = self.tokens[..at].last().is_some_and(|token| {
            matches!(token.kind, TokenKind::Place(_)) || token.any(&[Tag::National, Tag::Provincial, Tag::LevelUp])
        });
        seek && !inside && !thing && !named && !token.has(Tag::Chemical)
    }

    /// Uses by how surely they are meant: what the site is said to be for, then what is asked for, then what is done.
    fn uses(&self) -> Vec<(Use, usize)> {
        let mut levels: [Vec<(Use, usize)>; 3] = Default::default();
        let mut besides: Vec<(Use, usize)> = Vec::new();
        let named = self.words.having(USES).filter(|&at| self.speaks(at));
        let mut named: Vec<(usize, Use, usize)> =
            named.filter_map(|at| self.use_at(at).map(|(found, level)| (at, found, level))).collect();
        // 生产+仓储+办公5000平: what holds for the last of a list holds for all of it.
        for last in (1..named.len()).rev() {
            if self.is_joined(named[last - 1].0, named[last].0) {
                named[last - 1].2 = named[last - 1].2.max(named[last].2);
            }
        }
        for (at, found, level) in named {
            let list = if self.is_accessory(at) { &mut besides } else { &mut levels[level] };
            list.push((found, at));
        }
        for phrase in self.phrases {
            if let Some(at) = self.product(phrase) {
                let place = levels[0].partition_point(|&(_, other)| other <= at);
                levels[0].insert(place, (Use::Production, at));
            }
        }
        let mut all: Vec<(Use, usize)> = Vec::new();
        let surest = levels.into_iter().rev().find(|level| !level.is_empty()).unwrap_or_default();
        for (found, at) in surest.into_iter().chain(besides) {
            if !all.iter().any(|(known, _)| *known == found) {
                all.push((found, at));
            }
        }
        all
    }

    fn use_at(&self, at: usize) -> Option<(Use, usize)> {
        let token = &self.tokens[at];
        let found = [
            (Tag::Production, Use::Production),
            (Tag::Research, Use::Research),
            (Tag::Warehouse, Use::Warehouse),
            (Tag::Office, Use::Office),
            (Tag::Incubation, Use::Incubation),
        ]
        .into_iter()
        .find_map(|(tag, found)| token.has(tag).then_some(found))?;
        let next = self.text.at(token.end);
        // 物流便利, 研发团队: not what the site is for.
        if found == Use::Warehouse
            && !token.has(Tag::Space)
            && matches!(next, '便' | '方' | '成' | '通' | '发' | '条' | '费')
        {
            return None;
        }
        if found == Use::Research
            && !token.has(Tag::SpaceArea)
            && (matches!(next, '人' | '团' | '能' | '费' | '投' | '占' | '实') || self.text.goes_on(token.end, "水平"))
        {
            return None;
        }
        // 智能仓储装备: what is made is no use of the site.
        let product = ["装备", "设备", "机器人", "系统", "软件", "货架", "家具"];
        if found != Use::Production && product.iter().any(|word| self.text.goes_on(token.end, word)) {
            return None;
        }
        if self.is_address(at) {
            return None;
        }
        if self.clause_has(at, &[Tag::Home])
            && !token.any(&[Tag::Space, Tag::Plot, Tag::SpaceArea])
            && !self.clause_has(at, &[Tag::Plan, Tag::Lease, Tag::Buy])
        {
            return None;
        }
        let said = USE_LABELS.fit(self.text, 0, token.start);
        let thing = token.any(&[Tag::Space, Tag::Plot]) || token.has(Tag::SpaceArea) && self.has_area_near(at);
        Some((found, if said { 2 } else { usize::from(thing) }))
    }

    /// 带冷库更好, 配办公室: what the building has besides.
    fn is_accessory(&self, at: usize) -> bool {
        ACCESSORIES.fit(self.text, 0, self.tokens[at].start)
    }

    /// `Hong Kong office +852 …`: whose telephone it is.
    fn is_address(&self, at: usize) -> bool {
        let next = self.tokens[at + 1..]
            .iter()
            .find(|token| !(token.is_blank() || matches!(token.kind, TokenKind::Other(':'))));
        next.is_some_and(|next| matches!(next.kind, TokenKind::Claimed))
    }

    /// 生产+办公2000平: the area is for both, and the first is the use.
    fn is_first_of_pair(&self, at: usize) -> bool {
        let second = self.tokens.get(at + 2);
        self.is_joined(at, at + 2)
            && second.is_some_and(|token| token.has(Tag::SpaceArea))
            && self.has_area_near(at + 2)
    }

    /// Whether one word stands behind another in a list.
    fn is_joined(&self, first: usize, second: usize) -> bool {
        let joint = self.tokens.get(first + 1).map(|next| next.kind);
        second == first + 2
            && matches!(joint, Some(TokenKind::Break('+' | '、' | '/') | TokenKind::Other('和' | '加' | '兼' | '及')))
    }

    /// 做模具, 年产5000台水泵, 生产线 of something made: the token that says so.
    fn product(&self, phrase: &Phrase) -> Option<usize> {
        let made = phrase.code.is_some_and(|code| code.section() == 'C');
        let at = self.tokens.partition_point(|token| token.end <= phrase.start);
        self.tokens.get(at)?;
        if !self.speaks(at) {
            return None;
        }
        let before = self.text.before(phrase.start);
        let done =
            made && (before == '做' || phrase.start > 1 && before == '的' && self.text.at(phrase.start - 2) == '做');
        // 食品厂, 烟花鞭炮厂, but no 饮料厂家.
        let behind =
            self.text.at(phrase.end) == '厂' && !matches!(self.text.at(phrase.end + 1), '房' | '家' | '商' | '区');
        let works = made && (self.text.before(phrase.end) == '厂' || behind);
        let yearly = self.tokens[..at].iter().rev().take(3).any(|token| {
            token.amount().is_some_and(|_| {
                let before = |count: usize| token.start.saturating_sub(count);
                self.text.goes_on(before(2), "年产") || self.text.goes_on(before(3), "年产约")
            })
        }) && self.tokens[at].clause == self.tokens[at.saturating_sub(2)].clause;
        (done || yearly || works).then_some(at)
    }

    fn tenure(&self, at: usize, it: &mut Named) {
        let token = &self.tokens[at];
        if token.has(Tag::Ignored) && !token.any(&[Tag::OnlyBuy, Tag::OnlyLease])
            || !self.speaks(at)
            || self.is_of_equipment(at)
            || self.is_complaint(at)
        {
            return;
        }
        if token.any(&[Tag::OnlyLease, Tag::OnlyBuy]) {
            let only = if token.has(Tag::OnlyLease) { Tenure::Lease } else { Tenure::Buy };
            (it.tenure, it.either) = (Some((only, at)), None);
            return;
        }
        let found = if token.has(Tag::Either) {
            it.either = Some(at);
            return;
        } else if token.has(Tag::Lease) {
            Tenure::Lease
        } else if token.has(Tag::Buy) {
            Tenure::Buy
        } else {
            return;
        };
        match it.tenure {
            Some((known, _)) if known != found && it.either.is_none() => it.either = Some(at),
            Some(_) => {}
            None => it.tenure = Some((found, at)),
        }
    }

    /// 购置各类设备: what is bought is no site.
    fn is_of_equipment(&self, at: usize) -> bool {
        let clause = self.tokens[at].clause;
        let mut behind = self.tokens[at + 1..].iter().take(8).take_while(|token| token.clause == clause);
        let object = behind.find(|token| token.any(&[Tag::Equipment, Tag::Plot, Tag::Space, Tag::SpaceArea]));
        self.tokens[at].has(Tag::Buy)
            && !self.tokens[at].has(Tag::Plot)
            && object.is_some_and(|token| token.has(Tag::Equipment))
    }

    /// 房租太贵了, 租金又涨了: why the firm moves, not what it looks for.
    fn is_complaint(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let clause = token.clause;
        let mut behind = self.tokens[at + 1..].iter().take(6).take_while(|token| token.clause == clause);
        token.has(Tag::Rent) && behind.any(|token| matches!(self.text.at(token.start), '贵' | '涨'))
    }
}

fn add(it: &mut Named, kind: Kind, at: usize) {
    if !it.kinds.iter().any(|(known, _)| *known == kind) {
        it.kinds.push((kind, at));
    }
}

/// Whether an amount speaks of the need.
pub(crate) fn wanted(fact: &Fact) -> bool {
    let frame = fact.frame;
    !(frame.negated || frame.existing || frame.past || frame.second)
}
