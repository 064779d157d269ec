//! Shared links of a shortlist: a requirement and its chosen listings without text or contact, for [`SHARED_DAYS`] or until
//! their maker ends them. The maker's token gives the readers' one, and not the other way round.

use domain::requirement::{FieldCode, FieldError};
use domain::time::{SECONDS_PER_DAY, SECONDS_PER_HOUR};

use super::context::Context;
use crate::db;
use crate::db::quota::Counted;
use crate::db::shared_list::SharedList;
use crate::error::{Error, Result};
use crate::ids;

/// Days for which a link works.
pub const SHARED_DAYS: i64 = 30;
/// Longest query that is stored, bytes: a requirement with every field and six ids stays far below.
const LONGEST_QUERY: usize = 8_000;

/// Returns the token of the link that its maker gives to readers.
#[must_use]
pub fn readers_token(maker: &str) -> String {
    ids::sha256_hex(format!("readers of {maker}").as_bytes())[..32].to_owned()
}

fn hash_of(maker: &str) -> String {
    ids::token_hash(&readers_token(maker))
}

/// Stores a shortlist and returns its maker's token.
///
/// # Errors
/// [`Error::Invalid`] for too long a query; [`Error::TooMany`] beyond the rate limit; [`Error::Unavailable`],
/// [`Error::Full`] or [`Error::Internal`].
pub async fn make(app: &Context, query: String, network: &str) -> Result<String> {
    if query.len() > LONGEST_QUERY {
        let error = FieldError::new("ids", FieldCode::TooLong).with("max", LONGEST_QUERY.to_string());
        return Err(Error::Invalid(vec![error]));
    }
    let limits = &app.config.limits;
    let name = format!("share:net:{}", ids::sha256_hex(network.as_bytes()));
    let counted: Vec<Counted> =
        limits.enabled.then_some(Counted { name, seconds: SECONDS_PER_HOUR }).into_iter().collect();
    let most = limits.shares_per_network_hour;
    let (maker, now) = (ids::token(), app.clock.now());
    let hash = hash_of(&maker);
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let used = db::quota::take(tx, &counted, now).await?;
                if used.iter().any(|used| *used > most) {
                    return Err(Error::TooMany(SECONDS_PER_HOUR.unsigned_abs()));
                }
                let until = now.plus_seconds(SHARED_DAYS * SECONDS_PER_DAY);
                db::shared_list::insert(tx, &hash, &query, now, until).await?;
                Ok(())
            })
        })
        .await?;
    Ok(maker)
}

/// Returns the shortlist of its maker, also after its end.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn of_maker(app: &Context, maker: &str) -> Result<SharedList> {
    of_reader(app, &readers_token(maker)).await
}

/// Returns a shortlist by the token of its readers, also after its end.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn of_reader(app: &Context, token: &str) -> Result<SharedList> {
    app.db.shared_list(&ids::token_hash(token)).await?.ok_or(Error::NotFound)
}

/// Ends a link at once.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn end(app: &Context, maker: &str) -> Result<()> {
    let (hash, now) = (hash_of(maker), app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(
                async move { if db::shared_list::end(tx, &hash, now).await? { Ok(()) } else { Err(Error::NotFound) } },
            )
        })
        .await
}
