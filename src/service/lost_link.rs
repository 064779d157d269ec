//! Lost links of private pages: they go by mail to the address that a requirement was sent from, and nowhere else.

use domain::contact::Mail;
use domain::time::SECONDS_PER_DAY;

use super::context::App;
use super::letters::{self, News};
use crate::db;
use crate::db::quota::Counted;
use crate::db::requirement::RequirementRow;
use crate::db::words::MailPurpose;
use crate::error::{Error, Result};
use crate::i18n::{self, Locale};
use crate::ids;

/// Mails to one address per day.
const PER_ADDRESS: i64 = 3;
/// Requests of one client IP per day.
const PER_NETWORK: i64 = 20;
/// Links of one mail at most, the newest.
const MOST_LINKS: u64 = 10;

/// Queues one mail with the links of an address's live requirements. Nothing tells the caller whether there are any.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn send(app: &App, typed: &str, network: &str) -> Result<()> {
    let Some(email) = Mail::parse(typed) else { return Ok(()) };
    let mut found = app.db.live_requirements_of(email.as_str(), MOST_LINKS).await?;
    // Mails of a suspected requirement wait for a person of the staff.
    found.retain(|row| !row.is_suspected());
    let Some((newest, address)) = found.first().and_then(|row| Some((row.clone(), address_of(row)?.to_owned()))) else {
        return Ok(());
    };
    // The address as it was typed with the need: letters of another case may be another person's.
    found.retain(|row| address_of(row) == Some(address.as_str()));
    let need = |row: &RequirementRow| i18n::need(Locale::ZhHans, &row.requirement);
    let rows = found.iter().map(|row| format!("{}：{}", need(row), letters::status_url(app, &row.reference)));
    let both = |key: &str| [Locale::ZhHans, Locale::En].map(|locale| i18n::tell(locale, key));
    let news = News {
        purpose: MailPurpose::LostLink,
        number: None,
        subject: both("mail.lost_link").join(" · "),
        lines: both("mail.lost_link_text").to_vec(),
        rows: rows.collect(),
        link: Some((format!("/requirements/{}", newest.reference), both("mail.lost_link_open").join(" · "))),
        reply_to: None,
        about: (Some(newest.id.clone()), None),
    };
    let mail = letters::news(app, news, &address)?;
    let counted = |kind: &str, value: &str| Counted {
        name: format!("{kind}:{}", ids::sha256_hex(value.as_bytes())),
        seconds: SECONDS_PER_DAY,
    };
    let counted = vec![counted("lost_link", email.as_str()), counted("lost_link_network", network)];
    let (now, is_limited) = (app.clock.now(), app.config.limits.enabled);
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let used = db::quota::take(tx, &counted, now).await?;
                if is_limited && (used[0] > PER_ADDRESS || used[1] > PER_NETWORK) {
                    return Ok(());
                }
                Ok(db::outbox::enqueue(tx, vec![mail], now).await?)
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(())
}

fn address_of(row: &RequirementRow) -> Option<&str> {
    row.contact.as_ref().map(|contact| contact.email.as_str())
}
