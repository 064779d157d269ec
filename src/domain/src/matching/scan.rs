//! One pass over the columns of a kind: groups, counts, the best rows and advice, block by block.

use super::answer::{Counts, Group};
use super::columns::{BLOCK, LISTED};
use super::filter::{Certain, MET, OPEN, Rows, SHORT, Source, UNUSED, certain, none_excluded, verdicts};
use super::plan::{Plan, Test, row_codes};
use super::rank::{Freshness, Ranked, Top, add_bounds, gap, score};
use super::relax::{Advice, words};
use crate::industry::industries;

/// What a pass gathers.
pub(super) struct Harvest {
    pub(super) counts: Counts,
    /// By [`Group`]: matched, to confirm, near.
    pub(super) tops: [Top; 3],
    pub(super) advice: Advice,
    pub(super) freshness: Freshness,
    /// Slots of listings that may have exactly two shortfalls; gathered at [`Depth::Pairs`] alone.
    pub(super) two_short: Vec<u32>,
}

/// Rows with so many shortfalls that they are out whatever else holds.
const GONE: u8 = 100;
/// Fewer rows than this are read one by one.
const FEW: usize = 96;
const GROUPS: usize = 3;

/// Working space of a pass, reused from block to block.
pub(super) struct Scratch {
    /// One stretch of verdicts a check.
    verdicts: Vec<[u8; BLOCK]>,
    certain: Vec<Certain>,
    shorts: [u8; BLOCK],
    open: [u8; BLOCK],
    groups: [u8; BLOCK],
    bounds: [f32; BLOCK],
    few: Vec<u16>,
}

impl Scratch {
    fn new(checks: usize) -> Self {
        Self {
            verdicts: vec![[UNUSED; BLOCK]; checks],
            certain: vec![Certain::Mixed; checks],
            shorts: [0; BLOCK],
            open: [0; BLOCK],
            groups: [0; BLOCK],
            bounds: [0.0; BLOCK],
            few: Vec::with_capacity(FEW),
        }
    }

    /// The verdict of a must on a row of the block.
    fn verdict(&self, check: usize, at: usize) -> u8 {
        match self.certain[check] {
            Certain::Met => MET,
            Certain::Short => SHORT,
            Certain::Mixed => self.verdicts[check][at],
        }
    }
}

/// How far a pass goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// The matched alone, and no counts.
    Matched,
    /// Everything.
    Whole,
    /// Everything, and which rows have exactly two shortfalls.
    Pairs,
}

impl Depth {
    /// The shortfalls with which a row no longer matters.
    const fn out(self) -> u8 {
        match self {
            Self::Matched => 1,
            Self::Whole => 2,
            Self::Pairs => 3,
        }
    }
}

/// Passes over all blocks of one kind.
pub(super) fn scan(plan: &Plan, source: Source<'_>, depth: Depth, harvest: &mut Harvest) {
    let mut scratch = Scratch::new(plan.checks.len());
    for block in 0..source.columns.blocks.len() {
        scan_block(plan, source, depth, block, &mut scratch, harvest);
    }
}

fn scan_block(
    plan: &Plan,
    source: Source<'_>,
    depth: Depth,
    block: usize,
    scratch: &mut Scratch,
    harvest: &mut Harvest,
) {
    let zones = &source.columns.blocks[block];
    let out = depth.out();
    let mut base = 0;
    for (at, check) in plan.checks.iter().enumerate() {
        scratch.certain[at] = certain(plan, &check.test, source.columns, block);
        if !check.wish && scratch.certain[at] == Certain::Short {
            base += check.weight;
        }
    }
    let clear = none_excluded(plan, source.columns, block);
    if base >= out && clear || depth == Depth::Matched && bound_of(plan, zones, harvest) < harvest.tops[0].least() {
        harvest.counts.considered += zones.offered;
        return;
    }
    let n = source.columns.rows(block).len();
    let considered = start(plan, source, block, base, scratch, clear);
    harvest.counts.considered += considered;
    if base >= out || considered == 0 {
        return;
    }
    if !judge_musts(plan, source, block, out, scratch) {
        return;
    }
    let counts = group(n, scratch);
    harvest.counts.matched += counts[Group::Matched as usize];
    harvest.counts.to_confirm += counts[Group::ToConfirm as usize];
    harvest.counts.near += counts[Group::Near as usize];
    if depth != Depth::Matched && counts[Group::Near as usize] > 0 {
        advise(plan, source, block, scratch, harvest);
    }
    if depth == Depth::Pairs {
        let slots = &source.columns.slot[source.columns.rows(block)];
        harvest
            .two_short
            .extend(slots.iter().zip(&scratch.shorts).filter(|(_, shorts)| **shorts == 2).map(|(slot, _)| slot));
    }
    rank(plan, source, block, counts, scratch, harvest);
}

