//! One pass over the columns of a kind: groups, counts, the best rows and advice, block by block.

use super::answer::{Counts, Group};
use super::columns::{BLOCK, Figure, NO_DAY};
use super::filter::{Certain, MET, OPEN, Rows, SHORT, Source, UNUSED, certain, none_excluded, verdicts};
use super::judge::land::off_middle;
use super::judge::{FULL, SHORT as SHORT_FIT};
use super::plan::{Plan, Test, row_codes};
use super::rank::{Freshness, Ranked, Top, gap, score};
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
const FEW: usize = BLOCK / 4;
const GROUPS: usize = 3;
/// Rows whose flags one byte can count.
const COUNTED: usize = 128;

/// Working space of a pass, reused from block to block.
struct Scratch {
    /// One stretch of verdicts a check.
    verdicts: Vec<[u8; BLOCK]>,
    certain: Vec<Certain>,
    shorts: [u8; BLOCK],
    open: [u8; BLOCK],
    /// The last must that a row is short on.
    which: [u8; BLOCK],
    groups: [u8; BLOCK],
    /// Rows that still matter: once they are few, and at the end of judging.
    few: Vec<u16>,
    /// Rows of one group, for the step at hand.
    candidates: Vec<u16>,
}

impl Scratch {
    fn new(checks: usize) -> Self {
        Self {
            verdicts: vec![[UNUSED; BLOCK]; checks],
            certain: vec![Certain::Mixed; checks],
            shorts: [0; BLOCK],
            open: [0; BLOCK],
            which: [0; BLOCK],
            groups: [0; BLOCK],
            few: Vec::with_capacity(BLOCK),
            candidates: Vec::with_capacity(BLOCK),
        }
    }

    /// The verdict of a check on a row of the block.
    fn verdict(&self, check: usize, at: usize) -> u8 {
        match self.certain[check] {
            Certain::Met => MET,
            Certain::Short => SHORT,
            Certain::Mixed => self.verdicts[check][at],
        }
    }
}

/// How many values are so, in sums of bytes that the processor adds sixteen at a time.
fn count(values: &[u8], is_so: impl Fn(u8) -> bool) -> usize {
    let part = |chunk: &[u8]| usize::from(chunk.iter().fold(0_u8, |sum, &value| sum + u8::from(is_so(value))));
    values.chunks(COUNTED).map(part).sum()
}

/// Lists the positions below `n` for which it is so, in order; writes each and keeps some, so that nothing branches.
#[inline]
fn select(n: usize, into: &mut Vec<u16>, is_so: impl Fn(usize) -> bool) {
    into.resize(n, 0);
    let mut kept = 0;
    for at in 0..n {
        into[kept] = at as u16;
        kept += usize::from(is_so(at));
    }
    into.truncate(kept);
}

