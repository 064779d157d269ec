//! Digests: who got one on which morning, and the accounts that may get one.

use domain::time::Moment;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::account::{Account, with_spheres};
use super::entity::{account, digest};
use super::{Db, DbError};

/// Marks a person's morning; `false` where it was marked before, also by another process.
pub(crate) async fn mark(tx: &DatabaseTransaction, account_id: &str, day: &str, now: Moment) -> Result<bool, DbErr> {
    let row = digest::ActiveModel { account_id: Set(account_id.to_owned()), day: Set(day.to_owned()), at: Set(now.0) };
    let once = OnConflict::columns([digest::Column::AccountId, digest::Column::Day]).do_nothing().to_owned();
    Ok(digest::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await? == 1)
}

impl Db {
    /// Returns the enabled accounts without a mark for this morning.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn accounts_without_digest(&self, day: &str) -> Result<Vec<Account>, DbError> {
        let marked = Query::select()
            .column(digest::Column::AccountId)
            .from(digest::Entity)
            .and_where(digest::Column::Day.eq(day))
            .take();
        let rows = account::Entity::find()
            .filter(account::Column::DisabledAt.is_null())
            .filter(account::Column::Id.not_in_subquery(marked))
            .order_by_asc(account::Column::Email)
            .all(self.read())
            .await?;
        Ok(with_spheres(self.read(), rows).await?)
    }
}
