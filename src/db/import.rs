//! Imports: the stored records of a table, and each import with the former record of each row that it altered.

use std::collections::HashMap;

use domain::column::Table;
use domain::kind::Kind;
use domain::record::{Policies, Record};
use domain::time::Moment;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::entity::{import, import_row, listing, policy};
use super::words::Changed;
use super::{Db, DbError, listing as listings, policy as policies};
use crate::ids;

/// Rows per statement: SQLite takes at most 32,766 bound values per statement.
const CHUNK: usize = 500;

/// A table whose records are stored as JSON by their ids.
#[async_trait::async_trait]
pub trait StoredTable: Table + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Returns the table's name in the change log.
    fn changed(self) -> Changed;

    /// Returns the id of every row.
    async fn codes(self, tx: &DatabaseTransaction) -> Result<Vec<String>, DbErr>;

    /// Returns the ids of a park's rows; none for a table without parks.
    async fn codes_of_park(self, tx: &DatabaseTransaction, park: &str) -> Result<Vec<String>, DbErr>;

    /// Returns ids and JSON of some rows.
    async fn texts(self, tx: &DatabaseTransaction, codes: &[String]) -> Result<Vec<(String, String)>, DbErr>;

    /// Inserts or replaces rows.
    async fn put(self, tx: &DatabaseTransaction, records: &[&Record<Self>], now: Moment) -> Result<(), DbErr>;

    /// Deletes rows: only an import that is undone takes back what it created.
    async fn remove(self, tx: &DatabaseTransaction, codes: &[String]) -> Result<(), DbErr>;
}

#[async_trait::async_trait]
impl StoredTable for Kind {
    fn changed(self) -> Changed {
        Changed::Listing(self)
    }

    async fn codes(self, tx: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
        let rows = listing::Entity::find().filter(listing::Column::Kind.eq(self.word()));
        rows.select_only().column(listing::Column::Code).into_tuple().all(tx).await
    }

    async fn codes_of_park(self, tx: &DatabaseTransaction, park: &str) -> Result<Vec<String>, DbErr> {
        let of_park = match self {
            Self::Park => listing::Column::Code.eq(park),
            Self::Plot | Self::Space => listing::Column::ParkCode.eq(park),
        };
        let rows = listing::Entity::find().filter(listing::Column::Kind.eq(self.word())).filter(of_park);
        rows.select_only().column(listing::Column::Code).into_tuple().all(tx).await
    }

    async fn texts(self, tx: &DatabaseTransaction, codes: &[String]) -> Result<Vec<(String, String)>, DbErr> {
        let mut texts = Vec::with_capacity(codes.len());
        for chunk in codes.chunks(CHUNK) {
            let of_kind = listing::Entity::find().filter(listing::Column::Kind.eq(self.word()));
            let rows = of_kind.filter(listing::Column::Code.is_in(chunk)).select_only();
            let rows = rows.column(listing::Column::Code).column(listing::Column::Record);
            texts.extend(rows.into_tuple::<(String, String)>().all(tx).await?);
        }
        Ok(texts)
    }

    async fn put(self, tx: &DatabaseTransaction, records: &[&Record<Self>], now: Moment) -> Result<(), DbErr> {
        for chunk in records.chunks(CHUNK) {
            listings::put(tx, self, chunk, now).await?;
        }
        Ok(())
    }

