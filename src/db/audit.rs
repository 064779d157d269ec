//! The audit trail sealed in batches: a hash chain over digests, and the looks at contact data of a span of time.
//!
//! A line is written without its seal, so that no writer waits for another; a later batch takes the lines that have none.
//! Lines hold ids and words alone: an erasure leaves them as they are.

use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _, Order,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::entity::{access, account, audit, audit_seal, inquiry, requirement};
use super::words::{ACCESS_WHAT, AccessKind};
use super::{Db, DbError};
use crate::ids;

/// Most lines of a batch.
const BATCH: u64 = 500;
/// The chain before the first batch.
const ORIGIN: &str = "luodi audit 1";

/// A sealed batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Its number, from 1 without a gap.
    pub number: i64,
    /// Time of sealing.
    pub sealed_at: Moment,
    /// The number of its lines.
    pub lines: i64,
    /// SHA-256 over the digests of its lines, in the order of their ids.
    pub digest: String,
    /// SHA-256 over the former batch's chain and this batch's columns.
    pub chain: String,
    /// When its lines were deleted at the end of their retention.
    pub dropped_at: Option<Moment>,
}

impl Seal {
    /// Returns the chain as it must be after the former one.
    #[must_use]
    pub fn expected_chain(&self, former: &str) -> String {
        let parts =
            [former, &self.number.to_string(), &self.sealed_at.0.to_string(), &self.lines.to_string(), &self.digest];
        ids::sha256_hex(parts.join("\n").as_bytes())
    }

    /// Returns the chain before the first batch.
    #[must_use]
    pub fn origin() -> String {
        ids::sha256_hex(ORIGIN.as_bytes())
    }
}

/// A look at contact data, with whom it concerned.
#[derive(Clone, Debug)]
pub struct Look {
    /// Time of the look.
    pub at: Moment,
    /// Address of the account that looked.
    pub account: String,
    /// Role of that account, as stored.
    pub role: String,
    /// Park for which it looked.
    pub park: String,
    /// The data shown.
    pub what: Stored<AccessKind>,
    /// The numbers of the inquiries that the requirement sent to this park.
    pub numbers: Vec<String>,
    /// The enterprise; `None` once erased.
    pub company: Option<String>,
    /// Its mail address; `None` once erased.
    pub email: Option<String>,
}

/// Filter of a list of looks.
#[derive(Clone, Debug)]
pub enum LookedBy {
    /// An account, by its id.
    Account(String),
    /// Any account, for one of these parks.
    Parks(Vec<String>),
    /// Any account, at the requirements of this mail address.
    Enterprise(String),
}

fn digest(rows: &[audit::Model]) -> String {
    let line = |row: &audit::Model| {
        // Lengths keep two different lines from reading the same.
        let parts = [
            row.id.clone(),
            row.at.to_string(),
            row.actor.clone(),
            row.action.clone(),
            row.subject.clone(),
            row.detail.clone(),
        ];
        let text: String = parts.iter().map(|part| format!("{}:{part}", part.len())).collect();
        ids::sha256_hex(text.as_bytes())
    };
    ids::sha256_hex(rows.iter().map(line).collect::<Vec<_>>().join("\n").as_bytes())
}

fn stored(row: audit_seal::Model) -> Seal {
    Seal {
        number: row.number,
        sealed_at: Moment(row.sealed_at),
        lines: row.lines,
        digest: row.digest,
        chain: row.chain,
        dropped_at: row.dropped_at.map(Moment),
    }
}

async fn last_seal(connection: &impl ConnectionTrait) -> Result<Option<Seal>, DbErr> {
    let last = audit_seal::Entity::find().order_by_desc(audit_seal::Column::Number).one(connection).await?;
    Ok(last.map(stored))
}

/// Seals the oldest lines that have no seal, at most [`BATCH`]; returns how many. Two processes that seal at once make the
/// same number, of which the database takes one.
pub(crate) async fn seal(tx: &DatabaseTransaction, now: Moment) -> Result<u64, DbErr> {
    // Before the lines: a seal that is committed between the two reads has its number taken, and its lines are not read twice.
    let last = last_seal(tx).await?;
    let rows = audit::Entity::find()
        .filter(audit::Column::Batch.is_null())
        .order_by(audit::Column::Id, Order::Asc)
        .limit(BATCH)
        .all(tx)
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let number = last.as_ref().map_or(1, |seal| seal.number + 1);
    let former = last.map_or_else(Seal::origin, |seal| seal.chain);
    let mut seal = Seal {
        number,
        sealed_at: now,
        lines: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        digest: digest(&rows),
        chain: String::new(),
        dropped_at: None,
    };
    seal.chain = seal.expected_chain(&former);
    let row = audit_seal::ActiveModel {
        number: Set(seal.number),
        sealed_at: Set(now.0),
        lines: Set(seal.lines),
        digest: Set(seal.digest),
        chain: Set(seal.chain),
        dropped_at: Set(None),
    };
    audit_seal::Entity::insert(row).exec_without_returning(tx).await?;
    audit::Entity::update_many()
        .col_expr(audit::Column::Batch, Expr::value(number))
        .filter(audit::Column::Id.is_in(rows.iter().map(|row| row.id.as_str())))
        .exec(tx)
        .await?;
    Ok(rows.len() as u64)
}

