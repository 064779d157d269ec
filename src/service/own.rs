//! An account's own affairs: its password, its sessions, its second factor.

use domain::requirement::{FieldCode, FieldError};

use super::accounts::{Actor, IDLE_SECONDS, owes_factor};
use super::context::Context;
use super::passwords::{check_password, hash_password, verify_password};
use super::{sealed, totp};
use crate::db;
use crate::db::account::{Account, Totp};
use crate::db::quota::Counted;
use crate::db::sign_in::{SessionRow, WhichSessions};
use crate::db::words::AuditAction;
use crate::error::{Error, Result};
use crate::ids;

/// Recovery codes of an account.
const CODES: usize = 10;
/// Wrong passwords in a window: a stolen session must not serve to guess the password.
const TRIES: i64 = 10;
const TRIES_SECONDS: i64 = 15 * 60;

/// The state of the second factor.
#[derive(Clone, Debug)]
pub struct FactorState {
    /// Whether codes are asked for at sign-in.
    pub is_on: bool,
    /// Whether the account must have one.
    pub is_owed: bool,
    /// The secret that waits for its first code, in base 32, and its address for a QR code.
    pub proposed: Option<(String, String)>,
}

async fn account(app: &Context, actor: &Actor) -> Result<Account> {
    app.db.account_by_id(&actor.id).await?.ok_or(Error::NotSignedIn)
}

/// Returns the live sessions of the actor, the one used last first.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn sessions(app: &Context, actor: &Actor) -> Result<Vec<SessionRow>> {
    Ok(app.db.sessions(&actor.id, app.clock.now(), IDLE_SECONDS).await?)
}

/// Ends one session of the actor by its hash, or with `None` every one but the present, after the password; returns how many.
///
/// # Errors
/// [`Error::Invalid`] on `current`; [`Error::TooMany`]; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn end_sessions(
    app: &Context,
    actor: &Actor,
    session: &str,
    (current, which): (&str, Option<String>),
) -> Result<u64> {
    check_own(app, &account(app, actor).await?, current).await?;
    let (id, present, now) = (actor.id.clone(), ids::token_hash(session), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let which = which.as_deref().map_or(WhichSessions::AllBut(&present), WhichSessions::One);
                let ended = db::sign_in::end_sessions(tx, &id, which).await?;
                let detail = format!("{ended} sessions");
                db::requirement::audit(tx, &id, AuditAction::AccountSessionEnd, &id, &detail, now).await?;
                Ok(ended)
            })
        })
        .await
}

/// Refuses a wrong password of the actor's own.
async fn check_own(app: &Context, account: &Account, password: &str) -> Result<()> {
    let (now, counted) =
        (app.clock.now(), vec![Counted { name: format!("own:{}", account.id), seconds: TRIES_SECONDS }]);
    let taken = counted.clone();
    let used = app
        .db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::quota::take(tx, &taken, now).await?) }))
        .await?;
    if app.config.limits.enabled && used.into_iter().any(|used| used > TRIES) {
        return Err(Error::TooMany(TRIES_SECONDS.unsigned_abs()));
    }
    if !verify_password(app, password, account.password_hash.clone()).await? {
        return Err(Error::Invalid(vec![FieldError::new("current", FieldCode::PasswordWrong)]));
    }
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::quota::give_back(tx, &counted, now).await?) }))
        .await
}

/// Changes the password; every other session ends.
///
/// # Errors
/// [`Error::Invalid`] on `current` or `password`; [`Error::TooMany`].
pub async fn change_password(app: &Context, actor: &Actor, session: &str, current: &str, password: &str) -> Result<()> {
    let account = account(app, actor).await?;
    check_own(app, &account, current).await?;
    check_password(app, password, &account.email, &account.sphere).await?;
    let hash = hash_password(app, password).await?;
    let (present, now) = (ids::token_hash(session), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::account::set_password(tx, &account.id, &hash).await?;
                db::sign_in::end_sessions(tx, &account.id, WhichSessions::AllBut(&present)).await?;
                db::requirement::audit(tx, &account.id, AuditAction::AccountPassword, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await
}

/// Returns the state of the actor's second factor.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn factor(app: &Context, actor: &Actor) -> Result<FactorState> {
    let account = account(app, actor).await?;
    let proposed = match &account.unproved_secret {
        None => None,
        Some(stored) => {
            let secret = sealed::open(app, &account.id, stored)?;
            let address = totp::address(&account.email, &secret);
            Some((secret, address))
        }
    };
    Ok(FactorState { is_on: account.totp.is_some(), is_owed: owes_factor(app, Some(actor.role)), proposed })
}

/// Proposes a new secret, which counts from its first right code on, after the password: a stolen session must not lock its
/// owner out.
///
/// # Errors
/// [`Error::Invalid`] on `current`; [`Error::TooMany`]; [`Error::NotFound`] where the second factor is set up already.
pub async fn propose_factor(app: &Context, actor: &Actor, current: &str) -> Result<()> {
    check_own(app, &account(app, actor).await?, current).await?;
    let secret = sealed::seal(app, &actor.id, &totp::base32(&ids::factor_secret()))?;
    let id = actor.id.clone();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let done = db::account::propose_totp(tx, &id, &secret).await?;
                if done { Ok(()) } else { Err(Error::NotFound) }
            })
        })
        .await
}

/// Sets the proposed second factor up by its first code, and returns the recovery codes, which cannot be had again.
///
/// # Errors
/// [`Error::Invalid`] on `code`; [`Error::NotFound`] where nothing is proposed.
pub async fn confirm_factor(app: &Context, actor: &Actor, code: &str) -> Result<Vec<String>> {
    let account = account(app, actor).await?;
    let stored = account.unproved_secret.ok_or(Error::NotFound)?;
    let (secret, now) = (sealed::open(app, &account.id, &stored)?, app.clock.now());
    let Some(last_step) = totp::step_of(&secret, code, now) else {
        return Err(Error::Invalid(vec![FieldError::new("code", FieldCode::CodeWrong)]));
    };
    let codes: Vec<String> = (0..CODES).map(|_| ids::recovery_code()).collect();
    let hashes = codes.iter().map(|code| ids::token_hash(code)).collect();
    let secret = sealed::seal(app, &account.id, &secret)?;
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::account::set_totp(tx, &account.id, Some(&Totp { secret, last_step }), now).await?;
                db::sign_in::replace_codes(tx, &account.id, hashes).await?;
                db::requirement::audit(tx, &account.id, AuditAction::AccountTotpOn, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    Ok(codes)
}

/// Removes the second factor.
///
/// # Errors
/// [`Error::Forbidden`] for an account that must have one; [`Error::Invalid`] on `current`; [`Error::TooMany`].
pub async fn remove_factor(app: &Context, actor: &Actor, current: &str) -> Result<()> {
    if owes_factor(app, Some(actor.role)) {
        return Err(Error::Forbidden);
    }
    let account = account(app, actor).await?;
    check_own(app, &account, current).await?;
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::account::set_totp(tx, &account.id, None, now).await?;
                db::sign_in::replace_codes(tx, &account.id, Vec::new()).await?;
                db::requirement::audit(tx, &account.id, AuditAction::AccountTotpOff, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await
}
