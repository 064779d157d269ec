//! The role of each group of places: wanted, left out, or only mentioned.

use crate::reader::fields::kinds::starts_with_or;
use crate::reader::fields::places::{PlaceGroup, PlaceRole, is_fine_behind};
use crate::reader::fields::view::View;
use crate::reader::letters::character::is_han;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::tokens::units::Dim;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::slot::Slot;

cues! {
    RoleCues in "place_roles.txt" {
        beside: WordList,
        before_denial: CharSet,
        reason: WordList,
        before_firm: CharSet,
        changed: WordList,
        facing: WordList,
        plant: WordList,
        meant: CharSet,
        invests: WordList,
        sought: WordList,
        occupies: WordList,
        located: WordList,
        founded: WordList,
        compared: WordList,
        at: Suffixes,
    }
}

/// Returns the role of the group at an index; the groups before it have theirs.
pub(crate) fn role(view: &View<'_>, groups: &[PlaceGroup], at: usize) -> PlaceRole {
    let group = &groups[at];
    let frame = view.frames[group.first];
    if excluded(view, group) {
        return PlaceRole::Excluded;
    }
    let plant = before(view, group, 3).any(|token| CUES.plant.is(view.text, token.start, token.end));
    // 惠城/惠阳 电子厂客户: behind the blank the need follows, not the firm of the last place.
    let end = view.tokens[group.last].end;
    let parted = group.listed
        && groups[at - 1].role != PlaceRole::Aside
        && view.text.at(end) == ' '
        && is_han(view.text.before(end));
    if is_compared(view, group) {
        return PlaceRole::Wanted;
    }
    if is_explained(view, group) || !plant && (aside(view, group, parted) || is_of_investor(view, group)) {
        return PlaceRole::Aside;
    }
    // 离上海近一点，太仓昆山都行: the place to be near is not the place of the site.
    // 范围：袁州区 is the label of a form.
    let label = |token: &Token| view.text.at(token.end) == ':';
    let distance = |token: &Token| token.has(Tag::Distance) && is_han(view.text.at(token.start)) && !label(token);
    let from = before(view, group, 2).any(distance);
    let beside = before(view, group, 1).any(|token| CUES.beside.is(view.text, token.start, token.end));
    let measured = from || beside;
    let clause = view.clause(group.first);
    let far = view.tokens[clause].iter().any(|token| token.amount().is_some_and(|amount| amount.dim == Dim::Far));
    if from && !far {
        return PlaceRole::Aside;
    }
    if frame.past || frame.existing || measured || plant || is_of_present(view, group) || is_seat_of_firm(view, group) {
        return PlaceRole::Present;
    }
    if frame.second && groups[..at].iter().any(|other| matches!(other.role, PlaceRole::Wanted | PlaceRole::Plain)) {
        return PlaceRole::Second;
    }
    // A list has one role.
    if group.listed && groups[at - 1].role != PlaceRole::Second {
        return groups[at - 1].role;
    }
    // 江苏浙江找30亩: what is sought is sought in both.
    let alone = at == 0 || groups[at - 1].last + 1 < group.first;
    if wanted(view, group) || alone && sought(view, group) { PlaceRole::Wanted } else { PlaceRole::Plain }
}

/// Returns up to `count` tokens before a group within its clause, the nearest first.
fn before<'v>(view: &'v View<'_>, group: &PlaceGroup, count: usize) -> impl Iterator<Item = &'v Token> {
    let clause = view.tokens[group.first].clause;
    view.tokens[..group.first].iter().rev().take_while(move |token| token.clause == clause).take(count)
}

fn after<'v>(view: &'v View<'_>, group: &PlaceGroup, count: usize) -> impl Iterator<Item = &'v Token> {
    let clause = view.tokens[group.last].clause;
    view.tokens[group.last + 1..].iter().take_while(move |token| token.clause == clause).take(count)
}

/// Returns whether a denial before or behind the group leaves it out.
fn excluded(view: &View<'_>, group: &PlaceGroup) -> bool {
    let mut led = false;
    let mut ahead = before(view, group, 6).peekable();
    while let Some(token) = ahead.next() {
        if token.any(&[Tag::Not, Tag::Except]) {
            led = true;
            break;
        }
        // 不考虑在上海: the wish in between is denied too; in 除上海外去苏州 it is not.
        let denied = ahead.peek().is_some_and(|token| token.any(&[Tag::Not, Tag::Except]));
        if token.has(Tag::ExceptAfter) || token.any(&[Tag::Wanted, Tag::Plan, Tag::Seek]) && !denied {
            break;
        }
    }
    led || is_left_out_behind(view, group)
}

