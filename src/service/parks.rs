//! A park's own data: its inbox, which counts once the new owner has confirmed it, and the mails that failed for the old one.

use std::sync::Arc;

use domain::account::Scope;
use domain::contact::Mail;
use domain::kind::Kind;
use domain::record::Record;
use domain::requirement::{FieldCode, FieldError};
use domain::time::SECONDS_PER_DAY;

use super::accounts::Actor;
use super::context::{App, Context};
use super::idempotency::Call;
use super::inventory::refresh;
use super::{letters, listings, work};
use crate::db;
use crate::db::import::StoredTable as _;
use crate::db::inbox_change::InboxChange;
use crate::db::inbox_trouble::PausedInbox;
use crate::db::words::{AuditAction, EditCause, TaskKind};
use crate::error::{Code, Error, Result};
use crate::ids;

/// Lifetime of a confirmation link.
const LINK_SECONDS: i64 = 3 * SECONDS_PER_DAY;

/// A park as its people keep it.
#[derive(Clone, Debug)]
pub struct OwnPark {
    /// The record as stored.
    pub record: Record,
    /// Its digest, for saving.
    pub version: String,
    /// The new inbox that waits for its confirmation.
    pub waiting: Option<InboxChange>,
    /// Its inbox takes no mail: nothing is sent to it until a person has looked.
    pub paused: Option<PausedInbox>,
    /// Mails to the park that failed: ids of lead and mail.
    pub failed: Vec<(String, String)>,
}

/// Returns a park of the actor's scope.
///
/// # Errors
/// [`Error::NotFound`], also outside the scope; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn show(app: &Context, actor: &Actor, code: &str) -> Result<OwnPark> {
    let editable = listings::editable(app, &actor.scope, Kind::Park, code).await?;
    let inbox = editable.record.get("inbox_email").to_owned();
    Ok(OwnPark {
        paused: app.db.paused_inboxes().await?.into_iter().find(|paused| paused.address == inbox),
        version: editable.version,
        record: editable.record,
        waiting: app.db.waiting_inbox(code, app.clock.now()).await?,
        failed: failed(app, code).await?,
    })
}

/// Returns the parks of a scope whose inbox takes no mail, by code.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn refusing(app: &Context, scope: &Scope) -> Result<Vec<Arc<Record>>> {
    let paused: Vec<String> = app.db.paused_inboxes().await?.into_iter().map(|inbox| inbox.address).collect();
    let is_seen = |park: &Arc<Record>| *scope == Scope::All || scope.covers(park.id());
    Ok(app.inventory.parks_with_inbox(&paused).into_iter().filter(is_seen).collect())
}

/// The failed mails of a park, by its open tasks.
async fn failed(app: &Context, code: &str) -> Result<Vec<(String, String)>> {
    let tasks = app.db.open_tasks(&Scope::Park(code.to_owned())).await?;
    let is_failed = |kind: &Option<TaskKind>| matches!(kind, Some(TaskKind::MailFailed | TaskKind::MailBounced));
    let failed = tasks.into_iter().filter(|task| is_failed(&task.kind.known()));
    Ok(failed.filter_map(|task| Some((task.lead_id?, task.outbox_id?))).collect())
}

/// Enters a new inbox: a link is mailed to it, and the old one counts until that is confirmed.
///
/// # Errors
/// [`Error::Forbidden`] for observers; [`Error::NotFound`] outside the scope; [`Error::Invalid`] for a malformed address;
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn ask_inbox(app: &Context, actor: &Actor, code: &str, address: &str) -> Result<()> {
    listings::may_keep(actor)?;
    let park = listings::editable(app, &actor.scope, Kind::Park, code).await?.record;
    let bad = || Error::Invalid(vec![FieldError::new("inbox_email", FieldCode::BadMail)]);
    let mail = Mail::parse(address.trim()).ok_or_else(bad)?;
    let (now, token) = (app.clock.now(), ids::token());
    let change = InboxChange {
        park: code.to_owned(),
        address: mail.as_str().to_owned(),
        actor: actor.id.clone(),
        expires_at: now.plus_seconds(LINK_SECONDS),
    };
    let letter = letters::inbox_confirm(app, park.get("name"), &change.address, &token)?;
    let hash = ids::token_hash(&token);
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::inbox_change::replace(tx, &hash, &change, now).await?;
                db::outbox::enqueue(tx, vec![letter], now).await?;
                db::requirement::audit(tx, &change.actor, AuditAction::InboxAsk, &change.park, "", now).await?;
                Ok(())
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(())
}

/// Returns the change of a confirmation link without using it up: mail scanners open links.
///
/// # Errors
/// [`Error::NotFound`] for an unknown, used or expired link; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn asked_inbox(app: &Context, token: &str) -> Result<InboxChange> {
    app.db.inbox_change(&ids::token_hash(token), app.clock.now()).await?.ok_or(Error::NotFound)
}

/// Confirms a new inbox: from now on inquiries go there.
///
/// # Errors
/// [`Error::NotFound`] as for [`asked_inbox`]; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn confirm_inbox(app: &Context, token: &str) -> Result<()> {
    let (hash, now) = (ids::token_hash(token), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::listing::lock(tx).await?;
                let change = db::inbox_change::live(tx, &hash, now).await?.ok_or(Error::NotFound)?;
                let text = Kind::Park.texts(tx, std::slice::from_ref(&change.park)).await?.pop();
                let text = text.ok_or(Error::NotFound)?.1;
                let mut park: Record = serde_json::from_str(&text).map_err(|_| Error::NotFound)?;
                db::returned::give_up_waiting(tx, park.get("inbox_email"), now).await?;
                db::inbox_trouble::lift(tx, &change.address).await?;
                db::task::finish_paused(tx, &change.park, &change.actor, now).await?;
                park.set("inbox_email", &change.address);
                listings::put(tx, &park, Some(text), EditCause::Inbox, &change.actor, now).await?;
                db::inbox_change::settle(tx, &change.park, now).await?;
                Ok(())
            })
        })
        .await?;
    refresh(app).await?;
    Ok(())
}

/// Sends every failed mail of a park again to its present inbox; returns their number.
///
/// # Errors
/// [`Error::Forbidden`] for observers; [`Error::NotFound`] outside the scope; [`Error::Refused`] with [`Code::NoInbox`];
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn resend_failed(app: &App, actor: &Actor, code: &str) -> Result<usize> {
    listings::may_keep(actor)?;
    let park = show(app, actor, code).await?;
    let mut sent = 0;
    for (lead, mail) in park.failed {
        // Each run is a call of its own: a mail that was sent again has no failure left to repeat.
        let call = Call { path: format!("resend {code}"), key: ids::reference(), body_hash: String::new() };
        match work::resend(app, actor, &call, &lead, Some(&mail)).await {
            Ok(_) => sent += 1,
            // Sent again already, or its requirement was erased meanwhile.
            Err(Error::Conflict(Code::MailNotFailed) | Error::NotFound | Error::Gone) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}
