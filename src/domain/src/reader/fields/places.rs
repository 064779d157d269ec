//! Groups of neighbouring names of places, and the divisions that each group means.

use crate::reader::fields::place_lists::{goes_on, is_kind, listed};
use crate::reader::fields::view::View;
use crate::reader::letters::character::is_han;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::dictionary::name;
use crate::reader::words::gazetteer::{Name, Naming};
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::WordList;
use crate::region::{DivisionCode, DivisionLevel, divisions, succession};

cues! {
    PlaceCues in "place_context.txt" {
        new_area: WordList,
        no_place: WordList,
        word_start: CharSet,
        joint: CharSet,
        side: CharSet,
        side_road: CharSet,
        road: WordList,
        bridge: CharSet,
        inside_name: WordList,
        town: WordList,
        both: CharSet,
        county: CharSet,
        fine: WordList,
        also: CharSet,
    }
}

/// The role of a place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceRole {
    Wanted,
    /// Named without a word that tells the role.
    Plain,
    Excluded,
    /// The firm's own city, a market, or a name inside another.
    Aside,
    /// The place of a second site.
    Second,
    /// The place of what exists; it is wanted where no other place is named.
    Present,
}

/// Neighbouring names that mean one place together: 福建省泉州市晋江市.
#[derive(Clone, Debug)]
pub(crate) struct PlaceGroup {
    /// Indices of the first and the last token.
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) codes: Vec<DivisionCode>,
    /// Whether the codes are alternatives.
    pub(crate) ambiguous: bool,
    pub(crate) role: PlaceRole,
    /// Whether the group continues a list that the one before is on.
    pub(crate) listed: bool,
}

impl PlaceGroup {
    /// Group of a name that no division has within the wider place that is named.
    const fn unknown(at: usize) -> Self {
        Self { first: at, last: at, codes: Vec::new(), ambiguous: true, role: PlaceRole::Plain, listed: false }
    }
}

/// Returns the only one of several divisions in the prefecture, else the province, of a place named elsewhere in the
/// text: 海曙 and 象山.
pub(crate) fn neighbour(codes: &[DivisionCode], known: &[DivisionCode]) -> Option<DivisionCode> {
    let province = |code: DivisionCode| Some(code.get() / 10_000);
    let prefecture = |code: DivisionCode| divisions().prefecture(code).map(DivisionCode::get);
    let around: [&dyn Fn(DivisionCode) -> Option<u32>; 2] = [&prefecture, &province];
    around.into_iter().find_map(|around| {
        let near = |code: &&DivisionCode| {
            around(**code).is_some_and(|it| known.iter().any(|&other| around(other) == Some(it)))
        };
        let mut close = codes.iter().filter(near);
        close.next().copied().filter(|_| close.next().is_none())
    })
}

/// The length of 新区.
const NEW_AREA: usize = 2;

