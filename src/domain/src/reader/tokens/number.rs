//! Numbers: digits, Chinese numerals everyday and formal (大写), both mixed, and two digits in a row (`两三千`).

use crate::reader::letters::character::{Classes, is_han};
use crate::reader::letters::numerals::{HALF, KILO, MEASURE, ONE, digit, myriad, tens, unit};
use crate::reader::letters::rules::cues;
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::units::unit as measure;
use crate::reader::words::lists::WordList;

cues! {
    NumberCues in "numbers.txt" {
        percent: WordList,
        vague: CharSet,
        more: CharSet,
        about: CharSet,
        point: CharSet,
        over_before: CharSet,
        one_before: CharSet,
        one_behind: CharSet,
        part: CharSet,
        counted: CharSet,
        halved: CharSet,
        kilo: CharSet,
        behind_large: CharSet,
    }
}

/// A number in the text; `low` and `high` differ where a range is written without a sign (`七八十`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) low: Exact,
    pub(crate) high: Exact,
    /// Behind the last character.
    pub(crate) end: usize,
    /// The last multiplier, 1 without one; the first number of a range takes it over.
    pub(crate) scale: i128,
    /// An order of magnitude without a value: `几十`, `数百`.
    pub(crate) vague: bool,
    /// An approximation: `十来`, `千把`.
    pub(crate) about: bool,
    /// A lower bound: `三十多`, `300余`.
    pub(crate) more: bool,
}

/// The longest run of characters read as one number; it bounds the work on long runs of digits.
pub(crate) const LONGEST: usize = 40;

/// Returns the length of the words at a position that make the number behind them a percentage.
pub(crate) fn percent(text: &Text, at: usize) -> Option<usize> {
    CUES.percent.at(text, at)
}

/// Returns whether a character says that the value is larger than the number before it.
pub(crate) fn is_more(c: char) -> bool {
    CUES.more.has(c)
}

/// Small numbers in English.
const SPELLED: [(&str, i128); 12] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("fifteen", 15),
    ("twenty", 20),
];

/// Reads an English number of years, the term of a lease: `five years`, `two-year`. Numbers of other things are words.
fn spelled(text: &Text, at: usize) -> Option<Number> {
    if text.before(at).is_ascii_alphanumeric() {
        return None;
    }
    let &(word, value) = SPELLED.iter().find(|(word, _)| {
        let behind = at + word.len();
        text.goes_on(at, word) && matches!(text.at(behind), ' ' | '-') && text.goes_on(behind + 1, "year")
    })?;
    Some(plain(Exact::int(value), at + word.len()))
}

fn is_multiplier(c: char) -> bool {
    unit(c).is_some() || myriad(c).is_some()
}

/// Reads the number that starts at a position.
pub(crate) fn number(text: &Text, at: usize) -> Option<Number> {
    if let Some(length) = percent(text, at) {
        return numeral(text, at + length);
    }
    let first = text.at(at);
    if is_of_line(text, at) {
        return None;
    }
    if first.is_ascii_alphabetic() {
        return spelled(text, at);
    }
    let is_ten = unit(first) == Some(10);
    let leads = first.is_ascii_digit()
        || digit(first).is_some()
        || is_ten
        || tens(first).is_some()
        || first == HALF
        || CUES.vague.has(first)
        || first == '.' && text.at(at + 1).is_ascii_digit()
        || is_multiplier(first) && stands_for_one(text, at);
    if !leads {
        return None;
    }
    // 上百亩, 过亿: a lower bound.
    let over = is_multiplier(first) && !is_ten && CUES.over_before.has(text.before(at));
    numeral(text, at).map(|found| Number { more: found.more || over, ..found })
}

/// Returns whether digits, or the point before them, belong to the number of a line: `B.11 Employees`.
fn is_of_line(text: &Text, at: usize) -> bool {
    let point = if text.at(at) == '.' { at } else { at.wrapping_sub(1) };
    let letter = |at: usize| text.before(at).is_ascii_alphabetic();
    text.at(point) == '.' && point > 0 && letter(point) && (point == 1 || text.at(point - 2) == '\n')
}

