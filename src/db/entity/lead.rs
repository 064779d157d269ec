//! An inquiry as staff work it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) inquiry_id: String,
    pub(crate) park_code: String,
    pub(crate) stage: String,
    pub(crate) owner_id: Option<String>,
    pub(crate) version: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) due_at: i64,
    pub(crate) answered_at: Option<i64>,
    pub(crate) hidden: bool,
    pub(crate) requirement_id: Option<String>,
    pub(crate) number: Option<String>,
    pub(crate) state: String,
    pub(crate) source: String,
    pub(crate) consent_basis: Option<String>,
    pub(crate) consent_note: Option<String>,
    pub(crate) last_word: Option<String>,
    pub(crate) last_word_at: Option<i64>,
    pub(crate) touched: bool,
    pub(crate) referrer: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
