//! Views of an answer: groups of matches with their reasons, and advice with a button that applies it.

use domain::decimal::Decimal;
use domain::listing::Kind;
use domain::matching::{
    Answer, Change, Criterion, Formula, Half, Judged, Match, Mode, Pair, Relaxation, Relaxing, Value, Verdict,
};
use domain::region::{DivisionCode, divisions};
use domain::requirement::{self, Requirement, Word as _};
use domain::shape::Shape;
use serde::Serialize;

use super::draft::FormContent;
use super::listing::{Badge, FreshMark, listing_url};
use crate::i18n::{Locale, date, division, has, industry, quantity, region_name, say, tell, word};

/// One criterion of a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CriterionView {
    /// The verdict's code, the CSS class of its colour.
    pub code: &'static str,
    /// The criterion.
    pub label: String,
    /// The verdict.
    pub verdict: String,
    /// Whether it is a wish.
    pub wish: bool,
    /// The requirement's side.
    pub need: String,
    /// The listing's side.
    pub offer: String,
    /// The gap in words.
    pub gap: Option<String>,
    /// The points.
    pub points: u32,
    /// The maximum of points.
    pub max_points: u32,
}

/// One criterion in short form; cards show short ones first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignView {
    /// The verdict's code.
    pub code: &'static str,
    /// The verdict.
    pub verdict: String,
    /// The criterion and its gap.
    pub words: String,
}

/// One match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is what its name says, in words")]
pub struct MatchView {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub url: String,
    pub region: String,
    pub park_name: Option<String>,
    pub take: Option<String>,
    pub score: u32,
    pub max_score: u32,
    pub demo: bool,
    pub status: Option<String>,
    pub old: Option<String>,
    pub marks: Vec<FreshMark>,
    pub source: Option<String>,
    pub criteria: Vec<CriterionView>,
    pub signs: Vec<SignView>,
    pub group: String,
    /// Whether its park has an inbox for inquiries.
    pub inbox: bool,
    /// Whether the checkbox is ticked.
    pub picked: bool,
}

/// One group of matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is what its name says, in words")]
pub struct GroupView {
    pub code: &'static str,
    pub label: String,
    pub hint: String,
    pub empty: String,
    pub total: usize,
    pub matches: Vec<MatchView>,
    /// Whether the group has more matches than shown.
    pub more: bool,
}

/// One step of an advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// The change.
    pub words: String,
    /// The number of listings that it opens.
    pub opens: usize,
    /// The value of the button; none for a change that no field of the form expresses.
    pub adopt: Option<String>,
}

/// The changes of one criterion and the listings that they open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AdviceView {
    /// The criterion.
    pub label: String,
    /// The smallest steps.
    pub steps: Vec<StepView>,
}

/// Two changes and the listings that they open together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairView {
    /// Both changes.
    pub words: String,
    /// The number of listings that they open.
    pub opens: usize,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerView {
    /// The groups, best first.
    pub groups: Vec<GroupView>,
    /// Advice of one change.
    pub relaxations: Vec<AdviceView>,
    /// Advice of two changes.
    pub pairs: Vec<PairView>,
}

/// Steps shown per criterion; further steps are larger changes of the same kind and would crowd the page.
const STEPS_SHOWN: usize = 5;

impl AnswerView {
    /// Makes the view of an answer; `view` makes the card of a match.
    #[must_use]
    pub fn new(locale: Locale, answer: &Answer, view: impl Fn(&Match) -> MatchView) -> Self {
        let group = |code: &'static str, matches: &[Match], total: usize| GroupView {
            code,
            label: tell(locale, &format!("group.{code}")),
            hint: tell(locale, &format!("group.{code}_hint")),
            empty: tell(locale, &format!("group.{code}_empty")),
            total,
            more: total > matches.len(),
            matches: matches.iter().map(&view).collect(),
        };
        Self {
            groups: vec![
                group("matched", &answer.matched, answer.counts.matched),
                group("to_confirm", &answer.to_confirm, answer.counts.to_confirm),
                group("near", &answer.near, answer.counts.near),
            ],
            relaxations: answer.relaxations.iter().map(|relaxation| advice(locale, relaxation)).collect(),
            pairs: answer.pairs.iter().map(|pair| pair_view(locale, pair)).collect(),
        }
    }
}

