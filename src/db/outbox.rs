//! The outbox table and its attempts, queried here and, for mails that came back, in `returned`. A row is claimed and settled under a lease and never deleted.

use domain::inquiry::InquiryState;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select, UpdateMany,
};

use super::ahead::Ahead;
use super::entity::outbox::{ActiveModel, Column as C, Entity as Outbox, Model};
use super::entity::outbox_attempt;
pub use super::letters::{Attempt, Claimed, DeliveryOutcome, LeaseRequest};
use super::letters::{MailRow, NewMail};
use super::task::{self, MailOfTask};
use super::words::{AttemptOutcome, MAIL_PURPOSE, MAIL_STATE, MailPurpose, MailState, TaskKind};
use super::{Db, DbError, alert, inbox_trouble, lead};
use crate::ids;

/// Latest mails named in `References`, beside the first (RFC 5322 allows any number; a line of it is short).
const LONGEST_THREAD: usize = 5;
/// Latest mails of an inquiry with which a reply is compared: each side writes at most 20 per day.
const MOST_QUOTED: u64 = 20;
/// Mails with a link that opens something: their bytes are erased once they are settled.
const OPENING: [MailPurpose; 5] = [
    MailPurpose::Invitation,
    MailPurpose::Reset,
    MailPurpose::Unlock,
    MailPurpose::AlertConfirm,
    MailPurpose::AlertNews,
];

impl Db {
    /// Claims due rows in one short transaction. A row whose lease has ended is claimed again, and its unsettled attempt is
    /// recorded as [`AttemptOutcome::LeaseExpired`].
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn claim(&self, claim: LeaseRequest, now: Moment) -> Result<Vec<Claimed>, DbError> {
        self.write(move |tx| Box::pin(async move { Ok(claim_in(tx, claim, now).await?) })).await
    }

