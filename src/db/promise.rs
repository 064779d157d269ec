//! Reviews of promises in texts.

use domain::time::Moment;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr, EntityTrait as _};

use super::entity::promise_review;
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

/// Keeps the review of a text about a lead, a listing or a policy.
pub(crate) async fn keep(
    tx: &DatabaseTransaction,
    review: &NewReview,
    subject: &str,
    now: Moment,
) -> Result<(), DbErr> {
    let row = promise_review::ActiveModel {
        id: Set(ids::row_id()),
        at: Set(now.0),
        author: Set(review.author.clone()),
        reviewer: Set(review.reviewer.clone()),
        subject: Set(subject.to_owned()),
        codes: Set(review.codes.clone()),
        reason: Set(review.reason.clone()),
    };
    promise_review::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}
