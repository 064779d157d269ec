//! Webhooks: made, changed and removed by managers for their parks and by admins for all. `db::webhook` writes each event in the
//! transaction of its cause; `worker::webhooks` delivers it.

pub mod address;
pub mod delivery;
mod message;
mod signing;

pub use message::key as event_key;

use domain::account::Scope;
use domain::lead::Stage;
use domain::listing::Kind;
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::stored::Stored;
use domain::time::{Moment, SECONDS_PER_DAY};
use sea_orm::DatabaseTransaction;
use serde_json::{Value, json};

use self::address::WebhookAddress;
use super::accounts::Actor;
use super::context::Context;
use super::idempotency::{self, Answered, Call, Outcome};
use super::sealed;
use crate::db;
use crate::db::delivery::{Delivery, WebhookCounts};
use crate::db::idempotency::StoredAnswer;
use crate::db::webhook::{ALL_PARKS, NewWebhook, Webhook};
use crate::db::words::{AuditAction, WebhookEvent, WebhookFormat, WebhookState};
use crate::error::{Code, Error, Result};
use crate::ids;

/// Webhooks of one park, and of the operator, at most.
const MOST_WEBHOOKS: usize = 20;
/// Time for which the former secret signs besides.
const BOTH_SECONDS: i64 = SECONDS_PER_DAY;
/// Longest secret of a robot, in characters: those of the vendors have 22 to 67.
const LONGEST_SECRET: usize = 200;
/// Deliveries that a list shows.
const MOST_SHOWN: u64 = 100;

/// A webhook as typed.
#[derive(Clone, Debug, Default)]
pub struct WebhookForm {
    /// Code of the park; blank for all.
    pub park: String,
    /// Address of the receiver.
    pub address: String,
    /// Word of the form of its messages; blank for JSON.
    pub format: String,
    /// Words of its events.
    pub events: Vec<String>,
    /// The secret with which a robot of 钉钉 or 飞书 checks what it gets; blank without one.
    pub secret: String,
}

/// A webhook with the number of its events that wait.
pub struct WebhookView {
    /// The webhook.
    pub webhook: Webhook,
    /// Its events that have not arrived.
    pub counts: WebhookCounts,
}

impl WebhookView {
    /// The webhook as JSON, without its secrets.
    #[must_use]
    pub fn json(&self) -> Value {
        let Webhook { id, park, shown, format, events, former, created_at, .. } = &self.webhook;
        json!({
            "id": id,
            "park": Some(park).filter(|park| *park != ALL_PARKS),
            "address": shown,
            "format": format.word(),
            "events": events,
            "created_at": created_at.rfc3339(),
            "former_secret_until": former.as_ref().map(|(_, until)| until.rfc3339()),
            "queued": self.counts.queued,
            "held": self.counts.held,
        })
    }
}

/// A delivery as JSON.
#[must_use]
pub fn delivery_json(delivery: &Delivery) -> Value {
    let waits = delivery.state == WebhookState::Queued;
    json!({
        "event_id": delivery.event_id,
        "event": delivery.event.word(),
        "at": delivery.at.rfc3339(),
        "lead": delivery.lead_id,
        "number": delivery.number,
        "park": delivery.park,
        "stage": delivery.stage.word(),
        "from": delivery.from.as_ref().map(Stored::<Stage>::word),
        "state": delivery.state.word(),
        "attempts": delivery.attempts,
        "next_at": waits.then(|| delivery.next_at.rfc3339()),
        "last_error": delivery.last_error,
        "settled_at": delivery.settled_at.map(Moment::rfc3339),
    })
}

/// Refuses an actor who has no webhooks to keep.
fn check_role(actor: &Actor) -> Result<()> {
    if actor.role.decides_leads() { Ok(()) } else { Err(Error::Forbidden) }
}

/// Whether a webhook of this park is the actor's: one of all parks is that of who sees all parks.
fn is_own(actor: &Actor, park: &str) -> bool {
    if park == ALL_PARKS { actor.scope == Scope::All } else { actor.scope.covers(park) }
}

async fn own(app: &Context, actor: &Actor, id: &str) -> Result<Webhook> {
    check_role(actor)?;
    let found = app.db.webhook(id).await?.filter(|webhook| is_own(actor, &webhook.park));
    found.ok_or(Error::NotFound)
}

