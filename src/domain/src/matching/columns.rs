//! The listings of one kind as narrow columns, in blocks.

use std::ops::Index;

use super::bits::{BLOCK, Bits};
use super::criteria::{FIGURES, allows, figures, industries_of, price_of, words_of};
use super::figure::{BLANK, Figure, UNFIT, narrow, narrow_day, narrow_land};
use super::finding::Ratio;
use super::flags::{self, FLAGS, Flags, each};
use super::place::{PER_PREFECTURE, extent, province};
use super::score::evidence_day;
use crate::facility::Facilities;
use crate::industry::IndustryCode;
use crate::listing::{Detail, Listing, Status};
use crate::region::DivisionCode;
use crate::requirement::Use;

/// The cells of one column in a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) cells: [u32; BLOCK],
    /// The rows with a cell that is not blank.
    pub(super) known: Bits,
    /// Zone map: bounds of all cells but blank ones. They only widen until the rows are sorted.
    pub(super) least: u32,
    pub(super) most: u32,
}

impl Segment {
    /// The zone map.
    #[inline(always)]
    pub(super) const fn bounds(&self) -> (u32, u32) {
        (self.least, self.most)
    }
}

/// The rows of one block, column by column.
#[derive(Clone, Debug)]
pub(super) struct Block {
    columns: [Segment; FIGURES],
    flags: [Bits; FLAGS],
    /// Rows past the last one never are.
    pub(super) offered: Bits,
    /// Rows with a figure that its cell cannot hold exactly: the judge decides on them.
    pub(super) odd: Bits,
}

impl Index<Figure> for Block {
    type Output = Segment;

    #[inline(always)]
    fn index(&self, figure: Figure) -> &Segment {
        &self.columns[figure.place()]
    }
}

impl Block {
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

#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) blocks: Vec<Box<Block>>,
    /// Runs of industry codes by the number in the cell; those of replaced rows stay until the next sort.
    runs: Vec<Box<[IndustryCode]>>,
}

impl Columns {
    /// Writes a listing's row.
    pub(super) fn set(&mut self, at: usize, listing: &Listing) {
        const EMPTY: Block = Block {
            columns: [Segment { cells: [BLANK; BLOCK], known: Bits::NONE, least: BLANK, most: 0 }; FIGURES],
            flags: [Bits::NONE; FLAGS],
            offered: Bits::NONE,
            odd: Bits::NONE,
        };
        let cells = self.cells(listing);
        while self.blocks.len() <= at / BLOCK {
            self.blocks.push(Box::new(EMPTY));
        }
        let (block, at) = (&mut self.blocks[at / BLOCK], at % BLOCK);
        block.offered.set(at, listing.is_offered());
        block.odd.set(at, cells.iter().any(|(_, cell)| cell.is_none()));
        for (figure, cell) in cells {
            let (column, cell) = (&mut block.columns[figure.place()], cell.unwrap_or(UNFIT));
            column.cells[at] = cell;
            column.known.set(at, cell != BLANK);
            if cell != BLANK {
                (column.least, column.most) = (column.least.min(cell), column.most.max(cell));
            }
        }
        block.flags.iter_mut().for_each(|rows| rows.set(at, false));
        each(flags_of(listing)).for_each(|place| block.flags[place].set(at, true));
    }

    /// Every cell of a listing's row; `None` for a figure that no cell holds exactly.
    fn cells(&mut self, listing: &Listing) -> Vec<(Figure, Option<u32>)> {
        let available = match (listing.status, listing.available_from) {
            (Some(Status::Reserved), _) => Some(BLANK),
            (_, Some(from)) => narrow_day(from),
            (Some(Status::Available), None) => Some(0),
            (_, None) => Some(BLANK),
        };
        let part = match &listing.detail {
            Detail::Park(_) => Some(BLANK),
            Detail::Plot(plot) => narrow_land(plot.min_divisible),
            Detail::Space(space) => narrow(Some(space.min_lettable_m2.unwrap_or_default())),
        };
        let dated = listing.dated.as_deref().and_then(evidence_day);
        let fixed = [
            (Figure::SIZE, size_of(listing)),
            (Figure::PART, part),
            (Figure::PRICE, narrow(price_of(listing).map(Ratio::ceil4))),
            (Figure::AVAILABLE, available),
            (Figure::DIVISION, Some(listing.division.map_or(BLANK, DivisionCode::get))),
            (Figure::INDUSTRIES, Some(self.store(industries_of(listing)))),
            (Figure::BANNED, Some(self.store(&listing.banned_industries))),
            (Figure::DATED, dated.map_or(Some(BLANK), narrow_day)),
        ];
        fixed.into_iter().chain(figures(listing).map(|(figure, value)| (figure, narrow(value)))).collect()
    }

    /// Stores a run of codes, and returns its number.
    fn store(&mut self, codes: &[IndustryCode]) -> u32 {
        if codes.is_empty() {
            return BLANK;
        }
        self.runs.push(codes.into());
        self.runs.len() as u32 - 1
    }

    /// The codes of a cell that is not blank.
    #[inline]
    pub(super) fn codes(&self, cell: u32) -> &[IndustryCode] {
        &self.runs[cell as usize]
    }
}

fn size_of(listing: &Listing) -> Option<u32> {
    match &listing.detail {
        Detail::Park(park) => narrow(park.available_land_mu),
        Detail::Plot(plot) => narrow_land(plot.area),
        Detail::Space(space) => narrow(space.available_m2),
    }
}

/// The key that rows are sorted by, so that blocks are decided alike: those that allow production first, which most
/// enterprises ask for; then by province, half an octave of size, and prefecture. Rows not offered come last.
pub(super) fn sort_key(listing: &Listing) -> [u32; 5] {
    let division = listing.division.map_or(BLANK, DivisionCode::get);
    let size = size_of(listing).unwrap_or(UNFIT);
    let low_bits = size.max(2).ilog2() - 1;
    let refuses = allows(listing)(Use::Production) == Some(false);
    let size = size >> low_bits << low_bits;
    [(!listing.is_offered()).into(), refuses.into(), province(division), size, division / PER_PREFECTURE]
}

fn flags_of(listing: &Listing) -> Flags {
    let is_controlled = matches!(&listing.detail, Detail::Plot(plot) if plot.is_controlled());
    let Facilities { has, lacks } = listing.facilities;
    let facilities = [(flags::HAD, has), (flags::LACKED, lacks)]
        .into_iter()
        .flat_map(|(run, some)| some.iter().map(move |facility| run.flag(facility.index())));
    let is_wide = listing.division.is_some_and(|own| extent(own.get()).1 > 0);
    let single = [if is_controlled { flags::CONTROLLED } else { 0 }, if is_wide { flags::WIDE } else { 0 }];
    facilities.chain(single).fold(words_of(listing), |all, flag| all | flag)
}
