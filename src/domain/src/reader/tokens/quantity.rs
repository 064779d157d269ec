//! Amounts: a number or a range of numbers with its unit and its divisors.

use crate::reader::letters::numerals::{HALF, ONE, digit};
use crate::reader::letters::rules::{Cue, RuleLine, cues, spelled};
use crate::reader::letters::sets::CharSet;
use crate::reader::letters::text::Text;
use crate::reader::tokens::exact::Exact;
use crate::reader::tokens::number::{Number, is_more, number, percent};
use crate::reader::tokens::units::{Dim, Per, dim_of, per, unit};
use crate::reader::words::lists::{WordList, WordTable};

cues! {
    QuantityCues in "quantities.txt" {
        currency: Currencies,
        scale: WordTable<1>,
        to: WordList,
        to_closely: WordList,
        to_apart: WordList,
        metre: CharSet,
        no_decimetre: CharSet,
        yuan: CharSet,
        yuan_counted: CharSet,
        tenth: CharSet,
        money: CharSet,
        no_more: CharSet,
        no_half: CharSet,
        bound: WordList,
        machine: CharSet,
        month: CharSet,
        part_of_month: CharSet,
        around: WordList,
        around_end: WordList,
    }
}

/// An amount in the base unit of its dimension, without regard to the words around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quantity {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) low: Exact,
    pub(crate) high: Exact,
    pub(crate) dim: Dim,
    pub(crate) per: Per,
    /// An order of magnitude (几十), or a range that falls.
    pub(crate) vague: bool,
    /// An approximation: 十来, 千把.
    pub(crate) about: bool,
    /// A lower bound: 30多, 300余.
    pub(crate) more: bool,
    /// Written with 万, 亿 or million: without a unit it is money.
    pub(crate) large: bool,
    /// The size of the unit in base units.
    pub(crate) size: Exact,
    /// Where the unit starts that a blank separates from the number: `30 亩`.
    pub(crate) unit_apart: Option<usize>,
}

impl Quantity {
    /// Builds an exact amount.
    pub(crate) const fn one(start: usize, end: usize, dim: Dim, value: Exact, per: Per) -> Self {
        Self {
            start,
            end,
            low: value,
            high: value,
            dim,
            per,
            vague: false,
            about: false,
            more: false,
            large: false,
            size: Exact::int(1),
            unit_apart: None,
        }
    }

    /// Returns the number alone, where what a blank separates from it is the start of a longer word: `5 人员工资`.
    pub(crate) fn without_unit(text: &Text, at: usize) -> Option<Self> {
        let found = number(text, at)?;
        Some(bare(at, found))
    }

    /// Returns whether the value is exactly 1.
    pub(crate) fn is_one(&self) -> bool {
        self.low == Exact::int(1) && self.high == self.low
    }
}

/// Currencies that may be written before an amount, in the order of the rules.
struct Currencies(Vec<(Vec<char>, Dim)>);

impl Cue for Currencies {
    fn parse(rules: &[RuleLine]) -> Result<Self, String> {
        let mut all = Vec::new();
        for rule in rules {
            let dim = rule.head().split(' ').nth(1).and_then(dim_of).ok_or_else(|| rule.error("unknown dimension"))?;
            all.extend(rule.words()?.map(|word| (spelled(word), dim)));
        }
        Ok(Self(all))
    }
}

/// Amounts from this multiplier on are large: without a unit they are money.
const LARGE: i128 = 10_000;

