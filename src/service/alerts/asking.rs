//! Asking for an alert and confirming it.

use domain::contact::Mail;
use domain::requirement::{FieldCode, FieldError, Requirement};
use domain::stored::StoredRequirement;
use domain::time::{Moment, SECONDS_PER_DAY, SECONDS_PER_HOUR};
use sea_orm::DatabaseTransaction;

use super::ending::end_in;
use super::terms::{LIFE_DAYS, PENDING_DAYS, count, queue, show};
use super::{follow, mails};
use crate::db;
use crate::db::alert::{Alert, NewAlert};
use crate::db::alert_fit::FitKey;
use crate::db::cursor;
use crate::db::quota::Counted;
use crate::db::words::{AlertEnd, AlertState, AuditAction, FitState};
use crate::error::{Code, Error, Result};
use crate::i18n::Locale;
use crate::ids;
use crate::service::context::{App, Context};
use crate::service::{inventory, notice};

/// Listings that fit already, beyond which an alert would tell of every change: the need is to be narrowed first.
const MOST_FITTING: usize = 500;
/// Attempts at storing an alert while another process moves the position.
const TRIES: usize = 5;

/// An alert as asked for.
#[derive(Clone, Debug)]
pub struct AlertRequest {
    /// The need.
    pub requirement: Requirement,
    /// The address as typed.
    pub email: String,
    /// Whether its owner consents to these mails.
    pub consents: bool,
    /// Version of the notice that the form showed.
    pub notice_version: String,
    /// The reader's language.
    pub locale: Locale,
    /// Client network, for the rate limit.
    pub network: String,
    /// Id of the alert: the same form posted twice makes one.
    pub key: String,
}

/// Stores an alert that waits for its confirmation, with the listings that fit already, and queues the mail that asks for it.
///
/// # Errors
/// [`Error::Invalid`] naming each wrong field; [`Error::TooMany`] beyond a rate limit; [`Error::Unavailable`], [`Error::Full`]
/// or [`Error::Internal`].
pub async fn ask(app: &App, new: AlertRequest) -> Result<()> {
    let (need, address) = checked(&new)?;
    for _ in 0..TRIES {
        // Before the listings are judged: what changes later is judged by the next round.
        let seq = app.inventory.seq();
        let seen = follow::fitting_now(app, &need).await?;
        if seen.len() > MOST_FITTING {
            let error = FieldError::new("alert_need", FieldCode::TooBroad).with("most", MOST_FITTING.to_string());
            return Err(Error::Invalid(vec![error]));
        }
        match store(app, &new, &need, address.as_str(), (seq, seen)).await {
            Err(Error::Conflict(_)) => inventory::refresh(app).await?,
            Err(error) => return Err(error),
            Ok(is_new) => {
                count(if is_new { "asked" } else { "repeated" });
                app.outbox.notify_waiters();
                return Ok(());
            }
        }
    }
    Err(Error::Unavailable("listings change faster than an alert is stored".to_owned()))
}

/// Returns the need without free words, and the address.
fn checked(new: &AlertRequest) -> Result<(Requirement, Mail)> {
    let need = Requirement { capacity: None, ..new.requirement.clone() };
    let mut errors = Vec::new();
    if need == Requirement::default() {
        errors.push(FieldError::new("alert_need", FieldCode::Missing));
    }
    let address = Mail::parse(new.email.trim());
    if address.is_none() {
        let code = if new.email.trim().is_empty() { FieldCode::Missing } else { FieldCode::BadMail };
        errors.push(FieldError::new("alert_email", code));
    }
    if new.notice_version != notice::VERSION {
        errors.push(FieldError::new("alert_consent", FieldCode::NoticeOutdated));
    } else if !new.consents {
        errors.push(FieldError::new("alert_consent", FieldCode::ConsentMissing));
    }
    address.filter(|_| errors.is_empty()).map(|address| (need, address)).ok_or(Error::Invalid(errors))
}

