//! Tasks for staff: mails that failed or wait too long, requirements that look automated, reports, webhooks that fail.

use std::collections::HashMap;

use domain::account::Scope;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::entity::staff_task::{ActiveModel, Column as C, Entity as Task, Model};
use super::entity::{inquiry, lead};
use super::lead::leads;
use super::words::{TASK_KIND, TaskKind};
use super::{Db, DbError};
use crate::ids;

/// Tasks that the page shows; the rest follow as these are done.
const MOST_SHOWN: u64 = 200;

/// The parts of a mail that a task names.
pub(super) struct MailOfTask {
    pub(super) id: String,
    pub(super) requirement_id: Option<String>,
    pub(super) inquiry_id: Option<String>,
}

/// An open task.
#[derive(Clone, Debug)]
pub struct StaffTask {
    /// Row id.
    pub id: String,
    /// Its kind.
    pub kind: Stored<TaskKind>,
    /// Code of the park; `None` for the operator.
    pub park: Option<String>,
    /// Id of the requirement concerned.
    pub requirement_id: Option<String>,
    /// Id of the inquiry concerned.
    pub inquiry_id: Option<String>,
    /// Id of that inquiry's lead.
    pub lead_id: Option<String>,
    /// Id of the mail concerned.
    pub outbox_id: Option<String>,
    /// The cause, without personal data.
    pub detail: String,
    /// Time of opening.
    pub created_at: Moment,
}

impl Db {
    /// Returns the open tasks of a scope, newest first, at most [`MOST_SHOWN`].
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn open_tasks(&self, scope: &Scope) -> Result<Vec<StaffTask>, DbError> {
        let mut query = Task::find().filter(C::DoneAt.is_null());
        match scope {
            Scope::All => {}
            // Tasks are work on mails, which a watcher of an industry has no part in.
            Scope::Industries(_) => return Ok(Vec::new()),
            Scope::Park(_) | Scope::Parks(_) => {
                query = query.filter(C::ParkCode.is_in(scope.parks().unwrap_or_default()));
            }
        }
        let rows = query.order_by_desc(C::CreatedAt).order_by_desc(C::Id).limit(MOST_SHOWN).all(self.read()).await?;
        self.with_leads(scope, rows).await
    }

    /// Returns an open task of a scope.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn open_task(&self, scope: &Scope, id: &str) -> Result<Option<StaffTask>, DbError> {
        let rows = Task::find_by_id(id).filter(C::DoneAt.is_null()).all(self.read()).await?;
        let covers = |row: &Model| *scope == Scope::All || row.park_code.as_deref().is_some_and(|it| scope.covers(it));
        let rows = rows.into_iter().filter(covers).collect();
        Ok(self.with_leads(scope, rows).await?.pop())
    }

    async fn with_leads(&self, scope: &Scope, rows: Vec<Model>) -> Result<Vec<StaffTask>, DbError> {
        let ids: Vec<&str> = rows.iter().filter_map(|row| row.inquiry_id.as_deref()).collect();
        let inquiries = inquiry::Entity::find().filter(inquiry::Column::Id.is_in(ids.iter().copied()));
        let inquiries = inquiries.all(self.read()).await?;
        let of_inquiry = inquiries.iter().filter_map(|row| row.lead_id.as_deref());
        let own = Condition::any()
            .add(lead::Column::InquiryId.is_in(ids.iter().copied()))
            .add(lead::Column::Id.is_in(of_inquiry));
        let found = leads(scope).filter(own).all(self.read()).await?;
        let lead_of = |inquiry: &inquiry::Model| {
            let lead =
                found.iter().find(|lead| lead.inquiry_id == inquiry.id || inquiry.lead_id.as_ref() == Some(&lead.id));
            lead.map(|lead| (inquiry.id.clone(), lead.id.clone()))
        };
        let lead_ids: HashMap<String, String> = inquiries.iter().filter_map(lead_of).collect();
        Ok(rows.into_iter().map(|row| stored(row, &lead_ids)).collect())
    }
}

