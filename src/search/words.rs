//! Tokenization by charabia, Meilisearch's tokenizer, and highlighting, for the local indexes.
//!
//! Queries are segmented into words; texts are indexed as Han characters, one by one and in pairs, and whole other words, so that a
//! word is found inside any compound (北仑 in 北仑区) regardless of how the text would be segmented. The Chinese dictionary (50
//! MB) is therefore loaded lazily by the first query with three Han characters in a row, not by indexing.

use std::ops::Range;
use std::sync::LazyLock;

use charabia::normalizer::NormalizerOption;
use charabia::{Normalize as _, Script, Token, Tokenizer, TokenizerBuilder};

use super::fold::Folded;

/// Han character or word of another script, folded: half width, simplified, lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    pub(super) text: String,
    /// Byte range in the text.
    pub(super) at: Range<usize>,
    /// Whether it is adjacent to the previous atom.
    pub(super) follows: bool,
}

/// Query word: adjacent atoms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term(pub(super) Vec<String>);

/// Most words of a query that are used.
const MOST_TERMS: usize = 20;
/// Stop words: function words and words of wishing that no listing contains.
pub(super) const STOP_WORDS: &[&str] = &[
    "的", "了", "在", "和", "与", "及", "或", "是", "有", "我", "我们", "想", "要", "找", "请", "吗", "呢", "哪里",
    "什么", "个", "一个", "一块", "一处", "需要", "求", "求租", "附近", "大概", "希望", "打算", "想找", "想租", "想买",
    "a", "an", "and", "at", "for", "from", "in", "looking", "near", "need", "of", "on", "or", "the", "to", "we",
    "with",
];

static TOKENIZER: LazyLock<Tokenizer<'static>> = LazyLock::new(|| TokenizerBuilder::<Vec<u8>>::new().into_tokenizer());

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々' | '〇')
}

impl Term {
    /// Returns the prefix to match where the term is a single non-Han word.
    pub(super) fn prefix(&self) -> Option<&str> {
        match &self.0[..] {
            [word] if !word.starts_with(is_han) => Some(word),
            _ => None,
        }
    }
}

/// Splits into runs of Han characters (`true`) and others, with byte offsets.
fn runs(text: &str) -> Vec<(bool, Range<usize>)> {
    let mut runs: Vec<(bool, Range<usize>)> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some((han, run)) if *han == is_han(c) => run.end = end,
            _ => runs.push((is_han(c), at..end)),
        }
    }
    runs
}

/// charabia's word tokens, without separators.
fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    TOKENIZER.tokenize(text).filter(|token| !token.is_separator() && !token.lemma().trim().is_empty())
}

/// Han variants as charabia folds them.
fn folded_han(run: &str) -> String {
    let token = Token { lemma: run.into(), script: Script::Cj, ..Token::default() };
    let folds = NormalizerOption { lossy: true, ..NormalizerOption::default() };
    token.normalize(&folds).lemma().to_owned()
}

/// Splits a text into atoms.
pub(super) fn atoms(text: &str) -> Vec<Atom> {
    let folded = Folded::new(text);
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    for (han, run) in runs(&folded.text) {
        let original = &folded.text[run.clone()];
        if han {
            found.extend(pieces(&folded_han(original), original, &run));
            continue;
        }
        for token in tokens(original) {
            let at = run.start + token.byte_start..run.start + token.byte_end;
            found.extend(pieces(token.lemma(), folded.text.get(at.clone()).unwrap_or_default(), &at));
        }
    }
    let mut end = None;
    let atom = |(text, at): (String, Range<usize>)| {
        let follows = end.replace(at.end) == Some(at.start);
        Atom { text, at: folded.origin(&at), follows }
    };
    found.into_iter().map(atom).collect()
}

/// Splits a folded token into Han characters and other words, each with its byte range in the text.
fn pieces(lemma: &str, original: &str, at: &Range<usize>) -> Vec<(String, Range<usize>)> {
    let places: Vec<Range<usize>> =
        original.char_indices().map(|(start, c)| at.start + start..at.start + start + c.len_utf8()).collect();
    // Folding may change the number of characters (㎡ to m2); each piece then maps to the whole token.
    let in_step = places.len() == lemma.chars().count();
    let mut pieces: Vec<(String, Range<usize>)> = Vec::new();
    for (index, c) in lemma.chars().enumerate() {
        let place = if in_step { places[index].clone() } else { at.clone() };
        match pieces.last_mut() {
            Some((word, range)) if !is_han(c) && !word.starts_with(is_han) => {
                word.push(c);
                range.end = place.end;
            }
            _ => pieces.push((c.to_string(), place)),
        }
    }
    pieces
}

/// Longest Han run that counts as one word without the dictionary.
const SHORT_RUN: usize = 2;

/// Longer words of this field, the longest first: the dictionary splits 标准地 in two, and half of all listings contain 标准.
static KEPT_WHOLE: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let rows = include_str!("../../config/data/search_words.csv").lines().filter_map(|row| row.split_once(','));
    let is_kept = |word: &&str| word.chars().count() > SHORT_RUN && word.chars().all(is_han);
    let mut kept: Vec<&str> = rows.flat_map(|(_, words)| words.split(' ')).filter(is_kept).collect();
    kept.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    kept.dedup();
    kept
});