/// Sets the block's rows to what is known before any check; how many are considered.
fn start(plan: &Plan, source: Source<'_>, block: usize, base: u8, scratch: &mut Scratch, clear: bool) -> usize {
    let columns = source.columns;
    let rows = columns.rows(block);
    let n = rows.len();
    let shorts = &mut scratch.shorts[..n];
    if columns.blocks[block].offered == n {
        shorts.fill(base);
    } else {
        let offered = &columns.offered[rows.clone()];
        shorts.iter_mut().zip(offered).for_each(|(shorts, &offered)| *shorts = if offered { base } else { GONE });
    }
    let mut considered = columns.blocks[block].offered;
    if !clear {
        let division = &columns.division[rows.clone()];
        for (shorts, &division) in shorts.iter_mut().zip(division) {
            if *shorts < GONE && plan.excluded[usize::from(division)] {
                *shorts = GONE;
                considered -= 1;
            }
        }
    }
    let demands = &columns.demands[rows];
    let open = &mut scratch.open[..n];
    open.iter_mut().zip(demands).for_each(|(open, &demands)| *open = u8::from(demands & plan.open_demands != 0));
    considered
}

/// Judges every must that no zone decides; `false` once no row of the block matters any more.
fn judge_musts(plan: &Plan, source: Source<'_>, block: usize, out: u8, scratch: &mut Scratch) -> bool {
    let rows = source.columns.rows(block);
    let n = rows.len();
    let mut few = false;
    for (at, check) in plan.checks[..plan.musts].iter().enumerate() {
        if scratch.certain[at] != Certain::Mixed {
            continue;
        }
        let which = if few { Rows::Few(&scratch.few) } else { Rows::All };
        verdicts(plan, &check.test, source, rows.clone(), which, &mut scratch.verdicts[at]);
        let weight = check.weight;
        let (shorts, open, verdicts) = (&mut scratch.shorts[..n], &mut scratch.open[..n], &scratch.verdicts[at][..n]);
        if few {
            for &row in &scratch.few {
                let row = usize::from(row);
                shorts[row] += if verdicts[row] == SHORT { weight } else { 0 };
                open[row] |= u8::from(verdicts[row] == OPEN);
            }
            scratch.few.retain(|&row| scratch.shorts[usize::from(row)] < out);
            if scratch.few.is_empty() {
                return false;
            }
            continue;
        }
        let mut left = 0_u32;
        for ((shorts, open), &verdict) in shorts.iter_mut().zip(open.iter_mut()).zip(verdicts) {
            *shorts += if verdict == SHORT { weight } else { 0 };
            *open |= u8::from(verdict == OPEN);
            left += u32::from(*shorts < out);
        }
        if left == 0 {
            return false;
        }
        if (left as usize) < FEW {
            few = true;
            scratch.few.clear();
            scratch.few.extend((0..n as u16).filter(|&row| scratch.shorts[usize::from(row)] < out));
        }
    }
    true
}

/// Sets each row's group; how many rows each has.
fn group(n: usize, scratch: &mut Scratch) -> [usize; GROUPS] {
    let mut counts = [0_u32; GROUPS];
    let (shorts, open) = (&scratch.shorts[..n], &scratch.open[..n]);
    for ((group, &shorts), &open) in scratch.groups[..n].iter_mut().zip(shorts).zip(open) {
        let of = if shorts == 0 { open } else { 1 + shorts.min(2) };
        *group = of;
        for (at, count) in counts.iter_mut().enumerate() {
            *count += u32::from(of == at as u8);
        }
    }
    counts.map(|count| count as usize)
}

