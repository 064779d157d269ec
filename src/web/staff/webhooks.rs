//! Webhooks of the actor's parks: made, removed, their secret changed, and what was not delivered queued again.

use domain::account::Scope;
use domain::requirement::{FieldError, Word};
use domain::time::Moment;
use serde::Serialize;
use serde_json::Value;

use crate::db::delivery::Delivery;
use crate::db::webhook::ALL_PARKS;
use crate::db::words::{WebhookEvent, WebhookFormat, WebhookState};
use crate::error::Error;
use crate::i18n::{moment, say, word};
use crate::service::idempotency::Answered;
use crate::service::webhooks::{self, WebhookForm, WebhookView, event_key};
use crate::service::work::page_call;
use crate::web::extract::Id;
use crate::web::pages::{Form, Page, PageResult, WrongField, wrong_fields};
use crate::web::view::{OptionView, encode};

#[derive(Serialize)]
struct WebhooksPage {
    hooks: Vec<HookRow>,
    /// The secret of the webhook that was just made: shown once.
    secret: Option<String>,
    parks: Vec<OptionView>,
    /// Whether all parks may be chosen, and a park is typed.
    sees_all: bool,
    typed_park: String,
    typed_address: String,
    formats: Vec<OptionView>,
    events: Vec<OptionView>,
    errors: Vec<WrongField>,
}

#[derive(Serialize)]
struct HookRow {
    url: String,
    address: String,
    park: String,
    format: String,
    events: String,
    waiting: String,
    has_held: bool,
}

#[derive(Serialize)]
struct HookPage {
    hook: HookRow,
    is_json: bool,
    takes_secret: bool,
    /// The secret that was just made: shown once.
    secret: Option<String>,
    former_until: Option<String>,
    deliveries: Vec<DeliveryRow>,
    errors: Vec<WrongField>,
}

#[derive(Serialize)]
struct DeliveryRow {
    event_id: String,
    event: String,
    number: String,
    stage: String,
    at: String,
    state_code: String,
    state: String,
    attempts: i64,
    error: Option<String>,
    next: Option<String>,
    may_replay: bool,
}

/// `GET /staff/webhooks`
pub(super) async fn show(page: Page) -> PageResult {
    hooks_page(&page, (&Form(Vec::new()), &[]), None).await
}

/// `POST /staff/webhooks`: the page that answers shows the secret, which no other page does.
pub(super) async fn add(page: Page, form: Form) -> PageResult {
    let typed = WebhookForm {
        park: form.get("park").trim().to_owned(),
        address: form.get("address").to_owned(),
        format: form.get("format").to_owned(),
        events: form.all("events"),
        secret: form.get("secret").to_owned(),
    };
    match webhooks::add(&page.app, page.staff()?, &page_call(), &typed).await {
        Ok(made) => match secret_of(&made) {
            Some(secret) => hooks_page(&page, (&Form(Vec::new()), &[]), Some(secret)).await,
            None => Ok(page.see("/staff/webhooks?done=hook_made")),
        },
        Err(Error::Invalid(errors)) => hooks_page(&page, (&form, &errors), None).await,
        Err(error) => Err(error.into()),
    }
}

fn secret_of(answered: &Answered) -> Option<String> {
    let body: Value = serde_json::from_str(&answered.body).ok()?;
    body["secret"].as_str().map(str::to_owned)
}

async fn hooks_page(page: &Page, (form, errors): (&Form, &[FieldError]), secret: Option<String>) -> PageResult {
    let actor = page.staff()?;
    let found = webhooks::list(&page.app, actor).await?;
    let own = actor.scope.parks().unwrap_or_default();
    let option = |value: &str, label: String, checked: bool| OptionView { value: value.to_owned(), label, checked };
    let chosen = form.all("events");
    let events = WebhookEvent::WORDS.iter().map(|(name, event)| {
        let label = word(page.locale, "webhook_event", event_key(&(*event).into()));
        option(name, label, form.0.is_empty() || chosen.iter().any(|word| word == name))
    });
    let formats = WebhookFormat::WORDS
        .iter()
        .map(|(name, _)| option(name, word(page.locale, "webhook_format", name), form.get("format") == *name));
    let context = WebhooksPage {
        hooks: found.iter().map(|view| hook_row(page, view)).collect(),
        secret,
        parks: own.iter().map(|code| option(code, page.park_name(code), form.get("park") == *code)).collect(),
        sees_all: actor.scope == Scope::All,
        typed_park: form.get("park").to_owned(),
        typed_address: form.get("address").to_owned(),
        formats: formats.collect(),
        events: events.collect(),
        errors: wrong_fields(page.locale, errors),
    };
    page.show_form(errors.is_empty(), "staff/webhooks.html", context)
}

