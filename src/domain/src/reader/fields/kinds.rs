//! Kinds of listing that a need names.

use crate::listing::Kind;
use crate::reader::fields::named::Named;
use crate::reader::fields::uses::is_joined;
use crate::reader::fields::view::View;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::slot::Slot;

cues! {
    KindCues in "kinds.txt" {
        dropped: CharSet,
        or: CharSet,
        or_word: WordList,
        inside_park: CharSet,
        yes: WordList,
        no: WordList,
        must: WordList,
        within: Suffixes,
    }
}

/// Tags of words between an amount and the bare word for land.
const PASSED: &[Tag] =
    &[Tag::ApproxAfter, Tag::Approx, Tag::Filler, Tag::AtLeast, Tag::AtMost, Tag::AtLeastAfter, Tag::AtMostAfter];

/// Adds the kind of listing that a token names; `land` is set where the need includes land.
pub(crate) fn kinds(view: &View<'_>, at: usize, land: bool, it: &mut Named) {
    let token = &view.tokens[at];
    if !view.is_of_need(at) || is_dropped(view, at) {
        return;
    }
    if token.has(Tag::Named) {
        let named = [(Tag::Plot, Kind::Plot), (Tag::Space, Kind::Space), (Tag::Park, Kind::Park)];
        named.into_iter().filter(|(tag, _)| token.has(*tag)).for_each(|(_, kind)| it.add(kind, at));
    } else if token.has(Tag::Plot) {
        it.add(Kind::Plot, at);
    } else if is_space(view, at) && is_sought_space(view, at, land) {
        it.add(Kind::Space, at);
    } else if token.has(Tag::Park) && is_sought_park(view, at) {
        it.add(Kind::Park, at);
    }
}

/// Returns the answer of a form to the question for a thing, with its end: `是否需进入化工园区：是`.
pub(crate) fn answered(view: &View<'_>, at: usize) -> Option<(bool, usize)> {
    let text = view.text;
    let end = view.tokens[at].end;
    let colon = (end..end + 3).find(|&at| text.at(at) == ':')?;
    let from = colon + 1 + usize::from(text.at(colon + 1) == ' ');
    let closes = |length: usize| !text.at(from + length).is_alphanumeric();
    let said = |list: &WordList| list.longest_at(text, from).filter(|&length| closes(length));
    let yes = said(&CUES.yes).map(|length| (true, from + length));
    yes.or_else(|| said(&CUES.no).map(|length| (false, from + length)))
}

/// Returns whether the chemical park that a token names is an obligation: `须入化工园区`.
pub(crate) fn is_obliged(view: &View<'_>, at: usize) -> bool {
    const WIDEST: usize = 8;
    // must relocate its blending plant into a chemical park
    const LATIN: usize = 48;
    let end = view.tokens[at].start;
    let widest = if view.text.at(end).is_ascii_alphabetic() { LATIN } else { WIDEST };
    let clause = view.tokens[view.clause(at).start].start;
    view.is_of_need(at) && (end.saturating_sub(widest).max(clause)..end).any(|at| CUES.must.starts(view.text, at))
}

/// Returns whether a line of a form asks for a thing inside the chemical park that a token names,
/// `载体要求：化工园区内工业用地150亩`, or English words put the thing in it: `6 hectares of land in a chemical park`.
pub(crate) fn is_site_inside(view: &View<'_>, at: usize) -> bool {
    let (start, end) = (view.tokens[at].start, view.tokens[at].end);
    let mut behind = view.tokens[at + 1..].iter().take(INSIDE).filter(|token| token.start > end && !token.is_of());
    let sought = |token: &Token| token.any(&[Tag::Plot, Tag::Space]) || token.is_bare_land();
    let answers = view.text.before(start) == ':';
    let mut named = || answers && CUES.inside_park.has(view.text.at(end)) && behind.next().is_some_and(sought);
    let clause = view.tokens[at].clause;
    let mut before = view.tokens[..at].iter().rev().take(INSIDE_LATIN).take_while(|token| token.clause == clause);
    view.is_of_need(at) && (named() || CUES.within.fit(view.text, 0, start) && before.any(sought))
}

/// The most tokens from a park to the thing that is sought inside it.
const INSIDE: usize = 4;
/// The same in English, where the thing is named first.
const INSIDE_LATIN: usize = 8;

/// Returns whether the thing is withdrawn behind its name: `土地不要了`.
pub(crate) fn is_dropped(view: &View<'_>, at: usize) -> bool {
    // 占地不限: nothing is said of land.
    let open = view.tokens.get(at + 1).is_some_and(|next| next.has(Tag::Anywhere) && view.tokens[at].is_label());
    if open {
        return true;
    }
    let next = view.tokens.get(at + 1).filter(|next| next.has(Tag::Not) && next.clause == view.tokens[at].clause);
    next.is_some_and(|next| CUES.dropped.has(view.text.at(next.end)))
}

/// Returns whether a word denotes a building, or rooms with an area beside it.
fn is_space(view: &View<'_>, at: usize) -> bool {
    let token = &view.tokens[at];
    // 想找个办公室，靠近地铁，300平左右: rooms that are sought have the only area there is.
    let sought = || is_sought(view, at) && view.has_fact(Slot::FLOOR) && !view.has_fact(Slot::LAND);
    token.has(Tag::Space) || token.has(Tag::SpaceArea) && (view.has_area_near(at) || is_leased(view, at) || sought())
}

