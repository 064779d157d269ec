//! By when the site must be free.

use chrono::NaiveDate;
use serde_json::json;

use crate::reader::assemble::Draft;
use crate::reader::tokens::lexer::Kind;
use crate::reader::words::lexicon::Tag;

/// Takes the first date that says when the site is needed; dates of production say something else.
pub(crate) fn available(draft: &mut Draft<'_>, now: NaiveDate) {
    let tokens = draft.view.tokens;
    for (at, token) in tokens.iter().enumerate() {
        let Kind::Date(when) = token.kind else { continue };
        let frame = draft.view.frames[at];
        if at < draft.view.real_from || frame.negated || when.last < now {
            continue;
        }
        let clause = tokens[at].clause;
        let behind = || tokens[at + 1..].iter().take_while(|token| token.clause == clause).take(8);
        let ahead = || tokens[..at].iter().rev().take_while(|token| token.clause == clause).take(6);
        let text = draft.view.text;
        // 春节前后 is no limit.
        let follows = ["前", "之前", "以前"]
            .iter()
            .find(|word| text.goes_on(token.end, word))
            .filter(|_| !text.goes_on(token.end, "前后"));
        let led = ahead().take(3).any(|token| {
            matches!(
                text.folded(token.start, token.end).as_str(),
                "by" | "before"
                    | "until"
                    | "no later than"
                    | "not later than"
                    | "prior to"
                    | "available by"
                    | "最晚"
                    | "最迟"
                    | "不晚于"
            )
        });
        let limit = follows.is_some() || led;
        let produced = behind().chain(ahead()).any(|token| token.has(Tag::Produce) && !token.has(Tag::Avail));
        let needed = behind().chain(ahead()).any(|token| token.has(Tag::Avail));
        let alone = when.limit
            && behind().chain(ahead()).all(|token| {
                !token.any(&[Tag::Tax, Tag::Output, Tag::Invest, Tag::Other, Tag::Full]) && token.amount().is_none()
            });
        let valid = !produced && (limit || needed || alone);
        if !valid {
            continue;
        }
        let day = if limit { when.before() } else { when.last };
        draft.reading.requirement.available_by = Some(day);
        let end = token.end + follows.map_or(0, |word| word.chars().count());
        draft.span("available_by", token.start, end, json!(day.to_string()));
        return;
    }
    if draft.view.having(&[Tag::VagueDate]).any(|at| !draft.view.frames[at].negated) {
        draft.ask("available_by", "unclear_date");
    }
}
