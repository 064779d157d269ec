//! Units of amounts and their divisors: `万元/亩`, `元/㎡·月`, `kN/m²`.

use std::sync::LazyLock;

use crate::reader::letters::numerals::{MEASURE, ONE};
use crate::reader::letters::rules::{Cue, RuleLine, cues, loaded, rule_file};
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::exact::Exact;
use crate::reader::words::lists::WordList;
use crate::reader::words::trie::Trie;

cues! {
    DivisorCues in "divisors.txt" {
        per: WordList,
        divisor: Divisors,
        labelled: CharSet,
        label_behind: CharSet,
        people: CharSet,
        people_behind: CharSet,
        glued: CharSet,
    }
}

/// The dimension of an amount, with its base unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dim {
    /// Land area, mu.
    Land,
    /// Area of land or floor, m².
    Floor,
    /// Money, yuan.
    Money,
    /// Money in another currency, which is not converted.
    Foreign,
    /// Apparent power, kVA.
    Power,
    /// Active power, kW, which does not convert to kVA.
    Watt,
    /// Length, m.
    Length,
    /// Mass, t.
    Mass,
    /// Force, kN.
    Force,
    /// Pressure, kPa (kN/m²).
    Pressure,
    /// Energy, tonnes of coal equivalent.
    Energy,
    /// Years of a lease.
    Years,
    Percent,
    People,
    /// Distance, km.
    Far,
    /// A count with a general measure word, `5个`.
    Count,
    /// A number without a unit.
    Bare,
    /// A unit of no field.
    Other,
}

impl Dim {
    /// Returns whether amounts of it fill no field, or one whose label is beside them.
    pub(crate) const fn is_other(self) -> bool {
        matches!(self, Self::Other | Self::Years)
    }
}

/// The divisors of an amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Per {
    pub(crate) mu: bool,
    pub(crate) hectare: bool,
    pub(crate) m2: bool,
    pub(crate) year: bool,
    pub(crate) month: bool,
    pub(crate) day: bool,
    /// Any other divisor: desk, person, tonne, hour, 万元.
    pub(crate) other: bool,
}

impl Per {
    pub(crate) const NONE: Self =
        Self { mu: false, hectare: false, m2: false, year: false, month: false, day: false, other: false };

    /// Returns the union of two sets of divisors.
    pub(crate) const fn and(self, more: Self) -> Self {
        Self {
            mu: self.mu || more.mu,
            hectare: self.hectare || more.hectare,
            m2: self.m2 || more.m2,
            year: self.year || more.year,
            month: self.month || more.month,
            day: self.day || more.day,
            other: self.other || more.other,
        }
    }

    /// Returns whether an area is among the divisors.
    pub(crate) const fn area(self) -> bool {
        self.mu || self.hectare || self.m2
    }

    fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "mu" => Self { mu: true, ..Self::NONE },
            "hectare" => Self { hectare: true, ..Self::NONE },
            "m2" => Self { m2: true, ..Self::NONE },
            "year" => Self { year: true, ..Self::NONE },
            "month" => Self { month: true, ..Self::NONE },
            "day" => Self { day: true, ..Self::NONE },
            "other" => Self { other: true, ..Self::NONE },
            _ => return None,
        })
    }
}

#[derive(Clone, Copy)]
struct UnitWord {
    dim: Dim,
    /// The size in base units of the dimension.
    factor: Exact,
}

/// Parses the units: `dimension factor: words`, the factor an integer or a fraction.
///
/// # Errors
/// A message with `file:line` where a dimension is unknown or a factor malformed.
fn units() -> Result<Trie<Option<UnitWord>>, String> {
    let mut units = Trie::with_room(1 << 11);
    for rule in rule_file!("units.txt")? {
        let (dim, factor) = rule.head().split_once(' ').ok_or_else(|| rule.error("expected a factor"))?;
        let (top, bottom) = factor.split_once('/').unwrap_or((factor, "1"));
        let fraction = top.parse().ok().zip(bottom.parse().ok()).and_then(|(top, bottom)| Exact::new(top, bottom));
        let factor = fraction.ok_or_else(|| rule.error("malformed factor"))?;
        let dim = dim_of(dim).ok_or_else(|| rule.error("unknown dimension"))?;
        rule.words()?.for_each(|word| *units.entry(word) = Some(UnitWord { dim, factor }));
    }
    Ok(units)
}

static UNITS: LazyLock<Trie<Option<UnitWord>>> = LazyLock::new(|| loaded(units()));

