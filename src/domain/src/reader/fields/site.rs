//! Where the site is wanted: places asked for, left out, or only mentioned; distances to places.

use crate::reader::fields::need::View;
use crate::reader::letters::text::is_han;
use crate::reader::meaning::facts::{Fact, Slot, is_label};
use crate::reader::tokens::lexer::{Kind, Token};
use crate::reader::words::gazetteer::{Name, Naming, name};
use crate::reader::words::lexicon::Tag;
use crate::region::{DivisionCode, DivisionLevel, divisions};

/// Why a place is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Wanted,
    /// Named with nothing that says why.
    Plain,
    Excluded,
    /// The firm's own city, a market, a name inside another.
    Aside,
    /// Of a second site.
    Second,
    /// Of what is there already: where nothing else is named, it is where the need is too.
    Present,
}

/// Places that say one thing together: 福建省泉州市晋江市.
#[derive(Clone, Debug)]
struct Group {
    first: usize,
    last: usize,
    codes: Vec<DivisionCode>,
    ambiguous: bool,
    role: Role,
    /// Whether it goes on a list that the group before is on.
    listed: bool,
}

/// A division and the tokens, from and to, that name it.
pub(crate) type Named = (DivisionCode, usize, usize);

/// Where the site is to be.
#[derive(Debug, Default)]
pub(crate) struct Site {
    pub(crate) regions: Vec<Named>,
    pub(crate) excluded: Vec<Named>,
    /// Names that several divisions bear.
    pub(crate) ambiguous: Vec<(usize, usize)>,
    /// A second site's place.
    pub(crate) second: Option<(usize, usize)>,
    /// A place, and the fact that says how near.
    pub(crate) near: Option<(DivisionCode, usize, usize)>,
}

pub(crate) fn site(view: &View<'_>) -> Site {
    let mut groups = groups(view);
    let known: Vec<DivisionCode> =
        groups.iter().filter(|group| !group.ambiguous).flat_map(|group| group.codes.clone()).take(50).collect();
    for group in groups.iter_mut().filter(|group| group.ambiguous) {
        // 鼓楼区 is the one of a city that is named elsewhere.
        let inside: Vec<DivisionCode> = group
            .codes
            .iter()
            .copied()
            .filter(|&code| known.iter().any(|&outer| outer != code && divisions().covers(outer, code)))
            .collect();
        if let [one] = inside[..] {
            (group.codes, group.ambiguous) = (vec![one], false);
        } else if let Some(one) = neighbour(&group.codes, &known) {
            (group.codes, group.ambiguous) = (vec![one], false);
        }
    }
    for at in 0..groups.len() {
        groups[at].listed = at > 0 && listed(view, groups[at - 1].last, groups[at].first);
        groups[at].role = role(view, &groups, at);
    }
    let mut it = Site::default();
    for fact in view.facts.iter().filter(|fact| fact.slot == Some(Slot::Far)) {
        if let Some(at) = distance(view, &groups, fact) {
            it.near = Some((groups[at].codes[0], groups[at].first, fact.token));
            groups[at].role = Role::Aside;
            break;
        }
    }
    collect(&groups, &mut it);
    it
}

