//! Something that a person must do.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_task")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) park_code: Option<String>,
    pub(crate) requirement_id: Option<String>,
    pub(crate) inquiry_id: Option<String>,
    pub(crate) outbox_id: Option<String>,
    pub(crate) detail: String,
    pub(crate) created_at: i64,
    pub(crate) done_at: Option<i64>,
    pub(crate) done_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
