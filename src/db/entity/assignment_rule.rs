//! A rule by which a park's new leads get their owner.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_rule")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) park_code: String,
    pub(crate) place: i64,
    pub(crate) chain: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) least_wan: Option<i64>,
    pub(crate) most_wan: Option<i64>,
    pub(crate) tag: Option<String>,
    pub(crate) account_id: String,
    pub(crate) created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
