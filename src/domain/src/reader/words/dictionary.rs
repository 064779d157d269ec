//! All word lists in one dictionary, and what of them stands where in a text: each place is looked up once.

use std::sync::LazyLock;

use crate::reader::fields::trade::{self, Trade};
use crate::reader::letters::text::Text;
use crate::reader::tokens::contact::{self, Roles};
use crate::reader::words::gazetteer::{self, Name};
use crate::reader::words::lexicon::{self, Tags};
use crate::reader::words::trie::Trie;

/// What one word is in each of the word lists.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry {
    /// What it tells; nothing where the list of words does not have it.
    pub(crate) tags: Tags,
    /// Number in the gazetteer.
    pub(crate) place: Option<u32>,
    pub(crate) trade: Option<Trade>,
    /// What it says of a contact.
    pub(crate) roles: Roles,
}

/// The word lists; words are written in the one form of a text.
pub(crate) struct Dictionary {
    words: Trie<Entry>,
    pub(crate) names: Vec<Name>,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    let mut words = Trie::with_room(1 << 18);
    lexicon::add_to(&mut words);
    trade::add_to(&mut words);
    contact::add_to(&mut words);
    let names = gazetteer::add_to(&mut words);
    Dictionary { words, names }
});

/// The one dictionary.
pub(crate) fn dictionary() -> &'static Dictionary {
    &DICTIONARY
}

/// The longest words of each list at one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    start: u32,
    tags: Tags,
    place: u32,
    trade: Trade,
    /// How long the word, the name and the trade are; zero where there is none.
    lengths: [u8; 3],
}

impl Found {
    const NOTHING: Self = Self { start: 0, tags: Tags::NONE, place: 0, trade: Trade::UNKNOWN, lengths: [0; 3] };

    /// The longest word of the word list: its length and what it tells.
    pub(crate) fn word(&self) -> Option<(usize, Tags)> {
        Some((length(self.lengths[0])?, self.tags))
    }

    /// The longest name of a place: its length and its number in the gazetteer.
    pub(crate) fn place(&self) -> Option<(usize, u32)> {
        Some((length(self.lengths[1])?, self.place))
    }

    /// The longest word of a trade.
    pub(crate) fn trade(&self) -> Option<(usize, Trade)> {
        Some((length(self.lengths[2])?, self.trade))
    }

    /// Takes a word in; they come from the shortest to the longest.
    fn take(&mut self, length: usize, entry: &Entry) {
        let length = u8::try_from(length).unwrap_or(u8::MAX);
        if entry.tags != Tags::NONE {
            (self.tags, self.lengths[0]) = (entry.tags, length);
        }
        if let Some(place) = entry.place {
            (self.place, self.lengths[1]) = (place, length);
        }
        if let Some(trade) = entry.trade {
            (self.trade, self.lengths[2]) = (trade, length);
        }
    }
}

fn length(it: u8) -> Option<usize> {
    (it > 0).then_some(usize::from(it))
}

/// What the dictionary has at each place of a text.
pub(crate) struct Lookup {
    /// For each character one more than the number of what was found; zero for nothing.
    numbers: Vec<u32>,
    all: Vec<Found>,
    /// Where words stand that say something of a contact, each with its length.
    pub(crate) roles: Vec<(usize, usize, Roles)>,
}

impl Lookup {
    pub(crate) fn new(text: &Text) -> Self {
        let chars = &text.chars;
        let mut it = Self {
            numbers: vec![0; chars.len()],
            all: Vec::with_capacity(chars.len() / 2),
            roles: Vec::with_capacity(chars.len() / 8),
        };
        dictionary().words.all(chars, |at, length, entry| {
            if entry.roles != Roles::default() {
                it.roles.push((at, length, entry.roles));
            }
            if whole(chars, at, at + length) {
                it.found(at).take(length, entry);
            }
        });
        it
    }

    fn found(&mut self, at: usize) -> &mut Found {
        if self.numbers[at] == 0 {
            self.all.push(Found { start: u32::try_from(at).unwrap_or(u32::MAX), ..Found::NOTHING });
            self.numbers[at] = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        }
        &mut self.all[self.numbers[at] as usize - 1]
    }

    /// The longest whole word at a place that has the role.
    pub(crate) fn role(&self, text: &Text, at: usize, wanted: impl Fn(Roles) -> bool) -> Option<usize> {
        let from = self.roles.partition_point(|&(place, ..)| place < at);
        let here = self.roles[from..].iter().take_while(|&&(place, ..)| place == at);
        let fit = here.filter(|&&(_, length, roles)| wanted(roles) && whole(&text.chars, at, at + length));
        fit.last().map(|&(_, length, _)| length)
    }

    /// Every longest word of a trade: its place, its length, and what it is.
    pub(crate) fn trades(&self) -> impl Iterator<Item = (usize, usize, Trade)> {
        self.all.iter().filter_map(|found| {
            let (length, trade) = found.trade()?;
            Some((found.start as usize, length, trade))
        })
    }

    /// What starts at a place.
    pub(crate) fn at(&self, at: usize) -> &Found {
        let number = self.numbers.get(at).copied().unwrap_or(0);
        number.checked_sub(1).map_or(&Found::NOTHING, |number| &self.all[number as usize])
    }
}

/// Latin words stand between non-letters.
fn whole(text: &[char], start: usize, end: usize) -> bool {
    let letter = |at: usize| text.get(at).is_some_and(char::is_ascii_alphabetic);
    let goes_on_before = letter(start) && start > 0 && letter(start - 1);
    let goes_on_behind = letter(end - 1) && letter(end);
    !goes_on_before && !goes_on_behind
}
