//! A part of a listing that is held for a talk.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "soft_hold")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) listing_kind: String,
    pub(crate) listing_code: String,
    pub(crate) park_code: Option<String>,
    pub(crate) resource: String,
    pub(crate) amount: i64,
    pub(crate) note: String,
    pub(crate) account_id: String,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) released_at: Option<i64>,
    pub(crate) released_by: Option<String>,
    pub(crate) seq: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
