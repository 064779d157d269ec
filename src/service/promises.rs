//! Texts to enterprises with promises that 公平竞争审查条例 forbids: flagged with an explanation and the wording to use; they are
//! published only where a named reviewer lets them pass for a reason.

use domain::promise::{Promise, promises, promising};
use domain::record::Record;
use domain::requirement::{FieldCode, FieldError};
use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use super::accounts::{self, Actor};
use super::context::Context;
use crate::db;
use crate::db::import::StoredTable;
use crate::db::promise::{NewReview, digest_of};
use crate::db::words::AuditAction;
use crate::error::{Error, Result};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// The consent of a person who answers for a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Review {
    /// Mail address of the reviewer.
    pub reviewer: String,
    /// Why the text is lawful.
    pub reason: String,
}

impl Review {
    /// Returns a review of what a form holds; `None` where both parts are blank.
    #[must_use]
    pub fn of(reviewer: &str, reason: &str) -> Option<Self> {
        let (reviewer, reason) = (reviewer.trim().to_lowercase(), reason.trim().to_owned());
        (!reviewer.is_empty() || !reason.is_empty()).then_some(Self { reviewer, reason })
    }
}

/// A review that was checked, to be kept by the transaction that publishes the text.
#[derive(Clone, Debug)]
pub struct Reviewed {
    review: NewReview,
    /// Id of the account that acts: the author who names a reviewer, or the reviewer.
    by: String,
    /// Fields of the texts.
    fields: Vec<String>,
}

impl Reviewed {
    /// The review of a stored text by its reviewer.
    pub(super) fn by_reviewer(review: NewReview, field: &str) -> Self {
        Self { by: review.reviewer.clone(), review, fields: vec![field.to_owned()] }
    }

    /// Keeps the review with its audit line. `subject` is the id of the lead, listing or policy.
    ///
    /// # Errors
    /// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
    pub(super) async fn keep(&self, tx: &DatabaseTransaction, subject: &str, now: Moment) -> Result<()> {
        self.review(tx, subject, now).await.map(drop)
    }

    /// As [`Self::keep`], of texts of a record, which are published from then on.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub(super) async fn keep_of<T: StoredTable>(
        &self,
        tx: &DatabaseTransaction,
        record: &Record<T>,
        now: Moment,
    ) -> Result<()> {
        let review = self.review(tx, record.id(), now).await?;
        let texts = promising(record).into_iter().filter(|text| self.fields.iter().any(|it| it == text.column.name));
        let digests = texts.map(|text| text_digest(record, &text.text)).collect();
        Ok(db::promise::pass(tx, &review, digests).await?)
    }

    /// Returns the id of the review.
    async fn review(&self, tx: &DatabaseTransaction, subject: &str, now: Moment) -> Result<String> {
        let review = db::promise::keep(tx, &self.review, subject, now).await?;
        let detail = format!("{} {}", self.review.reviewer, self.review.codes);
        db::requirement::audit(tx, &self.by, AuditAction::PromiseReview, subject, &detail, now).await?;
        Ok(review)
    }
}

/// Returns the digest under which a text of a record is let pass.
pub(super) fn text_digest<T: StoredTable>(record: &Record<T>, text: &str) -> String {
    digest_of(record.kind().changed(), record.id(), text)
}

/// Returns the codes of promises, each once, joined by blanks.
pub(super) fn codes<'p>(promises: impl Iterator<Item = &'p Promise>) -> String {
    let mut codes: Vec<&str> = promises.map(|promise| promise.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(" ")
}

/// Checks texts that a member of staff is about to publish for a park: replies, texts of listings, policies. Returns the review
/// to keep; `None` where nothing is flagged.
///
/// # Errors
/// [`Error::Invalid`] with [`FieldCode::UnlawfulPromise`] for each flagged text without a review; on `reviewer` and
/// `review_reason` where the review does not count: the reviewer is another manager or admin who sees the park.
pub async fn check(
    app: &Context,
    actor: &Actor,
    park: &str,
    texts: &[(&str, &str)],
    review: Option<&Review>,
) -> Result<Option<Reviewed>> {
    let found: Vec<(&str, Promise)> = texts
        .iter()
        .flat_map(|(field, text)| promises(text).into_iter().map(move |promise| (*field, promise)))
        .collect();
    if found.is_empty() {
        return Ok(None);
    }
    let Some(review) = review else {
        let error = |(field, promise): &(&str, Promise)| {
            let error = FieldError::new(*field, FieldCode::UnlawfulPromise);
            error.with("value", promise.text.clone()).with("code", promise.code)
        };
        return Err(Error::Invalid(found.iter().map(error).collect()));
    };
    let reviewer = reviewer(app, actor, park, review).await?;
    let (author, reason) = (actor.id.clone(), review.reason.clone());
    let codes = codes(found.iter().map(|(_, promise)| promise));
    let fields = found.iter().map(|(field, _)| (*field).to_owned()).collect();
    let review = NewReview { author: author.clone(), reviewer, codes, reason };
    Ok(Some(Reviewed { review, by: author, fields }))
}

/// The fault of a reason.
pub(super) fn reason_fault(reason: &str) -> Option<FieldError> {
    if reason.is_empty() {
        return Some(FieldError::new("review_reason", FieldCode::Missing));
    }
    let error = FieldError::new("review_reason", FieldCode::TooLong).with("max", LONGEST_REASON.to_string());
    (reason.chars().count() > LONGEST_REASON).then_some(error)
}

/// The id of the account that a review names.
async fn reviewer(app: &Context, actor: &Actor, park: &str, review: &Review) -> Result<String> {
    let mut errors: Vec<FieldError> = reason_fault(&review.reason).into_iter().collect();
    let account = app.db.account_by_email(&review.reviewer).await?.filter(|account| !account.disabled);
    let known = account.and_then(|account| accounts::actor(app, account));
    let may = |other: &Actor| other.id != actor.id && other.role.decides_leads() && other.scope.covers(park);
    let found = known.filter(may);
    if found.is_none() {
        errors.push(FieldError::new("reviewer", FieldCode::NoReviewer).with("value", &review.reviewer));
    }
    match found {
        Some(other) if errors.is_empty() => Ok(other.id),
        _ => Err(Error::Invalid(errors)),
    }
}
