//! The audit trail: sealing, verifying, retention, and who saw whose data.

use domain::listing::Kind;
use domain::requirement::{FieldCode, FieldError};
use domain::time::Moment;

use super::context::Context;
use super::people;
use crate::db;
use crate::db::audit::{Look, LookedBy, Seal};
use crate::db::words::AuditAction;
use crate::error::{Error, Result};

/// Seals per query of a verification.
const PER_QUERY: u64 = 200;

/// The state of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    /// Batches looked at.
    pub batches: i64,
    /// Their lines.
    pub lines: i64,
    /// Lines that no batch has sealed yet.
    pub unsealed: u64,
    /// Chain of the last batch, to be kept elsewhere: a chain cut short cannot be told from a young one.
    pub head: String,
    /// The first batch that is not as it was sealed, and why.
    pub fault: Option<(i64, ChainFault)>,
    /// Whether the head that was asked for is one of the chain; `None` where none was asked for.
    pub holds_head: Option<bool>,
}

/// Why a batch is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainFault {
    /// A number is missing before it.
    Gap,
    /// Its seal does not follow from the one before.
    Chain,
    /// It has more or fewer lines than were sealed.
    Lines,
    /// A line of it reads otherwise.
    Content,
    /// Lines name this batch, and there is no such seal.
    Unknown,
}

/// Seals every line that has no seal yet, batch by batch; returns how many.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`], [`Error::Internal`]; [`Error::Conflict`] where another process seals.
pub async fn seal(app: &Context) -> Result<u64> {
    let mut sealed = 0;
    loop {
        let now = app.clock.now();
        let lines =
            app.db.write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::audit::seal(tx, now).await?) })).await?;
        sealed += lines;
        if lines == 0 {
            return Ok(sealed);
        }
    }
}

/// Deletes the lines sealed before a moment, and keeps their seals: the chain still verifies. Returns the last batch.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn drop_before(app: &Context, before: Moment) -> Result<Option<i64>> {
    let now = app.clock.now();
    app.db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                let last = db::audit::drop_before(tx, before, now).await?;
                if let Some(last) = last {
                    let detail = format!("to batch {last}");
                    db::requirement::audit(tx, "operator", AuditAction::AuditDrop, "audit", &detail, now).await?;
                }
                Ok(last)
            })
        })
        .await
}

/// Follows the chain from its first batch; `head` is a chain that was noted before.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`].
pub async fn verify(app: &Context, head: Option<&str>) -> Result<ChainReport> {
    let mut report = ChainReport {
        batches: 0,
        lines: 0,
        unsealed: 0,
        head: Seal::origin(),
        fault: None,
        holds_head: head.map(|head| head == Seal::origin()),
    };
    loop {
        let seals = app.db.seals_after(report.batches, PER_QUERY).await?;
        if seals.is_empty() {
            break;
        }
        for seal in seals {
            if let Some(fault) = fault(app, &seal, &report).await? {
                report.fault = Some((seal.number, fault));
                return Ok(report);
            }
            report.batches = seal.number;
            report.lines += seal.lines;
            report.holds_head = report.holds_head.map(|holds| holds || head == Some(seal.chain.as_str()));
            report.head = seal.chain;
        }
    }
    let (beyond, fresh) = app.db.unsealed_lines(report.batches).await?;
    report.unsealed = fresh;
    report.fault = (beyond > 0).then_some((report.batches + 1, ChainFault::Unknown));
    Ok(report)
}

async fn fault(app: &Context, seal: &Seal, so_far: &ChainReport) -> Result<Option<ChainFault>> {
    if seal.number != so_far.batches + 1 {
        return Ok(Some(ChainFault::Gap));
    }
    if seal.chain != seal.expected_chain(&so_far.head) {
        return Ok(Some(ChainFault::Chain));
    }
    let (lines, digest) = app.db.batch_digest(seal.number).await?;
    if seal.dropped_at.is_some() && lines == 0 {
        return Ok(None);
    }
    if i64::try_from(lines) != Ok(seal.lines) {
        return Ok(Some(ChainFault::Lines));
    }
    Ok((digest != seal.digest).then_some(ChainFault::Content))
}

/// Returns who saw whose contact data from `from` until before `to`: looks of an account, for a park with its sub-parks, or
/// at the requirements of an enterprise's address.
///
/// # Errors
/// [`Error::Invalid`] where there is neither an account, a requirement nor a park of this name.
pub async fn incident(app: &Context, name: &str, from: Moment, to: Moment) -> Result<Vec<Look>> {
    if app.inventory.record(Kind::Park, name).is_some() {
        let parks = app.inventory.with_sub_parks([name]).into_iter().collect();
        return Ok(app.db.looks(&LookedBy::Parks(parks), from, to).await?);
    }
    let wrong = || Error::Invalid(vec![FieldError::new("name", FieldCode::UnknownAccount)]);
    let email = people::normal(name).ok_or_else(wrong)?;
    if let Some(account) = app.db.account_by_email(&email).await? {
        return Ok(app.db.looks(&LookedBy::Account(account.id), from, to).await?);
    }
    Ok(app.db.looks(&LookedBy::Enterprise(name.trim().to_owned()), from, to).await?)
}
