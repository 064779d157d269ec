//! Leads by file: an office's leads come along with source, consent basis, stage, owner, last note and next date. The same
//! file read again changes nothing; an import is undone as a whole until a lead of it is worked.

mod judge;
mod options;
mod rows;

use std::collections::HashSet;

use domain::fault::CellReason;
use domain::import::{Note, Sheet};
use domain::lead_sheet::LeadSheet;
use serde_json::json;

pub use options::LeadOptions;

use self::judge::{JudgedRows, Owners, RowJudge};
use super::context::Context;
use super::imports::{self, ImportOptions, ImportReport, Readings, Refusal, UndoReport, readings, refusal_text, told};
use crate::db;
use crate::db::DbError;
use crate::db::import::Import;
use crate::db::words::AuditAction;
use crate::error::{Error, Result};
use crate::ids;

/// The word under which imports of leads are kept.
pub const KIND: &str = "lead";
/// The table's name in a refusal.
const TABLE: &str = "leads";
/// Most rows of a file: an office's leads many times over, in one short transaction.
const MOST_ROWS: usize = 5_000;
/// Times that a file is judged while another import stores the same rows.
const MOST_JUDGED: usize = 5;
/// Warnings of a report at most.
const MOST_TOLD: usize = 1_000;
/// New rows whose enterprises are looked for among the leads that are there.
const MOST_COMPARED: usize = 1_000;

/// Imports the sheets of a file as leads.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; nothing was stored. A refused file is a report.
pub async fn import(
    app: &Context,
    sheets: Vec<Sheet>,
    options: &ImportOptions,
    leads: &LeadOptions,
) -> Result<ImportReport> {
    let file = match readings(LeadSheet, TABLE, sheets, options) {
        Ok(file) => file,
        Err(refusal) => return Ok(ImportReport::refused(refusal)),
    };
    if file.readings.iter().map(|reading| reading.read).sum::<usize>() > MOST_ROWS {
        let reason = refusal_text("too_many_leads", &[("limit", &MOST_ROWS.to_string())]);
        return Ok(ImportReport::refused(Refusal::new("too_many_leads", reason)));
    }
    let owners = Owners::of(app).await?;
    for _ in 0..MOST_JUDGED {
        let mut judged = RowJudge { app, options, leads, owners: &owners }.rows(&file).await?;
        compare(app, &mut judged).await?;
        let report = report(&file, &judged, options);
        if options.dry_run || report.refused.is_some() {
            return Ok(ImportReport { dry_run: options.dry_run, ..report });
        }
        if let Some(id) = store(app, judged, &report, options).await? {
            return Ok(ImportReport { import: Some(id), ..report });
        }
    }
    Err(Error::Unavailable("others go on importing the same leads".to_owned()))
}

/// Warns of leads of the same enterprise that the park has already.
async fn compare(app: &Context, judged: &mut JudgedRows) -> Result<()> {
    for lead in judged.new.iter().take(MOST_COMPARED) {
        let scope = domain::account::Scope::Park(lead.park.clone());
        let found = app.db.duplicates(&scope, "", &lead.contact).await?;
        if found.is_empty() {
            continue;
        }
        let numbers = found.into_iter().map(|it| it.row.inquiry.number).take(3).collect();
        judged.warnings.push(lead.place.note("company", &lead.contact.company, CellReason::SameEnterprise, numbers));
    }
    Ok(())
}

fn report(file: &Readings, judged: &JudgedRows, options: &ImportOptions) -> ImportReport {
    let sheets = file.unread.iter().map(|sheet| imports::unread(sheet.clone()));
    let read_as = file.readings.iter().flat_map(|reading| reading.warnings.iter().cloned());
    let warnings: Vec<Note> = sheets.chain(read_as).chain(judged.warnings.iter().cloned()).take(MOST_TOLD).collect();
    let mut report = ImportReport {
        header_row: file.readings.first().map(|reading| reading.header_row),
        sheet: file.sheet.clone(),
        read: file.readings.iter().map(|reading| reading.read).sum(),
        created: judged.new.len(),
        unchanged: judged.unchanged,
        rejected: judged.rejected.iter().map(told).collect(),
        warnings: warnings.iter().map(told).collect(),
        ..ImportReport::default()
    };
    if options.dry_run || options.expected.is_some() {
        let keys: Vec<&str> = judged.new.iter().map(|lead| lead.digest.as_str()).collect();
        report.plan = ids::sha256_hex(format!("{}\n{}", judged.rejected.len(), keys.join("\n")).as_bytes());
        if options.expected.as_ref().is_some_and(|expected| *expected != report.plan) {
            report.refused = Some(Refusal::new("preview_outdated", refusal_text("preview_outdated", &[])));
        }
    }
    report
}

