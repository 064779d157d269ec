//! A dictionary as a tree of characters, so that one walk finds all words that start at a place of a text.

/// A dictionary from words to values.
pub(super) struct Trie<V> {
    /// The tree's branches in a table with open addressing.
    branches: Vec<Branch>,
    used: usize,
    /// For each character that words start with the marks of those that go on behind it, all where it is a word by
    /// itself: most places of a text cost one look.
    starts: Vec<u64>,
    values: Vec<V>,
}

/// A way from a node over a character to the next node, and what is to be known of that one.
#[derive(Clone, Copy, Default)]
struct Branch {
    /// The node that it comes from, the character and the node that it leads to; zero where there is none.
    edge: u64,
    /// The marks of the characters that it goes on with: most that do not fit are seen here and not looked up.
    next: u32,
    /// One more than the number of its value; zero where no word ends.
    end: u32,
}

/// Characters up to the last Han ones stand in [`Trie::starts`].
const STARTS: usize = 0xa000;

const CHAR_BITS: u32 = 21;
const NODE_BITS: u32 = 21;
const NODE: u64 = (1 << NODE_BITS) - 1;

/// What a branch is looked up by.
const fn key(parent: u64, c: char) -> u64 {
    (parent << CHAR_BITS | c as u64) << NODE_BITS
}

/// One of 32 marks.
const fn mark(c: char) -> u32 {
    1 << (c as u32 % 32)
}

/// One of 64 marks.
const fn wide_mark(c: char) -> u64 {
    1 << (c as u32 % 64)
}

const fn hash(key: u64) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

impl Branch {
    const fn is_free(self) -> bool {
        self.edge == 0
    }

    const fn key(self) -> u64 {
        self.edge & !NODE
    }

    const fn node(self) -> u64 {
        self.edge & NODE
    }
}

impl<V> Trie<V> {
    /// An empty dictionary with room for half of `branches`, a power of two, before it grows.
    pub(super) fn with_room(branches: usize) -> Self {
        let branches = vec![Branch::default(); branches.next_power_of_two()];
        Self { branches, used: 0, starts: vec![0; STARTS], values: Vec::new() }
    }

    /// Where a branch is, or the free place where it belongs.
    fn slot(&self, key: u64) -> usize {
        let mask = self.branches.len() - 1;
        let mut at = hash(key) & mask;
        while !self.branches[at].is_free() && self.branches[at].key() != key {
            at = (at + 1) & mask;
        }
        at
    }

    fn branch(&self, parent: u64, c: char) -> Option<Branch> {
        let branch = self.branches[self.slot(key(parent, c))];
        (!branch.is_free()).then_some(branch)
    }

    /// Makes room for more branches.
    fn reserve(&mut self, more: usize) {
        while (self.used + more) * 2 > self.branches.len() {
            let twice = vec![Branch::default(); self.branches.len() * 2];
            for branch in std::mem::replace(&mut self.branches, twice).into_iter().filter(|branch| !branch.is_free()) {
                let slot = self.slot(branch.key());
                self.branches[slot] = branch;
            }
        }
    }

    /// The value of a word.
    pub(super) fn get(&self, word: &str) -> Option<&V> {
        let branch = word.chars().try_fold(Branch::default(), |branch, c| self.branch(branch.node(), c))?;
        self.value(branch)
    }

    fn value(&self, branch: Branch) -> Option<&V> {
        branch.end.checked_sub(1).map(|number| &self.values[number as usize])
    }

    /// Whether `text` goes on with a word at `at`.
    pub(super) fn starts(&self, text: &[char], at: usize) -> bool {
        let mut any = false;
        self.each(text, at, |_, _| any = true);
        any
    }

    /// Calls `found` with the length and value of every word that `text` goes on with at `at`, shortest first.
    #[inline]
    pub(super) fn each(&self, text: &[char], at: usize, found: impl FnMut(usize, &V)) {
        let Some(&first) = text.get(at) else { return };
        let second = text.get(at + 1).copied().unwrap_or(' ');
        if self.starts.get(first as usize).is_none_or(|marks| marks & wide_mark(second) != 0) {
            self.walk(&text[at..], found);
        }
    }

    fn walk(&self, text: &[char], mut found: impl FnMut(usize, &V)) {
        let mut node = 0;
        for (length, &c) in (1..).zip(text) {
            let Some(branch) = self.branch(node, c) else { return };
            if let Some(value) = self.value(branch) {
                found(length, value);
            }
            if text.get(length).is_none_or(|&next| branch.next & mark(next) == 0) {
                return;
            }
            node = branch.node();
        }
    }
}

impl<V: Default> Trie<V> {
    /// The value of a word, which becomes one of the dictionary.
    pub(super) fn entry(&mut self, word: &str) -> &mut V {
        self.reserve(word.len());
        self.mark_start(word);
        let (mut node, mut last) = (0, None);
        let mut chars = word.chars().peekable();
        while let Some(c) = chars.next() {
            let slot = self.slot(key(node, c));
            last = Some(slot);
            let branch = &mut self.branches[slot];
            if branch.is_free() {
                self.used += 1;
                branch.edge = key(node, c) | self.used as u64;
            }
            branch.next |= chars.peek().map_or(0, |&next| mark(next));
            node = branch.node();
        }
        // An empty word is found nowhere.
        let mut nowhere = 0;
        let end = last.map_or(&mut nowhere, |slot| &mut self.branches[slot].end);
        if *end == 0 {
            self.values.push(V::default());
            *end = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        }
        &mut self.values[*end as usize - 1]
    }

    fn mark_start(&mut self, word: &str) {
        let mut chars = word.chars();
        let first = chars.next().and_then(|c| self.starts.get_mut(c as usize));
        if let Some(marks) = first {
            *marks |= chars.next().map_or(u64::MAX, wide_mark);
        }
    }
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
}
