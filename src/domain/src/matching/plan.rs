//! A requirement compiled for one kind of listing: a predicate per criterion, and its verdicts on the columns.

use super::bits::{BLOCK, Bits};
use super::columns::Block;
use super::criteria::{CriterionSpec, TABLE, excess_fit, industry_fit, land_fit, price_fit};
use super::criterion::{Formula, Relaxing};
use super::figure::{Figure, LAND_PER_MU, LAND_PER_STEP, STEPS_PER_DAY, cut, take};
use super::finding::{Case, FULL, Finding, SHORT, SILENT, Verdict, short_fit};
use super::flags;
use super::place::{extent, holds};
use super::predicate::{Extent, Predicate};
use super::score::Ranking;
use super::shelf::Shelf;
use crate::industry::IndustryCode;
use crate::listing::{Kind, Listing};
use crate::requirement::Requirement;

/// One criterion of a plan.
#[derive(Clone)]
pub(super) struct Check {
    pub(super) spec: &'static CriterionSpec,
    pub(super) predicate: Predicate,
    pub(super) is_wish: bool,
    /// Shortfalls that one on this criterion counts as: law excludes at once, as two others do.
    pub(super) weight: usize,
    pub(super) points: u32,
    /// The unit of the gap; `None` where the criterion is not relaxed by figures.
    pub(super) unit: Option<&'static str>,
}

/// A requirement compiled for the listings of one kind.
pub(super) struct Plan<'p> {
    pub(super) requirement: &'p Requirement,
    pub(super) shelf: &'p Shelf,
    /// Musts before wishes, the cheapest first.
    pub(super) checks: Vec<Check>,
    pub(super) musts: usize,
    /// Checks that give points in the order of scoring: figures that lose most first, then by points.
    pub(super) scoring: Vec<usize>,
    /// Columns of what listings demand and the requirement does not state: it leaves a row open, and gives no points.
    pub(super) demands: Vec<Figure>,
    /// The most points of all checks together.
    pub(super) points: u32,
    pub(super) excluded: Vec<Extent>,
}

/// Rows that a predicate finds short, open, or not judged by the criterion; all others are met.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdicts {
    pub(super) short: Bits,
    pub(super) open: Bits,
    pub(super) unused: Bits,
}

impl Verdicts {
    pub(super) const MET: Self = Self { short: Bits::NONE, open: Bits::NONE, unused: Bits::NONE };

    /// The verdict on one row; `None` where the criterion is not used.
    pub(super) fn of(&self, at: usize) -> Option<Verdict> {
        match (self.short.has(at), self.open.has(at), self.unused.has(at)) {
            (true, ..) => Some(Verdict::Short),
            (_, true, _) => Some(Verdict::Unknown),
            (.., true) => None,
            _ => Some(Verdict::Met),
        }
    }
}

impl<'p> Plan<'p> {
    pub(super) fn new(requirement: &'p Requirement, kind: Kind, ranking: &Ranking, shelf: &'p Shelf) -> Self {
        let (mut checks, mut demands) = (Vec::new(), Vec::new());
        for spec in TABLE {
            let is_wish = requirement.prefer.contains(&spec.criterion);
            match spec.predicate(requirement, kind) {
                None => {}
                Some(Predicate::Demand(figure)) if !is_wish => demands.push(figure),
                Some(Predicate::Demand(_)) => {}
                Some(predicate) => checks.push(Check {
                    spec,
                    is_wish,
                    weight: if spec.legal { 2 } else { 1 },
                    points: ranking.max_points(spec.criterion),
                    unit: spec.criterion.unit(kind).filter(|_| spec.relaxing == Relaxing::Gap),
                    predicate,
                }),
            }
        }
        checks.sort_by_key(|check| (check.is_wish, check.predicate.cost()));
        let mut scoring: Vec<usize> = (0..checks.len()).filter(|&at| checks[at].points > 0).collect();
        scoring.sort_by_key(|&at| (!checks[at].predicate.is_graded(), std::cmp::Reverse(checks[at].points)));
        Self {
            requirement,
            shelf,
            musts: checks.iter().filter(|check| !check.is_wish).count(),
            points: checks.iter().map(|check| check.points).sum(),
            scoring,
            demands,
            excluded: requirement.exclude_regions.iter().map(|code| extent(code.get())).collect(),
            checks,
        }
    }

    /// The exact finding of a criterion on one listing.
    pub(super) fn judge(&self, spec: &CriterionSpec, listing: &Listing) -> Option<Finding> {
        spec.judge(&Case::new(self.requirement, listing))
    }