/// Deletes the lines of the batches sealed before `before` and keeps their seals; returns the last such batch.
pub(crate) async fn drop_before(tx: &DatabaseTransaction, before: Moment, now: Moment) -> Result<Option<i64>, DbErr> {
    let old = audit_seal::Entity::find()
        .filter(audit_seal::Column::SealedAt.lt(before.0))
        .filter(audit_seal::Column::DroppedAt.is_null())
        .order_by_asc(audit_seal::Column::Number)
        .all(tx)
        .await?;
    let Some((first, last)) = old.first().zip(old.last()).map(|(first, last)| (first.number, last.number)) else {
        return Ok(None);
    };
    audit::Entity::delete_many().filter(audit::Column::Batch.between(first, last)).exec(tx).await?;
    audit_seal::Entity::update_many()
        .col_expr(audit_seal::Column::DroppedAt, Expr::value(now.0))
        .filter(audit_seal::Column::Number.between(first, last))
        .exec(tx)
        .await?;
    Ok(Some(last))
}

impl Db {
    /// Returns the seals after this number, at most `limit`.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn seals_after(&self, number: i64, limit: u64) -> Result<Vec<Seal>, DbError> {
        let rows = audit_seal::Entity::find()
            .filter(audit_seal::Column::Number.gt(number))
            .order_by_asc(audit_seal::Column::Number)
            .limit(limit)
            .all(self.read_whole())
            .await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Returns the number of the lines of a batch that are there, and the digest over them.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn batch_digest(&self, number: i64) -> Result<(usize, String), DbError> {
        let rows = audit::Entity::find()
            .filter(audit::Column::Batch.eq(number))
            .order_by_asc(audit::Column::Id)
            .all(self.read_whole())
            .await?;
        Ok((rows.len(), digest(&rows)))
    }

    /// Returns the number of lines whose batch has no seal, and of those without a batch.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn unsealed_lines(&self, last: i64) -> Result<(u64, u64), DbError> {
        let beyond = audit::Entity::find().filter(audit::Column::Batch.gt(last)).count(self.read_whole()).await?;
        let fresh = audit::Entity::find().filter(audit::Column::Batch.is_null()).count(self.read_whole()).await?;
        Ok((beyond, fresh))
    }

    /// Returns the looks at contact data from `from` until before `to`, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn looks(&self, by: &LookedBy, from: Moment, to: Moment) -> Result<Vec<Look>, DbError> {
        let all = access::Entity::find()
            .filter(access::Column::At.between(from.0, to.0 - 1))
            .order_by_asc(access::Column::At)
            .order_by_asc(access::Column::Id);
        let rows = match by {
            LookedBy::Account(id) => all.filter(access::Column::AccountId.eq(id)),
            LookedBy::Parks(parks) => all.filter(access::Column::ParkCode.is_in(parks)),
            LookedBy::Enterprise(email) => {
                let of_address = requirement::Entity::find().filter(requirement::Column::Email.eq(email));
                let needs: Vec<String> = of_address
                    .select_only()
                    .column(requirement::Column::Id)
                    .into_tuple()
                    .all(self.read_whole())
                    .await?;
                all.filter(access::Column::RequirementId.is_in(needs))
            }
        };
        let mut looks = Vec::new();
        for row in rows.all(self.read_whole()).await? {
            looks.push(self.look(row).await?);
        }
        Ok(looks)
    }

    async fn look(&self, row: access::Model) -> Result<Look, DbError> {
        let account = account::Entity::find_by_id(row.account_id.as_str()).one(self.read()).await?;
        let need = requirement::Entity::find_by_id(row.requirement_id.as_str()).one(self.read()).await?;
        let numbers = inquiry::Entity::find()
            .filter(inquiry::Column::RequirementId.eq(row.requirement_id.as_str()))
            .filter(inquiry::Column::ParkCode.eq(row.park_code.as_str()))
            .select_only()
            .column(inquiry::Column::Number)
            .order_by_asc(inquiry::Column::Number)
            .into_tuple()
            .all(self.read())
            .await?;
        let (account, role) = account.map_or_else(|| (row.account_id.clone(), String::new()), |it| (it.email, it.role));
        let (company, email) = need.map_or((None, None), |need| (need.company, need.email));
        let what = ACCESS_WHAT.read(&row.id, &row.what);
        Ok(Look { at: Moment(row.at), account, role, park: row.park_code, what, numbers, company, email })
    }
}