/// 海曙 and 象山: the one of several that lies in the prefecture, else the province, of a place named elsewhere.
fn neighbour(codes: &[DivisionCode], known: &[DivisionCode]) -> Option<DivisionCode> {
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

fn collect(groups: &[Group], it: &mut Site) {
    let explicit = groups.iter().any(|group| group.role == Role::Wanted);
    let others = groups.iter().any(|group| matches!(group.role, Role::Wanted | Role::Plain));
    let mut wanted: Vec<(Named, usize)> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        match group.role {
            Role::Second => it.second = it.second.or(Some((group.first, group.last))),
            Role::Aside => {}
            _ if group.ambiguous => it.ambiguous.push((group.first, group.last)),
            Role::Excluded => {
                for &code in &group.codes {
                    if !it.excluded.iter().any(|&(known, ..)| known == code) && it.excluded.len() < 100 {
                        it.excluded.push((code, group.first, group.last));
                    }
                }
            }
            Role::Present if others => {}
            Role::Plain if explicit && !follows_wanted(groups, at) => {}
            Role::Wanted | Role::Plain | Role::Present => {
                for &code in &group.codes {
                    if !wanted.iter().any(|((known, ..), _)| *known == code) && wanted.len() < 100 {
                        wanted.push(((code, group.first, group.last), at));
                    }
                }
            }
        }
    }
    // The most specific place counts: a wider one around it only led there.
    let led = |from: usize| {
        wanted.iter().any(|&((inner, ..), other)| {
            let together = groups[from.min(other) + 1..=from.max(other)].iter().take(100).all(|group| group.listed);
            let covers = |&outer: &DivisionCode| inner != outer && divisions().covers(outer, inner);
            other != from && !together && groups[from].codes.iter().any(covers)
        })
    };
    it.regions = wanted.iter().filter(|&&(_, from)| !led(from)).map(|&(named, _)| named).collect();
    // 江苏,不要苏州: what is left out is not wanted too.
    it.regions.retain(|&(code, ..)| !it.excluded.iter().any(|&(out, ..)| out == code));
}

/// 宁波或嘉兴: the second of a list is wanted as the first is.
fn follows_wanted(groups: &[Group], at: usize) -> bool {
    at > 0
        && groups[at - 1].last + 2 >= groups[at].first
        && (groups[at - 1].role == Role::Wanted || follows_wanted_plain(groups, at - 1))
}

fn follows_wanted_plain(groups: &[Group], at: usize) -> bool {
    let from = (0..=at).rev().take_while(|&i| i == at || groups[i].last + 2 >= groups[i + 1].first).take(60);
    from.into_iter().any(|i| groups[i].role == Role::Wanted)
}

fn groups(view: &View<'_>) -> Vec<Group> {
    let mut all: Vec<Group> = Vec::new();
    for (at, token) in view.tokens.iter().enumerate() {
        let Kind::Place(number) = token.kind else { continue };
        let found = name(number);
        if at < view.real_from || inside_a_name(view, at) {
            continue;
        }
        let inside = all.last().is_some_and(|group| {
            let covers = |&code: &DivisionCode| group.codes.iter().any(|&outer| divisions().covers(outer, code));
            group.last + 1 == at && found.codes.iter().any(covers)
        });
        if !inside && chance(view, found, at) {
            continue;
        }
        let previous = all.len().checked_sub(1).filter(|&group| joined(view, all[group].last, at));
        let outer: &[DivisionCode] = previous.map_or(&[], |group| &all[group].codes);
        let Some((codes, ambiguous)) = resolve(view, found, outer, at) else { continue };
        // 东莞长安, 南京江北, 绍兴滨海新区: right behind a place a county elsewhere is a town of it, or a zone.
        let zone = token.end - token.start > 2 && view.text.goes_on(token.end - 2, "新区");
        let town = previous.is_some()
            && (found.naming == Naming::Everyday || found.codes.len() > 1 || zone)
            && found.naming != Naming::Bloc
            && codes.iter().all(|&code| is_county(code))
            && !outer.iter().any(|&outer| {
                codes.iter().any(|&code| divisions().covers(outer, code) || divisions().covers(code, outer))
            });
        if town && view.tokens[at - 1].end == token.start && matches!(view.tokens[at - 1].kind, Kind::Place(_)) {
            continue;
        }
        // Dongguan Songshan: spelt like a county elsewhere.
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
            if group.codes.iter().any(|&outer| divisions().covers(outer, code)) {
                (group.codes, group.last, group.ambiguous) = (vec![code], at, false);
                continue;
            }
            // `Kunshan, Jiangsu` goes from the narrow to the wide.
            if group.codes.iter().any(|&inner| divisions().covers(code, inner)) {
                group.codes.retain(|&inner| divisions().covers(code, inner));
                (group.last, group.ambiguous) = (at, group.codes.len() > 1);
                continue;
            }
        }
        all.push(Group { first: at, last: at, codes, ambiguous, role: Role::Plain, listed: false });
    }
    all
}

