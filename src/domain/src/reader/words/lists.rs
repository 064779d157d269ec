//! Lists of words that rules look for at a position of a text, before it, or in a name.

use crate::reader::letters::rules::{Cue, RuleLine, only, spelled};
use crate::reader::letters::text::Text;

/// Words in the order of the rule: the first that matches counts.
pub(crate) struct WordList {
    /// One bit for each first character, which refuses nearly all positions at once.
    filter: [u64; FILTER],
    /// First characters in ascending order, each with the end of its words.
    firsts: Vec<(char, usize)>,
    /// Words of the same first character together, in the order of the rule.
    words: Vec<Vec<char>>,
}

/// Machine words of a filter.
const FILTER: usize = 8;

/// The machine word and the bit of a character in a filter.
const fn bit(c: char) -> (usize, u64) {
    (c as usize / 64 % FILTER, 1 << (c as u32 % 64))
}

fn range(text: &Text, start: usize, end: usize) -> &[char] {
    text.chars.get(start..end).unwrap_or_default()
}

/// Returns whether characters start with a word; a call of `memcmp`, as `starts_with` makes it, costs more than the few
/// characters of a word.
#[inline]
fn leads(chars: &[char], word: &[char]) -> bool {
    chars.len() >= word.len() && chars.iter().zip(word).all(|(c, other)| c == other)
}

impl WordList {
    fn new(mut words: Vec<Vec<char>>) -> Self {
        words.sort_by_key(|word| word.first().copied());
        let mut it = Self { filter: [0; FILTER], firsts: Vec::new(), words };
        for (at, word) in it.words.iter().enumerate() {
            let Some(&first) = word.first() else { continue };
            let (place, bit) = bit(first);
            it.filter[place] |= bit;
            match it.firsts.last_mut() {
                Some(last) if last.0 == first => last.1 = at + 1,
                _ => it.firsts.push((first, at + 1)),
            }
        }
        it
    }

    /// Returns the range of the words that start with a character.
    #[inline]
    fn of(&self, first: char) -> std::ops::Range<usize> {
        let (place, bit) = bit(first);
        if self.filter[place] & bit == 0 { 0..0 } else { self.found(first) }
    }

    fn found(&self, first: char) -> std::ops::Range<usize> {
        let Ok(at) = self.firsts.binary_search_by_key(&first, |&(c, _)| c) else { return 0..0 };
        at.checked_sub(1).map_or(0, |before| self.firsts[before].1)..self.firsts[at].1
    }

    /// Returns the words that the characters from a position on start with.
    #[inline]
    fn here<'t>(&'t self, rest: &'t [char]) -> impl Iterator<Item = &'t Vec<char>> {
        let words = rest.first().map_or(0..0, |&first| self.of(first));
        self.words[words].iter().filter(|word| leads(rest, word))
    }

    /// Returns the length of the word that starts at a position.
    #[inline]
    pub(crate) fn at(&self, text: &Text, at: usize) -> Option<usize> {
        self.here(text.chars.get(at..)?).next().map(Vec::len)
    }

    /// Returns the length of the longest word that starts at a position, with no Latin letter beside a Latin word.
    #[inline]
    pub(crate) fn longest_at(&self, text: &Text, at: usize) -> Option<usize> {
        let letter = |at: usize| text.at(at).is_ascii_alphabetic();
        let whole = |length: usize| {
            !(letter(at) && letter(at.wrapping_sub(1)) && at > 0 || letter(at + length - 1) && letter(at + length))
        };
        self.here(text.chars.get(at..)?).map(Vec::len).filter(|&length| whole(length)).max()
    }

    /// Returns the length of the first word that starts at a position and is followed by neither letter nor digit.
    pub(crate) fn whole_at(&self, text: &Text, at: usize) -> Option<usize> {
        let whole = |length: &usize| !text.at(at + length).is_ascii_alphanumeric();
        self.here(text.chars.get(at..)?).map(Vec::len).find(whole)
    }

    /// Returns whether a word starts at a position.
    #[inline]
    pub(crate) fn starts(&self, text: &Text, at: usize) -> bool {
        self.at(text, at).is_some()
    }

    /// Returns whether a range is one of the words.
    #[inline]
    pub(crate) fn is(&self, text: &Text, start: usize, end: usize) -> bool {
        let range = range(text, start, end);
        self.here(range).any(|word| word.len() == range.len())
    }

    /// Returns whether one of the words occurs in a range.
    pub(crate) fn is_in(&self, text: &Text, start: usize, end: usize) -> bool {
        let range = range(text, start, end);
        (0..range.len()).any(|at| self.here(&range[at..]).next().is_some())
    }

