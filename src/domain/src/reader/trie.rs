//! All words of a dictionary that start at a place of a text, in one walk over a sorted table.

/// A dictionary from words to values; a word may have several.
pub(super) struct Trie<V> {
    /// All words' characters, one after the other, in the order of the words.
    chars: Vec<char>,
    /// Where each word starts in `chars`; one more at the end.
    starts: Vec<u32>,
    values: Vec<V>,
    /// The stretch of words that start with each character below [`TABLE`].
    first: Vec<(u32, u32)>,
    /// Which pairs of characters words start with: a set of hashes that says no at once for most places of a text.
    pairs: Vec<u64>,
}

/// Every character that words start with lies below.
const TABLE: usize = 0x1_0000;
/// Bits of the set of pairs.
const PAIRS: usize = 1 << 18;

const fn pair(first: char, second: char) -> usize {
    let mixed =
        (first as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (second as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
    (mixed >> 46) as usize % PAIRS
}

impl<V: Copy> Trie<V> {
    /// Builds the dictionary; words are compared as they are.
    pub(super) fn new(mut words: Vec<(Vec<char>, V)>) -> Self {
        words.retain(|(word, _)| word.first().is_some_and(|&c| (c as usize) < TABLE));
        words.sort_by(|a, b| a.0.cmp(&b.0));
        let mut it = Self {
            chars: Vec::with_capacity(words.len() * 4),
            starts: Vec::with_capacity(words.len() + 1),
            values: Vec::with_capacity(words.len()),
            first: vec![(0, 0); TABLE],
            pairs: vec![0; PAIRS / 64],
        };
        for (at, (word, value)) in words.into_iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let stretch = &mut it.first[word[0] as usize];
            *stretch = (if stretch.1 == 0 { at } else { stretch.0 }, at + 1);
            if let [first, second, ..] = word[..] {
                let hash = pair(first, second);
                it.pairs[hash / 64] |= 1 << (hash % 64);
            }
            it.starts.push(u32::try_from(it.chars.len()).unwrap_or(u32::MAX));
            it.chars.extend(word);
            it.values.push(value);
        }
        it.starts.push(u32::try_from(it.chars.len()).unwrap_or(u32::MAX));
        it
    }

    fn word(&self, at: usize) -> &[char] {
        &self.chars[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// Calls `found` with the length and value of every word that `text` goes on with at `at`, shortest first.
    pub(super) fn each(&self, text: &[char], at: usize, mut found: impl FnMut(usize, V)) {
        let Some(&(low, high)) = text.get(at).and_then(|&c| self.first.get(c as usize)) else { return };
        let (mut low, mut high, mut depth) = (low as usize, high as usize, 1);
        while low < high {
            // Words that end here sort before the longer ones.
            while low < high && self.word(low).len() == depth {
                found(depth, self.values[low]);
                low += 1;
            }
            let Some(&next) = text.get(at + depth) else { return };
            if depth == 1 {
                let hash = pair(text[at], next);
                if self.pairs[hash / 64] >> (hash % 64) & 1 == 0 {
                    return;
                }
            }
            // Stretches are short: a plain scan to the first fit, then a binary search for the end.
            let fits = |index: usize| self.word(index)[depth];
            low = partition(low, high, |index| fits(index) < next);
            high = partition(low, high, |index| fits(index) <= next);
            depth += 1;
        }
    }
}

fn partition(mut low: usize, mut high: usize, before: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low.midpoint(high);
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::Trie;

    #[test]
    fn every_word_that_starts_at_a_place_is_found() {
        let words = ["厂", "厂房", "厂房用地", "仓", "a b"].map(|word| (word.chars().collect(), word));
        let trie = Trie::new(words.to_vec());
        let text: Vec<char> = "买厂房用a b".chars().collect();
        let at = |at| {
            let mut all = Vec::new();
            trie.each(&text, at, |length, word| all.push((length, word)));
            all
        };
        assert_eq!(at(0), []);
        assert_eq!(at(1), [(1, "厂"), (2, "厂房")]);
        assert_eq!(at(4), [(3, "a b")]);
        assert_eq!(at(9), []);
    }
}
