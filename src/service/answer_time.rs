//! Public time to the first answer, by park: from ten answers on, of its filed monthly reports, each of them public
//! 30 days after it was filed, so that its manager has seen it before.

use chrono::{Datelike as _, Months};
use domain::decimal::Decimal;
use domain::time::{Moment, SECONDS_PER_DAY};

use super::context::Context;
use super::reports::{ANSWER_HOURS, ReportFigure, ReportKind};
use crate::error::Result;

/// Answers from which on the time is told: fewer say little about a park, and much about single leads.
pub const LEAST_ANSWERS: usize = 10;
/// Time between filing and publication.
pub const NOTICE_SECONDS: i64 = 30 * SECONDS_PER_DAY;
/// Months of reports that count.
const MONTHS: u32 = 12;

/// A park's mean time to the first answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnswerTime {
    /// Hours, with one place.
    pub hours: Decimal,
    /// Answers of which it is the mean.
    pub answers: usize,
    /// Time from which on it is public.
    pub public_from: Moment,
}

/// A park's times to the first answer: the public one, and the one to come, which its manager sees.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AnswerTimes {
    /// Public now.
    pub public: Option<AnswerTime>,
    /// Public later: the value with every report filed so far.
    pub coming: Option<AnswerTime>,
}

/// Returns a park's times to the first answer.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] or [`crate::error::Error::Internal`].
pub async fn of_park(app: &Context, park: &str) -> Result<AnswerTimes> {
    let now = app.clock.now();
    let first = now.day().checked_sub_months(Months::new(MONTHS)).unwrap_or_else(|| now.day());
    let since = format!("{:04}-{:02}", first.year(), first.month());
    let filed = app.db.filed_since(ReportKind::Monthly.word(), park, &since).await?;
    let figures: Vec<(ReportFigure, Moment)> = filed
        .into_iter()
        .filter_map(|(text, at)| {
            let all: Vec<ReportFigure> = serde_json::from_str(&text).ok()?;
            Some((all.into_iter().find(|figure| figure.name == ANSWER_HOURS)?, at))
        })
        .collect();
    let is_public = |at: Moment| at.plus_seconds(NOTICE_SECONDS) <= now;
    let public = mean(figures.iter().filter(|(_, at)| is_public(*at)));
    let has_more = figures.iter().any(|(figure, at)| !is_public(*at) && !figure.ids.is_empty());
    Ok(AnswerTimes { public, coming: if has_more { mean(figures.iter()) } else { None } })
}

fn mean<'f>(figures: impl Iterator<Item = &'f (ReportFigure, Moment)>) -> Option<AnswerTime> {
    let (mut sum, mut answers, mut last) = (0_i64, 0_usize, Moment(0));
    for (figure, at) in figures {
        let count = i64::try_from(figure.ids.len()).unwrap_or_default();
        sum = sum.saturating_add(figure.value.micro().saturating_mul(count));
        answers += figure.ids.len();
        last = last.max(*at);
    }
    let count = i64::try_from(answers).unwrap_or(i64::MAX).max(1);
    // One place, as reports have it.
    let hours = Decimal::from_micro(sum / count / 100_000 * 100_000);
    (answers >= LEAST_ANSWERS).then(|| AnswerTime { hours, answers, public_from: last.plus_seconds(NOTICE_SECONDS) })
}
