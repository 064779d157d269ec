//! Sets of a block's rows, a bit each; counting shortfalls is a few words' work for sixty-four rows.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, Not};

use pulp::{Arch, Simd, WithSimd};

use super::columns::BLOCK;

const WORD: usize = u64::BITS as usize;
const WORDS: usize = BLOCK / WORD;

/// A set of rows of one block, by their place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bits([u64; WORDS]);

impl Bits {
    pub(super) const NONE: Self = Self([0; WORDS]);
    pub(super) const ALL: Self = Self([u64::MAX; WORDS]);

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

    /// Likewise by the widest vectors that the processor has.
    pub(super) fn widely(arch: Arch, is_so: impl Fn(usize) -> bool) -> Self {
        arch.dispatch(Test(is_so))
    }

    /// Of all rows those for which it is so; inlined, so that its loop uses the caller's vectors.
    #[inline(always)]
    pub(super) fn of(is_so: impl Fn(usize) -> bool) -> Self {
        let mut bytes = [0; BLOCK];
        (0..BLOCK).for_each(|at| bytes[at] = u8::from(is_so(at)));
        Planes::pack(&bytes).low
    }
}

/// A test of rows as [`Arch::dispatch`] takes it.
struct Test<F>(F);

impl<F: Fn(usize) -> bool> WithSimd for Test<F> {
    type Output = Bits;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Bits {
        Bits::of(self.0)
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

/// A block's bytes of two bits, as two sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planes {
    pub(super) low: Bits,
    pub(super) high: Bits,
}

/// The lowest bit of each of a word's bytes, gathered into its highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;
const LOWEST: u64 = 0x0101_0101_0101_0101;

impl Planes {
    /// Inlined into the loops that fill the bytes, so that they stay in vectors.
    #[inline(always)]
    pub(super) fn pack(bytes: &[u8; BLOCK]) -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            return Self::pack_by_vectors(simd, bytes);
        }
        Self::pack_by_words(bytes)
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn pack_by_vectors(simd: pulp::x86::V3, bytes: &[u8; BLOCK]) -> Self {
        let mut planes = Self { low: Bits::NONE, high: Bits::NONE };
        let (words, _) = bytes.as_chunks::<WORD>();
        for (at, bytes) in words.iter().enumerate() {
            [planes.low.0[at], planes.high.0[at]] = by_vectors(simd, bytes);
        }
        planes
    }

    #[inline(always)]
    fn pack_by_words(bytes: &[u8; BLOCK]) -> Self {
        let mut planes = Self { low: Bits::NONE, high: Bits::NONE };
        let (words, _) = bytes.as_chunks::<WORD>();
        for (at, bytes) in words.iter().enumerate() {
            [planes.low.0[at], planes.high.0[at]] = by_words(bytes);
        }
        planes
    }
}

/// Both bits of sixty-four bytes, thirty-two at a time: the processor gathers the highest bit of each.
///
/// Loops, not closures: a closure would be compiled apart, without the vectors.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn by_vectors(simd: pulp::x86::V3, bytes: &[u8; WORD]) -> [u64; 2] {
    const HALF: usize = WORD / 2;
    let mut words = [0, 0];
    let (halves, _) = bytes.as_chunks::<HALF>();
    for (at, &half) in halves.iter().enumerate() {
        let half = pulp::cast(half);
        let low = simd.avx2._mm256_movemask_epi8(simd.avx2._mm256_slli_epi16::<7>(half)) as u32;
        let high = simd.avx2._mm256_movemask_epi8(simd.avx2._mm256_slli_epi16::<6>(half)) as u32;
        words[0] |= u64::from(low) << (at * HALF);
        words[1] |= u64::from(high) << (at * HALF);
    }
    words
}

/// Likewise eight at a time.
#[inline(always)]
fn by_words(bytes: &[u8; WORD]) -> [u64; 2] {
    let (eights, _) = bytes.as_chunks::<8>();
    let plane = |plane: u32| {
        let bits = |eight: [u8; 8]| (u64::from_le_bytes(eight) >> plane & LOWEST).wrapping_mul(GATHER) >> 56;
        eights.iter().rev().fold(0, |word, &eight| word << 8 | bits(eight))
    };
    [plane(0), plane(1)]
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
const DIGITS: usize = 9;

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
        for (digit, sum) in self.0.iter_mut().enumerate().skip(number.trailing_zeros() as usize) {
            let before = *sum;
            if number >> digit & 1 != 0 {
                *sum = before ^ rows ^ carry;
                carry = before & rows | carry & (before ^ rows);
            } else {
                *sum = before ^ carry;
                carry &= before;
            }
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
    use super::{BLOCK, Bits, Planes, Shortfalls, Sums};

    #[test]
    fn bytes_and_sets_say_the_same() {
        let mut bytes = [0; BLOCK];
        (0..BLOCK).for_each(|at| bytes[at] = (at * at / 3 % 4) as u8);
        let Planes { low, high } = Planes::pack(&bytes);
        for (at, byte) in bytes.into_iter().enumerate() {
            assert_eq!((low.has(at), high.has(at)), (byte & 1 != 0, byte & 2 != 0), "{at}");
        }
        let mut rows = Vec::new();
        low.each(|at| rows.push(at));
        assert_eq!(rows.len(), low.count());
        assert!(rows.iter().all(|&at| low.has(at)) && rows.is_sorted());
        assert_eq!((low & !low, low | !low), (Bits::NONE, Bits::ALL));
        let plain = Planes::pack_by_words(&bytes);
        assert_eq!((plain.low, plain.high), (low, high), "without vectors the same");
    }

    #[test]
    fn shortfalls_are_counted_to_three() {
        let mut counted = Shortfalls::NONE;
        for round in 1..=4 {
            counted.add(Bits::of(|at| at % 5 >= round));
        }
        for (least, rows) in (1..).zip(counted.0) {
            assert_eq!(rows, Bits::of(|at| at % 5 >= least));
        }
    }

    #[test]
    fn sums_of_sets_are_those_of_their_rows() {
        let terms = [(1, 2), (7, 3), (40, 5), (96, 7), (255, 2), (0, 1)];
        let sum =
            |at: usize| terms.iter().filter(|(_, every)| at.is_multiple_of(*every)).map(|(term, _)| term).sum::<u32>();
        let mut sums = Sums::NONE;
        for (term, every) in terms {
            sums.add(term, Bits::of(|at| at.is_multiple_of(every)));
        }
        for limit in 0..=Sums::MOST {
            assert_eq!(sums.above(limit), Bits::of(|at| sum(at) > limit), "{limit}");
        }
    }
}
