//! The place of the site: divisions asked for and left out, a second site, the distance to a place.

use crate::reader::fields::kinds::starts_with_or;
use crate::reader::fields::place_lists::listed;
use crate::reader::fields::places::{PlaceGroup, PlaceRole, groups, is_also, neighbour};
use crate::reader::fields::roles::{is_changed, is_fine, is_left_out_behind, role};
use crate::reader::fields::view::View;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::meaning::fact::Fact;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::dictionary::name;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::slot::Slot;
use crate::region::{DivisionCode, divisions};

cues! {
    DistanceCues in "distance.txt" {
        between: CharSet,
    }
}

/// A division with the indices of the first and the last token that name it.
pub(crate) type NamedPlace = (DivisionCode, usize, usize);

/// The place of the site.
#[derive(Debug, Default)]
pub(crate) struct Site {
    pub(crate) regions: Vec<NamedPlace>,
    pub(crate) excluded: Vec<NamedPlace>,
    /// Names of several divisions, as ranges of tokens.
    pub(crate) ambiguous: Vec<(usize, usize)>,
    /// The place of a second site, as a range of tokens.
    pub(crate) second: Option<(usize, usize)>,
    /// A place, the index of its token, and that of the distance.
    pub(crate) near: Option<(DivisionCode, usize, usize)>,
}

