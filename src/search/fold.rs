//! Unicode folding before segmentation: full width to half width, traditional to simplified. charabia folds only after
//! segmentation, which splits 標準廠房 wrongly.

use std::ops::Range;

use domain::fold::simplified;
use unicode_normalization::UnicodeNormalization as _;

/// Folded text with the origin of each byte.
pub(super) struct Folded {
    pub(super) text: String,
    /// Range in the original text, per byte of the folded text.
    origins: Vec<Range<usize>>,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let (mut text, mut origins) = (String::with_capacity(original.len()), Vec::with_capacity(original.len()));
        for (at, c) in original.char_indices() {
            for folded in std::iter::once(c).nfkc() {
                text.push(simplified(folded));
            }
            origins.resize(text.len(), at..at + c.len_utf8());
        }
        Self { text, origins }
    }

    /// Maps a range of the folded text to the original text.
    pub(super) fn origin(&self, at: &Range<usize>) -> Range<usize> {
        match (self.origins.get(at.start), self.origins.get(at.end.saturating_sub(1))) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }
}