/// Likewise of a list.
#[inline]
fn select_from(list: &[u16], into: &mut Vec<u16>, is_so: impl Fn(usize) -> bool) {
    into.resize(list.len(), 0);
    let mut kept = 0;
    for &at in list {
        into[kept] = at;
        kept += usize::from(is_so(usize::from(at)));
    }
    into.truncate(kept);
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
            scratch.which.fill(at as u8);
        }
    }
    let clear = none_excluded(plan, source.columns, block);
    let hopeless = depth == Depth::Matched && bound_of(plan, zones, harvest) < harvest.tops[0].least();
    if base >= out && clear || hopeless {
        harvest.counts.considered += zones.offered;
        return;
    }
    let considered = start(plan, source, block, base, scratch, clear);
    harvest.counts.considered += considered;
    if base >= out || considered == 0 {
        return;
    }
    if depth == Depth::Matched {
        drop_stale(plan, source, block, scratch, harvest);
    }
    if !judge_musts(plan, source, block, out, scratch) {
        return;
    }
    let counts = group(source.columns.rows(block).len(), scratch);
    harvest.counts.matched += counts[Group::Matched as usize];
    harvest.counts.to_confirm += counts[Group::ToConfirm as usize];
    harvest.counts.near += counts[Group::Near as usize];
    if depth != Depth::Matched && counts[Group::Near as usize] > 0 {
        advise(plan, source, block, scratch, harvest);
    }
    if depth == Depth::Pairs {
        let slots = &source.columns.slot[source.columns.rows(block)];
        let two = slots.iter().zip(&scratch.shorts).filter(|(_, shorts)| **shorts == 2);
        harvest.two_short.extend(two.map(|(slot, _)| slot));
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

/// The days of evidence with which a row can still reach a score: from the first, and whether without one.
fn fresh_enough(plan: &Plan, freshness: Freshness, least: u32) -> (u16, bool) {
    let percent = i64::from(least) * 100;
    let needed =
        percent.div_euclid(i64::from(plan.points.max(1))) + i64::from(percent % i64::from(plan.points.max(1)) != 0);
    (freshness.oldest(needed), super::score::UNDATED >= needed)
}

/// Leaves out the rows whose evidence is too old for the list, before they are judged; demands that leave a row open
/// keep it out of the matched likewise.
fn drop_stale(plan: &Plan, source: Source<'_>, block: usize, scratch: &mut Scratch, harvest: &Harvest) {
    let rows = source.columns.rows(block);
    let n = rows.len();
    let (oldest, undated) = fresh_enough(plan, harvest.freshness, harvest.tops[0].least());
    let dated = &source.columns.dated[rows];
    for ((shorts, &dated), &open) in scratch.shorts[..n].iter_mut().zip(dated).zip(&scratch.open[..n]) {
        let fresh = dated >= oldest && (dated != NO_DAY || undated);
        *shorts |= if fresh && open == 0 { 0 } else { GONE };
    }
}

/// Judges every must that no zone decides; `false` once no row of the block matters any more.
fn judge_musts(plan: &Plan, source: Source<'_>, block: usize, out: u8, scratch: &mut Scratch) -> bool {
    let rows = source.columns.rows(block);
    let n = rows.len();
    let Some(mut few) = left_over(n, out, scratch) else { return false };
    // Where only the matched are wanted, silence loses a row like a shortfall.
    let lost = if out == Depth::Matched.out() { OPEN } else { SHORT };
    for (at, check) in plan.checks[..plan.musts].iter().enumerate() {
        if scratch.certain[at] != Certain::Mixed {
            continue;
        }
        let which = if few { Rows::Few(&scratch.few) } else { Rows::All };
        verdicts(plan, &check.test, source, rows.clone(), which, &mut scratch.verdicts[at]);
        let (weight, verdicts) = (check.weight, &scratch.verdicts[at][..n]);
        if few {
            tally_few(scratch, at, (weight, lost), out);
            if scratch.few.is_empty() {
                return false;
            }
            continue;
        }
        tally(
            verdicts,
            (weight, at as u8, lost),
            &mut scratch.shorts[..n],
            &mut scratch.open[..n],
            &mut scratch.which[..n],
        );
        match left_over(n, out, scratch) {
            None => return false,
            Some(are_few) => few = are_few,
        }
    }
    if !few {
        let shorts = &scratch.shorts[..n];
        select(n, &mut scratch.few, |at| shorts[at] < out);
    }
    true
}

/// Adds one check's verdicts to what the rows have; masks instead of branches, sixteen rows at a time.
#[inline(never)]
fn tally(verdicts: &[u8], (weight, number, lost): (u8, u8, u8), shorts: &mut [u8], open: &mut [u8], which: &mut [u8]) {
    let n = verdicts.len();
    let (shorts, open, which) = (&mut shorts[..n], &mut open[..n], &mut which[..n]);
    for at in 0..n {
        let short = if (verdicts[at] == SHORT) | (verdicts[at] == lost) { u8::MAX } else { 0 };
        shorts[at] = shorts[at].wrapping_add(short & weight);
        open[at] |= u8::from(verdicts[at] == OPEN);
        which[at] = short & number | !short & which[at];
    }
}

/// Likewise for the few rows that still matter, of which those keep their place that still do.
fn tally_few(scratch: &mut Scratch, check: usize, (weight, lost): (u8, u8), out: u8) {
    let verdicts = &scratch.verdicts[check];
    let mut kept = 0;
    for at in 0..scratch.few.len() {
        let row = usize::from(scratch.few[at]) % BLOCK;
        let short = if (verdicts[row] == SHORT) | (verdicts[row] == lost) { u8::MAX } else { 0 };
        scratch.shorts[row] = scratch.shorts[row].wrapping_add(short & weight);
        scratch.open[row] |= u8::from(verdicts[row] == OPEN);
        scratch.which[row] = short & check as u8 | !short & scratch.which[row];
        scratch.few[kept] = row as u16;
        kept += usize::from(scratch.shorts[row] < out);
    }
    scratch.few.truncate(kept);
}

/// Whether few rows still matter, which are then listed; `None` where there are none.
fn left_over(n: usize, out: u8, scratch: &mut Scratch) -> Option<bool> {
    let shorts = &scratch.shorts[..n];
    let left = count(shorts, |shorts| shorts < out);
    if left > 0 && left < FEW {
        select(n, &mut scratch.few, |at| shorts[at] < out);
    }
    (left > 0).then_some(left < FEW)
}

/// Sets each row's group; how many rows each has.
fn group(n: usize, scratch: &mut Scratch) -> [usize; GROUPS] {
    let groups = &mut scratch.groups[..n];
    for ((group, &shorts), &open) in groups.iter_mut().zip(&scratch.shorts[..n]).zip(&scratch.open[..n]) {
        *group = if shorts == 0 { open } else { 1 + shorts.min(2) };
    }
    [0, 1, 2].map(|of| count(groups, |group| group == of))
}

/// Counts the near rows of a block for the advice.
fn advise(plan: &Plan, source: Source<'_>, block: usize, scratch: &mut Scratch, harvest: &mut Harvest) {
    let rows = source.columns.rows(block);
    let industries = industries().all();
    select_from(&scratch.few, &mut scratch.candidates, |at| scratch.groups[at] == Group::Near as u8);
    for at in scratch.candidates.iter().map(|&at| usize::from(at)) {
        let row = rows.start + at;
        let check = &plan.checks[usize::from(scratch.which[at])];
        match (&check.test, check.unit) {
            (test, Some(unit)) => {
                if let Some(gap) = gap(plan, test, source, row) {
                    harvest.advice.gaps(check.criterion, unit).count(gap);
                }
            }
            (Test::Region, None) => harvest.advice.count_region(source.columns.division[row]),
            (Test::Industry, None) => {
                let codes = row_codes(source.columns, row, source.codes);
                harvest.advice.count_industries(codes.map(|code| industries[usize::from(code) - 1].code));
            }
            (_, None) => {
                for word in source.listing(row).map(|listing| words(listing, check.criterion)).unwrap_or_default() {
                    harvest.advice.count_word(check.criterion, word);
                }
            }
        }
    }
}

/// The most points that a matched row of a block can have: by its freshest evidence and its nearest size.
fn bound_of(plan: &Plan, zones: &super::columns::Block, harvest: &Harvest) -> u32 {
    let lost: i64 = plan.checks.iter().map(|check| least_lost(check, zones)).sum();
    let dated = if zones.dated.most == 0 { 0 } else { harvest.freshness.of(zones.dated.most) };
    let undated = if zones.dated.blanks { super::score::UNDATED } else { 0 };
    let bound = i64::from(plan.points) * FULL - lost;
    (bound * dated.max(undated) / (FULL * 100)) as u32
}

/// What every row of a block loses of a check's points at least, ‰ of a point: blocks hold like sizes.
fn least_lost(check: &super::plan::Check, zones: &super::columns::Block) -> i64 {
    let Test::Land { min, max, ends } = check.test else { return 0 };
    let (size, part) = (zones.figures[Figure::Size as usize], zones.figures[Figure::Part as usize]);
    if check.wish || !ends.max || size.least > size.most {
        return 0;
    }
    // A part may be smaller than the smallest plot, never larger than the largest.
    let smallest = if part.least < size.least { 0 } else { u64::from(size.least) };
    let wanted = if ends.min { min.midpoint(max) } else { max };
    let nearest = wanted.clamp(smallest, u64::from(size.most).max(smallest));
    let off = off_middle(nearest.into(), ends.min.then_some(min.into()), Some(max.into()));
    i64::from(check.points) * (SHORT_FIT * off / FULL)
}

/// Offers the block's rows to the lists: exact scores for those that are fresh enough to enter.
fn rank(
    plan: &Plan,
    source: Source<'_>,
    block: usize,
    counts: [usize; GROUPS],
    scratch: &mut Scratch,
    harvest: &mut Harvest,
) {
    let rows = source.columns.rows(block);
    let dated = &source.columns.dated[rows.clone()];
    // Rows that are out compare with the last place, which lets none in.
    let mut enough = [(NO_DAY, false); GROUPS + 1];
    for at in 0..GROUPS {
        if counts[at] > 0 {
            enough[at] = fresh_enough(plan, harvest.freshness, harvest.tops[at].least());
        }
    }
    let n = rows.len();
    let (groups, dated) = (&scratch.groups[..n], &dated[..n]);
    select_from(&scratch.few, &mut scratch.candidates, |at| {
        let (oldest, undated) = enough[usize::from(groups[at] & 3)];
        (dated[at] >= oldest) & (dated[at] != NO_DAY) | (dated[at] == NO_DAY) & undated
    });
    for (number, check) in plan.checks.iter().enumerate().skip(plan.musts) {
        if scratch.certain[number] == Certain::Mixed && !scratch.candidates.is_empty() {
            let these = Rows::Few(&scratch.candidates);
            verdicts(plan, &check.test, source, rows.clone(), these, &mut scratch.verdicts[number]);
        }
    }
    for at in scratch.candidates.iter().map(|&at| usize::from(at)) {
        let row = rows.start + at;
        let top = &mut harvest.tops[usize::from(scratch.groups[at])];
        let bounds = (harvest.freshness.of(source.columns.dated[row]), top.least());
        if let Some(score) = score(plan, source, row, bounds, |check| scratch.verdict(check, at)) {
            top.offer(Ranked { score, kind: plan.kind, slot: source.columns.slot[row] }, source.listings);
        }
    }
}
