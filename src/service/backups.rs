//! Backups and the ledger of erasures: a backup carries a copy, a restore erases again what the ledger names.

use std::path::Path;

use anyhow::{Context as _, ensure};
use domain::time::Moment;

use super::erasure;
use super::erasure_ledger::{ErasedRows, ErasureLedger};
use crate::db::Db;
use crate::error::{Error, Result};

/// Name of the copy inside a backup.
const COPY: &str = "erasures";

/// Copies the configured ledger into a backup's folder.
///
/// # Errors
/// [`anyhow::Error`] where it cannot be read or written.
pub fn copy_into(configured: &Path, dir: &Path) -> anyhow::Result<()> {
    let ledger = ErasureLedger::open(configured)?;
    let copy = dir.join(COPY);
    std::fs::copy(ledger.path(), &copy).with_context(|| copy.display().to_string())?;
    Ok(())
}

/// Returns the ledger for a restore: the one that is named, else the configured one where the backup was made beside it.
///
/// # Errors
/// [`anyhow::Error`] that says how to go on where neither is there.
pub fn for_restore(named: Option<&Path>, configured: Option<&Path>, dir: &Path) -> anyhow::Result<ErasureLedger> {
    const HOW: &str = "erasures since the backup would come back: name the ledger with --ledger FILE, or say \
                       --without-ledger where that is meant";
    if let Some(named) = named {
        return ErasureLedger::read(named);
    }
    let configured = configured.filter(|path| path.exists());
    let configured = configured.with_context(|| format!("backup.erasure_ledger is not there; {HOW}"))?;
    let ledger = ErasureLedger::read(configured)?;
    let copy = dir.join(COPY);
    if copy.exists() {
        let is_same = ErasureLedger::read(&copy)?.is_kin(&ledger);
        ensure!(is_same, "{} is not the ledger beside which this backup was made; {HOW}", configured.display());
    }
    Ok(ledger)
}

/// Erases in a restored database what the ledger names. Returns the number of requirements and inquiries.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Internal`]; what was erased until then stays erased.
pub async fn apply(db: &Db, erased: &ErasedRows, now: Moment) -> Result<(usize, usize)> {
    let (mut requirements, mut inquiries) = (0, 0);
    // Ids alone: a query per row took minutes at 100,000 of them.
    for id in db.open_requirement_ids().await?.into_iter().filter(|id| erased.contains(id)) {
        let Some(found) = db.requirement_of(&id).await? else { continue };
        requirements += 1;
        db.write::<_, Error, _>(move |tx| {
            Box::pin(async move { erasure::hide(tx, &found, "restore", now).await.map(drop) })
        })
        .await?;
    }
    // Those of a requirement that was erased just now are cancelled.
    for (id, need) in db.live_inquiry_ids().await?.into_iter().filter(|(id, _)| erased.contains(id)) {
        let Some(inquiry) = db.inquiries(&need).await?.into_iter().find(|own| own.id == id) else { continue };
        inquiries += 1;
        db.write::<_, Error, _>(move |tx| {
            Box::pin(async move { erasure::hide_inquiry(tx, &inquiry, now).await.map(drop) })
        })
        .await?;
    }
    Ok((requirements, inquiries))
}
