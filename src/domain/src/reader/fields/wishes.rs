//! Preferences: criteria that are only wished for: 最好, 优先, 希望.

use serde_json::json;

use crate::matching::Criterion;
use crate::reader::fields::criteria::{named_at, of_field};
use crate::reader::fields::draft::Draft;
use crate::reader::fields::reading::Span;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::lexicon::Tag;

cues! {
    WishCues in "wishes.txt" {
        trailing: CharSet,
    }
}

/// Longest list before 优先, in characters.
const LIST: usize = 30;
/// Largest distance to the next criterion, in characters.
const NEXT: usize = 8;

/// Returns whether a word of wishing is behind its object: 昆山优先.
fn trails(text: &Text, wish: &Token) -> bool {
    CUES.trailing.has(text.at(wish.start))
}

/// A criterion that a span states, with the start of the span.
struct Stated {
    criterion: Criterion,
    start: usize,
}

/// Fills the preferences: a wish is a word of wishing whose clause states one criterion, while the text states others.
pub(crate) fn preferences(draft: &mut Draft<'_>) {
    listed(draft);
    let text = draft.view.text;
    let tokens = draft.view.tokens;
    let mut wishes = draft.view.having(&[Tag::Wish]).peekable();
    if wishes.peek().is_none() {
        return;
    }
    let stated = stated(draft);
    let mut found: Vec<(Criterion, usize, usize)> = Vec::new();
    for at in wishes.filter(|&at| at >= draft.view.real_from) {
        let token = &tokens[at];
        let start = tokens[..at]
            .iter()
            .rposition(|before| before.clause != token.clause)
            .map_or(0, |before| tokens[before + 1].start);
        let end = tokens[at..]
            .iter()
            .find(|after| after.clause != token.clause)
            .map_or(text.chars.len(), |after| after.start);
        let leading = tokens[..at]
            .iter()
            .rev()
            .take_while(|before| before.clause == token.clause)
            .all(|before| before.is_blank() || !before.any(&[Tag::Filler]) && before.end - before.start < 2);
        let mut inside = criteria_between(draft, &stated, start, end);
        // 价格优先, 孵化器优先: 优先 belongs to the word directly before it.
        let of_place = tokens[..at].last().is_none_or(|before| {
            before.clause != token.clause || before.is_blank() || matches!(before.kind, TokenKind::Place(_))
        });
        let place = tokens[..at].last().is_some_and(|before| matches!(before.kind, TokenKind::Place(_)));
        // 安国市优先 where the place was named before.
        if inside.is_empty() && place && stated.iter().any(|it| it.criterion == Criterion::Region) {
            inside = vec![Criterion::Region];
        }
        if inside.is_empty() && of_place && trails(text, token) {
            // `嘉善、平湖优先`: the list before the word.
            inside = criteria_between(draft, &stated, start.saturating_sub(LIST), end)
                .into_iter()
                .filter(|criterion| *criterion == Criterion::Region)
                .collect();
        }
        // 急租厂房：陈仓区优先，凤翔区也行
        if place && trails(text, token) && inside.contains(&Criterion::Region) {
            inside = vec![Criterion::Region];
        }
        // 厂房1600平 可环评的优先 15块以内: a blank parts what is preferred from the rest.
        if inside.len() > 1 && trails(text, token) {
            let blank = tokens[..at].iter().rev().take(PIECE).find(|before| before.is_blank());
            let piece = blank.map(|blank| blank.end).filter(|&from| from > start);
            let own = piece.map_or_else(Vec::new, |from| criteria_between(draft, &stated, from, token.start));
            inside = if own.len() == 1 { own } else { inside };
        }
        if inside.len() > 1 && !token.has(Tag::WishSoft) {
            inside = next_behind(draft, &stated, start, token, end).into_iter().collect();
        }
        let [criterion] = inside[..] else { continue };
        let elsewhere = stated.iter().any(|other| other.criterion != criterion);
        // 希望 at the start of the need governs all of it, and is no wish.
        let (from, _) = text.place(token.start, token.end);
        let opens = token.has(Tag::WishSoft) && leading && !stated.iter().any(|other| other.start < from);
        if elsewhere && !opens && !criterion.is_legal() && !found.iter().any(|(known, ..)| *known == criterion) {
            found.push((criterion, token.start, token.end));
        }
    }
    for (criterion, start, end) in found {
        draft.reading.requirement.prefer.push(criterion);
        draft.span("prefer", start, end, json!([criterion.id()]));
    }
}

/// The most tokens of a piece that a wish is about.
const PIECE: usize = 24;

/// Returns the next criterion behind the wish, if another is stated before it: 2000平厂房最好在昆山层高8米.
fn next_behind(draft: &Draft<'_>, stated: &[Stated], start: usize, wish: &Token, end: usize) -> Option<Criterion> {
    let text = draft.view.text;
    let place = |at: usize| text.place(at, at).0;
    let ahead = place(start)..place(wish.start);
    let before = stated.iter().any(|other| ahead.contains(&other.start));
    let near = place(wish.end)..place(end).min(place(wish.end) + NEXT);
    let behind = stated.iter().filter(|other| other.criterion != Criterion::Use && near.contains(&other.start));
    behind.min_by_key(|other| other.start).filter(|_| before && !trails(text, wish)).map(|other| other.criterion)
}

/// Reads the list of wishes of a printed requirement: `仅为偏好：价格、距离`.
fn listed(draft: &mut Draft<'_>) {
    let text = draft.view.text;
    let Some(label) = draft.view.having(&[Tag::WishList]).next() else { return };
    let mut at = draft.view.tokens[label].end;
    loop {
        at += usize::from(matches!(text.at(at), ':' | '、'));
        let Some((criterion, end)) = named_at(text, at) else { return };
        if !draft.reading.requirement.prefer.contains(&criterion) {
            draft.reading.requirement.prefer.push(criterion);
            draft.span("prefer", at, end, json!([criterion.id()]));
        }
        at = end;
    }
}

/// Returns the criteria that the spans so far state.
fn stated(draft: &Draft<'_>) -> Vec<Stated> {
    let stated = |span: &Span| Some(Stated { criterion: of_field(span.field)?, start: span.start });
    draft.reading.spans.iter().filter_map(stated).collect()
}

/// Returns the criteria that are stated in a range of the folded text, each once.
fn criteria_between(draft: &Draft<'_>, stated: &[Stated], start: usize, end: usize) -> Vec<Criterion> {
    let text = draft.view.text;
    let (from, _) = text.place(start, start);
    let (_, to) = text.place(start, end);
    let mut all: Vec<Criterion> = Vec::new();
    for fact in stated {
        if (from..to).contains(&fact.start) && fact.criterion != Criterion::Use && !all.contains(&fact.criterion) {
            all.push(fact.criterion);
        }
    }
    // A limit of the rent also states the tenure; it is one wish.
    if all.contains(&Criterion::Price) {
        all.retain(|criterion| *criterion != Criterion::Tenure);
    }
    all
}
