//! Dates in English: months, quarters, ends of years, time limits.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::reader::letters::text::Text;
use crate::reader::tokens::date::calendar::{When, digits, last_of_month, ymd};

/// The rest of each month's name behind its first three letters.
const RESTS: [&str; 12] = ["uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember"];

/// Reads the English name of a month, in full or as its first three letters.
fn english_month(text: &Text, at: usize) -> Option<(u32, usize)> {
    let month = match [text.at(at), text.at(at + 1), text.at(at + 2)] {
        ['j', 'a', 'n'] => 1,
        ['f', 'e', 'b'] => 2,
        ['m', 'a', 'r'] => 3,
        ['a', 'p', 'r'] => 4,
        ['m', 'a', 'y'] => 5,
        ['j', 'u', 'n'] => 6,
        ['j', 'u', 'l'] => 7,
        ['a', 'u', 'g'] => 8,
        ['s', 'e', 'p'] => 9,
        ['o', 'c', 't'] => 10,
        ['n', 'o', 'v'] => 11,
        ['d', 'e', 'c'] => 12,
        _ => return None,
    };
    let length = 3 + (at + 3..at + 12).take_while(|&i| text.at(i).is_ascii_alphabetic()).count();
    let rest = |word: &str| text.is(at + 3, at + length, word);
    (length == 3 || rest(RESTS[month as usize - 1]) || month == 9 && rest("t")).then_some(())?;
    let dot = usize::from(text.at(at + length) == '.' && length < 5);
    Some((month, at + length + dot))
}

/// Skips blanks and commas, three at most.
fn past_blanks(text: &Text, at: usize) -> usize {
    (at..at + 3).find(|&i| !matches!(text.at(i), ' ' | ',')).unwrap_or(at)
}

/// Reads `April 2027`, `April 1, 2027`, `April`.
fn month(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let skip = |at: usize| past_blanks(text, at);
    let (month, mut end) = english_month(text, at)?;
    let day = digits(text, skip(end), 2).filter(|(day, _)| (1..=31).contains(day));
    if let Some((_, after)) = day {
        end = after + if ["st", "nd", "rd", "th"].iter().any(|s| text.goes_on(after, s)) { 2 } else { 0 };
    }
    let year = digits(text, skip(end), 4).filter(|(year, _)| (2000..2100).contains(year));
    // `may` and `march` alone are everyday words.
    if day.is_none() && year.is_none() && matches!(month, 3 | 5) && text.at(at) == 'm' {
        let by = at >= 3 && (text.goes_on(at - 3, "by ") || text.goes_on(at - 3, "re ") || text.goes_on(at - 3, "of "));
        by.then_some(())?;
    }
    let end = year.map_or(end, |(_, after)| after);
    let year = year.and_then(|(year, _)| i32::try_from(year).ok());
    let year = year.unwrap_or(if month < now.month() { now.year() + 1 } else { now.year() });
    match day {
        Some((day, _)) => ymd(year, month, day).map(|day| When::day(end, day)),
        None => Some(When::span(end, ymd(year, month, 1)?, last_of_month(year, month)?)),
    }
}

/// Reads `2028 Q4` and `2027Q3`.
fn quarter_behind(text: &Text, at: usize) -> Option<When> {
    let (year, end) = digits(text, at, 4).filter(|(year, _)| (2000..2100).contains(year))?;
    let end = past_blanks(text, end);
    (text.at(end) == 'q').then_some(())?;
    let quarter = text.at(end + 1).to_digit(10).filter(|quarter| (1..=4).contains(quarter))?;
    let year = i32::try_from(year).ok()?;
    Some(When::span(end + 2, ymd(year, quarter * 3 - 2, 1)?, last_of_month(year, quarter * 3)?))
}

/// Reads `Q2 2027`.
fn quarter(text: &Text, at: usize) -> Option<When> {
    (text.at(at) == 'q' && matches!(text.at(at + 1), '1'..='4')).then_some(())?;
    let quarter = text.at(at + 1).to_digit(10)?;
    let (year, end) = digits(text, past_blanks(text, at + 2), 4).filter(|(year, _)| (2000..2100).contains(year))?;
    let year = i32::try_from(year).ok()?;
    Some(When::span(end, ymd(year, quarter * 3 - 2, 1)?, last_of_month(year, quarter * 3)?))
}

