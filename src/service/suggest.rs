//! Suggestions while a search is typed: places, words of sites and trades, and names of parks.

use domain::listing::Kind;
use serde::Serialize;

use super::context::Context;
use crate::i18n::{self, Locale};
use crate::search::{LONGEST_TEXT, complete};

/// Most suggestions, and most names of parks among them.
const MOST: usize = 8;
const MOST_PARKS: usize = 3;
/// Fewest characters of a name by which parks are suggested.
const LEAST_OF_NAME: usize = 2;

/// A text to search for instead of the typed one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    pub text: String,
    /// Where it is, for a place.
    pub hint: String,
}

/// Returns suggestions for a text of which the last word is being typed.
#[must_use]
pub fn suggest(app: &Context, locale: Locale, typed: &str) -> Vec<Suggestion> {
    if typed.chars().count() > LONGEST_TEXT {
        return Vec::new();
    }
    let (before, last) = typed.rsplit_once(char::is_whitespace).unwrap_or(("", typed));
    let whole = |text: &str| if before.is_empty() { text.to_owned() } else { format!("{} {text}", before.trim()) };
    let mut all: Vec<Suggestion> = complete(last, locale == Locale::En, MOST)
        .into_iter()
        .map(|it| Suggestion {
            text: whole(&it.text),
            hint: it.division.map(|code| i18n::region_name(locale, code)).unwrap_or_default(),
        })
        .collect();
    let parks = if before.is_empty() { parks(app, locale, last) } else { Vec::new() };
    all.truncate(MOST - parks.len());
    all.extend(parks);
    all.retain(|it| it.text != typed);
    all
}

/// Returns parks whose name holds what was typed, or in English begins with it.
fn parks(app: &Context, locale: Locale, typed: &str) -> Vec<Suggestion> {
    let small = typed.to_lowercase();
    if small.chars().count() < LEAST_OF_NAME {
        return Vec::new();
    }
    let names = app.inventory.records_of(Kind::Park).into_iter().filter_map(|park| {
        let name = park.get("name").to_owned();
        let english = i18n::park_name(Locale::En, park.id(), &name);
        let is_named = name.contains(typed) || english.to_lowercase().starts_with(&small);
        let text = if locale == Locale::En { i18n::without_chinese(&english).to_owned() } else { name };
        is_named.then_some(Suggestion { text, hint: String::new() })
    });
    names.take(MOST_PARKS).collect()
}
