//! The best rows of a group: exact scores for those that a quick bound lets through.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::filter::{MET, OPEN, SHORT, Source, take};
use super::judge::building::EXCESS;
use super::judge::land::{LEVEL_STEP, off_middle};
use super::judge::place::metres;
use super::judge::{FULL, SHORT as SHORT_FIT, SILENT, permille, short_fit};
use super::plan::{Plan, Test};
use super::row::{BLANK, Figure, LAND_PER_STEP, NO_DAY, PER_MU_SCALE, SQM_PRICE, day_number};
use super::score::{FRESHNESS, UNDATED, points};
use crate::geo::distance_km;
use crate::listing::{Kind, Listing};

/// A row that may be listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    pub(super) score: u32,
    pub(super) kind: Kind,
    pub(super) slot: u32,
    /// The head of its id.
    pub(super) head: u64,
}

/// The best rows so far, best first.
#[derive(Clone, Debug)]
pub(super) struct Top {
    limit: usize,
    pub(super) rows: Vec<Ranked>,
}

impl Top {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, rows: Vec::with_capacity(limit.min(256)) }
    }

    /// The least score that can still enter; above every score where nothing is listed at all.
    pub(super) fn least(&self) -> u32 {
        match self.rows.last() {
            _ if self.limit == 0 => u32::MAX,
            Some(last) if self.rows.len() >= self.limit => last.score,
            _ => 0,
        }
    }

    /// Offers a row; ties go by id, then kind.
    pub(super) fn offer(&mut self, row: Ranked, listings: &[Option<Listing>]) {
        if row.score < self.least() || self.limit == 0 {
            return;
        }
        let id = |slot: u32| listings[slot as usize].as_ref().map_or(&b""[..], |listing| listing.id.as_bytes());
        let order = |other: &Ranked| {
            let by_score = row.score.cmp(&other.score);
            let by_head = by_score.then(other.head.cmp(&row.head));
            by_head.then_with(|| id(other.slot).cmp(id(row.slot))).then_with(|| other.kind.cmp(&row.kind))
        };
        // Most that tie with the last lose to it: one look at their ids instead of five.
        let is_full = self.rows.len() >= self.limit;
        if is_full && self.rows.last().is_some_and(|last| order(last) == Ordering::Less) {
            return;
        }
        let at = self.rows.partition_point(|other| order(other) == Ordering::Less);
        self.rows.insert(at, row);
        self.rows.truncate(self.limit);
    }
}

/// The freshness of rows by their day number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Freshness {
    today: i64,
    /// The oldest day numbers of the classes of [`FRESHNESS`]; 0 of those that hold every day.
    oldest: [u16; FRESHNESS.len()],
}

impl Freshness {
    pub(super) fn on(today: NaiveDate) -> Self {
        let today = day_number(today);
        let oldest = |(age, _)| today.saturating_sub(age).clamp(0, i64::from(NO_DAY)) as u16;
        Self { today, oldest: FRESHNESS.map(oldest) }
    }

    /// The oldest day number whose records keep enough; above every day where none does.
    pub(super) fn oldest(self, is_enough: impl Fn(i64) -> bool) -> u16 {
        let fresh = FRESHNESS.iter().rposition(|(_, keeps)| is_enough(*keeps));
        fresh.map_or(NO_DAY, |at| self.oldest[at])
    }

    pub(super) fn of(self, dated: u16) -> i64 {
        if dated == NO_DAY {
            return UNDATED;
        }
        let age = self.today - i64::from(dated);
        FRESHNESS.iter().find(|(most, _)| age <= *most).map_or(UNDATED, |&(_, percent)| percent)
    }
}

/// The exact fit of one row by one check, ‰; the same as judging its listing.
pub(super) fn fit(plan: &Plan, test: &Test, source: Source<'_>, row: usize, verdict: u8) -> i64 {
    match verdict {
        MET => met_fit(plan, test, source, row),
        SHORT => shortfall_fit(plan, test, source, row),
        OPEN => SILENT,
        _ => 0,
    }
}

fn cell(source: Source<'_>, figure: Figure, row: usize) -> u32 {
    source.columns.figures[figure as usize].at(row)
}

/// The take of a plot's row, land units.
fn row_take(plan: &Plan, source: Source<'_>, row: usize) -> u64 {
    take(cell(source, Figure::Size, row), cell(source, Figure::Part, row), plan.least_land)
}

/// A plot's price and the most, over one denominator.
fn price_sides(most: u64, source: Source<'_>, row: usize) -> (i128, i128) {
    match cell(source, Figure::Price, row) {
        BLANK => (cell(source, Figure::UnitPrice, row).into(), i128::from(most) * i128::from(SQM_PRICE)),
        whole => (
            i128::from(whole) * i128::from(PER_MU_SCALE),
            i128::from(most) * i128::from(cell(source, Figure::Size, row)),
        ),
    }
}

fn row_distance(test: &Test, source: Source<'_>, row: usize) -> Option<(f64, f64)> {
    let Test::Near { point, most, .. } = *test else { return None };
    let place = source.listing(row)?.point?;
    Some((distance_km(point, place), most))
}

