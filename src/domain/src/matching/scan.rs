//! One pass over the columns of a kind: rows as sets, block by block, then counts, the best rows and advice.

use pulp::{Arch, Simd, WithSimd};

use super::advice::Advice;
use super::answer::{Counts, Group};
use super::bits::Bits;
use super::columns::Block;
use super::figure::{BLANK, Figure, STEPS, UNFIT, cut};
use super::finding::{Ends, FULL, SHORT, SILENT};
use super::flags::{lackable, words};
use super::place::holds;
use super::plan::{Check, Plan, Verdicts};
use super::predicate::Predicate;
use super::score::{FRESHNESS, Ranked, Top, UNDATED, freshness, points, reaches};
use crate::listing::Listing;

/// The results of the passes of one answer.
pub(super) struct Harvest<'i> {
    pub(super) counts: Counts,
    /// By [`Group`]: matched, to confirm, near.
    pub(super) tops: [Top<'i>; 3],
    pub(super) advice: Advice,
    /// As days are numbered in columns.
    pub(super) today: i64,
}

/// Binary digits in which losses are added up; a sum that overflows them is more than there is to spare.
const DIGITS: usize = 6;

/// A pass over the blocks of one kind, with its working space.
struct Pass<'p, 'i> {
    plan: &'p Plan<'i>,
    harvest: &'p mut Harvest<'i>,
    /// By check, on the block at hand.
    verdicts: Vec<Verdicts>,
    /// By check, the least loss of the block's rows, ‰ of a point.
    losses: Vec<i64>,
}

impl<'i> Harvest<'i> {
    /// Scans all blocks of one kind.
    pub(super) fn scan(&mut self, plan: &Plan<'i>) {
        let (verdicts, losses) = plan.checks.iter().map(|_| (Verdicts::MET, 0)).unzip();
        Arch::new().dispatch(Pass { plan, harvest: self, verdicts, losses });
    }
}

/// All blocks with the widest vectors that the processor has: functions that are inlined here are compiled for them.
impl WithSimd for Pass<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) {
        let (plan, blocks) = (self.plan, &self.plan.shelf.columns.blocks);
        let loss = |block: &Block| plan.checks.iter().map(|check| check.least_loss(block)).sum::<i64>();
        // Those that lose least first: they fill the lists with rows whose score others do not reach.
        let mut order: Vec<(i64, usize)> = blocks.iter().map(|block| loss(block)).zip(0..).collect();
        order.sort_unstable();
        // No closure: it would be compiled without vectors.
        for (_, number) in order {
            self.block(number);
        }
    }
}

