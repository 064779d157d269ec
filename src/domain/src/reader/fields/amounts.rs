//! Fields that hold amounts: which of several amounts counts, and its value in the unit of the field.

use chrono::Datelike as _;
use serde_json::json;

use crate::decimal::Decimal;
use crate::reader::fields::draft::Draft;
use crate::reader::fields::exchange::{exchanged, rate};
use crate::reader::fields::facilities::is_left_out;
use crate::reader::fields::kinds::{is_between_places, is_dropped, is_or, is_or_land};
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::meaning::fact::Fact;
use crate::reader::meaning::slot::{Bound, Doubt};
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::token::TokenKind;
use crate::reader::tokens::units::Dim;
use crate::reader::words::lexicon::Tag;
use crate::reader::words::lists::{Suffixes, WordList};
use crate::reader::words::slot::Slot;
use crate::requirement::{Range, Tenure, field as field_row};
use crate::unit::Unit;

cues! {
    AmountCues in "amounts.txt" {
        team: CharSet,
        has_staff: Suffixes,
        staff: WordList,
        plus: CharSet,
        standing: WordList,
        again: CharSet,
    }
}

/// Fields whose spans and questions come before those of other single numbers, which follow in the order of the table.
const FIRST: [Slot; 2] = [Slot::INVEST, Slot::FIXED];
/// Fields whose spans and questions come last.
const LAST: [Slot; 1] = [Slot::BUDGET];

/// Figures of things that a site has or lacks, with the codes of the things.
const FACILITIES: [(Slot, &str); 2] = [(Slot::CRANE, "crane"), (Slot::LIFT, "goods_lift")];

/// The most repetitions of a figure that become spans; it keeps a long list of the same figure linear.
const MOST_SAID_AGAIN: usize = 20;

/// Fills every field that holds an amount.
pub(crate) fn amounts(draft: &mut Draft<'_>) {
    let converted: Vec<Fact> = draft.view.facts.iter().filter_map(|fact| exchanged(draft, fact)).collect();
    let mut facts: Vec<&Fact> = draft.view.facts.iter().chain(&converted).collect();
    if !converted.is_empty() {
        facts.sort_by_key(|fact| fact.token);
    }
    let mut by_slot: [Vec<&Fact>; Slot::COUNT] = std::array::from_fn(|_| Vec::new());
    for fact in facts {
        if let Some(slot) = fact.slot {
            by_slot[slot.index()].push(fact);
        }
    }
    let live = |draft: &Draft<'_>, slot: Slot| -> Vec<Fact> {
        let said = &by_slot[slot.index()];
        let mut facts = Vec::with_capacity(said.len());
        facts.extend(
            said.iter().filter(|fact| counts(draft, fact) && !is_of_today(draft, slot, fact)).map(|fact| **fact),
        );
        withdraw(said, &mut facts);
        facts
    };
    for slot in [Slot::LAND, Slot::FLOOR] {
        let facts = live(draft, slot);
        area(draft, slot, facts);
    }
    let left_out = |draft: &Draft<'_>, slot: Slot| {
        let facility = FACILITIES.iter().find(|(known, _)| *known == slot);
        facility.is_some_and(|(_, code)| is_left_out(draft, code))
    };
    for slot in singles() {
        if left_out(draft, slot) {
            continue;
        }
        let chosen = choose(draft, slot, live(draft, slot));
        if let Some((fact, others)) = chosen.split_first() {
            fill(draft, slot, fact, others);
        }
    }
    share(draft, &live(draft, Slot::FIXED_SHARE));
    second_sites(draft);
    rent_means_lease(draft);
}

/// Returns whether output or tax is said for the year that runs, 2026年营收2100万元: what the firm makes where it is.
fn is_of_today(draft: &Draft<'_>, slot: Slot, fact: &Fact) -> bool {
    let yearly = matches!(slot, Slot::TAX | Slot::OUTPUT | Slot::VALUE_ADDED) && !fact.frame.full;
    let clause = draft.view.clause(fact.token).start.max(fact.token.saturating_sub(YEAR));
    yearly
        && draft.view.tokens[clause..fact.token].iter().any(|token| match token.kind {
            TokenKind::Date(when) => {
                !when.day && when.first.year() == draft.this_year && when.last.year() == draft.this_year
            }
            _ => false,
        })
}

