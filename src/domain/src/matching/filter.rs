//! Which listings are considered, and verdicts over whole blocks of narrow columns.

use std::ops::Range;

use super::columns::{
    AT_ONCE, BLANK, BUY, CHEMICAL_NO, CHEMICAL_YES, CONTROLLED, Codes, Columns, Figure, LEASE, LEVEL, LISTED, NO_DAY,
    NOWHERE,
};
use super::plan::{OUTSIDE, Plan, Test, WIDER, covers};
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
pub(super) enum Rows<'r> {
    All,
    Few(&'r [u16]),
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
        self.listings[self.columns.slot[row] as usize].as_ref()
    }
}

/// The land that a plot would supply; blank where its area is.
#[inline]
pub(super) fn take(size: u32, part: u32, min: u64) -> u64 {
    let smallest = u64::from(part).max(min);
    if smallest <= u64::from(size) { smallest } else { u64::from(size) }
}

#[inline]
fn fill(rows: Rows<'_>, out: &mut [u8], verdict: impl Fn(usize) -> u8) {
    match rows {
        Rows::All => out.iter_mut().enumerate().for_each(|(at, slot)| *slot = verdict(at)),
        Rows::Few(few) => few.iter().for_each(|&at| out[usize::from(at)] = verdict(usize::from(at))),
    }
}

/// `u32` limits compare four at a time; every figure lies below [`BLANK`], so larger limits may be cut to it.
fn cut(limit: u64) -> u32 {
    u32::try_from(limit).unwrap_or(BLANK - 1).min(BLANK - 1)
}

#[inline]
const fn verdict(met: bool) -> u8 {
    choose(met, MET, SHORT)
}

/// One of two verdicts, both at hand: no branch, so that loops go by many rows at once.
#[inline]
const fn choose(first: bool, one: u8, other: u8) -> u8 {
    if first { one } else { other }
}

/// Writes one check's verdicts on a block's rows into `out`.
pub(super) fn verdicts(
    plan: &Plan,
    test: &Test,
    source: Source<'_>,
    range: Range<usize>,
    rows: Rows<'_>,
    out: &mut [u8],
) {
    let columns = source.columns;
    let out = &mut out[..range.len()];
    let n = out.len();
    let figure = |figure| &columns.figure(figure, range.clone())[..n];
    let facets = &columns.facets[range.clone()][..n];
    match *test {
        Test::Region => {
            let division = &columns.division[range.clone()][..n];
            let regions = &plan.regions[..];
            fill(rows, out, |at| regions[usize::from(division[at])]);
        }
        Test::Industry => industry(plan, source, &range, rows, out),
        Test::Banned => {
            let list = &columns.banned[range.clone()][..n];
            fill(rows, out, |at| u8::from(list[at] != 0 && plan.banned[usize::from(list[at])]));
        }
        Test::Use { allowed, silent } => {
            let uses = &columns.uses[range.clone()][..n];
            fill(rows, out, |at| choose(uses[at] & allowed != 0, MET, choose(uses[at] & silent != 0, OPEN, SHORT)));
        }
        Test::Chemical => {
            let known = CHEMICAL_YES | CHEMICAL_NO;
            let stated = |facets: u8| verdict(facets & CHEMICAL_YES != 0);
            fill(rows, out, |at| choose(facets[at] & known == 0, OPEN, stated(facets[at])));
        }
        Test::Tenure { bit } => {
            let terms = BUY | LEASE;
            fill(rows, out, |at| choose(facets[at] & terms == 0, OPEN, verdict(facets[at] & bit != 0)));
        }
        Test::Level { wanted } => {
            let stated = |level: u8| verdict(wanted >> level & 1 != 0);
            fill(rows, out, |at| choose(facets[at] & LEVEL == 0, OPEN, stated(facets[at] & LEVEL)));
        }
        Test::Land { min, max, .. } => {
            let (size, part) = (figure(Figure::Size), figure(Figure::Part));
            let (min, max) = (cut(min), cut(max));
            fill(rows, out, |at| {
                let take = if part[at].max(min) <= size[at] { part[at].max(min) } else { size[at] };
                let short = u8::from(take < min) | u8::from(take > max);
                choose(size[at] == BLANK, OPEN, short)
            });
        }
        Test::ParkLand { min } => {
            let size = figure(Figure::Size);
            match min {
                None => fill(rows, out, |_| MET),
                Some(min) => at_least(size, cut(min), rows, out),
            }
        }
        Test::Floor { min, max } => {
            let (size, part) = (figure(Figure::Size), figure(Figure::Part));
            let (min, max) = (cut(min), cut(max));
            fill(rows, out, |at| {
                let short = u8::from(part[at].max(min) > size[at].min(max));
                choose(size[at] == BLANK, OPEN, short)
            });
        }
        Test::PerMu { threshold, offered } => {
            let per_mu = figure(threshold);
            let (size, part) = (figure(Figure::Size), figure(Figure::Part));
            let (offered, min) = (offered * PER_MU_SCALE, plan.least_land);
            fill(rows, out, |at| {
                let stated = verdict(u64::from(per_mu[at]) * take(size[at], part[at], min) <= offered);
                choose(per_mu[at] == BLANK, silent(facets[at]), choose(size[at] == BLANK, OPEN, stated))
            });
        }
        Test::Threshold { threshold, limit, .. } => {
            let (threshold, limit) = (figure(threshold), cut(limit));
            fill(rows, out, |at| {
                let stated = u8::from(threshold[at] > limit);
                choose(threshold[at] == BLANK, silent(facets[at]), stated)
            });
        }
        Test::PlotRatio { wanted } => {
            let (least, most, wanted) = (figure(Figure::FarMin), figure(Figure::FarMax), cut(wanted));
            fill(rows, out, |at| {
                let fits = ((least[at] == BLANK) | (least[at] <= wanted)) & (wanted <= most[at]);
                choose((least[at] == BLANK) & (most[at] == BLANK), OPEN, verdict(fits))
            });
        }
        Test::PlotPrice { most } => {
            let (whole, by_sqm, size) = (figure(Figure::Price), figure(Figure::UnitPrice), figure(Figure::Size));
            let limit = cut(most.saturating_mul(SQM_PRICE));
            // Past 32 bits no price a mu is above it: the dearest whole over the smallest land is.
            let exact = u64::from(u32::try_from(most).unwrap_or(u32::MAX));
            fill(rows, out, |at| {
                let by_mu = u64::from(whole[at]) * PER_MU_SCALE > exact * u64::from(size[at]);
                let unpriced = choose(by_sqm[at] == BLANK, OPEN, verdict(by_sqm[at] <= limit));
                choose(whole[at] == BLANK, unpriced, u8::from(by_mu))
            });
        }
        Test::Rent { most } => {
            let (rent, most) = (figure(Figure::UnitPrice), cut(most));
            fill(rows, out, |at| {
                let short = u8::from(rent[at] > most);
                choose(rent[at] == BLANK, OPEN, short)
            });
        }
        Test::AtLeast { figure: which, needed } => at_least(figure(which), cut(needed), rows, out),
        Test::Available { by } => {
            let from = &columns.available[range.clone()][..n];
            let by = by.clamp(i64::from(AT_ONCE), i64::from(NO_DAY) - 1) as u16;
            fill(rows, out, |at| {
                let short = u8::from(from[at] > by);
                choose(from[at] == NO_DAY, OPEN, short)
            });
        }
        Test::Near { .. } => near(test, source, &range, rows, out),
    }
}

