//! Dates in Chinese and in digits; relative ones count from `now`.

pub(crate) mod calendar;
mod english;

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::reader::letters::character::{Classes, is_han};
use crate::reader::letters::numerals::{HALF, TEN, digit};
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::date::calendar::{When, digits, last_of_month, ymd};
use crate::reader::tokens::date::english::english;
use crate::reader::tokens::number::{LONGEST, is_more, number};
use crate::reader::tokens::units::unit;
use crate::reader::words::lists::{WordList, WordTable};

cues! {
    DateCues in "dates.txt" {
        numeral_part: CharSet,
        numeral_behind: CharSet,
        year: CharSet,
        month: CharSet,
        first_month: CharSet,
        month_part: CharSet,
        month_suffix: CharSet,
        day: CharSet,
        stretch_start: CharSet,
        no_month_behind: CharSet,
        point_month_beside: CharSet,
        no_point_month: CharSet,
        point_month_label: CharSet,
        point_scale: WordList,
        no_month: CharSet,
        ago: CharSet,
        of: CharSet,
        part_of_year: WordTable<2>,
        part_end: CharSet,
        year_end: CharSet,
        year_start: CharSet,
        mid_year: CharSet,
        no_mid_year: CharSet,
        within: CharSet,
        part_of_month: WordTable<2>,
        rest_of_month: WordTable<1>,
        feast: WordTable<2>,
        numeral_feast: WordTable<2>,
        feast_behind: CharSet,
        new_year: WordList,
        stretch: WordTable<3>,
        limit: WordList,
        relative_year: WordTable<1>,
        split_year: WordTable<1>,
        year_before: CharSet,
        relative_month: WordTable<1>,
        end_of_year: WordList,
        end_of_month: WordList,
        within_year: WordList,
        within_month: WordList,
    }
}

/// Reads the date that starts at a position.
pub(crate) fn date(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let c = text.at(at);
    if c.is_ascii_digit() {
        return if text.before(at).is_ascii_digit() { None } else { in_digits(text, at, now) };
    }
    if digit(c).is_some() || c == TEN || c == HALF {
        if !counts_time(text, at) {
            return None;
        }
        return with_year(text, at, now)
            .or_else(|| month(text, at, now, None))
            .or_else(|| stretch(text, at, now))
            .or_else(|| feast(text, at, now.year(), now, true));
    }
    if c.is_ascii_alphabetic() {
        return if text.before(at).is_ascii_alphabetic() || !starts_english(c) { None } else { english(text, at, now) };
    }
    if text.classes(at).any(Classes::DATE) { relative(text, at, now) } else { None }
}

/// Characters that a numeral continues with.
const NUMERAL: Classes = Classes::FIGURE.and(Classes::ALPHANUMERIC);

/// Returns whether a numeral may count years, months, weeks or days, or be a feast (五一前): most count other things.
fn counts_time(text: &Text, at: usize) -> bool {
    let goes_on = |at: usize| text.classes(at).any(NUMERAL) || CUES.numeral_part.has(text.at(at));
    let end = (at + 1..at + LONGEST).find(|&at| !goes_on(at));
    end.is_none_or(|end| CUES.numeral_behind.has(text.at(end)))
}

/// Returns whether an English date can start with a letter: months, quarters, `in`, `within`, `the`, `end`, `year`,
/// `late`, `next`.
const fn starts_english(c: char) -> bool {
    !matches!(c, 'b' | 'c' | 'g' | 'h' | 'k' | 'p' | 'r' | 'u' | 'v' | 'x' | 'z')
}

/// Reads a date that starts with digits; the character behind them decides which kind is possible.
fn in_digits(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let (_, end) = digits(text, at, 4)?;
    let end = past_blank(text, end);
    match text.at(end) {
        '-' | '/' | '.' => written(text, at),
        ' ' | 'q' | 's' | 'n' | 'r' | 't' => english(text, at, now),
        c if CUES.year.has(c) => with_year(text, at, now).or_else(|| stretch(text, at, now)),
        c if CUES.month.has(c) => month(text, at, now, None).or_else(|| stretch(text, at, now)),
        c if CUES.stretch_start.has(c) => stretch(text, at, now),
        _ => None,
    }
}