    /// Settles a claimed row and records the attempt in one transaction. Returns `false` where the lease was lost: the
    /// attempt is recorded all the same, and the row is left to its new owner.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`]; nothing was settled.
    pub async fn settle(
        &self,
        row: &Claimed,
        verdict: DeliveryOutcome,
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

    /// Renews the lease of a claimed row from now on. Returns `false` where it was lost, or the mail was cancelled.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`]; the lease ends as it would have.
    pub async fn renew(&self, row: &Claimed, lease_seconds: i64, now: Moment) -> Result<bool, DbError> {
        let until = now.plus_seconds(lease_seconds).0;
        let renewal = Outbox::update_many()
            .col_expr(C::LeaseUntil, Expr::value(until))
            .col_expr(C::NextAt, Expr::value(until))
            .filter(C::Id.eq(&row.id))
            .filter(C::LeaseToken.eq(&row.lease_token))
            .filter(is(MailState::Queued));
        self.write(|tx| Box::pin(async move { Ok(renewal.exec(tx).await?.rows_affected == 1) })).await
    }

    /// Releases rows that were claimed and not begun.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`]; the rows fall due when their leases end.
    pub async fn release(&self, rows: Vec<Claimed>, now: Moment) -> Result<(), DbError> {
        self.write(move |tx| {
            Box::pin(async move {
                for row in &rows {
                    let verdict = DeliveryOutcome::Later { at: now, uncounted: true };
                    update_held(tx, &row.id, &row.lease_token, verdict, None, now).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Counts the attempts of a row whose detail has this prefix.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn attempts_like(&self, outbox_id: &str, beginning: &str) -> Result<u64, DbError> {
        Ok(outbox_attempt::Entity::find()
            .filter(outbox_attempt::Column::OutboxId.eq(outbox_id))
            .filter(outbox_attempt::Column::Detail.starts_with(beginning))
            .count(self.read())
            .await?)
    }

    /// Returns the due time of the next row; of a claimed one the end of its lease.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn next_due(&self) -> Result<Option<Moment>, DbError> {
        let next: Option<i64> = Outbox::find()
            .select_only()
            .column(C::NextAt)
            .filter(is(MailState::Queued))
            .filter(is_deliverable())
            .order_by_asc(C::NextAt)
            .limit(1)
            .into_tuple()
            .one(self.read())
            .await?;
        Ok(next.map(Moment))
    }
}

async fn claim_in(tx: &DatabaseTransaction, claim: LeaseRequest, now: Moment) -> Result<Vec<Claimed>, DbErr> {
    let mut due = Vec::new();
    if claim.newest_first {
        let fresh = due_rows(claim, now).filter(C::Attempts.eq(0)).order_by_desc(C::NextAt).order_by_desc(C::Id);
        due = fresh.limit(claim.at_most).all(tx).await?;
    }
    let rest = claim.at_most.saturating_sub(due.len() as u64);
    if rest > 0 {
        let mut oldest = due_rows(claim, now).order_by_asc(C::NextAt).order_by_asc(C::Id);
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
            record(tx, &row.id, lost, AttemptOutcome::LeaseExpired, "", now).await?;
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
        purpose: MAIL_PURPOSE.read(&row.id, &row.purpose),
        id: row.id,
        lease_token: lease_token.to_owned(),
        attempts: row.attempts + 1,
        created_at: Moment(row.created_at),
        recipient: row.recipient,
        message_id: row.message_id,
        envelope_from: row.envelope_from,
        payload: row.payload,
    }
}

/// Makes mails due that a clock set back has left waiting: one that was queued or tried in the future at the latest in `patience`,
/// one that was not tried yet at once.
pub(super) async fn bring_forward(tx: &DatabaseTransaction, ahead: &Ahead) -> Result<u64, DbErr> {
    let queued_ahead = C::CreatedAt.gt(ahead.of_now);
    let untried = Outbox::update_many()
        .col_expr(C::NextAt, Expr::value(ahead.now))
        .filter(is(MailState::Queued))
        .filter(C::Attempts.eq(0))
        .filter(C::NextAt.gt(ahead.of_now))
        .filter(queued_ahead.clone());
    let tried_ahead = Query::select()
        .column(outbox_attempt::Column::OutboxId)
        .from(outbox_attempt::Entity)
        .and_where(Expr::col((outbox_attempt::Entity, outbox_attempt::Column::OutboxId)).equals((Outbox, C::Id)))
        .and_where(outbox_attempt::Column::At.gt(ahead.of_now))
        .take();
    let is_ahead = Condition::any()
        .add(C::NextAt.gt(ahead.of_retries))
        .add(C::LeaseUntil.gt(ahead.of_leases))
        .add(queued_ahead)
        .add(Expr::exists(tried_ahead));
    let waiting = Outbox::update_many()
        .col_expr(C::NextAt, Expr::value(ahead.patience))
        .filter(is(MailState::Queued))
        .filter(C::NextAt.gt(ahead.patience))
        .filter(is_ahead);
    let leases = Outbox::update_many().col_expr(C::LeaseUntil, Expr::value(ahead.patience));
    let moved = untried.exec(tx).await?.rows_affected + waiting.exec(tx).await?.rows_affected;
    leases.filter(C::LeaseUntil.gt(ahead.of_leases)).exec(tx).await?;
    Ok(moved)
}

fn due_rows(claim: LeaseRequest, now: Moment) -> Select<Outbox> {
    let due = Outbox::find()
        .filter(is(MailState::Queued))
        .filter(is_deliverable())
        .filter(C::NextAt.lte(now.0))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    if claim.takes_over { due } else { due.filter(C::LeaseToken.is_null()) }
}

/// Whether the recipient's inbox takes mail; a row without a recipient is settled as one that cannot be built.
fn is_deliverable() -> Condition {
    Condition::any().add(C::Recipient.is_null()).add(C::Recipient.not_in_subquery(inbox_trouble::paused()))
}

pub(super) async fn record(
    tx: &DatabaseTransaction,
    outbox_id: &str,
    lease_token: &str,
    outcome: AttemptOutcome,
    detail: &str,
    now: Moment,
) -> Result<(), DbErr> {
    let row = outbox_attempt::ActiveModel {
        id: Set(ids::row_id()),
        outbox_id: Set(outbox_id.to_owned()),
        at: Set(now.0),
        lease_token: Set(lease_token.to_owned()),
        outcome: Set(outcome.word().to_owned()),
        detail: Set(detail.to_owned()),
    };
    outbox_attempt::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

async fn settle_in(
    tx: &DatabaseTransaction,
    id: &str,
    token: &str,
    verdict: DeliveryOutcome,
    attempt: &Attempt,
    now: Moment,
) -> Result<bool, DbErr> {
    let error = (verdict != DeliveryOutcome::Sent).then(|| told(attempt));
    if !update_held(tx, id, token, verdict, error, now).await? {
        return Ok(false);
    }
    failpoint!("settle.row_updated");
    let state = match verdict {
        DeliveryOutcome::Sent => InquiryState::Sent,
        DeliveryOutcome::Failed => InquiryState::Failed,
        DeliveryOutcome::Later { .. } => return Ok(true),
    };
    let Some(row) = Outbox::find_by_id(id).one(tx).await? else { return Ok(true) };
    let purpose = MAIL_PURPOSE.read(&row.id, &row.purpose);
    let is_inquiry = purpose == MailPurpose::Inquiry;
    if OPENING.iter().any(|own| purpose == *own) {
        // Its link opens an account or a reader's alert: no copy of it stays.
        let erased = Outbox::update_many().col_expr(C::Payload, Expr::value(None::<Vec<u8>>));
        erased.filter(C::Id.eq(id)).exec(tx).await?;
    }
    if verdict == DeliveryOutcome::Failed && !end_alert(tx, &row, now).await? {
        task::open(tx, TaskKind::MailFailed, of_task(&row), told(attempt), now).await?;
    }
    if let Some(inquiry_id) = row.inquiry_id.filter(|_| is_inquiry) {
        lead::settle_state(tx, &inquiry_id, state, now).await?;
        failpoint!("settle.inquiry_updated");
    }
    Ok(true)
}

/// Ends the alert of a mail that was refused for good, and erases its mails: a reader's mistyped address is no work of staff.
/// `false` for a mail of no alert.
pub(super) async fn end_alert(tx: &DatabaseTransaction, row: &Model, now: Moment) -> Result<bool, DbErr> {
    let purpose = MAIL_PURPOSE.read(&row.id, &row.purpose);
    let is_of_alert = purpose == MailPurpose::AlertConfirm || purpose == MailPurpose::AlertNews;
    let Some(message_id) = row.message_id.as_deref().filter(|_| is_of_alert) else { return Ok(false) };
    for id in alert::refused(tx, message_id, now).await?.unwrap_or_default() {
        forget(tx, &id, now).await?;
    }
    Ok(true)
}

pub(super) fn told(attempt: &Attempt) -> String {
    format!("{}: {}", attempt.outcome.word(), attempt.detail)
}

/// Updates the row only while it is queued under this lease; returns whether it was.
async fn update_held(
    tx: &DatabaseTransaction,
    id: &str,
    token: &str,
    verdict: DeliveryOutcome,
    error: Option<String>,
    now: Moment,
) -> Result<bool, DbErr> {
    let mut update = Outbox::update_many()
        .col_expr(C::LeaseToken, Expr::value(None::<String>))
        .col_expr(C::LeaseUntil, Expr::value(None::<i64>))
        .filter(C::Id.eq(id))
        .filter(C::LeaseToken.eq(token))
        .filter(is(MailState::Queued));
    if let Some(error) = error {
        update = update.col_expr(C::LastError, Expr::value(error));
    }
    update = match verdict {
        DeliveryOutcome::Sent => update
            .col_expr(C::State, Expr::value(MailState::Sent.word()))
            .col_expr(C::LastError, Expr::value(None::<String>))
            .col_expr(C::SettledAt, Expr::value(now.0)),
        DeliveryOutcome::Failed => {
            update.col_expr(C::State, Expr::value(MailState::Failed.word())).col_expr(C::SettledAt, Expr::value(now.0))
        }
        DeliveryOutcome::Later { at, uncounted } => {
            let spent = i64::from(!uncounted);
            update.col_expr(C::NextAt, Expr::value(at.0)).col_expr(C::Attempts, Expr::col(C::Attempts).add(spent - 1))
        }
    };
    Ok(update.exec(tx).await?.rows_affected == 1)
}

pub(super) fn of_task(row: &Model) -> MailOfTask {
    MailOfTask { id: row.id.clone(), requirement_id: row.requirement_id.clone(), inquiry_id: row.inquiry_id.clone() }
}

/// Selects the ids of mails that have waited since `since`.
pub(super) fn waiting_ids(since: Moment) -> SelectStatement {
    waiting(since).select_only().column(C::Id).into_query()
}

fn waiting(since: Moment) -> Select<Outbox> {
    Outbox::find().filter(is(MailState::Queued)).filter(is_deliverable()).filter(C::CreatedAt.lte(since.0))
}

/// Returns mails that have waited since `since` and are not in `known`, oldest first, with queueing time and last error.
/// Processes that sweep at once divide the rows.
pub(super) async fn waiting_besides(
    tx: &DatabaseTransaction,
    since: Moment,
    known: SelectStatement,
    at_most: u64,
) -> Result<Vec<(MailOfTask, Moment, Option<String>)>, DbErr> {
    let new = waiting(since).filter(C::Id.not_in_subquery(known)).order_by_asc(C::Id).limit(at_most);
    let rows = new.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(tx).await?;
    Ok(rows.into_iter().map(|row| (of_task(&row), Moment(row.created_at), row.last_error)).collect())
}

impl Db {
    /// Returns the mails of an inquiry to its park, oldest first; forwarded replies are private to both sides.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn mails_of(&self, inquiry_id: &str) -> Result<Vec<MailRow>, DbError> {
        Ok(mails_in(self.read(), inquiry_id).await?)
    }

    /// Returns the mails of a requirement as JSON, oldest first, for its owner: purpose, recipient's part and state.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn mails_of_need(&self, requirement_id: &str) -> Result<Vec<(String, MailRow)>, DbError> {
        // Assignments are between staff.
        let shown = C::Purpose.ne(MailPurpose::Assignment.word());
        let rows = Outbox::find().filter(C::RequirementId.eq(requirement_id)).filter(shown).order_by_asc(C::Id);
        let rows = rows.all(self.read()).await?;
        Ok(rows.into_iter().map(|row| (row.purpose.clone(), mail_row(row))).collect())
    }

    /// Counts the failed inquiry mails of a park whose failure is an open task.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn failed_mails(&self, park: &str) -> Result<u64, DbError> {
        let failed = Outbox::find().filter(is(MailState::Failed));
        Ok(failed.filter(C::Id.in_subquery(task::failed_of(park))).count(self.read()).await?)
    }

    /// Returns the Message-IDs of the mails of an inquiry to one address, oldest first: the first and the latest ones, as
    /// many as a header needs to keep a thread together.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn thread_of(&self, inquiry_id: &str, recipient: &str) -> Result<Vec<String>, DbError> {
        let ids: Vec<Option<String>> = Outbox::find()
            .select_only()
            .column(C::MessageId)
            .filter(C::InquiryId.eq(inquiry_id))
            .filter(C::Recipient.eq(recipient))
            .order_by_asc(C::Id)
            .into_tuple()
            .all(self.read())
            .await?;
        let latest = ids.len().saturating_sub(LONGEST_THREAD);
        let kept = ids.into_iter().enumerate().filter(|(at, _)| *at == 0 || *at >= latest);
        Ok(kept.filter_map(|(_, id)| id).collect())
    }

    /// Returns the bytes of the latest mails of an inquiry to either side, newest first, as far as they are not erased.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn sent_in(&self, inquiry_id: &str) -> Result<Vec<Vec<u8>>, DbError> {
        let mails: Vec<Option<Vec<u8>>> = Outbox::find()
            .select_only()
            .column(C::Payload)
            .filter(C::InquiryId.eq(inquiry_id))
            .order_by_desc(C::Id)
            .limit(MOST_QUOTED)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(mails.into_iter().flatten().collect())
    }

    /// Counts the queued mails, except those to paused inboxes.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn waiting_mails(&self) -> Result<u64, DbError> {
        Ok(Outbox::find().filter(is(MailState::Queued)).filter(is_deliverable()).count(self.read()).await?)
    }

    /// Counts the mails that have not left, by state, and returns the time at which the oldest queued one was written.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn unsent_mails(&self) -> Result<(Vec<(MailState, u64)>, Option<Moment>), DbError> {
        let mut counts = Vec::new();
        for state in [MailState::Queued, MailState::Parked, MailState::Held, MailState::Failed] {
            counts.push((state, Outbox::find().filter(is(state)).count(self.read_whole()).await?));
        }
        let queued = Outbox::find().filter(is(MailState::Queued)).filter(is_deliverable());
        let oldest = queued.select_only().column_as(C::CreatedAt.min(), "oldest").into_tuple::<Option<i64>>();
        Ok((counts, oldest.one(self.read_whole()).await?.flatten().map(Moment)))
    }

