//! What becomes of a judged block: counts, the best rows of each group, and advice from those that are near.

use pulp::{Simd, WithSimd};

use super::answer::Group;
use super::bits::{Bits, Sums};
use super::columns::{BLOCK, Block};
use super::criterion::Criterion;
use super::filter::{Verdicts, cut, takes, verdicts};
use super::flags::Flag;
use super::judge::land::off_middle;
use super::judge::{FULL, SHORT as SHORT_FIT, permille};
use super::plan::{Check, Ends, Test, row_codes};
use super::rank::{Freshness, Ranked, gap, score};
use super::row::{Figure, NO_DAY, prefecture_number};
use super::scan::{Depth, Harvest, Judged, Pass};
use super::score::UNDATED;
use crate::industry::industries;
use crate::requirement::{ParkLevel, Tenure, Word as _};

/// So few rows are scored without a look at what they lose together.
const SCORED_AT_ONCE: usize = 3;

/// What so few checks lose by silence together parts too few rows to be worth adding up.
const SUMMED: usize = 4;

/// The gaps of so few rows are looked at one by one.
const ADVISED_AT_ONCE: usize = 4;

/// Rows that are offered to a list, and what each of them has lost of the points at least, ‰ of a point.
#[derive(Clone, Copy)]
struct Candidates {
    group: Group,
    rows: Bits,
    lost: i64,
    /// The check that they are short on, if there is one.
    short: Option<usize>,
}