/// Returns the position of the sign of a year, month or day that a blank separates from its number: `2028 年 6 月`.
fn past_blank(text: &Text, end: usize) -> usize {
    let sign = |c: char| CUES.year.has(c) || CUES.month.has(c) || CUES.day.has(c);
    end + usize::from(text.at(end) == ' ' && sign(text.at(end + 1)))
}

/// Reads `2027-03-01`, `2027/3/1`, `2027.3.1`, `2027-03`, `2027.03`.
fn written(text: &Text, at: usize) -> Option<When> {
    let (year, end) = digits(text, at, 4).filter(|(year, _)| (1990..2100).contains(year))?;
    let separator = text.at(end);
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let from = end + 1;
    let (month, end) = digits(text, from, 2).filter(|(month, _)| (1..=12).contains(month))?;
    let year = i32::try_from(year).ok()?;
    let next = text.at(end);
    if next == separator
        && let Some((day, end)) = digits(text, end + 1, 2)
    {
        return ymd(year, month, day).map(|day| When::day(end, day));
    }
    let whole = (separator != '.' || is_month_behind_point(text, at, (from, end)))
        && !next.is_ascii_alphanumeric()
        && next != separator;
    (whole && !CUES.no_month_behind.has(next)).then_some(())?;
    Some(When::span(end, ymd(year, month, 1)?, last_of_month(year, month)?))
}

/// Returns whether digits behind a point are a month rather than a fraction: `2027.05`, `2027.5前`, but not `2027.05亩`,
/// `RMB 2018.01 million` or `总投资（万元）：2027.05`.
fn is_month_behind_point(text: &Text, year: usize, (from, end): (usize, usize)) -> bool {
    let apart = end + usize::from(text.at(end) == ' ');
    let before = text.chars[..year].iter().rev().copied().find(|c| !matches!(c, ' ' | ':')).unwrap_or(' ');
    let beside = || {
        CUES.point_month_beside.has(text.at(end))
            || CUES.point_month_beside.has(text.before(year))
            || CUES.point_month_label.has(before)
    };
    let scaled = CUES.point_scale.whole_at(text, apart).is_some();
    let figure = scaled || CUES.no_point_month.has(text.at(apart)) || unit(text, apart).is_some() || before == ')';
    // 开工（年月）：2027.9
    let mut asked = text.chars[..year].iter().rev().skip_while(|&&c| matches!(c, ' ' | ':' | ')'));
    let asked = before == ')'
        && asked.next().is_some_and(|&c| CUES.month.has(c))
        && asked.next().is_some_and(|&c| CUES.year.has(c));
    asked || !figure && (end - from == 2 || beside())
}

/// Reads `2027年3月1日`, `二〇二七年底`, `27年3月`.
fn with_year(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let (year, end) = match digits(text, at, 4) {
        Some((year, end)) => (year, past_blank(text, end)),
        None => {
            let run = (at..at + 4).take_while(|&i| digit(text.at(i)).is_some()).count();
            let year = (at..at + run).try_fold(0, |sum, i| Some(sum * 10 + u32::try_from(digit(text.at(i))?).ok()?))?;
            (run == 4).then_some((year, at + 4))?
        }
    };
    if !CUES.year.has(text.at(end)) || CUES.ago.has(text.at(end + 1)) && year < 100 {
        return None;
    }
    // Two digits are a year of this century only before a month: 27年3月, but 30年.
    let year = if (20..60).contains(&year) && text.at(end + 1).is_ascii_digit() { year + 2000 } else { year };
    if !(1990..2100).contains(&year) {
        return None;
    }
    within_year(text, end + 1, i32::try_from(year).ok()?, now)
}

