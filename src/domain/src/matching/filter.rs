//! Which listings are considered, and verdicts over whole blocks of narrow columns.

use super::bits::Bits;
use super::columns::{BLOCK, Columns, Zone};
use super::flags::{Flag, Flags};
use super::plan::{OUTSIDE, Plan, Test, WIDER, covers};
use super::row::{AT_ONCE, BLANK, Codes, Figure, LISTED, NO_DAY, PER_MU_SCALE};
use crate::geo::distance_km;
use crate::listing::{Kind, Listing};
use crate::requirement::Requirement;

/// The kinds that a requirement wants: those it names, else those that its areas speak of.
#[must_use]
pub fn wanted_kinds(requirement: &Requirement) -> Vec<Kind> {
    if !requirement.kinds.is_empty() {
        return requirement.kinds.clone();
    }
    match (requirement.land_mu.is_some(), requirement.floor_m2.is_some()) {
        (true, false) => vec![Kind::Plot, Kind::Park],
        (false, true) => vec![Kind::Space],
        _ => Kind::ALL.to_vec(),
    }
}

/// Whether a listing is judged: offered, of a wanted kind, and not known to lie in an excluded division.
#[must_use]
pub fn is_considered(listing: &Listing, requirement: &Requirement) -> bool {
    listing.is_offered()
        && wanted_kinds(requirement).contains(&listing.kind())
        && !listing.division.is_some_and(|own| requirement.exclude_regions.iter().any(|&outer| covers(outer, own)))
}

/// Verdicts on one row.
pub(super) const MET: u8 = 0;
pub(super) const SHORT: u8 = 1;
pub(super) const OPEN: u8 = 2;
/// The criterion is not used: a plot without control indicators.
pub(super) const UNUSED: u8 = 3;

/// What a zone says of a whole block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certain {
    Met,
    Short,
    /// No row is short; some may be silent.
    NotShort,
    Mixed,
}

impl Certain {
    /// From what is so of all rows that say what the check asks, and whether there are others.
    fn of(all_pass: bool, all_short: bool, blanks: bool) -> Self {
        match (all_pass, all_short, blanks) {
            (true, _, false) => Self::Met,
            (true, _, true) => Self::NotShort,
            (_, true, false) => Self::Short,
            _ => Self::Mixed,
        }
    }
}

/// Of the rows asked about, those that one check finds short, leaves open, or is not used on; it is met on the others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdicts {
    pub(super) short: Bits,
    pub(super) open: Bits,
    pub(super) unused: Bits,
}

impl Verdicts {
    pub(super) const MET: Self = Self { short: Bits::NONE, open: Bits::NONE, unused: Bits::NONE };
    pub(super) const SHORT: Self = Self { short: Bits::ALL, ..Self::MET };

    /// The verdict on one row.
    pub(super) fn of(&self, at: usize) -> u8 {
        match (self.short.has(at), self.open.has(at), self.unused.has(at)) {
            (true, ..) => SHORT,
            (_, true, _) => OPEN,
            (.., true) => UNUSED,
            _ => MET,
        }
    }
}

/// Where the columns, the listings and the codes of one kind are.
#[derive(Clone, Copy)]
pub(super) struct Source<'s> {
    pub(super) columns: &'s Columns,
    pub(super) codes: &'s Codes,
    pub(super) listings: &'s [Option<Listing>],
}

impl Source<'_> {
    /// The listing of a row.
    pub(super) fn listing(&self, row: usize) -> Option<&Listing> {
        self.listings[self.columns.slot.at(row) as usize].as_ref()
    }
}

/// The land that a plot would supply; blank where its area is.
#[inline(always)]
pub(super) fn take(size: u32, part: u32, min: u64) -> u64 {
    let smallest = u64::from(part).max(min);
    if smallest <= u64::from(size) { smallest } else { u64::from(size) }
}

/// `u32` limits compare many at a time; every figure lies below [`BLANK`], so larger limits may be cut to it.
pub(super) fn cut(limit: u64) -> u32 {
    u32::try_from(limit).unwrap_or(BLANK - 1).min(BLANK - 1)
}