    /// Verdicts of a predicate on some rows of a block; what it returns of other rows has no meaning.
    #[inline(always)]
    pub(super) fn verdicts(&self, spec: &CriterionSpec, predicate: &Predicate, number: usize, rows: Bits) -> Verdicts {
        let block = &self.shelf.columns.blocks[number];
        let among = |known: Bits, short: Bits| Verdicts { short, open: !known, ..Verdicts::MET };
        match *predicate {
            Predicate::Met | Predicate::Demand(_) => Verdicts::MET,
            Predicate::Flags { met, known } => {
                let known = block.having(known);
                among(known, known & !block.having(met))
            }
            Predicate::Every { has, lacks } => {
                let short = block.having(lacks);
                Verdicts { short, open: !(block.having_all(has) | short), ..Verdicts::MET }
            }
            Predicate::AtLeast { figure, least } => {
                let (known, cells, least, zone) =
                    (block.known(figure), block.cells(figure), cut(least), block.zone(figure));
                let is_short = |at: usize| cells[at] < least;
                among(known, (rows & known).decided(zone.least >= least, zone.most < least, is_short))
            }
            Predicate::AtMost { figure, most } => {
                let (known, cells, most, zone) =
                    (block.known(figure), block.cells(figure), cut(most), block.zone(figure));
                let is_short = |at: usize| cells[at] > most;
                among(known, (rows & known).decided(zone.most <= most, zone.least > most, is_short))
            }
            Predicate::Threshold { figure, most } => {
                let (cells, most, zone) = (block.cells(figure), cut(most), block.zone(figure));
                let is_short = |at: usize| cells[at] > most;
                let known = rows & block.known(figure);
                demanded(block, figure, known.decided(zone.most <= most, zone.least > most, is_short))
            }
            Predicate::PerMu { figure, most, least_land } => {
                let (per_mu, take, sized) = (block.cells(figure), takes(block, least_land), block.known(Figure::SIZE));
                let is_short = |at: usize| u64::from(per_mu[at]) * u64::from(take(at)) > most;
                let [per_mu, size] = [figure, Figure::SIZE].map(|figure| u64::from(block.zone(figure).most));
                let known = rows & block.known(figure) & sized;
                let found = demanded(block, figure, known.decided(per_mu * size <= most, false, is_short));
                Verdicts { open: found.open | block.known(figure) & !sized, ..found }
            }
            Predicate::Land { least_land, least, most } => {
                let (known, take) = (block.known(Figure::SIZE), takes(block, least_land));
                let (least, most) = (cut(least.unwrap_or_default()), cut(most.unwrap_or(u64::MAX)));
                let is_short = |at: usize| (take(at) < least) | (take(at) > most);
                let [size, part] = [Figure::SIZE, Figure::PART].map(|figure| block.zone(figure));
                // A plot supplies no more than its size and no less than its smallest part.
                let are_met = size.least >= least && size.most <= most;
                let are_short = size.most < least || size.least.min(part.least) > most;
                among(known, (rows & known).decided(are_met, are_short, is_short))
            }
            Predicate::Floor { least, most } => {
                let (known, size, part) =
                    (block.known(Figure::SIZE), block.cells(Figure::SIZE), block.cells(Figure::PART));
                let (least, most) = (cut(least), cut(most));
                among(known, (rows & known).retain(|at| part[at].max(least) > size[at].min(most)))
            }
            Predicate::Regions(ref extents) => regions(block, extents, rows),
            Predicate::Industry(wanted) => {
                let (known, cells) = (block.known(Figure::INDUSTRIES), block.cells(Figure::INDUSTRIES));
                let whole = |code: IndustryCode| code.digits() == 0;
                // Most codes are of another division, which is compared faster.
                let is_related = |&code: &IndustryCode| {
                    (whole(code) || whole(wanted) || code.division() == wanted.division()) && code.related(wanted)
                };
                let is_strange = |at: usize| !self.shelf.columns.codes(cells[at]).iter().any(is_related);
                among(known, (rows & known).filter(is_strange))
            }
            Predicate::Banned(wanted) => {
                let cells = block.cells(Figure::BANNED);
                let is_banned =
                    |at: usize| self.shelf.columns.codes(cells[at]).iter().any(|code| code.contains(wanted));
                Verdicts { short: (rows & block.known(Figure::BANNED)).filter(is_banned), ..Verdicts::MET }
            }
            Predicate::Judge => self.judged(spec, number, rows),
        }
    }

    /// Verdicts of the exact judge, row by row.
    fn judged(&self, spec: &CriterionSpec, number: usize, rows: Bits) -> Verdicts {
        let mut found = Verdicts::MET;
        rows.each(|at| {
            let Some(listing) = self.shelf.listing(number * BLOCK + at) else { return };
            match self.judge(spec, listing).map(|finding| finding.verdict) {
                Some(Verdict::Met) => {}
                Some(Verdict::Short) => found.short.set(at, true),
                Some(Verdict::Unknown | Verdict::Unstated) => found.open.set(at, true),
                None => found.unused.set(at, true),
            }
        });
        found
    }

