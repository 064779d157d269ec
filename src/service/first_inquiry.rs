//! A new requirement and its first inquiries, stored in one transaction: the use case of the inquiry form.

use domain::time::Moment;
use serde_json::json;

use super::assignment;
use super::context::App;
use super::idempotency::{self, Answered, Call, Outcome};
use super::inquiries::{self, Send};
use super::requirements::{Prepared, Submit};
use crate::db::idempotency::StoredAnswer;
use crate::error::{Error, Result};

/// Stores a requirement and sends it to parks, all or nothing: requirement, consents, inquiries, leads, mails, receipt,
/// audit lines and stored answer are one transaction. The answer's body holds the `reference`.
///
/// # Errors
/// Those of [`super::requirements::submit`] and of [`inquiries::send`]. Nothing is then stored, and the key is not used up.
pub async fn submit(app: &App, call: &Call, submit: Submit, send: Send) -> Result<Answered> {
    idempotency::answer(app, call, carry_out(app, call, submit, send)).await
}

async fn carry_out(app: &App, call: &Call, submit: Submit, send: Send) -> Result<StoredAnswer> {
    let now: Moment = app.clock.now();
    let mut new = Prepared::of(app, &submit, now)?;
    let asked = inquiries::first(app, &new.requirement, &send, now)?;
    new.sent_to(app, &inquiries::asked_parks(&asked))?;
    let body = json!({ "reference": new.requirement.reference }).to_string();
    let started = inquiries::started(&asked);
    let mut outcome = Outcome::of(call, 201, body, now);
    new.add_rows(app, &mut outcome.rows, now);
    inquiries::add_rows(&mut outcome.rows, asked, new.requirement.is_suspected(), now);
    let own = app.clone();
    let stored = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let is_suspected = new.requirement.is_suspected();
                let stored = new.write(tx, outcome, now).await?;
                if !is_suspected {
                    assignment::arrived(&own, tx, &started, now).await?;
                }
                Ok(stored)
            })
        })
        .await?;
    app.outbox.notify_waiters();
    Ok(stored)
}
