//! Mails that came back: matched to the outbox, recorded once, and told to staff.

use domain::inquiry::InquiryState;
use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::entity::outbox::{Column as C, Entity as Outbox, Model};
use super::entity::{inquiry, outbox_attempt};
use super::letters::Attempt;
use super::outbox::{end_alert, of_task, record, told};
use super::words::{AttemptOutcome, MailPurpose, MailState, TaskKind};
use super::{Db, DbError, inbox_trouble, lead, task};

/// A delivery report about a mail of the outbox.
#[derive(Clone, Debug)]
pub struct Returned {
    /// Possible Message-IDs of the mail concerned.
    pub ids: Vec<String>,
    /// Possible envelope senders of the mail concerned.
    pub envelopes: Vec<String>,
    /// Possible inquiry numbers, for a relay that rewrote the Message-ID.
    pub numbers: Vec<String>,
    /// Possible tokens of the envelope sender, alphanumeric, for a report that names the ENVID alone.
    pub tokens: Vec<String>,
    /// [`AttemptOutcome::Bounced`], [`AttemptOutcome::Delayed`] or [`AttemptOutcome::Automatic`].
    pub outcome: AttemptOutcome,
    /// Reason group, status and diagnostic.
    pub detail: String,
    /// SHA-256 of the report, by which a second reading is known.
    pub digest: String,
}

/// Outcome of recording a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Recorded now.
    New,
    /// Recorded before.
    Repeated,
    /// No mail that left has these ids.
    Unmatched,
}

impl Db {
    /// Records a report about a mail that left. A bounce fails mail and inquiry, and opens a task; other outcomes add an
    /// attempt only.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`]; nothing was recorded.
    pub async fn record_returned(&self, report: Returned, now: Moment) -> Result<Recorded, DbError> {
        self.write(move |tx| Box::pin(async move { Ok(returned_in(tx, report, now).await?) })).await
    }

    /// Returns the recipient of a mail; `None` where it was erased.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn recipient_of(&self, id: &str) -> Result<Option<String>, DbError> {
        Ok(Outbox::find_by_id(id).one(self.read()).await?.and_then(|row| row.recipient))
    }

    /// Opens a task about a mail that a person must look at. Returns `false` where it was opened before.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`]; nothing was recorded.
    pub async fn open_look(&self, kind: TaskKind, digest: &str, detail: String, now: Moment) -> Result<bool, DbError> {
        let id: String = digest.chars().take(32).collect();
        self.write(move |tx| Box::pin(async move { Ok(task::open_once(tx, id, kind, detail, now).await?) })).await
    }
}

async fn returned_in(tx: &DatabaseTransaction, report: Returned, now: Moment) -> Result<Recorded, DbErr> {
    let Some(row) = mail_of(tx, &report).await? else { return Ok(Recorded::Unmatched) };
    let is_bounce = report.outcome == AttemptOutcome::Bounced;
    let mut same = Condition::any().add(outbox_attempt::Column::LeaseToken.eq(report.digest.as_str()));
    if is_bounce {
        same = same.add(outbox_attempt::Column::Outcome.eq(AttemptOutcome::Bounced.word()));
    }
    let of_row = outbox_attempt::Column::OutboxId.eq(row.id.as_str());
    if outbox_attempt::Entity::find().filter(of_row).filter(same).one(tx).await?.is_some() {
        return Ok(Recorded::Repeated);
    }
    // Not the token of a lease: attempts of the worker have those.
    record(tx, &row.id, &report.digest, report.outcome, &report.detail, now).await?;
    failpoint!("bounce.recorded");
    if is_bounce {
        fail(tx, &row, report.detail, now).await?;
    } else if row.state == MailState::Sent.word() {
        let attempt = Attempt { outcome: report.outcome, detail: report.detail };
        let line = Outbox::update_many().col_expr(C::LastError, Expr::value(told(&attempt)));
        line.filter(C::Id.eq(row.id.as_str())).exec(tx).await?;
    }
    Ok(Recorded::New)
}

