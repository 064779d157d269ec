//! Imports of files (contract §7): judged against what is stored outside any transaction, stored in one short transaction
//! or, where the rows are many, in stages ([`stages`]); kept, listed and undone.

mod report;
mod stages;
mod storing;
mod undo;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::column::Table;
use domain::fault::CellReason;
use domain::freshness::Checker;
use domain::import::{
    HeaderFault, ImportPlan, KnownParks, Names, Note, Settling, Sheet, SheetReading, has_header, loose_key, read,
    settle,
};
use domain::kind::Kind;
use domain::record::Record;
use domain::time::Moment;
use domain::word::Word as _;
use sea_orm::DatabaseTransaction;
use serde_json::json;

use crate::db;
use crate::db::evidence::{ListingCheck, StagedCheck};
use crate::db::import::{AlteredRow, Basis, Import, StoredTable, digest};
use crate::db::words::Changed;
use crate::error::{self, Error};
use crate::i18n::header_faults;
use crate::ids;
use crate::service::context::Context;
use crate::service::evidence;
use crate::service::inventory::refresh;

pub(super) use report::refusal_text;
pub use report::{ImportReport, Refusal, ReportChange, ReportNote, told};
use report::{MOST_TOLD, both, report};
pub use stages::recover;
use storing::{MOST_AT_ONCE, MOST_JUDGED, NotStored, audit, off_thread, unless_stale};
pub use undo::{UndoRefusal, UndoReport, undo};
pub(super) use undo::{not_done, undo_refused};

/// The actor of the command line.
const OPERATOR: &str = "operator";

/// Which sheets of a workbook are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SheetChoice {
    /// The only one with a header.
    #[default]
    Only,
    /// The one of this name.
    Named(String),
    /// Every one with a header.
    All,
}

/// Options of one import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The file's name.
    pub file: String,
    /// SHA-256 of the file's bytes.
    pub digest: String,
    /// The account, or `operator`.
    pub by: String,
    /// Says what would happen and stores nothing.
    pub dry_run: bool,
    /// Which sheets are read.
    pub sheet: SheetChoice,
    /// Leaves hidden rows out.
    pub skip_hidden: bool,
    /// Columns that are left out or renamed.
    pub names: Names,
    /// The one park whose rows the file may hold.
    pub park: Option<String>,
    /// The file is all of that park.
    pub complete: bool,
    /// Rows that a complete file lacks are withdrawn.
    pub withdraw_missing: bool,
    /// Columns that may be cleared without limit.
    pub clearing: Vec<String>,
    /// The import's id; drawn where none is given.
    pub id: Option<String>,
    /// Nothing is stored where the plan is another than this one, see [`ImportReport::plan`].
    pub expected: Option<String>,
}

/// Imports the sheets of a file into a table.
///
/// # Errors
/// [`crate::error::Error`]: `Unavailable`, `Full` or `Internal`; nothing was stored. A refused file is a report.
pub async fn import<T: StoredTable>(
    app: &Context,
    table: T,
    sheets: Vec<Sheet>,
    options: ImportOptions,
) -> error::Result<ImportReport> {
    let job = match off_thread(move || ReadFile::read(table, sheets, options)).await? {
        Ok(job) => Arc::new(job),
        Err(refusal) => return Ok(ImportReport::refused(refusal)),
    };
    for _ in 0..MOST_JUDGED {
        let basis = app.db.basis(table, |code| job.names(code), job.whole_park()).await?;
        let judging = Arc::clone(&job);
        let parks = app.inventory.known_parks(&basis.parks);
        let judged = off_thread(move || judging.judge(basis, &parks)).await?;
        if judged.report.refused.is_some() || job.options.dry_run {
            return Ok(ImportReport { dry_run: job.options.dry_run, ..judged.report });
        }
        let report = judged.report.clone();
        if let Some(id) = judged.store(app, &job).await? {
            refresh(app).await?;
            return Ok(ImportReport { import: Some(id), ..report });
        }
    }
    Err(Error::Unavailable("others go on changing the same rows".to_owned()))
}

/// A file whose sheets were read, before it is judged.
struct ReadFile<T> {
    table: T,
    file: Readings,
    options: ImportOptions,
    /// Keys of the numbers that the file names, see [`loose_key`].
    wanted: HashSet<String>,
}

/// A file judged against stored rows.
struct JudgedFile<T: StoredTable> {
    basis: Basis,
    plan: ImportPlan<T>,
    report: ImportReport,
}

