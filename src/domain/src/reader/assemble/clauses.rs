//! Clauses that no field took anything from: words are shown as unread no less than numbers.

use crate::reader::letters::character::is_han;
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::token::{Token, TokenKind};
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::lists::{Suffixes, WordList};

cues! {
    ClauseCues in "clauses.txt" {
        end: CharSet,
        courtesy: WordList,
        writer: WordList,
        heading: WordList,
        particle: CharSet,
        nothing: WordList,
        contact: Suffixes,
    }
}

/// Fewer letters than this say nothing.
const LEAST: usize = 2;

/// Returns the clauses without a part in `covered` that say something, as ranges of the folded text in ascending order.
/// `covered` is sorted and disjoint.
pub(crate) fn unread_clauses(text: &Text, tokens: &[Token], covered: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut label: Option<(usize, usize)> = None;
    let mut covered = covered.iter().peekable();
    for (start, end, colon) in clauses(text, tokens) {
        while covered.next_if(|range| range.1 <= start).is_some() {}
        let is_read = covered.peek().is_some_and(|range| range.0 < end);
        let from = label.take().map_or(start, |(from, _)| from);
        match () {
            () if is_read => {}
            // 危废：有 — the label and its value are shown together.
            () if colon => label = Some((start, end)),
            () if from < start => all.extend((!is_nothing(text, start, end)).then_some((from, end))),
            () => all.extend(says(text, start, end).then_some((start, end))),
        }
    }
    all.into_iter().map(|(start, end)| trimmed(text, start, end)).filter(|(start, end)| start < end).collect()
}

/// Returns the clauses with their ends and whether a colon follows.
fn clauses<'t>(text: &'t Text, tokens: &'t [Token]) -> impl Iterator<Item = (usize, usize, bool)> + 't {
    let mut start = 0;
    let ends = (0..=text.chars.len()).filter(move |&at| at == text.chars.len() || is_end(text, tokens, at));
    ends.filter_map(move |end| {
        let from = std::mem::replace(&mut start, end + 1);
        let colon = text.at(end) == ':' && !matches!(text.at(end + 1), '\n') && end + 1 < text.chars.len();
        (from < end).then_some((from, end, colon))
    })
}

/// Returns whether a clause ends at a character: a stop, or a blank between two words in Han characters.
fn is_end(text: &Text, tokens: &[Token], at: usize) -> bool {
    let c = text.at(at);
    // Nearly all characters are letters, and no letter ends a clause.
    if is_han(c) || c.is_ascii_alphanumeric() {
        return false;
    }
    let inside_number = || text.before(at).is_ascii_digit() && text.at(at + 1).is_ascii_digit();
    match c {
        '.' | ',' | ':' if inside_number() => false,
        '.' => !text.at(at + 1).is_ascii_alphanumeric(),
        // 来源：商会推荐 / 意向：买厂房: the slash between blanks parts the cells of a line.
        '/' => text.before(at) == ' ' && text.at(at + 1) == ' ',
        ' ' if !is_han(text.before(at)) => false,
        ' ' if is_before_contact(text, tokens, at) => !CUES.contact.fit(text, 0, at),
        ' ' => is_han(text.at(at + 1)) || text.at(at + 1).is_ascii_digit() && is_apart(text, tokens, at),
        _ => CUES.end.has(c),
    }
}

/// Returns whether a telephone number or another contact is behind a blank and a pictogram: `可贷款 ☎138…`.
fn is_before_contact(text: &Text, tokens: &[Token], at: usize) -> bool {
    let from = tokens.partition_point(|token| token.end <= at);
    let sign = |token: &&Token| token.is_blank() || !text.at(token.start).is_alphanumeric();
    let next = tokens[from..].iter().take(SIGNS).find(|token| !sign(token));
    next.is_some_and(|token| matches!(token.kind, TokenKind::Claimed))
}

/// The most tokens from a blank to the contact behind its pictogram.
const SIGNS: usize = 4;