/// The most tokens between the year and its amount.
const YEAR: usize = 24;

/// Removes the amounts that a later one of the same value denies: 登记的15亩不是15亩，是50亩.
fn withdraw(said: &[&Fact], facts: &mut Vec<Fact>) {
    for denied in said.iter().filter(|fact| fact.frame.negated).take(MOST_DENIED) {
        let same = |fact: &Fact| fact.token < denied.token && fact.low == denied.low && fact.high == denied.high;
        if facts.iter().any(|fact| fact.token > denied.token) {
            facts.retain(|fact| !same(fact));
        }
    }
}

/// The most denied amounts that withdraw others.
const MOST_DENIED: usize = 10;

/// Returns the fields that hold one number, in the order in which they are filled.
fn singles() -> impl Iterator<Item = Slot> {
    let between = Slot::singles().filter(|slot| !FIRST.contains(slot) && !LAST.contains(slot));
    FIRST.into_iter().chain(between).chain(LAST)
}

/// Returns whether an amount counts: it belongs to the need, or is a headcount or research share of the firm today.
fn counts(draft: &Draft<'_>, fact: &Fact) -> bool {
    // 目前团队15人 is the headcount of the site; 现有员工280人 is not.
    let team = || {
        let text = draft.view.text;
        // We currently run a plant with 85 staff: the unit is one of those who work there.
        let staff = || CUES.staff.is_in(text, fact.start, fact.end);
        fact.label.map_or_else(
            || !staff(),
            |label| {
                let token = &draft.view.tokens[label];
                text.chars[token.start..token.end].iter().any(|&c| CUES.team.has(c))
            },
        )
    };
    let of_firm = (fact.slot == Some(Slot::RD) || fact.slot == Some(Slot::HEADS) && team())
        && !fact.frame.negated
        && !(fact.frame.told && fact.label.is_none())
        && !fact.frame.second;
    // 单价15 of rooms is a rent, of land alone it is no price per mu.
    let land_price = fact.slot == Some(Slot::RENT)
        && fact.label.is_some_and(|label| draft.view.tokens[label].names_any(&[Slot::PRICE, Slot::BUDGET]))
        && !fact.per.m2
        && draft.reading.requirement.land_mu.is_some()
        && draft.reading.requirement.floor_m2.is_none();
    fact.token >= draft.view.real_from
        && !land_price
        && (fact.is_wanted()
            || of_firm
            || fact.frame.second
                && !fact.slot.is_some_and(Slot::is_range)
                && !fact.frame.existing
                && !fact.frame.past
                && !fact.frame.told
                && !fact.frame.negated)
}

/// Returns the amount that counts, followed by others of equal rank, which may contradict it.
fn choose(draft: &Draft<'_>, slot: Slot, mut facts: Vec<Fact>) -> Vec<Fact> {
    prefer(&mut facts, |fact| !fact.frame.existing);
    if slot == Slot::HEADS {
        // We have 96 employees, and 230 at full capacity.
        prefer(&mut facts, |fact| !CUES.has_staff.fit(draft.view.text, 0, fact.start));
    }
    prefer(&mut facts, |fact| !fact.frame.second);
    // 先租300平，以后扩到1000平: a later phase corrects nothing.
    prefer(&mut facts, |fact| !fact.frame.phase_later);
    after_correction(draft, &mut facts);
    // A total counts before a figure per mu, since it needs no area.
    if !matches!(slot, Slot::PRICE | Slot::RENT | Slot::LOAD) {
        prefer(&mut facts, |fact| !fact.per.area());
    }
    // 能停4.2米和9.6米车: where the longest gets in, all do.
    if slot == Slot::TRUCK
        && let Some(longest) = facts.iter().map(|fact| fact.high).reduce(|a, b| if b > a { b } else { a })
    {
        facts.retain(|fact| fact.high == longest);
    }
    prefer(&mut facts, |fact| fact.total);
    prefer(&mut facts, |fact| !fact.frame.part);
    prefer(&mut facts, |fact| !fact.frame.phase_one);
    if matches!(slot, Slot::TAX | Slot::OUTPUT | Slot::VALUE_ADDED | Slot::ENERGY) {
        prefer(&mut facts, |fact| fact.frame.full);
        // A figure of this year is the present one; a plan has a later year or none.
        let this_year = draft.this_year;
        prefer(&mut facts, |fact| fact.frame.year != Some(this_year));
        let last = facts.iter().filter_map(|fact| fact.frame.year).max();
        if facts.len() > 1 && last.is_some() && facts.iter().all(|fact| fact.frame.year.is_some() || fact.frame.full) {
            facts.retain(|fact| fact.frame.year == last);
        }
    }
    facts
}

