//! Policies (政策) as their records.

use domain::record::{Policies, Record};
use domain::time::Moment;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::entity::policy;
use super::words::note;
use super::{Db, DbError};

/// Reads a record; one that this version cannot parse is noted, and salvaged with its id and title.
fn record_of(row: &policy::Model) -> Option<Record<Policies>> {
    readable(row).or_else(|| {
        note("policy", "record", &row.code, "");
        let cells = serde_json::json!({ "policy_id": row.code, "title": row.title });
        serde_json::from_value(serde_json::json!({ "kind": Policies, "cells": cells })).ok()
    })
}

/// Parses the record's JSON; `None` where it does not parse or names another id than its row.
pub(super) fn readable(row: &policy::Model) -> Option<Record<Policies>> {
    let record: Record<Policies> = serde_json::from_str(&row.record).ok()?;
    (record.id() == row.code).then_some(record)
}

impl Db {
    /// Returns every policy, by id.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn policies(&self) -> Result<Vec<Record<Policies>>, DbError> {
        let rows = policy::Entity::find()
            .filter(policy::Column::WithdrawnAt.is_null())
            .order_by_asc(policy::Column::Code)
            .all(self.read_whole())
            .await?;
        Ok(rows.iter().filter_map(record_of).collect())
    }

    /// Returns one policy.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn policy(&self, code: &str) -> Result<Option<Record<Policies>>, DbError> {
        Ok(policy::Entity::find_by_id(code)
            .filter(policy::Column::WithdrawnAt.is_null())
            .one(self.read())
            .await?
            .as_ref()
            .and_then(record_of))
    }

    /// Returns number, newest change and sum of the changes' times: another value means other policies.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn policy_stamp(&self) -> Result<(i64, i64, i64), DbError> {
        let times: Vec<i64> = policy::Entity::find()
            .select_only()
            .column(policy::Column::UpdatedAt)
            .into_tuple()
            .all(self.read())
            .await?;
        let newest = times.iter().copied().max().unwrap_or_default();
        let sum = times.iter().fold(0_i64, |sum, time| sum.wrapping_add(*time));
        Ok((i64::try_from(times.len()).unwrap_or(i64::MAX), newest, sum))
    }
}

/// Takes a policy off the site; an import does not bring it back.
pub(crate) async fn withdraw(tx: &DatabaseTransaction, code: &str, now: Moment) -> Result<(), DbErr> {
    policy::Entity::update_many()
        .filter(policy::Column::Code.eq(code))
        .col_expr(policy::Column::WithdrawnAt, Expr::value(now.0))
        .col_expr(policy::Column::UpdatedAt, Expr::value(now.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Inserts or replaces policies.
pub(super) async fn put(tx: &DatabaseTransaction, records: &[&Record<Policies>], now: Moment) -> Result<(), DbErr> {
    use policy::Column as C;
    for record in records {
        let row = policy::ActiveModel {
            code: Set(record.id().to_owned()),
            title: Set(record.get("title").to_owned()),
            record: Set(serde_json::to_string(record).unwrap_or_default()),
            demo: Set(record.yes_no("demo") == Some(true)),
            created_at: Set(now.0),
            updated_at: Set(now.0),
            withdrawn_at: Set(None),
        };
        let replace =
            OnConflict::column(C::Code).update_columns([C::Title, C::Record, C::Demo, C::UpdatedAt]).to_owned();
        policy::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    }
    Ok(())
}
