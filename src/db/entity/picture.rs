//! A picture of a listing.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "picture")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) code: String,
    pub(crate) shows: String,
    pub(crate) alt: String,
    pub(crate) format: String,
    pub(crate) digest: String,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) bytes: Option<Vec<u8>>,
    pub(crate) actor: String,
    pub(crate) created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
