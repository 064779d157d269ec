//! Lists of places: A、B, A或B, A和B, A/B, `A, B or C`, `A; B`.

use crate::reader::fields::kinds::starts_with_or;
use crate::reader::fields::view::View;
use crate::reader::letters::character::is_han;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::dictionary::lies_in;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::WordList;

cues! {
    PlaceListCues in "place_lists.txt" {
        list_joint: CharSet,
        list_word: WordList,
        list_kind: WordList,
        last_word: WordList,
        county_town: WordList,
    }
}

/// The most tokens between two places of a list.
const LONGEST: usize = 6;

/// Returns whether two groups of names, one ending and one starting at these tokens, are neighbours in a list.
pub(crate) fn listed(view: &View<'_>, last: usize, first: usize) -> bool {
    let between = &view.tokens[last + 1..first];
    let latin = view.text.at(view.tokens[first].start).is_ascii_alphabetic();
    // 天津东疆/滨海新区: the second is inside the first.
    let inside = match (view.tokens[last].kind, view.tokens[first].kind) {
        (TokenKind::Place(outer), TokenKind::Place(name)) => lies_in(name, outer),
        _ => false,
    };
    if !inside && is_towns(between) {
        return true;
    }
    if between.len() > LONGEST {
        return false;
    }
    let kind = |token: &Token| is_kind(view, token);
    let word = |token: &Token| CUES.list_word.is(view.text, token.start, token.end);
    // 丰南区，或曹妃甸区; 滨江区（优先）、萧山区.
    let or = |at: usize| between.get(at + 1).is_some_and(|next| starts_with_or(view, next));
    let remark = |at: usize| match between[at].kind {
        TokenKind::Break('(') => between.get(at + 1).is_some_and(|token| token.has(Tag::Wish)),
        TokenKind::Break(')') => at > 1 && between[at - 1].has(Tag::Wish),
        _ => between[at].has(Tag::Wish) && at > 0 && matches!(between[at - 1].kind, TokenKind::Break('(')),
    };
    // Chengdu (Shuangliu / Qingbaijiang) or Chongqing; 成都（双流）、重庆（巴南）.
    let goes_on_behind = |at: usize| {
        let mut behind = between[at + 1..].iter().filter(|token| !token.is_blank());
        behind.next().is_some_and(|next| {
            word(next)
                || matches!(next.kind, TokenKind::Break('、' | '/' | ','))
                || next.other().is_some_and(|c| CUES.list_joint.has(c))
        })
    };
    let most = if between.iter().any(kind) && between.iter().any(word) { LONGEST } else { 4 };
    !between.is_empty()
        && between.len() <= most
        && between.iter().enumerate().all(|(at, token)| {
            token.is_blank()
                || remark(at)
                || matches!(token.kind, TokenKind::Break(')')) && goes_on_behind(at)
                || matches!(token.kind, TokenKind::Break(',')) && or(at)
                || token.any(&[Tag::Near, Tag::Seek]) && starts_with_or(view, token)
                || matches!(token.kind, TokenKind::Break('、' | '/'))
                || view.text.is(token.start, token.end, ">")
                || latin && matches!(token.kind, TokenKind::Break(','))
                || latin && view.text.at(token.start) == ';'
                || token.other().is_some_and(|c| CUES.list_joint.has(c))
                || word(token)
                || is_county_town(view, token)
                || most > 4 && kind(token)
        })
}

/// Returns whether a token is the kind of a division behind its Latin name: `Boluo County, Huizhou`.
pub(crate) fn is_kind(view: &View<'_>, token: &Token) -> bool {
    CUES.list_kind.is(view.text, token.start, token.end)
}

/// Returns whether a token ends the name of a county's town: 江孜县城、拉孜县城.
fn is_county_town(view: &View<'_>, token: &Token) -> bool {
    token.start.checked_sub(1).is_some_and(|county| CUES.county_town.is(view.text, county, token.end))
}

/// The most tokens of towns between two places.
const TOWNS: usize = 12;

/// Returns whether only towns that no list has are between two places of a list: 东莞塘厦/凤岗、河源源城.
fn is_towns(between: &[Token]) -> bool {
    let joint = |token: &Token| matches!(token.kind, TokenKind::Break('、' | '/'));
    let town = |token: &Token| token.other().is_some_and(is_han);
    (3..=TOWNS).contains(&between.len())
        && between.last().is_some_and(joint)
        && between.iter().all(|token| joint(token) || town(token))
        && between.split(joint).all(|name| name.len() != 1 && name.len() <= LONGEST / 2)
        && town(&between[0])
}

/// Returns whether the name at a token is followed by the last of a list: `Taicang, Suzhou or Wuxi`.
pub(crate) fn goes_on(view: &View<'_>, at: usize) -> bool {
    let mut behind = view.tokens[at + 1..].iter().take(4).filter(|token| !token.is_blank());
    behind.next().is_some_and(|token| CUES.last_word.is(view.text, token.start, token.end))
        && behind.next().is_some_and(|token| matches!(token.kind, TokenKind::Place(_)))
}
