//! A dictionary as a tree of characters, so that one walk finds all words that start at a place of a text.

/// A dictionary from words to values.
pub(super) struct Trie<V> {
    /// The tree's branches in a table with open addressing: parent, character and child; zero where there is none.
    branches: Vec<u64>,
    used: usize,
    /// For each character that words start with the marks of those that go on behind it, all where it is a word by
    /// itself: most places of a text cost one look.
    starts: Vec<u64>,
    /// The root's children by their characters.
    firsts: Vec<u32>,
    nodes: Vec<Node>,
    values: Vec<V>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// One more than the number of its value; zero where no word ends.
    end: u32,
    /// The marks of the characters that it goes on with: most that do not fit are seen here and not looked up.
    next: u32,
}

/// Characters up to the last Han ones stand in tables of their own.
const FIRSTS: usize = 0xa000;

const CHAR_BITS: u32 = 21;
const NODE_BITS: u32 = 21;
const CHILD: u64 = (1 << NODE_BITS) - 1;

/// What a branch is looked up by.
const fn key(parent: u32, c: char) -> u64 {
    ((parent as u64) << CHAR_BITS | c as u64) << NODE_BITS
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

impl<V> Trie<V> {
    /// An empty dictionary with room for half of `branches`, a power of two, before it grows.
    pub(super) fn with_room(branches: usize) -> Self {
        Self {
            branches: vec![0; branches.next_power_of_two()],
            used: 0,
            starts: vec![0; FIRSTS],
            firsts: vec![0; FIRSTS],
            nodes: vec![Node::default()],
            values: Vec::new(),
        }
    }

    /// The node of a character that a word starts with, where the one behind it does not rule out all words.
    fn first(&self, c: char, next: char) -> Option<u32> {
        match self.starts.get(c as usize) {
            Some(marks) => (marks & wide_mark(next) != 0).then(|| self.firsts[c as usize]),
            None => self.child(0, c),
        }
    }

    /// Marks a character that words start with, and those that go on behind it.
    fn mark_first(&mut self, c: char, node: u32, next: u64) {
        let at = c as usize;
        if at < FIRSTS {
            self.starts[at] |= next;
            self.firsts[at] = node;
        }
    }

    fn child(&self, parent: u32, c: char) -> Option<u32> {
        if self.nodes[parent as usize].next & mark(c) == 0 {
            return None;
        }
        let (key, mask) = (key(parent, c), self.branches.len() - 1);
        let mut at = hash(key) & mask;
        loop {
            let branch = self.branches[at];
            if branch & !CHILD == key && branch != 0 {
                return u32::try_from(branch & CHILD).ok();
            }
            if branch == 0 {
                return None;
            }
            at = (at + 1) & mask;
        }
    }

    fn branch(&mut self, parent: u32, c: char) -> u32 {
        if let Some(child) = self.child(parent, c) {
            return child;
        }
        if self.used * 2 >= self.branches.len() {
            let old = std::mem::take(&mut self.branches);
            self.branches = vec![0; old.len() * 2];
            old.into_iter().filter(|&branch| branch != 0).for_each(|branch| self.put(branch));
        }
        let child = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(Node::default());
        self.nodes[parent as usize].next |= mark(c);
        self.used += 1;
        self.put(key(parent, c) | u64::from(child));
        child
    }

    fn put(&mut self, branch: u64) {
        let mask = self.branches.len() - 1;
        let mut at = hash(branch & !CHILD) & mask;
        while self.branches[at] != 0 {
            at = (at + 1) & mask;
        }
        self.branches[at] = branch;
    }

    /// The value of a word.
    pub(super) fn get(&self, word: &str) -> Option<&V> {
        let node = word.chars().try_fold(0, |node, c| self.child(node, c))?;
        self.value(node)
    }

    fn value(&self, node: u32) -> Option<&V> {
        let end = self.nodes[node as usize].end;
        end.checked_sub(1).map(|number| &self.values[number as usize])
    }

    /// Whether `text` goes on with a word at `at`.
    pub(super) fn starts(&self, text: &[char], at: usize) -> bool {
        let mut any = false;
        self.each(text, at, |_, _| any = true);
        any
    }

    /// Calls `found` with the length and value of every word that `text` goes on with at `at`, shortest first.
    pub(super) fn each(&self, text: &[char], at: usize, mut found: impl FnMut(usize, &V)) {
        let Some(&c) = text.get(at) else { return };
        let Some(mut node) = self.first(c, text.get(at + 1).copied().unwrap_or(' ')) else { return };
        let mut end = at + 1;
        loop {
            if let Some(value) = self.value(node) {
                found(end - at, value);
            }
            let Some(child) = text.get(end).and_then(|&c| self.child(node, c)) else { return };
            (node, end) = (child, end + 1);
        }
    }
}

impl<V: Default> Trie<V> {
    /// The value of a word, which becomes one of the dictionary.
    pub(super) fn entry(&mut self, word: &str) -> &mut V {
        let mut chars = word.chars();
        if let Some(c) = chars.next() {
            let node = self.branch(0, c);
            self.mark_first(c, node, chars.next().map_or(u64::MAX, wide_mark));
        }
        let node = word.chars().fold(0, |node, c| self.branch(node, c)) as usize;
        if self.nodes[node].end == 0 {
            self.values.push(V::default());
            self.nodes[node].end = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        }
        &mut self.values[self.nodes[node].end as usize - 1]
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
