//! Leases of background jobs: one process at a time carries a job out.

use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _};

use super::entity::job_lease::{ActiveModel, Column as C, Entity as Lease};

/// Takes a job's lease, or renews one of the same holder; `false` while another holder's lives.
pub(crate) async fn take(
    tx: &DatabaseTransaction,
    name: &str,
    holder: &str,
    seconds: i64,
    now: Moment,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        name: Set(name.to_owned()),
        holder: Set(holder.to_owned()),
        until: Set(now.plus_seconds(seconds).0),
    };
    let has_ended = Expr::col((Lease, C::Until)).lte(now.0);
    let is_own = Expr::col((Lease, C::Holder)).eq(holder);
    let take = OnConflict::column(C::Name)
        .update_columns([C::Holder, C::Until])
        .action_and_where(has_ended.or(is_own))
        .to_owned();
    Ok(Lease::insert(row).on_conflict(take).exec_without_returning(tx).await? == 1)
}

/// Ends a holder's lease before its time.
pub(crate) async fn give_up(tx: &DatabaseTransaction, name: &str, holder: &str) -> Result<(), DbErr> {
    Lease::delete_many().filter(C::Name.eq(name)).filter(C::Holder.eq(holder)).exec(tx).await?;
    Ok(())
}
