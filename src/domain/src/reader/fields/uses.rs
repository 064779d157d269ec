//! Uses of the site that a need names.

use crate::reader::fields::view::View;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::tokens::token::{Amount, Token, TokenKind};
use crate::reader::tokens::trades::TradePhrase;
use crate::reader::tokens::units::Dim;
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::slot::Slot;
use crate::requirement::Use;

cues! {
    UseCues in "uses.txt" {
        label: Suffixes,
        accessory: Suffixes,
        no_warehouse: WordList,
        no_research: WordList,
        product: WordList,
        joint: CharSet,
        making: CharSet,
        making_of: CharSet,
        works: CharSet,
        no_works: CharSet,
        service: WordList,
        yearly: Suffixes,
        base: WordList,
        of_goods: Suffixes,
        shared: WordList,
        product_label: Suffixes,
        own_behind: WordList,
        equipment: WordList,
        own_before: Suffixes,
    }
}

/// Tags of words that name a use.
const USES: Tags = Tags::of(&[Tag::Production, Tag::Research, Tag::Warehouse, Tag::Office, Tag::Incubation]);

/// Levels of certainty of a use: mentioned, asked for with a thing, stated behind a label.
const LEVELS: usize = 3;

/// Returns the uses of the surest level that occurs, then those that are accessories, each once.
pub(crate) fn uses(view: &View<'_>) -> Vec<(Use, usize)> {
    let mut levels: [Vec<(Use, usize)>; LEVELS] = Default::default();
    let mut accessories: Vec<(Use, usize)> = Vec::new();
    let named = view.tagged.having(USES).filter(|&at| view.is_of_need(at));
    let mut named: Vec<(usize, Use, usize)> =
        named.filter_map(|at| use_at(view, at).map(|(found, level)| (at, found, level))).collect();
    // 生产+仓储+办公5000平: the level of the last of a list holds for all of it.
    for last in (1..named.len()).rev() {
        if is_joined(view, named[last - 1].0, named[last].0) {
            named[last - 1].2 = named[last - 1].2.max(named[last].2);
        }
    }
    // 推荐办公室，工位100个: desks that are counted stand in the office.
    let own = |token: &Token| !token.names(Slot::DESKS) && !CUES.shared.starts(view.text, token.start);
    let office = named.iter().any(|&(at, found, _)| found == Use::Office && own(&view.tokens[at]));
    named.retain(|&(at, found, _)| !(office && found == Use::Incubation && is_counted_desk(view, at)));
    for (at, found, level) in named {
        let accessory = CUES.accessory.fit(view.text, 0, view.tokens[at].start)
            || found == Use::Warehouse && view.has_fact(Slot::LAND) && is_facility(view, at)
            || is_of_equipment(view, at)
            || found == Use::Office && is_smaller_part(view, at);
        let list = if accessory { &mut accessories } else { &mut levels[level] };
        list.push((found, at));
    }
    for at in view.phrases.iter().filter_map(|phrase| product(view, phrase)) {
        let place = levels[0].partition_point(|&(_, other)| other <= at);
        levels[0].insert(place, (Use::Production, at));
    }
    // 年产塑料托盘80万只: what is made by the year is made here.
    let made = view.having(&[Tag::Made]).filter(|&at| view.is_of_need(at) && names_goods(view, at));
    levels[0].extend(made.map(|at| (Use::Production, at)));
    // 主要产品为数控刀具，年产1200万支: what is made by the year was named before.
    let named = view.phrases.iter().any(|phrase| phrase.code.is_some_and(|code| code.section() == 'C'));
    let mut yearly = view.having(&[Tag::Made]).filter(|&at| named && view.is_of_need(at) && goods(view, at).is_some());
    if levels.iter().all(Vec::is_empty) {
        levels[0].extend(yearly.next().map(|at| (Use::Production, at)));
    }
    let mut all: Vec<(Use, usize)> = Vec::new();
    let surest = levels.into_iter().rev().find(|level| !level.is_empty()).unwrap_or_default();
    for (found, at) in surest.into_iter().chain(accessories) {
        if !all.iter().any(|(known, _)| *known == found) {
            all.push((found, at));
        }
    }
    all
}

/// Returns whether a word is a facility too that is named without an area: `用地48亩，需要冷库、污水处理`.
fn is_facility(view: &View<'_>, at: usize) -> bool {
    let start = view.tokens[at].start;
    view.facilities.binary_search_by_key(&start, |&(from, ..)| from).is_ok() && !view.has_area_near(at)
}

/// Returns whether the line of a form lists what belongs to the site: `配套：小型冷库、停车位6个`.
fn is_of_equipment(view: &View<'_>, at: usize) -> bool {
    const LONGEST: usize = 40;
    let start = view.tokens[at].start;
    let line = (start.saturating_sub(LONGEST)..start).rev().find(|&at| view.text.at(at) == '\n').map(|at| at + 1);
    line.is_some_and(|line| CUES.equipment.starts(view.text, line))
}

