//! Commands of the operator.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use domain::contact::Mail;
use serde_json::json;

use super::{SchemaWay, print};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Config, DatabaseConfig, Profile};
use crate::db::Db;
use crate::db::import::Import;
use crate::db::inbox_trouble::PausedInbox;
use crate::db::survey::Unknown;
use crate::db::words::AlertState;
use crate::mail::{Party, mails_in};
use crate::search::TextIndex as _;
use crate::service::context::Context;
use crate::service::{backups, due, imports, letters, retention, search};
use crate::telemetry;
use crate::worker::intake;

/// Longest part of a stored value that `doctor` prints, in characters.
const LONGEST_VALUE: usize = 100;

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

/// `luodi reindex`
pub(super) async fn reindex() -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    telemetry::start_quiet();
    Db::connect(&config.database).await?.migrate().await?;
    let app = Context::connect(config).await?;
    search::rebuild(&app).await?;
    print(&format!("{} documents", app.text.health().await?.docs))?;
    Ok(ExitCode::SUCCESS)
}

/// `luodi doctor`
pub(super) async fn doctor() -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    print(&format!("configuration: ok ({:?})", config.profile))?;
    let db = Db::connect(&config.database).await?;
    db.ping().await?;
    print(&format!("database: ok ({:?})", db.backend()))?;
    let pending = db.migration_status().await?.into_iter().filter(|(_, applied)| !applied).count();
    print(&format!("schema: {pending} steps pending"))?;
    if pending == 0 {
        let app = Context::connect_without_index(config).await?;
        print(&format!("inventory: {} listings", app.inventory.len()))?;
        print(&format!("outbox: {} mails waiting", app.db.waiting_mails().await?))?;
        for PausedInbox { address, reason, since } in app.db.paused_inboxes().await? {
            print(&format!("inbox: {address} takes no mail since {}: {reason}", since.rfc3339()))?;
        }
        alerts(&app).await?;
        let webhooks = app.db.webhook_counts(None).await?;
        print(&format!("webhooks: {} events waiting, {} held", webhooks.queued, webhooks.held))?;
        unfinished_imports(&app).await?;
        for year in due::years_without_schedule(app.clock.now().day()) {
            print(&format!(
                "workdays: the schedule of {year} is not out; Monday to Friday count, less statutory days"
            ))?;
        }
        unknown_values(&app).await?;
        let due = retention::cutoffs(app.config.retention, app.clock.now()).contact;
        let past = app.db.count_requirements_past(due).await?;
        print(&format!("retention: {past} requirements are past {} months", app.config.retention.contact_months))?;
        let is_sealed = app.config.secret_key()?.is_some();
        print(&format!(
            "secrets: {}",
            if is_sealed { "encrypted at rest" } else { "in the clear (secrets.key is not set)" }
        ))?;
        print(&format!("mail: {}", if app.config.has_relay() { "relay" } else { "files" }))?;
        sender_records(&app)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Signs a mail, verifies it with the public key, and prints the DNS records that receivers look up.
fn sender_records(app: &Context) -> anyhow::Result<()> {
    let from = Party::parse(&app.config.mail.from).context("mail.from")?;
    let domain = from.address.rsplit('@').next().unwrap_or_default().to_owned();
    let Some(dkim) = &app.dkim else { return print("dkim: mails are not signed") };
    let mail = letters::sample(app)?;
    dkim.verify(&mail.bytes).context("dkim")?;
    print(&format!("dkim: ok ({}, a sample verifies)", dkim.algorithm()))?;
    if !format!(".{domain}").ends_with(&format!(".{}", dkim.domain())) {
        print(&format!("dkim: mail.from is of {domain}, not of {}: DMARC fails", dkim.domain()))?;
    }
    print(&format!("dns: {}", dkim.dns_record()))?;
    let envelope = Party::parse(&mail.envelope_from).context("mail.bounce")?.address;
    let sending = envelope.rsplit('@').next().unwrap_or_default();
    print(&format!("dns: {sending}. IN TXT \"v=spf1 include:<the relay's own SPF name> -all\""))?;
    print(&format!("dns: _dmarc.{domain}. IN TXT \"v=DMARC1; p=none; rua=mailto:<inbox for reports>\""))
}

/// Alerts that are named one by one.
const MOST_ALERTS: u64 = 20;

/// Counts the alerts, and names those that wait longest, by masked address.
async fn alerts(app: &Context) -> anyhow::Result<()> {
    let counts = app.db.alert_counts().await?;
    print(&format!(
        "alerts: {} confirmed, {} to be confirmed, {} listings to be told",
        counts.confirmed, counts.pending, counts.due
    ))?;
    for alert in app.db.waiting_alerts(MOST_ALERTS).await? {
        let address = alert.address.as_deref().and_then(Mail::parse).map(|mail| mail.masked()).unwrap_or_default();
        let told = if alert.state == AlertState::Pending {
            format!("waits for its confirmation since {}", alert.created_at.rfc3339())
        } else {
            format!("has listings to be told, from {} on", alert.next_at.rfc3339())
        };
        print(&format!("alert: {} of {address} {told}", alert.id))?;
    }
    Ok(())
}

/// Names each import that is not done: interrupted, or at work now.
async fn unfinished_imports(app: &Context) -> anyhow::Result<()> {
    for import in app.db.imports().await?.into_iter().filter(Import::is_unfinished) {
        print(&format!("import: {} of {} is {}", import.id, import.file, import.state))?;
    }
    Ok(())
}

/// Names each stored value that this version does not know, with its table, column and row.
async fn unknown_values(app: &Context) -> anyhow::Result<()> {
    for unknown in app.db.unknown_values().await? {
        let Unknown { table, column, row, value } = unknown;
        // One line per value, however long it is.
        let value: String = value.chars().take(LONGEST_VALUE).collect();
        print(&format!("unknown: {table}.{column} of {row}: {}", serde_json::Value::String(value)))?;
    }
    Ok(())
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
    let mut lines = Vec::new();
    let copied = crate::db::copy::copy(&source, &target, |done| {
        let how = if done.was_equal { "equal already" } else { "copied" };
        lines.push(format!("{}: {} rows {how}", done.table, done.rows));
    });
    let done = copied.await;
    for line in &lines {
        print(line)?;
    }
    done?;
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
