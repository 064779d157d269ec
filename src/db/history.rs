//! The history of listings: each change with the record before it, from edits, imports and undone imports.

use std::collections::HashMap;

use domain::kind::Kind;
use domain::record::Record;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::entity::{account, import, import_row, listing_edit};
use super::words::{EDIT_CAUSE, EditCause};
use super::{Db, DbError};
use crate::ids;

/// Rows per statement: SQLite takes at most 32,766 bound values per statement.
const CHUNK: usize = 500;
/// Changes of one listing that are shown, the newest.
const MOST_CHANGES: u64 = 200;

/// The record of a listing before a change that is no import.
#[derive(Clone, Debug)]
pub(crate) struct FormerRecord {
    pub(crate) code: String,
    /// The JSON before; none for a new listing.
    pub(crate) before: Option<String>,
}

/// One change of a listing.
#[derive(Clone, Debug)]
pub struct PastChange {
    /// Time of the change.
    pub at: Moment,
    /// Mail address of the account, `operator` for the command line, or its id where there is no such account.
    pub actor: String,
    /// Its cause; none for an import.
    pub cause: Option<Stored<EditCause>>,
    /// Name of the imported file; blank for other causes.
    pub file: String,
    /// The record before; none for a new listing or one that this version cannot read.
    pub before: Option<Record>,
    /// The digest of the record before, see [`super::import::digest`].
    pub digest: Option<String>,
    /// Whether the change created the listing.
    pub is_first: bool,
}

/// Keeps the former records of changed listings; the transaction writes the new ones.
pub(crate) async fn keep(
    tx: &DatabaseTransaction,
    kind: Kind,
    cause: EditCause,
    actor: &str,
    former: Vec<FormerRecord>,
    now: Moment,
) -> Result<(), DbErr> {
    for chunk in former.chunks(CHUNK) {
        let rows = chunk.iter().map(|row| listing_edit::ActiveModel {
            id: Set(ids::row_id()),
            kind: Set(kind.word().to_owned()),
            code: Set(row.code.clone()),
            at: Set(now.0),
            actor: Set(actor.to_owned()),
            cause: Set(cause.word().to_owned()),
            before: Set(row.before.clone()),
        });
        listing_edit::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

impl Db {
    /// Returns the changes of a listing, newest first, at most [`MOST_CHANGES`] of edits and of imports.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn listing_history(&self, kind: Kind, code: &str) -> Result<Vec<PastChange>, DbError> {
        let mut changes = self.listing_past(kind, code).await?;
        let names = self.account_names().await?;
        for change in &mut changes {
            if let Some(email) = names.get(&change.actor) {
                change.actor.clone_from(email);
            }
        }
        Ok(changes)
    }

    /// As [`Db::listing_history`], with the ids of accounts as actors.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn listing_past(&self, kind: Kind, code: &str) -> Result<Vec<PastChange>, DbError> {
        let edits = listing_edit::Entity::find()
            .filter(listing_edit::Column::Kind.eq(kind.word()))
            .filter(listing_edit::Column::Code.eq(code))
            .order_by_desc(listing_edit::Column::At)
            .order_by_desc(listing_edit::Column::Id)
            .limit(MOST_CHANGES);
        let mut changes: Vec<(i64, PastChange)> =
            edits.all(self.read()).await?.into_iter().map(|row| (row.at, edited(row))).collect();
        changes.extend(self.imported(kind, code).await?);
        changes.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        Ok(changes.into_iter().map(|(_, change)| change).collect())
    }

    async fn imported(&self, kind: Kind, code: &str) -> Result<Vec<(i64, PastChange)>, DbError> {
        let rows = import_row::Entity::find().filter(import_row::Column::Code.eq(code)).all(self.read()).await?;
        let ids: Vec<&str> = rows.iter().map(|row| row.import_id.as_str()).collect();
        let imports = import::Entity::find()
            .filter(import::Column::Id.is_in(ids))
            .filter(import::Column::Kind.eq(kind.word()))
            .order_by_desc(import::Column::At)
            .limit(MOST_CHANGES);
        let mut by_import: HashMap<String, Option<String>> =
            rows.into_iter().map(|row| (row.import_id, row.before)).collect();
        let change = |row: import::Model| {
            let before = by_import.remove(&row.id).flatten();
            let change = PastChange { file: row.file, ..change(row.at, row.actor, None, before) };
            (row.at, change)
        };
        Ok(imports.all(self.read()).await?.into_iter().map(change).collect())
    }

    /// Returns the mail address of each account by its id.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn account_names(&self) -> Result<HashMap<String, String>, DbError> {
        let rows = account::Entity::find().select_only().column(account::Column::Id).column(account::Column::Email);
        let rows: Vec<(String, String)> = rows.into_tuple().all(self.read()).await?;
        Ok(rows.into_iter().collect())
    }
}

fn edited(row: listing_edit::Model) -> PastChange {
    let cause = EDIT_CAUSE.read(&row.id, &row.cause);
    change(row.at, row.actor, Some(cause), row.before)
}

fn change(at: i64, actor: String, cause: Option<Stored<EditCause>>, before: Option<String>) -> PastChange {
    PastChange {
        at: Moment(at),
        actor,
        cause,
        file: String::new(),
        digest: before.as_deref().map(super::import::digest),
        is_first: before.is_none(),
        before: before.and_then(|text| serde_json::from_str(&text).ok()),
    }
}
