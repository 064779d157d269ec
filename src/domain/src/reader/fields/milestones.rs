//! The dates by which building and production start, where their labels lead them.

use chrono::NaiveDate;
use serde_json::json;

use crate::reader::fields::draft::Draft;
use crate::reader::fields::view::View;
use crate::reader::tokens::token::TokenKind;
use crate::reader::words::lexicon::Tag;

/// The longest way from a label to its date, in tokens.
const REACH: usize = 6;

/// Fills each date with the first one that its label leads.
pub(crate) fn milestones(draft: &mut Draft<'_>) {
    draft.reading.requirement.start_by = milestone(draft, Tag::Start, "start_by");
    draft.reading.requirement.production_by = milestone(draft, Tag::Commission, "production_by");
}

fn milestone(draft: &mut Draft<'_>, label: Tag, field: &'static str) -> Option<NaiveDate> {
    let (at, day) = led(&draft.view, label)?;
    let token = draft.view.tokens[at];
    draft.span(field, token.start, token.end, json!(day.to_string()));
    Some(day)
}

/// Returns whether a label of a milestone leads a date.
pub(crate) fn is_milestone(view: &View<'_>, at: usize) -> bool {
    leads(view, at, &[Tag::Start, Tag::Commission])
}

fn leads(view: &View<'_>, at: usize, labels: &[Tag]) -> bool {
    let clause = view.tokens[at].clause;
    let before = view.tokens[..at].iter().rev().take_while(|token| token.clause == clause).take(REACH);
    before.take_while(|token| !matches!(token.kind, TokenKind::Date(_))).any(|token| token.any(labels))
}

/// The first date of the need that a label leads, with its last day; 6月前 is the last day of May.
fn led(view: &View<'_>, label: Tag) -> Option<(usize, NaiveDate)> {
    view.tokens.iter().enumerate().find_map(|(at, token)| match token.kind {
        TokenKind::Date(when) if view.is_of_need(at) && leads(view, at, &[label]) => {
            let is_limit = view.tokens.get(at + 1).is_some_and(|next| next.has(Tag::Before));
            Some((at, if is_limit { when.before() } else { when.last }))
        }
        _ => None,
    })
}
