//! Several needs in one text: the parts of it that state one each. Words outside the parts hold for all.

use crate::reader::fields::site::possible;
use crate::reader::fields::view::View;
use crate::reader::letters::numerals::{digit, unit};
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::{CharSet, CharTable};
use crate::reader::letters::text::Text;
use crate::reader::meaning::fact::Fact;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::WordList;
use crate::reader::words::slot::Slot;

cues! {
    NeedCues in "needs.txt" {
        label: WordList,
        party: WordList,
        party_behind: WordList,
        ordinal: WordList,
        circled: CharTable,
        letter: CharTable,
        alike: WordList,
        joint: CharSet,
        behind: CharSet,
        both: WordList,
        all: CharSet,
        strong: CharSet,
        or: WordList,
        and: WordList,
        is: CharSet,
        parties: WordList,
    }
}

/// A part of the folded text.
pub(crate) type Part = (usize, usize);

/// The most needs of one text; further ones stay with the last.
const MOST: usize = 12;

/// Returns the parts of the text that state a need each, in order; none where there are fewer than two.
pub(crate) fn needs(view: &View<'_>) -> Vec<Part> {
    let areas: Vec<&Fact> = view.facts.iter().filter(|fact| is_area(view, fact)).take(MOST * 4).collect();
    let ways: [&dyn Fn() -> Vec<Part>; 4] =
        [&|| numbered(view, &areas), &|| rows(view, &areas), &|| added(view, &areas), &|| apart(view, &areas)];
    ways.into_iter().map(|way| way()).find(|parts| parts.len() > 1).unwrap_or_default()
}

/// Returns whether the needs are of several parties, so that nothing said of one holds for the others: 两个客户, 客户A.
pub(crate) fn are_of_parties(view: &View<'_>) -> bool {
    let text = view.text;
    let named = |&at: &usize| CUES.party.starts(text, at) && lettered(text, at).is_some();
    let lettered = (0..text.chars.len()).filter(|at| named(at) || party(text, *at).is_some());
    let alike = (0..text.chars.len()).filter(|&at| CUES.alike.starts(text, at));
    CUES.parties.is_in(text, 0, text.chars.len().min(OPENING))
        || lettered.take(2).count() > 1
        || alike.take(2).count() > 1
}

/// The most characters before the needs of several parties.
const OPENING: usize = 40;

/// Returns whether an amount is the area of a need, of the first or of a further one.
fn is_area(view: &View<'_>, fact: &Fact) -> bool {
    let frame = fact.frame;
    matches!(fact.slot, Some(Slot::LAND | Slot::FLOOR))
        && fact.token >= view.real_from
        && !(frame.existing || frame.past || frame.negated || frame.part || frame.phase_one || frame.phase_later)
}

/// Returns the indices of the tokens of a part.
fn range(view: &View<'_>, part: Part) -> std::ops::Range<usize> {
    let from = view.tokens.partition_point(|token| token.start < part.0);
    from..view.tokens.partition_point(|token| token.start < part.1).max(from)
}

fn has_area(view: &View<'_>, areas: &[&Fact], part: Part) -> bool {
    areas.iter().any(|fact| (part.0..part.1).contains(&view.tokens[fact.token].start))
}

/// Returns whether a part names a thing or a place with an area, or both of them.
fn is_need(view: &View<'_>, areas: &[&Fact], part: Part) -> bool {
    let any = |is: &dyn Fn(&Token) -> bool| range(view, part).any(|at| is(&view.tokens[at]));
    let thing = any(&|token| token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea]));
    let place =
        range(view, part).any(|at| matches!(view.tokens[at].kind, TokenKind::Place(_)) && !view.is_facility(at));
    let built = any(&|token| token.has(Tag::Build)) && !place;
    let existing = any(&|token| token.has(Tag::Existing));
    let phase = (existing || any(&|token| token.any(&[Tag::PhaseOne, Tag::PhaseLater]))) && !place;
    let area = has_area(view, areas, part);
    // 现址：荆州区，占地60亩 is no need.
    !built && !phase && (area && (thing || place) || thing && place && !existing)
}

