//! What keeps rows, and whole blocks, from being scored: bounds of what they lose, in the rows' favour.

use pulp::{Simd, WithSimd};

use super::bits::{Bits, Sums};
use super::columns::Block;
use super::filter::{cut, takes};
use super::gather::Candidates;
use super::judge::land::off_middle;
use super::judge::{FULL, SHORT, permille};
use super::plan::{Check, Ends, Test};
use super::rank::Freshness;
use super::row::{Figure, NO_DAY};
use super::scan::{Harvest, Pass};
use super::score::UNDATED;

/// So few rows are scored without a look at what they lose together.
const SCORED_AT_ONCE: usize = 3;

/// What so few checks lose by silence together parts too few rows to be worth adding up.
const SUMMED: usize = 4;

impl Pass<'_> {
    /// Sets what every row of a block loses of each check's points at least.
    pub(super) fn read_losses(&mut self, block: usize) {
        let zones = &self.source.columns.blocks[block];
        for (loss, check) in self.losses.iter_mut().zip(&self.plan.checks) {
            *loss = least_loss(check, zones);
        }
    }

    /// Whether no row of a block can enter the list of the matched.
    pub(super) fn is_hopeless(&self, block: usize, harvest: &Harvest) -> bool {
        let bound = self.bound(self.losses.iter().sum());
        let zone = self.source.columns.blocks[block].dated;
        let dated = if zone.most == 0 { 0 } else { harvest.freshness.of(zone.most) };
        let undated = if zone.blanks { UNDATED } else { 0 };
        !reaches(bound, dated.max(undated), harvest.tops[0].least())
    }

    /// Of some rows those of which the evidence is fresh enough for the list of the matched, and that demand nothing
    /// unstated.
    #[inline(always)]
    pub(super) fn fresh(&self, block: usize, rows: Bits, harvest: &Harvest) -> Bits {
        let least = harvest.tops[0].least();
        let bound = self.bound(self.losses.iter().sum());
        self.fresh_enough(block, rows, bound, least, harvest.freshness) & !self.demanding(block)
    }

    /// The points that are left of all after a loss, ‰ of a point.
    fn bound(&self, lost: i64) -> i64 {
        i64::from(self.plan.points) * FULL - lost
    }

    /// Of some rows those with evidence fresh enough for a bound to reach a score.
    #[inline(always)]
    fn fresh_enough(&self, block: usize, rows: Bits, bound: i64, least: u32, freshness: Freshness) -> Bits {
        let oldest = freshness.oldest(|percent| reaches(bound, percent, least));
        let dated = self.source.columns.dated.block(block);
        // A blank day is the last of all numbers.
        match reaches(bound, UNDATED, least) {
            true => rows.those(|at| dated[at] >= oldest),
            false => rows.those(|at| (dated[at] >= oldest) & (dated[at] != NO_DAY)),
        }
    }

    /// Of the rows offered to a list those that may enter it.
    pub(super) fn sift(&mut self, block: usize, candidates: Candidates, harvest: &Harvest) -> Bits {
        let Candidates { group, rows, lost, .. } = candidates;
        let least = harvest.tops[group as usize].least();
        if rows.is_empty() || !reaches(self.bound(lost), 100, least) {
            return Bits::NONE;
        }
        if least == 0 {
            return rows;
        }
        self.arch.dispatch(Sieve { pass: self, block, candidates, least, freshness: harvest.freshness })
    }

    /// Of the rows offered those that no bound keeps from a score: their age first, then silence, then figures.
    #[inline(always)]
    fn sieve(&mut self, block: usize, candidates: Candidates, least: u32, freshness: Freshness) -> Bits {
        let Candidates { rows, lost, short, .. } = candidates;
        let mut rows = self.fresh_enough(block, rows, self.bound(lost), least, freshness);
        let left = self.bound(lost) - i64::from(least) * FULL;
        rows &= !self.too_silent(left);
        if self.plan.musts > SUMMED && rows.count() > SCORED_AT_ONCE {
            rows &= !self.hopeless(left);
        }
        for (at, check) in self.plan.checks.iter().enumerate() {
            if rows.count() <= SCORED_AT_ONCE {
                return rows;
            }
            if Some(at) != short {
                rows = self.close_enough(block, check, left + self.losses[at], rows);
            }
        }
        rows
    }

    /// Of some rows those whose figure for a check alone does not lose more than there is to spare, ‰ of a point. Rows
    /// that are not met lose more than any that are.
    #[inline(always)]
    fn close_enough(&self, block: usize, check: &Check, spare: i64, rows: Bits) -> Bits {
        let points @ 1.. = i64::from(check.points) else { return rows };
        // The largest share, ‰, that a met figure may lose of what it can; both roundings are in the row's favour.
        let share = ((spare.max(0) / points + 1) * FULL / SHORT + 2).unsigned_abs();
        if share >= FULL.unsigned_abs() {
            return rows;
        }
        let of = |whole: u64| (u128::from(whole) * u128::from(share) / u128::from(FULL.unsigned_abs())) as u64 + 2;
        let columns = self.source.columns;
        let cheap = |figure: Figure, most: u64| {
            let (figures, limit) = (columns.figures[figure as usize].block(block), cut(of(most)));
            rows.those(|at| figures[at] <= limit)
        };
        match check.test {
            Test::PlotPrice { most } => cheap(Figure::Rate, most),
            Test::Rent { most } => cheap(Figure::UnitPrice, most),
            Test::Land { min, max, ends: Ends { max: true, min: has_min } } => {
                let (middle, half) = if has_min { (min.midpoint(max), (max - min) / 2) } else { (max, max) };
                let take = takes(columns, block, self.plan.least_land);
                let (least, most) = (cut(middle.saturating_sub(of(half))), cut(middle.saturating_add(of(half))));
                rows.those(|at| (least <= take(at)) & (take(at) <= most))
            }
            _ => rows,
        }
    }

    /// Whether a row of the block at hand that has lost so much may reach a score with its silences.
    pub(super) fn may_reach(&self, at: usize, lost: i64, (fresh, least): (i64, u32)) -> bool {
        self.plan.musts <= SUMMED || reaches(self.bound(lost + self.silence(at)), fresh, least)
    }

    /// What a row of the block at hand loses by silence more than the least, ‰ of a point.
    fn silence(&self, at: usize) -> i64 {
        let musts = self.plan.checks[..self.plan.musts].iter();
        let losses = musts.zip(self.verdicts.iter().zip(&self.losses)).map(|(check, (verdicts, least))| {
            let silent = (check.silent_loss() - least) * i64::from(verdicts.open.has(at));
            // Only indicators go unused, and no zone tells what they lose.
            silent + i64::from(check.points) * FULL * i64::from(verdicts.unused.has(at))
        });
        losses.sum()
    }

    /// Rows of the block at hand that lose by one silence more than is left to lose, ‰ of a point.
    #[inline(always)]
    fn too_silent(&self, left: i64) -> Bits {
        let mut rows = Bits::NONE;
        let musts = self.plan.checks[..self.plan.musts].iter();
        for (check, (verdicts, least)) in musts.zip(self.verdicts.iter().zip(&self.losses)) {
            if check.silent_loss() - least > left {
                rows |= verdicts.open;
            }
            if i64::from(check.points) * FULL > left {
                rows |= verdicts.unused;
            }
        }
        rows
    }

    /// Rows of the block at hand that lose by silence, besides what their group loses, more than is left to lose.
    #[inline(always)]
    fn hopeless(&mut self, left: i64) -> Bits {
        let unit = (i64::from(self.plan.points) * FULL / i64::from(Sums::MOST)).max(1) + 1;
        if self.sums.is_none() {
            self.add_losses(unit);
        }
        match (&self.sums, u32::try_from(left.div_euclid(unit))) {
            (Some(sums), Ok(most)) => sums.above(most.min(Sums::MOST)),
            (None, Ok(_)) => Bits::NONE,
            (_, Err(_)) => Bits::ALL,
        }
    }

    /// Adds up what rows lose by silence more than the least, rounded down to whole units.
    #[inline(always)]
    fn add_losses(&mut self, unit: i64) {
        let mut sums = Sums::NONE;
        let musts = self.plan.checks[..self.plan.musts].iter();
        for (check, (verdicts, least)) in musts.zip(self.verdicts.iter().zip(&self.losses)) {
            let all = i64::from(check.points) * FULL;
            for (rows, loss) in [(verdicts.open & self.left, check.silent_loss()), (verdicts.unused & self.left, all)] {
                if !rows.is_empty() {
                    sums.add(((loss - least) / unit) as u32, rows);
                }
            }
        }
        self.sums = Some(sums);
    }
}

