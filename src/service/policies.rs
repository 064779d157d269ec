//! Reading policies (政策).

use domain::record::{Policies, Record};

use super::context::Context;
use crate::error::{Error, Result};

/// Returns one policy.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Unavailable`] or [`Error::Internal`].
pub async fn get(app: &Context, id: &str) -> Result<Record<Policies>> {
    app.db.policy(id).await?.ok_or(Error::NotFound)
}