/// Counts the near rows of a block for the advice.
fn advise(plan: &Plan, source: Source<'_>, block: usize, scratch: &Scratch, harvest: &mut Harvest) {
    let rows = source.columns.rows(block);
    let near = |at: &usize| scratch.groups[*at] == Group::Near as u8;
    for (number, check) in plan.checks[..plan.musts].iter().enumerate() {
        if scratch.certain[number] == Certain::Met {
            continue;
        }
        let short = (0..rows.len()).filter(near).filter(|&at| scratch.verdict(number, at) == SHORT);
        let short = short.map(|at| rows.start + at);
        match (&check.test, check.unit) {
            (Test::Near { .. }, Some(unit)) => {
                let gaps = harvest.advice.gaps(check.criterion, unit);
                short.filter_map(|row| gap(plan, &check.test, source, row)).for_each(|gap| gaps.count(gap));
            }
            (test, Some(unit)) => {
                let gaps = harvest.advice.gaps(check.criterion, unit);
                short.filter_map(|row| gap(plan, test, source, row)).for_each(|gap| gaps.count(gap));
            }
            (Test::Region, None) => {
                let mut counts = std::collections::BTreeMap::<u16, usize>::new();
                short.for_each(|row| *counts.entry(source.columns.division[row]).or_default() += 1);
                let all = crate::region::divisions().all();
                for (number, count) in counts {
                    harvest.advice.count_region(all[usize::from(number) - 1].code, count);
                }
            }
            (Test::Industry, None) => {
                let all = industries().all();
                for row in short {
                    let codes = row_codes(source.columns, row, source.codes);
                    harvest.advice.count_industries(codes.map(|code| all[usize::from(code) - 1].code));
                }
            }
            (_, None) => {
                for listing in short.filter_map(|row| source.listing(row)) {
                    for word in words(listing, check.criterion) {
                        harvest.advice.count_word(check.criterion, word);
                    }
                }
            }
        }
    }
}

/// The most points that a row of a block can have.
fn bound_of(plan: &Plan, zones: &super::columns::Block, harvest: &Harvest) -> u32 {
    let points: u32 = plan.checks.iter().map(|check| check.points).sum();
    let dated = if zones.dated.most == 0 { 0 } else { harvest.freshness.of(zones.dated.most) };
    let undated = if zones.dated.blanks { super::score::UNDATED } else { 0 };
    super::score::points(points, super::judge::FULL, dated.max(undated))
}

/// Offers the block's rows to the lists: by bounds first, exactly where those let a row through.
fn rank(
    plan: &Plan,
    source: Source<'_>,
    block: usize,
    counts: [usize; GROUPS],
    scratch: &mut Scratch,
    harvest: &mut Harvest,
) {
    let rows = source.columns.rows(block);
    let n = rows.len();
    let most = bound_of(plan, &source.columns.blocks[block], harvest);
    let wanted = [0, 1, 2].map(|at: usize| counts[at] > 0 && most >= harvest.tops[at].least());
    let members: usize = counts.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(count, _)| count).sum();
    if members == 0 {
        return;
    }
    let is_wanted = |group: u8| wanted.get(usize::from(group)) == Some(&true);
    let candidates: Vec<u16> = if members < FEW {
        (0..n as u16).filter(|&at| is_wanted(scratch.groups[usize::from(at)])).collect()
    } else {
        bound_rows(plan, source, block, scratch);
        let fresh = &source.columns.dated[rows.clone()];
        let may_enter = |&at: &u16| {
            let at = usize::from(at);
            let group = scratch.groups[at];
            let percent = harvest.freshness.of(fresh[at]) as f32;
            is_wanted(group)
                && scratch.bounds[at] * percent / (100.0 * super::judge::FULL as f32) + 1.0
                    >= harvest.tops[usize::from(group)].least() as f32
        };
        (0..n as u16).filter(may_enter).collect()
    };
    for (number, check) in plan.checks.iter().enumerate().skip(plan.musts) {
        if scratch.certain[number] == Certain::Mixed && members < FEW {
            let few = Rows::Few(&candidates);
            verdicts(plan, &check.test, source, rows.clone(), few, &mut scratch.verdicts[number]);
        }
    }
    for at in candidates.into_iter().map(usize::from) {
        let row = rows.start + at;
        let fresh = harvest.freshness.of(source.columns.dated[row]);
        let score = score(plan, source, row, fresh, |check| scratch.verdict(check, at));
        let ranked = Ranked { score, kind: plan.kind, slot: source.columns.slot[row] };
        harvest.tops[usize::from(scratch.groups[at])].offer(ranked, source.listings);
    }
}

/// Bounds for every row of a block, in thousandths of points before freshness.
fn bound_rows(plan: &Plan, source: Source<'_>, block: usize, scratch: &mut Scratch) {
    let rows = source.columns.rows(block);
    scratch.bounds[..rows.len()].fill(0.0);
    for (at, check) in plan.checks.iter().enumerate() {
        let verdict = match scratch.certain[at] {
            Certain::Met => Some(MET),
            Certain::Short => Some(SHORT),
            Certain::Mixed => None,
        };
        if let Some(verdict) = verdict {
            scratch.verdicts[at][..rows.len()].fill(verdict);
        } else if check.wish {
            verdicts(plan, &check.test, source, rows.clone(), Rows::All, &mut scratch.verdicts[at]);
        }
        add_bounds(plan, check, source, rows.clone(), &scratch.verdicts[at], &mut scratch.bounds);
    }
}

// Rows with a list of industries have no inline code that the related codes' table could hold.
const _: () = assert!(LISTED as usize > 1971);
