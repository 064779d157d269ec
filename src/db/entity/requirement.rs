//! A requirement; its personal columns are null once erased.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requirement")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) reference: String,
    pub(crate) state: String,
    pub(crate) body: String,
    pub(crate) free_text: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) uscc: Option<String>,
    pub(crate) locale: String,
    pub(crate) created_at: i64,
    pub(crate) erased_at: Option<i64>,
    pub(crate) company_key: Option<String>,
    pub(crate) phone_last4: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
