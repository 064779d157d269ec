//! Imports of files (contract §7): settled with what is stored in one transaction, kept, listed and undone.

mod report;
mod undo;

use std::collections::{HashMap, HashSet};

use domain::fault::CellReason;
use domain::import::{
    HeaderFault, ImportPlan, Names, Note, Settling, Sheet, SheetReading, has_header, loose_key, read, settle,
};
use domain::kind::Kind;
use domain::record::Record;
use domain::time::Moment;
use domain::word::Word as _;
use sea_orm::DatabaseTransaction;
use serde_json::json;

use crate::db::import::{AlteredRow, Import, StoredTable, digest};
use crate::db::words::AuditAction;
use crate::db::{self, DbError};
use crate::error;
use crate::i18n::header_faults;
use crate::ids;
use crate::service::context::Context;
use crate::service::inventory::refresh;

pub use report::{ImportReport, Refusal, ReportChange, ReportNote, told};
use report::{MOST_TOLD, both, refusal_text, report};
pub use undo::{UndoRefusal, UndoReport, undo};

/// Timeout of the transaction: a million rows take some minutes.
const IMPORT_LIMIT: std::time::Duration = std::time::Duration::from_secs(600);

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
    let readings = match readings(table, sheets, &options) {
        Ok(readings) => readings,
        Err(refusal) => return Ok(ImportReport::refused(refusal)),
    };
    let now = app.clock.now();
    let dry_run = options.dry_run;
    let done = app
        .db
        .write_within::<_, NotStored, _>(IMPORT_LIMIT, move |tx| {
            Box::pin(async move { store(tx, table, readings, &options, now).await })
        })
        .await;
    match done {
        Ok(report) => {
            refresh(app).await?;
            Ok(report)
        }
        Err(NotStored::Reported(report)) => Ok(ImportReport { dry_run, ..*report }),
        Err(NotStored::Failed(error)) => Err(error.into()),
    }
}

/// Settles a file by itself: nothing is stored and no park is known.
///
/// # Errors
/// [`Refusal`] of the whole file.
pub fn settle_alone<T: StoredTable>(table: T, sheets: Vec<Sheet>) -> Result<ImportPlan<T>, Refusal> {
    let readings = readings(table, sheets, &ImportOptions::default())?;
    Ok(settle(readings.readings, &Settling::of_files(table)))
}

/// Readings of the sheets of a file, with their names for the report.
struct Readings {
    readings: Vec<SheetReading>,
    sheet: serde_json::Value,
    unread: Vec<String>,
}

fn readings<T: StoredTable>(table: T, sheets: Vec<Sheet>, options: &ImportOptions) -> Result<Readings, Refusal> {
    if options.complete && options.park.is_none() {
        return Err(Refusal::new("needs_park", refusal_text("needs_park", &[])));
    }
    let (sheets, unread) = chosen(table, sheets, options)?;
    let names: Vec<&str> = sheets.iter().filter_map(|sheet| sheet.name.as_deref()).collect();
    let sheet = if names.len() > 1 { json!(names) } else { json!(names.first()) };
    let readings = sheets.iter().map(|sheet| {
        read(table, sheet, &options.names, options.skip_hidden)
            .map_err(|faults| header_refusal(table, sheet.name.as_ref(), &faults))
    });
    Ok(Readings { readings: readings.collect::<Result<_, _>>()?, sheet, unread })
}

fn header_refusal<T: StoredTable>(table: T, sheet: Option<&String>, faults: &[HeaderFault]) -> Refusal {
    let code = faults.first().map_or("empty_file", |fault| fault.code.word());
    let columns = faults.iter().map(|fault| fault.name.clone()).collect();
    let reason = both(|locale| header_faults(locale, &plural(table), faults));
    Refusal { columns, sheets: sheet.into_iter().cloned().collect(), ..Refusal::new(code, reason) }
}

/// The table's name on the command line.
fn plural<T: StoredTable>(table: T) -> String {
    let word = table.changed().word();
    word.strip_suffix('y').map_or_else(|| format!("{word}s"), |stem| format!("{stem}ies"))
}

/// The sheets to read, and the names of those that are passed over because they have no header of the table.
fn chosen<T: StoredTable>(
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
fn unread(sheet: String) -> Note {
    Note {
        sheet: Some(sheet),
        row: 1,
        column: String::new(),
        value: String::new(),
        code: CellReason::SheetNotRead,
        detail: Vec::new(),
    }
}

/// The reason for which the transaction of an import was rolled back.
enum NotStored {
    /// A dry run, or a refused file.
    Reported(Box<ImportReport>),
    Failed(DbError),
}

impl From<DbError> for NotStored {
    fn from(error: DbError) -> Self {
        Self::Failed(error)
    }
}

impl From<sea_orm::DbErr> for NotStored {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Failed(error.into())
    }
}

