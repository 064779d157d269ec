//! Work on a file in the background, under a lease.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::account::Scope;
use domain::import::{Header, Names, Sheet, has_header};
use domain::lead_sheet::SheetKind;

use super::findings::{ALL_SHEETS, JobColumn, JobHeader, JobOptions, JobReport, reason_column};
use crate::db;
use crate::db::import_job::{ImportJob, JobChange};
use crate::db::words::{JobPart, JobState};
use crate::error::{Error, Result};
use crate::i18n::Locale;
use crate::service::context::{App, Context};
use crate::service::imports::{self, ImportOptions, ImportReport, SheetChoice};
use crate::service::lead_sheets::{self, LeadOptions};
use crate::tables::{Limits, Reader, TableError, rejected_rows, write_book};

/// Lease of running work, s; a process that dies is noticed when it ends.
pub(super) const LEASE_SECONDS: i64 = 15;
/// Time after which a lease is extended.
const BEAT: Duration = Duration::from_secs(4);
/// Time for which a request waits for the work that it began: short work needs no page of progress.
const PATIENCE: Duration = Duration::from_secs(1);
/// Steps of the work on a file, as its page counts them.
pub(super) const STEP_READ: i64 = 1;
const STEP_CHECK: i64 = 2;
const STEP_STORE: i64 = 3;

pub(super) fn leased(app: &Context) -> JobChange {
    let until = app.clock.now().plus_seconds(LEASE_SECONDS);
    JobChange { lease_until: Some(Some(until)), ..JobChange::default() }
}

pub(super) async fn update(app: &Context, id: &str, from: &[JobState], change: JobChange) -> Result<bool> {
    let (id, from, now) = (id.to_owned(), from.to_vec(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::import_job::change(tx, &id, &from, change, now).await?) })
        })
        .await
}

pub(super) async fn drop_upload(app: &Context, id: &str) -> Result<()> {
    let id = id.to_owned();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::import_job::drop_bytes(tx, &id, JobPart::Upload).await?) })
        })
        .await
}

/// Works on a job in the background, and waits for it as long as a page may.
pub(super) async fn work(app: &App, id: &str) {
    let (app, id) = (app.clone(), id.to_owned());
    let task = tokio::spawn(async move {
        let done = tokio::select! {
            done = step_on(&app, &id) => done,
            never = beat(&app, &id) => match never {},
        };
        if let Err(error) = done {
            tracing::warn!(job = %id, %error, "work on a file");
            let change =
                JobChange { state: Some(JobState::Interrupted), lease_until: Some(None), ..JobChange::default() };
            // Where this fails too the lease ends by itself.
            let _ = update(&app, &id, &[JobState::Reading, JobState::Applying], change).await;
        }
    });
    let _ = tokio::time::timeout(PATIENCE, task).await;
}

/// Extends the lease until the work ends.
async fn beat(app: &Context, id: &str) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(BEAT).await;
        if let Err(error) = update(app, id, &[JobState::Reading, JobState::Applying], leased(app)).await {
            tracing::warn!(job = id, %error, "the lease of a file's work is not extended");
        }
    }
}

async fn step_on(app: &App, id: &str) -> Result<()> {
    let _turn = app.file_work.acquire().await.map_err(|e| anyhow::anyhow!(e))?;
    let job = app.db.import_job(&Scope::All, id).await?.ok_or(Error::NotFound)?;
    if job.state == JobState::Applying { store(app, &job).await } else { examine(app, &job, false).await }
}

/// Reads and checks a file; ends in a state that waits for a person.
async fn examine(app: &App, job: &ImportJob, is_renewed: bool) -> Result<()> {
    let kind = job.kind.known().ok_or(Error::NotFound)?;
    let sheets = match sheets(app, job).await? {
        Ok(sheets) => sheets,
        Err(error) => {
            let words = (error.message(Locale::ZhHans), error.message(Locale::En));
            let report = JobReport { unreadable: Some(words), ..JobReport::default() };
            return finish(app, job, JobState::Failed, report, None).await;
        }
    };
    let options = job.choices();
    let names = names(app, job, kind, &options).await?;
    let (chosen, is_clear) = chosen(kind, &sheets, &options, &names);
    let headers: Vec<JobHeader> = chosen.iter().filter_map(|sheet| header(kind, sheet, &names)).collect();
    let report = JobReport {
        sheets: sheets.iter().filter(|sheet| !sheet.rows.is_empty()).filter_map(|sheet| sheet.name.clone()).collect(),
        is_renewed,
        ..JobReport::default()
    };
    if !is_clear || headers.is_empty() || headers.iter().any(JobHeader::is_unclear) {
        return finish(app, job, JobState::Choosing, JobReport { headers, ..report }, None).await;
    }
    let rows = sheets.iter().map(|sheet| sheet.rows.len()).sum::<usize>();
    let reached = JobChange { step: Some(STEP_CHECK), total: i64::try_from(rows).ok(), ..JobChange::default() };
    update(app, &job.id, &[JobState::Reading, JobState::Applying], reached).await?;
    let import_options = ImportOptions { dry_run: true, ..asked(job, &options, names) };
    let done = import(app, kind, sheets, import_options, &options.leads).await?;
    let workbook = if done.rejected.is_empty() { None } else { workbook(app, job, &headers, &done).await? };
    finish(app, job, JobState::Ready, JobReport { headers, ..report.with(&done) }, workbook).await
}

