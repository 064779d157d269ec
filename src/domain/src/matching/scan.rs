//! One pass over the columns of a kind: verdicts as sets of rows, shortfalls counted in bits, block by block.

use pulp::{Arch, Simd, WithSimd};

use super::answer::Counts;
use super::bits::{Bits, Shortfalls, Sums};
use super::filter::{Certain, Source, Verdicts, certain, none_excluded, verdicts};
use super::plan::{Check, Plan, Test};
use super::rank::{Freshness, Top};
use super::relax::{Advice, Gaps};

/// What a pass gathers.
pub(super) struct Harvest {
    pub(super) counts: Counts,
    /// By [`super::answer::Group`]: matched, to confirm, near.
    pub(super) tops: [Top; 3],
    pub(super) advice: Advice,
    pub(super) freshness: Freshness,
    /// Slots of listings that may have exactly two shortfalls; gathered at [`Depth::Pairs`] alone.
    pub(super) two_short: Vec<u32>,
    pub(super) work: Work,
}

/// What an answer cost in rows and not in time, so that it repeats everywhere: what bounds and zones are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Blocks whose rows were looked at, past their zones.
    pub blocks: usize,
    /// Verdicts on musts: over all checks, the rows that each was asked about.
    pub verdicts: usize,
    /// Rows whose gaps were worked out for advice.
    pub gaps: usize,
    /// Rows whose score was begun, past every bound.
    pub scored: usize,
    /// Scores that were finished, and so could enter a list.
    pub listed: usize,
}

/// So many blocks are judged in one order of checks.
const BLOCKS_AN_ORDER: usize = 16;

/// How far a pass goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// The matched alone, and no counts.
    Matched,
    /// Everything.
    Whole,
    /// Which rows may have exactly two shortfalls.
    Pairs,
}

impl Depth {
    /// The shortfalls with which a row no longer matters.
    const fn out(self) -> usize {
        match self {
            Self::Matched => 1,
            Self::Whole => 2,
            Self::Pairs => 3,
        }
    }
}

/// One must of a plan, and how it did so far: what finds most rows short for its cost is tried first.
#[derive(Clone, Copy, Debug)]
struct Trial {
    check: usize,
    cost: u64,
    seen: u64,
    lost: u64,
}

impl Trial {
    fn new(check: usize, test: &Test) -> Self {
        // Sets of rows are at hand, a figure is read row by row, products and lists cost several figures.
        let cost = match test {
            Test::Use(_) | Test::Chemical | Test::Tenure(_) | Test::Level { .. } => 1,
            Test::Land { .. } | Test::Floor { .. } | Test::PlotRatio { .. } => 8,
            Test::PerMu { .. } | Test::Near { .. } | Test::Industry => 12,
            Test::Region => 16,
            _ => 4,
        };
        Self { check, cost, seen: 0, lost: 0 }
    }

    /// How much it is worth trying early; half the rows of a block count as seen before any are.
    fn worth(&self) -> u64 {
        const SCALE: u64 = 1 << 20;
        (self.lost + 64) * SCALE / ((self.seen + 256) * self.cost)
    }
}

/// What the musts leave of a block.
#[derive(Clone, Copy)]
pub(super) struct Judged {
    /// Rows that still matter.
    pub(super) left: Bits,
    pub(super) shortfalls: Shortfalls,
    /// Rows that some must leaves open.
    pub(super) open: Bits,
}

/// A pass over the blocks of one kind, with its working space.
pub(super) struct Pass<'p> {
    pub(super) plan: &'p Plan,
    pub(super) source: Source<'p>,
    depth: Depth,
    /// The widest vectors that this processor has.
    pub(super) arch: Arch,
    order: Vec<Trial>,
    certain: Vec<Certain>,
    /// By check, on the block at hand.
    pub(super) verdicts: Vec<Verdicts>,
    /// By check, what every row of the block at hand loses of its points at least, ‰ of a point.
    pub(super) losses: Vec<i64>,
    /// The rows of the block at hand that matter.
    pub(super) left: Bits,
    /// What they lose of their points by silence at least, once that is asked for.
    pub(super) sums: Option<Sums>,
    /// By check.
    pub(super) gaps: Vec<Gaps>,
}

/// Passes over all blocks of one kind.
pub(super) fn scan(plan: &Plan, source: Source<'_>, depth: Depth, harvest: &mut Harvest) {
    let mut pass = Pass::new(plan, source, depth);
    pass.arch.dispatch(Scan { pass: &mut pass, harvest });
    harvest.work.verdicts += pass.order.iter().map(|trial| trial.seen).sum::<u64>() as usize;
    for (check, gaps) in plan.checks.iter().zip(&pass.gaps) {
        if let Some(unit) = check.unit {
            harvest.advice.add_gaps(check.criterion, unit, gaps);
        }
    }
}

/// A pass over all blocks as [`Arch::dispatch`] takes it: a closure would keep the plain instructions.
struct Scan<'s, 'p> {
    pass: &'s mut Pass<'p>,
    harvest: &'s mut Harvest,
}