/// Returns the needs of a numbered list: `1、… 2、…`, `①… ②…`, `第一，… 第二，…`, `需求一：…`.
fn numbered(view: &View<'_>, areas: &[&Fact]) -> Vec<Part> {
    let text = view.text;
    let mut marks: Vec<Mark> = (0..text.chars.len()).filter_map(|at| mark(text, at)).take(MOST * 8).collect();
    if marks.iter().filter(|mark| mark.style == ALIKE).count() > 1 {
        (1..).zip(marks.iter_mut().filter(|mark| mark.style == ALIKE)).for_each(|(count, mark)| mark.ordinal = count);
    }
    let Some(first) = marks.iter().position(|mark| mark.ordinal == 1) else { return Vec::new() };
    let mut items: Vec<usize> = Vec::new();
    for mark in marks[first..].iter().filter(|mark| mark.style == marks[first].style) {
        if mark.ordinal == items.len() + 1 && items.len() < MOST {
            items.push(mark.at);
        }
    }
    let lines = items.iter().skip(1).all(|&at| text.before(at) == '\n');
    let mut parts: Vec<Part> = items.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let blocks = lines && parts.iter().all(|&part| is_block(text, part));
    let end = |at: usize| if blocks { end_of_block(text, at) } else { end_of_last(view, areas, at, lines) };
    parts.extend(items.last().map(|&at| (at, end(at))));
    // 用地60亩，建设内容：1.厂房… 2.办公楼…: the list divides what is asked for outside of it.
    let outside = areas.iter().any(|fact| {
        let start = view.tokens[fact.token].start;
        !parts.iter().any(|part| (part.0..part.1).contains(&start))
    });
    let fields = are_fields(view, areas, &parts);
    parts.retain(|&part| is_need(view, areas, part));
    if outside || fields { Vec::new() } else { parts }
}

/// Returns whether an item is a block of several lines.
fn is_block(text: &Text, (start, end): Part) -> bool {
    let lines = text.chars[start..end].split(|&c| c == '\n').filter(|line| !line.is_empty());
    lines.take(2).count() > 1
}

/// Returns where a block that starts at a position ends: at an empty line, else with the text.
fn end_of_block(text: &Text, at: usize) -> usize {
    text.chars[at..].windows(2).position(|pair| pair == ['\n', '\n']).map_or(text.chars.len(), |length| at + length)
}

/// Returns whether the items of a list are the fields of one need: most have a label, one at most has an area.
fn are_fields(view: &View<'_>, areas: &[&Fact], parts: &[Part]) -> bool {
    const LEAST: usize = 4;
    const LABEL: usize = 20;
    let labelled = |part: &&Part| view.text.chars[part.0..part.1].iter().take(LABEL).any(|&c| c == ':');
    let labels = parts.iter().filter(labelled).count();
    parts.len() >= LEAST
        && labels * 4 >= parts.len() * 3
        && parts.iter().filter(|&&part| has_area(view, areas, part)).count() <= 1
}

/// Returns where the last need ends: its line, the sentence of its area, or what is said of all needs.
fn end_of_last(view: &View<'_>, areas: &[&Fact], at: usize, lines: bool) -> usize {
    let text = view.text;
    let area = areas.iter().map(|fact| view.tokens[fact.token].start).filter(|&start| start > at).min();
    let from = area.filter(|_| !lines).unwrap_or(at);
    let stop = |at: &usize| matches!(text.at(*at), '\n' | '。') && !(lines && text.at(*at) == '。');
    let end = (from..text.chars.len()).find(stop).unwrap_or(text.chars.len());
    said_of_all(view, from, end).unwrap_or(end)
}

/// Returns the start of a clause that is said of all needs: 均要求明年三月前交付.
fn said_of_all(view: &View<'_>, from: usize, end: usize) -> Option<usize> {
    let mut starts =
        view.tokens.windows(2).filter(|pair| pair[0].ends_clause() || pair[0].is_blank()).map(|pair| pair[1].start);
    starts.find(|&start| from < start && start < end && is_of_all(view, start))
}

/// Returns whether the clause that starts at a position is said of all needs: 均要求明年三月前交付, on a line of its own
/// 都能签五年; but 都江堰 is a place.
fn is_of_all(view: &View<'_>, start: usize) -> bool {
    let text = view.text;
    let place = || matches!(view.tokens.get(view.token_at(start)).map(|token| token.kind), Some(TokenKind::Place(_)));
    CUES.both.starts(text, start) || CUES.all.has(text.at(start)) && CUES.strong.has(text.before(start)) && !place()
}

/// The start of an item of a list.
struct Mark {
    at: usize,
    ordinal: usize,
    /// Marks of one list are written alike.
    style: u8,
}

