//! The best rows of a group: exact scores for those that a quick bound lets through.

use std::cmp::Ordering;
use std::ops::Range;

use chrono::NaiveDate;

use super::columns::{BLANK, Figure, LAND_PER_STEP, NO_DAY, day_number};
use super::filter::{MET, OPEN, PER_MU_SCALE, SHORT, SQM_PRICE, Source, UNUSED, least_land, take};
use super::judge::building::EXCESS;
use super::judge::land::{LEVEL_STEP, off_middle};
use super::judge::place::metres;
use super::judge::{FULL, SHORT as SHORT_FIT, SILENT, permille, short_fit};
use super::plan::{Check, Plan, Test};
use super::score::{FRESHNESS, UNDATED, points};
use crate::geo::distance_km;
use crate::listing::{Kind, Listing};

/// A row that may be listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    pub(super) score: u32,
    pub(super) kind: Kind,
    pub(super) slot: u32,
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
            by_score.then_with(|| id(other.slot).cmp(id(row.slot))).then_with(|| other.kind.cmp(&row.kind))
        };
        let at = self.rows.partition_point(|other| order(other) == Ordering::Less);
        if at < self.limit {
            self.rows.insert(at, row);
            self.rows.truncate(self.limit);
        }
    }
}

/// The freshness of rows by their day number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Freshness {
    today: i64,
}

impl Freshness {
    pub(super) fn on(today: NaiveDate) -> Self {
        Self { today: day_number(today) }
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
    source.columns.figures[figure as usize][row]
}

/// The take of a plot's row, land units.
fn row_take(plan: &Plan, source: Source<'_>, row: usize) -> u64 {
    take(cell(source, Figure::Size, row), cell(source, Figure::Part, row), least_land(plan))
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
        Test::Available { by } => (SHORT_FIT - (i64::from(source.columns.available[row]) - by)).max(0),
        _ => sides(plan, test, source, row).map_or(0, |(there, asked)| short_fit(there, asked)),
    }
}

/// A shortfall in ten-thousandths of its unit, rounded up; `None` where it is not a figure.
pub(super) fn gap(plan: &Plan, test: &Test, source: Source<'_>, row: usize) -> Option<i128> {
    let up = |over: i128, under: i128| over.div_euclid(under) + i128::from(over.rem_euclid(under) != 0);
    if let Test::Near { .. } = test {
        let (distance, most) = row_distance(test, source, row)?;
        return Some(((distance - most) * 10_000.0).ceil() as i128);
    }
    if let Test::Available { by } = *test {
        return Some(i128::from(i64::from(source.columns.available[row]) - by) * 10_000);
    }
    let (there, asked) = sides(plan, test, source, row)?;
    let missing = asked - there;
    Some(match *test {
        Test::Land { .. } => up(missing, LAND_PER_STEP.into()),
        Test::PerMu { .. } => up(missing, PER_MU_SCALE.into()),
        Test::Threshold { under, .. } => up(missing, under as i128),
        Test::PlotPrice { .. } => match cell(source, Figure::Price, row) {
            BLANK => up(missing, SQM_PRICE.into()),
            _ => up(missing, cell(source, Figure::Size, row).into()),
        },
        _ => missing,
    })
}

/// The exact score of a row, from its verdicts.
pub(super) fn score(plan: &Plan, source: Source<'_>, row: usize, fresh: i64, verdict: impl Fn(usize) -> u8) -> u32 {
    let of =
        |(at, check): (usize, &Check)| points(check.points, fit(plan, &check.test, source, row, verdict(at)), fresh);
    plan.checks.iter().enumerate().map(of).sum()
}

/// What a bound adds for the floors and roundings that it leaves out, ‰ of a criterion's points.
const SLACK: f32 = 3.0;