/// Returns the card of a match; its link carries the requirement of `draft`.
#[must_use]
pub fn matched(
    locale: Locale,
    found: &Match,
    badge: Badge,
    park_name: Option<String>,
    inbox: bool,
    draft: &FormContent,
) -> MatchView {
    let listing = &found.listing;
    let url = super::pager::address(&listing_url(locale, listing.kind, &listing.id), draft.query());
    let criteria: Vec<CriterionView> =
        found.criteria.iter().map(|judged| criterion(locale, listing.kind, judged)).collect();
    MatchView {
        id: listing.id.to_string(),
        kind: word(locale, "kind", listing.kind.word()),
        name: listing.name.to_string(),
        url,
        region: listing.region.map(region_name).unwrap_or_default(),
        park_name: park_name.filter(|name| **name != *listing.name),
        take: found.take_mu.map(|take| quantity(locale, take, "mu")),
        score: found.score,
        max_score: found.criteria.iter().map(|judged| judged.max_points).sum(),
        demo: badge.demo,
        status: badge.status,
        old: badge.old,
        marks: badge.marks,
        source: badge.source,
        signs: signs(&criteria),
        criteria,
        group: tell(locale, &format!("group.{}", group_code(found))),
        inbox,
        picked: false,
    }
}

fn signs(criteria: &[CriterionView]) -> Vec<SignView> {
    let order = |code: &str| ["short", "unknown", "unstated", "met"].iter().position(|it| *it == code);
    let mut sorted: Vec<&CriterionView> = criteria.iter().collect();
    sorted.sort_by_key(|row| order(row.code));
    let sign = |row: &CriterionView| SignView {
        code: row.code,
        verdict: row.verdict.clone(),
        words: row.gap.as_ref().map_or_else(|| row.label.clone(), |gap| format!("{} {gap}", row.label)),
    };
    sorted.into_iter().map(sign).collect()
}

fn group_code(found: &Match) -> &'static str {
    match found.group() {
        domain::matching::Group::Matched => "matched",
        domain::matching::Group::ToConfirm => "to_confirm",
        domain::matching::Group::Near => "near",
        domain::matching::Group::Out => "out",
    }
}

pub(super) const fn verdict_code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Short => "short",
        Verdict::Unknown => "unknown",
        Verdict::Unstated => "unstated",
    }
}

/// Returns one criterion's judgement in words.
#[must_use]
pub fn criterion(locale: Locale, kind: Kind, judged: &Judged) -> CriterionView {
    let code = verdict_code(judged.verdict);
    CriterionView {
        code,
        label: word(locale, "criterion", judged.criterion.id()),
        verdict: tell(locale, &format!("verdict.{code}")),
        wish: judged.mode == Mode::Prefer,
        need: match judged.need {
            Value::Nothing => tell(locale, "format.unfilled"),
            ref need => side(locale, judged.criterion, kind, need),
        },
        offer: side(locale, judged.criterion, kind, &judged.offer),
        gap: gap(locale, judged),
        points: judged.points,
        max_points: judged.max_points,
    }
}

/// Returns what is missing in words: an amount, or the facilities that are not there.
fn gap(locale: Locale, judged: &Judged) -> Option<String> {
    match (judged.gap.zip(judged.unit), &judged.offer) {
        (Some((gap, unit)), _) => Some(say(locale, "gap.short", &[("amount", &quantity(locale, gap, unit))])),
        (None, Value::Facilities { lacks, .. }) if !lacks.is_empty() => {
            Some(say(locale, "gap.lacks", &[("names", &names(locale, judged.criterion.id(), lacks))]))
        }
        _ => None,
    }
}

