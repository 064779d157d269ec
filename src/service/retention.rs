//! Retention: what the periods of `[retention]` end is erased or deleted, in batches, by one process at a time.

use chrono::Months;
use domain::time::Moment;

use super::context::Context;
use super::erasure;
use super::erasure_ledger::{self, LedgerMark};
use super::requirements::by_reference;
use crate::config::RetentionConfig;
use crate::db;
use crate::db::retention::Cutoffs;
use crate::error::{Error, Result};

/// Requirements erased per round: each is a transaction of its own, so that submits go between.
const MOST_PER_ROUND: u64 = 200;
/// A process that ended half way is followed by another after this time.
const LEASE_SECONDS: i64 = 900;
/// Name of the lease.
const JOB: &str = "retention";

/// Returns the times before which rows are due at `now`.
#[must_use]
pub fn cutoffs(periods: RetentionConfig, now: Moment) -> Cutoffs {
    let before = |months: u32| {
        let day = now.day();
        // A date before the calendar's first day is before every row.
        let then = day.checked_sub_months(Months::new(months)).unwrap_or(day);
        now.plus_seconds(-(day - then).num_seconds())
    };
    Cutoffs {
        contact: before(periods.contact_months),
        audit: before(periods.audit_months),
        import: before(periods.import_months),
        history: before(periods.history_months),
    }
}

/// Sets the gauge of requirements past their period; the process that holds the lease has the number.
fn set_past(requirements: u64) {
    metrics::gauge!("luodi_requirements_past_retention").set(super::gauges::as_float(requirements));
}

/// Erases requirements and deletes rows whose period has ended. Returns the number of requirements.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; what was erased until then stays erased.
pub async fn round(app: &Context, holder: &str) -> Result<u64> {
    let now = app.clock.now();
    let cutoffs = cutoffs(app.config.retention, now);
    let holder = holder.to_owned();
    let is_ours = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move { Ok(db::lease::take(tx, JOB, &holder, LEASE_SECONDS, now).await?) })
        })
        .await?;
    if !is_ours {
        set_past(0);
        return Ok(0);
    }
    let mut erased = 0;
    for reference in app.db.requirements_past(cutoffs.contact, MOST_PER_ROUND).await? {
        erased += u64::from(erase(app, &reference, cutoffs.contact, now).await?);
    }
    let rows = app
        .db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::retention::sweep(tx, cutoffs).await?) }))
        .await?;
    super::audit::drop_before(app, cutoffs.audit).await?;
    if erased > 0 || rows > 0 {
        tracing::info!(erased, rows, "rows whose period has ended");
    }
    metrics::counter!("luodi_retention_erased_total").increment(erased);
    // Counted here, where rows have just left, and not with the other gauges: it reads every requirement.
    set_past(app.db.count_requirements_past(cutoffs.contact).await?);
    Ok(erased)
}

/// Erases one requirement, unless there was contact meanwhile. No mail is sent.
async fn erase(app: &Context, reference: &str, before: Moment, now: Moment) -> Result<bool> {
    let found = match by_reference(app, reference).await {
        Err(Error::Gone) => return Ok(false),
        found => found?,
    };
    let id = found.id.clone();
    let is_erased = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let locked = db::requirement::lock(tx, &found.reference).await?;
                let Some(found) = locked.filter(db::requirement::RequirementRow::is_live) else { return Ok(false) };
                if !db::retention::is_past(tx, &found.id, before).await? {
                    return Ok(false);
                }
                erasure::hide(tx, &found, "retention", now).await?;
                Ok(true)
            })
        })
        .await?;
    if is_erased {
        erasure_ledger::note(app, LedgerMark::Erased, vec![id]).await;
    }
    Ok(is_erased)
}
