//! Looks at contact data: each opens one page once, and their number per day is limited, as is that of exports; at the limit
//! the managers of the account's parks are told.

use domain::time::SECONDS_PER_DAY;

use super::accounts::Actor;
use super::context::{App, Context};
use super::{letters, people, wishes, work};
use crate::db;
use crate::db::quota::Counted;
use crate::db::requirement::StoredContact;
use crate::db::sign_in::NewToken;
use crate::db::words::{AuditAction, MailPurpose, TokenPurpose};
use crate::error::{Error, Result};
use crate::ids;

/// Time in which the page of a look has to be opened.
const LOOK_SECONDS: i64 = 120;

/// A limit per account and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayLimit {
    /// Looks at contact data in full.
    Reveals,
    /// Exports of leads.
    Exports,
}

impl DayLimit {
    fn most(self, app: &Context) -> i64 {
        match self {
            Self::Reveals => app.config.limits.reveals_per_account_day,
            Self::Exports => app.config.limits.exports_per_account_day,
        }
    }

    const fn parts(self) -> (&'static str, AuditAction, &'static str) {
        match self {
            Self::Reveals => ("reveals", AuditAction::ContactRevealLimit, "mail.alert.reveals"),
            Self::Exports => ("exports", AuditAction::ExportLimit, "mail.alert.exports"),
        }
    }
}

/// Counts one look or export of an account.
///
/// # Errors
/// [`Error::TooMany`] past the limit of the day; the first time the managers of its parks get a mail.
pub async fn take(app: &Context, actor: &Actor, limit: DayLimit) -> Result<()> {
    if !app.config.limits.enabled {
        return Ok(());
    }
    let (most, now) = (limit.most(app), app.clock.now());
    let (name, action, key) = limit.parts();
    let counted = vec![Counted { name: format!("{name}:{}", actor.id), seconds: SECONDS_PER_DAY }];
    let used = app
        .db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::quota::take(tx, &counted, now).await?) }))
        .await?;
    let used = used.into_iter().max().unwrap_or_default();
    if used <= most {
        return Ok(());
    }
    if used == most + 1 {
        let mut mails = Vec::new();
        for to in people::overseers(app, actor).await? {
            if let Some(stop) = wishes::link_if_wanted(app, &to, MailPurpose::Alert).await? {
                mails.push(letters::alert(app, key, (&actor.email, most), &to, &stop)?);
            }
        }
        let (id, detail) = (actor.id.clone(), format!("{most} per day"));
        app.db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    db::outbox::enqueue(tx, mails, now).await?;
                    Ok(db::requirement::audit(tx, &id, action, &id, &detail, now).await?)
                })
            })
            .await?;
        app.outbox.notify_waiters();
    }
    Err(Error::TooMany(SECONDS_PER_DAY.unsigned_abs()))
}

/// Records a look at a lead's contact data and returns a ticket that shows them once, so that neither a reload nor a step
/// back is a second look.
///
/// # Errors
/// As [`work::reveal`].
pub async fn begin(app: &App, actor: &Actor, lead_id: &str) -> Result<String> {
    work::reveal(app, actor, &work::page_call(), lead_id).await?;
    let (ticket, now) = (ids::token(), app.clock.now());
    let token = NewToken {
        hash: ids::token_hash(&ticket),
        account_id: actor.id.clone(),
        purpose: TokenPurpose::Look,
        subject: Some(lead_id.to_owned()),
        expires_at: now.plus_seconds(LOOK_SECONDS),
    };
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::sign_in::replace_token(tx, token).await?) }))
        .await?;
    Ok(ticket)
}

/// Uses a ticket up and returns the contact data of its lead; `None` for a ticket that was used, has expired, or
/// belongs to another account.
///
/// # Errors
/// [`Error::NotFound`] outside the scope; [`Error::Gone`] once erased.
pub async fn open(app: &Context, actor: &Actor, lead_id: &str, ticket: &str) -> Result<Option<StoredContact>> {
    let (hash, now) = (ids::token_hash(ticket), app.clock.now());
    let found = app.db.token_account(TokenPurpose::Look, &hash, now).await?;
    let is_own = found.is_some_and(|(account, subject)| account.id == actor.id && subject.as_deref() == Some(lead_id));
    let reference = app.db.lead_reference(&actor.scope, lead_id).await?.ok_or(Error::NotFound)?;
    if !is_own {
        return Ok(None);
    }
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::sign_in::use_token(tx, &hash, now).await? {
                    return Ok(None);
                }
                let stored = db::requirement::find(tx, &reference).await?.ok_or(Error::NotFound)?;
                stored.contact.map(Some).ok_or(Error::Gone)
            })
        })
        .await
}
