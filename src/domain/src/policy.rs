//! Policies (政策): their numeric targets, policies related to one, and policies that apply to a requirement.

use chrono::{Datelike as _, NaiveDate};
use serde_json::Value;

use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::record::{Policies, Record};
use crate::region::{DivisionCode, divisions};
use crate::requirement::Requirement;

/// A numeric target: `亩均税收=42万元/亩@2025`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyTarget {
    /// Name of the indicator.
    pub indicator: String,
    /// Value with its unit, as the policy writes it.
    pub value: String,
    /// Target year, where there is one.
    pub year: Option<i32>,
}

impl PolicyTarget {
    fn parse(text: &str) -> Option<Self> {
        let (indicator, rest) = text.split_once('=')?;
        let (value, year) = match rest.rsplit_once('@') {
            Some((value, year)) => (value, Some(year.trim().parse().ok()?)),
            None => (rest, None),
        };
        let (indicator, value) = (indicator.trim(), value.trim());
        let is_whole = !indicator.is_empty() && !value.is_empty();
        is_whole.then(|| Self { indicator: indicator.to_owned(), value: value.to_owned(), year })
    }

    /// Whether the target year has ended.
    #[must_use]
    pub fn is_past(&self, today: NaiveDate) -> bool {
        self.year.is_some_and(|year| year < today.year())
    }
}

/// Returns the targets of a policy's column `targets`; an entry of another form is skipped.
#[must_use]
pub fn targets(policy: &Record<Policies>) -> Vec<PolicyTarget> {
    policy.get("targets").split(';').filter_map(PolicyTarget::parse).collect()
}

/// A reason for which two policies are related.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyTie {
    /// Both apply there; `None` is the whole country.
    Region(Option<DivisionCode>),
    /// Both are of this kind.
    Kind(String),
    /// Both name this industry.
    Industry(IndustryCode),
    /// Both have this tag.
    Tag(String),
}

fn region(policy: &Record<Policies>) -> Option<DivisionCode> {
    DivisionCode::parse(policy.get("region_code"))
}

fn tags(policy: &Record<Policies>) -> impl Iterator<Item = &str> {
    policy.get("tags").split(';').map(str::trim).filter(|tag| !tag.is_empty())
}

/// Whether a policy is in force.
#[must_use]
pub fn is_in_force(policy: &Record<Policies>, today: NaiveDate) -> bool {
    policy.day("valid_until").is_none_or(|day| day >= today)
}

/// The place in which both policies apply; `None` where there is none.
fn common_region(one: Option<DivisionCode>, other: Option<DivisionCode>) -> Option<Option<DivisionCode>> {
    match (one, other) {
        (None, inner) | (inner, None) => Some(inner),
        (Some(one), Some(other)) if divisions().covers(one, other) => Some(Some(other)),
        (Some(one), Some(other)) if divisions().covers(other, one) => Some(Some(one)),
        _ => None,
    }
}

/// Returns the reasons for which another policy is related: both apply in one place, and besides they share kind, industry or
/// tag. Empty where they do not: an unrelated policy misleads.
#[must_use]
pub fn ties(policy: &Record<Policies>, other: &Record<Policies>) -> Vec<PolicyTie> {
    let Some(place) = common_region(region(policy), region(other)) else { return Vec::new() };
    let mut shared = Vec::new();
    let kind = policy.get("kind");
    if !kind.is_empty() && kind == other.get("kind") {
        shared.push(PolicyTie::Kind(kind.to_owned()));
    }
    let others = other.codes("industries");
    let in_common = |code: &IndustryCode| others.iter().any(|other| code.related(*other));
    shared.extend(policy.codes("industries").into_iter().find(in_common).map(PolicyTie::Industry));
    let has_tag = |tag: &&str| tags(other).any(|own| own == *tag);
    shared.extend(tags(policy).filter(has_tag).map(|tag| PolicyTie::Tag(tag.to_owned())));
    if !shared.is_empty() {
        shared.insert(0, PolicyTie::Region(place));
    }
    shared
}

