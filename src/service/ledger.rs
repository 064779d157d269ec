//! The pages of reports: charts beside the figures, the leads behind each, and the workbook in the office's headings.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::decimal::Decimal;
use domain::lead::Stage;
use domain::requirement::Word as _;
use domain::stored::StoredRequirement;
use domain::time::{MILLIS_PER_SECOND, Moment, SECONDS_PER_DAY, SECONDS_PER_HOUR};

use super::accounts::Actor;
use super::context::Context;
use super::exports::{ledger_cells, record};
use super::reports::{self, PeriodReport, ReportFigure, ReportKind};
use crate::db::filed::{ReportLead, TimeSpan};
use crate::db::lead::LeadRow;
use crate::db::ledger::ReachedStage;
use crate::error::{Error, Result};
use crate::i18n::{self, Locale};
use crate::tables::{BookSheet, Out, write_ledger};

/// The locale of the workbook: that of the office to which it is handed in.
const OFFICE: Locale = Locale::ZhHans;
/// Days before the end of a period whose leads the funnel follows.
const FUNNEL_DAYS: i64 = 365;
/// Steps of the funnel with the stages from which on a lead has come so far.
const FUNNEL: [(&str, &[Stage]); 7] = [
    ("registered", &[Stage::Registered, Stage::Assessed]),
    ("contacted", &[Stage::Contacted]),
    ("visited", &[Stage::Visited, Stage::Viewed]),
    ("negotiating", &[Stage::Negotiating, Stage::Reviewed, Stage::Admitted]),
    ("signed", &[Stage::Signed, Stage::LandSupplied, Stage::Permitted]),
    ("started", &[Stage::Started, Stage::Completed]),
    ("producing", &[Stage::Producing, Stage::Audited, Stage::MovedIn, Stage::Graduated]),
];
/// Bounds of the time to the first answer, hours; what is longer is `later`.
const ANSWER_BOUNDS: [(&str, i64); 3] = [("day", 24), ("two_days", 48), ("week", 168)];
/// Headings of the ledger.
const HEADINGS: [&str; 11] = [
    "number",
    "company",
    "need",
    "listing",
    "source",
    "stage",
    "owner",
    "registered_on",
    "answered_on",
    "due_on",
    "park",
];

/// Headings of the amounts paid in.
const FUNDS_HEADINGS: [&str; 8] =
    ["number", "company", "funds_wan", "paid_on", "funds_origin", "funds_source", "document", "park"];

/// Charts of a report; each bar is a figure with the leads behind it.
#[derive(Clone, Debug, Default)]
pub struct ReportCharts {
    /// Leads of the year up to the period's end that came at least so far.
    pub funnel: Vec<ReportFigure>,
    /// Median days in each stage, of the moves that left it within the period.
    pub stages: Vec<ReportFigure>,
    /// First answers within the period by the time they took.
    pub answers: Vec<ReportFigure>,
}

impl ReportCharts {
    /// Returns every bar.
    pub fn bars(&self) -> impl Iterator<Item = &ReportFigure> {
        self.funnel.iter().chain(&self.stages).chain(&self.answers)
    }
}

fn counted(name: String, ids: Vec<String>) -> ReportFigure {
    let value = Decimal::from_int(i64::try_from(ids.len()).unwrap_or(i64::MAX));
    ReportFigure { name, value, ids }
}

/// Returns the charts of a report.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn charts(app: &Context, actor: &Actor, report: &PeriodReport) -> Result<ReportCharts> {
    let span = report.period.span();
    let year = TimeSpan { from: span.to.plus_seconds(-FUNNEL_DAYS * SECONDS_PER_DAY), to: span.to };
    let (mut reached, mut answered) = (Vec::new(), Vec::new());
    for park in &report.parks {
        reached.extend(app.db.stages_reached(&actor.scope, park, year).await?);
        answered.extend(app.db.leads_answered(&actor.scope, park, span).await?);
    }
    Ok(ReportCharts { funnel: funnel(&reached, span.to), stages: stages(&reached, span), answers: answers(&answered) })
}

fn depth(stage: Stage) -> Option<usize> {
    FUNNEL.iter().position(|(_, stages)| stages.contains(&stage))
}

/// Counts the leads that came at least to each step before a moment.
fn funnel(reached: &[ReachedStage], end: Moment) -> Vec<ReportFigure> {
    let mut deepest: BTreeMap<&str, usize> = BTreeMap::new();
    for it in reached.iter().filter(|it| it.at < end) {
        let depth = depth(it.to).unwrap_or_default();
        deepest.entry(&it.lead_id).and_modify(|known| *known = depth.max(*known)).or_insert(depth);
    }
    let step = |(at, (name, _)): (usize, &(&str, &[Stage]))| {
        let ids = deepest.iter().filter(|(_, depth)| **depth >= at).map(|(id, _)| (*id).to_owned());
        counted(format!("funnel_{name}"), ids.collect())
    };
    FUNNEL.iter().enumerate().map(step).collect()
}