/// Retains the amounts that satisfy the predicate, if any does.
fn prefer(facts: &mut Vec<Fact>, predicate: impl Fn(&Fact) -> bool) {
    if facts.iter().any(&predicate) {
        facts.retain(predicate);
    }
}

/// Retains the amounts behind the last correction, if it is between two amounts of the field.
fn after_correction(draft: &Draft<'_>, facts: &mut Vec<Fact>) {
    let (Some(first), Some(last)) = (facts.first(), facts.last()) else { return };
    let before = draft.corrections.partition_point(|&mark| mark <= last.token);
    let mark = draft.corrections[..before].last().copied().filter(|&mark| mark >= first.token);
    if let Some(mark) = mark {
        facts.retain(|fact| fact.token > mark);
    }
}

/// Fills land or floor area, which are ranges and may be stated in two units or in phases.
fn area(draft: &mut Draft<'_>, slot: Slot, mut facts: Vec<Fact>) {
    let field = slot.field();
    if slot == Slot::FLOOR {
        facts.retain(|fact| !is_land_again(draft, fact));
        let (built, standing) = facts.into_iter().partition(|fact| !is_named(draft, fact) && is_built(draft, fact));
        facts = standing;
        build_area(draft, built);
    }
    // 1800平 + 办公300平 共2100平: a total that is stated needs no adding up.
    if slot == Slot::FLOOR && added_up(draft, &facts) && !facts.iter().any(|fact| fact.total) {
        draft.ask(field, "areas_added");
        return;
    }
    let is_mu = |fact: &Fact| fact.dim == Dim::Land;
    let again = if slot == Slot::LAND { restated(&mut facts, &is_mu) } else { Vec::new() };
    join_ends(&mut facts);
    let chosen = choose(draft, slot, facts);
    let Some((fact, others)) = chosen.split_first() else { return };
    let mut others = others.iter().chain(&again);
    let in_unit = |fact: &Fact, value: Exact| {
        if slot == Slot::LAND && !is_mu(fact) { value.times(Exact::new(3, 2000)?) } else { Some(value) }
    };
    let range = if fact.vague { None } else { range(fact, |value| in_unit(fact, value)) };
    let Some(range) = range else {
        draft.ask(field, if fact.vague { "vague_number" } else { "out_of_range" });
        return;
    };
    let requirement = &mut draft.reading.requirement;
    *(if slot == Slot::LAND { &mut requirement.land_mu } else { &mut requirement.floor_m2 }) = Some(range);
    let value = json!(range);
    draft.span(field, fact.start, fact.end, value.clone());
    let low = in_unit(fact, fact.low);
    let is_same = |other: &&Fact| in_unit(other, other.low).zip(low).is_some_and(|(a, b)| close(a, b));
    for other in others.clone().filter(is_same).take(MOST_SAID_AGAIN) {
        draft.span(field, other.start, other.end, value.clone());
    }
    if others.any(|other| !other.frame.part && !other.frame.phase_later && !is_same(&other)) {
        draft.ask(field, if slot == Slot::FLOOR { "second_site" } else { "several_values" });
    }
}

