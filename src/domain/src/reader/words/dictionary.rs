//! The dictionary: all word lists in one trie, and the lookup that holds its hits at each position of a text.

use std::sync::LazyLock;

use crate::facility::Facility;
use crate::fold::simplify;
use crate::reader::letters::rules::loaded;
use crate::reader::letters::text::Text;
use crate::reader::words::facilities::{self, FacilityWord};
use crate::reader::words::gazetteer::{Gazetteer, Name};
use crate::reader::words::lexicon::{self, Tags};
use crate::reader::words::people::{self, Roles};
use crate::reader::words::trades::{self, Trade};
use crate::reader::words::trie::Trie;
use crate::region::{DivisionCode, divisions};

/// A word with its meaning in each of the word lists.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    /// Tags of the lexicon; none where it does not have the word.
    tags: Tags,
    /// Index in the gazetteer.
    place: Option<u32>,
    trade: Option<Trade>,
    /// Roles beside names of persons and enterprises.
    roles: Roles,
    /// Facility of a site, or a longer word that only contains its name.
    facility: Option<FacilityWord>,
}

/// All word lists; words are folded.
struct Dictionary {
    words: Trie<Entry>,
    names: Vec<Name>,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| loaded(Dictionary::new()));

impl Dictionary {
    fn new() -> Result<Self, String> {
        // It grows to what the words need and no further: every position of a text looks it up, so it should fit the cache.
        let mut words: Trie<Entry> = Trie::with_room(1 << 14);
        for (text, tags) in lexicon::words()? {
            let entry = words.entry(text);
            entry.tags = entry.tags.and(tags);
        }
        for (text, trade) in trades::words()? {
            words.entry(&simplify(&text)).trade = Some(trade);
        }
        for (text, role) in people::words() {
            let entry = words.entry(&simplify(text));
            entry.roles = entry.roles.with(role);
        }
        for (text, facility) in facilities::words()? {
            words.entry(&text).facility = Some(facility);
        }
        let gazetteer = Gazetteer::new()?;
        for (number, text) in (0..).zip(&gazetteer.texts) {
            words.entry(&simplify(text)).place = Some(number);
        }
        Ok(Self { words, names: gazetteer.names })
    }
}

/// Returns a name of the gazetteer by its index.
pub(crate) fn name(number: u32) -> &'static Name {
    &DICTIONARY.names[number as usize]
}

/// Returns whether a division of the first name is inside one of the second.
pub(crate) fn lies_in(inner: u32, outer: u32) -> bool {
    let inside =
        |&code: &DivisionCode| name(outer).codes.iter().any(|&outer| outer != code && divisions().covers(outer, code));
    name(inner).codes.iter().any(inside)
}

/// The longest word of each list at one position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    start: u32,
    tags: Tags,
    place: u32,
    trade: Trade,
    /// Lengths of the word, the name and the trade; 0 where there is none.
    lengths: [u8; 3],
}

impl Found {
    const NOTHING: Self = Self { start: 0, tags: Tags::NONE, place: 0, trade: Trade::UNKNOWN, lengths: [0; 3] };

    /// Returns the length and the tags of the longest word of the lexicon.
    pub(crate) fn word(&self) -> Option<(usize, Tags)> {
        Some((length(self.lengths[0])?, self.tags))
    }

    /// Returns the length of the longest name of a place, and its index in the gazetteer.
    pub(crate) fn place(&self) -> Option<(usize, u32)> {
        Some((length(self.lengths[1])?, self.place))
    }

    /// Returns the length of the longest word of a trade, and the trade.
    pub(crate) fn trade(&self) -> Option<(usize, Trade)> {
        Some((length(self.lengths[2])?, self.trade))
    }

