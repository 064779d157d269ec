//! Figures as clerks write them: with thousands separators, full-width digits, a magnitude (万) and a unit.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use super::raw::is_blank_char;
use crate::decimal::{Decimal, DecimalError, SCALE};
use crate::fault::CellReason;
use crate::fold::simplify;
use crate::unit::Unit;
use crate::word::Word as _;

/// A figure in its column's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) value: Decimal,
    /// Whether a unit or a magnitude was written.
    pub(super) converted: bool,
}

/// The ratio of a written unit to the unit of the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Factor {
    numerator: i128,
    denominator: i128,
}

impl Factor {
    pub(super) const ONE: Self = Self { numerator: 1, denominator: 1 };

    pub(super) fn is_one(self) -> bool {
        self.numerator == self.denominator
    }

    fn times(self, other: Self) -> Self {
        Self { numerator: self.numerator * other.numerator, denominator: self.denominator * other.denominator }
    }
}

/// The written units of each unit, with their ratio to it: `config/data/import_units.csv`.
static UNITS: LazyLock<HashMap<(Unit, String), Factor>> =
    LazyLock::new(|| parse_units(include_str!("../../../../config/data/import_units.csv")));

fn parse_units(table: &str) -> HashMap<(Unit, String), Factor> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(table.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.unwrap_or_else(|error| panic!("import_units.csv: {error}"));
        parse_unit(&row).unwrap_or_else(|| panic!("import_units.csv: {row:?}"))
    });
    rows.flatten().collect()
}

/// One line: unit, numerator, denominator, spellings joined by `|`.
fn parse_unit(row: &csv::StringRecord) -> Option<Vec<((Unit, String), Factor)>> {
    let unit = Unit::from_word(row.get(0)?)?;
    let factor = Factor { numerator: row.get(1)?.parse().ok()?, denominator: row.get(2)?.parse().ok()? };
    Some(row.get(3)?.split('|').map(|written| ((unit, normal_unit(written)), factor)).collect())
}

/// Returns the ratio of a written unit to `unit`, `None` where it does not convert.
pub(super) fn factor(unit: Unit, written: &str) -> Option<Factor> {
    UNITS.get(&(unit, normal_unit(written))).copied()
}

/// Returns the ratio of the unit that a header names: with a magnitude before it too (万㎡), never a magnitude alone.
pub(super) fn named_factor(unit: Unit, written: &str) -> Option<Factor> {
    let is_alone = MAGNITUDES.iter().any(|(word, _)| *word == written);
    factor(unit, written).or_else(|| written_factor(unit, written).filter(|_| !is_alone))
}

/// A unit's spelling in simplified characters, without width, case, blanks and the choice of separator (`元/㎡·月`, `元/平方米/月`).
fn normal_unit(written: &str) -> String {
    let written = simplify(&written.nfkc().collect::<String>().to_lowercase()).replace("每", "/");
    let mut normal = String::new();
    for c in written.chars().filter(|c| !c.is_whitespace()) {
        let c = if matches!(c, '·' | '•' | '⋅' | '∙' | '*' | '.' | '・') { '/' } else { c };
        if !(c == '/' && normal.ends_with('/')) {
            normal.push(c);
        }
    }
    normal
}

/// Magnitudes before a unit, longest first.
const MAGNITUDES: [(&str, i128); 7] = [
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("十万", 100_000),
    ("亿", 100_000_000),
    ("万", 10_000),
    ("千", 1_000),
    ("百", 100),
];

/// Words that make a figure an approximation or a bound.
const APPROXIMATIONS: [&str; 18] = [
    "约",
    "大概",
    "大致",
    "左右",
    "上下",
    "近",
    "余",
    "多",
    "以上",
    "以下",
    "以内",
    "≈",
    "不超过",
    "不少于",
    "≥",
    "≤",
    ">",
    "<",
];

/// Reads a figure written as text into the unit of its column; `scale` is the ratio of the header's unit to it.
///
/// # Errors
/// `Approximate`, `Range`, `TooManyPlaces` (only where nothing was converted), `OutOfRange`, `NotANumber`.
pub(super) fn read(text: &str, unit: Unit, scale: Factor) -> Result<Measure, CellReason> {
    let normal: String = text.nfkc().filter(|c| !is_blank_char(*c)).collect();
    if normal.starts_with('~') || normal.ends_with('+') || APPROXIMATIONS.iter().any(|word| normal.contains(word)) {
        return Err(CellReason::Approximate);
    }
    let (digits, written) = split(&normal);
    let written = written.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(written);
    if is_range(digits, written) {
        return Err(CellReason::Range);
    }
    let plain = ungrouped(digits).ok_or(CellReason::NotANumber)?;
    let factor =
        if written.is_empty() { scale } else { written_factor(unit, written).ok_or(CellReason::NotANumber)? };
    let value = match Decimal::parse(&plain) {
        Ok(value) => convert(value, factor)?,
        Err(DecimalError::NotANumber) => return Err(CellReason::NotANumber),
        Err(DecimalError::TooManyPlaces) => return Err(CellReason::TooManyPlaces),
        Err(DecimalError::OutOfRange) => return Err(CellReason::OutOfRange),
    };
    Ok(Measure { value, converted: !written.is_empty() || !factor.is_one() })
}

