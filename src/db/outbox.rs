//! The outbox's rows at work: claimed under a lease, settled under the same lease, never deleted. How mails get in is
//! `letters`'.

use domain::inquiry::InquiryState;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};

use super::entity::outbox::{Column as C, Entity as Outbox, Model};
use super::entity::{inquiry, outbox_attempt, staff_task};
use super::{Db, DbError};
use crate::ids;

/// A row that is ours until the lease ends.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Row id.
    pub id: String,
    /// Proves that the row is ours; a later claim draws another.
    pub lease_token: String,
    /// Attempts so far, this one included.
    pub attempts: i64,
    /// When the row was committed.
    pub created_at: Moment,
    /// inquiry, receipt, withdrawal.
    pub purpose: String,
    /// To whom; none once erased.
    pub recipient: Option<String>,
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// The mail's bytes; none once erased.
    pub payload: Option<Vec<u8>>,
}

/// How many rows to claim, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// At most so many.
    pub at_most: u64,
    /// The lease's length.
    pub lease_seconds: i64,
    /// Rows never tried go first, the newest of them before all; else what has been due longest.
    pub newest_first: bool,
}

/// What becomes of a claimed row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Done.
    Sent,
    /// To be tried again then.
    Later {
        /// When.
        at: Moment,
        /// The relay was at fault: the row's own retry steps are not used up.
        uncounted: bool,
    },
    /// Ended without success; a staff task opens.
    Failed,
}

/// One attempt, for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// sent, transient, permanent, ambiguous, `relay_paused`, `cannot_build`; bounced, long after sent.
    pub outcome: &'static str,
    /// The phase, and the relay's reply or what went wrong.
    pub detail: String,
}

impl Db {
    /// Claims due rows in one short transaction. A row whose lease had run out is claimed again, and the attempt that
    /// never came back is recorded as `lease_expired`.
    ///
    /// # Errors
    /// The database's.
    pub async fn claim(&self, claim: Claim, now: Moment) -> Result<Vec<Claimed>, DbError> {
        self.write(move |tx| Box::pin(async move { Ok(claim_in(tx, claim, now).await?) })).await
    }

    /// Settles a claimed row and records the attempt, in one transaction. False where the row was no longer ours:
    /// the attempt is recorded all the same, and the row is left to its new owner.
    ///
    /// # Errors
    /// The database's; nothing was settled.
    pub async fn settle(
        &self,
        row: &Claimed,
        verdict: Verdict,
        attempt: Attempt,
        now: Moment,
    ) -> Result<bool, DbError> {
        let (id, token) = (row.id.clone(), row.lease_token.clone());
        self.write(move |tx| {
            Box::pin(async move {
                record(tx, &id, &token, attempt.outcome, &attempt.detail, now).await?;
                failpoint!("settle.recorded");
                Ok(settle_in(tx, &id, &token, verdict, &attempt, now).await?)
            })
        })
        .await
    }

