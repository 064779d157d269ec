//! Files imported in the browser: stored jobs that read and check a file in the background, wait for a person's choices, and
//! store what was seen in the preview.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::account::Scope;
use domain::fault::CellReason;
use domain::import::{ChangeNote, Header, Names, Note, Sheet, has_header};
use domain::kind::Kind;
use domain::stored::Stored;
use serde::{Deserialize, Serialize};

use super::accounts::Actor;
use super::context::{App, Context};
use super::imports::{self, ImportOptions, ImportReport, ReportChange, ReportNote, SheetChoice};
use super::listings::may_keep;
use crate::db;
use crate::db::import::Import;
use crate::db::import_job::{ImportJob, JobChange};
use crate::db::words::{ImportState, JobPart, JobState};
use crate::error::{Code, Error, Result};
use crate::i18n::Locale;
use crate::ids;
use crate::tables::{Limits, Reader, TableError, rejected_rows, write_book};

/// Lease of running work, s; a process that dies is noticed when it ends.
const LEASE_SECONDS: i64 = 15;
/// Time after which a lease is extended.
const BEAT: Duration = Duration::from_secs(4);
/// Time for which a request waits for the work that it began: short work needs no page of progress.
const PATIENCE: Duration = Duration::from_secs(1);
/// Remarks and changes of each kind that a job keeps for its page; the workbook of rejected rows has all.
const MOST_KEPT: usize = 1_000;
/// Column of the reasons in the workbook of rejected rows; an import leaves it out.
pub const REASON_COLUMN: &str = "退回原因 / Reason";
/// The choice of every sheet with a header.
pub const ALL_SHEETS: &str = "*";
/// Steps of the work on a file, as its page counts them.
const STEP_READ: i64 = 1;
const STEP_CHECK: i64 = 2;
const STEP_STORE: i64 = 3;

/// A file from a form.
#[derive(Clone, Debug)]
pub struct UploadedFile {
    /// The kind of listings in it.
    pub kind: Kind,
    /// The park that an admin chose; blank for all. People of a park import for theirs.
    pub park: String,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Choices of the person who imports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JobOptions {
    /// Name of a sheet, or [`ALL_SHEETS`].
    pub sheet: Option<String>,
    /// Leaves hidden rows out.
    pub skip_hidden: bool,
    /// The file is all of the park: the listings that it lacks are told.
    pub complete: bool,
    /// The listings that a complete file lacks are withdrawn.
    pub withdraw_missing: bool,
    /// Columns that may be cleared in many listings.
    pub clearing: Vec<String>,
    /// Names of the file with the column that each means; blank: left out.
    pub names: Vec<(String, String)>,
}

/// Findings of a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct JobReport {
    /// Visible sheets that hold rows, by name.
    pub sheets: Vec<String>,
    /// The headers that were read.
    pub headers: Vec<JobHeader>,
    /// Rows read, new records, changed ones, unchanged ones, rejected rows, withdrawn records.
    pub counts: JobCounts,
    /// Changes to look at first.
    pub notable: Vec<JobCell>,
    /// Cells that updates alter, the first thousand, less the notable ones.
    pub changes: Vec<JobCell>,
    /// Remarks on accepted rows, the first thousand.
    pub warnings: Vec<JobNote>,
    /// Cells that refuse their row, the first thousand.
    pub rejected: Vec<JobNote>,
    /// Ids that a complete file lacks.
    pub missing: Vec<String>,
    /// Why nothing of the file can be imported: a code, the columns concerned.
    pub refused: Option<(String, Vec<String>)>,
    /// Why the file cannot be read, Chinese and English.
    pub unreadable: Option<(String, String)>,
    /// The fingerprint of the plan.
    pub plan: String,
    /// The inventory changed between preview and storing: the preview is a new one.
    pub is_renewed: bool,
}

/// Counts of a preview or an import.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the words of contract §7")]
pub struct JobCounts {
    pub read: usize,
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub rejected: usize,
    pub withdrawn: usize,
}

/// The header of one sheet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JobHeader {
    /// The sheet's name; none for CSV.
    pub sheet: Option<String>,
    /// Its row, from 1.
    pub row: u32,
    /// The rows that it takes, 1 or 2.
    pub lines: usize,
    /// Its cells.
    pub cells: Vec<JobColumn>,
    /// Names of required columns that it lacks.
    pub missing: Vec<String>,
}

