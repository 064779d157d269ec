//! Configuration: `config/default.toml` against the structs, walked by a deserializer that records each field.

use std::cell::RefCell;
use std::collections::BTreeSet;

use luodi::config::Config;
use serde::Deserialize as _;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer as _, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Answers each request of a struct with an empty value, and records the paths of the fields.
#[derive(Clone)]
struct Walker<'f> {
    path: String,
    found: &'f RefCell<BTreeSet<String>>,
}

/// The fields of one struct.
struct Fields<'f> {
    walker: Walker<'f>,
    names: std::slice::Iter<'static, &'static str>,
    value: Option<Walker<'f>>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let path = format!("{}.{name}", self.walker.path).trim_start_matches('.').to_owned();
        self.value = Some(Walker { path, found: self.walker.found });
        let key: StrDeserializer<'_, Error> = (*name).into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.value.take().expect("a key came before"))
    }
}

impl Walker<'_> {
    fn leaf(&self) {
        self.found.borrow_mut().insert(self.path.clone());
    }
}

impl<'de> Deserializer<'de> for Walker<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.leaf();
        visitor.visit_str("127.0.0.1:1")
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.leaf();
        visitor.visit_bool(false)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.leaf();
        visitor.visit_u64(1)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.leaf();
        let first: StrDeserializer<'_, Error> = variants[0].into_deserializer();
        visitor.visit_enum(first)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.leaf();
        visitor.visit_map(Fields { walker: self, names: [].iter(), value: None })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Fields { walker: self, names: fields.iter(), value: None })
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct
        identifier ignored_any
    }
}

const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Keys of a TOML text as `section.key`; a section without keys counts as a key itself.
fn keys_of(text: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut section = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
            keys.insert(section.clone());
        } else if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with('#')) {
            keys.remove(&section);
            keys.insert(format!("{section}.{key}"));
        }
    }
    keys
}

#[test]
fn the_defaults_hold_every_key_of_the_configuration_and_no_other() {
    let found = RefCell::new(BTreeSet::new());
    Config::deserialize(Walker { path: String::new(), found: &found }).expect("every field takes the walker's values");
    let mut fields = found.into_inner();
    // Its keys are codes of parks, of which the defaults name none.
    assert!(fields.remove("desk.parks"));
    assert!(fields.len() > 40, "{fields:?}");
    assert_eq!(keys_of(DEFAULTS), fields);
}

#[test]
fn every_key_of_the_defaults_has_a_comment() {
    let mut is_explained = false;
    for line in DEFAULTS.lines() {
        if line.starts_with('#') {
            is_explained = true;
        } else if line.is_empty() {
            is_explained = false;
        }
        assert!(!line.contains(" = ") || is_explained, "{line} has no comment above it in its group");
    }
}

#[test]
fn the_default_ranking_is_the_compiled_one() {
    let config = Config::from_variables(&[]).expect("the defaults are valid");
    let ranking = config.ranking.expect("the defaults hold a ranking");
    let compiled = domain::matching::Ranking::default();
    assert_eq!(ranking.version, compiled.version);
    for line in compiled.lines() {
        assert_eq!(ranking.max_points(line.criterion), line.max_points);
    }
}

#[test]
fn texts_of_digits_in_variables_stay_as_they_were_typed() {
    let own = [
        ("LUODI_PROFILE", "test"),
        ("LUODI__SITE__PHONE", "057487000000"),
        ("LUODI__MAIL__DKIM_SELECTOR", "0326"),
        ("LUODI__SERVER__DRAIN_SECONDS", "7"),
        ("LUODI__LIMITS__ENABLED", "false"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::from_variables(&own).expect("a configuration");
    assert_eq!((config.site.phone.as_str(), config.mail.dkim_selector.as_str()), ("057487000000", "0326"));
    assert_eq!((config.server.drain_seconds, config.limits.enabled), (7, false));
}
