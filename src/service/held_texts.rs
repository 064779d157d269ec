//! Texts of listings and policies of which promises are held back: the list, and the word of a named reviewer that publishes
//! them.

use domain::account::Scope;
use domain::promise::{Promise, PromisingText, promising};
use domain::record::{Policies, Record};
use domain::requirement::{FieldCode, FieldError, Word as _};

use super::accounts::Actor;
use super::context::Context;
use super::inventory::refresh;
use super::listings::keeper;
use super::promises::{Reviewed, codes, reason_fault, text_digest};
use crate::db;
use crate::db::import::StoredTable;
use crate::db::promise::NewReview;
use crate::db::words::Changed;
use crate::error::{Code, Error, Result};

/// Records in the list at most; the others come once these are done.
const MOST_SHOWN: usize = 200;

/// A text of which words are held back.
#[derive(Clone, Debug)]
pub struct HeldText {
    /// Its table.
    pub table: Changed,
    /// Id of the listing or policy.
    pub id: String,
    /// Its name or title.
    pub name: String,
    /// Code of the park whose people keep it; blank for a policy.
    pub park: String,
    /// The key of its label below `column`.
    pub label: &'static str,
    /// The text as stored.
    pub text: String,
    /// Its promises.
    pub promises: Vec<Promise>,
    /// The digest by which a later change is noticed.
    pub digest: String,
}

/// The word of a reviewer on one text.
#[derive(Clone, Debug, Default)]
pub struct TextReview {
    /// The digest of the text as it was shown.
    pub digest: String,
    /// Why it is lawful.
    pub reason: String,
}

/// Returns the texts in the actor's scope of which words are held back: those of policies to the platform alone.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor) -> Result<Vec<HeldText>> {
    let mut found = Vec::new();
    for (kind, id) in own(app, actor).into_iter().take(MOST_SHOWN) {
        let Some(record) = app.db.listing(kind, &id).await? else { continue };
        let name = app.inventory.listing(kind, &id).map_or_else(|| id.clone(), |listing| listing.name.to_string());
        found.extend(texts(app, &record, &name, keeper(&record)).await?);
    }
    if actor.scope == Scope::All {
        for record in app.db.policies().await? {
            found.extend(texts(app, &record, record.get("title"), "").await?);
        }
    }
    Ok(found)
}

/// Returns the number of listings in the actor's scope of which words are held back.
#[must_use]
pub fn count(app: &Context, actor: &Actor) -> usize {
    own(app, actor).len()
}

fn own(app: &Context, actor: &Actor) -> Vec<(domain::kind::Kind, String)> {
    let mut held = app.inventory.held();
    held.retain(|(kind, id)| app.inventory.record(*kind, id).is_some_and(|it| actor.scope.covers(keeper(&it))));
    held
}

async fn texts<T: StoredTable>(app: &Context, record: &Record<T>, name: &str, park: &str) -> Result<Vec<HeldText>> {
    let found: Vec<(String, PromisingText)> =
        promising(record).into_iter().map(|text| (text_digest(record, &text.text), text)).collect();
    let digests: Vec<String> = found.iter().map(|(digest, _)| digest.clone()).collect();
    let passed = app.db.passed(&digests).await?;
    let held = |(digest, text): (String, PromisingText)| HeldText {
        table: record.kind().changed(),
        id: record.id().to_owned(),
        name: name.to_owned(),
        park: park.to_owned(),
        label: record.kind().label(text.column),
        text: text.text,
        promises: text.promises,
        digest,
    };
    Ok(found.into_iter().filter(|(digest, _)| !passed.contains(digest)).map(held).collect())
}

/// Publishes a text whose promises the actor has reviewed.
///
/// # Errors
/// [`Error::Forbidden`] for roles that do not decide; [`Error::NotFound`] outside the scope; [`Error::Invalid`] for a blank
/// or too long reason, and where the actor wrote the text; [`Error::Conflict`] where the text is another by now.
pub async fn pass(app: &Context, actor: &Actor, table: &str, id: &str, review: TextReview) -> Result<()> {
    if !actor.role.decides_leads() {
        return Err(Error::Forbidden);
    }
    match Changed::from_word(table) {
        Some(Changed::Listing(kind)) => {
            let record = app.db.listing(kind, id).await?.ok_or(Error::NotFound)?;
            if !actor.scope.covers(keeper(&record)) {
                return Err(Error::NotFound);
            }
            publish(app, actor, &record, review).await
        }
        Some(Changed::Policy) if actor.scope == Scope::All => {
            let record: Record<Policies> = app.db.policy(id).await?.ok_or(Error::NotFound)?;
            publish(app, actor, &record, review).await
        }
        _ => Err(Error::NotFound),
    }
}

async fn publish<T: StoredTable>(app: &Context, actor: &Actor, record: &Record<T>, given: TextReview) -> Result<()> {
    let reason = given.reason.trim().to_owned();
    if let Some(fault) = reason_fault(&reason) {
        return Err(Error::Invalid(vec![fault]));
    }
    let is_shown = |text: &PromisingText| text_digest(record, &text.text) == given.digest;
    let Some(text) = promising(record).into_iter().find(is_shown) else {
        return Err(Error::Conflict(Code::Conflict));
    };
    let author = author(app, record, &text).await?;
    if author == actor.id {
        let error = FieldError::new("review_reason", FieldCode::NoReviewer);
        return Err(Error::Invalid(vec![error.with("value", &actor.email)]));
    }
    let review = NewReview { author, reviewer: actor.id.clone(), codes: codes(text.promises.iter()), reason };
    let reviewed = Reviewed::by_reviewer(review, text.column.name);
    let (now, record) = (app.clock.now(), record.clone());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let table = record.kind();
                // The log first, for its lock: the text that is published is the stored one.
                db::listing::log(tx, table.changed(), &[record.id()], now).await?;
                let stored = table.texts(tx, &[record.id().to_owned()]).await?.pop().ok_or(Error::NotFound)?.1;
                if serde_json::from_str::<Record<T>>(&stored).ok().as_ref() != Some(&record) {
                    return Err(Error::Conflict(Code::Conflict));
                }
                reviewed.keep_of(tx, &record, now).await
            })
        })
        .await?;
    Ok(refresh(app).await?)
}

/// The id of the account that brought a text, or the name of who acted where it is no account.
async fn author<T: StoredTable>(app: &Context, record: &Record<T>, text: &PromisingText) -> Result<String> {
    let Some(kind) = record.kind().changed().kind() else { return Ok("operator".to_owned()) };
    let history = app.db.listing_history(kind, record.id()).await?;
    let is_its = |before: &Record| before.get(text.column.name) != text.text;
    let brought = history.into_iter().find(|change| change.before.as_ref().is_none_or(is_its));
    let by = brought.map(|change| change.actor).unwrap_or_default();
    Ok(app.db.account_by_email(&by).await?.map_or(by, |account| account.id))
}
