//! Words by which people search: places, products and trades, kinds and uses, facilities, with their spellings.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Bound;
use std::sync::LazyLock;

use domain::facility::Facility;
use domain::region::{Division, DivisionCode, DivisionLevel, divisions};

use super::pinyin::{MOST_SPELLINGS, Spelling, letters, readings, spellings};
use super::words::is_han;

/// Denotation of a word; of several words with one spelling the first kind is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Denotes {
    /// Kind, use, terms.
    Site,
    Province,
    City,
    Facility,
    Trade,
    County,
}

/// A known word.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) text: String,
    pub(super) denotes: Denotes,
    pub(super) division: Option<DivisionCode>,
    pub(super) spelling: Spelling,
    /// The English name of a division.
    pub(super) english: String,
}

/// The known words and ways to find them.
#[derive(Default)]
pub(super) struct KnownWords {
    pub(super) words: Vec<Known>,
    by_text: HashSet<String>,
    /// In order, so that a spelling with which none begins is told at once.
    by_spelling: BTreeMap<String, usize>,
    by_initials: HashMap<String, Vec<usize>>,
    /// Words by their number of characters and their first, and by their number and last: two words of one length that differ in
    /// one character share one of the two.
    by_end: HashMap<(usize, char), Vec<usize>>,
    latin: HashSet<String>,
    /// English words as they are written, of kinds, uses, facilities and trades.
    pub(super) phrases: Vec<String>,
}

static VOCABULARY: LazyLock<KnownWords> = LazyLock::new(KnownWords::build);
static ENGLISH: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let rows = include_str!("../../config/data/divisions_en.csv").lines().skip(1);
    rows.filter_map(|row| row.split_once(',')).map(|(code, name)| (code, name.trim_matches('"'))).collect()
});

/// Kinds of division that people leave out, the longer ones first.
const DIVISION_ENDINGS: [&str; 13] =
    ["特别行政区", "自治区", "自治州", "自治县", "地区", "新区", "林区", "省", "市", "县", "区", "盟", "旗"];
/// Shortest word in characters that has a spelling of its own: a single syllable is most often something else.
const SHORTEST: usize = 2;

/// Returns the name of a division without its kind: `宁波` of `宁波市`.
pub(super) fn without_kind(name: &str) -> &str {
    DIVISION_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// The vocabulary.
pub(super) fn vocabulary() -> &'static KnownWords {
    &VOCABULARY
}

impl KnownWords {
    fn build() -> Self {
        let mut all = Self::default();
        for row in include_str!("../../config/data/search_words.csv").lines().skip(1) {
            let words = row.split_once(',').map_or("", |(_, words)| words);
            words.split_whitespace().for_each(|word| all.add(word, Denotes::Site));
        }
        for row in divisions().all() {
            all.add_division(row);
        }
        for row in Facility::all().map(Facility::row) {
            all.add(&row.zh, Denotes::Facility);
            row.words.iter().for_each(|word| all.add(word, Denotes::Facility));
        }
        let trades = include_str!("../../config/data/reader/trades.txt").lines().filter(|row| !row.starts_with('#'));
        for row in trades {
            let words = row.split_once(": ").map_or("", |(_, words)| words);
            words.split('|').for_each(|word| all.add(word.trim(), Denotes::Trade));
        }
        let tables =
            [include_str!("../../config/data/words_en.csv"), include_str!("../../config/data/industries_en.csv")];
        for text in tables.into_iter().flat_map(str::lines).filter_map(|row| row.split_once(',')) {
            all.add_latin(text.1);
        }
        all
    }

    fn add(&mut self, text: &str, denotes: Denotes) {
        if !text.chars().all(is_han) {
            self.phrases.extend(text.is_ascii().then(|| text.to_lowercase()));
            return self.add_latin(text);
        }
        let spelling = spellings(text).into_iter().next();
        self.push(Known {
            text: text.to_owned(),
            denotes,
            division: None,
            spelling: spelling.unwrap_or_default(),
            english: String::new(),
        });
    }

    fn add_latin(&mut self, text: &str) {
        let text = text.replace('\'', "");
        let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
        self.latin.extend(words.map(str::to_lowercase));
    }