/// Returns whether a word for seeking directly leads to rooms: 找个办公室, 需要一间实验室.
fn is_sought(view: &View<'_>, at: usize) -> bool {
    let mut before = view.tokens[..at].iter().rev().take(SOUGHT).filter(|token| !token.is_blank());
    before.any(|token| token.has(Tag::Seek) && !token.has(Tag::Existing))
}

/// The most tokens between a word for seeking and the rooms.
const SOUGHT: usize = 2;

/// Returns whether a word for leasing directly leads to rooms: 求租办公室.
fn is_leased(view: &View<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &view.tokens[before]);
    before.is_some_and(|token| token.has(Tag::Lease) && !token.any(&[Tag::Ignored, Tag::Existing]))
}

/// Returns whether the bare word for land is beside an amount: `10亩地`, `30亩左右的地`, `地30亩`.
pub(crate) fn is_land_by_the_mu(view: &View<'_>, at: usize) -> bool {
    if !view.is_of_need(at) {
        return false;
    }
    let passes = |token: &&Token| {
        token.clause == view.tokens[at].clause
            && !token.is_bare_land()
            && (token.any(PASSED) || token.is_blank() || token.is_of())
    };
    let is_land = |token: Option<&Token>| {
        token.is_some_and(|token| token.is_bare_land() && token.clause == view.tokens[at].clause)
    };
    // 地要120亩, 20亩左右的地.
    is_land(view.tokens[..at].iter().rev().find(|token| !passes(token)))
        || is_land(view.tokens[at + 1..].iter().find(|token| !passes(token)))
}

/// Returns whether a building is asked for, rather than to be built on the land that is asked for.
fn is_sought_space(view: &View<'_>, at: usize, land: bool) -> bool {
    let clause = view.clause(at);
    let before = &view.tokens[clause.start..at];
    // Building type: Warehouse — a label builds nothing.
    let said = before.iter().rposition(|token| token.other() == Some(':')).map_or(0, |colon| colon + 1);
    let built = before[said..].iter().any(|token| token.has(Tag::Build));
    let leased = view.clause_has(at, &[Tag::Lease]);
    if !land {
        return !built || leased;
    }
    let behind = &view.tokens[at + 1..clause.end.max(at + 1)];
    let passes = |token: &&Token| !token.is_blank() && token.amount().is_none();
    let or = (clause.start..at).any(|at| is_or(view, &view.tokens[at]) && !is_between_places(view, at))
        || behind.iter().filter(passes).take(CHOICE).any(|token| is_or(view, token))
        || is_or_land(view, at);
    leased && !built || or || view.is_bought(at) || view.tokens[at].has(Tag::Incubation)
}

/// The most tokens between a thing and the word that offers another instead: 厂房或者土地.
const CHOICE: usize = 2;

/// Returns whether an `or` joins two places, and no things: 海宁市或桐乡市.
pub(crate) fn is_between_places(view: &View<'_>, at: usize) -> bool {
    let place = |at: Option<usize>| {
        at.and_then(|at| view.tokens.get(at)).is_some_and(|token| matches!(token.kind, TokenKind::Place(_)))
    };
    place(at.checked_sub(1)) && place(at.checked_add(1))
}

/// Returns whether land is offered instead behind a thing and a remark: `洁净厂房15000㎡（万级），或用地100亩`.
pub(crate) fn is_or_land(view: &View<'_>, at: usize) -> bool {
    // 找厂房：8000方，租30以下，或者买20亩地自建.
    let land = |token: &Token| token.has(Tag::Plot) || token.is_bare_land();
    let behind = &view.tokens[at + 1..];
    let mut choices = behind.iter().enumerate().take(REMARK).filter(|(_, token)| is_or(view, token));
    choices.any(|(choice, _)| behind[choice + 1..].iter().take(LAND).any(land))
}

/// The most tokens from an `or` to the land that it offers.
const LAND: usize = 3;

/// The most tokens of remarks between a thing and its alternative.
const REMARK: usize = 40;

/// Returns whether a token offers a choice: `30亩地或者1万平厂房`.
pub(crate) fn is_or(view: &View<'_>, token: &Token) -> bool {
    starts_with_or(view, token) || token.has(Tag::Either)
}

/// Returns whether a token starts with 或, or is the English word.
pub(crate) fn starts_with_or(view: &View<'_>, token: &Token) -> bool {
    CUES.or.has(view.text.at(token.start)) || CUES.or_word.longest_at(view.text, token.start).is_some()
}

/// Returns whether the park itself is sought, not something in it: `找个园区`, `入驻产业园`.
fn is_sought_park(view: &View<'_>, at: usize) -> bool {
    let clause = view.clause(at);
    let token = &view.tokens[at];
    let seek = view.tokens[clause.start..at].iter().any(|token| token.has(Tag::Seek));
    let inside = CUES.inside_park.has(view.text.at(token.end));
    let thing = view.tokens[clause].iter().any(|token| token.any(&[Tag::Plot, Tag::Space, Tag::Lease]))
        || is_first_of_pair(view, at);
    let named = view.tokens[..at].last().is_some_and(|token| {
        matches!(token.kind, TokenKind::Place(_)) || token.any(&[Tag::National, Tag::Provincial, Tag::LevelUp])
    });
    seek && !inside && !thing && !named && !token.has(Tag::Chemical)
}

/// Returns whether the area behind a pair belongs to both of it: 生产+办公2000平.
fn is_first_of_pair(view: &View<'_>, at: usize) -> bool {
    let second = view.tokens.get(at + 2);
    is_joined(view, at, at + 2) && second.is_some_and(|token| token.has(Tag::SpaceArea)) && view.has_area_near(at + 2)
}
