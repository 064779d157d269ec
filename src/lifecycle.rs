//! Lifecycle of `luodi serve`: schema, snapshot, background tasks, listener, graceful shutdown.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, Profile};
use crate::db::Db;
use crate::error::Error;
use crate::mail::MailboxUrl;
use crate::service::context::{App, Context};
use crate::service::index_keeper::IndexState;
use crate::service::{
    alerts, audit, digests, erasure_ledger, gauges, housekeeping, imports, index_keeper, inventory, reports, retention,
    search, still_valid,
};
use crate::web::gate::{Front, Gate};
use crate::web::serve;
use crate::worker::webhook_http::WebhookClient;
use crate::worker::{self, Pace, Worker, lmtp, webhooks};

/// Polling interval for changes of other processes: the bound on how old a snapshot may be.
const FOLLOW: Duration = Duration::from_millis(250);
/// Interval of comparing the text index with the database, and of another try while they differ.
const COMPARE: Duration = Duration::from_secs(20);
const INDEX_PAUSE: Duration = Duration::from_secs(5);
/// Documents of the text index that are brought up to date before the first answer: a second's work.
const MOST_BEFORE_READY: usize = 5_000;
/// Timeout of a comparison with its rebuild: some minutes for the largest inventory.
const REBUILD_TIMEOUT: Duration = Duration::from_secs(600);
/// Timeout of one round of background work; a half-open connection would block it without end.
const JOB_TIMEOUT: Duration = Duration::from_secs(60);
/// Delay before a background task that ended is restarted, so that a panic at start does not spin.
const RESTART_DELAY: Duration = Duration::from_secs(1);
/// Time for which a receiver waits for its database at start: longer than a restart of the database, and than the pause in
/// which other processes write after a crash.
const START_PATIENCE: Duration = Duration::from_secs(120);
/// Time after the drain for recording outcomes in the database.
const SETTLE: Duration = Duration::from_secs(2);
/// Longest drain of SMTP conversations, s: with [`SETTLE`] and the listener the shutdown ends within 30 s, the usual grace
/// period before SIGKILL.
const LONGEST_DRAIN_SECONDS: u64 = 20;
/// Interval of looking for imports whose process ended half way.
const RECOVER: Duration = Duration::from_secs(2);
/// Interval of sealing the audit: lines of the last seconds are the ones that could be altered unseen.
const SEAL: Duration = Duration::from_secs(5);
/// Interval of deleting expired rows, and of asking parks.
const SWEEP: Duration = Duration::from_secs(600);
/// Time from start until the first of these: a process that is restarted each hour does its work all the same.
const FIRST_SWEEP: Duration = Duration::from_secs(10);
/// Interval of the gauges: less than a scrape apart, and a few indexed counts each.
const GAUGES: Duration = Duration::from_secs(15);
/// Interval of counting requests over all processes: for as long a client may be above its limit unnoticed.
const SHARE_LIMITS: Duration = Duration::from_secs(1);
/// Interval of telling leads and alerts of changed listings, and of looking whether digests are due.
const DESK: Duration = Duration::from_secs(1);

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// [`anyhow::Error`] naming the resource that is not available.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    watch_signals(stop.clone())?;
    let app = start(config).await?;
    let listener = serve::listen(app.config.server.listen)
        .with_context(|| format!("cannot listen on server.listen {}", app.config.server.listen))?;
    let address = listener.local_addr()?;
    let gate = gate(&app.config);
    let client = WebhookClient::new(&app.config)?;
    let tasks = background(&app, &gate, &stop);
    tasks.spawn(deliveries(app.clone(), client, stop.clone()));
    start_metrics(&app.config)?;
    tracing::info!(%address, listings = app.inventory.len(), "ready");
    serve::serve(listener, Front::new(&app, &gate), stop.clone()).await;
    tasks.close();
    // The workers' drain time began at the stop; they get the rest of it, and [`SETTLE`] to record outcomes.
    if tokio::time::timeout(attempts_drain(&app.config) + SETTLE, tasks.wait()).await.is_err() {
        tracing::warn!("workers did not end in time; their leases run out by themselves");
    }
    Ok(())
}

