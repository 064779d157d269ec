//! One pass over the columns of a kind: rows as sets, block by block, then counts, the best rows and advice.

use pulp::{Arch, Simd, WithSimd};

use super::answer::{Counts, Group};
use super::bits::{Bits, Shortfalls};
use super::columns::{Block, head};
use super::criteria::TABLE;
use super::criterion::Formula;
use super::figure::{BLANK, Figure, cut, from_steps};
use super::finding::{FULL, SHORT, SILENT, Verdict};
use super::flags::{lackable, words};
use super::judge::{Judge, is_considered};
use super::place::holds;
use super::plan::{Check, Plan, Verdicts, sides, takes};
use super::predicate::Predicate;
use super::relax::Advice;
use super::score::{UNDATED, points};
use super::top::{Freshness, Ranked, Top, reaches};
use crate::listing::Listing;

/// The results of the passes of one answer.
pub(super) struct Harvest<'i> {
    pub(super) counts: Counts,
    /// By [`Group`]: matched, to confirm, near.
    pub(super) tops: [Top<'i>; 3],
    pub(super) advice: Advice,
    pub(super) freshness: Freshness,
}

/// Up to so many rows are scored without a bound of what they lose together.
const FEW: usize = 4;

/// Binary digits in which losses are added up; a sum that overflows them is more than there is to spare.
const DIGITS: usize = 6;

/// A pass over the blocks of one kind, with its working space.
struct Pass<'p, 'i> {
    plan: &'p Plan<'i>,
    harvest: &'p mut Harvest<'i>,
    /// By check, on the block at hand.
    verdicts: Vec<Verdicts>,
}

impl<'i> Harvest<'i> {
    /// Scans all blocks of one kind.
    pub(super) fn scan(&mut self, plan: &Plan<'i>) {
        Arch::new().dispatch(Pass { plan, harvest: self, verdicts: vec![Verdicts::MET; plan.checks.len()] });
    }

    /// Judges one listing exactly.
    pub(super) fn judge(&mut self, place: &'i Option<Listing>, judge: Judge<'_>) {
        let considered = place.as_ref().filter(|listing| is_considered(listing, judge.requirement));
        let Some(listing) = considered else { return };
        self.counts.considered += 1;
        let judged = judge.judge(listing);
        let group = judged.group();
        match group {
            Group::Matched => self.counts.matched += 1,
            Group::ToConfirm => self.counts.to_confirm += 1,
            Group::Near => {
                self.counts.near += 1;
                judged.shortfalls().for_each(|short| self.advice.count(listing, short));
            }
            Group::Out => return,
        }
        self.tops[group as usize].offer(Ranked { score: judged.score, head: head(&listing.id), listing: place });
    }
}

/// All blocks with the widest vectors that the processor has: functions that are inlined here are compiled for them.
impl WithSimd for Pass<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) {
        for number in 0..self.plan.shelf.columns.blocks.len() {
            self.block(number);
        }
    }
}