/// Returns whether the stretch that ends at a blank has nothing to do with the figure behind it: no word of it is known, or
/// its last two characters are in none: `前后装卸区 15块以下`; or what is behind is a date, which it does not tell:
/// `必须能开票 3月1号前搬`.
fn is_apart(text: &Text, tokens: &[Token], end: usize) -> bool {
    let until = tokens.partition_point(|token| token.end <= end);
    let mut last = tokens[..until].iter().rev();
    let mut unknown = || last.next().is_some_and(|token| token.other().is_some_and(is_han));
    let dated = || {
        let date = tokens[until..].iter().find(|token| !token.is_blank());
        date.is_some_and(|token| matches!(token.kind, TokenKind::Date(_)))
            && tokens[..until].last().is_some_and(|token| token.tags != Tags::NONE && !token.tags.meets(TELLS_DATE))
    };
    unknown() && unknown() || dated() || is_unknown(text, tokens, end)
}

/// Tags of words that tell what a date behind them is about.
const TELLS_DATE: Tags = Tags::of(&[
    Tag::Avail,
    Tag::Start,
    Tag::Commission,
    Tag::Produce,
    Tag::Signing,
    Tag::Approx,
    Tag::AtMost,
    Tag::AtLeast,
]);

/// Returns whether no word of the stretch that ends at a blank is known, so that it names no figure behind the blank:
/// `有牛腿 10吨吊车`, but not `面积 3000`.
fn is_unknown(text: &Text, tokens: &[Token], end: usize) -> bool {
    let until = tokens.partition_point(|token| token.end <= end);
    let stretch = tokens[..until].iter().rev().take_while(|token| is_han(text.at(token.start)));
    let (mut all, mut count) = (true, 0);
    for token in stretch.take(LONGEST) {
        let plain = matches!(token.kind, TokenKind::Other(_) | TokenKind::Trade);
        all &= plain || token.tags.meets(SAYS_NOTHING);
        count += 1;
    }
    all && (LEAST..LONGEST).contains(&count)
}

/// The most tokens of a stretch between blanks.
const LONGEST: usize = 8;
/// Tags of words that name nothing.
const SAYS_NOTHING: Tags = Tags::of(&[Tag::Filler, Tag::Stop]);

/// Returns whether a clause says something: two letters are left of it without courtesies, headings and the writer.
fn says(text: &Text, start: usize, end: usize) -> bool {
    let (mut at, mut letters) = (start, 0);
    while at < end && letters < LEAST {
        // No word of the lists starts with a figure or a sign.
        if !is_letter(text.at(at)) {
            at += 1;
            continue;
        }
        let lists = [&CUES.courtesy, &CUES.writer, &CUES.heading];
        let passed = lists.into_iter().filter_map(|list| list.longest_at(text, at)).max();
        if let Some(length) = passed.filter(|length| at + length <= end) {
            at += length;
            continue;
        }
        letters += usize::from(!CUES.particle.has(text.at(at)));
        at += 1;
    }
    letters >= LEAST
}

/// Returns whether a character is a letter; nearly all are Han, which needs no look at the tables of Unicode.
fn is_letter(c: char) -> bool {
    is_han(c) || c.is_alphabetic()
}

/// Returns whether the value behind a label states nothing: 无, /, an empty cell.
fn is_nothing(text: &Text, start: usize, end: usize) -> bool {
    let (start, end) = trimmed(text, start, end);
    start == end || CUES.nothing.is(text, start, end) || !text.chars[start..end].iter().any(|c| c.is_alphanumeric())
}

/// Cuts off what is neither a letter nor a figure at both ends.
fn trimmed(text: &Text, mut start: usize, mut end: usize) -> (usize, usize) {
    while start < end && !(is_letter(text.at(start)) || text.at(start).is_numeric()) {
        start += 1;
    }
    while start < end && matches!(text.before(end), ' ' | '|' | '-') {
        end -= 1;
    }
    (start, end)
}
