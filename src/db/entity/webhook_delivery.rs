//! An event to be delivered to one webhook.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) event_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) webhook_id: String,
    pub(crate) turn: i64,
    pub(crate) event: String,
    pub(crate) at: i64,
    pub(crate) lead_id: String,
    pub(crate) number: String,
    pub(crate) park_code: String,
    pub(crate) stage: String,
    pub(crate) from_stage: Option<String>,
    pub(crate) state: String,
    pub(crate) attempts: i64,
    pub(crate) next_at: i64,
    pub(crate) last_error: Option<String>,
    pub(crate) settled_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