/// Stores what the preview showed; where the inventory has changed since, the job has a new preview.
async fn store(app: &App, job: &ImportJob) -> Result<()> {
    let kind = job.kind.known().ok_or(Error::NotFound)?;
    let (options, seen) = (job.choices(), job.findings());
    let sheets = sheets(app, job).await?.map_err(|error| anyhow::anyhow!("{}", error.message(Locale::En)))?;
    let names = names(app, job, kind, &options).await?;
    let total = sheets.iter().map(|sheet| sheet.rows.len()).sum::<usize>();
    let reached = JobChange { step: Some(STEP_STORE), total: i64::try_from(total).ok(), ..JobChange::default() };
    update(app, &job.id, &[JobState::Applying], reached).await?;
    let import_options =
        ImportOptions { id: job.import.clone(), expected: Some(seen.plan.clone()), ..asked(job, &options, names) };
    let done = import(app, kind, sheets, import_options, &options.leads).await?;
    if done.refused.is_some() {
        return examine(app, job, true).await;
    }
    let means = remembered(&seen.headers);
    let (id, park) = (job.id.clone(), job.park.clone());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::import_job::remember(tx, park.as_deref(), kind, &means).await?;
                db::import_job::drop_bytes(tx, &id, JobPart::Upload).await?;
                Ok(())
            })
        })
        .await?;
    finish(app, job, JobState::Done, JobReport { headers: seen.headers, ..JobReport::default().with(&done) }, None)
        .await
}

/// Imports a file of listings or of leads.
async fn import(
    app: &Context,
    kind: SheetKind,
    sheets: Vec<Sheet>,
    options: ImportOptions,
    leads: &LeadOptions,
) -> Result<ImportReport> {
    match kind {
        SheetKind::Listing(kind) => imports::import(app, kind, sheets, options).await,
        SheetKind::Leads => lead_sheets::import(app, sheets, &options, leads).await,
    }
}

async fn finish(
    app: &Context,
    job: &ImportJob,
    state: JobState,
    report: JobReport,
    workbook: Option<Vec<u8>>,
) -> Result<()> {
    let report = report.without_words(job.kind.known());
    let report = serde_json::to_string(&report).map_err(|e| anyhow::anyhow!(e))?;
    let change =
        JobChange { state: Some(state), report: Some(report), lease_until: Some(None), ..JobChange::default() };
    let (id, now) = (job.id.clone(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if let Some(bytes) = workbook {
                    db::import_job::put_bytes(tx, &id, JobPart::Rejected, bytes).await?;
                }
                db::import_job::change(tx, &id, &[JobState::Reading, JobState::Applying], change, now).await?;
                Ok(())
            })
        })
        .await
}

async fn sheets(app: &Context, job: &ImportJob) -> Result<std::result::Result<Vec<Sheet>, TableError>> {
    let bytes = app.db.job_bytes(&job.id, JobPart::Upload).await?.ok_or(Error::NotFound)?;
    let reader = app
        .table_program
        .clone()
        .map_or_else(|| Reader::new(Limits::browser()), |program| Reader::new(Limits::browser()).with_program(program));
    let read = tokio::task::spawn_blocking(move || reader.read_bytes(&bytes)).await;
    Ok(read.map_err(|e| anyhow::anyhow!(e))?)
}

