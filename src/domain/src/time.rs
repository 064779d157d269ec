//! Moments and days. The current time is always an argument.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone as _};
use serde::{Deserialize, Serialize};

/// A point in time, in milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment(pub i64);

/// Milliseconds per second, the unit of [`Moment`].
pub const MILLIS_PER_SECOND: i64 = 1_000;
/// Seconds per hour.
pub const SECONDS_PER_HOUR: i64 = 3_600;
/// Seconds per day; China has no daylight saving, so that every day has as many.
pub const SECONDS_PER_DAY: i64 = 24 * SECONDS_PER_HOUR;

/// The due time of a lead that is not worked any more, behind all others: the end of 9999-12-31 in China.
pub const NEVER: Moment = Moment(253_402_271_999_999);

/// UTC+8: China has one offset and no daylight saving.
const CHINA_SECONDS: i32 = 8 * 3600;

impl Moment {
    /// Returns the moment `seconds` later; negative for earlier.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * MILLIS_PER_SECOND)
    }

    /// Returns the calendar day in China.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        self.in_china().date_naive()
    }

    /// Returns the first moment of a day in China.
    #[must_use]
    pub fn start_of(day: NaiveDate) -> Self {
        let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
        Self(midnight - i64::from(CHINA_SECONDS) * MILLIS_PER_SECOND)
    }

    /// Returns the wall-clock time in China.
    ///
    /// # Panics
    /// Never for moments within chrono's 262,000 years.
    #[must_use]
    pub fn in_china(self) -> DateTime<FixedOffset> {
        let zone = FixedOffset::east_opt(CHINA_SECONDS).unwrap_or_else(|| unreachable!("eight hours are an offset"));
        zone.timestamp_millis_opt(self.0).single().unwrap_or_else(|| zone.timestamp_nanos(0))
    }

    /// Returns the last millisecond of a day in China.
    #[must_use]
    pub fn end_of(day: NaiveDate) -> Self {
        Self(Self::start_of(day).0 + SECONDS_PER_DAY * MILLIS_PER_SECOND - 1)
    }

    /// Formats as RFC 3339 with milliseconds and China's offset, as in the API.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.in_china().to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
    }
}

impl Moment {
    /// Parses a moment of RFC 3339; `None` for any other form.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| Self(at.timestamp_millis()))
    }
}

/// Returns the first day of a recorded date, which is a day, a month (`2022-02`) or a year.
#[must_use]
pub fn loose_day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.trim().splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let part = |part: Option<&str>| part.map_or(Some(1), |part| part.parse::<u32>().ok());
    let (month, day) = (part(parts.next())?, part(parts.next())?);
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Parses `2027-03-01`; `None` for any other form.
#[must_use]
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}