/// Returns whether a denial behind the group leaves it out: 苏州除外, 上海就不考虑了.
pub(crate) fn is_left_out_behind(view: &View<'_>, group: &PlaceGroup) -> bool {
    // 其中休宁县因用水问题排除: the reason is in between.
    let end = view.tokens[group.last].end;
    let reason = CUES.reason.starts(view.text, end);
    if reason && after(view, group, REASON).any(|token| token.has(Tag::ExceptAfter)) {
        return true;
    }
    let tail: Vec<&Token> = after(view, group, 4).collect();
    tail.iter().enumerate().any(|(offset, token)| {
        let apart = tail[..offset].iter().all(|token| {
            token.is_blank()
                || token.other().is_some_and(|c| CUES.before_denial.has(c))
                || token.any(&[Tag::Near, Tag::Trunk])
        });
        token.has(Tag::ExceptAfter) && apart
    })
}

/// The most tokens from a place over the reason to the denial behind it.
const REASON: usize = 16;

/// Returns whether the group is only mentioned: a market, or the place of the firm.
fn aside(view: &View<'_>, group: &PlaceGroup, parted: bool) -> bool {
    let mut near = before(view, group, 5);
    let mut movable = true;
    let led = near.any(|token| {
        if token.any(&[Tag::Market]) {
            return !(CUES.facing.is(view.text, token.start, token.end) && is_let_here(view, group));
        }
        // 从上海搬到苏州, 现在改为嘉善: the nearest word decides.
        let changed = CUES.changed.is(view.text, token.start, token.end);
        // 公司总部想租上海青浦办公楼: what is planned is not where the firm is.
        let sought = token.any(&[Tag::Plan, Tag::Lease, Tag::Buy]) && !token.has(Tag::Existing);
        if changed || (sought || token.has(Tag::Wanted)) && !token.has(Tag::Home) {
            movable = false;
        }
        movable && token.has(Tag::Home)
    });
    if led || is_seat(view, group) || has_plant(view, group) {
        return true;
    }
    // 上海某医药企业: words between the place and the firm describe the firm.
    let passes = |token: &Token| {
        token.is_blank()
            || matches!(token.kind, TokenKind::Trade)
            || token.other().is_some_and(|c| CUES.before_firm.has(c))
            || token.amount().is_some_and(|quantity| quantity.dim.is_other())
    };
    let followed = after(view, group, 5).find(|token| !passes(token));
    !parted
        && followed.is_some_and(|token| token.has(Tag::HomeAfter) && !is_sought_there(view, token))
        && !before(view, group, 4).any(|token| token.any(&[Tag::Plan, Tag::Seek]) && !token.has(Tag::Home))
}

/// Returns whether something of the firm exists in the place: `示例公司（在五家渠现有生产线三条）`, but not 拟在太仓现有厂房扩产.
fn has_plant(view: &View<'_>, group: &PlaceGroup) -> bool {
    let led = CUES.at.fit(view.text, 0, view.tokens[group.first].start);
    let planned = |token: &Token| token.any(&[Tag::Plan, Tag::Seek, Tag::Lease, Tag::Buy]);
    let had = after(view, group, 1).any(|token| token.has(Tag::Existing) && !token.has(Tag::Plan));
    led && had && !before(view, group, 6).any(planned)
}

/// Returns whether what exists is right behind the group: `秀洲的老厂房`, but not 租用太仓的现有厂房.
fn is_of_present(view: &View<'_>, group: &PlaceGroup) -> bool {
    let planned = |token: &Token| token.any(&[Tag::Plan, Tag::Seek, Tag::Lease, Tag::Buy, Tag::Wanted]);
    let next = after(view, group, 2).find(|token| !(token.is_of() || token.has(Tag::Filler)));
    next.is_some_and(|token| token.has(Tag::Existing) && !token.has(Tag::Plan)) && !before(view, group, 6).any(planned)
}

/// Returns whether the clause tells where the firm is that the clauses before it name: `示例公司成立于2006年，位于邯郸市永年区`.
fn is_seat(view: &View<'_>, group: &PlaceGroup) -> bool {
    let clause = view.clause(group.first);
    let opens = &view.tokens[clause.start];
    let sentence = opens.sentence;
    let mut before = view.tokens[..clause.start].iter().rev().take(SEAT).take_while(|token| token.sentence == sentence);
    let planned = |token: &&Token| token.any(&[Tag::Plan, Tag::Build, Tag::Seek, Tag::Plot, Tag::Space]);
    CUES.located.starts(view.text, opens.start)
        && !before.clone().any(|token| planned(&token))
        && before.any(|token| matches!(token.kind, TokenKind::Claimed) || CUES.founded.starts(view.text, token.start))
}

/// The most tokens from the name of a firm to the clause that tells where it is.
const SEAT: usize = 32;

/// Returns whether the word for a plant or a head office is what is sought in the place: 德清工厂用地60亩, 杭州总部办公800平.
fn is_sought_there(view: &View<'_>, token: &Token) -> bool {
    let next = view.tokens.partition_point(|other| other.start < token.end);
    let mut behind = view.tokens[next..].iter().take(SOUGHT).take_while(|other| other.clause == token.clause);
    CUES.sought.is(view.text, token.start, token.end)
        && behind
            .next()
            .is_some_and(|other| other.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea]) || other.amount().is_some())
        && !CUES.occupies.starts(view.text, token.end)
        && view.facts.iter().any(|fact| {
            fact.slot.is_some_and(Slot::is_range) && fact.is_wanted() && view.tokens[fact.token].clause == token.clause
        })
}