/// Adds the span of land where a floor without a label is the land in another unit: 用地95亩（折合63,333平方米）.
fn is_land_again(draft: &mut Draft<'_>, fact: &Fact) -> bool {
    let Some(range) = draft.reading.requirement.land_mu.filter(|range| range.min == range.max) else { return false };
    let told = draft.view.facts.iter().rev().find(|other| other.token < fact.token);
    let text = draft.view.text;
    let said = |from: usize| text.chars[from..fact.start].iter().any(|&c| CUES.again.has(c));
    let beside = told.is_some_and(|land| {
        land.slot == Some(Slot::LAND) && fact.token - land.token <= AGAIN && land.end < fact.start && said(land.end)
    });
    let mu = Exact::new(3, 2000).and_then(|factor| fact.low.times(factor));
    let same = mu.zip(range.min.map(Exact::from)).is_some_and(|(a, b)| close(a, b));
    let again = fact.label.is_none() && fact.low == fact.high && beside && same;
    if again {
        draft.span("land_mu", fact.start, fact.end, json!(range));
    }
    again
}

/// The most tokens between land and the same in another unit.
const AGAIN: usize = 6;

/// Fills the floor to be built, which no listing is judged by: a range of it stays unread.
fn build_area(draft: &mut Draft<'_>, built: Vec<Fact>) {
    let built = choose(draft, Slot::FLOOR, built);
    let total = built.iter().find(|fact| fact.label.is_some_and(|label| draft.view.tokens[label].has(Tag::Build)));
    let Some(fact) = total.or(built.first()).filter(|fact| draft.reading.requirement.land_mu.is_some() || !fact.vague)
    else {
        return;
    };
    if let Ok(value) = single(fact, fact.high) {
        draft.reading.requirement.build_area_m2 = Some(value);
        draft.span("build_area_m2", fact.start, fact.end, json!(value));
    }
}

/// Joins two ends of one range: 最多50亩最少30亩.
fn join_ends(facts: &mut Vec<Fact>) {
    facts.dedup_by(|fact, last| {
        let joined = fact.token - last.token <= ENDS && ends(last, fact);
        if joined {
            let (low, high) = if last.bound == Bound::AtLeast { (last.low, fact.low) } else { (fact.low, last.low) };
            (last.low, last.high, last.bound, last.end) = (low, high, Bound::Plain, fact.end);
        }
        joined
    });
}

/// The most tokens between two ends of a range: `Min. land: 45 mu. Max. land: 60 mu`.
const ENDS: usize = 7;

fn ends(one: &Fact, other: &Fact) -> bool {
    let single = one.low == one.high && other.low == other.high && one.dim == other.dim;
    single
        && match (one.bound, other.bound) {
            (Bound::AtLeast, Bound::AtMost) => one.low < other.low,
            (Bound::AtMost, Bound::AtLeast) => other.low < one.low,
            _ => false,
        }
}

/// Removes and returns restatements in another unit; the figure in mu is kept: 2262.66㎡(折合3.394亩).
fn restated(facts: &mut Vec<Fact>, is_mu: &impl Fn(&Fact) -> bool) -> Vec<Fact> {
    let mut again: Vec<Fact> = Vec::new();
    facts.dedup_by(|fact, last| {
        let same =
            fact.token - last.token <= 6 && is_mu(last) != is_mu(fact) && close(land(last, is_mu), land(fact, is_mu));
        if same {
            if is_mu(fact) {
                (fact.total, fact.frame) = (last.total, last.frame);
                // 折合约30亩 behind an exact figure is the same figure.
                fact.bound = if last.bound == Bound::Plain { Bound::Plain } else { fact.bound };
                std::mem::swap(last, fact);
            }
            again.push(*fact);
        }
        same
    });
    again
}

fn land(fact: &Fact, is_mu: &impl Fn(&Fact) -> bool) -> Exact {
    let in_mu = |value: Exact| Exact::new(3, 2000).and_then(|factor| value.times(factor));
    if is_mu(fact) { fact.low } else { in_mu(fact.low).unwrap_or(fact.low) }
}

