//! The desk of the policy library: a draft, its checks, its second reader, the versions that were published.

use domain::account::Scope;
use domain::import::{Note, Settling, settle, typed};
use domain::policy_check::{LinkState, PolicyFinding, findings};
use domain::record::{Policies, Record};
use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use super::accounts::Actor;
use super::context::Context;
use super::inventory::refresh;
use super::policy_links::{self, CheckedLink};
use crate::db;
use crate::db::import::StoredTable as _;
use crate::db::policy_desk::{PolicyDraft, PolicyVersion};
use crate::db::words::{AuditAction, Changed};
use crate::error::{Code, Error, Result};
use crate::ids;

/// A draft as typed.
#[derive(Clone, Debug, Default)]
pub struct TypedPolicy {
    /// Id of the draft; blank for a new one.
    pub draft: String,
    /// Code of the published policy that it changes; blank for a new one.
    pub policy: String,
    /// Columns by name with their cells.
    pub cells: Vec<(String, String)>,
}

/// Outcome of saving a draft.
#[derive(Debug)]
pub enum SavedDraft {
    /// Stored under this id.
    Stored(String),
    /// Refused cells; nothing was stored.
    Wrong(Vec<Note>),
}

/// Refuses accounts other than those of the platform that decide.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn may_edit(actor: &Actor) -> Result<()> {
    if actor.scope == Scope::All && actor.role.decides_leads() { Ok(()) } else { Err(Error::Forbidden) }
}

/// Returns the drafts, the last changed first.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn drafts(app: &Context, actor: &Actor) -> Result<Vec<PolicyDraft>> {
    may_edit(actor)?;
    Ok(app.db.policy_drafts().await?)
}

/// Returns one draft.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn draft(app: &Context, actor: &Actor, id: &str) -> Result<PolicyDraft> {
    may_edit(actor)?;
    app.db.policy_draft(id).await?.ok_or(Error::NotFound)
}

/// Returns the cells with which a form begins: those of a stored policy, or none for a new one.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn begin(app: &Context, actor: &Actor, policy: &str) -> Result<Record<Policies>> {
    may_edit(actor)?;
    if policy.is_empty() {
        return Ok(Record::blank(Policies));
    }
    app.db.policy(policy).await?.ok_or(Error::NotFound)
}

/// Saves a draft, whose cells are judged as the importer judges a row. Its author is who saved it last.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for a draft that is gone; [`Error::Unavailable`], [`Error::Full`] or
/// [`Error::Internal`].
pub async fn save(app: &Context, actor: &Actor, given: TypedPolicy) -> Result<SavedDraft> {
    may_edit(actor)?;
    let id = if given.draft.is_empty() { ids::row_id() } else { draft(app, actor, &given.draft).await?.id };
    let cells: Vec<(&str, &str)> = given.cells.iter().map(|(name, text)| (name.as_str(), text.trim())).collect();
    let plan = settle(&[typed(Policies, &cells)], &Settling::of_files(Policies));
    let record = match plan.settled.into_iter().next() {
        Some(settled) if plan.rejected.is_empty() => settled.after,
        _ => return Ok(SavedDraft::Wrong(plan.rejected)),
    };
    let draft = PolicyDraft {
        id: id.clone(),
        policy: given.policy,
        record,
        author: actor.id.clone(),
        updated_at: app.clock.now(),
    };
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::policy_desk::save(tx, &draft).await?) }))
        .await?;
    Ok(SavedDraft::Stored(id))
}

/// Deletes a draft.
///
/// # Errors
/// As of [`draft`]; [`Error::Full`].
pub async fn discard(app: &Context, actor: &Actor, id: &str) -> Result<()> {
    let draft = draft(app, actor, id).await?;
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::policy_desk::close(tx, &draft).await.map(drop)?) })
        })
        .await
}

/// Returns the faults of a draft.
#[must_use]
pub fn faults(app: &Context, record: &Record<Policies>) -> Vec<PolicyFinding> {
    let all = app.policies.all();
    findings(record, |code| code == record.id() || all.iter().any(|policy| policy.id() == code))
}

/// Outcome of publishing a draft.
#[derive(Debug)]
pub enum PublishedDraft {
    /// Published under this code.
    Stored(String),
    /// Pages that it links to are gone; nothing was published.
    DeadLinks(Vec<CheckedLink>),
}

/// Publishes a draft, by another person than its author, who has seen it as of `seen`. A former address leads to the new one.
///
/// # Errors
/// As of [`draft`]; [`Error::Forbidden`] for the author; [`Error::Conflict`] where the draft was changed since, a check blocks, or
/// the code is another policy's; [`Error::Full`].
pub async fn publish(app: &Context, actor: &Actor, id: &str, seen: Moment) -> Result<PublishedDraft> {
    let draft = draft(app, actor, id).await?;
    if draft.updated_at != seen {
        return Err(Error::Conflict(Code::Conflict));
    }
    if draft.author == actor.id {
        return Err(Error::Forbidden);
    }
    if faults(app, &draft.record).iter().any(|finding| finding.fault.blocks()) {
        return Err(Error::Conflict(Code::Conflict));
    }
    let links = policy_links::check(app, &draft.record).await;
    if links.iter().any(|link| link.state == LinkState::Dead) {
        return Ok(PublishedDraft::DeadLinks(links));
    }
    let (now, reader, code) = (app.clock.now(), actor.id.clone(), draft.record.id().to_owned());
    app.db.write::<_, Error, _>(move |tx| Box::pin(async move { store(tx, &draft, reader, now).await })).await?;
    refresh(app).await?;
    Ok(PublishedDraft::Stored(code))
}

async fn store(tx: &DatabaseTransaction, draft: &PolicyDraft, reader: String, now: Moment) -> Result<()> {
    let (before, code) = (draft.policy.as_str(), draft.record.id());
    // The log first, for its lock.
    db::listing::log(tx, Changed::Policy, &[code], now).await?;
    if !db::policy_desk::close(tx, draft).await? {
        return Err(Error::Conflict(Code::Conflict));
    }
    if before != code && db::policy_desk::is_taken(tx, code).await? {
        return Err(Error::Conflict(Code::Conflict));
    }
    if !before.is_empty() && before != code {
        db::listing::log(tx, Changed::Policy, &[before], now).await?;
        db::policy_desk::rename(tx, before, code, now).await?;
    }
    Policies.put(tx, &[&draft.record], now).await?;
    let version = PolicyVersion {
        record: draft.record.clone(),
        author: draft.author.clone(),
        reader: reader.clone(),
        published_at: now,
    };
    db::policy_desk::keep_version(tx, &ids::row_id(), &version).await?;
    db::requirement::audit(tx, &reader, AuditAction::PolicyPublish, code, &draft.author, now).await?;
    Ok(())
}

/// Returns the published versions of a policy, the newest first.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn versions(app: &Context, actor: &Actor, policy: &str) -> Result<Vec<PolicyVersion>> {
    may_edit(actor)?;
    Ok(app.db.policy_versions(policy).await?)
}