/// Returns the groups of names in the order of the text, without names that are no places here.
pub(crate) fn groups(view: &View<'_>) -> Vec<PlaceGroup> {
    let mut all: Vec<PlaceGroup> = Vec::new();
    for (at, token) in view.tokens.iter().enumerate() {
        let TokenKind::Place(number) = token.kind else { continue };
        let found = name(number);
        if at < view.real_from || inside_a_name(view, at) || is_town(view, at) {
            continue;
        }
        let inside = all.last().is_some_and(|group| {
            let covers = |&code: &DivisionCode| group.codes.iter().any(|&outer| divisions().covers(outer, code));
            group.last + 1 == at && found.codes.iter().any(covers)
        });
        if !inside && (chance(view, found, at) || view.is_facility(at) || is_town_of_list(view, found, all.last(), at))
        {
            continue;
        }
        let previous = all.len().checked_sub(1).filter(|&group| joined(view, all[group].last, at));
        let outer: &[DivisionCode] = previous.map_or(&[], |group| &all[group].codes);
        let in_list = all.last().is_some_and(|group| listed(view, group.last, at));
        let beside = all.last().filter(|_| in_list).and_then(|group| successor_beside(view, found, group, at));
        let sibling = sibling(outer, &found.codes);
        let beside = beside.or(sibling);
        let resolved = beside.map(|code| (vec![code], false)).or_else(|| resolve(view, found, outer, at, in_list));
        let Some((codes, ambiguous)) = resolved else { continue };
        // 东莞长安, 南京江北, 绍兴滨海新区: directly behind a place, the name of a county elsewhere is a town or a zone of it.
        let zone = token.end - token.start > NEW_AREA && CUES.new_area.starts(view.text, token.end - NEW_AREA);
        let town = previous.is_some()
            && sibling.is_none()
            && (found.naming == Naming::Everyday || found.codes.len() > 1 || zone)
            && found.naming != Naming::Bloc
            && codes.iter().all(|&code| is_county(code))
            && !outer.iter().any(|&outer| {
                codes.iter().any(|&code| divisions().covers(outer, code) || divisions().covers(code, outer))
            });
        let behind_place =
            at > 0 && view.tokens[at - 1].end == token.start && matches!(view.tokens[at - 1].kind, TokenKind::Place(_));
        if behind_place && (town || is_far(view, outer, &codes, at)) {
            continue;
        }
        if behind_place && is_foreign(view, outer, &codes, at) {
            all.push(PlaceGroup::unknown(at));
            continue;
        }
        // Dongguan Songshan: a town that is spelt like a county elsewhere.
        let spelt = view.text.at(token.start).is_ascii_alphabetic() && codes.iter().all(|&code| is_county(code));
        let behind =
            |&outer: &DivisionCode| !is_county(outer) && !codes.iter().any(|&code| divisions().covers(outer, code));
        if spelt && at > 1 && view.tokens[at - 1].is_blank() && outer.iter().all(behind) && !outer.is_empty() {
            continue;
        }
        if let Some(group) = previous
            && let [code] = codes[..]
            && !ambiguous
        {
            let group = &mut all[group];
            narrow(view, group, code);
            if group.codes.iter().any(|&outer| divisions().covers(outer, code)) {
                (group.codes, group.last, group.ambiguous) = (vec![code], at, false);
                continue;
            }
            // `Kunshan, Jiangsu`: English goes from the narrow to the wide.
            if group.codes.iter().any(|&inner| divisions().covers(code, inner)) && !goes_on(view, at) {
                group.codes.retain(|&inner| divisions().covers(code, inner));
                (group.last, group.ambiguous) = (at, group.codes.len() > 1);
                continue;
            }
        }
        all.push(PlaceGroup { first: at, last: at, codes, ambiguous, role: PlaceRole::Plain, listed: false });
    }
    all
}

/// Returns whether a name is one of a town: 昆山市玉山镇 is not 玉山县, though 昆山镇江 are two cities.
fn is_town(view: &View<'_>, at: usize) -> bool {
    let end = view.tokens[at].end;
    let place_behind =
        view.tokens.get(at + 1).is_some_and(|next| matches!(next.kind, TokenKind::Place(_)) && next.start == end);
    CUES.town.starts(view.text, end) && !place_behind
}

/// Returns the one of several divisions that is in the same prefecture as the county before it: 临沂兰山河东.
fn sibling(outer: &[DivisionCode], codes: &[DivisionCode]) -> Option<DivisionCode> {
    let [before] = outer else { return None };
    let prefecture = divisions().prefecture(*before).filter(|_| is_county(*before) && codes.len() > 1)?;
    let beside = |code: &DivisionCode| code != before && divisions().prefecture(*code) == Some(prefecture);
    let mut all = codes.iter().copied().filter(beside);
    all.next().filter(|_| all.next().is_none())
}

/// Prefectures without counties, whose parts are towns: 东莞, 中山, 嘉峪关, 儋州.
const UNDIVIDED: [u32; 4] = [441_900, 442_000, 620_200, 460_400];

/// The most tokens between an undivided prefecture and the last of its towns.
const TOWNS: usize = 16;