/// Returns the median days in each stage that was left within a time.
fn stages(reached: &[ReachedStage], span: TimeSpan) -> Vec<ReportFigure> {
    let mut by_lead: HashMap<&str, Vec<&ReachedStage>> = HashMap::new();
    reached.iter().for_each(|it| by_lead.entry(&it.lead_id).or_default().push(it));
    let mut spans: Vec<(Stage, i64, &str)> = Vec::new();
    for (id, moves) in by_lead {
        for pair in moves.windows(2) {
            // A stage in which a lead came by a file was not left on that day.
            if pair[1].is_move && (span.from..span.to).contains(&pair[1].at) {
                spans.push((pair[0].to, pair[1].at.0 - pair[0].at.0, id));
            }
        }
    }
    let of_stage = |&(word, stage): &(&str, Stage)| {
        let mut own: Vec<(i64, &str)> =
            spans.iter().filter(|(left, ..)| *left == stage).map(|(_, time, id)| (*time, *id)).collect();
        own.sort_unstable();
        let median = own.get(own.len() / 2)?.0;
        let ids: HashSet<&str> = own.iter().map(|(_, id)| *id).collect();
        let mut ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        ids.sort_unstable();
        let tenths = median * 10 / (SECONDS_PER_DAY * MILLIS_PER_SECOND);
        let value = Decimal::from_micro(tenths.saturating_mul(100_000));
        Some(ReportFigure { name: format!("days_{word}"), value, ids })
    };
    Stage::WORDS.iter().filter_map(of_stage).collect()
}

fn answers(answered: &[ReportLead]) -> Vec<ReportFigure> {
    let hours = |lead: &ReportLead| {
        let time = lead.answered_at.map_or(0, |at| at.0 - lead.created_at.0);
        time / (SECONDS_PER_HOUR * MILLIS_PER_SECOND)
    };
    let mut above = 0;
    let mut bars = Vec::new();
    for (name, most) in ANSWER_BOUNDS.into_iter().chain([("later", i64::MAX)]) {
        let own = answered.iter().filter(|lead| (above..most).contains(&hours(lead)));
        bars.push(counted(format!("answer_{name}"), own.map(|lead| lead.id.clone()).collect()));
        above = most;
    }
    bars
}

/// Returns the leads behind a figure or a bar of a report; those that the actor no longer sees are left out.
///
/// # Errors
/// [`Error::NotFound`] where no figure has the name; as [`reports::report`].
pub async fn rows(
    app: &Context,
    actor: &Actor,
    report: &PeriodReport,
    name: &str,
) -> Result<(ReportFigure, Vec<LeadRow>)> {
    let own = report.figures.iter().find(|figure| figure.name == name).cloned();
    let figure = match own {
        Some(figure) => figure,
        None => {
            let charts = charts(app, actor, report).await?;
            let found = charts.bars().find(|bar| bar.name == name).cloned();
            found.ok_or(Error::NotFound)?
        }
    };
    let rows = app.db.leads_by_id(&actor.scope, &figure.ids).await?;
    Ok((figure, rows))
}

/// Returns a report as a workbook: its figures with their corrections, and the ledger of the leads behind them. It is an
/// export: counted and recorded.
///
/// # Errors
/// [`Error::Forbidden`] for all but managers and admins; [`Error::TooMany`] past the limit of the day; as
/// [`reports::report`].
pub async fn workbook(app: &Context, actor: &Actor, report: &PeriodReport) -> Result<Vec<u8>> {
    if !super::exports::may_export(actor) {
        return Err(Error::Forbidden);
    }
    let park = if let [only] = report.parks.as_slice() { only.as_str() } else { "*" };
    record(app, actor, park, "report").await?;
    let mut seen = HashSet::new();
    let ids = report.figures.iter().flat_map(|figure| &figure.ids).filter(|id| seen.insert(id.as_str()));
    let ids: Vec<String> = ids.cloned().collect();
    let rows = app.db.leads_by_id(&actor.scope, &ids).await?;
    let mut sheets = vec![figures_sheet(report), ledger_sheet(app, &rows)];
    if report.figures.iter().any(|figure| figure.name == "funds_wan") {
        sheets.push(funds_sheet(app, actor, report, &rows).await?);
    }
    write_ledger(&sheets).map_err(|error| Error::Internal(error.into()))
}

fn tell(key: &str) -> String {
    i18n::tell(OFFICE, key)
}

fn figures_sheet(report: &PeriodReport) -> BookSheet {
    let head = ["label", "value", "corrected"].map(|name| Out::text(tell(&format!("report.{name}"))));
    let row = |figure: &ReportFigure| {
        let now = report.corrections.iter().find(|(now, _)| now.name == figure.name);
        let corrected = now.map(|(now, _)| now.value.to_string()).unwrap_or_default();
        let label = Out::text(tell(&format!("report.{}", figure.name)));
        vec![label, Out::number(figure.value.to_string()), Out::number(corrected)]
    };
    let rows = std::iter::once(head.to_vec()).chain(report.figures.iter().map(row)).collect();
    BookSheet { name: Some(tell("report.sheet_figures")), rows }
}

