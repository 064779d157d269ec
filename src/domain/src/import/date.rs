//! Days and months as clerks and spreadsheet programs write them.

use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime};
use unicode_normalization::UnicodeNormalization as _;

/// The day before day 1 of a spreadsheet's calendar, counted as it counts after February 1900.
const EPOCH: (i32, u32, u32) = (1899, 12, 30);
/// Serial days of 1980-01-01 to 2100-01-01, the dates of this inventory.
const SERIAL_DAYS: std::ops::Range<u64> = 29_221..73_051;
/// Earlier years are no dates of this inventory.
const EARLIEST_YEAR: i32 = 1949;
/// Two digits from here on are a year of the last century, as spreadsheet programs read them.
const PIVOT: i32 = 30;

/// A day, or the month or year that the source names instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Date {
    Day(NaiveDate),
    Month(i32, u32),
    Year(i32),
}

impl Date {
    /// Returns the canonical text: `2027-03-01`, `2027-03` or `2027`.
    pub(super) fn text(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Month(year, month) => format!("{year:04}-{month:02}"),
            Self::Year(year) => format!("{year:04}"),
        }
    }
}

/// Reads a date as text: `2027-3-1`, `2027/3/1`, `2027.3.1`, `2027年3月1日`, `20270301`, months and years likewise,
/// `Aug-94` as spreadsheet programs show months; a time of day is dropped.
pub(super) fn read(text: &str) -> Option<Date> {
    let normal = text.nfkc().collect::<String>();
    let normal = without_time(normal.trim());
    english_month(normal).or_else(|| numeric(normal))
}

/// A text without the time of day at its end: `2027-03-01 08:30`, `2027-03-01T00:00:00`, `2027-03-01 00:00:00.0`.
fn without_time(text: &str) -> &str {
    let is_time = |time: &str| {
        let fraction = |(_, places): &(&str, &str)| places.bytes().all(|b| b.is_ascii_digit()) && time.contains(':');
        let time = time.strip_suffix('Z').unwrap_or(time);
        let time = time.rsplit_once('.').filter(fraction).map_or(time, |(time, _)| time);
        let parts: Vec<&str> = time.split(':').collect();
        (2..=3).contains(&parts.len())
            && parts.iter().all(|part| part.len() <= 2 && digits(part).is_some_and(|n| n < 60))
    };
    text.rsplit_once([' ', 'T']).filter(|(_, time)| is_time(time)).map_or(text, |(day, _)| day.trim_end())
}

fn numeric(text: &str) -> Option<Date> {
    // A year or day that a program took for a float.
    let text = text.strip_suffix(".0").filter(|digits| matches!(digits.len(), 4 | 8)).unwrap_or(text);
    let closed = text.trim_end_matches(['日', '号', '月', '年']);
    let parts: Vec<&str> = closed.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let numbers: Vec<u32> = parts.iter().map(|part| digits(part)).collect::<Option<_>>()?;
    match (numbers[..].len(), parts[0].len()) {
        (3, 4) => day(numbers[0], numbers[1], numbers[2]),
        (2, 4) => month(numbers[0], numbers[1]),
        (1, 4) if (EARLIEST_YEAR as u32..2100).contains(&numbers[0]) => Some(Date::Year(numbers[0] as i32)),
        (1, 8) => day(numbers[0] / 10_000, numbers[0] / 100 % 100, numbers[0] % 100),
        _ => None,
    }
}

/// The number of a month by its English name or the first letters of it.
fn month_named(part: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let lower = part.to_lowercase();
    (1..).zip(MONTHS).find(|(_, month)| lower.len() >= 3 && month.starts_with(&lower)).map(|(number, _)| number)
}