/// Returns whether a county's short name is a town on a list behind an undivided prefecture: 东莞厚街/虎门/长安.
fn is_town_of_list(view: &View<'_>, found: &Name, last: Option<&PlaceGroup>, at: usize) -> bool {
    let Some(group) = last.filter(|group| matches!(group.codes[..], [code] if UNDIVIDED.contains(&code.get()))) else {
        return false;
    };
    let between = &view.tokens[group.last + 1..at];
    let token = &view.tokens[at];
    let stops = |token: &Token| matches!(token.kind, TokenKind::Break('/' | '、'));
    let town = |token: &Token| !token.ends_clause() && !token.is_blank() && token.amount().is_none();
    between.len() <= TOWNS
        && between.last().is_some_and(stops)
        && between.first().is_some_and(town)
        && between.iter().all(|token| stops(token) || town(token))
        && found.codes.iter().all(|&code| is_county(code))
        && !CUES.county.has(view.text.before(token.end))
}

/// Returns whether the name directly behind a county belongs to another province: 句容黄梅 and 大丰临港 are a town and a
/// zone of the county, unless something is said of both.
fn is_far(view: &View<'_>, outer: &[DivisionCode], codes: &[DivisionCode], at: usize) -> bool {
    let province = |code: &DivisionCode| code.get() / 10_000;
    let apart = |code: &DivisionCode| outer.iter().all(|outer| province(outer) != province(code));
    !outer.is_empty()
        && outer.iter().chain(codes).all(|&code| is_county(code))
        && codes.iter().all(apart)
        && !CUES.both.has(view.text.at(view.tokens[at].end))
}

/// Returns whether a county's full name directly behind a wider place is none of it today: 重庆双桥区 was abolished before
/// the table of changes starts, and is no district of Chengde.
fn is_foreign(view: &View<'_>, outer: &[DivisionCode], codes: &[DivisionCode], at: usize) -> bool {
    let outside = |&code: &DivisionCode| !outer.iter().any(|&outer| divisions().covers(outer, code));
    !outer.is_empty()
        && outer.iter().all(|&code| !is_county(code))
        && codes.iter().all(|&code| is_county(code))
        && codes.iter().all(outside)
        && CUES.county.has(view.text.before(view.tokens[at].end))
}

/// Narrows a group of one name to the division of this name inside the wider place behind it: `Chaoyang, Beijing`.
fn narrow(view: &View<'_>, group: &mut PlaceGroup, outer: DivisionCode) {
    let TokenKind::Place(number) = view.tokens[group.last].kind else { return };
    let covers = |code: &DivisionCode| *code != outer && divisions().covers(outer, *code);
    if group.first != group.last || group.codes.iter().any(covers) {
        return;
    }
    let mut inside = name(number).codes.iter().copied().filter(covers);
    if let (Some(one), None) = (inside.next(), inside.next()) {
        (group.codes, group.ambiguous) = (vec![one], false);
    }
}

/// Returns whether two characters are a county's short name only by chance: 质量和安全, 将乐观估计.
fn chance(view: &View<'_>, found: &Name, at: usize) -> bool {
    let token = &view.tokens[at];
    if token.end - token.start != 2
        || !found.codes.iter().all(|&code| is_county(code))
        || !is_han(view.text.at(token.start))
    {
        return false;
    }
    // 要临江岸线: by the river, unless its province is before it.
    if CUES.no_place.is(view.text, token.start, token.end) {
        return true;
    }
    // 张家港市锦丰镇: behind one more character a name is the rest of a town's.
    let before = |back: usize| at.checked_sub(back).and_then(|at| view.tokens.get(at));
    let behind_place = before(2).is_some_and(|token| matches!(token.kind, TokenKind::Place(_)));
    if behind_place
        && before(1).and_then(Token::other).is_some_and(|c| is_han(c) && !CUES.joint.has(c))
        && listless(view, at)
    {
        return true;
    }
    let loose = |token: Option<&Token>| token.and_then(Token::other).is_some_and(is_han);
    let (left, right) = (loose(at.checked_sub(1).and_then(|at| view.tokens.get(at))), loose(view.tokens.get(at + 1)));
    let common = CUES.word_start.has(view.text.at(token.start));
    if common { left || right } else { left && right }
}

