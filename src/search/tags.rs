//! Tags of documents, by which results are counted and narrowed: `region:330200`, `level:国家级`.

use std::collections::BTreeMap;

use domain::decimal::Decimal;
use domain::industry::IndustryCode;
use domain::listing::Listing;
use domain::region::{DivisionCode, DivisionLevel, divisions};
use domain::requirement::Word as _;

use super::figures::DocFigures;

/// Properties by which results are counted and narrowed, besides their kind, in the order of the page.
pub const FACETS: [&str; 6] = ["region", "industry", "level", "status", "facility", "area"];
/// Tag of a trade that a record names itself, without those around it.
pub(super) const OWN: &str = "own";
/// Least sizes of the bands of land in mu and of floor in m².
const LAND: [(&str, i64); 4] = [("land_0", 0), ("land_20", 20), ("land_50", 50), ("land_100", 100)];
const FLOOR: [(&str, i64); 4] = [("floor_0", 0), ("floor_1000", 1_000), ("floor_3000", 3_000), ("floor_10000", 10_000)];

/// Counts by facet and value.
pub type TagCounts = BTreeMap<String, BTreeMap<String, u64>>;

/// Returns a tag.
pub(super) fn tag(facet: &str, value: impl std::fmt::Display) -> String {
    format!("{facet}:{value}")
}

/// Returns the tags of a listing beside its places and trades.
pub(super) fn of_listing(listing: &Listing, figures: &DocFigures) -> Vec<String> {
    let mut tags: Vec<String> = listing.level.map(|level| tag("level", level.word())).into_iter().collect();
    tags.extend(listing.status.map(|status| tag("status", status.word())));
    tags.extend(listing.facilities.has.iter().map(|it| tag("facility", it.code())));
    let band = |field: &str, bands: &[(&str, i64)]| {
        let figure = *figures.get(field)?;
        let (name, _) = bands.iter().rev().find(|(_, least)| figure >= Decimal::from_int(*least).micro())?;
        Some(tag("area", name))
    };
    tags.extend(band("land_mu", &LAND));
    tags.extend(band("floor_m2", &FLOOR));
    tags
}

/// Returns the tag of a trade that a record names itself.
pub(super) fn own(code: IndustryCode) -> String {
    tag(OWN, code)
}

/// Weight of a document that names a trade or one inside it.
const NAMED: u8 = 9;

/// Returns the tags of which a document for a trade has one, with their weights: its code, one inside it, or as its own one
/// around it, the narrower the heavier.
pub(super) fn of_trade(code: IndustryCode) -> Vec<(String, u8)> {
    let text = code.to_string();
    let around = (2..text.len()).map(|length| (text[..length].to_owned(), length as u8));
    let section = code.section().to_string();
    let section = (section != text).then_some((section, 1));
    let around = around.chain(section).map(|(other, weight)| (tag(OWN, other), weight));
    around.chain([(tag("industry", &text), NAMED)]).collect()
}

/// Counts a document's tag.
pub(super) fn count(counts: &mut TagCounts, tag: &str, by: u64) {
    if let Some((facet, value)) = tag.split_once(':').filter(|(facet, _)| *facet != OWN) {
        *counts.entry(facet.to_owned()).or_default().entry(value.to_owned()).or_default() += by;
    }
}

/// Returns the counts of provinces among those of places.
pub(super) fn provinces(counts: &TagCounts) -> BTreeMap<String, u64> {
    let level = |code: &str| Some(divisions().get(DivisionCode::parse(code)?)?.level);
    let places = counts.get("region").into_iter().flatten();
    places
        .filter(|(code, _)| level(code) == Some(DivisionLevel::Province))
        .map(|(code, count)| (code.clone(), *count))
        .collect()
}
