//! One row that an import is about to store or to remove; key (`import_id`, `no`).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_staged")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) import_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) no: i64,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) park_code: Option<String>,
    pub(crate) record: Option<String>,
    pub(crate) demo: bool,
    pub(crate) after: String,
    pub(crate) updated_at: i64,
    pub(crate) checked: Option<String>,
    pub(crate) changed: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
