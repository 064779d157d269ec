//! The catalogues: dotted keys to sentences with named arguments, `{name}`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use toml::{Table, Value};

use super::Locale;

/// The sentences of one locale.
#[derive(Debug)]
pub struct Catalogue {
    sentences: BTreeMap<String, String>,
}

static ZH_HANS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::parse(include_str!("locales/zh-Hans.toml")));
static EN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::parse(include_str!("locales/en.toml")));

/// The catalogue of a locale.
#[must_use]
pub fn catalogue(locale: Locale) -> &'static Catalogue {
    match locale {
        Locale::ZhHans => &ZH_HANS,
        Locale::En => &EN,
    }
}

/// The sentence of a key with its arguments; the key itself where the catalogue lacks it, which the tests exclude.
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

/// The sentence of a key without arguments.
#[must_use]
pub fn tell(locale: Locale, key: &str) -> String {
    say(locale, key, &[])
}

/// Whether there is a sentence for a key, for codes that come from outside the catalogue's reach.
#[must_use]
pub fn has(key: &str) -> bool {
    ZH_HANS.sentence(key).is_some()
}

impl Catalogue {
    /// Reads a catalogue; one that is not TOML is empty, which the tests exclude.
    fn parse(text: &str) -> Self {
        let mut sentences = BTreeMap::new();
        match text.parse::<Table>() {
            Ok(table) => flatten(&table, "", &mut sentences),
            Err(error) => tracing::error!(%error, "a catalogue cannot be read"),
        }
        Self { sentences }
    }

    /// The sentence of a key as it stands.
    #[must_use]
    pub fn sentence(&self, key: &str) -> Option<&str> {
        self.sentences.get(key).map(String::as_str)
    }

    /// Every key with its sentence.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sentences.iter().map(|(key, sentence)| (key.as_str(), sentence.as_str()))
    }
}

fn flatten(table: &Table, above: &str, sentences: &mut BTreeMap<String, String>) {
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

/// Puts the arguments in; a placeholder without an argument stays visible.
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
