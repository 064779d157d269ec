//! One file in work.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_job")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) park_code: Option<String>,
    pub(crate) actor: String,
    pub(crate) kind: String,
    pub(crate) file: String,
    pub(crate) digest: String,
    pub(crate) state: String,
    pub(crate) step: i64,
    pub(crate) total: i64,
    pub(crate) options: String,
    pub(crate) report: Option<String>,
    pub(crate) import_id: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) changed_at: i64,
    pub(crate) lease_until: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
