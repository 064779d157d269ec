//! Texts to enterprises with promises that 公平竞争审查条例 forbids: flagged with an explanation and the wording to use; they are
//! published only where a named reviewer lets them pass for a reason.

use domain::promise::{Promise, promises};
use domain::requirement::{FieldCode, FieldError};
use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use super::accounts::{self, Actor};
use super::context::Context;
use crate::db;
use crate::db::promise::NewReview;
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
pub struct Reviewed(NewReview);

impl Reviewed {
    /// Keeps the review with its audit line. `subject` is the id of the lead, listing or policy.
    ///
    /// # Errors
    /// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
    pub(super) async fn keep(&self, tx: &DatabaseTransaction, subject: &str, now: Moment) -> Result<()> {
        db::promise::keep(tx, &self.0, subject, now).await?;
        let detail = format!("{} {}", self.0.reviewer, self.0.codes);
        let action = AuditAction::PromiseReview;
        Ok(db::requirement::audit(tx, &self.0.author, action, subject, &detail, now).await?)
    }
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
    let mut codes: Vec<&str> = found.iter().map(|(_, promise)| promise.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let (author, reason) = (actor.id.clone(), review.reason.clone());
    Ok(Some(Reviewed(NewReview { author, reviewer, codes: codes.join(" "), reason })))
}

/// The id of the account that a review names.
async fn reviewer(app: &Context, actor: &Actor, park: &str, review: &Review) -> Result<String> {
    let mut errors = Vec::new();
    if review.reason.is_empty() {
        errors.push(FieldError::new("review_reason", FieldCode::Missing));
    } else if review.reason.chars().count() > LONGEST_REASON {
        let error = FieldError::new("review_reason", FieldCode::TooLong);
        errors.push(error.with("max", LONGEST_REASON.to_string()));
    }
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
