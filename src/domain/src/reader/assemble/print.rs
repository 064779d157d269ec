//! A requirement in plain words, as people may send it back: reading them gives the requirement again.

use crate::decimal::Decimal;
use crate::reader::fields::criteria::name;
use crate::reader::letters::rules::cues;
use crate::reader::words::field_words::printed;
use crate::reader::words::lists::TermTable;
use crate::reader::words::slot::Slot;
use crate::region::{DivisionCode, divisions};
use crate::requirement::{Near, ParkLevel, Range, Requirement, Word};

cues! {
    /// Words of the printed form, by field or value; those of amounts are in `fields.txt`.
    PrintCues in "print.txt" {
        label: TermTable,
        value: TermTable,
        bound: TermTable,
        side: TermTable,
    }
}

/// Prints a requirement in Chinese, one statement for each field.
///
/// [`crate::reader::read`] returns the same requirement from it, except for what no sentence states: a rent without a
/// lease, and a division that is both wanted and left out.
#[must_use]
pub fn print(requirement: &Requirement) -> String {
    let statements = things(requirement).into_iter().chain(amounts(requirement)).chain(places(requirement));
    let mut text = statements.collect::<Vec<_>>().join("；");
    if !text.is_empty() {
        text.push('。');
    }
    text
}

fn word(table: &TermTable, key: &str) -> &'static str {
    table.get(key).unwrap_or_default()
}

fn statement(field: &str, value: impl std::fmt::Display) -> String {
    format!("{}：{value}", word(&CUES.label, field))
}

fn list<T>(values: &[T], name: impl Fn(&T) -> String) -> String {
    values.iter().map(name).collect::<Vec<_>>().join("、")
}

/// Returns the printed word of a value by its word in JSON.
fn value<T: Word + PartialEq>(value: T) -> String {
    word(&CUES.value, value.word()).to_owned()
}

fn things(it: &Requirement) -> Vec<String> {
    let mut all = Vec::new();
    if !it.kinds.is_empty() {
        all.push(statement("kinds", list(&it.kinds, |&kind| value(kind))));
    }
    all.extend(it.site_use.map(|site_use| statement("use", value(site_use))));
    all.extend(it.industry.map(|code| statement("industry", code)));
    all.extend(it.tenure.map(|tenure| statement("tenure", value(tenure))));
    all
}

fn range(field: &str, range: Range) -> Option<String> {
    let (label, unit) = printed(field)?;
    let text = match range {
        Range { min: Some(min), max: Some(max) } if min == max => format!("{min}{unit}"),
        Range { min: Some(min), max: Some(max) } => format!("{min}{unit}{}{max}{unit}", word(&CUES.bound, "to")),
        Range { min: Some(min), max: None } => format!("{}{min}{unit}", word(&CUES.bound, "at_least")),
        Range { min: None, max: Some(max) } => format!("{}{max}{unit}", word(&CUES.bound, "at_most")),
        Range { min: None, max: None } => return None,
    };
    Some(format!("{label}：{text}"))
}

fn single(field: &str, value: Decimal) -> Option<String> {
    let (label, unit) = printed(field)?;
    Some(format!("{label}：{value}{unit}"))
}

fn amounts(it: &Requirement) -> Vec<String> {
    let ranges = Slot::ranges().map(Slot::field).filter_map(|field| range(field, it.range(field)?));
    let singles = Slot::singles().map(Slot::field).filter_map(|field| single(field, it.amount(field)?));
    ranges.chain(singles).collect()
}

fn places(it: &Requirement) -> Vec<String> {
    let full = |code: &DivisionCode| divisions().full_name(*code).replace(' ', "");
    let mut all = Vec::new();
    if !it.regions.is_empty() {
        all.push(statement("regions", list(&it.regions, full)));
    }
    if !it.exclude_regions.is_empty() {
        all.push(statement("exclude_regions", list(&it.exclude_regions, full)));
    }
    all.extend(it.near.map(near));
    if !it.park_levels.is_empty() {
        // The words of levels are Chinese in JSON too.
        let level = |level: &ParkLevel| level.word().to_owned();
        all.push(statement("park_levels", list(&it.park_levels, level)));
    }
    all.extend(it.available_by.map(|day| format!("{day}{}", word(&CUES.label, "available_by"))));
    all.extend(it.start_by.map(|day| statement("start_by", day)));
    all.extend(it.production_by.map(|day| statement("production_by", day)));
    all.extend(it.chemical.map(|chemical| statement("chemical", word(&CUES.value, &chemical.to_string()))));
    if !it.prefer.is_empty() {
        all.push(statement("prefer", list(&it.prefer, |&criterion| name(criterion).to_owned())));
    }
    all
}

fn near(near: Near) -> String {
    let side = |value: Decimal, positive: &str, negative: &str| {
        let magnitude = Decimal::from_micro(value.micro().abs());
        let side = word(&CUES.side, if value < Decimal::ZERO { negative } else { positive });
        format!("{side}{magnitude}{}", word(&CUES.side, "degrees"))
    };
    let (lng, lat) = (side(near.lng, "east", "west"), side(near.lat, "north", "south"));
    format!("{}{lng}{lat}{}{}", word(&CUES.side, "from"), near.max_km, word(&CUES.side, "within"))
}