/// Returns one side of a criterion in words.
fn side(locale: Locale, criterion: Criterion, kind: Kind, value: &Value) -> String {
    let unit = match criterion {
        // A share is a percentage; only the gap between two shares counts in points.
        Criterion::Rd => "percent",
        _ => criterion.unit(kind).unwrap_or("ratio"),
    };
    let group = match criterion {
        Criterion::Available => "status",
        _ => criterion.id(),
    };
    let list = |words: Vec<String>| words.join(&tell(locale, "format.list"));
    match value {
        Value::Nothing => tell(locale, "format.silent"),
        Value::Number(number) => quantity(locale, *number, unit),
        Value::Range(range) => crate::i18n::range_in_words(locale, *range, unit),
        Value::Word(text) => word(locale, group, text),
        Value::Words(words) => names(locale, group, words),
        Value::Facilities { has, lacks } => {
            let [has, lacks] = [has, lacks].map(|codes| names(locale, group, codes));
            match (has.is_empty(), lacks.is_empty()) {
                (_, true) => say(locale, "format.has", &[("names", &has)]),
                (true, _) => say(locale, "format.lacks", &[("names", &lacks)]),
                _ => say(locale, "format.has_and_lacks", &[("has", &has), ("lacks", &lacks)]),
            }
        }
        Value::Text(text) => text.clone(),
        Value::Region(code) => region_name(*code),
        Value::Regions(codes) => list(codes.iter().map(|&code| division(code)).collect()),
        Value::Industries(codes) => list(codes.iter().map(|&code| industry(locale, code)).collect()),
        Value::Date(day) => date(locale, *day),
        Value::Flag(flag) => tell(locale, if *flag { "format.yes" } else { "format.no" }),
    }
}

/// Returns the labels of words as a list; blank without any.
fn names(locale: Locale, group: &str, words: &[&str]) -> String {
    let labels: Vec<String> = words.iter().map(|text| word(locale, group, text)).collect();
    labels.join(&tell(locale, "format.list"))
}

fn advice(locale: Locale, relaxation: &Relaxation) -> AdviceView {
    let criterion = relaxation.criterion;
    let step = |change: &Change, opens: usize| StepView {
        words: change_in_words(locale, criterion, relaxation.unit, change),
        opens,
        adopt: adoption(criterion, relaxation.unit, change),
    };
    AdviceView {
        label: word(locale, "criterion", criterion.id()),
        steps: relaxation.steps.iter().take(STEPS_SHOWN).map(|it| step(&it.change, it.opens)).collect(),
    }
}

fn pair_view(locale: Locale, pair: &Pair) -> PairView {
    let half = |half: &Half| change_in_words(locale, half.criterion, half.unit, &half.change);
    let [first, second] = &pair.changes;
    let args = [half(first), half(second)];
    PairView { words: say(locale, "change.both", &[("first", &args[0]), ("second", &args[1])]), opens: pair.opens }
}

/// Returns a change in words: `或接受湖州`, `价格放宽 3.5 万元/亩`.
#[must_use]
pub fn change_in_words(locale: Locale, criterion: Criterion, unit: Option<&str>, change: &Change) -> String {
    let gap = match change {
        Change::Accept(value) => {
            let is_drop = criterion.spec().relaxing == Relaxing::Drop;
            let key = if is_drop { "change.drop" } else { "change.accept" };
            return say(locale, key, &[("value", &accepted(locale, criterion, value))]);
        }
        Change::By(gap) => *gap,
    };
    let id = criterion.id();
    let own = format!("change.{id}");
    let key = if has(&own) { own.as_str() } else { change_key(criterion.spec().formula) };
    let amount = quantity(locale, gap, unit.unwrap_or("ratio"));
    say(locale, key, &[("amount", &amount), ("criterion", &word(locale, "criterion", id))])
}

/// Returns the key of a change by a figure: the direction follows from the formula of the criterion's points.
const fn change_key(formula: Formula) -> &'static str {
    match formula {
        Formula::Headroom => "change.higher_price",
        Formula::Distance => "change.further",
        Formula::Days => "change.later",
        Formula::Excess => "change.lower_need",
        _ => "change.more_commitment",
    }
}

fn accepted(locale: Locale, criterion: Criterion, value: &str) -> String {
    match criterion {
        Criterion::Region => DivisionCode::parse(value).map_or_else(|| value.to_owned(), division),
        Criterion::Industry => {
            domain::industry::IndustryCode::parse(value).map_or_else(|| value.to_owned(), |code| industry(locale, code))
        }
        _ => word(locale, criterion.id(), value),
    }
}

