//! Commands of the operator.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::json;

use super::{SchemaWay, print};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Config, DatabaseConfig, Profile};
use crate::db::Db;
use crate::mail::mails_in;
use crate::search::TextIndex as _;
use crate::service::context::Context;
use crate::service::{backups, imports, index_keeper};
use crate::telemetry;
use crate::worker::intake;

/// Builds the context of a command; migrates the schema first, and brings to an end what another process left half done.
pub(super) async fn context() -> anyhow::Result<Context> {
    Context::connect_without_index(prepared().await?).await
}

/// [`context`] for a command that looks up no listing.
pub(super) async fn context_without_listings() -> anyhow::Result<Context> {
    Context::connect_without_listings(prepared().await?).await
}

async fn prepared() -> anyhow::Result<Config> {
    let config = Config::load()?;
    telemetry::start_quiet();
    let db = Db::connect(&config.database).await?;
    db.migrate().await?;
    imports::recover(&db, SystemClock.now()).await?;
    Ok(config)
}

/// Reverts the last schema step. Rows that it would delete are counted first, and deleted only where that is said.
async fn revert(db: &Db, config: &Config, step: Option<&str>, yes: bool) -> anyhow::Result<()> {
    let Some((name, losses)) = db.losses_of_last_step().await? else { return Ok(()) };
    if let Some(step) = step.filter(|step| *step != name) {
        anyhow::bail!("the last applied step is {name}, not {step}: nothing was changed");
    }
    let told: Vec<String> = losses.iter().map(|loss| format!("{} rows of {loss}", loss.rows)).collect();
    let told = format!("{name} would delete {}: nothing was changed", told.join(", "));
    if !losses.is_empty() && config.profile == Profile::Production {
        anyhow::bail!("{told}; in production restore a backup of the former release instead");
    }
    if !losses.is_empty() && step.is_none() && !yes {
        anyhow::bail!("{told}; `luodi migrate down --step {name}` deletes them");
    }
    db.migrate_down().await
}

/// `luodi migrate`
pub(super) async fn migrate(way: SchemaWay, step: Option<&str>, yes: bool) -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    let db = Db::connect(&config.database).await?;
    match way {
        SchemaWay::Up => db.migrate().await?,
        SchemaWay::Down => revert(&db, &config, step, yes).await?,
        SchemaWay::Status => {}
    }
    for (name, applied) in db.migration_status().await? {
        print(&format!("{name} {}", if applied { "applied" } else { "pending" }))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `luodi bounces`
pub(super) async fn bounces(file: &str) -> anyhow::Result<ExitCode> {
    let mut mails = Vec::new();
    if file == "-" {
        std::io::stdin().lock().read_to_end(&mut mails)?;
    } else {
        mails = std::fs::read(file).with_context(|| format!("cannot read {file}"))?;
    }
    let app = std::sync::Arc::new(context().await?);
    let mails = mails_in(&mails);
    let mails: Vec<&[u8]> = mails.iter().map(AsRef::as_ref).collect();
    let taken = intake::take(&app, &mails).await?;
    let tally = taken.reports;
    let report = json!({
        "read": tally.read,
        "bounced": tally.bounced,
        "delayed": tally.delayed,
        "automatic": tally.automatic,
        "forwarded": taken.forwarded,
        "held": taken.held,
        "looked_at": tally.looked_at,
        "passed_over": taken.passed_over,
        "repeated": tally.repeated,
    });
    print(&report.to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// `luodi config check`
pub(super) fn check_config() -> anyhow::Result<ExitCode> {
    let variables: Vec<(String, String)> = std::env::vars().collect();
    let config = Config::from_variables(&variables)?;
    for (key, value) in Config::changed(&variables)? {
        print(&format!("{key} = {value}"))?;
    }
    print(&format!("configuration: ok ({:?})", config.profile))?;
    Ok(ExitCode::SUCCESS)
}

/// `luodi config adopt`
pub(super) async fn adopt_config() -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    let db = Db::connect(&config.database).await?;
    db.migrate().await?;
    db.adopt_settings(&config.shared).await?;
    print(&format!("{} settings are those of every process from now on", config.shared.len()))?;
    Ok(ExitCode::SUCCESS)
}

/// `luodi reindex`
pub(super) async fn reindex() -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    telemetry::start_quiet();
    Db::connect(&config.database).await?.migrate().await?;
    let app = Context::connect(config).await?;
    let is_done = index_keeper::rebuild(&app, &crate::ids::row_id()).await?;
    anyhow::ensure!(is_done, "another process builds the index");
    print(&format!("{} documents", app.text.health().await?.docs))?;
    Ok(ExitCode::SUCCESS)
}

/// `luodi backup`
pub(super) async fn backup(dir: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    let file = Db::backup(&config.database, dir).await?;
    if let Some(ledger) = config.backup.erasure_ledger() {
        backups::copy_into(&ledger, dir).context("backup.erasure_ledger")?;
    }
    print(&file.display().to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// `luodi copy`
pub(super) async fn copy(from: String, to: String) -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    let at = |url: String| DatabaseConfig { url: url.into(), ..config.database.clone() };
    let (source, target) = (Db::connect(&at(from)).await?, Db::connect(&at(to)).await?);
    // Table by table: a copy of hours shows how far it is, and one that was stopped showed what it did.
    let mut printed = Ok(());
    let copied = crate::db::copy::copy(&source, &target, |done| {
        let how = if done.was_equal { "equal already" } else { "copied" };
        let line = print(&format!("{}: {} rows {how}", done.table, done.rows));
        printed = std::mem::replace(&mut printed, Ok(())).and(line);
    });
    copied.await?;
    printed?;
    print("every table is equal by count and digest")?;
    Ok(ExitCode::SUCCESS)
}

/// `luodi release`
pub(super) async fn release() -> anyhow::Result<ExitCode> {
    let app = context().await?;
    let released = app.db.release_held().await?;
    print(&format!("{released} mails are queued"))?;
    let released = app.db.release_deliveries(app.clock.now()).await?;
    if released > 0 {
        print(&format!("{released} events of webhooks are queued"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `luodi restore`
pub(super) async fn restore(dir: &Path, ledger: Option<&Path>, without_ledger: bool) -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    let erased = if without_ledger {
        None
    } else {
        let configured = config.backup.erasure_ledger();
        Some(backups::for_restore(ledger, configured.as_deref(), dir)?.erased()?)
    };
    let again = std::cell::Cell::new((0, 0));
    let erase_again = async |db: &Db| {
        let Some(erased) = &erased else { return Ok(()) };
        // The statements that erase are of this program's schema.
        db.migrate().await?;
        again.set(backups::apply(db, erased, SystemClock.now()).await?);
        Ok(())
    };
    let held = Db::restore(&config.database, dir, erase_again).await?;
    print(&format!("restored; {held} mails are held"))?;
    let (requirements, inquiries) = again.get();
    if requirements + inquiries > 0 {
        print(&format!("erased again: {requirements} requirements, {inquiries} inquiries"))?;
    }
    Ok(ExitCode::SUCCESS)
}
