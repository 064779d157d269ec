//! Listings and policies, and the log of their changes that every process follows.

use std::collections::HashMap;

use domain::listing::Kind;
use domain::record::Record;
use domain::requirement::Word as _;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::{clock, listing, listing_change};
use super::{Db, DbError};

/// One change in the log.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its number; rises with every commit.
    pub seq: i64,
    /// What changed; none: a policy.
    pub kind: Option<Kind>,
    /// Its id.
    pub code: String,
}

/// What storing records came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// New ones.
    pub created: usize,
    /// Changed ones.
    pub updated: usize,
    /// Ones that were already so.
    pub unchanged: usize,
}

/// How the log calls a policy.
pub(crate) const POLICY: &str = "policy";
const CLOCK: &str = "listing";
/// SQLite takes at most 32,766 bound values a statement.
const CHUNK: usize = 500;

fn record_of(model: &listing::Model) -> Option<Record> {
    serde_json::from_str(&model.record).ok()
}

impl Db {
    /// Every listing's record, and the number of the last change that they hold.
    ///
    /// # Errors
    /// The database's.
    pub async fn all_listings(&self) -> Result<(Vec<Record>, i64), DbError> {
        // The number first: a change that lands in between is then read twice, never missed.
        let seq = self.listing_seq().await?;
        let rows = listing::Entity::find().order_by_asc(listing::Column::Code).all(self.read_whole()).await?;
        Ok((rows.iter().filter_map(record_of).collect(), seq))
    }

    /// The number of the last change.
    ///
    /// # Errors
    /// The database's.
    pub async fn listing_seq(&self) -> Result<i64, DbError> {
        let row = clock::Entity::find_by_id(CLOCK).one(self.read()).await?;
        Ok(row.map_or(0, |row| row.value))
    }

    /// The changes after `seq`, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn listing_changes(&self, seq: i64) -> Result<Vec<Change>, DbError> {
        let rows = listing_change::Entity::find()
            .filter(listing_change::Column::Seq.gt(seq))
            .order_by_asc(listing_change::Column::Seq)
            .all(self.read_whole())
            .await?;
        let change =
            |row: listing_change::Model| Change { seq: row.seq, kind: Kind::from_word(&row.kind), code: row.code };
        Ok(rows.into_iter().map(change).collect())
    }

    /// One listing's record as it stands.
    ///
    /// # Errors
    /// The database's.
    pub async fn listing(&self, kind: Kind, code: &str) -> Result<Option<Record>, DbError> {
        let row = listing::Entity::find_by_id((kind.word().to_owned(), code.to_owned())).one(self.read()).await?;
        Ok(row.as_ref().and_then(record_of))
    }

    /// The records of one kind, in the order of their ids.
    ///
    /// # Errors
    /// The database's.
    pub async fn listings_of(&self, kind: Kind) -> Result<Vec<Record>, DbError> {
        let rows = listing::Entity::find()
            .filter(listing::Column::Kind.eq(kind.word()))
            .order_by_asc(listing::Column::Code)
            .all(self.read_whole())
            .await?;
        Ok(rows.iter().filter_map(record_of).collect())
    }
}

/// Stores records by their ids: new ones are added, changed ones replaced, equal ones left; every change is logged. All
/// records are of one kind.
pub(crate) async fn store(
    tx: &DatabaseTransaction,
    kind: Kind,
    records: &[Record],
    now: Moment,
) -> Result<Stored, DbErr> {
    let existing = existing(tx, kind, records).await?;
    let mut stored = Stored::default();
    let mut changed: Vec<&Record> = Vec::new();
    for record in records {
        match existing.get(record.id()) {
            Some(old) if old == record => stored.unchanged += 1,
            Some(_) => {
                stored.updated += 1;
                changed.push(record);
            }
            None => {
                stored.created += 1;
                changed.push(record);
            }
        }
    }
    for chunk in changed.chunks(CHUNK) {
        put(tx, kind, chunk, now).await?;
    }
    failpoint!("import.rows_stored");
    let codes: Vec<&str> = changed.iter().map(|record| record.id()).collect();
    log(tx, kind.word(), &codes, now).await?;
    failpoint!("import.logged");
    Ok(stored)
}

async fn existing(tx: &DatabaseTransaction, kind: Kind, records: &[Record]) -> Result<HashMap<String, Record>, DbErr> {
    let mut existing = HashMap::new();
    for chunk in records.chunks(CHUNK) {
        let rows = listing::Entity::find()
            .filter(listing::Column::Kind.eq(kind.word()))
            .filter(listing::Column::Code.is_in(chunk.iter().map(Record::id)))
            .all(tx)
            .await?;
        existing.extend(rows.into_iter().filter_map(|row| Some((row.code.clone(), record_of(&row)?))));
    }
    Ok(existing)
}

async fn put(tx: &DatabaseTransaction, kind: Kind, records: &[&Record], now: Moment) -> Result<(), DbErr> {
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

/// Logs changes, so that every process follows them.
pub(crate) async fn log(tx: &DatabaseTransaction, kind: &str, codes: &[&str], now: Moment) -> Result<(), DbErr> {
    if codes.is_empty() {
        return Ok(());
    }
    let count = codes.len() as i64;
    let first = advance(tx, count).await? - count + 1;
    let rows: Vec<_> = codes
        .iter()
        .zip(first..)
        .map(|(code, seq)| listing_change::ActiveModel {
            seq: Set(seq),
            kind: Set(kind.to_owned()),
            code: Set((*code).to_owned()),
            at: Set(now.0),
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        listing_change::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Takes the next `count` numbers. The row lock is held to the commit, so numbers become visible in their order.
async fn advance(tx: &DatabaseTransaction, count: i64) -> Result<i64, DbErr> {
    let row = clock::ActiveModel { name: Set(CLOCK.to_owned()), value: Set(count) };
    let add = OnConflict::column(clock::Column::Name)
        .value(clock::Column::Value, Expr::col((clock::Entity, clock::Column::Value)).add(count))
        .to_owned();
    clock::Entity::insert(row).on_conflict(add).exec_without_returning(tx).await?;
    let row = clock::Entity::find_by_id(CLOCK).one(tx).await?;
    Ok(row.map_or(count, |row| row.value))
}
