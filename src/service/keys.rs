//! API keys: made and revoked by the operator, shown once, kept as hashes.

use domain::account::{Role, Scope};
use domain::listing::Kind;
use domain::requirement::{FieldCode, FieldError};

use super::accounts::Actor;
use super::context::Context;
use crate::db;
use crate::db::key::{ApiKey, NewKey};
use crate::db::words::AuditAction;
use crate::error::{Code, Error, Result};
use crate::ids;

/// Beginning of every key, by which secret scanners know it.
const PREFIX: &str = "luodi_";
/// Longest name, in characters.
const LONGEST_NAME: usize = 64;

/// Makes a key and returns it: it cannot be shown again.
///
/// # Errors
/// [`Error::Invalid`] for a bad name, a role that needs a park without one, an unknown park or person; [`Error::Conflict`]
/// with [`Code::NameTaken`].
pub async fn add(app: &Context, name: &str, role: Role, parks: &[String], person: Option<&str>) -> Result<String> {
    let mut errors = Vec::new();
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        errors.push(FieldError::new("name", FieldCode::NotVisible));
    }
    if role != Role::Admin && parks.is_empty() {
        errors.push(FieldError::new("park", FieldCode::Missing));
    }
    for park in parks.iter().filter(|park| app.inventory.record(Kind::Park, park).is_none()) {
        errors.push(FieldError::new("park", FieldCode::UnknownCode).with("value", park));
    }
    let owner = match person {
        None => None,
        Some(email) => {
            let found = app.db.account_by_email(&email.trim().to_lowercase()).await?;
            let found = found.filter(|account| !account.disabled);
            if found.is_none() {
                errors.push(FieldError::new("for", FieldCode::UnknownCode).with("value", email));
            }
            found.map(|account| account.id)
        }
    };
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let key = format!("{PREFIX}{}", ids::token());
    let new = NewKey {
        id: ids::row_id(),
        name: name.to_owned(),
        hash: ids::token_hash(&key),
        role,
        parks: parks.to_vec(),
        person: owner,
    };
    let now = app.clock.now();
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let id = new.id.clone();
                db::key::add(tx, new, now).await?;
                db::requirement::audit(tx, "operator", AuditAction::KeyAdd, &id, "", now).await?;
                Ok(())
            })
        })
        .await;
    match stored {
        Err(Error::Conflict(_)) => Err(Error::Conflict(Code::NameTaken)),
        other => other.map(|()| key),
    }
}

/// Returns every key, by name.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn list(app: &Context) -> Result<Vec<ApiKey>> {
    Ok(app.db.keys().await?)
}

/// Revokes a key at once.
///
/// # Errors
/// [`Error::NotFound`] where no live key has this name.
pub async fn revoke(app: &Context, name: &str) -> Result<()> {
    let name = name.to_owned();
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let id = db::key::revoke(tx, &name, now).await?.ok_or(Error::NotFound)?;
                db::requirement::audit(tx, "operator", AuditAction::KeyRevoke, &id, "", now).await?;
                Ok(())
            })
        })
        .await
}

/// The caller of a key.
#[derive(Clone, Debug)]
pub struct KeyCaller {
    /// The account as which it acts.
    pub actor: Actor,
    /// Id of the key: the scope of its idempotency keys.
    pub key_id: String,
}

/// Returns the caller of a key.
///
/// # Errors
/// [`Error::NotSignedIn`] for an unknown, revoked or ended key, and one whose role has no rights here.
pub async fn caller(app: &Context, key: &str) -> Result<KeyCaller> {
    let hash = ids::token_hash(key);
    let found = caller_of(app, &hash).await;
    if !matches!(found, Err(Error::Unavailable(_))) {
        app.known_keys.note(hash, found.is_ok());
    }
    found
}

async fn caller_of(app: &Context, hash: &str) -> Result<KeyCaller> {
    let found = app.db.key_of(hash).await?.ok_or(Error::NotSignedIn)?;
    let role = found.role.known().ok_or(Error::NotSignedIn)?;
    // Parks bound an admin's key too; any other role has at least one.
    if role != Role::Admin && found.parks.is_empty() {
        return Err(Error::NotSignedIn);
    }
    let scope = if found.parks.is_empty() {
        Scope::All
    } else {
        Scope::of(app.inventory.with_sub_parks(found.parks.iter().map(String::as_str)).into_iter().collect())
    };
    let email = found.person.unwrap_or_else(|| format!("key:{}", found.name));
    Ok(KeyCaller { actor: Actor { id: found.account_id, email, role, scope }, key_id: found.id })
}
