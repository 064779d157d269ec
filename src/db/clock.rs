//! Clocks that number changes, each for the processes that follow it.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait as _};

use super::entity::clock::{ActiveModel, Column as C, Entity as Clock};
use super::{Db, DbError};

/// The clock of the change log of listings and policies.
pub(super) const LISTING: &str = "listing";
/// The clock of holds and evidence. Where a transaction needs both, it comes after [`LISTING`].
pub(super) const BESIDE: &str = "beside";

/// Advances a clock by `count` and returns it. The row lock is held until the commit, so that numbers become visible in
/// their order.
pub(super) async fn tick(tx: &DatabaseTransaction, name: &str, count: i64) -> Result<i64, DbErr> {
    let row = ActiveModel { name: Set(name.to_owned()), value: Set(count) };
    let add = OnConflict::column(C::Name).value(C::Value, Expr::col((Clock, C::Value)).add(count)).to_owned();
    Clock::insert(row).on_conflict(add).exec_without_returning(tx).await?;
    let row = Clock::find_by_id(name).one(tx).await?;
    Ok(row.map_or(count, |row| row.value))
}

impl Db {
    /// Returns the value of a clock; 0 before its first tick.
    pub(super) async fn clock_value(&self, name: &str) -> Result<i64, DbError> {
        let row = Clock::find_by_id(name).one(self.read()).await?;
        Ok(row.map_or(0, |row| row.value))
    }
}
