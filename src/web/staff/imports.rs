//! Imports in the browser: upload, columns and sheets, preview, apply, rejected rows, undo, templates.

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::account::Scope;
use domain::kind::Kind;
use domain::record::{Column, Record, Table as _};
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::time::Moment;
use serde::Serialize;

use super::listings::{base, kind_of};
use crate::db::import::Import;
use crate::db::import_job::ImportJob;
use crate::db::words::JobState;
use crate::error::Error;
use crate::i18n::{column as column_label, import_note, moment, say, word};
use crate::service::import_jobs::{self, ALL_SHEETS, JobCell, JobHeader, JobNote, JobOptions, JobReport, UploadedFile};
use crate::service::imports::UndoReport;
use crate::service::listings::may_keep;
use crate::tables::{Format, template};
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, WrongField, wrong_fields};
use crate::web::upload::{FileForm, SPREADSHEET};
use crate::web::view::{OptionView, cell_in_words};

/// The choice of a column that is left out, and of one on which nothing is decided.
const LEFT_OUT: &str = "-";
const UNDECIDED: &str = "?";
/// Rows of each table of a preview that the page shows at once.
const SHOWN: usize = 200;
/// Most columns of a file whose choices a form sends.
const MOST_COLUMNS: usize = 128;

#[derive(Serialize)]
struct ImportsPage {
    kinds: Vec<OptionView>,
    parks: Vec<OptionView>,
    errors: Vec<WrongField>,
    jobs: Vec<JobRow>,
    imports: Vec<ImportRowView>,
    templates: Vec<TemplateLink>,
    may_keep: bool,
    undo: Option<UndoView>,
}

#[derive(Serialize)]
struct TemplateLink {
    label: String,
    url: String,
}

#[derive(Serialize)]
struct JobRow {
    url: String,
    file: String,
    kind: String,
    state: String,
    code: String,
    at: String,
    who: String,
}

#[derive(Serialize)]
struct ImportRowView {
    id: String,
    file: String,
    kind: String,
    park: Option<String>,
    at: String,
    who: String,
    counts: String,
    undone: Option<String>,
    can_undo: bool,
    is_unfinished: bool,
}

/// Outcome of an undo: counts, or the listings that refuse it.
#[derive(Serialize)]
struct UndoView {
    is_refused: bool,
    words: String,
    listings: Vec<TemplateLink>,
}

#[derive(Serialize)]
struct ImportPage {
    id: String,
    file: String,
    kind: String,
    park: Option<String>,
    code: String,
    state: String,
    /// Seconds after which the page asks again; none where nothing runs.
    refresh: Option<u32>,
    progress: Option<ProgressView>,
    unreadable: Option<String>,
    refused: Option<String>,
    clearing: Vec<OptionView>,
    is_renewed: bool,
    sheets: Vec<OptionView>,
    headers: Vec<HeaderView>,
    is_unclear: bool,
    skip_hidden: bool,
    complete: bool,
    withdraw_missing: bool,
    has_park: bool,
    counts: Vec<Count>,
    notable: Vec<CellView>,
    changes: Vec<CellView>,
    more_changes: bool,
    warnings: Vec<NoteView>,
    more_warnings: bool,
    rejected: Vec<NoteView>,
    more_rejected: bool,
    rejected_rows: usize,
    missing: Vec<String>,
    may_keep: bool,
    can_apply: bool,
    has_good: bool,
    import: Option<String>,
}

#[derive(Serialize)]
struct ProgressView {
    step: i64,
    words: String,
    rows: Option<String>,
}

#[derive(Serialize)]
struct Count {
    code: &'static str,
    label: String,
    n: usize,
}

#[derive(Serialize)]
struct HeaderView {
    sheet: Option<String>,
    row: u32,
    columns: Vec<ColumnChoice>,
    missing: Option<String>,
}

/// One column of the file with what it means.
#[derive(Serialize)]
struct ColumnChoice {
    at: usize,
    key: String,
    name: String,
    letters: String,
    samples: String,
    options: Vec<OptionView>,
    is_open: bool,
    note: Option<String>,
}

#[derive(Serialize)]
struct CellView {
    row: u32,
    id: String,
    url: String,
    label: String,
    from: String,
    to: String,
    is_unpublished: bool,
}

#[derive(Serialize)]
struct NoteView {
    place: String,
    label: String,
    value: String,
    reason: String,
}