/// 质量和安全, 将乐观估计: two characters that make a county's short name only by chance.
fn chance(view: &View<'_>, found: &Name, at: usize) -> bool {
    let token = &view.tokens[at];
    if token.end - token.start != 2
        || !found.codes.iter().all(|&code| is_county(code))
        || !is_han(view.text.at(token.start))
    {
        return false;
    }
    // 要临江岸线: by the river, unless its province leads there.
    if view.text.is(token.start, token.end, "临江") {
        return true;
    }
    let loose = |token: Option<&Token>| token.is_some_and(|token| matches!(token.kind, Kind::Other(c) if is_han(c)));
    let (left, right) = (loose(at.checked_sub(1).and_then(|at| view.tokens.get(at))), loose(view.tokens.get(at + 1)));
    // Characters that are mostly words of their own.
    let common = matches!(view.text.at(token.start), '和' | '会' | '将' | '同' | '从' | '于' | '应');
    if common { left || right } else { left && right }
}

/// Whether two places stand so close that the second narrows the first: 宁波慈溪, 宁波 慈溪, 宁波市·慈溪, Kunshan, Suzhou.
fn joined(view: &View<'_>, last: usize, at: usize) -> bool {
    let between = &view.tokens[last + 1..at];
    let latin = view.text.at(view.tokens[at].start).is_ascii_alphabetic();
    between.len() <= 2
        && between.iter().all(|token| {
            token.is_blank()
                || matches!(token.kind, Kind::Break('-' | '/' | '(') | Kind::Other('·' | '的' | ':'))
                || latin && matches!(token.kind, Kind::Break(','))
        })
}

/// What a name stands for here, and whether nobody can tell.
fn resolve(view: &View<'_>, found: &Name, outer: &[DivisionCode], at: usize) -> Option<(Vec<DivisionCode>, bool)> {
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
    if found.naming == Naming::Everyday && inside.is_empty() && !stands_alone(view, at) {
        return None;
    }
    let counties: Vec<DivisionCode> = found.codes.iter().copied().filter(|&code| is_county(code)).collect();
    // Chaoyang District is none of the cities of that name.
    let district = !counties.is_empty() && view.text.goes_on(view.tokens[at].end, " district");
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
    // The first of the Latin spellings' codes is the one usually meant, unless counties share it.
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

fn is_county(code: DivisionCode) -> bool {
    divisions().get(code).is_some_and(|row| row.level == DivisionLevel::County)
}

/// 泰州 and 台州, 宜春 and 伊春, 玉林 and 榆林 are spelt alike and equally well known.
fn shared_latin(codes: &[DivisionCode]) -> bool {
    codes.iter().any(|code| matches!(code.get(), 321_200 | 230_700 | 450_900))
}

/// An everyday word is a place where a wish for a place comes before it, or where nothing else stands in its clause.
fn stands_alone(view: &View<'_>, at: usize) -> bool {
    let token = &view.tokens[at];
    let before = view.tokens[..at].last();
    let after = view.tokens.get(at + 1);
    let led = before.is_some_and(|token| token.any(&[Tag::Wanted]) || matches!(token.kind, Kind::Place(_)));
    let open =
        before.is_none_or(|token| token.is_blank() || token.ends_clause() || matches!(token.kind, Kind::Other(':')));
    let closed = after.is_none_or(|token| {
        token.is_blank()
            || token.ends_clause()
            || token.any(&[Tag::Near, Tag::Lease, Tag::Buy, Tag::Seek, Tag::Zone, Tag::Trunk])
    });
    let next = view.text.at(token.end);
    (led && (closed || !is_han(next) || after.is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Amount(_)))))
        || open && closed
}