/// Returns the dimension of a name in a rule file.
pub(crate) fn dim_of(name: &str) -> Option<Dim> {
    Some(match name {
        "land" => Dim::Land,
        "floor" => Dim::Floor,
        "money" => Dim::Money,
        "foreign" => Dim::Foreign,
        "power" => Dim::Power,
        "watt" => Dim::Watt,
        "length" => Dim::Length,
        "mass" => Dim::Mass,
        "force" => Dim::Force,
        "pressure" => Dim::Pressure,
        "energy" => Dim::Energy,
        "years" => Dim::Years,
        "percent" => Dim::Percent,
        "people" => Dim::People,
        "far" => Dim::Far,
        "count" => Dim::Count,
        "other" => Dim::Other,
        _ => return None,
    })
}

/// Returns the longest unit at a position: dimension, factor to the base unit, end.
pub(crate) fn unit(text: &Text, at: usize) -> Option<(Dim, Exact, usize)> {
    let mut best = None;
    UNITS.each(&text.chars, at, |length, unit| {
        if let Some(unit) = unit
            && is_whole(text, at + length)
        {
            best = Some((unit.dim, unit.factor, at + length));
        }
    });
    best
}

/// Returns whether a unit can end at a position: a Latin unit ends where no letter follows, `m2` where no digit does.
fn is_whole(text: &Text, end: usize) -> bool {
    let (last, next) = (text.at(end - 1), text.at(end));
    let latin = last.is_ascii_alphabetic() && next.is_ascii_alphabetic();
    let digit = last.is_ascii_digit() && next.is_ascii_digit();
    !(latin || digit || starts_label(last, next))
}

/// Returns whether a unit is the start of the next label: 500万 亩均税收, 2.2元/㎡/天/人数.
fn starts_label(last: char, next: char) -> bool {
    CUES.labelled.has(last) && CUES.label_behind.has(next) || CUES.people.has(last) && CUES.people_behind.has(next)
}

/// Reads the divisors from a position on (`/亩`, `每平每月`, ` per sqm per month`); returns them with their end.
pub(crate) fn per(text: &Text, at: usize, after_money: bool) -> (Per, usize) {
    let (mut found, mut end) = (Per::NONE, at);
    loop {
        let Some(start) = separator(text, end, after_money, end > at) else { return (found, end) };
        let Some((one, next)) = divisor(text, start) else { return (found, end) };
        found = found.and(one);
        end = if text.at(next) == ')' && text.chars[at..next].contains(&'(') { next + 1 } else { next };
    }
}

/// Returns the position behind the sign or word of division; `again` is set behind a first divisor.
fn separator(text: &Text, at: usize, after_money: bool, again: bool) -> Option<usize> {
    if let Some(length) = CUES.per.at(text, at) {
        return Some(at + length);
    }
    if after_money && text.at(at) == ONE {
        return Some(if text.at(at + 1) == MEASURE { at + 2 } else { at + 1 });
    }
    // 0.9元天, 25元平: the sign is left out before a divisor that ends the piece.
    if !again {
        let glued = after_money && CUES.glued.has(text.at(at)) && is_last(text, at);
        return glued.then_some(at);
    }
    if matches!(text.at(at), '·' | '*' | '.' | '×') {
        return Some(at + 1);
    }
    divisor(text, at).is_some_and(|(one, _)| one.month || one.day || one.year).then_some(at)
}

/// Returns whether one or two divisors at a position are all that is left of their piece.
fn is_last(text: &Text, at: usize) -> bool {
    let first = divisor(text, at).filter(|(one, _)| one.m2 || one.month || one.day);
    let last = first.map(|(_, end)| divisor(text, end).map_or(end, |(_, end)| end));
    last.is_some_and(|end| !text.at(end).is_alphanumeric())
}

/// Words of divisors; where two kinds share a word the first rule has it.
struct Divisors(Trie<Option<Per>>);

impl Cue for Divisors {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let mut words: Trie<Option<Per>> = Trie::with_room(1 << 9);
        for rule in rules {
            let kind = rule.head().split(' ').nth(1).and_then(Per::of_name);
            let kind = kind.ok_or_else(|| rule.error("unknown divisor"))?;
            for word in rule.words()? {
                words.entry(word).get_or_insert(kind);
            }
        }
        Ok(Self(words))
    }
}

/// Returns the longest divisor at a position with its end.
fn divisor(text: &Text, at: usize) -> Option<(Per, usize)> {
    let mut best = None;
    CUES.divisor.0.each(&text.chars, at, |length, per| {
        let end = at + length;
        let (last, next) = (text.at(end - 1), text.at(end));
        let cut = last.is_ascii_alphabetic() && next.is_ascii_alphanumeric() || starts_label(last, next);
        best = per.filter(|_| !cut).map(|per| (per, end)).or(best);
    });
    best
}

#[cfg(test)]
mod tests {
    use super::units;

    #[test]
    fn every_rule_of_the_units_is_well_formed_and_its_dimension_known() {
        assert_eq!(units().err(), None);
    }
}
