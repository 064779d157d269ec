//! Stored answers of idempotent calls, kept for seven days.

use domain::time::{Moment, SECONDS_PER_DAY};
use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryTrait as _,
};

use super::entity::idempotency;
use super::{Db, DbError};

/// Retention of a stored answer.
pub(crate) const KEPT_SECONDS: i64 = 7 * SECONDS_PER_DAY;

/// A stored answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// SHA-256 of the canonical body that was answered.
    pub body_hash: String,
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
    /// Id of the lead or requirement whose data the body holds.
    pub subject: Option<String>,
}

impl Db {
    /// Returns the stored answer of a key, unless it has expired.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn stored_answer(&self, path: &str, key: &str, now: Moment) -> Result<Option<StoredAnswer>, DbError> {
        let row = idempotency::Entity::find_by_id((path.to_owned(), key.to_owned())).one(self.read()).await?;
        Ok(row.filter(|row| row.created_at > now.plus_seconds(-KEPT_SECONDS).0).map(|row| StoredAnswer {
            body_hash: row.body_hash,
            // Only another program can have stored a number that is no status: 500.
            status: u16::try_from(row.status).unwrap_or(500),
            body: row.body,
            subject: row.subject,
        }))
    }
}

/// Builds the insert of an answer: no row where the key has a live one, replacing an expired one.
pub(crate) fn row(path: &str, key: &str, answer: &StoredAnswer, now: Moment) -> InsertStatement {
    use idempotency::Column as C;
    let row = idempotency::ActiveModel {
        path: Set(path.to_owned()),
        key: Set(key.to_owned()),
        body_hash: Set(answer.body_hash.clone()),
        status: Set(i64::from(answer.status)),
        body: Set(answer.body.clone()),
        created_at: Set(now.0),
        subject: Set(answer.subject.clone()),
    };
    let expired = Expr::col((idempotency::Entity, C::CreatedAt)).lte(now.plus_seconds(-KEPT_SECONDS).0);
    let replace_expired = OnConflict::columns([C::Path, C::Key])
        .update_columns([C::BodyHash, C::Status, C::Body, C::CreatedAt, C::Subject])
        .action_and_where(expired)
        .to_owned();
    idempotency::Entity::insert(row).on_conflict(replace_expired).into_query()
}

/// Deletes expired answers.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Moment) -> Result<u64, DbErr> {
    let expired = now.plus_seconds(-KEPT_SECONDS).0;
    Ok(idempotency::Entity::delete_many()
        .filter(idempotency::Column::CreatedAt.lte(expired))
        .exec(connection)
        .await?
        .rows_affected)
}

/// Empties the stored answers about subjects whose data were erased; an answer with a body is never empty otherwise.
pub(crate) async fn forget(tx: &DatabaseTransaction, subjects: &[String]) -> Result<(), DbErr> {
    idempotency::Entity::update_many()
        .col_expr(idempotency::Column::Body, Expr::value(""))
        .filter(idempotency::Column::Subject.is_in(subjects))
        .exec(tx)
        .await?;
    Ok(())
}