    /// Adds a hit; hits arrive in ascending length.
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

/// Returns the length and the tags of the longest word of the lexicon at one position, where no other is asked for.
pub(crate) fn word_at(text: &Text, at: usize) -> Option<(usize, Tags)> {
    let mut found = Found::NOTHING;
    DICTIONARY.words.each(&text.chars, at, |length, entry| {
        if whole(&text.chars, at, at + length) {
            found.take(length, entry);
        }
    });
    found.word()
}

/// The dictionary's hits at each position of a text.
pub(crate) struct Lookup {
    /// For each character one more than its index in `all`; 0 where nothing was found.
    numbers: Vec<u32>,
    all: Vec<Found>,
    /// Words with roles beside names: position, length, roles.
    pub(crate) roles: Vec<(usize, usize, Roles)>,
    /// Words of what a site has, in ascending order of position and length.
    facilities: Vec<(usize, usize, FacilityWord)>,
}

impl Lookup {
    pub(crate) fn new(text: &Text) -> Self {
        let chars = &text.chars;
        let mut it = Self {
            numbers: vec![0; chars.len()],
            all: Vec::with_capacity(chars.len() / 2),
            roles: Vec::with_capacity(chars.len() / 8),
            facilities: Vec::new(),
        };
        DICTIONARY.words.all(chars, |at, length, entry| {
            if entry.roles != Roles::default() {
                it.roles.push((at, length, entry.roles));
            }
            if whole(chars, at, at + length) {
                it.facilities.extend(entry.facility.map(|facility| (at, length, facility)));
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

    /// Returns the length of the longest whole word at a position with the wanted roles.
    pub(crate) fn role(&self, text: &Text, at: usize, wanted: impl Fn(Roles) -> bool) -> Option<usize> {
        let from = self.roles.partition_point(|&(place, ..)| place < at);
        let here = self.roles[from..].iter().take_while(|&&(place, ..)| place == at);
        let fit = here.filter(|&&(_, length, roles)| wanted(roles) && whole(&text.chars, at, at + length));
        fit.last().map(|&(_, length, _)| length)
    }

    /// Returns the longest word of a trade at each position: position, length, trade.
    pub(crate) fn trades(&self) -> impl Iterator<Item = (usize, usize, Trade)> {
        self.all.iter().filter_map(|found| {
            let (length, trade) = found.trade()?;
            Some((found.start as usize, length, trade))
        })
    }

    /// Returns the facilities that the text names, the longest word at each place: position, length, facility.
    pub(crate) fn facilities(&self) -> Vec<(usize, usize, Facility)> {
        let (mut all, mut until) = (Vec::new(), 0);
        for (index, &(at, length, facility)) in self.facilities.iter().enumerate() {
            let longer = self.facilities.get(index + 1).is_some_and(|next| next.0 == at);
            if at < until || longer {
                continue;
            }
            until = at + length;
            all.extend(facility.map(|facility| (at, length, facility)));
        }
        all
    }

    /// Returns the hits at a position.
    pub(crate) fn at(&self, at: usize) -> &Found {
        let number = self.numbers.get(at).copied().unwrap_or(0);
        number.checked_sub(1).map_or(&Found::NOTHING, |number| &self.all[number as usize])
    }
}

/// Returns whether a word is whole: a Latin word is bounded by characters that are no letters, and its last digit by one that
/// is none, 项目2 but not 项目2027年.
fn whole(text: &[char], start: usize, end: usize) -> bool {
    let digit = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
    if digit(end) && end - start > 1 && digit(end - 1) {
        return false;
    }
    let letter = |at: usize| text.get(at).is_some_and(char::is_ascii_alphabetic);
    let goes_on_before = letter(start) && start > 0 && letter(start - 1);
    let goes_on_behind = letter(end - 1) && letter(end);
    !goes_on_before && !goes_on_behind
}

#[cfg(test)]
mod tests {
    use super::{Lookup, name};
    use crate::reader::letters::text::Text;
    use crate::reader::words::gazetteer::short_form;
    use crate::reader::words::lexicon::Tag;
    use crate::reader::words::slot::Slot;
    use crate::region::{DivisionLevel, divisions};

    fn codes(text: &str) -> Vec<String> {
        let (length, number) = Lookup::new(&Text::new(text)).at(0).place().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(length, text.chars().count(), "{text}");
        name(number).codes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_longest_word_wins_and_adds_up_its_lines() {
        let (length, tags) = Lookup::new(&Text::new("总投资1亿")).at(0).word().expect("a word");
        assert_eq!(length, 3);
        assert!(tags.names(Slot::INVEST) && tags.has(Tag::Total));
        let lookup = Lookup::new(&Text::new("farm far"));
        assert!(lookup.at(0).word().is_none());
        assert!(lookup.at(5).word().is_some_and(|(_, tags)| tags.names(Slot::RATIO)));
    }

    #[test]
    fn every_province_and_prefecture_is_known_by_its_name_and_its_short_form() {
        for row in divisions().all().iter().filter(|row| row.level != DivisionLevel::County) {
            let code = row.code.to_string();
            assert!(codes(&row.name).contains(&code), "{}", row.name);
            assert!(codes(short_form(&row.name)).contains(&code), "{}", row.name);
        }
    }

    #[test]
    fn zones_blocs_and_latin_spellings_are_known() {
        assert_eq!(codes("合肥经开区"), ["340104"]);
        assert_eq!(codes("苏州工业园区"), ["320506"]);
        assert_eq!(codes("吴江经开区"), ["320509"]);
        assert_eq!(codes("长三角").len(), 4);
        assert_eq!(codes("江浙沪").len(), 3);
        assert_eq!(codes("ningbo"), ["330200"]);
        assert_eq!(codes("xian")[..1], codes("xi'an")[..1]);
    }
}
