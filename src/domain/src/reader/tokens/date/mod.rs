//! Dates as people say them, relative ones from `now`.

mod english;

use chrono::{Datelike as _, Days, Months, NaiveDate};

use english::english;

use crate::reader::letters::character::Classes;
use crate::reader::letters::text::{Text, is_han};
use crate::reader::tokens::number::{LONGEST, digit, number};

/// A day, month, year or stretch of time in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct When {
    /// After its last character.
    pub(crate) end: usize,
    pub(crate) period: Period,
}

/// What a date stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// Its first day.
    pub(crate) first: NaiveDate,
    /// Its last day.
    pub(crate) last: NaiveDate,
    /// Whether it is one day (or a year's or month's end): `前` then includes it.
    pub(crate) day: bool,
    /// `三个月内`: a stretch that says itself that it is a limit.
    pub(crate) limit: bool,
}

impl When {
    fn day(end: usize, day: NaiveDate) -> Self {
        Self { end, period: Period { first: day, last: day, day: true, limit: false } }
    }

    fn span(end: usize, first: NaiveDate, last: NaiveDate) -> Self {
        Self { end, period: Period { first, last, day: false, limit: false } }
    }

    fn limit(end: usize, day: NaiveDate) -> Self {
        Self { end, period: Period { first: day, last: day, day: true, limit: true } }
    }
}

impl Period {
    /// The last day of `… 前`: a day includes itself, a month or a year ends before it starts.
    pub(crate) fn before(&self) -> NaiveDate {
        if self.day { self.last } else { self.first.pred_opt().unwrap_or(self.first) }
    }
}

