//! Staff accounts: one-time links, passwords, sessions.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::account::{Role, Scope};
use domain::contact::Mail;
use domain::requirement::{FieldCode, FieldError};
use domain::time::Moment;

use super::context::Context;
use crate::db;
use crate::db::account::Account;
use crate::error::{Error, Result};
use crate::ids;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account.
    pub id: String,
    /// Its address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Whose leads they see.
    pub scope: Scope,
}

/// How long a one-time link lives.
const LINK_SECONDS: i64 = 3 * 86_400;
/// A session ends after this long without use …
const IDLE_SECONDS: i64 = 30 * 60;
/// … and after this long in any case.
const SESSION_SECONDS: i64 = 12 * 3600;
/// How often a session's use is written down.
const TOUCH_SECONDS: i64 = 60;
/// Sign-in tries an account or network has in a window.
const TRIES: i64 = 10;
const TRIES_SECONDS: i64 = 15 * 60;
const SHORTEST_PASSWORD: usize = 12;
const LONGEST_PASSWORD: usize = 256;

/// Adds an account, or changes its role and park, and returns a one-time link that replaces any earlier one.
///
/// # Errors
/// A wrong address; a role that needs a park without one, or a park that is unknown.
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
                db::requirement::audit(tx, "operator", "account.invite", &id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    Ok(format!("{}/staff/link/{token}", app.config.server.base_url.trim_end_matches('/')))
}

/// Whose link this is, without using it up: mail scanners open links.
///
/// # Errors
/// Not found: unknown, used or expired.
pub async fn link_owner(app: &Context, token: &str) -> Result<String> {
    let account = app.db.link_account(&ids::token_hash(token), app.clock.now()).await?;
    account.map(|account| account.email).ok_or(Error::NotFound)
}

/// Uses a link up: sets the password, ends other sessions, opens one; returns its token.
///
/// # Errors
/// Not found; `password` too short or too long.
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
                db::requirement::audit(tx, &account.id, "account.redeem_link", &account.id, "", now).await?;
                Ok(())
            })
        })
        .await?;
    Ok(session)
}

/// Signs in; returns the session's token. A wrong address costs as much as a wrong password.
///
/// # Errors
/// Not signed in; too many tries for this address or network.
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
    let account = account.ok_or(Error::NotSignedIn)?;
    let session = ids::token();
    let session_hash = ids::token_hash(&session);
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::account::open_session(tx, &session_hash, &account.id, now, now.plus_seconds(SESSION_SECONDS))
                    .await?;
                db::requirement::audit(tx, &account.id, "account.sign_in", &account.id, "", now).await?;
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

/// Whose session a token is; notes its use now and then.
///
/// # Errors
/// Not signed in: unknown, idle for too long, expired, or the account is disabled.
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

fn actor(account: Account) -> Option<Actor> {
    let scope = match (account.role, account.park_code) {
        (Role::Admin, _) => Scope::All,
        (_, Some(park)) => Scope::Park(park),
        // Without a park there is nothing to see.
        (_, None) => return None,
    };
    Some(Actor { id: account.id, email: account.email, role: account.role, scope })
}

/// Ends a session.
///
/// # Errors
/// The database's.
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

/// Argon2id with 19 MiB, two passes, one lane: OWASP's first choice, about 20 ms.
fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
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
        // The same work for an address that nobody has, so that time tells nothing.
        _ => {
            let _ = argon().hash_password(password.as_bytes());
            false
        }
    });
    Ok(verified.await.map_err(|e| anyhow::anyhow!(e))?)
}
