//! Webhooks: their addresses, secrets and events; `delivery.rs` has their deliveries.

use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::webhook::{self, Column as W, Entity as Webhooks};
use super::entity::webhook_delivery::{Column as D, Entity as Deliveries};
use super::words::{WEBHOOK_FORMAT, WebhookEvent, WebhookFormat};
use super::{Db, DbError, task};

/// Separator before, between and after the words of a webhook's events.
pub(super) const SEPARATOR: char = ';';
/// The park code of webhooks that are told of every park.
pub(crate) const ALL_PARKS: &str = "";
/// A webhook as stored.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Row id.
    pub id: String,
    /// Code of its park; blank for all parks.
    pub park: String,
    /// Its address, encrypted where there is a key.
    pub address: String,
    /// The address as lists show it.
    pub shown: String,
    /// The form of its messages.
    pub format: Stored<WebhookFormat>,
    /// Words of its events.
    pub events: Vec<String>,
    /// The secret that signs, encrypted where there is a key; blank for a robot without one.
    pub secret: String,
    /// The secret before it, and the moment until which it signs besides.
    pub former: Option<(String, Moment)>,
    /// Time of making.
    pub created_at: Moment,
}

/// A webhook to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewWebhook {
    pub(crate) id: String,
    pub(crate) park: String,
    pub(crate) address: String,
    pub(crate) shown: String,
    pub(crate) format: WebhookFormat,
    pub(crate) events: Vec<WebhookEvent>,
    pub(crate) secret: String,
    pub(crate) account_id: String,
}

pub(super) fn stored(row: webhook::Model) -> Webhook {
    Webhook {
        format: WEBHOOK_FORMAT.read(&row.id, &row.format),
        events: row.events.split(SEPARATOR).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        former: row.former_secret.zip(row.former_until.map(Moment)),
        id: row.id,
        park: row.park_code,
        address: row.address,
        shown: row.shown,
        secret: row.secret,
        created_at: Moment(row.created_at),
    }
}

/// Stores a webhook.
pub(crate) async fn insert(tx: &DatabaseTransaction, new: NewWebhook, now: Moment) -> Result<(), DbErr> {
    let words: String = new.events.iter().map(|event| format!("{}{SEPARATOR}", event.word())).collect();
    let row = webhook::ActiveModel {
        id: Set(new.id),
        park_code: Set(new.park),
        address: Set(new.address),
        shown: Set(new.shown),
        format: Set(new.format.word().to_owned()),
        events: Set(format!("{SEPARATOR}{words}")),
        secret: Set(new.secret),
        former_secret: Set(None),
        former_until: Set(None),
        account_id: Set(new.account_id),
        created_at: Set(now.0),
        lease_token: Set(None),
        lease_until: Set(0),
        next_at: Set(0),
    };
    Webhooks::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Deletes a webhook with its deliveries and its task; `false` where it is gone already.
pub(crate) async fn remove(tx: &DatabaseTransaction, id: &str, now: Moment) -> Result<bool, DbErr> {
    task::close_webhook(tx, id, now).await?;
    Deliveries::delete_many().filter(D::WebhookId.eq(id)).exec(tx).await?;
    Ok(Webhooks::delete_by_id(id).exec(tx).await?.rows_affected == 1)
}

/// Sets the secret of a webhook; the former one signs besides until a moment. `false` where it is gone or its secret is another
/// one already.
pub(crate) async fn rotate(
    tx: &DatabaseTransaction,
    id: &str,
    (former, until): (&str, Option<Moment>),
    secret: &str,
) -> Result<bool, DbErr> {
    let kept = until.map(|_| former.to_owned());
    let rotated = Webhooks::update_many()
        .col_expr(W::Secret, Expr::value(secret))
        .col_expr(W::FormerSecret, Expr::value(kept))
        .col_expr(W::FormerUntil, Expr::value(until.map(|until| until.0)))
        .filter(W::Id.eq(id))
        .filter(W::Secret.eq(former));
    Ok(rotated.exec(tx).await?.rows_affected == 1)
}

/// Replaces the address and secrets of a webhook by the same ones, encrypted, unless they changed meanwhile.
pub(crate) async fn seal(tx: &DatabaseTransaction, clear: &Webhook, sealed: &Webhook) -> Result<(), DbErr> {
    Webhooks::update_many()
        .col_expr(W::Address, Expr::value(sealed.address.clone()))
        .col_expr(W::Secret, Expr::value(sealed.secret.clone()))
        .col_expr(W::FormerSecret, Expr::value(sealed.former.as_ref().map(|(secret, _)| secret.clone())))
        .filter(W::Id.eq(&clear.id))
        .filter(W::Address.eq(&clear.address))
        .filter(W::Secret.eq(&clear.secret))
        .exec(tx)
        .await?;
    Ok(())
}

impl Db {
    /// Returns the webhooks of these parks, those of all parks where none are named; oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn webhooks(&self, parks: Option<Vec<&str>>) -> Result<Vec<Webhook>, DbError> {
        let mut found = Webhooks::find().order_by_asc(W::Id);
        if let Some(parks) = parks {
            found = found.filter(W::ParkCode.is_in(parks));
        }
        Ok(found.all(self.read()).await?.into_iter().map(stored).collect())
    }

    /// Returns a webhook.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn webhook(&self, id: &str) -> Result<Option<Webhook>, DbError> {
        Ok(Webhooks::find_by_id(id).one(self.read()).await?.map(stored))
    }
}