/// Reads the mark of an item at a position, which must start a clause.
fn mark(text: &Text, at: usize) -> Option<Mark> {
    let before = text.before(at);
    let opens = at == 0 || CUES.strong.has(before) || matches!(before, ' ' | ',' | ':');
    let found = |ordinal: usize, style: u8| Some(Mark { at, ordinal, style });
    if (opens || CUES.joint.has(before))
        && let Some(ordinal) = lettered(text, at)
    {
        return found(ordinal, LETTERED);
    }
    opens.then_some(())?;
    if let Some(&(_, ordinal)) = CUES.circled.0.iter().find(|(c, _)| *c == text.at(at)) {
        return found(usize::try_from(ordinal).ok()?, 0);
    }
    if (CUES.strong.has(before) || matches!(before, ' ' | ',' | ':')) && CUES.alike.starts(text, at) {
        return found(0, ALIKE);
    }
    if let Some(length) = CUES.label.longest_at(text, at) {
        return small(text, at + length).and_then(|(ordinal, _)| found(ordinal, 1));
    }
    if let Some(length) = CUES.ordinal.longest_at(text, at) {
        return small(text, at + length).and_then(|(ordinal, _)| found(ordinal, 2));
    }
    let bracket = usize::from(text.at(at) == '(');
    let (ordinal, end) = small(text, at + bracket)?;
    // 一是… 二是….
    let said = CUES.is.has(text.at(end)) && !text.at(end - 1).is_ascii_digit();
    if bracket == 0 && said {
        return found(ordinal, SAID);
    }
    // 1，货架厂…；2，检测公司…: a comma only behind a number that opens a sentence.
    let comma = text.at(end) == ',' && (CUES.strong.has(before) || before == ':');
    let closes = if bracket > 0 { text.at(end) == ')' } else { CUES.behind.has(text.at(end)) || comma };
    // 1.5亩, 2,000平 and 2、3月 are figures.
    let figure = text.at(end + 1).is_ascii_digit() && matches!(text.at(end), '.' | ',');
    (closes && !figure).then_some(())?;
    found(ordinal, if text.at(end - 1).is_ascii_digit() { 3 } else { 4 } + 2 * u8::from(bracket > 0))
}

/// The style of needs that a sentence counts.
const SAID: u8 = 10;

/// The style of needs that start alike, which are counted.
const ALIKE: u8 = 9;

/// The style of needs that letters tell apart.
const LETTERED: u8 = 8;

/// Reads the letter behind the name of a need or of its party: 项目甲, 需求A, 客户B.
fn lettered(text: &Text, at: usize) -> Option<usize> {
    if let Some(ordinal) = party(text, at) {
        return Some(ordinal);
    }
    let letter = at + CUES.label.longest_at(text, at).or_else(|| CUES.party.longest_at(text, at))?;
    let &(_, ordinal) = CUES.letter.0.iter().find(|(c, _)| *c == text.at(letter))?;
    let latin = text.at(letter).is_ascii_alphabetic() && text.at(letter + 1).is_ascii_alphanumeric();
    usize::try_from(ordinal).ok().filter(|_| !latin)
}

/// Reads the letter before the word for a party: 甲公司.
fn party(text: &Text, at: usize) -> Option<usize> {
    let &(_, ordinal) = CUES.letter.0.iter().find(|(c, _)| *c == text.at(at))?;
    let alone = at == 0 || !text.before(at).is_alphanumeric();
    usize::try_from(ordinal).ok().filter(|_| alone && CUES.party_behind.starts(text, at + 1))
}

/// Reads an ordinal up to 99 in digits, or up to ten in Chinese.
fn small(text: &Text, at: usize) -> Option<(usize, usize)> {
    let run = (at..at + 3).take_while(|&at| text.at(at).is_ascii_digit()).count();
    if run > 0 && run < 3 {
        let digits = text.chars[at..at + run].iter().filter_map(|c| c.to_digit(10));
        return Some((digits.fold(0, |sum, digit| sum * 10 + digit as usize), at + run));
    }
    let value = digit(text.at(at)).or_else(|| unit(text.at(at)).filter(|&ten| ten == 10))?;
    usize::try_from(value).ok().map(|value| (value, at + 1))
}

/// Returns the needs of a table: each row with an area of its own, where at least two have a place or thing too.
fn rows(view: &View<'_>, areas: &[&Fact]) -> Vec<Part> {
    let text = view.text;
    let line = |at: usize| text.chars[..at].iter().rposition(|&c| c == '\n').map_or(0, |end| end + 1);
    let mut parts: Vec<Part> = Vec::new();
    let mut until = 0;
    for fact in areas {
        let at = view.tokens[fact.token].start;
        // Further areas of a line that was looked at: a text without line feeds is looked at once.
        if at < until {
            continue;
        }
        let start = line(at);
        let end = text.chars[at..].iter().position(|&c| c == '\n').map_or(text.chars.len(), |length| at + length);
        until = end;
        let cells = text.chars[start..end].iter().filter(|&&c| c == '|').count();
        if cells > 1 && parts.last().is_none_or(|last| last.0 < start) && parts.len() < MOST {
            parts.push((start, end));
        }
    }
    parts.retain(|&part| is_need(view, areas, part));
    parts
}

