//! Words of a query written another way: pinyin, initials of places, slips of the keyboard and homophones.

use std::ops::Range;

use serde::Serialize;
use strsim::osa_distance;

use super::fold::Folded;
use super::pinyin::letters;
use super::vocabulary::vocabulary;
use super::words::{is_han, is_stop_word};

/// A word of a query and what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rewording {
    pub from: String,
    pub to: String,
}

/// Fewest letters of pinyin and of a slip that are looked up: shorter words are most often a code.
const LEAST_LETTERS: usize = 4;
/// Fewest letters of a word in which two slips are understood, as Meilisearch has it.
const TWO_SLIPS: usize = 9;
/// Numbers of letters of initials.
const INITIALS: Range<usize> = 2..5;
/// Most divisions of one abbreviation; one of more says nothing.
const MOST_DIVISIONS: usize = 6;
/// Numbers of characters of a homophone or misspelt Chinese word, longest first.
const HAN_WINDOWS: [usize; 7] = [8, 7, 6, 5, 4, 3, 2];
/// Fewest characters of a Chinese word in which another character is understood.
const LEAST_HAN: usize = 3;

/// Replaces pinyin and initials of places by the Chinese words (`ningbo`, `nb`).
#[must_use]
pub fn spelled_out(text: &str) -> (String, Vec<Rewording>) {
    replaced(text, |chars, at| {
        Some((latin_word(chars, at)?, at.clone())).and_then(|(word, at)| Some((at, chinese(&word)?)))
    })
}

/// Replaces words that are not known by the known word next to them; `None` where there is none.
#[must_use]
pub fn corrected(text: &str) -> Option<(String, Vec<Rewording>)> {
    let (text, found) = replaced(text, |chars, at| match latin_word(chars, at) {
        Some(word) => Some((at.clone(), nearest(&word)?)),
        None if is_han(chars[at.start]) => homophone(chars, at).or_else(|| misspelt(chars, at)),
        None => None,
    });
    (!found.is_empty()).then_some((text, found))
}

/// Goes over the runs of letters and of Chinese characters of the folded text; `word` returns the part of a run to replace and its
/// replacement, after which the rest of the run is gone over.
fn replaced(
    text: &str,
    word: impl Fn(&[char], &Range<usize>) -> Option<(Range<usize>, String)>,
) -> (String, Vec<Rewording>) {
    let mut chars: Vec<char> = Folded::new(text).text.chars().collect();
    let mut found = Vec::new();
    let mut start = 0;
    while start < chars.len() {
        let end = start + chars[start..].iter().take_while(|c| sort(**c) == sort(chars[start])).count();
        let Some((at, to)) = word(&chars, &(start..end)) else {
            start = end;
            continue;
        };
        found.push(Rewording { from: chars[at.clone()].iter().collect(), to: to.clone() });
        start = at.start + to.chars().count();
        chars.splice(at, to.chars());
    }
    (chars.into_iter().collect(), found)
}

/// Sort of a character; a run has one sort.
fn sort(c: char) -> u8 {
    match c {
        c if is_han(c) => 1,
        c if c.is_ascii_alphabetic() => 2,
        _ => 0,
    }
}

/// Returns a run of letters in small ones, unless it is part of a code or follows a number.
fn latin_word(chars: &[char], at: &Range<usize>) -> Option<String> {
    let before = chars[..at.start].iter().rev();
    let joins = |c: &char| c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | '&' | '@' | '/');
    let follows_number = before.clone().find(|c| !c.is_whitespace()).is_some_and(|c| c.is_numeric());
    let is_joined = before.clone().next().is_some_and(joins) || chars.get(at.end).is_some_and(joins);
    let is_word = sort(chars[at.start]) == 2 && !follows_number && !is_joined;
    is_word.then(|| chars[at.clone()].iter().collect::<String>().to_lowercase())
}

