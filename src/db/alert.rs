//! Alerts: asked for by a reader, confirmed by the owner of the address, ended. An ended one keeps its token and dates alone.

use domain::stored::{Stored, StoredRequirement};
use domain::time::Moment;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::entity::alert::{ActiveModel, Column as C, Entity as Alerts, Model};
use super::entity::{alert_fit, alert_mail};
use super::words::{ALERT_REASON, ALERT_STATE, ALERT_WHY, AlertEnd, AlertState, AuditAction, FitState, StopReason};
use super::{Db, DbError, requirement};

/// Alerts that one round mails, the longest due first.
const MOST_PER_ROUND: u64 = 200;
/// Rows of one sweep.
const MOST_SWEPT: u64 = 500;

/// An alert as stored.
#[derive(Clone, Debug)]
pub struct Alert {
    /// Row id.
    pub id: String,
    /// Secret of its page.
    pub token: String,
    /// The address that is told; `None` once it has ended.
    pub address: Option<String>,
    /// The need; `None` once it has ended.
    pub need: Option<StoredRequirement>,
    /// The reader's language.
    pub locale: String,
    /// Its state.
    pub state: Stored<AlertState>,
    /// Why it ended.
    pub end: Option<Stored<AlertEnd>>,
    /// The reason that its reader gave.
    pub reason: Option<Stored<StopReason>>,
    /// When it was asked for.
    pub created_at: Moment,
    /// When the owner of the address confirmed it.
    pub confirmed_at: Option<Moment>,
    /// When it ends by itself.
    pub expires_at: Moment,
    /// The moment from which its next mail may go.
    pub next_at: Moment,
    /// Mails about it so far, the one that asked for the confirmation not counted.
    pub mails: i64,
    /// When its reader was asked whether it goes on.
    pub asked_at: Option<Moment>,
}

/// An alert to be stored.
pub(crate) struct NewAlert {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) address: String,
    pub(crate) need: String,
    pub(crate) locale: String,
    pub(crate) notice_version: String,
    pub(crate) notice_hash: String,
    /// When it is deleted without a confirmation.
    pub(crate) expires_at: Moment,
}

/// The needs of alerts that have not ended, and their generation.
pub(crate) struct LiveAlerts {
    pub(crate) needs: Vec<(String, StoredRequirement)>,
    pub(crate) generation: Generation,
}

/// The number of alerts that have not ended, and when the newest was asked for: another one, or one that ended, changes it.
pub(crate) type Generation = (u64, Option<i64>);

/// Numbers of alerts, as `luodi doctor` and the metrics tell them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlertCounts {
    /// Not confirmed yet.
    pub pending: u64,
    /// Confirmed.
    pub confirmed: u64,
    /// Listings that wait for a mail.
    pub due: u64,
}

fn stored(row: Model) -> Alert {
    Alert {
        state: ALERT_STATE.read(&row.id, &row.state),
        end: row.why.as_ref().map(|word| ALERT_WHY.read(&row.id, word)),
        reason: row.reason.as_ref().map(|word| ALERT_REASON.read(&row.id, word)),
        need: row.need.as_deref().map(StoredRequirement::parse),
        id: row.id,
        token: row.token,
        address: row.address,
        locale: row.locale,
        created_at: Moment(row.created_at),
        confirmed_at: row.confirmed_at.map(Moment),
        expires_at: Moment(row.expires_at),
        next_at: Moment(row.next_at),
        mails: row.mails,
        asked_at: row.asked_at.map(Moment),
    }
}

fn is(state: AlertState) -> Expr {
    C::State.eq(state.word())
}

fn is_live() -> Condition {
    Condition::any().add(is(AlertState::Pending)).add(is(AlertState::Confirmed))
}