/// Returns the policies in force that are related to one, those with most reasons first, then the newest.
#[must_use]
pub fn related<'a>(
    policy: &Record<Policies>,
    all: &'a [Record<Policies>],
    today: NaiveDate,
) -> Vec<(&'a Record<Policies>, Vec<PolicyTie>)> {
    let others = all.iter().filter(|other| other.id() != policy.id() && is_in_force(other, today));
    let mut found: Vec<_> =
        others.map(|other| (other, ties(policy, other))).filter(|(_, ties)| !ties.is_empty()).collect();
    found.sort_by_key(|(other, ties)| (std::cmp::Reverse((ties.len(), other.day("issued_on"))), other.id().to_owned()));
    found
}

/// One condition of a policy's column `applies_when`: `use=research|incubation`, `rd_percent>=3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyCondition {
    /// Field of the requirement.
    pub field: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    OneOf(Vec<String>),
    AtLeast(Decimal),
}

impl PolicyCondition {
    fn parse(text: &str) -> Option<Self> {
        if let Some((field, least)) = text.split_once(">=") {
            let least = Decimal::parse(least.trim()).ok()?;
            return Some(Self { field: field.trim().to_owned(), test: Test::AtLeast(least) });
        }
        let (field, words) = text.split_once('=')?;
        let words = words.split('|').map(|word| word.trim().to_owned()).collect();
        Some(Self { field: field.trim().to_owned(), test: Test::OneOf(words) })
    }

    /// Whether a stated value meets the condition; `None` where the requirement is silent.
    fn is_met(&self, requirement: &Value) -> Option<bool> {
        let value = requirement.get(&self.field)?;
        Some(match &self.test {
            Test::AtLeast(least) => figure(value)? >= *least,
            Test::OneOf(words) => match value {
                Value::Array(list) => list.iter().any(|one| is_word(one, words)),
                one => is_word(one, words),
            },
        })
    }
}

fn is_word(value: &Value, words: &[String]) -> bool {
    value.as_str().is_some_and(|text| words.iter().any(|word| word == text))
}

/// The figure of a field; of a range its upper end, else its lower one.
fn figure(value: &Value) -> Option<Decimal> {
    let value = value.get("max").or_else(|| value.get("min")).unwrap_or(value);
    Decimal::parse(&value.to_string()).ok()
}

/// A policy that may apply to a requirement.
#[derive(Clone, Debug)]
pub struct ApplicablePolicy<'a> {
    /// The policy.
    pub policy: &'a Record<Policies>,
    /// Fields by which it applies.
    pub met: Vec<String>,
    /// Fields that the requirement leaves open and on which it depends.
    pub open: Vec<String>,
}

/// Returns the policies in force whose place, industries and conditions a requirement meets or leaves open; those with fewest
/// open fields first. A policy without conditions, or of which none is met, is not among them.
#[must_use]
pub fn applicable<'a>(
    requirement: &Requirement,
    all: &'a [Record<Policies>],
    today: NaiveDate,
) -> Vec<ApplicablePolicy<'a>> {
    let stated = requirement.to_json();
    let judged = |policy: &'a Record<Policies>| judge(policy, requirement, &stated);
    let mut found: Vec<_> = all.iter().filter(|policy| is_in_force(policy, today)).filter_map(judged).collect();
    let order = |it: &ApplicablePolicy<'_>| (it.open.len(), std::cmp::Reverse(it.met.len()), it.policy.id().to_owned());
    found.sort_by_key(order);
    found
}

fn judge<'a>(policy: &'a Record<Policies>, requirement: &Requirement, stated: &Value) -> Option<ApplicablePolicy<'a>> {
    if let Some(own) = region(policy) {
        let is_there = |wanted: &DivisionCode| divisions().covers(own, *wanted) || divisions().covers(*wanted, own);
        requirement.regions.iter().any(is_there).then_some(())?;
    }
    let (mut met, mut open) = (Vec::new(), Vec::new());
    let industries = policy.codes("industries");
    if !industries.is_empty() {
        match requirement.industry {
            Some(own) if industries.iter().any(|code| code.related(own)) => {
                met.push("industry".to_owned());
            }
            Some(_) => return None,
            None => open.push("industry".to_owned()),
        }
    }
    for condition in policy.get("applies_when").split(';').filter_map(PolicyCondition::parse) {
        match condition.is_met(stated) {
            Some(true) => met.push(condition.field),
            Some(false) => return None,
            None => open.push(condition.field),
        }
    }
    (!met.is_empty()).then_some(ApplicablePolicy { policy, met, open })
}
