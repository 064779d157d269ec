//! Forms that were posted after their session had ended: kept for the same account and browser, encrypted under a key that
//! only the browser's cookie holds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::time::SECONDS_PER_HOUR;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::accounts::Actor;
use super::context::Context;
use crate::db;
use crate::error::{Error, Result};
use crate::ids;

/// Lifetime of a kept form.
const KEPT_SECONDS: i64 = 2 * SECONDS_PER_HOUR;

/// A form that waits for its sender to sign in again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptForm {
    /// The path to which it was posted.
    pub path: String,
    /// Its names and values, in their order.
    pub pairs: Vec<(String, String)>,
}

/// The key of a cookie. Each key seals one text, so that a fixed nonce is safe.
fn key(cookie: &str) -> Result<LessSafeKey> {
    let bytes = Sha256::digest(format!("kept form of {cookie}").as_bytes());
    let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| anyhow::anyhow!("AES-256 key"))?;
    Ok(LessSafeKey::new(key))
}

fn sealed(cookie: &str, account_id: &str, form: &KeptForm) -> Result<String> {
    let mut bytes = serde_json::to_vec(form).map_err(|e| anyhow::anyhow!(e))?;
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    key(cookie)?
        .seal_in_place_append_tag(nonce, Aad::from(account_id.as_bytes()), &mut bytes)
        .map_err(|_| anyhow::anyhow!("AES-GCM"))?;
    Ok(STANDARD.encode(bytes))
}

fn opened(cookie: &str, account_id: &str, sealed: &str) -> Option<KeptForm> {
    let mut bytes = STANDARD.decode(sealed).ok()?;
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    let text = key(cookie).ok()?.open_in_place(nonce, Aad::from(account_id.as_bytes()), &mut bytes).ok()?;
    serde_json::from_slice(text).ok()
}

/// Returns the id of the account whose session this was, if the session has ended by itself and not by its owner.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn former_owner(app: &Context, session: &str) -> Result<Option<String>> {
    let account = app.db.former_session_account(&ids::token_hash(session)).await?;
    Ok(account.map(|account| account.id))
}

/// Keeps a form for an account and returns the cookie that opens it.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn keep(app: &Context, account_id: String, form: &KeptForm) -> Result<String> {
    let (cookie, now) = (ids::token(), app.clock.now());
    let (hash, sealed) = (ids::token_hash(&cookie), sealed(&cookie, &account_id, form)?);
    let expires_at = now.plus_seconds(KEPT_SECONDS);
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::sign_in::keep_form(tx, &hash, &account_id, sealed, expires_at).await?) })
        })
        .await?;
    Ok(cookie)
}

/// Returns the form that a cookie keeps for this account; `None` for another's, or once it has expired.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn find(app: &Context, actor: &Actor, cookie: &str) -> Result<Option<KeptForm>> {
    let found = app.db.kept_form(&ids::token_hash(cookie), &actor.id, app.clock.now()).await?;
    Ok(found.and_then(|sealed| opened(cookie, &actor.id, &sealed)))
}

/// Deletes a kept form.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn discard(app: &Context, cookie: &str) -> Result<()> {
    let hash = ids::token_hash(cookie);
    app.db.write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::sign_in::drop_form(tx, &hash).await?) })).await
}
