//! Reports: the weekly ledger and the monthly bulletin, each figure with the leads behind it. Days are those of
//! Asia/Shanghai, weeks those of ISO 8601. The figures of a past period stay as filed; later changes are shown as corrections.

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};
use domain::account::Scope;
use domain::decimal::Decimal;
use domain::follow_up::FundsOrigin;
use domain::lead::Stage;
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::time::{MILLIS_PER_SECOND, Moment, SECONDS_PER_DAY, SECONDS_PER_HOUR, parse_day};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::accounts::Actor;
use super::context::Context;
use crate::db::filed::{CountedEvent, FundsEntry, ReportLead, TimeSpan};
use crate::error::{Error, Result};
use crate::i18n::{self, Locale};

/// The locale of the figures' names.
const STAFF: Locale = Locale::ZhHans;
/// The mean time to the first answer, which is no sum.
pub(super) const ANSWER_HOURS: &str = "answer_hours";
/// The amount of the signatures, which is no count.
const SIGNED_AMOUNT: &str = "signed_amount_wan";
/// Figures of a moment, not of events: they are as they were when they were filed, and nothing corrects them later.
const OF_A_MOMENT: [&str; 2] = ["overdue", "put_off"];
/// Days after the period's end from which on a due day is told: until then no digest names the lead.
const PUT_OFF_DAYS: i64 = 90;
/// The amounts paid in, and those of them that bulletins show apart.
const FUNDS: [(&str, Option<FundsOrigin>); 3] = [
    ("funds_wan", None),
    ("funds_other_province_wan", Some(FundsOrigin::OtherProvince)),
    ("funds_foreign_wan", Some(FundsOrigin::Foreign)),
];

/// The kind of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportKind {
    /// The weekly ledger (周台账), of an ISO week.
    Weekly,
    /// The monthly bulletin (月报), of a calendar month.
    Monthly,
}

impl ReportKind {
    /// The name of the parameter that holds its period.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Weekly => "week",
            Self::Monthly => "month",
        }
    }

    /// Returns the word of paths and of stored reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// Returns the kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Weekly, Self::Monthly].into_iter().find(|kind| kind.word() == word)
    }

    /// Returns the period of a day: its name, first day, and the first day after it.
    fn period_of(self, day: NaiveDate) -> Option<ReportPeriod> {
        match self {
            Self::Weekly => Self::week(day.iso_week().year(), day.iso_week().week()),
            Self::Monthly => Self::month(day.year(), day.month()),
        }
    }

    fn week(year: i32, week: u32) -> Option<ReportPeriod> {
        let from = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?;
        Some(ReportPeriod { name: format!("{year:04}-W{week:02}"), from, to: from.checked_add_days(Days::new(7))? })
    }

    fn month(year: i32, month: u32) -> Option<ReportPeriod> {
        let from = NaiveDate::from_ymd_opt(year, month, 1)?;
        Some(ReportPeriod { name: format!("{year:04}-{month:02}"), from, to: from.checked_add_months(Months::new(1))? })
    }

    /// Parses `2026-W48` or `2026-11`.
    fn parse(self, text: &str) -> Option<ReportPeriod> {
        let (year, rest) = text.split_once('-')?;
        let number = if self == Self::Weekly { rest.strip_prefix('W')? } else { rest };
        let is_plain = year.len() == 4 && number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
        let (year, number) = (year.parse().ok()?, number.parse().ok()?);
        match self {
            Self::Weekly if is_plain => Self::week(year, number),
            Self::Monthly if is_plain => Self::month(year, number),
            _ => None,
        }
    }
}

/// A week or month.
#[derive(Clone, Debug)]
pub struct ReportPeriod {
    /// `2026-W48` or `2026-11`.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// The first day after it.
    pub to: NaiveDate,
}

impl ReportPeriod {
    /// Returns the time from its first moment to its end.
    pub(super) fn span(&self) -> TimeSpan {
        TimeSpan { from: Moment::start_of(self.from), to: Moment::start_of(self.to) }
    }

    /// Returns the period before it.
    #[must_use]
    pub fn before(&self, kind: ReportKind) -> Option<Self> {
        kind.period_of(self.from.pred_opt()?)
    }

    /// Returns the period after it.
    #[must_use]
    pub fn after(&self, kind: ReportKind) -> Option<Self> {
        kind.period_of(self.to)
    }
}

/// A figure with the leads behind it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportFigure {
    /// Its stable name.
    pub name: String,
    /// Its value: a count, a sum in 10,000 yuan, or hours.
    pub value: Decimal,
    /// Ids of the leads.
    pub ids: Vec<String>,
}

