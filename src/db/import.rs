//! Imports: the stored records of a table, and each import with the former record of each row that it altered.

use std::collections::{HashMap, HashSet};

use domain::column::Table;
use domain::kind::Kind;
use domain::record::{Policies, Record};
use domain::time::Moment;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::entity::{import, import_row, listing, listing_now, policy};
use super::staged::StagedRow;
pub(crate) use super::staged::digest;
use super::words::{Changed, IMPORT_STATE};
use super::{Db, DbError, listing as listings, policy as policies};

/// Rows per statement: SQLite takes at most 32,766 bound values per statement.
const CHUNK: usize = 500;

/// A table whose records are stored as JSON by their ids.
#[async_trait::async_trait]
pub trait StoredTable: Table + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Returns the table's name in the change log.
    fn changed(self) -> Changed;

    /// Returns the id of every row.
    async fn codes<C: ConnectionTrait>(self, connection: &C) -> Result<Vec<String>, DbErr>;

    /// Returns the ids of a park's rows; none for a table without parks.
    async fn codes_of_park<C: ConnectionTrait>(self, connection: &C, park: &str) -> Result<Vec<String>, DbErr>;

    /// Returns ids and JSON of some rows.
    async fn texts<C: ConnectionTrait>(self, connection: &C, codes: &[String]) -> Result<Vec<(String, String)>, DbErr>;

    /// Returns the rows to stage for records; none for a table that is stored in one transaction always.
    #[doc(hidden)]
    fn staged(records: &[Record<Self>]) -> Option<Vec<StagedRow>>;

    /// Inserts or replaces rows.
    async fn put(self, tx: &DatabaseTransaction, records: &[&Record<Self>], now: Moment) -> Result<(), DbErr>;

    /// Deletes rows: only an import that is undone takes back what it created.
    async fn remove(self, tx: &DatabaseTransaction, codes: &[String], now: Moment) -> Result<(), DbErr>;
}

#[async_trait::async_trait]
impl StoredTable for Kind {
    fn changed(self) -> Changed {
        Changed::Listing(self)
    }

    async fn codes<C: ConnectionTrait>(self, connection: &C) -> Result<Vec<String>, DbErr> {
        let rows = listing_now::Entity::find().filter(listing_now::Column::Kind.eq(self.word()));
        rows.select_only().column(listing_now::Column::Code).into_tuple().all(connection).await
    }

    async fn codes_of_park<C: ConnectionTrait>(self, connection: &C, park: &str) -> Result<Vec<String>, DbErr> {
        let of_park = match self {
            Self::Park => listing_now::Column::Code.eq(park),
            Self::Plot | Self::Space => listing_now::Column::ParkCode.eq(park),
        };
        let rows = listing_now::Entity::find().filter(listing_now::Column::Kind.eq(self.word())).filter(of_park);
        rows.select_only().column(listing_now::Column::Code).into_tuple().all(connection).await
    }

    async fn texts<C: ConnectionTrait>(self, connection: &C, codes: &[String]) -> Result<Vec<(String, String)>, DbErr> {
        let mut texts = Vec::with_capacity(codes.len());
        for chunk in codes.chunks(CHUNK) {
            let of_kind = listing_now::Entity::find().filter(listing_now::Column::Kind.eq(self.word()));
            let rows = of_kind.filter(listing_now::Column::Code.is_in(chunk)).select_only();
            let rows = rows.column(listing_now::Column::Code).column(listing_now::Column::Record);
            texts.extend(rows.into_tuple::<(String, String)>().all(connection).await?);
        }
        Ok(texts)
    }

    fn staged(records: &[Record]) -> Option<Vec<StagedRow>> {
        Some(records.iter().map(StagedRow::of).collect())
    }

    async fn put(self, tx: &DatabaseTransaction, records: &[&Record<Self>], now: Moment) -> Result<(), DbErr> {
        for chunk in records.chunks(CHUNK) {
            listings::put(tx, self, chunk, now).await?;
        }
        Ok(())
    }

