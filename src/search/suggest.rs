//! Completions of a word while it is typed.

use domain::region::DivisionCode;

use super::fold::Folded;
use super::pinyin::letters;
use super::vocabulary::{Denotes, Known, vocabulary};
use super::words::is_han;

/// Fewest Latin letters that are completed.
const LEAST_LETTERS: usize = 2;

/// A word that begins as what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    pub text: String,
    /// The division that it names.
    pub division: Option<DivisionCode>,
}

/// Returns words that begin with what was typed, in Chinese, pinyin, initials or English; `english` prefers English words.
#[must_use]
pub fn complete(typed: &str, english: bool, most: usize) -> Vec<Completion> {
    let typed = Folded::new(typed.trim()).text.to_lowercase();
    let latin = letters(&typed);
    let is_latin = !typed.contains(is_han);
    if typed.is_empty() || is_latin && latin.len() < LEAST_LETTERS {
        return Vec::new();
    }
    let mut found: Vec<(CompletionRank, Completion)> = Vec::new();
    for word in &vocabulary().words {
        if let Some(rank) = rank(word, &typed, is_latin.then_some(latin.as_str())) {
            let is_english = english && !word.english.is_empty();
            let text = if is_english { &word.english } else { &word.text };
            found.push((rank, Completion { text: text.clone(), division: word.division }));
        }
    }
    if english && is_latin {
        let begun = vocabulary().phrases.iter().filter(|phrase| phrase.starts_with(&typed));
        found.extend(begun.map(|phrase| (rank_of(phrase), Completion { text: phrase.clone(), division: None })));
        found.retain(|(_, it)| it.text.is_ascii());
    }
    found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.text.cmp(&y.text)));
    let mut chosen: Vec<Completion> = Vec::new();
    for (_, completion) in found {
        let is_known = chosen
            .iter()
            .any(|it| it.text == completion.text || it.division.is_some() && it.division == completion.division);
        if chosen.len() < most && !is_known {
            chosen.push(completion);
        }
    }
    chosen
}

/// Order of completions: whole initials first, then by what they denote, then short words.
type CompletionRank = (bool, Denotes, usize);

fn rank(word: &Known, typed: &str, latin: Option<&str>) -> Option<CompletionRank> {
    let is_whole = latin.is_some_and(|latin| word.spelling.initials == latin && word.division.is_some());
    let is_begun = match latin {
        Some(latin) => {
            let spelled = &word.spelling;
            is_whole
                || spelled.whole.starts_with(latin)
                || spelled.initials.starts_with(latin)
                || !word.english.is_empty() && word.english.to_lowercase().starts_with(typed)
        }
        None => word.text.starts_with(typed),
    };
    let length = word.text.chars().count();
    is_begun.then_some((!is_whole, word.denotes, length))
}

fn rank_of(phrase: &str) -> CompletionRank {
    (true, Denotes::Site, phrase.len())
}