/// Returns the first place of a word that is kept whole, the longest one there.
fn kept_whole(run: &str) -> Option<Range<usize>> {
    let begins =
        |at: usize| KEPT_WHOLE.iter().find(|word| run[at..].starts_with(**word)).map(|word| at..at + word.len());
    run.char_indices().find_map(|(at, _)| begins(at))
}

/// Words of a query in order, as written and folded.
fn words(text: &str) -> Vec<(String, String)> {
    let mut words = Vec::new();
    for (han, run) in runs(text) {
        let mut rest = &text[run];
        while let Some(whole) = Some(rest).filter(|_| han).and_then(kept_whole) {
            words.extend(cut(han, &rest[..whole.start]));
            words.push((rest[whole.clone()].to_owned(), folded_han(&rest[whole.clone()])));
            rest = &rest[whole.end..];
        }
        words.extend(cut(han, rest));
    }
    words
}

/// Cuts a run by the dictionary.
fn cut(han: bool, run: &str) -> Vec<(String, String)> {
    if han && (1..=SHORT_RUN).contains(&run.chars().count()) {
        return vec![(run.to_owned(), folded_han(run))];
    }
    let token = |token: Token<'_>| (run[token.byte_start..token.byte_end].to_owned(), token.lemma().to_owned());
    tokens(run).map(token).collect()
}

pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

/// Whether a text has nothing but stop words.
pub(super) fn is_idle(text: &str) -> bool {
    words(&Folded::new(text).text).iter().all(|(written, word)| is_stop_word(written) || is_stop_word(word))
}

/// Terms of a query, stop words removed.
pub(super) fn terms(text: &str) -> Vec<Term> {
    let words = words(&Folded::new(text).text);
    let is_telling = |(written, word): &&(String, String)| !is_stop_word(written) && !is_stop_word(word);
    let telling: Vec<&(String, String)> = words.iter().filter(is_telling).collect();
    let chosen = if telling.is_empty() { words.iter().collect() } else { telling };
    let mut terms: Vec<Term> = Vec::new();
    for (_, word) in chosen.into_iter().take(MOST_TERMS) {
        let term = Term(pieces(word, "", &(0..0)).into_iter().map(|(text, _)| text).collect());
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

/// Occurrences of a term among atoms, as byte ranges.
fn places(atoms: &[Atom], term: &Term) -> Vec<Range<usize>> {
    if let Some(prefix) = term.prefix() {
        return atoms.iter().filter(|atom| atom.text.starts_with(prefix)).map(|atom| atom.at.clone()).collect();
    }
    let is_here = |window: &&[Atom]| {
        window.iter().zip(&term.0).all(|(atom, text)| atom.text == *text)
            && window.iter().skip(1).all(|atom| atom.follows)
    };
    let whole = |window: &[Atom]| window[0].at.start..window[window.len() - 1].at.end;
    atoms.windows(term.0.len()).filter(is_here).map(whole).collect()
}

/// Characters shown before the first match, and after it.
const BEFORE: usize = 20;
const AFTER: usize = 80;

/// Title with matches marked, or without a match in it the body snippet around the first match.
pub(super) fn highlight(title: &str, body: &str, terms: &[Term]) -> String {
    let in_title = marks(title, terms);
    if !in_title.is_empty() {
        return marked(title, &in_title);
    }
    let in_body = marks(body, terms);
    let Some(first) = in_body.first() else { return escaped(title) };
    let start = body[..first.start].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
    let end = body[first.end..].char_indices().nth(AFTER).map_or(body.len(), |(at, _)| first.end + at);
    let shown: Vec<Range<usize>> = in_body
        .into_iter()
        .filter(|mark| mark.start >= start && mark.end <= end)
        .map(|mark| mark.start - start..mark.end - start)
        .collect();
    let dots = |cut: bool| if cut { "…" } else { "" };
    format!("{}{}{}", dots(start > 0), marked(&body[start..end], &shown), dots(end < body.len()))
}

/// Merges overlapping and adjacent matches, in order.
fn marks(text: &str, terms: &[Term]) -> Vec<Range<usize>> {
    let atoms = atoms(text);
    let mut marks: Vec<Range<usize>> = terms.iter().flat_map(|term| places(&atoms, term)).collect();
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        match joined.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => joined.push(mark),
        }
    }
    joined
}

fn marked(text: &str, marks: &[Range<usize>]) -> String {
    let mut html = String::new();
    let mut end = 0;
    for mark in marks {
        html.push_str(&escaped(&text[end..mark.start]));
        html.push_str("<em>");
        html.push_str(&escaped(&text[mark.clone()]));
        html.push_str("</em>");
        end = mark.end;
    }
    html.push_str(&escaped(&text[end..]));
    html
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, c| {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
        html
    })
}
