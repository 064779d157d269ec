//! Times that a clock set back has left in the future: rows must not wait until the clock is there again.

use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter as _};

use super::ahead::Ahead;
use super::entity::{import, import_job, job_lease, webhook};
use super::{Db, DbError, delivery, outbox};

impl Db {
    /// Makes due what a clock set back has left waiting, see [`mend`].
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`].
    pub(crate) async fn bring_forward(&self, now: Moment) -> Result<u64, DbError> {
        self.write(move |tx| Box::pin(async move { Ok(mend(tx, now).await?) })).await
    }
}

/// Moves leases and retries that a clock set back has left ahead to a quarter of an hour from now, and makes mails due that were
/// queued ahead.
pub(crate) async fn mend(tx: &DatabaseTransaction, now: Moment) -> Result<u64, DbErr> {
    let ahead = Ahead::new(now);
    let moved = outbox::bring_forward(tx, &ahead).await?
        + delivery::bring_forward(tx, &ahead).await?
        + end_soon::<webhook::Entity>(tx, webhook::Column::LeaseUntil, &ahead).await?
        + end_soon::<job_lease::Entity>(tx, job_lease::Column::Until, &ahead).await?
        + end_soon::<import::Entity>(tx, import::Column::LeaseUntil, &ahead).await?
        + end_soon::<import_job::Entity>(tx, import_job::Column::LeaseUntil, &ahead).await?;
    if moved > 0 {
        tracing::warn!(moved, "the clock was set back: leases and retries ahead of it are brought forward");
    }
    Ok(moved)
}

/// Brings forward leases that are longer than any is made.
async fn end_soon<E: EntityTrait>(
    tx: &DatabaseTransaction,
    until: impl ColumnTrait,
    ahead: &Ahead,
) -> Result<u64, DbErr> {
    let leases = E::update_many().col_expr(until, Expr::value(ahead.patience)).filter(until.gt(ahead.of_leases));
    Ok(leases.exec(tx).await?.rows_affected)
}
