//! Amounts: a number or a range of numbers with its unit and what it is counted by.

use crate::reader::letters::text::Text;
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::number::{Number, number};
use crate::reader::tokens::units::{Dim, Per, per, unit};

/// An amount in the base unit of its dimension, before the words around it are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantity {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) low: Exact,
    pub(crate) high: Exact,
    pub(crate) dim: Dim,
    pub(crate) per: Per,
    /// 几十, or a range that falls.
    pub(crate) vague: bool,
    /// 十来, 千把.
    pub(crate) about: bool,
    /// 30多, 300余.
    pub(crate) more: bool,
    /// Written with 万, 亿, million: without a unit it is money.
    pub(crate) large: bool,
}

impl Quantity {
    /// One of a unit that stands by itself.
    pub(crate) const fn one(start: usize, end: usize, dim: Dim, value: Exact, per: Per) -> Self {
        Self { start, end, low: value, high: value, dim, per, vague: false, about: false, more: false, large: false }
    }

    /// Whether it is the number one.
    pub(crate) fn is_one(&self) -> bool {
        self.low == Exact::int(1) && self.high == self.low
    }
}

/// Currencies that may stand before an amount.
const CURRENCIES: &[(&str, Dim)] = &[
    ("人民币", Dim::Money),
    ("rmb", Dim::Money),
    ("cny", Dim::Money),
    ("¥", Dim::Money),
    ("us$", Dim::Foreign),
    ("hk$", Dim::Foreign),
    ("usd", Dim::Foreign),
    ("eur", Dim::Foreign),
    ("hkd", Dim::Foreign),
    ("jpy", Dim::Foreign),
    ("gbp", Dim::Foreign),
    ("sgd", Dim::Foreign),
    ("$", Dim::Foreign),
    ("€", Dim::Foreign),
    ("£", Dim::Foreign),
    ("美元", Dim::Foreign),
    ("美金", Dim::Foreign),
    ("欧元", Dim::Foreign),
    ("港币", Dim::Foreign),
    ("港元", Dim::Foreign),
    ("日元", Dim::Foreign),
];

/// Reads the amount that starts at `at`.
pub(crate) fn quantity(text: &Text, at: usize) -> Option<Quantity> {
    let first = number(text, at)?;
    if let Some(code) = code(text, at, first.end) {
        return Some(code);
    }
    let percent = text.goes_on(at, "百分之");
    let one = measured(text, at, first)?;
    let mut it = match range(text, at, first, one) {
        Some(range) => range,
        None => one,
    };
    if percent && it.dim == Dim::Bare {
        it.dim = Dim::Percent;
    }
    if it.dim != Dim::Percent {
        let (divided, end) =
            per(text, it.end, matches!(it.dim, Dim::Money | Dim::Bare) && it.dim == Dim::Money || it.large);
        (it.per, it.end) = (divided, end);
    }
    Some(with_currency(text, it))
}

/// A number and its unit, without what it is counted by.
fn measured(text: &Text, start: usize, number: Number) -> Option<Quantity> {
    let mut it = Quantity {
        start,
        end: number.end,
        low: number.low,
        high: number.high,
        dim: Dim::Bare,
        per: Per::NONE,
        vague: number.vague,
        about: number.about,
        more: number.more,
        large: number.scale >= 10_000,
    };
    // 2000+平: so much at least.
    let plus = text.at(number.end) == '+' && unit(text, number.end + 1).is_some_and(|(dim, ..)| dim != Dim::Other);
    let number = Number { end: number.end + usize::from(plus), ..number };
    it.more |= plus;
    let blank = usize::from(text.at(number.end) == ' ');
    let latin = |at: usize| text.at(at).is_ascii_alphanumeric() || text.at(at) == '%';
    // Across a blank only Latin units and the commonest Chinese ones: `8000 m²`, `30 亩`.
    let far = |at: usize| {
        blank == 0 || latin(at) || matches!(text.at(at), '亩' | '平' | '公' | '元' | '㎡' | '吨' | '米' | '人' | '千')
    };
    let Some((mut dim, mut factor, mut end)) = unit_of(text, number.end + blank).filter(|_| far(number.end + blank))
    else {
        return Some(it);
    };
    // `20m RMB`, `$5m`: millions; `30m` alone is a length.
    let next = end + usize::from(text.at(end) == ' ');
    if dim == Dim::Length && text.before(end) == 'm' && end == number.end + 1 {
        let after = unit(text, next).filter(|(dim, ..)| matches!(dim, Dim::Money | Dim::Foreign));
        if let Some((currency, _, after)) = after {
            (dim, factor, end) = (currency, Exact::int(1_000_000), after);
        } else if currency_before(text, start).is_some() {
            (dim, factor) = (Dim::Money, Exact::int(1_000_000));
        }
        it.large |= dim != Dim::Length;
    }
    (it.low, it.high) = (it.low.times(factor)?, it.high.times(factor)?);
    (it.dim, it.end) = (dim, end);
    more_after_unit(text, &mut it, factor);
    Some(it)
}