/// Returns whether two areas differ by one percent at most: the same one in another unit, or rounded.
fn close(a: Exact, b: Exact) -> bool {
    a == b || a.is_within(b, 99, 101)
}

fn is_named(draft: &Draft<'_>, fact: &Fact) -> bool {
    fact.label.is_some_and(|label| draft.view.tokens[label].has(Tag::Named))
}

/// Returns whether a floor is to be built: on the land that is asked for, or where nothing else is asked for.
fn is_built(draft: &Draft<'_>, fact: &Fact) -> bool {
    let view = &draft.view;
    let clause = view.tokens[fact.token].clause;
    let from = view.tokens[..fact.token]
        .iter()
        .rev()
        .take(16)
        .take_while(|token| token.clause + 1 >= clause && token.sentence == view.tokens[fact.token].sentence);
    let built = from.clone().any(|token| token.has(Tag::Build))
        || fact.label.is_some_and(|label| view.tokens[label].has(Tag::Build));
    // 客户要3亩地自建厂房1500平: the nearer word decides.
    let sought = from
        .into_iter()
        .take_while(|token| token.clause == clause && (token.has(Tag::Seek) || !token.has(Tag::Build)))
        .any(|token| token.any(&[Tag::Lease, Tag::Seek]) && !token.has(Tag::Buy) && !token.names(Slot::LAND));
    let land = draft.reading.requirement.land_mu.is_some()
        || view
            .having(&[Tag::Plot])
            .take_while(|&at| at < 2000)
            .any(|at| !view.tokens[at].has(Tag::Build) && !is_dropped(view, at));
    let leased = view.tokens[..fact.token]
        .iter()
        .rev()
        .take(16)
        .take_while(|token| token.clause == clause)
        .any(|token| token.has(Tag::Lease));
    if is_standing(draft, fact) {
        return false;
    }
    // 租独栋厂房,占地8亩,3500平: a building that is rented exists already.
    let (named, bought) = building_sought(draft, fact);
    let standing = draft.standing || draft.choice && !built;
    !standing
        && (land
            && !sought
            && !bought
            && (built || !leased && draft.reading.requirement.land_mu.is_some() && !is_choice(draft, fact)))
        || built && !land && !sought && !standing && !named
}

/// Returns whether the sentence of a floor says that the building exists: `带部分现成厂房可过渡5000平`,
/// `收购现成厂区，土地30亩，厂房2万方`; a floor that its own clause builds does not.
fn is_standing(draft: &Draft<'_>, fact: &Fact) -> bool {
    const FARTHEST: usize = 24;
    let view = &draft.view;
    let own = &view.tokens[fact.token];
    let before = view.tokens[..fact.token].iter().rev().take(FARTHEST);
    let mut before = before.take_while(|token| {
        token.clause == own.clause || token.sentence == own.sentence && !view.clause_has(fact.token, &[Tag::Build])
    });
    before.any(|token| CUES.standing.starts(view.text, token.start))
}

/// Returns whether the floor is that of a building sought earlier in the sentence, and whether it is bought:
/// `找一处单层厂房，占地不限，建筑面积1500平米`.
fn building_sought(draft: &Draft<'_>, fact: &Fact) -> (bool, bool) {
    const FARTHEST: usize = 32;
    let tokens = draft.view.tokens;
    let sentence = tokens[fact.token].sentence;
    let before = tokens[..fact.token].iter().rev().take(FARTHEST).take_while(|token| token.sentence == sentence);
    let own = fact.label.map(|label| tokens[label].start);
    let (mut space, mut seek, mut bought, mut build) = (false, false, false, false);
    for token in before.filter(|token| Some(token.start) != own) {
        // 求购土地，建厂房: what is sought is the nearer thing.
        space = (space || token.has(Tag::Space)) && (seek || !token.has(Tag::Plot));
        seek |= space && token.has(Tag::Seek);
        bought |= space && token.has(Tag::Seek) && token.has(Tag::Buy);
        build |= token.has(Tag::Build);
    }
    (seek && !build, bought && !build)
}