impl<'i> Pass<'_, 'i> {
    #[inline(always)]
    fn block(&mut self, number: usize) {
        let (plan, block) = (self.plan, &self.plan.shelf.columns.blocks[number]);
        let divisions = block.cells(Figure::DIVISION);
        let is_excluded = |at: usize| plan.excluded.iter().any(|&extent| holds(extent, divisions[at]));
        let mut left = block.offered;
        if !plan.excluded.is_empty() {
            left = left & !left.filter(is_excluded);
        }
        self.harvest.counts.considered += left.count();
        let (mut shortfalls, mut open) = (Shortfalls::NONE, Bits::NONE);
        for (at, check) in plan.checks[..plan.musts].iter().enumerate() {
            if left.is_empty() {
                return;
            }
            let found = plan.verdicts(check.spec, &check.predicate, number, left);
            self.verdicts[at] = found;
            open = open | found.open;
            (0..check.weight).for_each(|_| shortfalls.add(found.short));
            left = left & !shortfalls.0[1];
        }
        if !left.is_empty() {
            self.gather(number, left, shortfalls, open);
        }
    }

    /// Counts, lists and advice from the rows of a block that still matter.
    #[inline(always)]
    fn gather(&mut self, number: usize, left: Bits, Shortfalls([one, _]): Shortfalls, open: Bits) {
        let (plan, block) = (self.plan, &self.plan.shelf.columns.blocks[number]);
        let (met, near) = (left & !one, left & one);
        let open = plan.demands.iter().fold(open, |open, &figure| open | block.known(figure));
        let (matched, to_confirm) = (met & !open, met & open);
        self.harvest.counts.matched += matched.count();
        self.harvest.counts.to_confirm += to_confirm.count();
        self.harvest.counts.near += near.count();
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
            (Predicate::Regions(_), _) => {
                let divisions = block.cells(Figure::DIVISION);
                rows.each(|at| advice.count_region(divisions[at]));
            }
            (Predicate::Industry(_), _) => {
                let cells = block.cells(Figure::INDUSTRIES);
                rows.each(|at| advice.count_industries(plan.shelf.columns.codes(cells[at])));
            }
            (&Predicate::Every { lacks, .. }, _) => {
                let mut lacking = Shortfalls::NONE;
                block.each_having(lacks).for_each(|one| lacking.add(one & rows));
                let alone = lacking.0[0] & !lacking.0[1];
                for (code, flag) in lackable(lacks) {
                    advice.count_word(criterion, code, (alone & block.having(flag)).count());
                }
            }
            (predicate, Some(unit)) => {
                let gaps = advice.gaps(criterion, unit);
                let eased = gaps.most().and_then(|most| predicate.eased(most));
                let rows = match eased {
                    Some(eased) => rows & !plan.verdicts(check.spec, &eased, number, rows).short,
                    None => rows,
                };
                let listings = plan.shelf.block(number);
                let exact = |at: usize| plan.judge(check.spec, listings[at].as_ref()?)?.gap;
                rows.each(|at| {
                    let gap = match sides(predicate, block, at) {
                        Some((there, asked, scale)) => Some(from_steps((asked - there).div_ceil(scale))),
                        None => exact(at),
                    };
                    gap.into_iter().for_each(|gap| gaps.count(gap));
                });
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
                let ranked = Ranked { score, head: block.head(at), listing: &listings[at] };
                self.harvest.tops[group as usize].offer(ranked);
            }
        });
    }

    /// The exact score of a row, or `None` as soon as it cannot reach `least`: what its cells decide first, then the
    /// criteria that need the listing itself.
    fn score(&self, block: &Block, at: usize, listing: &Option<Listing>, least: u32) -> Option<u32> {
        let fresh = self.harvest.freshness.of(block.cells(Figure::DATED)[at]);
        let (mut bound, mut score) = (i64::from(self.plan.points) * FULL, 0);
        let mut dear = 0_u32;
        for &number in &self.plan.scoring {
            let (check, verdict) = (&self.plan.checks[number], self.verdicts[number].of(at));
            match self.plan.fit(check, block, at, verdict) {
                Some(fit) => {
                    score += points(check.points, fit, fresh);
                    bound -= i64::from(check.points) * (FULL - fit);
                }
                None if verdict == Some(Verdict::Short) => {
                    bound -= check.short_loss();
                    dear |= 1 << number;
                }
                None => dear |= 1 << number,
            }
            if !reaches(bound, fresh, least) {
                return None;
            }
        }
        if dear == 0 {
            return Some(score);
        }
        for (_, check) in self.plan.checks.iter().enumerate().filter(|(number, _)| dear >> number & 1 != 0) {
            score += points(check.points, self.plan.judge(check.spec, listing.as_ref()?)?.fit, fresh);
        }
        Some(score)
    }

    /// The rows that no bound keeps from a list: by their group, age, silence and figures.
    #[inline(always)]
    fn sift(&self, block: &Block, group: Group, rows: Bits, short: Option<usize>) -> Bits {
        let lost = short.map_or(0, |at| self.plan.checks[at].short_loss());
        let (bound, least) = (i64::from(self.plan.points) * FULL - lost, self.harvest.tops[group as usize].least());
        if rows.is_empty() || !reaches(bound, 100, least) {
            return Bits::NONE;
        }
        if least == 0 {
            return rows;
        }
        let (spare, mut rows) = (bound - i64::from(least) * FULL, rows);
        for (check, found) in self.plan.checks[..self.plan.musts].iter().zip(&self.verdicts) {
            for (silent, loss) in check.silent_losses(found) {
                if loss > spare {
                    rows = rows & !silent;
                }
            }
        }
        if rows.is_empty() {
            return rows;
        }
        rows = self.fresh_enough(block, rows, bound, least);
        if rows.count() > FEW {
            rows = rows & !self.too_silent(rows, spare);
        }
        for &at in self.plan.scoring.iter().filter(|&&at| Some(at) != short) {
            let check = &self.plan.checks[at];
            if rows.is_empty() || !check.predicate.is_graded() {
                break;
            }
            rows = close_enough(block, check, spare, rows);
        }
        rows
    }

    /// The rows that lose by their silences together more than there is to spare, ‰ of a point: sums in bit slices, one set
    /// of rows per binary digit.
    #[inline(always)]
    fn too_silent(&self, rows: Bits, spare: i64) -> Bits {
        let unit = (spare >> DIGITS) + 1;
        let (mut sums, mut over) = ([Bits::NONE; DIGITS], Bits::NONE);
        for (check, found) in self.plan.checks[..self.plan.musts].iter().zip(&self.verdicts) {
            for (silent, loss) in check.silent_losses(found) {
                let silent = silent & rows;
                // Before the division, which costs more than all else here.
                if silent.is_empty() {
                    continue;
                }
                let units = loss / unit;
                let mut carry = Bits::NONE;
                for (digit, sum) in sums.iter_mut().enumerate() {
                    let before = *sum;
                    if units >> digit & 1 != 0 {
                        *sum = before ^ silent ^ carry;
                        carry = before & silent | carry & (before | silent);
                    } else {
                        *sum = before ^ carry;
                        carry = before & carry;
                    }
                }
                over = over | carry;
            }
        }
        over
    }

    /// The rows with evidence fresh enough for a bound to reach a score.
    #[inline(always)]
    fn fresh_enough(&self, block: &Block, rows: Bits, bound: i64, least: u32) -> Bits {
        let oldest = self.harvest.freshness.oldest(|percent| reaches(bound, percent, least));
        let dated = block.cells(Figure::DATED);
        // A blank cell is the largest of all.
        match reaches(bound, UNDATED, least) {
            true => rows.retain(|at| dated[at] >= oldest),
            false => rows.retain(|at| (dated[at] >= oldest) & (dated[at] != BLANK)),
        }
    }
}

