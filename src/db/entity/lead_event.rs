//! One line of a lead's history.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead_event")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) lead_id: String,
    pub(crate) at: i64,
    pub(crate) account_id: Option<String>,
    pub(crate) kind: String,
    pub(crate) from_stage: Option<String>,
    pub(crate) to_stage: Option<String>,
    pub(crate) note: String,
    pub(crate) facts: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
