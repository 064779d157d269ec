//! Owner of a lead, and its mails that failed.

use domain::lead::EventKind;
use domain::requirement::{FieldCode, FieldError};
use serde_json::json;

use super::change::{change, check_live};
use super::contact::consented;
use crate::db;
use crate::db::lead::{LeadChange, NewEvent};
use crate::db::words::MailState;
use crate::error::{Code, Error, Result};
use crate::service::accounts::{self, Actor};
use crate::service::context::App;
use crate::service::idempotency::{Answered, Call};
use crate::service::{inquiry_mail, owners};

/// Gives a lead to an owner, or to the unowned list.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Gone`] once withdrawn; [`Error::Invalid`] with
/// [`FieldCode::UnknownCode`] where the address is of no enabled account that works this park's leads.
pub async fn assign(app: &App, actor: &Actor, call: &Call, id: &str, owner: Option<&str>) -> Result<Answered> {
    let account = match owner.map(str::trim).filter(|email| !email.is_empty()) {
        None => None,
        Some(email) => {
            let unknown =
                || Error::Invalid(vec![FieldError::new("owner", FieldCode::UnknownCode).with("value", email)]);
            let found = app.db.account_by_email(&email.to_lowercase()).await?.filter(|account| !account.disabled);
            let found = found.ok_or_else(unknown)?;
            let works = accounts::actor(app, found.clone()).filter(|owner| owner.role.works_leads());
            let works = works.ok_or_else(unknown)?;
            let row = app.db.lead_row(&actor.scope, id).await?.ok_or(Error::NotFound)?;
            if !works.scope.covers(&row.lead.park) {
                return Err(unknown());
            }
            Some(found)
        }
    };
    let by = actor.clone();
    change(app, actor, call, id, move |app, tx, row, now| {
        Box::pin(async move {
            check_live(row)?;
            owners::hand_on(app, tx, row, (account.as_ref(), Some(&by.id)), now).await
        })
    })
    .await
}

/// Sends the failed mails of a lead's inquiries again to the park's present inbox, each with a new Message-ID; `mail` names
/// one of them.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for observers; [`Error::Gone`] once withdrawn; [`Error::Conflict`] with
/// [`Code::MailNotFailed`] where none has failed; [`Error::Refused`] with [`Code::NoInbox`].
pub async fn resend(app: &App, actor: &Actor, call: &Call, id: &str, mail: Option<&str>) -> Result<Answered> {
    let by = actor.clone();
    let mail = mail.map(str::to_owned);
    change(app, actor, call, id, move |app, tx, row, now| {
        Box::pin(async move {
            let (found, _) = consented(tx, row).await?;
            let mut sent = 0;
            for inquiry in &row.inquiries {
                let mails = db::outbox::mails_in(tx, &inquiry.id).await?;
                if let Some(wanted) = &mail
                    && !mails.iter().any(|it| it.id == *wanted)
                {
                    continue;
                }
                // Only the newest one: an older one was sent again already.
                let Some(failed) = mails.last().filter(|it| it.state == MailState::Failed) else { continue };
                if mail.as_ref().is_some_and(|wanted| *wanted != failed.id) {
                    continue;
                }
                let again = inquiry_mail::again(app, &found, row, inquiry, failed)?;
                // A person has looked: the inbox gets another chance.
                db::inbox_trouble::lift(tx, &again.mail.recipient).await?;
                db::task::finish_paused(tx, &inquiry.park, &by.id, now).await?;
                db::outbox::enqueue(tx, vec![again], now).await?;
                db::task::finish(tx, &failed.id, &by.id, now).await?;
                db::lead::set_state(tx, &inquiry.id, domain::inquiry::InquiryState::Queued, now).await?;
                let event = NewEvent::new(&row.lead.id, EventKind::Resend, now);
                let facts = Some(json!({ "number": inquiry.number }));
                NewEvent { account_id: Some(&by.id), facts, ..event }.add(tx).await?;
                sent += 1;
            }
            if sent == 0 {
                return Err(Error::Conflict(Code::MailNotFailed));
            }
            let done = LeadChange { touched: true, ..LeadChange::default() };
            Ok(db::lead::change(tx, &row.lead, &done, now).await?)
        })
    })
    .await
}