/// Reads a part of a year, which must not be all of it: `12月`, ` 12 月`, `上半年`, `底`.
pub(crate) fn part_of_year(text: &Text, at: usize, year: i32, now: NaiveDate) -> Option<When> {
    within_year(text, at, year, now).filter(|when| when.end > at)
}

/// Returns whether a half or a quarter of a year starts at a position.
pub(crate) fn starts_part_of_year(text: &Text, at: usize) -> bool {
    CUES.part_of_year.at(text, at).is_some()
}

/// Reads the part behind the number of a year, which may be empty: month, end, half, quarter or feast.
fn within_year(text: &Text, at: usize, year: i32, now: NaiveDate) -> Option<When> {
    // 2028年年底 says the year twice.
    let skip = CUES.of.has(text.at(at))
        || CUES.year.has(text.at(at)) && CUES.year_end.has(text.at(at + 1))
        || text.at(at) == ' ' && text.at(at + 1).is_ascii_digit();
    let at = at + usize::from(skip);
    if let Some(found) = month(text, at, now, Some(year)).or_else(|| feast(text, at, year, now, false)) {
        return Some(found);
    }
    let end_of_year = ymd(year, 12, 31)?;
    if let Some((length, [from, to])) = CUES.part_of_year.at(text, at) {
        let end = at + length;
        let last = last_of_month(year, to.unsigned_abs())?;
        let tail = CUES.part_end.has(text.at(end));
        let first = ymd(year, from.unsigned_abs(), 1)?;
        return Some(if tail { When::day(end + 1, last) } else { When::span(end, first, last) });
    }
    let at = at + usize::from(text.at(at) == ' ' && CUES.year_end.has(text.at(at + 1)));
    let c = text.at(at);
    if CUES.year_end.has(c) {
        return Some(When::day(at + 1, end_of_year));
    }
    if CUES.within.has(c) {
        return Some(When::limit(at + 1, end_of_year));
    }
    if CUES.year_start.has(c) {
        return Some(When::span(at + 1, ymd(year, 1, 1)?, ymd(year, 1, 31)?));
    }
    if CUES.mid_year.has(c) && !CUES.no_mid_year.has(text.at(at + 1)) {
        return Some(When::span(at + 1, ymd(year, 6, 1)?, ymd(year, 6, 30)?));
    }
    Some(When::span(at, ymd(year, 1, 1)?, end_of_year))
}

/// Reads the number of a month or a day, in digits or Chinese.
fn small(text: &Text, at: usize, most: u32) -> Option<(u32, usize)> {
    if let Some(found) = digits(text, at, 2) {
        return Some(found).filter(|&(value, _)| (1..=most).contains(&value));
    }
    if !(digit(text.at(at)).is_some() || text.at(at) == TEN) {
        return None;
    }
    let found = number(text, at)?;
    let value = u32::try_from(found.low.whole()?).ok()?;
    (found.low == found.high && (1..=most).contains(&value) && found.end <= at + 3).then_some((value, found.end))
}

/// Reads `3月`, `三月底`, `10月1日`, `12月中旬`; the next such month where the year is missing.
fn month(text: &Text, at: usize, now: NaiveDate, year: Option<i32>) -> Option<When> {
    let (month, end) = if CUES.first_month.has(text.at(at)) { (1, at + 1) } else { small(text, at, 12)? };
    let end = past_blank(text, end);
    if !CUES.month.has(text.at(end)) {
        return None;
    }
    if CUES.no_month.has(text.at(end + 1)) {
        return None;
    }
    let end = end + 1 + usize::from(CUES.month_suffix.has(text.at(end + 1)));
    let year = year.unwrap_or(if month < now.month() { now.year() + 1 } else { now.year() });
    within_month(text, end, year, month)
}

