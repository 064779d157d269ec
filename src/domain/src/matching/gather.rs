//! What becomes of a judged block: counts, the best rows of each group, and advice from those that are near.

use pulp::{Simd, WithSimd};

use super::answer::Group;
use super::bits::Bits;
use super::columns::BLOCK;
use super::criterion::Criterion;
use super::filter::{Verdicts, verdicts};
use super::flags::Flag;
use super::plan::{Test, row_codes};
use super::rank::{Ranked, gap, score};
use super::row::prefecture_number;
use super::scan::{Depth, Harvest, Judged, Pass};
use crate::industry::industries;
use crate::requirement::{ParkLevel, Tenure, Word as _};

/// The gaps of so few rows are looked at one by one.
const ADVISED_AT_ONCE: usize = 4;

/// Rows that are offered to a list, and what each of them has lost of the points at least, ‰ of a point.
#[derive(Clone, Copy)]
pub(super) struct Candidates {
    pub(super) group: Group,
    pub(super) rows: Bits,
    pub(super) lost: i64,
    /// The check that they are short on, if there is one.
    pub(super) short: Option<usize>,
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
    pub(super) fn demanding(&self, block: usize) -> Bits {
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

    /// Offers rows to a list: exact scores for those that no bound keeps out.
    fn offer(&mut self, block: usize, candidates: Candidates, harvest: &mut Harvest) {
        let (group, rows) = (candidates.group, self.sift(block, candidates, harvest));
        if rows.is_empty() {
            return;
        }
        self.judge_wishes(block, rows);
        let dated = self.source.columns.dated.block(block);
        rows.each(|at| {
            let row = block * BLOCK + at;
            let top = &mut harvest.tops[group as usize];
            let bounds = (harvest.freshness.of(dated[at]), top.least());
            if !self.may_reach(at, candidates.lost, bounds) {
                return;
            }
            harvest.work.scored += 1;
            if let Some(score) = score(self.plan, self.source, row, bounds, |check| self.verdicts[check].of(at)) {
                harvest.work.listed += 1;
                let (slot, head) = (self.source.columns.slot.at(row), self.source.columns.head.at(row));
                top.offer(Ranked { score, kind: self.plan.kind, slot, head }, self.source.listings);
            }
        });
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

/// The words to accept for rows, each with the flag that says it.
fn words(criterion: Criterion) -> Vec<(&'static str, Flag)> {
    match criterion {
        Criterion::Tenure => Tenure::WORDS.iter().map(|&(word, term)| (word, Flag::term(term))).collect(),
        Criterion::Level => ParkLevel::WORDS.iter().map(|&(word, level)| (word, Flag::level(level))).collect(),
        _ => Vec::new(),
    }
}