/// The most tokens between such a word and its area.
const SOUGHT: usize = 4;

/// Returns whether brackets right behind the name of a firm hold the group: `示例纺织集团有限公司（江苏盐城）`.
fn is_seat_of_firm(view: &View<'_>, group: &PlaceGroup) -> bool {
    let before = |back: usize| group.first.checked_sub(back).map(|at| view.tokens[at].kind);
    let closed = view.tokens.get(group.last + 1).map(|token| token.kind);
    matches!(before(1), Some(TokenKind::Break('(')))
        && matches!(before(2), Some(TokenKind::Claimed))
        && matches!(closed, Some(TokenKind::Break(')')))
}

/// Returns whether the group starts the name of a firm that invests: `江苏示例化工投资，`.
fn is_of_investor(view: &View<'_>, group: &PlaceGroup) -> bool {
    let clause: Vec<&Token> = after(view, group, INVESTOR).collect();
    let closed = clause.len() < INVESTOR;
    let name: Vec<&Token> = clause.into_iter().filter(|token| !token.ends_clause()).collect();
    let Some((last, name)) = name.split_last() else { return false };
    let unknown = name.iter().filter(|token| matches!(token.kind, TokenKind::Other(_) | TokenKind::Trade)).count();
    let led = before(view, group, 4).any(|token| token.any(&[Tag::Wanted, Tag::Plan, Tag::Seek]));
    let plain = !led && unknown > 1 && name.iter().all(|token| token.amount().is_none());
    closed && plain && CUES.invests.is(view.text, last.start, last.end)
}

/// The most tokens of an investor's name with the word behind it.
const INVESTOR: usize = 12;

/// Returns whether the site is chosen among the places of the group's list: `目前在昌图县、梨树县之间比选`.
fn is_compared(view: &View<'_>, group: &PlaceGroup) -> bool {
    const LONGEST: usize = 32;
    let from = view.tokens[group.last].end;
    let list = |at: &usize| is_han(view.text.at(*at)) || matches!(view.text.at(*at), '、' | '/' | '(' | ')');
    let end = (from..from + LONGEST).take_while(list).count() + from;
    CUES.compared.is_in(view.text, from, end)
}

/// Returns whether brackets behind the group name the places around it that are meant: `成都周边（德阳、资阳）`.
fn is_explained(view: &View<'_>, group: &PlaceGroup) -> bool {
    let behind = &view.tokens[group.last + 1..];
    behind.first().is_some_and(|token| token.has(Tag::Near))
        && behind.get(1).is_some_and(|token| CUES.meant.has(view.text.at(token.start)))
        && behind.get(2).is_some_and(|token| matches!(token.kind, TokenKind::Place(_)))
}

/// Returns whether the group takes the place of those before it: 原计划昆山，现在改为嘉善.
pub(crate) fn is_changed(view: &View<'_>, group: &PlaceGroup) -> bool {
    before(view, group, 2).any(|token| CUES.changed.is(view.text, token.start, token.end))
}

/// Returns whether something is leased or bought right behind the list that the group is on: 面向惠阳区、博罗县求租厂房.
fn is_let_here(view: &View<'_>, group: &PlaceGroup) -> bool {
    let same = |token: &&Token| !token.ends_clause() || matches!(token.kind, TokenKind::Break('、'));
    let mut behind = view.tokens[group.last + 1..].iter().take(LIST).take_while(same);
    behind.any(|token| token.any(&[Tag::Lease, Tag::Buy]) && token.has(Tag::Seek))
}

/// The most tokens of a list of places that are looked at.
const LIST: usize = 16;

/// Returns whether a word before or behind the group wants it.
fn wanted(view: &View<'_>, group: &PlaceGroup) -> bool {
    if is_changed(view, group) {
        return true;
    }
    let led = before(view, group, 4).any(|token| {
        token.any(&[Tag::Wanted, Tag::Plan, Tag::Lease, Tag::Buy, Tag::Wish]) || starts_with_or(view, token)
    });
    let labelled = before(view, group, 3).any(|token| token.other() == Some(':') || token.is_label());
    led || labelled || after(view, group, 2).any(|token| token.any(&[Tag::Wish, Tag::Near]))
}

/// Returns whether the group is said to do: 海门也可以, `Wuxi would suit us`.
pub(crate) fn is_fine(view: &View<'_>, group: &PlaceGroup) -> bool {
    is_fine_behind(view, group.last)
}

/// Returns whether something is sought right behind the group, or it is said to do as well: 江宁找厂房, 海门也可以.
fn sought(view: &View<'_>, group: &PlaceGroup) -> bool {
    after(view, group, 1).any(|token| token.any(&[Tag::Seek, Tag::Lease, Tag::Buy])) || is_fine(view, group)
}
