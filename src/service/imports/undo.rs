//! Imports taken back as a whole.

use std::collections::{HashMap, HashSet};

use domain::kind::Kind;
use domain::record::{Policies, Record};
use domain::time::Moment;
use domain::word::Word as _;
use sea_orm::DatabaseTransaction;
use serde::Serialize;

use super::report::refusal_text;
use super::stages::Stages;
use super::storing::{MOST_AT_ONCE, MOST_JUDGED, NotStored, off_thread, unless_stale};
use crate::db;
use crate::db::evidence::StagedCheck;
use crate::db::history::FormerRecord;
use crate::db::import::{AlteredRow, AlteredRows, Import, StoredTable, digest};
use crate::db::staged::StagedRow;
use crate::db::words::{AuditAction, Changed, EditCause};
use crate::error::{self, Error};
use crate::service::context::Context;
use crate::service::inventory::refresh;

/// Counts of an undone import, or its refusal.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UndoReport {
    /// The import's id.
    pub import: String,
    /// Rows that are as they were before.
    pub restored: usize,
    /// Rows that the import had created and that are gone.
    pub removed: usize,
    /// Why nothing was undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<UndoRefusal>,
}

/// Why an import is not undone.
#[derive(Clone, Debug, Serialize)]
pub struct UndoRefusal {
    /// The stable code.
    pub code: &'static str,
    /// The rows that a later change touched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
    /// The sentence, Chinese and English.
    pub reason: String,
}

/// Takes an import back as a whole: each row as it was before.
///
/// # Errors
/// [`crate::error::Error`]: `Unavailable`, `Full` or `Internal`; nothing was undone. A refusal is a report.
pub async fn undo(app: &Context, id: &str, by: &str) -> error::Result<UndoReport> {
    for _ in 0..MOST_JUDGED {
        let seq = app.db.listing_seq().await?;
        let Some((import, rows)) = app.db.import_with_rows(id).await? else {
            return Ok(undo_refused(id, "unknown_import", vec![id.to_owned()]));
        };
        if let Some(refused) = not_done(&import) {
            return Ok(refused);
        }
        let judged = match Kind::from_word(&import.kind) {
            Some(kind) => Former { table: kind, import, rows, seq }.take_back(app, by).await?,
            None => Former { table: Policies, import, rows, seq }.take_back(app, by).await?,
        };
        if let Some(report) = judged {
            refresh(app).await?;
            return Ok(report);
        }
    }
    Err(Error::Unavailable("others go on changing the same rows".to_owned()))
}

/// The refusal of an import that there is nothing of to take back.
pub(in crate::service) fn not_done(import: &Import) -> Option<UndoReport> {
    if import.undone_at.is_some() {
        return Some(undo_refused(&import.id, "undone_before", Vec::new()));
    }
    (!import.is_done()).then(|| undo_refused(&import.id, "unfinished_import", Vec::new()))
}

pub(in crate::service) fn undo_refused(id: &str, code: &'static str, ids: Vec<String>) -> UndoReport {
    let reason = refusal_text(code, &[("ids", &ids.join("、"))]);
    UndoReport { import: id.to_owned(), refused: Some(UndoRefusal { code, ids, reason }), ..UndoReport::default() }
}

/// An import with the former records of its rows.
struct Former<T> {
    table: T,
    import: Import,
    rows: AlteredRows,
    /// The number of the last change that was judged.
    seq: i64,
}

/// Former records to store, and ids to remove.
struct Restored<T> {
    before: Vec<Record<T>>,
    created: Vec<String>,
}

impl<T: StoredTable> Former<T> {
    /// Takes the import back; none where a row changed while it was judged.
    async fn take_back(self, app: &Context, by: &str) -> error::Result<Option<UndoReport>> {
        let codes: Vec<String> = self.rows.keys().cloned().collect();
        let present: HashMap<String, String> = app.db.texts(self.table, &codes).await?.into_iter().collect();
        let (former, judged) = off_thread(move || {
            let judged = self.judge(&present);
            (self, judged)
        })
        .await?;
        let restored = match judged {
            Ok(restored) => restored,
            Err(touched) => return Ok(Some(undo_refused(&former.import.id, "changed_since", touched))),
        };
        let report = UndoReport {
            import: former.import.id.clone(),
            restored: restored.before.len(),
            removed: restored.created.len(),
            refused: None,
        };
        Ok(former.store(app, restored, by, codes).await?.map(|_| report))
    }