/// A report.
#[derive(Clone, Debug)]
pub struct PeriodReport {
    /// Its period.
    pub period: ReportPeriod,
    /// Its figures: of a past period as filed.
    pub figures: Vec<ReportFigure>,
    /// Figures that differ from those filed: the figure as it is now, and the value filed.
    pub corrections: Vec<(ReportFigure, Decimal)>,
    /// The parks over which it is.
    pub parks: Vec<String>,
}

/// Returns a report over the actor's parks, or one of them; without `period` the present one.
///
/// # Errors
/// [`Error::Invalid`] for a malformed period; [`Error::NotFound`] for a park outside the scope.
pub async fn report(
    app: &Context,
    actor: &Actor,
    kind: ReportKind,
    period: Option<&str>,
    park: Option<&str>,
) -> Result<PeriodReport> {
    let now = app.clock.now();
    let found = match period {
        None => kind.period_of(now.day()),
        Some(text) => kind.parse(text),
    };
    let period = found.ok_or_else(|| {
        let error = FieldError::new(kind.parameter(), FieldCode::BadPeriod);
        Error::Invalid(vec![error.with("value", period.unwrap_or_default())])
    })?;
    let parks = match park {
        Some(park) if !actor.scope.covers(park) => return Err(Error::NotFound),
        Some(park) => vec![park.to_owned()],
        None => app.db.lead_parks(&actor.scope).await?,
    };
    let is_past = period.span().to <= now;
    let (mut figures, mut present) = (Vec::new(), Vec::new());
    for park in &parks {
        let own = figures_of(app, &actor.scope, park, (kind, &period), now).await?;
        // A watcher of an industry sees a part of a park's leads, which is not the park's report.
        let is_whole = actor.scope.covers(park);
        let filed = if is_past && is_whole { Some(file(app, kind, park, &period, &own, now).await?) } else { None };
        figures = merged(figures, filed.unwrap_or_else(|| own.clone()));
        present = merged(present, own);
    }
    if parks.is_empty() {
        figures = count(kind, &CountedRows::default());
        present = figures.clone();
    }
    let corrections = corrections(&figures, present);
    Ok(PeriodReport { period, figures, corrections, parks })
}

/// Returns the figures that differ from those filed, with the value filed. A figure that a filed report does not have came with
/// a later version.
fn corrections(filed: &[ReportFigure], present: Vec<ReportFigure>) -> Vec<(ReportFigure, Decimal)> {
    let differs = |now: ReportFigure| {
        let then = filed.iter().find(|figure| figure.name == now.name)?;
        if OF_A_MOMENT.contains(&now.name.as_str()) {
            return None;
        }
        (*then != now).then_some((now, then.value))
    };
    present.into_iter().filter_map(differs).collect()
}

/// Files the figures of a park's past period, unless they were filed before, and returns the filed ones.
async fn file(
    app: &Context,
    kind: ReportKind,
    park: &str,
    period: &ReportPeriod,
    own: &[ReportFigure],
    now: Moment,
) -> Result<Vec<ReportFigure>> {
    if let Some(text) = app.db.filed(kind.word(), &period.name, park).await? {
        return Ok(serde_json::from_str(&text).map_err(anyhow::Error::from)?);
    }
    let text = serde_json::to_string(own).map_err(anyhow::Error::from)?;
    app.db.file(kind.word(), &period.name, park, text, now).await?;
    Ok(own.to_vec())
}

/// Files the week and the month before the present ones for every park with leads; what was filed stays.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn file_past(app: &Context) -> Result<()> {
    let now = app.clock.now();
    let parks = app.db.lead_parks(&Scope::All).await?;
    for kind in [ReportKind::Weekly, ReportKind::Monthly] {
        let Some(period) = kind.period_of(now.day()).and_then(|present| present.before(kind)) else { continue };
        for park in &parks {
            if app.db.filed(kind.word(), &period.name, park).await?.is_none() {
                let own = figures_of(app, &Scope::All, park, (kind, &period), now).await?;
                file(app, kind, park, &period, &own, now).await?;
            }
        }
    }
    Ok(())
}

async fn figures_of(
    app: &Context,
    scope: &Scope,
    park: &str,
    (kind, period): (ReportKind, &ReportPeriod),
    now: Moment,
) -> Result<Vec<ReportFigure>> {
    let span = period.span();
    // Overdue at the end of a past period, and today in the present one.
    let overdue_at = span.to.min(Moment::start_of(now.day()));
    let is_ahead = span.from > now;
    let rows = CountedRows {
        came: app.db.leads_came(scope, park, span).await?,
        answered: app.db.leads_answered(scope, park, span).await?,
        overdue: if is_ahead { Vec::new() } else { app.db.leads_overdue(scope, park, overdue_at).await? },
        put_off: if is_ahead {
            Vec::new()
        } else {
            let after = span.to.plus_seconds(PUT_OFF_DAYS * SECONDS_PER_DAY);
            app.db.leads_put_off(scope, park, after).await?
        },
        events: app.db.events_within(scope, park, span).await?,
        funds: if kind == ReportKind::Monthly { funds_of(app, scope, park, period).await? } else { Vec::new() },
    };
    Ok(count(kind, &rows))
}