impl<T: StoredTable> ReadFile<T> {
    fn read(table: T, sheets: Vec<Sheet>, options: ImportOptions) -> Result<Self, Refusal> {
        let file = readings(table, &plural(table), sheets, &options)?;
        let wanted = file.readings.iter().flat_map(SheetReading::keys).collect();
        Ok(Self { table, file, options, wanted })
    }

    /// Whether the file may mean a stored id, see [`may_mean`].
    fn names(&self, code: &str) -> bool {
        may_mean(&self.wanted, code)
    }

    /// The park of which the file is all.
    fn whole_park(&self) -> Option<&str> {
        self.options.park.as_deref().filter(|_| self.options.complete)
    }

    /// Whether a change may alter how the file is judged.
    fn is_concerned(&self, (table, code): &(Option<Changed>, String)) -> bool {
        match table {
            Some(changed) if *changed == self.table.changed() => self.options.complete || self.names(code),
            Some(Changed::Listing(Kind::Park) | Changed::Import) | None => true,
            Some(_) => false,
        }
    }

    fn judge(&self, basis: Basis, parks: &KnownParks) -> JudgedFile<T> {
        let settling = Settling {
            park: self.options.park.as_deref(),
            parks: Some(parks),
            stored: basis.texts.values().filter_map(|text| serde_json::from_str(text).ok().map(Arc::new)).collect(),
            complete: self.options.complete,
            withdraw_missing: self.options.withdraw_missing,
            clearing: &self.options.clearing,
            ..Settling::of_files(self.table)
        };
        let plan = settle(&self.file.readings, &settling);
        let report = self.report(&plan);
        JudgedFile { basis, plan, report }
    }

    fn report(&self, plan: &ImportPlan<T>) -> ImportReport {
        let header_row = self.file.readings.first().map(|reading| reading.header_row);
        let read = self.file.readings.iter().map(|reading| reading.read).sum();
        let sheet = self.file.sheet.clone();
        let mut report = report(self.table, plan, ImportReport { header_row, read, sheet, ..ImportReport::default() });
        report.warnings.splice(0..0, self.file.unread.iter().map(|sheet| told(&unread(sheet.clone()))));
        report.warnings.truncate(MOST_TOLD);
        if !plan.would_clear.is_empty() {
            let columns: Vec<String> = plan.would_clear.iter().map(|column| (*column).to_owned()).collect();
            let reason = refusal_text("would_clear", &[("columns", &columns.join(", "))]);
            report.refused = Some(Refusal { columns, ..Refusal::new("would_clear", reason) });
            (report.created, report.updated, report.unchanged, report.withdrawn) = (0, 0, 0, 0);
        } else if self.options.dry_run || self.options.expected.is_some() {
            report.plan = fingerprint(plan);
            if self.options.expected.as_ref().is_some_and(|expected| *expected != report.plan) {
                report.refused = Some(Refusal::new("preview_outdated", refusal_text("preview_outdated", &[])));
            }
        }
        report
    }
}

/// Whether numbers with these keys may mean a stored id: a number, or `PARK/NUMBER` where the number was taken. Numbers may
/// hold slashes of their own.
pub(super) fn may_mean(wanted: &HashSet<String>, code: &str) -> bool {
    let tails = code.match_indices('/').map(|(at, _)| &code[at + 1..]);
    std::iter::once(code).chain(tails).any(|tail| wanted.contains(&loose_key(tail)))
}

/// SHA-256 of those of the records before and after: the same file over the same inventory has the same.
fn fingerprint<T: StoredTable>(plan: &ImportPlan<T>) -> String {
    let text = |record: &Record<T>| serde_json::to_string(record).unwrap_or_default();
    let lines = plan.settled.iter().map(|settled| {
        let before = settled.before.as_deref().map(text).unwrap_or_default();
        digest(&format!("{before}\n{}", text(&settled.after)))
    });
    let rejected = plan.rejected.len();
    digest(&format!("{rejected}\n{}", lines.collect::<String>()))
}

/// Settles a file by itself: nothing is stored and no park is known.
///
/// # Errors
/// [`Refusal`] of the whole file.
pub fn settle_alone<T: StoredTable>(table: T, sheets: Vec<Sheet>) -> Result<ImportPlan<T>, Refusal> {
    let readings = readings(table, &plural(table), sheets, &ImportOptions::default())?;
    Ok(settle(&readings.readings, &Settling::of_files(table)))
}

/// Readings of the sheets of a file, with their names for the report.
pub(super) struct Readings {
    pub(super) readings: Vec<SheetReading>,
    pub(super) sheet: serde_json::Value,
    pub(super) unread: Vec<String>,
}

