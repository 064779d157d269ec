//! The reply address of an inquiry: an alias through which park and enterprise write without seeing each other's address.

use domain::time::SECONDS_PER_DAY;

use super::context::Context;
use super::letters;
use crate::db;
use crate::db::lead::Inquiry;
use crate::db::letters::NewMail;
use crate::db::quota::Counted;
use crate::db::requirement::RequirementRow;
use crate::db::words::{AuditAction, MailPurpose};
use crate::error::{Error, Result};
use crate::ids;
use crate::mail::{Incoming, ReplyMail};

/// Forwarded replies per inquiry per day: bounds a loop of two auto-responders.
const MOST_PER_DAY: i64 = 20;
/// Hexadecimal digits of the proof in a reply address: 96 bits cannot be guessed, and the local part stays within the 64
/// octets of RFC 5321 §4.5.3.1.1.
const PROOF_DIGITS: usize = 24;

/// Returns the reply address of an inquiry: its number and a proof that only recipients of the mail know. `None` without
/// `mail.alias_domain`.
pub(super) fn alias(app: &Context, reference: &str, inquiry: &Inquiry) -> Option<String> {
    let domain = app.config.mail.alias_domain.as_str();
    // The reference is a secret of 128 bits: its hash does not reveal it.
    let proof = ids::sha256_hex(format!("reply:{reference}:{}", inquiry.id).as_bytes());
    let proof: String = proof.chars().take(PROOF_DIGITS).collect();
    (!domain.is_empty()).then(|| format!("{}.{proof}@{domain}", inquiry.number.to_ascii_lowercase()))
}

/// Forwards the text of a mail to a reply address: from the enterprise to the park's inbox, from any other sender to the
/// enterprise. Returns `false` where the address is unknown, the mail was forwarded before, the rate limit is reached, or the
/// requirement was erased.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; nothing was queued.
pub async fn forward(app: &Context, mail: &[u8]) -> Result<bool> {
    let Some(incoming) = Incoming::read(mail) else { return Ok(false) };
    let Some((number, alias)) = addressed(app, &incoming) else { return Ok(false) };
    let Some((inquiry, reference)) = app.db.inquiry_numbered(&number).await? else { return Ok(false) };
    if self::alias(app, &reference, &inquiry).as_ref() != Some(&alias) {
        return Ok(false);
    }
    let Some(found) = app.db.requirement(&reference).await?.filter(RequirementRow::is_live) else {
        return Ok(false);
    };
    let Some(contact) = found.contact.clone() else { return Ok(false) };
    let is_enterprise = incoming.from.eq_ignore_ascii_case(&contact.email);
    let (sender, to) = if is_enterprise {
        (contact.company, app.inventory.inbox(&inquiry.park))
    } else {
        (app.inventory.park_name(&inquiry.park), Some(contact.email))
    };
    let Some(to) = to else { return Ok(false) };
    let text = incoming.lines.join("\n");
    let name = ids::sha256_hex(format!("{alias} {} {} {text}", incoming.from, incoming.message_id).as_bytes());
    let words = ReplyMail {
        number: inquiry.number.clone(),
        listing_name: inquiry.listing_name.clone(),
        sender,
        lines: incoming.lines,
    };
    let built = letters::reply(app, &words, &to, alias, &name)?;
    let new = NewMail {
        purpose: MailPurpose::Reply,
        is_parked: found.is_suspected(),
        requirement_id: Some(found.id),
        inquiry_id: Some(inquiry.id),
        resend_of: None,
        mail: built,
    };
    queue(app, new, reference).await
}

async fn queue(app: &Context, new: NewMail, reference: String) -> Result<bool> {
    let now = app.clock.now();
    let queued = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                // Read again in the transaction: it may have been erased meanwhile.
                let found = db::requirement::lock(tx, &reference).await?;
                let inquiry = new.inquiry_id.clone().unwrap_or_default();
                if !found.is_some_and(|found| found.is_live()) {
                    return Ok(false);
                }
                let replies = Counted { name: format!("reply:{inquiry}"), seconds: SECONDS_PER_DAY };
                if db::quota::take(tx, &[replies], now).await?.into_iter().any(|used| used > MOST_PER_DAY) {
                    return Ok(false);
                }
                db::outbox::enqueue(tx, vec![new], now).await?;
                db::requirement::audit(tx, "system", AuditAction::InquiryReply, &inquiry, "", now).await?;
                Ok(true)
            })
        })
        .await;
    match queued {
        // Its Message-ID is in the outbox already.
        Err(Error::Conflict(_)) => Ok(false),
        other => other,
    }
}

/// Returns the inquiry number and the reply address among the recipients.
fn addressed(app: &Context, incoming: &Incoming) -> Option<(String, String)> {
    let domain = app.config.mail.alias_domain.to_ascii_lowercase();
    let ours = |to: &&String| !domain.is_empty() && to.rsplit_once('@').is_some_and(|(_, host)| host == domain);
    let alias = incoming.to.iter().find(ours)?;
    let (number, _) = alias.split_once('.')?;
    Some((number.to_ascii_uppercase(), alias.clone()))
}
