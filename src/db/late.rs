//! Tasks about mails that have waited too long: opened after two hours, pressing after a day, closed when the mail leaves.

use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::entity::{inquiry, outbox, staff_task};
use crate::ids;

const LATE: &str = "mail_late";
const OVERDUE: &str = "mail_overdue";
const LATE_SECONDS: i64 = 2 * 3_600;
const OVERDUE_SECONDS: i64 = 24 * 3_600;
/// So many at a time: a relay that is down for a day must not make one transaction of its whole backlog.
const AT_ONCE: u64 = 500;

/// Brings the tasks in line with the outbox as it stands. Returns how many were opened.
pub(crate) async fn note(tx: &DatabaseTransaction, now: Moment) -> Result<usize, DbErr> {
    use staff_task::Column as T;
    let waiting = |since: i64| {
        outbox::Entity::find()
            .filter(outbox::Column::State.eq("queued"))
            .filter(outbox::Column::CreatedAt.lte(now.plus_seconds(-since).0))
    };
    let open = || T::Kind.is_in([LATE, OVERDUE]).and(T::DoneAt.is_null());
    let ids = |since: i64| waiting(since).select_only().column(outbox::Column::Id).into_query();
    staff_task::Entity::update_many()
        .col_expr(T::DoneAt, Expr::value(now.0))
        .filter(open())
        .filter(T::OutboxId.not_in_subquery(ids(LATE_SECONDS)))
        .exec(tx)
        .await?;
    staff_task::Entity::update_many()
        .col_expr(T::Kind, Expr::value(OVERDUE))
        .filter(T::Kind.eq(LATE))
        .filter(T::DoneAt.is_null())
        .filter(T::OutboxId.in_subquery(ids(OVERDUE_SECONDS)))
        .exec(tx)
        .await?;
    let known = Query::select().column(T::OutboxId).from(staff_task::Entity).cond_where(open()).to_owned();
    let new = waiting(LATE_SECONDS).filter(outbox::Column::Id.not_in_subquery(known));
    let new = new.order_by_asc(outbox::Column::Id).limit(AT_ONCE);
    // Processes that sweep at once share the rows.
    let new = new.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(tx).await?;
    for mail in &new {
        let park_code = match &mail.inquiry_id {
            Some(id) => inquiry::Entity::find_by_id(id).one(tx).await?.map(|inquiry| inquiry.park_code),
            None => None,
        };
        let is_overdue = mail.created_at <= now.plus_seconds(-OVERDUE_SECONDS).0;
        let task = staff_task::ActiveModel {
            id: Set(ids::row_id()),
            kind: Set(if is_overdue { OVERDUE } else { LATE }.to_owned()),
            park_code: Set(park_code),
            requirement_id: Set(mail.requirement_id.clone()),
            inquiry_id: Set(mail.inquiry_id.clone()),
            outbox_id: Set(Some(mail.id.clone())),
            detail: Set(mail.last_error.clone().unwrap_or_default()),
            created_at: Set(now.0),
            done_at: Set(None),
            done_by: Set(None),
        };
        staff_task::Entity::insert(task).exec_without_returning(tx).await?;
    }
    Ok(new.len())
}