/// Reads the amount that starts at a position.
pub(crate) fn quantity(text: &Text, at: usize) -> Option<Quantity> {
    let first = number(text, at)?;
    if let Some(each) = each(text, at, first.end) {
        return Some(each);
    }
    if let Some(code) = code(text, at, first.end) {
        return Some(code);
    }
    let one = measured(text, at, first)?;
    let mut it = match range(text, at, first, one) {
        Some(range) => range,
        None => one,
    };
    if it.dim == Dim::Bare && percent(text, at).is_some() {
        it.dim = Dim::Percent;
    }
    if it.dim != Dim::Percent {
        (it.per, it.end) = per(text, it.end, it.dim == Dim::Money || it.large);
        // 1.1元内/平/天: the bound is between the amount and its divisors.
        if it.per == Per::NONE
            && matches!(it.dim, Dim::Money | Dim::Bare)
            && let Some(length) = CUES.bound.at(text, it.end)
            && let (found, end) = per(text, it.end + length, false)
            && found != Per::NONE
        {
            (it.per, it.end) = (found, end);
        }
        // 1.1/平/天: nothing but a rent is divided by an area and a time.
        if it.dim == Dim::Bare && it.per.m2 && (it.per.day || it.per.month) {
            it.dim = Dim::Money;
        }
    }
    if matches!(it.dim, Dim::Land | Dim::Floor) {
        spread(text, &mut it);
    }
    Some(with_currency(text, it))
}

const fn bare(start: usize, number: Number) -> Quantity {
    Quantity {
        start,
        end: number.end,
        low: number.low,
        high: number.high,
        dim: Dim::Bare,
        per: Per::NONE,
        vague: number.vague,
        about: number.about,
        more: number.more,
        large: number.scale >= LARGE,
        size: Exact::int(1),
        unit_apart: None,
    }
}

/// Reads the unit behind a number, without divisors.
fn measured(text: &Text, start: usize, number: Number) -> Option<Quantity> {
    let mut it = bare(start, number);
    // 2000+平 is a lower bound.
    let plus = text.at(number.end) == '+' && unit(text, number.end + 1).is_some_and(|(dim, ..)| !dim.is_other());
    let number = Number { end: number.end + usize::from(plus), ..number };
    it.more |= plus;
    // A 10-ton crane, a 3-year lease.
    let hyphen = text.at(number.end) == '-' && text.at(number.end + 1).is_ascii_alphabetic();
    let blank = usize::from(text.at(number.end) == ' ' || hyphen);
    let Some((mut dim, mut factor, mut end)) = unit_of(text, number.end + blank) else { return Some(it) };
    // 预算25 月底看房: the blank is before a date.
    if blank > 0 && CUES.month.has(text.before(end)) && CUES.part_of_month.has(text.at(end)) {
        return Some(it);
    }
    // `20m RMB`, `$5m` and `RMB 600 m` are millions; `30m` alone is a length, and so is `9 m RMB 20`.
    let next = end + usize::from(text.at(end) == ' ');
    if dim == Dim::Length && text.before(end) == 'm' && end == number.end + blank + 1 && !hyphen {
        let after = unit(text, next).filter(|(dim, ..)| blank == 0 && matches!(dim, Dim::Money | Dim::Foreign));
        if let Some((currency, _, after)) = after {
            (dim, factor, end) = (currency, Exact::int(1_000_000), after);
        } else if currency_before(text, start).is_some() {
            (dim, factor) = (Dim::Money, Exact::int(1_000_000));
        }
        it.large |= dim != Dim::Length;
    }
    (it.low, it.high) = (it.low.times(factor)?, it.high.times(factor)?);
    (it.dim, it.end, it.size) = (dim, end, factor);
    it.unit_apart = (blank > 0 && !hyphen).then_some(number.end + blank);
    more_after_unit(text, &mut it, factor);
    Some(it)
}

/// Reads a unit, across a measure word before it: `5个平方`, `15个人`.
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

