//! Clocks that number changes, each for the processes that follow it.

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, Statement, Value};

use super::entity::clock::Entity as Clock;
use super::{Db, DbError};

/// The clock of the change log of listings and policies.
pub(super) const LISTING: &str = "listing";
/// The clock of holds and evidence. Where a transaction needs both, it comes after [`LISTING`].
pub(super) const BESIDE: &str = "beside";

/// Advances a clock by `count` and returns it. The row lock is held until the commit, so that numbers become visible in
/// their order.
pub(super) async fn tick(tx: &DatabaseTransaction, name: &str, count: i64) -> Result<i64, DbErr> {
    let values = [Value::from(name.to_owned()), count.into()];
    let row = tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), TICK, values)).await?;
    row.map_or(Ok(count), |row| row.try_get_by_index(0))
}

/// One statement: each is a hop to the database and back while the lock is held.
const TICK: &str = "INSERT INTO clock (name, value) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET value = clock.value + excluded.value RETURNING value";

impl Db {
    /// Returns the value of a clock; 0 before its first tick.
    pub(super) async fn clock_value(&self, name: &str) -> Result<i64, DbError> {
        let row = Clock::find_by_id(name).one(self.read()).await?;
        Ok(row.map_or(0, |row| row.value))
    }
}