/// `GET /staff/imports`
pub(super) async fn list(page: Page) -> PageResult {
    list_page(&page, StatusCode::OK, Vec::new(), None).await
}

async fn list_page(page: &Page, status: StatusCode, errors: Vec<WrongField>, undo: Option<UndoView>) -> PageResult {
    let actor = page.staff()?;
    let (jobs, imports) = import_jobs::list(&page.app, actor).await?;
    let names = page.app.db.account_names().await.map_err(Error::from)?;
    let who = |id: &str| match id {
        "operator" => page.tell("staff.imports.operator"),
        id => names.get(id).cloned().unwrap_or_else(|| id.to_owned()),
    };
    let keeps = may_keep(actor).is_ok();
    let sees_all = actor.scope == Scope::All;
    let kinds = [Kind::Plot, Kind::Space, Kind::Park].into_iter().filter(|kind| sees_all || *kind != Kind::Park);
    let kind_words = |kind: Kind| word(page.locale, "kind", kind.word());
    let context = ImportsPage {
        parks: if sees_all { park_options(page) } else { Vec::new() },
        errors,
        jobs: jobs.iter().map(|job| job_row(page, job, who(&job.actor))).collect(),
        imports: imports.into_iter().map(|import| import_row(page, &import, who(&import.by), keeps)).collect(),
        templates: kinds
            .clone()
            .map(|kind| TemplateLink {
                label: kind_words(kind),
                url: page.url(&format!("/staff/imports/templates/{}", kind.word())),
            })
            .collect(),
        kinds: kinds
            .map(|kind| OptionView { value: kind.word().to_owned(), label: kind_words(kind), checked: false })
            .collect(),
        may_keep: keeps,
        undo,
    };
    page.show_as(status, "staff/imports.html", context)
}

fn park_options(page: &Page) -> Vec<OptionView> {
    let records = page.app.inventory.records();
    let parks = records.iter().filter(|record| record.kind() == Kind::Park && !record.get("inbox_email").is_empty());
    let option = |record: &std::sync::Arc<Record>| OptionView {
        value: record.id().to_owned(),
        label: format!("{}（{}）", record.get("name"), record.id()),
        checked: false,
    };
    parks.map(option).collect()
}

fn job_row(page: &Page, job: &ImportJob, who: String) -> JobRow {
    JobRow {
        url: page.url(&format!("/staff/imports/{}", job.id)),
        file: job.file.clone(),
        kind: word(page.locale, "kind", job.kind.word()),
        state: word(page.locale, "job_state", job.state.word()),
        code: job.state.word().to_owned(),
        at: moment(page.locale, job.created_at),
        who,
    }
}

fn import_row(page: &Page, import: &Import, who: String, may_keep: bool) -> ImportRowView {
    let day = |text: &str| Moment::from_rfc3339(text).map_or_else(|| text.to_owned(), |at| moment(page.locale, at));
    let count = |name: &str| import.counts[name].as_u64().unwrap_or_default().to_string();
    let names = ["read", "created", "updated", "unchanged", "rejected"];
    let counts = names.map(count);
    let args: Vec<(&str, &str)> = names.iter().copied().zip(counts.iter().map(String::as_str)).collect();
    ImportRowView {
        id: import.id.clone(),
        file: import.file.clone(),
        kind: word(page.locale, "kind", &import.kind),
        park: import.park.as_deref().map(|park| page.app.inventory.park_name(park)),
        at: day(&import.at),
        who,
        counts: say(page.locale, "staff.imports.counts", &args),
        undone: import.undone_at.as_deref().map(day),
        can_undo: may_keep && import.is_done(),
        is_unfinished: import.is_unfinished(),
    }
}

/// `POST /staff/imports`
pub(super) async fn upload(page: Page, request: Request) -> PageResult {
    let actor = page.staff()?;
    may_keep(actor)?;
    let form = FileForm::read(request, SPREADSHEET).await?;
    let kind = Kind::from_word(form.get("kind"));
    let fault = match kind {
        None => Some(FieldError::new("kind", FieldCode::Missing)),
        Some(_) if form.bytes.is_empty() => Some(FieldError::new("file", FieldCode::Missing)),
        Some(_) => None,
    };
    let (Some(kind), None) = (kind, &fault) else {
        let errors = wrong_fields(page.locale, &fault.into_iter().collect::<Vec<_>>());
        return list_page(&page, StatusCode::UNPROCESSABLE_ENTITY, errors, None).await;
    };
    let park = form.get("park").to_owned();
    let upload = UploadedFile { kind, park, name: form.name, bytes: form.bytes };
    let id = import_jobs::begin(&page.app, actor, upload).await?;
    Ok(page.see(&format!("/staff/imports/{id}")))
}

