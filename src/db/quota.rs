//! Counted windows: how often something was done by somebody.

use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
};

use super::entity::quota;

/// Counts one more use of `name` in the current window of `seconds` and returns how many there are now.
pub(crate) async fn take(tx: &DatabaseTransaction, name: &str, seconds: i64, now: Moment) -> Result<i64, DbErr> {
    let window_start = now.0 - now.0.rem_euclid(seconds * 1000);
    let row = quota::ActiveModel { name: Set(name.to_owned()), window_start: Set(window_start), used: Set(1) };
    let add = OnConflict::columns([quota::Column::Name, quota::Column::WindowStart])
        .value(quota::Column::Used, Expr::col((quota::Entity, quota::Column::Used)).add(1))
        .to_owned();
    quota::Entity::insert(row).on_conflict(add).exec_without_returning(tx).await?;
    let row = quota::Entity::find_by_id((name.to_owned(), window_start)).one(tx).await?;
    Ok(row.map_or(1, |row| row.used))
}

/// Removes windows that began before `before`.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    Ok(quota::Entity::delete_many()
        .filter(quota::Column::WindowStart.lt(before.0))
        .exec(connection)
        .await?
        .rows_affected)
}
