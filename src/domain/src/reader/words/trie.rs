//! A trie over characters: one walk finds all words that start at a position of a text.

/// A map from words to values.
///
/// Every position of a text is looked up, so the layout aims at few cache misses: the first two characters are one key of
/// a hash table, and only the rest is a linked trie.
pub(crate) struct Trie<V> {
    /// For each first character a Bloom filter of the second ones ([`mark`]), and [`ALONE`].
    starts: Vec<u64>,
    /// The first two characters of words: a hash table with open addressing, at most half full.
    pairs: Vec<PairSlot>,
    used: usize,
    /// All further characters; index 0 is a sentinel.
    nodes: Vec<Node>,
    values: Vec<V>,
}

/// The first two characters of words; all zeros in a free slot of the table.
#[derive(Clone, Copy, Default)]
struct PairSlot {
    key: u64,
    /// The first node of the third characters.
    child: u32,
    end: End,
}

/// A character from the third on.
#[derive(Clone, Copy)]
struct Node {
    c: char,
    end: End,
    /// The first node of the next characters.
    child: u32,
    /// The next alternative at the same position.
    sibling: u32,
}

/// One more than the index of a word's value; 0 where no word ends.
type End = u32;

/// Characters below this, which include all common Han characters, have an entry in [`Trie::starts`].
const STARTS: usize = 0xa000;

/// The filter bit of first characters that are words by themselves.
const ALONE: u64 = 1 << 63;

/// The second half of the key of a word of one character; no code point is as large.
const NOTHING: u32 = 0x1f_ffff;

/// The second half of a key past the end of the text, which no word has.
const NOTHING_BEHIND: u32 = NOTHING - 1;

/// The hash key of a pair.
const fn key(first: char, second: u32) -> u64 {
    (first as u64) << 32 | second as u64
}

/// The filter bit of a second character, one of 63.
const fn mark(c: char) -> u64 {
    let place = c as u32 % 64;
    1 << if place == 63 { 62 } else { place }
}

impl<V> Trie<V> {
    /// Creates an empty trie whose hash table holds `pairs / 2` pairs before it grows.
    pub(crate) fn with_room(pairs: usize) -> Self {
        let nowhere = Node { c: '\0', end: 0, child: 0, sibling: 0 };
        Self {
            starts: vec![0; STARTS],
            pairs: vec![PairSlot::default(); pairs.next_power_of_two()],
            used: 0,
            nodes: vec![nowhere],
            values: Vec::new(),
        }
    }

    /// The preferred slot of a key.
    fn home(&self, key: u64) -> usize {
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & (self.pairs.len() - 1)
    }

    /// The slot of a key, or the free slot for it.
    fn slot(&self, key: u64) -> usize {
        let mut at = self.home(key);
        while self.pairs[at].key != 0 && self.pairs[at].key != key {
            at = (at + 1) & (self.pairs.len() - 1);
        }
        at
    }

    /// Returns the pair of two characters; all zeros where no word starts with them.
    fn pair(&self, first: char, second: u32) -> PairSlot {
        self.pairs[self.slot(key(first, second))]
    }

    /// Returns the node of a character among a node and its siblings.
    fn sibling(&self, mut at: u32, c: char) -> Option<&Node> {
        while at > 0 {
            let node = &self.nodes[at as usize];
            if node.c == c {
                return Some(node);
            }
            at = node.sibling;
        }
        None
    }

    fn value(&self, end: End) -> Option<&V> {
        end.checked_sub(1).map(|number| &self.values[number as usize])
    }

    /// Returns the value of a word.
    #[cfg(test)]
    fn get(&self, word: &str) -> Option<&V> {
        let mut chars = word.chars();
        let pair = self.pair(chars.next()?, chars.next().map_or(NOTHING, u32::from));
        let ends = |(_, child): (End, u32), c: char| self.sibling(child, c).map(|node| (node.end, node.child));
        self.value(chars.try_fold((pair.end, pair.child), ends)?.0)
    }