impl WithSimd for Scan<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { pass, harvest } = self;
        for block in 0..pass.source.columns.blocks.len() {
            if block % BLOCKS_AN_ORDER == 0 {
                pass.order.sort_by_key(|trial| std::cmp::Reverse(trial.worth()));
            }
            pass.block(block, harvest);
        }
    }
}

impl<'p> Pass<'p> {
    fn new(plan: &'p Plan, source: Source<'p>, depth: Depth) -> Self {
        let checks = plan.checks.len();
        let musts = plan.checks[..plan.musts].iter().enumerate();
        Self {
            plan,
            source,
            depth,
            arch: Arch::new(),
            order: musts.map(|(at, check)| Trial::new(at, &check.test)).collect(),
            certain: vec![Certain::Mixed; checks],
            verdicts: vec![Verdicts::MET; checks],
            losses: vec![0; checks],
            left: Bits::NONE,
            sums: None,
            gaps: vec![Gaps::default(); checks],
        }
    }

    #[inline(always)]
    fn block(&mut self, block: usize, harvest: &mut Harvest) {
        let zones = &self.source.columns.blocks[block];
        let is_whole = none_excluded(self.plan, self.source.columns, block);
        let shorts = self.read_zones(block);
        if is_whole {
            harvest.counts.considered += zones.count;
        }
        if shorts >= self.depth.out() && is_whole || zones.count == 0 {
            return;
        }
        let considered = if is_whole { zones.offered } else { self.considered(block) };
        if !is_whole {
            harvest.counts.considered += considered.count();
        }
        if shorts >= self.depth.out() {
            return;
        }
        self.read_losses(block);
        let considered = match self.depth {
            Depth::Matched if self.is_hopeless(block, harvest) => return,
            Depth::Matched => self.fresh(block, considered, harvest),
            _ => considered,
        };
        harvest.work.blocks += 1;
        let mut judged = Judged::start(considered, shorts);
        self.judge(block, &mut judged);
        if !judged.left.is_empty() {
            self.gather(block, self.depth, judged, harvest);
        }
    }

    /// Reads what the zones say of each must; how many shortfalls every row has, no further than matters.
    fn read_zones(&mut self, block: usize) -> usize {
        let mut shorts = 0;
        for (at, check) in self.plan.checks[..self.plan.musts].iter().enumerate() {
            self.certain[at] = certain(self.plan, &check.test, self.source.columns, block);
            match self.certain[at] {
                Certain::Met => self.verdicts[at] = Verdicts::MET,
                Certain::Short => {
                    self.verdicts[at] = Verdicts::SHORT;
                    shorts += check.weight;
                    if shorts >= self.depth.out() {
                        break;
                    }
                }
                Certain::NotShort | Certain::Mixed => {}
            }
        }
        shorts
    }

    /// The offered rows outside the excluded divisions.
    fn considered(&self, block: usize) -> Bits {
        let division = self.source.columns.division.block(block);
        let mut considered = self.source.columns.blocks[block].offered;
        considered.each(|at| {
            if self.plan.excluded[usize::from(division[at])] {
                considered.set(at, false);
            }
        });
        considered
    }

    /// Judges every must that no zone decides, until no row of the block matters any more.
    #[inline(always)]
    fn judge(&mut self, block: usize, judged: &mut Judged) {
        let out = self.depth.out() - 1;
        let mut rows = judged.left.count();
        for trial in &mut self.order {
            if rows == 0 {
                return;
            }
            // Where no row is short it is enough to know which are silent: no figure is read.
            let (asked, seen) = match self.certain[trial.check] {
                Certain::Met | Certain::Short => continue,
                Certain::NotShort => (Bits::NONE, 0),
                Certain::Mixed => (judged.left, rows),
            };
            let check = &self.plan.checks[trial.check];
            let found = verdicts(self.plan, &check.test, self.source, block, asked);
            self.verdicts[trial.check] = found;
            // Where only the matched are wanted, silence loses a row like a shortfall.
            let lost = if self.depth == Depth::Matched { found.short | found.open } else { found.short };
            judged.open |= found.open;
            for _ in 0..check.weight {
                judged.shortfalls.add(lost);
            }
            trial.seen += seen as u64;
            trial.lost += (lost & judged.left).count() as u64;
            judged.left &= !judged.shortfalls.0[out];
            rows = judged.left.count();
        }
    }
}

impl Judged {
    fn start(considered: Bits, shorts: usize) -> Self {
        let mut shortfalls = Shortfalls::NONE;
        (0..shorts).for_each(|_| shortfalls.add(Bits::ALL));
        Self { left: considered, shortfalls, open: Bits::NONE }
    }
}

impl Check {
    /// What a shortfall loses of the check's points at least, ‰ of a point.
    pub(super) fn short_loss(&self) -> i64 {
        use super::judge::{FULL, SHORT};
        i64::from(self.points) * if self.unit.is_some() { FULL - SHORT } else { FULL }
    }

    /// What silence loses of the check's points at least, ‰ of a point.
    pub(super) fn silent_loss(&self) -> i64 {
        use super::judge::{FULL, SILENT};
        i64::from(self.points) * (FULL - SILENT)
    }
}