impl Db {
    /// Returns the alert of a token.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn alert(&self, token: &str) -> Result<Option<Alert>, DbError> {
        Ok(Alerts::find().filter(C::Token.eq(token)).one(self.read()).await?.map(stored))
    }

    /// Returns the needs of the alerts that have not ended.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn live_alerts(&self) -> Result<LiveAlerts, DbError> {
        // The generation first: an alert that is added in between is then noticed.
        let generation = generation(self.read_whole()).await?;
        let rows = Alerts::find().filter(is_live()).all(self.read_whole()).await?;
        let needs = rows.into_iter().filter_map(|row| Some((row.id, StoredRequirement::parse(row.need.as_deref()?))));
        Ok(LiveAlerts { needs: needs.collect(), generation })
    }

    /// Returns the confirmed alerts whose mail may go and that have something to tell: a listing, or an end before `end` of
    /// which their reader was not told.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn alerts_to_mail(&self, now: Moment, end: Moment) -> Result<Vec<Alert>, DbError> {
        let with_news = Query::select()
            .column(alert_fit::Column::AlertId)
            .from(alert_fit::Entity)
            .and_where(alert_fit::Column::State.eq(FitState::Due.word()))
            .take();
        let ends = Condition::all().add(C::ExpiresAt.lte(end.0)).add(C::AskedAt.is_null());
        let rows = Alerts::find()
            .filter(is(AlertState::Confirmed))
            .filter(C::NextAt.lte(now.0))
            .filter(C::ExpiresAt.gt(now.0))
            .filter(Condition::any().add(C::Id.in_subquery(with_news)).add(ends))
            .order_by_asc(C::NextAt)
            .limit(MOST_PER_ROUND);
        Ok(rows.all(self.read()).await?.into_iter().map(stored).collect())
    }

    /// Returns the alerts that end by themselves: those that were not confirmed in time, and those whose time is over.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn expired_alerts(&self, now: Moment) -> Result<Vec<Alert>, DbError> {
        let over = Alerts::find().filter(is_live()).filter(C::ExpiresAt.lte(now.0)).limit(MOST_SWEPT);
        Ok(over.all(self.read()).await?.into_iter().map(stored).collect())
    }

    /// Returns the alerts that wait: for a confirmation, or for a mail that tells of listings; the longest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn waiting_alerts(&self, most: u64) -> Result<Vec<Alert>, DbError> {
        let due = Query::select()
            .column(alert_fit::Column::AlertId)
            .from(alert_fit::Entity)
            .and_where(alert_fit::Column::State.eq(FitState::Due.word()))
            .take();
        let tells = Condition::all().add(is(AlertState::Confirmed)).add(C::Id.in_subquery(due));
        let waiting = Alerts::find().filter(Condition::any().add(is(AlertState::Pending)).add(tells));
        let rows = waiting.order_by_asc(C::CreatedAt).limit(most).all(self.read()).await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Counts the alerts.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn alert_counts(&self) -> Result<AlertCounts, DbError> {
        let of = |state| Alerts::find().filter(is(state));
        let due = alert_fit::Entity::find().filter(alert_fit::Column::State.eq(FitState::Due.word()));
        Ok(AlertCounts {
            pending: of(AlertState::Pending).count(self.read()).await?,
            confirmed: of(AlertState::Confirmed).count(self.read()).await?,
            due: due.count(self.read()).await?,
        })
    }
}

/// Returns the present generation of live alerts.
pub(crate) async fn generation(connection: &impl ConnectionTrait) -> Result<Generation, DbErr> {
    let newest: Option<Option<i64>> = Alerts::find()
        .select_only()
        .column_as(C::CreatedAt.max(), "newest")
        .filter(is_live())
        .into_tuple()
        .one(connection)
        .await?;
    let count = Alerts::find().filter(is_live()).count(connection).await?;
    Ok((count, newest.flatten()))
}

/// Stores an alert that waits for its confirmation; `false` where its row id exists: a form that was posted twice.
pub(crate) async fn insert(tx: &DatabaseTransaction, new: NewAlert, now: Moment) -> Result<bool, DbErr> {
    let row = ActiveModel {
        id: Set(new.id),
        token: Set(new.token),
        address: Set(Some(new.address)),
        need: Set(Some(new.need)),
        locale: Set(new.locale),
        notice_version: Set(new.notice_version),
        notice_hash: Set(new.notice_hash),
        created_at: Set(now.0),
        confirmed_at: Set(None),
        state: Set(AlertState::Pending.word().to_owned()),
        why: Set(None),
        reason: Set(None),
        ended_at: Set(None),
        expires_at: Set(new.expires_at.0),
        next_at: Set(now.0),
        mails: Set(0),
        asked_at: Set(None),
    };
    let once = OnConflict::column(C::Id).do_nothing().to_owned();
    Ok(Alerts::insert(row).on_conflict(once).exec_without_returning(tx).await? == 1)
}

