//! Composition root: the only file that names concrete adapters; tests build their context with it too.

use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use tokio::sync::{Notify, Semaphore};

use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::db::Db;
use crate::mail::{Dkim, DkimError, FileMailer, Mailer, PhaseLimits, RelayUrl, SmtpMailer, Templates};
use crate::search::{Embedded, Guarded, MEILI_INDEX, Meili, Memory};
use crate::service::beside::Beside;
use crate::service::context::Context;
use crate::service::desk_counts::CountCache;
use crate::service::known_keys::KnownKeys;
use crate::service::policies::PolicyShelf;
use crate::service::snapshot::Inventory;
use crate::service::turns::InWork;

impl Context {
    /// Connects every configured service and loads the snapshot. The schema must be migrated.
    ///
    /// # Errors
    /// [`anyhow::Error`] naming the service that is unreachable or the file that is unreadable.
    pub async fn connect(config: Config) -> anyhow::Result<Self> {
        let text = Arc::new(text_index(&config)?);
        Self::connect_without_index(config).await.map(|context| Self { text, ..context })
    }

    /// [`Context::connect`] without the text index, which only the serving process may write.
    ///
    /// # Errors
    /// [`anyhow::Error`], see [`Context::connect`].
    pub async fn connect_without_index(config: Config) -> anyhow::Result<Self> {
        let db = Db::connect(&config.database).await?;
        let mailer = mailer(&config)?;
        Self::assemble(config, db, mailer, Arc::new(SystemClock)).await
    }

    /// [`Context::connect_without_index`] without the listings, for commands that look up none.
    ///
    /// # Errors
    /// [`anyhow::Error`], see [`Context::connect`].
    pub async fn connect_without_listings(config: Config) -> anyhow::Result<Self> {
        let db = Db::connect(&config.database).await?;
        let mailer = mailer(&config)?;
        let inventory = Inventory::unloaded(config.ranking.clone().unwrap_or_default());
        Self::of_parts(config, db, (inventory, Beside::unloaded()), mailer, Arc::new(SystemClock))
    }

    /// Builds a context from its parts, with a text index in memory.
    ///
    /// # Errors
    /// [`anyhow::Error`] where the snapshot cannot be loaded, or a template or key is invalid.
    pub async fn assemble(
        config: Config,
        db: Db,
        mailer: Arc<dyn Mailer>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let ranking = config.ranking.clone().unwrap_or_default();
        // By two connections and on two cores: most of their time they decode rows.
        let (other, now) = (db.clone(), clock.now());
        let beside = tokio::spawn(async move { Beside::load(&other, now).await });
        let inventory = Inventory::load(&db, ranking).await?;
        let beside = beside.await??;
        inventory.note_behind(&beside);
        let context = Self::of_parts(config, db, (inventory, beside), mailer, clock)?;
        context.policies.follow(&context.db).await?;
        Ok(context)
    }

    fn of_parts(
        config: Config,
        db: Db,
        (inventory, beside): (Inventory, Beside),
        mailer: Arc<dyn Mailer>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            dkim: dkim(&config)?,
            templates: Templates::new()?,
            outbox: Arc::new(Notify::new()),
            counts: CountCache::default(),
            policies: PolicyShelf::default(),
            in_work: InWork::default(),
            known_keys: KnownKeys::default(),
            hashing: Semaphore::new(2),
            file_work: Semaphore::new(2),
            table_program: None,
            links: None,
            config,
            db,
            clock,
            inventory,
            beside,
            text: Arc::new(Guarded::alone(Arc::new(Memory::new()))),
            text_changes: Mutex::default(),
            mailer,
        })
    }
}

impl Context {
    /// Mails written by the file mailer, for the development page.
    #[must_use]
    pub fn stored_mails(&self) -> FileMailer {
        FileMailer::new(&self.config.mail.dir)
    }

    /// Envelope sender, where bounces are sent.
    #[must_use]
    pub fn envelope_from(&self) -> String {
        let mail = &self.config.mail;
        if mail.bounce.is_empty() {
            crate::mail::Party::parse(&mail.from).map(|from| from.address).unwrap_or_default()
        } else {
            mail.bounce.clone()
        }
    }
}

fn text_index(config: &Config) -> anyhow::Result<Guarded> {
    let dir = &config.search.dir;
    let local = Arc::new(Embedded::open(dir).with_context(|| format!("search.dir {}", dir.display()))?);
    Ok(match meili(config)? {
        Some(meili) => Guarded::new(Arc::new(meili), local),
        None => Guarded::alone(local),
    })
}

/// Connects to Meilisearch where it is configured.
///
/// # Errors
/// [`anyhow::Error`] where its address or key is unusable.
pub fn meili(config: &Config) -> anyhow::Result<Option<Meili>> {
    let search = &config.search;
    if search.meili_url.is_empty() {
        return Ok(None);
    }
    let key = Some(search.meili_key.expose_secret()).filter(|key| !key.is_empty());
    let meili = Meili::new(&search.meili_url, key, MEILI_INDEX).context("search.meili_url (MEILI_URL)")?;
    let meili = meili.building_as(&crate::ids::row_id());
    Ok(Some(match search.meili_search_key.expose_secret() {
        "" => meili,
        key => meili.searching_with(key).context("search.meili_search_key (MEILI_SEARCH_KEY)")?,
    }))
}

fn mailer(config: &Config) -> anyhow::Result<Arc<dyn Mailer>> {
    if !config.has_relay() {
        return Ok(Arc::new(FileMailer::new(&config.mail.dir)));
    }
    let relay = RelayUrl::parse(config.mail.smtp_url.expose_secret()).context("mail.smtp_url (SMTP_URL)")?;
    let limits = PhaseLimits::capped(std::time::Duration::from_secs(config.mail.phase_limit_seconds));
    let host = config
        .server
        .base_url
        .split("://")
        .last()
        .and_then(|rest| rest.split(['/', ':']).next())
        .unwrap_or("localhost");
    let ca = match config.mail.ca_file.as_str() {
        "" => None,
        file => {
            let pem = std::fs::read_to_string(file).with_context(|| format!("mail.ca_file {file}"))?;
            // rustls accepts a PEM file without a certificate and adds none: the mistake would only show as a TLS
            // failure.
            anyhow::ensure!(pem.contains("-----BEGIN CERTIFICATE-----"), "mail.ca_file {file} holds no certificate");
            Some(pem.into_bytes())
        }
    };
    Ok(Arc::new(SmtpMailer::new(relay, host, limits, ca.as_deref()).context("mail.ca_file")?))
}

fn dkim(config: &Config) -> anyhow::Result<Option<Dkim>> {
    let mail = &config.mail;
    if mail.dkim_key_file.is_empty() {
        return Ok(None);
    }
    let about_file = || format!("mail.dkim_key_file {}", mail.dkim_key_file);
    let key = std::fs::read_to_string(&mail.dkim_key_file).with_context(about_file)?;
    match Dkim::new(&mail.dkim_domain, &mail.dkim_selector, &key) {
        Ok(dkim) => Ok(Some(dkim)),
        Err(error @ DkimError::Name(_)) => Err(error.into()),
        Err(error) => Err(error).with_context(about_file),
    }
}
