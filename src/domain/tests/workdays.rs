//! The due days of a whole year against a table of working days that was written by hand from the year's published schedule.

use chrono::{Datelike as _, NaiveDate};
use domain::lead::{ClockDays, Stage};
use domain::workday::workdays;

/// 2026 by month, one letter per day: W a working day. Written from 国办发明电〔2025〕7号.
const YEAR: [&str; 12] = [
    "...WWWWWW..WWWWW..WWWWW..WWWWW.",
    ".WWWWW..WWWWWW.........WWWWW",
    ".WWWWW..WWWWW..WWWWW..WWWWW..WW",
    "WWW...WWWW..WWWWW..WWWWW..WWWW",
    ".....WWWW.WWWWW..WWWWW..WWWWW..",
    "WWWWW..WWWWW..WWWW...WWWWW..WW",
    "WWW..WWWWW..WWWWW..WWWWW..WWWWW",
    "..WWWWW..WWWWW..WWWWW..WWWWW..W",
    "WWWW..WWWWW..WWWWW.WWWWW...WWW",
    ".......WWW.WWWWW..WWWWW..WWWWW.",
    ".WWWWW..WWWWW..WWWWW..WWWWW..W",
    "WWWW..WWWWW..WWWWW..WWWWW..WWWW",
];

/// Every day of the year with its letter.
fn days() -> Vec<(NaiveDate, bool)> {
    let months = (1..).zip(YEAR);
    let of_month = |(month, letters): (u32, &'static str)| {
        let day = move |(day, letter): (u32, char)| {
            (NaiveDate::from_ymd_opt(2026, month, day).expect("a day"), letter == 'W')
        };
        (1..).zip(letters.chars()).map(day)
    };
    months.flat_map(of_month).collect()
}

#[test]
fn the_due_day_of_each_day_and_stage_of_a_year_is_that_of_a_table_written_by_hand() {
    let (days, clock) = (days(), ClockDays::default());
    assert_eq!((days.len(), days[364].0.ordinal()), (365, 365), "a whole year");
    let mut checked = 0;
    for (at, (day, is_working)) in days.iter().enumerate() {
        assert_eq!(workdays().is_working(*day), *is_working, "{day}");
        let later: Vec<NaiveDate> = days[at + 1..].iter().filter(|(_, works)| *works).map(|(day, _)| *day).collect();
        for (stage, count) in [
            (Stage::Registered, 1),
            (Stage::Assessed, 3),
            (Stage::Contacted, 5),
            (Stage::Viewed, 5),
            (Stage::Signed, 10),
        ] {
            // The last days of December are due in a year without a table.
            let Some(due) = later.get(count - 1) else { continue };
            assert_eq!(clock.due_on(workdays(), stage, *day), *due, "{day} {stage:?}");
            assert_eq!(workdays().between(*day, *due), u32::try_from(count).expect("small"), "{day} {stage:?}");
            checked += 1;
        }
    }
    assert!(checked > 5 * 345, "{checked}");
}
