//! Positions in the change log of listings, each of a reader that is told of every change once.

use domain::listing::Kind;
use domain::stored::Stored;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::entity::{cursor, listing_change};
use super::words::{CHANGE_KIND, Changed};
use super::{Db, DbError};

/// The position up to which leads were told.
pub(crate) const LEADS: &str = "listing_change";
/// The position up to which alerts were judged.
pub(crate) const ALERTS: &str = "alerts";
/// Changes that are told per transaction.
const MOST: u64 = 1_000;

impl Db {
    /// Returns a position; `None` before the first run.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn followed(&self, name: &str) -> Result<Option<i64>, DbError> {
        Ok(cursor::Entity::find_by_id(name).one(self.read()).await?.map(|row| row.seq))
    }

    /// Returns the listings changed after `from` and up to `seq`, each once, at most [`MOST`] changes, with the number of the
    /// last one; `None` without any.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn changed_listings(&self, from: i64, seq: i64) -> Result<Option<ChangedListings>, DbError> {
        Ok(changed(self.read(), from, seq).await?)
    }
}

/// Listings that changed, and the number of their last change.
pub(crate) type ChangedListings = (Vec<(Kind, String)>, i64);

async fn changed(connection: &impl ConnectionTrait, from: i64, seq: i64) -> Result<Option<ChangedListings>, DbErr> {
    let changes = listing_change::Entity::find()
        .filter(listing_change::Column::Seq.gt(from))
        .filter(listing_change::Column::Seq.lte(seq))
        .order_by_asc(listing_change::Column::Seq)
        .limit(MOST)
        .all(connection)
        .await?;
    let Some(last) = changes.last().map(|change| change.seq) else { return Ok(None) };
    let mut listings: Vec<(Kind, String)> = changes
        .into_iter()
        .filter_map(|row| match CHANGE_KIND.read(&row.seq.to_string(), &row.kind) {
            Stored::Known(Changed::Listing(kind)) => Some((kind, row.code)),
            _ => None,
        })
        .collect();
    listings.sort();
    listings.dedup();
    Ok(Some((listings, last)))
}

/// Returns a position under its row lock; `seq` is where the first run begins.
pub(crate) async fn lock(tx: &DatabaseTransaction, name: &str, seq: i64) -> Result<i64, DbErr> {
    let first = cursor::ActiveModel { name: Set(name.to_owned()), seq: Set(seq) };
    let once = OnConflict::column(cursor::Column::Name).do_nothing().to_owned();
    cursor::Entity::insert(first).on_conflict(once).exec_without_returning(tx).await?;
    let found = cursor::Entity::find_by_id(name).lock_exclusive().one(tx).await?;
    Ok(found.map_or(seq, |row| row.seq))
}

/// Moves a position from one number to a later one; `false` where another process has moved it.
pub(crate) async fn advance(tx: &DatabaseTransaction, name: &str, from: i64, to: i64) -> Result<bool, DbErr> {
    let moved = cursor::Entity::update_many()
        .col_expr(cursor::Column::Seq, Expr::value(to))
        .filter(cursor::Column::Name.eq(name))
        .filter(cursor::Column::Seq.eq(from))
        .exec(tx)
        .await?;
    Ok(moved.rows_affected == 1)
}

/// Takes the listings changed since the position of leads, each once, and moves it; `seq` is where the first run begins. A
/// snapshot that is older than a change leaves it to the next run.
pub(crate) async fn take(tx: &DatabaseTransaction, seq: i64) -> Result<Vec<(Kind, String)>, DbErr> {
    let at = lock(tx, LEADS, seq).await?;
    let Some((listings, last)) = changed(tx, at, seq).await? else { return Ok(Vec::new()) };
    advance(tx, LEADS, at, last).await?;
    Ok(listings)
}
