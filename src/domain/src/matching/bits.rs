//! Sets of a block's rows, a bit each; counting shortfalls is a few words' work for sixty-four rows.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, Not};

use super::columns::BLOCK;

const WORD: usize = u64::BITS as usize;
const WORDS: usize = BLOCK / WORD;
/// So few rows of a word are read one by one.
const FEW: u32 = 3;

/// Gathers the lowest bit of each of a word's bytes into its highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// A set of rows of one block, by their place in it; laid so that whole vectors load and store it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub(super) struct Bits([u64; WORDS]);

impl Bits {
    pub(super) const NONE: Self = Self([0; WORDS]);
    pub(super) const ALL: Self = Self([u64::MAX; WORDS]);

    #[inline(always)]
    pub(super) fn is_empty(self) -> bool {
        // Not compared with [`Self::NONE`]: that would be a call.
        let mut any = 0;
        for word in self.0 {
            any |= word;
        }
        any == 0
    }

    #[inline(always)]
    pub(super) fn count(self) -> usize {
        let mut rows = 0;
        for word in self.0 {
            rows += word.count_ones() as usize;
        }
        rows
    }

    pub(super) const fn has(&self, at: usize) -> bool {
        self.0[at / WORD] >> (at % WORD) & 1 != 0
    }

    #[inline(always)]
    pub(super) const fn set(&mut self, at: usize, on: bool) {
        let word = &mut self.0[at / WORD % WORDS];
        *word = *word & !(1 << (at % WORD)) | (on as u64) << (at % WORD);
    }

    /// The rows of the set, rising.
    #[inline(always)]
    pub(super) fn each(self, mut visit: impl FnMut(usize)) {
        for (number, mut word) in self.0.into_iter().enumerate() {
            while word != 0 {
                visit(number * WORD + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
    }

    /// Of the rows of the set those for which it is so: by vectors a word, and one by one where a word holds few. Rows
    /// that matter lie close together, for they are sorted by size, and what lies apart from them is not even read.
    #[inline(always)]
    pub(super) fn those(self, is_so: impl Fn(usize) -> bool) -> Self {
        let mut those = Self::NONE;
        for (number, &word) in self.0.iter().enumerate() {
            let first = number * WORD;
            if word.count_ones() > FEW {
                those.0[number] = word & Self::pack(first, &is_so);
            } else {
                let mut left = word;
                while left != 0 {
                    let at = left.trailing_zeros() as usize;
                    those.0[number] |= u64::from(is_so(first + at)) << at;
                    left &= left - 1;
                }
            }
        }
        those
    }

    /// Of the rows of the set those for which it is so, one by one.
    #[inline(always)]
    pub(super) fn filter(self, is_so: impl Fn(usize) -> bool) -> Self {
        let mut those = Self::NONE;
        self.each(|at| those.set(at, is_so(at)));
        those
    }

    /// The rows of a word for which it is so, from its first row.
    #[inline(always)]
    fn pack(first: usize, is_so: impl Fn(usize) -> bool) -> u64 {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            return Self::pack_by_vectors(simd, first, is_so);
        }
        Self::pack_by_bytes(first, is_so)
    }

    /// A vector of rows is compared at once, and the processor gathers the highest bit of each: nothing goes through
    /// memory.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn pack_by_vectors(simd: pulp::x86::V3, first: usize, is_so: impl Fn(usize) -> bool) -> u64 {
        const LANES: usize = 8;
        let mut packed = 0;
        for step in (0..WORD).step_by(LANES) {
            let mut lanes = [0_u32; LANES];
            for (at, lane) in lanes.iter_mut().enumerate() {
                *lane = if is_so(first + step + at) { u32::MAX } else { 0 };
            }
            let bits = simd.avx._mm256_movemask_ps(pulp::cast(lanes)) as u32;
            packed |= u64::from(bits) << step;
        }
        packed
    }

    /// A byte a row, as loops become vectors on any processor, then eight bytes at a time.
    #[inline(always)]
    fn pack_by_bytes(first: usize, is_so: impl Fn(usize) -> bool) -> u64 {
        let mut bytes = [0_u8; WORD];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = is_so(first + at).into();
        }
        let mut packed = 0;
        let (eights, _) = bytes.as_chunks::<8>();
        for (at, &eight) in eights.iter().enumerate() {
            packed |= (u64::from_le_bytes(eight).wrapping_mul(GATHER) >> 56) << (at * 8);
        }
        packed
    }
}

impl Bits {
    /// Word by word; a loop of fixed length becomes a vector or two.
    #[inline(always)]
    fn with(mut self, other: Self, of: impl Fn(u64, u64) -> u64) -> Self {
        for at in 0..WORDS {
            self.0[at] = of(self.0[at], other.0[at]);
        }
        self
    }
}

