//! A requirement compiled for one kind of listing: a predicate per criterion, and its verdicts on the columns.

use super::bits::Bits;
use super::columns::{Block, Segment};
use super::criteria::{CriterionSpec, TABLE, industry_fit};
use super::criterion::Formula;
use super::figure::{Figure, cut};
use super::finding::{Case, Ends, FULL, Finding, SHORT, SILENT, Verdict};
use super::flags;
use super::judge::Judge;
use super::place::{Extent, extent, holds};
use super::predicate::{Magnitude, Predicate};
use super::shelf::Shelf;
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::listing::{Kind, Listing};

/// One criterion of a plan.
#[derive(Clone)]
pub(super) struct Check {
    pub(super) spec: &'static CriterionSpec,
    pub(super) predicate: Predicate,
    pub(super) is_wish: bool,
    pub(super) points: u32,
    /// The unit of the gap; `None` where it has no figure.
    pub(super) unit: Option<&'static str>,
}

/// A requirement compiled for the listings of one kind.
pub(super) struct Plan<'p> {
    pub(super) judge: Judge<'p>,
    pub(super) shelf: &'p Shelf,
    /// Musts before wishes, the cheapest first.
    pub(super) checks: Vec<Check>,
    pub(super) musts: usize,
    /// Checks that give points in the order of scoring: those that lose most first.
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
}

