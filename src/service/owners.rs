//! Owners of leads: the one place that gives a lead to another person, or to its park's unowned list.

use domain::lead::EventKind;
use domain::time::Moment;
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::context::Context;
use super::letters;
use crate::db;
use crate::db::account::Account;
use crate::db::lead::{LeadChange, LeadRow, NewEvent};
use crate::db::letters::NewMail;
use crate::db::words::{AuditAction, MailPurpose};
use crate::error::Result;
use crate::i18n::{self, Locale};

/// The locale of mails to staff.
const MAILS: Locale = Locale::ZhHans;
/// The author of assignments at arrival in the audit.
const ASSIGNMENT: &str = "assignment";
/// The author of operator commands in the audit.
pub(super) const OPERATOR: &str = "operator";

/// Gives a locked lead to an account, or makes it unowned. `by` is the account that does it, `None` for the operator. A new owner
/// who did not take the lead itself gets one mail.
///
/// # Errors
/// [`Error::Unavailable`](crate::error::Error::Unavailable), [`Error::Full`](crate::error::Error::Full) or
/// [`Error::Internal`](crate::error::Error::Internal).
pub(super) async fn hand_on(
    app: &Context,
    tx: &DatabaseTransaction,
    row: &LeadRow,
    (to, by): (Option<&Account>, Option<&str>),
    now: Moment,
) -> Result<()> {
    if row.lead.owner_id.as_deref() == to.map(|account| account.id.as_str()) {
        return Ok(());
    }
    let facts = Some(json!({ "owner": to.map_or("—", |account| account.email.as_str()) }));
    let event = NewEvent::new(&row.lead.id, EventKind::Owner, now);
    NewEvent { account_id: by, facts, ..event }.add(tx).await?;
    let owner_id = Some(to.map(|account| account.id.clone()));
    let done = LeadChange { owner_id, touched: true, ..LeadChange::default() };
    db::lead::change(tx, &row.lead, &done, now).await?;
    if let Some(account) = to.filter(|account| by != Some(account.id.as_str()) && row.lead.is_open()) {
        let mails: Vec<NewMail> = assignment(app, row, &account.email)?.into_iter().collect();
        db::outbox::enqueue(tx, mails, now).await?;
    }
    let author = by.unwrap_or(OPERATOR);
    Ok(db::requirement::audit(tx, author, AuditAction::LeadOwner, &row.lead.id, "", now).await?)
}

/// Gives a new lead to an account that its park's rules or turns chose; `why` is the word of the reason. The lead
/// remains among the new ones.
///
/// # Errors
/// [`Error::Unavailable`](crate::error::Error::Unavailable), [`Error::Full`](crate::error::Error::Full) or
/// [`Error::Internal`](crate::error::Error::Internal).
pub(super) async fn arrive(
    app: &Context,
    tx: &DatabaseTransaction,
    row: &LeadRow,
    (to, why): (&Account, &str),
    now: Moment,
) -> Result<()> {
    let facts = Some(json!({ "owner": to.email, "assigned": why }));
    let event = NewEvent::new(&row.lead.id, EventKind::Owner, now);
    NewEvent { facts, ..event }.add(tx).await?;
    let done = LeadChange { owner_id: Some(Some(to.id.clone())), ..LeadChange::default() };
    db::lead::change(tx, &row.lead, &done, now).await?;
    let mails: Vec<NewMail> = assignment(app, row, &to.email)?.into_iter().collect();
    db::outbox::enqueue(tx, mails, now).await?;
    Ok(db::requirement::audit(tx, ASSIGNMENT, AuditAction::LeadOwner, &row.lead.id, why, now).await?)
}

/// Builds the one mail to a new owner; `None` where these are turned off.
pub(super) fn assignment(app: &Context, row: &LeadRow, to: &str) -> Result<Option<NewMail>> {
    if !app.config.desk.assignment_mail {
        return Ok(None);
    }
    let need = i18n::need(MAILS, &domain::stored::StoredRequirement::parse(&row.requirement));
    let day = i18n::date(MAILS, row.lead.due_at.day());
    let args = [("number", row.inquiry.number.as_str()), ("day", &day), ("need", &need)];
    let news = letters::News {
        purpose: MailPurpose::Assignment,
        number: Some(&row.inquiry.number),
        subject: i18n::tell(MAILS, "mail.assigned"),
        lines: vec![i18n::say(MAILS, "mail.assigned_text", &args)],
        rows: Vec::new(),
        link: Some((format!("/staff/leads/{}", row.lead.id), i18n::tell(MAILS, "mail.open_lead"))),
        reply_to: None,
        about: (Some(row.inquiry.requirement_id.clone()), None),
    };
    letters::news(app, news, to).map(Some)
}
