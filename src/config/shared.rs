//! Settings that every process of one database must have in common.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::Config;

/// Sections whose keys change answers, deadlines or what is deleted, whichever process is asked.
const SECTIONS: [&str; 5] = ["accounts", "desk", "ranking", "reading", "retention"];
/// Keys of `[mail]` that letters and their replies depend on.
const MAIL_KEYS: [&str; 3] = ["alias_domain", "bounce", "from"];

impl Config {
    /// Returns the digest of each setting that must be equal in all processes, by its name; `set` is the layered configuration.
    ///
    /// # Errors
    /// [`anyhow::Error`], see [`Config::secret_key`].
    pub(super) fn shared_digests(&self, set: &toml::Table) -> anyhow::Result<BTreeMap<String, String>> {
        let written = |value: Option<&toml::Value>| value.map(ToString::to_string).unwrap_or_default().into_bytes();
        let mut values: Vec<(String, Vec<u8>)> =
            SECTIONS.iter().map(|section| ((*section).to_owned(), written(set.get(*section)))).collect();
        let mail = set.get("mail");
        values.extend(MAIL_KEYS.map(|key| (format!("mail.{key}"), written(mail.and_then(|mail| mail.get(key))))));
        values.push(("server.base_url".to_owned(), self.server.base_url.clone().into_bytes()));
        values.push(("secrets.key".to_owned(), self.secret_key()?.map_or_else(Vec::new, |key| key.to_vec())));
        Ok(values.into_iter().map(|(name, value)| (name.clone(), digest(&name, &value))).collect())
    }
}

/// SHA-256 in hexadecimal, of a value under its name.
fn digest(name: &str, value: &[u8]) -> String {
    let hash = Sha256::new().chain_update(name).chain_update([0]).chain_update(value).finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
