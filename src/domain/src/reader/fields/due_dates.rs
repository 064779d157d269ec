//! The days by which the site is needed, building starts and production starts.

use chrono::NaiveDate;
use serde_json::json;

use crate::reader::fields::draft::Draft;
use crate::reader::fields::view::View;
use crate::reader::letters::character::is_han;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::tokens::date::calendar::Period;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::slot::Slot;

cues! {
    DueDateCues in "due_dates.txt" {
        before: WordList,
        around: WordList,
        lead: WordList,
        latest: WordList,
        since: CharSet,
        from: CharSet,
        onwards: CharSet,
        time: WordList,
        time_end: Suffixes,
        time_of_other: WordList,
        taken: WordList,
        and: WordList,
        works: WordList,
        begins: WordList,
    }
}

/// Occasion of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Occasion {
    /// The site is handed over or moved into.
    Available,
    /// Building starts.
    Start,
    /// Production starts.
    Production,
    /// Signing, tender, supply of land, completion: no field takes it.
    Other,
}

impl Occasion {
    /// The occasions that a field takes.
    const COUNT: usize = 3;
}

/// The most tokens with the blanks of a table between a word and its date: `开工        2027年9月前`.
const FAR: usize = 24;
/// Longest distance of a word from its date, in tokens: behind it and before it.
const BEHIND: usize = 8;
const AHEAD: usize = 6;

/// Fills each of the three days with the first date that tells it.
pub(crate) fn due_dates(draft: &mut Draft<'_>, now: NaiveDate) {
    let view = draft.view;
    // The token of the last date that told each occasion, with the end of its words.
    let mut last_told: [Option<(usize, usize)>; Occasion::COUNT] = Default::default();
    for (at, token) in view.tokens.iter().enumerate() {
        let TokenKind::Date(when) = token.kind else { continue };
        let frame = view.frames[at];
        if at < view.real_from || frame.negated || when.last < now || is_since(&view, at, when) {
            continue;
        }
        let Some((event, day, end)) = told(&view, at, when) else { continue };
        let requirement = &mut draft.reading.requirement;
        let (field, place) = match event {
            Occasion::Available => ("available_by", &mut requirement.available_by),
            Occasion::Start => ("start_by", &mut requirement.start_by),
            Occasion::Production => ("production_by", &mut requirement.production_by),
            Occasion::Other => continue,
        };
        // 原“2027年2月28日前交付”更正为“2027年5月31日前交付”: what was said before is withdrawn.
        let last = last_told[event as usize].replace((at, end)).filter(|_| place.is_some());
        // 2031年达产9.1亿元 … 2028年12月投产: full production comes after the start of it.
        let fuller = |last: usize| event == Occasion::Production && is_full(&view, last) && !is_full(&view, at);
        let marked = |last: usize| draft.corrections.iter().any(|mark| (last..at).contains(mark));
        let corrected = last.filter(|&(last, _)| marked(last) || fuller(last));
        if place.is_none() || corrected.is_some() {
            *place = Some(day);
            if let Some((last, end)) = corrected {
                draft.reading.spans.retain(|span| span.field != field);
                draft.covered.retain(|range| *range != (view.tokens[last].start, end));
            }
            draft.span(field, token.start, end, json!(day.to_string()));
        }
    }
    let dated = draft.reading.requirement.available_by.is_some();
    if !dated && view.having(&[Tag::VagueDate]).any(|at| !view.frames[at].negated) {
        draft.ask("available_by", "unclear_date");
    }
}

/// Returns whether a word for full production is beside a date: 2031年达产.
fn is_full(view: &View<'_>, at: usize) -> bool {
    behind(view, at).take(2).chain(ahead(view, at).take(2)).any(|token| token.has(Tag::Full))
}

/// Returns whether a stretch of time counts from an event: 自交地之日起3个月内, 签约后半年内.
fn is_since(view: &View<'_>, at: usize, when: Period) -> bool {
    when.limit && CUES.since.has(view.text.before(view.tokens[at].start))
}

