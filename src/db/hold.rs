//! Soft holds. A hold is made under the lock of its listing's row, which also holds the capacity: on PostgreSQL two holds on one
//! listing wait for each other, on SQLite there is one writer.

use std::collections::HashMap;

use domain::account::Scope;
use domain::hold::{Holdable, Resource};
use domain::listing::Kind;
use domain::record::Record;
use domain::stored::Stored;
use domain::time::Moment;
use domain::word::Word as _;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use super::clock::{BESIDE, tick};
use super::entity::soft_hold::{ActiveModel, Column as C, Entity as Hold, Model};
use super::listing::lock_row;
use super::words::{HOLD_KIND, HOLD_RESOURCE};
use super::{Db, DbError, account};

/// Holds that the page shows.
const MOST_SHOWN: u64 = 500;

/// A hold as stored.
#[derive(Clone, Debug)]
pub struct HoldRow {
    /// Row id.
    pub id: String,
    /// The listing's kind.
    pub kind: Stored<Kind>,
    /// Its id.
    pub listing: String,
    /// Code of its park.
    pub park: Option<String>,
    /// The resource.
    pub resource: Stored<Resource>,
    /// The part, in [`Resource::units`].
    pub units: i64,
    /// The officer's note.
    pub note: String,
    /// The account that made it.
    pub account_id: String,
    /// When it was made.
    pub created_at: Moment,
    /// When it ends by itself.
    pub expires_at: Moment,
    /// When it was released.
    pub released_at: Option<Moment>,
}

impl HoldRow {
    /// Whether it counts at this moment.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.released_at.is_none() && self.expires_at > now
    }
}

fn stored(row: Model) -> HoldRow {
    HoldRow {
        kind: HOLD_KIND.read(&row.id, &row.listing_kind),
        resource: HOLD_RESOURCE.read(&row.id, &row.resource),
        id: row.id,
        listing: row.listing_code,
        park: row.park_code,
        units: row.amount,
        note: row.note,
        account_id: row.account_id,
        created_at: Moment(row.created_at),
        expires_at: Moment(row.expires_at),
        released_at: row.released_at.map(Moment),
    }
}

/// A hold to be made.
#[derive(Clone, Debug)]
pub struct NewHold {
    /// Row id; the same id is one hold.
    pub id: String,
    /// The listing's kind.
    pub kind: Kind,
    /// Its id.
    pub listing: String,
    /// The resource.
    pub resource: Resource,
    /// The part, in [`Resource::units`].
    pub units: i64,
    /// The officer's note.
    pub note: String,
    /// The account that makes it.
    pub account_id: String,
    /// When it ends by itself.
    pub expires_at: Moment,
}

/// Outcome of making a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldOutcome {
    /// It was made.
    Made,
    /// It was made before under the same id.
    Repeated,
    /// The listing is not published.
    NoListing,
    /// The record states no figure of the resource.
    NotStated,
    /// Outside the limits of one hold, in [`Resource::units`].
    OutOfRange(Holdable),
    /// More than is free, in [`Resource::units`].
    MoreThanFree(i64),
}

impl Db {
    /// Returns the number of the last change of holds and evidence.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn beside_seq(&self) -> Result<i64, DbError> {
        self.clock_value(BESIDE).await
    }

    /// Returns the holds written after `seq`, ended and released ones among them.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn holds_since(&self, seq: i64) -> Result<Vec<HoldRow>, DbError> {
        let rows = Hold::find().filter(C::Seq.gt(seq)).all(self.read_whole()).await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Returns the live holds.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn live_holds(&self, now: Moment) -> Result<Vec<HoldRow>, DbError> {
        let live = Hold::find().filter(C::ReleasedAt.is_null()).filter(C::ExpiresAt.gt(now.0));
        Ok(live.all(self.read_whole()).await?.into_iter().map(stored).collect())
    }

    /// Returns the holds of a scope with the addresses of their accounts, soonest end first: the live ones, or those that
    /// have ended, latest first; at most [`MOST_SHOWN`].
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn holds(
        &self,
        scope: &Scope,
        live: bool,
        now: Moment,
    ) -> Result<(Vec<HoldRow>, HashMap<String, String>), DbError> {
        let query = in_scope(Hold::find(), scope).limit(MOST_SHOWN);
        let query = if live {
            query.filter(C::ReleasedAt.is_null()).filter(C::ExpiresAt.gt(now.0)).order_by_asc(C::ExpiresAt)
        } else {
            let has_ended = C::ReleasedAt.is_not_null().or(C::ExpiresAt.lte(now.0));
            query.filter(has_ended).order_by_desc(C::CreatedAt)
        };
        let rows = query.order_by_asc(C::Id).all(self.read()).await?;
        let emails = account::emails(self.read(), rows.iter().map(|row| row.account_id.as_str())).await?;
        Ok((rows.into_iter().map(stored).collect(), emails))
    }
}