impl<'p> Plan<'p> {
    pub(super) fn new(judge: Judge<'p>, kind: Kind, shelf: &'p Shelf) -> Self {
        let requirement = judge.requirement;
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
                    points: judge.ranking.max_points(spec.criterion),
                    unit: spec.criterion.unit(kind),
                    predicate,
                }),
            }
        }
        checks.sort_by_key(|check| (check.is_wish, check.predicate.cost()));
        let mut scoring: Vec<usize> = (0..checks.len()).filter(|&at| checks[at].points > 0).collect();
        scoring.sort_by_key(|&at| std::cmp::Reverse(checks[at].points));
        Self {
            judge,
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
        spec.judge(&Case::new(self.judge.requirement, listing))
    }

    /// Verdicts of a predicate on some rows of a block; what it returns of other rows has no meaning.
    #[inline(always)]
    pub(super) fn verdicts(&self, spec: &CriterionSpec, predicate: &Predicate, number: usize, rows: Bits) -> Verdicts {
        let found = self.by_cells(predicate, number, rows);
        let odd = if let Predicate::Judge = predicate { rows } else { rows & self.shelf.columns.blocks[number].odd };
        if odd.is_empty() { found } else { self.judged(spec, number, odd, found) }
    }

    /// Verdicts in which those of some rows are the exact judge's, row by row.
    #[inline(never)]
    fn judged(&self, spec: &CriterionSpec, number: usize, rows: Bits, mut found: Verdicts) -> Verdicts {
        let listings = self.shelf.block(number);
        rows.each(|at| {
            let verdict = listings[at].as_ref().and_then(|it| self.judge(spec, it)).map(|finding| finding.verdict);
            found.short.set(at, verdict == Some(Verdict::Short));
            found.open.set(at, matches!(verdict, Some(Verdict::Unknown | Verdict::Unstated)));
            found.unused.set(at, verdict.is_none());
        });
        found
    }

    #[inline(always)]
    fn by_cells(&self, predicate: &Predicate, number: usize, rows: Bits) -> Verdicts {
        let block = &self.shelf.columns.blocks[number];
        let among = |known: Bits, short: Bits| Verdicts { short, open: !known, ..Verdicts::MET };
        match *predicate {
            Predicate::Met | Predicate::Demand(_) | Predicate::Judge => Verdicts::MET,
            Predicate::Flags { met, known } => {
                let known = block.having(known);
                among(known, known & !block.having(met))
            }
            Predicate::Every { has, lacks } => {
                let short = block.having(lacks);
                Verdicts { short, open: !(block.having_all(has) | short), ..Verdicts::MET }
            }
            Predicate::Within(magnitude, ends) => {
                let (known, short) = magnitude.outside(block, ends, rows);
                if let Magnitude::Cell(_) | Magnitude::Take(_) = magnitude {
                    return among(known, short);
                }
                // A blank threshold is unknown on a controlled plot, as each that has one is, and else no demand at all.
                let controlled = block.having(flags::CONTROLLED);
                Verdicts { short, open: !known & controlled, unused: !known & !controlled }
            }
            Predicate::Floor(ends) => {
                let (size, part, [least, most]) = (&block[Figure::SIZE], &block[Figure::PART].cells, ends.cells());
                among(size.known, (rows & size.known).retain(|at| part[at].max(least) > size.cells[at].min(most)))
            }
            Predicate::Regions(ref extents, _) => regions(block, extents, rows),
            Predicate::Industry(wanted) => {
                let column = &block[Figure::INDUSTRIES];
                among(column.known, rows & column.known & !self.with_code(column, rows, |code| code.related(wanted)))
            }
            Predicate::Banned(wanted) => {
                let short = self.with_code(&block[Figure::BANNED], rows, |code| code.contains(wanted));
                Verdicts { short, ..Verdicts::MET }
            }
        }
    }

    /// The rows of which one of the codes satisfies a predicate.
    #[inline(always)]
    fn with_code(&self, column: &Segment, rows: Bits, predicate: impl Fn(&IndustryCode) -> bool) -> Bits {
        (rows & column.known).filter(|at| self.shelf.columns.codes(column.cells[at]).iter().any(&predicate))
    }

    /// The exact fit of a row by its cells; `None` where the listing itself has to be judged.
    pub(super) fn fit(&self, check: &Check, found: &Verdicts, block: &Block, at: usize) -> Option<i64> {
        let (formula, is_short) = (check.spec.formula, found.short.has(at));
        let is_flat = matches!(formula, Formula::Whole | Formula::Nearness | Formula::Shortfall | Formula::Days);
        match &check.predicate {
            _ if found.unused.has(at) => Some(0),
            _ if found.open.has(at) => Some(SILENT),
            Predicate::Regions(_, nearness) if is_short => Some(nearness.fit(block[Figure::DIVISION].cells[at])),
            _ if is_short && check.unit.is_none() => Some(0),
            // Parks lose nothing by more land than is asked.
            Predicate::Met => Some(FULL),
            Predicate::Within(Magnitude::Cell(Figure::SIZE), _) if !is_short => Some(FULL),
            _ if is_flat && !is_short => Some(FULL),
            &Predicate::Industry(wanted) => {
                industry_fit(self.shelf.columns.codes(block[Figure::INDUSTRIES].cells[at]), wanted)
            }
            &Predicate::Within(magnitude, ends) => magnitude.fit(formula, ends, block, at),
            _ => None,
        }
    }

    /// The gap of a row that is short, by its cells where they decide it; `None` where it has none.
    pub(super) fn gap(&self, check: &Check, number: usize, at: usize) -> Option<Decimal> {
        let block = &self.shelf.columns.blocks[number];
        let by_cells = match check.predicate {
            Predicate::Within(magnitude, ends) if !block.odd.has(at) => {
                magnitude.of(block, at).map(|there| ends.gap(there, magnitude.per_unit()))
            }
            _ => None,
        };
        by_cells.or_else(|| self.judge(check.spec, self.shelf.block(number)[at].as_ref()?)?.gap)
    }
}

impl Magnitude {
    /// The figure of a row; `None` for thresholds, whose limits are rounded down.
    fn of(self, block: &Block, at: usize) -> Option<i128> {
        match self {
            Self::Threshold(_) => None,
            Self::Cell(figure) => Some(block[figure].cells[at].into()),
            Self::PerMu(figure, least) => {
                Some(i128::from(block[figure].cells[at]) * i128::from(takes(block, least)(at)))
            }
            Self::Take(least) => Some(takes(block, least)(at).into()),
        }
    }

    /// The exact fit of a row that is met or short; `None` where its cells do not decide it.
    fn fit(self, formula: Formula, ends: Ends, block: &Block, at: usize) -> Option<i64> {
        let (there, per_unit) = (self.of(block, at)?, self.per_unit());
        let fit = ends.fit(formula, there, per_unit);
        // The cell of a price is rounded up: the price itself lies between it and one less.
        let is_sure = formula != Formula::Headroom || fit == ends.fit(formula, there - 1, per_unit);
        is_sure.then_some(fit)
    }

