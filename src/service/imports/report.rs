//! The report of an import (contract §7): counts, and each remark in both languages.

use domain::column::Table;
use domain::fault::CellReason;
use domain::import::{CellChange, ChangeNote, ImportPlan, Note};
use serde::Serialize;

use crate::i18n::{Locale, import_note, say};

/// Most entries of `changes` and of `warnings` in a report.
pub(super) const MOST_TOLD: usize = 1_000;

/// The report of contract §7.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImportReport {
    /// The import's id; none in a dry run and for a refused file.
    pub import: Option<String>,
    /// The row of the (first) header, from 1.
    pub header_row: Option<u32>,
    /// The sheet's name, a list where several were read, none for CSV.
    pub sheet: serde_json::Value,
    /// Rows that hold something.
    pub read: usize,
    /// New records.
    pub created: usize,
    /// Changed records.
    pub updated: usize,
    /// Rows that change nothing.
    pub unchanged: usize,
    /// Cells that refuse their row.
    pub rejected: Vec<ReportNote>,
    /// Remarks on accepted rows, the first thousand.
    pub warnings: Vec<ReportNote>,
    /// Cells that updates alter, the first thousand.
    pub changes: Vec<ReportChange>,
    /// Ids that a complete file lacks.
    pub missing: Vec<String>,
    /// Updated records that were withdrawn, because a complete file lacks them.
    #[serde(skip_serializing_if = "is_zero")]
    pub withdrawn: usize,
    /// Why the whole file was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
    /// Changes to look at before all others, with the reason, the first thousand; of the browser's preview alone.
    #[serde(skip)]
    pub notable: Vec<(ReportChange, ChangeNote)>,
    /// The fingerprint of the plan: the same file over the same inventory has the same.
    #[serde(skip)]
    pub plan: String,
    /// Whether nothing was stored because that was asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A remark on a cell, with its sentence in both languages.
#[derive(Clone, Debug, Serialize)]
pub struct ReportNote {
    /// The sheet; none for CSV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The spreadsheet's row.
    pub row: u32,
    /// The column's name.
    pub column: String,
    /// The cell as shown.
    pub value: String,
    /// The stable code.
    pub code: CellReason,
    /// The sentence, Chinese and English.
    pub reason: String,
    /// The arguments of the sentence.
    #[serde(skip)]
    pub detail: Vec<String>,
}

/// A cell that an update alters.
#[derive(Clone, Debug, Serialize)]
pub struct ReportChange {
    /// The sheet; none for CSV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The spreadsheet's row; 0 for a row that a complete file lacks.
    pub row: u32,
    /// The listing's id.
    pub id: String,
    /// The column's name.
    pub column: &'static str,
    /// The stored cell.
    pub from: String,
    /// The new cell.
    pub to: String,
}

/// Why a file was refused as a whole.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// The stable code.
    pub code: &'static str,
    /// Columns concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Sheets concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    /// The sentence, Chinese and English.
    pub reason: String,
}

impl Refusal {
    pub(in crate::service) fn new(code: &'static str, reason: String) -> Self {
        Self { code, columns: Vec::new(), sheets: Vec::new(), reason }
    }
}

impl ImportReport {
    /// The report of a file that cannot be read as a table.
    #[must_use]
    pub fn unreadable(code: &'static str, reason: String) -> Self {
        Self { refused: Some(Refusal::new(code, reason)), ..Self::default() }
    }

    pub(in crate::service) fn refused(refusal: Refusal) -> Self {
        Self { refused: Some(refusal), ..Self::default() }
    }
}

/// A sentence in both languages.
pub(super) fn both(sentence: impl Fn(Locale) -> String) -> String {
    format!("{} / {}", sentence(Locale::ZhHans), sentence(Locale::En))
}

pub(in crate::service) fn refusal_text(code: &str, args: &[(&str, &str)]) -> String {
    both(|locale| say(locale, &format!("import.refused.{code}"), args))
}

/// Fills a report from a plan.
pub(super) fn report<T: Table>(table: T, plan: &ImportPlan<T>, report: ImportReport) -> ImportReport {
    let mut warnings: Vec<&Note> = plan.warnings.iter().collect();
    if warnings.len() > MOST_TOLD {
        // Words that are held back wait for somebody; conversions do not.
        warnings.sort_by_key(|note| note.code != CellReason::PromiseHeld);
    }
    let notable = plan.changes.iter().filter_map(|change| Some((changed(change), change.note(table)?)));
    ImportReport {
        notable: notable.take(MOST_TOLD).collect(),
        created: plan.created(),
        updated: plan.updated(),
        unchanged: plan.unchanged,
        rejected: plan.rejected.iter().map(told).collect(),
        warnings: warnings.into_iter().take(MOST_TOLD).map(told).collect(),
        changes: plan.changes.iter().take(MOST_TOLD).map(changed).collect(),
        missing: plan.missing.clone(),
        withdrawn: plan.withdrawn,
        ..report
    }
}

/// Longest value that a report repeats, in characters.
const LONGEST_VALUE: usize = 200;

/// Makes a remark of the settling one of the report.
#[must_use]
pub fn told(note: &Note) -> ReportNote {
    let mut value: String = note.value.chars().take(LONGEST_VALUE).collect();
    if value.len() < note.value.len() {
        value.push('…');
    }
    let note = Note { value, ..note.clone() };
    ReportNote {
        reason: both(|locale| import_note(locale, &note)),
        sheet: note.sheet,
        row: note.row,
        column: note.column,
        value: note.value,
        code: note.code,
        detail: note.detail,
    }
}

fn changed(change: &CellChange) -> ReportChange {
    ReportChange {
        sheet: change.sheet.clone(),
        row: change.row,
        id: change.id.clone(),
        column: change.column,
        from: change.from.clone(),
        to: change.to.clone(),
    }
}
