//! Texts and queries for Meilisearch, segmented here and spelled in letters that it neither segments nor corrects. Its own
//! segmentation of Chinese depends on the characters around a word, so that it finds fewer documents, and others, than the
//! embedded index.
//!
//! Each pair of adjacent Han characters becomes one word, so that a longer word is a phrase of its pairs in every context.

use std::collections::BTreeSet;

use crate::search::words::{Atom, Term, atoms, is_han};

/// The first of 32 consecutive Armenian letters, which no text of this field contains: Meilisearch keeps a word of them whole.
const FIRST_LETTER: u32 = 0x561;
/// Bits of a character per letter, and letters per character: Han characters are below 2^18.
const BITS: u32 = 5;
const LETTERS: u32 = 4;
/// Separator that no phrase crosses.
const BREAK: &str = ". ";

/// Spells one or two Han characters as a word.
fn word_of(characters: &str) -> String {
    let letter = |bits: u32| char::from_u32(FIRST_LETTER + bits).unwrap_or_default();
    let letters = |c: char| (0..LETTERS).map(move |at| letter(u32::from(c) >> (BITS * at) & ((1 << BITS) - 1)));
    characters.chars().flat_map(letters).collect()
}

/// The runs of adjacent atoms that are Han characters, or single other words.
fn runs<T>(atoms: &[T], text: impl Fn(&T) -> &str, follows: impl Fn(&T) -> bool) -> Vec<&[T]> {
    let is_one = |a: &T, b: &T| text(a).starts_with(is_han) && text(b).starts_with(is_han) && follows(b);
    atoms.chunk_by(is_one).collect()
}

/// Spells a run as its pairs; a single Han character is spelled alone, another word unchanged.
fn pairs(run: &[&str]) -> Vec<String> {
    match run {
        [one] if !one.starts_with(is_han) => vec![(*one).to_owned()],
        [one] => vec![word_of(one)],
        more => more.windows(2).map(|two| word_of(&two.concat())).collect(),
    }
}

/// Returns a text as the words that are searched.
pub(super) fn searched(text: &str) -> String {
    let atoms = atoms(text);
    let run = |run: &[Atom]| pairs(&run.iter().map(|atom| atom.text.as_str()).collect::<Vec<_>>()).join(" ");
    runs(&atoms, |atom| &atom.text, |atom| atom.follows).into_iter().map(run).collect::<Vec<_>>().join(BREAK)
}

/// Returns further words by which texts are found: their single Han characters, and the beginnings of their other words.
pub(super) fn beginnings(texts: [&str; 3]) -> String {
    let mut all = BTreeSet::new();
    for atom in texts.into_iter().flat_map(atoms) {
        if atom.text.starts_with(is_han) {
            all.insert(word_of(&atom.text));
        } else {
            all.extend(atom.text.char_indices().skip(1).map(|(end, _)| atom.text[..end].to_owned()));
        }
    }
    // Apart, so that Meilisearch keeps no distances between them: a fifth of its work.
    all.into_iter().collect::<Vec<_>>().join(BREAK)
}

/// Returns a query that demands each term, none as the beginning of a word.
pub(super) fn asked(terms: &[Term]) -> String {
    let quoted = |words: Vec<String>| format!("\"{}\"", words.join(" "));
    let term = |term: &Term| {
        let runs = runs(&term.0, String::as_str, |_| true);
        let run = |run: &[String]| quoted(pairs(&run.iter().map(String::as_str).collect::<Vec<_>>()));
        runs.into_iter().map(run).collect::<Vec<_>>()
    };
    terms.iter().flat_map(term).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words::terms;

    #[test]
    fn a_word_is_a_phrase_of_any_text_that_holds_it() {
        let text = searched("北仑区标准厂房,G331021 Warehouse");
        for word in ["北仑", "标准厂房", "准厂", "g331021", "warehouse"] {
            let phrase = asked(&terms(word));
            assert!(text.contains(phrase.trim_matches('"')), "{word}: {phrase} in {text}");
        }
        let apart = searched("标准 厂房");
        assert!(!apart.contains(asked(&terms("标准厂房")).trim_matches('"')), "{apart}");
    }

    #[test]
    fn a_character_and_the_beginning_of_a_word_are_words_of_their_own() {
        let all = beginnings(["酒厂", "Ware", ""]);
        let words: BTreeSet<&str> = all.split(BREAK).collect();
        assert_eq!(
            words,
            [word_of("厂"), word_of("酒")].iter().map(String::as_str).chain(["w", "wa", "war"]).collect()
        );
        assert_eq!(asked(&terms("酒")), format!("\"{}\"", word_of("酒")));
    }
}
