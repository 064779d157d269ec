//! The reply address of an inquiry: an alias through which park and enterprise write without seeing each other's address.

use domain::time::SECONDS_PER_DAY;

use super::context::Context;
use super::letters;
use super::sides::{Side, side_of};
use crate::db;
use crate::db::lead::Inquiry;
use crate::db::letters::NewMail;
use crate::db::quota::Counted;
use crate::db::requirement::RequirementRow;
use crate::db::words::{AuditAction, MailPurpose, TaskKind};
use crate::error::{Error, Result};
use crate::ids;
use crate::mail::{Incoming, ReplyMail, masked};

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

/// Outcome of a mail to a reply address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forwarding {
    /// Queued for the other side.
    Queued,
    /// Queued by an earlier reading.
    Repeated,
    /// The sender belongs to neither side: a task was opened.
    Held,
    /// The requirement or its contact was erased.
    Erased,
    /// Unknown address, nothing to forward, no inbox, or the rate limit is reached.
    Refused,
}

/// Forwards the new text of a mail to a reply address to the other side, with registered addresses and phones masked. A
/// sender who belongs to neither side is held for staff.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; nothing was queued.
pub async fn forward(app: &Context, mail: &[u8]) -> Result<Forwarding> {
    let Some(incoming) = Incoming::read(mail) else { return Ok(Forwarding::Refused) };
    let Some((number, alias)) = addressed(app, &incoming) else { return Ok(Forwarding::Refused) };
    let Some((inquiry, reference)) = app.db.inquiry_numbered(&number).await? else { return Ok(Forwarding::Refused) };
    if self::alias(app, &reference, &inquiry).as_ref() != Some(&alias) {
        return Ok(Forwarding::Refused);
    }
    let Some(found) = app.db.requirement(&reference).await?.filter(RequirementRow::is_live) else {
        return Ok(Forwarding::Erased);
    };
    let Some(contact) = found.contact.clone() else { return Ok(Forwarding::Erased) };
    let Some(inbox) = app.inventory.inbox(&inquiry.park) else { return Ok(Forwarding::Refused) };
    let hidden = [contact.email.as_str(), inbox.as_str(), incoming.from.as_str()];
    let lines = incoming.lines.iter().map(|line| masked(line, &hidden, &[contact.phone.as_str()])).collect();
    let (sender, to) = match side_of(&incoming.from, &contact.email, &inbox) {
        Some(Side::Enterprise) => (contact.company, inbox),
        Some(Side::Park) => (app.inventory.park_name(&inquiry.park), contact.email),
        None => return hold(app, mail, inquiry.number).await,
    };
    let text = incoming.lines.join("\n");
    let name = ids::sha256_hex(format!("{alias} {} {} {text}", incoming.from, incoming.message_id).as_bytes());
    let words = ReplyMail { number: inquiry.number.clone(), listing_name: inquiry.listing_name.clone(), sender, lines };
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

/// Opens a task about a mail whose sender belongs to neither side.
async fn hold(app: &Context, mail: &[u8], number: String) -> Result<Forwarding> {
    let is_new = app.db.open_look(TaskKind::MailHeld, &ids::sha256_hex(mail), number, app.clock.now()).await?;
    Ok(if is_new { Forwarding::Held } else { Forwarding::Repeated })
}

async fn queue(app: &Context, new: NewMail, reference: String) -> Result<Forwarding> {
    let now = app.clock.now();
    let queued = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                // Read again in the transaction: it may have been erased meanwhile.
                let found = db::requirement::lock(tx, &reference).await?;
                let inquiry = new.inquiry_id.clone().unwrap_or_default();
                if !found.is_some_and(|found| found.is_live()) {
                    return Ok(Forwarding::Erased);
                }
                let replies = Counted { name: format!("reply:{inquiry}"), seconds: SECONDS_PER_DAY };
                if db::quota::take(tx, &[replies], now).await?.into_iter().any(|used| used > MOST_PER_DAY) {
                    return Ok(Forwarding::Refused);
                }
                db::outbox::enqueue(tx, vec![new], now).await?;
                db::requirement::audit(tx, "system", AuditAction::InquiryReply, &inquiry, "", now).await?;
                Ok(Forwarding::Queued)
            })
        })
        .await;
    match queued {
        // Its Message-ID is in the outbox already.
        Err(Error::Conflict(_)) => Ok(Forwarding::Repeated),
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