/// One cell of a header.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "see `domain::import::HeaderCell`")]
pub struct JobColumn {
    pub key: String,
    pub name: String,
    pub letters: String,
    pub column: Option<String>,
    pub is_ignored: bool,
    pub is_repeated: bool,
    pub nearest: Vec<String>,
    pub samples: Vec<String>,
}

/// A cell that an update alters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobCell {
    /// The spreadsheet's row; 0 for a listing that a complete file lacks.
    pub row: u32,
    /// The listing's id.
    pub id: String,
    /// The column's name.
    pub column: String,
    /// The stored cell.
    pub from: String,
    /// The new cell.
    pub to: String,
    /// Whether the listing would no longer be on offer.
    pub is_unpublished: bool,
}

/// A remark on a cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobNote {
    /// The sheet; none for CSV.
    pub sheet: Option<String>,
    /// The spreadsheet's row.
    pub row: u32,
    /// The column's name.
    pub column: String,
    /// The cell as shown.
    pub value: String,
    /// The code.
    pub code: CellReason,
    /// Arguments of the sentence.
    pub detail: Vec<String>,
}

impl JobNote {
    /// Returns the remark as the catalogue words it.
    #[must_use]
    pub fn note(&self) -> Note {
        Note {
            sheet: self.sheet.clone(),
            row: self.row,
            column: self.column.clone(),
            value: self.value.clone(),
            code: self.code,
            detail: self.detail.clone(),
        }
    }
}

impl ImportJob {
    /// Returns the person's choices.
    #[must_use]
    pub fn choices(&self) -> JobOptions {
        serde_json::from_str(&self.options).unwrap_or_default()
    }

    /// Returns the findings.
    #[must_use]
    pub fn findings(&self) -> JobReport {
        self.report.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// Whether a process works on it.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self.state, Stored::Known(JobState::Reading | JobState::Applying))
    }
}

/// Begins a job: stores the file and reads it in the background; returns the job's id, after [`PATIENCE`] at the latest.
///
/// # Errors
/// [`Error::Forbidden`] for observers, and for parks of people of a park; [`Error::NotFound`] for an unknown park;
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn begin(app: &App, actor: &Actor, upload: UploadedFile) -> Result<String> {
    may_keep(actor)?;
    let park = match (&actor.scope, upload.park.as_str()) {
        (Scope::Park(_) | Scope::Parks(_), _) if upload.kind == Kind::Park => return Err(Error::Forbidden),
        (Scope::Park(park), _) => Some(park.clone()),
        (Scope::All, "") => None,
        (scope, park) if scope.covers(park) => Some(park.to_owned()),
        _ => return Err(Error::NotFound),
    };
    if let Some(park) = &park
        && app.inventory.record(Kind::Park, park).is_none()
    {
        return Err(Error::NotFound);
    }
    let now = app.clock.now();
    let job = ImportJob {
        id: ids::row_id(),
        park,
        actor: actor.id.clone(),
        kind: Stored::Known(upload.kind),
        file: upload.name,
        digest: ids::sha256_hex(&upload.bytes),
        state: Stored::Known(JobState::Reading),
        step: STEP_READ,
        total: 0,
        options: "{}".to_owned(),
        report: None,
        import: None,
        created_at: now,
        changed_at: now,
        lease_until: Some(now.plus_seconds(LEASE_SECONDS)),
    };
    let (id, bytes, row) = (job.id.clone(), upload.bytes, job);
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::import_job::add(tx, &row, bytes).await?) }))
        .await?;
    work(app, &id).await;
    Ok(id)
}

/// Returns a job of the actor's scope; one whose process died is marked first.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn show(app: &Context, actor: &Actor, id: &str) -> Result<ImportJob> {
    let job = app.db.import_job(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    if job.lease_until.is_none_or(|until| until >= app.clock.now()) {
        return Ok(job);
    }
    recover(app).await?;
    app.db.import_job(&actor.scope, id).await?.ok_or(Error::NotFound)
}

/// Returns the jobs of the actor's scope that are not done, and the imports, newest first.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor) -> Result<(Vec<ImportJob>, Vec<Import>)> {
    recover(app).await?;
    let jobs = app.db.open_jobs(&actor.scope).await?;
    let is_own = |import: &Import| match &import.park {
        Some(park) => actor.scope.covers(park),
        None => actor.scope == Scope::All,
    };
    Ok((jobs, app.db.imports().await?.into_iter().filter(is_own).collect()))
}

