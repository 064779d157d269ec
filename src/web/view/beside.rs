//! Views of what is kept beside a record: freshness badges, the checks of key facts, holds, and the source of the record.

use chrono::NaiveDate;
use domain::freshness::{Evidence, FactAge, checked_on, checks, is_of_catalogue, is_past, old_notice, stated_facts};
use domain::hold::Held;
use domain::listing::RecordType;
use domain::record::Record;
use domain::requirement::Word as _;
use serde::Serialize;

use super::listing::{FreshMark, column_value};
use crate::i18n::{Locale, age, date, quantity, say, tell, word};

/// The last check of one key fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedFact {
    /// The fact.
    pub label: String,
    /// The CSS class of its freshness.
    pub code: &'static str,
    /// The freshness.
    pub freshness: String,
    /// When, how and by which side.
    pub words: String,
}

/// Returns the badges of a record's past, source, freshness and holds.
#[must_use]
pub fn marks(
    locale: Locale,
    record: &Record,
    (evidence, is_behind): (&Evidence, bool),
    held: &[Held],
    today: NaiveDate,
) -> Vec<FreshMark> {
    let mut marks = Vec::new();
    if RecordType::from_word(record.get("record_type")) == Some(RecordType::Deal) {
        marks.push(FreshMark { code: "past", label: word(locale, "record_type", "deal") });
    }
    if is_of_catalogue(record) {
        marks.push(FreshMark { code: "source", label: tell(locale, "fresh.catalogue") });
    }
    // A notice that shows its age, and what is over, need no second age.
    if old_notice(record, today).is_none() && !is_past(record, today) {
        marks.extend(freshness_mark(locale, record, evidence, today));
        if is_behind {
            marks.push(FreshMark { code: "stale", label: tell(locale, "fresh.behind") });
        }
    }
    marks.extend(held.iter().map(|held| FreshMark { code: "held", label: held_in_words(locale, held) }));
    marks
}

fn freshness_mark(locale: Locale, record: &Record, evidence: &Evidence, today: NaiveDate) -> Option<FreshMark> {
    if stated_facts(record).is_empty() {
        return None;
    }
    let Some(on) = checked_on(record, evidence) else {
        return Some(FreshMark { code: "stale", label: tell(locale, "fresh.unchecked") });
    };
    let freshness = FactAge::of(on, today);
    let words = [("freshness", word(locale, "freshness", freshness.word())), ("age", age(locale, on, today))];
    let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(FreshMark { code: freshness.word(), label: say(locale, "fresh.badge", &words) })
}

/// Returns the checks of a record's key facts in words.
#[must_use]
pub fn checked_facts(locale: Locale, record: &Record, evidence: &Evidence, today: NaiveDate) -> Vec<CheckedFact> {
    let fact = |(fact, check): (domain::freshness::KeyFact, Option<domain::freshness::FactCheck>)| {
        let label = word(locale, "fact", fact.word());
        let Some(check) = check else {
            let freshness = tell(locale, "fresh.unchecked");
            return CheckedFact { label, code: "stale", freshness, words: String::new() };
        };
        let freshness = FactAge::of(check.on, today);
        let args = [
            ("date", date(locale, check.on)),
            ("age", age(locale, check.on, today)),
            ("by", word(locale, "checker", check.by.word())),
            ("how", word(locale, "how", check.how.word())),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        CheckedFact {
            label,
            code: freshness.word(),
            freshness: word(locale, "freshness", freshness.word()),
            words: say(locale, "fresh.checked", &args),
        }
    };
    checks(record, evidence).into_iter().map(fact).collect()
}

/// Returns a held part in words: `意向占用：用地 20 亩（共 60 亩）`.
#[must_use]
pub fn held_in_words(locale: Locale, held: &Held) -> String {
    let amount = quantity(locale, held.amount, held.unit.word());
    let what = word(locale, "resource", held.what.word());
    match held.of {
        Some(of) => {
            let of = quantity(locale, of, held.unit.word());
            say(locale, "hold.held_of", &[("what", &what), ("amount", &amount), ("of", &of)])
        }
        None => say(locale, "hold.held", &[("what", &what), ("amount", &amount)]),
    }
}

/// Returns the held parts with the day on which each is free again.
#[must_use]
pub fn held_lines(locale: Locale, held: &[Held]) -> Vec<String> {
    let line = |held: &Held| {
        let args = [("held", held_in_words(locale, held)), ("until", date(locale, held.until))];
        say(locale, "hold.line", &[("held", args[0].1.as_str()), ("until", args[1].1.as_str())])
    };
    held.iter().map(line).collect()
}

/// Returns the source of a record and its day, where it comes from the catalogue of 2018 or from a notice.
#[must_use]
pub fn provenance(locale: Locale, record: &Record) -> Option<String> {
    if is_of_catalogue(record) {
        return Some(tell(locale, "fresh.catalogue_source"));
    }
    let when = Some(column_value(locale, record, "notice_date")).filter(|when| !when.is_empty())?;
    let named = [record.get("notice_no"), host(record.get("source_url"))];
    let source = named.into_iter().find(|text| !text.is_empty());
    Some(match source {
        Some(source) => say(locale, "fresh.notice_source", &[("source", source), ("date", &when)]),
        None => say(locale, "fresh.notice_dated", &[("date", &when)]),
    })
}

/// Returns the host of a web address; blank for another text.
fn host(url: &str) -> &str {
    url.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default()
}