/// Returns whether the character before a name joins no list: 南京和丰县.
fn listless(view: &View<'_>, at: usize) -> bool {
    at < 2 || !listed(view, at - 2, at)
}

/// Returns whether two names are so close that one narrows the other: 宁波慈溪, 宁波 慈溪, 宁波市·慈溪, Kunshan, Suzhou.
fn joined(view: &View<'_>, last: usize, at: usize) -> bool {
    let between = &view.tokens[last + 1..at];
    let latin = view.text.at(view.tokens[at].start).is_ascii_alphabetic();
    between.len() <= 4
        && between.iter().filter(|token| !latin || !token.is_blank()).count() <= 2
        && between.iter().all(|token| {
            token.is_blank()
                || matches!(token.kind, TokenKind::Break('-' | '/' | '('))
                || token.other().is_some_and(|c| CUES.joint.has(c))
                || latin && (matches!(token.kind, TokenKind::Break(',')) || is_kind(view, token))
        })
}

/// Returns the divisions that a name means here, and whether they are alternatives; `outer` is the place before it.
/// `in_list` is set behind another place of a list, where even an everyday word is a place.
fn resolve(
    view: &View<'_>,
    found: &Name,
    outer: &[DivisionCode],
    at: usize,
    in_list: bool,
) -> Option<(Vec<DivisionCode>, bool)> {
    if found.naming == Naming::Bloc {
        return Some((found.codes.clone(), false));
    }
    let inside: Vec<DivisionCode> = found
        .codes
        .iter()
        .copied()
        .filter(|&code| outer.iter().any(|&outer| outer != code && divisions().covers(outer, code)))
        .collect();
    if let [one] = inside[..] {
        return Some((vec![one], false));
    }
    if inside.is_empty()
        && let Some(successor) = successor(view, outer, at)
    {
        return Some((vec![successor], false));
    }
    if found.naming == Naming::Everyday && inside.is_empty() && !in_list && !stands_alone(view, at) {
        return None;
    }
    let counties: Vec<DivisionCode> = found.codes.iter().copied().filter(|&code| is_county(code)).collect();
    // Chaoyang District: one of the counties, not of the cities of that name.
    let end = view.tokens[at].end;
    let district = !counties.is_empty() && [" district", " county"].iter().any(|kind| view.text.goes_on(end, kind));
    let candidates = match () {
        () if !inside.is_empty() => &inside,
        () if district => &counties,
        () => &found.codes,
    };
    let level = |code: DivisionCode| divisions().get(code).map(|row| row.level);
    if let [one] = candidates[..] {
        return level(one).map(|_| (vec![one], false));
    }
    let widest = candidates.iter().copied().filter_map(level).min()?;
    let top: Vec<DivisionCode> = candidates.iter().copied().filter(|&code| level(code) == Some(widest)).collect();
    // The first code of a Latin spelling is the one usually meant.
    let latin = view.text.at(view.tokens[at].start).is_ascii_alphabetic();
    match top[..] {
        [one] => Some((vec![one], false)),
        _ if latin
            && found.codes.len() > 1
            && top[0] == found.codes[0]
            && divisions().prefecture(top[0]) == Some(top[0])
            && !shared_latin(&top) =>
        {
            Some((vec![top[0]], false))
        }
        _ => Some((top, true)),
    }
}

/// Returns the successor of an abolished division of this name inside the place before it: 江北区 behind 重庆 is 两江新区,
/// and no division of Ningbo.
fn successor(view: &View<'_>, outer: &[DivisionCode], at: usize) -> Option<DivisionCode> {
    let token = &view.tokens[at];
    let name = view.text.folded(token.start, token.end);
    let mut codes = outer.iter().flat_map(|&outer| succession().of_name(&name, Some(outer)));
    let first = codes.next()?.code;
    codes.all(|other| other.code == first).then_some(first)
}