    async fn remove(self, tx: &DatabaseTransaction, codes: &[String]) -> Result<(), DbErr> {
        for chunk in codes.chunks(CHUNK) {
            let of_kind = listing::Entity::delete_many().filter(listing::Column::Kind.eq(self.word()));
            of_kind.filter(listing::Column::Code.is_in(chunk)).exec(tx).await?;
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl StoredTable for Policies {
    fn changed(self) -> Changed {
        Changed::Policy
    }

    async fn codes(self, tx: &DatabaseTransaction) -> Result<Vec<String>, DbErr> {
        policy::Entity::find().select_only().column(policy::Column::Code).into_tuple().all(tx).await
    }

    async fn codes_of_park(self, _: &DatabaseTransaction, _: &str) -> Result<Vec<String>, DbErr> {
        Ok(Vec::new())
    }

    async fn texts(self, tx: &DatabaseTransaction, codes: &[String]) -> Result<Vec<(String, String)>, DbErr> {
        let mut texts = Vec::with_capacity(codes.len());
        for chunk in codes.chunks(CHUNK) {
            let rows = policy::Entity::find().filter(policy::Column::Code.is_in(chunk)).select_only();
            let rows = rows.column(policy::Column::Code).column(policy::Column::Record);
            texts.extend(rows.into_tuple::<(String, String)>().all(tx).await?);
        }
        Ok(texts)
    }

    async fn put(self, tx: &DatabaseTransaction, records: &[&Record<Self>], now: Moment) -> Result<(), DbErr> {
        policies::put(tx, records, now).await
    }

    async fn remove(self, tx: &DatabaseTransaction, codes: &[String]) -> Result<(), DbErr> {
        for chunk in codes.chunks(CHUNK) {
            policy::Entity::delete_many().filter(policy::Column::Code.is_in(chunk)).exec(tx).await?;
        }
        Ok(())
    }
}

/// An import as stored.
#[derive(Clone, Debug, Serialize)]
pub struct Import {
    /// The id, for `import undo`.
    pub id: String,
    /// The table: a kind of listing, or `policy`.
    pub kind: String,
    /// The file's name.
    pub file: String,
    /// SHA-256 of the file's bytes.
    pub digest: String,
    /// The one park that the file was for.
    pub park: Option<String>,
    /// The account, or `operator` for the command line.
    pub by: String,
    /// When it was stored.
    pub at: String,
    /// Counts: read, created, updated, unchanged, rejected.
    pub counts: serde_json::Value,
    /// When it was undone.
    pub undone_at: Option<String>,
}

fn stored(row: import::Model) -> Import {
    Import {
        counts: serde_json::from_str(&row.counts).unwrap_or_default(),
        at: Moment(row.at).rfc3339(),
        undone_at: row.undone_at.map(|at| Moment(at).rfc3339()),
        id: row.id,
        kind: row.kind,
        file: row.file,
        digest: row.digest,
        park: row.park_code,
        by: row.actor,
    }
}

/// A row that an import altered.
#[derive(Clone, Debug)]
pub(crate) struct AlteredRow {
    pub(crate) code: String,
    /// The JSON before; none where the import created the row.
    pub(crate) before: Option<String>,
    /// SHA-256 of the JSON after.
    pub(crate) after: String,
}

/// Returns the digest by which a later change of a row is noticed.
pub(crate) fn digest(text: &str) -> String {
    ids::sha256_hex(text.as_bytes())
}

impl Db {
    /// Returns the imports, newest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn imports(&self) -> Result<Vec<Import>, DbError> {
        let rows = import::Entity::find().order_by_desc(import::Column::At).order_by_desc(import::Column::Id);
        Ok(rows.all(self.read_whole()).await?.into_iter().map(stored).collect())
    }
}

/// Stores an import with the rows that it altered.
pub(crate) async fn keep(
    tx: &DatabaseTransaction,
    import: import::ActiveModel,
    rows: Vec<AlteredRow>,
) -> Result<(), DbErr> {
    let id = import.id.clone().unwrap();
    import::Entity::insert(import).exec_without_returning(tx).await?;
    for chunk in rows.chunks(CHUNK) {
        let rows = chunk.iter().map(|row| import_row::ActiveModel {
            import_id: Set(id.clone()),
            code: Set(row.code.clone()),
            before: Set(row.before.clone()),
            after: Set(row.after.clone()),
        });
        import_row::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Returns the row of a new import.
pub(crate) fn row(import: &Import, at: Moment) -> import::ActiveModel {
    import::ActiveModel {
        id: Set(import.id.clone()),
        kind: Set(import.kind.clone()),
        file: Set(import.file.clone()),
        digest: Set(import.digest.clone()),
        park_code: Set(import.park.clone()),
        actor: Set(import.by.clone()),
        at: Set(at.0),
        counts: Set(import.counts.to_string()),
        undone_at: Set(None),
        undone_by: Set(None),
    }
}

/// Returns an import with the rows that it altered; `None` for an unknown id.
pub(crate) async fn find(
    tx: &DatabaseTransaction,
    id: &str,
) -> Result<Option<(Import, HashMap<String, AlteredRow>)>, DbErr> {
    let Some(import) = import::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    let rows = import_row::Entity::find().filter(import_row::Column::ImportId.eq(id)).all(tx).await?;
    let altered = |row: import_row::Model| AlteredRow { code: row.code, before: row.before, after: row.after };
    Ok(Some((stored(import), rows.into_iter().map(|row| (row.code.clone(), altered(row))).collect())))
}

/// Marks an import as undone.
pub(crate) async fn mark_undone(tx: &DatabaseTransaction, id: &str, by: &str, now: Moment) -> Result<(), DbErr> {
    let undone = import::ActiveModel {
        id: Set(id.to_owned()),
        undone_at: Set(Some(now.0)),
        undone_by: Set(Some(by.to_owned())),
        ..Default::default()
    };
    undone.update(tx).await?;
    Ok(())
}