/// Confirms an alert that waits for it; `false` where it does not any more.
pub(crate) async fn confirm(
    tx: &DatabaseTransaction,
    id: &str,
    expires_at: Moment,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = Alerts::update_many()
        .col_expr(C::State, Expr::value(AlertState::Confirmed.word()))
        .col_expr(C::ConfirmedAt, Expr::value(now.0))
        .col_expr(C::NextAt, Expr::value(now.0))
        .col_expr(C::ExpiresAt, Expr::value(expires_at.0))
        .filter(C::Id.eq(id))
        .filter(is(AlertState::Pending))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Returns the other confirmed alerts of an address.
pub(crate) async fn others_of(tx: &DatabaseTransaction, address: &str, id: &str) -> Result<Vec<Alert>, DbErr> {
    let others = Alerts::find().filter(C::Address.eq(address)).filter(is(AlertState::Confirmed)).filter(C::Id.ne(id));
    Ok(others.all(tx).await?.into_iter().map(stored).collect())
}

/// Lets a confirmed alert go on until another moment.
pub(crate) async fn extend(tx: &DatabaseTransaction, id: &str, expires_at: Moment) -> Result<(), DbErr> {
    Alerts::update_many()
        .col_expr(C::ExpiresAt, Expr::value(expires_at.0))
        .col_expr(C::AskedAt, Expr::value(None::<i64>))
        .filter(C::Id.eq(id))
        .filter(is(AlertState::Confirmed))
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes the turn of an alert's mail: no other goes before `next_at`. `false` where another process was faster, or the alert
/// has ended.
pub(crate) async fn take_turn(
    tx: &DatabaseTransaction,
    alert: &Alert,
    next_at: Moment,
    asked_at: Option<Moment>,
) -> Result<bool, DbErr> {
    let taken = Alerts::update_many()
        .col_expr(C::NextAt, Expr::value(next_at.0))
        .col_expr(C::AskedAt, Expr::value(asked_at.map(|at| at.0)))
        .col_expr(C::Mails, Expr::col(C::Mails).add(1))
        .filter(C::Id.eq(alert.id.as_str()))
        .filter(is(AlertState::Confirmed))
        .filter(C::NextAt.eq(alert.next_at.0))
        .filter(C::Mails.eq(alert.mails))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Remembers a mail of an alert, so that it can be erased with it.
pub(crate) async fn mailed(tx: &DatabaseTransaction, id: &str, message_id: &str) -> Result<(), DbErr> {
    let row = alert_mail::ActiveModel { message_id: Set(message_id.to_owned()), alert_id: Set(id.to_owned()) };
    alert_mail::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Ends an alert: address, need, listings and reason go with it. Returns the Message-IDs of its mails, which the caller erases;
/// `None` where it had ended before.
pub(crate) async fn end(
    tx: &DatabaseTransaction,
    id: &str,
    end: AlertEnd,
    now: Moment,
) -> Result<Option<Vec<String>>, DbErr> {
    let ended = Alerts::update_many()
        .col_expr(C::State, Expr::value(AlertState::Ended.word()))
        .col_expr(C::Why, Expr::value(end.word()))
        .col_expr(C::Address, Expr::value(None::<String>))
        .col_expr(C::Need, Expr::value(None::<String>))
        .col_expr(C::EndedAt, Expr::value(now.0))
        .filter(C::Id.eq(id))
        .filter(is_live())
        .exec(tx)
        .await?;
    if ended.rows_affected == 0 {
        return Ok(None);
    }
    requirement::audit(tx, "reader", AuditAction::AlertEnd, id, end.word(), now).await?;
    forget_listings(tx, id).await.map(Some)
}

/// Deletes an alert that was never confirmed. Returns the Message-IDs of its mails, which the caller erases.
pub(crate) async fn delete_pending(tx: &DatabaseTransaction, id: &str) -> Result<Vec<String>, DbErr> {
    let gone = Alerts::delete_many().filter(C::Id.eq(id)).filter(is(AlertState::Pending)).exec(tx).await?;
    if gone.rows_affected == 0 { Ok(Vec::new()) } else { forget_listings(tx, id).await }
}

async fn forget_listings(tx: &DatabaseTransaction, id: &str) -> Result<Vec<String>, DbErr> {
    alert_fit::Entity::delete_many().filter(alert_fit::Column::AlertId.eq(id)).exec(tx).await?;
    let mails = alert_mail::Entity::find().filter(alert_mail::Column::AlertId.eq(id)).all(tx).await?;
    alert_mail::Entity::delete_many().filter(alert_mail::Column::AlertId.eq(id)).exec(tx).await?;
    Ok(mails.into_iter().map(|row| row.message_id).collect())
}

/// Ends the alert whose mail was refused for good. Returns the Message-IDs of its mails; `None` for a mail of no alert.
pub(super) async fn refused(
    tx: &DatabaseTransaction,
    message_id: &str,
    now: Moment,
) -> Result<Option<Vec<String>>, DbErr> {
    let Some(mail) = alert_mail::Entity::find_by_id(message_id).one(tx).await? else { return Ok(None) };
    end(tx, &mail.alert_id, AlertEnd::Refused, now).await
}

/// Keeps the reason that a reader gave for stopping an alert.
pub(crate) async fn keep_reason(tx: &DatabaseTransaction, id: &str, reason: StopReason) -> Result<(), DbErr> {
    Alerts::update_many()
        .col_expr(C::Reason, Expr::value(reason.word()))
        .filter(C::Id.eq(id))
        .filter(is(AlertState::Ended))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes alerts that ended before a moment.
pub(crate) async fn sweep(tx: &DatabaseTransaction, before: Moment) -> Result<u64, DbErr> {
    let ended = Alerts::delete_many().filter(is(AlertState::Ended)).filter(C::EndedAt.lt(before.0));
    Ok(ended.exec(tx).await?.rows_affected)
}