    /// Bounds of the figures of a block but blank ones; of a threshold per mu without the land.
    #[inline(always)]
    fn bounds(self, block: &Block) -> [u32; 2] {
        let size = &block[Figure::SIZE];
        match self {
            Self::Cell(figure) | Self::Threshold(figure) | Self::PerMu(figure, _) => {
                [block[figure].least, block[figure].most]
            }
            // A plot supplies no more than its size, and less than that only from its smallest part on.
            Self::Take(land) => [size.least.min(block[Figure::PART].least.max(cut(land))), size.most],
        }
    }

    /// The rows of which the cells decide it, and those of `rows` among them of which it is outside two ends.
    #[inline(always)]
    pub(super) fn outside(self, block: &Block, ends: Ends, rows: Bits) -> (Bits, Bits) {
        let (size, [low, high], [least, most]) = (&block[Figure::SIZE], ends.cells(), self.bounds(block));
        let (none, all) = (low <= least && most <= high, most < low || high < least);
        match self {
            Self::Cell(figure) | Self::Threshold(figure) => {
                let &Segment { ref cells, known, .. } = &block[figure];
                (known, (rows & known).decided(none, all, |at| (cells[at] < low) | (cells[at] > high)))
            }
            Self::Take(land) => {
                let take = takes(block, land);
                (size.known, (rows & size.known).decided(none, all, |at| (take(at) < low) | (take(at) > high)))
            }
            Self::PerMu(figure, land) => {
                let (per_mu, take) = (&block[figure], takes(block, land));
                let known = per_mu.known & size.known;
                let limit = ends.most.and_then(|most| u64::try_from(most).ok()).unwrap_or(u64::MAX);
                let none = u64::from(most) * u64::from(size.most) <= limit;
                let is_above = |at: usize| u64::from(per_mu.cells[at]) * u64::from(take(at)) > limit;
                (known, (rows & known).decided(none, false, is_above))
            }
        }
    }
}

impl Check {
    /// The least loss of a block's rows, ‰ of a point, by the bounds of their figures.
    pub(super) fn least_loss(&self, block: &Block) -> i64 {
        let formula = self.spec.formula;
        let most = match self.predicate {
            Predicate::Regions(_, ref nearness) if nearness.most(block[Figure::DIVISION].bounds()) < SHORT => SHORT,
            Predicate::Within(magnitude, ends) => ends.best(formula).map_or(FULL, |(best, _)| {
                let [least, most] = magnitude.bounds(block).map(i128::from);
                // The cell of a price is rounded up. Rows that are short or silent keep no more than the largest of these.
                ends.fit(formula, best.max(least - 1).min(most), magnitude.per_unit()).max(SHORT)
            }),
            _ => FULL,
        };
        i64::from(self.points) * (FULL - most)
    }
}

/// The land that each plot of a block would supply.
#[inline(always)]
fn takes(block: &Block, least: i128) -> impl Fn(usize) -> u32 + '_ {
    let (size, part, least) = (&block[Figure::SIZE].cells, &block[Figure::PART].cells, cut(least));
    move |at| part[at].max(least).min(size[at])
}

/// Verdicts on divisions: one that contains a wanted division is open.
#[inline(always)]
fn regions(block: &Block, extents: &[Extent], rows: Bits) -> Verdicts {
    let &Segment { ref cells, known, least, most } = &block[Figure::DIVISION];
    let mut outside = rows & known;
    for &wanted @ (first, more) in extents {
        let (are_inside, are_outside) =
            (holds(wanted, least) && holds(wanted, most), most < first || least > first + more);
        outside = outside.decided(are_inside, are_outside, |at| !holds(wanted, cells[at]));
    }
    let is_wider = |at: usize| extents.iter().any(|&(first, _)| holds(extent(cells[at]), first));
    let wider = (outside & block.having(flags::WIDE)).filter(is_wider);
    Verdicts { short: outside & !wider, open: !known | wider, ..Verdicts::MET }
}
