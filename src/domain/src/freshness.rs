//! FactAge by evidence: when, how and by whom each key fact of a listing was last checked, and how its badge fades.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::column::Table;
use crate::kind::Kind;
use crate::record::Record;
use crate::time::{loose_day, parse_day};
use crate::vocabulary::{RecordType, Status};
use crate::word::{Word as _, words};

pub use crate::vocabulary::KeyFact;

words! {
    /// The way in which a fact was checked.
    pub enum How in "how" {
        /// A file was imported.
        Import "import",
        /// A listing was edited by hand.
        Edit "edit",
        /// The park confirmed it in answer to the monthly mail.
        Confirmed "confirmed",
        /// A report of a wrong listing was answered.
        Report "report",
        /// The record states the day itself.
        Stated "stated",
        /// The notice was published.
        Notice "notice",
    }
}

words! {
    /// The side that checked a fact; never the name of a person.
    pub enum Checker in "checker" {
        /// The park.
        Park "park",
        /// The operator of the service.
        Operator "operator",
        /// The source of the record.
        Source "source",
    }
}

words! {
    /// The age of a check.
    pub enum FactAge in "freshness" {
        /// At most 30 days.
        Fresh "fresh",
        /// At most 60 days.
        Ageing "ageing",
        /// At most 90 days.
        Old "old",
        /// More than 90 days.
        Stale "stale",
    }
}

words! {
    /// The place of a listing in lists and searches, before every other order. Answers keep their own order.
    pub enum Precedence in "precedence" {
        /// In its usual order.
        Usual "usual",
        /// Its park left two monthly questions unanswered.
        Behind "behind",
        /// A past deal, a past notice, sold or withdrawn.
        Past "past",
    }
}

/// Days after which a notice without a status is no longer current supply: half a year, the limit of full freshness in the
/// ranking.
pub const CURRENT_DAYS: u64 = 183;
/// Checks of one fact that are kept: an import that is undone gives way to the one before.
const KEPT_CHECKS: usize = 2;

impl FactAge {
    /// Returns the freshness of a check.
    #[must_use]
    pub fn of(on: NaiveDate, today: NaiveDate) -> Self {
        match (today - on).num_days() {
            ..=30 => Self::Fresh,
            31..=60 => Self::Ageing,
            61..=90 => Self::Old,
            _ => Self::Stale,
        }
    }
}

/// One check of one or more facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactCheck {
    /// The day.
    pub on: NaiveDate,
    /// The way.
    pub how: How,
    /// The side.
    pub by: Checker,
    /// The import, account or question behind it.
    #[serde(rename = "ref", default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// The facts.
    pub facts: Vec<KeyFact>,
}

/// A stored check; one of another version is kept as it was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum StoredCheck {
    Known(FactCheck),
    Other(Value),
}

/// The checks of a listing, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Evidence(Vec<StoredCheck>);

impl Evidence {
    /// Parses stored checks; none for a text that is not a list.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Returns the checks as they are stored.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn known(&self) -> impl DoubleEndedIterator<Item = &FactCheck> {
        self.0.iter().filter_map(|check| match check {
            StoredCheck::Known(check) => Some(check),
            StoredCheck::Other(_) => None,
        })
    }

    /// Returns the last check of a fact.
    #[must_use]
    pub fn last(&self, fact: KeyFact) -> Option<&FactCheck> {
        self.known().rev().find(|check| check.facts.contains(&fact))
    }

    /// Adds a check. An older day does not replace a newer one, unless the fact is among `changed`.
    pub fn add(&mut self, mut check: FactCheck, changed: &[KeyFact]) {
        check.facts.retain(|fact| changed.contains(fact) || self.last(*fact).is_none_or(|last| last.on <= check.on));
        if !check.facts.is_empty() {
            self.0.push(StoredCheck::Known(check));
            self.prune();
        }
    }

    /// Returns whether the last check of each fact says the same, of whichever import, so that another one adds nothing.
    #[must_use]
    pub fn says(&self, check: &FactCheck) -> bool {
        let is_same = |last: &FactCheck| (last.on, last.how, last.by) == (check.on, check.how, check.by);
        check.facts.iter().all(|fact| self.last(*fact).is_some_and(is_same))
    }

    /// Takes back the checks of an import; each fact returns to the check before.
    pub fn take_back(&mut self, reference: &str) {
        self.0.retain(|check| !matches!(check, StoredCheck::Known(check) if check.reference == reference));
    }

    /// Drops of each fact all but the last [`KEPT_CHECKS`].
    fn prune(&mut self) {
        let mut seen: Vec<KeyFact> = Vec::new();
        for check in self.0.iter_mut().rev() {
            let StoredCheck::Known(check) = check else { continue };
            check.facts.retain(|fact| {
                seen.push(*fact);
                seen.iter().filter(|other| *other == fact).count() <= KEPT_CHECKS
            });
        }
        self.0.retain(|check| !matches!(check, StoredCheck::Known(check) if check.facts.is_empty()));
    }
}

