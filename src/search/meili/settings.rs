//! Settings of the index. With each change of them, or of a document's fields, the version in [`super::MEILI_INDEX`] rises.

use meilisearch_sdk::settings::{
    FilterFeatureModes, FilterFeatures, FilterableAttribute, FilterableAttributesSettings, PaginationSetting, Settings,
    TypoToleranceSettings,
};
use serde_json::{Value, json};

use crate::search::query::{LAST_PAGE, LONGEST_PAGE};

/// Most counted values: divisions, industries and the rest of the tags.
const MOST_FACET_VALUES: usize = 6_000;
/// Fields that are equal to a value where they pass.
const EQUAL: [&str; 5] = ["kind", "demo", "tags", "names", "place"];
/// Fields that are within bounds where they pass.
const BOUNDED: [&str; 1] = ["figures.*"];

/// Returns the settings that one request sets; prefix search has one of its own, see [`super::Meili`].
pub(super) fn settings() -> Settings {
    let filterable = [filterable(&EQUAL, false), filterable(&BOUNDED, true)];
    Settings::new()
        .with_searchable_attributes(["searched_title", "searched_also", "searched_body", "searched_beginnings"])
        .with_filterable_attributes_advanced(filterable)
        .with_ranking_rules(["words", "place:asc", "proximity", "attribute", "exactness", "order:asc", "id:asc"])
        // Words are stopped and corrected before either engine is asked.
        .with_typo_tolerance(TypoToleranceSettings { enabled: Some(false), ..TypoToleranceSettings::default() })
        .with_max_values_per_facet(MOST_FACET_VALUES)
        .with_pagination(PaginationSetting { max_total_hits: (LAST_PAGE * LONGEST_PAGE) as usize })
}

/// Whether an index has all settings that are wanted, among others.
pub(super) fn has(held: &Settings, wanted: &Settings) -> bool {
    let (held, wanted) = (json!(held), json!(wanted));
    wanted.as_object().is_some_and(|wanted| wanted.iter().all(|(name, value)| holds(&held[name], value)))
}

/// Whether a value is another one, or an object with all its entries. Null asks for the default, which no index is without.
fn holds(held: &Value, wanted: &Value) -> bool {
    match (held, wanted) {
        (Value::Object(held), Value::Object(wanted)) => {
            wanted.iter().all(|(name, value)| held.get(name).is_some_and(|held| holds(held, value)))
        }
        (_, Value::Null) => true,
        (held, wanted) => held == wanted,
    }
}

/// Fields for filters alone: what a comparison or a search among their values needs costs time with each document.
fn filterable(names: &[&str], comparison: bool) -> FilterableAttribute {
    FilterableAttribute::Settings(FilterableAttributesSettings {
        attribute_patterns: names.iter().map(|name| (*name).to_owned()).collect(),
        features: FilterFeatures { facet_search: false, filter: FilterFeatureModes { equality: true, comparison } },
    })
}