/// Reads the chosen sheets of a file against a table, whose name a refusal tells.
///
/// # Errors
/// [`Refusal`] of the whole file.
pub(super) fn readings<T: Table>(
    table: T,
    name: &str,
    sheets: Vec<Sheet>,
    options: &ImportOptions,
) -> Result<Readings, Refusal> {
    if options.complete && options.park.is_none() {
        return Err(Refusal::new("needs_park", refusal_text("needs_park", &[])));
    }
    let (sheets, unread) = chosen(table, sheets, options)?;
    let names: Vec<&str> = sheets.iter().filter_map(|sheet| sheet.name.as_deref()).collect();
    let sheet = if names.len() > 1 { json!(names) } else { json!(names.first()) };
    // Each sheet is dropped once it is read.
    let readings = sheets.into_iter().map(|sheet| {
        read(table, &sheet, &options.names, options.skip_hidden)
            .map_err(|faults| header_refusal(name, sheet.name.as_ref(), &faults))
    });
    Ok(Readings { readings: readings.collect::<Result<_, _>>()?, sheet, unread })
}

fn header_refusal(name: &str, sheet: Option<&String>, faults: &[HeaderFault]) -> Refusal {
    let code = faults.first().map_or("empty_file", |fault| fault.code.word());
    let columns = faults.iter().map(|fault| fault.name.clone()).collect();
    let reason = both(|locale| header_faults(locale, name, faults));
    Refusal { columns, sheets: sheet.into_iter().cloned().collect(), ..Refusal::new(code, reason) }
}

/// The table's name on the command line.
fn plural<T: StoredTable>(table: T) -> String {
    let word = table.changed().word();
    word.strip_suffix('y').map_or_else(|| format!("{word}s"), |stem| format!("{stem}ies"))
}

/// The sheets to read, and the names of those that are passed over because they have no header of the table.
fn chosen<T: Table>(
    table: T,
    sheets: Vec<Sheet>,
    options: &ImportOptions,
) -> Result<(Vec<Sheet>, Vec<String>), Refusal> {
    let mut filled: Vec<Sheet> = sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).collect();
    if let SheetChoice::Named(name) = &options.sheet {
        filled.retain(|sheet| sheet.name.as_deref() == Some(name));
        return if filled.is_empty() {
            Err(sheets_refusal("unknown_sheet", vec![name.clone()]))
        } else {
            Ok((filled, Vec::new()))
        };
    }
    let (mut known, mut others): (Vec<Sheet>, Vec<Sheet>) =
        filled.into_iter().partition(|sheet| has_header(table, &sheet.rows, &options.names));
    if known.is_empty() && !others.is_empty() {
        // The first one tells what its header lacks.
        known.push(others.remove(0));
    }
    if known.len() > 1 && options.sheet != SheetChoice::All {
        return Err(sheets_refusal("several_sheets", known.into_iter().filter_map(|sheet| sheet.name).collect()));
    }
    Ok((known, others.into_iter().filter_map(|sheet| sheet.name).collect()))
}

fn sheets_refusal(code: &'static str, sheets: Vec<String>) -> Refusal {
    let reason = refusal_text(code, &[("sheets", &sheets.join("、"))]);
    Refusal { sheets, ..Refusal::new(code, reason) }
}

/// The warning that a sheet was passed over.
pub(super) fn unread(sheet: String) -> Note {
    Note {
        sheet: Some(sheet),
        row: 1,
        column: String::new(),
        value: String::new(),
        code: CellReason::SheetNotRead,
        detail: Vec::new(),
    }
}