fn within_month(text: &Text, end: usize, year: i32, month: u32) -> Option<When> {
    let last = last_of_month(year, month)?;
    let from = end + usize::from(text.at(end) == ' ');
    if let Some((day, after)) = small(text, from, 31).map(|(day, after)| (day, past_blank(text, after)))
        && CUES.day.has(text.at(after))
    {
        return ymd(year, month, day).map(|day| When::day(after + 1, day));
    }
    if CUES.part_end.has(text.at(end)) {
        return Some(When::day(end + 1, last));
    }
    let day = |day: i32| ymd(year, month, day.unsigned_abs());
    if let Some((length, [from, to])) = CUES.part_of_month.at(text, end) {
        return Some(When::span(end + length, day(from)?, day(to)?));
    }
    if let Some((length, [from])) = CUES.rest_of_month.at(text, end) {
        return Some(When::span(end + length, day(from)?, last));
    }
    Some(When::span(end, ymd(year, month, 1)?, last))
}

/// Reads a feast of the solar year, or the lunar new year; `next` moves a feast that has passed to the next year.
fn feast(text: &Text, at: usize, year: i32, now: NaiveDate, next: bool) -> Option<When> {
    let numeral = || {
        let found = CUES.numeral_feast.at(text, at);
        found.filter(|(length, _)| CUES.feast_behind.has(text.at(at + length)))
    };
    if let Some((length, [month, day])) = CUES.feast.at(text, at).or_else(numeral) {
        let in_year = |year: i32| ymd(year, month.unsigned_abs(), day.unsigned_abs());
        let first = upcoming(in_year, year, now, next)?;
        return Some(When::span(at + length, first, first));
    }
    let length = CUES.new_year.at(text, at)?;
    let first = upcoming(new_year, year, now, next)?;
    Some(When::span(at + length, first, first))
}

fn upcoming(in_year: impl Fn(i32) -> Option<NaiveDate>, year: i32, now: NaiveDate, next: bool) -> Option<NaiveDate> {
    let first = in_year(year)?;
    if next && first <= now { in_year(year + 1) } else { Some(first) }
}

/// Returns the first day of the lunar year, from the almanac of the Purple Mountain Observatory, 2024 to 2035.
fn new_year(year: i32) -> Option<NaiveDate> {
    let (month, day) = match year {
        2024 => (2, 10),
        2025 => (1, 29),
        2026 => (2, 17),
        2027 => (2, 6),
        2028 => (1, 26),
        2029 => (2, 13),
        2030 => (2, 3),
        2031 => (1, 23),
        2032 => (2, 11),
        2033 => (1, 31),
        2034 => (2, 19),
        2035 => (2, 8),
        _ => return None,
    };
    ymd(year, month, day)
}

/// More units of time than this are no time limit.
const LONGEST_STRETCH: u32 = 400;

/// Reads a time limit from `now`: `三个月内`, `半年内`, `30天以内`, `两周之内`, `3个月后`.
fn stretch(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let (count, end) = if text.at(at) == HALF {
        (None, at + 1)
    } else {
        let found = number(text, at).filter(|found| found.low == found.high && !found.vague)?;
        let count = u32::try_from(found.low.whole()?).ok().filter(|&count| count <= LONGEST_STRETCH)?;
        (Some(count), found.end)
    };
    let (length, unit) = CUES.stretch.at(text, end)?;
    let [months, days, more_days] = unit.map(i32::unsigned_abs);
    let (months, days) = match count {
        Some(count) => (count * months, count * days + more_days),
        // Only half a year is a whole number of months.
        None => (Some(months / 2).filter(|&half| half > 1)?, 0),
    };
    let end = end + length;
    let limit = CUES.limit.at(text, end)?;
    let last = now.checked_add_months(Months::new(months))?.checked_add_days(Days::new(days.into()))?;
    Some(When::limit(end + limit, last))
}

/// Reads a date without a number: `明年6月`, `年底`, `下月15号`, `月底`, `春节`.
fn relative(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    end_of_this(text, at, now)
        .or_else(|| feast(text, at, now.year(), now, true))
        .or_else(|| next_year(text, at, now))
        .or_else(|| next_month(text, at, now))
        .or_else(|| first_month(text, at, now))
}