/// `Aug-94`, `1-Aug-94`, `August 1994`: in English, in programs of every locale.
fn english_month(text: &str) -> Option<Date> {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower.split(['-', ' ', '/', ',']).filter(|part| !part.is_empty()).collect();
    let at = parts.iter().position(|part| month_named(part).is_some())?;
    let number = month_named(parts[at])?;
    let year = |part: &str| {
        let year = digits(part)? as i32;
        Some(match part.len() {
            2 if year < PIVOT => 2000 + year,
            2 => 1900 + year,
            _ => year,
        })
    };
    match (at, &parts[..]) {
        (0, [_, last]) => month(year(last)? as u32, number),
        (1, [first, _, last]) => day(year(last)? as u32, number, digits(first)?),
        _ => None,
    }
}

/// Returns whether a text is a day without its year as spreadsheet programs show it: `5-Mar`, `3月5日`.
pub(super) fn is_month_day(text: &str) -> bool {
    let text = text.trim();
    if let Some((month, day)) = text.strip_suffix('日').and_then(|text| text.split_once('月')) {
        return digits(month).is_some_and(|month| month <= 12) && digits(day).is_some_and(|day| day <= 31);
    }
    let Some((day, month)) = text.split_once('-') else { return false };
    digits(day).is_some_and(|day| (1..=31).contains(&day)) && month.len() == 3 && month_named(month).is_some()
}

/// Returns whether a text is a date in a form that programs show, never the form of an identifier: `Aug-94`,
/// `2024/5/6`.
pub(super) fn is_shown_date(text: &str) -> bool {
    let text = text.trim();
    let slashed = text.matches('/').count() == 2 && matches!(read(text), Some(Date::Day(_)));
    slashed || english_month(text).is_some()
}

fn digits(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 8 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn day(year: u32, month: u32, day: u32) -> Option<Date> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).map(Date::Day)
}

fn month(year: u32, month: u32) -> Option<Date> {
    (NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, 1)).map(|_| Date::Month(year as i32, month))
}

/// The day of a moment cell; none where it is a time of day alone, which programs count from their first day.
pub(super) fn of_moment(moment: NaiveDateTime) -> Option<NaiveDate> {
    (moment.date().year() >= EARLIEST_YEAR).then(|| moment.date())
}

/// The day of a serial number, as a number cell without a date format holds it.
pub(super) fn of_serial(digits: &str) -> Option<NaiveDate> {
    let serial: u64 = digits.parse().ok().filter(|serial| SERIAL_DAYS.contains(serial))?;
    NaiveDate::from_ymd_opt(EPOCH.0, EPOCH.1, EPOCH.2)?.checked_add_days(Days::new(serial))
}

#[cfg(test)]
mod tests {
    use super::{of_serial, read};

    #[test]
    fn dates_of_every_kind_have_one_canonical_text() {
        for (written, text) in [
            ("2027-3-1", "2027-03-01"),
            ("2027/3/1", "2027-03-01"),
            ("2027.3.1", "2027-03-01"),
            ("2027年3月1日", "2027-03-01"),
            ("２０２７年３月１日", "2027-03-01"),
            ("20270301", "2027-03-01"),
            ("2027/6/23 0:00:00", "2027-06-23"),
            ("2027-06-23 08:30", "2027-06-23"),
            ("2027-06-23T08:30:00", "2027-06-23"),
            ("2027-06-23 00:00:00.0", "2027-06-23"),
            ("2027-06-23T08:30:00.000Z", "2027-06-23"),
            ("1994年8月", "1994-08"),
            ("1994/8", "1994-08"),
            ("Aug-94", "1994-08"),
            ("Jun-27", "2027-06"),
            ("1-Aug-94", "1994-08-01"),
            ("2024", "2024"),
            ("2024.0", "2024"),
        ] {
            assert_eq!(read(written).map(super::Date::text).as_deref(), Some(text), "{written}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for written in ["46447", "2027-13-01", "2027-02-30", "3.1", "27-3-1", "下半年", "", "09-30"] {
            assert_eq!(read(written), None, "{written}");
        }
    }

    #[test]
    fn a_serial_day_counts_from_the_spreadsheets_epoch() {
        assert_eq!(of_serial("46447").map(|day| day.to_string()).as_deref(), Some("2027-03-01"));
        assert_eq!(of_serial("12"), None);
    }
}
