//! Words that stand right before a place of a text.

use crate::reader::letters::text::Text;

/// Words that a stretch of a text may end in, in the order of their last characters.
pub(crate) struct Endings(Vec<(char, &'static str)>);

impl Endings {
    pub(crate) fn new(words: impl Iterator<Item = &'static str>) -> Self {
        let mut all: Vec<_> = words.filter_map(|word| Some((word.chars().next_back()?, word))).collect();
        all.sort_unstable();
        Self(all)
    }

    /// Whether the stretch ends in one.
    pub(crate) fn fit(&self, text: &Text, start: usize, end: usize) -> bool {
        let last = text.before(end);
        let from = self.0.partition_point(|&(c, _)| c < last);
        self.0[from..].iter().take_while(|&&(c, _)| c == last).any(|(_, word)| {
            let length = word.chars().count();
            end - start >= length && text.goes_on(end - length, word)
        })
    }
}
