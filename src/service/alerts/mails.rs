//! Mails of alerts: the question to the owner of the address, and listings that newly fit, once per week at most.

use domain::decimal::Decimal;
use domain::listing::{Kind, Listing};
use domain::matching::{Criterion, Group, Match, Value, asked_price};
use domain::record::Record;
use domain::stored::StoredRequirement;
use domain::time::{Moment, SECONDS_PER_DAY};

use super::follow::is_current;
use super::terms::{ENDING_DAYS, PAUSE_DAYS, PENDING_DAYS, queue};
use crate::db;
use crate::db::alert::Alert;
use crate::db::alert_fit::FitKey;
use crate::db::letters::NewMail;
use crate::db::words::MailPurpose;
use crate::error::{Error, Result};
use crate::i18n::{self, Locale, NamedListing};
use crate::mail::{AlertItem, NeedAlertMail, NeedLine};
use crate::service::context::{App, Context};
use crate::service::{inventory, letters};

/// Listings that a mail names; the alert's page leads to the rest.
const MOST_NAMED: usize = 10;

/// Returns the mail that asks the owner of an address whether the alert is theirs. It holds none of the visitor's own words.
pub(super) fn question(
    app: &Context,
    locale: Locale,
    need: &StoredRequirement,
    token: &str,
    address: &str,
) -> Result<NewMail> {
    let days = PENDING_DAYS.to_string();
    let mail = NeedAlertMail {
        subject: i18n::tell(locale, "alert_mail.question"),
        lines: vec![i18n::tell(locale, "alert_mail.question_text")],
        after: vec![i18n::say(locale, "alert_mail.question_ignore", &[("days", &days)])],
        button: i18n::tell(locale, "alert_mail.question_button"),
        ..base(app, locale, need, token)
    };
    letters::need_alert(app, MailPurpose::AlertConfirm, &mail, address)
}

/// The parts that every mail has.
fn base(app: &Context, locale: Locale, need: &StoredRequirement, token: &str) -> NeedAlertMail {
    NeedAlertMail {
        lang: locale.tag().to_owned(),
        greeting: i18n::tell(locale, "alert_mail.greeting"),
        need: letters::need_lines(locale, need),
        button_url: page_url(app, locale, token),
        footer: i18n::tell(locale, "mail.footer"),
        colon: i18n::tell(locale, "format.colon"),
        ..NeedAlertMail::default()
    }
}

fn page_url(app: &Context, locale: Locale, token: &str) -> String {
    letters::public_url(app, locale, &format!("/alerts/{token}"))
}

/// Queues the mails of alerts whose turn it is; a restart or another process sends none twice.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; those queued before remain.
pub async fn send(app: &App) -> Result<()> {
    let now = app.clock.now();
    let end = now.plus_seconds(ENDING_DAYS * SECONDS_PER_DAY);
    let turns = app.db.alerts_to_mail(now, end).await?;
    if turns.is_empty() {
        return Ok(());
    }
    // What another process has withdrawn is left out.
    inventory::refresh(app).await?;
    for alert in turns {
        let id = alert.id.clone();
        match tell(app, alert, now, end).await {
            Ok(()) => {}
            // A mail that cannot be built must not stop those after it.
            Err(Error::Internal(error)) => {
                tracing::warn!(alert = id, error = format!("{error:#}"), "no mail of an alert");
            }
            Err(error) => return Err(error),
        }
    }
    app.outbox.notify_waiters();
    Ok(())
}

async fn tell(app: &App, alert: Alert, now: Moment, end: Moment) -> Result<()> {
    let (Some(address), Some(need)) = (alert.address.as_deref(), &alert.need) else { return Ok(()) };
    let due = app.db.due_fits(&alert.id).await?;
    let found = still_fitting(app, need, &due);
    let told: Vec<FitKey> = found.iter().map(|it| (it.listing.kind, it.listing.id.to_string())).collect();
    let left: Vec<(String, FitKey)> =
        due.into_iter().filter(|key| !told.contains(key)).map(|key| (alert.id.clone(), key)).collect();
    let asks = alert.expires_at <= end && alert.asked_at.is_none();
    let next_at = now.plus_seconds(PAUSE_DAYS * SECONDS_PER_DAY);
    let mail = match found.is_empty() && !asks {
        true => None,
        false => Some(news(app, &alert, need, &found, (asks, next_at), address)?),
    };
    let asked_at = if asks { Some(now) } else { alert.asked_at };
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                db::alert_fit::remove(tx, &left).await?;
                let Some(mail) = mail else { return Ok(()) };
                if db::alert::take_turn(tx, &alert, next_at, asked_at).await? {
                    db::alert_fit::tell(tx, &alert.id, &told).await?;
                    queue(tx, &alert.id, mail, now).await?;
                    metrics::counter!("luodi_alert_mails_total").increment(1);
                }
                Ok(())
            })
        })
        .await
}

/// Returns the listings among these that are still published and fit in full, best first.
fn still_fitting(app: &Context, need: &StoredRequirement, due: &[FitKey]) -> Vec<Match> {
    let ids: Vec<(Kind, &str)> = due.iter().map(|(kind, code)| (*kind, code.as_str())).collect();
    let today = app.clock.now().day();
    let mut found = app.inventory.with_index(|index| index.ranked(&ids, need.known(), today));
    found.retain(|it| it.group() == Group::Matched && is_current(app, it.listing.kind, &it.listing.id));
    found
}

