//! Events that are delivered to webhooks. An event is written in the transaction of its cause, claimed and settled under the
//! lease of its webhook, and not deleted before it is settled.

use domain::lead::Stage;
use domain::requirement::Word as _;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait as _, Func, InsertStatement, LockBehavior, LockType, Query, SelectStatement,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, DatabaseTransaction, DbErr, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::ahead::Ahead;
use super::entity::lead::{Column as L, Entity as Leads};
use super::entity::webhook::{Column as W, Entity as Webhooks};
use super::entity::webhook_delivery::{self, Column as D, Entity as Deliveries};
use super::webhook::{ALL_PARKS, SEPARATOR, Webhook, stored};
use super::words::{
    WEBHOOK_EVENT, WEBHOOK_FROM, WEBHOOK_STAGE, WEBHOOK_STATE, WebhookEvent, WebhookFormat, WebhookState,
};
use super::{Db, DbError, task};
use crate::ids;

/// The error of deliveries that a restore held.
const RESTORED: &str = "restored";

/// An event to be delivered to one webhook.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Id of the event, the same in each attempt and for each webhook.
    pub event_id: String,
    /// Id of its webhook.
    pub webhook_id: String,
    /// The event.
    pub event: Stored<WebhookEvent>,
    /// When it happened.
    pub at: Moment,
    /// Id of the lead.
    pub lead_id: String,
    /// The lead's number.
    pub number: String,
    /// Code of the lead's park; blank for the operator.
    pub park: String,
    /// The stage after the event.
    pub stage: Stored<Stage>,
    /// The stage before a move.
    pub from: Option<Stored<Stage>>,
    /// Its state.
    pub state: Stored<WebhookState>,
    /// Attempts since it was queued, the present one included.
    pub attempts: i64,
    /// The moment of the next attempt.
    pub next_at: Moment,
    /// The error of the last attempt.
    pub last_error: Option<String>,
    /// When it was delivered or held.
    pub settled_at: Option<Moment>,
}

/// A delivery under its webhook's lease.
#[derive(Clone, Debug)]
pub struct ClaimedDelivery {
    /// The webhook.
    pub webhook: Webhook,
    /// The delivery.
    pub delivery: Delivery,
    lease_token: String,
}

/// The end of an attempt for a claimed delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryVerdict {
    /// The receiver took it.
    Delivered,
    /// Tried again from a moment on, after this error.
    Later(Moment, String),
    /// Held until a person queues it again, after this error.
    Held(String),
}

/// Counts of deliveries that have not arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookCounts {
    /// Those to be tried.
    pub queued: u64,
    /// Those that were given up.
    pub held: u64,
}

/// A change of a lead to be told.
pub(crate) struct LeadEventTold<'a> {
    pub(crate) event: WebhookEvent,
    pub(crate) lead_id: &'a str,
    pub(crate) from: Option<&'a str>,
    pub(crate) at: Moment,
}

/// A new lead as its event tells it.
pub(crate) struct NewLeadTold<'a> {
    pub(crate) lead_id: &'a str,
    pub(crate) number: &'a str,
    pub(crate) park: &'a str,
    pub(crate) stage: Stage,
    pub(crate) at: Moment,
}

fn stored_delivery(row: webhook_delivery::Model) -> Delivery {
    Delivery {
        event: WEBHOOK_EVENT.read(&row.event_id, &row.event),
        stage: WEBHOOK_STAGE.read(&row.event_id, &row.stage),
        from: row.from_stage.as_deref().map(|word| WEBHOOK_FROM.read(&row.event_id, word)),
        state: WEBHOOK_STATE.read(&row.event_id, &row.state),
        event_id: row.event_id,
        webhook_id: row.webhook_id,
        at: Moment(row.at),
        lead_id: row.lead_id,
        number: row.number,
        park: row.park_code,
        attempts: row.attempts,
        next_at: Moment(row.next_at),
        last_error: row.last_error,
        settled_at: row.settled_at.map(Moment),
    }
}

/// The columns that [`told`] fills, in its order.
const COLUMNS: [D; 13] = [
    D::EventId,
    D::WebhookId,
    D::Event,
    D::At,
    D::NextAt,
    D::State,
    D::Attempts,
    D::LeadId,
    D::Number,
    D::ParkCode,
    D::Stage,
    D::FromStage,
    D::Turn,
];

/// The lead's part of an event: values, or columns of the lead's row.
struct LeadColumns {
    id: Expr,
    number: Expr,
    park: Expr,
    stage: Expr,
}