/// Returns whether a word counts desks: `工位：100个`, `180工位`.
fn is_counted_desk(view: &View<'_>, at: usize) -> bool {
    let from = view.facts.partition_point(|fact| fact.token + PARTS < at);
    view.tokens[at].names(Slot::DESKS) && view.facts[from..].iter().take(PARTS).any(|fact| fact.label == Some(at))
}

/// Returns whether a thing is one of the buildings that are counted behind a word for building: `新建联合车间2栋、成品库1栋`.
fn is_counted(view: &View<'_>, at: usize) -> bool {
    let sentence = view.tokens[at].sentence;
    let before = view.tokens[..at].iter().rev().take(PARTS).take_while(|token| token.sentence == sentence);
    let count = view.tokens.get(at + 1).and_then(Token::amount).is_some_and(|amount| amount.dim == Dim::Other);
    count && before.into_iter().any(|token| token.has(Tag::Build))
}

/// Returns whether a building is one of several of a plant that is built: `新建原料库、焙烧车间、机加工车间及办公楼`.
fn is_of_plant(view: &View<'_>, at: usize) -> bool {
    let sentence = view.tokens[at].sentence;
    let same = |token: &&Token| token.sentence == sentence && token.amount().is_none();
    let before = view.tokens[..at].iter().rev().take(PARTS).take_while(same);
    let Some(back) = before.into_iter().position(|token| token.has(Tag::Build)) else { return false };
    let stops = |token: &Token| token.ends_clause() && !matches!(token.kind, TokenKind::Break('、'));
    let list = || view.tokens[at - back..].iter().take(PARTS).take_while(same).take_while(|token| !stops(token));
    let more = list().filter(|token| matches!(token.kind, TokenKind::Break('、'))).count();
    let shop = list().any(|token| token.has(Tag::SpaceArea) && token.has(Tag::Production));
    more > 1 && shop && list().any(|token| std::ptr::eq(token, &view.tokens[at]))
}

/// Returns whether the area right before a use is added to a larger one: `9,500 sqm + 1,200 sqm office`.
fn is_smaller_part(view: &View<'_>, at: usize) -> bool {
    let own = at - view.tokens[..at].iter().rev().take_while(|token| token.is_blank()).count();
    let mut floors = view.tokens[..own].iter().rev().take(PARTS);
    let area = |token: &Token| token.amount().filter(|amount| amount.dim == Dim::Floor);
    let Some(part) = floors.next().and_then(area) else { return false };
    let plus = |token: &&Token| matches!(token.kind, TokenKind::Break('+'));
    let value = |amount: Amount| view.quantities[amount.number as usize].high;
    floors.find(|token| !token.is_blank()).filter(plus).is_some()
        && floors.find_map(area).is_some_and(|whole| value(whole) > value(part))
}

/// The most tokens between an area and the part that is added to it.
const PARTS: usize = 24;

/// Returns the use that a token names, and how surely; `None` where the word means something else.
pub(crate) fn use_at(view: &View<'_>, at: usize) -> Option<(Use, usize)> {
    let (text, token) = (view.text, &view.tokens[at]);
    let found = [
        (Tag::Production, Use::Production),
        (Tag::Research, Use::Research),
        (Tag::Warehouse, Use::Warehouse),
        (Tag::Office, Use::Office),
        (Tag::Incubation, Use::Incubation),
    ]
    .into_iter()
    .find_map(|(tag, found)| token.has(tag).then_some(found))?;
    // 物流便利, 研发团队, 智能仓储装备: a quality or a product, and no use of the site.
    let is_other = found == Use::Warehouse && !token.has(Tag::Space) && CUES.no_warehouse.starts(text, token.end)
        || found == Use::Research && !token.has(Tag::SpaceArea) && CUES.no_research.starts(text, token.end)
        || found != Use::Production && CUES.product.starts(text, token.end);
    // 用地36亩，其中原料堆场18亩
    let part = found == Use::Warehouse && view.frames[at].part && view.has_fact(Slot::LAND);
    if is_other
        || part
        || found != Use::Production && is_of_plant(view, at)
        || is_address(view, at)
        || is_of_firm(view, at)
    {
        return None;
    }
    let said = CUES.label.fit(text, 0, token.start);
    // 冷库1.2万吨 is what the project has room for.
    let capacity = view.tokens.get(at + 1).and_then(Token::amount).is_some_and(|amount| amount.dim == Dim::Mass);
    // 冷库由本项目自建: a part of what is built.
    let own = found != Use::Production
        && (CUES.own_behind.starts(text, token.end) || CUES.own_before.fit(text, 0, token.start));
    let thing = !capacity && !own && !is_counted(view, at) && token.any(&[Tag::Space, Tag::Plot])
        || token.has(Tag::SpaceArea) && view.has_area_near(at);
    Some((found, if said { 2 } else { usize::from(thing) }))
}

