//! Advice of an answer: changes of the requirement, as the new value with a button that applies it.

use domain::decimal::Decimal;
use domain::matching::{Change, Criterion, Formula, Half, MOST_STEPS, Pair, Relaxation, Relaxing};
use domain::region::{DivisionCode, divisions};
use domain::requirement::{self, Requirement, Word as _};
use domain::shape::Shape;
use serde::Serialize;

use super::card::nearest;
use super::draft::FormContent;
use crate::i18n::{
    Locale, Notation, division_alone, field, has, industry, quantity, quantity_up, requirement_value, say, spoken_step,
    up_to_step, word,
};

/// A requirement and the form that states it.
#[derive(Clone, Copy)]
pub struct StatedNeed<'a> {
    /// The form.
    pub draft: &'a FormContent,
    /// The requirement of its fields.
    pub requirement: &'a Requirement,
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

/// Steps shown per criterion; further steps are larger changes of the same kind and would crowd the page.
const STEPS_SHOWN: usize = 5;

/// Returns the smallest changes of one criterion; `None` without any.
pub(super) fn advice(notation: Notation, stated: StatedNeed<'_>, relaxation: &Relaxation) -> Option<AdviceView> {
    let steps: Vec<StepView> = match relaxation.criterion {
        Criterion::Region => nearest_first(notation, stated, relaxation),
        _ => rounded_steps(stated, relaxation)
            .into_iter()
            .map(|(change, opens)| step(notation, stated, relaxation, &change, opens))
            .collect(),
    };
    let label = word(notation.locale, "criterion", relaxation.criterion.id());
    (!steps.is_empty()).then_some(AdviceView { label, steps })
}

fn step(
    notation: Notation,
    stated: StatedNeed<'_>,
    relaxation: &Relaxation,
    change: &Change,
    opens: usize,
) -> StepView {
    let criterion = relaxation.criterion;
    let adopt = adoption(criterion, relaxation.unit, change);
    let words = match (change, &adopt) {
        (Change::By(_), Some(sent)) => new_value(notation, stated, criterion, sent),
        _ => None,
    };
    let words = words.unwrap_or_else(|| change_in_words(notation, criterion, relaxation.unit, change));
    StepView { words, opens, adopt }
}

/// Returns a field with the value that a change gives it: `用地改为 28–52 亩`.
fn new_value(notation: Notation, stated: StatedNeed<'_>, criterion: Criterion, sent: &str) -> Option<String> {
    let mut draft = stated.draft.clone();
    adopt(&mut draft, stated.requirement, sent);
    let (before, after) = (stated.requirement.to_json(), draft.requirement().ok()?.to_json());
    let name = criterion.spec().fields.iter().find(|name| after.get(**name) != before.get(**name))?;
    let (locale, value) = (notation.locale, requirement_value(notation, name, after.get(*name)?));
    Some(say(locale, "change.to", &[("field", &field(locale, name)), ("value", &value)]))
}

/// Returns the divisions to accept that are nearest to those asked for, with their distance.
fn nearest_first(notation: Notation, stated: StatedNeed<'_>, relaxation: &Relaxation) -> Vec<StepView> {
    let locale = notation.locale;
    let distance = |change: &Change| match change {
        Change::Accept(code) => nearest(DivisionCode::parse(code)?, &stated.requirement.regions).map(|(_, km)| km),
        Change::By(_) => None,
    };
    let mut steps: Vec<_> = relaxation.steps.iter().map(|it| (distance(&it.change), it)).collect();
    steps.sort_by_key(|(km, it)| (km.is_none(), *km, std::cmp::Reverse(it.opens)));
    let view = |(km, it): (Option<Decimal>, &domain::matching::Step)| {
        let shown = step(notation, stated, relaxation, &it.change, it.opens);
        let far = km.map(|km| say(locale, "change.away", &[("km", &quantity(locale, km, "km"))]));
        StepView { words: shown.words + &far.unwrap_or_default(), ..shown }
    };
    steps.into_iter().take(STEPS_SHOWN).map(view).collect()
}

/// Returns the smallest steps with figures rounded outward to what people say, each with the number that the rounded figure opens.
fn rounded_steps(stated: StatedNeed<'_>, relaxation: &Relaxation) -> Vec<(Change, usize)> {
    let exact = |change: &Change| match change {
        Change::By(gap) => Some(*gap),
        Change::Accept(_) => None,
    };
    let opens = |gap: Decimal| {
        let reached = relaxation.steps.iter().filter(|it| exact(&it.change).is_some_and(|own| own <= gap));
        reached.map(|it| it.opens).max().unwrap_or_default()
    };
    let last = relaxation.steps.last().and_then(|it| exact(&it.change));
    let is_whole = relaxation.steps.len() < MOST_STEPS;
    let step = largest_figure(stated.requirement, relaxation.criterion).map(spoken_step);
    let mut steps: Vec<(Change, usize)> = Vec::new();
    for it in &relaxation.steps {
        let change = match exact(&it.change) {
            None => it.change.clone(),
            Some(gap) => {
                let round = step.map_or(gap, |step| up_to_step(gap, step));
                // Past the last known step the count of a rounded figure is unknown.
                Change::By(if is_whole || last.is_some_and(|last| round <= last) { round } else { gap })
            }
        };
        let opens = exact(&change).map_or(it.opens, opens);
        if steps.last().is_none_or(|(former, _)| *former != change) {
            steps.push((change, opens));
        }
        if steps.len() == STEPS_SHOWN {
            break;
        }
    }
    steps
}

/// Returns the largest figure that a requirement states for a criterion.
fn largest_figure(requirement: &Requirement, criterion: Criterion) -> Option<Decimal> {
    let json = requirement.to_json();
    let stated = criterion.spec().fields.iter().filter_map(|name| json.get(*name));
    let figures = stated.flat_map(|value| match value {
        serde_json::Value::Object(parts) => parts.values().map(ToString::to_string).collect(),
        other => vec![other.to_string()],
    });
    figures.filter_map(|text| Decimal::parse(&text).ok()).max()
}

pub(super) fn pair_view(notation: Notation, pair: &Pair) -> PairView {
    let half = |half: &Half| change_in_words(notation, half.criterion, half.unit, &half.change);
    let [first, second] = &pair.changes;
    let args = [half(first), half(second)];
    PairView {
        words: say(notation.locale, "change.both", &[("first", &args[0]), ("second", &args[1])]),
        opens: pair.opens,
    }
}

/// Returns a change in words: `或接受湖州`, `价格放宽 3.5 万元/亩`.
#[must_use]
pub fn change_in_words(
    notation: impl Into<Notation>,
    criterion: Criterion,
    unit: Option<&str>,
    change: &Change,
) -> String {
    let notation = notation.into();
    let locale = notation.locale;
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
    let amount = quantity_up(notation, gap, unit.unwrap_or("ratio"));
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
        Criterion::Region => {
            DivisionCode::parse(value).map_or_else(|| value.to_owned(), |code| division_alone(locale, code))
        }
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