/// Reads the date that starts at `at`.
pub(crate) fn date(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let c = text.at(at);
    if c.is_ascii_digit() {
        return if text.before(at).is_ascii_digit() { None } else { in_digits(text, at, now) };
    }
    if digit(c).is_some() || matches!(c, '十' | '半') {
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
    if may_start(c) { relative(text, at, now) } else { None }
}

/// What a numeral goes on with.
const NUMERAL: Classes = Classes::FIGURE.and(Classes::ALPHANUMERIC);

/// Whether a numeral may count years, months, weeks or days, or be a feast (五一前): most count other things.
fn counts_time(text: &Text, at: usize) -> bool {
    let goes_on = |at: usize| {
        text.classes(at).any(NUMERAL)
            || matches!(text.at(at), '个' | '半' | '点' | '几' | '数' | '多' | '余' | '来' | '把' | '.')
    };
    let end = (at + 1..at + LONGEST).find(|&at| !goes_on(at));
    end.is_none_or(|end| {
        matches!(text.at(end), '年' | '月' | '周' | '星' | '天' | '日' | '工' | '前' | '之' | '以' | '节' | ' ' | ',')
    })
}

/// Whether a date in English can start with a letter: months, quarters, `in`, `within`, `the`, `end`, `year`, `late`, `next`.
const fn starts_english(c: char) -> bool {
    !matches!(c, 'b' | 'c' | 'g' | 'h' | 'k' | 'p' | 'r' | 'u' | 'v' | 'x' | 'z')
}

/// Whether a date without a number can start with a character.
pub(crate) const fn may_start(c: char) -> bool {
    matches!(
        c,
        '今' | '本'
            | '明'
            | '来'
            | '后'
            | '去'
            | '前'
            | '下'
            | '这'
            | '当'
            | '年'
            | '月'
            | '元'
            | '国'
            | '春'
            | '过'
            | '农'
    )
}

/// A date that starts with digits: what follows them says which kind it can be.
fn in_digits(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let (_, end) = digits(text, at, 4)?;
    match text.at(end) {
        '-' | '/' | '.' => written(text, at),
        '年' => with_year(text, at, now).or_else(|| stretch(text, at, now)),
        '月' => month(text, at, now, None).or_else(|| stretch(text, at, now)),
        '个' | '天' | '周' | '日' | '星' => stretch(text, at, now),
        ' ' | 's' | 'n' | 'r' | 't' => english(text, at, now),
        _ => None,
    }
}

fn ymd(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn last_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    ymd(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// A run of at most `most` digits.
fn digits(text: &Text, at: usize, most: usize) -> Option<(u32, usize)> {
    let count = (at..at + most + 1).take_while(|&i| text.at(i).is_ascii_digit()).count();
    if count == 0 || count > most {
        return None;
    }
    let value = text.chars[at..at + count].iter().filter_map(|c| c.to_digit(10));
    Some((value.fold(0, |sum, digit| sum * 10 + digit), at + count))
}

/// `2027-03-01`, `2027/3/1`, `2027.3.1`, `2027-03`.
fn written(text: &Text, at: usize) -> Option<When> {
    let (year, end) = digits(text, at, 4).filter(|(year, _)| (1990..2100).contains(year))?;
    let separator = text.at(end);
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let (month, end) = digits(text, end + 1, 2).filter(|(month, _)| (1..=12).contains(month))?;
    let year = i32::try_from(year).ok()?;
    if text.at(end) == separator
        && let Some((day, end)) = digits(text, end + 1, 2)
    {
        return ymd(year, month, day).map(|day| When::day(end, day));
    }
    let whole = separator != '.' && !text.at(end).is_ascii_alphanumeric() && text.at(end) != separator;
    (whole && text.at(end) != '亩' && text.at(end) != '万').then_some(())?;
    Some(When::span(end, ymd(year, month, 1)?, last_of_month(year, month)?))
}

/// `2027年3月1日`, `二〇二七年底`, `27年3月`.
fn with_year(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let (year, end) = match digits(text, at, 4) {
        Some((year, end)) => (year, end),
        None => {
            let run = (at..at + 4).take_while(|&i| digit(text.at(i)).is_some()).count();
            let year = (at..at + run).try_fold(0, |sum, i| Some(sum * 10 + u32::try_from(digit(text.at(i))?).ok()?))?;
            (run == 4).then_some((year, at + 4))?
        }
    };
    if text.at(end) != '年' || text.at(end + 1) == '前' && year < 100 {
        return None;
    }
    let year = if (20..60).contains(&year) && text.at(end + 1).is_ascii_digit() { year + 2000 } else { year };
    if !(1990..2100).contains(&year) {
        return None;
    }
    within_year(text, end + 1, i32::try_from(year).ok()?, now)
}

/// What follows a year: a month, an end, a half, a quarter, a feast, or nothing.
fn within_year(text: &Text, at: usize, year: i32, now: NaiveDate) -> Option<When> {
    let at = if text.at(at) == '的' || text.at(at) == ' ' && text.at(at + 1).is_ascii_digit() { at + 1 } else { at };
    if let Some(found) = month(text, at, now, Some(year)).or_else(|| feast(text, at, year, now, false)) {
        return Some(found);
    }
    let end_of_year = ymd(year, 12, 31)?;
    for (word, from, to) in [
        ("上半年", 1, 6),
        ("下半年", 7, 12),
        ("一季度", 1, 3),
        ("二季度", 4, 6),
        ("三季度", 7, 9),
        ("四季度", 10, 12),
        ("第一季度", 1, 3),
        ("第二季度", 4, 6),
        ("第三季度", 7, 9),
        ("第四季度", 10, 12),
        ("q1", 1, 3),
        ("q2", 4, 6),
        ("q3", 7, 9),
        ("q4", 10, 12),
        ("1季度", 1, 3),
        ("2季度", 4, 6),
        ("3季度", 7, 9),
        ("4季度", 10, 12),
    ] {
        if text.goes_on(at, word) {
            let end = at + word.chars().count();
            let tail = matches!(text.at(end), '末' | '底');
            let last = last_of_month(year, to)?;
            return Some(if tail { When::day(end + 1, last) } else { When::span(end, ymd(year, from, 1)?, last) });
        }
    }
    if matches!(text.at(at), '底' | '末' | '终') {
        return Some(When::day(at + 1, end_of_year));
    }
    if text.at(at) == '内' {
        return Some(When::limit(at + 1, end_of_year));
    }
    if text.at(at) == '初' {
        return Some(When::span(at + 1, ymd(year, 1, 1)?, ymd(year, 1, 31)?));
    }
    if text.at(at) == '中' && !matches!(text.at(at + 1), '国' | '心' | '试') {
        return Some(When::span(at + 1, ymd(year, 6, 1)?, ymd(year, 6, 30)?));
    }
    Some(When::span(at, ymd(year, 1, 1)?, end_of_year))
}

/// A figure of a month or a day, in digits or Chinese.
fn small(text: &Text, at: usize, most: u32) -> Option<(u32, usize)> {
    if let Some(found) = digits(text, at, 2) {
        return Some(found).filter(|&(value, _)| (1..=most).contains(&value));
    }
    if !(digit(text.at(at)).is_some() || text.at(at) == '十') {
        return None;
    }
    let found = number(text, at)?;
    let value = u32::try_from(found.low.whole()?).ok()?;
    (found.low == found.high && (1..=most).contains(&value) && found.end <= at + 3).then_some((value, found.end))
}

/// `3月`, `三月底`, `10月1日`, `12月中旬`; without a year the next one to come.
fn month(text: &Text, at: usize, now: NaiveDate, year: Option<i32>) -> Option<When> {
    let (month, end) = small(text, at, 12)?;
    if text.at(end) != '月' {
        return None;
    }
    let mut end = end + 1;
    if text.at(end) == '份' {
        end += 1;
    }
    let year = year.unwrap_or(if month < now.month() { now.year() + 1 } else { now.year() });
    within_month(text, end, year, month)
}

fn within_month(text: &Text, end: usize, year: i32, month: u32) -> Option<When> {
    let last = last_of_month(year, month)?;
    if let Some((day, after)) = small(text, end, 31)
        && matches!(text.at(after), '日' | '号')
    {
        return ymd(year, month, day).map(|day| When::day(after + 1, day));
    }
    if matches!(text.at(end), '底' | '末') {
        return Some(When::day(end + 1, last));
    }
    for (word, from, to) in [("上旬", 1, 10), ("中旬", 11, 20), ("初", 1, 5), ("中", 11, 20)] {
        if text.goes_on(end, word) {
            return Some(When::span(end + word.chars().count(), ymd(year, month, from)?, ymd(year, month, to)?));
        }
    }
    if text.goes_on(end, "下旬") {
        return Some(When::span(end + 2, ymd(year, month, 21)?, last));
    }
    Some(When::span(end, ymd(year, month, 1)?, last))
}

/// Feasts that mean a day of the sun's year; 春节 from the table of new years.
fn feast(text: &Text, at: usize, year: i32, now: NaiveDate, next: bool) -> Option<When> {
    for (word, month, day) in
        [("元旦", 1, 1), ("国庆节", 10, 1), ("国庆", 10, 1), ("十一", 10, 1), ("五一", 5, 1), ("六一", 6, 1)]
    {
        if text.goes_on(at, word) {
            let end = at + word.chars().count();
            if matches!(word, "十一" | "五一" | "六一") && !matches!(text.at(end), '前' | '之' | '以' | '节')
            {
                return None;
            }
            let mut first = ymd(year, month, day)?;
            if next && first <= now {
                first = ymd(year + 1, month, day)?;
            }
            return Some(When::span(end, first, first));
        }
    }
    for word in ["春节", "过年", "农历新年", "农历年"] {
        if text.goes_on(at, word) {
            let mut first = new_year(year)?;
            if next && first <= now {
                first = new_year(year + 1)?;
            }
            return Some(When::span(at + word.chars().count(), first, first));
        }
    }
    None
}

/// The first day of the lunar year (Purple Mountain Observatory's almanac).
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

/// `三个月内`, `半年内`, `30天以内`, `两周之内`, `3个月后`.
fn stretch(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    let (count, end) = if text.at(at) == '半' {
        (None, at + 1)
    } else {
        let found = number(text, at).filter(|found| found.low == found.high && !found.vague)?;
        (Some(u32::try_from(found.low.whole()?).ok().filter(|&count| count <= 400)?), found.end)
    };
    let rest = |word: &str| text.goes_on(end, word).then(|| end + word.chars().count());
    let months = |count: u32| now.checked_add_months(Months::new(count));
    let (last, end) = if let Some(after) = rest("个半月") {
        (months(count?)?.checked_add_days(Days::new(15)), after)
    } else if let Some(after) = rest("个月").or_else(|| rest("月")) {
        (months(count?), after)
    } else if let Some(after) = rest("年") {
        (months(count.map_or(6, |years| years * 12)), after)
    } else if let Some(after) = rest("周").or_else(|| rest("个星期")).or_else(|| rest("星期")) {
        (now.checked_add_days(Days::new(u64::from(count?) * 7)), after)
    } else if let Some(after) = rest("天").or_else(|| rest("日")).or_else(|| rest("个工作日")) {
        (now.checked_add_days(Days::new(u64::from(count?))), after)
    } else {
        return None;
    };
    let limit = ["以内", "之内", "内", "之后", "以后", "后"].iter().find(|word| text.goes_on(end, word))?;
    Some(When::limit(end + limit.chars().count(), last?))
}

/// `明年6月`, `年底`, `下月15号`, `月底`, `春节`.
fn relative(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    match text.at(at) {
        '年' | '月' => end_of_this(text, at, now),
        '元' | '国' | '春' | '过' | '农' => feast(text, at, now.year(), now, true),
        _ => next_year(text, at, now).or_else(|| next_month(text, at, now)),
    }
}

/// `明年6月`, `后年`, `去年`.
fn next_year(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    for (word, years) in
        [("今年", 0), ("本年度", 0), ("本年", 0), ("明年", 1), ("来年", 1), ("后年", 2), ("去年", -1), ("前年", -2)]
    {
        if text.goes_on(at, word) && !is_split(text.before(at), word) {
            return within_year(text, at + word.chars().count(), now.year() + years, now);
        }
    }
    None
}

/// 达产后年产值 is no 后年.
fn is_split(before: char, word: &str) -> bool {
    let opens =
        matches!(before, '到' | '在' | '至' | '于' | '划' | '计' | '要' | '是' | '想' | '或' | '和' | '司' | '们');
    matches!(word, "后年" | "前年" | "去年") && is_han(before) && !opens
}

/// `下月15号`, `本月`.
fn next_month(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    for (word, months) in
        [("下下个月", 2), ("下下月", 2), ("下个月", 1), ("下月", 1), ("本月", 0), ("这个月", 0), ("当月", 0)]
    {
        if text.goes_on(at, word) {
            let then = now.with_day(1)?.checked_add_months(Months::new(months))?;
            return within_month(text, at + word.chars().count(), then.year(), then.month());
        }
    }
    None
}

/// `年底`, `月内`.
fn end_of_this(text: &Text, at: usize, now: NaiveDate) -> Option<When> {
    for (word, day) in [
        ("年底", ymd(now.year(), 12, 31)?),
        ("年末", ymd(now.year(), 12, 31)?),
        ("月底", last_of_month(now.year(), now.month())?),
        ("月末", last_of_month(now.year(), now.month())?),
    ] {
        if text.goes_on(at, word) {
            return Some(When::day(at + 2, day));
        }
    }
    if text.goes_on(at, "年内") || text.goes_on(at, "月内") {
        let day = if text.at(at) == '年' { ymd(now.year(), 12, 31)? } else { last_of_month(now.year(), now.month())? };
        return Some(When::limit(at + 2, day));
    }
    None
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Text, date};

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
