//! Inboxes of parks whose mail comes back: the second bounce pauses mail to one until a person has looked.

use domain::time::{Moment, SECONDS_PER_DAY};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::inbox_trouble::{ActiveModel, Column as C, Entity as Trouble, Model};
use super::{Db, DbError};

/// Bounces at which mail to an inbox pauses.
const BOUNCES: i64 = 2;
/// Age at which a bounce no longer counts: a mailbox that was full once and later again is not abandoned.
const COUNTED_DAYS: i64 = 30;

/// An inbox to which no mail is sent at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PausedInbox {
    pub address: String,
    /// Reason group, status and diagnostic of the last bounce.
    pub reason: String,
    /// Start of the pause.
    pub since: Moment,
}

impl Db {
    /// Returns the paused inboxes, the latest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn paused_inboxes(&self) -> Result<Vec<PausedInbox>, DbError> {
        let paused = Trouble::find().filter(C::PausedAt.is_not_null()).order_by_desc(C::PausedAt);
        Ok(paused.all(self.read()).await?.into_iter().filter_map(stored).collect())
    }
}

fn stored(row: Model) -> Option<PausedInbox> {
    Some(PausedInbox { address: row.address, reason: row.reason, since: Moment(row.paused_at?) })
}

/// Counts a bounce of an inbox. Returns whether mail to it pauses from now on.
pub(super) async fn bounced(tx: &DatabaseTransaction, address: &str, reason: &str, now: Moment) -> Result<bool, DbErr> {
    let forgotten = now.plus_seconds(-COUNTED_DAYS * SECONDS_PER_DAY).0;
    let own = |column: C| Expr::col((Trouble, column));
    let count = Expr::case(own(C::LastAt).lt(forgotten), 1).finally(own(C::Bounces).add(1));
    let again =
        OnConflict::column(C::Address).value(C::Bounces, count).update_columns([C::Reason, C::LastAt]).to_owned();
    let row = ActiveModel {
        address: Set(address.to_owned()),
        bounces: Set(1),
        reason: Set(reason.to_owned()),
        last_at: Set(now.0),
        paused_at: Set(None),
    };
    Trouble::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    let pause = Trouble::update_many()
        .col_expr(C::PausedAt, Expr::value(now.0))
        .filter(C::Address.eq(address))
        .filter(C::Bounces.gte(BOUNCES))
        .filter(C::PausedAt.is_null());
    Ok(pause.exec(tx).await?.rows_affected == 1)
}

/// Ends the pause of an inbox and forgets its bounces.
pub(crate) async fn lift(tx: &DatabaseTransaction, address: &str) -> Result<(), DbErr> {
    Trouble::delete_many().filter(C::Address.eq(address)).exec(tx).await?;
    Ok(())
}

/// Selects the addresses of paused inboxes.
pub(super) fn paused() -> SelectStatement {
    Query::select().column(C::Address).from(Trouble).and_where(C::PausedAt.is_not_null()).to_owned()
}
