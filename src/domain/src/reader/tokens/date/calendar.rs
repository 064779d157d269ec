//! Periods of the calendar, the values of dates in the text.

use chrono::{Months, NaiveDate};

use crate::reader::letters::text::Text;

/// A date in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct When {
    /// Behind the last character.
    pub(crate) end: usize,
    pub(crate) period: Period,
}

/// The period of a date, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    /// Whether it is one day, or the end of a year or month: `前` then includes it.
    pub(crate) day: bool,
    /// Whether it is a time limit by itself: `三个月内`.
    pub(crate) limit: bool,
}

impl When {
    pub(crate) fn day(end: usize, day: NaiveDate) -> Self {
        Self { end, period: Period { first: day, last: day, day: true, limit: false } }
    }

    pub(crate) fn span(end: usize, first: NaiveDate, last: NaiveDate) -> Self {
        Self { end, period: Period { first, last, day: false, limit: false } }
    }

    pub(crate) fn limit(end: usize, day: NaiveDate) -> Self {
        Self { end, period: Period { first: day, last: day, day: true, limit: true } }
    }
}

impl Period {
    /// Returns the last day of `… 前`: a day is included, a longer period ends the day before it starts.
    pub(crate) fn before(&self) -> NaiveDate {
        if self.day { self.last } else { self.first.pred_opt().unwrap_or(self.first) }
    }
}

pub(crate) fn ymd(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

pub(crate) fn last_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    ymd(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// Reads a run of at most `most` digits.
pub(crate) fn digits(text: &Text, at: usize, most: usize) -> Option<(u32, usize)> {
    let count = (at..at + most + 1).take_while(|&i| text.at(i).is_ascii_digit()).count();
    if count == 0 || count > most {
        return None;
    }
    let value = text.chars[at..at + count].iter().filter_map(|c| c.to_digit(10));
    Some((value.fold(0, |sum, digit| sum * 10 + digit), at + count))
}