/// Builds the insert of an event for each webhook that is told of it: no row where there is none. `select` may join the lead.
fn told(
    event: WebhookEvent,
    at: Moment,
    lead: LeadColumns,
    from: Option<&str>,
    mut select: SelectStatement,
) -> InsertStatement {
    let before = Alias::new("before");
    let of_lead = Expr::col((before.clone(), D::LeadId)).eq(lead.id.clone());
    let last = Query::select()
        .expr(Func::max(Expr::col((before.clone(), D::Turn))))
        .from_as(Deliveries, before.clone())
        .and_where(Expr::col((before, D::WebhookId)).equals((Webhooks, W::Id)))
        .and_where(of_lead)
        .take();
    let hears = Expr::col((Webhooks, W::Events)).like(format!("%{SEPARATOR}{}{SEPARATOR}%", event.word()));
    let is_told = Condition::any()
        .add(Expr::col((Webhooks, W::ParkCode)).eq(ALL_PARKS))
        .add(Expr::col((Webhooks, W::ParkCode)).eq(lead.park.clone()));
    let values = [
        Expr::value(ids::row_id()),
        Expr::col((Webhooks, W::Id)),
        Expr::value(event.word()),
        Expr::value(at.0),
        Expr::value(at.0),
        Expr::value(WebhookState::Queued.word()),
        Expr::value(0_i64),
        lead.id,
        lead.number,
        lead.park,
        lead.stage,
        Expr::value(from.map(str::to_owned)),
        Expr::from(Func::coalesce([Expr::from(last), Expr::value(0_i64)])).add(1_i64),
    ];
    select.exprs(values).from(Webhooks).and_where(hears).cond_where(is_told);
    let mut insert = Query::insert();
    insert.into_table(Deliveries).columns(COLUMNS);
    // The numbers of columns and values are equal; an insert without values would fail and roll its cause back.
    if let Err(error) = insert.select_from(select) {
        tracing::error!(%error, "webhook events");
    }
    insert
}

/// Builds the insert of `lead.created` for a lead that the same statement inserts.
pub(crate) fn created(new: &NewLeadTold<'_>) -> InsertStatement {
    let lead = LeadColumns {
        id: Expr::value(new.lead_id),
        number: Expr::value(new.number),
        park: Expr::value(new.park),
        stage: Expr::value(new.stage.word()),
    };
    told(WebhookEvent::LeadCreated, new.at, lead, None, Query::select())
}

/// Writes an event of a lead that is stored and shown, for each webhook that is told of it.
pub(crate) async fn tell(tx: &DatabaseTransaction, new: &LeadEventTold<'_>) -> Result<(), DbErr> {
    let of = |column: L| Expr::col((Leads, column));
    let lead = LeadColumns {
        id: of(L::Id),
        number: Expr::from(Func::coalesce([of(L::Number), Expr::value("")])),
        park: of(L::ParkCode),
        stage: of(L::Stage),
    };
    let select =
        Query::select().from(Leads).and_where(of(L::Id).eq(new.lead_id)).and_where(of(L::Hidden).eq(false)).take();
    tx.execute(&told(new.event, new.at, lead, new.from, select)).await?;
    Ok(())
}

/// Queues settled deliveries of a webhook again: one event, or all that are held. Its task ends with the last held one.
/// Returns their number.
pub(crate) async fn replay(
    tx: &DatabaseTransaction,
    id: &str,
    event_id: Option<&str>,
    now: Moment,
) -> Result<u64, DbErr> {
    let which = match event_id {
        Some(event) => Condition::all().add(D::EventId.eq(event)).add(D::State.ne(WebhookState::Queued.word())),
        None => Condition::all().add(is(WebhookState::Held)),
    };
    let queued = change(WebhookState::Queued)
        .col_expr(D::Attempts, Expr::value(0_i64))
        .col_expr(D::NextAt, Expr::value(now.0))
        .col_expr(D::SettledAt, Expr::value(None::<i64>))
        .filter(D::WebhookId.eq(id))
        .filter(which);
    let queued = queued.exec(tx).await?.rows_affected;
    if Deliveries::find().filter(D::WebhookId.eq(id)).filter(is(WebhookState::Held)).count(tx).await? == 0 {
        task::close_webhook(tx, id, now).await?;
    }
    Ok(queued)
}

/// Deletes deliveries that were settled before a moment.
pub(crate) async fn sweep(tx: &DatabaseTransaction, before: Moment) -> Result<u64, DbErr> {
    Ok(Deliveries::delete_many().filter(D::SettledAt.lt(before.0)).exec(tx).await?.rows_affected)
}

fn is(state: WebhookState) -> Expr {
    D::State.eq(state.word())
}

fn change(state: WebhookState) -> sea_orm::UpdateMany<Deliveries> {
    Deliveries::update_many().col_expr(D::State, Expr::value(state.word()))
}

