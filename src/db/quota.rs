//! Rate limits: fixed windows counted in the database.

use std::collections::HashMap;

use domain::time::{MILLIS_PER_SECOND, Moment};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
};

use super::entity::quota;

/// A rate limit's counter and the length of its window.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    pub(crate) name: String,
    pub(crate) seconds: i64,
}

/// Increments each counter in its current window and returns the new values in the same order. Names must differ.
pub(crate) async fn take(tx: &DatabaseTransaction, counted: &[Counted], now: Moment) -> Result<Vec<i64>, DbErr> {
    let once: Vec<(Counted, i64)> = counted.iter().map(|it| (it.clone(), 1)).collect();
    add(tx, &once, now).await
}

/// Adds to each counter in its current window and returns the new values in the same order. Names must differ.
pub(crate) async fn add(tx: &DatabaseTransaction, counted: &[(Counted, i64)], now: Moment) -> Result<Vec<i64>, DbErr> {
    if counted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = counted.iter().map(|(it, uses)| quota::ActiveModel {
        name: Set(it.name.clone()),
        window_start: Set(now.0 - now.0.rem_euclid(it.seconds * MILLIS_PER_SECOND)),
        used: Set(*uses),
    });
    let added = Expr::col((Alias::new("excluded"), quota::Column::Used));
    let add = OnConflict::columns([quota::Column::Name, quota::Column::WindowStart])
        .value(quota::Column::Used, Expr::col((quota::Entity, quota::Column::Used)).add(added))
        .to_owned();
    let rows = quota::Entity::insert_many(rows).on_conflict(add).exec_with_returning(tx).await?;
    // The database returns the rows in any order.
    let used: HashMap<&str, i64> = rows.iter().map(|row| (row.name.as_str(), row.used)).collect();
    Ok(counted.iter().map(|(it, uses)| used.get(it.name.as_str()).copied().unwrap_or(*uses)).collect())
}

/// Takes one back from each counter of the current window, for tries that turned out to be right.
pub(crate) async fn give_back(tx: &DatabaseTransaction, counted: &[Counted], now: Moment) -> Result<(), DbErr> {
    for it in counted {
        quota::Entity::update_many()
            .col_expr(quota::Column::Used, Expr::col(quota::Column::Used).sub(1))
            .filter(quota::Column::Name.eq(it.name.as_str()))
            .filter(quota::Column::WindowStart.eq(now.0 - now.0.rem_euclid(it.seconds * MILLIS_PER_SECOND)))
            .filter(quota::Column::Used.gt(0))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Deletes windows that began before `before`.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<u64, DbErr> {
    Ok(quota::Entity::delete_many()
        .filter(quota::Column::WindowStart.lt(before.0))
        .exec(connection)
        .await?
        .rows_affected)
}
