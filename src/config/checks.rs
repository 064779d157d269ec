//! Checks of the configuration: values out of range, and in production weak settings, all at once.

use anyhow::{Context as _, bail};
use secrecy::ExposeSecret as _;

use super::{Config, LONGEST_LEASE_SECONDS, Profile};

/// Longest `webhooks.timeout_seconds`.
const LONGEST_WEBHOOK_SECONDS: u64 = 30;

impl Config {
    pub(super) fn validate(&self) -> anyhow::Result<()> {
        self.secret_key()?;
        let breached = self.accounts.breached_passwords_file.as_str();
        if !breached.is_empty() {
            std::fs::File::open(breached).with_context(|| format!("accounts.breached_passwords_file {breached}"))?;
        }
        let url = self.database.url.expose_secret();
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
            bail!("database.url (DATABASE_URL) must begin with sqlite: or postgres:");
        }
        for (key, value) in [
            ("mail.slots", self.mail.slots as u64),
            ("mail.lease_seconds", self.mail.lease_seconds),
            ("mail.poll_seconds", self.mail.poll_seconds),
            ("mail.phase_limit_seconds", self.mail.phase_limit_seconds),
            ("receive.poll_seconds", self.receive.poll_seconds),
            ("server.max_connections", self.server.max_connections as u64),
            ("server.max_requests", self.server.max_requests as u64),
            ("server.head_seconds", self.server.head_seconds),
            ("server.body_seconds", self.server.body_seconds),
            ("database.connections", u64::from(self.database.connections)),
            ("retention.contact_months", u64::from(self.retention.contact_months)),
            ("retention.audit_months", u64::from(self.retention.audit_months)),
            ("retention.import_months", u64::from(self.retention.import_months)),
            ("retention.history_months", u64::from(self.retention.history_months)),
        ] {
            if value == 0 {
                bail!("{key} must be at least 1");
            }
        }
        if self.mail.lease_seconds > LONGEST_LEASE_SECONDS {
            bail!("mail.lease_seconds must be at most {LONGEST_LEASE_SECONDS}");
        }
        // Below half the lease of a delivery, so that no other process takes one that is on its way.
        if !(1..=LONGEST_WEBHOOK_SECONDS).contains(&self.webhooks.timeout_seconds) {
            bail!("webhooks.timeout_seconds must be between 1 and {LONGEST_WEBHOOK_SECONDS}");
        }
        if self.profile == Profile::Production {
            self.refuse_weak()?;
        }
        Ok(())
    }

    fn refuse_weak(&self) -> anyhow::Result<()> {
        let mut weak = Vec::new();
        if self.server.base_url.starts_with("https://") && self.server.trusted_hops == 0 && !self.server.no_proxy {
            weak.push(
                "server.trusted_hops must count the proxies that end TLS, else all clients share one address and its rate \
                 limits (server.no_proxy = true where there is none)",
            );
        }
        if !self.database.private_network && !is_private(self.database.url.expose_secret()) {
            weak.push(
                "database.url (DATABASE_URL) must be on this machine or have sslmode=require or stricter \
                 (database.private_network = true where no other machine sees the line)",
            );
        }
        if !self.search.private_network && !is_private(&self.search.meili_url) {
            weak.push(
                "search.meili_url (MEILI_URL) must be on this machine or begin with https:// \
                 (search.private_network = true where no other machine sees the line)",
            );
        }
        if !self.search.meili_url.is_empty() && !self.has_search_key() {
            weak.push(
                "search.meili_search_key (MEILI_SEARCH_KEY) must be a key that may search alone, other than search.meili_key \
                 (MEILI_KEY), which writes the index",
            );
        }
        if !self.server.base_url.starts_with("https://") {
            weak.push("server.base_url must begin with https://");
        }
        if !self.has_relay() {
            weak.push("mail.smtp_url (SMTP_URL) must name a relay");
        }
        if !self.limits.enabled {
            weak.push("limits.enabled must be true");
        }
        if self.mail.from.contains("example.com") {
            weak.push("mail.from must be an address of yours");
        }
        if self.site.operator.contains("示例") || self.site.contact.contains("example.com") {
            weak.push("site.operator and site.contact must name you");
        }
        if weak.is_empty() { Ok(()) } else { bail!("not fit for production: {}", weak.join("; ")) }
    }
}

/// Whether a connection stays on this machine or is encrypted.
fn is_private(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return true };
    if matches!(scheme, "sqlite" | "https") {
        return true;
    }
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.strip_prefix('[').map_or_else(
        || host.rsplit_once(':').map_or(host, |(host, _)| host),
        |host| host.split(']').next().unwrap_or_default(),
    );
    let said = |key: &str| query.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == key);
    // A folder as the host is a Unix socket.
    let host = said("host").map_or(host, |(_, host)| host);
    let is_local = host.is_empty() || host.starts_with('/') || host.starts_with("%2F") || host == "localhost";
    let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    let is_encrypted = said("sslmode").is_some_and(|(_, mode)| matches!(mode, "require" | "verify-ca" | "verify-full"));
    is_local || is_loopback || is_encrypted
}