/// Returns whether something lasts from the date on: 自2027年2月1日起.
fn is_start(view: &View<'_>, at: usize) -> bool {
    let token = &view.tokens[at];
    CUES.from.has(view.text.before(token.start)) && CUES.onwards.has(view.text.at(token.end))
}

/// Returns what a date is about, its day, and the end of the words that tell it.
fn told(view: &View<'_>, at: usize, when: Period) -> Option<(Occasion, NaiveDate, usize)> {
    let token = &view.tokens[at];
    // 春节前后 is no limit.
    let blank = usize::from(view.text.at(token.end) == ' ');
    let word = token.end + blank;
    let follows = CUES.before.at(view.text, word).filter(|_| !CUES.around.starts(view.text, word));
    let follows = follows.map(|length| length + blank);
    let leads = |list: &WordList| ahead(view, at).take(3).any(|token| list.is(view.text, token.start, token.end));
    let (led, latest) = (leads(&CUES.lead), leads(&CUES.latest));
    let limit = follows.is_some() || led || latest;
    // 3月1日前交楼 有平面图的发我: behind the blank another thing is said.
    let glued = said(glued(view, at)).filter(|event| *event == Occasion::Available);
    let event = match paired(view, at)
        .or_else(|| labelled(view, at))
        .or_else(|| said(coloned(view, at)))
        .or(glued)
        .or_else(|| said(behind(view, at)))
        .or_else(|| said(ahead(view, at)))
        .or_else(|| said(asked(view, at)))
        .or_else(|| said(headed(view, at)))
    {
        Some(event) => event,
        None if is_labelled(view, at) || is_taken(view, at) => Occasion::Available,
        None if view.tokens[view.clause(at)].iter().take(OPENS).any(|token| token.has(Tag::Signing)) => Occasion::Other,
        None if limit || (when.limit || is_start(view, at)) && is_alone(view, at) => Occasion::Available,
        None => return None,
    };
    let works = event == Occasion::Available && is_of_works(view, at);
    let event = if works { Occasion::Start } else { event };
    let day = if follows.is_some() || led && !latest { when.before() } else { when.last };
    Some((event, day, token.end + follows.unwrap_or(0)))
}

/// The most tokens that open a clause: `please reply to the project team at rfi@example.com before 18 December`.
const OPENS: usize = 4;

/// Returns the event of the words that a blank parts from the date, both of them a piece of the line of their own:
/// `开工 2027年4月　　竣工 2028年6月`, `可入场时间 | 2027.3.20`.
fn labelled(view: &View<'_>, at: usize) -> Option<Occasion> {
    let apart = |at: usize| view.tokens[at].is_blank() || matches!(view.tokens[at].kind, TokenKind::Break('|'));
    let last = (0..at).rev().take(APART).find(|&at| !apart(at)).filter(|last| last + 1 < at)?;
    let inside = |at: &usize| !apart(*at) && !view.tokens[*at].ends_clause();
    let first = (0..=last).rev().take(LABEL + 1).take_while(inside).last().filter(|first| last - first < LABEL)?;
    let closes = view.tokens.get(at + 1).is_none_or(|token| token.is_blank() || token.ends_clause());
    said(view.tokens[first..=last].iter().filter(|_| closes))
}

/// The most tokens between such a word and its date.
const APART: usize = 4;

/// Returns the event of a date that answers one of several labels in their order: `开工/投产：2027年4月/2028年4月`.
fn paired(view: &View<'_>, at: usize) -> Option<Occasion> {
    let joint = |at: usize| matches!(view.tokens.get(at).map(|token| token.kind), Some(TokenKind::Break('/' | '、')));
    let date = |at: usize| matches!(view.tokens.get(at).map(|token| token.kind), Some(TokenKind::Date(_)));
    let steps = (0..PAIRED).take_while(|step| {
        let back = 2 * step;
        at > back + 1 && joint(at - back - 1) && date(at - back - 2)
    });
    let nth = steps.count();
    let behind = (0..PAIRED).take_while(|step| joint(at + 2 * step + 1) && date(at + 2 * step + 2)).count();
    let first = at - 2 * nth;
    let colon = view.tokens[..first].iter().rposition(|token| !token.is_blank())?;
    let marked = nth + behind > 0 && view.tokens[colon].other() == Some(':');
    // The labels, the last one first.
    let labels = |step: usize| colon.checked_sub(2 * step + 1);
    let all = (0..=nth + behind).all(|step| {
        let joined = step == 0 || labels(step).is_some_and(|label| joint(label + 1));
        joined && labels(step).is_some_and(|label| said(std::iter::once(&view.tokens[label])).is_some())
    });
    let label = labels(behind).filter(|_| marked && all)?;
    said(std::iter::once(&view.tokens[label]))
}

