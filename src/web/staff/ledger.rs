//! Reports: the weekly ledger and the monthly bulletin with their charts, the leads behind each figure, the files of both,
//! unmet demand, and the export of leads.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::stored::StoredRequirement;
use serde::Serialize;
use tokio::io::AsyncReadExt as _;

use crate::db::lead::LeadRow;
use crate::error::{Code, Error};
use crate::i18n::{date, grouped, need, region_name, say, word};
use crate::service::answer_time::{self, AnswerTime};
use crate::service::reports::{PeriodReport, ReportFigure, ReportKind};
use crate::service::unmet::{self, DemandCell};
use crate::service::{exports, ledger};
use crate::tables::{Format, Out, write_rows};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, Query, WrongField, wrong_fields};
use crate::web::problem::Problem;
use crate::web::view::{Chart, OptionView, address, chart};

/// Leads that the page of a figure shows; the workbook has all.
const SHOWN: usize = 500;
/// Size of the parts in which a file is sent, bytes.
const PART: usize = 64 << 10;

#[derive(Serialize)]
struct LedgerPage {
    title: String,
    days: String,
    kinds: Vec<KindLink>,
    before: Option<String>,
    after: Option<String>,
    is_past: bool,
    path: String,
    period: String,
    parks: Vec<OptionView>,
    figures: Vec<FigureView>,
    charts: Vec<ChartView>,
    corrections: Vec<CorrectionView>,
    answer_time: Option<String>,
    xlsx: Option<String>,
    csv: String,
    unmet: String,
    export: Option<String>,
}

#[derive(Serialize)]
struct KindLink {
    label: String,
    url: String,
    is_shown: bool,
}

#[derive(Serialize)]
struct FigureView {
    label: String,
    value: String,
    url: String,
    count: usize,
}

#[derive(Serialize)]
struct ChartView {
    title: String,
    hint: String,
    drawing: Chart,
    bars: Vec<FigureView>,
}

/// A figure as filed, and its present value.
#[derive(Serialize)]
struct CorrectionView {
    label: String,
    filed: String,
    now: String,
}

#[derive(Serialize)]
struct RowsPage {
    title: String,
    figure: String,
    value: String,
    back: String,
    rows: Vec<LedgerRowView>,
    more: Option<String>,
    gone: Option<String>,
}

#[derive(Serialize)]
struct LedgerRowView {
    number: String,
    company: String,
    need: String,
    stage: String,
    owner: String,
    park: String,
    came: String,
    url: String,
}

#[derive(Serialize)]
struct UnmetPage {
    cells: Vec<DemandView>,
    judged: String,
    has_hidden: bool,
}

#[derive(Serialize)]
struct DemandView {
    region: String,
    kind: String,
    criterion: String,
    firms: usize,
}

#[derive(Serialize)]
struct ExportPage {
    parks: Vec<OptionView>,
    errors: Vec<WrongField>,
    reason: String,
}

/// The report that a query names.
struct Asked {
    kind: ReportKind,
    report: PeriodReport,
    park: Option<String>,
}

impl Asked {
    async fn read(page: &Page, kind: &str, query: &Query) -> Result<Self, Problem> {
        let filled = |name: &str| Some(query.get(name).to_owned()).filter(|text| !text.is_empty());
        let (period, park) = (filled("period"), filled("park"));
        let actor = page.staff()?;
        let (kind, report) = ledger::report(&page.app, actor, kind, period.as_deref(), park.as_deref()).await?;
        Ok(Self { kind, report, park })
    }

    fn url(&self, page: &Page, below: &str, period: &str) -> String {
        let path = page.url(&format!("/staff/ledger/{}{below}", self.kind.word()));
        let park = self.park.as_deref().map(|park| ("park", park));
        address(&path, [("period", period)].into_iter().chain(park))
    }
}

/// `GET /staff/ledger`: the present week.
pub(super) async fn start(page: Page) -> PageResult {
    page.staff()?;
    Ok(page.see("/staff/ledger/weekly"))
}