/// Returns the webhooks of the actor's parks, oldest first.
///
/// # Errors
/// [`Error::Forbidden`] for all but managers and admins; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor) -> Result<Vec<WebhookView>> {
    check_role(actor)?;
    let mut views = Vec::new();
    for webhook in app.db.webhooks(actor.scope.parks()).await? {
        let counts = app.db.webhook_counts(Some(&webhook.id)).await?;
        views.push(WebhookView { webhook, counts });
    }
    views.retain(|view| is_own(actor, &view.webhook.park));
    Ok(views)
}

/// Returns one webhook.
///
/// # Errors
/// [`Error::NotFound`] outside the scope, else as [`list`].
pub async fn show(app: &Context, actor: &Actor, id: &str) -> Result<WebhookView> {
    let webhook = own(app, actor, id).await?;
    let counts = app.db.webhook_counts(Some(&webhook.id)).await?;
    Ok(WebhookView { webhook, counts })
}

/// Returns the latest deliveries of a webhook, newest first; those in one state where its word is given.
///
/// # Errors
/// [`Error::Invalid`] for an unknown state, else as [`show`].
pub async fn deliveries(app: &Context, actor: &Actor, id: &str, state: Option<&str>) -> Result<Vec<Delivery>> {
    let webhook = own(app, actor, id).await?;
    let state = match state {
        None => None,
        Some(word) => match WebhookState::from_word(word) {
            Some(state) => Some(state),
            None => return Err(unknown::<WebhookState>("state", word)),
        },
    };
    Ok(app.db.deliveries(&webhook.id, state, MOST_SHOWN).await?)
}

fn unknown<T: domain::requirement::Word>(field: &str, word: &str) -> Error {
    let accepted: Vec<&str> = T::WORDS.iter().map(|(word, _)| *word).collect();
    let error = FieldError::new(field, FieldCode::UnknownWord).with("value", word);
    Error::Invalid(vec![error.with("accepted", accepted.join(", "))])
}

/// A form in its types.
struct CheckedWebhook {
    address: WebhookAddress,
    format: WebhookFormat,
    events: Vec<WebhookEvent>,
    secret: String,
}