/// `GET /staff/imports/{id}`
pub(super) async fn show(page: Page, Id(id): Id<String>) -> PageResult {
    let actor = page.staff()?;
    let job = import_jobs::show(&page.app, actor, &id).await?;
    page.show("staff/import.html", job_page(&page, &job, may_keep(actor).is_ok()))
}

fn job_page(page: &Page, job: &ImportJob, may_keep: bool) -> ImportPage {
    let found = job.findings();
    let options = job.choices();
    let kind = job.kind.known().unwrap_or(Kind::Plot);
    let is_ready = job.state == JobState::Ready;
    let good = found.counts.created + found.counts.updated + found.counts.withdrawn;
    ImportPage {
        id: job.id.clone(),
        file: job.file.clone(),
        kind: word(page.locale, "kind", job.kind.word()),
        park: job.park.as_deref().map(|park| page.app.inventory.park_name(park)),
        code: job.state.word().to_owned(),
        state: word(page.locale, "job_state", job.state.word()),
        refresh: job.is_running().then_some(1),
        progress: job.is_running().then(|| progress(page, job)),
        unreadable: found.unreadable.as_ref().map(|words| unreadable(page, words)),
        refused: found.refused.as_ref().map(|(code, columns)| refused(page, kind, code, columns)),
        clearing: clearing(page, kind, &found, &options),
        is_renewed: found.is_renewed,
        sheets: sheets(page, &found, &options),
        is_unclear: found.headers.iter().any(JobHeader::is_unclear),
        headers: headers(page, kind, &found.headers),
        skip_hidden: options.skip_hidden,
        complete: options.complete,
        withdraw_missing: options.withdraw_missing,
        has_park: job.park.is_some() && kind != Kind::Park,
        counts: counts(page, &found),
        notable: found.notable.iter().take(SHOWN).map(|cell| cell_view(page, kind, cell)).collect(),
        changes: found.changes.iter().take(SHOWN).map(|cell| cell_view(page, kind, cell)).collect(),
        more_changes: found.changes.len() > SHOWN,
        warnings: found.warnings.iter().take(SHOWN).map(|note| note_view(page, kind, note)).collect(),
        more_warnings: found.warnings.len() > SHOWN,
        rejected: found.rejected.iter().take(SHOWN).map(|note| note_view(page, kind, note)).collect(),
        more_rejected: found.rejected.len() > SHOWN,
        rejected_rows: found.counts.rejected,
        missing: found.missing.clone(),
        may_keep,
        can_apply: is_ready && may_keep && found.refused.is_none(),
        has_good: good > 0,
        import: job.import.clone().filter(|_| job.state == JobState::Done),
    }
}

fn progress(page: &Page, job: &ImportJob) -> ProgressView {
    let key = match job.step {
        1 => "staff.imports.step_read",
        2 => "staff.imports.step_check",
        _ => "staff.imports.step_store",
    };
    let rows = (job.total > 0).then(|| say(page.locale, "staff.imports.rows", &[("n", &job.total.to_string())]));
    ProgressView { step: job.step, words: page.tell(key), rows }
}

fn unreadable(page: &Page, words: &(String, String)) -> String {
    match page.locale {
        crate::i18n::Locale::ZhHans => words.0.clone(),
        crate::i18n::Locale::En => words.1.clone(),
    }
}

fn refused(page: &Page, kind: Kind, code: &str, columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|name| label(page, kind, name)).collect();
    let names = names.join(&page.tell("format.list"));
    match code {
        "would_clear" => say(page.locale, "staff.imports.would_clear", &[("columns", &names)]),
        other => {
            say(page.locale, &format!("import.refused.{other}"), &[("columns", &names), ("sheets", ""), ("ids", "")])
        }
    }
}

/// Columns that the import would clear in many listings, and those for which that was allowed.
fn clearing(page: &Page, kind: Kind, found: &JobReport, options: &JobOptions) -> Vec<OptionView> {
    let refused = found.refused.iter().filter(|(code, _)| code == "would_clear").flat_map(|(_, columns)| columns);
    let option = |name: &String, checked| OptionView { value: name.clone(), label: label(page, kind, name), checked };
    let allowed = options.clearing.iter().map(|name| option(name, true));
    allowed.chain(refused.map(|name| option(name, false))).collect()
}

