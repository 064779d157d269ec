//! Cells that a spreadsheet program wrote differently when it saved an export again: the same value, no change.

use super::date::{self, Date};
use crate::column::{Cell, Column};
use crate::decimal::Decimal;

/// Returns whether a cell of a file is the stored one after a program took it for a number or a date: its leading zeros
/// dropped, `.0` appended, a date in another notation, a month with its first day.
pub(super) fn is_same(column: &Column, stored: &str, text: &str) -> bool {
    if stored.is_empty() || text.is_empty() {
        return false;
    }
    match column.cell {
        Cell::Text(_) | Cell::Industries => is_same_number(stored, text) || is_same_date(stored, text),
        Cell::LooseDate => is_first_day(stored, text),
        Cell::Decimal(_) => Decimal::parse(stored).is_ok_and(|figure| Decimal::parse(text) == Ok(figure)),
        Cell::Degrees(_) => stored.parse::<f64>().is_ok_and(|degrees| text.parse() == Ok(degrees)),
        _ => false,
    }
}

/// `007` and `7`, `330206` and `330206.0`.
fn is_same_number(stored: &str, text: &str) -> bool {
    let is_digits = stored.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_suffix(".0").unwrap_or(text);
    is_digits && (text == stored || text == stored.trim_start_matches('0'))
}

fn is_same_date(stored: &str, text: &str) -> bool {
    let is_year = |date: &Date| matches!(date, Date::Year(_));
    date::read(stored).filter(|date| !is_year(date)).is_some_and(|date| date::read(text) == Some(date))
}

/// A month and its first day, which programs add.
fn is_first_day(stored: &str, text: &str) -> bool {
    text.strip_suffix("-01").is_some_and(|month| month == stored && month.len() == 7)
}

/// Returns whether a file has a whole date where the stored one masks the year: `09-30` saved again as `2026-09-30`.
pub(super) fn is_dated(column: &Column, stored: &str, text: &str) -> bool {
    matches!(column.cell, Cell::LooseDate)
        && stored.len() == 5
        && text.strip_suffix(stored).is_some_and(|year| year.len() == 5)
}

#[cfg(test)]
mod tests {
    use super::is_same;
    use crate::column::Table as _;
    use crate::kind::Kind;

    #[test]
    fn another_notation_of_the_stored_value_is_no_change() {
        let same =
            |name: &str, stored: &str, text: &str| is_same(Kind::Plot.column(name).expect("a column"), stored, text);
        for (name, stored, text) in [
            ("notice_no", "007", "7"),
            ("notice_no", "20240001", "20240001.0"),
            ("notice_no", "2024-05", "May-24"),
            ("notice_no", "2024-05-06", "2024/5/6"),
            ("industry_code_gb4754", "0111", "111"),
            ("notice_date", "2024-05", "2024-05-01"),
            ("longitude", "121.50", "121.5"),
            ("area_sqm", "1.50", "1.5"),
        ] {
            assert!(same(name, stored, text), "{name}: {stored} and {text}");
        }
        for (name, stored, text) in [
            ("notice_no", "7", "8"),
            ("notice_no", "a7", "a7.0"),
            ("industry_code_gb4754", "1110", "111"),
            ("notice_date", "2024-05", "2024-05-02"),
        ] {
            assert!(!same(name, stored, text), "{name}: {stored} and {text}");
        }
    }
}