impl<'i> Pass<'_, 'i> {
    #[inline(always)]
    fn block(&mut self, number: usize) {
        let (plan, block) = (self.plan, &self.plan.shelf.columns.blocks[number]);
        let divisions = &block[Figure::DIVISION].cells;
        let mut left = block.offered;
        for &excluded in &plan.excluded {
            left = left.retain(|at| !holds(excluded, divisions[at]));
        }
        self.harvest.counts.considered += left.count();
        let (mut near, mut open) = (Bits::NONE, Bits::NONE);
        for (at, check) in plan.checks[..plan.musts].iter().enumerate() {
            if left.is_empty() {
                return;
            }
            let found = plan.verdicts(check.spec, &check.predicate, number, left);
            self.verdicts[at] = found;
            open = open | found.open;
            // Law excludes at once, as two other shortfalls do.
            left = left & !if check.spec.legal { found.short } else { near & found.short };
            near = near | found.short;
        }
        if !left.is_empty() {
            self.gather(number, left & !near, left & near, open);
        }
    }

    /// Counts, lists and advice from the rows of a block without a shortfall and with one.
    #[inline(always)]
    fn gather(&mut self, number: usize, met: Bits, near: Bits, open: Bits) {
        let (plan, block) = (self.plan, &self.plan.shelf.columns.blocks[number]);
        let open = plan.demands.iter().fold(open, |open, &figure| open | block[figure].known);
        let (matched, to_confirm) = (met & !open, met & open);
        self.harvest.counts.matched += matched.count();
        self.harvest.counts.to_confirm += to_confirm.count();
        self.harvest.counts.near += near.count();
        plan.checks.iter().zip(&mut self.losses).for_each(|(check, loss)| *loss = check.least_loss(block));
        self.offer(number, Group::Matched, matched, None);
        self.offer(number, Group::ToConfirm, to_confirm, None);
        for at in 0..plan.musts {
            let rows = near & self.verdicts[at].short;
            if !rows.is_empty() {
                self.advise(number, &plan.checks[at], rows);
                self.offer(number, Group::Near, rows, Some(at));
            }
        }
    }

    /// Counts the near rows of a block that are short on one check.
    #[inline(always)]
    fn advise(&mut self, number: usize, check: &Check, rows: Bits) {
        let (plan, advice) = (self.plan, &mut self.harvest.advice);
        let block = &plan.shelf.columns.blocks[number];
        let criterion = check.spec.criterion;
        match (&check.predicate, check.unit) {
            (Predicate::Regions(..), _) => advice.count_regions(rows, &block[Figure::DIVISION].cells),
            (Predicate::Industry(_), _) => {
                rows.each(|at| advice.count_industries(plan.shelf.columns.codes(block[Figure::INDUSTRIES].cells[at])));
            }
            (&Predicate::Every { lacks, .. }, _) => {
                let (mut one, mut two) = (Bits::NONE, Bits::NONE);
                block.each_having(lacks).for_each(|more| (one, two) = (one | more, two | one & more));
                let alone = rows & one & !two;
                for (code, flag) in lackable(lacks) {
                    advice.count_word(criterion, code, (alone & block.having(flag)).count());
                }
            }
            (predicate, Some(unit)) => {
                let gaps = advice.gaps.entry((criterion, unit)).or_default();
                let rows = match (gaps.most(), predicate) {
                    (Some(gap), &Predicate::Within(magnitude, ends)) => {
                        let wider = ends.widened(gap, magnitude.per_unit());
                        rows & (!magnitude.outside(block, wider, rows).1 | block.odd)
                    }
                    _ => rows,
                };
                rows.each(|at| plan.gap(check, number, at).into_iter().for_each(|gap| gaps.count(gap)));
            }
            (_, None) => {
                for (word, flag) in words(criterion) {
                    advice.count_word(criterion, word, (rows & block.having(flag)).count());
                }
            }
        }
    }

    /// Offers rows, which may all be short on one check, to a list: exact scores for those that no bound excludes.
    #[inline(always)]
    fn offer(&mut self, number: usize, group: Group, rows: Bits, short: Option<usize>) {
        let (plan, block) = (self.plan, &self.plan.shelf.columns.blocks[number]);
        let rows = self.sift(block, group, rows, short);
        if rows.is_empty() {
            return;
        }
        for (at, check) in plan.checks.iter().enumerate().skip(plan.musts) {
            self.verdicts[at] = plan.verdicts(check.spec, &check.predicate, number, rows);
        }
        let listings = plan.shelf.block(number);
        rows.each(|at| {
            let least = self.harvest.tops[group as usize].least();
            if let Some(score) = self.score(block, at, &listings[at], least) {
                self.harvest.tops[group as usize].offer(Ranked { score, listing: &listings[at] });
            }
        });
    }

    /// The exact score of a row, by its cells where they decide it; `None` as soon as it cannot reach `least`.
    fn score(&self, block: &Block, at: usize, listing: &Option<Listing>, least: u32) -> Option<u32> {
        let plan = self.plan;
        if block.odd.has(at) {
            return Some(plan.judge.judge(listing.as_ref()?).score);
        }
        let dated = block[Figure::DATED].cells[at];
        let fresh = freshness((dated != BLANK).then(|| self.harvest.today - i64::from(dated / STEPS)));
        let (mut bound, mut score) = (self.bound(), 0);
        for &number in &plan.scoring {
            let check = &plan.checks[number];
            let by_cells = plan.fit(check, &self.verdicts[number], block, at);
            let fit = by_cells.or_else(|| Some(plan.judge(check.spec, listing.as_ref()?)?.fit))?;
            score += points(check.points, fit, fresh);
            bound -= i64::from(check.points) * (FULL - fit) - self.losses[number];
            if !reaches(bound, fresh, least) {
                return None;
            }
        }
        (score >= least).then_some(score)
    }

    /// The most that a row of the block at hand may keep of all points, ‰ of a point.
    fn bound(&self) -> i64 {
        i64::from(self.plan.points) * FULL - self.losses.iter().sum::<i64>()
    }

    /// The rows that no bound keeps from a list: by their group, silences, figures and age.
    #[inline(always)]
    fn sift(&self, block: &Block, group: Group, rows: Bits, short: Option<usize>) -> Bits {
        let (plan, least) = (self.plan, self.harvest.tops[group as usize].least());
        let most = |check: &Check| match check.predicate {
            Predicate::Regions(_, ref nearness) => nearness.most(block[Figure::DIVISION].bounds()),
            _ => check.unit.map_or(0, |_| SHORT),
        };
        let lost = |at: usize| i64::from(plan.checks[at].points) * (FULL - most(&plan.checks[at])) - self.losses[at];
        let (bound, odd) = (self.bound() - short.map_or(0, lost), rows & block.odd);
        if rows.is_empty() || !reaches(bound, 100, least) {
            return odd;
        }
        let spare = bound - i64::from(least) * FULL;
        let mut rows = self.loud_enough(rows, spare);
        for &at in plan.scoring.iter().filter(|&&at| Some(at) != short) {
            rows = close_enough(block, &plan.checks[at], spare + self.losses[at], rows);
        }
        let class = FRESHNESS.iter().rfind(|&&(_, percent)| reaches(bound, percent, least));
        let oldest = class
            .map_or(UNFIT, |&(age, _)| cut(i128::from(self.harvest.today.saturating_sub(age)) * i128::from(STEPS)));
        // A blank cell is the largest of all. Last, for few rows are left whose cells have to be read for this alone.
        let (dated, latest) = (&block[Figure::DATED].cells, if reaches(bound, UNDATED, least) { BLANK } else { UNFIT });
        rows = rows.retain(|at| (dated[at] >= oldest) & (dated[at] <= latest));
        rows | odd
    }

    /// The rows that lose by their silences together no more than there is to spare, ‰ of a point: sums in bit slices, one
    /// set of rows per binary digit.
    #[inline(always)]
    fn loud_enough(&self, mut rows: Bits, spare: i64) -> Bits {
        let (unit, mut sums) = ((spare >> DIGITS) + 1, [Bits::NONE; DIGITS]);
        let musts = self.plan.checks[..self.plan.musts].iter().zip(&self.losses);
        for ((check, least), found) in musts.zip(&self.verdicts) {
            for (silent, fit) in [(found.open & rows, SILENT), (found.unused & rows, 0)] {
                let loss = i64::from(check.points) * (FULL - fit) - least;
                if loss > spare {
                    rows = rows & !silent;
                } else if !silent.is_empty() {
                    let (units, mut carry) = (loss / unit, Bits::NONE);
                    for (digit, sum) in sums.iter_mut().enumerate() {
                        let added = if units >> digit & 1 != 0 { silent } else { Bits::NONE };
                        (*sum, carry) = (*sum ^ added ^ carry, *sum & added | carry & (*sum | added));
                    }
                    rows = rows & !carry;
                }
            }
        }
        rows
    }
}

/// The rows whose figure for a check alone does not lose more than there is to spare, ‰ of a point. Rows that are not met
/// lose more than any that are.
#[inline(always)]
fn close_enough(block: &Block, check: &Check, spare: i64, rows: Bits) -> Bits {
    let (&Predicate::Within(magnitude, ends), false) = (&check.predicate, rows.is_empty()) else { return rows };
    let Some((best, reach)) = ends.best(check.spec.formula) else { return rows };
    // The largest share, ‰, that a met figure may lose of its part; both roundings are in the row's favour.
    let share = (spare.max(0) / i64::from(check.points) + 1) * FULL / SHORT + 2;
    if share >= FULL {
        return rows;
    }
    let far = i128::from((reach as i64 / FULL + 1) * share) + 2;
    let (known, outside) = magnitude.outside(block, Ends { least: Some(best - far), most: Some(best + far) }, rows);
    rows & known & !outside
}