/// Whether a delivery may be tried: it is due, and no earlier one of its lead waits for the same webhook.
fn is_ready(now: Moment) -> Condition {
    let earlier = Alias::new("earlier");
    let same = |column: D| Expr::col((earlier.clone(), column)).equals((Deliveries, column));
    let waits = Query::select()
        .expr(Expr::value(1_i64))
        .from_as(Deliveries, earlier.clone())
        .and_where(same(D::WebhookId))
        .and_where(same(D::LeadId))
        .and_where(Expr::col((earlier.clone(), D::State)).eq(WebhookState::Queued.word()))
        .and_where(Expr::col((earlier, D::Turn)).lt(Expr::col((Deliveries, D::Turn))))
        .take();
    Condition::all().add(is(WebhookState::Queued)).add(D::NextAt.lte(now.0)).add(Expr::exists(waits).not())
}

/// Selects the webhooks that have a delivery to be tried and are free, the one that waits longest first.
fn free_webhooks(at_most: u64, now: Moment) -> sea_orm::Select<Webhooks> {
    use sea_orm::QueryTrait as _;
    let ready = Deliveries::find().select_only().column(D::WebhookId).filter(is_ready(now)).into_query();
    Webhooks::find()
        .filter(W::LeaseUntil.lte(now.0))
        .filter(W::NextAt.lte(now.0))
        // One of another version's format waits for that version.
        .filter(W::Format.is_in(WebhookFormat::WORDS.iter().map(|(word, _)| *word)))
        .filter(W::Id.in_subquery(ready))
        .order_by_asc(W::NextAt)
        .order_by_asc(W::Id)
        .limit(at_most)
}

/// Makes deliveries due in `patience` that a clock set back has left waiting, and webhooks whose pause began ahead.
pub(super) async fn bring_forward(tx: &DatabaseTransaction, ahead: &Ahead) -> Result<u64, DbErr> {
    let happened_ahead = Condition::any().add(D::At.gt(ahead.of_now)).add(D::SettledAt.gt(ahead.of_now));
    let of_ahead = Query::select().column(D::WebhookId).from(Deliveries).cond_where(happened_ahead).take();
    let deliveries = Deliveries::update_many()
        .col_expr(D::NextAt, Expr::value(ahead.patience))
        .filter(is(WebhookState::Queued))
        .filter(D::NextAt.gt(ahead.patience))
        .filter(Condition::any().add(D::NextAt.gt(ahead.of_deliveries)).add(D::At.gt(ahead.of_now)));
    let pauses = Webhooks::update_many()
        .col_expr(W::NextAt, Expr::value(ahead.patience))
        .filter(W::NextAt.gt(ahead.patience))
        .filter(Condition::any().add(W::NextAt.gt(ahead.of_deliveries)).add(W::Id.in_subquery(of_ahead)));
    Ok(deliveries.exec(tx).await?.rows_affected + pauses.exec(tx).await?.rows_affected)
}

async fn claim_in(
    tx: &DatabaseTransaction,
    at_most: u64,
    lease_seconds: i64,
    takes_over: bool,
    now: Moment,
) -> Result<Vec<ClaimedDelivery>, DbErr> {
    let mut claimed = Vec::new();
    let mut free = free_webhooks(at_most, now);
    if !takes_over {
        free = free.filter(W::LeaseToken.is_null());
    }
    let free = free.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    for row in free.all(tx).await? {
        let of_webhook = Deliveries::find().filter(D::WebhookId.eq(&row.id)).filter(is_ready(now));
        let oldest = of_webhook.order_by_asc(D::At).order_by_asc(D::EventId).one(tx).await?;
        let Some(mut delivery) = oldest else { continue };
        let lease_token = ids::row_id();
        Webhooks::update_many()
            .col_expr(W::LeaseToken, Expr::value(lease_token.clone()))
            .col_expr(W::LeaseUntil, Expr::value(now.plus_seconds(lease_seconds).0))
            .filter(W::Id.eq(&row.id))
            .exec(tx)
            .await?;
        // Counted before it is tried, so that one that kills its process is given up in the end.
        delivery.attempts += 1;
        of_event(&delivery.event_id, &row.id).col_expr(D::Attempts, Expr::value(delivery.attempts)).exec(tx).await?;
        claimed.push(ClaimedDelivery { webhook: stored(row), delivery: stored_delivery(delivery), lease_token });
    }
    Ok(claimed)
}

fn of_event(event_id: &str, webhook_id: &str) -> sea_orm::UpdateMany<Deliveries> {
    Deliveries::update_many().filter(D::EventId.eq(event_id)).filter(D::WebhookId.eq(webhook_id))
}