/// Reads `元月底` where no amount of money can end with its first character.
fn first_month(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let before = text.before(at);
    let figure = at > 0 && text.classes(at - 1).any(Classes::FIGURE) || is_more(before);
    let edge = CUES.year_before.has(before) || !before.is_alphanumeric();
    let behind = text.at(at + 2);
    let part = behind.is_ascii_digit() || CUES.part_end.has(behind) || CUES.month_part.has(behind);
    (!figure && (edge || part) && CUES.first_month.has(text.at(at))).then(|| month(text, at, now, None))?
}

/// Reads `明年6月`, `后年`, `去年`.
fn next_year(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    // 达产后年产值 has no 后年 in it.
    let is_split = || is_han(text.before(at)) && !CUES.year_before.has(text.before(at));
    let found = CUES.relative_year.at(text, at).or_else(|| CUES.split_year.at(text, at).filter(|_| !is_split()));
    let (length, [years]) = found?;
    within_year(text, at + length, now.year() + years, now)
}

/// Reads `下月15号`, `本月`.
fn next_month(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let (length, [months]) = CUES.relative_month.at(text, at)?;
    let then = now.with_day(1)?.checked_add_months(Months::new(months.unsigned_abs()))?;
    within_month(text, at + length, then.year(), then.month())
}

/// Reads `年底`, `月底`, `年内`, `月内`.
fn end_of_this(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let year = || ymd(now.year(), 12, 31);
    let month = || last_of_month(now.year(), now.month());
    if let Some(length) = CUES.end_of_year.at(text, at) {
        return year().map(|day| When::day(at + length, day));
    }
    if let Some(length) = CUES.end_of_month.at(text, at) {
        return month().map(|day| When::day(at + length, day));
    }
    if let Some(length) = CUES.within_year.at(text, at) {
        return year().map(|day| When::limit(at + length, day));
    }
    let length = CUES.within_month.at(text, at)?;
    month().map(|day| When::limit(at + length, day))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use crate::reader::letters::text::Text;
    use crate::reader::tokens::date::date;

    fn now() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
    }

    #[test]
    fn a_day_with_before_includes_it_and_a_month_or_year_excludes_it() {
        for (text, last) in [
            ("2027-04-01", "2027-04-01"),
            ("2027年3月1日", "2027-03-01"),
            ("2027年3月", "2027-02-28"),
            ("2027年", "2026-12-31"),
            ("明年6月", "2027-05-31"),
            ("明年六月底", "2027-06-30"),
            ("下月15号", "2026-12-15"),
            ("年底", "2026-12-31"),
            ("2027年底", "2027-12-31"),
            ("3月", "2027-02-28"),
            ("2027年元月20日", "2027-01-20"),
            ("元月底", "2027-01-31"),
            ("元月15号", "2027-01-15"),
            ("12月底", "2026-12-31"),
            ("10月1日", "2027-10-01"),
            ("春节", "2027-02-05"),
            ("国庆", "2027-09-30"),
            ("明年五一前", "2027-04-30"),
            ("三个月内", "2027-02-24"),
            ("半年内", "2027-05-24"),
            ("两周之内", "2026-12-08"),
            ("30天以内", "2026-12-24"),
            ("明年上半年", "2026-12-31"),
            ("二〇二七年三月", "2027-02-28"),
            ("april 2027", "2027-03-31"),
            ("1 april 2027", "2027-04-01"),
            ("april 1, 2027", "2027-04-01"),
            ("end of 2027", "2027-12-31"),
            ("within 6 months", "2027-05-24"),
        ] {
            let found = date(&Text::new(text), 0, now()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.period.before().to_string(), last, "{text}");
        }
        for text in ["3000平", "30-50亩", "三年", "1.5亿", "may be", "2000年产", "一年一百万"] {
            assert!(
                date(&Text::new(text), 0, now()).is_none_or(|found| text == "2000年产" && found.end == 5),
                "{text}"
            );
        }
    }
}
