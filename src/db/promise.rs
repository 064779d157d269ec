//! Reviews of promises in texts, and the texts of listings and policies that they let pass.

use std::collections::HashSet;

use domain::requirement::Word as _;
use domain::time::Moment;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QuerySelect as _,
};

use super::entity::{passed_promise, promise_review};
use super::import::digest;
use super::words::Changed;
use super::{Db, DbError};
use crate::ids;

/// A review to be kept.
#[derive(Clone, Debug)]
pub(crate) struct NewReview {
    /// Id of the account that wrote the text.
    pub(crate) author: String,
    /// Id of the account that lets it pass.
    pub(crate) reviewer: String,
    /// Codes of the promises, joined by blanks.
    pub(crate) codes: String,
    pub(crate) reason: String,
}

/// Texts per statement: SQLite takes at most 32,766 bound values per statement.
const CHUNK: usize = 500;

/// Returns the digest under which a text of one listing or policy is let pass: the same words elsewhere are another text.
pub(crate) fn digest_of(table: Changed, code: &str, text: &str) -> String {
    digest(&[table.word(), code, text].join("\0"))
}

impl Db {
    /// Returns those of the digests whose texts were let pass.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn passed(&self, digests: &[String]) -> Result<HashSet<String>, DbError> {
        use passed_promise::Column as C;
        let mut passed = HashSet::new();
        for chunk in digests.chunks(CHUNK) {
            let rows = passed_promise::Entity::find().filter(C::Digest.is_in(chunk)).select_only().column(C::Digest);
            passed.extend(rows.into_tuple::<String>().all(self.read()).await?);
        }
        Ok(passed)
    }

    /// Counts the texts that were let pass.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn count_passed(&self) -> Result<u64, DbError> {
        Ok(passed_promise::Entity::find().count(self.read()).await?)
    }
}

/// Lets texts pass that a review is about.
pub(crate) async fn pass(tx: &DatabaseTransaction, review: &str, digests: Vec<String>) -> Result<(), DbErr> {
    let row = |digest: String| passed_promise::ActiveModel { digest: Set(digest), review_id: Set(review.to_owned()) };
    let rows: Vec<_> = digests.into_iter().map(row).collect();
    for chunk in rows.chunks(CHUNK) {
        let once = OnConflict::column(passed_promise::Column::Digest).do_nothing().to_owned();
        let insert = passed_promise::Entity::insert_many(chunk.to_vec()).on_conflict(once);
        insert.exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Keeps the review of a text about a lead, a listing or a policy; returns its id.
pub(crate) async fn keep(
    tx: &DatabaseTransaction,
    review: &NewReview,
    subject: &str,
    now: Moment,
) -> Result<String, DbErr> {
    let id = ids::row_id();
    let row = promise_review::ActiveModel {
        id: Set(id.clone()),
        at: Set(now.0),
        author: Set(review.author.clone()),
        reviewer: Set(review.reviewer.clone()),
        subject: Set(subject.to_owned()),
        codes: Set(review.codes.clone()),
        reason: Set(review.reason.clone()),
    };
    promise_review::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id)
}