async fn store<T: StoredTable>(
    tx: &DatabaseTransaction,
    table: T,
    file: Readings,
    options: &ImportOptions,
    now: Moment,
) -> Result<ImportReport, NotStored> {
    let texts = stored_texts(tx, table, &file.readings, options).await?;
    let parks: HashSet<String> = Kind::Park.codes(tx).await?.into_iter().collect();
    let knows_park = |code: &str| parks.contains(code);
    let settling = Settling {
        park: options.park.as_deref(),
        knows_park: Some(&knows_park),
        stored: texts.values().filter_map(|text| serde_json::from_str(text).ok()).collect(),
        complete: options.complete,
        withdraw_missing: options.withdraw_missing,
        clearing: &options.clearing,
        ..Settling::of_files(table)
    };
    let header_row = file.readings.first().map(|reading| reading.header_row);
    let read = file.readings.iter().map(|reading| reading.read).sum();
    let plan = settle(file.readings, &settling);
    let mut report = report(&plan, ImportReport { header_row, read, sheet: file.sheet, ..ImportReport::default() });
    report.warnings.splice(0..0, file.unread.into_iter().map(|sheet| told(&unread(sheet))));
    report.warnings.truncate(MOST_TOLD);
    if !plan.would_clear.is_empty() {
        let columns: Vec<String> = plan.would_clear.iter().map(|column| (*column).to_owned()).collect();
        let reason = refusal_text("would_clear", &[("columns", &columns.join(", "))]);
        report.refused = Some(Refusal { columns, ..Refusal::new("would_clear", reason) });
        (report.created, report.updated, report.unchanged, report.withdrawn) = (0, 0, 0, 0);
        return Err(NotStored::Reported(Box::new(report)));
    }
    if options.dry_run {
        return Err(NotStored::Reported(Box::new(report)));
    }
    let id = write(tx, table, &plan, &texts, options, &report, now).await?;
    Ok(ImportReport { import: Some(id), ..report })
}

/// The JSON of the stored rows that a file's numbers may mean, by id: those of the same number under any park, and all
/// of the park where the file is complete.
async fn stored_texts<T: StoredTable>(
    tx: &DatabaseTransaction,
    table: T,
    readings: &[SheetReading],
    options: &ImportOptions,
) -> Result<HashMap<String, String>, sea_orm::DbErr> {
    let wanted: HashSet<String> = readings.iter().flat_map(SheetReading::keys).collect();
    // An id is a number, or `PARK/NUMBER` where the number was taken; numbers may hold slashes of their own.
    let is_meant = |code: &String| {
        let tails = code.match_indices('/').map(|(at, _)| &code[at + 1..]);
        std::iter::once(code.as_str()).chain(tails).any(|tail| wanted.contains(&loose_key(tail)))
    };
    let mut codes: Vec<String> = table.codes(tx).await?.into_iter().filter(is_meant).collect();
    if let Some(park) = options.park.as_deref().filter(|_| options.complete) {
        codes.extend(table.codes_of_park(tx, park).await?);
        codes.sort();
        codes.dedup();
    }
    Ok(table.texts(tx, &codes).await?.into_iter().collect())
}

async fn write<T: StoredTable>(
    tx: &DatabaseTransaction,
    table: T,
    plan: &ImportPlan<T>,
    texts: &HashMap<String, String>,
    options: &ImportOptions,
    report: &ImportReport,
    now: Moment,
) -> Result<String, sea_orm::DbErr> {
    let records: Vec<&Record<T>> = plan.settled.iter().map(|settled| &settled.after).collect();
    table.put(tx, &records, now).await?;
    failpoint!("import.rows_stored");
    let codes: Vec<&str> = records.iter().map(|record| record.id()).collect();
    db::listing::log(tx, table.changed(), &codes, now).await?;
    failpoint!("import.logged");
    let altered = records.iter().map(|record| AlteredRow {
        code: record.id().to_owned(),
        before: texts.get(record.id()).cloned(),
        after: digest(&serde_json::to_string(record).unwrap_or_default()),
    });
    let rejected: HashSet<(&Option<String>, u32)> =
        report.rejected.iter().map(|note| (&note.sheet, note.row)).collect();
    let counts = json!({ "read": report.read, "created": report.created, "updated": report.updated,
        "unchanged": report.unchanged, "withdrawn": report.withdrawn, "rejected": rejected.len() });
    let import = Import {
        id: ids::row_id(),
        kind: table.changed().word().to_owned(),
        file: options.file.clone(),
        digest: options.digest.clone(),
        park: options.park.clone(),
        by: options.by.clone(),
        at: String::new(),
        counts,
        undone_at: None,
    };
    db::import::keep(tx, db::import::row(&import, now), altered.collect()).await?;
    let detail = format!("{} created {} updated {}", import.id, report.created, report.updated);
    db::requirement::audit(tx, &options.by, AuditAction::Import, &import.kind, &detail, now).await?;
    Ok(import.id)
}
