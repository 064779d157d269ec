//! `luodi doctor`: checks what the service depends on, counts what waits, and names what a person should look at.

use std::process::ExitCode;

use anyhow::Context as _;
use domain::contact::Mail;

use super::print;
use crate::config::Config;
use crate::db::Db;
use crate::db::import::Import;
use crate::db::inbox_trouble::PausedInbox;
use crate::db::survey::Unknown;
use crate::db::words::AlertState;
use crate::mail::Party;
use crate::search::{SearchQuery, TextIndex as _};
use crate::service::context::Context;
use crate::service::{due, letters, retention, search_documents};

/// Longest part of a stored value that is printed, in characters.
const LONGEST_VALUE: usize = 100;
/// Alerts that are named one by one.
const MOST_ALERTS: u64 = 20;
/// Difference of two clocks from which leases and deadlines go wrong, ms.
const CLOCK_TOLERANCE: i64 = 2_000;

/// The checks so far.
#[derive(Default)]
struct Checks {
    faults: usize,
}

impl Checks {
    /// Prints the outcome of a check under its name; a fault is counted, and the next check follows.
    fn tell(&mut self, name: &str, outcome: anyhow::Result<String>) -> anyhow::Result<()> {
        match outcome {
            Ok(found) => print(&format!("{name}: {found}")),
            Err(error) => {
                self.faults += 1;
                print(&format!("{name}: FAULT: {error:#}"))
            }
        }
    }

    const fn exit_code(&self) -> ExitCode {
        if self.faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// `luodi doctor`: exits 0 where every check holds, 1 where one fails or the configuration or database cannot be used.
pub(super) async fn doctor() -> anyhow::Result<ExitCode> {
    let config = Config::load()?;
    print(&format!("configuration: ok ({:?})", config.profile))?;
    let db = Db::connect(&config.database).await?;
    db.ping().await?;
    print(&format!("database: ok ({:?})", db.backend()))?;
    let mut checks = Checks::default();
    checks.tell("disk", room(&db).await)?;
    checks.tell("clock", clock(&db).await)?;
    let pending = db.migration_status().await?.into_iter().filter(|(_, applied)| !applied).count();
    print(&format!("schema: {pending} steps pending"))?;
    if pending == 0 {
        let app = Context::connect_without_index(config).await?;
        print(&format!("inventory: {} listings", app.inventory.len()))?;
        checks.tell("index", index(&app).await)?;
        checks.tell("relay", relay(&app).await)?;
        checks.tell("dkim", signature(&app))?;
        waiting(&app).await?;
        worth_a_look(&app).await?;
        sender_records(&app)?;
    }
    Ok(checks.exit_code())
}

async fn room(db: &Db) -> anyhow::Result<String> {
    Ok(db.ready().await.map(|()| "ok".to_owned())?)
}

/// Compares the clock of a database server with this process's: leases of several processes are told by theirs.
async fn clock(db: &Db) -> anyhow::Result<String> {
    let Some(ahead) = db.clock_difference().await? else { return Ok("ok (this machine's)".to_owned()) };
    anyhow::ensure!(
        ahead.abs() <= CLOCK_TOLERANCE,
        "the database's is {ahead} ms ahead: leases and deadlines go wrong from {CLOCK_TOLERANCE} ms on"
    );
    Ok(format!("ok ({ahead} ms ahead of this process)"))
}

/// Asks Meilisearch for its documents and for one query. The embedded index belongs to the serving process, which compares it
/// with the database itself.
async fn index(app: &Context) -> anyhow::Result<String> {
    let Some(meili) = crate::app::meili(&app.config)? else { return Ok("embedded".to_owned()) };
    let (wanted, found) = (search_documents::digests(app).await?.len() as u64, meili.health().await?.docs);
    meili.search(&SearchQuery::new("", 1, 1)?).await.context("a query")?;
    anyhow::ensure!(wanted == found, "Meilisearch has {found} documents, the database {wanted}: `luodi reindex`");
    Ok(format!("ok (Meilisearch, {found} documents)"))
}

/// Talks to the relay as far as a mail's first command.
async fn relay(app: &Context) -> anyhow::Result<String> {
    app.mailer.check().await.map_err(|outcome| anyhow::anyhow!(outcome.detail()))
}

/// Signs a mail and verifies it with the public key.
fn signature(app: &Context) -> anyhow::Result<String> {
    let Some(dkim) = &app.dkim else { return Ok("mails are not signed".to_owned()) };
    dkim.verify(&letters::sample(app)?.bytes)?;
    Ok(format!("ok ({}, a sample verifies)", dkim.algorithm()))
}

/// Counts what waits to be sent or told.
async fn waiting(app: &Context) -> anyhow::Result<()> {
    let (unsent, oldest) = app.db.unsent_mails().await?;
    let counts: Vec<String> = unsent.iter().map(|(state, count)| format!("{count} {}", state.word())).collect();
    let since = oldest.map(|oldest| format!(", the oldest since {}", oldest.rfc3339())).unwrap_or_default();
    print(&format!("outbox: {} mails waiting ({}{since})", app.db.waiting_mails().await?, counts.join(", ")))?;
    for PausedInbox { address, reason, since } in app.db.paused_inboxes().await? {
        print(&format!("inbox: {address} takes no mail since {}: {reason}", since.rfc3339()))?;
    }
    alerts(app).await?;
    let webhooks = app.db.webhook_counts(None).await?;
    print(&format!("webhooks: {} events waiting, {} held", webhooks.queued, webhooks.held))
}

/// Names what is no fault of the installation and still wants a person.
async fn worth_a_look(app: &Context) -> anyhow::Result<()> {
    unfinished_imports(app).await?;
    for year in due::years_without_schedule(app.clock.now().day()) {
        print(&format!("workdays: the schedule of {year} is not out; Monday to Friday count, less statutory days"))?;
    }
    unknown_values(app).await?;
    let due = retention::cutoffs(app.config.retention, app.clock.now()).contact;
    let past = app.db.count_requirements_past(due).await?;
    print(&format!("retention: {past} requirements are past {} months", app.config.retention.contact_months))?;
    let is_sealed = app.config.secret_key()?.is_some();
    let secrets = if is_sealed { "encrypted at rest" } else { "in the clear (secrets.key is not set)" };
    print(&format!("secrets: {secrets}"))
}

/// Prints the DNS records that receivers look up.
fn sender_records(app: &Context) -> anyhow::Result<()> {
    let from = Party::parse(&app.config.mail.from).context("mail.from")?;
    let domain = from.address.rsplit('@').next().unwrap_or_default().to_owned();
    let Some(dkim) = &app.dkim else { return Ok(()) };
    let mail = letters::sample(app)?;
    if !format!(".{domain}").ends_with(&format!(".{}", dkim.domain())) {
        print(&format!("dkim: mail.from is of {domain}, not of {}: DMARC fails", dkim.domain()))?;
    }
    print(&format!("dns: {}", dkim.dns_record()))?;
    let envelope = Party::parse(&mail.envelope_from).context("mail.bounce")?.address;
    let sending = envelope.rsplit('@').next().unwrap_or_default();
    print(&format!("dns: {sending}. IN TXT \"v=spf1 include:<the relay's own SPF name> -all\""))?;
    print(&format!("dns: _dmarc.{domain}. IN TXT \"v=DMARC1; p=none; rua=mailto:<inbox for reports>\""))
}

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