/// Returns the places of the text with their roles.
fn placed(view: &View<'_>) -> Vec<PlaceGroup> {
    let mut groups = groups(view);
    let known: Vec<DivisionCode> =
        groups.iter().filter(|group| !group.ambiguous).flat_map(|group| group.codes.clone()).take(50).collect();
    for group in groups.iter_mut().filter(|group| group.ambiguous) {
        // 鼓楼区: the one in a city that is named elsewhere.
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
    for group in &mut groups {
        if let Some(one) = inside_known(view, group, &known) {
            group.codes = vec![one];
        }
    }
    for at in 0..groups.len() {
        groups[at].listed = at > 0 && listed(view, groups[at - 1].last, groups[at].first);
        groups[at].role = role(view, &groups, at);
    }
    // 玉州区、福绵区，福绵区优先: what is preferred was on the list of what would do.
    for at in 0..groups.len() {
        let preferred = |other: &PlaceGroup| other.role == PlaceRole::Wanted && other.codes == groups[at].codes;
        if groups[at].role == PlaceRole::Plain && groups[at + 1..].iter().take(NAMED_AGAIN).any(preferred) {
            groups[at].role = PlaceRole::Wanted;
        }
    }
    // Jiaxing Jiashan or Suzhou Wujiang would suit us: what is said of the last of a list holds for all of it.
    for at in (1..groups.len()).rev() {
        let fine =
            groups[at].role == PlaceRole::Plain && is_fine(view, &groups[at]) || groups[at].role == PlaceRole::Wanted;
        if groups[at].listed && fine && groups[at - 1].role == PlaceRole::Plain {
            groups[at].role = PlaceRole::Wanted;
            groups[at - 1].role = PlaceRole::Wanted;
        }
    }
    // 地方还是柳江，鹿寨也可以: what would do too adds to what was said.
    for at in 1..groups.len() {
        let sentence = view.tokens[groups[at].first].sentence;
        // 顺德勒流 或 中山南头
        let first = groups[at].first;
        let or = first.checked_sub(1 + usize::from(first > 0 && view.tokens[first - 1].is_blank()));
        let chosen = or.is_some_and(|or| starts_with_or(view, &view.tokens[or]))
            && first - groups[at - 1].last <= CHOICE
            && view.tokens[groups[at - 1].last].clause == view.tokens[first].clause;
        let added = is_also(view, groups[at].last) && view.tokens[groups[at - 1].last].sentence == sentence;
        if groups[at].role == PlaceRole::Wanted && groups[at - 1].role == PlaceRole::Plain && (chosen || added) {
            groups[at - 1].role = PlaceRole::Wanted;
        }
    }
    // 江苏省内（苏州、无锡除外）: what is left out behind a list is all of it.
    for at in (1..groups.len()).rev() {
        let together = groups[at].listed && !stops_between(view, groups[at - 1].last, groups[at].first);
        if together && groups[at].role == PlaceRole::Excluded && is_left_out_behind(view, &groups[at]) {
            groups[at - 1].role = PlaceRole::Excluded;
        }
    }
    // 原计划昆山，现在改为嘉善或平湖: what was said before is withdrawn.
    if let Some(last) = groups.iter().rposition(|group| group.role == PlaceRole::Wanted && is_changed(view, group)) {
        for group in groups[..last].iter_mut().filter(|group| group.role != PlaceRole::Excluded) {
            group.role = PlaceRole::Aside;
        }
    }
    groups
}

/// The most tokens from a place to the one that an `or` offers instead.
const CHOICE: usize = 6;

/// The most places up to one that is named again.
const NAMED_AGAIN: usize = 8;

/// Returns whether more than the sign of a list is between two names.
fn stops_between(view: &View<'_>, last: usize, first: usize) -> bool {
    let sign = |token: &Token| matches!(token.kind, TokenKind::Break('、' | '/'));
    !view.tokens[last + 1..first].iter().all(sign)
}

/// Returns the division of a Latin spelling in the only place named elsewhere that has one of its name: `Office search in
/// Beijing. … in Chaoyang or Haidian`.
fn inside_known(view: &View<'_>, group: &PlaceGroup, known: &[DivisionCode]) -> Option<DivisionCode> {
    let token = &view.tokens[group.first];
    let TokenKind::Place(number) = token.kind else { return None };
    let single = group.first == group.last && view.text.at(token.start).is_ascii_alphabetic();
    let all = &name(number).codes;
    // Tianjin or Hebei: a province is meant as it is, though a district of the other is spelt so too.
    let province = group.codes.iter().any(|&code| divisions().get(code).is_some_and(|row| row.parent.is_none()));
    if !single || province || group.ambiguous || all.len() < 2 {
        return None;
    }
    let outer = || known.iter().copied().filter(|outer| !all.contains(outer));
    let mut inside = all.iter().copied().filter(|&code| outer().any(|outer| divisions().covers(outer, code)));
    match (inside.next(), inside.next()) {
        (Some(one), None) => Some(one),
        (Some(_), Some(_)) => None,
        // Chengdu (Wuhou or Qingyang): the one beside a district that is named.
        (None, _) => beside(all, known),
    }
}

/// Returns the only one of several counties in the prefecture of a county named elsewhere.
fn beside(codes: &[DivisionCode], known: &[DivisionCode]) -> Option<DivisionCode> {
    let around = |code: DivisionCode| divisions().prefecture(code).filter(|&it| it != code);
    let near = |code: &&DivisionCode| {
        around(**code).is_some_and(|it| known.iter().any(|&other| other != **code && around(other) == Some(it)))
    };
    let mut close = codes.iter().filter(near);
    close.next().copied().filter(|_| close.next().is_none())
}

/// Returns the place of the site.
pub(crate) fn site(view: &View<'_>) -> Site {
    let mut groups = placed(view);
    let mut it = Site::default();
    for fact in view.facts.iter().filter(|fact| fact.slot == Some(Slot::FAR)) {
        if let Some(at) = distance(view, &groups, fact) {
            it.near = Some((groups[at].codes[0], groups[at].first, fact.token));
            groups[at].role = PlaceRole::Aside;
            break;
        }
    }
    collect(view, &groups, &mut it);
    it
}

/// Returns the first tokens of the places that the site may have, of this need or of a further one, in order.
pub(crate) fn possible(view: &View<'_>) -> Vec<usize> {
    let wanted = |group: &&PlaceGroup| matches!(group.role, PlaceRole::Wanted | PlaceRole::Plain | PlaceRole::Second);
    placed(view).iter().filter(wanted).map(|group| group.first).collect()
}

/// The most divisions that a reading takes, wanted or left out.
const MOST: usize = 100;

/// Distributes the groups over the fields of the site.
fn collect(view: &View<'_>, groups: &[PlaceGroup], it: &mut Site) {
    let explicit = groups.iter().any(|group| group.role == PlaceRole::Wanted);
    let others = groups.iter().any(|group| matches!(group.role, PlaceRole::Wanted | PlaceRole::Plain));
    let mut wanted: Vec<(NamedPlace, usize)> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        match group.role {
            PlaceRole::Second => it.second = it.second.or(Some((group.first, group.last))),
            PlaceRole::Aside => {}
            _ if group.ambiguous => it.ambiguous.push((group.first, group.last)),
            PlaceRole::Excluded => {
                for &code in &group.codes {
                    if !it.excluded.iter().any(|&(known, ..)| known == code) && it.excluded.len() < MOST {
                        it.excluded.push((code, group.first, group.last));
                    }
                }
            }
            PlaceRole::Present if others => {}
            _ if is_narrowed(groups, group) => {}
            PlaceRole::Plain if explicit && !follows_wanted(groups, at) && !is_inside_wanted(groups, group) => {}
            PlaceRole::Wanted | PlaceRole::Plain | PlaceRole::Present => {
                for &code in &group.codes {
                    if !wanted.iter().any(|((known, ..), _)| *known == code) && wanted.len() < MOST {
                        wanted.push(((code, group.first, group.last), at));
                    }
                }
            }
        }
    }
    // The most specific place counts: a wider one around it is only its address.
    let led = |from: usize| {
        wanted.iter().any(|&((inner, ..), other)| {
            let together = groups[from.min(other) + 1..=from.max(other)].iter().take(100).all(|group| group.listed);
            let covers = |&outer: &DivisionCode| inner != outer && divisions().covers(outer, inner);
            // Wafangdian or Gaizhou, Liaoning: in English the province behind the list is that of all.
            let address = together && from > other && is_latin_province(view, &groups[from]);
            other != from && (!together || address) && groups[from].codes.iter().any(covers)
        })
    };
    it.regions = wanted.iter().filter(|&&(_, from)| !led(from)).map(|&(named, _)| named).collect();
    // A place that is left out is not wanted: 江苏,不要苏州.
    it.regions.retain(|&(code, ..)| !it.excluded.iter().any(|&(out, ..)| out == code));
}

