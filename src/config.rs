//! Configuration: defaults, the profile's file, the environment, in this order of precedence; one struct per section.

mod checks;
mod environment;
mod reading;
mod shared;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

pub use reading::{RatesConfig, ReadingConfig};

const DEFAULTS: &str = include_str!("../config/default.toml");
const PROFILES: [(&str, &str); 3] = [
    ("development", include_str!("../config/development.toml")),
    ("test", include_str!("../config/test.toml")),
    ("production", include_str!("../config/production.toml")),
];

/// Longest lease of a mail, s: one that reaches further ahead was made before the clock was set back.
pub(crate) const LONGEST_LEASE_SECONDS: u64 = 3_600;

/// Deployment profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Laptop: demo inventory, mails as files, a page that lists them.
    Development,
    /// Automated tests: no demo inventory, no rate limits.
    Test,
    /// Server: weak settings are refused.
    Production,
}

/// All sections. Every key has its default in `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// From `LUODI_PROFILE`.
    #[serde(skip, default = "development")]
    pub profile: Profile,
    /// Digests of the settings that every process must have in common, by name.
    #[serde(skip)]
    pub shared: std::collections::BTreeMap<String, String>,
    /// HTTP server.
    pub server: ServerConfig,
    pub database: DatabaseConfig,
    pub search: SearchConfig,
    pub mail: MailConfig,
    /// Mail that comes in.
    pub receive: ReceiveConfig,
    /// Rate limits.
    pub limits: LimitsConfig,
    /// Prometheus endpoint.
    pub metrics: MetricsConfig,
    /// Operator shown on pages and in the privacy notice.
    pub site: SiteConfig,
    /// Clock, digests and notices of the desk.
    pub desk: DeskConfig,
    /// The key of secrets at rest.
    pub secrets: SecretsConfig,
    /// Periods of retention.
    pub retention: RetentionConfig,
    pub backup: BackupConfig,
    /// Delivery of webhooks.
    pub webhooks: WebhooksConfig,
    /// Rules of accounts of staff.
    pub accounts: AccountsConfig,
    /// Exchange rates of the reader.
    #[serde(default)]
    pub reading: ReadingConfig,
    /// Weights of the ranking; `None` equals the compiled weights.
    #[serde(default)]
    pub ranking: Option<domain::matching::Ranking>,
}

const fn development() -> Profile {
    Profile::Development
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct ServerConfig {
    pub listen: SocketAddr,
    pub base_url: String,
    pub drain_seconds: u64,
    pub max_connections: usize,
    pub max_requests: usize,
    pub head_seconds: u64,
    pub body_seconds: u64,
    pub body_bytes: usize,
    pub upload_bytes: usize,
    pub upload_seconds: u64,
    pub trusted_hops: usize,
    pub no_proxy: bool,
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct DatabaseConfig {
    pub url: SecretString,
    pub connections: u32,
    pub acquire_seconds: u64,
    pub least_free_mb: u64,
    pub private_network: bool,
}

/// `[search]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct SearchConfig {
    pub dir: PathBuf,
    pub meili_url: String,
    pub meili_key: SecretString,
    pub meili_search_key: SecretString,
    pub private_network: bool,
}

/// `[mail]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct MailConfig {
    pub smtp_url: SecretString,
    pub ca_file: String,
    pub dir: PathBuf,
    pub from: String,
    pub bounce: String,
    pub bounce_domain: String,
    pub alias_domain: String,
    pub slots: usize,
    pub phase_limit_seconds: u64,
    pub lease_seconds: u64,
    pub retry_max_seconds: u64,
    pub poll_seconds: u64,
    pub dkim_selector: String,
    pub dkim_domain: String,
    pub dkim_key_file: String,
    pub ask_parks: bool,
}

/// `[receive]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct ReceiveConfig {
    pub lmtp: String,
    pub imap_url: SecretString,
    pub poll_seconds: u64,
}

/// `[desk]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct DeskConfig {
    pub digest: bool,
    pub assignment_mail: bool,
    pub clock: domain::lead::ClockDays,
    #[serde(default)]
    pub parks: std::collections::HashMap<String, domain::lead::ClockDays>,
}

/// `[secrets]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct SecretsConfig {
    pub key: SecretString,
    pub key_file: String,
}

/// `[retention]`, months.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct RetentionConfig {
    pub contact_months: u32,
    pub audit_months: u32,
    pub import_months: u32,
    pub history_months: u32,
}

/// `[backup]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct BackupConfig {
    pub erasure_ledger: PathBuf,
}

impl BackupConfig {
    /// Path of the ledger of erasures; `None` where none is kept.
    #[must_use]
    pub fn erasure_ledger(&self) -> Option<PathBuf> {
        Some(self.erasure_ledger.clone()).filter(|path| !path.as_os_str().is_empty())
    }
}

/// `[webhooks]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct WebhooksConfig {
    pub timeout_seconds: u64,
    pub private_network: bool,
    pub ca_file: String,
}

/// `[accounts]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct AccountsConfig {
    pub second_factor: FactorRule,
    pub breached_passwords_file: String,
}

/// Accounts that must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorRule {
    /// Admins, in production.
    Admins,
    /// Every account.
    All,
}

