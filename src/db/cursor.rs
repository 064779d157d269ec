//! The position up to which the change log of listings was told to leads.

use domain::listing::Kind;
use domain::stored::Stored;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::entity::{cursor, listing_change};
use super::words::{CHANGE_KIND, Changed};
use super::{Db, DbError};

/// The name of the position.
const LISTINGS: &str = "listing_change";
/// Changes that are told per transaction.
const MOST: u64 = 1_000;

impl Db {
    /// Returns the position; `None` before the first run.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn followed(&self) -> Result<Option<i64>, DbError> {
        Ok(cursor::Entity::find_by_id(LISTINGS.to_owned()).one(self.read()).await?.map(|row| row.seq))
    }
}

/// Takes the listings changed since the position, each once, and moves it; `seq` is where the first run begins. A snapshot
/// that is older than a change leaves it to the next run.
pub(crate) async fn take(tx: &DatabaseTransaction, seq: i64) -> Result<Vec<(Kind, String)>, DbErr> {
    let first = cursor::ActiveModel { name: Set(LISTINGS.to_owned()), seq: Set(seq) };
    let once = OnConflict::column(cursor::Column::Name).do_nothing().to_owned();
    cursor::Entity::insert(first).on_conflict(once).exec_without_returning(tx).await?;
    let found = cursor::Entity::find_by_id(LISTINGS.to_owned()).lock_exclusive().one(tx).await?;
    let Some(at) = found.map(|row| row.seq) else { return Ok(Vec::new()) };
    let changes = listing_change::Entity::find()
        .filter(listing_change::Column::Seq.gt(at))
        .filter(listing_change::Column::Seq.lte(seq))
        .order_by_asc(listing_change::Column::Seq)
        .limit(MOST)
        .all(tx)
        .await?;
    let Some(last) = changes.last().map(|change| change.seq) else { return Ok(Vec::new()) };
    cursor::Entity::update_many()
        .col_expr(cursor::Column::Seq, Expr::value(last))
        .filter(cursor::Column::Name.eq(LISTINGS))
        .exec(tx)
        .await?;
    let mut listings: Vec<(Kind, String)> = changes
        .into_iter()
        .filter_map(|row| match CHANGE_KIND.read(&row.seq.to_string(), &row.kind) {
            Stored::Known(Changed::Listing(kind)) => Some((kind, row.code)),
            _ => None,
        })
        .collect();
    listings.sort();
    listings.dedup();
    Ok(listings)
}
