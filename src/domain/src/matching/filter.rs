//! Which listings are considered, and verdicts over whole blocks of narrow columns.

use super::bits::{Bits, Planes};
use super::columns::{BLOCK, Columns, Zone};
use super::plan::{OUTSIDE, Plan, Test, WIDER, covers};
use super::row::{
    AT_ONCE, BLANK, BUY, CHEMICAL_NO, CHEMICAL_YES, CONTROLLED, Codes, Figure, LEASE, LEVEL, LISTED, NO_DAY, NOWHERE,
    PER_MU_SCALE,
};
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

/// Verdicts as the columns' loops write them.
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
    Mixed,
}

/// Rows of a block to be judged: all of them, or the few that are left.
#[derive(Clone, Copy)]
pub(super) enum Rows {
    All,
    Few(Bits),
}

/// The rows of a block that one check finds short, leaves open, or is not used on; it is met on the others.
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
fn cut(limit: u64) -> u32 {
    u32::try_from(limit).unwrap_or(BLANK - 1).min(BLANK - 1)
}

#[inline(always)]
const fn verdict(met: bool) -> u8 {
    choose(met, MET, SHORT)
}

/// One of two verdicts, both at hand: no branch, so that loops go by many rows at once.
#[inline(always)]
const fn choose(first: bool, one: u8, other: u8) -> u8 {
    if first { one } else { other }
}

/// Gathers two bits by row; inlined wherever it is called, so that its loop uses the caller's vectors.
#[inline(always)]
fn planes(rows: Rows, value: impl Fn(usize) -> u8) -> Planes {
    match rows {
        Rows::All => {
            let mut bytes = [MET; BLOCK];
            (0..BLOCK).for_each(|at| bytes[at] = value(at));
            Planes::pack(&bytes)
        }
        Rows::Few(few) => {
            let mut planes = Planes { low: Bits::NONE, high: Bits::NONE };
            few.each(|at| {
                let value = value(at);
                planes.low.set(at, value & 1 != 0);
                planes.high.set(at, value & 2 != 0);
            });
            planes
        }
    }
}

#[inline(always)]
fn gather(rows: Rows, verdict: impl Fn(usize) -> u8) -> Verdicts {
    let Planes { low, high } = planes(rows, verdict);
    Verdicts { short: low & !high, open: high & !low, unused: low & high }
}

