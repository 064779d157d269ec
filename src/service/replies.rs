//! The reply addresses of an inquiry, one for each side, through which park and enterprise write without seeing each other's
//! address.

use domain::lead::EventKind;
use domain::time::{Moment, SECONDS_PER_DAY};
use sea_orm::DatabaseTransaction;

use super::aliases::{alias, shared_alias};
use super::context::{App, Context};
use super::sides::{Side, side_of};
use super::{letters, work};
use crate::db;
use crate::db::lead::{Inquiry, NewEvent};
use crate::db::letters::NewMail;
use crate::db::quota::Counted;
use crate::db::requirement::{RequirementRow, StoredContact};
use crate::db::words::{AuditAction, MailPurpose, TaskKind};
use crate::error::{Error, Result};
use crate::ids;
use crate::mail::{Built, FilesMail, Incoming, ReplyMail, masked};

/// Forwarded replies per inquiry and direction per day: bounds a loop of two auto-responders.
const MOST_PER_DAY: i64 = 20;
/// Notices about files that were not forwarded, per inquiry and side per day.
const MOST_NOTICES_PER_DAY: i64 = 1;
/// Reply addresses of one mail: a park answers a few inquiries at once.
const MOST_ADDRESSES: usize = 10;
/// Lines of a reply that are forwarded; the rest stays on the lead and the status page, and the mail names its length.
const MOST_LINES: usize = 500;
/// Outcome of a mail to a reply address; a later one asks more of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forwarding {
    /// Queued by an earlier reading.
    Repeated,
    /// The requirement or its contact was erased.
    Erased,
    /// Queued for the other side.
    Queued,
    /// The sender is not known to the other side's address: a task was opened.
    Held,
    /// Unknown address, nothing to forward, no inbox, or the rate limit is reached.
    Refused,
}

/// Forwards the new text of a mail to a reply address to the side whose address it is, with registered addresses and phones
/// masked; a mail to the addresses of several inquiries goes on in each. A sender who is not of the other side is held for
/// staff: nothing is sent to anybody. Returns the outcome that asks most of staff.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; replies queued before it remain.
pub async fn forward(app: &App, mail: &[u8]) -> Result<Forwarding> {
    let mut outcome = None;
    for alias in addressed(app, Incoming::recipients(mail)) {
        let one = forward_to(app, mail, alias).await?;
        outcome = Some(outcome.map_or(one, |has: Forwarding| has.max(one)));
    }
    Ok(outcome.unwrap_or(Forwarding::Refused))
}

async fn forward_to(app: &App, mail: &[u8], alias: String) -> Result<Forwarding> {
    let Some((number, _)) = alias.split_once('.') else { return Ok(Forwarding::Refused) };
    let number = number.to_ascii_uppercase();
    let Some((inquiry, reference)) = app.db.inquiry_numbered(&number).await? else { return Ok(Forwarding::Refused) };
    let Some(receiver) = receiver(app, &reference, &inquiry, &alias) else { return Ok(Forwarding::Refused) };
    let sent = app.db.sent_in(&inquiry.id).await?;
    let Some(incoming) = Incoming::read_beside(mail, &sent) else { return Ok(Forwarding::Refused) };
    let Some(found) = app.db.requirement(&reference).await?.filter(RequirementRow::is_live) else {
        return Ok(Forwarding::Erased);
    };
    let Some(contact) = found.contact.clone() else { return Ok(Forwarding::Erased) };
    let Some(inbox) = app.inventory.inbox(&inquiry.park) else { return Ok(Forwarding::Refused) };
    let Some(sender) = side_of(&incoming.from, &contact.email, &inbox).filter(|side| receiver.is_other_of(*side))
    else {
        return hold(app, mail, inquiry.number).await;
    };
    let letters = Exchange { app, found: &found, inquiry: &inquiry, contact: &contact, inbox: &inbox, sender };
    let mails = letters.of(&incoming, &alias).await?;
    let said = Said { side: sender, text: letters.masked(&incoming).join("\n"), inquiry: inquiry.clone() };
    queue(app, mails, reference, said).await
}