    /// The exact fit of a row by its cells; `None` where the listing itself has to be judged.
    pub(super) fn fit(&self, check: &Check, block: &Block, at: usize, verdict: Option<Verdict>) -> Option<i64> {
        let cell = |figure: Figure| i128::from(block.cells(figure)[at]);
        match verdict {
            None | Some(Verdict::Unstated) => return Some(0),
            Some(Verdict::Unknown) => return Some(SILENT),
            Some(Verdict::Short) if check.unit.is_none() => return Some(0),
            Some(Verdict::Short) => return short_fit_of(check, block, at),
            Some(Verdict::Met) => {}
        }
        match (&check.predicate, check.spec.formula) {
            (&Predicate::Land { least_land, least, most }, _) => {
                let land = takes(block, least_land)(at);
                Some(land_fit(land.into(), least.map(i128::from), most.map(i128::from)))
            }
            (&Predicate::AtLeast { figure, least }, Formula::Excess) => Some(excess_fit(cell(figure), least.into())),
            (&Predicate::AtMost { figure, most }, Formula::Headroom) => {
                // The cell is rounded up: the price itself lies between it and one less.
                let [up, down] = [cell(figure), cell(figure) - 1].map(|price| price_fit(price, most.into()));
                (up == down).then_some(up)
            }
            (&Predicate::Industry(wanted), _) => {
                industry_fit(self.shelf.columns.codes(block.cells(Figure::INDUSTRIES)[at]), wanted)
            }
            (Predicate::Judge, formula) => matches!(formula, Formula::Whole | Formula::Shortfall).then_some(FULL),
            _ => Some(FULL),
        }
    }
}

/// The figure that is there and the figure asked of a short row, and their units per ten-thousandth; `None` where cells do
/// not decide them exactly.
pub(super) fn sides(predicate: &Predicate, block: &Block, at: usize) -> Option<(u64, u64, u64)> {
    let cell = |figure: Figure| u64::from(block.cells(figure)[at]);
    let land = |least_land| u64::from(takes(block, least_land)(at));
    Some(match *predicate {
        Predicate::Land { least_land, least: Some(least), .. } if land(least_land) < least => {
            (land(least_land), least, LAND_PER_STEP)
        }
        Predicate::Land { least_land, most, .. } => (most?, land(least_land), LAND_PER_STEP),
        Predicate::AtLeast { figure, least } => (cell(figure), least, 1),
        Predicate::AtMost { figure, most } => (most, cell(figure), 1),
        Predicate::PerMu { figure, most, least_land } => (most, cell(figure) * land(least_land), LAND_PER_MU),
        _ => return None,
    })
}

fn short_fit_of(check: &Check, block: &Block, at: usize) -> Option<i64> {
    let (there, asked, _) = sides(&check.predicate, block, at)?;
    let fit = |asked: u64| short_fit(there.into(), asked.into());
    match check.spec.formula {
        Formula::Days => Some((SHORT - ((asked - there) / u64::from(STEPS_PER_DAY)) as i64).max(0)),
        // The cell is rounded up.
        Formula::Headroom => Some(fit(asked)).filter(|&up| up == fit(asked - 1)),
        _ => Some(fit(asked)),
    }
}

/// The land that each plot of a block would supply.
#[inline(always)]
pub(super) fn takes(block: &Block, least: u64) -> impl Fn(usize) -> u32 + '_ {
    let (size, part, least) = (block.cells(Figure::SIZE), block.cells(Figure::PART), cut(least));
    move |at| take(size[at], part[at], least)
}

/// Verdicts on an indicator: blank, it is unknown on a controlled plot and else no demand at all.
#[inline(always)]
fn demanded(block: &Block, figure: Figure, short: Bits) -> Verdicts {
    let (known, controlled) = (block.known(figure), block.having(flags::CONTROLLED));
    Verdicts { short, open: !known & controlled, unused: !known & !controlled }
}

/// Verdicts on divisions: one that contains a wanted division is open.
#[inline(always)]
fn regions(block: &Block, extents: &[Extent], rows: Bits) -> Verdicts {
    let (known, codes, zone) =
        (block.known(Figure::DIVISION), block.cells(Figure::DIVISION), block.zone(Figure::DIVISION));
    let mut outside = rows & known;
    for &wanted @ (first, more) in extents {
        let are_inside = holds(wanted, zone.least) && holds(wanted, zone.most);
        let are_outside = zone.most < first || zone.least > first + more;
        outside = outside.decided(are_inside, are_outside, |at| !holds(wanted, codes[at]));
    }
    let is_wider = |at: usize| extents.iter().any(|&(first, _)| holds(extent(codes[at]), first));
    let wider = (outside & block.having(flags::WIDE)).filter(is_wider);
    Verdicts { short: outside & !wider, open: !known | wider, ..Verdicts::MET }
}