/// One check's verdicts on the rows of a block.
#[inline(always)]
pub(super) fn verdicts(plan: &Plan, test: &Test, source: Source<'_>, block: usize, rows: Rows) -> Verdicts {
    let columns = source.columns;
    let figure = |figure: Figure| columns.figures[figure as usize].block(block);
    match *test {
        Test::Region => {
            let division = columns.division.block(block);
            let regions = &plan.regions[..];
            gather(rows, |at| regions[usize::from(division[at])])
        }
        Test::Industry => industry(plan, source, block, rows),
        Test::Banned => {
            let list = columns.banned.block(block);
            let some = Bits::of(|at| list[at] != 0);
            let some = if let Rows::Few(few) = rows { some & few } else { some };
            gather(Rows::Few(some), |at| u8::from(plan.banned[usize::from(list[at])]))
        }
        Test::Use { allowed, silent } => {
            let uses = columns.uses.block(block);
            gather(rows, |at| choose(uses[at] & allowed != 0, MET, choose(uses[at] & silent != 0, OPEN, SHORT)))
        }
        Test::Chemical => {
            let (facets, known) = (columns.facets.block(block), CHEMICAL_YES | CHEMICAL_NO);
            gather(rows, |at| choose(facets[at] & known == 0, OPEN, verdict(facets[at] & CHEMICAL_YES != 0)))
        }
        Test::Tenure { bit } => {
            let (facets, terms) = (columns.facets.block(block), BUY | LEASE);
            gather(rows, |at| choose(facets[at] & terms == 0, OPEN, verdict(facets[at] & bit != 0)))
        }
        Test::Level { wanted } => {
            let facets = columns.facets.block(block);
            // Levels are few: comparing with each goes by many rows at once, shifting by a row's own does not.
            let stated = |level: u8| (1..=LEVEL).any(|one| (level == one) & (wanted >> one & 1 != 0));
            gather(rows, |at| choose(facets[at] & LEVEL == 0, OPEN, verdict(stated(facets[at] & LEVEL))))
        }
        Test::Land { min, max, .. } => {
            let (size, part) = (figure(Figure::Size), figure(Figure::Part));
            let (min, max) = (cut(min), cut(max));
            gather(rows, |at| {
                let take = if part[at].max(min) <= size[at] { part[at].max(min) } else { size[at] };
                choose(size[at] == BLANK, OPEN, u8::from(take < min) | u8::from(take > max))
            })
        }
        Test::ParkLand { min } => match min {
            None => Verdicts::MET,
            Some(min) => at_least(figure(Figure::Size), min, rows),
        },
        Test::Floor { min, max } => {
            let (size, part) = (figure(Figure::Size), figure(Figure::Part));
            let (min, max) = (cut(min), cut(max));
            gather(rows, |at| choose(size[at] == BLANK, OPEN, u8::from(part[at].max(min) > size[at].min(max))))
        }
        Test::PerMu { threshold, offered } => {
            let (per_mu, facets) = (figure(threshold), columns.facets.block(block));
            let (size, part) = (figure(Figure::Size), figure(Figure::Part));
            let (offered, min) = (offered * PER_MU_SCALE, plan.least_land);
            gather(rows, |at| {
                let stated = verdict(u64::from(per_mu[at]) * take(size[at], part[at], min) <= offered);
                choose(per_mu[at] == BLANK, silent(facets[at]), choose(size[at] == BLANK, OPEN, stated))
            })
        }
        Test::Threshold { threshold, limit, .. } => {
            let (threshold, facets, limit) = (figure(threshold), columns.facets.block(block), cut(limit));
            gather(rows, |at| choose(threshold[at] == BLANK, silent(facets[at]), u8::from(threshold[at] > limit)))
        }
        Test::PlotRatio { wanted } => {
            let (least, most, wanted) = (figure(Figure::FarMin), figure(Figure::FarMax), cut(wanted));
            gather(rows, |at| {
                let fits = ((least[at] == BLANK) | (least[at] <= wanted)) & (wanted <= most[at]);
                choose((least[at] == BLANK) & (most[at] == BLANK), OPEN, verdict(fits))
            })
        }
        Test::PlotPrice { most } => at_most(figure(Figure::Rate), most, rows),
        Test::Rent { most } => at_most(figure(Figure::UnitPrice), most, rows),
        Test::AtLeast { figure: which, needed } => at_least(figure(which), needed, rows),
        Test::Available { by } => {
            let from = columns.available.block(block);
            let by = by.clamp(i64::from(AT_ONCE), i64::from(NO_DAY) - 1) as u16;
            gather(rows, |at| choose(from[at] == NO_DAY, OPEN, u8::from(from[at] > by)))
        }
        Test::Near { .. } => near(test, source, block, rows),
    }
}

/// A blank indicator: silence on a controlled plot, else no demand at all.
#[inline(always)]
const fn silent(facets: u8) -> u8 {
    choose(facets & CONTROLLED != 0, OPEN, UNUSED)
}

#[inline(always)]
fn at_least(figures: &[u32; BLOCK], needed: u64, rows: Rows) -> Verdicts {
    let needed = cut(needed);
    gather(rows, |at| choose(figures[at] == BLANK, OPEN, u8::from(figures[at] < needed)))
}

#[inline(always)]
fn at_most(figures: &[u32; BLOCK], most: u64, rows: Rows) -> Verdicts {
    let most = cut(most);
    gather(rows, |at| choose(figures[at] == BLANK, OPEN, u8::from(figures[at] > most)))
}

/// Most rows name no industry: those are found many at a time, the others looked up one by one.
#[inline(always)]
fn industry(plan: &Plan, source: Source<'_>, block: usize, rows: Rows) -> Verdicts {
    let [first, second, third] = source.columns.industries.each_ref().map(|column| column.block(block));
    let related = |codes: &[u16; BLOCK], at: usize| plan.related[usize::from(codes[at])];
    let blank = Bits::of(|at| first[at] == 0);
    let all = if let Rows::Few(few) = rows { few } else { Bits::ALL };
    let stated = gather(Rows::Few(all & !blank), |at| match first[at] {
        LISTED => verdict(plan.levels(source.columns, block * BLOCK + at, source.codes).is_some()),
        _ => verdict(related(first, at) | related(second, at) | related(third, at) != 0),
    });
    Verdicts { open: blank, ..stated }
}