/// The sieve of a block's rows as `Arch::dispatch` takes it.
struct Sieve<'j, 'p> {
    pass: &'j mut Pass<'p>,
    block: usize,
    candidates: Candidates,
    least: u32,
    freshness: Freshness,
}

impl WithSimd for Sieve<'_, '_> {
    type Output = Bits;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Bits {
        self.pass.sieve(self.block, self.candidates, self.least, self.freshness)
    }
}

/// Whether a bound in ‰ of a point reaches a score at a freshness in %.
fn reaches(bound: i64, fresh: i64, least: u32) -> bool {
    bound * fresh >= i64::from(least) * FULL * 100
}

/// What every row of a block loses of a check's points at least, ‰ of a point: blocks hold like sizes, and neither
/// silence nor a shortfall loses less than the most that a met figure can.
fn least_loss(check: &Check, zones: &Block) -> i64 {
    let zone = |figure: Figure| zones.figures[figure as usize];
    let lost = |share: i64| i64::from(check.points) * (SHORT * share / FULL);
    match check.test {
        Test::Land { min, max, ends } if ends.max => {
            let (size, part) = (zone(Figure::Size), zone(Figure::Part));
            if size.least > size.most {
                return 0;
            }
            // A part may be smaller than the smallest plot, never larger than the largest.
            let smallest = if part.least < size.least { 0 } else { u64::from(size.least) };
            let wanted = if ends.min { min.midpoint(max) } else { max };
            let nearest = wanted.clamp(smallest, u64::from(size.most).max(smallest));
            lost(off_middle(nearest.into(), ends.min.then_some(min.into()), Some(max.into())))
        }
        // The rate is rounded up: the price itself is more than one below it.
        Test::PlotPrice { most } => {
            let least = zone(Figure::Rate).least;
            lost(permille(i128::from(least.saturating_sub(1)), most.into()))
        }
        Test::Rent { most } => lost(permille(zone(Figure::UnitPrice).least.into(), most.into())),
        _ => 0,
    }
}