/// Returns the value of a change's button; `None` for a change that no field of the form expresses.
fn adoption(criterion: Criterion, unit: Option<&str>, change: &Change) -> Option<String> {
    let unit = unit.unwrap_or("-");
    let is_possible = match change {
        // A ratio of two figures has no single field of its unit to change.
        Change::By(_) => criterion.spec().fields.iter().any(|name| measures(name, unit)),
        // The form states one industry only.
        Change::Accept(_) => criterion.spec().fields.iter().any(|name| shape(name).is_some_and(can_accept)),
    };
    let value = match change {
        Change::By(gap) => gap.to_string(),
        Change::Accept(value) => value.clone(),
    };
    is_possible.then(|| format!("{} {unit} {value}", criterion.id()))
}

fn shape(name: &str) -> Option<Shape> {
    requirement::field(name).map(|field| field.shape)
}

/// Returns whether a gap in `unit` adds to the figures of a field.
fn measures(name: &str, unit: &str) -> bool {
    shape(name).and_then(Shape::unit).is_some_and(|own| own.measures(unit))
}

/// Returns whether a field can take a word or code besides those that it states.
const fn can_accept(shape: Shape) -> bool {
    matches!(shape, Shape::Divisions | Shape::Words(_) | Shape::Word(_))
}

/// Applies the value of a button of [`AdviceView`] to the draft. Other values change nothing.
pub fn adopt(draft: &mut FormContent, requirement: &Requirement, sent: &str) {
    let parts: Vec<&str> = sent.splitn(3, ' ').collect();
    let [criterion, unit, value] = parts[..] else { return };
    let Some(row) = Criterion::from_word(criterion).map(Criterion::spec) else { return };
    if row.relaxing == Relaxing::Never {
        return;
    }
    for &name in row.fields {
        match shape(name) {
            Some(Shape::Divisions) => widen_regions(draft, name, value),
            Some(Shape::Words(_)) if row.relaxing == Relaxing::Drop => draft.remove(name, value),
            Some(Shape::Words(vocabulary)) if vocabulary.find(value).is_some() => draft.add(name, value),
            // Without a word every word is accepted.
            Some(Shape::Word(_)) => draft.set(name, ""),
            Some(shape) if measures(name, unit) => {
                if let Ok(gap) = Decimal::parse(value) {
                    widen(draft, requirement, (name, shape), row.formula, gap);
                }
            }
            _ => {}
        }
    }
}

fn widen_regions(draft: &mut FormContent, field: &str, code: &str) {
    let Some(code) = DivisionCode::parse(code) else { return };
    let name = divisions().get(code).map_or_else(String::new, |row| row.name.clone());
    let entry = if divisions().named(&name).count() == 1 { name } else { code.to_string() };
    let regions = [draft.get(field), &entry].join("、");
    draft.set(field, &regions);
}

/// Widens a field by a gap; the direction follows from the field's type and the formula of its criterion's points.
fn widen(draft: &mut FormContent, stated: &Requirement, (name, shape): (&str, Shape), formula: Formula, gap: Decimal) {
    let Some(json) = stated.to_json().get(name).cloned() else { return };
    let gap = gap.micro();
    match shape {
        Shape::Range { .. } => {
            add(draft, &format!("{name}.min"), json.get("min"), -gap);
            add(draft, &format!("{name}.max"), json.get("max"), gap);
        }
        Shape::Near => add(draft, &format!("{name}.max_km"), json.get("max_km"), gap),
        // Where more than needed costs points the figure is a need, which shrinks; elsewhere it is an offer or a limit.
        Shape::Amount { .. } => add(draft, name, Some(&json), if formula == Formula::Excess { -gap } else { gap }),
        Shape::Day => {
            let days = chrono::Days::new(u64::try_from(gap / domain::decimal::SCALE).unwrap_or(0));
            let day = json.as_str().and_then(domain::time::parse_day).and_then(|day| day.checked_add_days(days));
            if let Some(day) = day {
                draft.set(name, &day.to_string());
            }
        }
        _ => {}
    }
}

/// Adds millionths to a stated figure, down to 0.
fn add(draft: &mut FormContent, input: &str, stated: Option<&serde_json::Value>, micro: i64) {
    let Some(own) = stated.and_then(|own| Decimal::parse(&own.to_string()).ok()) else { return };
    let figure = Decimal::from_micro(own.micro().saturating_add(micro).max(0));
    draft.set(input, &figure.to_string());
}