/// `GET /staff/ledger/{kind}`
pub(super) async fn show(page: Page, Id(kind): Id<String>, query: Query) -> PageResult {
    let asked = Asked::read(&page, &kind, &query).await?;
    let actor = page.staff()?;
    let charts = ledger::charts(&page.app, actor, &asked.report).await?;
    let times = match asked.report.parks.as_slice() {
        [only] => answer_time::of_park(&page.app, only).await?,
        _ => answer_time::AnswerTimes::default(),
    };
    let (report, kind) = (&asked.report, asked.kind);
    let name = report.period.name.as_str();
    let (before, after) = (report.period.before(kind), report.period.after(kind));
    let today = page.today();
    let xlsx = exports::may_export(actor).then(|| {
        let url = asked.url(&page, "/file", name);
        format!("{url}&format=xlsx")
    });
    let context = LedgerPage {
        title: title(&page, &asked),
        days: days(&page, report),
        kinds: [ReportKind::Weekly, ReportKind::Monthly].map(|own| kind_link(&page, &asked, own)).into(),
        before: before.map(|period| asked.url(&page, "", &period.name)),
        after: after.filter(|period| period.from <= today).map(|period| asked.url(&page, "", &period.name)),
        is_past: report.period.to <= today,
        path: page.url(&format!("/staff/ledger/{}", kind.word())),
        period: name.to_owned(),
        parks: park_options(&page, &asked).await?,
        figures: report.figures.iter().map(|figure| figure_view(&page, &asked, figure)).collect(),
        charts: vec![
            chart_view(&page, &asked, "funnel", &charts.funnel),
            chart_view(&page, &asked, "days", &charts.stages),
            chart_view(&page, &asked, "answer", &charts.answers),
        ],
        corrections: report.corrections.iter().map(|(now, filed)| correction(&page, now, *filed)).collect(),
        answer_time: times.coming.or(times.public).map(|time| answer_words(&page, time)),
        xlsx,
        csv: format!("{}&format=csv", asked.url(&page, "/file", name)),
        unmet: page.url("/staff/unmet"),
        export: exports::may_export(actor).then(|| page.url("/staff/export")),
    };
    page.show("staff/ledger.html", context)
}

fn label(page: &Page, name: &str) -> String {
    match name.strip_prefix("days_") {
        Some(stage) => word(page.locale, "stage", stage),
        None => page.tell(&format!("report.{name}")),
    }
}

fn title(page: &Page, asked: &Asked) -> String {
    let key = format!("report.title_{}", asked.kind.word());
    say(page.locale, &key, &[("period", &asked.report.period.name)])
}

fn days(page: &Page, report: &PeriodReport) -> String {
    let last = report.period.to.pred_opt().unwrap_or(report.period.to);
    let (from, to) = (date(page.locale, report.period.from), date(page.locale, last));
    say(page.locale, "report.days", &[("from", &from), ("to", &to)])
}

fn kind_link(page: &Page, asked: &Asked, kind: ReportKind) -> KindLink {
    let path = page.url(&format!("/staff/ledger/{}", kind.word()));
    let park = asked.park.as_deref().map(|park| ("park", park));
    KindLink {
        label: page.tell(&format!("report.{}", kind.word())),
        url: address(&path, park.into_iter()),
        is_shown: kind == asked.kind,
    }
}

async fn park_options(page: &Page, asked: &Asked) -> Result<Vec<OptionView>, Problem> {
    let codes = page.app.db.lead_parks(&page.staff()?.scope).await.map_err(Error::from)?;
    let codes: Vec<&String> = codes.iter().filter(|code| !code.is_empty()).collect();
    if codes.len() < 2 {
        return Ok(Vec::new());
    }
    let option = |code: &&String| OptionView {
        value: (*code).clone(),
        label: page.app.inventory.park_name(code),
        checked: asked.park.as_ref() == Some(code),
    };
    Ok(codes.iter().map(option).collect())
}

fn figure_view(page: &Page, asked: &Asked, figure: &ReportFigure) -> FigureView {
    let url = asked.url(page, &format!("/rows/{}", figure.name), &asked.report.period.name);
    FigureView { label: label(page, &figure.name), value: grouped(figure.value), url, count: figure.ids.len() }
}