impl<T: StoredTable> JudgedFile<T> {
    /// Stores what was judged and returns the import's id; none where it was not stored because a row changed since.
    async fn store(self, app: &Context, job: &Arc<ReadFile<T>>) -> error::Result<Option<String>> {
        let (now, import) = (app.clock.now(), self.import(job));
        let mut checks = self.checks(job, &import, now);
        // A new listing has no evidence before.
        if let Some(kind) = job.table.changed().kind()
            && self.plan.created() < checks.len()
        {
            checks = app.db.adding(kind, checks).await?;
        }
        let Self { basis: Basis { seq, texts, .. }, mut plan, .. } = self;
        let settled = std::mem::take(&mut plan.settled);
        // Remarks and former records are in the report, or stored.
        drop(plan);
        let is_long = settled.len().max(checks.len()) > MOST_AT_ONCE;
        let kind = job.table.changed().kind().filter(|_| is_long);
        let texts = if kind.is_some() { HashMap::new() } else { texts };
        let records: Vec<Record<T>> = settled.into_iter().map(|settled| settled.after).collect();
        let rows = kind.and_then(|kind| Some((kind, T::staged(&records)?)));
        let judging = Arc::clone(job);
        let is_concerned = move |change: &(Option<Changed>, String)| judging.is_concerned(change);
        let Some((kind, mut rows)) = rows else {
            let at_once = AtOnce { table: job.table, records, texts, import, checks, seq };
            let done = app
                .db
                .write::<_, NotStored, _>(move |tx| {
                    Box::pin(async move { at_once.write(tx, &is_concerned, now).await })
                })
                .await;
            return unless_stale(done);
        };
        drop(records);
        // Those of rows that are stored are staged with them.
        let mut checks: HashMap<String, ListingCheck> =
            checks.into_iter().map(|check| (check.code.clone(), check)).collect();
        for row in &mut rows {
            checks.remove(row.code()).into_iter().for_each(|check| row.with_check(&check));
        }
        let checks = checks.into_values().map(StagedCheck::of).collect();
        stages::Stages { import, kind, undone_by: None, rows, checks, seq }.store(app, is_concerned).await
    }

    /// The checks of key facts that the file makes.
    fn checks(&self, job: &ReadFile<T>, import: &Import, now: Moment) -> Vec<ListingCheck> {
        if job.table.changed().kind().is_none() {
            return Vec::new();
        }
        let columns: Vec<_> = job.file.readings.iter().flat_map(|reading| reading.columns.iter().copied()).collect();
        let is_of_park = job.options.park.is_some() && job.options.by != OPERATOR;
        let by = if is_of_park { Checker::Park } else { Checker::Operator };
        evidence::imported(&self.plan, &columns, (&import.id, by), now)
    }

    /// The import as it is kept and listed.
    fn import(&self, job: &ReadFile<T>) -> Import {
        let report = &self.report;
        let rejected: HashSet<(&Option<String>, u32)> =
            report.rejected.iter().map(|note| (&note.sheet, note.row)).collect();
        let counts = json!({ "read": report.read, "created": report.created, "updated": report.updated,
            "unchanged": report.unchanged, "withdrawn": report.withdrawn, "rejected": rejected.len() });
        Import {
            id: job.options.id.clone().unwrap_or_else(ids::row_id),
            kind: job.table.changed().word().to_owned(),
            file: job.options.file.clone(),
            digest: job.options.digest.clone(),
            park: job.options.park.clone(),
            by: job.options.by.clone(),
            at: String::new(),
            counts,
            undone_at: None,
            state: String::new(),
        }
    }
}

/// Records that are stored in one transaction.
struct AtOnce<T: StoredTable> {
    table: T,
    records: Vec<Record<T>>,
    /// The JSON before, by id.
    texts: HashMap<String, String>,
    import: Import,
    checks: Vec<ListingCheck>,
    /// The number of the last change that the judged rows include.
    seq: i64,
}

impl<T: StoredTable> AtOnce<T> {
    async fn write(
        mut self,
        tx: &DatabaseTransaction,
        is_concerned: &(impl Fn(&(Option<Changed>, String)) -> bool + Sync),
        now: Moment,
    ) -> Result<String, NotStored> {
        let codes: Vec<&str> = self.records.iter().map(Record::id).collect();
        // The log first, for its lock: whatever was committed before is then visible.
        if let Some(seq) = db::listing::log(tx, self.table.changed(), &codes, now).await?
            && db::staged::changes_between(tx, self.seq, seq).await?.iter().any(is_concerned)
        {
            return Err(NotStored::Stale);
        }
        failpoint!("import.logged", Err(db::DbError::Unavailable("failpoint".to_owned()).into()));
        self.table.put(tx, &self.records.iter().collect::<Vec<_>>(), now).await?;
        failpoint!("import.rows_stored", Err(db::DbError::Unavailable("failpoint".to_owned()).into()));
        let altered = self.records.iter().map(|record| AlteredRow {
            code: record.id().to_owned(),
            before: self.texts.remove(record.id()),
            after: digest(&serde_json::to_string(record).unwrap_or_default()),
        });
        db::import::keep(tx, db::import::row(&self.import, now), altered.collect()).await?;
        if let Some(kind) = self.table.changed().kind() {
            db::evidence::check(tx, kind, self.checks).await?;
        }
        audit(tx, &self.import, now).await?;
        Ok(self.import.id)
    }
}