/// Returns the amounts that were paid in to a park's leads on days of a period.
pub(super) async fn funds_of(
    app: &Context,
    scope: &Scope,
    park: &str,
    period: &ReportPeriod,
) -> Result<Vec<FundsEntry>> {
    let mut entries = app.db.funds_since(scope, park, period.span().from).await?;
    let paid_on = |entry: &FundsEntry| entry.facts["paid_on"].as_str().and_then(parse_day);
    entries.retain(|entry| paid_on(entry).is_some_and(|day| period.from <= day && day < period.to));
    Ok(entries)
}

/// Rows of a park and a period.
#[derive(Default)]
struct CountedRows {
    came: Vec<ReportLead>,
    answered: Vec<ReportLead>,
    overdue: Vec<ReportLead>,
    put_off: Vec<ReportLead>,
    events: Vec<CountedEvent>,
    funds: Vec<FundsEntry>,
}

/// Counts the figures; each id occurs once per figure.
fn count(kind: ReportKind, rows: &CountedRows) -> Vec<ReportFigure> {
    let CountedRows { came, answered, overdue, put_off, events, funds } = rows;
    let ids = |leads: &[ReportLead]| leads.iter().map(|lead| lead.id.clone()).collect::<Vec<_>>();
    let reached = |stages: &[Stage]| of_events(events, |it| it.to.is_some_and(|to| stages.contains(&to)));
    let is_visit = |it: &CountedEvent| {
        let kind = it.facts.as_ref().and_then(|facts| facts["note"].as_str().map(str::to_owned));
        kind.as_deref() == Some("visit") || matches!(it.to, Some(Stage::Visited | Stage::Viewed))
    };
    let counted = |name: &str, ids: Vec<String>| ReportFigure {
        name: name.to_owned(),
        value: Decimal::from_int(i64::try_from(ids.len()).unwrap_or(i64::MAX)),
        ids,
    };
    let signed = reached(&[Stage::Signed]);
    let mut figures = vec![
        counted("new", ids(came)),
        counted("answered", ids(answered)),
        ReportFigure { name: ANSWER_HOURS.to_owned(), value: mean_hours(answered), ids: ids(answered) },
        counted("overdue", ids(overdue)),
        counted("put_off", ids(put_off)),
        counted("visits", of_events(events, is_visit)),
        counted("negotiating", reached(&[Stage::Negotiating])),
        ReportFigure { name: SIGNED_AMOUNT.to_owned(), value: amount(events, &signed), ids: signed.clone() },
        counted("signed", signed),
        counted("started", reached(&[Stage::Started])),
        counted("producing", reached(&[Stage::Producing])),
        counted("moved_in", reached(&[Stage::MovedIn])),
        counted("shelved", reached(&[Stage::Shelved])),
        counted("lost", reached(&[Stage::Lost])),
        counted("withdrawn", reached(&[Stage::Withdrawn])),
    ];
    if kind == ReportKind::Monthly {
        figures.extend(FUNDS.map(|(name, origin)| paid_in(name, origin, funds)));
    }
    figures
}

/// Sums the amounts paid in of one origin, or of all.
fn paid_in(name: &str, origin: Option<FundsOrigin>, funds: &[FundsEntry]) -> ReportFigure {
    let is_of = |entry: &&FundsEntry| origin.is_none_or(|origin| entry.facts["origin"] == origin.word());
    let amount = |entry: &FundsEntry| Decimal::parse(entry.facts["funds_wan"].as_str()?).ok();
    let own: Vec<&FundsEntry> = funds.iter().filter(is_of).collect();
    let sum = own.iter().filter_map(|entry| amount(entry)).fold(0_i64, |sum, it| sum.saturating_add(it.micro()));
    let mut seen = std::collections::HashSet::new();
    let ids = own.iter().map(|entry| entry.lead_id.clone()).filter(|id| seen.insert(id.clone())).collect();
    ReportFigure { name: name.to_owned(), value: Decimal::from_micro(sum), ids }
}

fn of_events(events: &[CountedEvent], fits: impl Fn(&CountedEvent) -> bool) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let found = events.iter().filter(|it| fits(it)).map(|it| it.lead_id.clone());
    found.filter(|id| seen.insert(id.clone())).collect()
}