/// Returns the successor of an abolished division of this name in the prefecture or province of the place before it on a
/// list: 重庆渝北区或江北区 are both of Chongqing.
fn successor_beside(view: &View<'_>, found: &Name, group: &PlaceGroup, at: usize) -> Option<DivisionCode> {
    let [one] = group.codes[..] else { return None };
    let around = divisions().upwards(one).skip(1).map(|row| row.code);
    let outer = around.into_iter().find(|&outer| successor(view, &[outer], at).is_some())?;
    let known = found.codes.iter().any(|&code| divisions().covers(outer, code));
    if known || group.ambiguous { None } else { successor(view, &[outer], at) }
}

/// Returns whether a name, by its token, is said to do: 进贤也行.
pub(crate) fn is_fine_behind(view: &View<'_>, at: usize) -> bool {
    CUES.fine.starts(view.text, view.tokens[at].end)
}

/// Returns whether a name, by its token, is said to do too: 鹿寨也可以.
pub(crate) fn is_also(view: &View<'_>, at: usize) -> bool {
    let end = view.tokens[at].end;
    let also = |length: usize| (end..end + length).any(|at| CUES.also.has(view.text.at(at)));
    CUES.also.has(view.text.at(end)) || CUES.fine.longest_at(view.text, end).is_some_and(also)
}

/// Returns whether a division is a county.
pub(crate) fn is_county(code: DivisionCode) -> bool {
    divisions().get(code).is_some_and(|row| row.level == DivisionLevel::County)
}

/// 泰州 (and 台州), 伊春 (and 宜春), 玉林 (and 榆林): two prefectures with one spelling, equally well known.
const SHARED_SPELLINGS: [u32; 3] = [321_200, 230_700, 450_900];

fn shared_latin(codes: &[DivisionCode]) -> bool {
    codes.iter().any(|code| SHARED_SPELLINGS.contains(&code.get()))
}

/// Returns whether an everyday word is a place: behind a word that wants a place, or alone in its clause.
fn stands_alone(view: &View<'_>, at: usize) -> bool {
    let token = &view.tokens[at];
    let before = view.tokens[..at].last();
    let after = view.tokens.get(at + 1);
    let led = before.is_some_and(|token| token.any(&[Tag::Wanted]) || matches!(token.kind, TokenKind::Place(_)));
    let open = before.is_none_or(|token| token.is_blank() || token.ends_clause() || token.other() == Some(':'));
    let closed = after.is_none_or(|token| {
        token.is_blank()
            || token.ends_clause()
            || token.any(&[Tag::Near, Tag::Lease, Tag::Buy, Tag::Seek, Tag::Zone, Tag::Trunk, Tag::ExceptAfter])
            || is_fine_behind(view, at)
    });
    let next = view.text.at(token.end);
    // 鄞县工业用地: a full name of two characters, and no 县城 or 县级.
    let county = view.text.before(token.end);
    let of_county = CUES.county.has(county)
        && after.is_some_and(|token| token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea]) || token.amount().is_some());
    (led && (closed
        || !is_han(next)
        || after.is_some_and(|token| matches!(token.kind, TokenKind::Word | TokenKind::Amount(_)))))
        || open && (closed || of_county)
}

/// Returns whether a name is part of another: 南京西路, 浙江大学, 中山公园.
fn inside_a_name(view: &View<'_>, at: usize) -> bool {
    let mut end = view.tokens[at].end;
    if CUES.side.has(view.text.at(end)) && CUES.side_road.has(view.text.at(end + 1)) {
        end += 1;
    }
    // 唐山市路南区: a district, not a road.
    let district =
        view.tokens.get(at + 1).is_some_and(|next| matches!(next.kind, TokenKind::Place(_)) && next.start == end);
    if district {
        return false;
    }
    let road = CUES.road.starts(view.text, end) && !CUES.bridge.has(view.text.at(end + 1));
    road || CUES.inside_name.starts(view.text, end)
}