/// The names that the park's files use, and over them those of the person's choice.
async fn names(app: &Context, job: &ImportJob, kind: SheetKind, options: &JobOptions) -> Result<Names> {
    let mut means: HashMap<String, String> =
        app.db.import_names(job.park.as_deref(), kind).await?.into_iter().collect();
    means.extend(options.names.iter().cloned());
    let mut names = Names { ignored: vec![reason_column()], mapped: Vec::new() };
    let mut means: Vec<(String, String)> = means.into_iter().collect();
    means.sort();
    for (name, column) in means {
        if column.is_empty() {
            names.ignored.push(name);
        } else {
            names.mapped.push((name, column));
        }
    }
    Ok(names)
}

/// Meanings of a file's names, to be remembered for the park; letters of a column mean something in this file alone.
fn remembered(headers: &[JobHeader]) -> Vec<(String, String)> {
    let (mut seen, reasons) = (HashSet::new(), reason_column());
    let cells = headers.iter().flat_map(|header| &header.cells);
    let named = cells.filter(|cell| cell.key == cell.name && cell.name != reasons);
    let first = named.filter(|cell| seen.insert(cell.key.clone()));
    first.map(|cell| (cell.key.clone(), cell.column.clone().unwrap_or_default())).collect()
}

/// The sheets to read, and whether a person need not choose among them.
fn chosen<'s>(kind: SheetKind, sheets: &'s [Sheet], options: &JobOptions, names: &Names) -> (Vec<&'s Sheet>, bool) {
    let filled: Vec<&Sheet> = sheets.iter().filter(|sheet| !sheet.rows.is_empty()).collect();
    let known = || filled.iter().copied().filter(|sheet| has_header(kind, &sheet.rows, names)).collect::<Vec<_>>();
    match options.sheet.as_deref() {
        Some(ALL_SHEETS) => (known(), true),
        Some(name) => (filled.iter().copied().filter(|sheet| sheet.name.as_deref() == Some(name)).collect(), true),
        None => {
            let known = known();
            match known.len() {
                0 => (filled.into_iter().take(1).collect(), true),
                1 => (known, true),
                _ => (known, false),
            }
        }
    }
}

fn header(kind: SheetKind, sheet: &Sheet, names: &Names) -> Option<JobHeader> {
    let outline = Header::outline(kind, &sheet.rows, names)?;
    let cells = outline.cells.into_iter().map(|cell| JobColumn {
        key: cell.key,
        name: cell.name,
        letters: cell.letters,
        column: cell.column.map(|column| column.name.to_owned()),
        is_ignored: cell.is_ignored,
        is_repeated: cell.is_repeated,
        nearest: cell.nearest.into_iter().map(|column| column.name.to_owned()).collect(),
        samples: cell.samples,
    });
    Some(JobHeader {
        sheet: sheet.name.clone(),
        row: outline.row,
        lines: outline.lines,
        cells: cells.collect(),
        missing: outline.missing.into_iter().map(|column| column.name.to_owned()).collect(),
    })
}

fn asked(job: &ImportJob, options: &JobOptions, names: Names) -> ImportOptions {
    ImportOptions {
        file: job.file.clone(),
        digest: job.digest.clone(),
        by: job.actor.clone(),
        sheet: match options.sheet.as_deref() {
            None => SheetChoice::Only,
            Some(ALL_SHEETS) => SheetChoice::All,
            Some(name) => SheetChoice::Named(name.to_owned()),
        },
        skip_hidden: options.skip_hidden,
        names,
        park: job.park.clone(),
        complete: options.complete && job.park.is_some(),
        withdraw_missing: options.complete && options.withdraw_missing,
        clearing: options.clearing.clone(),
        ..ImportOptions::default()
    }
}

/// Writes the rejected rows with their reasons; the file is read again, so that it is not in memory twice meanwhile.
async fn workbook(
    app: &Context,
    job: &ImportJob,
    headers: &[JobHeader],
    done: &ImportReport,
) -> Result<Option<Vec<u8>>> {
    let Ok(sheets) = sheets(app, job).await? else { return Ok(None) };
    let mut reasons: HashMap<(Option<String>, u32), String> = HashMap::new();
    for note in &done.rejected {
        let reason = reasons.entry((note.sheet.clone(), note.row)).or_default();
        if !reason.is_empty() {
            reason.push('\n');
        }
        reason.push_str(&format!("{}: {}", note.column, note.reason));
    }
    let places: Vec<_> = headers.iter().map(|header| (header.sheet.clone(), header.row, header.lines)).collect();
    let book = rejected_rows(&sheets, &places, &reasons, &reason_column());
    Ok(Some(write_book(&book).map_err(|e| anyhow::anyhow!(e))?))
}