    /// Calls `found` with the length and the value of every word that starts at a position, shortest first.
    #[inline]
    pub(crate) fn each(&self, text: &[char], at: usize, mut found: impl FnMut(usize, &V)) {
        let Some(&first) = text.get(at) else { return };
        let second = text.get(at + 1).copied();
        self.alone(first, &mut found);
        if let Some(second) = second
            && self.marks(first) & mark(second) != 0
        {
            self.walk(self.pair(first, second.into()), &text[at + 2..], found);
        }
    }

    /// Calls `found` with the position, the length and the value of every word in `text`, in the order of positions.
    ///
    /// Equivalent to [`Trie::each`] at every position, but looks up a block of positions in one pass, so that their
    /// cache misses overlap instead of following one another.
    pub(crate) fn all(&self, text: &[char], mut found: impl FnMut(usize, usize, &V)) {
        /// Two arrays of this many entries stay in the first-level cache.
        const BLOCK: usize = 256;
        let (mut places, mut pairs) = ([0; BLOCK], [PairSlot::default(); BLOCK]);
        for block in (0..text.len()).step_by(BLOCK) {
            let mut count = 0;
            for at in block..text.len().min(block + BLOCK) {
                places[count] = at;
                let second = text.get(at + 1).map_or(0, |&second| mark(second));
                count += usize::from(self.marks(text[at]) & (second | ALONE) != 0);
            }
            for (pair, &at) in pairs.iter_mut().zip(&places[..count]) {
                *pair = self.pairs[self.home(self.key_at(text, at))];
            }
            for (&pair, &at) in pairs.iter().zip(&places[..count]) {
                self.alone(text[at], |length, value| found(at, length, value));
                let key = self.key_at(text, at);
                let pair = if pair.key == key || pair.key == 0 { pair } else { self.pairs[self.slot(key)] };
                self.walk(pair, text.get(at + 2..).unwrap_or_default(), |length, value| found(at, length, value));
            }
        }
    }

    fn key_at(&self, text: &[char], at: usize) -> u64 {
        key(text[at], text.get(at + 1).map_or(NOTHING_BEHIND, |&second| second.into()))
    }

    fn marks(&self, first: char) -> u64 {
        self.starts.get(first as usize).copied().unwrap_or(u64::MAX)
    }

    /// Calls `found` where the first character is a word by itself.
    fn alone(&self, first: char, mut found: impl FnMut(usize, &V)) {
        if self.marks(first) & ALONE != 0
            && let Some(value) = self.value(self.pair(first, NOTHING).end)
        {
            found(1, value);
        }
    }

    /// Calls `found` for every word that starts with the pair and continues in `rest`.
    fn walk(&self, pair: PairSlot, rest: &[char], mut found: impl FnMut(usize, &V)) {
        if let Some(value) = self.value(pair.end) {
            found(2, value);
        }
        let mut child = pair.child;
        for (length, &c) in (3..).zip(rest) {
            let Some(node) = self.sibling(child, c) else { return };
            if let Some(value) = self.value(node.end) {
                found(length, value);
            }
            child = node.child;
        }
    }
}

impl<V: Default> Trie<V> {
    /// Returns the value of a word, which is inserted where it is new; an empty word is never found.
    pub(crate) fn entry(&mut self, word: &str) -> &mut V {
        let fresh = index(self.values.len() + 1);
        let end = self.end(word).map_or(fresh, |end| {
            *end = if *end == 0 { fresh } else { *end };
            *end
        });
        if end == fresh {
            self.values.push(V::default());
        }
        &mut self.values[end as usize - 1]
    }