/// The most dates that answer labels beside each other.
const PAIRED: usize = 4;

/// Returns whether the date follows the time that building takes: `construction period 14 months, start May 2027`.
fn is_of_works(view: &View<'_>, at: usize) -> bool {
    let token = &view.tokens[at];
    let before = view.tokens[..at].iter().rev().take(WORKS).take_while(|other| other.sentence == token.sentence);
    let first = before.last().map_or(token.start, |first| first.start);
    let begins = ahead(view, at).any(|other| CUES.begins.is(view.text, other.start, other.end));
    begins && CUES.works.is_in(view.text, first, token.start)
}

/// The most tokens between that time and the date.
const WORKS: usize = 24;

/// Returns whether a field of a form that is called just 时间 holds the date: `时间：2027年4月`.
fn is_labelled(view: &View<'_>, at: usize) -> bool {
    let mut before = view.tokens[..at].iter().rev().filter(|token| !token.is_blank());
    let marked = before
        .next()
        .is_some_and(|token| token.other() == Some(':') || matches!(token.kind, TokenKind::Break('】' | ']' | ':')));
    // 意向 佛山高明 时间 2027年6月: blanks part the fields of a line.
    let last = view.tokens[..at].iter().rev().take_while(|token| !token.is_blank()).count();
    let bare = last == 0 && at > 1 && is_time_alone(view, at);
    if bare {
        return true;
    }
    let label: Vec<&Token> = before.take(LABEL).take_while(|token| !token.ends_clause()).collect();
    let range = label.last().zip(label.first()).map(|(first, last)| (first.start, last.end));
    let ends =
        |start, end| CUES.time_end.fit(view.text, start, end) && !CUES.time_of_other.is_in(view.text, start, end);
    marked && range.is_some_and(|(start, end)| CUES.time.is(view.text, start, end) || ends(start, end))
}

/// Returns whether the piece between two blanks before a token is such a label.
fn is_time_alone(view: &View<'_>, at: usize) -> bool {
    let mut piece = view.tokens[..at].iter().rev().skip_while(|token| token.is_blank());
    let word: Vec<&Token> =
        piece.by_ref().take(LABEL).take_while(|token| !(token.is_blank() || token.ends_clause())).collect();
    let range = word.last().zip(word.first()).map(|(first, last)| (first.start, last.end));
    range.is_some_and(|(start, end)| is_han(view.text.at(start)) && CUES.time.is(view.text, start, end))
}

/// The most tokens of such a label.
const LABEL: usize = 5;

/// Returns whether the site is taken on the date: a word right behind it ends the piece, `4月用`, `年底要`.
fn is_taken(view: &View<'_>, at: usize) -> bool {
    let end = view.tokens[at].end;
    let taken = CUES.taken.longest_at(view.text, end).map(|length| end + length);
    taken.is_some_and(|end| !view.text.at(end).is_alphanumeric())
}

/// Returns the tokens behind a date in its clause, up to the next date or the label of the next field: `拟投产：`.
fn behind<'v>(view: &'v View<'_>, at: usize) -> impl Iterator<Item = &'v Token> {
    let (clause, text) = (view.tokens[at].clause, view.text);
    let same = move |token: &&Token| {
        token.clause == clause
            && !matches!(token.kind, TokenKind::Date(_))
            && text.at(token.end) != ':'
            && !CUES.and.is(text, token.start, token.end)
    };
    view.tokens[at + 1..].iter().take(FAR).take_while(same).filter(|token| !token.is_blank()).take(BEHIND)
}