/// The land that each plot of a block would supply.
#[inline(always)]
pub(super) fn takes(columns: &Columns, block: usize, least: u64) -> impl Fn(usize) -> u32 + '_ {
    let [size, part] = [Figure::Size, Figure::Part].map(|figure| columns.figures[figure as usize].block(block));
    let least = cut(least);
    move |at| if part[at].max(least) <= size[at] { part[at].max(least) } else { size[at] }
}

/// The rows of a block that are asked about.
#[derive(Clone, Copy)]
struct Asked<'c> {
    columns: &'c Columns,
    block: usize,
    rows: Bits,
}

impl<'c> Asked<'c> {
    #[inline(always)]
    fn figure(self, figure: Figure) -> &'c [u32; BLOCK] {
        self.columns.figures[figure as usize].block(self.block)
    }

    #[inline(always)]
    fn having(self, flag: Flag) -> Bits {
        self.columns.having(self.block, flag)
    }

    /// Verdicts where one thing has to be known of a row.
    #[inline(always)]
    fn known(self, known: Bits, is_short: impl Fn(usize) -> bool) -> Verdicts {
        Verdicts { short: (self.rows & known).those(is_short), open: !known, unused: Bits::NONE }
    }

    /// Verdicts on a figure that has to be stated.
    #[inline(always)]
    fn stated(self, figure: Figure, is_short: impl Fn(u32) -> bool) -> Verdicts {
        let figures = self.figure(figure);
        self.known(self.having(Flag::states(figure)), |at| is_short(figures[at]))
    }

    /// Verdicts on an indicator: blank, it is silence on a controlled plot and else no demand at all.
    #[inline(always)]
    fn demanded(self, indicator: Figure, is_short: impl Fn(usize) -> bool) -> Verdicts {
        let (stated, controlled) = (self.having(Flag::states(indicator)), self.having(Flag::CONTROLLED));
        let short = (self.rows & stated).those(is_short);
        Verdicts { short, open: !stated & controlled, unused: !stated & !controlled }
    }

    #[inline(always)]
    fn at_least(self, figure: Figure, needed: u64) -> Verdicts {
        let needed = cut(needed);
        self.stated(figure, |there| there < needed)
    }

    #[inline(always)]
    fn at_most(self, figure: Figure, most: u64) -> Verdicts {
        let most = cut(most);
        self.stated(figure, |there| there > most)
    }
}