/// Finds the mail concerned: by its own envelope sender or that one's token, by Message-ID, else the newest mail of the inquiry.
/// Only a mail that left can come back; one whose outcome is not recorded yet may have left.
async fn mail_of(tx: &DatabaseTransaction, report: &Returned) -> Result<Option<Model>, DbErr> {
    let tried = Condition::all().add(C::State.eq(MailState::Queued.word())).add(C::Attempts.gt(0));
    let ended = C::State.is_in([MailState::Sent.word(), MailState::Failed.word()]);
    let left = || Outbox::find().filter(Condition::any().add(ended.clone()).add(tried.clone()));
    let of_token = report.tokens.iter().map(|token| C::EnvelopeFrom.like(format!("bounce+{token}@%")));
    let is_envelope = C::EnvelopeFrom.is_in(report.envelopes.iter().map(String::as_str));
    let by_envelope = left().filter(of_token.fold(Condition::any().add(is_envelope), Condition::add)).limit(2);
    // Two rows share an address that is not theirs alone: a fixed one of the configuration.
    if let [row] = by_envelope.lock_exclusive().all(tx).await?.as_slice() {
        return Ok(Some(row.clone()));
    }
    let by_id = left().filter(C::MessageId.is_in(report.ids.iter().map(String::as_str))).order_by_desc(C::Id);
    if let Some(row) = by_id.lock_exclusive().one(tx).await? {
        return Ok(Some(row));
    }
    let numbered = inquiry::Column::Number.is_in(report.numbers.iter().map(String::as_str));
    let Some(inquiry) = inquiry::Entity::find().filter(numbered).one(tx).await? else { return Ok(None) };
    let newest = left().filter(C::InquiryId.eq(inquiry.id)).filter(C::Purpose.eq(MailPurpose::Inquiry.word()));
    newest.order_by_desc(C::Id).lock_exclusive().one(tx).await
}

async fn fail(tx: &DatabaseTransaction, row: &Model, detail: String, now: Moment) -> Result<(), DbErr> {
    let attempt = Attempt { outcome: AttemptOutcome::Bounced, detail };
    settle_failed(tx, row, &attempt, now).await?;
    if end_alert(tx, row, now).await? {
        return Ok(());
    }
    task::open(tx, TaskKind::MailBounced, of_task(row), attempt.detail.clone(), now).await?;
    failpoint!("bounce.task_opened");
    pause(tx, row, &attempt.detail, now).await?;
    let Some(inquiry_id) = row.inquiry_id.as_deref() else { return Ok(()) };
    if row.purpose == MailPurpose::Inquiry.word() && !was_repeated(tx, row, inquiry_id).await? {
        lead::came_back(tx, inquiry_id, InquiryState::Failed, now).await?;
    }
    Ok(())
}

async fn settle_failed(tx: &DatabaseTransaction, row: &Model, attempt: &Attempt, now: Moment) -> Result<(), DbErr> {
    Outbox::update_many()
        .col_expr(C::State, Expr::value(MailState::Failed.word()))
        .col_expr(C::LastError, Expr::value(told(attempt)))
        .col_expr(C::LeaseToken, Expr::value(None::<String>))
        .col_expr(C::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(C::SettledAt, Expr::value(now.0))
        .filter(C::Id.eq(row.id.as_str()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Fails the inquiries that wait for a paused inbox, so that they can be sent to another one; each opens a task.
pub(crate) async fn give_up_waiting(tx: &DatabaseTransaction, address: &str, now: Moment) -> Result<(), DbErr> {
    let waiting = Outbox::find()
        .filter(C::Recipient.eq(address))
        .filter(C::Recipient.in_subquery(inbox_trouble::paused()))
        .filter(C::State.eq(MailState::Queued.word()))
        .filter(C::Purpose.eq(MailPurpose::Inquiry.word()));
    for row in waiting.lock_exclusive().all(tx).await? {
        let attempt = Attempt { outcome: AttemptOutcome::Permanent, detail: "the inbox was paused".to_owned() };
        settle_failed(tx, &row, &attempt, now).await?;
        task::open(tx, TaskKind::MailFailed, of_task(&row), told(&attempt), now).await?;
        if let Some(inquiry_id) = row.inquiry_id.as_deref() {
            lead::came_back(tx, inquiry_id, InquiryState::Failed, now).await?;
        }
    }
    Ok(())
}

/// Counts the bounce of a park's inbox, and opens a task where mail to it pauses. The addresses of enterprises are not kept.
async fn pause(tx: &DatabaseTransaction, row: &Model, reason: &str, now: Moment) -> Result<(), DbErr> {
    let to_parks = [MailPurpose::Inquiry, MailPurpose::Withdrawal, MailPurpose::StillValid].map(MailPurpose::word);
    let Some(address) = row.recipient.as_deref().filter(|_| to_parks.contains(&row.purpose.as_str())) else {
        return Ok(());
    };
    if inbox_trouble::bounced(tx, address, reason, now).await? {
        task::open(tx, TaskKind::InboxPaused, of_task(row), reason.to_owned(), now).await?;
    }
    Ok(())
}

/// Whether a newer mail of the inquiry exists, whose outcome counts instead.
async fn was_repeated(tx: &DatabaseTransaction, row: &Model, inquiry_id: &str) -> Result<bool, DbErr> {
    let newer = Outbox::find()
        .filter(C::InquiryId.eq(inquiry_id))
        .filter(C::Purpose.eq(MailPurpose::Inquiry.word()))
        .filter(C::Id.gt(row.id.as_str()));
    Ok(newer.one(tx).await?.is_some())
}
