//! Where each fact of a listing is from, and the listing's changes.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::freshness::{Evidence, FactCheck};
use domain::record::{Cell, Column, Record, Table as _};
use domain::requirement::Word as _;
use serde::Serialize;

use super::listing::{ELSEWHERE, cell_in_words};
use crate::db::history::PastChange;
use crate::i18n::{LabelledValue, Locale, Notation, column, date, say, tell, word};

/// Changes of a listing that its page tells, the newest.
const MOST_CHANGES: usize = 12;

/// A fact with its origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcedFact {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
    /// When, by which side and how it was last checked or changed; none where the whole list is from one source.
    pub origin: Option<String>,
}

/// Facts with their origins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcedFacts {
    /// The facts.
    pub facts: Vec<SourcedFact>,
    /// The origin of every checked fact that names none of its own.
    pub usual: Option<String>,
}

/// One change of a listing in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeView {
    /// The day.
    pub on: String,
    /// Each column that changed.
    pub words: Vec<String>,
}

/// The past of a listing.
pub struct Past<'p> {
    /// The record as stored.
    pub present: &'p Record,
    /// Its changes, newest first.
    pub changes: &'p [PastChange],
}

/// Returns facts with the last check or change of each; the origin that most share is told once.
#[must_use]
pub fn sourced(locale: Locale, facts: Vec<LabelledValue>, evidence: &Evidence, past: &Past<'_>) -> SourcedFacts {
    let changed = changed_on(past);
    let origins = facts.iter().map(|fact| origin(locale, past.present, &fact.name, evidence, &changed));
    let origins: Vec<Option<String>> = origins.collect();
    let usual = most_common(origins.iter().flatten());
    let own = |origin: Option<String>| origin.filter(|origin| Some(origin) != usual.as_ref());
    let fact = |(fact, origin): (LabelledValue, Option<String>)| SourcedFact {
        label: fact.label,
        value: fact.value,
        origin: own(origin),
    };
    SourcedFacts { facts: facts.into_iter().zip(origins).map(fact).collect(), usual }
}

fn most_common<'s>(origins: impl Iterator<Item = &'s String>) -> Option<String> {
    let mut counts: Vec<(&String, usize)> = Vec::new();
    for origin in origins {
        match counts.iter_mut().find(|(own, _)| *own == origin) {
            Some((_, count)) => *count += 1,
            None => counts.push((origin, 1)),
        }
    }
    // The first of equals, in the order of the facts.
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(origin, _)| origin.clone())
}

/// The later one of a fact's last check and its last change.
fn origin(
    locale: Locale,
    record: &Record,
    fact: &str,
    evidence: &Evidence,
    changed: &HashMap<&str, NaiveDate>,
) -> Option<String> {
    let column = record.kind().column(stated_in(record, fact))?;
    let check = column.fact.and_then(|fact| evidence.last(fact));
    let changed = changed.get(column.name).filter(|day| check.is_none_or(|check| check.on < **day));
    match (changed, check) {
        (Some(day), _) => Some(say(locale, "listing.changed_on", &[("date", &date(locale, *day))])),
        (None, Some(check)) => Some(checked(locale, check)),
        (None, None) => None,
    }
}

fn checked(locale: Locale, check: &FactCheck) -> String {
    let (by, how) = (word(locale, "checker", check.by.word()), word(locale, "how", check.how.word()));
    say(locale, "listing.origin", &[("date", &date(locale, check.on)), ("by", &by), ("how", &how)])
}

/// The column that states a fact of the page.
fn stated_in<'f>(record: &Record, fact: &'f str) -> &'f str {
    match fact {
        "area" if record.get("area_sqm").is_empty() => "area_mu",
        "area" => "area_sqm",
        "price_per_mu" => "start_price_wan",
        _ => fact,
    }
}

/// Columns with the day of their last change; those of the first entry are no changes.
fn changed_on(past: &Past<'_>) -> HashMap<&'static str, NaiveDate> {
    let mut days = HashMap::new();
    for (change, columns) in altered(past) {
        if !change.is_first {
            for (column, _, _) in columns {
                days.entry(column.name).or_insert_with(|| change.at.day());
            }
        }
    }
    days
}

/// A column that a change altered, with the records before and after it.
type Altered<'p> = (&'static Column, Option<&'p Record>, &'p Record);

/// Returns each change with the columns that it altered, newest first. A change whose record this version cannot read alters
/// nothing that could be told.
fn altered<'p>(past: &Past<'p>) -> Vec<(&'p PastChange, Vec<Altered<'p>>)> {
    let mut after = Some(past.present);
    let mut all = Vec::new();
    for change in past.changes {
        let before = change.before.as_ref();
        let differs = |column: &&'static Column, after: &Record| {
            before.is_some_and(|before| before.get(column.name) != after.get(column.name))
        };
        let columns = after.map_or_else(Vec::new, |after| {
            let columns = after.kind().columns().iter().filter(|column| differs(column, after));
            columns.map(|column| (column, before, after)).collect()
        });
        all.push((change, columns));
        after = before;
    }
    all
}

/// Returns the changes of a listing that concern its reader, newest first. Of texts only that they changed is told: a former
/// one may hold a promise that is not published.
#[must_use]
pub fn history(notation: Notation, past: &Past<'_>) -> Vec<ChangeView> {
    let words = |(column, before, after): Altered<'_>| {
        let is_told = !ELSEWHERE.contains(&column.name) || ["area_sqm", "area_mu", "location"].contains(&column.name);
        is_told.then(|| change_in_words(notation, column, before, after))
    };
    let view = |(change, columns): (&PastChange, Vec<Altered<'_>>)| {
        let words: Vec<String> = match change.is_first {
            true => vec![tell(notation.locale, "listing.first_published")],
            false => columns.into_iter().filter_map(words).collect(),
        };
        (!words.is_empty()).then(|| ChangeView { on: date(notation.locale, change.at.day()), words })
    };
    altered(past).into_iter().filter_map(view).take(MOST_CHANGES).collect()
}

fn change_in_words(notation: Notation, own: &Column, before: Option<&Record>, after: &Record) -> String {
    let locale = notation.locale;
    let label = column(notation, after.kind().label(own));
    if matches!(own.cell, Cell::Text(_)) {
        return say(locale, "listing.text_changed", &[("label", &label)]);
    }
    let cell = |record: Option<&Record>| {
        let words = record.map(|record| cell_in_words(notation, record, own.name)).unwrap_or_default();
        if words.is_empty() { tell(locale, "format.silent") } else { words }
    };
    say(locale, "listing.was_changed", &[("label", &label), ("from", &cell(before)), ("to", &cell(Some(after)))])
}