    /// Counts the held mails.
    pub(super) async fn held_mails(&self) -> Result<u64, DbError> {
        Ok(Outbox::find().filter(is(MailState::Held)).count(self.read_whole()).await?)
    }

    /// Holds the queued mails; returns their number.
    pub(super) async fn hold_mails(&self) -> Result<u64, DbError> {
        let hold = change(MailState::Held).filter(is(MailState::Queued));
        self.write(|tx| Box::pin(async move { Ok(hold.exec(tx).await?.rows_affected) })).await
    }

    /// Queues the mails that a restore held; returns their number.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`].
    pub async fn release_held(&self) -> Result<u64, DbError> {
        let queue = change(MailState::Queued).filter(is(MailState::Held));
        self.write(|tx| Box::pin(async move { Ok(queue.exec(tx).await?.rows_affected) })).await
    }
}

/// Returns the mails of an inquiry to its park, also inside a transaction; those between people are events of its history.
pub(crate) async fn mails_in(connection: &impl ConnectionTrait, inquiry_id: &str) -> Result<Vec<MailRow>, DbErr> {
    let shown = [MailPurpose::Inquiry, MailPurpose::Withdrawal];
    let rows = Outbox::find()
        .filter(C::InquiryId.eq(inquiry_id))
        .filter(C::Purpose.is_in(shown.map(MailPurpose::word)))
        .order_by_asc(C::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(mail_row).collect())
}

