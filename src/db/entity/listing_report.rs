//! A report that a listing is wrong.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "listing_report")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) listing_kind: String,
    pub(crate) listing_code: String,
    pub(crate) listing_name: String,
    pub(crate) park_code: Option<String>,
    pub(crate) reason: String,
    pub(crate) words: String,
    pub(crate) email: Option<String>,
    pub(crate) notice_version: Option<String>,
    pub(crate) locale: String,
    pub(crate) state: String,
    pub(crate) due_on: String,
    pub(crate) answer: String,
    pub(crate) answered_at: Option<i64>,
    pub(crate) answered_by: Option<String>,
    pub(crate) message_id: Option<String>,
    pub(crate) created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
