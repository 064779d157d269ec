//! The clock of leads: working days of China, with the days of each park's configuration.

use chrono::NaiveDate;
use domain::lead::{ClockDays, Stage};
use domain::time::{Moment, NEVER};
use domain::workday::workdays;

use super::context::Context;

/// Returns the days of a park's clock.
fn clock_of(app: &Context, park: &str) -> ClockDays {
    let desk = &app.config.desk;
    // Keys from the environment are in lower case.
    desk.parks.get(park).or_else(|| desk.parks.get(&park.to_lowercase())).copied().unwrap_or(desk.clock)
}

/// Returns the end of the day by which a lead that reached a stage now is due.
#[must_use]
pub fn after_move(app: &Context, park: &str, stage: Stage, now: Moment) -> Moment {
    if stage.is_final() {
        return NEVER;
    }
    Moment::end_of(clock_of(app, park).due_on(workdays(), stage, now.day()))
}

/// Returns the end of the day by which a lead that was answered now is due.
#[must_use]
pub fn after_answer(app: &Context, park: &str, now: Moment) -> Moment {
    Moment::end_of(clock_of(app, park).after_answer(workdays(), now.day()))
}

/// Returns the working days for which a lead has been overdue on a day: 0 on its due day and before.
#[must_use]
pub fn days_overdue(due_at: Moment, today: NaiveDate) -> u32 {
    workdays().between(due_at.day(), today)
}

/// Years, from the present one on, whose working days are not published: at most the next one is named.
#[must_use]
pub fn years_without_schedule(today: NaiveDate) -> Vec<i32> {
    use chrono::Datelike as _;
    let calendar = workdays();
    (today.year()..=today.year() + 1).filter(|year| !calendar.has_schedule(*year)).collect()
}