impl Pass<'_> {
    /// Gathers from a judged block what its depth asks for.
    #[inline(always)]
    pub(super) fn gather(&mut self, block: usize, depth: Depth, judged: Judged, harvest: &mut Harvest) {
        let Judged { left, shortfalls, open } = judged;
        (self.left, self.sums) = (left, None);
        let [one, two, three] = shortfalls.0;
        let lost: i64 = self.losses.iter().sum();
        if depth == Depth::Matched {
            return self.offer(block, Candidates { group: Group::Matched, rows: left, lost, short: None }, harvest);
        }
        if depth == Depth::Pairs {
            let slots = self.source.columns.slot.block(block);
            return (left & two & !three).each(|at| harvest.two_short.push(slots[at]));
        }
        let met = left & !one;
        let open = if met.is_empty() { open } else { open | self.demanding(block) };
        let (matched, to_confirm) = (met & !open, met & open);
        harvest.counts.matched += matched.count();
        harvest.counts.to_confirm += to_confirm.count();
        self.offer(block, Candidates { group: Group::Matched, rows: matched, lost, short: None }, harvest);
        self.offer(block, Candidates { group: Group::ToConfirm, rows: to_confirm, lost, short: None }, harvest);
        let near = left & one;
        harvest.counts.near += near.count();
        for at in 0..self.plan.musts {
            let rows = near & self.verdicts[at].short;
            if !rows.is_empty() {
                self.advise(block, at, rows, harvest);
                let lost = lost - self.losses[at] + self.plan.checks[at].short_loss();
                self.offer(block, Candidates { group: Group::Near, rows, lost, short: Some(at) }, harvest);
            }
        }
    }

    /// Rows that demand what the requirement does not state.
    fn demanding(&self, block: usize) -> Bits {
        self.source.columns.having_any(block, self.plan.open_demands)
    }

    /// Counts the near rows of a block that are short on one check.
    fn advise(&mut self, block: usize, at: usize, rows: Bits, harvest: &mut Harvest) {
        let (plan, source, check) = (self.plan, self.source, &self.plan.checks[at]);
        let first = block * BLOCK;
        match (&check.test, check.unit) {
            (Test::Region, _) => self.advise_region(block, rows, harvest),
            (Test::Industry, _) => rows.each(|at| {
                let codes = row_codes(source.columns, first + at, source.codes);
                let codes = codes.map(|code| industries().all()[usize::from(code) - 1].code);
                harvest.advice.count_industries(codes);
            }),
            (test, Some(_)) => {
                let rows = self.hardly_short(block, at, rows);
                harvest.work.gaps += rows.count();
                let gaps = &mut self.gaps[at];
                rows.each(|at| {
                    if let Some(gap) = gap(plan, test, source, first + at, gaps.most()) {
                        gaps.count(gap, 1);
                    }
                });
            }
            (_, None) => {
                for (word, flag) in words(check.criterion) {
                    let those = rows & source.columns.having(block, flag);
                    harvest.advice.count_word(check.criterion, word, those.count());
                }
            }
        }
    }

    /// Of rows short on a check by a figure those whose gap may still matter: others stay short where the limit gives way
    /// by the largest gap that does.
    fn hardly_short(&self, block: usize, at: usize, rows: Bits) -> Bits {
        if rows.count() <= ADVISED_AT_ONCE {
            return rows;
        }
        match self.plan.checks[at].test.eased(self.gaps[at].most()) {
            Some(eased) => rows & !self.arch.dispatch(Verdict { pass: self, test: &eased, block, rows }).short,
            None => rows,
        }
    }

    /// Advice names prefectures, and most blocks lie in one; rows short on region state where they are.
    fn advise_region(&self, block: usize, rows: Bits, harvest: &mut Harvest) {
        let zone = self.source.columns.blocks[block].divisions;
        let [first, last] = [zone.least, zone.most].map(prefecture_number);
        if first == last {
            return harvest.advice.count_region(first, rows.count());
        }
        let division = self.source.columns.division.block(block);
        rows.each(|at| harvest.advice.count_region(division[at], 1));
    }

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

    /// Offers rows to a list: exact scores for those that no bound keeps out.
    fn offer(&mut self, block: usize, candidates: Candidates, harvest: &mut Harvest) {
        let Candidates { group, mut rows, lost, .. } = candidates;
        let least = harvest.tops[group as usize].least();
        if rows.is_empty() || !reaches(self.bound(lost), 100, least) {
            return;
        }
        if least > 0 {
            rows = self.arch.dispatch(Sieve { pass: self, block, candidates, least, freshness: harvest.freshness });
        }
        if rows.is_empty() {
            return;
        }
        harvest.work.scored += rows.count();
        self.judge_wishes(block, rows);
        let dated = self.source.columns.dated.block(block);
        rows.each(|at| {
            let row = block * BLOCK + at;
            let top = &mut harvest.tops[group as usize];
            let bounds = (harvest.freshness.of(dated[at]), top.least());
            if let Some(score) = score(self.plan, self.source, row, bounds, |check| self.verdicts[check].of(at)) {
                harvest.work.listed += 1;
                let (slot, head) = (self.source.columns.slot.at(row), self.source.columns.head.at(row));
                top.offer(Ranked { score, kind: self.plan.kind, slot, head }, self.source.listings);
            }
        });
    }

    /// Of the rows offered those that no bound keeps from a score: their age first, then what they lose by silence
    /// together, then what single figures lose.
    #[inline(always)]
    fn sieve(&mut self, block: usize, candidates: Candidates, least: u32, freshness: Freshness) -> Bits {
        let Candidates { rows, lost, short, .. } = candidates;
        let mut rows = self.fresh_enough(block, rows, self.bound(lost), least, freshness);
        let left = self.bound(lost) - i64::from(least) * FULL;
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
        let share = ((spare.max(0) / points + 1) * FULL / SHORT_FIT + 2).unsigned_abs();
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

    fn judge_wishes(&mut self, block: usize, rows: Bits) {
        for (at, check) in self.plan.checks.iter().enumerate().skip(self.plan.musts) {
            if !rows.is_empty() {
                self.verdicts[at] = self.arch.dispatch(Verdict { pass: self, test: &check.test, block, rows });
            }
        }
    }
}

/// One check's verdicts as `Arch::dispatch` takes them.
struct Verdict<'v, 'p> {
    pass: &'v Pass<'p>,
    test: &'v Test,
    block: usize,
    rows: Bits,
}

impl WithSimd for Verdict<'_, '_> {
    type Output = Verdicts;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Verdicts {
        verdicts(self.pass.plan, self.test, self.pass.source, self.block, self.rows)
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

/// The words to accept for rows, each with the flag that says it.
fn words(criterion: Criterion) -> Vec<(&'static str, Flag)> {
    match criterion {
        Criterion::Tenure => Tenure::WORDS.iter().map(|&(word, term)| (word, Flag::term(term))).collect(),
        Criterion::Level => ParkLevel::WORDS.iter().map(|&(word, level)| (word, Flag::level(level))).collect(),
        _ => Vec::new(),
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
    let lost = |share: i64| i64::from(check.points) * (SHORT_FIT * share / FULL);
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
