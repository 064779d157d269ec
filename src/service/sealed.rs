//! Secrets at rest: those of second factors and of webhooks are encrypted in the database under a key of the configuration
//! (AES-256-GCM), bound to their account or webhook. Without a key, and in rows of before, they are in the clear; the sweep seals such rows once there is a key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::context::Context;
use crate::db;
use crate::error::{Error, Result};
use crate::ids;

/// The beginning of a sealed text; a secret in base 32 holds no colon.
pub(crate) const PREFIX: &str = "sealed:1:";

fn key(app: &Context) -> Result<Option<LessSafeKey>> {
    let Some(bytes) = app.config.secret_key()? else { return Ok(None) };
    let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| anyhow::anyhow!("AES-256 key"))?;
    Ok(Some(LessSafeKey::new(key)))
}

/// Returns a secret as it is stored for an account or webhook: sealed where there is a key.
///
/// # Errors
/// [`Error::Internal`] where the key cannot be read any more.
pub(in crate::service) fn seal(app: &Context, owner: &str, secret: &str) -> Result<String> {
    let Some(key) = key(app)? else { return Ok(secret.to_owned()) };
    let nonce = ids::nonce();
    let mut bytes = secret.as_bytes().to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner.as_bytes()), &mut bytes)
        .map_err(|_| anyhow::anyhow!("AES-GCM"))?;
    Ok(format!("{PREFIX}{}", STANDARD.encode([&nonce[..], &bytes[..]].concat())))
}

/// Returns the secret of a stored text.
///
/// # Errors
/// [`Error::Internal`] where it is sealed and the key is another one or absent.
pub(in crate::service) fn open(app: &Context, owner: &str, stored: &str) -> Result<String> {
    let Some(sealed) = stored.strip_prefix(PREFIX) else { return Ok(stored.to_owned()) };
    let wrong = || Error::Internal(anyhow::anyhow!("secrets.key does not open the secret of {owner}"));
    let key = key(app)?.ok_or_else(wrong)?;
    let bytes = STANDARD.decode(sealed).map_err(|_| wrong())?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().ok_or_else(wrong)?;
    let mut sealed = sealed.to_vec();
    let opened = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(owner.as_bytes()), &mut sealed)
        .map_err(|_| wrong())?;
    String::from_utf8(opened.to_vec()).map_err(|_| wrong())
}

/// Seals the secrets that are stored in the clear, where there is a key; returns how many.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn seal_stored(app: &Context) -> Result<usize> {
    if app.config.secret_key()?.is_none() {
        return Ok(0);
    }
    let mut sealed = Vec::new();
    for (id, secret) in app.db.clear_secrets(PREFIX).await? {
        let new = seal(app, &id, &secret)?;
        sealed.push((id, secret, new));
    }
    let count = sealed.len();
    if count > 0 {
        app.db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    for (id, clear, new) in &sealed {
                        db::account::replace_secret(tx, id, clear, new).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(count)
}