fn is_latin_province(view: &View<'_>, group: &PlaceGroup) -> bool {
    let latin = view.text.at(view.tokens[group.first].start).is_ascii_alphabetic();
    let [one] = group.codes[..] else { return false };
    latin && divisions().get(one).is_some_and(|row| row.parent.is_none())
}

/// Returns whether the group is a bloc of which members are named: 苏北 宿迁/淮安/盐城.
fn is_narrowed(groups: &[PlaceGroup], bloc: &PlaceGroup) -> bool {
    let mut members = groups.iter().take(MOST).filter(|group| group.codes.len() == 1);
    bloc.codes.len() > 1
        && members.any(|member| {
            matches!(member.role, PlaceRole::Wanted | PlaceRole::Plain) && bloc.codes.contains(&member.codes[0])
        })
}

/// Returns whether the group is inside a wider place that is wanted: 拟在江苏设仓：主仓放太仓.
fn is_inside_wanted(groups: &[PlaceGroup], inner: &PlaceGroup) -> bool {
    let covers =
        |outer: &&DivisionCode| inner.codes.iter().all(|&code| code != **outer && divisions().covers(**outer, code));
    let mut wanted = groups.iter().filter(|group| group.role == PlaceRole::Wanted).take(MOST);
    wanted.any(|group| group.codes.iter().any(|code| covers(&code)))
}

/// Returns whether the group directly follows a wanted one: 宁波或嘉兴.
fn follows_wanted(groups: &[PlaceGroup], at: usize) -> bool {
    at > 0
        && groups[at - 1].last + 2 >= groups[at].first
        && (groups[at - 1].role == PlaceRole::Wanted || follows_wanted_plain(groups, at - 1))
}

fn follows_wanted_plain(groups: &[PlaceGroup], at: usize) -> bool {
    let from = (0..=at).rev().take_while(|&i| i == at || groups[i].last + 2 >= groups[i + 1].first).take(60);
    from.into_iter().any(|i| groups[i].role == PlaceRole::Wanted)
}

/// Returns the index of the group that a distance is measured from: the nearest before the amount in its clause, else the
/// one behind it (`of`).
fn distance(view: &View<'_>, groups: &[PlaceGroup], fact: &Fact) -> Option<usize> {
    let token = &view.tokens[fact.token];
    let same = |group: &PlaceGroup| {
        view.tokens[group.last].clause == token.clause && group.codes.len() == 1 && !group.ambiguous
    };
    let index = groups.partition_point(|group| group.last < fact.token);
    let behind = || groups.get(index).filter(|group| same(group) && group.first - fact.token < 6).map(|_| index);
    let ahead = index.checked_sub(1).filter(|&at| same(&groups[at]) && fact.token - groups[at].last < 10);
    let found = ahead.or_else(behind)?;
    let (low, high) = (groups[found].first.min(fact.token), groups[found].last.max(fact.token));
    let around = &view.tokens[low.saturating_sub(3)..(high + 3).min(view.tokens.len())];
    // 合肥新桥机场30公里: the position of the airport is not known.
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
            || token.other().is_some_and(|c| CUES.between.has(c))
    });
    let said = beside && around.iter().any(|token| token.any(&[Tag::Distance, Tag::Near]));
    (said && divisions().get(groups[found].codes[0]).is_some_and(|row| row.seat.is_some())).then_some(found)
}
