//! Narrow figures: a listing's cells as 32-bit integers that hold them exactly.

use chrono::NaiveDate;

use crate::area::Mu;
use crate::decimal::Decimal;
use crate::requirement::Requirement;

pub(super) const BLANK: u32 = u32::MAX;
/// A cell whose figure it cannot hold; above all others that are not blank.
pub(super) const UNFIT: u32 = BLANK - 1;
/// Units of [`Mu`] per land unit of the columns: 1/200,000 mu holds hundredths of m² and ten-thousandths of mu exactly.
const MU_UNITS_PER_LAND_UNIT: i64 = 10_000;
/// Land units per mu.
pub(super) const LAND_PER_MU: i128 = 200_000;
/// Cells are ten-thousandths of their unit.
pub(super) const STEPS: u32 = 10_000;
/// The largest figure of a requirement in ten-thousandths: products with [`LAND_PER_MU`] stay in 64 bits.
const MOST_STEPS: i64 = 10_000_000_000_000;

/// A column of one kind of listing. Figures are ten-thousandths of their unit, land of plots in land units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Figure(u8);

impl Figure {
    /// Plot: area; space: floor to let; park: land to be had.
    pub(super) const SIZE: Self = Self(0);
    /// Plot: smallest part sold, blank where undivided; space: smallest part let, 0 where blank.
    pub(super) const PART: Self = Self(1);
    /// A plot's price per mu, a space's rent; rounded up, so above a whole limit exactly where the price itself is.
    pub(super) const PRICE: Self = Self(2);
    /// The day from which a listing is free, [`STEPS`] per day from 2000-01-01; 0 at once.
    pub(super) const AVAILABLE: Self = Self(3);
    pub(super) const DIVISION: Self = Self(4);
    /// The number of a run of codes; likewise of those banned.
    pub(super) const INDUSTRIES: Self = Self(5);
    pub(super) const BANNED: Self = Self(6);
    pub(super) const DATED: Self = Self(7);
    /// Columns that every kind has besides those of [`Figure::of_table`].
    pub(super) const FIXED: usize = 8;

    /// The column of a criterion of one figure, by its number among them in the table.
    pub(super) const fn of_table(number: usize) -> Self {
        Self((Self::FIXED + number) as u8)
    }

    pub(super) const fn place(self) -> usize {
        self.0 as usize
    }
}

/// Ten-thousandths of a figure; `None` where it is no whole number of them, negative, or above 10⁹.
pub(super) fn steps(figure: Decimal) -> Option<u64> {
    let steps = (figure.micro() % 100 == 0).then_some(figure.micro() / 100)?;
    u64::try_from(steps).ok().filter(|_| steps <= MOST_STEPS)
}

/// The least land asked, land units; `None` where it is no whole number of ten-thousandths.
pub(super) fn least_land(requirement: &Requirement) -> Option<i128> {
    let least = requirement.land_mu.and_then(|range| range.min);
    Some(i128::from(least.map_or(Some(0), steps)?) * LAND_PER_MU / i128::from(STEPS))
}

/// A cell of a figure; the outer `None` where 32 bits do not hold it exactly.
pub(super) fn narrow(figure: Option<Decimal>) -> Option<u32> {
    let Some(figure) = figure else { return Some(BLANK) };
    fitting(steps(figure)?)
}

pub(super) fn narrow_land(area: Option<Mu>) -> Option<u32> {
    let Some(area) = area else { return Some(BLANK) };
    (area.units() % MU_UNITS_PER_LAND_UNIT == 0).then_some(area.units() / MU_UNITS_PER_LAND_UNIT).and_then(fitting)
}

fn fitting(value: impl TryInto<u32>) -> Option<u32> {
    value.try_into().ok().filter(|&cell| cell < UNFIT)
}

/// A limit in 32 bits: above every cell where it is larger than them.
pub(super) fn cut(limit: i128) -> u32 {
    limit.clamp(0, UNFIT.into()) as u32
}

/// Days from 2000-01-01, from 1.
pub(super) fn day_number(day: NaiveDate) -> i64 {
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    (day - first).num_days() + 1
}

pub(super) fn narrow_day(day: NaiveDate) -> Option<u32> {
    let number = u32::try_from(day_number(day)).ok().filter(|&number| number > 0)?;
    number.checked_mul(STEPS).and_then(fitting)
}
