//! One cell read as its column's type, into the canonical text that is stored.

use chrono::Datelike as _;
use unicode_normalization::UnicodeNormalization as _;

use super::columns::Binding;
use super::date::{self, Date};
use super::quantity::{self, Factor};
use super::raw::{NumberCell, Raw, is_blank_char, is_invisible, shift_places};
use super::words;
use crate::column::{Cell, Column, LONGEST_CELL};
use crate::contact::Mail;
use crate::decimal::{Decimal, DecimalError};
use crate::fault::CellReason;
use crate::industry::IndustryCode;
use crate::region::{DivisionCode, succession};
use crate::unit::Unit;
use crate::word::Vocabulary;

/// A cell's canonical text, blank for an empty cell, with what was changed to get it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) text: String,
    /// `Converted`, `Normalised` or `Renamed`.
    pub(super) warning: Option<CellReason>,
}

type CellResult = Result<Read, CellReason>;

fn plain(text: impl Into<String>) -> CellResult {
    Ok(Read { text: text.into(), warning: None })
}

fn warned(text: impl Into<String>, warning: CellReason, is_changed: bool) -> CellResult {
    Ok(Read { text: text.into(), warning: is_changed.then_some(warning) })
}

/// Reads a cell of a column.
///
/// # Errors
/// [`CellReason`] where the cell cannot be read as its column's type.
pub(super) fn read(bound: Binding, raw: &Raw) -> CellResult {
    match raw {
        Raw::NoValue(_) => Err(CellReason::FormulaWithoutValue),
        _ if raw.is_blank() => Ok(Read::default()),
        Raw::Text(text) if words::is_empty_mark(text) => Ok(Read::default()),
        Raw::Text(text) if text.chars().count() > LONGEST_CELL => Err(CellReason::TooLong),
        Raw::Text(text) if text.chars().any(is_refused_control) => Err(CellReason::ControlCharacter),
        _ => typed(bound, raw),
    }
}

fn is_refused_control(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t' && c != '\r'
}

fn typed(bound: Binding, raw: &Raw) -> CellResult {
    let column = bound.column;
    match column.cell {
        Cell::Text(longest) => {
            let read = text(column, raw)?;
            if read.text.chars().count() > longest { Err(CellReason::TooLong) } else { Ok(read) }
        }
        Cell::LooseDate => loose_date(raw),
        Cell::Month => month(raw),
        Cell::Decimal(unit) => decimal(raw, unit, bound.scale),
        Cell::Degrees(most) => degrees(raw, most),
        Cell::Industries => list(&digits_of(raw)?, CellReason::UnknownIndustry, |entry| {
            IndustryCode::parse(entry).map(|code| (code.to_string(), false))
        }),
        Cell::Division => division(&digits_of(raw)?),
        Cell::Day => day(raw),
        Cell::YesNo => yes_no(raw, false, CellReason::NotYesOrNo),
        Cell::Likely => yes_no(raw, true, CellReason::UnknownWord),
        Cell::Word(vocabulary) => one_word(vocabulary, &raw.shown()),
        Cell::Words(vocabulary) => list(&raw.shown(), CellReason::UnknownWord, |entry| words::words(vocabulary, entry)),
        Cell::Mail => mail(&raw.shown()),
    }
}

/// Whether a text column holds identifiers, which have no blanks at their ends and no full-width digits.
fn is_id(column: &Column) -> bool {
    matches!(
        column.name,
        "code" | "plot_no" | "space_no" | "policy_id" | "number" | "listing" | "park_code" | "parent_code"
    )
}

fn text(column: &Column, raw: &Raw) -> CellResult {
    match raw {
        Raw::Number(number) if number.is_rounded => Err(CellReason::DigitsLost),
        // A date cell under a number's column was a number or a fraction before the program took it for a date.
        Raw::Moment(_) | Raw::Month(_) if is_id(column) => Err(CellReason::BecameADate),
        Raw::Text(text) if is_scientific(text) => Err(CellReason::DigitsLost),
        Raw::Text(text) if date::is_month_day(text) => Err(CellReason::BecameADate),
        Raw::Text(text) if is_id(column) && date::is_shown_date(text) => Err(CellReason::BecameADate),
        Raw::Text(text) if is_id(column) => {
            let id = identifier(text);
            let is_changed = id != *text;
            warned(id, CellReason::Normalised, is_changed)
        }
        _ => plain(raw.shown().chars().filter(|c| !is_invisible(*c)).collect::<String>().trim()),
    }
}