/// Stores an alert; `false` where the same form was posted before. A conflict says that the position has gone past the snapshot.
async fn store(
    app: &Context,
    new: &AlertRequest,
    need: &Requirement,
    address: &str,
    (seq, seen): (i64, Vec<FitKey>),
) -> Result<bool> {
    let (token, now) = (ids::token(), app.clock.now());
    let need = StoredRequirement::from(need.clone());
    let mail = mails::question(app, new.locale, &need, &token, address)?;
    let caps = caps(app, &new.network, address);
    let row = NewAlert {
        id: new.key.clone(),
        token,
        address: address.to_owned(),
        need: need.to_json().to_string(),
        locale: new.locale.tag().to_owned(),
        notice_version: notice::VERSION.to_owned(),
        notice_hash: notice::hash().to_owned(),
        expires_at: now.plus_seconds(PENDING_DAYS * SECONDS_PER_DAY),
    };
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if cursor::lock(tx, cursor::ALERTS, seq).await? > seq {
                    return Err(Error::Conflict(Code::Conflict));
                }
                let id = row.id.clone();
                if !db::alert::insert(tx, row, now).await? {
                    return Ok(false);
                }
                within(tx, &caps, now).await?;
                let seen: Vec<_> = seen.into_iter().map(|listing| (id.clone(), listing)).collect();
                db::alert_fit::add(tx, &seen, FitState::Seen, now).await?;
                queue(tx, &id, mail, now).await?;
                Ok(true)
            })
        })
        .await
}

/// A rate limit and its length, s.
type AlertCap = (Counted, i64);

fn caps(app: &Context, network: &str, address: &str) -> Vec<AlertCap> {
    let limits = &app.config.limits;
    let cap = |kind: &str, value: &str, seconds: i64, most: i64| {
        let name = format!("alert:{kind}:{}", ids::sha256_hex(value.as_bytes()));
        (Counted { name, seconds }, most)
    };
    if !limits.enabled {
        return Vec::new();
    }
    vec![
        cap("net", network, SECONDS_PER_HOUR, limits.alerts_per_network_hour),
        cap("address", &address.to_lowercase(), SECONDS_PER_DAY, limits.alerts_per_address_day),
    ]
}

async fn within(tx: &DatabaseTransaction, caps: &[AlertCap], now: Moment) -> Result<()> {
    let counted: Vec<Counted> = caps.iter().map(|(counted, _)| counted.clone()).collect();
    let used = db::quota::take(tx, &counted, now).await?;
    let beyond = caps.iter().zip(used).find(|((_, most), used)| used > most);
    match beyond {
        Some(((counted, _), _)) => Err(Error::TooMany(counted.seconds.min(SECONDS_PER_HOUR).unsigned_abs())),
        None => Ok(()),
    }
}

/// Confirms an alert: its first mail may go at once, another alert of the same address and need ends. Repeated, it changes
/// nothing.
///
/// # Errors
/// [`Error::NotFound`] for an unknown token; [`Error::Gone`] where it has ended; [`Error::Conflict`] with [`Code::AlertsFull`]
/// where the address has as many as it may have.
pub async fn confirm(app: &Context, token: &str) -> Result<()> {
    let alert = show(app, token).await?;
    let (Some(address), Some(need)) = (alert.address, alert.need) else { return Err(Error::Gone) };
    if alert.state != AlertState::Pending {
        return Ok(());
    }
    let limits = &app.config.limits;
    let most = if limits.enabled { usize::try_from(limits.alerts_per_address).unwrap_or(0) } else { usize::MAX };
    let (id, now) = (alert.id, app.clock.now());
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let (same, others): (Vec<Alert>, Vec<Alert>) = db::alert::others_of(tx, &address, &id)
                    .await?
                    .into_iter()
                    .partition(|it| it.need.as_ref() == Some(&need));
                if others.len() >= most {
                    return Err(Error::Conflict(Code::AlertsFull));
                }
                if !db::alert::confirm(tx, &id, now.plus_seconds(LIFE_DAYS * SECONDS_PER_DAY), now).await? {
                    return Ok(());
                }
                for former in same {
                    end_in(tx, &former.id, AlertEnd::Replaced, now).await?;
                }
                db::requirement::audit(tx, "reader", AuditAction::AlertConfirm, &id, "", now).await?;
                count("confirmed");
                Ok(())
            })
        })
        .await
}
