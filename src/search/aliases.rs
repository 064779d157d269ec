//! Names by which a document is meant as a whole: a query that is one of them has it first.

use std::sync::LazyLock;

use domain::region::{DivisionCode, divisions};

use super::fold::Folded;
use super::vocabulary::without_kind;

/// Endings of parks with the words that people say instead, as the reader of requirements has them.
static ZONES: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
    let rows = include_str!("../../config/data/reader/place_names.txt").lines();
    let zone = |row: &'static str| row.strip_prefix("zone ")?.split_once(": ");
    let read = rows.filter_map(zone).map(|(ending, words)| (ending, words.split('|').collect()));
    read.chain([("工业园区", vec!["园区"])]).collect()
});

/// Returns a name as it is compared: folded, small, letters and digits alone.
pub(super) fn key(name: &str) -> String {
    let folded = Folded::new(name).text;
    folded.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the keys of a park's name, with and without its province, by its official ending and those that people say.
pub(super) fn of_park(name: &str, regions: &[DivisionCode]) -> Vec<String> {
    let province = regions.last().and_then(|code| divisions().get(*code)).map(|row| without_kind(&row.name));
    let short = province.and_then(|province| name.strip_prefix(province));
    let mut names = Vec::new();
    for name in [Some(name), short].into_iter().flatten() {
        names.push(key(name));
        for (ending, words) in ZONES.iter() {
            let Some(stem) = name.strip_suffix(ending).filter(|stem| !stem.is_empty()) else { continue };
            names.extend(words.iter().map(|word| key(&format!("{stem}{word}"))));
        }
    }
    names.sort();
    names.dedup();
    names
}
