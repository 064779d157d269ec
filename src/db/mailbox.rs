//! Positions in polled mailboxes.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::entity::mailbox_position::{ActiveModel, Column, Entity};
use super::{Db, DbError};

impl Db {
    /// Returns the UID of the last mail taken in; 0 where there is none, or where `UIDVALIDITY` has changed and UIDs with it.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn mailbox_position(&self, name: &str, validity: u32) -> Result<u32, DbError> {
        let row = Entity::find_by_id(name).one(self.read()).await?;
        let last = row.filter(|row| row.validity == i64::from(validity)).map(|row| row.last_uid);
        Ok(last.and_then(|uid| u32::try_from(uid).ok()).unwrap_or(0))
    }

    /// Stores the UID of the last mail taken in.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`].
    pub async fn set_mailbox_position(&self, name: &str, validity: u32, uid: u32) -> Result<(), DbError> {
        let row = ActiveModel { name: Set(name.to_owned()), validity: Set(validity.into()), last_uid: Set(uid.into()) };
        let newer = OnConflict::column(Column::Name).update_columns([Column::Validity, Column::LastUid]).to_owned();
        let insert = Entity::insert(row).on_conflict(newer);
        self.write(|tx| {
            Box::pin(async move {
                insert.exec_without_returning(tx).await?;
                Ok(())
            })
        })
        .await
    }
}
