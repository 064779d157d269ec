//! The text of one field that holds a figure: its number with a unit of its own, converted to the field's unit.

use crate::decimal::Decimal;
use crate::reader::letters::text::Text;
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::quantity::{Quantity, quantity};
use crate::reader::tokens::units::Dim;
use crate::unit::Unit;

/// Why the text of a field holds no figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FigureFault {
    /// It is no single number.
    NoNumber,
    /// Its unit, as written, is none of the field's or does not convert to it.
    Unit(String),
}

/// The most characters before the number: a currency with a blank.
const LEAD: usize = 5;

/// Reads a figure as people type it in a field of this unit: `5千万` and `200 million` in 万元, `3公顷` and `40 ha` in mu,
/// `64,000 sqft` in m², `2MVA` in kVA, `33 ft` in metres, `2元/天` per m² and month. A number without a unit has the unit of the field.
///
/// # Errors
/// [`FigureFault`]: no single number, or a unit that does not convert, as written.
pub fn read_figure(typed: &str, unit: Unit) -> Result<Decimal, FigureFault> {
    let text = Text::new(typed.trim());
    let found = (0..LEAD.min(text.chars.len())).find_map(|at| quantity(&text, at)).ok_or(FigureFault::NoNumber)?;
    let rest = |from: usize| FigureFault::Unit(text.written(from, text.chars.len()).trim().to_owned());
    if found.start > 0 || found.vague || found.more || found.low != found.high {
        return Err(FigureFault::NoNumber);
    }
    if found.end < text.chars.len() {
        let digit = text.chars[found.end..].iter().any(char::is_ascii_digit);
        return Err(if digit { FigureFault::NoNumber } else { rest(digits(&text)) });
    }
    let value = converted(&found, unit).and_then(Exact::decimal);
    value.ok_or_else(|| if found.dim == Dim::Bare { FigureFault::NoNumber } else { rest(digits(&text)) })
}

/// Returns where the figures of a number end and its unit starts.
fn digits(text: &Text) -> usize {
    let figure = |&c: &char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ');
    text.chars.iter().position(|c| !figure(c)).unwrap_or(text.chars.len())
}

/// Converts an amount to the unit of a field; `None` where it does not convert.
fn converted(found: &Quantity, unit: Unit) -> Option<Exact> {
    let (dim, per) = (found.dim, found.per);
    let ratio = |top: i128, bottom: i128| Exact::new(top, bottom).and_then(|factor| found.low.times(factor));
    let plain = !per.area() && !per.other;
    let money = dim == Dim::Money || dim == Dim::Bare && found.large;
    match unit {
        Unit::Mu if plain && dim == Dim::Land => ratio(1, 1),
        Unit::Mu if plain && dim == Dim::Floor => ratio(3, 2000),
        Unit::M2 if plain && dim == Dim::Floor => ratio(1, 1),
        Unit::M2 if plain && dim == Dim::Land => ratio(2000, 3),
        Unit::WanPerMu if money && per.hectare => ratio(1, 150_000),
        Unit::WanPerMu if money && per.m2 => ratio(1, 15),
        Unit::WanPerMu if money && !per.other => ratio(1, 10_000),
        Unit::YuanPerM2PerMonth if money && per.day => ratio(30, 1),
        Unit::YuanPerM2PerMonth if money && per.year => ratio(1, 12),
        Unit::YuanPerM2PerMonth if money && !per.mu && !per.hectare && !per.other => ratio(1, 1),
        unit if unit.is_wan() && money && plain => ratio(if per.month { 12 } else { 1 }, 10_000),
        Unit::TPerM2 if matches!(dim, Dim::Force | Dim::Pressure) => ratio(10, 98),
        Unit::TPerM2 | Unit::T | Unit::TPerYear if dim == Dim::Mass => ratio(1, 1),
        Unit::Km if dim == Dim::Length => ratio(1, 1000),
        _ if dim == Dim::Bare && plain => ratio(1, 1),
        _ => (dims(unit).contains(&dim) && plain).then(|| ratio(1, 1)).flatten(),
    }
}

/// The dimensions that are a unit's own.
const fn dims(unit: Unit) -> &'static [Dim] {
    match unit {
        Unit::Kva => &[Dim::Power],
        Unit::M => &[Dim::Length],
        Unit::Percent => &[Dim::Percent],
        Unit::TcePerYear => &[Dim::Energy],
        Unit::Desks => &[Dim::Count],
        Unit::People => &[Dim::People, Dim::Count],
        Unit::Km => &[Dim::Far],
        Unit::Years => &[Dim::Years],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::{FigureFault, read_figure};
    use crate::unit::Unit;

    #[test]
    fn a_field_understands_its_figure_in_other_units() {
        for (typed, unit, value) in [
            ("5千万", Unit::Wan, "5000"),
            ("1.2 亿元", Unit::Wan, "12000"),
            ("15000元", Unit::WanPerYear, "1.5"),
            ("200 million", Unit::Wan, "20000"),
            ("1000", Unit::Wan, "1000"),
            ("3公顷", Unit::Mu, "45"),
            ("40 ha", Unit::Mu, "600"),
            ("30亩", Unit::Mu, "30"),
            ("1.5万", Unit::M2, "15000"),
            ("64,000 sqft", Unit::M2, "5945.7946"),
            ("2MVA", Unit::Kva, "2000"),
            ("3,000 kVA", Unit::Kva, "3000"),
            ("2元/天", Unit::YuanPerM2PerMonth, "60"),
            ("0.8元/平/天", Unit::YuanPerM2PerMonth, "24"),
            ("33 ft", Unit::M, "10.0584"),
            ("450万元/公顷", Unit::WanPerMu, "30"),
            ("5kN/m2", Unit::TPerM2, "0.5102"),
            ("3.5%", Unit::Percent, "3.5"),
            ("20人", Unit::People, "20"),
            (".5", Unit::Ratio, "0.5"),
            ("3年", Unit::Years, "3"),
        ] {
            let found = read_figure(typed, unit).map(|value| value.to_string());
            assert_eq!(found.as_deref(), Ok(value), "{typed}");
        }
    }

    #[test]
    fn a_unit_that_does_not_convert_is_refused_by_name() {
        for (typed, unit, named) in [
            ("800kW", Unit::Kva, "kW"),
            ("300 万美元", Unit::Wan, "万美元"),
            ("20吨", Unit::M, "吨"),
            ("30匹", Unit::Kva, "匹"),
        ] {
            assert_eq!(read_figure(typed, unit), Err(FigureFault::Unit(named.to_owned())), "{typed}");
        }
        for typed in ["很多", "", "30-50", "几十万", "1.2.3"] {
            assert_eq!(read_figure(typed, Unit::Wan), Err(FigureFault::NoNumber), "{typed}");
        }
    }
}
