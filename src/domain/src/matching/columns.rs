//! The listings of one kind as narrow columns, in blocks.

use super::bits::{BLOCK, Bits};
use super::criteria::{FIGURES, allows, figures, fire_class_of, industries_of, price_of, terms};
use super::figure::{BLANK, Figure, narrow, narrow_day, narrow_land};
use super::finding::Ratio;
use super::flags::{self, FLAGS, Flags, each};
use super::place::{PREFECTURES_PER_PROVINCE, is_wide, prefecture_number};
use super::score::evidence_day;
use crate::facility::Facilities;
use crate::industry::IndustryCode;
use crate::listing::{Detail, Listing, Status};
use crate::requirement::{Use, Word as _};

/// Bits of a cell of industries that hold the length of the run; the others hold its start.
const RUN_LENGTH_BITS: u32 = 6;

/// Zone map of a column: bounds of all cells of a block but blank ones. It only widens until the rows are sorted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Zone {
    pub(super) least: u32,
    pub(super) most: u32,
}

/// The rows of one block, column by column.
#[derive(Clone, Debug)]
pub(super) struct Block {
    cells: [[u32; BLOCK]; FIGURES],
    /// By column, the rows with a cell that is not blank.
    known: [Bits; FIGURES],
    zones: [Zone; FIGURES],
    flags: [Bits; FLAGS],
    /// The rows that are offered and exact; rows past the last one never are.
    pub(super) offered: Bits,
}

impl Block {
    #[inline(always)]
    pub(super) fn cells(&self, figure: Figure) -> &[u32; BLOCK] {
        &self.cells[figure.place()]
    }

    #[inline(always)]
    pub(super) fn known(&self, figure: Figure) -> Bits {
        self.known[figure.place()]
    }

    #[inline(always)]
    pub(super) fn zone(&self, figure: Figure) -> Zone {
        self.zones[figure.place()]
    }

    /// The head of a row's id.
    pub(super) fn head(&self, at: usize) -> u64 {
        let [high, low] = Figure::HEAD.map(|figure| u64::from(self.cells(figure)[at]));
        high << u32::BITS | low
    }

    /// The rows that have one of some flags.
    #[inline(always)]
    pub(super) fn having(&self, flags: Flags) -> Bits {
        self.each_having(flags).fold(Bits::NONE, |rows, more| rows | more)
    }

    /// The rows that have all of some flags.
    #[inline(always)]
    pub(super) fn having_all(&self, flags: Flags) -> Bits {
        self.each_having(flags).fold(!Bits::NONE, |rows, more| rows & more)
    }

    /// The rows that have each of some flags, flag by flag.
    #[inline(always)]
    pub(super) fn each_having(&self, flags: Flags) -> impl Iterator<Item = Bits> + '_ {
        each(flags).map(|place| self.flags[place])
    }
}

/// The columns of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) blocks: Vec<Box<Block>>,
    /// Runs of industry codes; those of replaced rows stay until the index is sorted again.
    codes: Vec<IndustryCode>,
}

/// One row before it is stored.
#[derive(Clone, Debug)]
pub(super) struct Row {
    cells: [u32; FIGURES],
    flags: Flags,
}

impl Columns {
    /// Stores a row; `None` takes the one that was there out.
    pub(super) fn set(&mut self, at: usize, row: Option<&Row>) {
        const EMPTY: Block = Block {
            cells: [[BLANK; BLOCK]; FIGURES],
            known: [Bits::NONE; FIGURES],
            zones: [Zone { least: BLANK, most: 0 }; FIGURES],
            flags: [Bits::NONE; FLAGS],
            offered: Bits::NONE,
        };
        while self.blocks.len() <= at / BLOCK {
            self.blocks.push(Box::new(EMPTY));
        }
        let (block, at) = (&mut self.blocks[at / BLOCK], at % BLOCK);
        block.offered.set(at, row.is_some());
        let Some(row) = row else { return };
        for (figure, &cell) in row.cells.iter().enumerate() {
            block.cells[figure][at] = cell;
            block.known[figure].set(at, cell != BLANK);
            if cell != BLANK {
                let zone = &mut block.zones[figure];
                *zone = Zone { least: zone.least.min(cell), most: zone.most.max(cell) };
            }
        }
        block.flags.iter_mut().for_each(|rows| rows.set(at, false));
        each(row.flags).for_each(|place| block.flags[place].set(at, true));
    }