/// Returns whether a multiplier without a digit before it means one of it: `过亿`, `千把平`, `百余亩`.
fn stands_for_one(text: &Text, at: usize) -> bool {
    let mut after = at + 1;
    while is_multiplier(text.at(after)) {
        after += 1;
    }
    // 投资/万元 is a unit.
    CUES.one_before.has(text.before(at)) || CUES.one_behind.has(text.at(after)) && text.before(at) != '/'
}

/// Returns whether a number in digits ends at a position: neither a numeral nor `million` or `k` can follow.
fn ends_number(text: &Text, at: usize) -> bool {
    let c = text.at(at);
    let next = if c == ' ' { text.at(at + 1) } else { c };
    !(text.classes(at).any(Classes::FIGURE) || CUES.part.has(c) || matches!(next, 'm' | 'b' | 't' | 'w' | 'k'))
}

/// Returns the multiplier behind digits and a blank, with its end: `5 亿元`, `3 个亿`, but not `2 万达广场`.
fn across_blank(text: &Text, end: usize) -> Option<(i128, usize)> {
    (text.at(end) == ' ').then_some(())?;
    let at = end + 1 + usize::from(text.at(end + 1) == MEASURE);
    // 6 千平, but 6 千瓦.
    let thousand = || (text.at(at) == KILO && measure(text, at + 1).is_some()).then_some(1000);
    let scale = myriad(text.at(at)).or_else(|| thousand().filter(|_| !CUES.kilo.has(text.at(at + 1))))?;
    let behind = text.at(at + 1);
    let goes_on = !is_han(behind) || CUES.behind_large.has(behind) || measure(text, at + 1).is_some();
    goes_on.then_some((scale, at + 1))
}

fn plain(value: Exact, end: usize) -> Number {
    Number { low: value, high: value, end, scale: 1, vague: false, about: false, more: false }
}

/// The sum of the sections of a numeral: `1亿2千3百万`, `一千五百万`, `1.5个亿`.
struct Sum {
    total: Exact,
    section: Exact,
    /// The digit or run of digits that waits for its multiplier, as a range.
    number: Option<(Exact, Exact)>,
    /// The last multiplier, so that `两千五` is 2,500.
    last: i128,
    /// The difference between the ends of a range.
    high_extra: Option<Exact>,
}