/// `[limits]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct LimitsConfig {
    pub enabled: bool,
    pub submits_per_network_hour: i64,
    pub submits_per_phone_day: i64,
    pub receipts_per_address_day: i64,
    pub reports_per_network_hour: i64,
    pub shares_per_network_hour: i64,
    pub alerts_per_network_hour: i64,
    pub alerts_per_address_day: i64,
    pub alerts_per_address: i64,
    pub requests_per_minute: u32,
    pub requests_per_key_minute: u32,
    pub least_fill_seconds: i64,
    pub sign_in_failures_per_account_hour: i64,
    pub sign_in_failures_per_network_hour: i64,
    pub sign_in_delay_max_ms: u64,
    pub reveals_per_account_day: i64,
    pub exports_per_account_day: i64,
}

/// `[metrics]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct MetricsConfig {
    pub listen: String,
}

/// `[site]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "every key is documented in config/default.toml")]
pub struct SiteConfig {
    pub operator: String,
    pub contact: String,
    pub phone: String,
    pub icp: String,
    pub police: String,
}

impl Config {
    /// Loads the configuration of the process: defaults, `config/<profile>.toml` (from the working directory, else the
    /// compiled copy), `LUODI__SECTION__KEY`, and the conventional names `DATABASE_URL`, `SMTP_URL`, `MEILI_URL`,
    /// `MEILI_KEY`, `MEILI_SEARCH_KEY`; each of these may come from a file (`NAME_FILE`).
    ///
    /// # Errors
    /// [`anyhow::Error`] with the unknown or invalid key, and in production with every weak setting.
    pub fn load() -> anyhow::Result<Self> {
        let variables: Vec<(String, String)> = std::env::vars().collect();
        Self::from_variables(&variables)
    }

    /// Loads from given environment variables.
    ///
    /// # Errors
    /// [`anyhow::Error`], see [`Config::load`].
    pub fn from_variables(variables: &[(String, String)]) -> anyhow::Result<Self> {
        let (profile, built) = Self::layers(variables)?;
        let set: toml::Table = built.clone().try_deserialize().context("configuration")?;
        let mut config: Self = built.try_deserialize().context("configuration")?;
        config.profile = profile;
        if config.server.base_url.is_empty() {
            config.server.base_url = format!("http://{}", config.server.listen);
        }
        config.validate()?;
        config.shared = config.shared_digests(&set)?;
        Ok(config)
    }

    /// Returns the keys of a deployment that differ from the defaults, with their values; secrets are masked.
    ///
    /// # Errors
    /// [`anyhow::Error`], see [`Config::load`].
    pub fn changed(variables: &[(String, String)]) -> anyhow::Result<Vec<(String, String)>> {
        let defaults: toml::Table = DEFAULTS.parse().context("config/default.toml")?;
        let set: toml::Table = Self::layers(variables)?.1.try_deserialize().context("configuration")?;
        let mut changed = Vec::new();
        for (section, keys) in &set {
            for (key, value) in keys.as_table().into_iter().flatten() {
                if defaults.get(section).and_then(|known| known.get(key)) != Some(value) {
                    changed.push((format!("{section}.{key}"), environment::shown(key, value)));
                }
            }
        }
        Ok(changed)
    }

    /// Lays defaults, the profile's file and variables over each other.
    fn layers(variables: &[(String, String)]) -> anyhow::Result<(Profile, config::Config)> {
        let variables = environment::with_files(variables)?;
        let variable = |name: &str| variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let name = variable("LUODI_PROFILE").filter(|name| !name.is_empty()).unwrap_or("development");
        let (profile, compiled) = match PROFILES.iter().position(|(known, _)| *known == name) {
            Some(at) => ([Profile::Development, Profile::Test, Profile::Production][at], PROFILES[at].1),
            None => bail!("LUODI_PROFILE={name} is unknown; use development, test or production"),
        };
        let file = std::path::Path::new("config").join(format!("{name}.toml"));
        let written = if file.is_file() {
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?
        } else {
            compiled.to_owned()
        };
        let own: std::collections::HashMap<String, String> =
            variables.iter().filter(|(key, _)| key.starts_with("LUODI__")).cloned().collect();
        let mut builder = config::Config::builder()
            .add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml))
            .add_source(config::File::from_str(&written, config::FileFormat::Toml))
            .add_source(config::Environment::with_prefix("LUODI").separator("__").source(Some(own)));
        for (name, key) in environment::CONVENTIONAL {
            if let Some(value) = variable(name).filter(|value| !value.is_empty()) {
                builder = builder.set_override(key, value)?;
            }
        }
        Ok((profile, builder.build()?))
    }

    /// Whether mails are sent through a relay.
    #[must_use]
    pub fn has_relay(&self) -> bool {
        !self.mail.smtp_url.expose_secret().is_empty()
    }

    /// Whether Meilisearch is searched by a key of its own.
    #[must_use]
    pub fn has_search_key(&self) -> bool {
        let (search, index) = (self.search.meili_search_key.expose_secret(), self.search.meili_key.expose_secret());
        !search.is_empty() && search != index
    }

    /// Returns the key under which secrets are encrypted at rest; `None` where none is configured.
    ///
    /// # Errors
    /// [`anyhow::Error`] where the file cannot be read or the key is not 32 bytes in base64.
    pub fn secret_key(&self) -> anyhow::Result<Option<[u8; 32]>> {
        use base64::Engine as _;
        let file = self.secrets.key_file.as_str();
        let text = match file {
            "" => self.secrets.key.expose_secret().to_owned(),
            path => std::fs::read_to_string(path).with_context(|| format!("secrets.key_file {path}"))?,
        };
        if file.is_empty() && text.is_empty() {
            return Ok(None);
        }
        let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok();
        let key = bytes.and_then(|bytes| bytes.try_into().ok());
        key.map(Some).context("secrets.key must be 32 bytes in base64: openssl rand -base64 32")
    }
}
