//! Ends of alerts: stopped by their reader, over, never confirmed; and another year.

use domain::requirement::{FieldCode, FieldError, Word as _};
use domain::time::{Moment, SECONDS_PER_DAY};
use sea_orm::DatabaseTransaction;

use super::terms::{LIFE_DAYS, count, show};
use crate::db;
use crate::db::alert::Alert;
use crate::db::words::{AlertEnd, AlertState, StopReason};
use crate::error::{Error, Result};
use crate::service::context::Context;

/// Days for which the page of an ended alert remains, without address and need.
const TOMBSTONE_DAYS: i64 = 30;

/// Stops an alert: its address, its need and its listings are erased, its mails cancelled and erased. Repeated, it changes
/// nothing.
///
/// # Errors
/// [`Error::NotFound`] for an unknown token; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn stop(app: &Context, token: &str) -> Result<Alert> {
    let alert = show(app, token).await?;
    end(app, alert.id, AlertEnd::Stopped).await?;
    show(app, token).await
}

async fn end(app: &Context, id: String, why: AlertEnd) -> Result<()> {
    let now = app.clock.now();
    app.db.write::<_, Error, _>(move |tx| Box::pin(async move { end_in(tx, &id, why, now).await })).await
}

/// Ends an alert in a transaction: everything of it is erased.
pub(super) async fn end_in(tx: &DatabaseTransaction, id: &str, why: AlertEnd, now: Moment) -> Result<()> {
    let Some(mails) = db::alert::end(tx, id, why, now).await? else { return Ok(()) };
    for message_id in mails {
        db::outbox::forget(tx, &message_id, now).await?;
    }
    count(why.word());
    Ok(())
}

/// Keeps the reason for which a reader stopped an alert, a word of a list.
///
/// # Errors
/// [`Error::NotFound`] for an unknown token; [`Error::Invalid`] for another word; [`Error::Unavailable`], [`Error::Full`] or
/// [`Error::Internal`].
pub async fn say_why(app: &Context, token: &str, reason: &str) -> Result<Alert> {
    let alert = show(app, token).await?;
    let known = StopReason::from_word(reason).ok_or_else(|| {
        let error = FieldError::new("reason", FieldCode::Missing);
        Error::Invalid(vec![error])
    })?;
    if alert.reason.is_none() {
        metrics::counter!("luodi_alert_stops_total", "reason" => known.word()).increment(1);
    }
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::alert::keep_reason(tx, &alert.id, known).await?) })
        })
        .await?;
    show(app, token).await
}

/// Lets a confirmed alert go on for another year, counted from now.
///
/// # Errors
/// [`Error::NotFound`] for an unknown token; [`Error::Gone`] where it has ended; [`Error::Unavailable`], [`Error::Full`] or
/// [`Error::Internal`].
pub async fn go_on(app: &Context, token: &str) -> Result<()> {
    let alert = show(app, token).await?;
    if alert.state == AlertState::Ended {
        return Err(Error::Gone);
    }
    let until = app.clock.now().plus_seconds(LIFE_DAYS * SECONDS_PER_DAY);
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::alert::extend(tx, &alert.id, until).await?) }))
        .await
}

/// Deletes alerts that were not confirmed in time, ends those whose year is over, deletes what is left of ended ones, and sets the
/// gauges.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; those before remain done.
pub async fn sweep(app: &Context) -> Result<()> {
    let now = app.clock.now();
    for alert in app.db.expired_alerts(now).await? {
        if alert.state == AlertState::Pending {
            delete_pending(app, alert.id, now).await?;
        } else {
            end(app, alert.id, AlertEnd::Expired).await?;
        }
    }
    let before = now.plus_seconds(-TOMBSTONE_DAYS * SECONDS_PER_DAY);
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::alert::sweep(tx, before).await.map(drop)?) }))
        .await?;
    let counts = app.db.alert_counts().await?;
    for (state, number) in [("pending", counts.pending), ("confirmed", counts.confirmed), ("due", counts.due)] {
        metrics::gauge!("luodi_alerts", "state" => state).set(number as f64);
    }
    Ok(())
}

async fn delete_pending(app: &Context, id: String, now: Moment) -> Result<()> {
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                for message_id in db::alert::delete_pending(tx, &id).await? {
                    db::outbox::forget(tx, &message_id, now).await?;
                }
                count("unconfirmed");
                Ok(())
            })
        })
        .await
}