fn mail_row(row: Model) -> MailRow {
    MailRow {
        state: MAIL_STATE.read(&row.id, &row.state),
        id: row.id,
        recipient: row.recipient.unwrap_or_default(),
        attempts: row.attempts,
        last_error: row.last_error,
        created_at: Moment(row.created_at),
        settled_at: row.settled_at.map(Moment),
    }
}

/// Cancels the mails of one inquiry that have not left and erases their bytes. Returns whether its mail had left, or was
/// leaving.
pub(crate) async fn withdraw_inquiry(tx: &DatabaseTransaction, inquiry_id: &str, now: Moment) -> Result<bool, DbErr> {
    let of_inquiry = C::InquiryId.eq(inquiry_id);
    let has_left = is(MailState::Sent).or(is(MailState::Queued).and(C::LeaseUntil.gt(now.0)));
    let inquiries = C::Purpose.eq(MailPurpose::Inquiry.word());
    let served = Outbox::find().filter(of_inquiry.clone()).filter(has_left).filter(inquiries).one(tx).await?;
    let unsent = [MailState::Queued, MailState::Parked, MailState::Held].map(MailState::word);
    change(MailState::Cancelled)
        .col_expr(C::SettledAt, Expr::value(now.0))
        .filter(of_inquiry.clone())
        .filter(C::State.is_in(unsent))
        .exec(tx)
        .await?;
    Outbox::update_many().col_expr(C::Payload, Expr::value(None::<Vec<u8>>)).filter(of_inquiry).exec(tx).await?;
    Ok(served.is_some())
}