/// Returns whether the floor is the alternative to land: `30亩地或者1万平厂房`.
fn is_choice(draft: &Draft<'_>, fact: &Fact) -> bool {
    let tokens = draft.view.tokens;
    let behind = (fact.token + 1..tokens.len()).take(3);
    let or = |at: usize| is_or(&draft.view, &tokens[at]) && !is_between_places(&draft.view, at);
    (fact.token.saturating_sub(8)..fact.token).chain(behind).any(or) || is_or_land(&draft.view, fact.token)
}

/// Returns whether two areas are joined by a plus: `2500平+200平`.
fn added_up(draft: &Draft<'_>, facts: &[Fact]) -> bool {
    let tokens = draft.view.tokens;
    facts.windows(2).any(|pair| {
        let between = &tokens[pair[0].token + 1..pair[1].token];
        between.len() <= 4
            && between.iter().any(|token| {
                matches!(token.kind, TokenKind::Break('+')) || token.other().is_some_and(|c| CUES.plus.has(c))
            })
    })
}

fn range(fact: &Fact, in_unit: impl Fn(Exact) -> Option<Exact>) -> Option<Range> {
    let scaled = |value: Exact, percent: i128| in_unit(value)?.times(Exact::new(percent, 100)?)?.decimal();
    let found = if fact.low != fact.high {
        Range { min: scaled(fact.low, 100), max: scaled(fact.high, 100) }
    } else {
        match fact.bound {
            Bound::Plain => Range { min: scaled(fact.low, 100), max: scaled(fact.low, 100) },
            Bound::About => Range { min: scaled(fact.low, 90), max: scaled(fact.low, 110) },
            Bound::AtLeast => Range { min: scaled(fact.low, 100), max: None },
            Bound::AtMost => Range { min: None, max: scaled(fact.low, 100) },
        }
    };
    let usable = found.min.is_some() || found.max.is_some();
    (usable && found.max != Some(Decimal::ZERO)).then_some(found)
}

/// Fills a field that holds one number; raises a question where the amount is none.
fn fill(draft: &mut Draft<'_>, slot: Slot, fact: &Fact, others: &[Fact]) {
    let field = slot.field();
    let value = match in_unit(draft, slot, fact) {
        Ok(value) => single(fact, value).and_then(|value| {
            let most = field_row(field).map_or(value, |row| row.shape.most());
            if value <= most { Ok(value) } else { Err("out_of_range") }
        }),
        Err(code) => Err(code),
    };
    match value {
        Ok(value) => {
            if let Some(place) = draft.reading.requirement.amount_mut(field) {
                *place = Some(value);
            }
            let said = json!(value);
            draft.span(field, fact.start, fact.end, said.clone());
            if fact.dim == Dim::Foreign {
                let rate = rate(draft, fact);
                draft.reading.spans.last_mut().into_iter().for_each(|span| span.rate = rate);
            }
            for other in others.iter().take(MOST_SAID_AGAIN) {
                if in_unit(draft, slot, other).ok().and_then(Exact::decimal) == Some(value) {
                    draft.span(field, other.start, other.end, said.clone());
                } else if !other.frame.part && !other.frame.phase_later {
                    draft.ask(field, "several_values");
                }
            }
        }
        Err(code) => draft.ask(field, code),
    }
}

/// Returns the value of a field that holds one number; the error is the code of a question.
fn single(fact: &Fact, value: Exact) -> Result<Decimal, &'static str> {
    if fact.vague {
        return Err("vague_number");
    }
    if fact.slot.is_some_and(Slot::is_limit) {
        return value.decimal().ok_or("out_of_range");
    }
    if fact.low != fact.high {
        return Err("range_in_single");
    }
    // 车辆最大13.5米: where the longest truck gets in, all do.
    if fact.bound == Bound::AtMost && fact.slot != Some(Slot::TRUCK) {
        return Err("upper_bound_in_single");
    }
    value.decimal().ok_or("out_of_range")
}

