//! Work committed with its cause, carried out after.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: String,
    pub(crate) purpose: String,
    pub(crate) requirement_id: Option<String>,
    pub(crate) inquiry_id: Option<String>,
    pub(crate) resend_of: Option<String>,
    pub(crate) recipient: Option<String>,
    pub(crate) message_id: Option<String>,
    /// Absent in rows of a program before m12.
    pub(crate) envelope_from: Option<String>,
    pub(crate) payload: Option<Vec<u8>>,
    pub(crate) state: String,
    pub(crate) attempts: i64,
    pub(crate) next_at: i64,
    pub(crate) lease_token: Option<String>,
    pub(crate) lease_until: Option<i64>,
    pub(crate) last_error: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) settled_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
