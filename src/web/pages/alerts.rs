//! Alerts: asked for from an answer, confirmed, looked at and stopped by the link in their mails. Opening a link has no effect,
//! its button has.

use axum::http::{HeaderValue, StatusCode, header};
use domain::contact::Mail;
use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::time::{Moment, SECONDS_PER_DAY};
use serde::Serialize;

use super::alert_form::AlertInput;
use super::context::{Page, PageResult};
use super::forms::{Form, Query};
use super::inquiry::suspicion;
use super::matches::{Picked, matches_page};
use super::unsubscribe::Wish;
use crate::db::alert::Alert;
use crate::db::words::{AlertEnd, AlertState, StopReason};
use crate::error::Error;
use crate::i18n::{LabelledValue, date, requirement_facts, stored_facts, word};
use crate::service::alerts::{self, AlertRequest};
use crate::web::extract::{Id, Network};
use crate::web::view::{FormContent, OptionView, address};

#[derive(Serialize)]
struct AskedAlert {
    facts: Vec<LabelledValue>,
    days: String,
    /// The answer that one came from.
    answer_url: String,
}

/// `GET /alerts?`: says that a mail asks for the confirmation; the query is the requirement alone.
pub(super) async fn asked(page: Page, query: Query) -> PageResult {
    let draft = FormContent::from_form(&query.0);
    let facts = draft.requirement().map(|need| requirement_facts(page.locale, &need)).unwrap_or_default();
    let context = AskedAlert {
        facts,
        days: alerts::PENDING_DAYS.to_string(),
        answer_url: address(&page.url("/matches"), draft.query()),
    };
    page.show("alert_asked.html", context)
}

/// `POST /alerts`: asks for an alert; a wrong field leads back to the answer, with all input kept.
pub(super) async fn ask(page: Page, Network(network): Network, form: Form) -> PageResult {
    let mut draft = FormContent::from_form(&form.0);
    if form.get("step") != "alert" {
        return matches_page(&page, draft, Picked::default());
    }
    draft.read(page.today(), page.rates());
    let Ok(requirement) = draft.requirement() else { return matches_page(&page, draft, Picked::default()) };
    let mut alert = AlertInput::of(&page, &form);
    let Some(guards) = alert.guards.clone() else { return matches_page(&page, draft, Picked::default()) };
    let done = address("/alerts", draft.query());
    match suspicion(&page, &guards) {
        // A program gets the same answer, and nobody a mail.
        Some("trap") => return Ok(page.see(&done)),
        Some(_) => {
            alert.errors.push(FieldError::new("alert_email", FieldCode::TooFast));
            return back(&page, draft, alert, None);
        }
        None => {}
    }
    let request = AlertRequest {
        requirement,
        email: alert.email.clone(),
        consents: alert.consents,
        notice_version: form.get("notice_version").to_owned(),
        locale: page.locale,
        network,
        key: guards.key,
    };
    match alerts::ask(&page.app, request).await {
        Ok(()) => Ok(page.see(&done)),
        Err(Error::Invalid(errors)) => back(&page, draft, AlertInput { errors, ..alert }, None),
        Err(Error::TooMany(seconds)) => back(&page, draft, AlertInput { is_limited: true, ..alert }, Some(seconds)),
        Err(error) => Err(error.into()),
    }
}