/// `1.17003E+13`, `1.17003E13`: what a spreadsheet or a program shows of a long number, its digits gone. Without its sign an
/// exponent counts behind a fraction alone: `2E5` may be a room.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once(['e', 'E']) else { return false };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let fraction = mantissa.split_once('.');
    let (whole, places) = fraction.unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix('+').or(fraction.map(|_| exponent)).unwrap_or_default();
    is_digits(exponent) && is_digits(whole) && is_digits(places)
}

/// An identifier without line breaks, characters of no width, blanks at its ends, full-width letters and digits, and
/// without the `.0` that programs append which take a column of digits for numbers.
pub(super) fn identifier(text: &str) -> String {
    let half = text.chars().filter(|c| !is_invisible(*c) && !matches!(c, '\n' | '\r')).map(half_width);
    let id: String = half.collect();
    let id = id.trim();
    // An apostrophe before digits is how other programs keep them text.
    let quoted = id.strip_prefix(['\'', '‘', '’']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let id = quoted.unwrap_or(id);
    let floating = id.strip_suffix(".0").filter(|whole| whole.len() > 1 && whole.bytes().all(|b| b.is_ascii_digit()));
    floating.unwrap_or(id).to_owned()
}

fn half_width(c: char) -> char {
    let folded = char::from_u32(u32::from(c).wrapping_sub(0xfee0)).unwrap_or(c);
    if matches!(c, '\u{ff01}'..='\u{ff5e}') && folded.is_ascii_alphanumeric() { folded } else { c }
}

/// Returns a key that is equal for identifiers which differ only in width, kind of bracket or dash, and blanks.
#[must_use]
pub fn identity_key(id: &str) -> String {
    id.nfkc().filter(|c| !is_blank_char(*c)).map(plain_mark).collect()
}

/// Brackets and dashes that are typed for one another: 2026〔挂〕1号, 2026—1.
const fn plain_mark(c: char) -> char {
    match c {
        '〔' | '【' | '[' | '〈' | '「' => '(',
        '〕' | '】' | ']' | '〉' | '」' => ')',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

/// Returns a key that is equal also for numbers which differ in leading zeros.
#[must_use]
pub fn loose_key(id: &str) -> String {
    let key = identity_key(id);
    let digits = key.trim_start_matches('0');
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) { digits.to_owned() } else { key }
}

/// Digits of a code, from a number or from text.
fn digits_of(raw: &Raw) -> Result<String, CellReason> {
    match raw {
        Raw::Number(number) if number.is_rounded => Err(CellReason::DigitsLost),
        Raw::Moment(_) | Raw::Month(_) => Err(CellReason::BecameADate),
        Raw::Text(text) => Ok(identifier(&text.nfkc().collect::<String>())),
        other => Ok(other.shown()),
    }
}

fn decimal(raw: &Raw, unit: Unit, scale: Factor) -> CellResult {
    let figure = match raw {
        Raw::Text(text) => quantity::read(text, unit, scale)?,
        Raw::Number(number) => number_in(number, unit, scale)?,
        _ => return Err(CellReason::NotANumber),
    };
    let most = if unit == Unit::Percent { Decimal::from_int(100) } else { Decimal::from_micro(i64::MAX) };
    if figure.value < Decimal::ZERO || figure.value > most {
        return Err(CellReason::OutOfRange);
    }
    warned(figure.value.to_string(), CellReason::Converted, figure.converted)
}

/// A number cell as it is shown: a percentage is one of a hundred, and the format's own unit converts.
fn number_in(number: &NumberCell, unit: Unit, scale: Factor) -> Result<quantity::Measure, CellReason> {
    if number.percent {
        return if unit == Unit::Percent {
            let shown = rounded(&shift_places(&number.digits, 2))?;
            Ok(quantity::Measure { value: shown.0, converted: true })
        } else {
            Err(CellReason::NotANumber)
        };
    }
    if !number.prefix.is_empty() || !number.suffix.is_empty() {
        return quantity::read(&format!("{}{}{}", number.prefix, number.digits, number.suffix), unit, scale);
    }
    let (value, was_rounded) = rounded(&number.digits)?;
    Ok(quantity::Measure { value: quantity::convert(value, scale)?, converted: was_rounded || !scale.is_one() })
}

/// A computed number to the places that are stored; whether it had more.
fn rounded(digits: &str) -> Result<(Decimal, bool), CellReason> {
    match Decimal::parse(digits) {
        Ok(value) => Ok((value, false)),
        Err(DecimalError::TooManyPlaces) => {
            let float: f64 = digits.parse().map_err(|_| CellReason::NotANumber)?;
            Decimal::parse(&format!("{float:.6}")).map(|value| (value, true)).map_err(|_| CellReason::NotANumber)
        }
        Err(DecimalError::OutOfRange) => Err(CellReason::OutOfRange),
        Err(DecimalError::NotANumber) => Err(CellReason::NotANumber),
    }
}

fn degrees(raw: &Raw, most: f64) -> CellResult {
    let shown: String = raw.shown().nfkc().filter(|c| !is_blank_char(*c)).collect();
    let bare =
        shown.trim_end_matches(['°', '度', 'E', 'N', 'e', 'n']).trim_start_matches(['东', '经', '北', '纬', 'E', 'N']);
    match bare.parse::<f64>() {
        Ok(degrees) if degrees.is_finite() && degrees.abs() <= most => {
            warned(bare, CellReason::Converted, bare != shown)
        }
        Ok(degrees) if degrees.is_finite() => Err(CellReason::OutOfRange),
        _ => Err(CellReason::NotANumber),
    }
}

fn division(code: &str) -> CellResult {
    if let Some(known) = DivisionCode::parse(code) {
        return plain(known.to_string());
    }
    if let Some(successor) = succession().of_code(code) {
        return warned(successor.to_string(), CellReason::Renamed, true);
    }
    DivisionCode::understood(code)
        .map_or(Err(CellReason::UnknownDivision), |code| warned(code.to_string(), CellReason::Converted, true))
}

fn day(raw: &Raw) -> CellResult {
    // A date cell that shows its month alone is the first day of it, as the program stored it.
    let date = if let Raw::Month(first) = raw { Some(Date::Day(*first)) } else { date_of(raw) };
    match date {
        Some(Date::Day(day)) => warned(day.to_string(), CellReason::Converted, day.to_string() != raw.shown().trim()),
        _ => Err(CellReason::BadDate),
    }
}

/// A day, month or year as precise as the source; `09-30`, a day whose year the source masks, stays.
fn loose_date(raw: &Raw) -> CellResult {
    let shown = raw.shown();
    match date_of(raw) {
        Some(date) => warned(date.text(), CellReason::Converted, date.text() != shown.trim()),
        None if is_day_of_year(shown.trim()) => plain(shown.trim()),
        None => Err(CellReason::BadDate),
    }
}

/// A month; a day loses its day, which is what programs add to a month that was typed.
fn month(raw: &Raw) -> CellResult {
    let month = match date_of(raw).ok_or(CellReason::BadDate)? {
        Date::Day(day) => Date::Month(day.year(), day.month()),
        other => other,
    };
    warned(month.text(), CellReason::Converted, month.text() != raw.shown().trim())
}

fn date_of(raw: &Raw) -> Option<Date> {
    match raw {
        Raw::Moment(moment) => date::of_moment(*moment).map(Date::Day),
        Raw::Month(first) => Some(Date::Month(first.year(), first.month())),
        Raw::Number(number) => date::read(&number.digits).or_else(|| date::of_serial(&number.digits).map(Date::Day)),
        Raw::Text(text) => date::read(text),
        _ => None,
    }
}

fn is_day_of_year(text: &str) -> bool {
    let (month, day) = text.split_once('-').unwrap_or_default();
    [month, day].iter().all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
}

fn yes_no(raw: &Raw, likely: bool, refused: CellReason) -> CellResult {
    let shown = raw.shown();
    let (word, translated) = words::yes_no(shown.trim(), likely).ok_or(refused)?;
    warned(word, CellReason::Converted, translated)
}

fn one_word(vocabulary: Vocabulary, shown: &str) -> CellResult {
    let (word, translated) = words::word(vocabulary, shown.trim()).ok_or(CellReason::UnknownWord)?;
    warned(word, CellReason::Converted, translated)
}

/// A list joined by `;`, or by 、 and commas as people join them, each entry in canonical form, without repeats.
fn list(shown: &str, refused: CellReason, read: impl Fn(&str) -> Option<(String, bool)>) -> CellResult {
    let mut entries: Vec<String> = Vec::new();
    let mut translated = shown.contains(['、', ',', '，', '/', '／', '\n']);
    for entry in words::entries(shown) {
        let (read, was_translated) = read(entry).ok_or(refused)?;
        translated |= was_translated;
        for entry in read.split(';') {
            if !entries.iter().any(|seen| seen == entry) {
                entries.push(entry.to_owned());
            }
        }
    }
    warned(entries.join(";"), CellReason::Converted, translated)
}

fn mail(shown: &str) -> CellResult {
    let normal: String = shown.nfkc().filter(|c| !is_blank_char(*c)).collect();
    let mail = Mail::parse(&normal).ok_or(CellReason::BadMail)?;
    warned(mail.as_str(), CellReason::Normalised, normal != shown.trim())
}

#[cfg(test)]
mod tests {
    use super::super::columns::Binding;
    use super::super::quantity::Factor;
    use super::super::raw::{NumberCell, Raw};
    use super::{CellReason, read};
    use crate::column::Table as _;
    use crate::kind::Kind;

    fn cell(kind: Kind, name: &str, raw: &Raw) -> Result<(String, Option<CellReason>), CellReason> {
        let column = kind.column(name).expect("a column");
        read(Binding { column, scale: Factor::ONE }, raw).map(|read| (read.text, read.warning))
    }

    fn text(text: &str) -> Raw {
        Raw::Text(text.to_owned())
    }

    fn number(digits: &str) -> NumberCell {
        NumberCell { digits: digits.to_owned(), ..NumberCell::default() }
    }

    #[test]
    fn a_percentage_is_what_the_sheet_shows() {
        let percent = Raw::Number(Box::new(NumberCell { percent: true, ..number("0.035") }));
        for raw in [percent, text("3.5%"), text("３．５％")] {
            assert_eq!(cell(Kind::Plot, "rd_pct", &raw), Ok(("3.5".into(), Some(CellReason::Converted))), "{raw:?}");
        }
        assert_eq!(cell(Kind::Plot, "rd_pct", &text("3.5")), Ok(("3.5".into(), None)));
        assert_eq!(cell(Kind::Plot, "building_density_max_pct", &text("350")), Err(CellReason::OutOfRange));
    }

    #[test]
    fn ids_keep_what_the_cell_means() {
        let padded = Raw::Number(Box::new(NumberCell { mask: Some("000".into()), ..number("7") }));
        assert_eq!(cell(Kind::Plot, "plot_no", &padded).map(|read| read.0), Ok("007".into()));
        for lost in [
            Raw::Number(Box::new(NumberCell { is_rounded: true, ..number("330206002003000000") })),
            text("1.17003E+13"),
        ] {
            assert_eq!(cell(Kind::Plot, "plot_no", &lost), Err(CellReason::DigitsLost));
        }
        let normalised = Some(CellReason::Normalised);
        for written in ["2026(挂)01号\u{200b}", " 2026(挂)01号", "２０２６(挂)01号", "2026(挂)\n01号"] {
            assert_eq!(
                cell(Kind::Plot, "plot_no", &text(written)),
                Ok(("2026(挂)01号".into(), normalised)),
                "{written:?}"
            );
        }
        assert_eq!(cell(Kind::Plot, "plot_no", &text("2024-15")), Ok(("2024-15".into(), None)));
        for converted in ["Aug-94", "5-Mar", "3月5日", "2024/5/6"] {
            assert_eq!(cell(Kind::Plot, "plot_no", &text(converted)), Err(CellReason::BecameADate), "{converted}");
        }
        assert_eq!(cell(Kind::Park, "county_code", &text("330206.0")).map(|read| read.0), Ok("330206".into()));
    }

    #[test]
    fn dates_months_and_empty_marks_have_their_canonical_text() {
        assert_eq!(cell(Kind::Plot, "available_from", &text("2027/6/23")).map(|r| r.0), Ok("2027-06-23".into()));
        assert_eq!(
            cell(Kind::Plot, "available_from", &Raw::Number(Box::new(number("46447")))).map(|r| r.0),
            Ok("2027-03-01".into())
        );
        assert_eq!(cell(Kind::Park, "approval_month", &text("Aug-94")).map(|r| r.0), Ok("1994-08".into()));
        assert_eq!(cell(Kind::Park, "approval_month", &text("1994/8/1")).map(|r| r.0), Ok("1994-08".into()));
        for written in ["46447", "30-Sep"] {
            assert_eq!(cell(Kind::Plot, "notice_date", &text(written)), Err(CellReason::BadDate), "{written}");
        }
        assert_eq!(cell(Kind::Plot, "notice_date", &text("09-30")), Ok(("09-30".into(), None)));
        assert_eq!(cell(Kind::Plot, "available_from", &text("暂无")), Ok((String::new(), None)));
    }

    #[test]
    fn a_code_of_old_is_its_successors() {
        assert_eq!(cell(Kind::Park, "county_code", &text("500105")), Ok(("500157".into(), Some(CellReason::Renamed))));
        assert_eq!(
            cell(Kind::Park, "county_code", &text("110100")),
            Ok(("110000".into(), Some(CellReason::Converted)))
        );
        assert_eq!(cell(Kind::Park, "county_code", &text("339999")), Err(CellReason::UnknownDivision));
    }

    #[test]
    fn a_formula_without_a_value_is_refused() {
        assert_eq!(cell(Kind::Plot, "area_sqm", &Raw::NoValue("=A1*2".into())), Err(CellReason::FormulaWithoutValue));
    }
}