    async fn remove(self, tx: &DatabaseTransaction, codes: &[String], now: Moment) -> Result<(), DbErr> {
        for chunk in codes.chunks(CHUNK) {
            super::staged::apply_pending(tx, self, chunk.iter().map(String::as_str), now).await?;
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

    async fn codes<C: ConnectionTrait>(self, connection: &C) -> Result<Vec<String>, DbErr> {
        policy::Entity::find().select_only().column(policy::Column::Code).into_tuple().all(connection).await
    }

    async fn codes_of_park<C: ConnectionTrait>(self, _: &C, _: &str) -> Result<Vec<String>, DbErr> {
        Ok(Vec::new())
    }

    fn staged(_: &[Record<Self>]) -> Option<Vec<StagedRow>> {
        None
    }

    async fn texts<C: ConnectionTrait>(self, connection: &C, codes: &[String]) -> Result<Vec<(String, String)>, DbErr> {
        let mut texts = Vec::with_capacity(codes.len());
        for chunk in codes.chunks(CHUNK) {
            let rows = policy::Entity::find().filter(policy::Column::Code.is_in(chunk)).select_only();
            let rows = rows.column(policy::Column::Code).column(policy::Column::Record);
            texts.extend(rows.into_tuple::<(String, String)>().all(connection).await?);
        }
        Ok(texts)
    }

    async fn put(self, tx: &DatabaseTransaction, records: &[&Record<Self>], now: Moment) -> Result<(), DbErr> {
        policies::put(tx, records, now).await
    }

    async fn remove(self, tx: &DatabaseTransaction, codes: &[String], _: Moment) -> Result<(), DbErr> {
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
    /// `done`, `undone`, or how far it is: `staging`, `applying`, `undo_staging`, `undoing`, `interrupted`.
    pub state: String,
}

impl Import {
    /// Returns whether it is done and was not undone.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.state == DONE
    }

    /// Returns whether it is at work or was interrupted.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.state != DONE && self.state != UNDONE
    }
}

const DONE: &str = "done";
const UNDONE: &str = "undone";

fn stored(row: import::Model) -> Import {
    let state = match (&row.state, row.undone_at) {
        (Some(state), _) => IMPORT_STATE.read(&row.id, state).word().to_owned(),
        (None, None) => DONE.to_owned(),
        (None, Some(_)) => UNDONE.to_owned(),
    };
    Import {
        state,
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

impl Db {
    /// Returns the imports, newest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn imports(&self) -> Result<Vec<Import>, DbError> {
        let rows = import::Entity::find().order_by_desc(import::Column::At).order_by_desc(import::Column::Id);
        Ok(rows.all(self.read_whole()).await?.into_iter().map(stored).collect())
    }

    /// Returns the rows by which a file is judged: those whose ids it means, and where it is complete all of its park.
    pub(crate) async fn basis<T: StoredTable>(
        &self,
        table: T,
        is_meant: impl Fn(&str) -> bool + Send,
        park: Option<&str>,
    ) -> Result<Basis, DbError> {
        // The number first: a later change is then seen, and the file judged again.
        let seq = self.listing_seq().await?;
        let whole = self.read_whole();
        let mut codes: Vec<String> = table.codes(whole).await?;
        codes.retain(|code| is_meant(code));
        if let Some(park) = park {
            codes.extend(table.codes_of_park(whole, park).await?);
            codes.sort();
            codes.dedup();
        }
        let texts = table.texts(whole, &codes).await?.into_iter().collect();
        Ok(Basis { seq, texts, parks: Kind::Park.codes(whole).await?.into_iter().collect() })
    }

    /// Returns ids and JSON of some rows of a table.
    pub(crate) async fn texts<T: StoredTable>(
        &self,
        table: T,
        codes: &[String],
    ) -> Result<Vec<(String, String)>, DbError> {
        Ok(table.texts(self.read_whole(), codes).await?)
    }

    /// Returns an import with the rows that it altered; `None` for an unknown id.
    pub(crate) async fn import_with_rows(&self, id: &str) -> Result<Option<(Import, AlteredRows)>, DbError> {
        Ok(find(self.read_whole(), id).await?)
    }
}

/// Rows that an import altered, by id.
pub(crate) type AlteredRows = HashMap<String, AlteredRow>;

/// Stored rows by which a file is judged.
#[derive(Debug)]
pub(crate) struct Basis {
    /// The number of the last change that they include.
    pub(crate) seq: i64,
    /// JSON by id.
    pub(crate) texts: HashMap<String, String>,
    /// The codes of all parks.
    pub(crate) parks: HashSet<String>,
}

impl Db {
    /// Returns an import.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn import(&self, id: &str) -> Result<Option<Import>, DbError> {
        Ok(import::Entity::find_by_id(id).one(self.read()).await?.map(stored))
    }
}

/// Stores an import with the rows that it altered.
pub(crate) async fn keep(
    tx: &DatabaseTransaction,
    import: import::ActiveModel,
    rows: Vec<AlteredRow>,
) -> Result<(), DbErr> {
    let id = import.id.clone().unwrap();
    insert(tx, import).await?;
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
        state: Set(None),
        owner: Set(None),
        lease_until: Set(None),
    }
}

/// Inserts the row of an import whose own rows follow.
pub(crate) async fn insert(tx: &DatabaseTransaction, import: import::ActiveModel) -> Result<(), DbErr> {
    import::Entity::insert(import).exec_without_returning(tx).await.map(drop)
}

/// Returns an import with the rows that it altered; `None` for an unknown id.
pub(crate) async fn find<C: ConnectionTrait>(connection: &C, id: &str) -> Result<Option<(Import, AlteredRows)>, DbErr> {
    let Some(import) = import::Entity::find_by_id(id).one(connection).await? else { return Ok(None) };
    let rows = import_row::Entity::find().filter(import_row::Column::ImportId.eq(id)).all(connection).await?;
    let altered = |row: import_row::Model| AlteredRow { code: row.code, before: row.before, after: row.after };
    Ok(Some((stored(import), rows.into_iter().map(|row| (row.code.clone(), altered(row))).collect())))
}

/// Marks an import as undone; false where it was before.
pub(crate) async fn mark_undone(tx: &DatabaseTransaction, id: &str, by: &str, now: Moment) -> Result<bool, DbErr> {
    let undone =
        import::ActiveModel { undone_at: Set(Some(now.0)), undone_by: Set(Some(by.to_owned())), ..Default::default() };
    let not_yet = import::Entity::update_many().set(undone).filter(import::Column::Id.eq(id));
    Ok(not_yet.filter(import::Column::UndoneAt.is_null()).exec(tx).await?.rows_affected == 1)
}