    /// Adds the name of a division and the name that people say.
    fn add_division(&mut self, row: &Division) {
        let english = ENGLISH.get(row.code.to_string().as_str()).copied().unwrap_or_default();
        self.add_latin(english);
        let denotes = match row.level {
            DivisionLevel::Province => Denotes::Province,
            DivisionLevel::Prefecture => Denotes::City,
            DivisionLevel::County => Denotes::County,
        };
        let stem = Some(without_kind(&row.name)).filter(|stem| *stem != row.name);
        for text in stem.into_iter().chain([row.name.as_str()]).filter(|text| text.chars().count() >= SHORTEST) {
            let all = spellings(text);
            // The English name decides between readings: 重庆 is Chongqing.
            let first = letters(english.split(' ').next().unwrap_or_default());
            let is_said = |it: &&Spelling| it.whole.starts_with(&first) || first.starts_with(&it.whole);
            let said = all.iter().find(is_said).or(all.first());
            self.push(Known {
                text: text.to_owned(),
                denotes,
                division: Some(row.code),
                spelling: said.cloned().unwrap_or_default(),
                english: english.to_owned(),
            });
        }
    }

    fn push(&mut self, word: Known) {
        let (at, length) = (self.words.len(), word.text.chars().count());
        let ends: HashSet<char> = word.text.chars().next().into_iter().chain(word.text.chars().next_back()).collect();
        for end in ends {
            self.by_end.entry((length, end)).or_default().push(at);
        }
        if length >= SHORTEST {
            let held = self.by_spelling.entry(word.spelling.whole.clone()).or_insert(at);
            if self.words.get(*held).is_some_and(|other| word.denotes < other.denotes) {
                *held = at;
            }
            if word.division.is_some() {
                self.by_initials.entry(word.spelling.initials.clone()).or_default().push(at);
            }
        }
        self.by_text.insert(word.text.clone());
        self.words.push(word);
    }

    /// Whether a Chinese word is known.
    pub(super) fn has(&self, text: &str) -> bool {
        self.by_text.contains(text)
    }

    /// Whether a small Latin word is known, of English or of a code.
    pub(super) fn has_latin(&self, word: &str) -> bool {
        self.latin.contains(word)
    }

    /// Latin words.
    pub(super) fn latin(&self) -> impl Iterator<Item = &str> {
        self.latin.iter().map(String::as_str)
    }

    /// Returns the word of a spelling.
    pub(super) fn spelled(&self, whole: &str) -> Option<&Known> {
        self.by_spelling.get(whole).map(|at| &self.words[*at])
    }

    /// Returns the word that sounds as `text` may be read, the usual reading first.
    pub(super) fn sounding_like(&self, text: &[char]) -> Option<&Known> {
        let is_begun = |begun: &String| {
            let next = self.by_spelling.range::<str, _>((Bound::Included(begun.as_str()), Bound::Unbounded)).next();
            next.is_some_and(|(whole, _)| whole.starts_with(begun))
        };
        let mut all = vec![String::new()];
        for c in text {
            let longer = |syllable: &&str| {
                all.iter().map(|begun| [begun, *syllable].concat()).filter(is_begun).collect::<Vec<_>>()
            };
            all = readings(*c).iter().flat_map(longer).take(MOST_SPELLINGS).collect();
        }
        all.iter().find_map(|whole| self.spelled(whole))
    }

    /// Returns the words of one length that begin as `text` does or end as it does, in their order.
    pub(super) fn of_one_end(&self, text: &[char]) -> impl Iterator<Item = &Known> {
        let ends = [text.first(), text.last()].into_iter().flatten();
        let mut found: Vec<usize> =
            ends.filter_map(|end| self.by_end.get(&(text.len(), *end))).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| &self.words[at])
    }

    /// Returns the divisions of the highest level that have these initials, each once.
    pub(super) fn abbreviated(&self, initials: &str) -> Vec<&Known> {
        let all: Vec<&Known> =
            self.by_initials.get(initials).into_iter().flatten().map(|at| &self.words[*at]).collect();
        let Some(level) = all.iter().map(|word| word.denotes).min() else { return Vec::new() };
        let mut seen = HashSet::new();
        all.into_iter().filter(|word| word.denotes == level && seen.insert(word.division)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> impl Iterator<Item = &'static Known> {
        vocabulary().words.iter().filter(|word| (SHORTEST..=6).contains(&word.text.chars().count())).step_by(20)
    }

    #[test]
    fn a_word_is_found_by_its_sound_as_among_all_its_spellings() {
        for word in samples() {
            let text: Vec<char> = word.text.chars().collect();
            let of_all = spellings(&word.text).iter().find_map(|it| vocabulary().spelled(&it.whole));
            let found = vocabulary().sounding_like(&text);
            assert_eq!(found.map(|it| &it.text), of_all.map(|it| &it.text), "{}", word.text);
        }
    }

    #[test]
    fn a_word_with_another_first_or_last_character_is_among_those_of_one_end() {
        for word in samples() {
            let text: Vec<char> = word.text.chars().collect();
            for at in [0, text.len() - 1] {
                let mut slip = text.clone();
                slip[at] = '示';
                assert!(vocabulary().of_one_end(&slip).any(|it| it.text == word.text), "{}", word.text);
            }
        }
    }
}
