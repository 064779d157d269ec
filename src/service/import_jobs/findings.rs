//! The choices of a person and the findings of a file, as a job stores them.

use std::collections::HashSet;

use domain::contact::masked_text;
use domain::fault::CellReason;
use domain::import::{ChangeNote, Note};
use domain::lead_sheet::{LeadSheet, SheetKind};
use domain::stored::Stored;
use serde::{Deserialize, Serialize};

use crate::db::import_job::ImportJob;
use crate::db::words::JobState;
use crate::i18n::{Locale, say};
use crate::service::imports::{ImportReport, ReportChange, ReportNote};
use crate::service::lead_sheets::LeadOptions;

/// Remarks and changes of each kind that a job keeps for its page; the workbook of rejected rows has all.
const MOST_KEPT: usize = 1_000;
/// The choice of every sheet with a header.
pub const ALL_SHEETS: &str = "*";

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
    /// Of a file of leads: what holds for rows that are silent.
    pub leads: LeadOptions,
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

impl JobHeader {
    /// Whether a person must say what a column means.
    #[must_use]
    pub fn is_unclear(&self) -> bool {
        let is_open = |cell: &JobColumn| cell.is_repeated || cell.column.is_none() && !cell.is_ignored;
        !self.missing.is_empty() || self.cells.iter().any(is_open)
    }
}

impl JobReport {
    /// Adds what an import or its dry run found.
    pub(super) fn with(self, done: &ImportReport) -> Self {
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

    /// Takes the written words out of the findings of a file of leads, which are kept for a month: the workbook of rejected
    /// rows has them, for a day.
    pub(super) fn without_words(mut self, kind: Option<SheetKind>) -> Self {
        if kind != Some(SheetKind::Leads) {
            return self;
        }
        let is_personal = |name: &str| LeadSheet::PERSONAL.contains(&name);
        for note in self.rejected.iter_mut().chain(&mut self.warnings).filter(|note| is_personal(&note.column)) {
            note.value.clear();
            note.detail.clear();
        }
        for cell in self.headers.iter_mut().flat_map(|header| &mut header.cells) {
            match cell.column.as_deref() {
                Some(column) if is_personal(column) => cell.samples.clear(),
                Some(_) => {}
                None => cell.samples.iter_mut().for_each(|sample| *sample = masked_text(sample)),
            }
        }
        self
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

/// Returns the name of the column of reasons in the workbook of rejected rows; an import leaves it out.
#[must_use]
pub fn reason_column() -> String {
    [Locale::ZhHans, Locale::En].map(|locale| say(locale, "staff.imports.reason_column", &[])).join(" / ")
}
