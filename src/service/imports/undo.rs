//! Imports taken back as a whole.

use std::collections::HashMap;

use domain::kind::Kind;
use domain::record::{Policies, Record};
use domain::time::Moment;
use domain::word::Word as _;
use sea_orm::DatabaseTransaction;
use serde::Serialize;

use super::IMPORT_LIMIT;
use super::report::refusal_text;
use crate::db::import::{AlteredRow, Import, StoredTable, digest};
use crate::db::words::AuditAction;
use crate::db::{self, DbError};
use crate::error;
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
    let (now, id, by) = (app.clock.now(), id.to_owned(), by.to_owned());
    let report = app
        .db
        .write_within::<_, DbError, _>(IMPORT_LIMIT, move |tx| {
            Box::pin(async move { Ok(take_back(tx, &id, &by, now).await?) })
        })
        .await?;
    refresh(app).await?;
    Ok(report)
}

async fn take_back(tx: &DatabaseTransaction, id: &str, by: &str, now: Moment) -> Result<UndoReport, sea_orm::DbErr> {
    let Some((import, rows)) = db::import::find(tx, id).await? else {
        return Ok(undo_refused(id, "unknown_import", vec![id.to_owned()]));
    };
    if import.undone_at.is_some() {
        return Ok(undo_refused(id, "undone_before", Vec::new()));
    }
    match Kind::from_word(&import.kind) {
        Some(kind) => restore(tx, kind, &import, rows, by, now).await,
        None => restore(tx, Policies, &import, rows, by, now).await,
    }
}

fn undo_refused(id: &str, code: &'static str, ids: Vec<String>) -> UndoReport {
    let reason = refusal_text(code, &[("ids", &ids.join("、"))]);
    UndoReport { import: id.to_owned(), refused: Some(UndoRefusal { code, ids, reason }), ..UndoReport::default() }
}

async fn restore<T: StoredTable>(
    tx: &DatabaseTransaction,
    table: T,
    import: &Import,
    rows: HashMap<String, AlteredRow>,
    by: &str,
    now: Moment,
) -> Result<UndoReport, sea_orm::DbErr> {
    let codes: Vec<String> = rows.keys().cloned().collect();
    let present: HashMap<String, String> = table.texts(tx, &codes).await?.into_iter().collect();
    let is_as_left = |row: &AlteredRow| present.get(&row.code).is_some_and(|text| digest(text) == row.after);
    let mut touched: Vec<String> = rows.values().filter(|row| !is_as_left(row)).map(|row| row.code.clone()).collect();
    if !touched.is_empty() {
        touched.sort();
        return Ok(undo_refused(&import.id, "changed_since", touched));
    }
    let created: Vec<String> = rows.values().filter(|row| row.before.is_none()).map(|row| row.code.clone()).collect();
    let before: Vec<Record<T>> =
        rows.values().filter_map(|row| serde_json::from_str(row.before.as_deref()?).ok()).collect();
    if before.len() + created.len() < rows.len() {
        // A record that another version stored cannot be written back by this one.
        return Ok(undo_refused(&import.id, "changed_since", codes));
    }
    table.put(tx, &before.iter().collect::<Vec<_>>(), now).await?;
    table.remove(tx, &created).await?;
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    db::listing::log(tx, table.changed(), &codes, now).await?;
    db::import::mark_undone(tx, &import.id, by, now).await?;
    db::requirement::audit(tx, by, AuditAction::ImportUndo, &import.kind, &import.id, now).await?;
    Ok(UndoReport { import: import.id.clone(), restored: before.len(), removed: created.len(), refused: None })
}
