//! Passwords: their rules, and hashing by Argon2id.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::account::Sphere;
use domain::password::{PasswordFault, fault};
use domain::requirement::{FieldCode, FieldError};

use super::context::Context;
use crate::error::{Error, Result};

const SHORTEST_PASSWORD: usize = 12;
const LONGEST_PASSWORD: usize = 256;
/// Memory of Argon2id, KiB (19 MiB): with two passes and one lane a choice of OWASP's cheat sheet, about 20 ms.
const ARGON_KIB: u32 = 19 * 1024;

/// Refuses a password that is too short or long, among the most used or in the operator's file of breaches, or made of a name of the service, the parks or the
/// mail address.
///
/// # Errors
/// [`Error::Invalid`] on the field `password`; [`Error::Unavailable`] where the file cannot be read.
pub(super) async fn check_password(app: &Context, password: &str, email: &str, sphere: &Sphere) -> Result<()> {
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD || password.len() > LONGEST_PASSWORD {
        let error = FieldError::new("password", FieldCode::PasswordLength)
            .with("min", SHORTEST_PASSWORD.to_string())
            .with("max", LONGEST_PASSWORD.to_string());
        return Err(Error::Invalid(vec![error]));
    }
    let names = known_names(app, email, sphere);
    let found = fault(password, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let code = match found {
        Some(PasswordFault::Common) => FieldCode::PasswordCommon,
        Some(PasswordFault::Named) => FieldCode::PasswordNamed,
        None if is_breached(app, password).await? => FieldCode::PasswordBreached,
        None => return Ok(()),
    };
    Err(Error::Invalid(vec![FieldError::new("password", code)]))
}

/// Whether the operator's file of breaches has a password.
async fn is_breached(app: &Context, password: &str) -> Result<bool> {
    let path = app.config.accounts.breached_passwords_file.clone();
    if path.is_empty() {
        return Ok(false);
    }
    let password = password.to_owned();
    let found = tokio::task::spawn_blocking(move || super::breached::has(path.as_ref(), &password));
    let found = found.await.map_err(|e| anyhow::anyhow!(e))?;
    found.map_err(|error| Error::Unavailable(format!("accounts.breached_passwords_file: {error}")))
}

/// Names of an account that are no secret: service, host, operator, parks with their codes, mail address.
fn known_names(app: &Context, email: &str, sphere: &Sphere) -> Vec<String> {
    let host = app.config.server.base_url.split("://").nth(1).unwrap_or_default();
    let mut names = vec!["luodi".to_owned(), "落地".to_owned(), app.config.site.operator.clone()];
    names.extend([host.to_owned(), email.to_owned()]);
    for code in sphere.codes() {
        names.extend([code.to_owned(), app.inventory.park_name(code)]);
    }
    names
}

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(ARGON_KIB, 2, 1, None).unwrap_or_default())
}

/// Returns the PHC string of a password.
pub(super) async fn hash_password(app: &Context, password: &str) -> Result<String> {
    let _turn = app.hashing.acquire().await.map_err(|e| anyhow::anyhow!(e))?;
    let password = password.to_owned();
    let hash =
        tokio::task::spawn_blocking(move || argon().hash_password(password.as_bytes()).map(|hash| hash.to_string()));
    Ok(hash.await.map_err(|e| anyhow::anyhow!(e))?.map_err(|e| anyhow::anyhow!("argon2: {e}"))?)
}

/// Whether a password fits a PHC string; with `None` the same work, so that response times reveal nothing.
pub(super) async fn verify_password(app: &Context, password: &str, known: Option<String>) -> Result<bool> {
    if password.len() > LONGEST_PASSWORD {
        return Ok(false);
    }
    let _turn = app.hashing.acquire().await.map_err(|e| anyhow::anyhow!(e))?;
    let password = password.to_owned();
    let verified = tokio::task::spawn_blocking(move || match known.as_deref().map(PasswordHash::new) {
        Some(Ok(hash)) => argon().verify_password(password.as_bytes(), &hash).is_ok(),
        _ => {
            let _ = argon().hash_password(password.as_bytes());
            false
        }
    });
    Ok(verified.await.map_err(|e| anyhow::anyhow!(e))?)
}