/// The unit, a measure word before it passed over: `5个平方`, `15个人`.
fn unit_of(text: &Text, at: usize) -> Option<(Dim, Exact, usize)> {
    let found = unit(text, at)?;
    if found.0 == Dim::Count
        && let Some(inner) = unit(text, found.2)
        && matches!(
            inner.0,
            Dim::People | Dim::Floor | Dim::Land | Dim::Percent | Dim::Power | Dim::Watt | Dim::Length | Dim::Mass
        )
    {
        return Some(inner);
    }
    Some(found)
}

/// `5米5`, `一亩半`, `30亩多`.
fn more_after_unit(text: &Text, it: &mut Quantity, factor: Exact) {
    let next = text.at(it.end);
    let add = |value: Exact, part: Option<Exact>| part.and_then(|part| value.plus(part)).unwrap_or(value);
    let figure = crate::reader::tokens::number::digit(next).or_else(|| next.to_digit(10).map(i128::from));
    if it.dim == Dim::Length
        && text.before(it.end) == '米'
        && let Some(figure) = figure
        && !text.at(it.end + 1).is_ascii_digit()
        && !matches!(text.at(it.end + 1), '米' | '.' | '个' | '吨' | '亩' | '万' | '千' | 't' | 'm' | '层' | '楼')
    {
        let part = Exact::new(figure, 10);
        (it.low, it.high, it.end) = (add(it.low, part), add(it.high, part), it.end + 1);
    } else if it.dim == Dim::Money
        && text.before(it.end) == '块'
        && let Some(figure) = figure
        && !text.at(it.end + 1).is_ascii_digit()
        && !(next == '一' && matches!(text.at(it.end + 1), '平' | '个' | '天' | '月' | '亩'))
    {
        // 一块二 is 1.2 yuan.
        let part = Exact::new(figure, 10);
        (it.low, it.high, it.end) = (add(it.low, part), add(it.high, part), it.end + 1);
    } else if next == '半' && matches!(it.dim, Dim::Land | Dim::Length | Dim::Mass) {
        let part = Exact::new(1, 2).and_then(|half| half.times(factor));
        (it.low, it.high, it.end) = (add(it.low, part), add(it.high, part), it.end + 1);
    } else if matches!(next, '多' | '余') && it.dim != Dim::Other && !matches!(text.at(it.end + 1), '层' | '功' | '种')
    {
        it.more = true;
        it.end += 1;
    }
}

/// `30-50亩`, `3到5千平`, `30亩至50亩`, `8000 to 10000 sqm`.
fn range(text: &Text, start: usize, first: Number, one: Quantity) -> Option<Quantity> {
    // between 20 and 30 mu.
    let between = start >= 8 && text.goes_on(start - 8, "between ") && text.goes_on(one.end, " and ");
    let after = if between { one.end + 5 } else { separator(text, one.end)? };
    let second = number(text, after)?;
    let two = measured(text, after, second)?;
    if one.dim != Dim::Bare && two.dim != Dim::Bare && one.dim != two.dim || one.vague || two.vague {
        return None;
    }
    let mut low = one.low;
    if one.dim == Dim::Bare && two.dim != Dim::Bare {
        // The first number shares the unit of the second.
        low = low.times(two.low.over(second.low)?)?;
    }
    let scale = Exact::int(second.scale);
    if first.scale == 1 && second.scale >= 100 && first.low < second.low.over(scale)? {
        low = low.times(scale)?;
    }
    let dim = if two.dim == Dim::Bare { one.dim } else { two.dim };
    let falls = low > two.high;
    Some(Quantity {
        start,
        end: two.end,
        low,
        high: two.high,
        dim,
        vague: falls,
        about: false,
        more: two.more,
        large: one.large || two.large,
        per: Per::NONE,
    })
}

fn separator(text: &Text, at: usize) -> Option<usize> {
    let words: &[&str] = match text.at(at) {
        ' ' => &[" to ", " - ", " ~ "],
        '-' => &["--", "-"],
        '~' => &["~~", "~"],
        '至' => &["至"],
        '到' => &["到"],
        '或' => &["或者到"],
        '且' => &["且≤", "且<=", "且不超过", "且不大于", "且小于"],
        _ => return None,
    };
    let word = words.iter().find(|word| text.goes_on(at, word))?;
    let after = at + word.chars().count();
    Some(after + usize::from(text.at(after) == ' ' && *word != "至"))
}