/// One check's verdicts on rows of a block.
#[inline(always)]
pub(super) fn verdicts(plan: &Plan, test: &Test, source: Source<'_>, block: usize, rows: Bits) -> Verdicts {
    let columns = source.columns;
    let asked = Asked { columns, block, rows };
    match *test {
        Test::Region => region(plan, asked),
        Test::Industry => industry(plan, source, asked),
        Test::Banned => {
            let lists = columns.banned.block(block);
            let short = (rows & asked.having(Flag::BANS)).filter(|at| plan.banned[usize::from(lists[at])]);
            Verdicts { short, ..Verdicts::MET }
        }
        Test::Use(need) => {
            let (allowed, silent) = (asked.having(Flag::allows(need)), asked.having(Flag::is_silent_on(need)));
            Verdicts { short: !(allowed | silent), open: silent, unused: Bits::NONE }
        }
        Test::Chemical => {
            let (chemical, not) = (asked.having(Flag::CHEMICAL), asked.having(Flag::NOT_CHEMICAL));
            Verdicts { short: not, open: !(chemical | not), unused: Bits::NONE }
        }
        Test::Tenure(term) => {
            let known = columns.having_any(block, Flags::TERMS);
            Verdicts { short: known & !asked.having(Flag::term(term)), open: !known, unused: Bits::NONE }
        }
        Test::Level { wanted } => {
            let known = columns.having_any(block, Flags::LEVELS);
            Verdicts { short: known & !columns.having_any(block, wanted), open: !known, unused: Bits::NONE }
        }
        Test::Land { min, max, .. } => {
            let (take, min, max) = (takes(columns, block, min), cut(min), cut(max));
            asked.known(asked.having(Flag::states(Figure::Size)), |at| (take(at) < min) | (take(at) > max))
        }
        Test::ParkLand { min: None } => Verdicts::MET,
        Test::ParkLand { min: Some(needed) } => asked.at_least(Figure::Size, needed),
        Test::Floor { min, max } => {
            let (size, part) = (asked.figure(Figure::Size), asked.figure(Figure::Part));
            let (min, max) = (cut(min), cut(max));
            asked.known(asked.having(Flag::states(Figure::Size)), |at| part[at].max(min) > size[at].min(max))
        }
        Test::PerMu { threshold, offered } => {
            let (per_mu, take, offered) =
                (asked.figure(threshold), takes(columns, block, plan.least_land), offered * PER_MU_SCALE);
            let sized = asked.having(Flag::states(Figure::Size));
            let is_short = |at: usize| u64::from(per_mu[at]) * u64::from(take(at)) > offered;
            let found = Asked { rows: rows & sized, ..asked }.demanded(threshold, is_short);
            Verdicts { open: found.open | asked.having(Flag::states(threshold)) & !sized, ..found }
        }
        Test::Threshold { threshold, limit, .. } => {
            let (figures, limit) = (asked.figure(threshold), cut(limit));
            asked.demanded(threshold, |at| figures[at] > limit)
        }
        Test::PlotRatio { wanted } => {
            let (least, most, wanted) = (asked.figure(Figure::FarMin), asked.figure(Figure::FarMax), cut(wanted));
            let known = asked.having(Flag::states(Figure::FarMin)) | asked.having(Flag::states(Figure::FarMax));
            asked.known(known, |at| (least[at] != BLANK) & (least[at] > wanted) | (wanted > most[at]))
        }
        Test::PlotPrice { most } => asked.at_most(Figure::Rate, most),
        Test::Rent { most } => asked.at_most(Figure::UnitPrice, most),
        Test::AtLeast { figure, needed } => asked.at_least(figure, needed),
        Test::Available { by } => {
            let (from, by) =
                (columns.available.block(block), by.clamp(i64::from(AT_ONCE), i64::from(NO_DAY) - 1) as u16);
            asked.known(asked.having(Flag::SAYS_WHEN), |at| from[at] > by)
        }
        Test::Near { .. } => near(test, source, asked),
    }
}

#[inline(always)]
fn region(plan: &Plan, Asked { columns, block, rows }: Asked<'_>) -> Verdicts {
    let (division, regions) = (columns.division.block(block), &plan.regions[..]);
    let mut found = Verdicts::MET;
    rows.each(|at| {
        let region = regions[usize::from(division[at])];
        found.short.set(at, region == OUTSIDE);
        found.open.set(at, region == WIDER);
    });
    found
}

/// Codes inline are compared many at a time; the few rows with longer lists are looked up one by one.
#[inline(always)]
fn industry(plan: &Plan, source: Source<'_>, asked: Asked<'_>) -> Verdicts {
    let Asked { columns, block, rows } = asked;
    let [first, second, third] = columns.industries.each_ref().map(|column| column.block(block));
    let named = asked.having(Flag::NAMES_INDUSTRIES);
    let have = |code: u16| plan.relatives.have(code);
    let strange = (rows & named).those(|at| !(have(first[at]) | have(second[at]) | have(third[at])));
    let is_listed_strange = |at: usize| plan.levels(columns, block * BLOCK + at, source.codes).is_none();
    let listed = (rows & named).those(|at| first[at] == LISTED);
    Verdicts { short: strange & !listed | listed.filter(is_listed_strange), open: !named, unused: Bits::NONE }
}

