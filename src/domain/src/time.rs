//! Moments and days. Nothing here asks for the time: it comes in as an argument.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone as _};
use serde::{Deserialize, Serialize};

/// A moment, in milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment(pub i64);

/// China's one offset; no daylight saving.
const CHINA_SECONDS: i32 = 8 * 3600;

impl Moment {
    /// This moment and `seconds` more.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1000)
    }

    /// The calendar day in China.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        self.in_china().date_naive()
    }

    /// The wall clock in China.
    ///
    /// # Panics
    /// Never for moments within chrono's 262,000 years.
    #[must_use]
    pub fn in_china(self) -> DateTime<FixedOffset> {
        let zone = FixedOffset::east_opt(CHINA_SECONDS).unwrap_or_else(|| unreachable!("eight hours are an offset"));
        zone.timestamp_millis_opt(self.0).single().unwrap_or_else(|| zone.timestamp_nanos(0))
    }

    /// RFC 3339 with China's offset, as the API prints moments.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.in_china().to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
    }
}

/// Parses `2027-03-01`; anything else is not a day.
#[must_use]
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}