/// Checks every field of a form.
fn check(app: &Context, form: &WebhookForm) -> Result<CheckedWebhook> {
    let mut errors = Vec::new();
    let mut keep = |error: Error| {
        if let Error::Invalid(found) = error {
            errors.extend(found);
        }
    };
    let wrong = |field: &str, code: FieldCode, value: &str| {
        Error::Invalid(vec![FieldError::new(field, code).with("value", value)])
    };
    if form.park != ALL_PARKS && app.inventory.record(Kind::Park, &form.park).is_none() {
        keep(wrong("park", FieldCode::UnknownCode, &form.park));
    }
    let typed = Some(form.format.trim()).filter(|word| !word.is_empty()).unwrap_or(WebhookFormat::Json.word());
    let format = WebhookFormat::from_word(typed);
    if format.is_none() {
        keep(unknown::<WebhookFormat>("format", typed));
    }
    let mut events = Vec::new();
    for word in &form.events {
        match WebhookEvent::from_word(word) {
            Some(event) if !events.contains(&event) => events.push(event),
            Some(_) => {}
            None => keep(unknown::<WebhookEvent>("events", word)),
        }
    }
    if form.events.is_empty() {
        keep(wrong("events", FieldCode::Missing, ""));
    }
    let typed = form.address.trim();
    let address = WebhookAddress::parse(typed).filter(|address| address.is_safe(&app.config));
    match &address {
        None if typed.is_empty() => keep(wrong("address", FieldCode::Missing, "")),
        None => keep(wrong("address", FieldCode::BadAddress, typed)),
        Some(address) if address.is_refused(&app.config) => keep(wrong("address", FieldCode::PrivateAddress, typed)),
        Some(_) => {}
    }
    let secret = match check_secret(format, &form.secret) {
        Ok(secret) => secret,
        Err(error) => {
            keep(Error::Invalid(vec![error]));
            String::new()
        }
    };
    match (address, format) {
        (Some(address), Some(format)) if errors.is_empty() => Ok(CheckedWebhook { address, format, events, secret }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Checks the secret that a robot's vendor gave; JSON has one of our making, and a robot of 企业微信 has none.
fn check_secret(format: Option<WebhookFormat>, secret: &str) -> std::result::Result<String, FieldError> {
    let secret = secret.trim();
    let takes_one = matches!(format, Some(WebhookFormat::DingTalk | WebhookFormat::Feishu));
    if secret.is_empty() {
        return Ok(String::new());
    }
    if !takes_one {
        return Err(FieldError::new("secret", FieldCode::UnknownField).with("accepted", "dingtalk, feishu"));
    }
    if secret.len() > LONGEST_SECRET || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(FieldError::new("secret", FieldCode::NotVisible));
    }
    Ok(secret.to_owned())
}

/// Makes a webhook. The answer has the secret that signs its messages; a replay of the call has it no more.
///
/// # Errors
/// [`Error::Forbidden`] for all but managers and admins; [`Error::NotFound`] for a park outside the scope; [`Error::Invalid`] with
/// every wrong field, and `too_many` beyond [`MOST_WEBHOOKS`] of a park.
pub async fn add(app: &Context, actor: &Actor, call: &Call, form: &WebhookForm) -> Result<Answered> {
    check_role(actor)?;
    if form.park == ALL_PARKS && actor.scope != Scope::All {
        return Err(Error::Invalid(vec![FieldError::new("park", FieldCode::Missing)]));
    }
    if !is_own(actor, &form.park) {
        return Err(Error::NotFound);
    }
    let checked = check(app, form)?;
    let secret = match checked.format {
        WebhookFormat::Json => signing::new_secret(),
        _ => checked.secret.clone(),
    };
    let is_ours = checked.format == WebhookFormat::Json;
    let work = store(app, actor, call, (form, &checked, &secret));
    let answered = idempotency::answer(app, call, work).await?;
    Ok(with_secret(answered, Some(secret).filter(|_| is_ours)))
}

async fn store(
    app: &Context,
    actor: &Actor,
    call: &Call,
    (form, checked, secret): (&WebhookForm, &CheckedWebhook, &str),
) -> Result<StoredAnswer> {
    let of_park = app.db.webhooks(Some(vec![form.park.as_str()])).await?;
    if of_park.len() >= MOST_WEBHOOKS {
        let error = FieldError::new("park", FieldCode::TooMany).with("max", MOST_WEBHOOKS.to_string());
        return Err(Error::Invalid(vec![error]));
    }
    let (id, now) = (ids::row_id(), app.clock.now());
    let new = NewWebhook {
        address: sealed::seal(app, &id, form.address.trim())?,
        secret: sealed::seal(app, &id, secret)?,
        park: form.park.clone(),
        shown: checked.address.shown(),
        format: checked.format,
        events: checked.events.clone(),
        account_id: actor.id.clone(),
        id,
    };
    let webhook = Webhook {
        id: new.id.clone(),
        park: new.park.clone(),
        address: String::new(),
        shown: new.shown.clone(),
        format: new.format.into(),
        events: new.events.iter().map(|event| event.word().to_owned()).collect(),
        secret: String::new(),
        former: None,
        created_at: now,
    };
    let mut body = WebhookView { webhook, counts: WebhookCounts { queued: 0, held: 0 } }.json();
    body["secret"] = Value::Null;
    let outcome = Outcome::of(call, 201, body.to_string(), now);
    let (by, shown) = (actor.id.clone(), new.shown.clone());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::requirement::audit(tx, &by, AuditAction::WebhookAdd, &new.id, &shown, now).await?;
                db::webhook::insert(tx, new, now).await?;
                outcome.write(tx).await
            })
        })
        .await
}

/// Puts a secret into an answer that is given for the first time; the stored answer has none.
fn with_secret(answered: Answered, secret: Option<String>) -> Answered {
    if answered.replayed {
        return answered;
    }
    let Ok(mut body) = serde_json::from_str::<Value>(&answered.body) else { return answered };
    body["secret"] = secret.into();
    Answered { body: body.to_string(), ..answered }
}