    /// Returns whether a range starts with one of the words.
    pub(crate) fn leads(&self, text: &Text, start: usize, end: usize) -> bool {
        self.here(range(text, start, end)).next().is_some()
    }
}

impl Cue for WordList {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        Ok(Self::new(only(rules)?.words()?.map(spelled).collect()))
    }
}

/// Words with `N` integers each, in the order of the rules: `name 1 2: word|word`. The first that matches counts.
pub(crate) struct WordTable<const N: usize> {
    words: WordList,
    /// The integers of each word, in the order of the list.
    values: Vec<[i32; N]>,
}

impl<const N: usize> WordTable<N> {
    /// Returns the length and the integers of the word that starts at a position.
    #[inline]
    pub(crate) fn at(&self, text: &Text, at: usize) -> Option<(usize, [i32; N])> {
        let rest = text.chars.get(at..)?;
        let index = self.words.of(*rest.first()?).find(|&index| leads(rest, &self.words.words[index]))?;
        Some((self.words.words[index].len(), self.values[index]))
    }
}

impl<const N: usize> Cue for WordTable<N> {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let mut all: Vec<(Vec<char>, [i32; N])> = Vec::new();
        for rule in rules {
            let numbers = rule.numbers()?;
            all.extend(rule.words()?.map(|word| (spelled(word), numbers)));
        }
        // As the list sorts its words, so that both stay in step.
        all.sort_by_key(|(word, _)| word.first().copied());
        let (words, values) = all.into_iter().unzip();
        Ok(Self { words: WordList::new(words), values })
    }
}

/// Words that a range of a text may end in.
pub(crate) struct Suffixes {
    /// One bit for each last character, which refuses nearly all positions at once.
    filter: [u64; FILTER],
    /// The words with their last characters, sorted by these.
    words: Vec<(char, Vec<char>)>,
}

impl Suffixes {
    /// Returns the words that end in a character.
    #[inline]
    fn ending(&self, last: char) -> impl Iterator<Item = &Vec<char>> {
        let (place, bit) = bit(last);
        let known = self.filter[place] & bit != 0;
        let from = if known { self.words.partition_point(|&(c, _)| c < last) } else { self.words.len() };
        self.words[from..].iter().take_while(move |&&(c, _)| c == last).map(|(_, word)| word)
    }

    /// Returns whether a range ends in one of the words.
    pub(crate) fn fit(&self, text: &Text, start: usize, end: usize) -> bool {
        let range = range(text, start, end);
        self.ending(text.before(end)).any(|word| range.ends_with(word))
    }

    /// Returns the length of the longest word that a range ends in, unless the word is all of it.
    pub(crate) fn longest_before(&self, text: &Text, start: usize, end: usize) -> Option<usize> {
        let range = range(text, start, end);
        let fits = |word: &&Vec<char>| word.len() < range.len() && range.ends_with(word);
        self.ending(text.before(end)).filter(fits).map(Vec::len).max()
    }
}

impl Cue for Suffixes {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let words = only(rules)?.words()?.map(spelled);
        let mut words: Vec<_> = words.filter_map(|word| Some((*word.last()?, word))).collect();
        words.sort_unstable();
        let mut filter = [0; FILTER];
        for &(last, _) in &words {
            let (place, bit) = bit(last);
            filter[place] |= bit;
        }
        Ok(Self { filter, words })
    }
}

/// Terms in the order of the rule, to be compared with names of tables.
pub(crate) struct Terms(pub(crate) Vec<&'static str>);

impl Terms {
    /// Returns the name without the first of the terms that it ends in.
    pub(crate) fn strip_suffix<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.0.iter().find_map(|term| name.strip_suffix(term))
    }

    /// Returns whether a name contains one of the terms.
    pub(crate) fn are_in(&self, name: &str) -> bool {
        self.0.iter().any(|term| name.contains(term))
    }
}

impl Cue for Terms {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        Ok(Self(only(rules)?.words()?.collect()))
    }
}

/// Keys with lists of terms, in the order of the rules: `name key: term|term`.
pub(crate) struct TermTable(pub(crate) Vec<(&'static str, Vec<&'static str>)>);

impl TermTable {
    /// Returns the first term of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&'static str> {
        self.0.iter().find(|(known, _)| *known == key).and_then(|(_, terms)| terms.first().copied())
    }
}

impl Cue for TermTable {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let entry = |rule: &RuleLine| {
            let (_, key) = rule.head().split_once(' ').ok_or_else(|| rule.error("expected a key"))?;
            Ok((key, rule.words()?.collect()))
        };
        rules.iter().map(entry).collect::<Result<_, _>>().map(Self)
    }
}