/// `21-03-44`, `30*50米`, `3x5`: numbers of plots, days and sizes, which are no amounts.
fn code(text: &Text, start: usize, end: usize) -> Option<Quantity> {
    let tail = |mut at: usize| {
        while text.at(at).is_ascii_alphanumeric()
            || matches!(text.at(at), '-' | '/' | '.' | '*' | '×') && text.at(at + 1).is_ascii_digit()
        {
            at += 1;
        }
        at
    };
    let glued = text.before(start).is_ascii_alphabetic()
        || text.before(start) == '-' && start > 1 && text.at(start - 2).is_ascii_alphanumeric();
    let digits = |from: usize| (from..).take_while(|&at| text.at(at).is_ascii_digit()).count();
    let chain = text.at(end) == '-' && {
        let second = digits(end + 1);
        second > 0 && matches!(text.at(end + 1 + second), '-') && digits(end + 2 + second) > 0
    };
    let size = matches!(text.at(end), '*' | '×') && digits(end + 1) > 0 || text.at(end) == 'x' && digits(end + 1) > 0;
    if !(chain || size || glued && text.at(start).is_ascii_digit()) {
        return None;
    }
    let end = tail(end).max(end);
    Some(Quantity::one(start, end, Dim::Other, Exact::int(0), Per::NONE))
}

fn currency_before(text: &Text, start: usize) -> Option<(Dim, usize)> {
    let gap = usize::from(text.before(start) == ' ');
    // Most amounts stand behind none of the last characters of currencies.
    if !matches!(
        text.before(start.saturating_sub(gap)),
        '币' | 'b' | 'y' | '¥' | '$' | 'd' | 'r' | 'p' | '€' | '£' | '元' | '金'
    ) {
        return None;
    }
    CURRENCIES.iter().find_map(|&(word, dim)| {
        let from = start.checked_sub(gap + word.chars().count())?;
        text.goes_on(from, word).then_some((dim, from))
    })
}

fn with_currency(text: &Text, mut it: Quantity) -> Quantity {
    if let Some((dim, from)) = currency_before(text, it.start)
        && matches!(it.dim, Dim::Bare | Dim::Money | Dim::Foreign)
    {
        it.dim = if it.dim == Dim::Foreign { Dim::Foreign } else { dim };
        it.start = from;
    }
    it
}

#[cfg(test)]
mod tests {
    use super::{Dim, quantity};
    use crate::reader::letters::text::Text;

    fn read(text: &str) -> (String, String, Dim, usize) {
        let found = quantity(&Text::new(text), 0).unwrap_or_else(|| panic!("{text}"));
        let shown = |value: super::Exact| value.decimal().map(|d| d.to_string()).unwrap_or_default();
        (shown(found.low), shown(found.high), found.dim, found.end)
    }

    #[test]
    fn units_change_the_writing_not_the_amount() {
        for (text, low, high, dim) in [
            ("30亩", "30", "30", Dim::Land),
            ("2公顷", "30", "30", Dim::Land),
            ("0.02平方公里", "30", "30", Dim::Land),
            ("10 acres", "60.7028", "60.7028", Dim::Land),
            ("20公亩", "3", "3", Dim::Land),
            ("一亩半", "1.5", "1.5", Dim::Land),
            ("30-50亩", "30", "50", Dim::Land),
            ("30亩到50亩", "30", "50", Dim::Land),
            ("三十到五十亩", "30", "50", Dim::Land),
            ("5~8千平", "5000", "8000", Dim::Floor),
            ("两三千平", "2000", "3000", Dim::Floor),
            ("8000-1万平", "8000", "10000", Dim::Floor),
            ("1-2万㎡", "10000", "20000", Dim::Floor),
            ("8000 to 10000 sqm", "8000", "10000", Dim::Floor),
            ("2万方", "20000", "20000", Dim::Floor),
            ("53,333平方米", "53333", "53333", Dim::Floor),
            ("1.5个亿", "150000000", "150000000", Dim::Bare),
            ("3000-5000万元", "30000000", "50000000", Dim::Money),
            ("20m RMB", "20000000", "20000000", Dim::Money),
            ("280MVA", "280000", "280000", Dim::Power),
            ("5米5", "5.5", "5.5", Dim::Length),
            ("500公斤", "0.5", "0.5", Dim::Mass),
            ("12.5万吨标煤", "125000", "125000", Dim::Energy),
            ("百分之五", "5", "5", Dim::Percent),
            ("15个人", "15", "15", Dim::People),
            ("21-03-44地块", "0", "0", Dim::Other),
        ] {
            let (found_low, found_high, found_dim, _) = read(text);
            assert_eq!((found_low.as_str(), found_high.as_str(), found_dim), (low, high, dim), "{text}");
        }
    }

    #[test]
    fn what_an_amount_is_counted_by_belongs_to_it() {
        for (text, mu, m2, month, day) in [
            ("300万元/亩", true, false, false, false),
            ("30万一亩", true, false, false, false),
            ("35元每平", false, true, false, false),
            ("1.2元/㎡·天", false, true, false, true),
            ("25元/(平方米·月)", false, true, true, false),
            ("25块一平一个月", false, true, true, false),
            ("40 RMB/sqm/month", false, true, true, false),
            ("40 yuan per sqm per month", false, true, true, false),
        ] {
            let found = quantity(&Text::new(text), 0).unwrap_or_else(|| panic!("{text}"));
            let per = found.per;
            assert_eq!((per.mu, per.m2, per.month, per.day), (mu, m2, month, day), "{text}");
            assert_eq!(found.end, Text::new(text).chars.len(), "{text}");
        }
    }
}