/// The side that a reply address belongs to.
#[derive(Clone, Copy)]
enum Receiver {
    Side(Side),
    /// The shared address of earlier mails: the other side of the sender.
    Shared,
}

impl Receiver {
    /// Nothing goes back to the side that it came from.
    fn is_other_of(self, sender: Side) -> bool {
        match self {
            Self::Side(side) => side == sender.other(),
            Self::Shared => true,
        }
    }
}

fn receiver(app: &Context, reference: &str, inquiry: &Inquiry, address: &str) -> Option<Receiver> {
    let is = |known: Option<String>| known.is_some_and(|known| known == address);
    let sides = [Side::Enterprise, Side::Park];
    let side = sides.into_iter().find(|&side| is(alias(app, reference, inquiry, side))).map(Receiver::Side);
    side.or_else(|| is(shared_alias(app, reference, inquiry)).then_some(Receiver::Shared))
}

/// The two sides of an inquiry while one of them writes.
struct Exchange<'a> {
    app: &'a Context,
    found: &'a RequirementRow,
    inquiry: &'a Inquiry,
    contact: &'a StoredContact,
    inbox: &'a str,
    sender: Side,
}

impl Exchange<'_> {
    /// Builds the forwarded reply and, where files stayed behind, a notice to its sender.
    async fn of(&self, incoming: &Incoming, alias: &str) -> Result<Vec<NewMail>> {
        let text = incoming.lines.join("\n");
        let name = ids::sha256_hex(format!("{alias} {} {} {text}", incoming.from, incoming.message_id).as_bytes());
        let reply = self.reply(incoming, &name).await?;
        let notice = (!incoming.files.is_empty()).then(|| self.notice(incoming, &name)).transpose()?;
        Ok([Some(reply), notice].into_iter().flatten().collect())
    }

    /// The lines that go on, with registered addresses and phones masked.
    fn masked(&self, incoming: &Incoming) -> Vec<String> {
        incoming.lines.iter().map(|line| self.mask(incoming, line)).collect()
    }

    fn mask(&self, incoming: &Incoming, line: &str) -> String {
        let hidden = [self.contact.email.as_str(), self.inbox, incoming.from.as_str()];
        masked(line, &hidden, &[self.contact.phone.as_str()])
    }

    async fn reply(&self, incoming: &Incoming, name: &str) -> Result<NewMail> {
        let to = self.address_of(self.sender.other());
        let words = ReplyMail {
            number: self.inquiry.number.clone(),
            listing_name: self.inquiry.listing_name.clone(),
            sender: self.name_of(self.sender),
            lines: self.masked(incoming).into_iter().take(MOST_LINES).collect(),
            more_lines: more_lines(incoming.lines.len()),
            files: incoming.files.iter().map(|file| self.mask(incoming, file)).collect(),
            page_url: self.page_of(self.sender.other()),
            has_reply_address: true,
            in_english: self.reads_english(self.sender.other()),
        };
        let thread = self.app.db.thread_of(&self.inquiry.id, to).await?;
        let built = letters::reply(self.app, &words, to, self.alias_of(self.sender), (name, thread))?;
        Ok(self.mail(MailPurpose::Reply, built))
    }

    fn notice(&self, incoming: &Incoming, name: &str) -> Result<NewMail> {
        let words = FilesMail {
            number: self.inquiry.number.clone(),
            files: incoming.files.clone(),
            in_english: self.reads_english(self.sender),
        };
        let to = self.address_of(self.sender);
        let alias = self.alias_of(self.sender.other());
        Ok(self.mail(MailPurpose::FilesNotice, letters::files_notice(self.app, &words, to, alias, name)?))
    }

    fn mail(&self, purpose: MailPurpose, mail: Built) -> NewMail {
        NewMail {
            purpose,
            is_parked: self.found.is_suspected(),
            requirement_id: Some(self.found.id.clone()),
            inquiry_id: Some(self.inquiry.id.clone()),
            resend_of: None,
            mail,
        }
    }

    fn reads_english(&self, side: Side) -> bool {
        side == Side::Enterprise && letters::reads_english(self.found)
    }

    fn address_of(&self, side: Side) -> &str {
        match side {
            Side::Enterprise => &self.contact.email,
            Side::Park => self.inbox,
        }
    }

    fn name_of(&self, side: Side) -> String {
        match side {
            Side::Enterprise => self.contact.company.clone(),
            Side::Park => self.app.inventory.park_name(&self.inquiry.park),
        }
    }

    fn alias_of(&self, side: Side) -> Option<String> {
        alias(self.app, &self.found.reference, self.inquiry, side)
    }

    /// Page on which a side reads the whole exchange.
    fn page_of(&self, side: Side) -> String {
        match side {
            Side::Enterprise => letters::status_url(self.app, &self.found.reference),
            Side::Park => letters::desk_url(self.app),
        }
    }
}