/// Closes an open task; `false` where it is not open any more.
pub(crate) async fn done(tx: &DatabaseTransaction, id: &str, account_id: &str, now: Moment) -> Result<bool, DbErr> {
    let done = Task::update_many()
        .col_expr(C::DoneAt, Expr::value(now.0))
        .col_expr(C::DoneBy, Expr::value(account_id))
        .filter(C::Id.eq(id))
        .filter(C::DoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Closes the open tasks about a requirement whose cause is gone.
pub(crate) async fn finish_need(tx: &DatabaseTransaction, requirement_id: &str, now: Moment) -> Result<(), DbErr> {
    close(tx, C::RequirementId.eq(requirement_id), None, now).await
}

/// Closes the open tasks about the paused inbox of a park.
pub(crate) async fn finish_paused(
    tx: &DatabaseTransaction,
    park: &str,
    account_id: &str,
    now: Moment,
) -> Result<(), DbErr> {
    let of_park = C::ParkCode.eq(park).and(C::Kind.eq(TaskKind::InboxPaused.word()));
    close(tx, of_park, Some(account_id), now).await
}

/// Closes the open tasks about an inquiry whose cause is gone.
pub(crate) async fn finish_inquiry(tx: &DatabaseTransaction, inquiry_id: &str, now: Moment) -> Result<(), DbErr> {
    close(tx, C::InquiryId.eq(inquiry_id), None, now).await
}

fn stored(row: Model, lead_ids: &HashMap<String, String>) -> StaffTask {
    StaffTask {
        kind: TASK_KIND.read(&row.id, &row.kind),
        lead_id: row.inquiry_id.as_ref().and_then(|id| lead_ids.get(id).cloned()),
        id: row.id,
        park: row.park_code,
        requirement_id: row.requirement_id,
        inquiry_id: row.inquiry_id,
        outbox_id: row.outbox_id,
        detail: row.detail,
        created_at: Moment(row.created_at),
    }
}

fn new(kind: TaskKind, detail: String, now: Moment) -> ActiveModel {
    ActiveModel {
        id: Set(ids::row_id()),
        kind: Set(kind.word().to_owned()),
        park_code: Set(None),
        requirement_id: Set(None),
        inquiry_id: Set(None),
        outbox_id: Set(None),
        detail: Set(detail),
        created_at: Set(now.0),
        done_at: Set(None),
        done_by: Set(None),
    }
}

/// Builds the row of a task about a suspected requirement, for the operator.
pub(crate) fn suspected(requirement_id: &str, detail: &str, now: Moment) -> InsertStatement {
    let row = new(TaskKind::Suspected, detail.to_owned(), now);
    Task::insert(ActiveModel { requirement_id: Set(Some(requirement_id.to_owned())), ..row }).into_query()
}

/// Opens a task about a report of a wrong listing, under the report's id; without a park it is a task of the operator.
pub(crate) async fn reported(
    tx: &DatabaseTransaction,
    report_id: &str,
    park: Option<&str>,
    detail: String,
    now: Moment,
) -> Result<(), DbErr> {
    let row = new(TaskKind::ListingReported, detail, now);
    let row = ActiveModel { id: Set(report_id.to_owned()), park_code: Set(park.map(str::to_owned)), ..row };
    Task::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Closes the task about a report.
pub(crate) async fn close_reported(
    tx: &DatabaseTransaction,
    report_id: &str,
    account_id: &str,
    now: Moment,
) -> Result<(), DbErr> {
    close(tx, C::Id.eq(report_id), Some(account_id), now).await
}

/// Opens the task about held events of a webhook, under the webhook's id, or opens it again where it was closed.
pub(super) async fn open_webhook(
    tx: &DatabaseTransaction,
    webhook_id: &str,
    park: Option<&str>,
    detail: String,
    now: Moment,
) -> Result<(), DbErr> {
    let row = new(TaskKind::WebhookHeld, detail, now);
    let row = ActiveModel { id: Set(webhook_id.to_owned()), park_code: Set(park.map(str::to_owned)), ..row };
    let mut again = OnConflict::column(C::Id);
    again.update_columns([C::Detail, C::CreatedAt, C::DoneAt, C::DoneBy]);
    again.action_and_where(Expr::col((Task, C::DoneAt)).is_not_null());
    Task::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// Closes the task about held events of a webhook.
pub(super) async fn close_webhook(tx: &DatabaseTransaction, webhook_id: &str, now: Moment) -> Result<(), DbErr> {
    close(tx, C::Id.eq(webhook_id).and(C::Kind.eq(TaskKind::WebhookHeld.word())), None, now).await
}

/// Opens a task about a mail, for the park of its inquiry.
pub(super) async fn open(
    tx: &DatabaseTransaction,
    kind: TaskKind,
    mail: MailOfTask,
    detail: String,
    now: Moment,
) -> Result<(), DbErr> {
    let park_code = match &mail.inquiry_id {
        Some(id) => inquiry::Entity::find_by_id(id).one(tx).await?.map(|inquiry| inquiry.park_code),
        None => None,
    };
    let task = ActiveModel {
        park_code: Set(park_code),
        requirement_id: Set(mail.requirement_id),
        inquiry_id: Set(mail.inquiry_id),
        outbox_id: Set(Some(mail.id)),
        ..new(kind, detail, now)
    };
    Task::insert(task).exec_without_returning(tx).await?;
    Ok(())
}

/// Opens a task for the operator under an id of its own cause. Returns `false` where that id exists.
pub(super) async fn open_once(
    tx: &DatabaseTransaction,
    id: String,
    kind: TaskKind,
    detail: String,
    now: Moment,
) -> Result<bool, DbErr> {
    let task = ActiveModel { id: Set(id), ..new(kind, detail, now) };
    let insert = Task::insert(task).on_conflict(OnConflict::column(C::Id).do_nothing().to_owned());
    Ok(insert.exec_without_returning(tx).await? == 1)
}

/// Closes an open task about a suspected requirement and returns the requirement's id; `None` where no such task is open.
pub(crate) async fn close_suspected(
    tx: &DatabaseTransaction,
    id: &str,
    account_id: &str,
    now: Moment,
) -> Result<Option<String>, DbErr> {
    let kind = C::Kind.eq(TaskKind::Suspected.word());
    let open = Task::find_by_id(id).filter(kind).filter(C::DoneAt.is_null()).one(tx).await?;
    let Some(requirement) = open.and_then(|row| row.requirement_id) else { return Ok(None) };
    close(tx, C::Id.eq(id), Some(account_id), now).await?;
    Ok(Some(requirement))
}

/// Closes the open tasks about a mail.
pub(crate) async fn finish(
    tx: &DatabaseTransaction,
    outbox_id: &str,
    account_id: &str,
    now: Moment,
) -> Result<(), DbErr> {
    close(tx, C::OutboxId.eq(outbox_id), Some(account_id), now).await
}

async fn close(tx: &DatabaseTransaction, which: Expr, by: Option<&str>, now: Moment) -> Result<(), DbErr> {
    Task::update_many()
        .col_expr(C::DoneAt, Expr::value(now.0))
        .col_expr(C::DoneBy, Expr::value(by.map(str::to_owned)))
        .filter(which)
        .filter(C::DoneAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Closes the tasks about waiting mails, except about those that `waiting` selects.
pub(super) async fn close_late(tx: &DatabaseTransaction, waiting: SelectStatement, now: Moment) -> Result<(), DbErr> {
    let waits_no_more = C::OutboxId.not_in_subquery(waiting);
    close(tx, about_waiting().add(waits_no_more).into(), None, now).await
}

/// Makes the tasks about the mails that `waiting` selects pressing.
pub(super) async fn make_overdue(tx: &DatabaseTransaction, waiting: SelectStatement) -> Result<(), DbErr> {
    Task::update_many()
        .col_expr(C::Kind, Expr::value(TaskKind::MailOverdue.word()))
        .filter(C::Kind.eq(TaskKind::MailLate.word()))
        .filter(C::DoneAt.is_null())
        .filter(C::OutboxId.in_subquery(waiting))
        .exec(tx)
        .await?;
    Ok(())
}

fn about_waiting() -> Condition {
    let kinds = [TaskKind::MailLate.word(), TaskKind::MailOverdue.word()];
    Condition::all().add(C::Kind.is_in(kinds)).add(C::DoneAt.is_null())
}

/// Selects the ids of mails that have an open task about their waiting.
pub(super) fn late_mails() -> SelectStatement {
    Query::select().column(C::OutboxId).from(Task).cond_where(about_waiting()).to_owned()
}

/// Selects the ids of mails of a park that have an open task about their failure.
pub(super) fn failed_of(park: &str) -> SelectStatement {
    let kinds = [TaskKind::MailFailed.word(), TaskKind::MailBounced.word()];
    let open = Condition::all().add(C::Kind.is_in(kinds)).add(C::DoneAt.is_null()).add(C::ParkCode.eq(park));
    Query::select().column(C::OutboxId).from(Task).cond_where(open).to_owned()
}