/// Land units in a mu: a threshold per mu times land units, over this, is ten-thousandths.
pub(super) const PER_MU_SCALE: u64 = 200_000;
/// 元/㎡ in a 万元/亩.
pub(super) const SQM_PRICE: u64 = 15;

/// A blank indicator: silence on a controlled plot, else no demand at all.
#[inline]
const fn silent(facets: u8) -> u8 {
    choose(facets & CONTROLLED != 0, OPEN, UNUSED)
}

fn at_least(figures: &[u32], needed: u32, rows: Rows<'_>, out: &mut [u8]) {
    fill(rows, out, |at| {
        let short = u8::from(figures[at] < needed);
        choose(figures[at] == BLANK, OPEN, short)
    });
}

fn industry(plan: &Plan, source: Source<'_>, range: &Range<usize>, rows: Rows<'_>, out: &mut [u8]) {
    let [first, second, third] = &source.columns.industries;
    let related = &plan.related[..];
    fill(rows, out, |at| {
        let row = range.start + at;
        match first[row] {
            0 => OPEN,
            LISTED => verdict(plan.levels(source.columns, row, source.codes).is_some()),
            code => {
                let any =
                    related[usize::from(code)] | related[usize::from(second[row])] | related[usize::from(third[row])];
                u8::from(any == 0)
            }
        }
    });
}

/// Distances: certain by chords where they are clear of the limit, else by the sphere itself.
fn near(test: &Test, source: Source<'_>, range: &Range<usize>, rows: Rows<'_>, out: &mut [u8]) {
    let Test::Near { from, point, most, within, beyond } = *test else { return };
    let [x, y, z] = [0, 1, 2].map(|axis: usize| &source.columns.point[axis][range.clone()][..out.len()]);
    const UNSURE: u8 = u8::MAX;
    fill(rows, out, |at| {
        let (dx, dy, dz) = (x[at] - from[0], y[at] - from[1], z[at] - from[2]);
        let square = dx * dx + dy * dy + dz * dz;
        let sure = if square > beyond { SHORT } else { UNSURE };
        let sure = if square < within { MET } else { sure };
        if x[at] == NOWHERE { OPEN } else { sure }
    });
    let exact = |at: usize| {
        let place = source.listing(range.start + at).and_then(|listing| listing.point);
        place.map_or(OPEN, |place| verdict(distance_km(point, place) <= most))
    };
    match rows {
        Rows::All => {
            for (at, slot) in out.iter_mut().enumerate().filter(|(_, slot)| **slot == UNSURE) {
                *slot = exact(at);
            }
        }
        Rows::Few(few) => few.iter().map(|&at| usize::from(at)).for_each(|at| {
            if out[at] == UNSURE {
                out[at] = exact(at);
            }
        }),
    }
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
            let none = plan.reachable[to + 1] == plan.reachable[from];
            by(from == to && plan.regions[from] == super::plan::IN, none)
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
        Test::Rent { most } => {
            let rent = zone(Figure::UnitPrice);
            by(!rent.blanks && u64::from(rent.most) <= most, !rent.blanks && u64::from(rent.least) > most)
        }
        _ => Certain::Mixed,
    }
}

fn at_least_zone(zone: super::columns::Zone<u32>, needed: u64) -> Certain {
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

// The table of divisions and the loops' verdicts share their numbers.
const _: () = assert!(OUTSIDE == SHORT && WIDER == OPEN && super::plan::IN == MET);