impl Db {
    /// Returns the live holds on a listing, soonest end first, with the addresses of their accounts.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn holds_on(
        &self,
        kind: Kind,
        code: &str,
        now: Moment,
    ) -> Result<(Vec<HoldRow>, HashMap<String, String>), DbError> {
        let on = Hold::find().filter(C::ListingKind.eq(kind.word())).filter(C::ListingCode.eq(code));
        let live = on.filter(C::ReleasedAt.is_null()).filter(C::ExpiresAt.gt(now.0));
        let live = live.order_by_asc(C::ExpiresAt).order_by_asc(C::Id).limit(MOST_SHOWN);
        let rows = live.all(self.read()).await?;
        let emails = account::emails(self.read(), rows.iter().map(|row| row.account_id.as_str())).await?;
        Ok((rows.into_iter().map(stored).collect(), emails))
    }
}

impl NewHold {
    /// Returns the hold as it will be stored.
    pub(crate) fn row(&self, now: Moment) -> HoldRow {
        HoldRow {
            id: self.id.clone(),
            kind: Stored::Known(self.kind),
            listing: self.listing.clone(),
            park: None,
            resource: Stored::Known(self.resource),
            units: self.units,
            note: self.note.clone(),
            account_id: self.account_id.clone(),
            created_at: now,
            expires_at: self.expires_at,
            released_at: None,
        }
    }
}

/// Keeps the holds of a scope.
fn in_scope(query: Select<Hold>, scope: &Scope) -> Select<Hold> {
    match scope {
        Scope::All => query,
        Scope::Park(park) => query.filter(C::ParkCode.eq(park)),
        Scope::Parks(parks) => query.filter(C::ParkCode.is_in(parks)),
        // An observer of a chain sees leads alone.
        Scope::Industries(_) => query.filter(C::ParkCode.is_in(Vec::<String>::new())),
    }
}

/// Makes a hold, unless it would exceed what the record states.
pub(crate) async fn make(tx: &DatabaseTransaction, new: NewHold, now: Moment) -> Result<HoldOutcome, DbErr> {
    let Some(record) = lock_row(tx, new.kind, &new.listing, now).await? else { return Ok(HoldOutcome::NoListing) };
    if Hold::find_by_id(&new.id).one(tx).await?.is_some() {
        return Ok(HoldOutcome::Repeated);
    }
    let Some(limits) = new.resource.holdable(&record) else { return Ok(HoldOutcome::NotStated) };
    if new.units < limits.least || new.units > limits.capacity {
        return Ok(HoldOutcome::OutOfRange(limits));
    }
    let free = limits.capacity.saturating_sub(taken(tx, &new, now).await?);
    if new.units > free {
        return Ok(HoldOutcome::MoreThanFree(std::cmp::max(free, 0)));
    }
    insert(tx, new, &record, now).await?;
    Ok(HoldOutcome::Made)
}

/// Sums the live holds on a listing's resource.
async fn taken(tx: &DatabaseTransaction, new: &NewHold, now: Moment) -> Result<i64, DbErr> {
    let rows: Vec<i64> = Hold::find()
        .select_only()
        .column(C::Amount)
        .filter(C::ListingKind.eq(new.kind.word()))
        .filter(C::ListingCode.eq(&new.listing))
        .filter(C::Resource.eq(new.resource.word()))
        .filter(C::ReleasedAt.is_null())
        .filter(C::ExpiresAt.gt(now.0))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().fold(0, i64::saturating_add))
}

async fn insert(tx: &DatabaseTransaction, new: NewHold, record: &Record, now: Moment) -> Result<(), DbErr> {
    let park = Some(record.get("park_code")).filter(|code| !code.is_empty());
    let row = ActiveModel {
        id: Set(new.id),
        listing_kind: Set(new.kind.word().to_owned()),
        listing_code: Set(new.listing),
        park_code: Set(park.map(str::to_owned)),
        resource: Set(new.resource.word().to_owned()),
        amount: Set(new.units),
        note: Set(new.note),
        account_id: Set(new.account_id),
        created_at: Set(now.0),
        expires_at: Set(new.expires_at.0),
        released_at: Set(None),
        released_by: Set(None),
        seq: Set(tick(tx, BESIDE, 1).await?),
    };
    Hold::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Releases a hold of a scope before its end; `None` where there is no live one.
pub(crate) async fn release(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: &str,
    account_id: &str,
    now: Moment,
) -> Result<Option<HoldRow>, DbErr> {
    let live = Hold::find_by_id(id).filter(C::ReleasedAt.is_null()).filter(C::ExpiresAt.gt(now.0));
    let Some(row) = in_scope(live, scope).lock_exclusive().one(tx).await? else { return Ok(None) };
    let mut released = row.clone().into_active_model();
    released.released_at = Set(Some(now.0));
    released.released_by = Set(Some(account_id.to_owned()));
    released.seq = Set(tick(tx, BESIDE, 1).await?);
    Hold::update(released).exec(tx).await?;
    Ok(Some(stored(row)))
}
