//! Working days of China: Monday to Friday, with the days off and the swapped working days (调休) of each year's schedule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate, Weekday};

/// Status of a row that comes from a year's published schedule; any other word marks days known by statute alone.
const SCHEDULED: &str = "scheduled";

static WORKDAYS: LazyLock<Workdays> =
    LazyLock::new(|| Workdays::parse(include_str!("../../../config/data/workdays.csv")));

/// The calendar of `config/data/workdays.csv`.
#[must_use]
pub fn workdays() -> &'static Workdays {
    &WORKDAYS
}

/// A calendar of working days.
#[derive(Clone, Debug, Default)]
pub struct Workdays {
    /// Days that differ from their weekday: whether work is done.
    days: BTreeMap<NaiveDate, bool>,
    /// Years whose schedule is published.
    years: BTreeSet<i32>,
}

impl Workdays {
    /// Parses rows `date,kind,name,status,…` under a header; `kind` is `off` or `work`. A row that is not one is skipped.
    #[must_use]
    pub fn parse(csv: &str) -> Self {
        let mut calendar = Self::default();
        for line in csv.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [date, kind, _, status, ..] = cells[..] else { continue };
            let Some(day) = crate::time::parse_day(date.trim()) else { continue };
            calendar.days.insert(day, kind.trim() == "work");
            if status.trim() == SCHEDULED {
                calendar.years.insert(day.year());
            }
        }
        calendar
    }

    /// Whether the schedule of a year is published. Without one, Monday to Friday count less the days named by statute.
    #[must_use]
    pub fn has_schedule(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// Whether a day is a working day.
    #[must_use]
    pub fn is_working(&self, day: NaiveDate) -> bool {
        let is_weekday = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.days.get(&day).copied().unwrap_or(is_weekday)
    }

    /// Returns the `count`th working day after a day; the day itself where `count` is 0.
    #[must_use]
    pub fn after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        let mut left = count;
        let mut at = day;
        while left > 0 {
            let Some(next) = at.succ_opt() else { return at };
            at = next;
            left -= u32::from(self.is_working(at));
        }
        at
    }

    /// Counts the working days after `from` up to and including `to`; 0 where `to` is not later.
    #[must_use]
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        days.map(|day| u32::from(self.is_working(day))).sum()
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::workdays;

    fn day(text: &str) -> NaiveDate {
        crate::time::parse_day(text).expect("a day")
    }

    #[test]
    fn swapped_days_and_holidays_of_a_published_year_count_as_scheduled() {
        let calendar = workdays();
        for (date, is_working) in [
            ("2025-10-08", false),
            ("2025-10-09", true),
            // A Saturday on which work is done.
            ("2025-10-11", true),
            ("2025-10-12", false),
            ("2024-02-04", true),
            ("2024-02-09", true),
            ("2024-02-10", false),
        ] {
            assert_eq!(calendar.is_working(day(date)), is_working, "{date}");
        }
        assert!(calendar.has_schedule(2026) && !calendar.has_schedule(2027) && !calendar.has_schedule(2031));
    }

    #[test]
    fn a_year_without_schedule_counts_weekdays_less_the_days_of_the_statute() {
        let calendar = workdays();
        assert!(!calendar.is_working(day("2027-10-01")), "a Friday named by statute");
        assert!(calendar.is_working(day("2027-10-08")), "a Friday that no row names");
        assert!(!calendar.is_working(day("2027-10-09")), "a Saturday");
        assert!(calendar.is_working(day("2031-10-01")), "a year without rows");
    }

    #[test]
    fn days_after_a_long_holiday_are_counted_over_it() {
        let calendar = workdays();
        assert_eq!(calendar.after(day("2025-09-30"), 1), day("2025-10-09"));
        assert_eq!(calendar.after(day("2025-09-30"), 3), day("2025-10-11"));
        assert_eq!(calendar.after(day("2026-11-28"), 1), day("2026-11-30"), "from a Saturday");
        assert_eq!(calendar.after(day("2026-11-29"), 0), day("2026-11-29"));
        assert_eq!(calendar.between(day("2025-09-30"), day("2025-10-11")), 3);
        assert_eq!(calendar.between(day("2025-10-11"), day("2025-09-30")), 0);
    }
}
