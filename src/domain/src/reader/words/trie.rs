//! A dictionary as a tree of characters, so that one walk finds all words that start at a place of a text.

/// A dictionary from words to values.
///
/// A text looks up its every place, so what counts is how little memory that touches: where words start is found by
/// their first two characters at once, and the ends of a word lie next to each other.
pub(crate) struct Trie<V> {
    /// For each character that words start with the marks of those that go on behind it, and [`ALONE`].
    starts: Vec<u64>,
    /// The first two characters of words in a table with open addressing.
    pairs: Vec<Pair>,
    used: usize,
    /// All further characters; the first stands for none.
    nodes: Vec<Node>,
    values: Vec<V>,
}

/// Two characters that words start with; nothing but zeros in a free place of the table.
#[derive(Clone, Copy, Default)]
struct Pair {
    key: u64,
    /// The first node behind it.
    child: u32,
    end: End,
}

/// A character behind two others.
#[derive(Clone, Copy)]
struct Node {
    c: char,
    end: End,
    /// The first node behind it.
    child: u32,
    /// The next node behind the same characters.
    sibling: u32,
}

/// One more than the number of a word's value; zero where no word ends.
type End = u32;

/// Characters up to the last Han ones stand in [`Trie::starts`].
const STARTS: usize = 0xa000;

/// The mark of characters that are words by themselves.
const ALONE: u64 = 1 << 63;

/// What stands in the place of a second character where there is none.
const NOTHING: u32 = 0x1f_ffff;

/// The same where the text ends, so that no pair is found.
const NOTHING_BEHIND: u32 = NOTHING - 1;

/// What a pair is looked up by.
const fn key(first: char, second: u32) -> u64 {
    (first as u64) << 32 | second as u64
}

/// One of 63 marks.
const fn mark(c: char) -> u64 {
    let place = c as u32 % 64;
    1 << if place == 63 { 62 } else { place }
}

impl<V> Trie<V> {
    /// An empty dictionary with room for half of `pairs`, a power of two, before it grows.
    pub(crate) fn with_room(pairs: usize) -> Self {
        let nowhere = Node { c: '\0', end: 0, child: 0, sibling: 0 };
        Self {
            starts: vec![0; STARTS],
            pairs: vec![Pair::default(); pairs.next_power_of_two()],
            used: 0,
            nodes: vec![nowhere],
            values: Vec::new(),
        }
    }

    /// Where a pair should be.
    fn home(&self, key: u64) -> usize {
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & (self.pairs.len() - 1)
    }

    /// Where a pair is, or the free place where it belongs.
    fn slot(&self, key: u64) -> usize {
        let mut at = self.home(key);
        while self.pairs[at].key != 0 && self.pairs[at].key != key {
            at = (at + 1) & (self.pairs.len() - 1);
        }
        at
    }

    /// A pair with all that starts with it; empty where nothing does.
    fn pair(&self, first: char, second: u32) -> Pair {
        self.pairs[self.slot(key(first, second))]
    }

    /// The node of a character among those from one on.
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

    /// The value of a word.
    pub(crate) fn get(&self, word: &str) -> Option<&V> {
        let mut chars = word.chars();
        let pair = self.pair(chars.next()?, chars.next().map_or(NOTHING, u32::from));
        let ends = |(_, child): (End, u32), c: char| self.sibling(child, c).map(|node| (node.end, node.child));
        self.value(chars.try_fold((pair.end, pair.child), ends)?.0)
    }

    /// Whether `text` goes on with a word at `at`.
    pub(crate) fn starts(&self, text: &[char], at: usize) -> bool {
        let mut any = false;
        self.each(text, at, |_, _| any = true);
        any
    }

    /// Calls `found` with the length and value of every word that `text` goes on with at `at`, shortest first.
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

    /// Calls `found` with the place, the length and the value of every word anywhere in `text`, place by place.
    ///
    /// As [`Trie::each`] at every place, but the places of a block are looked up side by side: where each would wait
    /// for memory in turn, here they wait together.
    pub(crate) fn all(&self, text: &[char], mut found: impl FnMut(usize, usize, &V)) {
        const BLOCK: usize = 256;
        let (mut places, mut pairs) = ([0; BLOCK], [Pair::default(); BLOCK]);
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

    /// A character that is a word by itself.
    fn alone(&self, first: char, mut found: impl FnMut(usize, &V)) {
        if self.marks(first) & ALONE != 0
            && let Some(value) = self.value(self.pair(first, NOTHING).end)
        {
            found(1, value);
        }
    }

    /// Goes on behind the first two characters.
    fn walk(&self, pair: Pair, rest: &[char], mut found: impl FnMut(usize, &V)) {
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
    /// The value of a word, which becomes one of the dictionary; an empty word is found nowhere.
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

    /// Where it says that a word ends; the way there is laid.
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

    /// The place of a pair, which is one of the table from now on.
    fn new_pair(&mut self, key: u64) -> usize {
        if self.used * 2 >= self.pairs.len() {
            let twice = vec![Pair::default(); self.pairs.len() * 2];
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

    /// The number of a character's node among those from `first` on, behind the last where it is a new one.
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

/// As a number in the tables.
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
            // Some of more than one block, all cut at different places of a word.
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