/// Adds to `bounds` what one check may give each row at most, in thousandths of points, before freshness.
pub(super) fn add_bounds(
    plan: &Plan,
    check: &Check,
    source: Source<'_>,
    range: Range<usize>,
    verdicts: &[u8],
    bounds: &mut [f32],
) {
    let n = range.len();
    let weight = check.points as f32;
    let figure = |figure| source.columns.figure(figure, range.clone());
    let whole = FULL as f32 + SLACK;
    match check.test {
        Test::Land { min, max, ends } => {
            let (size, part) = (&figure(Figure::Size)[..n], &figure(Figure::Part)[..n]);
            let least = u32::try_from(min).unwrap_or(BLANK);
            let (min, max) = (min as f32, max as f32);
            let (middle, scale) = match (ends.min, ends.max) {
                (true, true) if max > min => ((min + max) / 2.0, 2.0 / (max - min)),
                (false, true) => (max, 1.0 / max),
                _ => (min, 0.0),
            };
            add(n, weight, verdicts, bounds, |at| {
                let land = part[at].max(least);
                let land = if land <= size[at] { land } else { size[at] } as f32;
                (whole - 400.0 * (land - middle).abs() * scale, 400.0 * (land / min).min(max / land))
            });
        }
        Test::PlotPrice { most } => {
            let (price, unit, size) =
                (&figure(Figure::Price)[..n], &figure(Figure::UnitPrice)[..n], &figure(Figure::Size)[..n]);
            let (mu, sqm) = (PER_MU_SCALE as f32 / most as f32, 1.0 / (most as f32 * SQM_PRICE as f32));
            add(n, weight, verdicts, bounds, |at| {
                let by_mu = price[at] as f32 * mu / size[at] as f32;
                let share = if price[at] == BLANK { unit[at] as f32 * sqm } else { by_mu };
                (whole - 400.0 * share, 400.0 / share)
            });
        }
        Test::Rent { most } => {
            let (rent, scale) = (&figure(Figure::UnitPrice)[..n], 1.0 / most as f32);
            add(n, weight, verdicts, bounds, |at| {
                let share = rent[at] as f32 * scale;
                (whole - 400.0 * share, 400.0 / share)
            });
        }
        Test::AtLeast { figure: which, needed } => {
            let (there, needed) = (&figure(which)[..n], needed as f32);
            add(n, weight, verdicts, bounds, |at| {
                let there = there[at] as f32;
                (whole - 200.0 + 200.0 * needed / there, 400.0 * there / needed)
            });
        }
        Test::ParkLand { min: Some(min) } => {
            let there = &figure(Figure::Size)[..n];
            add(n, weight, verdicts, bounds, |at| (whole, 400.0 * there[at] as f32 / min as f32));
        }
        Test::Floor { min, max } => {
            let (size, part) = (&figure(Figure::Size)[..n], &figure(Figure::Part)[..n]);
            let (min, max) = (min as f32, max as f32);
            add(n, weight, verdicts, bounds, |at| (whole, 400.0 * max.min(size[at] as f32) / min.max(part[at] as f32)));
        }
        Test::PerMu { threshold, offered } => {
            let (per_mu, size, part) =
                (&figure(threshold)[..n], &figure(Figure::Size)[..n], &figure(Figure::Part)[..n]);
            let (offered, least) = ((offered * PER_MU_SCALE) as f32, least_land(plan));
            add(n, weight, verdicts, bounds, |at| {
                (whole, 400.0 * offered / (per_mu[at] as f32 * take(size[at], part[at], least) as f32))
            });
        }
        Test::Threshold { threshold, limit, .. } => {
            let (threshold, limit) = (&figure(threshold)[..n], limit as f32 + 1.0);
            add(n, weight, verdicts, bounds, |at| (whole, 400.0 * limit / threshold[at] as f32));
        }
        Test::Near { from, most, .. } => {
            let [x, y, z] = [0, 1, 2].map(|axis: usize| &source.columns.point[axis][range.clone()][..n]);
            // The chord is never longer than the way on the sphere, and less than 0.1 km wrong.
            let scale = crate::geo::EARTH_RADIUS_KM as f32 / most as f32;
            let slack = 0.1 / most as f32;
            add(n, weight, verdicts, bounds, |at| {
                let (dx, dy, dz) = (x[at] - from[0], y[at] - from[1], z[at] - from[2]);
                let share = (dx * dx + dy * dy + dz * dz).sqrt() * scale - slack;
                (whole - 400.0 * share.max(0.0), 400.0)
            });
        }
        Test::Industry => {
            let [first, second, third] = [0, 1, 2].map(|at: usize| &source.columns.industries[at][range.clone()][..n]);
            add(n, weight, verdicts, bounds, |at| {
                let levels = |code: u16| match plan.related.get(usize::from(code)) {
                    Some(0) => 4,
                    Some(&levels) => levels - 1,
                    // A listed row: not worth looking up for a bound.
                    None => 0,
                };
                let nearest = levels(first[at]).min(levels(second[at])).min(levels(third[at]));
                (whole - f32::from(nearest) * LEVEL_STEP as f32, 0.0)
            });
        }
        Test::Available { .. } => add(n, weight, verdicts, bounds, |_| (whole, 400.0)),
        _ => add(n, weight, verdicts, bounds, |_| (whole, 0.0)),
    }
}

/// Adds a check's bounds: `fits` gives ‰ where met and where short.
#[inline]
fn add(n: usize, weight: f32, verdicts: &[u8], bounds: &mut [f32], fits: impl Fn(usize) -> (f32, f32)) {
    let (verdicts, bounds) = (&verdicts[..n], &mut bounds[..n]);
    for (at, bound) in bounds.iter_mut().enumerate() {
        let (met, short) = fits(at);
        // A share of nothing is not a number: it then bounds nothing, and min() drops it.
        let short = short.min(SHORT_FIT as f32) + SLACK;
        let met = met.min(FULL as f32 + SLACK);
        let fit = match verdicts[at] {
            MET => met,
            SHORT => short,
            OPEN => SILENT as f32,
            _ => 0.0,
        };
        *bound += weight * fit;
    }
}

const _: () = assert!(UNUSED > OPEN);