fn more_lines(lines: usize) -> String {
    match lines.saturating_sub(MOST_LINES) {
        0 => String::new(),
        more => more.to_string(),
    }
}

/// Opens a task about a mail whose sender belongs to neither side.
async fn hold(app: &Context, mail: &[u8], number: String) -> Result<Forwarding> {
    let is_new = app.db.open_look(TaskKind::MailHeld, &ids::sha256_hex(mail), number, app.clock.now()).await?;
    Ok(if is_new { Forwarding::Held } else { Forwarding::Repeated })
}

/// The words that go on, for the timeline of the lead.
struct Said {
    side: Side,
    text: String,
    inquiry: Inquiry,
}

async fn queue(app: &App, mut mails: Vec<NewMail>, reference: String, said: Said) -> Result<Forwarding> {
    let now = app.clock.now();
    let (own, inquiry, sender) = (app.clone(), said.inquiry.id.clone(), said.side);
    let queued = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                // Read again in the transaction: it may have been erased meanwhile.
                let found = db::requirement::lock(tx, &reference).await?;
                if !found.is_some_and(|found| found.is_live()) {
                    return Ok(Forwarding::Erased);
                }
                let name = |what: &str| format!("{what}:{inquiry}:{}", sender.word());
                let counters =
                    ["reply", "files_notice"].map(|what| Counted { name: name(what), seconds: SECONDS_PER_DAY });
                let counters = &counters[..mails.len()];
                let used = db::quota::take(tx, counters, now).await?;
                if used.first().is_some_and(|&used| used > MOST_PER_DAY) {
                    return Ok(Forwarding::Refused);
                }
                if used.get(1).is_some_and(|&used| used > MOST_NOTICES_PER_DAY) {
                    mails.truncate(1);
                }
                db::outbox::enqueue(tx, mails, now).await?;
                note_on_lead(&own, tx, &said, now).await?;
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

/// Puts a mail that goes on onto the timeline of its lead: of the park it answers the clock, of the enterprise it asks for an
/// answer.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
async fn note_on_lead(app: &Context, tx: &DatabaseTransaction, said: &Said, now: Moment) -> Result<()> {
    let Some(row) = db::lead::of_inquiry(tx, &said.inquiry).await? else { return Ok(()) };
    match said.side {
        Side::Park => work::answered_by(app, tx, &row, (None, &said.text), now).await,
        Side::Enterprise => {
            let event = NewEvent::new(&row.lead.id, EventKind::MailIn, now);
            work::enterprise_wrote(tx, &row.lead, NewEvent { note: &said.text, ..event }, now).await
        }
    }
}

/// Returns the reply addresses among the recipients, each once, at most [`MOST_ADDRESSES`].
fn addressed(app: &Context, recipients: Vec<String>) -> Vec<String> {
    let domain = app.config.mail.alias_domain.to_ascii_lowercase();
    let ours = |to: &String| !domain.is_empty() && to.rsplit_once('@').is_some_and(|(_, host)| host == domain);
    let mut found: Vec<String> = Vec::new();
    // PostgreSQL takes no NUL: the mail would fail at every reading.
    let is_clean = |to: &String| to.bytes().all(|byte| byte.is_ascii_graphic());
    for to in recipients.into_iter().filter(ours).filter(is_clean) {
        if !found.contains(&to) && found.len() < MOST_ADDRESSES {
            found.push(to);
        }
    }
    found
}
