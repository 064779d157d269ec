//! A hand-over of a lead to another park.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "handover")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) lead_id: String,
    pub(crate) requirement_id: String,
    pub(crate) from_park: String,
    pub(crate) to_park: String,
    pub(crate) listing_kind: String,
    pub(crate) listing_code: String,
    pub(crate) reason: String,
    pub(crate) state: String,
    pub(crate) proposed_by: String,
    pub(crate) created_at: i64,
    pub(crate) consented_at: Option<i64>,
    pub(crate) answered_at: Option<i64>,
    pub(crate) new_lead_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