fn chart_view(page: &Page, asked: &Asked, name: &str, bars: &[ReportFigure]) -> ChartView {
    let views: Vec<FigureView> = bars.iter().map(|bar| figure_view(page, asked, bar)).collect();
    let drawn: Vec<(&str, &str, i64)> = views
        .iter()
        .zip(bars)
        .map(|(view, bar)| (view.label.as_str(), view.value.as_str(), bar.value.micro()))
        .collect();
    ChartView {
        title: page.tell(&format!("report.chart_{name}")),
        hint: page.tell(&format!("report.chart_{name}_hint")),
        drawing: chart(&drawn),
        bars: views,
    }
}

fn correction(page: &Page, now: &ReportFigure, filed: domain::decimal::Decimal) -> CorrectionView {
    CorrectionView { label: label(page, &now.name), filed: grouped(filed), now: grouped(now.value) }
}

fn answer_words(page: &Page, time: AnswerTime) -> String {
    let is_public = time.public_from <= page.app.clock.now();
    let key = if is_public { "report.answer_public" } else { "report.answer_coming" };
    let (hours, day) = (grouped(time.hours), date(page.locale, time.public_from.day()));
    say(page.locale, key, &[("hours", &hours), ("n", &time.answers.to_string()), ("day", &day)])
}

/// `GET /staff/ledger/{kind}/rows/{figure}`
pub(super) async fn rows(page: Page, Id((kind, figure)): Id<(String, String)>, query: Query) -> PageResult {
    let asked = Asked::read(&page, &kind, &query).await?;
    let actor = page.staff()?;
    let (figure, rows) = ledger::rows(&page.app, actor, &asked.report, &figure).await?;
    let (all, gone) = (rows.len(), figure.ids.len() - rows.len());
    let number = |n: usize| n.to_string();
    let context = RowsPage {
        title: format!("{} · {}", title(&page, &asked), label(&page, &figure.name)),
        figure: label(&page, &figure.name),
        value: grouped(figure.value),
        back: asked.url(&page, "", &asked.report.period.name),
        rows: rows.iter().take(SHOWN).map(|row| row_view(&page, row)).collect(),
        more: (all > SHOWN).then(|| say(page.locale, "report.more", &[("n", &number(all - SHOWN))])),
        gone: (gone > 0).then(|| say(page.locale, "report.gone", &[("n", &number(gone))])),
    };
    page.show("staff/ledger_rows.html", context)
}

fn row_view(page: &Page, row: &LeadRow) -> LedgerRowView {
    let lead = &row.lead;
    LedgerRowView {
        number: row.inquiry.number.clone(),
        company: row.company.clone().unwrap_or_else(|| page.tell("staff.no_company")),
        need: need(page.locale, &StoredRequirement::parse(&row.requirement)),
        stage: word(page.locale, "stage", lead.stage.word()),
        owner: row.owner.clone().unwrap_or_default(),
        park: page.app.inventory.park_name(&lead.park),
        came: date(page.locale, lead.created_at.day()),
        url: page.url(&format!("/staff/leads/{}", lead.id)),
    }
}

/// `GET /staff/ledger/{kind}/file`: the workbook with the ledger, or the figures as CSV.
pub(super) async fn file(page: Page, Id(kind): Id<String>, query: Query) -> PageResult {
    let asked = Asked::read(&page, &kind, &query).await?;
    let name = asked.report.period.name.as_str();
    match Format::from_word(query.get("format")) {
        Some(Format::Xlsx) => {
            let bytes = ledger::workbook(&page.app, page.staff()?, &asked.report).await?;
            Ok(attached(&format!("report-{name}.xlsx"), Format::Xlsx, bytes.into()))
        }
        Some(Format::Csv) => {
            let (header, rows) = asked.report.table();
            let header: Vec<&str> = header.iter().map(String::as_str).collect();
            let rows = rows.into_iter().map(|[name, label, value, ids]| {
                vec![Out::text(name), Out::text(label), Out::number(value), Out::text(ids)]
            });
            let bytes = write_rows(&header, rows, Format::Csv).map_err(|error| Error::Internal(error.into()))?;
            Ok(attached(&format!("report-{name}.csv"), Format::Csv, bytes.into()))
        }
        None => Err(Problem::new(StatusCode::NOT_FOUND, Code::NotFound)),
    }
}