    /// Returns the end mark of a word and inserts the nodes on the way.
    fn end(&mut self, word: &str) -> Option<&mut End> {
        let mut chars = word.chars();
        let (first, second) = (chars.next()?, chars.next());
        if let Some(marks) = self.starts.get_mut(first as usize) {
            *marks |= second.map_or(ALONE, mark);
        }
        let pair = self.new_pair(key(first, second.map_or(NOTHING, u32::from)));
        let Some(third) = chars.next() else { return Some(&mut self.pairs[pair].end) };
        let mut at = self.new_node(self.pairs[pair].child, third);
        if self.pairs[pair].child == 0 {
            self.pairs[pair].child = index(at);
        }
        for c in chars {
            let next = self.new_node(self.nodes[at].child, c);
            if self.nodes[at].child == 0 {
                self.nodes[at].child = index(next);
            }
            at = next;
        }
        Some(&mut self.nodes[at].end)
    }

    /// Inserts a pair if it is new and returns its slot.
    fn new_pair(&mut self, key: u64) -> usize {
        if self.used * 2 >= self.pairs.len() {
            let twice = vec![PairSlot::default(); self.pairs.len() * 2];
            for pair in std::mem::replace(&mut self.pairs, twice).into_iter().filter(|pair| pair.key != 0) {
                let slot = self.slot(pair.key);
                self.pairs[slot] = pair;
            }
        }
        let slot = self.slot(key);
        self.used += usize::from(self.pairs[slot].key == 0);
        self.pairs[slot].key = key;
        slot
    }

    /// Returns the node of a character among `first` and its siblings; appends it where it is new.
    fn new_node(&mut self, first: u32, c: char) -> usize {
        let (mut at, mut last) = (first as usize, 0);
        while at > 0 && self.nodes[at].c != c {
            (last, at) = (at, self.nodes[at].sibling as usize);
        }
        if at > 0 {
            return at;
        }
        self.nodes.push(Node { c, end: 0, child: 0, sibling: 0 });
        let new = self.nodes.len() - 1;
        if last > 0 {
            self.nodes[last].sibling = index(new);
        }
        new
    }
}

/// An index as the tables store it.
fn index(it: usize) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::Trie;

    #[test]
    fn every_word_that_starts_at_a_place_is_found() {
        let mut trie = Trie::with_room(2);
        for word in ["厂", "厂房", "厂房用地", "仓", "a b"] {
            *trie.entry(word) = word;
        }
        let text: Vec<char> = "买厂房用a b".chars().collect();
        let at = |at| {
            let mut all = Vec::new();
            trie.each(&text, at, |length, word| all.push((length, *word)));
            all
        };
        assert_eq!(at(0), []);
        assert_eq!(at(1), [(1, "厂"), (2, "厂房")]);
        assert_eq!(at(4), [(3, "a b")]);
        assert_eq!(at(9), []);
        assert_eq!((trie.get("厂房"), trie.get("厂房用")), (Some(&"厂房"), None));
    }

    #[test]
    fn all_places_together_find_what_each_finds_alone() {
        let mut trie = Trie::with_room(2);
        for word in ["厂", "厂房", "厂房用地", "房", "☎", "👤", "👤厂", "ab", "abc", "b", "𠮷野家"] {
            *trie.entry(word) = word;
        }
        for unit in ["厂房用地买", "abcb厂a", "👤厂房☎𠮷野家", "厂", "\0\0ab"] {
            // Lengths around the block size cut words at every position.
            for length in [0, 1, 2, 3, 255, 256, 257, 700] {
                let text: Vec<char> = unit.chars().cycle().take(length).collect();
                let (mut together, mut alone) = (Vec::new(), Vec::new());
                trie.all(&text, |at, length, word| together.push((at, length, *word)));
                for at in 0..text.len() {
                    trie.each(&text, at, |length, word| alone.push((at, length, *word)));
                }
                assert_eq!(together, alone, "{unit} {length}");
                assert!(alone.iter().all(|&(at, length, word)| word.chars().eq(text[at..at + length].iter().copied())));
            }
        }
    }
}