/// Adds mails to the outbox.
pub(crate) async fn enqueue(tx: &DatabaseTransaction, mails: Vec<NewMail>, now: Moment) -> Result<(), DbErr> {
    if !mails.is_empty() {
        tx.execute(&rows(mails, now)).await?;
    }
    Ok(())
}

/// Builds the insert of at least one mail.
pub(crate) fn rows(mails: Vec<NewMail>, now: Moment) -> InsertStatement {
    let rows = mails.into_iter().map(|new| ActiveModel {
        id: Set(ids::row_id()),
        purpose: Set(new.purpose.word().to_owned()),
        requirement_id: Set(new.requirement_id),
        inquiry_id: Set(new.inquiry_id),
        resend_of: Set(new.resend_of),
        recipient: Set(Some(new.mail.recipient)),
        message_id: Set(Some(new.mail.message_id)),
        envelope_from: Set(Some(new.mail.envelope_from)),
        payload: Set(Some(new.mail.bytes)),
        state: Set(if new.is_parked { MailState::Parked } else { MailState::Queued }.word().to_owned()),
        attempts: Set(0),
        next_at: Set(now.0),
        lease_token: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now.0),
        settled_at: Set(None),
    });
    Outbox::insert_many(rows).into_query()
}

/// Cancels the mails of a requirement that have not left, erases the bytes of all of them, and erases the address of those
/// that did not go to a park. Returns the ids of the inquiries whose mail had left, or was leaving.
pub(crate) async fn withdraw(
    tx: &DatabaseTransaction,
    requirement_id: &str,
    now: Moment,
) -> Result<Vec<String>, DbErr> {
    let of_requirement = C::RequirementId.eq(requirement_id);
    // A mail under a live lease may be in an SMTP conversation: its park may receive it, so it gets the withdrawal.
    let has_left = is(MailState::Sent).or(is(MailState::Queued).and(C::LeaseUntil.gt(now.0)));
    let served = Outbox::find()
        .filter(of_requirement.clone())
        .filter(has_left)
        .filter(C::Purpose.eq(MailPurpose::Inquiry.word()))
        .all(tx)
        .await?;
    let unsent = [MailState::Queued, MailState::Parked, MailState::Held].map(MailState::word);
    change(MailState::Cancelled)
        .col_expr(C::SettledAt, Expr::value(now.0))
        .filter(of_requirement.clone())
        .filter(C::State.is_in(unsent))
        .exec(tx)
        .await?;
    failpoint!("withdraw.cancelled");
    Outbox::update_many()
        .col_expr(C::Payload, Expr::value(None::<Vec<u8>>))
        .filter(of_requirement.clone())
        .exec(tx)
        .await?;
    // A purpose of another version may be a mail to the enterprise: erased rather than kept.
    let to_parks = [MailPurpose::Inquiry, MailPurpose::Withdrawal].map(MailPurpose::word);
    Outbox::update_many()
        .col_expr(C::Recipient, Expr::value(None::<String>))
        .filter(of_requirement)
        .filter(C::Purpose.is_not_in(to_parks))
        .exec(tx)
        .await?;
    failpoint!("withdraw.forgotten");
    Ok(served.into_iter().filter_map(|row| row.inquiry_id).collect())
}

