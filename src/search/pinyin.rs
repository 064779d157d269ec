//! Pinyin without tones (`config/data/pinyin.csv`): spelled names, their initials, and homophones.

use std::collections::HashMap;
use std::sync::LazyLock;

static READINGS: LazyLock<HashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
    let mut readings: HashMap<char, Vec<&'static str>> = HashMap::new();
    let rows = include_str!("../../config/data/pinyin.csv").lines().skip(1);
    let rows: Vec<Vec<&'static str>> = rows.map(|row| row.split(',').collect()).collect();
    // The usual reading of a character comes before its others.
    for column in [1, 2] {
        for row in &rows {
            for c in row.get(column).into_iter().flat_map(|cell| cell.chars()) {
                readings.entry(c).or_default().push(row[0]);
            }
        }
    }
    readings
});

/// Most spellings of one text: each character of several readings multiplies them.
pub(super) const MOST_SPELLINGS: usize = 32;

/// A text in Latin letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    /// All syllables: `ningbo`.
    pub(super) whole: String,
    /// The first letter of each syllable: `nb`.
    pub(super) initials: String,
}

impl Spelling {
    fn with(&self, syllable: &str) -> Self {
        Self { whole: [&self.whole, syllable].concat(), initials: [&self.initials, &syllable[..1]].concat() }
    }
}

/// Returns the syllables that a character is read as, the usual one first.
pub(super) fn readings(c: char) -> &'static [&'static str] {
    READINGS.get(&c).map_or(&[], Vec::as_slice)
}

/// Returns the spellings of a text, the usual one first; none where a character has no reading.
pub(super) fn spellings(text: &str) -> Vec<Spelling> {
    let mut all = vec![Spelling::default()];
    for c in text.chars() {
        let longer = |syllable: &&str| all.iter().map(|before| before.with(syllable)).collect::<Vec<_>>();
        all = readings(c).iter().flat_map(longer).take(MOST_SPELLINGS).collect();
    }
    all
}

/// Returns Latin letters as the table writes them: small, without marks and apostrophes, `v` for `ü` as `u`.
pub(super) fn letters(text: &str) -> String {
    let folded = text.chars().flat_map(char::to_lowercase);
    folded.filter(|c| c.is_alphabetic()).map(|c| if matches!(c, 'ü' | 'v') { 'u' } else { c }).collect()
}