/// Returns the tokens behind a date in its clause, up to the first blank.
fn glued<'v>(view: &'v View<'_>, at: usize) -> impl Iterator<Item = &'v Token> {
    let clause = view.tokens[at].clause;
    let same =
        move |token: &&Token| token.clause == clause && !token.is_blank() && !matches!(token.kind, TokenKind::Date(_));
    view.tokens[at + 1..].iter().take(BEHIND).take_while(same)
}

/// Returns the tokens before a date in its clause, the nearest first, up to the date before.
fn ahead<'v>(view: &'v View<'_>, at: usize) -> impl Iterator<Item = &'v Token> {
    let clause = view.tokens[at].clause;
    let same = move |token: &&Token| token.clause == clause && !matches!(token.kind, TokenKind::Date(_));
    view.tokens[..at].iter().rev().take(FAR).take_while(same).filter(|token| !token.is_blank()).take(AHEAD)
}

/// Returns the tokens of the label whose colon is right before a date: `开工时间：2027年5月 完工时间：…`.
fn coloned<'v>(view: &'v View<'_>, at: usize) -> impl Iterator<Item = &'v Token> {
    let mark = view.tokens[..at].iter().rposition(|token| !token.is_blank());
    let mark = mark.filter(|&mark| view.tokens[mark].other() == Some(':'));
    mark.map(|mark| ahead(view, mark)).into_iter().flatten()
}

/// Returns the tokens of the question that the date answers: `什么时候要？明年3月`.
fn asked<'v>(view: &'v View<'_>, at: usize) -> impl Iterator<Item = &'v Token> {
    let mark = view.tokens[..at].iter().rposition(|token| !token.is_blank());
    let mark = mark.filter(|&mark| view.text.at(view.tokens[mark].start) == '?');
    mark.map(|mark| ahead(view, mark)).into_iter().flatten()
}

/// Returns the tokens of the label in brackets before a date: `【起租】2027/4/1`.
fn headed<'v>(view: &'v View<'_>, at: usize) -> impl Iterator<Item = &'v Token> {
    let mark = view.tokens[..at].iter().rposition(|token| !token.is_blank());
    let mark = mark.filter(|&mark| matches!(view.tokens[mark].kind, TokenKind::Break('】' | ']')));
    mark.map(|mark| ahead(view, mark)).into_iter().flatten()
}

/// Returns the event that words beside a date tell; the start of building and of production count before the rest, since
/// 竣工投产 is one event.
fn said<'v>(words: impl Iterator<Item = &'v Token>) -> Option<Occasion> {
    let event = |token: &Token| {
        // 26元/㎡/月封顶 签2年 3月前要用: the cap of a price is no roof.
        if token.has(Tag::AtMostAfter) {
            return None;
        }
        let kinds = [
            (Tag::Start, Occasion::Start),
            (Tag::Commission, Occasion::Production),
            (Tag::Produce, Occasion::Other),
            (Tag::Signing, Occasion::Other),
            (Tag::Avail, Occasion::Available),
        ];
        kinds.into_iter().find_map(|(tag, event)| token.has(tag).then_some(event))
    };
    let all: Vec<Occasion> = words.filter_map(event).collect();
    let first = all.iter().copied().find(|event| matches!(event, Occasion::Start | Occasion::Production));
    first.or_else(|| all.contains(&Occasion::Other).then_some(Occasion::Other)).or_else(|| all.first().copied())
}

/// Returns whether nothing beside a time limit tells of anything else: 三个月内, but not 5年内可购买.
fn is_alone(view: &View<'_>, at: usize) -> bool {
    behind(view, at).chain(ahead(view, at)).all(|token| {
        !token.names_any(&[Slot::TAX, Slot::OUTPUT, Slot::INVEST])
            && !token.any(&[Tag::Other, Tag::Full, Tag::Buy, Tag::Lease])
            && token.amount().is_none()
    })
}