/// Sums the amounts of the last signature of each lead.
fn amount(events: &[CountedEvent], signed: &[String]) -> Decimal {
    let last = |id: &String| {
        let own = events.iter().rev().find(|it| it.lead_id == *id && it.to == Some(Stage::Signed))?;
        let text = own.facts.as_ref()?["amount_wan"].as_str().map(str::to_owned)?;
        Decimal::parse(&text).ok()
    };
    let sum = signed.iter().filter_map(last).fold(0_i64, |sum, amount| sum.saturating_add(amount.micro()));
    Decimal::from_micro(sum)
}

/// Returns the mean time from arrival to the first answer, in hours with one place; 0 without an answer.
fn mean_hours(answered: &[ReportLead]) -> Decimal {
    let spans = answered.iter().filter_map(|lead| Some(lead.answered_at?.0 - lead.created_at.0));
    let total: i64 = spans.sum();
    let count = i64::try_from(answered.len()).unwrap_or(i64::MAX).max(1);
    let tenths = total * 10 / (SECONDS_PER_HOUR * MILLIS_PER_SECOND) / count;
    Decimal::from_micro(tenths.saturating_mul(100_000))
}

/// Adds the figures of another park by their names: an earlier version filed fewer.
fn merged(mut all: Vec<ReportFigure>, more: Vec<ReportFigure>) -> Vec<ReportFigure> {
    let add = |one: &mut ReportFigure, two: ReportFigure| {
        let weighted = |it: &ReportFigure| it.value.micro().saturating_mul(i64::try_from(it.ids.len()).unwrap_or(0));
        one.value = if one.name == ANSWER_HOURS {
            let count = i64::try_from(one.ids.len() + two.ids.len()).unwrap_or(i64::MAX).max(1);
            Decimal::from_micro((weighted(one) + weighted(&two)) / count / 100_000 * 100_000)
        } else {
            Decimal::from_micro(one.value.micro().saturating_add(two.value.micro()))
        };
        one.ids.extend(two.ids);
    };
    for figure in more {
        match all.iter_mut().find(|own| own.name == figure.name) {
            Some(own) => add(own, figure),
            None => all.push(figure),
        }
    }
    all
}

fn label(name: &str) -> String {
    i18n::tell(STAFF, &format!("report.{name}"))
}

impl PeriodReport {
    /// Returns the report as JSON; `period` holds its first and last day.
    #[must_use]
    pub fn json(&self) -> Value {
        let figure =
            |it: &ReportFigure| json!({ "name": it.name, "label": label(&it.name), "value": it.value, "ids": it.ids });
        let corrected = |(now, filed): &(ReportFigure, Decimal)| json!({ "name": now.name, "label": label(&now.name), "filed": filed, "value": now.value, "ids": now.ids });
        let last = self.period.to.pred_opt().unwrap_or(self.period.to);
        json!({
            "period": { "name": self.period.name, "from": self.period.from.to_string(), "to": last.to_string() },
            "figures": self.figures.iter().map(figure).collect::<Vec<_>>(),
            "corrections": self.corrections.iter().map(corrected).collect::<Vec<_>>(),
        })
    }

    /// Returns the header and the rows of the report as a table.
    #[must_use]
    pub fn table(&self) -> (Vec<String>, Vec<[String; 4]>) {
        let header = ["name", "label", "value", "ids"].map(|name| i18n::tell(STAFF, &format!("report.{name}")));
        let row = |it: &ReportFigure| [it.name.clone(), label(&it.name), it.value.to_string(), it.ids.join(";")];
        (header.to_vec(), self.figures.iter().map(row).collect())
    }

    /// Returns the name of its period, for a file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.period.name
    }
}

#[cfg(test)]
mod tests {
    use super::ReportKind;

    #[test]
    fn weeks_are_those_of_iso_8601_and_malformed_periods_are_refused() {
        let first = ReportKind::Weekly.parse("2026-W01").expect("a week");
        assert_eq!((first.from.to_string().as_str(), first.to.to_string().as_str()), ("2025-12-29", "2026-01-05"));
        assert!(ReportKind::Weekly.parse("2026-W53").is_some(), "a long year");
        for bad in ["2025-W53", "2026-48", "2026-W7", "2026-W00", "26-W07", "2026-W+1", ""] {
            assert!(ReportKind::Weekly.parse(bad).is_none(), "{bad}");
        }
        assert!(ReportKind::Monthly.parse("2026-12").is_some_and(|it| it.to.to_string() == "2027-01-01"));
        assert!(ReportKind::Monthly.parse("2026-13").is_none());
    }
}