/// Adds the part of an amount that follows its unit: `5米5`, `一亩半`, `30亩多`.
fn more_after_unit(text: &Text, it: &mut Quantity, factor: Exact) {
    let (next, behind) = (text.at(it.end), text.at(it.end + 1));
    let unit = text.before(it.end);
    let figure = digit(next).or_else(|| next.to_digit(10).map(i128::from)).filter(|_| !behind.is_ascii_digit());
    let part = match figure {
        Some(figure) if it.dim == Dim::Length && CUES.metre.has(unit) && !CUES.no_decimetre.has(behind) => {
            Exact::new(figure, 10)
        }
        // 一元二角 is 1.2 yuan.
        Some(figure) if it.dim == Dim::Money && !it.large && CUES.tenth.has(behind) => {
            it.end += 1;
            Exact::new(figure, 10)
        }
        // 两毛五 is 0.25 yuan.
        Some(figure)
            if it.dim == Dim::Money && CUES.tenth.has(unit) && !(next == ONE && CUES.yuan_counted.has(behind)) =>
        {
            Exact::new(figure, 100)
        }
        // 一块二 is 1.2 yuan; 一块一平 is 1 yuan per m².
        Some(figure)
            if it.dim == Dim::Money && CUES.yuan.has(unit) && !(next == ONE && CUES.yuan_counted.has(behind)) =>
        {
            Exact::new(figure, 10)
        }
        _ if next == HALF && matches!(it.dim, Dim::Land | Dim::Length | Dim::Mass) && !CUES.no_half.has(behind) => {
            Exact::new(1, 2).and_then(|half| half.times(factor))
        }
        _ => {
            if is_more(next) && !it.dim.is_other() && !CUES.no_more.has(behind) {
                it.more = true;
                it.end += 1;
            }
            return;
        }
    };
    let add = |value: Exact| part.and_then(|part| value.plus(part)).unwrap_or(value);
    (it.low, it.high, it.end) = (add(it.low), add(it.high), it.end + 1);
    // 一块一毛钱一平
    it.end += usize::from(it.dim == Dim::Money && CUES.money.has(text.at(it.end)));
}

/// Reads a range: `30-50亩`, `3到5千平`, `30亩至50亩`, `8000 to 10000 sqm`.
fn range(text: &Text, start: usize, first: Number, one: Quantity) -> Option<Quantity> {
    if one.dim == Dim::Bare && text.at(one.end) == '±' {
        return around(text, one);
    }
    // between 20 and 30 mu.
    let between = start >= 8 && text.goes_on(start - 8, "between ") && text.goes_on(one.end, " and ");
    let (after, apart) = if between { (one.end + 5, false) } else { separator(text, one.end)? };
    let second = number(text, after)?;
    let two = measured(text, after, second)?;
    if apart && (two.dim == Dim::Bare || two.dim.is_other()) {
        return None;
    }
    if one.dim != Dim::Bare && two.dim != Dim::Bare && one.dim != two.dim || one.vague || two.vague {
        return None;
    }
    let mut low = one.low;
    if one.dim == Dim::Bare && two.dim != Dim::Bare {
        // The first number has the unit of the second.
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
        size: two.size,
        unit_apart: two.unit_apart,
        per: Per::NONE,
    })
}

/// Reads a number with a tolerance that has the unit of both: `50±5亩`.
fn around(text: &Text, one: Quantity) -> Option<Quantity> {
    let by = number(text, one.end + 1)?;
    let by = measured(text, one.end + 1, by)?;
    let middle = one.low.times(by.size)?;
    let low = middle.plus(by.low.times(Exact::int(-1))?)?;
    let single = one.low == one.high && by.low == by.high && by.dim != Dim::Bare && low > Exact::int(0);
    single.then_some(Quantity { start: one.start, low, high: middle.plus(by.low)?, about: false, more: false, ..by })
}

/// Widens an area by the tolerance behind it: `6000㎡（±500）`, `5 ha ± 10%`.
fn spread(text: &Text, it: &mut Quantity) {
    let past = |at: usize| at + usize::from(text.at(at) == ' ');
    let open = past(it.end);
    let bracket = usize::from(text.at(open) == '(');
    let sign = open + bracket;
    let Some(length) = CUES.around.longest_at(text, sign) else { return };
    let at = past(sign + length);
    let Some(found) = number(text, at).filter(|_| it.low == it.high) else { return };
    let behind = unit(text, past(found.end));
    let by = match behind {
        Some((Dim::Percent, factor, _)) => {
            found.low.times(factor).and_then(|by| by.times(Exact::new(1, 100)?)).and_then(|by| by.times(it.low))
        }
        Some((dim, factor, _)) if dim == it.dim => found.low.times(factor),
        Some(_) => None,
        None => Some(found.low),
    };
    let end = behind.map_or(found.end, |(.., end)| end);
    let end = end + CUES.around_end.longest_at(text, end).unwrap_or(0);
    let closes = bracket == 0 || text.at(end) == ')';
    let low = by.and_then(|by| it.low.plus(by.times(Exact::int(-1))?)).filter(|low| *low > Exact::int(0));
    if let Some((low, high)) = low.zip(by.and_then(|by| it.high.plus(by))).filter(|_| closes) {
        (it.low, it.high, it.end) = (low, high, end + bracket);
    }
}

