//! Reading of texts with its time.

use std::time::Instant;

use chrono::NaiveDate;
use domain::rate::Rates;
use domain::reader::{self, Reading};

/// Reads a text; `luodi_read_seconds` has the time.
#[must_use]
pub fn reading_of(text: &str, today: NaiveDate, rates: &Rates) -> Reading {
    let started = Instant::now();
    let reading = reader::read_with(text, today, rates);
    metrics::histogram!("luodi_read_seconds").record(started.elapsed().as_secs_f64());
    reading
}
