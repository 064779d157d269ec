//! Sets of a block's rows, one bit each: a step on a set takes a few words for sixty-four rows.

use std::ops::{BitAnd, BitOr, BitXor, Not};

pub(super) const BLOCK: usize = 512;
const WORD: usize = u64::BITS as usize;
const WORDS: usize = BLOCK / WORD;
/// Up to so many rows of a word are read one by one.
const FEW: u32 = 3;
/// Gathers the lowest bit of each of a word's bytes into its highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// A set of rows of one block, by their place in it; aligned for whole vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub(super) struct Bits([u64; WORDS]);

impl Bits {
    pub(super) const NONE: Self = Self([0; WORDS]);

    #[inline(always)]
    pub(super) fn is_empty(self) -> bool {
        self.0.iter().fold(0, |any, word| any | word) == 0
    }

    #[inline(always)]
    pub(super) fn count(self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) const fn has(&self, at: usize) -> bool {
        self.0[at / WORD] >> (at % WORD) & 1 != 0
    }

    #[inline(always)]
    pub(super) const fn set(&mut self, at: usize, on: bool) {
        let word = &mut self.0[at / WORD % WORDS];
        *word = *word & !(1 << (at % WORD)) | (on as u64) << (at % WORD);
    }

    /// Visits the rows, rising.
    #[inline(always)]
    pub(super) fn each(self, mut visit: impl FnMut(usize)) {
        for (number, mut word) in self.0.into_iter().enumerate() {
            while word != 0 {
                visit(number * WORD + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
    }

    /// The rows that satisfy a predicate of cells: whole words at once, single rows where a word has few. Rows that matter
    /// are clustered, for blocks are sorted, so the cells of most others are not even read.
    #[inline(always)]
    pub(super) fn retain(self, predicate: impl Fn(usize) -> bool) -> Self {
        let (mut retained, mut few) = (Self::NONE, self);
        for number in 0..WORDS {
            if self.0[number].count_ones() > FEW {
                retained.0[number] = self.0[number] & pack(number * WORD, &predicate);
                few.0[number] = 0;
            }
        }
        retained | few.filter(predicate)
    }

    /// The rows that satisfy a predicate, of which a zone map may decide that none does or all do.
    #[inline(always)]
    pub(super) fn decided(self, none: bool, all: bool, predicate: impl Fn(usize) -> bool) -> Self {
        match (none, all) {
            (true, _) => Self::NONE,
            (_, true) => self,
            _ => self.retain(predicate),
        }
    }

    /// The rows that satisfy a predicate that is dear: one by one.
    #[inline(always)]
    pub(super) fn filter(self, predicate: impl Fn(usize) -> bool) -> Self {
        let mut retained = Self::NONE;
        self.each(|at| retained.set(at, predicate(at)));
        retained
    }
}

/// One word of a predicate, from its first row: a byte per row, as such loops become vectors, then eight bytes at a time.
#[inline(always)]
fn pack(first: usize, predicate: impl Fn(usize) -> bool) -> u64 {
    let mut bytes = [0_u8; WORD];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = predicate(first + at).into();
    }
    let (eights, _) = bytes.as_chunks::<8>();
    let gathered = eights.iter().map(|&eight| u64::from_le_bytes(eight).wrapping_mul(GATHER) >> 56);
    gathered.zip(0..).fold(0, |packed, (eight, at)| packed | eight << (at * 8))
}

macro_rules! by_words {
    ($trait:ident $method:ident) => {
        impl $trait for Bits {
            type Output = Self;

            #[inline(always)]
            fn $method(mut self, other: Self) -> Self {
                self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own = own.$method(other));
                self
            }
        }
    };
}

by_words!(BitAnd bitand);
by_words!(BitOr bitor);
by_words!(BitXor bitxor);

impl Not for Bits {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        Self(self.0.map(|word| !word))
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Bits, WORDS};

    const ALL: Bits = Bits([u64::MAX; WORDS]);

    #[test]
    fn sets_hold_the_rows_that_satisfy_a_predicate() {
        let predicate = |at: usize| at * at / 3 % 4 == 1;
        let rows = ALL.retain(predicate);
        let mut listed = Vec::new();
        rows.each(|at| listed.push(at));
        assert_eq!(listed, (0..BLOCK).filter(|&at| predicate(at)).collect::<Vec<_>>());
        assert_eq!(rows.count(), listed.len());
        assert_eq!(ALL.filter(predicate), rows, "one by one the same");
        assert_eq!((rows & !rows, rows | !rows), (Bits::NONE, ALL));
        let few = ALL.retain(|at| at % 50 == 1);
        assert_eq!(few.retain(predicate), rows & few, "of few the same");
    }
}