/// Returns the key facts that a record states, in the order of its columns.
#[must_use]
pub fn stated_facts(record: &Record) -> Vec<KeyFact> {
    let mut facts: Vec<KeyFact> = Vec::new();
    for column in record.kind().columns().iter().filter(|column| !record.get(column.name).is_empty()) {
        facts.extend(column.fact.filter(|fact| !facts.contains(fact)));
    }
    facts
}

/// Returns the key facts in which two records differ.
#[must_use]
pub fn changed_facts<T: Table>(before: &Record<T>, after: &Record<T>) -> Vec<KeyFact> {
    let altered = after.kind().columns().iter().filter(|column| before.get(column.name) != after.get(column.name));
    altered.filter_map(|column| column.fact).collect()
}

/// Returns the check that the record states itself: the day on which it was verified, else that of its notice.
#[must_use]
pub fn stated_check<T: Table>(record: &Record<T>) -> Option<FactCheck> {
    let check = |on, how| FactCheck { on, how, by: Checker::Source, reference: String::new(), facts: Vec::new() };
    let verified = parse_day(record.get("verified_on")).map(|on| check(on, How::Stated));
    verified.or_else(|| loose_day(record.get("notice_date")).map(|on| check(on, How::Notice)))
}

/// Returns the check of a row of an imported file. A day of verification counts as far as today; a notice that states no status
/// beside it is no older or newer than itself; any other row is checked today.
#[must_use]
pub fn imported_check<T: Table>(record: &Record<T>, by: Checker, today: NaiveDate) -> FactCheck {
    let own = |on: NaiveDate| FactCheck { on, how: How::Import, by, reference: String::new(), facts: Vec::new() };
    match stated_check(record) {
        Some(stated) if stated.how == How::Stated => own(stated.on.min(today)),
        Some(stated) if record.get("status").is_empty() => FactCheck { on: stated.on.min(today), ..stated },
        _ => own(today),
    }
}

/// Returns each key fact of a record with its last check; `None` for one that was never checked.
#[must_use]
pub fn checks(record: &Record, evidence: &Evidence) -> Vec<(KeyFact, Option<FactCheck>)> {
    let stated = stated_check(record);
    let last = |fact| evidence.last(fact).cloned().or_else(|| stated.clone());
    stated_facts(record).into_iter().map(|fact| (fact, last(fact))).collect()
}

/// Returns the day of the oldest check of a record's key facts; `None` where one was never checked or it states none.
#[must_use]
pub fn checked_on(record: &Record, evidence: &Evidence) -> Option<NaiveDate> {
    let days: Option<Vec<NaiveDate>> = checks(record, evidence).into_iter().map(|(_, check)| Some(check?.on)).collect();
    days?.into_iter().min()
}

/// Returns the first day on which a record is of the past: [`NaiveDate::MIN`] for a deal, sold or withdrawn, the day after
/// [`CURRENT_DAYS`] for a notice that states no status, `None` for any other.
#[must_use]
pub fn past_from(record: &Record) -> Option<NaiveDate> {
    let is_deal = RecordType::from_word(record.get("record_type")) == Some(RecordType::Deal);
    if is_deal || matches!(Status::from_word(record.get("status")), Some(Status::Sold | Status::Off)) {
        return Some(NaiveDate::MIN);
    }
    notice_without_status(record)?.checked_add_days(Days::new(CURRENT_DAYS + 1))
}

/// Returns whether a record is of the past, see [`past_from`].
#[must_use]
pub fn is_past(record: &Record, today: NaiveDate) -> bool {
    past_from(record).is_some_and(|day| day <= today)
}

/// Returns the day of the notice of a record that states no status.
fn notice_without_status(record: &Record) -> Option<NaiveDate> {
    loose_day(record.get("notice_date")).filter(|_| record.get("status").is_empty())
}

/// Returns the day of a notice that is older than [`CURRENT_DAYS`] and has no status beside it: a status is maintained by the
/// park, without one the age is the only evidence.
#[must_use]
pub fn old_notice(record: &Record, today: NaiveDate) -> Option<NaiveDate> {
    let day = notice_without_status(record)?;
    (today > day.checked_add_days(Days::new(CURRENT_DAYS))?).then_some(day)
}

/// Returns the place of a record in lists and searches.
#[must_use]
pub fn precedence(record: &Record, is_behind: bool, today: NaiveDate) -> Precedence {
    if is_past(record, today) {
        Precedence::Past
    } else if is_behind {
        Precedence::Behind
    } else {
        Precedence::Usual
    }
}

/// Digits of a code of the national catalogue of 2018, after `G` (national) or `S` (provincial).
const CATALOGUE_DIGITS: usize = 6;

