//! Views of the desk that people have saved.

use domain::time::Moment;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _,
};

use super::entity::desk_view;
use super::{Db, DbError};

/// A saved view.
#[derive(Clone, Debug)]
pub struct DeskView {
    /// Row id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its filters as a query, without a search text: company names and phones would outlive an erasure here.
    pub filters: String,
}

/// Adds a view; returns the number of the account's views before.
pub(crate) async fn add(tx: &DatabaseTransaction, account: &str, new: &DeskView, now: Moment) -> Result<u64, DbErr> {
    let own = desk_view::Entity::find().filter(desk_view::Column::AccountId.eq(account));
    let before = own.count(tx).await?;
    let row = desk_view::ActiveModel {
        id: Set(new.id.clone()),
        account_id: Set(account.to_owned()),
        name: Set(new.name.clone()),
        filters: Set(new.filters.clone()),
        created_at: Set(now.0),
    };
    desk_view::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(before)
}

/// Removes a view of an account; `false` where it has none of this id.
pub(crate) async fn remove(tx: &DatabaseTransaction, account: &str, id: &str) -> Result<bool, DbErr> {
    let own = desk_view::Entity::delete_many().filter(desk_view::Column::AccountId.eq(account));
    Ok(own.filter(desk_view::Column::Id.eq(id)).exec(tx).await?.rows_affected > 0)
}

impl Db {
    /// Returns the views of an account, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn desk_views(&self, account: &str) -> Result<Vec<DeskView>, DbError> {
        let own = desk_view::Entity::find().filter(desk_view::Column::AccountId.eq(account));
        let rows = own.order_by_asc(desk_view::Column::Id).all(self.read()).await?;
        Ok(rows.into_iter().map(|row| DeskView { id: row.id, name: row.name, filters: row.filters }).collect())
    }
}
