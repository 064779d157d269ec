//! An alert: a need whose reader is told of listings that newly fit.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alert")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) address: Option<String>,
    pub(crate) need: Option<String>,
    pub(crate) locale: String,
    pub(crate) notice_version: String,
    pub(crate) notice_hash: String,
    pub(crate) created_at: i64,
    pub(crate) confirmed_at: Option<i64>,
    pub(crate) state: String,
    pub(crate) why: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) expires_at: i64,
    pub(crate) next_at: i64,
    pub(crate) mails: i64,
    pub(crate) asked_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