    /// Gives back rows that were claimed and not begun.
    ///
    /// # Errors
    /// The database's; the rows come free when their leases end.
    pub async fn release(&self, rows: Vec<Claimed>, now: Moment) -> Result<(), DbError> {
        self.write(move |tx| {
            Box::pin(async move {
                for row in &rows {
                    let verdict = Verdict::Later { at: now, uncounted: true };
                    update_held(tx, &row.id, &row.lease_token, verdict, None, now).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Records that a sent mail came back for good, and opens a task once. False where no sent mail has this Message-ID,
    /// or its return is known already.
    ///
    /// # Errors
    /// The database's; nothing was recorded.
    pub async fn record_bounce(&self, message_id: &str, detail: String, now: Moment) -> Result<bool, DbError> {
        let message_id = message_id.to_owned();
        self.write(move |tx| Box::pin(async move { Ok(bounce_in(tx, &message_id, detail, now).await?) })).await
    }

    /// How many attempts of a row have a detail that begins like this.
    ///
    /// # Errors
    /// The database's.
    pub async fn attempts_like(&self, outbox_id: &str, beginning: &str) -> Result<u64, DbError> {
        use sea_orm::PaginatorTrait as _;
        Ok(outbox_attempt::Entity::find()
            .filter(outbox_attempt::Column::OutboxId.eq(outbox_id))
            .filter(outbox_attempt::Column::Detail.starts_with(beginning))
            .count(self.read())
            .await?)
    }

    /// When the next row falls due; a claimed one when its lease ends.
    ///
    /// # Errors
    /// The database's.
    pub async fn next_due(&self) -> Result<Option<Moment>, DbError> {
        let next: Option<i64> = Outbox::find()
            .select_only()
            .column(C::NextAt)
            .filter(C::State.eq("queued"))
            .order_by_asc(C::NextAt)
            .limit(1)
            .into_tuple()
            .one(self.read())
            .await?;
        Ok(next.map(Moment))
    }
}

async fn claim_in(tx: &DatabaseTransaction, claim: Claim, now: Moment) -> Result<Vec<Claimed>, DbErr> {
    let mut due = Vec::new();
    if claim.newest_first {
        let fresh = due_rows(now).filter(C::Attempts.eq(0)).order_by_desc(C::NextAt).order_by_desc(C::Id);
        due = fresh.limit(claim.at_most).all(tx).await?;
    }
    let rest = claim.at_most.saturating_sub(due.len() as u64);
    if rest > 0 {
        let mut oldest = due_rows(now).order_by_asc(C::NextAt).order_by_asc(C::Id);
        if !due.is_empty() {
            oldest = oldest.filter(C::Id.is_not_in(due.iter().map(|row| row.id.as_str())));
        }
        due.extend(oldest.limit(rest).all(tx).await?);
    }
    if due.is_empty() {
        return Ok(Vec::new());
    }
    failpoint!("claim.selected");
    for row in &due {
        if let Some(lost) = &row.lease_token {
            record(tx, &row.id, lost, "lease_expired", "", now).await?;
        }
    }
    let lease_token = ids::row_id();
    // A leased row falls due when its lease ends, so that one index finds both kinds.
    let lease_until = now.plus_seconds(claim.lease_seconds).0;
    Outbox::update_many()
        .col_expr(C::LeaseToken, Expr::value(lease_token.clone()))
        .col_expr(C::LeaseUntil, Expr::value(lease_until))
        .col_expr(C::NextAt, Expr::value(lease_until))
        .col_expr(C::Attempts, Expr::col(C::Attempts).add(1))
        .filter(C::Id.is_in(due.iter().map(|row| row.id.as_str())))
        .exec(tx)
        .await?;
    failpoint!("claim.leased");
    Ok(due.into_iter().map(|row| claimed(row, &lease_token)).collect())
}

fn claimed(row: Model, lease_token: &str) -> Claimed {
    Claimed {
        id: row.id,
        lease_token: lease_token.to_owned(),
        attempts: row.attempts + 1,
        created_at: Moment(row.created_at),
        purpose: row.purpose,
        recipient: row.recipient,
        message_id: row.message_id,
        payload: row.payload,
    }
}

fn due_rows(now: Moment) -> Select<Outbox> {
    Outbox::find()
        .filter(C::State.eq("queued"))
        .filter(C::NextAt.lte(now.0))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
}

async fn record(
    tx: &DatabaseTransaction,
    outbox_id: &str,
    lease_token: &str,
    outcome: &str,
    detail: &str,
    now: Moment,
) -> Result<(), DbErr> {
    let row = outbox_attempt::ActiveModel {
        id: Set(ids::row_id()),
        outbox_id: Set(outbox_id.to_owned()),
        at: Set(now.0),
        lease_token: Set(lease_token.to_owned()),
        outcome: Set(outcome.to_owned()),
        detail: Set(detail.to_owned()),
    };
    outbox_attempt::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

async fn settle_in(
    tx: &DatabaseTransaction,
    id: &str,
    token: &str,
    verdict: Verdict,
    attempt: &Attempt,
    now: Moment,
) -> Result<bool, DbErr> {
    let error = (verdict != Verdict::Sent).then(|| format!("{}: {}", attempt.outcome, attempt.detail));
    if !update_held(tx, id, token, verdict, error, now).await? {
        return Ok(false);
    }
    failpoint!("settle.row_updated");
    let state = match verdict {
        Verdict::Sent => InquiryState::Sent,
        Verdict::Failed => InquiryState::Failed,
        Verdict::Later { .. } => return Ok(true),
    };
    let Some(row) = Outbox::find_by_id(id).one(tx).await? else { return Ok(true) };
    if verdict == Verdict::Failed {
        open_task(tx, &row, attempt, now).await?;
    }
    if let Some(inquiry_id) = row.inquiry_id.filter(|_| row.purpose == "inquiry") {
        inquiry::Entity::update_many()
            .col_expr(inquiry::Column::State, Expr::value(state.word()))
            .col_expr(inquiry::Column::UpdatedAt, Expr::value(now.0))
            .filter(inquiry::Column::Id.eq(inquiry_id))
            .filter(inquiry::Column::State.is_in([InquiryState::Queued.word(), InquiryState::Failed.word()]))
            .exec(tx)
            .await?;
        failpoint!("settle.inquiry_updated");
    }
    Ok(true)
}

/// Changes the row if, and only if, it is still queued under this lease.
async fn update_held(
    tx: &DatabaseTransaction,
    id: &str,
    token: &str,
    verdict: Verdict,
    error: Option<String>,
    now: Moment,
) -> Result<bool, DbErr> {
    let mut update = Outbox::update_many()
        .col_expr(C::LeaseToken, Expr::value(None::<String>))
        .col_expr(C::LeaseUntil, Expr::value(None::<i64>))
        .filter(C::Id.eq(id))
        .filter(C::LeaseToken.eq(token))
        .filter(C::State.eq("queued"));
    if let Some(error) = error {
        update = update.col_expr(C::LastError, Expr::value(error));
    }
    update = match verdict {
        Verdict::Sent => update
            .col_expr(C::State, Expr::value("sent"))
            .col_expr(C::LastError, Expr::value(None::<String>))
            .col_expr(C::SettledAt, Expr::value(now.0)),
        Verdict::Failed => update.col_expr(C::State, Expr::value("failed")).col_expr(C::SettledAt, Expr::value(now.0)),
        Verdict::Later { at, uncounted } => {
            let spent = i64::from(!uncounted);
            update.col_expr(C::NextAt, Expr::value(at.0)).col_expr(C::Attempts, Expr::col(C::Attempts).add(spent - 1))
        }
    };
    Ok(update.exec(tx).await?.rows_affected == 1)
}

async fn bounce_in(tx: &DatabaseTransaction, message_id: &str, detail: String, now: Moment) -> Result<bool, DbErr> {
    let sent = Outbox::find().filter(C::MessageId.eq(message_id)).filter(C::State.eq("sent"));
    let Some(row) = sent.lock_exclusive().one(tx).await? else { return Ok(false) };
    let known = outbox_attempt::Entity::find()
        .filter(outbox_attempt::Column::OutboxId.eq(row.id.as_str()))
        .filter(outbox_attempt::Column::Outcome.eq("bounced"));
    if known.one(tx).await?.is_some() {
        return Ok(false);
    }
    let attempt = Attempt { outcome: "bounced", detail };
    record(tx, &row.id, "", attempt.outcome, &attempt.detail, now).await?;
    failpoint!("bounce.recorded");
    Outbox::update_many()
        .col_expr(C::LastError, Expr::value(format!("bounced: {}", attempt.detail)))
        .filter(C::Id.eq(row.id.as_str()))
        .exec(tx)
        .await?;
    open_task(tx, &row, &attempt, now).await?;
    failpoint!("bounce.task_opened");
    Ok(true)
}

async fn open_task(tx: &DatabaseTransaction, row: &Model, attempt: &Attempt, now: Moment) -> Result<(), DbErr> {
    let park_code = match &row.inquiry_id {
        Some(id) => inquiry::Entity::find_by_id(id).one(tx).await?.map(|inquiry| inquiry.park_code),
        None => None,
    };
    let task = staff_task::ActiveModel {
        id: Set(ids::row_id()),
        kind: Set("mail_failed".to_owned()),
        park_code: Set(park_code),
        requirement_id: Set(row.requirement_id.clone()),
        inquiry_id: Set(row.inquiry_id.clone()),
        outbox_id: Set(Some(row.id.clone())),
        detail: Set(format!("{}: {}", attempt.outcome, attempt.detail)),
        created_at: Set(now.0),
        done_at: Set(None),
        done_by: Set(None),
    };
    staff_task::Entity::insert(task).exec_without_returning(tx).await?;
    Ok(())
}