fn numeral(text: &Text, start: usize) -> Option<Number> {
    // Fast path for most numbers: digits, or digits with 万 or 亿, and then their unit.
    if let Some((value, end)) = digits(text, start) {
        if let Some((scale, end)) = across_blank(text, end) {
            return Some(Number { scale, ..plain(value.times(Exact::int(scale))?, end) });
        }
        if ends_number(text, end) {
            return Some(plain(value, end));
        }
        if let Some(scale) = myriad(text.at(end))
            && ends_number(text, end + 1)
            && text.at(end + 1) != '.'
        {
            return Some(Number { scale, ..plain(value.times(Exact::int(scale))?, end + 1) });
        }
    }
    if let Some(found) = positional(text, start) {
        return Some(found);
    }
    let mut sum = Sum { total: Exact::int(0), section: Exact::int(0), number: None, last: 0, high_extra: None };
    let mut flags = plain(Exact::int(0), start);
    let (mut at, mut zero) = (start, false);
    while at < start + LONGEST {
        let c = text.at(at);
        if sum.number.is_none()
            && let Some((value, end)) = digits(text, at)
        {
            // `30 50` are two numbers; `3千5百` is one.
            if at > start && sum.last == 0 {
                break;
            }
            sum.number = Some((value, value));
            at = end;
        } else if let Some(value) = digit(c) {
            // 30万一亩: 一 counts the mu.
            if c == ONE && sum.last >= 100 && !zero && CUES.counted.has(text.at(at + 1)) {
                break;
            }
            match sum.number {
                None if value == 0 && at > start => zero = true,
                None => sum.number = Some((Exact::int(value), Exact::int(value))),
                // Two digits in a row are a range only where they rise: 两三千, 三五百, 七八亩.
                Some((low, high)) if low == high && low < Exact::int(value) && digit(text.before(at)).is_some() => {
                    sum.number = Some((low, Exact::int(value)));
                }
                Some(_) => break,
            }
            at += 1;
        } else if CUES.vague.has(c) && sum.number.is_none() && (at == start || sum.last > 1) {
            if at == start && !is_multiplier(text.at(at + 1)) {
                return None;
            }
            flags.vague = true;
            sum.number = Some((Exact::int(1), Exact::int(1)));
            at += 1;
        } else if let Some(value) = tens(c).filter(|_| sum.number.is_none()) {
            sum.section = sum.section.plus(Exact::int(value))?;
            sum.last = 10;
            at += 1;
        } else if c == HALF
            && at == start
            && (myriad(after_measure(text, at + 1)).is_some() || CUES.halved.has(text.at(at + 1)))
        {
            sum.number = Exact::new(1, 2).map(|half| (half, half));
            at += 1;
        } else if CUES.point.has(c) && sum.number.is_some() {
            let Some((value, end)) = spoken_fraction(text, at, sum.number?.0) else { break };
            sum.number = Some((value, value));
            at = end;
        } else if c == KILO && CUES.kilo.has(text.at(at + 1)) {
            break;
        } else if let Some(value) = unit(c) {
            sum.close(value)?;
            at += 1;
        } else if c == MEASURE
            && sum.number.is_some()
            && CUES.more.has(text.at(at + 1))
            && let Some(value) = myriad(text.at(at + 2))
        {
            // 两个多亿.
            sum.close_myriad(value)?;
            flags.more = true;
            at += 3;
        } else if let Some((value, end)) = multiplier(text, at, sum.number.is_some() || sum.last > 0 || at == start) {
            sum.close_myriad(value)?;
            at = end;
        } else if let Some((half, end)) = and_a_half(text, at, sum.number) {
            sum.number = Some((half, half));
            at = end;
        } else if (CUES.more.has(c) || CUES.about.has(c)) && (sum.number.is_some() || sum.last > 0) && at > start {
            flags.about |= CUES.about.has(c);
            flags.more |= CUES.more.has(c);
            at += 1;
            // `三十多万` continues, `30多亩` ends here.
            if !is_multiplier(text.at(at)) {
                break;
            }
        } else {
            break;
        }
    }
    if at == start {
        return None;
    }
    let (low, high) = sum.finish(zero)?;
    Some(Number { low, high, end: at, scale: sum.last.max(1), ..flags })
}

impl Sum {
    /// Adds a digit with its 十, 百 or 千.
    fn close(&mut self, unit: i128) -> Option<()> {
        let (low, high) = self.number.take().unwrap_or((Exact::int(1), Exact::int(1)));
        self.section = self.section.plus(low.times(Exact::int(unit))?)?;
        self.spread(low, high, unit)?;
        self.last = unit;
        Some(())
    }

    /// Closes the section since the last 亿 (or 万) with its 万 or 亿.
    fn close_myriad(&mut self, value: i128) -> Option<()> {
        let empty = self.number.is_none() && self.section.is_zero();
        let (low, high) = self.number.take().unwrap_or((Exact::int(0), Exact::int(0)));
        let section = if empty { Exact::int(1) } else { self.section.plus(low)? };
        self.spread(low, high, 1)?;
        self.high_extra = match self.high_extra {
            Some(extra) => Some(extra.times(Exact::int(value))?),
            None => None,
        };
        // 三万亿: the whole total is multiplied.
        if self.section.is_zero() && empty && !self.total.is_zero() {
            self.total = self.total.times(Exact::int(value))?;
        } else {
            self.total = self.total.plus(section.times(Exact::int(value))?)?;
        }
        self.section = Exact::int(0);
        self.last = value;
        Some(())
    }