/// Reads a waiting or interrupted file again with other choices.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] where the job is not waiting; [`Error::Unavailable`],
/// [`Error::Full`] or [`Error::Internal`].
pub async fn choose(app: &App, actor: &Actor, id: &str, options: &JobOptions) -> Result<()> {
    may_keep(actor)?;
    show(app, actor, id).await?;
    let change = JobChange {
        state: Some(JobState::Reading),
        step: Some(STEP_READ),
        options: Some(serde_json::to_string(options).unwrap_or_default()),
        ..leased(app)
    };
    let waiting = [JobState::Choosing, JobState::Ready, JobState::Interrupted];
    if !update(app, id, &waiting, change).await? {
        return Err(Error::Conflict(Code::Conflict));
    }
    work(app, id).await;
    Ok(())
}

/// Stores what the preview showed: all of it, or with `only_good` the rows that are not rejected.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] where the job has no preview, or rejected rows and
/// `only_good` is not set; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn apply(app: &App, actor: &Actor, id: &str, only_good: bool) -> Result<()> {
    may_keep(actor)?;
    let found = show(app, actor, id).await?.findings();
    if found.refused.is_some() || (found.counts.rejected > 0 && !only_good) {
        return Err(Error::Conflict(Code::Conflict));
    }
    let change = JobChange {
        state: Some(JobState::Applying),
        step: Some(STEP_READ),
        import: Some(ids::row_id()),
        ..leased(app)
    };
    if !update(app, id, &[JobState::Ready], change).await? {
        return Err(Error::Conflict(Code::Conflict));
    }
    work(app, id).await;
    Ok(())
}

/// Gives a waiting file up: nothing was stored, and its bytes are deleted.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] where a process works on it; [`Error::Unavailable`],
/// [`Error::Full`] or [`Error::Internal`].
pub async fn discard(app: &Context, actor: &Actor, id: &str) -> Result<()> {
    may_keep(actor)?;
    show(app, actor, id).await?;
    let waiting = [JobState::Choosing, JobState::Ready, JobState::Interrupted, JobState::Failed];
    let change = JobChange { state: Some(JobState::Discarded), lease_until: Some(None), ..JobChange::default() };
    if !update(app, id, &waiting, change).await? {
        return Err(Error::Conflict(Code::Conflict));
    }
    drop_upload(app, id).await
}

/// Returns the workbook of the rejected rows, which is deleted after a day.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn rejected(app: &Context, actor: &Actor, id: &str) -> Result<Vec<u8>> {
    show(app, actor, id).await?;
    app.db.job_bytes(id, JobPart::Rejected).await?.ok_or(Error::NotFound)
}

/// Takes an import of the actor's scope back; a refusal is a report.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn undo(app: &Context, actor: &Actor, id: &str) -> Result<imports::UndoReport> {
    may_keep(actor)?;
    let import = app.db.import(id).await?.ok_or(Error::NotFound)?;
    let is_own = import.park.as_deref().is_some_and(|park| actor.scope.covers(park));
    if !is_own && actor.scope != Scope::All {
        return Err(Error::NotFound);
    }
    imports::undo(app, id, &actor.id).await
}

/// Marks the jobs whose process died: stored where their import was committed, else interrupted with nothing stored.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn recover(app: &Context) -> Result<()> {
    for job in app.db.orphaned_jobs(app.clock.now()).await? {
        let import = match &job.import {
            Some(import) if job.state == JobState::Applying => app.db.import(import).await?,
            _ => None,
        };
        let is_stored = import.as_ref().is_some_and(Import::is_done);
        // An import of many rows that was cut off is brought to its own end first, see `imports::recover`.
        if import.is_some_and(|import| import.is_unfinished() && import.state != ImportState::Interrupted.word()) {
            continue;
        }
        let state = if is_stored { JobState::Done } else { JobState::Interrupted };
        tracing::warn!(job = %job.id, state = state.word(), "a process that worked on a file died");
        let change = JobChange { state: Some(state), lease_until: Some(None), ..JobChange::default() };
        update(app, &job.id, &[JobState::Reading, JobState::Applying], change).await?;
        if is_stored {
            drop_upload(app, &job.id).await?;
        }
    }
    Ok(())
}

fn leased(app: &Context) -> JobChange {
    let until = app.clock.now().plus_seconds(LEASE_SECONDS);
    JobChange { lease_until: Some(Some(until)), ..JobChange::default() }
}

async fn update(app: &Context, id: &str, from: &[JobState], change: JobChange) -> Result<bool> {
    let (id, from, now) = (id.to_owned(), from.to_vec(), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::import_job::change(tx, &id, &from, change, now).await?) })
        })
        .await
}