/// 南京西路, 浙江大学, 中山公园: a name inside another is no place for a site.
fn inside_a_name(view: &View<'_>, at: usize) -> bool {
    let mut end = view.tokens[at].end;
    if matches!(view.text.at(end), '东' | '西' | '南' | '北' | '中') && matches!(view.text.at(end + 1), '路' | '街')
    {
        end += 1;
    }
    // 唐山市路南区 is a district, no road.
    let district = view.tokens.get(at + 1).is_some_and(|next| matches!(next.kind, Kind::Place(_)) && next.start == end);
    if district {
        return false;
    }
    let road = matches!(view.text.at(end), '路' | '街' | '巷') || view.text.goes_on(end, "大道");
    ["大学", "学院", "银行", "证券", "师范", "理工", "公园", "菜", "话", "牌", "产业集团", "集团"]
        .iter()
        .any(|word| view.text.goes_on(end, word))
        || road && view.text.at(end + 1) != '桥'
}

fn role(view: &View<'_>, groups: &[Group], at: usize) -> Role {
    let group = &groups[at];
    let frame = view.frames[group.first];
    if excluded(view, group) {
        return Role::Excluded;
    }
    if aside(view, group) {
        return Role::Aside;
    }
    // 离上海近一点，太仓昆山都行: what is to be near is not where.
    let from = before(view, group, 2).any(|token| token.has(Tag::Distance) && is_han(view.text.at(token.start)));
    let beside = before(view, group, 1).any(|token| view.text.is(token.start, token.end, "靠近"));
    let measured = from || beside;
    if frame.past || frame.existing || measured {
        return Role::Present;
    }
    if frame.second && groups[..at].iter().any(|other| matches!(other.role, Role::Wanted | Role::Plain)) {
        return Role::Second;
    }
    // The second of a list is what the first is.
    if group.listed && groups[at - 1].role != Role::Second {
        return groups[at - 1].role;
    }
    if wanted(view, group) { Role::Wanted } else { Role::Plain }
}

/// A、B, A或B, A和B, A/B.
fn listed(view: &View<'_>, last: usize, first: usize) -> bool {
    let between = &view.tokens[last + 1..first];
    !between.is_empty()
        && between.len() <= 3
        && between.iter().all(|token| {
            token.is_blank()
                || token.any(&[Tag::Near, Tag::Seek]) && view.text.at(token.start) == '或'
                || matches!(token.kind, Kind::Break('、' | '/') | Kind::Other('或' | '和' | '与' | '及' | '者' | '跟'))
                || ["or", "and", "或", "或者"].iter().any(|word| view.text.is(token.start, token.end, word))
        })
}

/// Tokens before a group within its clause, the nearest first; at most `count`.
fn before<'v>(view: &'v View<'_>, group: &Group, count: usize) -> impl Iterator<Item = &'v Token> {
    let clause = view.tokens[group.first].clause;
    view.tokens[..group.first].iter().rev().take_while(move |token| token.clause == clause).take(count)
}

fn after<'v>(view: &'v View<'_>, group: &Group, count: usize) -> impl Iterator<Item = &'v Token> {
    let clause = view.tokens[group.last].clause;
    view.tokens[group.last + 1..].iter().take_while(move |token| token.clause == clause).take(count)
}

fn excluded(view: &View<'_>, group: &Group) -> bool {
    let mut led = false;
    let mut ahead = before(view, group, 6).peekable();
    while let Some(token) = ahead.next() {
        if token.any(&[Tag::Not, Tag::Except]) {
            led = true;
            break;
        }
        // 不考虑在上海: the wish between is denied too; 除上海外去苏州: it is not.
        let denied = ahead.peek().is_some_and(|token| token.any(&[Tag::Not, Tag::Except]));
        if token.has(Tag::ExceptAfter) || token.any(&[Tag::Wanted, Tag::Plan, Tag::Seek]) && !denied {
            break;
        }
    }
    let tail: Vec<&Token> = after(view, group, 4).collect();
    let followed = tail.iter().enumerate().any(|(offset, token)| {
        let apart = tail[..offset].iter().all(|token| {
            token.is_blank()
                || matches!(token.kind, Kind::Other('就' | '的' | '都' | '那' | '边'))
                || token.any(&[Tag::Near, Tag::Trunk])
        });
        token.has(Tag::ExceptAfter) && apart
    });
    led || followed
}

