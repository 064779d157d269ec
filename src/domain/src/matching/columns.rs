//! The listings of one kind as narrow columns, in blocks with zone maps.

use super::bits::Bits;
use super::flags::{FLAGS, Flag, Flags};
use super::row::{BLANK, FIGURES, Figure, NO_DAY, Row};

/// Rows of one zone.
pub(super) const BLOCK: usize = 512;

/// One column in whole blocks, so that loops over them have a fixed length.
#[derive(Clone, Debug)]
pub(super) struct Column<T>(Vec<[T; BLOCK]>);

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Column<T> {
    #[inline]
    pub(super) fn at(&self, row: usize) -> T {
        self.0[row / BLOCK][row % BLOCK]
    }

    #[inline(always)]
    pub(super) fn block(&self, block: usize) -> &[T; BLOCK] {
        &self.0[block]
    }

    #[inline]
    fn set(&mut self, row: usize, value: T) {
        self.0[row / BLOCK][row % BLOCK] = value;
    }

    fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<[T; BLOCK]>()
    }
}

/// What is known of a figure or of the divisions of a whole block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Zone<T> {
    pub(super) least: T,
    pub(super) most: T,
    pub(super) blanks: bool,
}

impl<T: Ord + Copy> Zone<T> {
    #[inline]
    fn widen(&mut self, value: T, blank: T) {
        if value == blank {
            self.blanks = true;
        } else {
            (self.least, self.most) = (self.least.min(value), self.most.max(value));
        }
    }
}

/// A block: zones of its columns. Zones only widen while rows change in place, so they never lie.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) figures: [Zone<u32>; FIGURES],
    pub(super) divisions: Zone<u16>,
    /// The latest evidence, 0 where there is none; undated rows.
    pub(super) dated: Zone<u16>,
    /// The flags that some row has, and those that all have.
    pub(super) some: Flags,
    pub(super) all: Flags,
    /// The rows that are offered; places past the last row never are.
    pub(super) offered: Bits,
    /// How many they are.
    pub(super) count: usize,
}

/// The columns of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    len: usize,
    pub(super) division: Column<u16>,
    /// By block and flag, the rows that have it.
    flags: Vec<[Bits; FLAGS]>,
    pub(super) industries: [Column<u16>; 3],
    pub(super) banned: Column<u16>,
    pub(super) available: Column<u16>,
    pub(super) dated: Column<u16>,
    pub(super) point: [Column<f32>; 3],
    /// Columns that the kind never fills stay empty.
    pub(super) figures: [Column<u32>; FIGURES],
    /// The listing of each row.
    pub(super) slot: Column<u32>,
    /// The head of each row's id.
    pub(super) head: Column<u64>,
    pub(super) blocks: Vec<Block>,
}

const NONE_YET: Block = Block {
    figures: [Zone { least: BLANK, most: 0, blanks: false }; FIGURES],
    divisions: Zone { least: u16::MAX, most: 0, blanks: false },
    dated: Zone { least: u16::MAX, most: 0, blanks: false },
    some: Flags::NONE,
    all: Flags::ALL,
    offered: Bits::NONE,
    count: 0,
};

impl Block {
    fn widen(&mut self, row: &Row) {
        for (zone, &figure) in self.figures.iter_mut().zip(&row.figures) {
            zone.widen(figure, BLANK);
        }
        self.divisions.widen(row.division, 0);
        self.dated.widen(row.dated, NO_DAY);
        (self.some, self.all) = (self.some.or(row.flags), self.all.and(row.flags));
    }