async fn drop_upload(app: &Context, id: &str) -> Result<()> {
    let id = id.to_owned();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::import_job::drop_bytes(tx, &id, JobPart::Upload).await?) })
        })
        .await
}

/// Works on a job in the background, and waits for it as long as a page may.
async fn work(app: &App, id: &str) {
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
    let done = imports::import(app, kind, sheets, import_options).await?;
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
    let done = imports::import(app, kind, sheets, import_options).await?;
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

async fn finish(
    app: &Context,
    job: &ImportJob,
    state: JobState,
    report: JobReport,
    workbook: Option<Vec<u8>>,
) -> Result<()> {
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
async fn names(app: &Context, job: &ImportJob, kind: Kind, options: &JobOptions) -> Result<Names> {
    let mut means: HashMap<String, String> =
        app.db.import_names(job.park.as_deref(), kind).await?.into_iter().collect();
    means.extend(options.names.iter().cloned());
    let mut names = Names { ignored: vec![REASON_COLUMN.to_owned()], mapped: Vec::new() };
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
    let mut seen = HashSet::new();
    let cells = headers.iter().flat_map(|header| &header.cells);
    let named = cells.filter(|cell| cell.key == cell.name && cell.name != REASON_COLUMN);
    let first = named.filter(|cell| seen.insert(cell.key.clone()));
    first.map(|cell| (cell.key.clone(), cell.column.clone().unwrap_or_default())).collect()
}

/// The sheets to read, and whether a person need not choose among them.
fn chosen<'s>(kind: Kind, sheets: &'s [Sheet], options: &JobOptions, names: &Names) -> (Vec<&'s Sheet>, bool) {
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

fn header(kind: Kind, sheet: &Sheet, names: &Names) -> Option<JobHeader> {
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

impl JobHeader {
    /// Whether a person must say what a column means.
    #[must_use]
    pub fn is_unclear(&self) -> bool {
        let is_open = |cell: &JobColumn| cell.is_repeated || cell.column.is_none() && !cell.is_ignored;
        !self.missing.is_empty() || self.cells.iter().any(is_open)
    }
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
    let book = rejected_rows(&sheets, &places, &reasons, REASON_COLUMN);
    Ok(Some(write_book(&book).map_err(|e| anyhow::anyhow!(e))?))
}

impl JobReport {
    /// Adds what an import or its dry run found.
    fn with(self, done: &ImportReport) -> Self {
        let rows: HashSet<_> = done.rejected.iter().map(|note| (&note.sheet, note.row)).collect();
        let first: HashSet<_> = done.notable.iter().map(|(change, _)| (change.id.as_str(), change.column)).collect();
        let others = done.changes.iter().filter(|change| !first.contains(&(change.id.as_str(), change.column)));
        Self {
            counts: JobCounts {
                read: done.read,
                created: done.created,
                updated: done.updated,
                unchanged: done.unchanged,
                rejected: rows.len(),
                withdrawn: done.withdrawn,
            },
            notable: notable(&done.notable),
            changes: others.map(|change| cell(change, false)).collect(),
            warnings: done.warnings.iter().take(MOST_KEPT).map(remark).collect(),
            rejected: done.rejected.iter().take(MOST_KEPT).map(remark).collect(),
            missing: done.missing.iter().take(MOST_KEPT).cloned().collect(),
            refused: done.refused.as_ref().map(|refusal| (refusal.code.to_owned(), refusal.columns.clone())),
            plan: done.plan.clone(),
            ..self
        }
    }
}

/// Listings that would no longer be on offer before jumps of figures.
fn notable(found: &[(ReportChange, ChangeNote)]) -> Vec<JobCell> {
    let of = |note: ChangeNote| found.iter().filter(move |(_, own)| *own == note);
    let unpublished = of(ChangeNote::Unpublished).map(|(change, _)| cell(change, true));
    unpublished.chain(of(ChangeNote::Jump).map(|(change, _)| cell(change, false))).collect()
}

fn cell(change: &ReportChange, is_unpublished: bool) -> JobCell {
    JobCell {
        row: change.row,
        id: change.id.clone(),
        column: change.column.to_owned(),
        from: change.from.clone(),
        to: change.to.clone(),
        is_unpublished,
    }
}

fn remark(note: &ReportNote) -> JobNote {
    JobNote {
        sheet: note.sheet.clone(),
        row: note.row,
        column: note.column.clone(),
        value: note.value.clone(),
        code: note.code,
        detail: note.detail.clone(),
    }
}