fn label(page: &Page, kind: Kind, name: &str) -> String {
    kind.column(name).map_or_else(|| name.to_owned(), |column| column_label(page.locale, kind.label(column)))
}

fn sheets(page: &Page, found: &JobReport, options: &JobOptions) -> Vec<OptionView> {
    if found.sheets.len() < 2 {
        return Vec::new();
    }
    let chosen = options.sheet.as_deref().unwrap_or_else(|| match found.headers.as_slice() {
        [only] => only.sheet.as_deref().unwrap_or_default(),
        _ => "",
    });
    let option = |value: &str, label: String| OptionView { value: value.to_owned(), label, checked: chosen == value };
    let named = found.sheets.iter().map(|name| option(name, name.clone()));
    named.chain([option(ALL_SHEETS, page.tell("staff.imports.all_sheets"))]).collect()
}

fn headers(page: &Page, kind: Kind, found: &[JobHeader]) -> Vec<HeaderView> {
    let mut at = 0;
    let mut views = Vec::new();
    for header in found {
        let mut columns = Vec::new();
        for cell in &header.cells {
            let is_open = cell.is_repeated || cell.column.is_none() && !cell.is_ignored;
            let repeated = || say(page.locale, "staff.imports.repeated", &[("name", &cell.name)]);
            let chosen = match &cell.column {
                _ if cell.is_ignored => LEFT_OUT,
                Some(column) => column.as_str(),
                None => UNDECIDED,
            };
            columns.push(ColumnChoice {
                at,
                key: cell.key.clone(),
                name: cell.name.clone(),
                letters: cell.letters.clone(),
                samples: cell.samples.join(&page.tell("format.list")),
                options: column_options(page, kind, chosen, &cell.nearest),
                is_open,
                note: cell.is_repeated.then(repeated),
            });
            at += 1;
        }
        let missing: Vec<String> = header.missing.iter().map(|name| label(page, kind, name)).collect();
        let names = missing.join(&page.tell("format.list"));
        views.push(HeaderView {
            sheet: header.sheet.clone(),
            row: header.row,
            columns,
            missing: (!missing.is_empty())
                .then(|| say(page.locale, "staff.imports.missing_columns", &[("names", &names)])),
        });
    }
    views
}

/// Choices of a column: nothing yet, left out, the nearest columns, all others.
fn column_options(page: &Page, kind: Kind, chosen: &str, nearest: &[String]) -> Vec<OptionView> {
    let option = |value: &str, label: String| OptionView { value: value.to_owned(), label, checked: chosen == value };
    let mut options = Vec::new();
    if chosen == UNDECIDED {
        options.push(option(UNDECIDED, page.tell("staff.imports.undecided")));
    }
    options.push(option(LEFT_OUT, page.tell("staff.imports.left_out")));
    let is_near = |column: &&Column| nearest.iter().any(|name| name == column.name);
    let named = |column: &Column| {
        option(column.name, format!("{}（{}）", column_label(page.locale, kind.label(column)), column.name))
    };
    let near = nearest.iter().filter_map(|name| kind.column(name));
    options.extend(near.map(named));
    options.extend(kind.columns().iter().filter(|column| !is_near(column)).map(named));
    options
}

fn counts(page: &Page, found: &JobReport) -> Vec<Count> {
    let counts = &found.counts;
    let all = [
        ("created", "staff.imports.created", counts.created),
        ("updated", "staff.imports.updated", counts.updated),
        ("unchanged", "staff.imports.unchanged", counts.unchanged),
        ("rejected", "staff.imports.rejected", counts.rejected),
        ("withdrawn", "staff.imports.withdrawn", counts.withdrawn),
    ];
    let shown = all.into_iter().filter(|(code, _, n)| *n > 0 || *code != "withdrawn");
    shown.map(|(code, key, n)| Count { code, label: page.tell(key), n }).collect()
}

fn cell_view(page: &Page, kind: Kind, cell: &JobCell) -> CellView {
    let words =
        |text: &str| cell_in_words(page.locale, &Record::of_cells(kind, [(cell.column.as_str(), text)]), &cell.column);
    CellView {
        row: cell.row,
        id: cell.id.clone(),
        url: page.url(&base(kind, &cell.id)),
        label: label(page, kind, &cell.column),
        from: words(&cell.from),
        to: words(&cell.to),
        is_unpublished: cell.is_unpublished,
    }
}

