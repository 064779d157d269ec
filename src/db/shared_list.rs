//! Shared shortlists: the query of a requirement and its chosen listings, until they expire or are ended.

use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
};

use super::entity::shared_list::{ActiveModel, Column as C, Entity as Shared, Model};
use super::{Db, DbError};

/// A shared shortlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedList {
    /// Query of the requirement and the listings' ids, without text or contact.
    pub query: String,
    /// The moment from which it is shown no more.
    pub expires_at: Moment,
    /// When its maker ended it.
    pub ended_at: Option<Moment>,
}

impl SharedList {
    /// Whether it is still shown.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

fn stored(row: Model) -> SharedList {
    SharedList { query: row.query, expires_at: Moment(row.expires_at), ended_at: row.ended_at.map(Moment) }
}

impl Db {
    /// Returns a shared shortlist by the hash of its token.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn shared_list(&self, hash: &str) -> Result<Option<SharedList>, DbError> {
        Ok(Shared::find_by_id(hash).one(self.read()).await?.map(stored))
    }
}

/// Stores a shared shortlist.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    hash: &str,
    query: &str,
    now: Moment,
    expires_at: Moment,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(hash.to_owned()),
        query: Set(query.to_owned()),
        created_at: Set(now.0),
        expires_at: Set(expires_at.0),
        ended_at: Set(None),
    };
    Shared::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Ends a shared shortlist; returns whether there is one.
pub(crate) async fn end(tx: &DatabaseTransaction, hash: &str, now: Moment) -> Result<bool, DbErr> {
    let ended = Shared::update_many().col_expr(C::EndedAt, Expr::value(Some(now.0))).filter(C::Id.eq(hash));
    Ok(ended.exec(tx).await?.rows_affected > 0)
}

/// Deletes shortlists that expired before `before`.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, before: Moment) -> Result<(), DbErr> {
    Shared::delete_many().filter(C::ExpiresAt.lt(before.0)).exec(connection).await?;
    Ok(())
}
