//! The date by which the site must be available.

use chrono::NaiveDate;
use serde_json::json;

use crate::reader::fields::draft::Draft;
use crate::reader::fields::milestones::is_milestone;
use crate::reader::letters::rules::cues;
use crate::reader::tokens::token::TokenKind;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::WordList;
use crate::reader::words::slot::Slot;

cues! {
    AvailableCues in "available.txt" {
        before: WordList,
        around: WordList,
        lead: WordList,
    }
}

/// Fills the date with the first one that tells when the site is needed; dates of production do not.
pub(crate) fn available(draft: &mut Draft<'_>, now: NaiveDate) {
    let tokens = draft.view.tokens;
    for (at, token) in tokens.iter().enumerate() {
        let TokenKind::Date(when) = token.kind else { continue };
        let frame = draft.view.frames[at];
        if at < draft.view.real_from || frame.negated || when.last < now || is_milestone(&draft.view, at) {
            continue;
        }
        let clause = tokens[at].clause;
        let behind = || tokens[at + 1..].iter().take_while(|token| token.clause == clause).take(8);
        let ahead = || tokens[..at].iter().rev().take_while(|token| token.clause == clause).take(6);
        let text = draft.view.text;
        // 春节前后 is no limit.
        let follows = CUES.before.at(text, token.end).filter(|_| !CUES.around.starts(text, token.end));
        let led = ahead().take(3).any(|token| CUES.lead.is(text, token.start, token.end));
        let limit = follows.is_some() || led;
        let produced = behind().chain(ahead()).any(|token| token.has(Tag::Produce) && !token.has(Tag::Avail));
        let needed = behind().chain(ahead()).any(|token| token.has(Tag::Avail));
        let alone = when.limit
            && behind().chain(ahead()).all(|token| {
                !token.names_any(&[Slot::TAX, Slot::OUTPUT, Slot::INVEST])
                    && !token.any(&[Tag::Other, Tag::Full])
                    && token.amount().is_none()
            });
        let valid = !produced && (limit || needed || alone);
        if !valid {
            continue;
        }
        let day = if limit { when.before() } else { when.last };
        draft.reading.requirement.available_by = Some(day);
        draft.span("available_by", token.start, token.end + follows.unwrap_or(0), json!(day.to_string()));
        return;
    }
    if draft.view.having(&[Tag::VagueDate]).any(|at| !draft.view.frames[at].negated) {
        draft.ask("available_by", "unclear_date");
    }
}