fn note_view(page: &Page, kind: Kind, note: &JobNote) -> NoteView {
    let row = note.row.to_string();
    NoteView {
        place: match &note.sheet {
            Some(sheet) => say(page.locale, "staff.imports.sheet_row", &[("sheet", sheet), ("row", &row)]),
            None => say(page.locale, "staff.imports.row", &[("row", &row)]),
        },
        label: label(page, kind, &note.column),
        value: note.value.clone(),
        reason: import_note(page.locale, &note.note()),
    }
}

/// `POST /staff/imports/{id}/choose`: other sheets, columns or options; the file is read again.
pub(super) async fn choose(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let is_set = |name: &str| form.get(name) == "yes";
    let mut options = JobOptions {
        sheet: Some(form.get("sheet").to_owned()).filter(|sheet| !sheet.is_empty()),
        skip_hidden: is_set("skip_hidden"),
        complete: is_set("complete"),
        withdraw_missing: is_set("withdraw_missing"),
        clearing: form.all("clearing"),
        names: Vec::new(),
    };
    for at in 0..MOST_COLUMNS {
        let (name, means) = (form.get(&format!("name.{at}")), form.get(&format!("means.{at}")));
        if !name.is_empty() && !means.is_empty() && means != UNDECIDED {
            let column = if means == LEFT_OUT { "" } else { means };
            options.names.push((name.to_owned(), column.to_owned()));
        }
    }
    import_jobs::choose(&page.app, page.staff()?, &id, &options).await?;
    Ok(page.see(&format!("/staff/imports/{id}")))
}

/// `POST /staff/imports/{id}/apply`
pub(super) async fn apply(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    import_jobs::apply(&page.app, page.staff()?, &id, form.get("rows") == "good").await?;
    Ok(page.see(&format!("/staff/imports/{id}")))
}

/// `POST /staff/imports/{id}/discard`
pub(super) async fn discard(page: Page, Id(id): Id<String>) -> PageResult {
    import_jobs::discard(&page.app, page.staff()?, &id).await?;
    Ok(page.see("/staff/imports?done=discarded"))
}

/// `GET /staff/imports/{id}/rejected`: the rejected rows with their reasons as a workbook.
pub(super) async fn rejected(page: Page, Id(id): Id<String>) -> PageResult {
    let bytes = import_jobs::rejected(&page.app, page.staff()?, &id).await?;
    Ok(workbook("rejected.xlsx", bytes))
}

/// `GET /staff/imports/templates/{kind}`
pub(super) async fn template_of(page: Page, Id(kind): Id<String>) -> PageResult {
    page.staff()?;
    let kind = kind_of(&kind)?;
    let bytes = template(kind, page.locale).map_err(|e| Error::Internal(anyhow::anyhow!(e)))?;
    Ok(workbook(&format!("luodi-{}.xlsx", kind.word()), bytes))
}

fn workbook(name: &str, bytes: Vec<u8>) -> Response {
    let kept = [
        (header::CONTENT_TYPE, Format::Xlsx.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (kept, bytes).into_response()
}

/// `POST /staff/imports/{id}/undo`, by the id of an import.
pub(super) async fn undo(page: Page, Id(id): Id<String>) -> PageResult {
    let done = import_jobs::undo(&page.app, page.staff()?, &id).await?;
    let status = if done.refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let kind = page.app.db.import(&id).await.map_err(Error::from)?.and_then(|import| Kind::from_word(&import.kind));
    let view = undo_view(&page, kind, &done);
    list_page(&page, status, Vec::new(), Some(view)).await
}

fn undo_view(page: &Page, kind: Option<Kind>, done: &UndoReport) -> UndoView {
    let Some(refusal) = &done.refused else {
        let args = [("restored", done.restored.to_string()), ("removed", done.removed.to_string())];
        let args = [(args[0].0, args[0].1.as_str()), (args[1].0, args[1].1.as_str())];
        let words = say(page.locale, "staff.imports.undone", &args);
        return UndoView { is_refused: false, words, listings: Vec::new() };
    };
    let link = |id: &String| TemplateLink {
        label: id.clone(),
        url: kind.map_or_else(String::new, |kind| page.url(&base(kind, id))),
    };
    let key = format!("import.refused.{}", refusal.code);
    UndoView {
        is_refused: true,
        words: say(page.locale, &key, &[("ids", &refusal.ids.len().to_string())]),
        listings: refusal.ids.iter().take(SHOWN).map(link).collect(),
    }
}