/// The number at a text's start, and the rest.
fn split(text: &str) -> (&str, &str) {
    let number = |(_, c): &(usize, char)| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-');
    let mut end = text.char_indices().take_while(number).last().map_or(0, |(at, c)| at + c.len_utf8());
    // An exponent belongs to the number where digits follow it.
    let rest = &text[end..];
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let digits = exponent[sign..].bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            end += 1 + sign + digits;
        }
    }
    text.split_at(end)
}

/// `30-50`, `30~50亩`, `1.0至2.0`.
fn is_range(digits: &str, written: &str) -> bool {
    let inner = digits.get(1..).is_some_and(|rest| rest.contains('-') && !rest.contains(['e', 'E']));
    let joined = ["~", "-", "—", "–", "至", "到"].iter().any(|joint| {
        written.split_once(joint).is_some_and(|(_, after)| after.starts_with(|c: char| c.is_ascii_digit()))
    });
    !digits.is_empty() && (inner || joined)
}

/// Digits without their thousands separators; `None` where a group between them has not three digits.
fn ungrouped(digits: &str) -> Option<String> {
    if !digits.contains(',') {
        return (!digits.is_empty()).then(|| digits.to_owned());
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.trim_start_matches(['+', '-']).split(',');
    let first = groups.next()?;
    let well_grouped =
        (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3) && !fraction.contains(',');
    well_grouped.then(|| digits.replace(',', ""))
}

/// The ratio of a written magnitude and unit to the column's unit: `亩`, `万元`, `万平方米`.
fn written_factor(unit: Unit, written: &str) -> Option<Factor> {
    if let Some(factor) = factor(unit, written) {
        return Some(factor);
    }
    let (magnitude, rest) = MAGNITUDES.iter().find_map(|(word, times)| Some((*times, written.strip_prefix(word)?)))?;
    let magnitude = Factor { numerator: magnitude, denominator: 1 };
    if rest.is_empty() { Some(magnitude) } else { Some(factor(unit, rest)?.times(magnitude)) }
}

/// The value times a ratio, rounded at the sixth place, half away from zero.
///
/// # Errors
/// `OutOfRange` past the range of [`Decimal`].
pub(super) fn convert(value: Decimal, factor: Factor) -> Result<Decimal, CellReason> {
    let scaled = i128::from(value.micro()).checked_mul(factor.numerator).ok_or(CellReason::OutOfRange)?;
    let half = factor.denominator / 2 * scaled.signum();
    i64::try_from((scaled + half) / factor.denominator).map(Decimal::from_micro).map_err(|_| CellReason::OutOfRange)
}

/// A whole number of millionths is a plain figure: the scale of [`Decimal`] is what [`convert`] rounds to.
const _: () = assert!(SCALE == 1_000_000);

#[cfg(test)]
mod tests {
    use super::{Factor, Unit, factor, read};
    use crate::fault::CellReason;

    fn figure(text: &str, unit: Unit) -> Result<(String, bool), CellReason> {
        read(text, unit, Factor::ONE).map(|figure| (figure.value.to_string(), figure.converted))
    }

    #[test]
    fn units_and_magnitudes_convert_to_the_columns_unit() {
        for (text, unit, value, converted) in [
            ("1,250.5", Unit::M2, "1250.5", false),
            ("１２００", Unit::M2, "1200", false),
            ("30亩", Unit::Mu, "30", true),
            ("2公顷", Unit::M2, "20000", true),
            ("30亩", Unit::M2, "20000", true),
            ("1.2万平方米", Unit::M2, "12000", true),
            ("1.2 万㎡", Unit::M2, "12000", true),
            ("1.5亿元", Unit::Wan, "15000", true),
            ("95.922万元", Unit::Wan, "95.922", true),
            ("50年", Unit::Years, "50", true),
            ("3.5%", Unit::Percent, "3.5", true),
            ("2MVA", Unit::Kva, "2000", true),
            ("25元/㎡·月", Unit::YuanPerM2PerMonth, "25", true),
            ("25元/平方米/月", Unit::YuanPerM2PerMonth, "25", true),
            ("420元/㎡", Unit::WanPerMu, "28", true),
            ("1.5E+3", Unit::M2, "1500", false),
            ("30（亩）", Unit::Mu, "30", true),
        ] {
            assert_eq!(figure(text, unit), Ok((value.to_owned(), converted)), "{text}");
        }
    }

    #[test]
    fn what_is_no_single_exact_figure_is_refused_with_its_reason() {
        for (text, reason) in [
            ("约2000", CellReason::Approximate),
            ("2000左右", CellReason::Approximate),
            ("≥2000", CellReason::Approximate),
            ("2000+", CellReason::Approximate),
            ("30-50", CellReason::Range),
            ("30~50亩", CellReason::Range),
            ("1.0至2.0", CellReason::Range),
            ("3.3;4.8", CellReason::NotANumber),
            ("9*.5", CellReason::NotANumber),
            ("1,25", CellReason::NotANumber),
            ("面议", CellReason::NotANumber),
            ("30吨", CellReason::NotANumber),
        ] {
            assert_eq!(figure(text, Unit::M2), Err(reason), "{text}");
        }
    }

    #[test]
    fn a_unit_converts_only_within_its_dimension() {
        assert_eq!(factor(Unit::M2, "万元"), None);
        assert_eq!(factor(Unit::Mu, "亩"), Some(Factor::ONE));
    }
}