/// Removes a webhook with everything that waits for it.
///
/// # Errors
/// [`Error::NotFound`] outside the scope; [`Error::Forbidden`].
pub async fn remove(app: &Context, actor: &Actor, call: &Call, id: &str) -> Result<Answered> {
    check_role(actor)?;
    idempotency::answer(app, call, async {
        let found = own(app, actor, id).await?;
        let now = app.clock.now();
        let outcome = Outcome::of(call, 204, String::new(), now);
        let by = actor.id.clone();
        app.db
            .write::<_, Error, _>(move |tx| {
                Box::pin(async move {
                    if !db::webhook::remove(tx, &found.id, now).await? {
                        return Err(Error::NotFound);
                    }
                    audit(tx, &by, AuditAction::WebhookRemove, &found, now).await?;
                    outcome.write(tx).await
                })
            })
            .await
    })
    .await
}

async fn audit(tx: &DatabaseTransaction, by: &str, what: AuditAction, of: &Webhook, now: Moment) -> Result<()> {
    Ok(db::requirement::audit(tx, by, what, &of.id, &of.shown, now).await?)
}

/// Gives a webhook another secret: a new one for JSON, which signs beside the former one for a day, else the one that the
/// robot's vendor gave. The answer has a new secret once.
///
/// # Errors
/// [`Error::NotFound`] outside the scope; [`Error::Forbidden`]; [`Error::Invalid`] for a secret that its robot does not take;
/// [`Error::Conflict`] where another call was faster.
pub async fn rotate(app: &Context, actor: &Actor, call: &Call, id: &str, typed: &str) -> Result<Answered> {
    let found = own(app, actor, id).await?;
    let given = check_secret(found.format.known(), typed).map_err(|error| Error::Invalid(vec![error]))?;
    let is_ours = found.format == WebhookFormat::Json;
    let secret = if is_ours { signing::new_secret() } else { given };
    let now = app.clock.now();
    let until = is_ours.then(|| now.plus_seconds(BOTH_SECONDS));
    let body = json!({ "id": found.id, "secret": null, "former_secret_until": until.map(Moment::rfc3339) });
    let outcome = Outcome::of(call, 200, body.to_string(), now);
    let stored = sealed::seal(app, &found.id, &secret)?;
    let by = actor.id.clone();
    let work = app.db.write::<_, Error, _>(move |tx| {
        Box::pin(async move {
            if !db::webhook::rotate(tx, &found.id, (&found.secret, until), &stored).await? {
                return Err(Error::Conflict(Code::Conflict));
            }
            audit(tx, &by, AuditAction::WebhookRotate, &found, now).await?;
            outcome.write(tx).await
        })
    });
    let answered = idempotency::answer(app, call, work).await?;
    Ok(with_secret(answered, Some(secret).filter(|_| is_ours)))
}

/// Queues settled deliveries again: one event, or all that are held. Answers their number.
///
/// # Errors
/// [`Error::NotFound`] outside the scope, and for an event that is not the webhook's or still queued; [`Error::Forbidden`].
pub async fn replay(app: &Context, actor: &Actor, call: &Call, id: &str, event: Option<&str>) -> Result<Answered> {
    let found = own(app, actor, id).await?;
    let now = app.clock.now();
    let (by, call_in, event) = (actor.id.clone(), call.clone(), event.map(str::to_owned));
    let work = app.db.write::<_, Error, _>(move |tx| {
        Box::pin(async move {
            let queued = db::delivery::replay(tx, &found.id, event.as_deref(), now).await?;
            if queued == 0 && event.is_some() {
                return Err(Error::NotFound);
            }
            audit(tx, &by, AuditAction::WebhookReplay, &found, now).await?;
            let body = json!({ "queued": queued }).to_string();
            Outcome::of(&call_in, 200, body, now).write(tx).await
        })
    });
    let answered = idempotency::answer(app, call, work).await?;
    app.outbox.notify_waiters();
    Ok(answered)
}

/// Encrypts addresses and secrets that are stored in the clear, where there is a key.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn seal_stored(app: &Context) -> Result<()> {
    if app.config.secret_key()?.is_none() {
        return Ok(());
    }
    for clear in app.db.webhooks(None).await? {
        if clear.address.starts_with(sealed::PREFIX) {
            continue;
        }
        let mut same = clear.clone();
        same.address = sealed::seal(app, &clear.id, &clear.address)?;
        same.secret = sealed::seal(app, &clear.id, &clear.secret)?;
        if let Some((former, _)) = &mut same.former {
            *former = sealed::seal(app, &clear.id, former)?;
        }
        app.db
            .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::webhook::seal(tx, &clear, &same).await?) }))
            .await?;
    }
    Ok(())
}