fn attached(name: &str, format: Format, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `GET /staff/unmet`
pub(super) async fn show_unmet(page: Page) -> PageResult {
    let demand = unmet::demand(&page.app, page.staff()?).await?;
    let args = [("judged", demand.judged.to_string()), ("unmet", demand.unmet.to_string())];
    let args = [(args[0].0, args[0].1.as_str()), (args[1].0, args[1].1.as_str())];
    let context = UnmetPage {
        judged: say(page.locale, "report.judged", &args),
        cells: demand.cells.iter().map(|cell| cell_view(&page, cell)).collect(),
        has_hidden: demand.has_hidden,
    };
    page.show("staff/unmet.html", context)
}

fn cell_view(page: &Page, cell: &DemandCell) -> DemandView {
    let key = &cell.key;
    let criterion = match key.criterion {
        unmet::NOTHING_NEAR => page.tell("report.nothing_near"),
        id => word(page.locale, "criterion", id),
    };
    DemandView {
        region: key.region.map_or_else(|| page.tell("report.anywhere"), |code| region_name(page.locale, code)),
        kind: key.kind.map_or_else(|| page.tell("report.any_kind"), |kind| word(page.locale, "kind", kind)),
        criterion,
        firms: cell.firms,
    }
}

/// `GET /staff/export`
pub(super) async fn export_form(page: Page) -> PageResult {
    if !exports::may_export(page.staff()?) {
        return Err(Error::Forbidden.into());
    }
    export_page(&page, StatusCode::OK, Vec::new(), "").await
}

async fn export_page(page: &Page, status: StatusCode, errors: Vec<WrongField>, reason: &str) -> PageResult {
    let codes = page.app.db.lead_parks(&page.staff()?.scope).await.map_err(Error::from)?;
    let option =
        |code: &String| OptionView { value: code.clone(), label: page.app.inventory.park_name(code), checked: false };
    let parks = codes.iter().filter(|code| !code.is_empty()).map(option).collect();
    page.show_as(status, "staff/export.html", ExportPage { parks, errors, reason: reason.to_owned() })
}

/// `POST /staff/export`: the leads of a park, or of all of the actor's parks, as a file.
pub(super) async fn export(page: Page, form: Form) -> PageResult {
    let actor = page.staff()?;
    let park = Some(form.get("park")).filter(|park| !park.is_empty());
    let format = Format::from_word(form.get("format")).unwrap_or(Format::Xlsx);
    let scope = match exports::begin(&page.app, actor, park, form.get("reason")).await {
        Ok(scope) => scope,
        Err(Error::Invalid(errors)) => {
            let wrong = wrong_fields(page.locale, &errors);
            return export_page(&page, StatusCode::UNPROCESSABLE_ENTITY, wrong, form.get("reason")).await;
        }
        Err(error) => return Err(error.into()),
    };
    let mut file = tempfile::tempfile().map_err(|error| Error::Internal(error.into()))?;
    let own = file.try_clone().map_err(|error| Error::Internal(error.into()))?;
    exports::leads(&page.app, &scope, format, own).await?;
    std::io::Seek::rewind(&mut file).map_err(|error| Error::Internal(error.into()))?;
    let ending = if format == Format::Csv { "csv" } else { "xlsx" };
    let name = format!("leads-{}.{ending}", page.today());
    Ok(attached(&name, format, streamed(file)))
}

/// A file in parts, so that it is never whole in memory.
fn streamed(file: std::fs::File) -> Body {
    let parts = futures_util::stream::unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut part = vec![0; PART];
        match file.read(&mut part).await {
            Ok(0) => None,
            Ok(read) => {
                part.truncate(read);
                Some((Ok::<_, std::io::Error>(Bytes::from(part)), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    });
    Body::from_stream(parts)
}