/// Returns the Chinese word of a spelling or of initials.
fn chinese(word: &str) -> Option<String> {
    let known = vocabulary();
    if known.has_latin(word) || is_stop_word(word) {
        return None;
    }
    if word.len() >= LEAST_LETTERS
        && let Some(spelled) = known.spelled(&letters(word))
    {
        return Some(spelled.text.clone());
    }
    if !INITIALS.contains(&word.len()) {
        return None;
    }
    let places = known.abbreviated(word);
    (1..=MOST_DIVISIONS).contains(&places.len()).then(|| {
        let names: Vec<&str> = places.iter().map(|place| place.text.as_str()).collect();
        names.join("、")
    })
}

/// Returns the known Latin word nearest to an unknown one, or the Chinese word of the nearest spelling.
fn nearest(word: &str) -> Option<String> {
    let known = vocabulary();
    let slips = if word.len() >= TWO_SLIPS { 2 } else { 1 };
    if word.len() < LEAST_LETTERS || known.has_latin(word) || is_stop_word(word) {
        return None;
    }
    let set = letter_set(word);
    // Lengths and letters first: a distance takes the product of both lengths, and nearly all words are far.
    let is_near = |other: &str| {
        let letters = (letter_set(other) ^ set).count_ones() as usize;
        other.len().abs_diff(word.len()) <= slips && letters <= 2 * slips
    };
    let distance =
        |other: &str| is_near(other).then(|| osa_distance(word, other)).filter(|distance| *distance <= slips);
    // Of equal ones the first letter counts, which is seldom wrong, then the order of the alphabet.
    let rank =
        |other: &str| Some((distance(other)?, other.as_bytes().first() != word.as_bytes().first(), other.to_owned()));
    let english = known.latin().filter(|other| other.len() >= LEAST_LETTERS).filter_map(rank).min();
    let spelled = known.words.iter().filter(|it| it.spelling.whole.len() >= LEAST_LETTERS);
    let spelled = spelled.filter_map(|it| Some((distance(&it.spelling.whole)?, it.denotes, it.text.clone()))).min();
    match (english, spelled) {
        (Some((far, ..)), Some((near, _, text))) if near < far => Some(text),
        (Some((.., text)), _) => Some(text),
        (None, spelled) => spelled.map(|(.., text)| text),
    }
}

/// Returns one bit for each of the 26 letters of a word. A slip changes at most two: another letter takes the place of one.
fn letter_set(word: &str) -> u32 {
    let letters = word.bytes().filter(u8::is_ascii_lowercase);
    letters.fold(0, |set, letter| set | 1 << (letter - b'a'))
}

/// Returns a part of a Chinese run that sounds like a known word and is none.
fn homophone(chars: &[char], at: &Range<usize>) -> Option<(Range<usize>, String)> {
    windows(at).find_map(|window| {
        let text = &chars[window.clone()];
        if vocabulary().has(&text.iter().collect::<String>()) {
            return None;
        }
        let known = vocabulary().sounding_like(text)?;
        (known.text.chars().count() == window.len()).then(|| (window, known.text.clone()))
    })
}

/// Returns a part of a Chinese run that is a known word but for one character.
fn misspelt(chars: &[char], at: &Range<usize>) -> Option<(Range<usize>, String)> {
    let is_known = |window: &Range<usize>| vocabulary().has(&chars[window.clone()].iter().collect::<String>());
    windows(at).filter(|window| window.len() >= LEAST_HAN && !is_known(window)).find_map(|window| {
        let same =
            |word: &str| word.chars().zip(&chars[window.clone()]).filter(|(own, other)| own != *other).count() == 1;
        let near = vocabulary().of_one_end(&chars[window.clone()]).filter(|word| same(&word.text));
        let word = near.min_by_key(|word| word.denotes)?;
        Some((window, word.text.clone()))
    })
}

/// Parts of a run, the longest first.
fn windows(at: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let at = at.clone();
    HAN_WINDOWS.into_iter().flat_map(move |length| {
        let last = (at.end + 1).saturating_sub(length);
        (at.start..last.max(at.start)).map(move |start| start..start + length)
    })
}
