//! The clock of a lead in words.

use domain::time::{Moment, SECONDS_PER_DAY};

use crate::db::lead::Lead;
use crate::i18n::{Locale, date, say};

/// Returns the due day of a lead's next step in words, and its urgency: `done`, `overdue`, `soon` or `later`.
pub(super) fn due(locale: Locale, lead: &Lead, now: Moment) -> (Option<String>, &'static str) {
    if !lead.is_open() {
        return (None, "done");
    }
    let due_at = lead.due_at;
    let day = date(locale, due_at.day());
    if due_at < now {
        (Some(say(locale, "staff.overdue", &[("date", &day)])), "overdue")
    } else {
        let is_soon = due_at < now.plus_seconds(SECONDS_PER_DAY);
        (Some(say(locale, "staff.due", &[("date", &day)])), if is_soon { "soon" } else { "later" })
    }
}