/// The import as it is kept and listed.
fn kept(report: &ImportReport, options: &ImportOptions) -> Import {
    let rejected: HashSet<_> = report.rejected.iter().map(|note| (&note.sheet, note.row)).collect();
    Import {
        id: options.id.clone().unwrap_or_else(ids::row_id),
        kind: KIND.to_owned(),
        file: options.file.clone(),
        digest: options.digest.clone(),
        park: options.park.clone(),
        by: options.by.clone(),
        at: String::new(),
        counts: json!({ "read": report.read, "created": report.created, "updated": 0,
            "unchanged": report.unchanged, "withdrawn": 0, "rejected": rejected.len() }),
        undone_at: None,
        state: String::new(),
    }
}

/// The reason for which the transaction of an import was rolled back.
enum NotImported {
    /// Another import has stored one of the rows.
    Stale,
    Failed(DbError),
}

impl From<DbError> for NotImported {
    fn from(error: DbError) -> Self {
        Self::Failed(error)
    }
}

impl From<sea_orm::DbErr> for NotImported {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Failed(error.into())
    }
}

/// Stores the new leads and the import; `None` where another import has stored one of them meanwhile.
async fn store(
    app: &Context,
    judged: JudgedRows,
    report: &ImportReport,
    options: &ImportOptions,
) -> Result<Option<String>> {
    let (now, import) = (app.clock.now(), kept(report, options));
    let id = import.id.clone();
    let new: Vec<_> = judged.new.into_iter().map(|lead| lead.rows(app, now)).collect();
    let done = app
        .db
        .write::<_, NotImported, _>(move |tx| {
            Box::pin(async move {
                // Commands act as no account.
                let by = db::account::find(tx, &import.by).await?.map(|account| account.id);
                if !db::sheet_lead::add(tx, &new, (&import.id, by.as_deref()), now).await? {
                    return Err(NotImported::Stale);
                }
                db::import::keep(tx, db::import::row(&import, now), Vec::new()).await?;
                let detail = format!("{} created {}", import.id, new.len());
                Ok(db::requirement::audit(tx, &import.by, AuditAction::Import, KIND, &detail, now).await?)
            })
        })
        .await;
    match done {
        Ok(()) => Ok(Some(id)),
        Err(NotImported::Stale) => Ok(None),
        Err(NotImported::Failed(error)) => Err(error.into()),
    }
}

/// Takes an import back as a whole, of leads or of listings.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; nothing was undone. A refusal is a report.
pub async fn undo(app: &Context, id: &str, by: &str) -> Result<UndoReport> {
    let import = match app.db.import(id).await? {
        Some(import) if import.kind == KIND => import,
        _ => return imports::undo(app, id, by).await,
    };
    if let Some(refused) = imports::not_done(&import) {
        return Ok(refused);
    }
    let (own, by, now) = (import.id.clone(), by.to_owned(), app.clock.now());
    let done = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let taken = db::sheet_lead::take_back(tx, &own).await?;
                if taken.is_ok() {
                    if !db::import::mark_undone(tx, &own, &by, now).await? {
                        return Ok(Ok(0));
                    }
                    db::requirement::audit(tx, &by, AuditAction::ImportUndo, KIND, &own, now).await?;
                }
                Ok(taken)
            })
        })
        .await?;
    Ok(match done {
        Ok(removed) => UndoReport { import: import.id, removed, ..UndoReport::default() },
        Err(worked) => imports::undo_refused(&import.id, "leads_worked", worked),
    })
}
