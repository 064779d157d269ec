//! Mails as use cases see them: put into the outbox with their cause, cancelled, looked at. Claiming and settling them is
//! `outbox`'s.

use std::collections::HashMap;

use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::entity::{lead, outbox, staff_task};
use super::lead::leads;
use super::{Db, DbError};
use crate::ids;
use crate::mail::Built;

/// A mail to be sent once the transaction has committed.
#[derive(Clone, Debug)]
pub(crate) struct NewMail {
    /// `inquiry`, `receipt`, `withdrawal` or `reply`.
    pub(crate) purpose: &'static str,
    pub(crate) requirement_id: Option<String>,
    pub(crate) inquiry_id: Option<String>,
    /// The row that this one sends again.
    pub(crate) resend_of: Option<String>,
    /// Whether it waits for a person to look.
    pub(crate) is_parked: bool,
    pub(crate) mail: Built,
}

/// A mail of an inquiry as staff see it.
#[derive(Clone, Debug)]
pub struct MailRow {
    /// Row id.
    pub id: String,
    /// To which inbox.
    pub recipient: String,
    /// queued, sent, failed or cancelled.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What the relay said last.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: Moment,
    /// When it was settled.
    pub settled_at: Option<Moment>,
}

/// Something that a person must do.
#[derive(Clone, Debug)]
pub struct StaffTask {
    /// Row id.
    pub id: String,
    /// `mail_failed`, …
    pub kind: String,
    /// Of which park; none: the operator's.
    pub park: Option<String>,
    /// Concerning which requirement.
    pub requirement_id: Option<String>,
    /// Concerning which inquiry.
    pub inquiry_id: Option<String>,
    /// The lead of that inquiry.
    pub lead_id: Option<String>,
    /// Concerning which mail.
    pub outbox_id: Option<String>,
    /// What happened, without personal data.
    pub detail: String,
    /// Since when.
    pub created_at: Moment,
}

impl Db {
    /// The mails of an inquiry to its park, oldest first; what was passed on between both sides is theirs.
    ///
    /// # Errors
    /// The database's.
    pub async fn mails_of(&self, inquiry_id: &str) -> Result<Vec<MailRow>, DbError> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::InquiryId.eq(inquiry_id))
            .filter(outbox::Column::Purpose.ne("reply"))
            .order_by_asc(outbox::Column::Id)
            .all(self.read())
            .await?;
        let row = |row: outbox::Model| MailRow {
            id: row.id,
            recipient: row.recipient.unwrap_or_default(),
            state: row.state,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: Moment(row.created_at),
            settled_at: row.settled_at.map(Moment),
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Open tasks of one park, or of all.
    ///
    /// # Errors
    /// The database's.
    pub async fn open_tasks(&self, scope: &domain::account::Scope) -> Result<Vec<StaffTask>, DbError> {
        let mut query = staff_task::Entity::find().filter(staff_task::Column::DoneAt.is_null());
        if let domain::account::Scope::Park(park) = scope {
            query = query.filter(staff_task::Column::ParkCode.eq(park));
        }
        let rows = query.order_by_desc(staff_task::Column::Id).limit(200).all(self.read()).await?;
        let inquiries: Vec<&str> = rows.iter().filter_map(|row| row.inquiry_id.as_deref()).collect();
        let found = leads(scope).filter(lead::Column::InquiryId.is_in(inquiries)).all(self.read()).await?;
        let lead_ids: HashMap<String, String> = found.into_iter().map(|lead| (lead.inquiry_id, lead.id)).collect();
        let task = |row: staff_task::Model| StaffTask {
            id: row.id,
            kind: row.kind,
            park: row.park_code,
            lead_id: row.inquiry_id.as_ref().and_then(|id| lead_ids.get(id).cloned()),
            requirement_id: row.requirement_id,
            inquiry_id: row.inquiry_id,
            outbox_id: row.outbox_id,
            detail: row.detail,
            created_at: Moment(row.created_at),
        };
        Ok(rows.into_iter().map(task).collect())
    }

    /// How many mails wait to be sent.
    ///
    /// # Errors
    /// The database's.
    pub async fn waiting_mails(&self) -> Result<u64, DbError> {
        use sea_orm::PaginatorTrait as _;
        Ok(outbox::Entity::find().filter(outbox::Column::State.eq("queued")).count(self.read()).await?)
    }
}

/// Puts mails into the outbox.
pub(crate) async fn enqueue(tx: &DatabaseTransaction, mails: Vec<NewMail>, now: Moment) -> Result<(), DbErr> {
    if !mails.is_empty() {
        tx.execute(&rows(mails, now)).await?;
    }
    Ok(())
}

