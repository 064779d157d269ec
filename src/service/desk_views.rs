//! Saved views of the desk, each of one person.

use domain::requirement::{FieldCode, FieldError};

use super::accounts::Actor;
use super::context::Context;
use crate::db;
use crate::db::desk_view::DeskView;
use crate::error::{Error, Result};
use crate::ids;

/// Longest name of a view, in characters.
const LONGEST_NAME: usize = 20;
/// Views per person at most.
const MOST: u64 = 20;

/// Returns the views of a person, oldest first.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor) -> Result<Vec<DeskView>> {
    Ok(app.db.desk_views(&actor.id).await?)
}

/// Saves a view. `filters` is a query without a search text.
///
/// # Errors
/// [`Error::Invalid`] for a blank or too long name, and for one view too many.
pub async fn save(app: &Context, actor: &Actor, name: &str, filters: String) -> Result<()> {
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(Error::Invalid(vec![FieldError::new("view", FieldCode::Missing)]));
    }
    if name.chars().count() > LONGEST_NAME {
        let error = FieldError::new("view", FieldCode::TooLong).with("max", LONGEST_NAME.to_string());
        return Err(Error::Invalid(vec![error]));
    }
    let (account, now) = (actor.id.clone(), app.clock.now());
    let view = DeskView { id: ids::row_id(), name, filters };
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if db::desk_view::add(tx, &account, &view, now).await? >= MOST {
                    let error = FieldError::new("view", FieldCode::TooMany).with("max", MOST.to_string());
                    return Err(Error::Invalid(vec![error]));
                }
                Ok(())
            })
        })
        .await
}

/// Removes one's own view.
///
/// # Errors
/// [`Error::NotFound`] for any other.
pub async fn remove(app: &Context, actor: &Actor, id: &str) -> Result<()> {
    let (account, id) = (actor.id.clone(), id.to_owned());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if db::desk_view::remove(tx, &account, &id).await? { Ok(()) } else { Err(Error::NotFound) }
            })
        })
        .await
}
