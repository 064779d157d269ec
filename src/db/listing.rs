//! Listings, and the change log of listings and policies that every process follows.

use std::collections::BTreeMap;

use domain::listing::Kind;
use domain::record::{Record, Table as _};
use domain::requirement::Word as _;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::clock::{LISTING, tick};
use super::entity::{listing, listing_change, listing_now};
use super::words::{CHANGE_KIND, Changed, LISTING_KIND, note};
use super::{Db, DbError, staged};
use crate::cores;

/// An entry of the change log.
#[derive(Clone, Debug)]
pub struct ListingChange {
    /// Sequence number; rises with every commit.
    pub seq: i64,
    /// The table concerned.
    pub kind: Stored<Changed>,
    /// Id of the row concerned.
    pub code: String,
}

/// Kind, code and record of a row.
type ReadRow = (String, String, String);

/// The columns that a record is read from: a row costs by the column.
const READ: [listing_now::Column; 3] =
    [listing_now::Column::Kind, listing_now::Column::Code, listing_now::Column::Record];

/// Rows per insert: SQLite takes at most 32,766 bound values per statement.
const CHUNK: usize = 500;

/// Reads a published record; one whose kind or JSON this version does not understand is noted and not published, since it
/// cannot be judged.
fn record_of(kind: &str, code: &str, text: &str) -> Option<Record> {
    let known = LISTING_KIND.read(code, kind).known()?;
    let record = readable(known, code, text);
    if record.is_none() {
        note("listing", "record", code, kind);
    }
    record
}

/// Parses the record's JSON; `None` where it does not parse or names another kind or id than its row.
pub(super) fn readable(kind: Kind, code: &str, text: &str) -> Option<Record> {
    let record: Record = serde_json::from_str(text).ok()?;
    (record.kind() == kind && record.id() == code).then_some(record)
}

/// Returns what is known of a row that is not understood, in the columns of `kind`.
fn salvaged(kind: Kind, model: &listing_now::Model) -> Record {
    let json: serde_json::Value = serde_json::from_str(&model.record).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let cells = json["cells"].as_object().into_iter().flatten();
    let mut cells: BTreeMap<String, String> = cells.map(|(name, value)| (name.clone(), text(value))).collect();
    cells.insert(kind.columns()[0].name.to_owned(), model.code.clone());
    cells.entry("name".to_owned()).or_insert_with(|| model.name.clone());
    if let Some(park) = &model.park_code {
        cells.entry("park_code".to_owned()).or_insert_with(|| park.clone());
    }
    let record = serde_json::json!({ "kind": kind.word(), "cells": cells });
    serde_json::from_value(record).unwrap_or_else(|_| unreachable!("text cells of a known kind are a record"))
}

/// Returns the kind whose export includes a row of an unknown kind: the one whose id column its record fills, else plots.
fn nearest_kind(model: &listing_now::Model) -> Kind {
    let json: serde_json::Value = serde_json::from_str(&model.record).unwrap_or_default();
    let named = |kind: &Kind| json["cells"].get(kind.columns()[0].name).is_some();
    Kind::ALL.into_iter().find(named).unwrap_or(Kind::Plot)
}

impl Db {
    /// Returns every published record, in no stable order, and the number of the last change that they include.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn all_listings(&self) -> Result<(Vec<Record>, i64), DbError> {
        // The number first: a change committed in between is then read twice, never missed.
        let seq = self.listing_seq().await?;
        let rows = listing_now::Entity::find().select_only().columns(READ).into_tuple().all(self.read_whole()).await?;
        Ok((parsed(rows).await?, seq))
    }

    /// Returns the published records of some listings of one kind.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn listings_by_code(&self, kind: Kind, codes: &[String]) -> Result<Vec<Record>, DbError> {
        let mut records = Vec::with_capacity(codes.len());
        for chunk in codes.chunks(CHUNK) {
            let of_kind = listing_now::Entity::find().filter(listing_now::Column::Kind.eq(kind.word()));
            let rows = of_kind.filter(listing_now::Column::Code.is_in(chunk)).select_only().columns(READ).into_tuple();
            records.extend(parsed(rows.all(self.read_whole()).await?).await?);
        }
        Ok(records)
    }

    /// Returns the number of the last change.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn listing_seq(&self) -> Result<i64, DbError> {
        self.clock_value(LISTING).await
    }

    /// Returns the changes after `seq`, oldest first. Those of an import's rows are left out: the import's own entry, which
    /// comes before them, means all of its rows.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn listing_changes(&self, seq: i64) -> Result<Vec<ListingChange>, DbError> {
        let rows = listing_change::Entity::find()
            .filter(listing_change::Column::Seq.gt(seq))
            .filter(listing_change::Column::ImportId.is_null())
            .order_by_asc(listing_change::Column::Seq)
            .all(self.read_whole())
            .await?;
        let change = |row: listing_change::Model| ListingChange {
            seq: row.seq,
            kind: CHANGE_KIND.read(&row.seq.to_string(), &row.kind),
            code: row.code,
        };
        Ok(rows.into_iter().map(change).collect())
    }

    /// Returns the published record of one listing.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn listing(&self, kind: Kind, code: &str) -> Result<Option<Record>, DbError> {
        let row = listing_now::Entity::find_by_id((kind.word().to_owned(), code.to_owned())).one(self.read()).await?;
        Ok(row.and_then(|row| record_of(&row.kind, &row.code, &row.record)))
    }

    /// Returns the records of one kind for export, by id. A row that is not understood is among them with what is known of
    /// it; one of an unknown kind is exported with [`nearest_kind`].
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn listings_of(&self, kind: Kind) -> Result<Vec<Record>, DbError> {
        let known = Kind::ALL.map(Kind::word);
        let of_kind = listing_now::Column::Kind.eq(kind.word()).or(listing_now::Column::Kind.is_not_in(known));
        let rows = listing_now::Entity::find().filter(of_kind).order_by_asc(listing_now::Column::Code);
        let rows = rows.all(self.read_whole()).await?;
        let here = |row: &listing_now::Model| row.kind == kind.word() || nearest_kind(row) == kind;
        let record = |row: &listing_now::Model| {
            record_of(&row.kind, &row.code, &row.record).unwrap_or_else(|| salvaged(kind, row))
        };
        Ok(rows.iter().filter(|row| here(row)).map(record).collect())
    }
}

