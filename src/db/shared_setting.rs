//! Settings that every process of one database has in common, each as a digest.

use std::collections::BTreeMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::entity::shared_setting::{ActiveModel, Column as C, Entity};
use super::{Db, DbError};

impl Db {
    /// Stores the digests of settings that have none yet and returns those that are stored afterwards, by name.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`].
    pub async fn shared_settings(&self, own: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, DbError> {
        self.keep_settings(own, OnConflict::column(C::Name).do_nothing().to_owned()).await
    }

    /// Replaces the digests of settings.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`].
    pub async fn adopt_settings(&self, own: &BTreeMap<String, String>) -> Result<(), DbError> {
        self.keep_settings(own, OnConflict::column(C::Name).update_column(C::Digest).to_owned()).await.map(drop)
    }

    async fn keep_settings(
        &self,
        own: &BTreeMap<String, String>,
        where_stored: OnConflict,
    ) -> Result<BTreeMap<String, String>, DbError> {
        let row =
            |(name, digest): (&String, &String)| ActiveModel { name: Set(name.clone()), digest: Set(digest.clone()) };
        let rows: Vec<ActiveModel> = own.iter().map(row).collect();
        self.write(move |tx| {
            Box::pin(async move {
                Entity::insert_many(rows).on_conflict(where_stored).exec_without_returning(tx).await?;
                let stored = Entity::find().all(tx).await?;
                Ok(stored.into_iter().map(|row| (row.name, row.digest)).collect())
            })
        })
        .await
    }
}