/// Takes in mail by LMTP and from a polled mailbox until SIGTERM or SIGINT.
///
/// # Errors
/// [`anyhow::Error`] naming the resource that is not available.
pub async fn receive(config: Config) -> anyhow::Result<()> {
    let mailbox = Some(config.receive.imap_url.expose_secret()).filter(|url| !url.is_empty());
    let mailbox = mailbox.map(MailboxUrl::parse).transpose().context("receive.imap_url")?;
    let has_lmtp = !config.receive.lmtp.is_empty();
    anyhow::ensure!(has_lmtp || mailbox.is_some(), "neither receive.lmtp nor receive.imap_url is set");
    let stop = CancellationToken::new();
    watch_signals(stop.clone())?;
    let Some(app) = receiver(config, &stop).await? else { return Ok(()) };
    let tasks = TaskTracker::new();
    follow(&tasks, &app, &stop);
    if has_lmtp {
        let listener = lmtp::Listener::bind(&app.config.receive.lmtp).await?;
        tasks.spawn(lmtp::serve(app.clone(), listener, stop.clone()));
    }
    if let Some(mailbox) = mailbox {
        tasks.spawn(poll_mailbox(app.clone(), mailbox, stop.clone()));
    }
    tracing::info!(lmtp = app.config.receive.lmtp, "ready");
    tasks.close();
    tasks.wait().await;
    Ok(())
}

/// Connects a program that takes mail in, and tries again while the database is unreachable; `None` where it was stopped
/// meanwhile.
async fn receiver(config: Config, stop: &CancellationToken) -> anyhow::Result<Option<App>> {
    let deadline = tokio::time::Instant::now() + START_PATIENCE;
    loop {
        let connected = async {
            Db::connect(&config.database).await?.migrate().await?;
            Context::connect_without_index(config.clone()).await
        };
        let error = match connected.await {
            Ok(context) => return Ok(Some(Arc::new(context))),
            Err(error) if tokio::time::Instant::now() >= deadline => return Err(error),
            Err(error) => error,
        };
        tracing::warn!(error = format!("{error:#}"), "the database cannot be reached yet");
        tokio::select! {
            () = stop.cancelled() => return Ok(None),
            () = tokio::time::sleep(RESTART_DELAY) => {}
        }
    }
}

async fn poll_mailbox(app: App, mailbox: MailboxUrl, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match worker::mailbox::poll(&app, &mailbox).await {
            Ok(0) => {}
            Ok(mails) => tracing::info!(mails, "taken in from the mailbox"),
            Err(error) => tracing::warn!(error = format!("{error:#}"), "the mailbox was not read to its end"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(app.config.receive.poll_seconds)) => {}
        }
    }
}

/// Prepares everything but the listener: schema, connections, snapshot; with an empty database in development also the
/// demo inventory.
///
/// # Errors
/// [`anyhow::Error`], see [`serve`].
pub async fn start(config: Config) -> anyhow::Result<App> {
    let db = Db::connect(&config.database).await?;
    db.migrate().await?;
    same_settings(&db, &config).await?;
    let mut app = Context::connect(config).await?;
    app.links = Some(Arc::new(WebhookClient::new(&app.config)?));
    let app = Arc::new(app);
    imports::recover(&app.db, app.clock.now()).await?;
    if let Err(error) = erasure_ledger::reconcile(&app).await {
        tracing::error!(%error, "the ledger of erasures is not complete");
    }
    if app.config.profile == Profile::Development && app.inventory.is_empty() {
        crate::demo::load(&app).await?;
    }
    // Many differences are mended behind the first answers, which tell until then that they may miss something.
    search::catch_up_within(&app, MOST_BEFORE_READY).await?;
    Ok(app)
}

/// Compares the settings that processes must have in common with those that the first one stored. Outside production a
/// change is taken over.
async fn same_settings(db: &Db, config: &Config) -> anyhow::Result<()> {
    let stored = db.shared_settings(&config.shared).await?;
    let differs = |(name, digest): &(&String, &String)| stored.get(*name) != Some(*digest);
    let names: Vec<&str> = config.shared.iter().filter(differs).map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let names = names.join(", ");
    anyhow::ensure!(
        config.profile != Profile::Production,
        "{names}: not as in the processes that serve this database; where the change is meant, `luodi config adopt` once, then \
         restart each process"
    );
    tracing::info!(names, "changed since the last start");
    Ok(db.adopt_settings(&config.shared).await?)
}