/// Distances: certain by chords where they are clear of the limit, else by the sphere itself.
#[inline(always)]
fn near(test: &Test, source: Source<'_>, block: usize, rows: Rows) -> Verdicts {
    let Test::Near { from, point, most, within, beyond } = *test else { return Verdicts::MET };
    let [x, y, z] = source.columns.point.each_ref().map(|column| column.block(block));
    const UNSURE: u8 = 3;
    let by_chord = |at: usize| {
        let (dx, dy, dz) = (x[at] - from[0], y[at] - from[1], z[at] - from[2]);
        let square = dx * dx + dy * dy + dz * dz;
        let sure = choose(square < within, MET, choose(square > beyond, SHORT, UNSURE));
        choose(x[at] == NOWHERE, OPEN, sure)
    };
    let exact = |at: usize| {
        let place = source.listing(block * BLOCK + at).and_then(|listing| listing.point);
        place.map_or(OPEN, |place| verdict(distance_km(point, place) <= most))
    };
    let Planes { low, high } = planes(rows, by_chord);
    let mut found = Verdicts { short: low & !high, open: high & !low, unused: Bits::NONE };
    (low & high).each(|at| {
        let verdict = exact(at);
        found.short.set(at, verdict == SHORT);
        found.open.set(at, verdict == OPEN);
    });
    found
}

/// What a block's zones say of a check, before any row is read.
pub(super) fn certain(plan: &Plan, test: &Test, columns: &Columns, block: usize) -> Certain {
    let zones = &columns.blocks[block];
    let zone = |figure: Figure| zones.figures[figure as usize];
    let by = |met: bool, short: bool| match (met, short) {
        (true, _) => Certain::Met,
        (_, true) => Certain::Short,
        _ => Certain::Mixed,
    };
    match *test {
        Test::Region => {
            let zone = zones.divisions;
            if zone.blanks || zone.most == 0 {
                return Certain::Mixed;
            }
            let (from, to) = (usize::from(zone.least), usize::from(zone.most));
            let same = |before: &[u16]| before[to + 1] == before[from];
            by(same(&plan.not_inside), same(&plan.reachable))
        }
        Test::Land { min, max, .. } => {
            let (size, part) = (zone(Figure::Size), zone(Figure::Part));
            let whole = part.most == 0 && part.least == BLANK;
            let (least, most) = (u64::from(size.least), u64::from(size.most));
            let short = most < min || whole && least > max;
            by(whole && !size.blanks && least >= min && most <= max, !size.blanks && short)
        }
        Test::ParkLand { min: Some(needed) } => at_least_zone(zone(Figure::Size), needed),
        Test::AtLeast { figure, needed } => at_least_zone(zone(figure), needed),
        Test::Floor { min, .. } => {
            let size = zone(Figure::Size);
            by(false, !size.blanks && u64::from(size.most) < min)
        }
        Test::PlotPrice { most } => at_most_zone(zone(Figure::Rate), most),
        Test::Rent { most } => at_most_zone(zone(Figure::UnitPrice), most),
        _ => Certain::Mixed,
    }
}

fn at_most_zone(zone: Zone<u32>, most: u64) -> Certain {
    match zone {
        zone if zone.blanks => Certain::Mixed,
        zone if u64::from(zone.most) <= most => Certain::Met,
        zone if u64::from(zone.least) > most => Certain::Short,
        _ => Certain::Mixed,
    }
}

fn at_least_zone(zone: Zone<u32>, needed: u64) -> Certain {
    match zone {
        zone if zone.blanks => Certain::Mixed,
        zone if u64::from(zone.least) >= needed => Certain::Met,
        zone if u64::from(zone.most) < needed => Certain::Short,
        _ => Certain::Mixed,
    }
}

/// Whether no row of a block lies in an excluded division, by its zone.
pub(super) fn none_excluded(plan: &Plan, columns: &Columns, block: usize) -> bool {
    let zone = columns.blocks[block].divisions;
    plan.excluded.is_empty()
        || zone.most != 0 && !plan.excluded[usize::from(zone.least)..=usize::from(zone.most)].contains(&true)
}

// The table of divisions and the loops' verdicts share their numbers; a verdict is two bits.
const _: () = assert!(OUTSIDE == SHORT && WIDER == OPEN && super::plan::IN == MET && SHORT == 1 && OPEN == 2);