    fn offer(&mut self, at: usize, offered: bool) {
        self.count = self.count + usize::from(offered) - usize::from(self.offered.has(at));
        self.offered.set(at, offered);
    }
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Makes room for so many rows in all.
    pub(super) fn reserve(&mut self, rows: usize, used: &[Figure]) {
        let more = rows.div_ceil(BLOCK) - self.blocks.len();
        self.division.0.reserve_exact(more);
        self.flags.reserve_exact(more);
        self.industries.iter_mut().for_each(|column| column.0.reserve_exact(more));
        self.banned.0.reserve_exact(more);
        self.available.0.reserve_exact(more);
        self.dated.0.reserve_exact(more);
        self.point.iter_mut().for_each(|column| column.0.reserve_exact(more));
        used.iter().for_each(|&figure| self.figures[figure as usize].0.reserve_exact(more));
        self.slot.0.reserve_exact(more);
        self.head.0.reserve_exact(more);
        self.blocks.reserve_exact(more);
    }

    fn grow(&mut self, used: &[Figure]) {
        self.division.0.push([0; BLOCK]);
        self.flags.push([Bits::NONE; FLAGS]);
        self.industries.iter_mut().for_each(|column| column.0.push([0; BLOCK]));
        self.banned.0.push([0; BLOCK]);
        self.available.0.push([0; BLOCK]);
        self.dated.0.push([0; BLOCK]);
        self.point.iter_mut().for_each(|column| column.0.push([0.0; BLOCK]));
        used.iter().for_each(|&figure| self.figures[figure as usize].0.push([BLANK; BLOCK]));
        self.slot.0.push([0; BLOCK]);
        self.head.0.push([0; BLOCK]);
        self.blocks.push(NONE_YET);
    }

    pub(super) fn push(&mut self, row: &Row, slot: u32, used: &[Figure]) {
        if self.len.is_multiple_of(BLOCK) {
            self.grow(used);
        }
        self.slot.set(self.len, slot);
        self.len += 1;
        self.set(self.len - 1, row, used);
    }

    /// Lays a row over another; zones widen.
    pub(super) fn set(&mut self, at: usize, row: &Row, used: &[Figure]) {
        let block = &mut self.blocks[at / BLOCK];
        block.widen(row);
        block.offer(at % BLOCK, row.offered);
        self.division.set(at, row.division);
        for (place, rows) in self.flags[at / BLOCK].iter_mut().enumerate() {
            rows.set(at % BLOCK, row.flags.at(place));
        }
        for (column, code) in self.industries.iter_mut().zip(row.industries) {
            column.set(at, code);
        }
        self.banned.set(at, row.banned);
        self.available.set(at, row.available);
        self.dated.set(at, row.dated);
        self.head.set(at, row.head);
        for (column, coordinate) in self.point.iter_mut().zip(row.point) {
            column.set(at, coordinate);
        }
        for &figure in used {
            self.figures[figure as usize].set(at, row.figures[figure as usize]);
        }
    }

    /// The rows of a block that have a flag.
    #[inline(always)]
    pub(super) fn having(&self, block: usize, flag: Flag) -> Bits {
        self.flags[block][flag.place()]
    }

    /// The rows of a block that have one of some flags.
    #[inline(always)]
    pub(super) fn having_any(&self, block: usize, flags: Flags) -> Bits {
        let mut rows = Bits::NONE;
        for place in flags.places() {
            rows |= self.flags[block][place];
        }
        rows
    }

    /// Takes a row out; its place stays until the next sorting.
    pub(super) fn clear(&mut self, at: usize) {
        self.blocks[at / BLOCK].offer(at % BLOCK, false);
    }

    /// Bytes held for the rows.
    pub(super) fn bytes(&self) -> usize {
        let flags = self.flags.capacity() * size_of::<[Bits; FLAGS]>();
        let middle = [&self.division, &self.banned, &self.available, &self.dated];
        let middle = middle.into_iter().chain(&self.industries).map(Column::bytes).sum::<usize>();
        let points = self.point.iter().map(Column::bytes).sum::<usize>();
        let figures = self.figures.iter().map(Column::bytes).sum::<usize>();
        let blocks = self.blocks.capacity() * size_of::<Block>();
        flags + middle + points + figures + self.slot.bytes() + self.head.bytes() + blocks
    }
}
