//! Sheets as a file holds them, before any column's type is known: values with what their number format shows.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// One sheet of a workbook, or a CSV file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The sheet's name; none for CSV.
    pub name: Option<String>,
    /// The rows that hold something, in ascending order.
    pub rows: Vec<RawRow>,
}

/// One row of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRow {
    /// The number that a spreadsheet shows, from 1.
    pub number: u32,
    /// Whether the sheet hides the row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// The cells, merged areas filled in.
    pub cells: Vec<Raw>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Raw {
    /// Nothing.
    #[default]
    Blank,
    /// Text, as typed.
    Text(String),
    /// A number with the parts of its format that change its meaning; apart, for a sheet is mostly text.
    Number(Box<NumberCell>),
    /// A number that a date format shows as a moment.
    Moment(NaiveDateTime),
    /// The first day of a month that a date format shows without its day (`mmm-yy`).
    Month(NaiveDate),
    /// A formula for which the file stores no value, or the error that it stores.
    NoValue(String),
}

/// A number cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberCell {
    /// The value in at most 15 significant digits, the precision of a spreadsheet.
    pub digits: String,
    /// Whether the number has more than 15 significant digits before its point: the file no longer holds all of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_rounded: bool,
    /// Whether the format shows a percentage.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub percent: bool,
    /// The format's digit mask (`000`, `0000-00`), where it has leading zeros or separators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<String>,
    /// Letters or words that the format puts before the number: `GY-`, `约`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// The text that the format appends, such as a unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
}

impl Raw {
    /// Returns whether the cell shows nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Blank => true,
            Self::Text(text) => text.chars().all(is_blank_char),
            _ => false,
        }
    }

    /// Returns the text that a spreadsheet shows, for reports and header rows.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) | Self::NoValue(text) => text.clone(),
            Self::Number(number) => number.shown(),
            Self::Moment(moment) => moment_text(*moment),
            Self::Month(first) => first.format("%Y-%m").to_string(),
        }
    }
}

impl NumberCell {
    /// Returns the number as its format shows it.
    #[must_use]
    pub fn shown(&self) -> String {
        if self.percent {
            return format!("{}%", shift_places(&self.digits, 2));
        }
        let digits = self.mask.as_deref().and_then(|mask| masked(&self.digits, mask));
        format!("{}{}{}", self.prefix, digits.as_deref().unwrap_or(&self.digits), self.suffix)
    }
}

/// A day, with its time where that is not midnight.
fn moment_text(moment: NaiveDateTime) -> String {
    let day = moment.date().to_string();
    if moment.time() == chrono::NaiveTime::MIN { day } else { format!("{day} {}", moment.time()) }
}

/// Blanks, and the characters of no width that pasted text carries.
pub(super) fn is_blank_char(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Characters of no width: zero-width space, joiners, marks of direction, byte order mark, soft hyphen.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}

/// Moves the decimal point of plain digits to the right: `0.035` by 2 is `3.5`.
pub(super) fn shift_places(digits: &str, places: usize) -> String {
    let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let padded = format!("{fraction:0<places$}");
    let (moved, left) = padded.split_at(places);
    let whole = format!("{whole}{moved}");
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let left = left.trim_end_matches('0');
    if left.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{left}") }
}

/// Fills a mask of `0` places from the right with a whole number's digits; `None` where it is no whole number.
fn masked(digits: &str, mask: &str) -> Option<String> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut rest: Vec<char> = digits.chars().collect();
    let mut shown: Vec<char> = Vec::new();
    for place in mask.chars().rev() {
        match place {
            '0' => shown.push(rest.pop().unwrap_or('0')),
            other => shown.push(other),
        }
    }
    shown.extend(rest.into_iter().rev());
    Some(shown.into_iter().rev().collect())
}

#[cfg(test)]
mod tests {
    use super::{NumberCell, shift_places};

    #[test]
    fn a_number_shows_as_its_format_does() {
        let number = |digits: &str, percent, mask: Option<&str>, suffix: &str| NumberCell {
            digits: digits.into(),
            percent,
            mask: mask.map(str::to_owned),
            suffix: suffix.into(),
            ..NumberCell::default()
        };
        for (number, shown) in [
            (number("7", false, Some("000"), ""), "007"),
            (number("202415", false, Some("0000-00"), ""), "2024-15"),
            (number("12345", false, Some("000"), ""), "12345"),
            (number("0.035", true, None, ""), "3.5%"),
            (number("30", false, None, "亩"), "30亩"),
        ] {
            assert_eq!(number.shown(), shown);
        }
    }

    #[test]
    fn the_point_moves_without_a_float() {
        for (digits, moved) in [("0.035", "3.5"), ("1", "100"), ("-0.2", "-20"), ("0.00001", "0.001"), ("0", "0")] {
            assert_eq!(shift_places(digits, 2), moved, "{digits}");
        }
    }
}
