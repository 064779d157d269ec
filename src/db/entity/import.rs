//! One import of a file.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) file: String,
    pub(crate) digest: String,
    pub(crate) park_code: Option<String>,
    pub(crate) actor: String,
    pub(crate) at: i64,
    pub(crate) counts: String,
    pub(crate) undone_at: Option<i64>,
    pub(crate) undone_by: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) lease_until: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
