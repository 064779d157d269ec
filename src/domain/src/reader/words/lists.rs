//! Lists of words that rules look for at a position of a text, before it, or in a name.

use crate::reader::letters::rules::{Cue, RuleLine, only, spelled};
use crate::reader::letters::text::Text;

/// Words in the order of the rule: the first that matches counts.
pub(crate) struct WordList {
    /// Bit `c % 64` of the first character of each word, which refuses most positions at once.
    filter: u64,
    words: Vec<Vec<char>>,
}

const fn bit(c: char) -> u64 {
    1 << (c as u32 % 64)
}

fn range(text: &Text, start: usize, end: usize) -> &[char] {
    text.chars.get(start..end).unwrap_or_default()
}

impl WordList {
    fn new(words: Vec<Vec<char>>) -> Self {
        Self { filter: words.iter().filter_map(|word| word.first()).fold(0, |filter, &c| filter | bit(c)), words }
    }

    /// Returns the length of the word that starts at a position.
    #[inline]
    pub(crate) fn at(&self, text: &Text, at: usize) -> Option<usize> {
        if self.filter & bit(text.at(at)) == 0 {
            return None;
        }
        let rest = text.chars.get(at..)?;
        self.words.iter().find(|word| rest.starts_with(word)).map(Vec::len)
    }

    /// Returns the length of the longest word that starts at a position, with no Latin letter beside a Latin word.
    pub(crate) fn longest_at(&self, text: &Text, at: usize) -> Option<usize> {
        if self.filter & bit(text.at(at)) == 0 {
            return None;
        }
        let rest = text.chars.get(at..)?;
        let letter = |at: usize| text.at(at).is_ascii_alphabetic();
        let whole = |length: usize| {
            !(letter(at) && letter(at.wrapping_sub(1)) && at > 0 || letter(at + length - 1) && letter(at + length))
        };
        self.words.iter().filter(|word| rest.starts_with(word) && whole(word.len())).map(Vec::len).max()
    }

    /// Returns the length of the first word that starts at a position and is followed by neither letter nor digit.
    pub(crate) fn whole_at(&self, text: &Text, at: usize) -> Option<usize> {
        let rest = text.chars.get(at..)?;
        let whole = |word: &&Vec<char>| rest.starts_with(word) && !text.at(at + word.len()).is_ascii_alphanumeric();
        self.words.iter().find(whole).map(Vec::len)
    }

    /// Returns whether a word starts at a position.
    #[inline]
    pub(crate) fn starts(&self, text: &Text, at: usize) -> bool {
        self.at(text, at).is_some()
    }

    /// Returns whether a range is one of the words.
    pub(crate) fn is(&self, text: &Text, start: usize, end: usize) -> bool {
        self.filter & bit(text.at(start)) != 0 && self.words.iter().any(|word| range(text, start, end) == &word[..])
    }

    /// Returns whether one of the words occurs in a range.
    pub(crate) fn is_in(&self, text: &Text, start: usize, end: usize) -> bool {
        let range = range(text, start, end);
        self.words.iter().any(|word| range.windows(word.len()).any(|window| window == &word[..]))
    }

    /// Returns whether a range starts with one of the words.
    pub(crate) fn leads(&self, text: &Text, start: usize, end: usize) -> bool {
        self.words.iter().any(|word| range(text, start, end).starts_with(word))
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
    values: Vec<[i32; N]>,
}

impl<const N: usize> WordTable<N> {
    /// Returns the length and the integers of the word that starts at a position.
    pub(crate) fn at(&self, text: &Text, at: usize) -> Option<(usize, [i32; N])> {
        if self.words.filter & bit(text.at(at)) == 0 {
            return None;
        }
        let rest = text.chars.get(at..)?;
        let index = self.words.words.iter().position(|word| rest.starts_with(word))?;
        Some((self.words.words[index].len(), self.values[index]))
    }
}

impl<const N: usize> Cue for WordTable<N> {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let (mut words, mut values) = (Vec::new(), Vec::new());
        for rule in rules {
            let numbers = rule.numbers()?;
            for word in rule.words()? {
                words.push(spelled(word));
                values.push(numbers);
            }
        }
        Ok(Self { words: WordList::new(words), values })
    }
}

/// Words that a range of a text may end in, sorted by their last characters.
pub(crate) struct Suffixes(Vec<(char, Vec<char>)>);

impl Suffixes {
    /// Returns whether a range ends in one of the words.
    pub(crate) fn fit(&self, text: &Text, start: usize, end: usize) -> bool {
        let last = text.before(end);
        let from = self.0.partition_point(|&(c, _)| c < last);
        let range = range(text, start, end);
        self.0[from..].iter().take_while(|&&(c, _)| c == last).any(|(_, word)| range.ends_with(word))
    }
}

impl Suffixes {
    /// Returns the length of the longest word that a range ends in, unless the word is all of it.
    pub(crate) fn longest_before(&self, text: &Text, start: usize, end: usize) -> Option<usize> {
        let range = range(text, start, end);
        let fit = self.0.iter().filter(|(_, word)| word.len() < range.len() && range.ends_with(word));
        fit.map(|(_, word)| word.len()).max()
    }
}

impl Cue for Suffixes {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let words = only(rules)?.words()?.map(spelled);
        let mut all: Vec<_> = words.filter_map(|word| Some((*word.last()?, word))).collect();
        all.sort_unstable();
        Ok(Self(all))
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