/// Returns whether the use belongs to the firm's present site, not to the site that it looks for.
fn is_of_firm(view: &View<'_>, at: usize) -> bool {
    view.clause_has(at, &[Tag::Home])
        && !view.tokens[at].any(&[Tag::Space, Tag::Plot, Tag::SpaceArea])
        && !view.clause_has(at, &[Tag::Plan, Tag::Lease, Tag::Buy])
}

/// Returns whether the word belongs to contact data behind it: `Hong Kong office +852 …`.
fn is_address(view: &View<'_>, at: usize) -> bool {
    let next = view.tokens[at + 1..].iter().find(|token| !(token.is_blank() || token.other() == Some(':')));
    // 加工项目：示例食品有限公司 names who makes it.
    let number = |next: &Token| view.text.at(next.start).is_ascii_digit() || view.text.at(next.start) == '+';
    next.is_some_and(|next| matches!(next.kind, TokenKind::Claimed) && number(next))
}

/// Returns whether two words are neighbours in a list.
pub(crate) fn is_joined(view: &View<'_>, first: usize, second: usize) -> bool {
    second == first + 2
        && view.tokens.get(first + 1).is_some_and(|joint| {
            matches!(joint.kind, TokenKind::Break('+' | '、' | '/')) || joint.other().is_some_and(|c| CUES.joint.has(c))
        })
}

/// Returns whether a service for the product follows in its clause: 做食品和环境第三方检测, 做服装贸易.
fn is_served(view: &View<'_>, at: usize) -> bool {
    let clause = view.clause(at);
    let end = view.tokens[clause.end - 1].end;
    let from = view.tokens[at].end;
    let reach = end.min(from + SERVICE);
    (from..reach).any(|at| {
        CUES.service
            .longest_at(view.text, at)
            .is_some_and(|length| at + length == end || at + length == reach || is_edge(view.text.at(at + length)))
    })
}

fn is_edge(c: char) -> bool {
    !c.is_alphanumeric()
}

/// The most characters between a product and the service for it.
const SERVICE: usize = 14;

/// Returns the index of the token of a product that is made: 做模具, 年产5000台水泵, 食品厂.
fn product(view: &View<'_>, phrase: &TradePhrase) -> Option<usize> {
    let text = view.text;
    let made = phrase.code.is_some_and(|code| code.section() == 'C');
    let at = view.tokens.partition_point(|token| token.end <= phrase.start);
    let token = view.tokens.get(at)?;
    if !view.is_of_need(at) {
        return None;
    }
    let before = text.before(phrase.start);
    let making_of = || phrase.start > 1 && CUES.making_of.has(before) && CUES.making.has(text.at(phrase.start - 2));
    let done = made && (CUES.making.has(before) || making_of() || CUES.product_label.fit(text, 0, phrase.start));
    // 食品厂 and 烟花鞭炮厂, but not 饮料厂家.
    let behind = CUES.works.has(text.at(phrase.end)) && !CUES.no_works.has(text.at(phrase.end + 1));
    let works = made && (CUES.works.has(text.before(phrase.end)) || behind || CUES.base.starts(text, phrase.end));
    let is_yearly = || {
        view.tokens[..at]
            .iter()
            .rev()
            .take(3)
            .any(|token| token.amount().is_some() && CUES.yearly.fit(text, 0, token.start))
            && token.clause == view.tokens[at.saturating_sub(2)].clause
    };
    ((done || works || is_yearly()) && !is_served(view, at)).then_some(at)
}

/// Returns the range of what is made by the year, from its verb to the end of its clause: `年产塑料托盘80万只`. `None` where
/// no amount is stated.
pub(crate) fn goods(view: &View<'_>, at: usize) -> Option<(usize, usize)> {
    let clause = view.tokens[at].clause;
    let tokens =
        view.tokens[at..].iter().take(GOODS).take_while(|token| token.clause == clause && !token.ends_clause());
    let tokens: Vec<_> = tokens.collect();
    tokens.iter().any(|token| token.amount().is_some()).then_some(())?;
    let (start, mut end) = (view.tokens[at].start, tokens.last()?.end);
    while let Some(length) = CUES.of_goods.longest_before(view.text, start, end) {
        end -= length;
    }
    (start < end).then_some((start, end))
}

/// The longest statement of goods, in tokens.
const GOODS: usize = 40;

/// Returns whether a statement of goods names any: 年产塑料托盘80万只, but not 年产8000吨.
fn names_goods(view: &View<'_>, at: usize) -> bool {
    let Some((_, end)) = goods(view, at) else { return false };
    let said = view.tokens[at + 1..].iter().take_while(|token| token.start < end);
    let named = |token: &Token| {
        let word = matches!(token.kind, TokenKind::Trade | TokenKind::Word | TokenKind::Other(_));
        word && !token.any(&[Tag::Filler, Tag::Approx, Tag::Made]) && view.text.at(token.start).is_alphabetic()
    };
    said.into_iter().any(named)
}