    /// The records to restore, or the ids of rows that a later change touched.
    fn judge(&self, present: &HashMap<String, String>) -> Result<Restored<T>, Vec<String>> {
        let is_as_left = |row: &AlteredRow| present.get(&row.code).is_some_and(|text| digest(text) == row.after);
        let rows = || self.rows.values();
        let mut touched: Vec<String> = rows().filter(|row| !is_as_left(row)).map(|row| row.code.clone()).collect();
        if !touched.is_empty() {
            touched.sort();
            return Err(touched);
        }
        let created: Vec<String> = rows().filter(|row| row.before.is_none()).map(|row| row.code.clone()).collect();
        let before: Vec<Record<T>> =
            rows().filter_map(|row| serde_json::from_str(row.before.as_deref()?).ok()).collect();
        if before.len() + created.len() < self.rows.len() {
            // A record that another version stored cannot be written back by this one.
            return Err(self.rows.keys().cloned().collect());
        }
        Ok(Restored { before, created })
    }

    async fn store(
        self,
        app: &Context,
        restored: Restored<T>,
        by: &str,
        codes: Vec<String>,
    ) -> error::Result<Option<String>> {
        let (table, now, by) = (self.table, app.clock.now(), by.to_owned());
        let own: HashSet<String> = codes.iter().cloned().collect();
        let is_concerned = move |(changed, code): &(Option<Changed>, String)| match changed {
            Some(Changed::Import) | None => true,
            Some(changed) => *changed == table.changed() && own.contains(code),
        };
        let checked = match table.changed().kind() {
            Some(kind) => app.db.checked_by(kind, &self.import.id).await?,
            None => Vec::new(),
        };
        let is_long = codes.len().max(checked.len()) > MOST_AT_ONCE;
        if is_long && let Some((kind, mut rows)) = table.changed().kind().zip(T::staged(&restored.before)) {
            rows.extend(restored.created.into_iter().map(StagedRow::removing));
            let checks = checked.into_iter().map(StagedCheck::taking_back).collect();
            let stages = Stages { import: self.import, kind, undone_by: Some(by), rows, checks, seq: self.seq };
            return stages.store(app, is_concerned).await;
        }
        let done = app.db.write::<_, NotStored, _>(move |tx| {
            Box::pin(async move { self.write(tx, &restored, &by, (&codes, checked, &is_concerned), now).await })
        });
        unless_stale(done.await)
    }

    async fn write(
        self,
        tx: &DatabaseTransaction,
        restored: &Restored<T>,
        by: &str,
        (codes, checked, is_concerned): (&[String], Vec<String>, &(impl Fn(&(Option<Changed>, String)) -> bool + Sync)),
        now: Moment,
    ) -> Result<String, NotStored> {
        let (table, import) = (self.table, self.import);
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        if let Some(seq) = db::listing::log(tx, table.changed(), &codes, now).await?
            && db::staged::changes_between(tx, self.seq, seq).await?.iter().any(is_concerned)
        {
            return Err(NotStored::Stale);
        }
        if let Changed::Listing(kind) = table.changed() {
            let ids: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
            let present = table.texts(tx, &ids).await?.into_iter();
            let former = present.map(|(code, text)| FormerRecord { code, before: Some(text) });
            db::history::keep(tx, kind, EditCause::Undo, by, former.collect(), now).await?;
        }
        table.put(tx, &restored.before.iter().collect::<Vec<_>>(), now).await?;
        table.remove(tx, &restored.created, now).await?;
        if !db::import::mark_undone(tx, &import.id, by, now).await? {
            return Err(NotStored::Stale);
        }
        if let Some(kind) = table.changed().kind() {
            db::evidence::take_back(tx, kind, &import.id, checked).await?;
        }
        db::requirement::audit(tx, by, AuditAction::ImportUndo, &import.kind, &import.id, now).await?;
        Ok(import.id)
    }
}
