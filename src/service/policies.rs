//! Policies (政策), as they are read.

use domain::record::{Policies, Record};

use super::context::Context;
use crate::error::{Error, Result};

/// One policy.
///
/// # Errors
/// Not found.
pub async fn get(app: &Context, id: &str) -> Result<Record<Policies>> {
    app.db.policy(id).await?.ok_or(Error::NotFound)
}