/// Converts an amount to the unit of the field; the error is the code of a question.
fn in_unit(draft: &Draft<'_>, slot: Slot, fact: &Fact) -> Result<Exact, &'static str> {
    let ratio = |top: i128, bottom: i128| {
        Exact::new(top, bottom).and_then(|factor| fact.high.times(factor)).ok_or("out_of_range")
    };
    match slot {
        Slot::TAX | Slot::OUTPUT | Slot::VALUE_ADDED | Slot::FIXED | Slot::INVEST => {
            let wan = ratio(if fact.per.month { 12 } else { 1 }, 10_000)?;
            if fact.per.area() { by_area(draft, fact, wan) } else { Ok(wan) }
        }
        Slot::BUDGET => ratio(1, 10_000),
        Slot::PRICE if fact.per.hectare => ratio(1, 150_000),
        Slot::PRICE => ratio(1, 10_000),
        Slot::RENT if fact.per.day => ratio(30, 1),
        Slot::RENT if fact.per.year && !fact.per.month => ratio(1, 12),
        Slot::LOAD => match fact.dim {
            Dim::Force | Dim::Pressure => ratio(10, 98),
            _ => Ok(fact.high),
        },
        Slot::RD if fact.high > Exact::int(100) => Err("out_of_range"),
        _ if slot.is_plain() && slot.unit().is_some_and(Unit::is_wan) => ratio(1, 10_000),
        _ => Ok(fact.high),
    }
}

/// Multiplies a figure per area by the land area, which must be exact.
fn by_area(draft: &Draft<'_>, fact: &Fact, wan: Exact) -> Result<Exact, &'static str> {
    let certain =
        |range: Range| range.min.zip(range.max).filter(|(min, max)| min == max).map(|(min, _)| Exact::from(min));
    let mu = draft.reading.requirement.land_mu.and_then(certain).ok_or("per_mu_without_area")?;
    // 投资强度5000万元/公顷: the unit overrides the label, which usually implies the mu.
    let times = match fact.per {
        per if per.hectare => Exact::new(1, 15).and_then(|factor| mu.times(factor)),
        per if per.m2 => Exact::new(2000, 3).and_then(|factor| mu.times(factor)),
        _ => Some(mu),
    };
    let times = times.ok_or("out_of_range")?;
    wan.times(times).ok_or("out_of_range")
}

/// Computes fixed assets from their share in the total investment: 固投占比80%.
fn share(draft: &mut Draft<'_>, facts: &[Fact]) {
    let Some(fact) = facts.first() else { return };
    let total = draft.reading.requirement.investment_wan;
    if draft.reading.requirement.fixed_investment_wan.is_some() {
        return;
    }
    let part = total.and_then(|total| Exact::from(total).times(fact.high)?.times(Exact::new(1, 100)?)?.decimal());
    match part.filter(|_| fact.low == fact.high && fact.bound != Bound::AtMost) {
        Some(value) => {
            draft.reading.requirement.fixed_investment_wan = Some(value);
            draft.span("fixed_investment_wan", fact.start, fact.end, json!(value));
        }
        None => draft.ask("fixed_investment_wan", "range_in_single"),
    }
}

/// Raises a question for each area of a second site.
fn second_sites(draft: &mut Draft<'_>) {
    for fact in draft.view.facts {
        if let Some(slot) =
            fact.slot.filter(|slot| slot.is_range() && fact.frame.second && !fact.frame.existing && !fact.frame.negated)
        {
            draft.ask(slot.field(), "second_site");
        }
    }
}

/// Sets the tenure to lease where a rent is limited, per m² or in total.
fn rent_means_lease(draft: &mut Draft<'_>) {
    let in_all = draft
        .view
        .facts
        .iter()
        .find(|fact| {
            matches!(fact.doubt, Some((Slot::RENT, Doubt::RentInAll)))
                && fact.is_wanted()
                && fact.token >= draft.view.real_from
        })
        .copied();
    let rent = draft.reading.requirement.rent_yuan_m2_month_max.is_some();
    if rent || in_all.is_some() {
        draft.reading.requirement.tenure = Some(Tenure::Lease);
    }
}
