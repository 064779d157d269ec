//! New inboxes of parks that wait for their owners' confirmation.

use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};

use super::entity::inbox_change;
use super::{Db, DbError};

/// A new inbox to be confirmed.
#[derive(Clone, Debug)]
pub struct InboxChange {
    /// Code of the park.
    pub park: String,
    /// The new address.
    pub address: String,
    /// Id of the account that entered it.
    pub actor: String,
    /// End of its link.
    pub expires_at: Moment,
}

impl Db {
    /// Returns the change of a live link by the hash of its token.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn inbox_change(&self, hash: &str, now: Moment) -> Result<Option<InboxChange>, DbError> {
        Ok(live(self.read(), hash, now).await?)
    }

    /// Returns a park's newest change that still waits.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn waiting_inbox(&self, park: &str, now: Moment) -> Result<Option<InboxChange>, DbError> {
        use inbox_change::Column as C;
        let query = inbox_change::Entity::find().filter(C::ParkCode.eq(park)).filter(C::UsedAt.is_null());
        let row = query.filter(C::ExpiresAt.gt(now.0)).order_by_desc(C::CreatedAt).one(self.read()).await?;
        Ok(row.map(stored))
    }
}

/// Returns the change of a link that is neither used nor expired.
pub(crate) async fn live(
    connection: &impl ConnectionTrait,
    hash: &str,
    now: Moment,
) -> Result<Option<InboxChange>, DbErr> {
    let row = inbox_change::Entity::find_by_id(hash)
        .filter(inbox_change::Column::UsedAt.is_null())
        .filter(inbox_change::Column::ExpiresAt.gt(now.0))
        .one(connection)
        .await?;
    Ok(row.map(stored))
}

fn stored(row: inbox_change::Model) -> InboxChange {
    InboxChange { park: row.park_code, address: row.address, actor: row.actor, expires_at: Moment(row.expires_at) }
}

/// Stores a change, which replaces the park's earlier ones.
pub(crate) async fn replace(
    tx: &DatabaseTransaction,
    hash: &str,
    change: &InboxChange,
    now: Moment,
) -> Result<(), DbErr> {
    settle(tx, &change.park, now).await?;
    let row = inbox_change::ActiveModel {
        token_hash: Set(hash.to_owned()),
        park_code: Set(change.park.clone()),
        address: Set(change.address.clone()),
        actor: Set(change.actor.clone()),
        created_at: Set(now.0),
        expires_at: Set(change.expires_at.0),
        used_at: Set(None),
    };
    inbox_change::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Uses every open change of a park up.
pub(crate) async fn settle(tx: &DatabaseTransaction, park: &str, now: Moment) -> Result<(), DbErr> {
    use inbox_change::Column as C;
    inbox_change::Entity::update_many()
        .col_expr(C::UsedAt, Expr::value(now.0))
        .filter(C::ParkCode.eq(park))
        .filter(C::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