fn gate(config: &Config) -> Gate {
    let gate = Gate::new(config.server.max_requests);
    if !config.limits.enabled {
        return gate;
    }
    gate.with_budget(config.limits.requests_per_minute).with_key_budget(config.limits.requests_per_key_minute)
}

/// Drain time of SMTP conversations in progress.
fn attempts_drain(config: &Config) -> Duration {
    Duration::from_secs(config.server.drain_seconds.min(LONGEST_DRAIN_SECONDS))
}

/// Spawns the background tasks of the process.
fn background(app: &App, gate: &Gate, stop: &CancellationToken) -> TaskTracker {
    let gate = gate.clone();
    let tasks = TaskTracker::new();
    let drain = attempts_drain(&app.config);
    let worker = Worker {
        db: app.db.clone(),
        mailer: app.mailer.clone(),
        clock: app.clock.clone(),
        envelope_from: app.envelope_from(),
        pace: Pace::new(&app.config.mail, drain),
        wake: app.outbox.clone(),
    };
    let (for_worker, for_index, for_sweep) = (stop.clone(), stop.clone(), stop.clone());
    let (indexed, swept, recovered) = (app.clone(), app.clone(), app.clone());
    let for_recover = stop.clone();
    tasks.spawn(unending("outbox", stop.clone(), move || worker.clone().run(for_worker.clone())));
    follow(&tasks, app, stop);
    tasks.spawn(unending("index", stop.clone(), move || {
        every(FOLLOW, for_index.clone(), indexed.clone(), async |app: &App| {
            search::apply(app).await.map_err(anyhow::Error::from)
        })
    }));
    tasks.spawn(kept_index(app.clone(), stop.clone()));
    tasks.spawn(unending("imports", stop.clone(), move || {
        every(RECOVER, for_recover.clone(), recovered.clone(), async |app: &App| {
            imports::recover(&app.db, app.clock.now()).await.map_err(anyhow::Error::from)
        })
    }));
    let (for_desk, desk) = (stop.clone(), app.clone());
    tasks.spawn(unending("desk", stop.clone(), move || {
        every(DESK, for_desk.clone(), desk.clone(), async |app: &App| {
            digests::follow_listings(app).await?;
            digests::send(app).await.map_err(anyhow::Error::from)
        })
    }));
    if !app.config.metrics.listen.is_empty() {
        let (for_gauges, counted) = (stop.clone(), app.clone());
        tasks.spawn(unending("gauges", stop.clone(), move || {
            every(GAUGES, for_gauges.clone(), counted.clone(), async |app: &App| {
                gauges::publish(app).await.map_err(anyhow::Error::from)
            })
        }));
    }
    let (for_seal, sealed) = (stop.clone(), app.clone());
    tasks.spawn(unending("seal", stop.clone(), move || {
        every(SEAL, for_seal.clone(), sealed.clone(), async |app: &App| match audit::seal(app).await {
            // Another process was faster.
            Ok(_) | Err(Error::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        })
    }));
    let (for_limits, limited, shared) = (stop.clone(), app.clone(), gate.clone());
    tasks.spawn(unending("limits", stop.clone(), move || {
        let gate = shared.clone();
        every(SHARE_LIMITS, for_limits.clone(), limited.clone(), async move |app: &App| {
            gate.share(app).await.map_err(anyhow::Error::from)
        })
    }));
    tasks.spawn(need_alerts(app.clone(), stop.clone()));
    tasks.spawn(questions(app.clone(), stop.clone()));
    tasks.spawn(periods(app.clone(), stop.clone()));
    tasks.spawn(unending("sweep", stop.clone(), move || {
        let gate = gate.clone();
        every(SWEEP, for_sweep.clone(), swept.clone(), async move |app: &App| {
            gate.forget_idle();
            housekeeping::sweep(app).await?;
            digests::fill(app).await?;
            reports::file_past(app).await.map_err(anyhow::Error::from)
        })
    }));
    tasks
}

/// Follows changes of the inventory by other processes.
fn follow(tasks: &TaskTracker, app: &App, stop: &CancellationToken) {
    let (app, for_follow) = (app.clone(), stop.clone());
    tasks.spawn(unending("inventory", stop.clone(), move || {
        every(FOLLOW, for_follow.clone(), app.clone(), async |app: &App| {
            inventory::refresh(app).await.map_err(anyhow::Error::from)
        })
    }));
}

/// Asks parks once in a while whether their listings are still valid; the lease lets one process do so.
async fn questions(app: App, stop: CancellationToken) {
    let holder = crate::ids::row_id();
    let begin = || {
        let holder = holder.clone();
        every(SWEEP, stop.clone(), app.clone(), async move |app: &App| {
            still_valid::round(app, &holder).await.map(drop).map_err(anyhow::Error::from)
        })
    };
    unending("questions", stop.clone(), begin).await;
}

/// Erases what is past its period; the lease lets one process do so. Each keeps its own ledger of erasures complete.
async fn periods(app: App, stop: CancellationToken) {
    let holder = crate::ids::row_id();
    let begin = || {
        let holder = holder.clone();
        every(SWEEP, stop.clone(), app.clone(), async move |app: &App| {
            retention::round(app, &holder).await?;
            erasure_ledger::reconcile(app).await.map_err(anyhow::Error::from)
        })
    };
    unending("retention", stop.clone(), begin).await;
}

/// Delivers webhooks.
async fn deliveries(app: App, client: WebhookClient, stop: CancellationToken) {
    let begin = || webhooks::work(app.clone(), client.clone(), stop.clone());
    unending("webhooks", stop.clone(), begin).await;
}

/// Judges changed listings for alerts, and sends their mails.
async fn need_alerts(app: App, stop: CancellationToken) {
    let begin = || {
        every(DESK, stop.clone(), app.clone(), async |app: &App| {
            alerts::follow(app).await?;
            alerts::send(app).await.map_err(anyhow::Error::from)
        })
    };
    unending("alerts", stop.clone(), begin).await;
}

/// Restarts a background task that ended before the stop: one panic must not stop mail delivery for the life of the
/// process.
async fn unending<F>(name: &'static str, stop: CancellationToken, begin: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        let ended = tokio::spawn(begin()).await;
        if stop.is_cancelled() {
            return;
        }
        let how = ended.err().map_or_else(|| "it returned".to_owned(), |error| error.to_string());
        tracing::error!(name, how, "a background task ended and is restarted");
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(RESTART_DELAY) => {}
        }
    }
}