async fn settle_in(
    tx: &DatabaseTransaction,
    claimed: &ClaimedDelivery,
    verdict: DeliveryVerdict,
    free_at: Moment,
    now: Moment,
) -> Result<bool, DbErr> {
    let freed = Webhooks::update_many()
        .col_expr(W::LeaseToken, Expr::value(None::<String>))
        .col_expr(W::LeaseUntil, Expr::value(0_i64))
        .col_expr(W::NextAt, Expr::value(free_at.0))
        .filter(W::Id.eq(&claimed.webhook.id))
        .filter(W::LeaseToken.eq(&claimed.lease_token));
    if freed.exec(tx).await?.rows_affected == 0 {
        return Ok(false);
    }
    let own = of_event(&claimed.delivery.event_id, &claimed.webhook.id).filter(is(WebhookState::Queued));
    let settled = match verdict {
        DeliveryVerdict::Delivered => own
            .col_expr(D::State, Expr::value(WebhookState::Delivered.word()))
            .col_expr(D::LastError, Expr::value(None::<String>))
            .col_expr(D::SettledAt, Expr::value(now.0)),
        DeliveryVerdict::Later(at, error) => {
            own.col_expr(D::NextAt, Expr::value(at.0)).col_expr(D::LastError, Expr::value(error))
        }
        DeliveryVerdict::Held(error) => {
            let webhook = &claimed.webhook;
            let park = Some(webhook.park.as_str()).filter(|park| *park != ALL_PARKS);
            task::open_webhook(tx, &webhook.id, park, format!("{} {error}", webhook.shown), now).await?;
            own.col_expr(D::State, Expr::value(WebhookState::Held.word()))
                .col_expr(D::LastError, Expr::value(error))
                .col_expr(D::SettledAt, Expr::value(now.0))
        }
    };
    settled.exec(tx).await?;
    Ok(true)
}

impl Db {
    /// Returns the latest deliveries of a webhook, newest first; those in one state where it is named.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn deliveries(
        &self,
        webhook_id: &str,
        state: Option<WebhookState>,
        at_most: u64,
    ) -> Result<Vec<Delivery>, DbError> {
        let mut found = Deliveries::find().filter(D::WebhookId.eq(webhook_id));
        if let Some(state) = state {
            found = found.filter(is(state));
        }
        let newest = found.order_by_desc(D::At).order_by_desc(D::EventId).limit(at_most);
        Ok(newest.all(self.read()).await?.into_iter().map(stored_delivery).collect())
    }

    /// Counts the deliveries that have not arrived, of one webhook or of all.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn webhook_counts(&self, webhook_id: Option<&str>) -> Result<WebhookCounts, DbError> {
        let count = async |state: WebhookState| {
            let mut found = Deliveries::find().filter(is(state));
            if let Some(id) = webhook_id {
                found = found.filter(D::WebhookId.eq(id));
            }
            found.count(self.read_whole()).await
        };
        Ok(WebhookCounts { queued: count(WebhookState::Queued).await?, held: count(WebhookState::Held).await? })
    }

    /// Claims one delivery of each of at most `at_most` webhooks, each under a lease of its webhook; `takes_over` says whether those
    /// whose lease has ended are claimed, too.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn claim_deliveries(
        &self,
        at_most: u64,
        lease_seconds: i64,
        takes_over: bool,
        now: Moment,
    ) -> Result<Vec<ClaimedDelivery>, DbError> {
        // Most services have nothing to deliver most of the time: no write is begun for it.
        if free_webhooks(1, now).count(self.read()).await? == 0 {
            return Ok(Vec::new());
        }
        self.write(move |tx| Box::pin(async move { Ok(claim_in(tx, at_most, lease_seconds, takes_over, now).await?) }))
            .await
    }

    /// Settles a claimed delivery and ends the lease; the webhook gets nothing before `free_at`. Returns `false` where the lease
    /// was lost: the delivery is left to its new owner.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`]; nothing was settled.
    pub async fn settle_delivery(
        &self,
        claimed: &ClaimedDelivery,
        verdict: DeliveryVerdict,
        free_at: Moment,
        now: Moment,
    ) -> Result<bool, DbError> {
        let claimed = claimed.clone();
        self.write(move |tx| Box::pin(async move { Ok(settle_in(tx, &claimed, verdict, free_at, now).await?) })).await
    }

    /// Holds the queued deliveries, after a restore; returns their number.
    pub(super) async fn hold_deliveries(&self) -> Result<u64, DbError> {
        let hold =
            change(WebhookState::Held).col_expr(D::LastError, Expr::value(RESTORED)).filter(is(WebhookState::Queued));
        self.write(|tx| Box::pin(async move { Ok(hold.exec(tx).await?.rows_affected) })).await
    }

    /// Queues the deliveries that a restore held; returns their number.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`].
    pub async fn release_deliveries(&self, now: Moment) -> Result<u64, DbError> {
        let queue = change(WebhookState::Queued)
            .col_expr(D::NextAt, Expr::value(now.0))
            .filter(is(WebhookState::Held))
            .filter(D::LastError.eq(RESTORED));
        self.write(|tx| Box::pin(async move { Ok(queue.exec(tx).await?.rows_affected) })).await
    }
}