fn news(
    app: &Context,
    alert: &Alert,
    need: &StoredRequirement,
    found: &[Match],
    (asks, next_at): (bool, Moment),
    address: &str,
) -> Result<NewMail> {
    let locale = Locale::from_tag(&alert.locale).unwrap_or_default();
    let (number, end) = (found.len().to_string(), i18n::date(locale, alert.expires_at.day()));
    let subject = match found.is_empty() {
        true => i18n::say(locale, "alert_mail.ends", &[("day", &end)]),
        false => i18n::say(locale, "alert_mail.news", &[("n", &number)]),
    };
    let lines = if found.is_empty() { Vec::new() } else { vec![i18n::tell(locale, "alert_mail.news_text")] };
    let more = found.len().saturating_sub(MOST_NAMED);
    let mut after = Vec::new();
    if more > 0 {
        after.push(i18n::say(locale, "alert_mail.more", &[("n", &more.to_string())]));
    }
    if asks {
        after.push(i18n::say(locale, "alert_mail.ends_text", &[("day", &end)]));
    }
    after.push(i18n::say(locale, "alert_mail.next", &[("day", &i18n::date(locale, next_at.day()))]));
    let mail = NeedAlertMail {
        subject,
        lines,
        items: found.iter().take(MOST_NAMED).filter_map(|it| item(app, locale, it)).collect(),
        after,
        button: i18n::tell(locale, "alert_mail.open"),
        stop: i18n::tell(locale, "alert_mail.stop"),
        stop_url: Some(format!("{}/stop", page_url(app, locale, &alert.token))),
        ..base(app, locale, need, &alert.token)
    };
    letters::need_alert(app, MailPurpose::AlertNews, &mail, address)
}

/// Returns a listing as its mail tells it: park, price, area, distance as far as they are known.
fn item(app: &Context, locale: Locale, found: &Match) -> Option<AlertItem> {
    let kind = found.listing.kind;
    let (listing, record) =
        (app.inventory.listing(kind, &found.listing.id)?, app.inventory.record(kind, &found.listing.id)?);
    let park = listing.park.as_deref().filter(|_| kind != Kind::Park);
    let park = park.map(|code| i18n::park_name(locale, code, &app.inventory.park_name(code)));
    let facts = [
        (i18n::column(locale, "park_code"), park),
        price(locale, &listing),
        area(locale, &record),
        (i18n::word(locale, "criterion", Criterion::Near.id()), distance(locale, found)),
        (i18n::column(locale, "location"), listing.division.map(|code| i18n::region_name(locale, code))),
    ];
    let fact = |(label, value): (String, Option<String>)| Some(NeedLine { label, value: value? });
    let named = NamedListing { kind, name: &listing.name, park: listing.park.as_deref(), division: listing.division };
    let mut name = i18n::listing_name(locale, named);
    if listing.demo {
        name = i18n::say(locale, "alert_mail.sample", &[("name", &name)]);
    }
    Some(AlertItem {
        name,
        url: letters::public_url(app, locale, &listing_path(kind, &listing.id)),
        facts: facts.into_iter().filter_map(fact).collect(),
    })
}

fn price(locale: Locale, listing: &Listing) -> (String, Option<String>) {
    let (column, unit) = match listing.kind() {
        Kind::Space => ("rent_yuan_m2_month", "yuan/m2/month"),
        Kind::Plot | Kind::Park => ("price_per_mu", "wan/mu"),
    };
    let value = asked_price(listing).map(|price| i18n::quantity_near(locale, price, unit));
    (i18n::column(locale, column), value)
}

fn area(locale: Locale, record: &Record) -> (String, Option<String>) {
    let (column, unit) = match record.kind() {
        Kind::Space => ("available_m2", "m2"),
        Kind::Park => ("available_land_mu", "mu"),
        Kind::Plot => {
            let mu = record.decimal("area_sqm").map(domain::area::Mu::from_sqm);
            let mu = mu.or_else(|| record.decimal("area_mu").map(domain::area::Mu::from_mu));
            return (i18n::column(locale, "area"), mu.map(|mu| i18n::land(locale, mu)));
        }
    };
    (i18n::column(locale, column), record.decimal(column).map(|it| i18n::quantity(locale, it, unit)))
}

/// Returns the distance to the place asked for, where the need states one.
fn distance(locale: Locale, found: &Match) -> Option<String> {
    let judged = found.criteria.iter().find(|judged| judged.criterion == Criterion::Near)?;
    let Value::Number(km) = judged.offer else { return None };
    Some(i18n::quantity(locale, Decimal::from_int(km.to_f64().round() as i64), "km"))
}

fn listing_path(kind: Kind, id: &str) -> String {
    const KEPT: percent_encoding::AsciiSet =
        percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let folder = match kind {
        Kind::Plot => "plots",
        Kind::Space => "spaces",
        Kind::Park => "parks",
    };
    format!("/{folder}/{}", percent_encoding::utf8_percent_encode(id, &KEPT))
}