/// Keeps the text index equal to the database.
async fn kept_index(app: App, stop: CancellationToken) {
    let holder = crate::ids::row_id();
    unending("index_keeper", stop.clone(), || keep_index(app.clone(), holder.clone(), stop.clone())).await;
}

async fn keep_index(app: App, holder: String, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let kept = tokio::time::timeout(REBUILD_TIMEOUT, index_keeper::keep(&app, &holder)).await;
        let pause = match kept {
            Ok(Ok(IndexState::Equal(_))) => COMPARE,
            Ok(Ok(IndexState::MendedElsewhere)) => INDEX_PAUSE,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the text index cannot be compared");
                INDEX_PAUSE
            }
            Err(_) => {
                tracing::warn!("the text index was not mended in time");
                INDEX_PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Repeats work until the stop; a failure is logged and retried.
async fn every<F>(pause: Duration, stop: CancellationToken, app: App, work: F)
where
    F: for<'a> AsyncFn(&'a App) -> anyhow::Result<()>,
{
    let mut pause_now = pause.min(FIRST_SWEEP);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause_now) => {}
        }
        pause_now = pause;
        // A half-open connection never answers.
        let done = tokio::time::timeout(JOB_TIMEOUT, work(&app)).await;
        if let Err(error) = done.unwrap_or_else(|_| Err(anyhow::anyhow!("it did not end in time"))) {
            tracing::warn!(error = format!("{error:#}"), "background work");
        }
    }
}

fn watch_signals(stop: CancellationToken) -> anyhow::Result<()> {
    let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to stop");
        stop.cancel();
    });
    Ok(())
}

fn start_metrics(config: &Config) -> anyhow::Result<()> {
    if config.metrics.listen.is_empty() {
        return Ok(());
    }
    let address: SocketAddr = config.metrics.listen.parse().context("metrics.listen must be host:port")?;
    metrics_exporter_prometheus::PrometheusBuilder::new()
        .with_http_listener(address)
        .install()
        .context("metrics.listen")
}