/// Cancels a mail that has not left, and erases its address and bytes, by its Message-ID.
pub(crate) async fn forget(tx: &DatabaseTransaction, message_id: &str, now: Moment) -> Result<(), DbErr> {
    let unsent = [MailState::Queued, MailState::Parked, MailState::Held].map(MailState::word);
    change(MailState::Cancelled)
        .col_expr(C::SettledAt, Expr::value(now.0))
        .filter(C::MessageId.eq(message_id))
        .filter(C::State.is_in(unsent))
        .exec(tx)
        .await?;
    Outbox::update_many()
        .col_expr(C::Payload, Expr::value(None::<Vec<u8>>))
        .col_expr(C::Recipient, Expr::value(None::<String>))
        .filter(C::MessageId.eq(message_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Queues a requirement's parked mails.
pub(crate) async fn unpark(tx: &DatabaseTransaction, requirement_id: &str, now: Moment) -> Result<(), DbErr> {
    change(MailState::Queued)
        .col_expr(C::NextAt, Expr::value(now.0))
        .filter(C::RequirementId.eq(requirement_id))
        .filter(is(MailState::Parked))
        .exec(tx)
        .await?;
    Ok(())
}

fn is(state: MailState) -> Expr {
    C::State.eq(state.word())
}

fn change(state: MailState) -> UpdateMany<Outbox> {
    Outbox::update_many().col_expr(C::State, Expr::value(state.word()))
}

/// Selects the requirements about which a mail was written since a time.
pub(crate) fn requirements_written_since(since: Moment) -> SelectStatement {
    Query::select()
        .column(C::RequirementId)
        .from(Outbox)
        .and_where(C::RequirementId.is_not_null())
        .and_where(C::CreatedAt.gte(since.0))
        .take()
}

/// Deletes mails settled before a time that belong to no requirement, or whose bytes were erased, with their attempts. Returns
/// the number of mails.
pub(crate) async fn delete_settled(tx: &DatabaseTransaction, before: Moment) -> Result<u64, DbErr> {
    let is_old = Condition::all()
        .add(C::SettledAt.lt(before.0))
        .add(Condition::any().add(C::RequirementId.is_null()).add(C::Payload.is_null()));
    let old = Query::select().column(C::Id).from(Outbox).cond_where(is_old.clone()).take();
    outbox_attempt::Entity::delete_many().filter(outbox_attempt::Column::OutboxId.in_subquery(old)).exec(tx).await?;
    Ok(Outbox::delete_many().filter(is_old).exec(tx).await?.rows_affected)
}