impl BitAnd for Bits {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        self.with(other, |a, b| a & b)
    }
}

impl BitAndAssign for Bits {
    #[inline(always)]
    fn bitand_assign(&mut self, other: Self) {
        *self = *self & other;
    }
}

impl BitOr for Bits {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        self.with(other, |a, b| a | b)
    }
}

impl BitOrAssign for Bits {
    #[inline(always)]
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl BitXor for Bits {
    type Output = Self;

    #[inline(always)]
    fn bitxor(self, other: Self) -> Self {
        self.with(other, |a, b| a ^ b)
    }
}

impl Not for Bits {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        self ^ Self::ALL
    }
}

/// How many shortfalls rows have: sets of those with at least one, two and three.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shortfalls(pub(super) [Bits; 3]);

impl Shortfalls {
    pub(super) const NONE: Self = Self([Bits::NONE; 3]);

    /// One more for the rows of a set.
    #[inline(always)]
    pub(super) fn add(&mut self, short: Bits) {
        let [one, two, three] = &mut self.0;
        *three |= *two & short;
        *two |= *one & short;
        *one |= short;
    }
}

/// Digits of [`Sums`].
const DIGITS: usize = 7;

/// A small number by row, its binary digits over sets: sums of what rows lose, without a loop over rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums([Bits; DIGITS]);

impl Sums {
    pub(super) const NONE: Self = Self([Bits::NONE; DIGITS]);
    /// The largest sum that can be held; the caller keeps below it.
    pub(super) const MOST: u32 = (1 << DIGITS) - 1;

    /// Adds a number for the rows of a set.
    #[inline(always)]
    pub(super) fn add(&mut self, number: u32, rows: Bits) {
        let mut carry = Bits::NONE;
        for (digit, sum) in self.0.iter_mut().enumerate() {
            let (before, added) = (*sum, if number >> digit & 1 != 0 { rows } else { Bits::NONE });
            *sum = before ^ added ^ carry;
            carry = before & added | carry & (before ^ added);
        }
    }

    /// The rows with a sum above a limit.
    pub(super) fn above(&self, limit: u32) -> Bits {
        let (mut above, mut equal) = (Bits::NONE, Bits::ALL);
        for (digit, &sum) in self.0.iter().enumerate().rev() {
            if limit >> digit & 1 != 0 {
                equal &= sum;
            } else {
                above |= equal & sum;
                equal &= !sum;
            }
        }
        above
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Bits, Shortfalls, Sums, WORD};

    #[test]
    fn bytes_and_sets_say_the_same() {
        let is_so = |at: usize| at * at / 3 % 4 == 1;
        let rows = Bits::ALL.those(is_so);
        let mut listed = Vec::new();
        rows.each(|at| listed.push(at));
        assert_eq!(listed, (0..BLOCK).filter(|&at| is_so(at)).collect::<Vec<_>>());
        assert_eq!(rows.count(), listed.len());
        assert_eq!(Bits::ALL.filter(is_so), rows, "one by one the same");
        assert_eq!((rows & !rows, rows | !rows), (Bits::NONE, Bits::ALL));
        let every_third = Bits::ALL.those(|at| at % 3 == 0);
        assert_eq!(every_third.those(is_so), rows & every_third, "of some the same");
        for (number, word) in rows.0.into_iter().enumerate() {
            let first = number * WORD;
            assert_eq!((Bits::pack(first, is_so), Bits::pack_by_bytes(first, is_so)), (word, word), "without vectors");
        }
    }

    #[test]
    fn shortfalls_are_counted_to_three() {
        let mut counted = Shortfalls::NONE;
        for round in 1..=4 {
            counted.add(Bits::ALL.those(|at| at % 5 >= round));
        }
        for (least, rows) in (1..).zip(counted.0) {
            assert_eq!(rows, Bits::ALL.those(|at| at % 5 >= least));
        }
    }

    #[test]
    fn sums_of_sets_are_those_of_their_rows() {
        let terms = [(1, 2), (7, 3), (40, 5), (30, 7), (49, 2), (0, 1)];
        let sum =
            |at: usize| terms.iter().filter(|(_, every)| at.is_multiple_of(*every)).map(|(term, _)| term).sum::<u32>();
        let mut sums = Sums::NONE;
        for (term, every) in terms {
            sums.add(term, Bits::ALL.those(|at| at.is_multiple_of(every)));
        }
        for limit in 0..=Sums::MOST {
            assert_eq!(sums.above(limit), Bits::ALL.those(|at| sum(at) > limit), "{limit}");
        }
    }
}
