//! The mail of an inquiry: to its park, or to the operator who asks a park without an inbox.

use domain::contact::masked_text;
use domain::lead::Stage;
use domain::time::Moment;

use super::context::Context;
use super::sides::Side;
use super::{aliases, due, letters};
use crate::db::lead::{Inquiry, LeadRow};
use crate::db::letters::{MailRow, NewMail};
use crate::db::requirement::RequirementRow;
use crate::db::words::MailPurpose;
use crate::error::{Code, Error, Result};
use crate::i18n::{self, Locale};
use crate::mail::masked;

/// The locale of mails to staff.
const STAFF: Locale = Locale::ZhHans;

/// Builds the mail of an inquiry to its park's present inbox.
///
/// # Errors
/// [`Error::Gone`] once erased; [`Error::Refused`] with [`Code::NoInbox`].
pub(super) fn mail(
    app: &Context,
    found: &RequirementRow,
    inquiry: &Inquiry,
    lead_id: &str,
    due_at: Moment,
) -> Result<NewMail> {
    let contact = found.contact.as_ref().ok_or(Error::Gone)?;
    let inbox = app.inventory.inbox(&inquiry.park).ok_or(Error::Refused(Code::NoInbox, Vec::new()))?;
    let masked_phone = domain::contact::Phone::parse(&contact.phone).map(|phone| phone.masked()).unwrap_or_default();
    let facts = letters::InquiryFacts {
        number: &inquiry.number,
        lead_id,
        reply_to: aliases::alias(app, &found.reference, inquiry, Side::Enterprise),
        listing_name: &inquiry.listing_name,
        requirement: &found.requirement,
        company: &contact.company,
        masked_phone: &masked_phone,
        due_on: due_at.day(),
        words: own_words(found),
        in_english: found.locale == Locale::En.tag(),
    };
    letters::inquiry(app, &facts, &inbox, (&found.id, &inquiry.id))
}

/// The enterprise's own words by line, with every address and phone masked: they are shown in full after a reveal.
fn own_words(found: &RequirementRow) -> Vec<String> {
    let (Some(text), Some(contact)) = (&found.free_text, &found.contact) else { return Vec::new() };
    let mask = |line: &str| masked_text(&masked(line, &[contact.email.as_str()], &[contact.phone.as_str()]));
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(mask).collect()
}

/// Builds the mail to the operator, who asks a park without an inbox; `None` where the operator's contact is no mail address.
pub(super) fn operator_mail(
    app: &Context,
    found: &RequirementRow,
    inquiry: &Inquiry,
    lead_id: &str,
) -> Result<Option<NewMail>> {
    let Some(operator) = domain::contact::Mail::parse(app.config.site.contact.trim()) else { return Ok(None) };
    let need = i18n::need(STAFF, &found.requirement);
    let park = app.inventory.park_name(&inquiry.park);
    let args = [("listing", inquiry.listing_name.as_str()), ("park", &park), ("need", &need)];
    let news = letters::News {
        purpose: MailPurpose::News,
        number: Some(&inquiry.number),
        subject: i18n::tell(STAFF, "mail.operator"),
        lines: vec![i18n::say(STAFF, "mail.operator_text", &args)],
        rows: Vec::new(),
        link: Some((format!("/staff/leads/{lead_id}"), i18n::tell(STAFF, "mail.open_lead"))),
        reply_to: None,
        about: (Some(found.id.clone()), Some(inquiry.id.clone())),
    };
    letters::news(app, news, operator.as_str()).map(Some)
}

/// Builds the mail of an inquiry again, for the park's present inbox.
pub(super) fn again(
    app: &Context,
    found: &RequirementRow,
    row: &LeadRow,
    inquiry: &Inquiry,
    failed: &MailRow,
) -> Result<NewMail> {
    let due_at = row.lead.due_at.min(due::after_move(app, &row.lead.park, Stage::Registered, app.clock.now()));
    let mail = mail(app, found, inquiry, &row.lead.id, due_at)?;
    Ok(NewMail { resend_of: Some(failed.id.clone()), ..mail })
}
