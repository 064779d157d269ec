//! Optional mail: digests, monthly questions and warnings, which their reader can stop by one click (RFC 8058) and take up
//! again. A mail that answers somebody's action is none.

use super::context::Context;
use crate::db::mail_choice::MailChoice;
use crate::db::words::MailPurpose;
use crate::error::{Error, Result};

/// Returns the link by which an address stops a kind of mail; `None` where it was stopped.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub(super) async fn link_if_wanted(app: &Context, address: &str, kind: MailPurpose) -> Result<Option<String>> {
    let choice = app.db.mail_choice(address, kind, app.clock.now()).await?;
    let base = app.config.server.base_url.trim_end_matches('/');
    Ok(choice.off_at.is_none().then(|| format!("{base}/unsubscribe/{}", choice.token)))
}

/// Returns the choice of a link, without any effect: mail scanners open links.
///
/// # Errors
/// [`Error::NotFound`] for an unknown link; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn show(app: &Context, token: &str) -> Result<MailChoice> {
    app.db.mail_choice_of(token).await?.ok_or(Error::NotFound)
}

/// Stops a kind of mail to an address, or takes it up again.
///
/// # Errors
/// [`Error::NotFound`] for an unknown link; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn choose(app: &Context, token: &str, wants: bool) -> Result<MailChoice> {
    show(app, token).await?;
    app.db.choose_mail(token, (!wants).then(|| app.clock.now())).await?;
    show(app, token).await
}