fn ledger_sheet(app: &Context, rows: &[LeadRow]) -> BookSheet {
    let head = HEADINGS.map(|name| Out::text(tell(&format!("ledger.{name}"))));
    let words = |group: &str, word: &str| i18n::word(OFFICE, group, word);
    let row = |row: &LeadRow| {
        let need = i18n::need(OFFICE, &StoredRequirement::parse(&row.requirement));
        ledger_cells(app, row, words, need)
    };
    let rows = std::iter::once(head.to_vec()).chain(rows.iter().map(row)).collect();
    BookSheet { name: Some(tell("report.sheet_ledger")), rows }
}

/// The amounts paid in within the period, each with origin and proof.
async fn funds_sheet(app: &Context, actor: &Actor, report: &PeriodReport, rows: &[LeadRow]) -> Result<BookSheet> {
    let by_id: HashMap<&str, &LeadRow> = rows.iter().map(|row| (row.lead.id.as_str(), row)).collect();
    let head = FUNDS_HEADINGS.map(|name| Out::text(tell(&format!("ledger.{name}"))));
    let mut lines = vec![head.to_vec()];
    for park in &report.parks {
        for entry in reports::funds_of(app, &actor.scope, park, &report.period).await? {
            let fact = |name: &str| entry.facts[name].as_str().unwrap_or_default().to_owned();
            let word = |group: &str, name: &str| match fact(name) {
                blank if blank.is_empty() => blank,
                word => i18n::word(OFFICE, group, &word),
            };
            let row = by_id.get(entry.lead_id.as_str());
            lines.push(vec![
                Out::text(row.map(|row| row.inquiry.number.clone()).unwrap_or_default()),
                Out::text(row.and_then(|row| row.company.clone()).unwrap_or_default()),
                Out::number(fact("funds_wan")),
                Out::text(fact("paid_on")),
                Out::text(word("funds_origin", "origin")),
                Out::text(word("funds_source", "source")),
                Out::text(entry.note),
                Out::text(app.inventory.park_name(park)),
            ]);
        }
    }
    Ok(BookSheet { name: Some(tell("report.sheet_funds")), rows: lines })
}

/// Returns the report of a page's words, see [`reports::report`].
///
/// # Errors
/// [`Error::NotFound`] for an unknown kind; as [`reports::report`].
pub async fn report(
    app: &Context,
    actor: &Actor,
    kind: &str,
    period: Option<&str>,
    park: Option<&str>,
) -> Result<(ReportKind, PeriodReport)> {
    let kind = ReportKind::from_word(kind).ok_or(Error::NotFound)?;
    Ok((kind, reports::report(app, actor, kind, period, park).await?))
}

#[cfg(test)]
mod tests {
    use domain::lead::Stage;
    use domain::time::Moment;

    use super::{ReachedStage, TimeSpan, funnel, stages};

    fn reached(lead: &str, to: Stage, at: i64, is_move: bool) -> ReachedStage {
        ReachedStage { lead_id: lead.to_owned(), to, at: Moment(at), is_move }
    }

    #[test]
    fn the_funnel_counts_a_lead_in_every_step_that_it_came_through_or_beyond() {
        let all = [
            reached("a", Stage::Registered, 0, false),
            reached("a", Stage::Signed, 5, true),
            reached("b", Stage::Registered, 1, false),
            reached("b", Stage::Lost, 2, true),
            reached("c", Stage::Registered, 1, false),
            reached("c", Stage::Contacted, 90, true),
        ];
        let counts: Vec<String> = funnel(&all, Moment(10)).iter().map(|bar| bar.value.to_string()).collect();
        assert_eq!(counts, ["3", "1", "1", "1", "1", "0", "0"]);
    }

    #[test]
    fn the_time_in_a_stage_is_the_median_of_moves_that_left_it_within_the_period() {
        const DAY: i64 = 86_400_000;
        let all = [
            reached("a", Stage::Registered, 0, false),
            reached("a", Stage::Assessed, DAY, true),
            reached("b", Stage::Registered, 0, false),
            reached("b", Stage::Assessed, 3 * DAY, true),
            reached("c", Stage::Registered, 0, false),
            reached("c", Stage::Assessed, 9 * DAY, true),
            reached("d", Stage::Registered, 0, false),
            reached("d", Stage::Visited, 5 * DAY, false),
        ];
        let bars = stages(&all, TimeSpan { from: Moment(0), to: Moment(20 * DAY) });
        let told: Vec<_> = bars.iter().map(|bar| (bar.name.as_str(), bar.value.to_string(), bar.ids.len())).collect();
        assert_eq!(told, [("days_registered", "3".to_owned(), 3)]);
        assert!(stages(&all, TimeSpan { from: Moment(10 * DAY), to: Moment(20 * DAY) }).is_empty());
    }
}
