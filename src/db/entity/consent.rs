//! A consent: to what, to whom, under which notice.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) requirement_id: String,
    pub(crate) purpose: String,
    pub(crate) receiver: String,
    pub(crate) receiver_name: String,
    pub(crate) receiver_contact: String,
    pub(crate) data_kinds: String,
    pub(crate) notice_version: String,
    pub(crate) notice_hash: String,
    pub(crate) at: i64,
    pub(crate) withdrawn_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