/// The answer with the form's errors; after a rate limit with the seconds to wait.
fn back(page: &Page, draft: FormContent, alert: AlertInput, wait: Option<u64>) -> PageResult {
    let mut response = matches_page(page, draft, Picked { alert, ..Picked::default() })?;
    if let Some(seconds) = wait {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

#[derive(Serialize)]
struct AlertPage {
    token: String,
    /// Word of the state.
    state: String,
    /// Masked; blank once it has ended.
    address: String,
    facts: Vec<LabelledValue>,
    since: String,
    until: String,
    /// When the next mail may go at the earliest; none where it may go now.
    next: Option<String>,
    mails: String,
    /// The year is nearly over.
    ends_soon: bool,
    answer_url: String,
    /// Word of the cause of its end.
    end: String,
    end_text: String,
    /// The reasons to choose from; none once one was given.
    reasons: Vec<OptionView>,
    has_reason: bool,
}

/// `GET /alerts/{token}`, `GET /alerts/{token}/stop`
pub(super) async fn show(page: Page, Id(token): Id<String>) -> PageResult {
    let alert = alerts::show(&page.app, &token).await?;
    alert_page(&page, alert)
}

/// `POST /alerts/{token}/confirm`
pub(super) async fn confirm(page: Page, Id(token): Id<String>) -> PageResult {
    match alerts::confirm(&page.app, &token).await {
        Ok(()) => Ok(page.see(&format!("/alerts/{token}?done=alert_on"))),
        // Its page says why it ended.
        Err(Error::Gone) => Ok(page.see(&format!("/alerts/{token}"))),
        Err(error) => Err(error.into()),
    }
}

/// `POST /alerts/{token}/stop`: also a mail client's, which follows no redirect (RFC 8058 §3.1).
pub(super) async fn stop(page: Page, Id(token): Id<String>, _: Wish) -> PageResult {
    let alert = alerts::stop(&page.app, &token).await?;
    alert_page(&page, alert)
}

/// `POST /alerts/{token}/why`
pub(super) async fn why(page: Page, Id(token): Id<String>, form: Form) -> PageResult {
    match alerts::say_why(&page.app, &token, form.get("reason")).await {
        Ok(alert) => alert_page(&page, alert),
        Err(Error::Invalid(_)) => Ok(page.see(&format!("/alerts/{token}"))),
        Err(error) => Err(error.into()),
    }
}

/// `POST /alerts/{token}/go-on`
pub(super) async fn go_on(page: Page, Id(token): Id<String>) -> PageResult {
    match alerts::go_on(&page.app, &token).await {
        Ok(()) => Ok(page.see(&format!("/alerts/{token}?done=alert_on"))),
        Err(Error::Gone) => Ok(page.see(&format!("/alerts/{token}"))),
        Err(error) => Err(error.into()),
    }
}

fn alert_page(page: &Page, alert: Alert) -> PageResult {
    let (locale, now) = (page.locale, page.app.clock.now());
    let day = |at: Moment| date(locale, at.day());
    let need = alert.need.as_ref().map(|need| FormContent::of_requirement(need.known())).unwrap_or_default();
    let end = alert.end.as_ref().map_or(String::new(), |end| end.word().to_owned());
    let asks = alert.end.as_ref().is_some_and(|end| *end == AlertEnd::Stopped) && alert.reason.is_none();
    let reason = |&(value, _): &(&str, StopReason)| OptionView {
        value: value.to_owned(),
        label: word(locale, "stop_reason", value),
        checked: false,
    };
    let context = AlertPage {
        state: alert.state.word().to_owned(),
        address: alert.address.as_deref().and_then(Mail::parse).map(|mail| mail.masked()).unwrap_or_default(),
        facts: alert.need.as_ref().map(|need| stored_facts(locale, need)).unwrap_or_default(),
        since: day(alert.created_at),
        until: day(alert.expires_at),
        next: (alert.next_at > now).then(|| day(alert.next_at)),
        mails: alert.mails.to_string(),
        ends_soon: alert.state == AlertState::Confirmed
            && alert.expires_at <= now.plus_seconds(alerts::ENDING_DAYS * SECONDS_PER_DAY),
        answer_url: address(&page.url("/matches"), need.query()),
        end_text: word(locale, "alert_end", &end),
        end,
        reasons: if asks { StopReason::WORDS.iter().map(reason).collect() } else { Vec::new() },
        has_reason: alert.reason.is_some(),
        token: alert.token,
    };
    page.show("alert.html", context)
}