/// Parses records on a thread of its own: those of a whole inventory take seconds.
async fn parsed(rows: Vec<ReadRow>) -> Result<Vec<Record>, DbError> {
    let record = |(kind, code, record): &ReadRow| record_of(kind, code, record);
    let parse = move || cores::filter_map(&rows, record);
    tokio::task::spawn_blocking(parse).await.map_err(|panic| DbError::Other(panic.into()))
}

/// Inserts or replaces rows of one kind; at most [`CHUNK`] of them. Rows that an import is about to
/// store there are stored before.
pub(super) async fn put(tx: &DatabaseTransaction, kind: Kind, records: &[&Record], now: Moment) -> Result<(), DbErr> {
    staged::apply_pending(tx, kind, records.iter().map(|record| record.id()), now).await?;
    let rows = records.iter().map(|record| {
        let park = Some(record.get("park_code")).filter(|code| !code.is_empty());
        listing::ActiveModel {
            kind: Set(kind.word().to_owned()),
            code: Set(record.id().to_owned()),
            name: Set(record.get("name").to_owned()),
            park_code: Set(park.map(str::to_owned)),
            record: Set(serde_json::to_string(record).unwrap_or_default()),
            demo: Set(record.yes_no("demo") == Some(true)),
            created_at: Set(now.0),
            updated_at: Set(now.0),
        }
    });
    use listing::Column as C;
    let replace = OnConflict::columns([C::Kind, C::Code])
        .update_columns([C::Name, C::ParkCode, C::Record, C::Demo, C::UpdatedAt])
        .to_owned();
    listing::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// Logs changes, so that every process follows them. Returns the number of the first; none where there is none.
pub(crate) async fn log(
    tx: &DatabaseTransaction,
    table: Changed,
    codes: &[&str],
    now: Moment,
) -> Result<Option<i64>, DbErr> {
    if codes.is_empty() {
        return Ok(None);
    }
    let count = codes.len() as i64;
    let first = tick(tx, LISTING, count).await? - count + 1;
    let rows: Vec<_> = codes
        .iter()
        .zip(first..)
        .map(|(code, seq)| listing_change::ActiveModel {
            seq: Set(seq),
            kind: Set(table.word().to_owned()),
            code: Set((*code).to_owned()),
            at: Set(now.0),
            import_id: Set(None),
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        listing_change::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(Some(first))
}

/// Holds the row lock of the change log until the commit: what the transaction reads of listings after it stays so.
pub(crate) async fn lock(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    tick(tx, LISTING, 0).await.map(drop)
}

/// Returns a listing's record and locks its row until the commit: holds on it are counted one after the other. A row that
/// an import is about to store there is stored before.
pub(super) async fn lock_row(
    tx: &DatabaseTransaction,
    kind: Kind,
    code: &str,
    now: Moment,
) -> Result<Option<Record>, DbErr> {
    staged::apply_pending(tx, kind, std::iter::once(code), now).await?;
    let key = || (kind.word().to_owned(), code.to_owned());
    listing::Entity::find_by_id(key()).lock_exclusive().one(tx).await?;
    Ok(listing_now::Entity::find_by_id(key())
        .one(tx)
        .await?
        .and_then(|row| record_of(&row.kind, &row.code, &row.record)))
}
