//! Staff accounts: one-time links, passwords, sessions.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::account::{Role, Scope};
use domain::contact::Mail;
use domain::requirement::{FieldCode, FieldError};
use domain::time::{Moment, SECONDS_PER_DAY, SECONDS_PER_HOUR};

use super::context::Context;
use crate::db;
use crate::db::account::Account;
use crate::db::words::AuditAction;
use crate::error::{Error, Result};
use crate::ids;

/// A signed-in account.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account's id.
    pub id: String,
    /// Its mail address.
    pub email: String,
    /// Its role.
    pub role: Role,
    /// The leads that it may see.
    pub scope: Scope,
}

impl Actor {
    /// Whether it is a person: a key of its own has no mail address, owns no lead and gets no mail.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.email.contains('@')
    }
}

/// Lifetime of a one-time link.
const LINK_SECONDS: i64 = 3 * SECONDS_PER_DAY;
/// Idle timeout of a session.
const IDLE_SECONDS: i64 = 30 * 60;
/// Lifetime of a session: a working day.
const SESSION_SECONDS: i64 = 12 * SECONDS_PER_HOUR;
/// A session's time of last use is written at most once in this time.
const TOUCH_SECONDS: i64 = 60;
/// Sign-in attempts per account and per client IP in a window.
const TRIES: i64 = 10;
const TRIES_SECONDS: i64 = 15 * 60;
const SHORTEST_PASSWORD: usize = 12;
const LONGEST_PASSWORD: usize = 256;

/// Adds an account, or changes its role and park, and returns a one-time link that replaces any earlier one.
///
/// # Errors
/// [`Error::Invalid`] for a malformed address, a role that needs a park without one, or an unknown park;
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn invite(app: &Context, email: &str, role: Role, park: Option<&str>) -> Result<String> {
    let mail =
        Mail::parse(email.trim()).ok_or_else(|| Error::Invalid(vec![FieldError::new("email", FieldCode::BadMail)]))?;
    if role != Role::Admin && park.is_none() {
        return Err(Error::Invalid(vec![FieldError::new("park", FieldCode::Missing)]));
    }
    if let Some(park) = park
        && app.inventory.record(domain::listing::Kind::Park, park).is_none()
    {
        return Err(Error::Invalid(vec![FieldError::new("park", FieldCode::UnknownCode).with("value", park)]));
    }
    let token = ids::token();
    let (hash, id, park) = (ids::token_hash(&token), ids::row_id(), park.map(str::to_owned));
    let email = mail.as_str().to_owned();
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let id = db::account::upsert(tx, &id, &email, role, park.as_deref(), now).await?;
                db::account::replace_link(tx, &id, &hash, now.plus_seconds(LINK_SECONDS)).await?;
                db::requirement::audit(tx, "operator", AuditAction::AccountInvite, &id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    Ok(format!("{}/staff/link/{token}", app.config.server.base_url.trim_end_matches('/')))
}

/// Returns the address of a link's account without using the link up: mail scanners open links.
///
/// # Errors
/// [`Error::NotFound`] for an unknown, used or expired link; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn link_owner(app: &Context, token: &str) -> Result<String> {
    let account = app.db.link_account(&ids::token_hash(token), app.clock.now()).await?;
    account.map(|account| account.email).ok_or(Error::NotFound)
}

/// Uses a one-time link up: sets the password, ends other sessions, opens one and returns its token.
///
/// # Errors
/// [`Error::NotFound`] as for [`link_owner`], [`Error::Invalid`] for a password that is too short or too long.
pub async fn redeem_link(app: &Context, token: &str, password: &str) -> Result<String> {
    check_password(password)?;
    let hash = ids::token_hash(token);
    let now = app.clock.now();
    let account = app.db.link_account(&hash, now).await?.ok_or(Error::NotFound)?;
    let password_hash = hash_password(app, password).await?;
    let session = ids::token();
    let session_hash = ids::token_hash(&session);
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !db::account::use_link(tx, &hash, now).await? {
                    return Err(Error::NotFound);
                }
                db::account::set_password(tx, &account.id, &password_hash).await?;
                db::account::open_session(tx, &session_hash, &account.id, now, now.plus_seconds(SESSION_SECONDS))
                    .await?;
                db::requirement::audit(tx, &account.id, AuditAction::AccountRedeemLink, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    Ok(session)
}

/// Signs in and returns the session's token. An unknown address takes as long as a wrong password.
///
/// # Errors
/// [`Error::NotSignedIn`]; [`Error::TooMany`] for this address or client IP.
pub async fn sign_in(app: &Context, email: &str, password: &str, network: &str) -> Result<String> {
    let now = app.clock.now();
    let email = email.trim().to_lowercase();
    take_try(
        app,
        &[
            format!("sign_in:{}", ids::sha256_hex(email.as_bytes())),
            format!("sign_in_net:{}", ids::sha256_hex(network.as_bytes())),
        ],
        now,
    )
    .await?;
    let account = app.db.account_by_email(&email).await?.filter(|account| !account.disabled);
    let known = account.as_ref().and_then(|account| account.password_hash.clone());
    if !verify_password(app, password, known).await? {
        return Err(Error::NotSignedIn);
    }
    let account = account.filter(|account| account.role.known().is_some()).ok_or(Error::NotSignedIn)?;
    let session = ids::token();
    let session_hash = ids::token_hash(&session);
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::account::open_session(tx, &session_hash, &account.id, now, now.plus_seconds(SESSION_SECONDS))
                    .await?;
                db::requirement::audit(tx, &account.id, AuditAction::AccountSignIn, &account.id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    Ok(session)
}

async fn take_try(app: &Context, names: &[String], now: Moment) -> Result<()> {
    if !app.config.limits.enabled {
        return Ok(());
    }
    let counted: Vec<_> =
        names.iter().map(|name| db::quota::Counted { name: name.clone(), seconds: TRIES_SECONDS }).collect();
    let used = app
        .db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::quota::take(tx, &counted, now).await?) }))
        .await?;
    if used.into_iter().any(|used| used > TRIES) { Err(Error::TooMany(TRIES_SECONDS.unsigned_abs())) } else { Ok(()) }
}

