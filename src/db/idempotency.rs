//! Stored answers of writing calls: the same key and body give the same answer for seven days.

use domain::time::Moment;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
};

use super::entity::idempotency;
use super::{Db, DbError};

/// How long a stored answer is kept.
pub(crate) const KEPT_SECONDS: i64 = 7 * 86_400;

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// SHA-256 of the canonical body that was answered.
    pub body_hash: String,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Db {
    /// The stored answer of a key, unless it has expired.
    ///
    /// # Errors
    /// The database's.
    pub async fn stored_answer(&self, path: &str, key: &str, now: Moment) -> Result<Option<StoredAnswer>, DbError> {
        let row = idempotency::Entity::find_by_id((path.to_owned(), key.to_owned())).one(self.read()).await?;
        Ok(row.filter(|row| row.created_at > now.plus_seconds(-KEPT_SECONDS).0).map(|row| StoredAnswer {
            body_hash: row.body_hash,
            status: u16::try_from(row.status).unwrap_or(500),
            body: row.body,
        }))
    }
}

/// Stores an answer; a twin that was faster is a conflict. An expired one gives way.
pub(crate) async fn store(
    tx: &DatabaseTransaction,
    path: &str,
    key: &str,
    answer: &StoredAnswer,
    now: Moment,
) -> Result<(), DbErr> {
    use idempotency::Column as C;
    let expired = now.plus_seconds(-KEPT_SECONDS).0;
    idempotency::Entity::delete_many()
        .filter(C::Path.eq(path))
        .filter(C::Key.eq(key))
        .filter(C::CreatedAt.lte(expired))
        .exec(tx)
        .await?;
    let row = idempotency::ActiveModel {
        path: Set(path.to_owned()),
        key: Set(key.to_owned()),
        body_hash: Set(answer.body_hash.clone()),
        status: Set(i64::from(answer.status)),
        body: Set(answer.body.clone()),
        created_at: Set(now.0),
    };
    idempotency::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Removes expired answers.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Moment) -> Result<u64, DbErr> {
    let expired = now.plus_seconds(-KEPT_SECONDS).0;
    Ok(idempotency::Entity::delete_many()
        .filter(idempotency::Column::CreatedAt.lte(expired))
        .exec(connection)
        .await?
        .rows_affected)
}