    fn spread(&mut self, low: Exact, high: Exact, unit: i128) -> Option<()> {
        if low != high {
            let extra = high.plus(low.times(Exact::int(-1))?)?.times(Exact::int(unit))?;
            self.high_extra = Some(extra);
        }
        Some(())
    }

    fn finish(&mut self, zero: bool) -> Option<(Exact, Exact)> {
        if let Some((low, high)) = self.number.take() {
            // 两千五 is 2,500, 一亿二 120 million; behind 零 or below a hundred the last digit is itself.
            let short = self.last >= 100 && !zero && low < Exact::int(10) && low > Exact::int(0);
            let worth = if short { self.last / 10 } else { 1 };
            self.section = self.section.plus(low.times(Exact::int(worth))?)?;
            self.spread(low, high, worth)?;
        }
        let low = self.total.plus(self.section)?;
        let high = match self.high_extra {
            Some(extra) => low.plus(extra)?,
            None => low,
        };
        Some((low, high))
    }
}

/// Reads digits one by one: 二〇二七.
fn positional(text: &Text, start: usize) -> Option<Number> {
    let run = (start..start + LONGEST).take_while(|&at| digit(text.at(at)).is_some()).count();
    if run < 3 || is_multiplier(text.at(start + run)) {
        return None;
    }
    // Fifteen digits are more than any field takes, and fit 64 bits.
    let value = (start..start + run.min(15)).try_fold(0_i128, |sum, at| Some(sum * 10 + digit(text.at(at))?))?;
    Some(plain(Exact::int(value), start + run))
}

/// Reads a run of digits with thousands separators and a decimal point.
fn digits(text: &Text, start: usize) -> Option<(Exact, usize)> {
    let run = |from: usize| (from..from + LONGEST).take_while(|&at| text.at(at).is_ascii_digit()).count();
    let first = run(start);
    let leading_point = first == 0 && text.at(start) == '.' && text.at(start + 1).is_ascii_digit();
    if first == 0 && !leading_point {
        return None;
    }
    let mut end = start + first;
    // 1,200,000 is one number, 3000,200 are two; the comma must have the width of the digits.
    if (1..=3).contains(&first) && text.at(end) == ',' && text.at(start) != '0' {
        let same_width = text.is_wide(end) == text.is_wide(start);
        let mut groups = end;
        while same_width && text.at(groups) == ',' && run(groups + 1) == 3 {
            groups += 4;
        }
        if groups > end && !text.at(groups).is_ascii_digit() {
            end = groups;
        }
    }
    let mut places = 0;
    if text.at(end) == '.' && text.at(end + 1).is_ascii_digit() {
        places = run(end + 1);
        end += 1 + places;
    }
    let digits = text.chars[start..end].iter().filter_map(|c| c.to_digit(10));
    Exact::from_digits(digits, places).map(|value| (value, end))
}

/// Reads the fraction of a spoken number: 一点五, 三点六.
fn spoken_fraction(text: &Text, point: usize, whole: Exact) -> Option<(Exact, usize)> {
    let (mut value, mut worth, mut at) = (whole, 10, point + 1);
    while let Some(figure) = digit(text.at(at)) {
        value = value.plus(Exact::new(figure, worth)?)?;
        worth = worth.checked_mul(10).filter(|&worth| worth < 1_000_000_000)?;
        at += 1;
    }
    (at > point + 1).then_some((value, at))
}

/// Reads the half of 一个半亿.
fn and_a_half(text: &Text, at: usize, number: Option<(Exact, Exact)>) -> Option<(Exact, usize)> {
    let (low, _) = number?;
    let at = if text.at(at) == MEASURE { at + 1 } else { at };
    (text.at(at) == HALF && myriad(text.at(at + 1)).is_some()).then_some(())?;
    Some((low.plus(Exact::new(1, 2)?)?, at + 1))
}

fn after_measure(text: &Text, at: usize) -> char {
    if text.at(at) == MEASURE { text.at(at + 1) } else { text.at(at) }
}