fn met_fit(plan: &Plan, test: &Test, source: Source<'_>, row: usize) -> i64 {
    let lose = |most: i64, share: i64| FULL - most * share / FULL;
    match *test {
        Test::Industry => {
            FULL - LEVEL_STEP * i64::from(plan.levels(source.columns, row, source.codes).unwrap_or_default())
        }
        Test::Land { min, max, ends } => {
            let end = |stated: bool, end: u64| stated.then(|| i128::from(end));
            let off = off_middle(row_take(plan, source, row).into(), end(ends.min, min), end(ends.max, max));
            lose(SHORT_FIT, off)
        }
        Test::PlotPrice { most } => {
            let (asked, limit) = price_sides(most, source, row);
            lose(SHORT_FIT, permille(asked, limit))
        }
        Test::Rent { most } => lose(SHORT_FIT, permille(cell(source, Figure::UnitPrice, row).into(), most.into())),
        Test::AtLeast { figure, needed } => {
            let there = i128::from(cell(source, figure, row));
            lose(EXCESS, permille(there - i128::from(needed), there))
        }
        Test::Near { .. } => row_distance(test, source, row)
            .map_or(FULL, |(distance, most)| lose(SHORT_FIT, permille(metres(distance), metres(most)))),
        _ => FULL,
    }
}

/// What is there and what is asked, where a check is short by a figure.
pub(super) fn sides(plan: &Plan, test: &Test, source: Source<'_>, row: usize) -> Option<(i128, i128)> {
    Some(match *test {
        Test::Land { min, max, .. } => {
            let land = row_take(plan, source, row);
            if land < min { (land.into(), min.into()) } else { (max.into(), land.into()) }
        }
        Test::ParkLand { min } => (cell(source, Figure::Size, row).into(), min?.into()),
        Test::Floor { min, max } => {
            let (size, part) = (u64::from(cell(source, Figure::Size, row)), u64::from(cell(source, Figure::Part, row)));
            (size.min(max).into(), part.max(min).into())
        }
        Test::PerMu { threshold, offered } => {
            let land = i128::from(row_take(plan, source, row));
            (i128::from(offered) * i128::from(PER_MU_SCALE), i128::from(cell(source, threshold, row)) * land)
        }
        Test::Threshold { threshold, over, under, .. } => {
            (over as i128, i128::from(cell(source, threshold, row)) * under as i128)
        }
        Test::PlotPrice { most } => {
            let (asked, limit) = price_sides(most, source, row);
            (limit, asked)
        }
        Test::Rent { most } => (most.into(), cell(source, Figure::UnitPrice, row).into()),
        Test::AtLeast { figure, needed } => (cell(source, figure, row).into(), needed.into()),
        _ => return None,
    })
}

fn shortfall_fit(plan: &Plan, test: &Test, source: Source<'_>, row: usize) -> i64 {
    match *test {
        Test::Near { .. } => {
            row_distance(test, source, row).map_or(0, |(distance, most)| short_fit(metres(most), metres(distance)))
        }
        Test::Available { by } => (SHORT_FIT - (i64::from(source.columns.available.at(row)) - by)).max(0),
        _ => sides(plan, test, source, row).map_or(0, |(there, asked)| short_fit(there, asked)),
    }
}

/// Gaps above this are divided out whatever the most that matters: products with smaller ones stay in i128.
const LARGE_GAP: i128 = 1 << 64;

/// A shortfall in ten-thousandths of its unit, rounded up; `None` where it is not a figure or clearly above `most`.
pub(super) fn gap(plan: &Plan, test: &Test, source: Source<'_>, row: usize, most: i128) -> Option<i128> {
    let up = |over: i128, under: i128| match (u64::try_from(over), u64::try_from(under)) {
        (Ok(over), Ok(under)) => i128::from(over.div_ceil(under)),
        _ => over.div_euclid(under) + i128::from(over.rem_euclid(under) != 0),
    };
    if let Test::Near { .. } = test {
        let (distance, most) = row_distance(test, source, row)?;
        return Some(((distance - most) * 10_000.0).ceil() as i128);
    }
    if let Test::Available { by } = *test {
        return Some(i128::from(i64::from(source.columns.available.at(row)) - by) * 10_000);
    }
    let (there, asked) = sides(plan, test, source, row)?;
    let missing = asked - there;
    let under = match *test {
        Test::Land { .. } => LAND_PER_STEP.into(),
        Test::PerMu { .. } => PER_MU_SCALE.into(),
        Test::Threshold { under, .. } => under as i128,
        Test::PlotPrice { .. } if cell(source, Figure::Price, row) == BLANK => SQM_PRICE.into(),
        Test::PlotPrice { .. } => cell(source, Figure::Size, row).into(),
        _ => return Some(missing),
    };
    // One product instead of a division for the many that are too large to be listed.
    let is_too_large = most < LARGE_GAP && missing > most * under;
    (!is_too_large).then(|| up(missing, under))
}

/// The exact score of a row from its verdicts, or `None` as soon as it cannot reach `least`.
///
/// Checks not yet looked at count in full, so nothing that could reach it is lost.
pub(super) fn score(
    plan: &Plan,
    source: Source<'_>,
    row: usize,
    (fresh, least): (i64, u32),
    verdict: impl Fn(usize) -> u8,
) -> Option<u32> {
    let mut bound = i64::from(plan.points) * FULL;
    let mut total = 0;
    for &at in &plan.scoring {
        let check = &plan.checks[usize::from(at)];
        let fit = fit(plan, &check.test, source, row, verdict(usize::from(at)));
        total += points(check.points, fit, fresh);
        bound -= i64::from(check.points) * (FULL - fit);
        if bound * fresh < i64::from(least) * FULL * 100 {
            return None;
        }
    }
    Some(total)
}
