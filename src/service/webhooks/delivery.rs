//! One attempt of a delivery: what is sent, and what becomes of it by the receiver's answer.

use domain::stored::Stored;
use domain::time::{MILLIS_PER_SECOND, Moment, SECONDS_PER_DAY};

use super::address::WebhookAddress;
use super::{message, signing};
use crate::db::delivery::{ClaimedDelivery, DeliveryVerdict};
use crate::db::words::WebhookFormat;
use crate::error::{Error, Result};
use crate::service::context::Context;
use crate::service::sealed;

/// Delays after each failed attempt, s: ten attempts over a day, which outlasts a night and a weekend's first half.
const DELAYS: [i64; 9] = [5, 60, 300, 1_800, 3_600, 7_200, 14_400, 28_800, 30_000];
/// Pause between messages to one robot, s: each takes 20 per minute.
const ROBOT_PAUSE: i64 = 3;
/// Status of a receiver that is gone for good (Standard Webhooks: the sender stops).
const GONE: u16 = 410;

/// A request to a receiver.
#[derive(Clone, Debug)]
pub struct OutgoingHook {
    /// Where it goes.
    pub address: WebhookAddress,
    /// Its headers besides `Host`.
    pub headers: Vec<(&'static str, String)>,
    /// Its body; a request without one is a GET.
    pub body: Option<String>,
}

/// The answer of a receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookAnswer {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After`, s.
    pub retry_after: Option<i64>,
    /// The body; empty where it was too large.
    pub body: Vec<u8>,
}

/// Builds the request of a claimed delivery, signed as of now.
///
/// # Errors
/// [`Error::Internal`] where its secrets do not open or its format is unknown to this version.
pub fn outgoing(app: &Context, claimed: &ClaimedDelivery, now: Moment) -> Result<OutgoingHook> {
    let (webhook, delivery) = (&claimed.webhook, &claimed.delivery);
    let of = |text: &str| sealed::open(app, &webhook.id, text);
    let address = of(&webhook.address)?;
    let mut address = WebhookAddress::parse(&address).ok_or_else(|| anyhow::anyhow!("address of {}", webhook.id))?;
    let mut secrets = vec![of(&webhook.secret)?];
    let mut headers = vec![
        ("content-type", "application/json; charset=utf-8".to_owned()),
        ("user-agent", "luodi-webhooks/1".to_owned()),
        ("webhook-id", delivery.event_id.clone()),
    ];
    let Stored::Known(format) = webhook.format else {
        return Err(Error::Internal(anyhow::anyhow!("format of {}", webhook.id)));
    };
    if format != WebhookFormat::Json {
        if format == WebhookFormat::DingTalk && !secrets[0].is_empty() {
            address.target = with_sign(&address.target, &secrets[0], now);
        }
        let body = message::robot_body(app, format, delivery, &secrets[0], now);
        return Ok(OutgoingHook { address, headers, body: Some(body) });
    }
    if let Some((former, until)) = &webhook.former
        && now < *until
    {
        secrets.push(of(former)?);
    }
    let (body, seconds) = (message::json_body(delivery), now.0 / MILLIS_PER_SECOND);
    let signed = signing::signatures(&secrets, &delivery.event_id, seconds, &body);
    headers.push(("webhook-timestamp", seconds.to_string()));
    headers.push(("webhook-signature", signed.ok_or_else(|| anyhow::anyhow!("secret of {}", webhook.id))?));
    Ok(OutgoingHook { address, headers, body: Some(body) })
}

/// Adds the parameters by which a robot of 钉钉 checks its caller.
fn with_sign(target: &str, secret: &str, now: Moment) -> String {
    let sign = signing::of_dingtalk(secret, now.0);
    let sign = percent_encoding::utf8_percent_encode(&sign, percent_encoding::NON_ALPHANUMERIC);
    let separator = if target.contains('?') { '&' } else { '?' };
    format!("{target}{separator}timestamp={}&sign={sign}", now.0)
}

/// Decides what becomes of a delivery: `error` is that of an attempt without an answer. Returns the verdict too of when its
/// webhook may get the next one.
#[must_use]
pub fn judge(
    claimed: &ClaimedDelivery,
    answer: std::result::Result<HookAnswer, String>,
    now: Moment,
) -> (DeliveryVerdict, Moment) {
    let is_robot = claimed.webhook.format != WebhookFormat::Json;
    let free_at = if is_robot { now.plus_seconds(ROBOT_PAUSE) } else { now };
    let (error, at_least) = match answer {
        Ok(HookAnswer { status: 200..=299, body, .. }) => match message::robot_code(&body) {
            _ if !is_robot => return (DeliveryVerdict::Delivered, free_at),
            Some(0) => return (DeliveryVerdict::Delivered, free_at),
            Some(code) => (format!("robot_{code}"), 0),
            None => ("robot_unreadable".to_owned(), 0),
        },
        Ok(HookAnswer { status: GONE, .. }) => return (DeliveryVerdict::Held(format!("http_{GONE}")), free_at),
        Ok(HookAnswer { status, retry_after, .. }) => (format!("http_{status}"), retry_after.unwrap_or(0)),
        Err(error) => (error, 0),
    };
    let tried = usize::try_from(claimed.delivery.attempts - 1).unwrap_or(usize::MAX);
    let verdict = match DELAYS.get(tried) {
        Some(delay) => {
            let delay = at_least.clamp(0, SECONDS_PER_DAY).max(*delay);
            DeliveryVerdict::Later(now.plus_seconds(delay), error)
        }
        None => DeliveryVerdict::Held(error),
    };
    (verdict, free_at)
}