fn aside(view: &View<'_>, group: &Group) -> bool {
    let mut near = before(view, group, 5);
    let mut movable = true;
    let led = near.any(|token| {
        if token.any(&[Tag::Market]) {
            return true;
        }
        // 从上海搬到苏州: the word nearest to the place decides.
        if token.has(Tag::Wanted) && !token.has(Tag::Home) {
            movable = false;
        }
        movable && token.has(Tag::Home)
    });
    if led {
        return true;
    }
    // 上海某医药企业: what stands between the place and the firm says which firm.
    let passes = |token: &Token| {
        token.is_blank()
            || matches!(token.kind, Kind::Other('市' | '的' | '某' | '一' | '家') | Kind::Trade)
            || token.amount().is_some_and(|quantity| quantity.dim == crate::reader::tokens::units::Dim::Other)
    };
    let followed = after(view, group, 5).find(|token| !passes(token));
    followed.is_some_and(|token| token.has(Tag::HomeAfter))
        && !before(view, group, 4).any(|token| token.any(&[Tag::Plan, Tag::Seek]) && !token.has(Tag::Home))
}

fn wanted(view: &View<'_>, group: &Group) -> bool {
    let led = before(view, group, 4).any(|token| {
        token.any(&[Tag::Wanted, Tag::Plan, Tag::Lease, Tag::Buy, Tag::Wish]) || view.text.at(token.start) == '或'
    });
    let labelled = before(view, group, 3).any(|token| matches!(token.kind, Kind::Other(':')) || is_label(token));
    led || labelled || after(view, group, 2).any(|token| token.any(&[Tag::Wish, Tag::Near]))
}

/// The place that a distance is measured from: the nearest before the amount in its clause, else behind it (`of`).
fn distance(view: &View<'_>, groups: &[Group], fact: &Fact) -> Option<usize> {
    let token = &view.tokens[fact.token];
    let same =
        |group: &Group| view.tokens[group.last].clause == token.clause && group.codes.len() == 1 && !group.ambiguous;
    let index = groups.partition_point(|group| group.last < fact.token);
    let behind = || groups.get(index).filter(|group| same(group) && group.first - fact.token < 6).map(|_| index);
    let ahead = index.checked_sub(1).filter(|&at| same(&groups[at]) && fact.token - groups[at].last < 10);
    let found = ahead.or_else(behind)?;
    let (low, high) = (groups[found].first.min(fact.token), groups[found].last.max(fact.token));
    let around = &view.tokens[low.saturating_sub(3)..(high + 3).min(view.tokens.len())];
    // 合肥新桥机场30公里: the airport's own place is not known.
    let between = &view.tokens[groups[found].last.min(fact.token) + 1..groups[found].last.max(fact.token)];
    let beside = between.iter().all(|token| {
        token.is_blank()
            || token.any(&[
                Tag::Trunk,
                Tag::Near,
                Tag::Distance,
                Tag::AtMost,
                Tag::Filler,
                Tag::Wanted,
                Tag::Approx,
                Tag::Plan,
            ])
            || matches!(token.kind, Kind::Other('市' | '区' | 'o' | 'k'))
    });
    let said = beside && around.iter().any(|token| token.any(&[Tag::Distance, Tag::Near]));
    (said && divisions().get(groups[found].codes[0]).is_some_and(|row| row.seat.is_some())).then_some(found)
}
