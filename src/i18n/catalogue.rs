//! Message catalogues: dotted keys to sentences with named placeholders, `{name}`.

use std::collections::HashMap;
use std::sync::LazyLock;

use toml::{Table, Value};

use super::Locale;

/// Sentences of one locale.
#[derive(Debug)]
pub struct Catalogue {
    sentences: HashMap<String, String>,
}

static ZH_HANS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::parse(include_str!("locales/zh-Hans.toml")));
static EN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::parse(include_str!("locales/en.toml")));

/// Catalogue of a locale.
#[must_use]
pub fn catalogue(locale: Locale) -> &'static Catalogue {
    match locale {
        Locale::ZhHans => &ZH_HANS,
        Locale::En => &EN,
    }
}

/// Formats the sentence of a key; returns the key itself where it is missing, which the tests exclude.
#[must_use]
pub fn say(locale: Locale, key: &str, args: &[(&str, &str)]) -> String {
    match catalogue(locale).sentence(key) {
        Some(sentence) => fill(sentence, args),
        None => {
            tracing::error!(key, "a sentence is missing");
            key.to_owned()
        }
    }
}

/// Returns the sentence of a key without placeholders.
#[must_use]
pub fn tell(locale: Locale, key: &str) -> String {
    say(locale, key, &[])
}

/// Whether a key exists, for codes from outside.
#[must_use]
pub fn has(key: &str) -> bool {
    ZH_HANS.sentence(key).is_some()
}

impl Catalogue {
    /// Parses TOML; an invalid catalogue is empty, which the tests exclude.
    fn parse(text: &str) -> Self {
        let mut sentences = HashMap::new();
        match text.parse::<Table>() {
            Ok(table) => flatten(&table, "", &mut sentences),
            Err(error) => tracing::error!(%error, "a catalogue cannot be read"),
        }
        Self { sentences }
    }

    /// Sentence of a key, placeholders not replaced.
    #[must_use]
    pub fn sentence(&self, key: &str) -> Option<&str> {
        self.sentences.get(key).map(String::as_str)
    }

    /// All keys with their sentences.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sentences.iter().map(|(key, sentence)| (key.as_str(), sentence.as_str()))
    }
}

fn flatten(table: &Table, above: &str, sentences: &mut HashMap<String, String>) {
    for (name, value) in table {
        let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            Value::Table(inner) => flatten(inner, &key, sentences),
            Value::String(sentence) => {
                sentences.insert(key, sentence.clone());
            }
            other => tracing::error!(key, kind = other.type_str(), "a sentence is not text"),
        }
    }
}

/// Replaces placeholders; one without an argument stays visible.
fn fill(sentence: &str, args: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else { break };
        let name = &rest[open + 1..open + length];
        filled.push_str(&rest[..open]);
        match args.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&rest[open..=open + length]),
        }
        rest = &rest[open + length + 1..];
    }
    filled.push_str(rest);
    filled
}