/// Returns the position behind the sign or word of a range, and whether only a number with its unit may follow.
fn separator(text: &Text, at: usize) -> Option<(usize, bool)> {
    if let Some(length) = CUES.to_apart.at(text, at) {
        return Some((at + length, true));
    }
    if let Some(length) = CUES.to_closely.at(text, at) {
        return Some((at + length, false));
    }
    let after = at + CUES.to.at(text, at)?;
    Some((after + usize::from(text.at(after) == ' '), false))
}

/// Reads a number of things with the mass of each, `2 x 5 t`, `2×10吨`, or the sum of their powers, `2×1250kVA`.
fn each(text: &Text, start: usize, end: usize) -> Option<Quantity> {
    let past = |at: usize| at + usize::from(text.at(at) == ' ');
    let sign = past(end + usize::from(CUES.machine.has(text.at(end))));
    let at = past(sign + 1);
    let times = matches!(text.at(sign), '*' | '×' | 'x') && text.at(at).is_ascii_digit();
    (times && text.at(start).is_ascii_digit()).then_some(())?;
    let found = measured(text, at, number(text, at)?)?;
    match found.dim {
        Dim::Mass => Some(Quantity { start, ..found }),
        Dim::Power => {
            let count = number(text, start)?.low;
            Some(Quantity { start, low: found.low.times(count)?, high: found.high.times(count)?, ..found })
        }
        _ => None,
    }
}

/// Reads numbers of plots, days and sizes, which are no amounts: `21-03-44`, `30*50米`, `3x5`.
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
    let size = matches!(text.at(end), '*' | '×' | 'x') && digits(end + 1) > 0;
    if !(chain || size || glued && text.at(start).is_ascii_digit()) {
        return None;
    }
    let end = tail(end).max(end);
    Some(Quantity::one(start, end, Dim::Other, Exact::int(0), Per::NONE))
}

/// Returns the currency before an amount and its start.
fn currency_before(text: &Text, start: usize) -> Option<(Dim, usize)> {
    let end = start - usize::from(start > 0 && text.before(start) == ' ');
    let before = &text.chars[..end];
    let found = CUES.currency.0.iter().find(|(word, _)| before.ends_with(word));
    found.map(|(word, dim)| (*dim, end - word.len()))
}

/// Reads a currency with its multiplier as a column of figures has it: `RMB m`, `million CNY`, `USD mn`.
pub(crate) fn currency_unit(text: &Text, at: usize) -> Option<(Dim, Exact, usize)> {
    let past = |at: usize| at + usize::from(text.at(at) == ' ');
    let currency = |at: usize| {
        let rest = text.chars.get(at..)?;
        let found = CUES.currency.0.iter().find(|(word, _)| rest.starts_with(word));
        found.map(|(word, dim)| (*dim, at + word.len()))
    };
    let scale = |at: usize| {
        let (length, [value]) = CUES.scale.at(text, at)?;
        (!text.at(at + length).is_ascii_alphanumeric()).then_some((Exact::int(value.into()), at + length))
    };
    if let Some((dim, end)) = currency(at) {
        let (value, end) = scale(past(end))?;
        return Some((dim, value, end));
    }
    let (value, end) = scale(at)?;
    let (dim, end) = currency(past(end))?;
    Some((dim, value, end))
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
