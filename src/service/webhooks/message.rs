//! Bodies of webhooks: an event as JSON, and as the text message of a group's robot. Neither has personal data.

use domain::stored::Stored;
use serde_json::{Value, json};

use super::signing;
use crate::db::delivery::Delivery;
use crate::db::words::{WebhookEvent, WebhookFormat};
use crate::i18n::{self, Locale};
use crate::service::context::Context;
use domain::lead::Stage;
use domain::time::{MILLIS_PER_SECOND, Moment};

/// The locale of messages to groups of staff.
const STAFF: Locale = Locale::ZhHans;

/// Returns the event in the form of Standard Webhooks: `type`, `timestamp` of the event, `data`.
pub(super) fn json_body(delivery: &Delivery) -> String {
    json!({
        "type": delivery.event.word(),
        "timestamp": delivery.at.rfc3339(),
        "data": {
            "lead": delivery.lead_id,
            "number": delivery.number,
            "park": delivery.park,
            "stage": delivery.stage.word(),
            "from": delivery.from.as_ref().map(Stored::<Stage>::word),
        },
    })
    .to_string()
}

/// Returns the name of an event in the catalogue.
#[must_use]
pub fn key(event: &Stored<WebhookEvent>) -> &'static str {
    match event {
        Stored::Known(WebhookEvent::LeadCreated) => "lead_created",
        Stored::Known(WebhookEvent::LeadStageChanged) => "lead_stage_changed",
        Stored::Known(WebhookEvent::InquiryAnswered) => "inquiry_answered",
        Stored::Unknown(_) => "other_event",
    }
}

/// Returns what the members of a group read.
fn text(app: &Context, delivery: &Delivery) -> String {
    let base = app.config.server.base_url.trim_end_matches('/');
    let park = match delivery.park.as_str() {
        "" => app.config.site.operator.clone(),
        code => app.inventory.park_name(code),
    };
    i18n::say(
        STAFF,
        "webhooks.message",
        &[
            ("site", &i18n::tell(STAFF, "site.name")),
            ("event", &i18n::word(STAFF, "webhook_event", key(&delivery.event))),
            ("number", &delivery.number),
            ("park", &park),
            ("stage", &i18n::word(STAFF, "stage", delivery.stage.word())),
            ("at", &i18n::moment(STAFF, delivery.at)),
            ("url", &format!("{base}/staff/leads/{}", delivery.lead_id)),
        ],
    )
}

/// Returns the body for a robot; `secret` is blank for one that checks no signature.
pub(super) fn robot_body(
    app: &Context,
    format: WebhookFormat,
    delivery: &Delivery,
    secret: &str,
    now: Moment,
) -> String {
    let text = text(app, delivery);
    let body = match format {
        WebhookFormat::Feishu => {
            let mut body = json!({ "msg_type": "text", "content": { "text": text } });
            if !secret.is_empty() {
                let seconds = now.0 / MILLIS_PER_SECOND;
                body["timestamp"] = seconds.to_string().into();
                body["sign"] = signing::of_feishu(secret, seconds).into();
            }
            body
        }
        // Robots of 企业微信 and 钉钉 take the same text.
        _ => json!({ "msgtype": "text", "text": { "content": text } }),
    };
    body.to_string()
}

/// Returns the code in a robot's answer: 0 where it took the message. All three answer a refusal with status 200.
pub(super) fn robot_code(body: &[u8]) -> Option<i64> {
    let body: Value = serde_json::from_slice(body).ok()?;
    ["errcode", "code", "StatusCode"].into_iter().find_map(|name| body[name].as_i64())
}