/// Distances: certain by chords where they are clear of the limit, else by the sphere itself.
#[inline(always)]
fn near(test: &Test, source: Source<'_>, asked: Asked<'_>) -> Verdicts {
    let Test::Near { from, point, most, within, beyond } = *test else { return Verdicts::MET };
    let Asked { columns, block, rows } = asked;
    let [x, y, z] = columns.point.each_ref().map(|column| column.block(block));
    let square = |at: usize| {
        let (dx, dy, dz) = (x[at] - from[0], y[at] - from[1], z[at] - from[2]);
        dx * dx + dy * dy + dz * dz
    };
    let placed = rows & asked.having(Flag::HAS_POINT);
    let far = placed.those(|at| square(at) > beyond);
    let unsure = (placed & !far).those(|at| square(at) >= within);
    let is_far = |at: usize| {
        let place = source.listing(block * BLOCK + at).and_then(|listing| listing.point);
        place.is_some_and(|place| distance_km(point, place) > most)
    };
    Verdicts { short: far | unsure.filter(is_far), open: !placed, unused: Bits::NONE }
}

/// What a block's zones say of a check, before any row is read.
pub(super) fn certain(plan: &Plan, test: &Test, columns: &Columns, block: usize) -> Certain {
    let zones = &columns.blocks[block];
    let zone = |figure: Figure| zones.figures[figure as usize];
    let at_most = |zone: Zone<u32>, most: u64| {
        Certain::of(u64::from(zone.most) <= most, u64::from(zone.least) > most, zone.blanks)
    };
    let at_least = |zone: Zone<u32>, needed: u64| {
        Certain::of(u64::from(zone.least) >= needed, u64::from(zone.most) < needed, zone.blanks)
    };
    // A blank indicator is no demand or silence, which flags tell.
    let demanded = |all_pass: bool| if all_pass { Certain::NotShort } else { Certain::Mixed };
    match *test {
        Test::Region => {
            let zone = zones.divisions;
            if zone.blanks || zone.most == 0 {
                return Certain::Mixed;
            }
            let (from, to) = (usize::from(zone.least), usize::from(zone.most));
            let same = |before: &[u16]| before[to + 1] == before[from];
            Certain::of(same(&plan.not_inside), same(&plan.reachable), false)
        }
        Test::Use(need) => {
            let (allowed, silent) = (Flag::allows(need), Flag::is_silent_on(need));
            let may_be = zones.some.has(allowed) || zones.some.has(silent);
            Certain::of(zones.all.has(allowed), !may_be, false)
        }
        Test::Land { min, max, .. } => {
            let (size, part) = (zone(Figure::Size), zone(Figure::Part));
            let (least, most) = (u64::from(size.least), u64::from(size.most));
            // A plot of a size that fits is sold whole or in a part that fits; one too large only in a part.
            let too_large = least > max && u64::from(part.least) > max;
            Certain::of(least >= min && most <= max, most < min || too_large, size.blanks)
        }
        Test::ParkLand { min: Some(needed) } => at_least(zone(Figure::Size), needed),
        Test::AtLeast { figure, needed } => at_least(zone(figure), needed),
        Test::Floor { min, .. } => {
            let size = zone(Figure::Size);
            Certain::of(false, u64::from(size.most) < min, size.blanks)
        }
        // No plot supplies more than its size.
        Test::PerMu { threshold, offered } => {
            let most = u64::from(zone(threshold).most) * u64::from(zone(Figure::Size).most);
            demanded(most <= offered * PER_MU_SCALE)
        }
        Test::Threshold { threshold, limit, .. } => demanded(u64::from(zone(threshold).most) <= limit),
        Test::PlotPrice { most } => at_most(zone(Figure::Rate), most),
        Test::Rent { most } => at_most(zone(Figure::UnitPrice), most),
        _ => Certain::Mixed,
    }
}

/// Whether no row of a block lies in an excluded division, by its zone.
pub(super) fn none_excluded(plan: &Plan, columns: &Columns, block: usize) -> bool {
    let zone = columns.blocks[block].divisions;
    plan.excluded.is_empty()
        || zone.most != 0 && !plan.excluded[usize::from(zone.least)..=usize::from(zone.most)].contains(&true)
}