/// Reads `in 2027`, `during 2027`.
fn year(text: &Text, at: usize) -> Option<When> {
    let from = ["in ", "during "].iter().find_map(|word| text.goes_on(at, word).then_some(at + word.len()))?;
    let (year, end) = digits(text, from, 4).filter(|(year, _)| (2000..2100).contains(year))?;
    let year = i32::try_from(year).ok().filter(|_| !text.at(end).is_ascii_alphanumeric())?;
    Some(When::span(end, ymd(year, 1, 1)?, ymd(year, 12, 31)?))
}

/// Reads `April 2027`, `1 April 2027`, `April 1, 2027`, `Q2 2027`, `end of 2027`, `within 6 months`, `next month`.
pub(crate) fn english(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let skip = |at: usize| past_blanks(text, at);
    if let Some(found) = month(text, at, now) {
        return Some(found);
    }
    if let Some((day, after)) = digits(text, at, 2) {
        let after = after + if ["st", "nd", "rd", "th"].iter().any(|s| text.goes_on(after, s)) { 2 } else { 0 };
        let (month, end) = english_month(text, skip(after)).filter(|_| skip(after) > after)?;
        let year = digits(text, skip(end), 4).filter(|(year, _)| (2000..2100).contains(year));
        // by 28 Feb: the next one.
        let next = now.year() + i32::from((month, day) < (now.month(), now.day()));
        let (year, end) = year.map_or((next, end), |(year, after)| (i32::try_from(year).unwrap_or(next), after));
        return ymd(year, month, day).map(|day| When::day(end, day));
    }
    if let Some(found) = quarter_behind(text, at) {
        return Some(found);
    }
    if let Some(found) = quarter(text, at) {
        return Some(found);
    }
    if let Some(found) = year(text, at) {
        return Some(found);
    }
    for word in ["within ", "in "] {
        if text.goes_on(at, word) {
            let (count, end) = digits(text, at + word.len(), 3)?;
            let (last, length) =
                [("months", 1), ("month", 1), ("weeks", 7), ("week", 7), ("days", 0), ("years", 12), ("year", 12)]
                    .iter()
                    .find_map(|&(unit, kind)| {
                        text.goes_on(skip(end), unit).then_some(())?;
                        let last = match (unit.as_bytes()[0], kind) {
                            (b'm', _) | (b'y', _) => now.checked_add_months(Months::new(count * kind)),
                            (b'w', _) => now.checked_add_days(Days::new(u64::from(count) * 7)),
                            _ => now.checked_add_days(Days::new(u64::from(count))),
                        };
                        Some((last?, skip(end) + unit.len()))
                    })?;
            return Some(When::limit(length, last));
        }
    }
    for word in ["end of ", "the end of ", "year-end ", "late "] {
        if text.goes_on(at, word) {
            let from = at + word.len();
            if let Some((year, end)) = digits(text, from, 4).filter(|(year, _)| (2000..2100).contains(year)) {
                return ymd(i32::try_from(year).ok()?, 12, 31).map(|day| When::day(end, day));
            }
            for (word, years) in [("this year", 0), ("the year", 0), ("next year", 1)] {
                if text.goes_on(from, word) {
                    return ymd(now.year() + years, 12, 31).map(|day| When::day(from + word.len(), day));
                }
            }
            let inner = month(text, from, now).or_else(|| quarter(text, from))?;
            return Some(When::day(inner.end, inner.period.last));
        }
    }
    if text.goes_on(at, "year end") || text.goes_on(at, "year-end") {
        return ymd(now.year(), 12, 31).map(|day| When::day(at + 8, day));
    }
    if text.goes_on(at, "next month") {
        let then = now.with_day(1)?.checked_add_months(Months::new(1))?;
        return Some(When::span(at + 10, then, last_of_month(then.year(), then.month())?));
    }
    None
}