/// Returns whether a park is one of the national catalogue of 2018, by the form of its code.
#[must_use]
pub fn is_of_catalogue(record: &Record) -> bool {
    let digits = record.id().strip_prefix(['G', 'S']).unwrap_or_default();
    record.kind() == Kind::Park && digits.len() == CATALOGUE_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{
        Checker, Evidence, FactAge, FactCheck, How, KeyFact, Precedence, Record, checked_on, is_of_catalogue,
        precedence,
    };
    use crate::kind::Kind;
    use crate::time::parse_day;

    fn day(text: &str) -> chrono::NaiveDate {
        parse_day(text).expect("a day")
    }

    fn check(on: &str, reference: &str, facts: &[KeyFact]) -> FactCheck {
        let facts = facts.to_vec();
        FactCheck { on: day(on), how: How::Import, by: Checker::Park, reference: reference.to_owned(), facts }
    }

    #[test]
    fn a_badge_fades_after_30_60_and_90_days() {
        let today = day("2026-11-29");
        let at = |days| FactAge::of(today - chrono::Days::new(days), today);
        assert_eq!([0, 30].map(at), [FactAge::Fresh; 2]);
        assert_eq!([31, 60].map(at), [FactAge::Ageing; 2]);
        assert_eq!([61, 90].map(at), [FactAge::Old; 2]);
        assert_eq!(at(91), FactAge::Stale);
    }

    #[test]
    fn an_undone_import_gives_way_to_the_check_before_and_an_older_day_to_a_newer_one() {
        let mut evidence = Evidence::default();
        evidence.add(check("2026-09-01", "a", &[KeyFact::Area, KeyFact::Price]), &[]);
        evidence.add(check("2026-11-01", "b", &[KeyFact::Area]), &[]);
        evidence.add(check("2026-10-01", "c", &[KeyFact::Area]), &[]);
        assert_eq!(evidence.last(KeyFact::Area).map(|it| it.reference.as_str()), Some("b"), "an older day");
        evidence.add(check("2026-10-01", "d", &[KeyFact::Area]), &[KeyFact::Area]);
        assert_eq!(evidence.last(KeyFact::Area).map(|it| it.reference.as_str()), Some("d"), "it changed");
        evidence.take_back("d");
        assert_eq!(evidence.last(KeyFact::Area).map(|it| it.reference.as_str()), Some("b"));
        assert_eq!(evidence.last(KeyFact::Price).map(|it| it.on), Some(day("2026-09-01")));
    }

    #[test]
    fn a_check_of_the_same_day_way_and_side_adds_nothing() {
        let mut evidence = Evidence::default();
        evidence.add(check("2026-11-01", "a", &[KeyFact::Area, KeyFact::Price]), &[]);
        assert!(evidence.says(&check("2026-11-01", "b", &[KeyFact::Price])));
        assert!(!evidence.says(&check("2026-11-02", "b", &[KeyFact::Price])));
        assert!(!evidence.says(&check("2026-11-01", "b", &[KeyFact::Price, KeyFact::Status])));
        let by_operator = FactCheck { by: Checker::Operator, ..check("2026-11-01", "b", &[KeyFact::Price]) };
        assert!(!evidence.says(&by_operator));
    }

    #[test]
    fn a_check_of_another_version_is_kept_as_it_was_stored() {
        let text = r#"[{"on":"2026-11-01","how":"drone","by":"park","facts":["area"]}]"#;
        let mut evidence = Evidence::parse(text);
        evidence.add(check("2026-11-02", "a", &[KeyFact::Price]), &[]);
        assert!(evidence.text().contains("drone"), "{}", evidence.text());
        assert_eq!(evidence.last(KeyFact::Area), None);
        assert_eq!(Evidence::parse(&evidence.text()), evidence);
    }

    #[test]
    fn the_oldest_check_of_a_stated_fact_decides_and_none_does_where_one_was_never_checked() {
        let plot = Record::of_cells(
            Kind::Plot,
            [("plot_no", "P"), ("area_mu", "30"), ("start_price_wan", "900"), ("status", "available")],
        );
        let mut evidence = Evidence::default();
        evidence.add(check("2026-11-01", "", &[KeyFact::Area, KeyFact::Status]), &[]);
        assert_eq!(checked_on(&plot, &evidence), None, "its price was never checked");
        evidence.add(check("2026-09-01", "", &[KeyFact::Price]), &[]);
        assert_eq!(checked_on(&plot, &evidence), Some(day("2026-09-01")));
    }

    #[test]
    fn deals_old_notices_and_what_is_sold_are_past() {
        let today = day("2026-11-29");
        let place = |cells: &[(&'static str, &'static str)], is_behind| {
            precedence(&Record::of_cells(Kind::Plot, cells.iter().copied()), is_behind, today)
        };
        assert_eq!(place(&[("record_type", "deal")], false), Precedence::Past);
        assert_eq!(place(&[("notice_date", "2026-02")], false), Precedence::Past);
        assert_eq!(place(&[("status", "sold")], true), Precedence::Past);
        assert_eq!(place(&[("notice_date", "2026-02"), ("status", "available")], false), Precedence::Usual);
        assert_eq!(place(&[("notice_date", "2026-11")], true), Precedence::Behind);
    }

    #[test]
    fn a_zone_of_the_catalogue_is_known_by_its_code() {
        let park = |code: &'static str| is_of_catalogue(&Record::of_cells(Kind::Park, [("code", code)]));
        assert!(park("G111001") && park("S427048"));
        assert!(!park("G11100") && !park("T1") && !park("G11100X"));
    }
}
