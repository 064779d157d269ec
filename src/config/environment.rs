//! Environment variables, and the files that secrets come from.

use anyhow::{Context as _, bail};

use super::DEFAULTS;

/// Conventional names of keys.
pub(super) const CONVENTIONAL: [(&str, &str); 5] = [
    ("DATABASE_URL", "database.url"),
    ("SMTP_URL", "mail.smtp_url"),
    ("MEILI_URL", "search.meili_url"),
    ("MEILI_KEY", "search.meili_key"),
    ("MEILI_SEARCH_KEY", "search.meili_search_key"),
];
/// Ending of a variable that names a file.
const FILE: &str = "_FILE";

/// Returns the variables without blanks at their ends, those of `NAME_FILE` read from their files.
///
/// # Errors
/// [`anyhow::Error`] where a file cannot be read, or both `NAME` and `NAME_FILE` are set.
pub(super) fn with_files(variables: &[(String, String)]) -> anyhow::Result<Vec<(String, String)>> {
    let keys: toml::Table = DEFAULTS.parse().context("config/default.toml")?;
    let mut read = Vec::new();
    for (name, value) in variables {
        let Some(plain) = name.strip_suffix(FILE).filter(|plain| may_be_read(&keys, plain, name)) else {
            read.push((name.clone(), value.trim().to_owned()));
            continue;
        };
        if value.trim().is_empty() {
            continue;
        }
        if variables.iter().any(|(other, value)| other == plain && !value.trim().is_empty()) {
            bail!("both {plain} and {name} are set");
        }
        let text = std::fs::read_to_string(value.trim()).with_context(|| format!("{name}: {value}"))?;
        read.push((plain.to_owned(), text.trim().to_owned()));
    }
    Ok(read)
}

/// Whether a variable is one of ours that a file may hold. Keys that end in `_file` themselves are no such variables.
fn may_be_read(keys: &toml::Table, plain: &str, whole: &str) -> bool {
    if CONVENTIONAL.iter().any(|(name, _)| *name == plain) {
        return true;
    }
    let has_key = |name: &str| {
        let path = name.strip_prefix("LUODI__").map(str::to_lowercase).unwrap_or_default();
        let Some((section, key)) = path.split_once("__") else { return false };
        keys.get(section).and_then(|section| section.get(key)).is_some()
    };
    has_key(plain) && !has_key(whole)
}

/// Returns a value as it may be printed: keys are masked, and so are passwords in URLs.
pub(super) fn shown(key: &str, value: &toml::Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if matches!(key, "key" | "meili_key" | "meili_search_key") {
        return "***".to_owned();
    }
    let Some((scheme, rest)) = text.split_once("://") else { return text };
    match rest.rsplit_once('@') {
        Some((user, place)) => format!("{scheme}://{}:***@{place}", user.split(':').next().unwrap_or_default()),
        None => text,
    }
}