/// The rows whose figure for a check alone does not lose more than there is to spare, ‰ of a point. Rows that are not met
/// lose more than any that are.
#[inline(always)]
fn close_enough(block: &Block, check: &Check, spare: i64, rows: Bits) -> Bits {
    let points @ 1.. = i64::from(check.points) else { return rows };
    // The largest share, ‰, that a met figure may lose of its part; both roundings are in the row's favour.
    let share = ((spare.max(0) / points + 1) * FULL / SHORT + 2).unsigned_abs();
    if share >= FULL.unsigned_abs() {
        return rows;
    }
    let of = |whole: u64| (u128::from(whole) * u128::from(share) / u128::from(FULL.unsigned_abs())) as u64 + 2;
    match check.predicate {
        Predicate::AtMost { figure, most } if check.spec.formula == Formula::Headroom => {
            let (cells, limit) = (block.cells(figure), cut(of(most)));
            rows.retain(|at| cells[at] <= limit)
        }
        Predicate::Land { least_land, least, most: Some(most) } => {
            let (middle, half) = least.map_or((most, most), |least| (least.midpoint(most), (most - least) / 2));
            let take = takes(block, least_land);
            let (from, to) = (cut(middle.saturating_sub(of(half))), cut(middle.saturating_add(of(half))));
            rows.retain(|at| (from <= take(at)) & (take(at) <= to))
        }
        _ => rows,
    }
}

impl Check {
    /// The rows that it finds open and unused, with what these lose, ‰ of a point.
    #[inline(always)]
    fn silent_losses(&self, found: &Verdicts) -> [(Bits, i64); 2] {
        let points = i64::from(self.points);
        [(found.open, points * (FULL - SILENT)), (found.unused, points * FULL)]
    }

    /// The least loss of a shortfall, ‰ of a point.
    fn short_loss(&self) -> i64 {
        i64::from(self.points) * if self.unit.is_some() { FULL - SHORT } else { FULL }
    }
}

const _: () = assert!(TABLE.len() <= u32::BITS as usize, "a set of checks fits a word");