/// Returns the account of a session's token; updates its time of last use at most once in [`TOUCH_SECONDS`].
///
/// # Errors
/// [`Error::NotSignedIn`] for an unknown, idle or expired session, or a disabled account or one without rights.
pub async fn session(app: &Context, token: &str) -> Result<Actor> {
    let hash = ids::token_hash(token);
    let now = app.clock.now();
    let (account, seen_at) = app.db.session_account(&hash, now, IDLE_SECONDS).await?.ok_or(Error::NotSignedIn)?;
    if seen_at < now.plus_seconds(-TOUCH_SECONDS) {
        app.db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move { Ok(db::account::touch_session(tx, &hash, now).await?) })
            })
            .await?;
    }
    actor(account).ok_or(Error::NotSignedIn)
}

/// Returns the rights of an account; `None` where it has none.
pub(super) fn actor(account: Account) -> Option<Actor> {
    // A role of another version has no rights: which it would have is not known here.
    let role = account.role.known()?;
    let scope = match (role, account.park_code) {
        (Role::Admin, _) => Scope::All,
        (_, Some(park)) => Scope::Park(park),
        // Without a park there are no leads to see.
        (_, None) => return None,
    };
    Some(Actor { id: account.id, email: account.email, role, scope })
}

/// Ends a session.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn sign_out(app: &Context, token: &str) -> Result<()> {
    let hash = ids::token_hash(token);
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::account::close_session(tx, &hash).await?) }))
        .await
}

fn check_password(password: &str) -> Result<()> {
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD || password.len() > LONGEST_PASSWORD {
        let error = FieldError::new("password", FieldCode::PasswordLength)
            .with("min", SHORTEST_PASSWORD.to_string())
            .with("max", LONGEST_PASSWORD.to_string());
        return Err(Error::Invalid(vec![error]));
    }
    Ok(())
}

/// Memory of Argon2id, KiB (19 MiB): with two passes and one lane a choice of OWASP's cheat sheet, about 20 ms.
const ARGON_KIB: u32 = 19 * 1024;

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(ARGON_KIB, 2, 1, None).unwrap_or_default())
}

async fn hash_password(app: &Context, password: &str) -> Result<String> {
    let _turn = app.hashing.acquire().await.map_err(|e| anyhow::anyhow!(e))?;
    let password = password.to_owned();
    let hash =
        tokio::task::spawn_blocking(move || argon().hash_password(password.as_bytes()).map(|hash| hash.to_string()));
    Ok(hash.await.map_err(|e| anyhow::anyhow!(e))?.map_err(|e| anyhow::anyhow!("argon2: {e}"))?)
}

async fn verify_password(app: &Context, password: &str, known: Option<String>) -> Result<bool> {
    if password.len() > LONGEST_PASSWORD {
        return Ok(false);
    }
    let _turn = app.hashing.acquire().await.map_err(|e| anyhow::anyhow!(e))?;
    let password = password.to_owned();
    let verified = tokio::task::spawn_blocking(move || match known.as_deref().map(PasswordHash::new) {
        Some(Ok(hash)) => argon().verify_password(password.as_bytes(), &hash).is_ok(),
        // The same work for an unknown address, so that response times reveal nothing.
        _ => {
            let _ = argon().hash_password(password.as_bytes());
            false
        }
    });
    Ok(verified.await.map_err(|e| anyhow::anyhow!(e))?)
}
