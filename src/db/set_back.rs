//! Times that a clock set back has left far in the future: rows must not wait until the clock is there again.

use domain::time::{Moment, SECONDS_PER_HOUR};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter as _};

use super::entity::{import, import_job, job_lease, webhook, webhook_delivery};
use super::outbox;

/// No lease, and no retry of a mail, reaches further ahead: the longest is 4 h 48 min.
const FARTHEST_SECONDS: i64 = 12 * SECONDS_PER_HOUR;
/// The same for deliveries: a receiver may ask for a pause of a day.
const FARTHEST_DELIVERY_SECONDS: i64 = 25 * SECONDS_PER_HOUR;
/// Where such a time is moved to: longer than every lease, so that the holder of one that lives renews it before.
const PATIENCE_SECONDS: i64 = 900;

/// Moves leases and retries that are farther ahead than any is made to a quarter of an hour from now.
pub(crate) async fn mend(tx: &DatabaseTransaction, now: Moment) -> Result<u64, DbErr> {
    let (beyond, to) = (now.plus_seconds(FARTHEST_SECONDS).0, now.plus_seconds(PATIENCE_SECONDS).0);
    let past_pauses = now.plus_seconds(FARTHEST_DELIVERY_SECONDS).0;
    let moved = outbox::bring_forward(tx, beyond, to).await?
        + bring::<webhook::Entity>(tx, webhook::Column::LeaseUntil, beyond, to).await?
        + bring::<webhook::Entity>(tx, webhook::Column::NextAt, past_pauses, to).await?
        + bring::<webhook_delivery::Entity>(tx, webhook_delivery::Column::NextAt, past_pauses, to).await?
        + bring::<job_lease::Entity>(tx, job_lease::Column::Until, beyond, to).await?
        + bring::<import::Entity>(tx, import::Column::LeaseUntil, beyond, to).await?
        + bring::<import_job::Entity>(tx, import_job::Column::LeaseUntil, beyond, to).await?;
    if moved > 0 {
        tracing::warn!(moved, "the clock was set back: leases and retries ahead of it are brought forward");
    }
    Ok(moved)
}

/// Sets a column to `to` where it is past `beyond`.
async fn bring<E: EntityTrait>(
    tx: &DatabaseTransaction,
    column: impl ColumnTrait,
    beyond: i64,
    to: i64,
) -> Result<u64, DbErr> {
    let moved = E::update_many().col_expr(column, Expr::value(to)).filter(column.gt(beyond)).exec(tx).await?;
    Ok(moved.rows_affected)
}