/// English multipliers with their values.
const ENGLISH: &[(&str, i128)] = &[
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
    ("thousand", 1000),
    ("mln", 1_000_000),
    ("mn", 1_000_000),
    ("bn", 1_000_000_000),
    ("mio", 1_000_000),
    ("bln", 1_000_000_000),
];

/// Reads a multiplier: 万, 亿, `个亿`, `w`, `k`, or an English word.
fn multiplier(text: &Text, at: usize, allowed: bool) -> Option<(i128, usize)> {
    if !allowed {
        return None;
    }
    let c = text.at(at);
    if let Some(value) = myriad(c) {
        return Some((value, at + 1));
    }
    if c == MEASURE
        && let Some(value) = myriad(text.at(at + 1))
    {
        return Some((value, at + 2));
    }
    let blank = usize::from(c == ' ');
    if !text.at(at + blank).is_ascii_alphabetic() {
        return None;
    }
    for &(word, value) in ENGLISH {
        let end = at + blank + word.len();
        if text.goes_on(at + blank, word) && !text.at(end).is_ascii_alphabetic() {
            return Some((value, end));
        }
    }
    // `500w` is 500万; `200kw` and `3000w灯` are no multipliers.
    let alone = !text.at(at + 1).is_ascii_alphanumeric();
    match c {
        'w' if alone && text.before(at).is_ascii_digit() => Some((10_000, at + 1)),
        'k' if alone && text.before(at).is_ascii_digit() => Some((1000, at + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Text, number};

    fn read(text: &str) -> Option<(String, String, usize)> {
        let found = number(&Text::new(text), 0)?;
        Some((found.low.decimal()?.to_string(), found.high.decimal()?.to_string(), found.end))
    }

    #[test]
    fn one_number_in_all_its_writings() {
        for (text, value) in [
            ("30", "30"),
            ("０３０", "30"),
            ("1,200,000", "1200000"),
            ("１，２００", "1200"),
            ("18.5", "18.5"),
            (".5", "0.5"),
            ("1.5亿", "150000000"),
            ("1.5个亿", "150000000"),
            ("两个亿", "200000000"),
            ("3千5百万", "35000000"),
            ("1万2千", "12000"),
            ("2万", "20000"),
            ("500w", "5000000"),
            ("250k", "250000"),
            ("20 million", "20000000"),
            ("一千五百万", "15000000"),
            ("壹仟伍佰万", "15000000"),
            ("叁拾", "30"),
            ("一百零五", "105"),
            ("两千五", "2500"),
            ("一亿二", "120000000"),
            ("一万两千", "12000"),
            ("十五", "15"),
            ("廿五", "25"),
            ("两百五十", "250"),
            ("一点五亿", "150000000"),
            ("半亿", "50000000"),
            ("一个半亿", "150000000"),
            ("二〇二七", "2027"),
            ("百分之五", "5"),
            ("十万", "100000"),
        ] {
            let Some((low, high, end)) = read(text) else { panic!("{text}") };
            assert_eq!((low.as_str(), high.as_str(), end), (value, value, text.chars().count()), "{text}");
        }
    }

    #[test]
    fn two_figures_in_a_row_are_a_range() {
        for (text, low, high) in [
            ("两三千", "2000", "3000"),
            ("七八", "7", "8"),
            ("五六十", "50", "60"),
            ("十七八", "17", "18"),
            ("三五百", "300", "500"),
            ("三四万", "30000", "40000"),
            ("一百二三十", "120", "130"),
        ] {
            assert_eq!(read(text), Some((low.to_owned(), high.to_owned(), text.chars().count())), "{text}");
        }
    }

    #[test]
    fn sizes_without_a_number_are_vague() {
        for text in ["几十", "数百", "十几", "几千"] {
            assert_eq!(number(&Text::new(text), 0).map(|found| found.vague), Some(true), "{text}");
        }
        assert_eq!(number(&Text::new("千万别"), 0), None);
        assert_eq!(number(&Text::new("几个"), 0), None);
    }
}