/// The rows of mails, of one at least.
pub(crate) fn rows(mails: Vec<NewMail>, now: Moment) -> InsertStatement {
    let rows = mails.into_iter().map(|new| outbox::ActiveModel {
        id: Set(ids::row_id()),
        purpose: Set(new.purpose.to_owned()),
        requirement_id: Set(new.requirement_id),
        inquiry_id: Set(new.inquiry_id),
        resend_of: Set(new.resend_of),
        recipient: Set(Some(new.mail.recipient)),
        message_id: Set(Some(new.mail.message_id)),
        payload: Set(Some(new.mail.bytes)),
        state: Set(if new.is_parked { "parked" } else { "queued" }.to_owned()),
        attempts: Set(0),
        next_at: Set(now.0),
        lease_token: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now.0),
        settled_at: Set(None),
    });
    outbox::Entity::insert_many(rows).into_query()
}

/// Cancels every mail of a requirement that has not left, and takes their bytes and the enterprise's own address away
/// from those that have. Returns the ids of the inquiries whose mail had already left, or was leaving at that moment.
pub(crate) async fn withdraw(
    tx: &DatabaseTransaction,
    requirement_id: &str,
    now: Moment,
) -> Result<Vec<String>, DbErr> {
    use outbox::Column as C;
    let of_requirement = C::RequirementId.eq(requirement_id);
    // Under a live lease a mail may be on the wire: its park is told, for it may have it.
    let has_left = C::State.eq("sent").or(C::State.eq("queued").and(C::LeaseUntil.gt(now.0)));
    let served = outbox::Entity::find()
        .filter(of_requirement.clone())
        .filter(has_left)
        .filter(C::Purpose.eq("inquiry"))
        .all(tx)
        .await?;
    outbox::Entity::update_many()
        .col_expr(C::State, Expr::value("cancelled"))
        .col_expr(C::SettledAt, Expr::value(now.0))
        .filter(of_requirement.clone())
        .filter(C::State.is_in(["queued", "parked", "held"]))
        .exec(tx)
        .await?;
    failpoint!("withdraw.cancelled");
    outbox::Entity::update_many()
        .col_expr(C::Payload, Expr::value(None::<Vec<u8>>))
        .filter(of_requirement.clone())
        .exec(tx)
        .await?;
    outbox::Entity::update_many()
        .col_expr(C::Recipient, Expr::value(None::<String>))
        .filter(of_requirement.clone())
        .filter(C::Purpose.is_in(["receipt", "reply"]))
        .exec(tx)
        .await?;
    failpoint!("withdraw.forgotten");
    Ok(served.into_iter().filter_map(|row| row.inquiry_id).collect())
}

/// The row of a task for whoever runs the service.
pub(crate) fn task(kind: &str, requirement_id: &str, detail: &str, now: Moment) -> InsertStatement {
    let row = staff_task::ActiveModel {
        id: Set(ids::row_id()),
        kind: Set(kind.to_owned()),
        park_code: Set(None),
        requirement_id: Set(Some(requirement_id.to_owned())),
        inquiry_id: Set(None),
        outbox_id: Set(None),
        detail: Set(detail.to_owned()),
        created_at: Set(now.0),
        done_at: Set(None),
        done_by: Set(None),
    };
    staff_task::Entity::insert(row).into_query()
}

/// Closes a task of this kind and returns its requirement; `None` where it is not open.
pub(crate) async fn close_task(
    tx: &DatabaseTransaction,
    id: &str,
    kind: &str,
    account_id: &str,
    now: Moment,
) -> Result<Option<String>, DbErr> {
    let open = staff_task::Entity::find_by_id(id)
        .filter(staff_task::Column::Kind.eq(kind))
        .filter(staff_task::Column::DoneAt.is_null())
        .one(tx)
        .await?;
    let Some(requirement) = open.and_then(|row| row.requirement_id) else { return Ok(None) };
    staff_task::Entity::update_many()
        .col_expr(staff_task::Column::DoneAt, Expr::value(now.0))
        .col_expr(staff_task::Column::DoneBy, Expr::value(account_id))
        .filter(staff_task::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(Some(requirement))
}

/// Lets a requirement's parked mails go.
pub(crate) async fn unpark(tx: &DatabaseTransaction, requirement_id: &str, now: Moment) -> Result<(), DbErr> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value("queued"))
        .col_expr(outbox::Column::NextAt, Expr::value(now.0))
        .filter(outbox::Column::RequirementId.eq(requirement_id))
        .filter(outbox::Column::State.eq("parked"))
        .exec(tx)
        .await?;
    Ok(())
}

/// Marks a task as done.
pub(crate) async fn finish_tasks(
    tx: &DatabaseTransaction,
    outbox_id: &str,
    account_id: &str,
    now: Moment,
) -> Result<(), DbErr> {
    staff_task::Entity::update_many()
        .col_expr(staff_task::Column::DoneAt, Expr::value(now.0))
        .col_expr(staff_task::Column::DoneBy, Expr::value(account_id))
        .filter(staff_task::Column::OutboxId.eq(outbox_id))
        .filter(staff_task::Column::DoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
