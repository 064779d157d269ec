//! An address that is told of leads.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) park_code: String,
    pub(crate) address: String,
    pub(crate) shown: String,
    pub(crate) format: String,
    pub(crate) events: String,
    pub(crate) secret: String,
    pub(crate) former_secret: Option<String>,
    pub(crate) former_until: Option<i64>,
    pub(crate) account_id: String,
    pub(crate) created_at: i64,
    pub(crate) lease_token: Option<String>,
    pub(crate) lease_until: i64,
    pub(crate) next_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