    /// The row of a listing; `None` where a figure does not fit its cell exactly.
    pub(super) fn row(&mut self, listing: &Listing) -> Option<Row> {
        let available = match (listing.status, listing.available_from) {
            (Some(Status::Reserved), _) => BLANK,
            (_, Some(from)) => narrow_day(from)?,
            (Some(Status::Available), None) => 0,
            (_, None) => BLANK,
        };
        let [size, part] = match &listing.detail {
            Detail::Park(park) => [narrow(park.available_land_mu)?, BLANK],
            Detail::Plot(plot) => [narrow_land(plot.area)?, narrow_land(plot.min_divisible)?],
            Detail::Space(space) => {
                [narrow(space.available_m2)?, narrow(Some(space.min_lettable_m2.unwrap_or_default()))?]
            }
        };
        let dated = listing.dated.as_deref().and_then(evidence_day);
        let mut row = Row { cells: [BLANK; FIGURES], flags: flags_of(listing) };
        let head = head(&listing.id);
        for (figure, cell) in [
            (Figure::SIZE, size),
            (Figure::PART, part),
            (Figure::PRICE, narrow(price_of(listing).map(Ratio::ceil4))?),
            (Figure::AVAILABLE, available),
            (Figure::DIVISION, listing.division.map_or(BLANK, crate::region::DivisionCode::get)),
            (Figure::INDUSTRIES, self.store(industries_of(listing))?),
            (Figure::BANNED, self.store(&listing.banned_industries)?),
            (Figure::DATED, dated.map_or(Some(BLANK), narrow_day)?),
            (Figure::HEAD[0], (head >> u32::BITS) as u32),
            (Figure::HEAD[1], head as u32),
        ] {
            row.cells[figure.place()] = cell;
        }
        for (figure, value) in figures(listing) {
            row.cells[figure.place()] = narrow(value)?;
        }
        Some(row)
    }

    /// Stores a run of codes; `None` where a cell cannot name it.
    fn store(&mut self, codes: &[IndustryCode]) -> Option<u32> {
        let start = u32::try_from(self.codes.len()).ok()?;
        if codes.is_empty() {
            return Some(BLANK);
        }
        if codes.len() >> RUN_LENGTH_BITS != 0 || start >> (u32::BITS - RUN_LENGTH_BITS - 1) != 0 {
            return None;
        }
        self.codes.extend(codes);
        Some(start << RUN_LENGTH_BITS | codes.len() as u32)
    }

    /// The codes of a cell that is not blank.
    #[inline]
    pub(super) fn codes(&self, cell: u32) -> &[IndustryCode] {
        let start = (cell >> RUN_LENGTH_BITS) as usize;
        &self.codes[start..start + (cell & ((1 << RUN_LENGTH_BITS) - 1)) as usize]
    }

    /// Bytes held for the rows.
    pub(super) fn bytes(&self) -> usize {
        self.blocks.len() * size_of::<Block>() + self.codes.capacity() * size_of::<IndustryCode>()
    }
}

/// Sorts rows.
pub(super) type SortKey = [u32; 4];

impl Row {
    /// The key that rows are sorted by, so that blocks are decided alike: those that allow production first, which most
    /// enterprises ask for; then by province, half an octave of size, and prefecture.
    pub(super) fn sort_key(&self) -> SortKey {
        let [division, size] = [Figure::DIVISION, Figure::SIZE].map(|figure| self.cells[figure.place()]);
        let prefecture = prefecture_number(division);
        let low_bits = size.max(2).ilog2() - 1;
        let refuses = u32::from(self.flags & flags::refuses(Use::Production) != 0);
        [refuses, prefecture / PREFECTURES_PER_PROVINCE, size >> low_bits << low_bits, prefecture]
    }
}

/// The first eight bytes of an id as a number.
pub(super) fn head(id: &str) -> u64 {
    let mut bytes = [0; size_of::<u64>()];
    bytes.iter_mut().zip(id.bytes()).for_each(|(byte, own)| *byte = own);
    u64::from_be_bytes(bytes)
}

/// The flags of a listing.
pub(super) fn flags_of(listing: &Listing) -> Flags {
    let allows = allows(listing);
    let uses = Use::WORDS.iter().map(|&(_, need)| match allows(need) {
        Some(true) => flags::allows(need),
        Some(false) => flags::refuses(need),
        None => 0,
    });
    let is_controlled = matches!(&listing.detail, Detail::Plot(plot) if plot.is_controlled());
    let single = [
        (flags::CHEMICAL, listing.chemical_park == Some(true)),
        (flags::NOT_CHEMICAL, listing.chemical_park == Some(false)),
        (flags::CONTROLLED, is_controlled),
        (flags::WIDE, listing.division.is_some_and(is_wide)),
    ];
    let single = single.into_iter().filter(|(_, is_set)| *is_set).map(|(flag, _)| flag);
    let words = terms(listing).into_iter().map(flags::term).chain(listing.level.map(flags::level));
    let Facilities { has, lacks } = listing.facilities;
    let facilities = has.iter().map(flags::has).chain(lacks.iter().map(flags::lacks));
    let fire_class = fire_class_of(listing).map(flags::fire_class);
    uses.chain(single).chain(words).chain(facilities).chain(fire_class).fold(0, |all, flag| all | flag)
}