fn hook_row(page: &Page, view: &WebhookView) -> HookRow {
    let (hook, counts) = (&view.webhook, view.counts);
    let named = |name: &String| match WebhookEvent::from_word(name) {
        Some(event) => word(page.locale, "webhook_event", event_key(&event.into())),
        None => name.clone(),
    };
    let events: Vec<String> = hook.events.iter().map(named).collect();
    let count = |key: &str, n: u64| say(page.locale, key, &[("n", &n.to_string())]);
    HookRow {
        url: page.url(&format!("/staff/webhooks/{}", encode(&hook.id))),
        address: hook.shown.clone(),
        park: match hook.park.as_str() {
            ALL_PARKS => page.tell("webhooks.all_parks"),
            code => page.park_name(code),
        },
        format: word(page.locale, "webhook_format", hook.format.word()),
        events: events.join(&page.tell("format.list")),
        waiting: format!("{} · {}", count("webhooks.queued", counts.queued), count("webhooks.held", counts.held)),
        has_held: counts.held > 0,
    }
}

/// `GET /staff/webhooks/{id}`
pub(super) async fn one(page: Page, Id(id): Id<String>) -> PageResult {
    hook_page(&page, &id, &[], None).await
}

async fn hook_page(page: &Page, id: &str, errors: &[FieldError], secret: Option<String>) -> PageResult {
    let actor = page.staff()?;
    let view = webhooks::show(&page.app, actor, id).await?;
    let deliveries = webhooks::deliveries(&page.app, actor, id, None).await?;
    let format = view.webhook.format.clone();
    let now = page.app.clock.now();
    let until = view.webhook.former.as_ref().map(|(_, until)| *until).filter(|until| now < *until);
    let context = HookPage {
        hook: hook_row(page, &view),
        is_json: format == WebhookFormat::Json,
        takes_secret: format == WebhookFormat::DingTalk || format == WebhookFormat::Feishu,
        secret,
        former_until: until.map(|until| moment(page.locale, until)),
        deliveries: deliveries.iter().map(|delivery| delivery_row(page, delivery)).collect(),
        errors: wrong_fields(page.locale, errors),
    };
    page.show_form(errors.is_empty(), "staff/webhook.html", context)
}

fn delivery_row(page: &Page, delivery: &Delivery) -> DeliveryRow {
    let shown = |at: Moment| moment(page.locale, at);
    let waits = delivery.state == WebhookState::Queued;
    DeliveryRow {
        event_id: delivery.event_id.clone(),
        event: word(page.locale, "webhook_event", event_key(&delivery.event)),
        number: delivery.number.clone(),
        stage: word(page.locale, "stage", delivery.stage.word()),
        at: shown(delivery.at),
        state_code: delivery.state.word().to_owned(),
        state: word(page.locale, "webhook_state", delivery.state.word()),
        attempts: delivery.attempts,
        error: delivery.last_error.clone(),
        next: (waits && delivery.attempts > 0).then(|| shown(delivery.next_at)),
        may_replay: !waits,
    }
}

/// `POST /staff/webhooks/{id}/secret`
pub(super) async fn rotate(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    match webhooks::rotate(&page.app, page.staff()?, &page_call(), &id, form.get("secret")).await {
        Ok(made) => match secret_of(&made) {
            Some(secret) => hook_page(&page, &id, &[], Some(secret)).await,
            None => Ok(page.see(&format!("/staff/webhooks/{}?done=hook_changed", encode(&id)))),
        },
        Err(Error::Invalid(errors)) => hook_page(&page, &id, &errors, None).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /staff/webhooks/{id}/replay`
pub(super) async fn replay(page: Page, Id(id): Id<String>, form: Form) -> PageResult {
    let event = Some(form.get("event_id")).filter(|event| !event.is_empty());
    webhooks::replay(&page.app, page.staff()?, &page_call(), &id, event).await?;
    Ok(page.see(&format!("/staff/webhooks/{}?done=hook_replayed", encode(&id))))
}

/// `POST /staff/webhooks/{id}/remove`
pub(super) async fn remove(page: Page, Id(id): Id<String>) -> PageResult {
    webhooks::remove(&page.app, page.staff()?, &page_call(), &id).await?;
    Ok(page.see("/staff/webhooks?done=hook_removed"))
}