/// Returns a first need and the one that a word adds: `…，另外在宁波租2000平仓库`.
fn added(view: &View<'_>, areas: &[&Fact]) -> Vec<Part> {
    if areas.len() < 2 {
        return Vec::new();
    }
    let end = view.text.chars.len();
    let mut words = view.having(&[Tag::Second]).filter(|&at| at >= view.real_from).take(MOST * 4);
    let found = words.find_map(|at| {
        let start = view.tokens[at].start;
        let stop = end_of_last(view, areas, start, false);
        let parts = [(0, start), (start, stop.min(end))];
        let both = parts.iter().all(|&part| is_need(view, areas, part) && has_area(view, areas, part))
            && !is_office_beside(view, areas, parts);
        both.then(|| parts.to_vec())
    });
    found.unwrap_or_default()
}

/// Returns whether a second part only adds an office to larger rooms of another use: `仓库1.2万平，另需办公区150㎡`.
fn is_office_beside(view: &View<'_>, areas: &[&Fact], [first, second]: [Part; 2]) -> bool {
    let tokens = || range(view, second).map(|at| &view.tokens[at]);
    let placed = tokens().any(|token| matches!(token.kind, TokenKind::Place(_)));
    let mut things = tokens().filter(|token| token.any(&[Tag::Plot, Tag::Space, Tag::SpaceArea])).peekable();
    let office = things.peek().is_some() && things.all(|token| token.has(Tag::SpaceArea) && token.has(Tag::Office));
    let rooms = range(view, first).any(|at| view.tokens[at].any(&[Tag::Production, Tag::Warehouse, Tag::Research]));
    let area = |part: Part| {
        let inside = |fact: &&&Fact| (part.0..part.1).contains(&view.tokens[fact.token].start);
        areas.iter().find(inside).map(|fact| fact.high)
    };
    !placed && office && rooms && area(second) < area(first)
}

/// Returns needs that are told apart by their places: each has an area and a place of its own in its clauses.
fn apart(view: &View<'_>, areas: &[&Fact]) -> Vec<Part> {
    if areas.len() < 2 || view.tokens.iter().any(|token| CUES.or.is(view.text, token.start, token.end)) {
        return Vec::new();
    }
    let places = possible(view);
    if places.len() < 2 {
        return Vec::new();
    }
    let text = view.text;
    let full_stop = |at: usize| text.at(at) == '.' && text.at(at + 1) == ' ';
    let strong = |at: usize| CUES.strong.has(text.at(at)) || full_stop(at);
    // 2,000 sqm is one figure.
    let grouped = |at: usize| text.before(at).is_ascii_digit() && text.at(at + 1).is_ascii_digit();
    let comma = |at: usize| strong(at) || text.at(at) == ',' && !grouped(at);
    // 成都双流1万平、重庆巴南6000平; 3,000 sqm in Kunshan and 5,000 sqm in Wuhan.
    let joint = |at: usize| comma(at) || text.at(at) == '、' || CUES.and.starts(text, at);
    let ways: [&dyn Fn(usize) -> bool; 3] = [&strong, &comma, &joint];
    let cut = ways.into_iter().map(|stop| split(view, areas, &places, stop));
    cut.into_iter().find(|parts| parts.len() > 1).unwrap_or_default()
}

/// Cuts the text at the given stops; a piece with an area and a place starts a need, the pieces behind it belong to it.
fn split(view: &View<'_>, areas: &[&Fact], places: &[usize], stop: &dyn Fn(usize) -> bool) -> Vec<Part> {
    let text = view.text;
    let (mut parts, mut start) = (Vec::<Part>::new(), 0);
    let (mut areas, mut places) = (areas.iter().peekable(), places.iter().peekable());
    for end in (0..=text.chars.len()).filter(|&at| at == text.chars.len() || stop(at)) {
        let piece = (std::mem::replace(&mut start, end + 1), end);
        // Areas and places are in the order of the text, and so are the pieces.
        let (mut area, mut place) = (false, false);
        while let Some(fact) = areas.next_if(|fact| view.tokens[fact.token].start < piece.1) {
            area |= view.tokens[fact.token].start >= piece.0;
        }
        while let Some(&at) = places.next_if(|&&at| view.tokens[at].start < piece.1) {
            place |= view.tokens[at].start >= piece.0;
        }
        let open = !is_of_all(view, piece.0);
        let starts = area && place && parts.len() < MOST;
        match parts.last_mut() {
            Some(last) if !starts && open && last.1 + 1 == piece.0 => last.1 = piece.1,
            _ if starts => parts.push(piece),
            _ => {}
        }
    }
    parts
}
