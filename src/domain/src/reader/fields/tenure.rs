//! Tenure: leasing or buying.

use crate::reader::fields::named::Named;
use crate::reader::fields::view::View;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::WordList;
use crate::reader::words::slot::Slot;
use crate::requirement::Tenure;

cues! {
    TenureCues in "tenure.txt" {
        complaint: CharSet,
        machine: CharSet,
        question: WordList,
    }
}

/// Adds the tenure that a token names; two different ones become a choice.
pub(crate) fn tenure(view: &View<'_>, at: usize, it: &mut Named) {
    let token = &view.tokens[at];
    if token.has(Tag::Ignored) && !token.any(&[Tag::OnlyBuy, Tag::OnlyLease])
        || !view.is_of_need(at)
        || is_of_equipment(view, at)
        || is_complaint(view, at)
        || is_question(view, at)
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

/// Returns whether the word is in the label of a form that asks for the tenure: `租/购：购`, `租售方式：租`.
fn is_question(view: &View<'_>, at: usize) -> bool {
    let text = view.text;
    let token = &view.tokens[at];
    let from = (token.start.saturating_sub(PAIR)..=token.start).find(|&from| {
        let length = CUES.question.longest_at(text, from).filter(|length| from + length >= token.end);
        length.is_some_and(|length| matches!(text.at(from + length), ':' | '|'))
    });
    from.is_some()
}

/// The most characters of such a label before its last word.
const PAIR: usize = 6;

/// The most tokens from a word for buying to its object.
const LIST: usize = 16;

/// Returns whether equipment is bought rather than a site: 购置各类设备.
fn is_of_equipment(view: &View<'_>, at: usize) -> bool {
    // 购置烧结、磨加工、充磁等设备: the object is behind the list.
    let same = |token: &&Token| !token.ends_clause() || matches!(token.kind, TokenKind::Break('、' | '/' | '-' | '+'));
    let mut behind = view.tokens[at + 1..].iter().take(LIST).take_while(same);
    let is_machine = |token: &Token| {
        token.has(Tag::Equipment) || token.amount().is_some() && CUES.machine.has(view.text.before(token.end))
    };
    let object = behind.find(|token| is_machine(token) || token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea]));
    view.tokens[at].has(Tag::Buy) && !view.tokens[at].has(Tag::Plot) && object.is_some_and(is_machine)
}

/// Returns whether the word complains about today's rent: 房租太贵了, 租金又涨了.
fn is_complaint(view: &View<'_>, at: usize) -> bool {
    let token = &view.tokens[at];
    let clause = token.clause;
    let mut behind = view.tokens[at + 1..].iter().take(6).take_while(|token| token.clause == clause);
    token.names(Slot::RENT) && behind.any(|token| CUES.complaint.has(view.text.at(token.start)))
}
